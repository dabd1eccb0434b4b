//! What findings about conditions say: what a condition's parts can be, and what to write instead.

use super::Decided;
use crate::analysis::facts::Facts;
use crate::analysis::possible::{Flags, Intervals, Possible};
use crate::analysis::values::Values;
use crate::check::{Arm, Node, NodeKind};
use crate::span::Span;
use crate::syntax::ast::CompareOp;
use crate::syntax::balanced;
use crate::syntax::print_number;
use crate::types::Type;
use crate::value::Value;

/// More characters than this of a formula are not quoted.
const MOST_QUOTED: usize = 60;
/// Longer formulas are not repeated in a suggestion.
const MOST_SUGGESTED: usize = 140;
/// More values than this are not listed.
const MOST_LISTED: usize = 14;

/// The text of a span on one line, cut off where it is long.
pub(crate) fn one_line(text: &str, span: Span) -> String {
    let words: Vec<&str> = balanced(text, span).of(text).split_whitespace().collect();
    let line = words.join(" ");
    match line.char_indices().nth(MOST_QUOTED) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None => line,
    }
}

/// The whole text of a span on one line, unless it is too long for a suggestion.
pub(crate) fn whole_line(text: &str, span: Span) -> Option<String> {
    let span = balanced(text, span);
    let words: Vec<&str> = span.of(text).split_whitespace().collect();
    let line = words.join(" ");
    (line.chars().count() <= MOST_SUGGESTED && !span.of(text).contains(['#', '\n'])).then_some(line)
}

/// Text in backticks, if it was not cut off.
fn quoted(line: &str) -> Option<String> {
    (!line.ends_with('…')).then(|| format!("`{line}`"))
}

/// The span of a term of POINTS with its condition.
pub(super) fn whole_addend(node: &Node) -> Span {
    match &node.kind {
        NodeKind::AsNumber(inner) => match &inner.kind {
            NodeKind::Choose { branches, .. } => branches[0].condition.span.to(branches[0].result.span),
            _ => node.span,
        },
        _ => node.span,
    }
}

/// Why a condition is constant, and what to write instead.
pub(super) fn why_constant(values: &Values<'_>, node: &Node, truth: bool) -> (String, Option<String>) {
    let text = values.tree.source.text();
    let nothing = Facts::default();
    match &node.kind {
        NodeKind::Compare(op, sides) => {
            let constant = |node: &Node| matches!(node.kind, NodeKind::Constant(_));
            let subject = if constant(&sides.0) { &sides.1 } else { &sides.0 };
            let possible = values.of(values.terms.id(subject), &nothing);
            let range = described(&possible);
            let name = one_line(text, subject.span);
            if constant(subject) {
                let help = "write a column in place of one of them".to_owned();
                return ("both sides are constants".to_owned(), Some(help));
            }
            let why = match range {
                _ if is_call_of(subject, "YEAR") => "a year has four digits".to_owned(),
                Some(range) => format!("`{name}` is {range}"),
                None => "constant".to_owned(),
            };
            let other = if constant(&sides.0) { &sides.0 } else { &sides.1 };
            let help = help_for_length(text, *op, subject, truth).or_else(|| help_for_search(text, subject));
            (
                why,
                help.or_else(|| help_for_year(subject, other))
                    .or_else(|| help_for_column(subject, &possible, &name)),
            )
        }
        NodeKind::Call(builtin, args) if !args.is_empty() => {
            let arg = one_line(text, args[0].span);
            let possible = values.of(values.terms.id(&args[0]), &nothing);
            let what = kind_of(&possible, &args[0]);
            let help = match builtin.name {
                "ISBLANK" => Some(format!("to include empty text, write `ISEMPTY({arg})`")),
                "ISNUMBER" => Some(format!("to read the text as a number, write `ISNUMBER(VALUE({arg}))`")),
                "ISERROR" | "ISNA" if is_read(&args[0]) => Some(format!(
                    "put IFERROR around the formula that can fail; to test for a missing value, write `ISEMPTY({arg})`"
                )),
                "ISEMPTY" | "ISNOTEMPTY" => first_input(&args[0]).map(|node| {
                    format!("test the column itself: `{}({})`", builtin.name, one_line(text, node.span))
                }),
                _ => None,
            };
            let why = what.map_or_else(|| "constant".to_owned(), |what| format!("`{arg}` is {what}"));
            (why, help)
        }
        NodeKind::Constant(_) => {
            ("written as a constant".to_owned(), Some("remove it, or write the condition".to_owned()))
        }
        NodeKind::Local(_) | NodeKind::Column(_) => {
            let name = one_line(text, node.span);
            (
                format!("`{name}` has the same value in every row"),
                Some(format!("remove the condition, or change `{name}`")),
            )
        }
        _ => ("constant".to_owned(), None),
    }
}

