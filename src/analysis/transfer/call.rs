//! Calls of builtins with sets of values.

use super::arithmetic::{Numeric, as_number};
use super::compare::ordered;
use super::ordered::ordered_as;
use super::search;
use crate::analysis::possible::{Case, Flags, Interval, Intervals, Possible, sample};
use crate::builtins::{Builtin, Call, Group, Run, Values};
use crate::syntax::ast::CompareOp;
use crate::value::{Clock, Value};
use std::rc::Rc;

/// More combinations of listed arguments than this are not evaluated one by one.
const MOST_CALLS: usize = 64;
/// A longer list is only known to have items.
const MOST_ITEMS: usize = 1_000;
/// A range of fewer whole numbers than this is a list of them.
const MOST_WHOLE: f64 = 24.0;

/// The results of a call.
pub(in crate::analysis) fn called(
    builtin: &'static Builtin,
    args: &[Rc<Possible>],
    clock: &Clock,
) -> Possible {
    let sees_errors = matches!(builtin.run, Run::SeesErrors(_));
    if !sees_errors && args.iter().any(|arg| arg.clone().as_ref().clone().without_errors().is_empty()) {
        let errors = args.iter().fold(Flags::NONE, |all, arg| all | arg.errors());
        return Possible::flags(errors);
    }
    if let Some(results) = one_by_one(builtin, args, clock) {
        return results;
    }
    if let Some(results) = by_component(builtin, args, clock) {
        return results;
    }
    let errors = args.iter().fold(Flags::NONE, |all, arg| all | arg.errors()).when(!sees_errors);
    if is_of_filled_text(builtin) && args[0].clone().as_ref().clone().without_errors().is_always_empty() {
        let unreadable = args[0].flags.has(Flags::COLLECTIONS);
        return Possible::flags(Flags::FALSE | Flags::VALUE.when(unreadable) | errors);
    }
    if let Some(needles) = search::needles(builtin, args) {
        return Possible::flags(search::found(&args[0], &needles));
    }
    if let Some(results) = numeric(builtin, args, clock) {
        return results.with(errors);
    }
    stated(builtin, args, clock).with(errors)
}

/// Whether a builtin asks whether a text has some form, which an empty one never has.
pub(in crate::analysis) fn is_of_filled_text(builtin: &Builtin) -> bool {
    matches!(builtin.name, "ISEMAIL" | "ISPHONE" | "ISFREEMAIL" | "ISWORKEMAIL" | "ISPLACEHOLDER")
}

/// Whether the result depends on more than the arguments.
fn reads_clock(builtin: &Builtin) -> bool {
    builtin.group == Group::Time
}

fn run(builtin: &'static Builtin, args: &[Value<'static>], clock: &Clock) -> Option<Value<'static>> {
    let call = Call::new(builtin, args, clock, &|_| None);
    match builtin.run {
        Run::Eager(run) | Run::SeesErrors(run) => {
            Some(run(&call).map_or_else(|error| Value::Error(error.0), Value::into_owned))
        }
        Run::Form(_) => None,
    }
}

/// The results for arguments that have few values, each evaluated by the builtin itself.
fn one_by_one(builtin: &'static Builtin, args: &[Rc<Possible>], clock: &Clock) -> Option<Possible> {
    if reads_clock(builtin) && !matches!(builtin.name, "DATE" | "YEAR" | "MONTH" | "DAY" | "DATETIME_FORMAT")
    {
        return None;
    }
    let sees_errors = matches!(builtin.run, Run::SeesErrors(_));
    let mut lists = Vec::with_capacity(args.len());
    let mut combinations = 1_usize;
    for arg in args {
        let listed = arg.listed(MOST_CALLS)?;
        combinations = combinations.checked_mul(listed.len()).filter(|count| *count <= MOST_CALLS)?;
        lists.push(listed);
    }
    let mut results = Possible::none();
    for index in 0..combinations {
        let mut rest = index;
        let chosen: Vec<Value<'static>> = lists
            .iter()
            .map(|list| {
                let value = list[rest % list.len()].clone();
                rest /= list.len();
                value
            })
            .collect();
        let error = chosen.iter().find(|value| value.as_error().is_some()).filter(|_| !sees_errors);
        let value = match error {
            Some(error) => error.clone(),
            None => run(builtin, &chosen, clock)?,
        };
        let value = match value {
            // The words of a message play no role.
            Value::Error(error) => Possible::flags(crate::analysis::possible::error_flag(error.code)),
            // A long list, such as one of SEQUENCE, would be compared item by item.
            Value::List(items) if items.len() > MOST_ITEMS => Possible::flags(Flags::ITEMS),
            value => Possible::exactly(&value, clock),
        };
        results = results.join(&value);
    }
    Some(results)
}

