//! Numbers as people write and read them.

use super::ErrorValue;
use std::fmt::Write;

/// The number, or `#NUM!` where it is infinite or none.
pub fn finite(number: f64) -> Result<f64, ErrorValue> {
    if number.is_finite() {
        Ok(number)
    } else {
        Err(ErrorValue::number("the result is too large for a number, or not a number at all"))
    }
}

/// Appends the shortest form that reads back as the same number: `5`, `0.1`, `1e21`.
pub fn write_number(out: &mut String, number: f64) {
    let size = number.abs();
    let written = if number == 0.0 {
        out.write_char('0')
    } else if size < 1e15 && number.fract() == 0.0 {
        write!(out, "{}", number as i64)
    } else if (1e-7..1e21).contains(&size) {
        write!(out, "{number}")
    } else {
        write!(out, "{number:e}")
    };
    debug_assert!(written.is_ok(), "writing to a String never fails");
}

/// The shortest form that reads back as the same number.
#[must_use]
pub fn number_text(number: f64) -> String {
    let mut text = String::new();
    write_number(&mut text, number);
    text
}

/// Whether two numbers are the same once both are rounded to 15 significant digits, as spreadsheets compare.
#[must_use]
pub fn same_number(one: f64, two: f64) -> bool {
    if one == two {
        return true;
    }
    // Two numbers that agree in 15 digits differ by less than one unit of the 14th.
    (one - two).abs() <= 1e-14 * one.abs().max(two.abs()) && decimal_of(one) == decimal_of(two)
}

/// The decimal that a person sees: the number at 15 significant digits.
#[must_use]
pub fn decimal_of(number: f64) -> f64 {
    if number == 0.0 || !number.is_finite() {
        return number;
    }
    // Integers of up to 15 digits are exact already.
    if number.fract() == 0.0 && number.abs() < 1e15 {
        return number;
    }
    format!("{number:.14e}").parse().unwrap_or(number)
}

/// Rounds half away from zero at `places` decimal places (negative: left of the point), on the decimal a person sees.
#[must_use]
pub fn round_half_away(number: f64, places: i32) -> f64 {
    round_digits(number, places, |first_dropped, _| first_dropped >= b'5')
}

/// Cuts the decimal that a person sees at `places`; `up` decides from the first dropped digit, and whether any
/// dropped digit is not zero, whether the last kept digit grows by one.
pub(crate) fn round_digits(number: f64, places: i32, up: impl Fn(u8, bool) -> bool) -> f64 {
    // Where all fifteen digits that are shown would be kept, the two behind them decide.
    [15, 17].into_iter().find_map(|shown| cut(number, places, shown, &up)).unwrap_or(number)
}

/// The number cut at `places`, going by its first `shown` digits; nothing where these are too few.
fn cut(number: f64, places: i32, shown: usize, up: &impl Fn(u8, bool) -> bool) -> Option<f64> {
    if number == 0.0 || !number.is_finite() {
        return None;
    }
    let written = format!("{:.*e}", shown - 1, number.abs());
    let (mantissa, exponent) = written.split_once('e')?;
    let digits: Vec<u8> = mantissa.bytes().filter(u8::is_ascii_digit).collect();
    // How many of the digits stand left of the place that is rounded to.
    let kept = exponent.parse::<i64>().ok()? + 1 + i64::from(places);
    let Ok(kept) = usize::try_from(kept) else {
        return Some(if up(b'0', true) { 10f64.powi(-places).copysign(number) } else { 0.0 });
    };
    if kept >= digits.len() {
        return None;
    }
    let (head, tail) = digits.split_at(kept);
    let grows = up(tail[0], tail.iter().any(|digit| *digit != b'0'));
    let head = std::str::from_utf8(head).ok()?.parse::<u64>().unwrap_or(0) + u64::from(grows);
    Some(format!("{head}e{}", -i64::from(places)).parse::<f64>().ok()?.copysign(number))
}

