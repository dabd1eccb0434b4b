//! What can be known of a checked rule before any row is read, and the lints that follow from it.

pub mod allow;
mod arguments;
pub mod blank;
mod conditions;
pub mod facts;
mod literals;
pub mod paths;
pub mod possible;
pub mod terms;
mod transfer;
pub mod values;
mod view;
mod words;

use crate::check::Checked;
use crate::diagnostics::Diagnostic;
use crate::syntax::ast::RuleFile;
use values::{Rows, Values};
use view::View;

/// Adds what the analysis of a rule without errors finds.
pub fn analyze(file: &RuleFile, checked: &Checked, findings: &mut Vec<Diagnostic>) {
    let view = View::new(file, checked);
    view.walk(&mut |expr, scope| arguments::lint(&view, expr, scope, findings));
    literals::lint(&view, findings);
    let expected = Values::new(checked, Rows::Expected);
    let any = Values::new(checked, Rows::Any);
    conditions::lint(&expected, &any, findings);
    blank::lint(&Values::new(checked, Rows::Usual), findings);
}
