//! What other languages mean by forms that formulas read in another way: values as conditions, positions as answers,
//! differences in milliseconds.

use super::expr::{Expr, Op};

fn atom(text: &str) -> Expr {
    Expr::Atom(text.to_owned())
}

/// Whether a value is a bare name.
fn is_name(expr: &Expr) -> bool {
    matches!(expr, Expr::Atom(text) if text.parse::<f64>().is_err() && text != "TRUE" && text != "FALSE")
}

/// `Score > 5 and 10 or 0`, where the last value that is looked at is the result.
pub(super) fn and_or(left: &Expr, otherwise: &Expr) -> Option<Expr> {
    let Expr::Binary(Op::And, condition, then) = left else { return None };
    let is_result = match &**then {
        Expr::Text(text) => !text.is_empty(),
        Expr::Atom(text) => text.parse::<f64>().is_ok_and(|number| number != 0.0),
        _ => false,
    };
    (is_result && condition.is_condition() && !otherwise.is_condition())
        .then(|| Expr::call("IF", vec![(**condition).clone(), (**then).clone(), otherwise.clone()]))
}

/// Whether `part` occurs in an expression.
fn contains(expr: &Expr, part: &Expr) -> bool {
    let found = std::cell::Cell::new(false);
    let _ = expr.clone().mapped(&|one| {
        found.set(found.get() || one == *part);
        one
    });
    found.get()
}

/// `Name ? Name.trim() : "none"`, where a value that is not empty counts as true.
pub(super) fn choice(args: &[Expr]) -> Option<Expr> {
    let [condition, then, otherwise] = args else { return None };
    if !is_name(condition) {
        return None;
    }
    if then == condition {
        return Some(Expr::call("COALESCE", vec![condition.clone(), otherwise.clone()]));
    }
    contains(then, condition).then(|| {
        let test = Expr::call("ISNOTEMPTY", vec![condition.clone()]);
        Expr::call("IF", vec![test, then.clone(), otherwise.clone()])
    })
}

/// `Name && Name.length > 3`
pub(super) fn guarded(left: &Expr, right: &Expr) -> Option<Expr> {
    (is_name(left) && right.is_condition() && contains(right, left))
        .then(|| Expr::binary(Op::And, Expr::call("ISNOTEMPTY", vec![left.clone()]), right.clone()))
}

/// `x.indexOf("a") >= 0`, `x.search(/a/) !== -1`, which ask whether something is found.
pub(super) fn position(op: Op, left: &Expr, right: &Expr) -> Option<Expr> {
    if let Expr::Call(name, args) = left {
        let function = match name.as_str() {
            "FIND" => "CONTAINS",
            "SEARCH" => "ICONTAINS",
            _ => return None,
        };
        let [wanted, text] = args.as_slice() else { return None };
        let asks = op == Op::Greater && *right == atom("0");
        return asks.then(|| Expr::call(function, vec![text.clone(), wanted.clone()]));
    }
    let Expr::Method(object, name, args) = left else { return None };
    let function = match name.as_str() {
        "indexOf" | "find" | "index" => "CONTAINS",
        "search" => "REGEXMATCH",
        _ => return None,
    };
    let [wanted] = args.as_slice() else { return None };
    let minus_one = Expr::Negate(Box::new(atom("1")));
    let (is_zero, is_minus_one) = (*right == atom("0"), *right == minus_one);
    let found = Expr::call(function, vec![(**object).clone(), wanted.clone()]);
    match op {
        Op::GreaterOrEqual if is_zero => Some(found),
        Op::Greater | Op::NotEqual if is_minus_one => Some(found),
        Op::Less if is_zero => Some(found.negated()),
        Op::Equal if is_minus_one => Some(found.negated()),
        Op::Equal if is_zero && function == "CONTAINS" => {
            Some(Expr::call("STARTSWITH", vec![(**object).clone(), wanted.clone()]))
        }
        _ => None,
    }
}

/// `re.match("VP", x) is None`, where a test counts as a value.
pub(super) fn test_of_nothing(value: &Expr) -> Option<Expr> {
    matches!(value, Expr::Call(name, _) if name == "REGEXMATCH").then(|| value.clone().negated())
}

/// `(new Date() - x) / 86400000`, `… > 86400000`: differences of dates are in days here.
pub(super) fn in_days(op: Op, left: &Expr, right: &Expr) -> Option<Expr> {
    let Expr::Atom(number) = right else { return None };
    let number: f64 = number.parse().ok()?;
    let days = number / 86_400_000.0;
    if !is_difference(left) || days < 1.0 || days.fract() != 0.0 {
        return None;
    }
    match op {
        Op::Over if days == 1.0 => Some(left.clone()),
        _ if op.is_comparison() => Some(Expr::binary(op, left.clone(), atom(&days.to_string()))),
        _ => None,
    }
}

/// Whether a value is the difference of the clock and something else.
pub(super) fn is_difference(expr: &Expr) -> bool {
    let is_clock = |one: &Expr| matches!(one, Expr::Call(name, _) if name == "NOW" || name == "TODAY");
    matches!(expr, Expr::Binary(Op::Minus, left, right) if is_clock(left) || is_clock(right))
}

/// `x[-1]`, `x.at(-1)`, `x.slice(-3)`: counted from the end.
pub(super) fn from_end(object: &Expr, name: &str, args: &[Expr]) -> Option<Expr> {
    let from = |arg: &Expr| match arg {
        Expr::Negate(count) => Some((**count).clone()),
        _ => None,
    };
    match (name, args) {
        ("at", [arg]) if from(arg)? == atom("1") => Some(Expr::call("LAST", vec![object.clone()])),
        ("slice" | "substr" | "SUBSTR", [arg]) => Some(Expr::call("RIGHT", vec![object.clone(), from(arg)?])),
        _ => None,
    }
}
