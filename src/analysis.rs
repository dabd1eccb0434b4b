//! What can be known of a checked rule before any row is read, and the lints that follow from it.

mod advised;
pub mod allow;
mod arguments;
pub mod blank;
mod claims;
mod conditions;
mod data;
mod decisions;
mod errors;
pub mod facts;
mod literals;
pub mod paths;
pub mod possible;
mod private;
pub mod terms;
mod transfer;
pub mod values;
mod view;
mod words;

pub use advised::{advised, of_texts};

use crate::check::Checked;
use crate::diagnostics::{ArgumentLint, Diagnostic, Lint, ValueLint};
use crate::syntax::ast::RuleFile;
use std::ops::Range;
use values::{Rows, Values};
use view::View;

pub(crate) use conditions::wording::{one_line as quoted, whole_line as quoted_whole};

/// Whether habits of other languages are searched for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Habits {
    Searched,
    Ignored,
}

/// Adds what the analysis of a rule without errors finds.
pub fn analyze(file: &RuleFile, checked: &Checked, findings: &mut Vec<Diagnostic>) {
    analyze_with(file, checked, Habits::Searched, findings);
}

fn analyze_with(file: &RuleFile, checked: &Checked, habits: Habits, findings: &mut Vec<Diagnostic>) {
    let view = View::new(file, checked);
    view.walk(&mut |expr, scope| arguments::lint(&view, expr, scope, findings));
    literals::lint(&view, habits, findings);
    claims::lint(file, checked, findings);
    private::lint(&view, findings);
    let expected = Values::new(checked, Rows::Expected);
    let any = Values::new(checked, Rows::Any);
    let mut of_values = Vec::new();
    decisions::lint(file, &expected, &any, findings);
    conditions::lint(&expected, &any, &mut of_values);
    errors::lint(&expected, &mut of_values);
    blank::lint(&Values::new(checked, Rows::Usual), &mut of_values);
    of_values.retain(|finding| !is_about_table(checked, finding));
    drop_consequences(&mut of_values, findings);
    findings.extend(of_values);
}

/// Whether a finding is about the formula of a decision table, whose rows are compared with each other as such.
fn is_about_table(checked: &Checked, finding: &Diagnostic) -> bool {
    let Diagnostic::Value(lint) = finding else { return false };
    let is_about_cell = matches!(
        lint,
        ValueLint::NeverEqual { .. } | ValueLint::OutsideClosedSet { .. } | ValueLint::UnlistedValue { .. }
    );
    !is_about_cell && checked.source.is_written(finding.offset())
}

/// The part of the rule whose values differ once a finding is corrected.
fn cause(finding: &Diagnostic) -> Option<Range<usize>> {
    match finding {
        Diagnostic::Argument(ArgumentLint::SwappedArguments { whole, .. }) => {
            Some(whole.start as usize..whole.end as usize)
        }
        Diagnostic::Argument(_)
        | Diagnostic::Lint(Lint::BracketedName { .. } | Lint::UnquotedDate { .. }) => finding.range(),
        _ => None,
    }
}

/// Drops what only follows from a literal or argument that is reported already: once that is corrected, the values are
/// others.
fn drop_consequences(of_values: &mut Vec<Diagnostic>, reported: &[Diagnostic]) {
    let causes: Vec<Range<usize>> = reported.iter().filter_map(cause).collect();
    let overlaps = |one: &Range<usize>, two: &Range<usize>| one.start < two.end && two.start < one.end;
    of_values.retain(|finding| {
        let range = finding.range();
        !range.is_some_and(|range| causes.iter().any(|cause| overlaps(cause, &range)))
    });
}
