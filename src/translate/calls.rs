//! Calls of functions of other languages.

use super::bars;
use super::dates::{difference, part, same_unit, truncated, unit_of};
use super::expr::{Expr, Op};
use super::instead::{instead, unpacked};
use super::like::matched;
use super::lookups;
use super::meant;
use super::sql::of_convert;
use super::{formats, functions, properties};

/// A call as formulas write it, as far as they have the function.
pub(super) fn call(name: String, mut args: Vec<Expr>) -> Expr {
    if let Some(found) = special(&name, &args).or_else(|| of_sql(&name, &args)) {
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
    args = args.into_iter().map(properties::alone).collect();
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
        ("INDEX" | "MATCH" | "XMATCH" | "LOOKUP" | "XLOOKUP" | "ISNUMBER" | "ISNA", args) => {
            lookups::read(&name.to_ascii_uppercase(), args)
        }
        ("LEN" | "LENGTH" | "CHAR_LENGTH" | "CHARACTER_LENGTH" | "STRLEN", [list]) if list.is_list() => {
            Some(Expr::call("COUNTA", vec![list.clone()]))
        }
        // `new RegExp("vp", "i")`
        ("REGEXP" | "RE.COMPILE", [Expr::Text(body), flags @ ..]) => {
            let flags = match flags {
                [] => String::new(),
                [Expr::Text(flags)] => flags.clone(),
                _ => return None,
            };
            Some(Expr::Pattern { body: body.clone(), flags })
        }
        ("ANY" | "ALL", [Expr::Call(inner, parts)]) if inner == "MAP" && parts.len() == 3 => {
            Some(over_list(&name.to_ascii_uppercase(), parts))
        }
        ("NP.SELECT" | "NUMPY.SELECT", [Expr::List(conditions), Expr::List(results), rest @ ..]) => {
            selected(conditions, results, rest)
        }
        ("HYPERLINK", [_, text, _]) => Some(text.clone()),
        ("CONCAT_WS", [separator, texts @ ..]) if texts.len() > 1 => {
            let texts = Expr::call("COMPACT", vec![Expr::List(texts.to_vec())]);
            Some(Expr::call("JOIN", vec![texts, separator.clone()]))
        }
        ("PICKLISTCOUNT", [value]) => {
            let items = Expr::call("SPLIT", vec![value.clone(), Expr::Text(";".to_owned())]);
            Some(Expr::call("COUNTA", vec![items]))
        }
        ("OR", [names @ .., last]) if !names.is_empty() => bars::default_after(names, last),
        ("TYPEOF", [value]) => Some(Expr::call("typeof", vec![value.clone()])),
        ("WITH", [Expr::Record(members), body]) => {
            let bindings: Option<Vec<(String, Expr)>> =
                members.iter().map(|(name, value)| Some((name.clone()?, value.clone()))).collect();
            Some(Expr::Let(bindings?, Box::new(body.clone())))
        }
        ("TEXT", [value]) => Some(Expr::call("TOTEXT", vec![value.clone()])),
        ("PROP" | "FIELD" | "COL" | "COLUMN", [Expr::Text(name)]) => {
            Some(Expr::Atom(crate::syntax::bare_or_braced(name)))
        }
        ("PARSEINT", [value, _]) => Some(Expr::call("TRUNC", vec![Expr::call("VALUE", vec![value.clone()])])),
        ("REPLACE", [text, old @ Expr::Text(_), new]) => {
            Some(Expr::call("SUBSTITUTE", vec![text.clone(), old.clone(), new.clone()]))
        }
        (name @ ("COUNTIF" | "SUMIF" | "AVERAGEIF"), [list, Expr::Text(criterion)]) => {
            counted(name, list, criterion)
        }
        ("SUMIF" | "AVERAGEIF", [range, Expr::Text(criterion), value]) => {
            let args = [criterion_on(range, criterion)?, value.clone()].into_iter();
            let otherwise = (name.eq_ignore_ascii_case("SUMIF")).then(|| number("0"));
            Some(Expr::call("IF", args.chain(otherwise).collect()))
        }
        ("DECODE" | "CASE", args) if args.len() > 2 && args.len() % 2 == 1 => {
            Some(Expr::call("SWITCH", args.iter().cloned().chain([Expr::Text(String::new())]).collect()))
        }
        ("ISEMPTY", [test]) if meant::test_of_nothing(test).is_some() => meant::test_of_nothing(test),
        ("ISNOTEMPTY", [test]) if meant::test_of_nothing(test).is_some() => Some(test.clone()),
        ("IF", [condition, rest @ ..]) if meant::is_position(condition) => {
            let found = meant::found(Op::Greater, condition, &Expr::Atom("0".to_owned()))?;
            Some(Expr::call("IF", std::iter::once(found).chain(rest.iter().cloned()).collect()))
        }
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
        ("SUBSTR" | "SUBSTRING", [value, start @ Expr::Negate(_), length]) => {
            let end = meant::from_end(value, "SUBSTR", std::slice::from_ref(start))?;
            Some(Expr::call("LEFT", vec![end, length.clone()]))
        }
        ("FILTER", [list, name, condition]) if name == condition => {
            Some(Expr::call("COMPACT", vec![list.clone()]))
        }
        ("COALESCE", [value, Expr::Null]) => Some(value.clone()),
        ("COALESCE", args) if args.contains(&Expr::Null) => {
            Some(Expr::call("COALESCE", args.iter().filter(|arg| **arg != Expr::Null).cloned().collect()))
        }
        ("IF", [condition, then, empty]) if empty.is_missing() => {
            Some(Expr::call("IF", vec![condition.clone(), then.clone()]))
        }
        _ => of_dates(name, args),
    }
}