/// `LEN(x) >= 0` is meant as `LEN(x) > 0`.
fn help_for_length(text: &str, op: CompareOp, subject: &Node, truth: bool) -> Option<String> {
    let counts = matches!(&subject.kind, NodeKind::Call(builtin, _) if matches!(builtin.name, "LEN" | "COUNT" | "COUNTA"));
    (truth && counts && op == CompareOp::GreaterOrEqual)
        .then(|| format!("write `{} > 0`", one_line(text, subject.span)))
}

/// `SEARCH("vp", Job Title) > 0`, which is an error where nothing is found.
fn help_for_search(text: &str, subject: &Node) -> Option<String> {
    let NodeKind::Call(builtin, args) = &subject.kind else { return None };
    let function = match builtin.name {
        "FIND" => "CONTAINS",
        "SEARCH" => "ICONTAINS",
        _ => return None,
    };
    let [wanted, searched] = args.as_slice() else { return None };
    let [wanted, searched] = [whole_line(text, wanted.span)?, whole_line(text, searched.span)?];
    Some(format!("write `{function}({searched}, {wanted})`, which is FALSE where the search is an error"))
}

/// `YEAR(d) > 24` is meant as `YEAR(d) > 2024`.
fn help_for_year(subject: &Node, other: &Node) -> Option<String> {
    match other.kind {
        NodeKind::Constant(Value::Number(year))
            if is_call_of(subject, "YEAR") && (0.0..100.0).contains(&year) =>
        {
            Some(format!("write the year with four digits: `{}`", 2000.0 + year))
        }
        _ => None,
    }
}

/// A comparison with a number that a computed column never reaches.
fn help_for_column(subject: &Node, possible: &Possible, name: &str) -> Option<String> {
    let is_computed = matches!(subject.kind, NodeKind::Column(_) | NodeKind::Local(_));
    let others = match filled(possible).listed(MOST_LISTED).map_or(0, |list| list.len()) {
        0 => "compare with a value within this range",
        1 => "remove the condition",
        _ => "compare with one of these values",
    };
    is_computed.then(|| format!("{others}, or correct the formula of `{name}`"))
}

fn is_call_of(node: &Node, name: &str) -> bool {
    matches!(&node.kind, NodeKind::Call(builtin, _) if builtin.name == name)
}

/// Whether a node is a column of the row or a place within it.
fn is_read(node: &Node) -> bool {
    matches!(node.kind, NodeKind::Input(_) | NodeKind::Access { .. })
}

/// The first column of the row that a node reads.
fn first_input(node: &Node) -> Option<&Node> {
    match node.kind {
        NodeKind::Input(_) => Some(node),
        _ => node.children().into_iter().find_map(first_input),
    }
}

/// What kind of value all of these are.
fn kind_of(values: &Possible, node: &Node) -> Option<String> {
    let is = |part: &Possible| values.clone().without_errors().meet(part) == values.clone().without_errors();
    let filled = |what: &str| format!("always {what}");
    if is_read(node) && values.errors().is_empty() {
        return Some("read from the row and never an error".to_owned());
    }
    if is(&Possible::of_type(Type::Number)) {
        return Some(filled("a number"));
    }
    if is(&Possible::flags(Flags::BOOLEANS)) {
        return Some(filled("TRUE or FALSE"));
    }
    if is(&Possible::texts()) {
        return Some(filled("text"));
    }
    None
}

/// The values that are neither errors nor empty.
fn filled(values: &Possible) -> Possible {
    values.clone().without(Flags::ERRORS | Flags::EMPTY)
}

/// A set of numbers or a list of values, in a sentence after `is`.
pub(in crate::analysis) fn described(values: &Possible) -> Option<String> {
    let filled = filled(values);
    if let Some(list) = filled.listed(MOST_LISTED).filter(|list| !list.is_empty()) {
        let shown: Vec<String> = list.iter().map(shown).collect();
        return Some(match shown.as_slice() {
            [only] => format!("always {only}"),
            _ => format!("one of {}", shown.join(", ")),
        });
    }
    // Where numbers are expected, that a row could hold a date goes without saying.
    let without_dates = Possible { dates: Intervals::none(), exact: None, ..filled.clone() };
    if without_dates != Possible::numbers(filled.numbers.clone()) {
        return None;
    }
    let hull = filled.numbers.hull()?;
    match (hull.low.is_finite(), hull.high.is_finite()) {
        (true, true) => Some(format!("from {} to {}", print_number(hull.low), print_number(hull.high))),
        (true, false) => Some(format!("at least {}", print_number(hull.low))),
        (false, true) => Some(format!("at most {}", print_number(hull.high))),
        (false, false) => None,
    }
}

