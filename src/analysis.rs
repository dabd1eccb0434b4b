//! What can be known of a checked rule before any row is read, and the lints that follow from it.

pub mod allow;
mod arguments;
mod literals;

use crate::check::Checked;
use crate::diagnostics::Diagnostic;
use crate::syntax::ast::RuleFile;

/// Adds what the analysis of a rule without errors finds.
pub fn analyze(file: &RuleFile, checked: &Checked, findings: &mut Vec<Diagnostic>) {
    literals::lint(file, checked, findings);
    arguments::lint(checked, findings);
}
