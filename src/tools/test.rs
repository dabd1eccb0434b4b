//! Tests of rule files: examples in their comments, and snapshots of what they give for rows.

mod cells;
pub mod changes;
pub mod discover;
pub mod examples;
mod moment;
mod orphans;
mod outcome;
mod range;
mod results;
mod run;
pub mod snapshot;
mod summary;

pub use cells::{RowLine, write_cell};
pub use moment::{Moment, reads_clock};
pub use orphans::orphans;
pub use outcome::{Change, Check, FileOutcome, Problem, Subject, Verdict};
pub use range::{OutsideRow, RangeFailure};
pub use results::{MOST_LINES, Results};

use crate::diagnostics::{Diagnostic, Diagnostics, ExampleError, Source};
use crate::rows::{DataFiles, Format};
use crate::rules::Rules;
use crate::tools::inspect::inspect;
use crate::value::Clock;
use run::Testing;
use std::fs;
use std::path::{Path, PathBuf};

/// How tests run.
#[allow(clippy::struct_excessive_bools, reason = "each is asked for on its own")]
pub struct Settings<'s> {
    /// The rows of every rule file; where there are none, each has its own.
    pub rows: Vec<(PathBuf, Format)>,
    /// What stands in for the moment that snapshots keep.
    pub moment: Moment,
    /// Whether changed snapshots are taken over.
    pub accept: bool,
    /// Whether warnings are failures.
    pub strict: bool,
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

/// Tests one rule file.
#[must_use]
pub fn test_file(path: &Path, settings: &Settings<'_>) -> FileOutcome {
    let name = path.display().to_string();
    let mut outcome = FileOutcome {
        path: path.to_owned(),
        source: Source::new(&name, ""),
        checks: Vec::new(),
        repeated: Vec::new(),
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
    match Rules::compile_beside(&name, &text, DataFiles::beside(path)) {
        Err(found) => outcome.reports(&found, settings),
        Ok(rules) => {
            outcome.source = rules.tree().source.clone();
            let inspection = inspect(&rules, &Clock::system());
            // Whether the clock is fixed, the run of the examples finds out.
            let is_about_clock = |one: &Diagnostic| {
                matches!(one, Diagnostic::Example(ExampleError::ExampleWithoutClock { .. }))
            };
            let found = inspection.diagnostics.iter().filter(|one| !is_about_clock(one)).cloned();
            let found = &Diagnostics::new(inspection.diagnostics.source().clone(), found.collect());
            outcome.warnings = found.iter().filter(|one| one.is_warning()).count();
            outcome.reports(found, settings);
            // With examples that can't be read or a property that is not true, the file is not tested further.
            if !found.has_errors() {
                outcome.properties(&inspection.decisions);
                Testing { rules: &rules, settings, outcome: &mut outcome }.run(&inspection.examples);
            }
        }
    }
    if settings.strict {
        outcome.take_no_warnings();
    }
    outcome
}

fn read_text(path: &Path) -> Result<String, String> {
    let bytes = fs::read(path).map_err(|error| format!("can't read it: {error}"))?;
    String::from_utf8(bytes).map_err(|_| "it is not UTF-8 text; save it as UTF-8".to_owned())
}
