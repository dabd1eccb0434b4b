//! The tests of a rule file that compiles: its examples, then its rows.

use super::changes::{column_list, difference};
use super::examples::{self, Example};
use super::results::{self, Results};
use super::snapshot::{Snapshot, forget_pending, path_for};
use super::{Change, FileOutcome, Moment, Problem, Settings, Subject, Verdict, discover, reads_clock};
use crate::batch::{BatchError, Input, repeated_columns};
use crate::rows::Format;
use crate::rules::Rules;
use crate::tools::coverage::{Coverage, Marks};
use crate::tools::mutate;
use crate::value::Clock;
use std::collections::BTreeSet;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Why rules that read the clock are not tested without a moment.
const NO_MOMENT: &str = "the rules read the clock, so tests need a moment: add a line `# now: 2026-01-31T12:00:00Z` to the rule file, or `--now 2026-01-31T12:00:00Z` to the command";

/// The tests of a file that compiles.
pub(super) struct Testing<'t, 's> {
    pub rules: &'t Rules,
    pub settings: &'t Settings<'s>,
    pub outcome: &'t mut FileOutcome,
}

impl Testing<'_, '_> {
    pub(super) fn run(&mut self, examples: &[Example]) {
        let path = self.outcome.path.clone();
        let rows = match self.settings.rows.as_slice() {
            // A file of shared definitions computes nothing for rows.
            _ if self.rules.output_names().next().is_none() => Vec::new(),
            [] => self.own_rows(&path),
            rows => rows.to_vec(),
        };
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
            let moment = self.moment_of(&snapshot, &moment);
            if !moment.is_fixed_for(self.rules.tree()) {
                self.outcome.fail(subject, Problem::Broken(NO_MOMENT.to_owned()));
                continue;
            }
            let clock = match moment.clock() {
                Ok(clock) => clock,
                Err(error) => {
                    self.outcome.fail(subject, Problem::Broken(error.to_string()));
                    continue;
                }
            };
            let input = open(file, *format);
            match results::results(self.rules, &clock, self.settings.threads, self.settings.coverage, input) {
                Ok(results) => {
                    marks.merge(&results.marks);
                    let repeated = open(file, *format).and_then(repeated_columns).unwrap_or_default();
                    let doubts = if self.settings.strict {
                        doubts(self.rules, &results, &repeated)
                    } else {
                        Vec::new()
                    };
                    if !repeated.is_empty() {
                        self.outcome.repeated.push((file.clone(), repeated));
                    }
                    // A run that fails writes no first snapshot.
                    let is_compared = doubts.is_empty() || snapshot.exists();
                    if is_compared {
                        self.compare(file, snapshot, &results, &moment);
                    }
                    let rows = if is_compared { 0 } else { results.rows };
                    self.fail_for(&doubts, Subject::Rows { file: file.clone(), rows });
                    for failure in results.outside.failures(self.rules.tree()) {
                        let column = failure.column.clone();
                        let subject = Subject::Range { column, file: file.clone() };
                        self.outcome.fail(subject, Problem::OutsideRange(failure));
                    }
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
                .filter_map(|file| Format::of_path(&file).map(|format| (file, format)))
                .collect(),
            Err(error) => {
                let problem = format!("can't look for rows beside it: {error}");
                self.outcome.fail(Subject::File, Problem::Broken(problem));
                Vec::new()
            }
        }
    }

    /// The moment of the examples, and of rows without a snapshot: the one that is given, or else that of the first
    /// snapshot.
    fn moment(&self, path: &Path, rows: &[(PathBuf, Format)]) -> Moment {
        let kept = rows.iter().find_map(|(file, _)| kept_by(&path_for(path, Some(file))));
        let mut moment = self.asked_moment().or(kept.unwrap_or_default());
        if !reads_clock(self.rules.tree()) {
            moment.now = None;
        }
        moment
    }

    /// The moment that the command line gives, and else that of the rule file's `# now:`.
    fn asked_moment(&self) -> Moment {
        let of_file = Moment { now: self.rules.tree().now.clone(), tz: None };
        self.settings.moment.or(of_file)
    }

    /// The moment of rows: what is asked for, else what their own snapshot keeps, since snapshots may be of several days.
    fn moment_of(&self, snapshot: &Path, moment: &Moment) -> Moment {
        let Ok(Some(old)) = Snapshot::read(snapshot) else { return moment.clone() };
        let mut own = self.asked_moment().or(Moment::parse(&old.description.unwrap_or_default()));
        own.now = own.now.or_else(|| moment.now.clone()).filter(|_| reads_clock(self.rules.tree()));
        own
    }

    fn examples(&mut self, examples: &[Example], moment: &Moment, clock: &Clock, marks: &mut Marks) {
        let is_fixed = moment.is_fixed_for(self.rules.tree());
        for example in examples {
            let column = example.name(self.rules.tree()).to_owned();
            let subject = Subject::Example { column, line: example.line };
            if !is_fixed {
                self.outcome.fail(subject, Problem::Broken(NO_MOMENT.to_owned()));
                continue;
            }
            match examples::run(self.rules, example, clock, marks) {
                Ok(()) => self.outcome.add(subject, Verdict::Passed),
                Err(failure) => self.outcome.fail(subject, Problem::Example(failure)),
            }
        }
    }

    fn compare(&mut self, file: &Path, path: PathBuf, results: &Results, moment: &Moment) {
        let columns: Vec<String> = self.rules.output_names().map(ToOwned::to_owned).collect();
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
                // Whoever accepts results accepts the moment that they are of.
                None if self.settings.accept && old.description != new.description => None,
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

    fn fail_for(&mut self, doubts: &[String], subject: Subject) {
        const SHOWN: usize = 3;
        if doubts.is_empty() {
            return;
        }
        let more = doubts.len().saturating_sub(SHOWN);
        let more = if more > 0 { format!("; and {more} more") } else { String::new() };
        let shown = doubts[..doubts.len().min(SHOWN)].join("; ");
        self.outcome.fail(subject, Problem::Broken(format!("{shown}{more}; --strict takes no warnings")));
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

/// What is doubtful about rows, a line each.
fn doubts(rules: &Rules, results: &Results, repeated: &[String]) -> Vec<String> {
    let repeated = repeated.iter().map(|name| match name.as_str() {
        "" => "the header has an empty name more than once".to_owned(),
        name => format!("the header has `{name}` more than once"),
    });
    repeated.chain(results.doubts(rules)).collect()
}

/// The moment that a snapshot keeps.
fn kept_by(snapshot: &Path) -> Option<Moment> {
    let snapshot = Snapshot::read(snapshot).ok().flatten()?;
    Some(Moment::parse(&snapshot.description?))
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