/// A value as formulas write it.
pub(in crate::analysis) fn shown(value: &Value<'_>) -> String {
    match value {
        Value::Number(number) => print_number(*number),
        Value::Text(text) => crate::syntax::print_text(text),
        Value::Boolean(true) => "TRUE".to_owned(),
        Value::Boolean(false) => "FALSE".to_owned(),
        Value::Blank => "Blank".to_owned(),
        other => crate::value::json_text(other),
    }
}

/// The column or call that both conditions compare, and what each compares it with.
fn same_subject<'n>(
    values: &Values<'_>,
    one: &'n Node,
    two: &'n Node,
) -> Option<(&'n Node, &'n Node, &'n Node, [CompareOp; 2])> {
    let (NodeKind::Compare(first, one), NodeKind::Compare(second, two)) = (&one.kind, &two.kind) else {
        return None;
    };
    let same = values.terms.id(&one.0) == values.terms.id(&two.0);
    same.then_some((&one.0, &one.1, &two.1, [*first, *second]))
}

/// `x IN [a, b]` for `x = a AND x = b`.
pub(super) fn instead_of_contradiction(values: &Values<'_>, one: &Node, two: &Node) -> String {
    let text = values.tree.source.text();
    let quote = |node: &Node| one_line(text, node.span);
    if let Some((subject, first, second, [CompareOp::Equal, CompareOp::Equal])) =
        same_subject(values, one, two)
    {
        return format!(
            "for either value, write `{} IN [{}, {}]`",
            quote(subject),
            quote(first),
            quote(second)
        );
    }
    let either = format!("{} OR {}", quote(one), quote(two));
    let or = match quoted(&either) {
        Some(either) => format!("write OR if either condition is enough: {either}"),
        None => "write OR if either condition is enough".to_owned(),
    };
    match exchanged_bounds(values, one, two) {
        Some(bounds) => format!("exchange the bounds: `{bounds}`; or {or}"),
        None => or,
    }
}

/// `x > a AND x < b` for `x > b AND x < a`.
fn exchanged_bounds(values: &Values<'_>, one: &Node, two: &Node) -> Option<String> {
    let (subject, first, second, [op, other_op]) = same_subject(values, one, two)?;
    let points_up = |op| matches!(op, CompareOp::Greater | CompareOp::GreaterOrEqual);
    if !op.is_ordering() || !other_op.is_ordering() || points_up(op) == points_up(other_op) {
        return None;
    }
    let quote = |node: &Node| one_line(values.tree.source.text(), node.span);
    let (subject, first, second) = (quote(subject), quote(first), quote(second));
    let [op, other_op] = [op.symbol(), other_op.symbol()];
    (first != second).then(|| format!("{subject} {op} {second} AND {subject} {other_op} {first}"))
}

/// `a` for `a OR b`, where b is TRUE only if a is.
pub(super) fn instead_of_redundant(values: &Values<'_>, arm: &Node) -> String {
    match quoted(&one_line(values.tree.source.text(), arm.span)) {
        Some(arm) => format!("remove {arm}, or write AND if both conditions are required"),
        None => "remove it, or write AND if both conditions are required".to_owned(),
    }
}

/// The result alone for a choice between equal results.
pub(super) fn instead_of_same_results(values: &Values<'_>, result: Span) -> String {
    match quoted(&one_line(values.tree.source.text(), result)) {
        Some(result) => format!("write {result} alone, or change one of the results"),
        None => "write the result alone, or change one of the results".to_owned(),
    }
}

/// Why a branch is never reached, and what to do.
pub(super) fn why_unreachable(
    values: &Values<'_>,
    condition: &Node,
    cause: Option<Decided<'_>>,
) -> (String, String) {
    let text = values.tree.source.text();
    let own = one_line(text, condition.span);
    match cause {
        Some(cause) if cause.is_true => {
            let why = format!("where this is TRUE, `{own}` is always FALSE");
            (why, "change one of the two conditions, or remove the branch".to_owned())
        }
        Some(cause) => {
            let why = format!("comes first, and is TRUE whenever `{own}` is");
            let first = one_line(text, cause.node.span);
            let help = match (quoted(&own), quoted(&first)) {
                (Some(own), Some(first)) => {
                    format!("test the narrower condition first: move {own} before {first}")
                }
                _ => "test the narrower condition first".to_owned(),
            };
            (why, help)
        }
        None => {
            let help = "change one of the conditions before it, or remove the branch";
            ("excluded by the conditions before it".to_owned(), help.to_owned())
        }
    }
}

