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
    let is_literal = matches!(otherwise, Expr::Text(_))
        || matches!(otherwise, Expr::Atom(text) if text.parse::<f64>().is_ok());
    let is_tested = condition.is_condition() || (is_name(condition) && is_literal);
    (is_result && is_tested && !otherwise.is_condition())
        .then(|| Expr::call("IF", vec![(**condition).clone(), (**then).clone(), otherwise.clone()]))
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
    then.has(&|part| part == condition).then(|| {
        let test = Expr::call("ISNOTEMPTY", vec![condition.clone()]);
        Expr::call("IF", vec![test, then.clone(), otherwise.clone()])
    })
}

/// `Name && Name.length > 3`
pub(super) fn guarded(left: &Expr, right: &Expr) -> Option<Expr> {
    (is_name(left) && right.is_condition() && right.has(&|part| part == left))
        .then(|| Expr::binary(Op::And, Expr::call("ISNOTEMPTY", vec![left.clone()]), right.clone()))
}

/// Whether a value is the position of a text in another, from 1, as INSTR of SQL gives it.
pub(super) fn is_position(expr: &Expr) -> bool {
    search(expr).is_some()
}

/// The function that finds, and what it is given, of `FIND("a", x)` or `IFERROR(FIND("a", x), 0)`.
fn search(expr: &Expr) -> Option<(&'static str, &Expr, &Expr)> {
    let Expr::Call(name, args) = expr else { return None };
    match (name.as_str(), args.as_slice()) {
        ("FIND", [wanted, text]) => Some(("CONTAINS", text, wanted)),
        ("SEARCH", [wanted, text]) => Some(("ICONTAINS", text, wanted)),
        ("IFERROR", [search_call @ Expr::Call(..), zero]) if *zero == atom("0") => search(search_call),
        _ => None,
    }
}

/// `FIND("a", x) > 0`, which asks whether something is found.
pub(super) fn found(op: Op, left: &Expr, right: &Expr) -> Option<Expr> {
    let (function, text, wanted) = search(left)?;
    let found = Expr::call(function, vec![text.clone(), wanted.clone()]);
    let (is_zero, is_one) = (*right == atom("0"), *right == atom("1"));
    match op {
        Op::Greater | Op::NotEqual if is_zero => Some(found),
        Op::GreaterOrEqual if is_one => Some(found),
        Op::Equal | Op::LessOrEqual if is_zero => Some(found.negated()),
        Op::Less if is_one => Some(found.negated()),
        Op::Equal if is_one && function == "CONTAINS" => {
            Some(Expr::call("STARTSWITH", vec![text.clone(), wanted.clone()]))
        }
        _ => None,
    }
}