/// The decimal that a person sees, where the number is small enough that its fraction can be seen.
pub(crate) fn shown_fraction(number: f64) -> f64 {
    if number.abs() < 1e14 { decimal_of(number) } else { number }
}

/// Reads text as VALUE does: `80`, ` 1,200 `, `12%`, `$5`, `-1.5e3`, `(5)`. `None` where it is no number.
#[must_use]
pub fn read_number(text: &str) -> Option<f64> {
    let text = text.trim();
    if text.is_empty() || text.len() > 400 {
        return None;
    }
    if let Some(plain) = read_plain(text) {
        return Some(plain);
    }
    if let Some(inside) = text.strip_prefix('(').and_then(|rest| rest.strip_suffix(')')) {
        return read_unsigned(inside.trim(), false).map(|number| -number);
    }
    match text.strip_prefix(['-', '−']) {
        Some(rest) => read_unsigned(rest.trim_start(), false).map(|number| -number),
        None => match text.strip_prefix('+') {
            Some(rest) => read_unsigned(rest, false),
            None => read_unsigned(text, true),
        },
    }
}

/// Reads a number with a currency sign before or after it, a per cent sign, thousands separators. Its minus sign can
/// follow the currency, `$-5`, where there is no other sign.
fn read_unsigned(text: &str, takes_sign: bool) -> Option<f64> {
    const CURRENCIES: [char; 4] = ['$', '€', '£', '¥'];
    let (text, currency) = match text.strip_prefix(CURRENCIES) {
        Some(rest) => (rest.trim_start(), true),
        None => (text, false),
    };
    let (text, currency) = match text.strip_suffix(CURRENCIES) {
        Some(rest) if !currency => (rest.trim_end(), true),
        _ => (text, currency),
    };
    let (text, signed) = match text.strip_prefix('-') {
        Some(rest) if currency && takes_sign => (rest, -1.0),
        _ => (text, 1.0),
    };
    let (text, hundredth) = match text.strip_suffix('%') {
        Some(rest) => (rest.trim_end(), 100.0),
        None => (text, 1.0),
    };
    if !text.starts_with(|first: char| first.is_ascii_digit() || first == '.') {
        return None;
    }
    let number = if text.contains(',') { read_grouped(text)? } else { read_plain(text)? };
    Some(signed * number / hundredth)
}

/// `1,200`, `1,234,567.8`: groups of exactly three digits.
fn read_grouped(text: &str) -> Option<f64> {
    let (whole, fraction) = text.split_once('.').map_or((text, None), |(whole, rest)| (whole, Some(rest)));
    let mut groups = whole.split(',');
    let first = groups.next()?;
    let grouped = (1..=3).contains(&first.len()) && groups.all(|group| group.len() == 3);
    let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    if !grouped || !whole.split(',').all(digits) || !fraction.is_none_or(digits) {
        return None;
    }
    read_plain(&text.replace(',', ""))
}

/// A number as programs write it: sign, digits, point, exponent, and nothing else.
fn read_plain(text: &str) -> Option<f64> {
    let bytes = text.as_bytes();
    let allowed = |byte: &u8| byte.is_ascii_digit() || matches!(byte, b'.' | b'-' | b'+' | b'e' | b'E');
    // Rust also reads `inf` and `nan`, which are words here.
    if !bytes.iter().all(allowed) || !bytes.iter().any(u8::is_ascii_digit) {
        return None;
    }
    text.parse::<f64>().ok().filter(|number| number.is_finite())
}

