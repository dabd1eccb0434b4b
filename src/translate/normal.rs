//! Turns what other languages write into what a formula writes.

use super::bars;
use super::calls::call;
use super::dates::moved;
use super::expr::{Expr, Op, SPREAD};
use super::instead::instead;
use super::meant;
use super::{formats, functions, properties};

/// The expression in the terms of formulas, as far as they have them.
pub(super) fn normal(expr: Expr) -> Expr {
    // Two passes: what the first makes of a part can be what the second recognizes.
    let pass = |expr: Expr| expr.mapped(&|part| in_context(changed(part)));
    pass(pass(expr.mapped(&|part| bars::chained(properties::read(part))))).mapped(&finished)
}

/// What has a counterpart only where nothing around it did: positions, and the items of a list in another list.
fn finished(expr: Expr) -> Expr {
    let inner = |arg: Expr| match arg {
        Expr::Call(name, mut args) if name == SPREAD && args.len() == 1 => args.remove(0),
        other => other,
    };
    let spreads =
        |items: &[Expr]| items.iter().any(|item| matches!(item, Expr::Call(name, _) if name == SPREAD));
    match expr {
        Expr::Method(object, name, mut args) if is_search(&name, &args) => {
            let found = if object.is_list() {
                Expr::call("COALESCE", vec![Expr::call("POSITION", vec![*object, args.remove(0)]), zero()])
            } else {
                Expr::call("IFERROR", vec![Expr::call("FIND", vec![args.remove(0), *object]), zero()])
            };
            Expr::binary(Op::Minus, found, one())
        }
        // `x.indexOf("@") + 1` counts from 1.
        Expr::Binary(Op::Plus, left, right) => match *left {
            Expr::Binary(Op::Minus, inner, less) if less == right && *less == one() => *inner,
            left => Expr::binary(Op::Plus, left, *right),
        },
        Expr::List(mut items) if spreads(&items) => {
            if items.len() == 1 {
                return inner(items.remove(0));
            }
            Expr::call("FLATTEN", vec![Expr::List(items.into_iter().map(inner).collect())])
        }
        Expr::Call(name, args) if name != SPREAD && spreads(&args) => {
            Expr::Call(name, args.into_iter().map(inner).collect())
        }
        other => other,
    }
}

fn one() -> Expr {
    Expr::Atom("1".to_owned())
}

fn zero() -> Expr {
    Expr::Atom("0".to_owned())
}

/// `x.indexOf("a")`, whose positions count from 0; a function as the argument has another meaning.
fn is_search(name: &str, args: &[Expr]) -> bool {
    let is_value = |arg: &Expr| !matches!(arg, Expr::Lambda(..) | Expr::Pattern { .. });
    matches!(name, "indexOf" | "find" | "index") && matches!(args, [arg] if is_value(arg))
}

/// The other meanings that an expression can have, where the first is not accepted.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Reading {
    /// As it is read without further knowledge.
    Usual,
    /// What has a length or a position is a list.
    Lists,
    /// `+` joins text.
    Texts,
}

impl Reading {
    pub(super) const ALL: [Self; 3] = [Self::Usual, Self::Lists, Self::Texts];

    /// The normal form of an expression in this reading.
    pub(super) fn of(self, expr: Expr) -> Expr {
        match self {
            Self::Usual => expr,
            Self::Lists => expr.mapped(&of_list),
            Self::Texts => expr.mapped(&|part| match part {
                Expr::Binary(Op::Plus, left, right) if left.can_be_text() && right.can_be_text() => {
                    Expr::Binary(Op::Join, left, right)
                }
                other => other,
            }),
        }
    }
}

/// `LEN(Tags)` as the number of its items, `FIND("x", Tags)` as the position of an item.
fn of_list(expr: Expr) -> Expr {
    match expr {
        Expr::Call(name, args) if name == "LEN" && args.len() == 1 && !args[0].is_text() => {
            Expr::call("COUNTA", args)
        }
        Expr::Field(object, name) if matches!(name.as_str(), "length" | "size" | "count") => {
            Expr::call("COUNTA", vec![*object])
        }
        Expr::Call(name, args) if name == "IFERROR" => match args.as_slice() {
            [Expr::Call(search, found), otherwise] if search == "FIND" && found.len() == 2 => {
                let position = Expr::call("POSITION", vec![found[1].clone(), found[0].clone()]);
                Expr::call("COALESCE", vec![position, otherwise.clone()])
            }
            _ => Expr::Call(name, args),
        },
        other => other,
    }
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
                Expr::Text(format) if format.contains('%') => match crate::builtins::from_strftime(&format) {
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
        Expr::Binary(op @ (Op::Or | Op::And), left, right) => bars::conditions(op, *left, *right),
        other => other,
    }
}

