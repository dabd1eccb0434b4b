//! Everything that can be reported of a rule file that compiles, without rows.

use super::prove::{self, Decision};
use super::test::examples::{self, Example};
use crate::diagnostics::{Diagnostic, Diagnostics};
use crate::rules::Rules;
use crate::value::Clock;

/// What was found in a rule file.
#[derive(Debug)]
pub struct Inspection {
    /// Warnings, mistakes in examples and properties, properties that are not true, columns that leave their range.
    pub diagnostics: Diagnostics,
    /// The examples in comments.
    pub examples: Vec<Example>,
    /// The decisions about the properties in comments.
    pub decisions: Vec<Decision>,
}

/// Inspects a rule file: its warnings, examples and properties.
#[must_use]
pub fn inspect(rules: &Rules, clock: &Clock) -> Inspection {
    let (examples, mistakes) = examples::read(rules);
    let mut all: Vec<Diagnostic> = rules.warnings().iter().cloned().chain(mistakes).collect();
    let proved = prove::findings(rules, clock);
    all.extend(proved.diagnostics);
    all.extend(examples::without_clock(rules, &examples));
    let diagnostics = Diagnostics::new(rules.warnings().source().clone(), all);
    Inspection { diagnostics, examples, decisions: proved.decisions }
}