/// Whether the text is a range of numbers or an open one: `51-200 employees`, `10,001+`, `1 to 10`.
#[must_use]
pub fn reads_as_range(text: &str) -> bool {
    let is_digit_or_comma = |next: char| next.is_ascii_digit() || next == ',' || next == '.';
    let text = text.trim();
    let number_end = text.find(|next: char| !is_digit_or_comma(next)).unwrap_or(text.len());
    if number_end == 0 || !text.starts_with(|first: char| first.is_ascii_digit()) {
        return false;
    }
    let rest = text[number_end..].trim_start();
    let unit = |tail: &str| tail.chars().all(|next| next.is_alphabetic() || next.is_whitespace());
    if let Some(behind) = rest.strip_prefix('+') {
        return unit(behind);
    }
    let Some(behind) = ["-", "–", "—", "to "].iter().find_map(|dash| rest.strip_prefix(dash)) else {
        return false;
    };
    let behind = behind.trim_start();
    let upper_end = behind.find(|next: char| !is_digit_or_comma(next)).unwrap_or(behind.len());
    upper_end > 0 && unit(&behind[upper_end..])
}

#[cfg(test)]
mod tests {
    use super::{number_text, read_number, reads_as_range, round_half_away, same_number};

    #[test]
    fn numbers_are_read_as_value_reads_them() {
        let read = [
            ("80", 80.0),
            (" 80 ", 80.0),
            ("1,200", 1200.0),
            ("1,234,567.5", 1_234_567.5),
            ("12%", 0.12),
            ("$5", 5.0),
            ("-$5", -5.0),
            ("$-5", -5.0),
            ("5 €", 5.0),
            ("(5)", -5.0),
            ("1e3", 1000.0),
            (".5", 0.5),
            ("+7", 7.0),
        ];
        for (text, number) in read {
            assert_eq!(read_number(text), Some(number), "{text}");
        }
        for text in [
            "",
            " ",
            "inf",
            "NaN",
            "1,20",
            "12,34,567",
            "5k",
            "1-2",
            "51-200",
            "10,001+",
            "--5",
            "$",
            "%",
            "0x10",
            "1e999",
        ] {
            assert_eq!(read_number(text), None, "{text}");
        }
    }

    #[test]
    fn ranges_are_told_from_other_text() {
        for text in ["51-200", "51-200 employees", "10,001+", "10,001+ employees", "1 to 10", "1–10"] {
            assert!(reads_as_range(text), "{text}");
        }
        for text in ["80", "2020-01-01", "5 people", "a-b", "", "555-0100 ext. 2"] {
            assert!(!reads_as_range(text), "{text}");
        }
    }

    #[test]
    fn rounding_is_on_the_decimal_that_is_shown() {
        assert_eq!(round_half_away(1.005, 2), 1.01);
        assert_eq!(round_half_away(2.675, 2), 2.68);
        assert_eq!(round_half_away(-2.5, 0), -3.0);
        assert_eq!(round_half_away(1234.0, -2), 1200.0);
        assert_eq!(round_half_away(50.0, -2), 100.0);
        assert_eq!(round_half_away(49.0, -2), 0.0);
        assert_eq!(round_half_away(5.0, -2), 0.0);
        assert_eq!(round_half_away(9.99, 1), 10.0);
        assert_eq!(round_half_away(123_456_789_012_345.6, 0), 123_456_789_012_346.0);
        assert_eq!(round_half_away(12_345_678_901_234.567, 2), 12_345_678_901_234.57);
        assert_eq!(round_half_away(1e300, 2), 1e300);
    }

    #[test]
    fn comparison_rounds_to_fifteen_digits() {
        assert!(same_number(0.1 + 0.2, 0.3));
        assert!(same_number(0.57 * 100.0, 57.0));
        assert!(!same_number(1.0, 1.000_000_000_001));
    }

    #[test]
    fn numbers_are_written_shortest() {
        for (number, text) in [
            (5.0, "5"),
            (-0.0, "0"),
            (0.1, "0.1"),
            (1e21, "1e21"),
            (1e20, "100000000000000000000"),
            (1.5e-9, "1.5e-9"),
        ] {
            assert_eq!(number_text(number), text);
        }
    }
}
