//! Tests of rule files: examples in their comments, and snapshots of what they give for rows.

mod cells;
pub mod changes;
pub mod discover;
pub mod examples;
mod moment;
mod results;
pub mod snapshot;
mod summary;

pub use cells::{RowLine, write_cell};
pub use moment::{Moment, reads_clock};
pub use results::{MOST_LINES, Results};

use super::coverage::{Coverage, Marks};
use super::mutate::{self, Mutation};
use crate::batch::{BatchError, Input};
use crate::diagnostics::{Diagnostics, Source};
use crate::rows::Format;
use crate::rules::Rules;
use crate::value::Clock;
use changes::{Difference, column_list, difference};
use examples::{Example, ExampleFailure};
use snapshot::{Snapshot, forget_pending, path_for, pending_path};
use std::collections::BTreeSet;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// How tests run.
#[allow(clippy::struct_excessive_bools, reason = "each is asked for on its own")]
pub struct Settings<'s> {
    /// The rows of every rule file; where there are none, each has its own.
    pub rows: Vec<(PathBuf, Format)>,
    /// What stands in for the moment that snapshots keep.
    pub moment: Moment,
    /// Whether changed snapshots are taken over.
    pub accept: bool,
    /// Whether a missing snapshot is a failure, rather than written.
    pub ci: bool,
    /// How many threads work.
    pub threads: usize,
    /// Whether it is looked at what no row decided.
    pub coverage: bool,
    /// Whether mistakes are put in.
    pub mutate: bool,
    /// Draws the reports of a rule file for its snapshot.
    pub report: &'s dyn Fn(&Diagnostics) -> String,
}

/// What became of one rule file.
#[derive(Debug)]
pub struct FileOutcome {
    /// The rule file.
    pub path: PathBuf,
    /// Its text, for reports; empty where it can't be read.
    pub source: Source,
    /// Its tests, in order.
    pub checks: Vec<Check>,
    /// How many warnings it has.
    pub warnings: usize,
    /// What its rows decided, where it was asked for and the file compiles.
    pub coverage: Option<Coverage>,
    /// What became of its mutants, likewise.
    pub mutation: Option<Mutation>,
}

impl FileOutcome {
    /// Whether a test of it failed.
    #[must_use]
    pub fn has_failed(&self) -> bool {
        self.checks.iter().any(|check| matches!(check.verdict, Verdict::Failed(_)))
    }
}

/// One test.
#[derive(Debug)]
pub struct Check {
    /// What was tested.
    pub subject: Subject,
    /// What came of it.
    pub verdict: Verdict,
}

/// What a test is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Subject {
    /// That the file can be read and compiled.
    File,
    /// The reports of the file, against their snapshot.
    Reports,
    /// An example in a comment.
    Example {
        /// The column.
        column: String,
        /// The line, from 1.
        line: usize,
    },
    /// The results for a file of rows, against their snapshot.
    Rows {
        /// The file.
        file: PathBuf,
        /// How many rows it has; 0 where it can't be read.
        rows: u64,
    },
    /// A snapshot that belongs to nothing.
    Orphan(PathBuf),
}

/// How a test ended.
#[derive(Debug)]
pub enum Verdict {
    /// As it should.
    Passed,
    /// A snapshot was written for the first time.
    Written(PathBuf),
    /// A changed snapshot was taken over, or one that belongs to nothing removed.
    Accepted(PathBuf),
    /// Something is not as it should be, but the tests pass.
    Warned(String),
    /// It failed.
    Failed(Problem),
}

/// Why a test failed.
#[derive(Debug)]
pub enum Problem {
    /// The rule file does not compile, or its examples can't be read.
    Refused(Diagnostics),
    /// An example did not come true.
    Example(ExampleFailure),
    /// A snapshot says something else.
    Changed(Box<Change>),
    /// There is no snapshot yet, and none is written.
    Missing(Box<Change>),
    /// Something can't be read or written, or tests can't be run.
    Broken(String),
}

/// A snapshot as it should be, beside the one that is there.
#[derive(Clone, Debug)]
pub struct Change {
    /// The snapshot's file.
    pub path: PathBuf,
    /// What it should hold; nothing where it should not be there.
    pub new: Option<Snapshot>,
    /// What differs; nothing where there is no readable snapshot.
    pub difference: Option<Difference>,
}

