//! Tests and comparisons that the kinds of value in the rows decide for every row: ISBLANK of empty text, ISNUMBER of
//! text, texts of digits in order, Booleans compared with words, and IDs that are too long for a number.

use super::bench::{Bench, Place, Site};
use super::findings::Findings;
use super::wants::{Want, wants};
use crate::check::{Node, NodeKind};
use crate::diagnostics::{Count, RowLint};
use crate::syntax::ast::CompareOp;
use crate::tools::spelled::{Spelled, listed, listed_values, quoted};
use crate::types::Type;
use crate::value::{FIRST_INEXACT, Text, Value, has_more_digits, is_empty, read_number, to_number};
use std::rc::Rc;

/// The largest whole number below which every whole number is exact at 15 digits.
const MOST_EXACT: f64 = 1e15;
/// The digits of a number that are exact.
const EXACT_DIGITS: usize = 15;

/// Adds the findings about one site.
pub(super) fn find<'r>(bench: &Bench<'r>, findings: &mut Findings<'r>) {
    for site in &bench.sites {
        match &site.node.kind {
            NodeKind::Call(builtin, args) if builtin.name == "ISBLANK" => {
                blank_test(bench, site, &args[0], findings);
            }
            NodeKind::Call(builtin, args) if builtin.name == "ISNUMBER" => {
                number_test(bench, site, &args[0], findings);
            }
            NodeKind::Compare(op, sides) => {
                for (own, other, op) in [(&sides.0, &sides.1, *op), (&sides.1, &sides.0, op.mirrored())] {
                    boolean_as_text(bench, site, own, other, findings);
                    number_as_text(bench, site, op, own, other, findings);
                }
                long_compared(bench, site, [&sides.0, &sides.1], findings);
            }
            NodeKind::InArms { needle, arms, .. } => {
                arms.iter().for_each(|arm| boolean_as_text(bench, site, needle, &arm.node, findings));
            }
            NodeKind::Call(builtin, args) if builtin.name == "TEXT" => {
                long_formatted(bench, site, &args[0], findings);
            }
            NodeKind::Switch { value, cases, .. } => {
                cases.iter().for_each(|case| boolean_as_text(bench, site, value, &case.case, findings));
            }
            _ => {}
        }
        for (want, node) in wants(site, bench.clock) {
            let is_compared = matches!(site.node.kind, NodeKind::Compare(..));
            if matches!(want, Want::Number | Want::Numbers | Want::Amount | Want::NumberOrDate)
                && !is_compared
            {
                long_computed(bench, site, node, findings);
            }
        }
    }
}

/// `ISBLANK(Website)` where rows have `""`.
fn blank_test<'r>(bench: &Bench<'r>, site: &Site<'r>, node: &'r Node, findings: &mut Findings<'r>) {
    let Some(domain) = bench.domain(node, &site.scope) else { return };
    let is_empty_text = |value: &Value<'_>| matches!(value, Value::Text(_)) && is_empty(value);
    let count: u64 =
        domain.values.iter().filter(|(value, _)| is_empty_text(value)).map(|(_, count)| count).sum();
    if count == 0 {
        return;
    }
    let (name, at) = (bench.written(node), node.span);
    let rows = bench.share(&domain.place, count);
    let help = Some(format!("write `ISEMPTY({name})`"));
    findings.add(&domain.place, RowLint::EmptyText { name, rows, at, help });
}

/// `ISNUMBER(Employee Count)` where rows have `"180"`, and no number.
fn number_test<'r>(bench: &Bench<'r>, site: &Site<'r>, node: &'r Node, findings: &mut Findings<'r>) {
    let Some(domain) = bench.domain(node, &site.scope) else { return };
    let has_number = domain.values.iter().any(|(value, _)| matches!(value, Value::Number(_)));
    if has_number || domain.is_list {
        return;
    }
    let is_numeric = |text: &str| {
        matches!(
            crate::tools::spelled::spelled(bench.clock, text),
            Spelled::Number | Spelled::Money | Spelled::Range
        )
    };
    let texts = domain.values.iter().filter_map(|(value, count)| match value {
        Value::Text(text) if is_numeric(text) => Some((text.clone(), *count)),
        _ => None,
    });
    let texts: Vec<(Text<'r>, u64)> = texts.collect();
    if texts.is_empty() {
        return;
    }
    let reader = match crate::tools::spelled::spelled(bench.clock, &texts[0].0) {
        Spelled::Number => "VALUE",
        Spelled::Money => "PARSENUMBER",
        _ => "RANGEMIN",
    };
    let (name, at) = (bench.written(node), node.span);
    let rows = bench.share(&domain.place, texts.iter().map(|(_, count)| count).sum());
    let problem = "never a number in these rows".to_owned();
    let help = Some(format!("write `ISNUMBER({reader}({name}))`"));
    let values = listed(&texts);
    findings.add(&domain.place, RowLint::NumberAsText { name, rows, values, problem, at, help });
}

