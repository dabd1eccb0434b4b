//! Searching without regard to letter case: whole words, and patterns with `?` and `*`.

/// Whether `needle` stands in `text` with no letter or digit directly before or behind it. Both are case-folded.
pub(crate) fn contains_word(text: &str, needle: &str) -> bool {
    let needle = needle.trim();
    let is_word = |neighbour: Option<char>| neighbour.is_some_and(char::is_alphanumeric);
    !needle.is_empty()
        && text.match_indices(needle).any(|(at, _)| {
            !is_word(text[..at].chars().next_back()) && !is_word(text[at + needle.len()..].chars().next())
        })
}

/// One element of a search pattern.
#[derive(Clone, Copy, PartialEq)]
enum Element {
    Exactly(char),
    AnyOne,
    AnyMany,
}

/// How many characters stand before the first match of the pattern, letter case ignored.
pub(super) fn search(pattern: &str, text: &str) -> Option<usize> {
    let elements = parse(pattern);
    let text: Vec<char> = text.chars().map(fold).collect();
    let mut segments = elements.split(|element| *element == Element::AnyMany);
    let first = segments.next()?;
    let start = find(first, &text, 0)?;
    let mut from = start + first.len();
    // Each further segment is taken as early as it comes: if one is missing there, it is missing behind any later start.
    for segment in segments {
        from = find(segment, &text, from)? + segment.len();
    }
    Some(start)
}

fn parse(pattern: &str) -> Vec<Element> {
    let mut elements = Vec::new();
    let mut chars = pattern.chars();
    while let Some(next) = chars.next() {
        elements.push(match next {
            '?' => Element::AnyOne,
            '*' => Element::AnyMany,
            // A tilde with nothing after it is no character of the text.
            '~' => match chars.next() {
                Some(escaped) => Element::Exactly(fold(escaped)),
                None => break,
            },
            plain => Element::Exactly(fold(plain)),
        });
    }
    elements
}

/// The character in lower case, where that is one character: positions must not move.
pub(in crate::builtins) fn fold(character: char) -> char {
    let mut lower = character.to_lowercase();
    match (lower.next(), lower.next()) {
        (Some(only), None) => only,
        _ => character,
    }
}

fn find(segment: &[Element], text: &[char], from: usize) -> Option<usize> {
    let last = text.len().checked_sub(segment.len())?;
    let fits = |at: usize| {
        segment.iter().zip(&text[at..]).all(|(element, next)| match element {
            Element::Exactly(wanted) => wanted == next,
            _ => true,
        })
    };
    (from..=last).find(|at| fits(*at))
}

#[cfg(test)]
mod tests {
    use super::{contains_word, search};

    #[test]
    fn words_are_whole() {
        assert!(contains_word("cto, emea", "cto"));
        assert!(contains_word("c-suite advisor", "c-suite"));
        assert!(!contains_word("director", "cto"));
        assert!(!contains_word("ctos", "cto"));
        assert!(!contains_word("anything", " "));
    }

    #[test]
    fn patterns_are_found() {
        assert_eq!(search("n?n", "BaNana"), Some(2));
        assert_eq!(search("a*z", "bananaz"), Some(1));
        assert_eq!(search("~?", "who?"), Some(3));
        assert_eq!(search("~~", "Hi ~Bang!"), Some(3));
        assert_eq!(search("~", "Hi ~Bang!"), Some(0));
        assert_eq!(search("g~", "Hi ~Bang!"), Some(7));
        assert_eq!(search("a*x", "banana"), None);
        assert_eq!(search("", "abc"), Some(0));
        assert_eq!(search("é", "CAFÉ"), Some(3));
    }
}
