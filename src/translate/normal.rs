//! Turns what other languages write into what a formula writes.

use super::dates::{moved, same_unit, truncated, unit_of};
use super::expr::{Expr, Op};
use super::functions;
use super::instead::{instead, unpacked};
use super::meant;

/// The expression in the terms of formulas, as far as they have them.
pub(super) fn normal(expr: Expr) -> Expr {
    // Two passes: what the first makes of a part can be what the second recognizes.
    let pass = |expr: Expr| expr.mapped(&|part| in_context(changed(part)));
    pass(pass(expr))
}

fn changed(expr: Expr) -> Expr {
    match with_own_format(expr) {
        Expr::Call(name, args) => call(name, args),
        Expr::Method(object, name, args) => method(*object, name, args),
        Expr::Field(object, name) => field(*object, name),
        Expr::Index(object, index) => indexed(*object, *index),
        Expr::Binary(op, left, right) => binary(op, *left, *right),
        other => other,
    }
}

/// A call with the format of a date in the codes of formulas.
fn with_own_format(expr: Expr) -> Expr {
    match expr {
        Expr::Call(name, args) if name.starts_with("DATETIME_") => {
            let own = |arg: Expr| match arg {
                Expr::Text(format) if format.contains('%') => match meant::date_format(&format) {
                    Some(own) => Expr::Text(own),
                    None => Expr::Null,
                },
                other => other,
            };
            Expr::Call(name, args.into_iter().map(own).collect())
        }
        other => other,
    }
}

/// What a part must become because of what its own parts are now.
fn in_context(expr: Expr) -> Expr {
    match expr {
        Expr::Call(name, args) => searched(&name, args),
        Expr::Binary(op @ (Op::Or | Op::And), left, right) => conditions(op, *left, *right),
        other => other,
    }
}

fn call(name: String, mut args: Vec<Expr>) -> Expr {
    if let Some(found) = special(&name, &args) {
        return found;
    }
    let upper = name.to_ascii_uppercase();
    // A function that formulas have is only spelled in capitals.
    if crate::builtins::find(&upper).is_some_and(|builtin| builtin.takes(args.len() + lambdas(&args))) {
        if let Some(lambda) = args.iter().position(|arg| matches!(arg, Expr::Lambda(..))) {
            args = unpacked(args, lambda);
        }
        return Expr::Call(upper, args);
    }
    match functions::find(&name).and_then(|habit| instead(habit, None, &args)) {
        Some(found) => found,
        None => Expr::Call(name, args),
    }
}

/// How many more arguments there are once a lambda is a name and a body.
fn lambdas(args: &[Expr]) -> usize {
    usize::from(args.iter().any(|arg| matches!(arg, Expr::Lambda(..))))
}