/// Functions of dates whose counterpart depends on the form of their arguments.
fn of_dates(name: &str, args: &[Expr]) -> Option<Expr> {
    match (name.to_ascii_uppercase().as_str(), args) {
        ("DATE_SUB" | "DATE_ADD", [date, Expr::Span { number, unit }]) => {
            let number = (**number).clone();
            let number = if name.to_ascii_uppercase().ends_with("SUB") {
                Expr::Negate(Box::new(number))
            } else {
                number
            };
            Some(Expr::call("DATEADD", vec![date.clone(), number, Expr::Text(unit.to_lowercase())]))
        }
        ("DATEDIF", [unit, _, _]) if unit_of(unit).is_some() => difference("DATEDIFF", args),
        (name @ ("DATEDIFF" | "DATE_DIFF" | "TIMESTAMPDIFF" | "TIMESTAMP_DIFF"), [_, _, _]) => {
            difference(name, args)
        }
        ("DATEADD", [unit, number, date]) if unit_of(unit).is_some() => {
            Some(Expr::call("DATEADD", vec![date.clone(), number.clone(), unit_of(unit)?]))
        }
        ("DATEADD" | "DATEDIF", [from, to, unit @ Expr::Atom(_)]) if unit_of(unit).is_some() => {
            Some(Expr::call(name, vec![from.clone(), to.clone(), unit_of(unit)?]))
        }
        ("DATE_TRUNC", [one, two]) => {
            let (unit, date) = if unit_of(one).is_some() { (one, two) } else { (two, one) };
            truncated(&unit_of(unit)?, date)
        }
        ("IS_SAME", [one, two, Expr::Text(unit)]) => same_unit(one, two, unit),
        _ => None,
    }
}

