//! Explanations as a tree for people.

use super::Explained;
use crate::check::ColumnId;
use crate::cli::table::{left, right, widest};
use crate::diagnostics::{Count, visible_line};
use crate::rules::Rules;
use crate::tools::explain::{Condition, MOST_PARTS, Part, Reason, Seen, shown};
use crate::tools::nearby::{Change, Direction, LeftOut, MOST_TRIED, Nearby, Outcome};
use crate::value::{Value, is_empty, number_text, round_half_away};

/// More values than this that do the same are not listed.
const MOST_ALIKE: usize = 2;
/// More values than this that a column could take are only counted.
const MOST_OUTCOMES: usize = 6;
/// More changes than this that lead to one value are only counted.
const MOST_CHANGES: usize = 50;
/// What stands behind changes is put under each other up to this width of them.
const WIDEST_CHANGE: usize = 48;

/// Everything about one row.
pub(super) fn tree(rules: &Rules, explained: &Explained<'_>) -> String {
    let mut text = String::new();
    let lead = explained.lead;
    match (&lead.label, lead.row) {
        (_, 0) => put(&mut text, "the empty row"),
        (Some(label), row) => put(&mut text, &format!("row {row}: {label}")),
        (None, row) => put(&mut text, &format!("row {row}")),
    }
    for (id, part) in &explained.columns {
        text.push('\n');
        write_column(&mut text, rules, *id, part);
    }
    for nearby in &explained.nearby {
        text.push('\n');
        write_nearby(&mut text, rules, nearby);
    }
    text
}

/// Adds a line, whatever the values in it hold.
fn put(text: &mut String, line: &str) {
    text.extend([&*visible_line(line), "\n"]);
}

/// Why a column has its value in a row, and what would change it.
pub(super) fn one_column(rules: &Rules, id: ColumnId, part: &Part<'_>, nearby: &Nearby<'_>) -> String {
    let mut text = String::new();
    write_column(&mut text, rules, id, part);
    write_nearby(&mut text, rules, nearby);
    text
}

fn write_column(text: &mut String, rules: &Rules, id: ColumnId, part: &Part<'_>) {
    let column = rules.tree().column(id);
    let value = value_of(&part.value);
    put(text, &format!("{}  {value}{}", column.name_with_range(), why(part)));
    write_parts(text, &part.parts, "");
    write_unsplit(text, part.unsplit());
    let (points, missing) = part.points_by_default();
    if !missing.is_empty() && !part.parts.is_empty() {
        let whole = part.points.map(short).unwrap_or_default();
        let (points, are) = (short(points), are(&missing));
        put(text, &format!("{points} of {whole} points come from \"otherwise\", since {are} empty"));
    }
}

/// Says that sums stand whole, where any do.
fn write_unsplit(text: &mut String, sums: usize) {
    if sums > 0 {
        let stand = if sums == 1 { "stands" } else { "stand" };
        let sums = Count(sums, "sum");
        put(text, &format!("{sums} {stand} whole: no more than {MOST_PARTS} terms are told apart"));
    }
}

/// `a is`, `a and b are`
fn are(names: &[&str]) -> String {
    match names {
        [one] => format!("{one} is"),
        [many @ .., last] => format!("{} and {last} are", many.join(", ")),
        [] => String::new(),
    }
}