fn is_nothing(expr: &Expr) -> bool {
    expr.is_missing() || matches!(expr, Expr::Text(text) if text.is_empty())
}

fn method(object: Expr, name: String, mut args: Vec<Expr>) -> Expr {
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
    let found = functions::find(&format!(".{name}")).filter(|_| !is_search(&name, &args));
    // `/vp/i.test(x)` has its sides the other way round.
    if let (Expr::Pattern { .. }, [subject], "test" | "exec") = (&object, args.as_slice(), name.as_str()) {
        return Expr::call("REGEXMATCH", vec![subject.clone(), object]);
    }
    if let (Expr::Text(_), "join", [list]) = (&object, name.as_str(), args.as_slice()) {
        return Expr::call("JOIN", vec![list.clone(), object]);
    }
    if let ("isin", [Expr::List(list)]) = (name.as_str(), args.as_slice()) {
        return Expr::In { value: Box::new(object), list: list.clone(), negated: false };
    }
    if let (Expr::Text(text), "format") = (&object, name.as_str()) {
        // What the fields of the text are not all filled with has no counterpart.
        return formats::in_braces(text, &args).unwrap_or(Expr::Method(Box::new(object), name, args));
    }
    if let (Expr::Record(members), "get", [key, rest @ ..]) = (&object, name.as_str(), args.as_slice())
        && let Some(found) = looked_up(members, key, rest)
    {
        return found;
    }
    if let ("replace" | "replaceAll", [Expr::Pattern { .. }, _]) = (name.as_str(), args.as_slice()) {
        return replaced(object, args);
    }
    if let [Expr::Pattern { body, flags }] = args.as_slice()
        && let Some(found) = meant::of_pattern(&object, &name, body, flags)
    {
        return found;
    }
    if let ("filter", [Expr::Atom(test)]) = (name.as_str(), args.as_slice())
        && test == "Boolean"
    {
        return Expr::call("COMPACT", vec![object]);
    }
    if let ("reduce", [Expr::Lambda(names, body), _]) = (name.as_str(), args.as_slice())
        && let Some(sum) = meant::added_up(&object, names, body, &args[1])
    {
        return sum;
    }
    // MID takes characters of a text, and a list has no such part.
    if let ("join", Expr::Call(part, _)) = (name.as_str(), &object)
        && part == "MID"
    {
        return Expr::without_counterpart();
    }
    if let ("size" | "length", []) = (name.as_str(), args.as_slice()) {
        return length(object);
    }
    if let ("divided_by", [Expr::Atom(divisor)]) = (name.as_str(), args.as_slice())
        && divisor.contains('.')
    {
        return Expr::binary(Op::Over, object, args.remove(0));
    }
    if let Some(found) = found.and_then(|habit| instead(habit, Some(&object), &args)) {
        return found;
    }
    Expr::Method(Box::new(object), name, args)
}

/// `{'US': 10, 'DE': 5}.get(Country, 0)`; nothing if it has the members of another record.
fn looked_up(members: &[(Option<String>, Expr)], key: &Expr, otherwise: &[Expr]) -> Option<Expr> {
    let mut args = vec![key.clone()];
    for (name, result) in members {
        args.extend([Expr::Text(name.clone()?), result.clone()]);
    }
    args.extend(otherwise.iter().cloned());
    Some(Expr::call("SWITCH", args))
}

/// `x.replace(/ /g, "")`; without `g`, only the first match is replaced.
fn replaced(object: Expr, mut args: Vec<Expr>) -> Expr {
    let Some(Expr::Pattern { body, flags }) = args.first().cloned() else { return object };
    let is_first = !flags.contains('g');
    if let Some(text) = meant::plain_pattern(&body).filter(|_| !flags.contains('i')) {
        args[0] = Expr::Text(text);
        args.extend(is_first.then(|| Expr::Atom("1".to_owned())));
        return Expr::Call("SUBSTITUTE".to_owned(), std::iter::once(object).chain(args).collect());
    }
    // What begins or ends with the text is there once.
    let is_once = body.starts_with('^') || (body.ends_with('$') && !body.ends_with("\\$"));
    if is_first && !is_once {
        return Expr::without_counterpart();
    }
    Expr::Call("REGEXREPLACE".to_owned(), std::iter::once(object).chain(args).collect())
}