/// The parts of `values`, one for each kind of value, with a value of that kind.
fn components(values: &Possible) -> Vec<(Possible, Value<'static>)> {
    let none = Possible::none();
    let mut parts: Vec<(Possible, Value<'static>)> =
        values.flags.each().map(|flag| (Possible::flags(flag), sample(flag))).collect();
    let date = || crate::value::Date::day(jiff::civil::date(2026, 1, 31));
    if !values.numbers.is_empty() {
        parts.push((Possible::numbers(values.numbers.clone()), Value::Number(1.0)));
    }
    if !values.number_texts.is_empty() {
        let part = Possible { number_texts: values.number_texts.clone(), ..none.clone() };
        parts.push((part, Value::borrowed("1")));
    }
    if !values.dates.is_empty() {
        parts.push((Possible { dates: values.dates.clone(), ..none.clone() }, Value::Date(date())));
    }
    if !values.date_texts.is_empty() {
        let part = Possible { date_texts: values.date_texts.clone(), ..none };
        parts.push((part, Value::borrowed("2026-01-31")));
    }
    if !values.words.is_empty() {
        parts.push((Possible::words(values.words.clone()), Value::borrowed("word")));
    }
    parts
}

/// Whether the result depends only on what kind of value the argument is.
fn asks_for_kind(builtin: &Builtin) -> bool {
    builtin.group == Group::Test
        && builtin.params.len() == 1
        && !matches!(builtin.name, "ISEVEN" | "ISODD" | "N" | "T")
}

fn by_component(builtin: &'static Builtin, args: &[Rc<Possible>], clock: &Clock) -> Option<Possible> {
    let [arg] = args else { return None };
    if !asks_for_kind(builtin) {
        return None;
    }
    let mut results = Possible::none();
    for (part, value) in components(arg) {
        let is_passed_on = !part.errors().is_empty() && matches!(builtin.run, Run::Eager(_));
        let result =
            if is_passed_on { part } else { Possible::exactly(&run(builtin, &[value], clock)?, clock) };
        results = results.join(&result);
    }
    Some(results)
}

/// The values for which a question about their kind is answered by `truth`; nothing for other builtins.
pub(in crate::analysis) fn components_that(
    builtin: &'static Builtin,
    values: &Possible,
    truth: bool,
    clock: &Clock,
) -> Option<Possible> {
    if !asks_for_kind(builtin) || builtin.returns.ty != crate::types::Type::Boolean {
        return None;
    }
    let mut kept = Possible::none();
    for (part, value) in components(values) {
        let is_passed_on = !part.errors().is_empty() && matches!(builtin.run, Run::Eager(_));
        if !is_passed_on && run(builtin, &[value], clock)? == Value::Boolean(truth) {
            kept = kept.join(&part);
        }
    }
    Some(Possible { exact: values.exact.clone(), ..kept })
}

/// What the registry states about the results.
fn stated(builtin: &'static Builtin, args: &[Rc<Possible>], clock: &Clock) -> Possible {
    let returns = builtin.returns;
    let mut values = match returns.values {
        Values::Texts(list) => Possible::of_texts(list(), clock),
        Values::Whole(low, high) if high - low < MOST_WHOLE => {
            let points = (low as i64..=high as i64).map(|number| Intervals::point(number as f64));
            Possible::numbers(points.fold(Intervals::none(), |all, point| all.join(&point)))
        }
        Values::Whole(low, high) | Values::Between(low, high) => {
            Possible::numbers(Intervals::between(low, high))
        }
        Values::Numbers(list) => {
            let points = list.iter().map(|number| Intervals::point(*number));
            Possible::numbers(points.fold(Intervals::none(), |all, point| all.join(&point)))
        }
        Values::Any | Values::Known(_) | Values::Normal | Values::Part => Possible::of_type(returns.ty),
    };
    if let Some(range) = range_of(builtin, args) {
        values.numbers = values.numbers.meet(&range);
    }
    if let Some(case) = case_of(builtin, args) {
        values.words = values.words.with_case(case);
    }
    values.with(Flags::BLANK.when(returns.blank)).with(Flags::ERRORS)
}

/// The numbers that a call returns, where they depend on a setting that is a constant.
fn range_of(builtin: &Builtin, args: &[Rc<Possible>]) -> Option<Intervals> {
    let setting = args.get(1).map(|arg| as_number(arg).numbers.as_point());
    match builtin.name {
        "WEEKDAY" => match setting {
            Some(None) => None,
            Some(Some(3.0)) => Some(Intervals::between(0.0, 6.0)),
            _ => Some(Intervals::between(1.0, 7.0)),
        },
        "MOD" => {
            let divisor = setting??;
            Some(Intervals::between(divisor.min(0.0), divisor.max(0.0)))
        }
        _ => None,
    }
}

fn case_of(builtin: &Builtin, args: &[Rc<Possible>]) -> Option<Case> {
    match builtin.name {
        "LOWER" => Some(Case::Lower),
        "UPPER" => Some(Case::Upper),
        "TRIM" | "CLEAN" | "LEFT" | "RIGHT" | "MID" | "DEBURR" => match &args.first()?.words {
            crate::analysis::possible::Words::Any(facts) => Some(facts.case),
            _ => None,
        },
        _ => None,
    }
}

/// An argument of MIN, MAX or SUM: its numbers, and whether it can count as none.
struct Counted {
    hull: Option<Interval>,
    can_be_absent: bool,
    can_be_date: bool,
    errors: Flags,
}

impl Counted {
    fn of(values: &Possible) -> Self {
        let has_items = values.flags.has(Flags::ITEMS);
        let mut numbers = values.numbers.join(&values.number_texts);
        if values.flags.has(Flags::TRUE) {
            numbers = numbers.join(&Intervals::point(1.0));
        }
        if values.flags.has(Flags::FALSE) {
            numbers = numbers.join(&Intervals::point(0.0));
        }
        if has_items {
            numbers = Intervals::all();
        }
        let skipped = Flags::EMPTY | Flags::BOOLEAN_TEXTS | Flags::ITEMS;
        let can_be_date = !values.dates.is_empty() || !values.date_texts.is_empty() || has_items;
        Self {
            hull: numbers.hull(),
            can_be_absent: values.flags.has(skipped)
                || !values.words.is_empty()
                || !values.date_texts.is_empty(),
            can_be_date,
            errors: values.errors() | Flags::VALUE.when(values.flags.has(Flags::MEMBERS) || can_be_date),
        }
    }
}

/// The results of builtins that follow their arguments up and down.
fn numeric(builtin: &'static Builtin, args: &[Rc<Possible>], clock: &Clock) -> Option<Possible> {
    match builtin.name {
        "MIN" => Some(extreme(args, false)),
        "MAX" => Some(extreme(args, true)),
        "BETWEEN" => Some(between(args, clock)),
        "SUM" => Some(total(args)),
        "ROUND" | "ROUNDUP" | "ROUNDDOWN" | "TRUNC" | "INT" | "CLAMP" => monotone(builtin, args, clock),
        "ABS" => Some(absolute(&args[0])),
        "SCALE" => scaled(builtin, args, clock),
        "DECAY" => Some(decayed(&args[0])),
        _ => None,
    }
}

/// The results of MIN, or of MAX if `flipped`: as MIN of the opposites.
fn extreme(args: &[Rc<Possible>], flipped: bool) -> Possible {
    let counted: Vec<Counted> = args.iter().map(|arg| Counted::of(arg)).collect();
    let errors = counted.iter().fold(Flags::NONE, |all, arg| all | arg.errors);
    let mut result = Possible::flags(errors);
    if counted.iter().any(|arg| arg.can_be_date) {
        result.dates = Intervals::all();
    }
    let ends = |hull: Interval| if flipped { (-hull.high, -hull.low) } else { (hull.low, hull.high) };
    let all = || counted.iter().filter_map(|arg| arg.hull.map(ends));
    let sure = || counted.iter().filter(|arg| !arg.can_be_absent).filter_map(|arg| arg.hull.map(ends));
    let lowest = all().map(|(low, _)| low).reduce(f64::min);
    // What is never absent bounds the result; otherwise the largest can be the only one that is there.
    let highest = sure().map(|(_, high)| high).reduce(f64::min);
    let highest = highest.or_else(|| all().map(|(_, high)| high).reduce(f64::max));
    if let Some((low, high)) = lowest.zip(highest) {
        let (low, high) = if flipped { (-high, -low) } else { (low, high) };
        result.numbers = Intervals::between(low + 0.0, high + 0.0);
    }
    if counted.iter().all(|arg| arg.can_be_absent) {
        result.numbers = result.numbers.join(&Intervals::point(0.0));
    }
    result
}

fn total(args: &[Rc<Possible>]) -> Possible {
    let (mut low, mut high, mut errors) = (0.0, 0.0, Flags::NONE);
    for counted in args.iter().map(|arg| Counted::of(arg)) {
        errors = errors | counted.errors;
        let Some(hull) = counted.hull else { continue };
        low += if counted.can_be_absent { hull.low.min(0.0) } else { hull.low };
        high += if counted.can_be_absent { hull.high.max(0.0) } else { hull.high };
    }
    let overflows = low == f64::NEG_INFINITY || high == f64::INFINITY;
    Possible::numbers(Intervals::between(low, high)).with(errors | Flags::NUMBER.when(overflows))
}

fn between(args: &[Rc<Possible>], clock: &Clock) -> Possible {
    let above = ordered(CompareOp::GreaterOrEqual, &args[0], &args[1], clock);
    let within = ordered_as(CompareOp::GreaterOrEqual, &args[0], &args[1], true);
    let below = ordered(CompareOp::LessOrEqual, &args[0], &args[2], clock);
    let both = ordered(CompareOp::LessOrEqual, &within, &args[2], clock);
    let is_true = above.has(Flags::TRUE) && both.has(Flags::TRUE);
    let is_false = above.has(Flags::FALSE) || below.has(Flags::FALSE);
    Possible::flags(Flags::TRUE.when(is_true) | Flags::FALSE.when(is_false))
}

fn absolute(values: &Possible) -> Possible {
    let Numeric { numbers, errors } = as_number(values);
    let fold = |piece: &Interval| {
        let (one, two) = (piece.low.abs(), piece.high.abs());
        let low = if piece.low <= 0.0 && piece.high >= 0.0 { 0.0 } else { one.min(two) };
        Interval::closed(low, one.max(two))
    };
    Possible::numbers(numbers.map(fold)).with(errors)
}

/// DECAY gives a part of the points, or Blank.
fn decayed(points: &Possible) -> Possible {
    let hull = as_number(points).numbers.hull();
    let part =
        hull.map_or_else(Intervals::none, |hull| Intervals::between(hull.low.min(0.0), hull.high.max(0.0)));
    Possible::numbers(part).with(Flags::BLANK | Flags::ERRORS)
}

/// The hull of results at the lowest and at the highest arguments, for builtins that never fall where those rise.
fn monotone(builtin: &'static Builtin, args: &[Rc<Possible>], clock: &Clock) -> Option<Possible> {
    let numbers: Vec<Numeric> = args.iter().map(|arg| as_number(arg)).collect();
    // How many digits to round to is no size that results follow.
    if builtin.name != "CLAMP" && numbers.len() > 1 && numbers[1].numbers.as_point().is_none() {
        return None;
    }
    let errors = numbers.iter().fold(Flags::NONE, |all, arg| all | arg.errors);
    let hulls: Option<Vec<Interval>> = numbers.iter().map(|arg| arg.numbers.hull()).collect();
    let Some(hulls) = hulls else { return Some(Possible::flags(errors)) };
    let at = |end: fn(&Interval) -> f64| -> Option<f64> {
        let ends: Vec<f64> = hulls.iter().map(end).collect();
        if ends[0].is_infinite() && builtin.name != "CLAMP" {
            return Some(ends[0]);
        }
        let values: Vec<Value<'static>> = ends.into_iter().map(Value::Number).collect();
        match run(builtin, &values, clock)? {
            Value::Number(number) => Some(number),
            _ => None,
        }
    };
    // CLAMP fails only where its bounds can be in the wrong order.
    let fails = builtin.name != "CLAMP" || numbers[1..].iter().any(|arg| arg.numbers.as_point().is_none());
    let errors = errors | Flags::NUMBER.when(fails);
    Some(Possible::numbers(Intervals::between(at(|hull| hull.low)?, at(|hull| hull.high)?)).with(errors))
}

/// SCALE with constant ranges gives numbers between the ends of the second.
fn scaled(builtin: &'static Builtin, args: &[Rc<Possible>], clock: &Clock) -> Option<Possible> {
    let Numeric { numbers, errors } = as_number(&args[0]);
    let Some(hull) = numbers.hull() else { return Some(Possible::flags(errors)) };
    let mut ends = Vec::new();
    for end in [hull.low, hull.high] {
        let end = end.clamp(-1e300, 1e300);
        let mut values = vec![Value::Number(end)];
        for arg in &args[1..] {
            values.push(arg.as_exact()?);
        }
        match run(builtin, &values, clock)? {
            Value::Number(number) => ends.push(number),
            _ => return None,
        }
    }
    Some(Possible::numbers(Intervals::between(ends[0].min(ends[1]), ends[0].max(ends[1]))).with(errors))
}