/// `Is Customer = "Yes"` where rows have `true`.
fn boolean_as_text<'r>(
    bench: &Bench<'r>,
    site: &Site<'r>,
    own: &'r Node,
    other: &Node,
    findings: &mut Findings<'r>,
) {
    let NodeKind::Constant(Value::Text(literal)) = &other.kind else { return };
    let Some(place) = bench.place(own, &site.scope) else { return };
    let Some(shape) = bench.shape(&place) else { return };
    let booleans = shape.trues + shape.falses;
    let is_boolean = crate::value::to_boolean(&Value::borrowed(literal)).is_ok();
    if booleans == 0 || shape.values.distinct() as u64 > shape.values.empty_texts() || is_boolean {
        return;
    }
    let (name, at) = (bench.written(own), site.node.span);
    let is_no = bench.call("TOBOOLEAN", &[Value::borrowed(literal)]) == Some(Value::Boolean(false));
    let help = Some(format!("write `{name} = {}`", if is_no { "FALSE" } else { "TRUE" }));
    let (rows, literal) = (bench.share(&place, booleans), quoted(literal));
    findings.add(&place, RowLint::BooleanAsText { name, rows, literal, at, help });
}

/// `Employee Count < "50"` where rows have `"180"`: both are texts, and compared as such.
fn number_as_text<'r>(
    bench: &Bench<'r>,
    site: &Site<'r>,
    op: CompareOp,
    own: &'r Node,
    other: &Node,
    findings: &mut Findings<'r>,
) {
    let is_ordered = !matches!(op, CompareOp::Equal | CompareOp::NotEqual);
    let NodeKind::Constant(Value::Text(literal)) = &other.kind else { return };
    let number = read_number(literal).or_else(|| {
        let read = bench.call("PARSENUMBER", &[Value::borrowed(literal)])?;
        if let Value::Number(number) = read { Some(number) } else { None }
    });
    // `"2.0"` is a version rather than a number.
    let is_version = literal.contains('.') && literal.ends_with('0');
    let (Some(number), true) = (number, is_ordered && !is_version) else { return };
    let Some(place) = bench.place(own, &site.scope) else { return };
    let Some(spellings) = bench.spellings(&place) else { return };
    let (digits, money) = (spellings.list(Spelled::Number), spellings.list(Spelled::Money));
    let (name, at) = (bench.written(own), site.node.span);
    let sign = op.symbol();
    let number = crate::value::number_text(number);
    if !money.is_empty() {
        let rows = bench.share(&place, spellings.count(&[Spelled::Money, Spelled::Number]));
        let help = Some(format!("write `PARSENUMBER({name}) {sign} {number}`"));
        let values = listed(&money);
        findings.add(&place, RowLint::MoneyText { name, rows, values, at, help });
    } else if !digits.is_empty() {
        let rows = bench.share(&place, spellings.count(&[Spelled::Number]));
        let problem = "compared as text, character by character".to_owned();
        let help = Some(format!("to compare numbers, write `{name} {sign} {number}` without quotes"));
        let values = listed(&digits);
        findings.add(&place, RowLint::NumberAsText { name, rows, values, problem, at, help });
    }
}

/// The values at a place that have more digits than a number keeps: numbers, and texts of digits.
pub(super) struct Long<'r> {
    values: Vec<(Value<'r>, u64)>,
    /// Whether one of them is a number.
    has_number: bool,
}