/// Functions of SQL whose counterpart depends on the form of their arguments.
fn of_sql(name: &str, args: &[Expr]) -> Option<Expr> {
    match (name.to_ascii_uppercase().as_str(), args) {
        ("DATEPART" | "DATE_PART" | "DATENAME", [unit, date]) => part(unit, date),
        ("CONVERT", [one, two] | [one, two, _]) => of_convert(one, two),
        ("TRY_CONVERT", [one, two] | [one, two, _]) => {
            Some(Expr::call("IFERROR", vec![of_convert(one, two)?, Expr::Text(String::new())]))
        }
        ("LIKE", [value, pattern]) => matched(value, pattern, false),
        ("ILIKE", [value, pattern]) => matched(value, pattern, true),
        ("FORMAT", [value, Expr::Text(format)]) => Some(formats::of_net(value, format)),
        ("FORMAT", [value, places @ Expr::Atom(_)]) => {
            Some(Expr::call("FIXED", vec![value.clone(), places.clone()]))
        }
        _ => None,
    }
}

fn number(number: &str) -> Expr {
    Expr::Atom(number.to_owned())
}

/// `any(k in Job Title for k in ["VP", "Head"])`; what is searched for one of several texts is searched for all of them.
fn over_list(name: &str, parts: &[Expr]) -> Expr {
    if let ("ANY", [Expr::List(texts), item, Expr::Call(search, args)]) = (name, parts)
        && search == "CONTAINS"
        && let [subject, wanted] = args.as_slice()
        && wanted == item
    {
        let args = std::iter::once(subject).chain(texts);
        return Expr::call("CONTAINS", args.cloned().collect());
    }
    Expr::call(name, parts.to_vec())
}

/// `np.select([Score > 80, Score > 50], ["A", "B"], default="C")`
fn selected(conditions: &[Expr], results: &[Expr], rest: &[Expr]) -> Option<Expr> {
    let default = match rest {
        [] => number("0"),
        [Expr::Binary(Op::Equal, name, default)] if **name == number("default") => (**default).clone(),
        [default] => default.clone(),
        _ => return None,
    };
    let pairs = conditions.iter().zip(results).flat_map(|(condition, result)| [condition, result]);
    let args = pairs.cloned().chain([number("TRUE"), default]);
    (conditions.len() == results.len()).then(|| Expr::call("IFS", args.collect()))
}

/// `SUMIF(Country, "US", Revenue)` of one row: whether the range has what is counted. A range with a plural name is a list.
fn criterion_on(range: &Expr, criterion: &str) -> Option<Expr> {
    let is_list = matches!(range, Expr::Atom(name) if name.ends_with('s') && !name.ends_with("ss"));
    let Expr::Call(_, parts) = counted("COUNTIF", range, criterion)? else { return None };
    let [list, item, condition] = parts.as_slice() else { return None };
    if !is_list {
        return Some(condition.clone().mapped(&|part| if part == *item { list.clone() } else { part }));
    }
    Some(match condition {
        Expr::Binary(Op::Equal, _, wanted) => Expr::call("INCLUDES", vec![list.clone(), (**wanted).clone()]),
        _ => Expr::call("ANY", parts.clone()),
    })
}

/// `COUNTIF(Tags, ">5")` with a criterion of spreadsheets.
fn counted(name: &str, list: &Expr, criterion: &str) -> Option<Expr> {
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
    if let Some(start) = limit
        .strip_suffix('*')
        .filter(|start| op == Op::Equal && !start.trim_start_matches('*').contains(['*', '?']))
    {
        let item = Expr::Atom("item".to_owned());
        let (function, text) = match start.strip_prefix('*') {
            Some(inner) => ("CONTAINS", inner),
            None => ("STARTSWITH", start),
        };
        let condition = Expr::call(function, vec![item.clone(), Expr::Text(text.to_owned())]);
        return Some(Expr::call(name, vec![list.clone(), item, condition]));
    }
    if limit.contains(['*', '?']) {
        return None;
    }
    let limit = if limit.parse::<f64>().is_ok() {
        Expr::Atom(limit.to_owned())
    } else {
        Expr::Text(limit.to_owned())
    };
    let item = Expr::Atom("item".to_owned());
    Some(Expr::call(name, vec![list.clone(), item.clone(), Expr::binary(op, item, limit)]))
}