/// Each part on a line, points first, what it is made of below.
fn write_parts(text: &mut String, parts: &[Part<'_>], indent: &str) {
    let points: Vec<String> = parts.iter().map(|part| part.points.map(short).unwrap_or_default()).collect();
    let width = widest(points.iter().map(String::as_str));
    let named = parts.iter().filter(|part| part.is_named);
    let label_width = widest(named.map(|part| part.label.as_str()));
    for (index, (part, points)) in parts.iter().zip(&points).enumerate() {
        let is_last = index + 1 == parts.len();
        let branch = if is_last { "└─" } else { "├─" };
        // The text of a formula without a name is told by its reason, if it has one.
        let label = match (part.is_named, part.because.is_empty()) {
            (true, true) if part.from.is_none() => format!("  {}", part.label),
            (true, _) => format!("  {}", left(&part.label, label_width)),
            (false, true) => format!("  {}", part.label),
            (false, false) => String::new(),
        };
        put(text, &format!("{indent}{branch} {}{label}{}", right(points, width), why(part)));
        write_parts(text, &part.parts, &format!("{indent}{}", if is_last { "   " } else { "│  " }));
    }
}

/// What decided, on the same line.
fn why(part: &Part<'_>) -> String {
    let reasons = part.because.iter().map(|one| untrue(part, one).unwrap_or_else(|| reason(one)));
    let reasons: Vec<String> = reasons.filter(|reason| !reason.is_empty()).collect();
    let mut why = match &part.from {
        _ if !reasons.is_empty() => format!("  {}", reasons.join(", then ")),
        Some(from) => {
            let formula = if part.label == from.text { String::new() } else { format!("  {}", from.text) };
            let mut seen = seen_beyond(&from.text, from.saw.iter());
            seen.extend(from.rows.iter().map(ToString::to_string));
            seen.extend(from.place.as_ref().or(part.place.as_ref()).map(ToString::to_string));
            format!("{formula}{}", bracketed(&seen))
        }
        None => String::new(),
    };
    if let Value::Error(error) = &part.value {
        why.push_str(&format!("  {}", error.message));
    }
    why
}

/// Returns `Seats > 100 is FALSE (Seats is 20)` for a term of a sum that adds nothing because one condition is FALSE.
fn untrue(part: &Part<'_>, reason: &Reason<'_>) -> Option<String> {
    let [failed] = reason.failed.as_slice() else { return None };
    let is_term = !part.is_named && reason.is_otherwise() && failed.is_formula && part.points == Some(0.0);
    let seen: Vec<String> = failed.saw.iter().map(told).collect();
    is_term.then(|| format!("{} is FALSE{}", failed.text, bracketed(&seen)))
}

/// `Employee Count > 200 (Employee Count is 250)`, `otherwise (Phone Number is empty)`, and in a function
/// `shared.clay:4: Seats > 20 (Seats is 30)`
fn reason(reason: &Reason<'_>) -> String {
    let row = reason.row.as_ref().map(|row| format!("{row}: ")).unwrap_or_default();
    let place = reason.place.as_ref().map(|place| format!("{place}: ")).unwrap_or_default();
    format!("{row}{place}{}", conditions(reason))
}

fn conditions(reason: &Reason<'_>) -> String {
    if !reason.is_otherwise() {
        let held: Vec<String> = reason.held.iter().map(condition).collect();
        return held.join(" and ");
    }
    let empty = reason.empty_names();
    let seen: Vec<String> = if empty.is_empty() {
        let mut seen: Vec<String> = Vec::new();
        for one in reason.failed.iter().flat_map(|condition| &condition.saw) {
            let told = told(one);
            if !seen.contains(&told) {
                seen.push(told);
            }
        }
        seen
    } else {
        empty.iter().map(|name| format!("{name} is empty")).collect()
    };
    format!("otherwise{}", bracketed(&seen))
}

fn condition(condition: &Condition<'_>) -> String {
    let mut seen = seen_beyond(&condition.text, condition.saw.iter());
    seen.extend(condition.rows.iter().map(ToString::to_string));
    format!("{}{}", condition.text, bracketed(&seen))
}

fn bracketed(seen: &[String]) -> String {
    if seen.is_empty() { String::new() } else { format!(" ({})", seen.join(", ")) }
}

/// What was seen, as far as the condition's own text does not say it.
fn seen_beyond<'s, 'v: 's>(text: &str, saw: impl Iterator<Item = &'s Seen<'v>>) -> Vec<String> {
    let says = |seen: &&Seen<'_>| {
        ["=", "is"].iter().any(|word| text == format!("{} {word} {}", seen.name, shown(&seen.value)))
    };
    saw.filter(|seen| !says(seen)).map(told).collect()
}

fn told(seen: &Seen<'_>) -> String {
    let value = if is_empty(&seen.value) { "empty".to_owned() } else { shown(&seen.value) };
    format!("{} is {value}", seen.name)
}

/// A result: numbers without the noise of the last digits.
fn value_of(value: &Value<'_>) -> String {
    match value {
        Value::Number(number) => short(*number),
        Value::Blank => "Blank".to_owned(),
        other => shown(other),
    }
}

