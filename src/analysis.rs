//! What can be known of a checked rule before any row is read, and the lints that follow from it.

pub mod allow;
mod arguments;
mod literals;
mod view;
mod words;

use crate::check::Checked;
use crate::diagnostics::Diagnostic;
use crate::syntax::ast::RuleFile;
use view::View;

/// Adds what the analysis of a rule without errors finds.
pub fn analyze(file: &RuleFile, checked: &Checked, findings: &mut Vec<Diagnostic>) {
    let view = View::new(file, checked);
    view.walk(&mut |expr, scope| arguments::lint(&view, expr, scope, findings));
    literals::lint(&view, findings);
}
