//! Dates of other languages: units, intervals, truncation.

use super::expr::{Expr, Op};

/// A unit of dates, as DATEDIF and DATEADD write it.
pub(super) fn unit_of(expr: &Expr) -> Option<Expr> {
    let unit = match expr {
        Expr::Atom(unit) | Expr::Text(unit) => unit,
        Expr::Field(object, unit) if **object == Expr::Atom("TimeUnit".to_owned()) => unit,
        _ => return None,
    };
    let lower = unit.to_lowercase();
    let singular = match lower.as_str() {
        "dd" => "day",
        "wk" | "ww" => "week",
        "mm" => "month",
        "qq" => "quarter",
        "yy" | "yyyy" => "year",
        "hh" => "hour",
        "mi" => "minute",
        "ss" => "second",
        other => other.trim_end_matches('s'),
    };
    ["day", "week", "month", "quarter", "year", "hour", "minute", "second"]
        .contains(&singular)
        .then(|| Expr::Text(format!("{singular}s")))
}

/// `DATEDIFF`, `DATE_DIFF` and `TIMESTAMPDIFF` with a unit: first as in SQL Server; last and after the later date as in
/// `BigQuery`'s `DATE_DIFF`, or after the earlier one as in DAX and Power Fx.
pub(super) fn difference(name: &str, args: &[Expr]) -> Option<Expr> {
    let [one, two, three] = args else { return None };
    let (from, to, unit) = match (unit_of(one), unit_of(three)) {
        (Some(unit), _) => (two, three, unit),
        (None, Some(unit)) if name == "DATE_DIFF" => (two, one, unit),
        (None, Some(unit)) if name == "DATEDIFF" => (one, two, unit),
        _ => return None,
    };
    Some(Expr::call("DATEDIF", vec![from.clone(), to.clone(), unit]))
}

/// `DATE_TRUNC('month', x)`
pub(super) fn truncated(unit: &Expr, date: &Expr) -> Option<Expr> {
    let Expr::Text(unit) = unit else { return None };
    let number = |number: &str| Expr::Atom(number.to_owned());
    match unit.as_str() {
        "days" => Some(Expr::call("INT", vec![date.clone()])),
        "months" => {
            let before = Expr::call("EOMONTH", vec![date.clone(), Expr::Negate(Box::new(number("1")))]);
            Some(Expr::binary(Op::Plus, before, number("1")))
        }
        "years" => {
            let year = Expr::call("YEAR", vec![date.clone()]);
            Some(Expr::call("DATE", vec![year, number("1"), number("1")]))
        }
        _ => None,
    }
}

/// `IS_SAME(a, b, "month")`
pub(super) fn same_unit(one: &Expr, two: &Expr, unit: &str) -> Option<Expr> {
    let part = |date: &Expr| match unit.trim_end_matches('s') {
        "month" => Some(Expr::call("TEXT", vec![date.clone(), Expr::Text("yyyy-mm".to_owned())])),
        "year" => Some(Expr::call("YEAR", vec![date.clone()])),
        _ => None,
    };
    if unit.trim_end_matches('s') == "day" {
        let days = Expr::call("DAYS", vec![one.clone(), two.clone()]);
        return Some(Expr::binary(Op::Equal, days, Expr::Atom("0".to_owned())));
    }
    Some(Expr::binary(Op::Equal, part(one)?, part(two)?))
}

/// `NOW() - INTERVAL '30 days'`
pub(super) fn moved(op: Op, left: Expr, right: Expr) -> Expr {
    let Expr::Span { number, unit } = right else { return Expr::binary(op, left, right) };
    let unit = unit.to_lowercase();
    if matches!(unit.as_str(), "day" | "days" | "d") {
        return Expr::binary(op, left, *number);
    }
    let number = if op == Op::Minus { Expr::Negate(number) } else { *number };
    let unit = if unit.ends_with('s') { unit } else { format!("{unit}s") };
    Expr::call("DATEADD", vec![left, number, Expr::Text(unit)])
}
