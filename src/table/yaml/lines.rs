//! Lines of a YAML file around a place, read tolerantly, for what is said about the place.

use crate::span::Span;

/// The byte with which the line of the byte `at` begins.
pub(super) fn start(text: &str, at: usize) -> usize {
    text[..boundary(text, at)].rfind('\n').map_or(0, |end| end + 1)
}

/// The line of the byte `at`, without its end.
pub(super) fn line(text: &str, at: usize) -> &str {
    text[start(text, at)..].lines().next().unwrap_or_default()
}

/// The key of the line of the byte `at`, with its colon, and the value behind it; no key where there is none.
pub(super) fn key_and_value(text: &str, at: usize) -> (&str, &str) {
    let line = line(text, at);
    match line.find(": ") {
        Some(colon) => (line[..=colon].trim().trim_start_matches("- "), line[colon + 1..].trim()),
        None => ("", line.trim().trim_start_matches("- ").trim_start()),
    }
}

/// What to type in place of a value that YAML reads otherwise.
pub(super) fn in_quotes(key: &str, value: &str) -> String {
    let quote = if value.contains(['"', '\\']) { '\'' } else { '"' };
    let value = if value.contains(quote) { "…" } else { value };
    let written = format!("{key} {quote}{}{quote}", clipped(value));
    format!("put all of it in quotes: `{}`", written.trim_start())
}

/// The text, or its beginning where it is long.
pub(super) fn clipped(text: &str) -> String {
    if text.chars().count() <= 60 {
        return text.to_owned();
    }
    text.chars().take(59).chain(['…']).collect()
}

/// The first quote that begins a text, at the byte `from` or behind it; comments are passed over.
pub(super) fn quote_from(text: &str, from: usize) -> Option<usize> {
    let mut is_comment = false;
    let from = boundary(text, from);
    let mut before = text[..from].chars().next_back().unwrap_or(' ');
    for (index, found) in text[from..].char_indices() {
        is_comment = found != '\n' && (is_comment || (found == '#' && before.is_whitespace()));
        // An apostrophe within a word begins nothing.
        let may_begin = before.is_whitespace() || "[{,:".contains(before);
        if !is_comment && may_begin && matches!(found, '"' | '\'') {
            return Some(from + index);
        }
        before = found;
    }
    None
}

/// Where the text in quotes begins, at the byte `from` or behind it, that the quote at `closing` ends.
pub(super) fn opening_of(text: &str, from: usize, closing: usize) -> Option<usize> {
    let mut from = from;
    loop {
        let opening = quote_from(text, from).filter(|opening| *opening < closing)?;
        let end = closing_of(text, opening)?;
        if end >= closing {
            return Some(opening);
        }
        from = end + 1;
    }
}

/// The quote that ends the text in quotes which begins at `opening`.
fn closing_of(text: &str, opening: usize) -> Option<usize> {
    let mut chars = text[opening..].char_indices();
    let (_, quote) = chars.next()?;
    let mut chars = chars.peekable();
    while let Some((index, found)) = chars.next() {
        let is_doubled = quote == '\'' && chars.peek().is_some_and(|(_, next)| *next == quote);
        if (found == '\\' && quote == '"') || (found == quote && is_doubled) {
            chars.next();
        } else if found == quote {
            return Some(opening + index);
        }
    }
    None
}

/// The innermost bracket that is open at the byte `at`, of those behind the byte `from`.
pub(super) fn open_bracket(text: &str, from: usize, at: usize) -> Option<usize> {
    let mut open = Vec::new();
    for (index, found) in text.get(from..at)?.char_indices() {
        match found {
            '[' | '{' => open.push(from + index),
            ']' | '}' => {
                open.pop();
            }
            _ => {}
        }
    }
    open.last().copied()
}

/// The bracket, of whatever kind, that ends what the one at `opening` begins.
pub(super) fn end_of_bracket(text: &str, opening: usize) -> Option<usize> {
    let mut depth = 0_usize;
    for (index, found) in text[opening..].char_indices() {
        match found {
            '[' | '{' => depth += 1,
            ']' | '}' if depth == 1 => return Some(opening + index),
            ']' | '}' => depth -= 1,
            _ => {}
        }
    }
    None
}

/// Whether the text without quotes that ends at the byte `end` is cut off by a comment: it leaves a quote or a parenthesis
/// open, which the comment closes.
pub(super) fn is_cut_by_comment(text: &str, written: &str, end: usize) -> bool {
    let rest = text.get(end..).unwrap_or_default().lines().next().unwrap_or_default();
    let Some(comment) = rest.trim_start_matches(' ').strip_prefix('#') else { return false };
    let count = |wanted: char| written.matches(wanted).count();
    let is_open = |open: bool, closing: char| open && comment.contains(closing);
    is_open(count('"') % 2 == 1, '"') || is_open(count('(') > count(')'), ')')
}

/// The first tab before the text of a line, in the line of the byte `from` or further down.
pub(super) fn indenting_tab(text: &str, from: usize) -> Option<usize> {
    let mut start = start(text, from);
    for line in text[start..].split_inclusive('\n') {
        let indent = line.len() - line.trim_start_matches([' ', '\t']).len();
        if let Some(tab) = line[..indent].find('\t') {
            return Some(start + tab);
        }
        start += line.len();
    }
    None
}

/// The first of the lines right above the line that begins at `start` which have no key: `inputs:[domain]`.
pub(super) fn keyless_above(text: &str, start: usize) -> Option<usize> {
    let mut found = None;
    let mut end = start;
    while end > 0 {
        let begin = self::start(text, end - 1);
        let line = text[begin..end].trim();
        let is_keyed = line.contains(": ") || line.ends_with(':') || line.starts_with(['-', '#']);
        if line.is_empty() || is_keyed {
            break;
        }
        found = Some(begin);
        end = begin;
    }
    found
}

/// The `!` of the tag that stands before the value at the byte `at`.
pub(super) fn tag_before(text: &str, at: usize) -> usize {
    let at = boundary(text, at);
    // Of a tag without a value the value stands behind the tag.
    let before = text[..at].rfind('!').unwrap_or(at);
    text[..before].rfind(|one: char| one.is_whitespace()).map_or(before, |blank| blank + 1)
}

/// Whether the line above the one that begins at `start` ends with the mark of a text of several lines.
pub(super) fn is_below_block_mark(text: &str, start: usize) -> bool {
    let above = text[..start].trim_end();
    let above = above.trim_end_matches(['-', '+']);
    [": |", ": >", "- |", "- >"].iter().any(|mark| above.ends_with(mark))
}

/// A place behind the last character can't be drawn; it is told at that character.
pub(super) fn drawable(text: &str, at: Span) -> Span {
    let end = text.trim_end().len();
    if (at.start as usize) < end || end == 0 {
        return at;
    }
    let last = text[..end].char_indices().next_back().map_or(0, |(index, _)| index);
    Span::new(last, end)
}

fn boundary(text: &str, at: usize) -> usize {
    (0..=at.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use crate::table::yaml::parse;

    #[test]
    fn a_comment_cuts_a_formula_that_it_closes() {
        assert!(parse("run_if: CONTAINS(x, \"a #1\")\n").is_err());
        assert!(parse("run_if: (a > 1 # b > 2)\n").is_err());
        for sound in [
            "about: 27\" screens # measured\n",
            "about: (see below # there\n",
            "is: IF(a, 1, 2) # (points)\n",
            "coverage: ~90% # \"good\"\n",
        ] {
            assert!(parse(sound).is_ok(), "{sound}");
        }
    }
}
