//! What is known of a row, in words that a person can check.

use crate::analysis::facts::Facts;
use crate::analysis::possible::{Case, Facts as TextFacts, Flags, Interval, Needle, Possible, Search, Words};
use crate::analysis::quoted;
use crate::analysis::terms::TermId;
use crate::analysis::values::Values;
use crate::builtins::Builtin;
use crate::check::NodeKind;
use crate::rules::Rules;
use crate::syntax::{print_number, print_text};
use crate::value::fold_case;
use std::collections::BTreeMap;
use std::rc::Rc;

/// More values than this are not listed.
const MOST_LISTED: usize = 6;

/// Rows that agree in what is known of these terms.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Region(BTreeMap<TermId, Possible>);

impl Region {
    /// What is known of columns of the row, and of functions of them as far as that says more.
    pub(super) fn of(values: &Values<'_>, facts: &Facts) -> Self {
        let mut parts = BTreeMap::new();
        for (term, known) in facts.iter() {
            let Some(node) = values.terms.get(term).node else { continue };
            let adds = match &node.kind {
                NodeKind::Input(_) | NodeKind::Access { .. } => true,
                // What a text contains is said of the text itself.
                NodeKind::Call(builtin, args)
                    if is_search(builtin)
                        && (args.len() == 2 || **known == Possible::flags(Flags::FALSE)) =>
                {
                    false
                }
                NodeKind::Call(..) => {
                    let otherwise = values.of(term, &facts.without(term)).as_ref().clone().without_errors();
                    otherwise != known.as_ref().clone().without_errors()
                }
                _ => false,
            };
            if adds && *known != values.of(term, &Facts::default()) {
                parts.insert(term, (**known).clone());
            }
        }
        Self(parts)
    }

    /// The region as facts about rows; of each column of the row among these `inputs`, at least that it can be anything.
    pub(super) fn facts(&self, inputs: u128, values: &Values<'_>) -> Facts {
        let mut facts = Facts::default();
        for id in values.terms.inputs().filter(|id| values.terms.get(*id).inputs & inputs != 0) {
            facts = facts.with(id, (*values.of(id, &Facts::default())).clone(), values.terms.get(id).inputs);
        }
        for (id, known) in &self.0 {
            facts = facts.with(*id, known.clone(), values.terms.get(*id).inputs);
        }
        facts
    }

    /// Both regions as one, if they differ in one term alone.
    pub(super) fn joined(&self, other: &Self, values: &Values<'_>) -> Option<Self> {
        let all = |term: &TermId| (*values.of(*term, &Facts::default())).clone();
        let mut terms: Vec<TermId> = self.0.keys().chain(other.0.keys()).copied().collect();
        terms.sort_unstable();
        terms.dedup();
        let part = |region: &Self, term: &TermId| region.0.get(term).cloned().unwrap_or_else(|| all(term));
        let differing: Vec<TermId> =
            terms.iter().copied().filter(|term| part(self, term) != part(other, term)).collect();
        let [term] = differing.as_slice() else { return None };
        let joined = exactly_either(&part(self, term), &part(other, term))?;
        let mut parts = self.0.clone();
        if joined == all(term) {
            parts.remove(term)
        } else {
            parts.insert(*term, joined)
        };
        Some(Self(parts))
    }

    /// The region in words: `Employee Count above 1000, Industry one of "Software", "SaaS"`. Unless what is stated of it
    /// holds for the whole region, the words are about some of its rows.
    pub(super) fn in_words(&self, is_whole: bool, rules: &Rules, values: &Values<'_>) -> String {
        let text = rules.tree().source.text();
        let mut parts: Vec<String> = Vec::new();
        for (term, known) in &self.0 {
            let Some(node) = values.terms.get(*term).node else { continue };
            let all = values.of(*term, &Facts::default());
            match &node.kind {
                NodeKind::Input(id) => {
                    let input = rules.tree().input(*id);
                    let name = input.path().map_or(input.name.as_str(), |path| path.key.as_str());
                    parts.extend(described(name, known, &all));
                }
                NodeKind::Call(..) if *known == Possible::flags(Flags::TRUE) => {
                    parts.push(quoted(text, node.span));
                }
                NodeKind::Call(..) if *known == Possible::flags(Flags::FALSE) => {
                    parts.push(format!("NOT {}", quoted(text, node.span)));
                }
                _ => parts.extend(described(&quoted(text, node.span), known, &all)),
            }
        }
        match (parts.is_empty(), is_whole) {
            (true, true) if self.0.is_empty() => "every row".to_owned(),
            (true, _) => "some rows".to_owned(),
            (false, true) => parts.join(", "),
            (false, false) => format!("some rows with {}", parts.join(", ")),
        }
    }
}

/// What sets the known values apart from all that the term can have.
fn described(name: &str, known: &Possible, all: &Possible) -> Option<String> {
    if *known == *all {
        return None;
    }
    let filled = known.clone().without(Flags::EMPTY);
    if *known == Possible::flags(Flags::SPACE) {
        return Some(format!("{name} contains only spaces"));
    }
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
            let lacks: Vec<String> = facts.lacks.iter().take(MOST_LISTED).map(needle_in_words).collect();
            let but =
                if lacks.is_empty() { String::new() } else { format!(" and none of {}", lacks.join(", ")) };
            let shown = facts.has.iter().map(|needle| {
                let verb = match needle.search {
                    Search::StartsWith => "starts with",
                    Search::EndsWith => "ends with",
                    _ => "contains",
                };
                format!("{verb} {}", needle_in_words(needle))
            });
            Some(format!("{name} {}{but}", shown.collect::<Vec<_>>().join(" and ")))
        }
        Words::Any(facts) if !facts.lacks.is_empty() => {
            let shown: Vec<String> = facts.lacks.iter().take(MOST_LISTED).map(needle_in_words).collect();
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
            Some(format!("{name} {}, or not a number", pieces.join(" or ")))
        }
        _ => None,
    }
}

/// The values in either of two sets, if nothing else is in the set that stands for them.
fn exactly_either(one: &Possible, two: &Possible) -> Option<Possible> {
    let is_exact = match (&one.words, &two.words) {
        (Words::None, _) | (_, Words::None) => true,
        (Words::OneOf { any_case: one, .. }, Words::OneOf { any_case: two, .. }) => one == two,
        (Words::OneOf { texts, any_case: true }, Words::Any(facts))
        | (Words::Any(facts), Words::OneOf { texts, any_case: true }) => is_complement(texts, facts),
        (one, two) => one == two,
    };
    is_exact.then(|| one.join(two))
}

/// Whether nothing is known of a text but that it is none of these.
fn is_complement(texts: &[Rc<str>], facts: &TextFacts) -> bool {
    let mut folded: Vec<String> = texts.iter().map(|text| fold_case(text)).collect();
    let mut not: Vec<String> = facts.not.iter().map(ToString::to_string).collect();
    folded.sort();
    not.sort();
    folded == not && facts.has.is_empty() && facts.lacks.is_empty() && facts.case == Case::Any
}

fn needle_in_words(needle: &Needle) -> String {
    let text = print_text(&needle.text);
    if needle.search == Search::ContainsWord { format!("the word {text}") } else { text }
}

fn is_search(builtin: &Builtin) -> bool {
    matches!(builtin.name, "CONTAINS" | "ICONTAINS" | "CONTAINSWORD" | "STARTSWITH" | "ENDSWITH")
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
