//! Where each byte of a scalar's text stands in the file: quotes, escapes, indentation and folded lines undone.

use crate::span::Span;

/// For each byte of `text`, and one more for its end, its offset in `source`, where the scalar stands at `span`.
///
/// Walks both side by side. What the file has besides the text (quotes, backslashes, indentation) is passed over; an
/// escape such as `\u00e9` is the place of what it stands for.
#[must_use]
pub(crate) fn places(source: &str, span: Span, text: &str) -> Vec<u32> {
    let written = span.of(source);
    let style = written.chars().next();
    let mut at = match style {
        Some('"' | '\'') => 1,
        // The text of a block begins on the line behind its mark.
        Some('|' | '>') => written.find('\n').map_or(written.len(), |newline| newline + 1),
        _ => 0,
    };
    let quote = style.filter(|first| matches!(first, '"' | '\''));
    let mut places = Vec::with_capacity(text.len() + 1);
    for wanted in text.chars() {
        at = beginning(written, at, wanted, quote);
        places.extend(std::iter::repeat_n(span.start + at as u32, wanted.len_utf8()));
        at = behind(written, at, wanted, quote);
    }
    places.push(span.start + at.min(written.len()) as u32);
    places
}

/// Where the character `wanted` is written, at `at` or further on.
fn beginning(written: &str, at: usize, wanted: char, quote: Option<char>) -> usize {
    let rest = written.get(at..).unwrap_or_default();
    match rest.chars().next() {
        Some(found) if found == wanted => at,
        Some('\\') if quote == Some('"') => at,
        // A folded line end reads as a blank: any white space will do.
        Some(found) if found.is_whitespace() && wanted == ' ' => at,
        _ => rest
            .find(wanted)
            .map_or(at, |skipped| if rest[..skipped].trim().is_empty() { at + skipped } else { at }),
    }
}

/// The offset behind the character `wanted`, which is written at `at`.
fn behind(written: &str, at: usize, wanted: char, quote: Option<char>) -> usize {
    let rest = written.get(at..).unwrap_or_default();
    let mut chars = rest.chars();
    let length = match (chars.next(), quote) {
        (Some('\\'), Some('"')) => escape_length(rest),
        (Some('\''), Some('\'')) if rest.starts_with("''") => 2,
        (Some(found), _) if found.is_whitespace() && wanted == ' ' && found != ' ' => {
            rest.len() - rest.trim_start().len()
        }
        (Some(found), _) => found.len_utf8(),
        (None, _) => 0,
    };
    at + length
}

/// How many bytes an escape of a double-quoted scalar takes.
fn escape_length(rest: &str) -> usize {
    let digits = match rest.as_bytes().get(1) {
        Some(b'x') => 2,
        Some(b'u') => 4,
        Some(b'U') => 8,
        _ => 0,
    };
    let second = rest.chars().nth(1).map_or(0, char::len_utf8);
    (1 + second + digits).min(rest.len())
}

#[cfg(test)]
mod tests {
    use crate::diagnostics::Source;
    use crate::table::yaml::{Node, NodeKind, parse, places};

    /// The value of the only key, and what stands in the file where `part` of it does.
    fn place_of(yaml: &str, part: &str) -> String {
        let node = parse(yaml).expect("YAML");
        let NodeKind::Mapping(members) = node.kind else { panic!("a mapping") };
        let value: &Node = &members[0].1;
        let text = value.text().expect("a scalar");
        let start = text.find(part).unwrap_or_else(|| panic!("{text:?} has no {part}"));
        let places = places(yaml, value.span, text);
        let (from, to) = (places[start] as usize, places[start + part.len()] as usize);
        let position = Source::new("table.yaml", yaml).position(from);
        format!("{position} {}", &yaml[from..to])
    }

    #[test]
    fn each_style_keeps_its_places() {
        assert_eq!(place_of("a: Score >= 80", "80"), "1:13 80");
        assert_eq!(place_of("a: 'it''s >= 80'", "80"), "1:14 80");
        assert_eq!(place_of(r#"a: "b = \"x\" AND c""#, "AND c"), "1:15 AND c");
        assert_eq!(place_of(r#"a: "b = \u00e9 AND c""#, "AND c"), "1:16 AND c");
        assert_eq!(place_of("a: |\n  IF(b,\n    1,\n    2)\n", "2"), "4:5 2");
        assert_eq!(place_of("a: >\n  b AND\n  c AND\n  d\n", "d"), "4:3 d");
        assert_eq!(place_of("a: b AND\n  ccc OR\n  d\n", "ccc"), "2:3 ccc");
        assert_eq!(place_of("a: \"größe >= 80\"", "80"), "1:14 80");
    }
}
