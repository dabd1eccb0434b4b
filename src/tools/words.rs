//! Pieces of formulas and values as reports show them.

use crate::batch::RowPath;
use crate::diagnostics::visible_line;
use crate::span::Span;
use crate::syntax::{TokenKind, balanced, tokenize};
use crate::value::{Value, json_text, write_json_text};

/// More characters than this of a formula are cut.
const LONGEST: usize = 60;
/// And more than this of a value.
const LONGEST_VALUE: usize = 40;

/// The text of a formula on one line: without comments, with one blank where it has several or a line end.
#[must_use]
pub fn one_line(source: &str, span: Span) -> String {
    clipped(whole_line(source, span), LONGEST)
}

/// The same, however long it is.
pub(super) fn whole_line(source: &str, span: Span) -> String {
    let text = balanced(source, span).of(source);
    let mut line = String::new();
    let mut end = 0;
    for token in tokenize(text) {
        if matches!(token.kind, TokenKind::Comment | TokenKind::BlockComment) {
            continue;
        }
        let opens = line.ends_with(['(', '[']);
        let closes = matches!(token.kind, TokenKind::Close | TokenKind::Comma);
        if end < token.span.start as usize && !line.is_empty() && !opens && !closes {
            line.push(' ');
        }
        line.push_str(token.text(text));
        end = token.span.end as usize;
    }
    line
}

/// What is wrong with a column that formulas read and no row has.
#[must_use]
pub fn missing_column(key: &str) -> String {
    format!("no row has a column `{key}`, which was read as Blank")
}

/// The warning about a path into records that no row has.
#[must_use]
pub fn missing_path(path: &RowPath) -> String {
    format!("no row has `{}`, which was read as Blank", path.written)
}

/// What a formula looks like apart from the numbers and texts in it.
pub(super) fn without_literals(formula: &str) -> String {
    let mut text = String::new();
    for token in tokenize(formula) {
        let is_literal = matches!(token.kind, TokenKind::Number | TokenKind::Text);
        text.push_str(if is_literal { "0" } else { token.text(formula) });
        text.push(' ');
    }
    text
}

/// A value as a report shows it: text as JSON writes it, an empty one as `empty`, an error by its code.
#[must_use]
pub fn shown(value: &Value<'_>) -> String {
    match value {
        Value::Blank => "empty".to_owned(),
        Value::Error(error) => error.code.to_string(),
        Value::Date(date) => date.to_string(),
        Value::Text(text) => {
            let mut json = String::new();
            write_json_text(&mut json, &clipped(text.as_str().to_owned(), LONGEST_VALUE));
            visible_line(&json).into_owned()
        }
        other => visible_line(&clipped(json_text(other), LONGEST_VALUE)).into_owned(),
    }
}

/// A value as the name of a group of rows, such as a tier: text without quotes.
pub(super) fn group_name(value: &Value<'_>) -> String {
    match value {
        Value::Text(text) => text.as_str().to_owned(),
        other => shown(other),
    }
}

/// The text on one line, at most `longest` characters of it.
pub(super) fn clipped_line(text: &str, longest: usize) -> String {
    clipped(text.split_whitespace().collect::<Vec<_>>().join(" "), longest)
}

/// The text, or its beginning and `…` where it is longer than `longest` characters.
pub(super) fn clipped(mut text: String, longest: usize) -> String {
    if let Some((end, _)) = text.char_indices().nth(longest) {
        text.truncate(end);
        text.push('…');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::{one_line, shown};
    use crate::span::Span;
    use crate::value::Value;

    #[test]
    fn values_are_shown_as_json_writes_them() {
        let text = Value::borrowed("say \"hi\"\n\u{7f}\u{200b}");
        assert_eq!(shown(&text), r#""say \"hi\"\n\u007f\u200b""#);
        assert_eq!(shown(&Value::list(vec![text])), r#"["say \"hi\"\n\u007f\u200b"]"#);
    }

    #[test]
    fn formulas_come_on_one_line() {
        let text = "IF( OR(  # one\n  a = 1,\n b\n), 2 )";
        assert_eq!(one_line(text, Span::new(0, text.len())), "IF(OR(a = 1, b), 2)");
        assert_eq!(one_line("((a + b) * c) - d", Span::new(2, 12)), "(a + b) * c");
        assert_eq!(one_line("x * ( a - b )", Span::new(0, 11)), "x * (a - b)");
    }
}
