//! Whole numbers of more digits than a number can hold. They are ids, and an id is the sum of its digits: rounded it would
//! be that of another lead. So they are read as text, in rows as in answers.

use crate::rows::{BadRow, read_value};
use crate::value::Value;
use std::borrow::Cow;

/// A number of fewer digits is held exactly.
const FEWEST: usize = 16;

/// Reads a JSON value of any kind, whose longest whole numbers become text.
pub(crate) fn read_exact(json: &str) -> Result<Value<'_>, BadRow> {
    match with_all_digits(json) {
        Cow::Borrowed(json) => read_value(json),
        Cow::Owned(json) => read_value(&json).map(Value::into_owned),
    }
}

/// The JSON text with quotes around each whole number that a number would round.
pub(crate) fn with_all_digits(json: &str) -> Cow<'_, str> {
    let mut out = String::new();
    let mut kept = 0;
    let mut at = 0;
    while let Some(offset) = json[at..].find(is_token) {
        at += offset;
        if json[at..].starts_with('"') {
            at = end_of_text(json, at + 1);
            continue;
        }
        let end = json[at..].find(|next| !is_of_number(next)).map_or(json.len(), |length| at + length);
        if is_rounded(&json[at..end]) {
            out.push_str(&json[kept..at]);
            out.extend(["\"", &json[at..end], "\""]);
            kept = end;
        }
        at = end;
    }
    if kept == 0 {
        return Cow::Borrowed(json);
    }
    out.push_str(&json[kept..]);
    Cow::Owned(out)
}

/// Whether a text or a number begins with it.
fn is_token(next: char) -> bool {
    next == '"' || next == '-' || next.is_ascii_digit()
}

fn is_of_number(next: char) -> bool {
    next.is_ascii_digit() || matches!(next, '-' | '+' | '.' | 'e' | 'E')
}

/// The byte behind the quote that closes a text.
fn end_of_text(json: &str, from: usize) -> usize {
    let mut at = from;
    while let Some(next) = memchr::memchr2(b'"', b'\\', json.as_bytes().get(at..).unwrap_or_default()) {
        at += next;
        if json.as_bytes()[at] == b'"' {
            return at + 1;
        }
        // What is escaped is at least one byte, and of what is longer no part is a quote or a backslash.
        at += 2;
    }
    json.len()
}

/// Whether a number, as it is spelled, is a whole one that would not keep its digits.
pub(crate) fn is_rounded(spelled: &str) -> bool {
    let digits = spelled.strip_prefix('-').unwrap_or(spelled);
    digits.len() >= FEWEST
        && digits.bytes().all(|byte| byte.is_ascii_digit())
        && spelled.parse::<f64>().is_ok_and(|number| format!("{number:.0}") != spelled)
}

#[cfg(test)]
mod tests {
    use super::with_all_digits;

    #[test]
    fn only_whole_numbers_that_would_be_rounded_become_text() {
        let quoted = [
            (r#"{"id":9007199254740993}"#, r#"{"id":"9007199254740993"}"#),
            ("[-9007199254740993,12345678901234567890]", r#"["-9007199254740993","12345678901234567890"]"#),
            ("18446744073709551617", r#""18446744073709551617""#),
            (r#"["a\"",9007199254740993]"#, r#"["a\"","9007199254740993"]"#),
        ];
        for (json, wanted) in quoted {
            assert_eq!(with_all_digits(json), wanted);
        }
        let kept = [
            r#"{"9007199254740993":"9007199254740993 é \" 9007199254740993"}"#,
            "[9007199254740992,10000000000000000000,1.2345678901234567890,9007199254740993e0,123456789012345]",
            r#""\\"#,
            "é",
            "",
        ];
        for json in kept {
            assert_eq!(with_all_digits(json), json);
        }
    }
}
