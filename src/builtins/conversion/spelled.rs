//! Numbers and ranges of numbers as people spell them: `$1.2M`, `51-200 employees`, `10,001+`.

use crate::builtins::registry::{Builtin, Example, Group, Param, Returns, Role, Run};
use crate::builtins::{Call, CallError, Note};
use crate::types::Type;
use crate::value::{FIRST_INEXACT, Value, finite, read_number, with_digits_of};

const RANGE: Param = Param::required(
    "range",
    Type::Any,
    "Such as `51-200 employees`, `10,001+`, `1 to 10`, `<50`, `1k-5k`, or a plain number.",
)
.role(Role::Spelled);

pub(in crate::builtins) static BUILTINS: &[Builtin] = &[
    Builtin {
        name: "PARSENUMBER",
        aliases: &[],
        group: Group::Conversion,
        summary: "The number that a text spells with a sign, a currency, a scale such as k, M or bn, or per cent. Empty, and text that spells none, is Blank.",
        params: &[Param::required("text", Type::Any, "What is read.").role(Role::Spelled)],
        returns: Returns::any(Type::Number).or_blank(),
        examples: &[
            Example::new(r#"PARSENUMBER("$1.2M")"#, "1200000"),
            Example::new(r#"PARSENUMBER("€3,000")"#, "3000"),
            Example::new(r#"PARSENUMBER("-1.5bn USD")"#, "-1500000000"),
            Example::new(r#"PARSENUMBER("12 %")"#, "0.12"),
            Example::new(r#"PARSENUMBER("")"#, "null"),
            Example::new(r#"PARSENUMBER("about 40")"#, "null"),
        ],
        run: Run::Eager(|call| match call.value(0) {
            number @ (Value::Number(_) | Value::Digits(_)) => Ok(number.clone()),
            Value::Text(text) => read_scaled(text)
                .map_or_else(|| call.unread(0, ""), |number| Ok(with_digits_of(text, number))),
            _ => call.unread(0, "must spell a number"),
        }),
    },
    Builtin {
        name: "RANGEMIN",
        aliases: &[],
        group: Group::Conversion,
        summary: "The lower end of a range of numbers; Blank where it has none, and for text that is no range.",
        params: &[RANGE],
        returns: Returns::any(Type::Number).or_blank(),
        examples: &[
            Example::new(r#"RANGEMIN("51-200 employees")"#, "51"),
            Example::new(r#"RANGEMIN("10,001+")"#, "10001"),
            Example::new(r#"RANGEMIN("<50")"#, "null"),
            Example::new(r#"RANGEMIN("many" & "")"#, "null"),
        ],
        run: Run::Eager(|call| of_range(call, |range| range.low)),
    },
    Builtin {
        name: "RANGEMID",
        aliases: &[],
        group: Group::Conversion,
        summary: "The middle of a range of numbers; the one end of a range that is open. Blank for text that is no range.",
        params: &[RANGE],
        returns: Returns::any(Type::Number).or_blank(),
        examples: &[
            Example::new(r#"RANGEMID("1 to 10")"#, "5.5"),
            Example::new(r#"RANGEMID("10,001+")"#, "10001"),
            Example::new("RANGEMID(80)", "80"),
            Example::new(r#"RANGEMID("")"#, "null"),
        ],
        run: Run::Eager(|call| of_range(call, Range::middle)),
    },
    Builtin {
        name: "RANGEMAX",
        aliases: &[],
        group: Group::Conversion,
        summary: "The upper end of a range of numbers; Blank where it has none, and for text that is no range.",
        params: &[RANGE],
        returns: Returns::any(Type::Number).or_blank(),
        examples: &[
            Example::new(r#"RANGEMAX("11–50")"#, "50"),
            Example::new(r#"RANGEMAX("1-5k")"#, "5000"),
            Example::new(r#"RANGEMAX("10,001+ employees")"#, "null"),
            Example::new(r#"RANGEMAX("200-51" & "")"#, "null"),
        ],
        run: Run::Eager(|call| of_range(call, |range| range.high)),
    },
];

/// What a number can be multiplied with, by the word behind it.
const SCALES: [(&str, f64); 17] = [
    ("k", 1e3),
    ("thousand", 1e3),
    ("m", 1e6),
    ("mm", 1e6),
    ("mn", 1e6),
    ("mio", 1e6),
    ("million", 1e6),
    ("millions", 1e6),
    ("b", 1e9),
    ("bn", 1e9),
    ("billion", 1e9),
    ("billions", 1e9),
    ("t", 1e12),
    ("tn", 1e12),
    ("tr", 1e12),
    ("trillion", 1e12),
    ("trillions", 1e12),
];

/// Currencies, by sign or code; the longer come first where one begins another.
const CURRENCIES: [&str; 24] = [
    "US$", "A$", "C$", "$", "€", "£", "¥", "₹", "USD", "EUR", "GBP", "JPY", "CNY", "INR", "CHF", "CAD",
    "AUD", "NZD", "SEK", "NOK", "DKK", "PLN", "BRL", "SGD",
];

/// A number and the scale it was written with.
#[derive(Clone, Copy)]
struct Scaled {
    number: f64,
    scale: f64,
}

/// A range of numbers; an end that is open is absent.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Range {
    low: Option<f64>,
    high: Option<f64>,
}

impl Range {
    fn middle(self) -> Option<f64> {
        match (self.low, self.high) {
            // Halved first, for the sum of two large numbers can be too large.
            (Some(low), Some(high)) => Some(low / 2.0 + high / 2.0),
            (end, None) | (None, end) => end,
        }
    }
}

fn of_range<'v>(call: &Call<'_, 'v>, end: fn(Range) -> Option<f64>) -> Result<Value<'v>, CallError> {
    let text = match call.value(0) {
        number @ (Value::Number(_) | Value::Digits(_)) => return Ok(number.clone()),
        Value::Text(text) => text.as_str(),
        _ => "",
    };
    let problem = "must be a range such as \"51-200\", \"10,001+\" or a number";
    let Some(range) = read_range(text) else { return call.unread(0, problem) };
    let Some(end) = end(range) else { return Ok(Value::Blank) };
    let end = with_digits_of(text, end);
    if matches!(end, Value::Number(number) if number.abs() >= FIRST_INEXACT) {
        call.note(Note::LostDigits, 0);
    }
    Ok(end)
}

/// Reads a number with a sign, a currency, a scale or per cent, and nothing else.
pub(crate) fn read_scaled(text: &str) -> Option<f64> {
    let text = text.trim();
    if let Some(number) = read_number(text) {
        return Some(number);
    }
    if let Some(inside) = text.strip_prefix('(').and_then(|rest| rest.strip_suffix(')')) {
        return read_unsigned(inside, false).map(|scaled| -scaled.number * scaled.scale);
    }
    let (sign, rest) = sign(text);
    let scaled = read_unsigned(rest, rest.len() == text.len())?;
    finite(sign * scaled.number * scaled.scale).ok()
}

fn sign(text: &str) -> (f64, &str) {
    match text.strip_prefix(['-', '−']) {
        Some(rest) => (-1.0, rest.trim_start()),
        None => (1.0, text.strip_prefix('+').unwrap_or(text).trim_start()),
    }
}

/// Reads currency, digits and scale in the orders that are in use. A sign can follow the currency where there is no
/// other.
fn read_unsigned(text: &str, takes_sign: bool) -> Option<Scaled> {
    let before = without_currency_before(text.trim());
    let has_currency = before.len() < text.trim().len();
    let (inner_sign, digits) = if has_currency && takes_sign { sign(before) } else { (1.0, before) };
    let digits = without_currency_behind(digits);
    if !digits.starts_with(|first: char| first.is_ascii_digit() || first == '.') {
        return None;
    }
    let word_start = digits.trim_end_matches(char::is_alphabetic).len();
    let (number, word) = digits.split_at(word_start);
    let scale = if word.is_empty() { 1.0 } else { scale_of(word)? };
    Some(Scaled { number: inner_sign * read_number(number)?, scale })
}

fn scale_of(word: &str) -> Option<f64> {
    SCALES.iter().find(|(name, _)| name.eq_ignore_ascii_case(word)).map(|(_, scale)| *scale)
}

fn without_currency_before(text: &str) -> &str {
    let rest = CURRENCIES.iter().find_map(|currency| {
        let start = text.get(..currency.len())?;
        start.eq_ignore_ascii_case(currency).then(|| text[currency.len()..].trim_start())
    });
    rest.unwrap_or(text)
}

fn without_currency_behind(text: &str) -> &str {
    let rest = CURRENCIES.iter().find_map(|currency| {
        let split = text.len().checked_sub(currency.len())?;
        let end = text.get(split..)?;
        end.eq_ignore_ascii_case(currency).then(|| text[..split].trim_end())
    });
    rest.unwrap_or(text)
}

/// Reads a range, or a number as a range of one.
fn read_range(text: &str) -> Option<Range> {
    let text = text.trim();
    if let Some(number) = read_scaled(text) {
        return Some(Range { low: Some(number), high: Some(number) });
    }
    if let Some(rest) =
        behind_word(text, &["<=", "<", "≤", "under ", "up to ", "less than ", "fewer than ", "below "])
    {
        let (high, rest) = take_number(rest)?;
        return is_unit(rest).then_some(Range { low: None, high: Some(high.number * high.scale) });
    }
    if let Some(rest) =
        behind_word(text, &[">=", ">", "≥", "over ", "more than ", "at least ", "above ", "from "])
        && let Some((low, rest)) = take_number(rest)
        && is_unit(rest.trim_start_matches('+'))
    {
        return Some(Range { low: Some(low.number * low.scale), high: None });
    }
    let text = behind_word(text, &["between ", "from "]).unwrap_or(text);
    let (low, rest) = take_number(text)?;
    if is_open(rest) {
        return Some(Range { low: Some(low.number * low.scale), high: None });
    }
    if is_unit(rest) {
        let number = Some(low.number * low.scale);
        return Some(Range { low: number, high: number });
    }
    let rest = behind_word(rest, &["-", "–", "—", "−", "to ", "and ", "until "])?;
    let (high, rest) = take_number(rest)?;
    is_unit(rest).then(|| closed(low, high))?
}

/// Both ends; `1-5k` means 1k to 5k, and `500-5k` can't.
fn closed(low: Scaled, high: Scaled) -> Option<Range> {
    let end = high.number * high.scale;
    let shared = low.number * high.scale;
    let start = if low.scale == 1.0 && shared < end { shared } else { low.number * low.scale };
    (start <= end).then_some(Range { low: Some(start), high: Some(end) })
}

/// What stands behind the first of the words that the text begins with.
fn behind_word<'t>(text: &'t str, words: &[&str]) -> Option<&'t str> {
    words.iter().find_map(|word| {
        let start = text.get(..word.len())?;
        start.eq_ignore_ascii_case(word).then(|| text[word.len()..].trim_start())
    })
}

/// The number at the text's start, with its currency and scale, and what stands behind it.
fn take_number(text: &str) -> Option<(Scaled, &str)> {
    let text = without_currency_before(text);
    let is_digit = |next: char| next.is_ascii_digit() || next == ',' || next == '.';
    let end = text.find(|next| !is_digit(next)).unwrap_or(text.len());
    let number = read_number(text[..end].trim_end_matches(['.', ',']))?;
    let rest = &text[end..];
    let word = rest.trim_start();
    let word_end = word.find(|next: char| !next.is_alphabetic()).unwrap_or(word.len());
    let (scale, rest) = match scale_of(&word[..word_end]) {
        Some(scale) => (scale, &word[word_end..]),
        None => (1.0, rest),
    };
    Some((Scaled { number, scale }, rest.trim_start()))
}

/// `+`, `or more` and the like, with a unit.
fn is_open(rest: &str) -> bool {
    behind_word(rest, &["+", "or more", "and more", "and above", "and up", "plus"]).is_some_and(is_unit)
}

/// Nothing, or words such as `employees`.
fn is_unit(rest: &str) -> bool {
    let is_word = |next: char| next.is_alphabetic() || next.is_whitespace() || "€$£.()".contains(next);
    rest.chars().all(is_word) && !["to ", "and ", "or "].iter().any(|word| rest.starts_with(word))
}

#[cfg(test)]
mod tests {
    use super::{Range, read_range, read_scaled};

    #[test]
    fn spelled_numbers_are_read() {
        let cases = [
            ("5k", 5e3),
            ("$1.2M", 1.2e6),
            ("1.5bn", 1.5e9),
            ("€ 3,000", 3e3),
            ("3 million", 3e6),
            ("USD 10k", 1e4),
            ("10k USD", 1e4),
            ("-$2m", -2e6),
            ("$-2m", -2e6),
            ("(5k)", -5e3),
            ("12 %", 0.12),
            ("₹500", 500.0),
        ];
        for (text, number) in cases {
            assert_eq!(read_scaled(text), Some(number), "{text}");
        }
        for text in [
            "",
            "about 40",
            "5 kg",
            "k",
            "$",
            "51-200",
            "5k5",
            "1e308 trillion",
            "--5k",
            "5 k k",
            "($-5k)",
            "-$-5k",
        ] {
            assert_eq!(read_scaled(text), None, "{text}");
        }
    }

    #[test]
    fn ranges_are_read() {
        let cases = [
            ("51-200 employees", Some(51.0), Some(200.0)),
            ("10,001+", Some(10_001.0), None),
            ("10,001+ employees", Some(10_001.0), None),
            ("1 to 10", Some(1.0), Some(10.0)),
            ("<50", None, Some(50.0)),
            ("> 1,000 people", Some(1000.0), None),
            ("1k-5k", Some(1000.0), Some(5000.0)),
            ("500-5k", Some(500.0), Some(5000.0)),
            ("$1M - $5M", Some(1e6), Some(5e6)),
            ("$1-5M", Some(1e6), Some(5e6)),
            ("11–50", Some(11.0), Some(50.0)),
            ("between 5 and 9", Some(5.0), Some(9.0)),
            ("100 or more", Some(100.0), None),
            ("80 people", Some(80.0), Some(80.0)),
            ("-5", Some(-5.0), Some(-5.0)),
            ("$1 billion and above", Some(1e9), None),
        ];
        for (text, low, high) in cases {
            assert_eq!(read_range(text), Some(Range { low, high }), "{text}");
        }
        for text in ["", "many", "200-51", "1-2-3", "2026-01-31", "5-10%", "555-0100 ext. 2", "a-b", "-"] {
            assert_eq!(read_range(text), None, "{text}");
        }
    }
}
