//! What is wrong with a text that is not YAML, in the words of a person who writes tables.

/// The problem at the byte `at` of `text`, of which the parser says `said`, and what to do about it.
pub(super) fn told(text: &str, at: usize, said: &str) -> (String, Option<String>) {
    let (before, value) = line_to(text, at);
    let key = before.trim().trim_start_matches("- ");
    let quoted = |quote: &str| Some(format!("put all of it in quotes: `{key} {quote}…{quote}`"));
    if said.contains("tabs") {
        return ("a line is indented with a tab".to_owned(), Some("indent with blanks".to_owned()));
    }
    if said.contains("escape") {
        let help =
            "in double quotes a backslash is written twice: `\\\\d`; in single quotes, or below `|`, once";
        return (
            "a backslash in double quotes begins an escape that YAML does not know".to_owned(),
            Some(help.to_owned()),
        );
    }
    let is_value = !key.is_empty() && key.ends_with(':');
    match value.chars().next() {
        Some('"') if is_value => ("a text in quotes ends, and more stands behind it".to_owned(), quoted("'")),
        Some('\'') if is_value => {
            ("a text in quotes ends, and more stands behind it".to_owned(), quoted("\""))
        }
        Some(first @ ('{' | '[' | '%' | '@' | '`' | '*' | '&' | '!' | '|' | '>')) if is_value => {
            let what = match first {
                '{' => "a mapping of keys",
                '[' => "a list",
                _ => "no text",
            };
            (format!("a value that begins with `{first}` is {what} to YAML"), quoted("'"))
        }
        _ if said.contains("mapping values are not allowed") => {
            ("a `:` with a blank behind it makes a key of what stands before it".to_owned(), quoted("'"))
        }
        _ if said.contains("did not find expected") && said.contains("block") => (
            "this line does not belong to those above it".to_owned(),
            Some("what belongs together begins in the same column".to_owned()),
        ),
        _ if said.contains("':' indicator") => (
            "a list or mapping in brackets is not closed before this".to_owned(),
            Some("write `]` or `}` where it ends".to_owned()),
        ),
        _ => (said.to_owned(), None),
    }
}

/// The line with the byte `at`, divided behind its first key.
fn line_to(text: &str, at: usize) -> (&str, &str) {
    let at = (0..=at.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
    let start = text[..at].rfind('\n').map_or(0, |end| end + 1);
    let line = text[start..].lines().next().unwrap_or_default();
    match line.find(": ") {
        Some(colon) => (&line[..=colon], line[colon + 1..].trim_start()),
        None => (line, ""),
    }
}