/// `x.indexOf("a") >= 0`, `x.search(/a/) !== -1`, which ask whether something is found.
pub(super) fn position(op: Op, left: &Expr, right: &Expr) -> Option<Expr> {
    let Expr::Method(object, name, args) = left else { return found(op, left, right) };
    let [wanted] = args.as_slice() else { return None };
    let function = match name.as_str() {
        "indexOf" if matches!(wanted, Expr::Pattern { .. }) => "REGEXMATCH",
        "indexOf" | "find" | "index" => "CONTAINS",
        "search" => "REGEXMATCH",
        _ => return None,
    };
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

/// The text that a pattern without any signs of patterns finds.
pub(super) fn plain_pattern(body: &str) -> Option<String> {
    let is_plain = |next: char| next.is_alphanumeric() || matches!(next, ' ' | '-' | '_' | ',' | '@' | ':');
    body.chars().all(is_plain).then(|| body.to_owned())
}

/// `x.split(/[,;]/)`, `x.includes(/VP/i)`: a pattern where a formula takes a text.
pub(super) fn of_pattern(object: &Expr, name: &str, body: &str, flags: &str) -> Option<Expr> {
    let matches = |body: String| {
        let pattern = Expr::Pattern { body, flags: flags.to_owned() };
        Expr::call("REGEXMATCH", vec![object.clone(), pattern])
    };
    match name {
        "includes" | "contains" => Some(matches(body.to_owned())),
        "startsWith" => Some(matches(format!("^(?:{body})"))),
        "endsWith" => Some(matches(format!("(?:{body})$"))),
        "split" => {
            let plain = plain_pattern(body).filter(|_| !flags.contains('i'));
            let (text, separator) = if let Some(separator) = plain {
                (object.clone(), Expr::Text(separator))
            } else {
                let line_end = Expr::Text("\n".to_owned());
                let pattern = Expr::Pattern { body: body.to_owned(), flags: flags.to_owned() };
                let args = vec![object.clone(), pattern, line_end.clone()];
                (Expr::call("REGEXREPLACE", args), line_end)
            };
            Some(Expr::call("SPLIT", vec![text, separator]))
        }
        _ => None,
    }
}

/// `x.match(/(a)(b)/)[1]`: the first group, or the whole match of a pattern without groups.
pub(super) fn group(mut args: Vec<Expr>, index: &Expr) -> Expr {
    let body = match args.get(1) {
        Some(Expr::Pattern { body, .. } | Expr::Text(body)) => body.clone(),
        _ => return Expr::without_counterpart(),
    };
    let has_groups = groups(&body) > 0;
    match index {
        Expr::Atom(first) if first == "1" && has_groups => Expr::call("REGEXEXTRACT", args),
        Expr::Atom(whole) if whole == "0" => {
            if let (true, Some(Expr::Pattern { body, .. } | Expr::Text(body))) = (has_groups, args.get_mut(1))
            {
                *body = format!("({body})");
            }
            Expr::call("REGEXEXTRACT", args)
        }
        _ => Expr::without_counterpart(),
    }
}

/// How many groups a pattern captures.
fn groups(body: &str) -> usize {
    let (mut count, mut is_escaped, mut in_class) = (0, false, false);
    for (at, next) in body.char_indices() {
        let rest = &body[at + next.len_utf8()..];
        let captures = !rest.starts_with('?') || rest.starts_with("?<") || rest.starts_with("?P<");
        match next {
            _ if is_escaped => {}
            '[' => in_class = true,
            ']' => in_class = false,
            '(' if !in_class && captures => count += 1,
            _ => {}
        }
        is_escaped = next == '\\' && !is_escaped;
    }
    count
}

/// `re.match("VP", x) is None`, where a test counts as a value.
pub(super) fn test_of_nothing(value: &Expr) -> Option<Expr> {
    matches!(value, Expr::Call(name, _) if name == "REGEXMATCH").then(|| value.clone().negated())
}

/// Milliseconds of an hour and of a day.
const HOUR: f64 = 3_600_000.0;
const DAY: f64 = 24.0 * HOUR;

/// `(new Date() - x) / 86400000`, `… > 30 * 24 * 60 * 60 * 1000`: differences of dates are in days here.
pub(super) fn in_days(op: Op, left: &Expr, right: &Expr) -> Option<Expr> {
    let number = constant(right)?;
    if !matches!(left, Expr::Binary(Op::Minus, ..)) {
        return None;
    }
    if op == Op::Over {
        // Other differences are divided by 1000, too.
        let least = if is_difference(left) { 1_000.0 } else { HOUR };
        return (number >= least).then(|| divided(left, number));
    }
    if !op.is_comparison() || !is_difference(left) || number < HOUR {
        return None;
    }
    Some(match (number / DAY, number / HOUR) {
        (days, _) if days.fract() == 0.0 => Expr::binary(op, left.clone(), atom(&days.to_string())),
        (_, hours) if hours.fract() == 0.0 => {
            let in_hours = Expr::binary(Op::Times, left.clone(), atom("24"));
            Expr::binary(op, in_hours, atom(&hours.to_string()))
        }
        _ => Expr::without_counterpart(),
    })
}

/// A difference of milliseconds divided, as a difference of days.
fn divided(difference: &Expr, number: f64) -> Expr {
    let (days, parts) = (number / DAY, DAY / number);
    if days == 1.0 {
        difference.clone()
    } else if days.fract() == 0.0 {
        Expr::binary(Op::Over, difference.clone(), atom(&days.to_string()))
    } else if [HOUR, 60_000.0, 1_000.0].contains(&number) {
        Expr::binary(Op::Times, difference.clone(), atom(&parts.to_string()))
    } else {
        Expr::without_counterpart()
    }
}

/// The value of a product of numbers, such as `1000 * 60 * 60 * 24`.
fn constant(expr: &Expr) -> Option<f64> {
    match expr {
        Expr::Atom(number) => number.parse().ok(),
        Expr::Binary(Op::Times, left, right) => Some(constant(left)? * constant(right)?),
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

/// `jobs.reduce((sum, job) => sum + job.years, 0)`
pub(super) fn added_up(list: &Expr, names: &[String], body: &Expr, start: &Expr) -> Option<Expr> {
    let ([sum, item], Expr::Binary(Op::Plus, before, by)) = (names, body) else { return None };
    if **before != atom(sum) || by.has(&|part| *part == atom(sum)) || *start != atom("0") {
        return None;
    }
    let own = atom(item);
    let added =
        if **by == own { list.clone() } else { Expr::call("MAP", vec![list.clone(), own, (**by).clone()]) };
    Some(Expr::call("SUM", vec![added]))
}
