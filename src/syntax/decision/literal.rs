//! Values in the cells of decision tables, as people write them in spreadsheets.

use crate::syntax::ast::LiteralValue;
use crate::syntax::lower::unquote;
use crate::syntax::print_text;
use crate::value::{Clock, Date, Value, number_text, read_number, reads_as_range, with_digits_of};

/// A value that was read.
pub(super) struct Known {
    pub(super) value: LiteralValue,
    /// Whether it is text without quotes.
    pub(super) is_plain: bool,
}

/// The reason why a text is not a value.
pub(super) struct Problem {
    pub(super) message: String,
    pub(super) why: &'static str,
    pub(super) help: String,
    /// Whether a result can be this text.
    pub(super) is_only_of_conditions: bool,
}

/// Words that could be tests or texts.
const TESTS: [(&str, &str); 10] = [
    ("empty", "ISEMPTY"),
    ("blank", "ISEMPTY"),
    ("null", "ISEMPTY"),
    ("not empty", "ISNOTEMPTY"),
    ("not blank", "ISNOTEMPTY"),
    ("not null", "ISNOTEMPTY"),
    ("any", "-"),
    ("*", "-"),
    ("else", "-"),
    ("otherwise", "-"),
];

/// Reads a value: a number, TRUE or FALSE, a day, and otherwise a text, with or without quotes.
pub(super) fn read(text: &str) -> Result<Known, Problem> {
    let known = |value| Ok(Known { value, is_plain: false });
    if let Some(text) = quoted(text)? {
        return known(LiteralValue::Text(text));
    }
    if text.eq_ignore_ascii_case("true") || text.eq_ignore_ascii_case("false") {
        return known(LiteralValue::Boolean(text.eq_ignore_ascii_case("true")));
    }
    if let Some(number) = number(text) {
        return known(match with_digits_of(text, number) {
            Value::Digits(digits) => LiteralValue::Digits(digits.to_string()),
            _ => LiteralValue::Number(number),
        });
    }
    if let Some(date) = date(text)? {
        return known(LiteralValue::Date(date));
    }
    misread(text)
        .map_or_else(|| Ok(Known { value: LiteralValue::Text(text.to_owned()), is_plain: true }), Err)
}

/// The text between quotes; nothing without quotes.
fn quoted(text: &str) -> Result<Option<String>, Problem> {
    let close = match text.chars().next() {
        Some('"') => '"',
        Some('\'') => '\'',
        Some('“' | '”' | '„') => '”',
        _ => return Ok(None),
    };
    let inside = text.trim_start_matches(['“', '”', '„', '"', '\'']);
    let is_typographic = close == '”';
    let is_closed = if is_typographic {
        inside.ends_with(['”', '“']) && inside.find(['”', '“']) == inside.rfind(['”', '“'])
    } else {
        closes_at_end(text, close)
    };
    if !is_closed {
        let help = "close the quote at the end of the text, and write a quote inside of it twice".to_owned();
        return Err(problem("the quotes of this text do not match", "a quote is missing", help, false));
    }
    let read =
        if is_typographic { inside.trim_end_matches(['”', '“']).to_owned() } else { unquote(text) };
    if read.is_empty() {
        let help = "write `ISEMPTY` in a condition, or leave a result empty for Blank".to_owned();
        return Err(problem("an empty text", "nothing is between the quotes", help, false));
    }
    Ok(Some(read))
}

/// Whether the quote that a text begins with is closed by its last character. Two quotes inside are one.
fn closes_at_end(text: &str, quote: char) -> bool {
    let mut rest = &text[1..];
    loop {
        let Some(at) = rest.find([quote, '\\']) else { return false };
        let found = rest[at..].chars().next();
        let behind = &rest[at + 1..];
        if found == Some('\\') {
            rest = behind.get(behind.chars().next().map_or(0, char::len_utf8)..).unwrap_or_default();
        } else if let Some(doubled) = behind.strip_prefix(quote) {
            rest = doubled;
        } else {
            return behind.is_empty();
        }
    }
}

/// `100`, `-5`, `1.5`, `12%`. A number that begins with a needless zero, such as a postal code, is text.
fn number(text: &str) -> Option<f64> {
    let (digits, scale) = match text.strip_suffix('%') {
        Some(digits) => (digits.trim_end(), 0.01),
        None => (text, 1.0),
    };
    let unsigned = digits.strip_prefix(['-', '+']).unwrap_or(digits);
    let is_plain = unsigned.starts_with(|first: char| first.is_ascii_digit() || first == '.')
        && unsigned
            .bytes()
            .all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b'e' | b'E' | b'-' | b'+'));
    let has_zero = unsigned.len() > 1 && unsigned.starts_with('0') && !unsigned.starts_with("0.");
    if !is_plain || has_zero {
        return None;
    }
    let number = digits.parse::<f64>().ok().filter(|number| number.is_finite())?;
    Some(if scale == 1.0 { number } else { number / 100.0 })
}