impl Change {
    /// Takes it over.
    pub fn accept(&self) -> Result<(), String> {
        let shown = self.path.display();
        let done = match &self.new {
            Some(new) => fs::write(&self.path, new.to_text()),
            None => fs::remove_file(&self.path),
        };
        done.map_err(|error| format!("can't write {shown}: {error}"))?;
        forget_pending(&self.path);
        Ok(())
    }

    /// Lays it beside the snapshot, for whoever looks at it later.
    fn keep_pending(&self) {
        // Where that can't be written, the failure is told all the same.
        let _ = self.new.as_ref().map(|new| fs::write(pending_path(&self.path), new.to_text()));
    }
}

/// Tests one rule file.
#[must_use]
pub fn test_file(path: &Path, settings: &Settings<'_>) -> FileOutcome {
    let name = path.display().to_string();
    let mut outcome = FileOutcome {
        path: path.to_owned(),
        source: Source::new(&name, ""),
        checks: Vec::new(),
        warnings: 0,
        coverage: None,
        mutation: None,
    };
    let text = match read_text(path) {
        Ok(text) => text,
        Err(problem) => {
            outcome.fail(Subject::File, Problem::Broken(problem));
            return outcome;
        }
    };
    outcome.source = Source::new(&name, &text);
    match Rules::compile(&name, &text) {
        Err(found) => outcome.reports(&found, settings),
        Ok(rules) => {
            outcome.warnings = rules.warnings().iter().count();
            let (examples, mistakes) = examples::read(&rules);
            let all = rules.warnings().iter().cloned().chain(mistakes).collect();
            let found = Diagnostics::new(outcome.source.clone(), all);
            outcome.reports(&found, settings);
            // With examples that say nothing, the file is not tested further, as if it did not compile.
            if !found.has_errors() {
                Testing { rules: &rules, settings, outcome: &mut outcome }.run(&examples);
            }
        }
    }
    outcome
}

fn read_text(path: &Path) -> Result<String, String> {
    let bytes = fs::read(path).map_err(|error| format!("can't read it: {error}"))?;
    String::from_utf8(bytes).map_err(|_| "it is not UTF-8 text; save it as UTF-8".to_owned())
}

impl FileOutcome {
    fn add(&mut self, subject: Subject, verdict: Verdict) {
        self.checks.push(Check { subject, verdict });
    }

    fn fail(&mut self, subject: Subject, problem: Problem) {
        self.add(subject, Verdict::Failed(problem));
    }

    /// Compares reports with their snapshot. Errors without one fail; warnings need none.
    fn reports(&mut self, found: &Diagnostics, settings: &Settings<'_>) {
        let path = path_for(&self.path, None);
        let file = self.path.file_name().unwrap_or_default().to_string_lossy();
        // Places are told as seen from the folder, so that the snapshot holds wherever the tests are started.
        let named = Diagnostics::new(Source::new(&file, self.source.text()), found.iter().cloned().collect());
        let body = if found.is_empty() { String::new() } else { (settings.report)(&named) };
        let new =
            Snapshot { source: file.into_owned(), body: body.trim_end().to_owned(), ..Snapshot::default() };
        match Snapshot::read(&path) {
            Ok(None) if !found.has_errors() => {}
            Ok(None) if !settings.accept => self.fail(Subject::File, Problem::Refused(found.clone())),
            Ok(Some(old)) if old.body == new.body => {
                forget_pending(&path);
                self.add(Subject::Reports, Verdict::Passed);
            }
            old => {
                let new = Some(new).filter(|new| !new.body.is_empty());
                let body = new.as_ref().map(|new| new.body.clone()).unwrap_or_default();
                let old = old.ok().flatten();
                let difference = old.map(|old| Difference::Text { old: old.body, new: body });
                self.settle(Subject::Reports, Change { path, new, difference }, settings);
            }
        }
    }

    /// A snapshot that is not as it should be: taken over, written, or a failure.
    fn settle(&mut self, subject: Subject, change: Change, settings: &Settings<'_>) {
        let is_new = change.difference.is_none() && !change.path.exists();
        if settings.accept || (is_new && !settings.ci) {
            let path = change.path.clone();
            return match change.accept() {
                Ok(()) if is_new => self.add(subject, Verdict::Written(path)),
                Ok(()) => self.add(subject, Verdict::Accepted(path)),
                Err(problem) => self.fail(subject, Problem::Broken(problem)),
            };
        }
        change.keep_pending();
        let problem = if is_new { Problem::Missing } else { Problem::Changed };
        self.fail(subject, problem(Box::new(change)));
    }
}