/// Functions whose counterpart depends on the form of their arguments.
fn special(name: &str, args: &[Expr]) -> Option<Expr> {
    match (name.to_ascii_uppercase().as_str(), args) {
        ("INDEX", [Expr::List(results), Expr::Call(inner, found)]) if inner.eq_ignore_ascii_case("MATCH") => {
            let (value, list) = (found.first()?, found.get(1)?);
            let Expr::List(keys) = list else { return None };
            let pairs = keys.iter().zip(results).flat_map(|(key, result)| [key.clone(), result.clone()]);
            Some(Expr::call("SWITCH", std::iter::once(value.clone()).chain(pairs).collect()))
        }
        ("TYPEOF", [value]) => Some(Expr::call("typeof", vec![value.clone()])),
        ("WITH", [Expr::Record(members), body]) => {
            let bindings: Option<Vec<(String, Expr)>> =
                members.iter().map(|(name, value)| Some((name.clone()?, value.clone()))).collect();
            Some(Expr::Let(bindings?, Box::new(body.clone())))
        }
        ("TEXT", [value]) => Some(Expr::call("TOTEXT", vec![value.clone()])),
        ("DATE_SUB" | "DATE_ADD", [date, Expr::Span { number, unit }]) => {
            let number = (**number).clone();
            let number = if name.to_ascii_uppercase().ends_with("SUB") {
                Expr::Negate(Box::new(number))
            } else {
                number
            };
            Some(Expr::call("DATEADD", vec![date.clone(), number, Expr::Text(unit.to_lowercase())]))
        }
        ("PROP" | "FIELD" | "COL" | "COLUMN", [Expr::Text(name)]) => {
            Some(Expr::Atom(crate::syntax::bare_or_braced(name)))
        }
        ("PARSEINT", [value, _]) => Some(Expr::call("INT", vec![Expr::call("VALUE", vec![value.clone()])])),
        ("REPLACE", [text, old @ Expr::Text(_), new]) => {
            Some(Expr::call("SUBSTITUTE", vec![text.clone(), old.clone(), new.clone()]))
        }
        ("COUNTIF", [list, Expr::Text(criterion)]) => counted(list, criterion),
        ("DATEDIFF" | "DATE_DIFF" | "TIMESTAMPDIFF", [unit, from, to]) if unit_of(unit).is_some() => {
            Some(Expr::call("DATEDIF", vec![from.clone(), to.clone(), unit_of(unit)?]))
        }
        ("DATE_DIFF" | "DATEDIFF", [to, from, unit])
            if matches!(unit, Expr::Atom(_)) && unit_of(unit).is_some() =>
        {
            Some(Expr::call("DATEDIF", vec![from.clone(), to.clone(), unit_of(unit)?]))
        }
        ("DATEADD", [unit, number, date]) if unit_of(unit).is_some() => {
            Some(Expr::call("DATEADD", vec![date.clone(), number.clone(), unit_of(unit)?]))
        }
        ("DATE_TRUNC", [one, two]) => {
            let (unit, date) = if unit_of(one).is_some() { (one, two) } else { (two, one) };
            truncated(&unit_of(unit)?, date)
        }
        ("ISEMPTY", [test]) if meant::test_of_nothing(test).is_some() => meant::test_of_nothing(test),
        ("ISNOTEMPTY", [test]) if meant::test_of_nothing(test).is_some() => Some(test.clone()),
        ("IF", args) if meant::choice(args).is_some() => meant::choice(args),
        ("ANY" | "ALL", [list]) if name == "ANY" || name == "ALL" => {
            Some(Expr::call(name, vec![list.clone()]))
        }
        ("SUBSTR" | "SUBSTRING", [_, start, ..]) if *start == Expr::Atom("0".to_owned()) => {
            Some(Expr::Call(name.to_owned(), args.to_vec()))
        }
        ("SUBSTR" | "SUBSTRING", [value, start @ Expr::Negate(_)]) => {
            meant::from_end(value, "SUBSTR", std::slice::from_ref(start))
        }
        ("FILTER", [list, name, condition]) if name == condition => {
            Some(Expr::call("COMPACT", vec![list.clone()]))
        }
        ("IS_SAME", [one, two, Expr::Text(unit)]) => same_unit(one, two, unit),
        ("DATEDIFF", [from, to]) => Some(match from {
            Expr::Call(now, _) if matches!(now.as_str(), "TODAY" | "NOW") => {
                Expr::call("DAYS", vec![from.clone(), to.clone()])
            }
            _ => Expr::call("DATEDIF", vec![from.clone(), to.clone(), Expr::Text("D".to_owned())]),
        }),
        ("COALESCE", [value, Expr::Null]) => Some(value.clone()),
        ("COALESCE", args) if args.contains(&Expr::Null) => {
            Some(Expr::call("COALESCE", args.iter().filter(|arg| **arg != Expr::Null).cloned().collect()))
        }
        ("IF", [condition, then, empty]) if is_blank_call(empty) || *empty == Expr::Null => {
            Some(Expr::call("IF", vec![condition.clone(), then.clone()]))
        }
        _ => None,
    }
}

/// `COUNTIF(Tags, ">5")` with a criterion of spreadsheets.
fn counted(list: &Expr, criterion: &str) -> Option<Expr> {
    let ops = [
        ("<>", Op::NotEqual),
        ("<=", Op::LessOrEqual),
        (">=", Op::GreaterOrEqual),
        ("<", Op::Less),
        (">", Op::Greater),
        ("=", Op::Equal),
    ];
    let found = ops.into_iter().find_map(|(sign, op)| Some((op, criterion.strip_prefix(sign)?)));
    let (op, limit) = found.unwrap_or((Op::Equal, criterion));
    if limit.contains(['*', '?']) {
        return None;
    }
    let limit = if limit.parse::<f64>().is_ok() {
        Expr::Atom(limit.to_owned())
    } else {
        Expr::Text(limit.to_owned())
    };
    let item = Expr::Atom("item".to_owned());
    Some(Expr::call("COUNTIF", vec![list.clone(), item.clone(), Expr::binary(op, item, limit)]))
}