fn short(number: f64) -> String {
    number_text(round_half_away(number, 9))
}

fn write_nearby(text: &mut String, rules: &Rules, nearby: &Nearby<'_>) {
    write_found(text, rules, nearby);
    write_left_out(text, &nearby.left_out);
}

/// Says what was not tried, so that nobody takes what was not found for what there is not.
fn write_left_out(text: &mut String, left_out: &LeftOut) {
    let LeftOut { of_fields, fields, cut_fields } = *left_out;
    if fields > 0 {
        let tried = of_fields - fields;
        put(
            text,
            &format!("only the first {tried} of {of_fields} fields were tried, since the rules are long"),
        );
    }
    if cut_fields > 0 {
        let fields = Count(cut_fields, "field");
        put(text, &format!("of {fields} only {MOST_TRIED} values were tried; the rules compare with more"));
    }
}

fn write_found(text: &mut String, rules: &Rules, nearby: &Nearby<'_>) {
    let tree = rules.tree();
    let goal = &tree.column(nearby.goal).name;
    let is_scored = nearby.outcomes.iter().any(|outcome| outcome.direction != Direction::Aside);
    let rises = nearby.outcomes.iter().any(|outcome| outcome.direction == Direction::Up);
    if nearby.outcomes.is_empty() {
        put(text, &format!("no change of a single field was found that moves {goal}"));
        return;
    }
    if let (true, false, Some(score)) = (is_scored, rises, nearby.score) {
        let score = &tree.column(score).name;
        let beyond = if score == goal { String::new() } else { format!(" enough to move {goal}") };
        put(text, &format!("no change of a single field was found that raises {score}{beyond}"));
    }
    put(text, &format!("what would move {goal}, each change alone"));
    for outcome in nearby.outcomes.iter().take(MOST_OUTCOMES) {
        write_outcome(text, rules, nearby, outcome);
    }
    let more = nearby.outcomes.len().saturating_sub(MOST_OUTCOMES);
    if more > 0 {
        put(text, &format!("  and to {}", Count(more, "more value")));
    }
}

fn write_outcome(text: &mut String, rules: &Rules, nearby: &Nearby<'_>, outcome: &Outcome<'_>) {
    let tree = rules.tree();
    let is_score = nearby.score == Some(nearby.goal);
    let way = match outcome.direction {
        Direction::Up => "up",
        Direction::Down => "down",
        Direction::Aside => "aside",
    };
    let value = value_of(&outcome.value);
    put(
        text,
        &match (is_score, outcome.direction) {
            (true, Direction::Up | Direction::Down) => format!("  {way}"),
            (_, Direction::Aside) => format!("  to {value}"),
            (false, _) => format!("  {way} to {value}"),
        },
    );
    let rows: Vec<(String, String, String)> = outcome
        .changes
        .iter()
        .take(MOST_CHANGES)
        .map(|change| {
            let scores = nearby
                .scores_after(change)
                .into_iter()
                .map(|(score, value)| format!("{} {}", tree.column(score).name, value_of(value)));
            (change.field.name(tree), from_to(change), scores.collect::<Vec<_>>().join(", "))
        })
        .collect();
    let names = widest(rows.iter().map(|row| row.0.as_str()));
    let changes = widest(rows.iter().map(|row| row.1.as_str())).min(WIDEST_CHANGE);
    for (name, change, score) in &rows {
        let line = format!("    {}  {}  {score}", left(name, names), left(change, changes));
        put(text, line.trim_end());
    }
    let more = outcome.changes.len().saturating_sub(MOST_CHANGES);
    if more > 0 {
        put(text, &format!("    and by {}", Count(more, "more change")));
    }
}

/// `30 → 201`, `"Doctor" → "CEO" or "CTO"`
fn from_to(change: &Change<'_>) -> String {
    let to_empty = |value: &Value<'_>| if is_empty(value) { "empty".to_owned() } else { shown(value) };
    let alike = change.or.iter().take(MOST_ALIKE).map(|value| format!(" or {}", to_empty(value)));
    let more = if change.or.len() > MOST_ALIKE { " or …" } else { "" };
    format!("{} → {}{}{more}", to_empty(&change.from), to_empty(&change.to), alike.collect::<String>())
}
