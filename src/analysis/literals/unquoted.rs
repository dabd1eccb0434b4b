//! Ranges and dates without quotes, which are arithmetic: `51-200`, `1/15/2026`.

use crate::analysis::view::{View, call, number, with_role};
use crate::builtins::Role;
use crate::check::spelled_date::SpelledDate;
use crate::diagnostics::{ArgumentLint, Diagnostic};
use crate::syntax::ast::{CompareOp, Expr, ExprKind};
use crate::syntax::print_number;

/// Adds a finding for each operand of a comparison that is such arithmetic.
pub(super) fn lint(view: &View<'_>, expr: &Expr, findings: &mut Vec<Diagnostic>) {
    match &expr.kind {
        ExprKind::Compare { op, lhs, rhs } => {
            findings.extend(finding(view, rhs, Some((lhs, op.value))));
            findings.extend(finding(view, lhs, None));
        }
        ExprKind::In { list, .. } => {
            if let ExprKind::List(items) = &list.kind {
                findings.extend(items.iter().filter_map(|item| finding(view, item, None)));
            }
        }
        ExprKind::Call { .. } => {
            let Some((builtin, args)) = call(expr) else { return };
            for role in [Role::Candidate, Role::Low, Role::High] {
                findings
                    .extend(with_role(builtin, args, role).filter_map(|(_, arg)| finding(view, arg, None)));
            }
        }
        _ => {}
    }
}

fn finding(view: &View<'_>, expr: &Expr, compared: Option<(&Expr, CompareOp)>) -> Option<Diagnostic> {
    let written = expr.span.of(view.text);
    let result = match number(expr)? {
        small if small.abs() < 0.001 => "less than 0.001".to_owned(),
        other => print_number((other * 1e3).round() / 1e3),
    };
    let (operation, help) = match &expr.kind {
        ExprKind::Sum(_) => ("subtraction", range_help(view, written, compared)?),
        ExprKind::Product(_) => ("division", date_help(written)?),
        _ => return None,
    };
    Some(
        ArgumentLint::UnquotedRange { written: written.to_owned(), operation, at: expr.span, result, help }
            .into(),
    )
}

/// `51-200`: two whole numbers, the smaller first, without spaces.
fn range_help(view: &View<'_>, written: &str, compared: Option<(&Expr, CompareOp)>) -> Option<String> {
    let (low, high) = written.split_once('-')?;
    let whole = |text: &str| {
        text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse::<u64>().ok()).flatten()
    };
    let is_range = whole(low)? < whole(high)?;
    let quoted = format!("write the range as text: `\"{written}\"`");
    let help = match compared {
        Some((subject, op)) if op.is_ordering() => {
            format!("write `RANGEMIN({}) {} {low}`", view.written(subject), op.symbol())
        }
        _ => quoted,
    };
    is_range.then_some(help)
}

/// `1/15/2026`
fn date_help(written: &str) -> Option<String> {
    let is_date = written.bytes().all(|byte| byte.is_ascii_digit() || byte == b'/');
    let found = SpelledDate::read(written).filter(|_| is_date)?;
    matches!(found, SpelledDate::Day { .. }).then(|| found.help())
}
