//! Arguments in the wrong order, as kinds and roles of parameters reveal it.

use crate::check::Checked;
use crate::diagnostics::Diagnostic;

/// Adds a finding for each call whose arguments are in the wrong order.
pub(super) fn lint(checked: &Checked, findings: &mut Vec<Diagnostic>) {
    let _ = (checked, findings);
}