/// The tests of a file that compiles.
struct Testing<'t, 's> {
    rules: &'t Rules,
    settings: &'t Settings<'s>,
    outcome: &'t mut FileOutcome,
}

impl Testing<'_, '_> {
    fn run(&mut self, examples: &[Example]) {
        let path = self.outcome.path.clone();
        let rows =
            if self.settings.rows.is_empty() { self.own_rows(&path) } else { self.settings.rows.clone() };
        let mut taken = BTreeSet::new();
        let mut marks = Marks::default();
        marks.make_room(self.rules.tree());
        let moment = self.moment(&path, &rows);
        let clock = match moment.clock() {
            Ok(clock) => clock,
            Err(error) => return self.outcome.fail(Subject::File, Problem::Broken(error.to_string())),
        };
        self.examples(examples, &moment, &clock, &mut marks);
        for (file, format) in &rows {
            let snapshot = path_for(&path, Some(file));
            let subject = Subject::Rows { file: file.clone(), rows: 0 };
            if !taken.insert(snapshot.clone()) {
                let problem =
                    "two files of rows have this name; a snapshot is named after its rows".to_owned();
                self.outcome.fail(subject, Problem::Broken(problem));
                continue;
            }
            let input = open(file, *format);
            match results::results(self.rules, &clock, self.settings.threads, self.settings.coverage, input) {
                Ok(results) => {
                    marks.merge(&results.marks);
                    self.compare(file, snapshot, &results, &moment);
                }
                Err(error) => self.outcome.fail(subject, Problem::Broken(error.to_string())),
            }
        }
        if self.settings.coverage {
            self.outcome.coverage = Some(Coverage::new(self.rules.tree(), &marks));
        }
        if self.settings.mutate {
            self.mutate(&rows, examples, &clock);
        }
    }

    fn own_rows(&mut self, path: &Path) -> Vec<(PathBuf, Format)> {
        match discover::rows_of(path) {
            Ok(files) => files
                .into_iter()
                .filter_map(|file| discover::format_of(&file).map(|format| (file, format)))
                .collect(),
            Err(error) => {
                let problem = format!("can't look for rows beside it: {error}");
                self.outcome.fail(Subject::File, Problem::Broken(problem));
                Vec::new()
            }
        }
    }

    /// The moment of all tests of the file: what is asked for, else what a snapshot keeps, else, where the rules read
    /// the clock, now; that goes into the first snapshot.
    fn moment(&self, path: &Path, rows: &[(PathBuf, Format)]) -> Moment {
        let reads_clock = reads_clock(self.rules.tree());
        let kept = rows.iter().find_map(|(file, _)| {
            let snapshot = Snapshot::read(&path_for(path, Some(file))).ok().flatten()?;
            Some(Moment::parse(&snapshot.description?))
        });
        let mut moment = self.settings.moment.or(kept.unwrap_or_default());
        if !reads_clock {
            moment.now = None;
        } else if moment.now.is_none() && !rows.is_empty() {
            let now = Clock::system().now().to_string();
            // To the second; what is behind it would only be noise.
            moment.now = Some(now.split_once('.').map_or(now.clone(), |(seconds, _)| format!("{seconds}Z")));
        }
        moment
    }

    fn examples(&mut self, examples: &[Example], moment: &Moment, clock: &Clock, marks: &mut Marks) {
        let is_timeless = moment.now.is_some() || !reads_clock(self.rules.tree());
        for example in examples {
            let column = self.rules.tree().column(example.column).name.clone();
            let subject = Subject::Example { column, line: example.line };
            if !is_timeless {
                let problem =
                    "the rules read the clock, so examples need a moment: say `--now 2026-01-31T12:00:00Z`";
                self.outcome.fail(subject, Problem::Broken(problem.to_owned()));
                continue;
            }
            match examples::run(self.rules, example, clock, marks) {
                Ok(()) => self.outcome.add(subject, Verdict::Passed),
                Err(failure) => self.outcome.fail(subject, Problem::Example(failure)),
            }
        }
    }