fn is_blank_call(expr: &Expr) -> bool {
    matches!(expr, Expr::Call(name, args) if args.is_empty() && name.eq_ignore_ascii_case("BLANK"))
}

fn is_nothing(expr: &Expr) -> bool {
    *expr == Expr::Null || is_blank_call(expr) || matches!(expr, Expr::Text(text) if text.is_empty())
}

fn method(object: Expr, name: String, args: Vec<Expr>) -> Expr {
    // `x.str.contains("a")` is pandas' spelling of a method on each text.
    let object = match object {
        Expr::Field(inner, part) if part == "str" || part == "dt" => *inner,
        other => other,
    };
    if let Some(found) = meant::from_end(&object, &name, &args) {
        return found;
    }
    // What is counted from the end has no counterpart otherwise.
    if args.iter().any(|arg| matches!(arg, Expr::Negate(_)))
        && ["slice", "substr", "substring", "at"].contains(&name.as_str())
    {
        return Expr::Method(Box::new(object), name, args);
    }
    let found = functions::find(&format!(".{name}"));
    // `/vp/i.test(x)` has its sides the other way round.
    if let (Expr::Pattern { .. }, [subject], "test" | "exec") = (&object, args.as_slice(), name.as_str()) {
        return Expr::call("REGEXMATCH", vec![subject.clone(), object]);
    }
    if let (Expr::Text(_), "join", [list]) = (&object, name.as_str(), args.as_slice()) {
        return Expr::call("JOIN", vec![list.clone(), object]);
    }
    // `{"US": 10}.get(Country, 0)`
    if let (Expr::Record(_), "get", [key, default @ ..]) = (&object, name.as_str(), args.as_slice()) {
        let found = Expr::Index(Box::new(object), Box::new(key.clone()));
        return match default.first() {
            Some(default) => Expr::call("COALESCE", vec![found, default.clone()]),
            None => found,
        };
    }
    if let ("isin", [Expr::List(list)]) = (name.as_str(), args.as_slice()) {
        return Expr::In { value: Box::new(object), list: list.clone(), negated: false };
    }
    if name == "replace" && matches!(args.first(), Some(Expr::Pattern { .. })) {
        return replaced(object, args);
    }
    if let Some(found) = found.and_then(|habit| instead(habit, Some(&object), &args)) {
        return found;
    }
    Expr::Method(Box::new(object), name, args)
}

/// `x.replace(/ /g, "")`
fn replaced(object: Expr, mut args: Vec<Expr>) -> Expr {
    let Some(Expr::Pattern { body, flags }) = args.first().cloned() else { return object };
    let is_plain = body.chars().all(|next| next.is_alphanumeric() || matches!(next, ' ' | '-' | '_' | ','));
    let name = if is_plain && !flags.contains('i') { "SUBSTITUTE" } else { "REGEXREPLACE" };
    if name == "SUBSTITUTE" {
        args[0] = Expr::Text(body);
    }
    Expr::Call(name.to_owned(), std::iter::once(object).chain(args).collect())
}

/// `x.split("@")[-1]`, `x.match(/a/)[1]`
fn indexed(object: Expr, index: Expr) -> Expr {
    match (object, index) {
        (Expr::Call(name, args), Expr::Atom(_)) if name == "REGEXMATCH" => Expr::call("REGEXEXTRACT", args),
        (object, Expr::Negate(last)) if *last == Expr::Atom("1".to_owned()) => {
            Expr::call("LAST", vec![object])
        }
        (object, index) => Expr::Index(Box::new(object), Box::new(index)),
    }
}

fn field(object: Expr, name: String) -> Expr {
    match name.as_str() {
        "days" if meant::is_difference(&object) => object,
        "length" | "size" => match object {
            list @ (Expr::List(_) | Expr::Call(..)) if !list.is_text() => Expr::call("COUNTA", vec![list]),
            other => Expr::call("LEN", vec![other]),
        },
        _ => Expr::Field(Box::new(object), name),
    }
}

