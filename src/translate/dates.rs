//! Dates of other languages: units, intervals, truncation.

use super::expr::{Expr, Op};
use super::parser::Parser;

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
        (None, Some(unit)) if name == "DATE_DIFF" || name == "TIMESTAMP_DIFF" => (two, one, unit),
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

fn number(number: &str) -> Expr {
    Expr::Atom(number.to_owned())
}

/// `DATE_PART('year', x)`
pub(super) fn part(part: &Expr, date: &Expr) -> Option<Expr> {
    let (Expr::Atom(name) | Expr::Text(name)) = part else { return None };
    let call = |function: &str| Expr::call(function, vec![date.clone()]);
    match name.to_lowercase().as_str() {
        "weekday" | "dw" | "dayofweek" => return Some(call("WEEKDAY")),
        "dow" => return Some(Expr::binary(Op::Minus, call("WEEKDAY"), number("1"))),
        "iso_week" | "isoweek" => return Some(call("ISOWEEKNUM")),
        "epoch" => return Some(super::sql::seconds(date.clone())),
        _ => {}
    }
    let Expr::Text(unit) = unit_of(part)? else { return None };
    Some(match unit.as_str() {
        "years" => call("YEAR"),
        "months" => call("MONTH"),
        "days" => call("DAY"),
        "hours" => call("HOUR"),
        "minutes" => call("MINUTE"),
        "seconds" => call("SECOND"),
        "weeks" => call("ISOWEEKNUM"),
        "quarters" => {
            Expr::call("ROUNDUP", vec![Expr::binary(Op::Over, call("MONTH"), number("3")), number("0")])
        }
        _ => return None,
    })
}

/// `Created At is within the last 30 days`
pub(super) fn within(date: Expr, count: Expr, unit: &Expr, next: bool) -> Expr {
    let today = || Expr::call("TODAY", Vec::new());
    let day = Expr::Text("days".to_owned());
    if *unit == day {
        let args = if next { vec![date, today()] } else { vec![today(), date] };
        return Expr::call("BETWEEN", vec![Expr::call("DAYS", args), number("0"), count]);
    }
    let moved = |count: Expr| Expr::call("DATEADD", vec![today(), count, unit.clone()]);
    let (from, to) = if next {
        (today(), moved(count))
    } else {
        (moved(Expr::Negate(Box::new(count))), Expr::call("NOW", Vec::new()))
    };
    Expr::call("BETWEEN", vec![date, from, to])
}

impl Parser<'_> {
    /// The rest of `Created At is more than 30 days ago` after the number.
    pub(super) fn days_ago(&mut self, op: Op, date: &Expr, count: &Expr) -> Option<Expr> {
        let unit = unit_of(&Expr::Atom(self.word(0)?.to_owned())).filter(|_| self.is_word(1, "ago"))?;
        let is_recent = match op {
            Op::Less | Op::LessOrEqual => true,
            Op::Greater | Op::GreaterOrEqual => false,
            _ => return None,
        };
        self.at += 2;
        if is_recent {
            return Some(within(date.clone(), count.clone(), &unit, false));
        }
        let today = Expr::call("TODAY", Vec::new());
        if unit == Expr::Text("days".to_owned()) {
            let days = Expr::call("DAYS", vec![today, date.clone()]);
            return Some(Expr::binary(op, days, count.clone()));
        }
        let limit = Expr::call("DATEADD", vec![today, Expr::Negate(Box::new(count.clone())), unit]);
        Some(Expr::binary(op.mirrored(), date.clone(), limit))
    }
}