    fn compare(&mut self, file: &Path, path: PathBuf, results: &Results, moment: &Moment) {
        let columns: Vec<String> = self.rules.column_names().map(ToOwned::to_owned).collect();
        let rule = &self.outcome.path;
        let new = Snapshot {
            source: rule.file_name().unwrap_or_default().to_string_lossy().into_owned(),
            description: moment.describe(),
            expression: Some(column_list(&columns)),
            input_file: Some(seen_from(rule, file)),
            body: results.body(&columns).trim_end().to_owned(),
        };
        let subject = Subject::Rows { file: file.to_owned(), rows: results.rows };
        let difference = match Snapshot::read(&path) {
            Ok(Some(old)) => match difference(&old, &new) {
                None => {
                    forget_pending(&path);
                    return self.outcome.add(subject, Verdict::Passed);
                }
                found => found,
            },
            Err(problem) if !self.settings.accept => {
                let problem =
                    format!("can't read the snapshot {}: {problem}; --accept writes it anew", path.display());
                return self.outcome.fail(subject, Problem::Broken(problem));
            }
            Ok(None) | Err(_) => None,
        };
        self.outcome.settle(subject, Change { path, new: Some(new), difference }, self.settings);
    }

    fn mutate(&mut self, rows: &[(PathBuf, Format)], examples: &[Example], clock: &Clock) {
        let inputs = rows.iter().map(|(file, format)| open(file, *format));
        // Rows that can't be read were told already.
        let Ok(rows) = mutate::collect(self.rules, clock, self.settings.threads, inputs) else { return };
        match mutate::mutate(self.rules, &rows, examples, clock, self.settings.threads) {
            Ok(mutation) => self.outcome.mutation = Some(mutation),
            Err(error) => {
                self.outcome.fail(Subject::File, Problem::Broken(format!("can't start a thread: {error}")));
            }
        }
    }
}

fn open(path: &Path, format: Format) -> Result<Input<'static>, BatchError> {
    let name = path.display().to_string();
    match File::open(path) {
        Ok(file) => Ok(Input { name, format, reader: Box::new(file) }),
        Err(error) => Err(BatchError::Read { file: name, error: Arc::new(error) }),
    }
}

/// What a file of rows is called in a snapshot: its name, where it lies beside the rule file, else its path as typed.
fn seen_from(rule: &Path, rows: &Path) -> String {
    let folder = |path: &Path| path.parent().unwrap_or(Path::new("")).to_owned();
    if folder(rule) == folder(rows) {
        return rows.file_name().unwrap_or_default().to_string_lossy().into_owned();
    }
    rows.to_string_lossy().replace('\\', "/")
}

/// Snapshots whose rule file or rows are gone: removed where changes are accepted, else told.
#[must_use]
pub fn orphans(found: &discover::RuleFiles, settings: &Settings<'_>) -> Vec<Check> {
    let mut folders: BTreeSet<PathBuf> = found.folders.iter().cloned().collect();
    let searched = folders.clone();
    folders.extend(found.files.iter().map(|file| file.parent().unwrap_or(Path::new("")).to_owned()));
    let mut checks = Vec::new();
    for folder in folders {
        for (path, rule) in discover::snapshots_in(&folder).unwrap_or_default() {
            let rule = path.with_file_name(rule);
            let is_asked_for = searched.contains(&folder) || found.files.contains(&rule);
            let Some(why) = why_orphan(&path, &rule, settings).filter(|_| is_asked_for) else { continue };
            let verdict = if settings.accept {
                match fs::remove_file(&path) {
                    Ok(()) => {
                        forget_pending(&path);
                        Verdict::Accepted(path.clone())
                    }
                    Err(error) => Verdict::Failed(Problem::Broken(format!("can't remove it: {error}"))),
                }
            } else if settings.ci {
                Verdict::Failed(Problem::Broken(why))
            } else {
                Verdict::Warned(why)
            };
            checks.push(Check { subject: Subject::Orphan(path), verdict });
        }
    }
    checks
}

fn why_orphan(path: &Path, rule: &Path, settings: &Settings<'_>) -> Option<String> {
    if !rule.exists() {
        return Some(format!("its rule file {} is gone", rule.display()));
    }
    if *path == path_for(rule, None) || !settings.rows.is_empty() {
        return None;
    }
    let rows = discover::rows_of(rule).ok()?;
    if rows.iter().any(|file| path_for(rule, Some(file)) == *path) {
        return None;
    }
    // Rows of another folder were named with --rows, and may be again.
    let input = Snapshot::read(path).ok().flatten()?.input_file?;
    let elsewhere = input.contains('/') && Path::new(&input).exists();
    (!elsewhere).then(|| format!("its rows {input} are gone, or are no longer those of {}", rule.display()))
}
