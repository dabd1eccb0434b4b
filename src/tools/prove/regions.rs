//! What is known of a row, in words that a person can check.

use crate::analysis::facts::Facts;
use crate::analysis::possible::{Flags, Interval, Possible, Search, Words};
use crate::analysis::quoted;
use crate::analysis::values::Values;
use crate::check::NodeKind;
use crate::rules::Rules;
use crate::syntax::{print_number, print_text};

/// More values than this are not listed.
const MOST_LISTED: usize = 6;

/// The facts about the row, one after the other.
pub(super) fn in_words(rules: &Rules, values: &Values<'_>, facts: &Facts) -> String {
    let text = rules.tree().source.text();
    let mut parts: Vec<String> = Vec::new();
    for (term, known) in facts.iter() {
        let Some(node) = values.terms.get(term).node else { continue };
        if matches!(node.kind, NodeKind::Input(_) | NodeKind::Access { .. } | NodeKind::Call(..)) {
            let all = values.of(term, &Facts::default());
            let name = match &node.kind {
                NodeKind::Input(id) => rules.tree().input(*id).name.trim_start_matches('\0').to_owned(),
                _ => quoted(text, node.span),
            };
            parts.extend(described(&name, known, &all));
        }
    }
    if parts.is_empty() { "every row".to_owned() } else { parts.join(", ") }
}

/// What sets the known values apart from all that the term can have.
fn described(name: &str, known: &Possible, all: &Possible) -> Option<String> {
    if *known == *all {
        return None;
    }
    let filled = known.clone().without(Flags::EMPTY);
    if filled.is_empty() {
        return Some(format!("{name} is empty"));
    }
    if let Some(flag) = [(Flags::TRUE, "TRUE"), (Flags::FALSE, "FALSE")]
        .iter()
        .find(|(flag, _)| *known == Possible::flags(*flag))
    {
        return Some(format!("{name} is {}", flag.1));
    }
    let has_words = !filled.words.is_empty();
    let has_numbers = !filled.numbers.is_empty();
    if has_numbers && !has_words && filled.numbers != all.numbers {
        let pieces: Vec<String> = filled.numbers.pieces().iter().map(interval).collect();
        return Some(format!("{name} {}", pieces.join(" or ")));
    }
    match &filled.words {
        Words::OneOf { texts, .. } if !has_numbers => {
            let shown: Vec<String> = texts.iter().take(MOST_LISTED).map(|text| print_text(text)).collect();
            let more = if texts.len() > MOST_LISTED { ", …" } else { "" };
            Some(match shown.as_slice() {
                [only] => format!("{name} = {only}"),
                _ => format!("{name} one of {}{more}", shown.join(", ")),
            })
        }
        Words::Any(facts) if !facts.has.is_empty() => {
            let shown = facts.has.iter().map(|needle| {
                let verb = match needle.search {
                    Search::StartsWith => "starts with",
                    Search::EndsWith => "ends with",
                    _ => "contains",
                };
                format!("{verb} {}", print_text(&needle.text))
            });
            Some(format!("{name} {}", shown.collect::<Vec<_>>().join(" and ")))
        }
        Words::Any(facts) if !facts.lacks.is_empty() => {
            let shown: Vec<String> =
                facts.lacks.iter().take(MOST_LISTED).map(|needle| print_text(&needle.text)).collect();
            let more = if facts.lacks.len() > MOST_LISTED { ", …" } else { "" };
            Some(format!("{name} contains none of {}{more}", shown.join(", ")))
        }
        Words::Any(facts) if !facts.not.is_empty() => {
            let shown: Vec<String> =
                facts.not.iter().take(MOST_LISTED).map(|text| print_text(text)).collect();
            let more = if facts.not.len() > MOST_LISTED { ", …" } else { "" };
            Some(format!("{name} not one of {}{more}", shown.join(", ")))
        }
        _ if !known.flags.has(Flags::EMPTY) && all.flags.has(Flags::EMPTY) => {
            Some(format!("{name} is not empty"))
        }
        _ if has_numbers && filled.numbers != all.numbers => {
            let pieces: Vec<String> = filled.numbers.pieces().iter().map(interval).collect();
            Some(format!("{name} not a number, or {}", pieces.join(" or ")))
        }
        _ => None,
    }
}

fn interval(piece: &Interval) -> String {
    let (low, high) = (print_number(piece.low), print_number(piece.high));
    let from = if piece.low_open { format!("above {low}") } else { format!("from {low}") };
    let to = if piece.high_open { format!("below {high}") } else { format!("up to {high}") };
    match (piece.low.is_finite(), piece.high.is_finite()) {
        (true, true) if piece.low >= piece.high => format!("= {low}"),
        (true, true) => format!("{from} {to}"),
        (true, false) => {
            if piece.low_open {
                from
            } else {
                format!("{low} or more")
            }
        }
        (false, true) => {
            if piece.high_open {
                to
            } else {
                format!("{high} or less")
            }
        }
        (false, false) => "a number".to_owned(),
    }
}