/// `x.split("@")[-1]`, `x.match(/a/)[1]`
fn indexed(object: Expr, index: Expr) -> Expr {
    match (object, index) {
        (Expr::Call(name, args), index) if name == "REGEXMATCH" => meant::group(args, &index),
        (Expr::Record(members), key) if !matches!(key, Expr::Text(_)) => looked_up(&members, &key, &[])
            .unwrap_or_else(|| Expr::Index(Box::new(Expr::Record(members)), Box::new(key))),
        (object, Expr::Negate(last)) if *last == Expr::Atom("1".to_owned()) => {
            Expr::call("LAST", vec![object])
        }
        (object, index) => Expr::Index(Box::new(object), Box::new(index)),
    }
}

/// A property of a value that is known to be no record.
pub(super) fn property(object: Expr, name: &str) -> Option<Expr> {
    let method = format!(".{name}");
    if object.is_list() && matches!(name, "length" | "Length" | "size" | "count") {
        return Some(Expr::call("COUNTA", vec![object]));
    }
    match functions::find(&method).and_then(|habit| instead(habit, Some(&object), &[])) {
        Some(found) => Some(found),
        None => Some(field(object, name.to_owned())).filter(|found| !matches!(found, Expr::Field(..))),
    }
}

fn field(object: Expr, name: String) -> Expr {
    match name.as_str() {
        "days" if meant::is_difference(&object) => object,
        "length" => length(object),
        _ => Expr::Field(Box::new(object), name),
    }
}

/// The items of a list, or the characters of a text.
fn length(object: Expr) -> Expr {
    match object {
        list if list.is_list() => Expr::call("COUNTA", vec![list]),
        other => Expr::call("LEN", vec![other]),
    }
}

fn binary(op: Op, left: Expr, right: Expr) -> Expr {
    match (op, &left, &right) {
        _ if op.is_comparison() && meant::position(op, &left, &right).is_some() => {
            return meant::position(op, &left, &right).unwrap_or(left);
        }
        // `null === x`
        (Op::Equal | Op::NotEqual, ..) if left.is_missing() && !right.is_missing() => {
            return binary(op, right, left);
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
        Op::Equal | Op::NotEqual if matches!(right, Expr::Pattern { .. }) => {
            let found = Expr::call("REGEXMATCH", vec![left, right]);
            if op == Op::Equal { found } else { found.negated() }
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
        Op::Or | Op::Bars if meant::and_or(&left, &right).is_some() => {
            meant::and_or(&left, &right).unwrap_or(left)
        }
        Op::Or | Op::Bars if bars::default_of_chain(&left, &right).is_some() => {
            bars::default_of_chain(&left, &right).unwrap_or(left)
        }
        Op::Bars => bars::meant(left, right),
        Op::Or if bars::is_hardly_or(&left, &right) => bars::meant(left, right),
        Op::Join if left.is_condition() && right.is_condition() => Expr::binary(Op::And, left, right),
        Op::Plus if left.is_text() || right.is_text() || joins_text(&left) => {
            Expr::binary(Op::Join, left, right)
        }
        Op::Remainder => {
            formats::filled(&left, &right).unwrap_or_else(|| Expr::call("MOD", vec![left, right]))
        }
        Op::WholeOver => Expr::call("INT", vec![Expr::binary(Op::Over, left, right)]),
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
        Expr::Binary(..) if bars::is_alternatives(&right) => {
            let mut list = Vec::new();
            bars::operands_of_or(&right, &mut list);
            Expr::In { value: Box::new(left), list, negated: op == Op::NotEqual }
        }
        other => Expr::binary(op, left, other),
    }
}

/// A search with what its arguments are now: `CONTAINS(LOWER(x), "vp")` finds any letter case, and
/// `CONTAINS(x, "VP" OR "Head")` has two texts to find.
fn searched(name: &str, args: Vec<Expr>) -> Expr {
    let searches = ["CONTAINS", "ICONTAINS", "CONTAINSWORD", "STARTSWITH", "ENDSWITH"].contains(&name);
    let mut all = Vec::new();
    for arg in args {
        match arg {
            Expr::Binary(..) if searches && bars::is_alternatives(&arg) => {
                bars::operands_of_or(&arg, &mut all);
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
