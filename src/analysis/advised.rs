//! Findings with the author's own formula rewritten, where the analysis finds nothing about what is rewritten.

use super::{Habits, analyze, analyze_with};
use crate::check::Checked;
use crate::diagnostics::{ArgumentLint, Diagnostic, Diagnostics, ValueLint};
use crate::syntax::ast::RuleFile;
use crate::translate::{self, Form};

/// The findings about a text, with the author's own formula rewritten where that is what it needs; `names` are the
/// columns of rows, if they are known.
#[must_use]
pub fn advised(found: Diagnostics, names: &[String], form: Form<'_>) -> Diagnostics {
    translate::advised(found, names, form, &|file, checked| {
        let mut findings = Vec::new();
        analyze(file, checked, &mut findings);
        findings.retain(|one| !is_own(one));
        findings
    })
}

/// Whether a finding is about what the author decided or wrote in quotes, which is the same in every language.
fn is_own(finding: &Diagnostic) -> bool {
    matches!(
        finding,
        Diagnostic::Value(ValueLint::BlankEarnsMost { .. })
            | Diagnostic::Argument(ArgumentLint::QuotedReference { .. })
    )
}

/// The findings about a suggestion for a formula that is valid; the search for habits is left out, because it is what
/// asks.
pub(super) fn of_suggestion(file: &RuleFile, checked: &Checked) -> Vec<Diagnostic> {
    let mut findings = Vec::new();
    analyze_with(file, checked, Habits::Ignored, &mut findings);
    findings.retain(|one| !is_own(one));
    findings
}

/// A formula in which `+` or `||` between texts joins them: with `&`, and with the first that is not empty.
#[must_use]
pub fn of_texts(text: &str) -> [Option<String>; 2] {
    translate::of_texts(text, &of_suggestion)
}
