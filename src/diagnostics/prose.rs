//! Small pieces of sentences that messages share.

use std::borrow::Cow;
use std::fmt;

/// `1 argument`, `3 arguments`.
pub(crate) struct Count(pub usize, pub &'static str);

impl fmt::Display for Count {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(number, noun) = self;
        let plural = if *number == 1 { "" } else { "s" };
        write!(f, "{number} {noun}{plural}")
    }
}

/// The text without characters that would steer a terminal or hide: each is shown by its number.
pub(crate) fn visible(text: &str) -> Cow<'_, str> {
    let hides = |next: char| (next.is_control() && !matches!(next, '\n' | '\t')) || is_unseen(next);
    if !text.contains(hides) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len() + 8);
    for next in text.chars() {
        if hides(next) {
            shown.push_str(&format!("\\u{{{:x}}}", u32::from(next)));
        } else {
            shown.push(next);
        }
    }
    Cow::Owned(shown)
}

/// One line of text, in which control characters, line breaks among them, and those that hide are shown as JSON writes
/// them.
pub(crate) fn visible_line(text: &str) -> Cow<'_, str> {
    let hides = |next: char| next.is_control() || is_unseen(next);
    if !text.contains(hides) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len() + 8);
    for next in text.chars() {
        match next {
            '\n' => shown.push_str("\\n"),
            '\r' => shown.push_str("\\r"),
            '\t' => shown.push_str("\\t"),
            _ if hides(next) => shown.push_str(&format!("\\u{:04x}", u32::from(next))),
            _ => shown.push(next),
        }
    }
    Cow::Owned(shown)
}

/// Characters without a width, and those that turn the direction of the text.
pub(crate) fn is_unseen(next: char) -> bool {
    matches!(next, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

/// How many names a "did you mean" may offer.
const MOST_SUGGESTIONS: usize = 3;

/// The names closest to `typed`, nearest first: at most three, and none that merely shares a few letters.
pub(crate) fn suggest<'a>(typed: &str, names: impl IntoIterator<Item = &'a str>) -> Vec<&'a str> {
    let folded = typed.to_lowercase();
    // Of one or two letters any other is near; only the letter case is a likely slip there.
    let limit = (folded.chars().count() / 3).min(3);
    let mut near: Vec<(usize, &str)> = names
        .into_iter()
        .filter(|name| *name != typed && name.len().abs_diff(typed.len()) <= 4 * limit)
        .filter_map(|name| {
            let distance = strsim::osa_distance(&folded, &name.to_lowercase());
            (distance <= limit).then_some((distance, name))
        })
        .collect();
    near.sort_unstable();
    near.dedup();
    near.truncate(MOST_SUGGESTIONS);
    near.into_iter().map(|(_, name)| name).collect()
}

/// The question "did you mean A, B or C?", or nothing where nothing is near.
pub(crate) fn did_you_mean(names: &[&str]) -> Option<String> {
    let quoted: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    let (last, others) = quoted.split_last()?;
    Some(if others.is_empty() {
        format!("did you mean {last}?")
    } else {
        format!("did you mean {} or {last}?", others.join(", "))
    })
}

#[cfg(test)]
mod tests {
    use super::{did_you_mean, suggest, visible_line};

    #[test]
    fn one_line_shows_what_would_break_it_as_json_does() {
        assert_eq!(visible_line("a\r\n\tb\u{7f}\u{1b}\u{200b}ö\\"), r"a\r\n\tb\u007f\u001b\u200bö\");
        assert_eq!(visible_line("plain"), "plain");
    }

    #[test]
    fn suggestions_are_near_and_few() {
        let names = ["CONTAINS", "ICONTAINS", "CONTAINSWORD", "CONCAT", "COUNT"];
        assert_eq!(suggest("CONTANS", names), ["CONTAINS", "ICONTAINS"]);
        assert!(suggest("VLOOKUP", names).is_empty());
        assert_eq!(did_you_mean(&["A", "B"]).as_deref(), Some("did you mean `A` or `B`?"));
        assert_eq!(did_you_mean(&[]), None);
    }
}