fn binary(op: Op, left: Expr, right: Expr) -> Expr {
    match (op, &left, &right) {
        _ if op.is_comparison() && meant::position(op, &left, &right).is_some() => {
            return meant::position(op, &left, &right).unwrap_or(left);
        }
        _ if meant::in_days(op, &left, &right).is_some() => {
            return meant::in_days(op, &left, &right).unwrap_or(left);
        }
        (Op::Equal | Op::NotEqual, ..) if is_nothing(&right) && meant::test_of_nothing(&left).is_some() => {
            let negated = meant::test_of_nothing(&left);
            return if op == Op::NotEqual { left } else { negated.unwrap_or(left) };
        }
        (Op::And, ..) if meant::guarded(&left, &right).is_some() => {
            return meant::guarded(&left, &right).unwrap_or(left);
        }
        // `a / NULLIF(b, 0)`
        (Op::Over, _, Expr::Call(name, args)) if name == "IF" => {
            if let [Expr::Binary(Op::Equal, one, zero), Expr::Text(empty), two] = args.as_slice()
                && **zero == Expr::Atom("0".to_owned())
                && empty.is_empty()
                && **one == *two
            {
                return Expr::call("SAFEDIV", vec![left, two.clone()]);
            }
        }
        // `a > 1 & b > 2`, where `&` is read before the comparisons.
        (_, Expr::Binary(first, start, middle), _) if op.is_comparison() && first.is_comparison() => {
            let (one, two) = match (**middle).clone() {
                Expr::Binary(Op::Join, one, two) => (*one, *two),
                both => (both.clone(), both),
            };
            let first = Expr::binary(*first, (**start).clone(), one);
            return Expr::binary(Op::And, first, Expr::binary(op, two, right));
        }
        // `'web' = ANY(Tags)`
        (Op::Equal, _, Expr::Call(name, list)) if name == "ANY" && list.len() == 1 => {
            return Expr::call("INCLUDES", vec![list[0].clone(), left]);
        }
        (Op::Plus | Op::Minus, Expr::Atom(one), Expr::Atom(two)) => {
            if let Some(sum) = folded(op, one, two) {
                return sum;
            }
        }
        _ => {}
    }
    match op {
        Op::Equal | Op::NotEqual if is_nothing(&right) && !matches!(right, Expr::Text(_)) => {
            let test = Expr::call("ISEMPTY", vec![left]);
            if op == Op::Equal { test } else { test.negated() }
        }
        Op::Equal | Op::NotEqual => {
            typeof_test(op, &left, &right).unwrap_or_else(|| alternatives(op, left, right))
        }
        Op::Greater if right == Expr::Atom("0".to_owned()) => match left {
            // A text with any characters.
            Expr::Call(name, mut args) if name == "LEN" && args.len() == 1 => {
                Expr::call("ISNOTEMPTY", vec![args.remove(0)])
            }
            other => Expr::binary(op, other, right),
        },
        Op::Default => Expr::call("COALESCE", vec![left, right]),
        Op::Bars => bars(left, right),
        Op::Or
            if (is_literal(&right) || joins_text(&left))
                && !left.is_condition()
                && !matches!(left, Expr::Text(_)) =>
        {
            bars(left, right)
        }
        Op::Join if left.is_condition() && right.is_condition() => Expr::binary(Op::And, left, right),
        Op::Plus if left.is_text() || right.is_text() || joins_text(&left) => {
            Expr::binary(Op::Join, left, right)
        }
        Op::Remainder => Expr::call("MOD", vec![left, right]),
        Op::Plus | Op::Minus => moved(op, left, right),
        _ => Expr::binary(op, left, right),
    }
}

/// The sum or difference of two whole numbers.
fn folded(op: Op, one: &str, two: &str) -> Option<Expr> {
    let (one, two) = (one.parse::<i64>().ok()?, two.parse::<i64>().ok()?);
    let sum = if op == Op::Minus { one - two } else { one + two };
    (sum >= 0).then(|| Expr::Atom(sum.to_string()))
}

/// Whether a chain of `+` so far joins text.
fn joins_text(expr: &Expr) -> bool {
    matches!(expr, Expr::Binary(Op::Join, ..))
}

/// `typeof x == "number"`
fn typeof_test(op: Op, left: &Expr, right: &Expr) -> Option<Expr> {
    let (Expr::Call(name, args), Expr::Text(ty)) = (left, right) else { return None };
    let function = match ty.as_str() {
        "number" => "ISNUMBER",
        "string" => "ISTEXT",
        "boolean" => "ISLOGICAL",
        "undefined" => "ISEMPTY",
        _ => return None,
    };
    (name == "typeof").then(|| {
        let test = Expr::call(function, args.clone());
        if op == Op::Equal { test } else { test.negated() }
    })
}