fn long_values<'r>(bench: &Bench<'r>, place: &Place<'r>) -> Rc<Long<'r>> {
    bench.long.of(place, || {
        let mut values = bench.shape(place).map(|shape| shape.values.ranked()).unwrap_or_default();
        values.retain(|(value, _)| is_long(value));
        let has_number = values.iter().any(|(value, _)| matches!(value, Value::Number(_)));
        Long { values, has_number }
    })
}

fn is_long(value: &Value<'_>) -> bool {
    match value {
        Value::Number(number) => (MOST_EXACT..1e22).contains(&number.abs()) && number.fract() == 0.0,
        Value::Text(text) => {
            let text = text.trim();
            text.bytes().all(|byte| byte.is_ascii_digit())
                && text.trim_start_matches('0').len() > EXACT_DIGITS
        }
        _ => false,
    }
}

/// Whether a whole number is compared by all of its digits.
fn is_exact(value: &Value<'_>) -> bool {
    match value {
        // The shapes of rows keep numbers without the digits that computing would lose.
        Value::Number(number) => number.abs() >= FIRST_INEXACT,
        other => has_more_digits(other),
    }
}

/// An ID that is computed with.
fn long_computed<'r>(bench: &Bench<'r>, site: &Site<'r>, node: &'r Node, findings: &mut Findings<'r>) {
    let Some(place) = bench.place(node, &site.scope) else { return };
    let long = long_values(bench, &place);
    if !long.values.is_empty() {
        add_long(bench, &place, node, &long.values, findings);
    }
}

/// An ID that is a number in the rows and is shown by a format, which shows 15 digits.
fn long_formatted<'r>(bench: &Bench<'r>, site: &Site<'r>, node: &'r Node, findings: &mut Findings<'r>) {
    let Some(place) = bench.place(node, &site.scope) else { return };
    let long = long_values(bench, &place);
    let numbers = long.values.iter().filter(|(value, _)| matches!(value, Value::Number(_)));
    let numbers: Vec<(Value<'r>, u64)> = numbers.cloned().collect();
    if !numbers.is_empty() {
        add_long(bench, &place, node, &numbers, findings);
    }
}

/// IDs of which one side is a number, so that both are compared as numbers.
fn long_compared<'r>(bench: &Bench<'r>, site: &Site<'r>, sides: [&'r Node; 2], findings: &mut Findings<'r>) {
    let mut long = Vec::new();
    let mut as_numbers = sides.iter().any(|side| side.ty == Type::Number);
    for side in sides {
        let Some(place) = bench.place(side, &site.scope) else { continue };
        let found = long_values(bench, &place);
        as_numbers |= bench.shape(&place).is_some_and(|shape| shape.numbers > 0);
        // From 2^53 on, whole numbers are compared by all of their digits.
        let is_rounded = |value: &Value<'_>| to_number(value).is_ok() && !is_exact(value);
        let rounded: Vec<_> = found.values.iter().filter(|(value, _)| is_rounded(value)).cloned().collect();
        if !rounded.is_empty() {
            long.push((place, side, found.has_number, rounded));
        }
    }
    // The side that is a number in the rows is the one to change.
    long.sort_by_key(|(_, _, has_number, _)| !has_number);
    if let (true, Some((place, side, _, rounded))) = (as_numbers, long.first()) {
        add_long(bench, place, side, rounded, findings);
    }
}

fn add_long<'r>(
    bench: &Bench<'r>,
    place: &Place<'r>,
    node: &Node,
    values: &[(Value<'r>, u64)],
    findings: &mut Findings<'r>,
) {
    let (name, at) = (bench.written(node), node.span);
    let rows = bench.share(place, values.iter().map(|(_, count)| count).sum());
    let help = Some(match &values[0].0 {
        Value::Text(text) => {
            format!(
                "to keep all {}, use `{name}` as text: `{name} = \"{}\"`",
                Count(text.len(), "digit"),
                text.as_str()
            )
        }
        _ => format!("to keep all digits, write `{name}` as text in the rows: `{{\"{name}\": \"…\"}}`"),
    });
    findings.add(place, RowLint::LongNumber { name, rows, values: listed_values(values), at, help });
}