/// `2026-01-31`
fn date(text: &str) -> Result<Option<Date>, Problem> {
    let parts: Vec<&str> = text.split('-').collect();
    let are_digits =
        parts.iter().all(|part| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit()));
    if parts.len() != 3 || parts[0].len() != 4 || !are_digits {
        return Ok(None);
    }
    let help = format!("write a day of the calendar, or `{}` for the text", print_text(text));
    let invalid = || problem("not a day of the calendar", "no such day", help, false);
    Date::read(text, &Clock::system()).map(Some).ok_or_else(invalid)
}

/// The problem of a text without quotes that looks like something else.
fn misread(text: &str) -> Option<Problem> {
    let quoted = print_text(text);
    let ambiguous =
        |why, help: String, is_only| Some(problem("ambiguous text without quotes", why, help, is_only));
    if let Some((_, test)) = TESTS.iter().find(|(word, _)| text.eq_ignore_ascii_case(word)) {
        return ambiguous(
            "a condition or a text",
            format!("write `{test}` for the condition, or `{quoted}` for the text"),
            true,
        );
    }
    if is_slashed_date(text) {
        return ambiguous(
            "the order of day and month is not known",
            format!("write a date as `2026-01-31`, or `{quoted}` for the text"),
            false,
        );
    }
    let ends = range_ends(text);
    if let Some((low, high)) = ends.filter(|_| reads_as_range(text)) {
        return ambiguous(
            "a range of numbers or a text",
            format!("write `{low}..{high}` for the range, or `{quoted}` for the text"),
            true,
        );
    }
    if let Some(low) = text.strip_suffix('+').and_then(read_number) {
        return ambiguous(
            "a range of numbers or a text",
            format!("write `>= {}` for an open range, or `{quoted}` for the text", number_text(low)),
            true,
        );
    }
    let is_code = text.starts_with('0') && text.bytes().all(|byte| byte.is_ascii_digit());
    if let Some(number) = read_number(text).filter(|_| !is_code) {
        return ambiguous(
            "a number or a text",
            format!("write `{}` for the number, or `{quoted}` for the text", number_text(number)),
            false,
        );
    }
    if let Some(number) = abbreviated(text) {
        return ambiguous(
            "a number or a text",
            format!("write `{}` for the number, or `{quoted}` for the text", number_text(number)),
            true,
        );
    }
    let lower = text.to_lowercase();
    if let Some(rest) = lower.strip_prefix("not ") {
        let rest = &text[text.len() - rest.len()..];
        return ambiguous(
            "a condition or a text",
            format!("write `<> {}` for the condition, or `{quoted}` for the text", print_text(rest.trim())),
            true,
        );
    }
    if lower.contains(" or ") || text.contains([';', '|']) {
        return ambiguous(
            "several values or one text",
            format!("write a comma between values, or `{quoted}` for one text"),
            true,
        );
    }
    if text.contains(['<', '>', '=', '"']) || text.is_empty() {
        let help = format!("write `>= 100`, `50..200` or `\"US\", \"CA\"`; write `{quoted}` for the text");
        return Some(problem("not a condition", "not read as a condition", help, true));
    }
    let is_call = text.ends_with(')')
        && text
            .find('(')
            .is_some_and(|open| open > 0 && text[..open].bytes().all(|byte| byte.is_ascii_alphanumeric()));
    is_call.then(|| {
        let help =
            format!("write the formula in a header, and TRUE or FALSE here; write `{quoted}` for the text");
        problem("a condition is a value, not a formula", "a formula", help, true)
    })
}

/// `01/31/2026`, `31.1.26`
fn is_slashed_date(text: &str) -> bool {
    ['/', '.'].iter().any(|sign| {
        let parts: Vec<&str> = text.split(*sign).collect();
        parts.len() == 3
            && parts
                .iter()
                .all(|part| (1..=4).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit()))
    })
}

/// The ends of `51-200`, `51 – 200`, `51 to 200`.
fn range_ends(text: &str) -> Option<(&str, &str)> {
    let (low, high) = ["-", "–", "—", " to "].iter().find_map(|sign| text.split_once(sign))?;
    let (low, high) = (low.trim(), high.trim());
    [low, high].iter().all(|end| number(end).is_some()).then_some((low, high))
}

/// `10k`, `1.5M`
fn abbreviated(text: &str) -> Option<f64> {
    let scale = match text.chars().last()? {
        'k' | 'K' => 1e3,
        'm' | 'M' => 1e6,
        _ => return None,
    };
    number(text[..text.len() - 1].trim_end()).map(|number| number * scale)
}

fn problem(message: &str, why: &'static str, help: String, is_only_of_conditions: bool) -> Problem {
    Problem { message: message.to_owned(), why, help, is_only_of_conditions }
}
