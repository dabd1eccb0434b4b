//! Weights that do not add up to 100%, and ratios that are shown as percentages.

use crate::analysis::view::{Scope, View, builtin_of, call, number, read_name};
use crate::analysis::words::is_score;
use crate::diagnostics::{ArgumentLint, Diagnostic};
use crate::syntax::ast::{Expr, ExprKind, Factor, Sign};
use crate::syntax::print_number;
use crate::types::Type;

/// How far from 1 a sum of weights is a slip; further away it is no sum of weights.
const NEARLY: f64 = 0.3;

/// A term of a weighted sum.
struct Weight<'a> {
    term: &'a Expr,
    value: f64,
    /// What follows the weight in the text: nothing where the sum is divided by 100.
    sign: &'static str,
}

/// `Fit Score * 60% + Engagement Score * 50%`
pub(super) fn sum<'a>(view: &View<'a>, expr: &'a Expr, scope: &Scope<'a>) -> Option<Diagnostic> {
    let (parts, scale) = match &expr.kind {
        // `(Fit Score * 60 + Engagement Score * 40) / 100`
        ExprKind::Product(factors) => match factors.as_slice() {
            [(Factor::Times, sum), (Factor::Divide, whole)] if number(whole) == Some(100.0) => (sum, 100.0),
            _ => return None,
        },
        _ => (expr, 1.0),
    };
    let terms: Vec<&Expr> = match &parts.kind {
        ExprKind::Sum(terms) if terms.iter().all(|(sign, _)| *sign == Sign::Plus) => {
            terms.iter().map(|(_, term)| term).collect()
        }
        ExprKind::Call { args, .. } if builtin_of(parts).is_some_and(|builtin| builtin.name == "SUM") => {
            args.iter().collect()
        }
        _ => return None,
    };
    let weighted: Vec<Weight<'a>> =
        terms.iter().map(|term| weight(view, term, scope, scale)).collect::<Option<_>>()?;
    let sum: f64 = weighted.iter().map(|one| one.value).sum();
    let is_slip = (sum - 1.0).abs() > 1e-9 && (sum - 1.0).abs() <= NEARLY + 1e-9;
    if weighted.len() < 2 || !is_slip {
        return None;
    }
    let percent = |weight: f64| print_number((weight * 1e6).round() / 1e4);
    let weights: Vec<String> = weighted.iter().map(|one| format!("{}%", percent(one.value))).collect();
    // The last weight takes what the others leave.
    let (last, rest) = weighted.split_last()?;
    let left: f64 = 1.0 - rest.iter().map(|one| one.value).sum::<f64>();
    let instead = if left > 0.0 {
        let written = view.written(last.term);
        written.replacen(&weight_text(view, last.term)?, &format!("{}{}", percent(left), last.sign), 1)
    } else {
        format!("({}) / {}%", view.written(expr), percent(sum))
    };
    let weights = weights.join(" + ");
    Some(ArgumentLint::WeightsSum { sum: percent(sum), at: expr.span, weights, instead }.into())
}

/// A term that is one column times one weight, a percentage, or a decimal where the column is a score.
fn weight<'a>(view: &View<'a>, term: &'a Expr, scope: &Scope<'a>, scale: f64) -> Option<Weight<'a>> {
    let ExprKind::Product(factors) = &term.kind else { return None };
    let (one, two, scale) = match factors.as_slice() {
        [(_, one), (Factor::Times, two)] => (one, two, scale),
        // `Fit Score * 60 / 100`
        [(_, one), (Factor::Times, two), (Factor::Divide, whole)] if number(whole) == Some(100.0) => {
            (one, two, 100.0)
        }
        _ => return None,
    };
    let (weight, column) = if number(one).is_some() { (one, two) } else { (two, one) };
    let value = number(weight)? / scale;
    if value <= 0.0 || value >= 1.0 {
        return None;
    }
    let name = read_name(column);
    let is_percent = matches!(weight.kind, ExprKind::Percent(_));
    let is_scored = [name, read_name(view.resolve(column, scope))].into_iter().flatten().any(is_score);
    let is_weight = name.is_some() && (is_percent || is_scored);
    let sign = if scale == 1.0 { "%" } else { "" };
    (is_weight && view.reads_row(column, scope)).then_some(Weight { term, value, sign })
}

fn weight_text(view: &View<'_>, term: &Expr) -> Option<String> {
    let ExprKind::Product(factors) = &term.kind else { return None };
    factors.iter().find(|(_, factor)| number(factor).is_some()).map(|(_, factor)| view.written(factor))
}

/// `ROUND(Clicks / Opens) & "%"`
pub(super) fn percent<'a>(view: &View<'a>, expr: &'a Expr, scope: &Scope<'a>) -> Option<Diagnostic> {
    let ExprKind::Join(parts) = &expr.kind else { return None };
    parts.windows(2).find_map(|pair| {
        let is_percent = view.literal(&pair[1]).is_some_and(|text| text.trim_start().starts_with('%'));
        let shown = view.resolve(&pair[0], scope);
        let (ratio, rounds) = match call(shown) {
            Some((builtin, args))
                if builtin.returns.ty == Type::Number && builtin.name.starts_with("ROUND") =>
            {
                (view.resolve(args.first()?, scope), args.len() < 2)
            }
            Some(_) => return None,
            None => (shown, true),
        };
        let ExprKind::Product(factors) = &ratio.kind else { return None };
        let [(_, one), (Factor::Divide, two)] = factors.as_slice() else { return None };
        let is_ratio = read_name(one).is_some() && read_name(two).is_some();
        (is_percent && is_ratio && rounds).then(|| {
            let ratio = view.written(ratio);
            let instead = format!("ROUND({ratio} * 100) & \"%\"");
            ArgumentLint::RatioAsPercent { at: pair[0].span, instead }.into()
        })
    })
}