/// `Country = ("US" OR "DE")`
fn alternatives(op: Op, left: Expr, right: Expr) -> Expr {
    match right {
        Expr::Binary(Op::Or | Op::Bars, ref one, _) if matches!(**one, Expr::Text(_)) => {
            let mut list = Vec::new();
            texts_of(&right, &mut list);
            Expr::In { value: Box::new(left), list, negated: op == Op::NotEqual }
        }
        other => Expr::binary(op, left, other),
    }
}

/// `||`: OR between conditions, a default after a name, `&` where text is joined.
fn bars(left: Expr, right: Expr) -> Expr {
    let is_constant = matches!(right, Expr::Text(_) | Expr::Atom(_));
    let is_separator =
        |expr: &Expr| matches!(expr, Expr::Text(text) if !text.chars().any(char::is_alphanumeric));
    if left.is_condition() || right.is_condition() {
        Expr::binary(Op::Or, left, right)
    } else if left.is_text() || is_separator(&right) {
        Expr::binary(Op::Join, left, right)
    } else if is_constant {
        Expr::call("COALESCE", vec![left, right])
    } else {
        Expr::binary(Op::Or, left, right)
    }
}

/// A search with what its arguments are now: `CONTAINS(LOWER(x), "vp")` finds any letter case, and
/// `CONTAINS(x, "VP" OR "Head")` has two texts to find.
fn searched(name: &str, args: Vec<Expr>) -> Expr {
    let searches = ["CONTAINS", "ICONTAINS", "CONTAINSWORD", "STARTSWITH", "ENDSWITH"].contains(&name);
    let mut all = Vec::new();
    for arg in args {
        match arg {
            Expr::Binary(Op::Or | Op::Bars, ref one, _) if searches && matches!(**one, Expr::Text(_)) => {
                texts_of(&arg, &mut all);
            }
            other => all.push(other),
        }
    }
    if name == "CONTAINS"
        && all.len() > 1
        && all[1..].iter().all(|arg| matches!(arg, Expr::Text(text) if *text == text.to_lowercase()))
        && let Some(Expr::Call(inner, subject)) = all.first()
        && inner == "LOWER"
        && let Some(subject) = subject.first().cloned()
    {
        all[0] = subject;
        return Expr::call("ICONTAINS", all);
    }
    tested(name, all)
}

/// `ISNOTEMPTY(Email AND Phone)` as a test of each.
fn tested(name: &str, mut args: Vec<Expr>) -> Expr {
    let is_test = crate::builtins::find(name).is_some_and(|builtin| {
        builtin.returns.ty == crate::types::Type::Boolean && builtin.most() == Some(1) && name != "NOT"
    });
    match args.as_slice() {
        [Expr::Binary(op @ (Op::And | Op::Or | Op::Join), left, right)]
            if is_test && !left.is_condition() && !right.is_condition() =>
        {
            let op = if *op == Op::Or { Op::Or } else { Op::And };
            let one = |part: &Expr| tested(name, vec![part.clone()]);
            Expr::binary(op, one(left), one(right))
        }
        [_] if args.len() == 1 => Expr::Call(name.to_owned(), vec![args.remove(0)]),
        _ => Expr::Call(name.to_owned(), args),
    }
}

/// `Country = "US" OR "DE"`, where the second is no condition.
fn conditions(op: Op, left: Expr, right: Expr) -> Expr {
    let last = match &left {
        Expr::Binary(Op::Or | Op::And, _, last) => last,
        other => other,
    };
    match (last, &right) {
        (Expr::Binary(compared, subject, _), Expr::Text(_) | Expr::Atom(_))
            if op == Op::Or && compared.is_comparison() && is_literal(&right) =>
        {
            let right = Expr::binary(*compared, (**subject).clone(), right);
            Expr::binary(op, left.clone(), right)
        }
        (Expr::Call(name, args), Expr::Text(_)) if op == Op::Or && name == "CONTAINS" => {
            let mut args = args.clone();
            args.push(right);
            Expr::Call(name.clone(), args)
        }
        _ => Expr::binary(op, left, right),
    }
}

fn is_literal(expr: &Expr) -> bool {
    match expr {
        Expr::Text(_) => true,
        Expr::Atom(text) => text.parse::<f64>().is_ok(),
        _ => false,
    }
}

fn texts_of(expr: &Expr, found: &mut Vec<Expr>) {
    match expr {
        Expr::Binary(Op::Or | Op::Bars, left, right) => {
            texts_of(left, found);
            texts_of(right, found);
        }
        other => found.push(other.clone()),
    }
}
