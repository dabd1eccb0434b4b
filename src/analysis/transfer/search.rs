//! Searches for needles in texts.

use crate::analysis::possible::{Flags, Intervals, Needle, Possible, Search};
use crate::builtins::Builtin;
use crate::value::{Value, to_text};
use std::rc::Rc;

/// How a builtin searches, if it is one that searches the first argument for any of the others.
fn search_of(builtin: &Builtin) -> Option<Search> {
    match builtin.name {
        "CONTAINS" => Some(Search::Contains),
        "ICONTAINS" => Some(Search::ContainsAnyCase),
        "CONTAINSWORD" => Some(Search::ContainsWord),
        "STARTSWITH" => Some(Search::StartsWith),
        "ENDSWITH" => Some(Search::EndsWith),
        _ => None,
    }
}

/// The needles of a call that searches for texts written out in the rule.
pub(in crate::analysis) fn needles(builtin: &Builtin, args: &[Rc<Possible>]) -> Option<Vec<Needle>> {
    let search = search_of(builtin)?;
    let mut needles = Vec::new();
    for arg in &args[1..] {
        let value = arg.as_exact()?;
        let items = match &value {
            Value::List(items) => items.to_vec(),
            single => vec![single.clone()],
        };
        for item in items {
            let text = to_text(&item).ok()?;
            let text = if search == Search::ContainsWord { text.trim() } else { text.as_str() };
            needles.push(Needle { search, text: Rc::from(text) });
        }
    }
    Some(needles)
}

/// Whether a text that reads as a number, date or Boolean can contain the needle.
fn can_be_in_plain_text(needle: &Needle) -> bool {
    !needle.text.chars().any(|letter| letter.is_alphabetic() && !"eEtTrRuUfFaAlLsSzZ".contains(letter))
}

/// The values in which a search for one needle succeeds, or fails. In a list, a needle is found as an item.
pub(in crate::analysis) fn searched(values: &Possible, needle: &Needle, found: bool) -> Possible {
    // The empty text is found in no text.
    if found && needle.text.is_empty() {
        return Possible::flags(values.flags & Flags::ITEMS);
    }
    let words = values.words.searched(needle, found);
    let mut kept = Possible { words, exact: None, ..values.clone() };
    if found {
        kept.flags = kept.flags & !(Flags::EMPTY | Flags::MEMBERS);
        if !can_be_in_plain_text(needle) {
            kept.flags = kept.flags & !(Flags::BOOLEANS | Flags::BOOLEAN_TEXTS);
            for part in [&mut kept.numbers, &mut kept.number_texts, &mut kept.dates, &mut kept.date_texts] {
                *part = Intervals::none();
            }
        }
        // White space alone can be found in a text of white space.
        if needle.text.trim().is_empty() {
            kept.flags = kept.flags | (values.flags & Flags::SPACE);
        }
    }
    kept
}

/// The results of a search for any of the needles.
pub(super) fn found(values: &Possible, needles: &[Needle]) -> Flags {
    let finds = |needle: &Needle| !searched(values, needle, true).without_errors().is_empty();
    let rest =
        needles.iter().fold(values.clone().without_errors(), |rest, needle| searched(&rest, needle, false));
    let unreadable = values.flags.has(Flags::MEMBERS | Flags::NO_MEMBERS);
    Flags::TRUE.when(needles.iter().any(finds))
        | Flags::FALSE.when(!rest.is_empty())
        | Flags::VALUE.when(unreadable)
        | values.errors()
}
