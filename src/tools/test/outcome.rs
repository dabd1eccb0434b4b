//! What became of the tests of a rule file, and of each snapshot that is not as it should be.

use super::Settings;
use super::changes::Difference;
use super::examples::ExampleFailure;
use super::range::RangeFailure;
use super::snapshot::{Snapshot, forget_pending, is_of, path_for, pending_path};
use crate::diagnostics::{Count, Diagnostics, Source};
use crate::tools::coverage::Coverage;
use crate::tools::mutate::Mutation;
use crate::tools::prove::{Decision, Status};
use std::fs;
use std::path::PathBuf;

/// What became of one rule file.
#[derive(Debug)]
pub struct FileOutcome {
    /// The rule file.
    pub path: PathBuf,
    /// Its text, for reports; empty where it can't be read.
    pub source: Source,
    /// Its tests, in order.
    pub checks: Vec<Check>,
    /// Columns that the header of a CSV names more than once, by file.
    pub repeated: Vec<(PathBuf, Vec<String>)>,
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

impl FileOutcome {
    /// Turns warnings into failures.
    pub(super) fn take_no_warnings(&mut self) {
        self.checks.iter_mut().for_each(Check::take_no_warning);
        if self.warnings > 0 {
            let count = Count(self.warnings, "warning");
            let problem = format!("{count}, and --strict takes none; `clayf check` shows what it found");
            self.fail(Subject::File, Problem::Broken(problem));
        }
    }
}

impl Check {
    /// Turns a warning into a failure.
    pub fn take_no_warning(&mut self) {
        if let Verdict::Warned(why) = &self.verdict {
            self.verdict = Verdict::Failed(Problem::Broken(why.clone()));
        }
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
    /// That a column's results for a file of rows are within its range; only where one is not.
    Range {
        /// The column.
        column: String,
        /// The file.
        file: PathBuf,
    },
    /// A property in a comment.
    Property {
        /// The column.
        column: String,
        /// How it is written.
        text: String,
        /// The line, from 1.
        line: usize,
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
    Example(Box<ExampleFailure>),
    /// Results are outside the range of their column.
    OutsideRange(RangeFailure),
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

impl FileOutcome {
    pub(super) fn add(&mut self, subject: Subject, verdict: Verdict) {
        self.checks.push(Check { subject, verdict });
    }

    pub(super) fn fail(&mut self, subject: Subject, problem: Problem) {
        self.add(subject, Verdict::Failed(problem));
    }

    /// Compares reports with their snapshot. Errors without one fail; warnings need none.
    pub(super) fn reports(&mut self, found: &Diagnostics, settings: &Settings<'_>) {
        let path = path_for(&self.path, None);
        let file = self.path.file_name().unwrap_or_default().to_string_lossy();
        // Places are told as seen from the folder, so that the snapshot holds wherever the tests are started.
        let source = found.source().clone().in_own_folder();
        let named = Diagnostics::new(source, found.iter().cloned().collect());
        let body = if found.is_empty() { String::new() } else { (settings.report)(&named) };
        let new =
            Snapshot { source: file.into_owned(), body: body.trim_end().to_owned(), ..Snapshot::default() };
        match Snapshot::read(&path) {
            Ok(None) if !found.has_errors() => {}
            // What another tool wrote under such a name is nothing to compare with, and not removed.
            _ if found.is_empty() && !is_of(&path, &self.path) => {}
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

    /// Adds a test for each property. One that is not true is an error of the file, so these are proved or undecided.
    pub(super) fn properties(&mut self, decisions: &[Decision]) {
        for one in decisions {
            let (column, text) = (one.column.clone(), one.property.text.clone());
            let line = self.source.position(one.property.at.start as usize).line;
            let verdict = match one.status {
                Status::Proved | Status::Refuted { .. } => Verdict::Passed,
                Status::Undecided => Verdict::Warned(format!("not decided: `{text}` ({})", one.method)),
            };
            self.add(Subject::Property { column, text, line }, verdict);
        }
    }

    /// A snapshot that is not as it should be: taken over, written, or a failure.
    pub(super) fn settle(&mut self, subject: Subject, change: Change, settings: &Settings<'_>) {
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