/// `COALESCE(a, b, 0)` for `COALESCE(a, 0, b)`, whose second value is never empty. A constant at the end would never be
/// reached wherever it is, and is left out.
pub(super) fn without_unreached_value(values: &Values<'_>, arms: &[Arm], filled: usize) -> String {
    let is_constant = |arm: &Arm| matches!(arm.node.kind, NodeKind::Constant(_));
    let text = values.tree.source.text();
    let own = one_line(text, arms[filled].node.span);
    let is_default = arms.last().is_some_and(is_constant);
    let written = |arms: &mut dyn Iterator<Item = &Arm>| {
        let parts: Vec<String> = arms.map(|arm| one_line(text, arm.node.span)).collect();
        let list =
            if let [only] = &parts[..] { only.clone() } else { format!("COALESCE({})", parts.join(", ")) };
        Some(list).filter(|list| !list.contains('…') && list.chars().count() <= MOST_QUOTED)
    };
    if is_default && (!is_constant(&arms[filled]) || arms[filled..].iter().all(is_constant)) {
        let rest = written(&mut arms[..=filled].iter());
        return match rest {
            Some(rest) => format!("leave out what follows `{own}`: `{rest}`"),
            None => format!("leave out what follows `{own}`"),
        };
    }
    let others = arms.iter().enumerate().filter(|(index, _)| *index != filled).map(|(_, arm)| arm);
    match written(&mut others.filter(|arm| !is_default || !is_constant(arm)).chain([&arms[filled]])) {
        Some(list) => format!("move `{own}` to the end: `{list}`"),
        None => format!("move `{own}` to the end"),
    }
}

/// `x NOT IN [a, b]` for `x <> a OR x <> b`.
pub(super) fn instead_of_tautology(values: &Values<'_>, one: &Node, two: &Node) -> String {
    let text = values.tree.source.text();
    let quote = |node: &Node| one_line(text, node.span);
    if let Some((subject, first, second, [CompareOp::NotEqual, CompareOp::NotEqual])) =
        same_subject(values, one, two)
    {
        return format!(
            "for neither value, write `{} NOT IN [{}, {}]`",
            quote(subject),
            quote(first),
            quote(second)
        );
    }
    match quoted(&format!("{} AND {}", quote(one), quote(two))) {
        Some(both) => format!("write AND if both conditions are required: {both}"),
        None => "write AND if both conditions are required".to_owned(),
    }
}

/// `COALESCE(Industry, "Unknown")` for `IFERROR(Industry, "Unknown")`.
pub(super) fn instead_of_rescue(values: &Values<'_>, node: &Node, value: &Node, fallback: &Node) -> String {
    let text = values.tree.source.text();
    let (value_text, fallback_text) = (one_line(text, value.span), one_line(text, fallback.span));
    match &value.kind {
        NodeKind::Input(_) | NodeKind::Access { .. } => {
            format!("an empty column is not an error; write `COALESCE({value_text}, {fallback_text})`")
        }
        NodeKind::Constant(_) => {
            let function = node.span.of(text).split('(').next().unwrap_or("IFERROR").trim();
            format!(
                "the value comes first and the fallback second: `{function}({fallback_text}, {value_text})`"
            )
        }
        _ => format!("write `{value_text}` alone"),
    }
}

/// `BETWEEN(x, 50, 80)` for `BETWEEN(x, 80, 50)`.
pub(super) fn with_bounds_in_order(values: &Values<'_>, node: &Node) -> Option<String> {
    let NodeKind::Call(builtin, args) = &node.kind else { return None };
    let [value, low, high] = &args[..] else { return None };
    let number = |node: &Node| values.of(values.terms.id(node), &Facts::default()).numbers.as_point();
    (builtin.name == "BETWEEN" && number(low)? > number(high)?).then(|| {
        let [value, low, high] = [value, low, high].map(|arg| one_line(values.tree.source.text(), arg.span));
        format!("write the lower bound first: `BETWEEN({value}, {high}, {low})`")
    })
}
