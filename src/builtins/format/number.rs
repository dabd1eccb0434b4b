//! Numbers as a format shows them.

use super::lex::Piece;
use super::{Section, SectionKind};
use crate::value::{ErrorValue, decimal_of, number_text, round_half_away};

/// What a section says about its digits, before any is written.
#[derive(Debug, Default)]
struct Layout {
    whole: usize,
    fraction: usize,
    exponent: usize,
    has_exponent: bool,
    grouped: bool,
    thousandths: i32,
    percents: i32,
}

/// The digits to write, as ASCII; no leading zeros in the whole part.
struct Digits {
    whole: String,
    fraction: String,
    exponent: i64,
}

impl Digits {
    fn is_zero(&self) -> bool {
        self.whole.bytes().chain(self.fraction.bytes()).all(|digit| digit == b'0')
    }
}

/// Writes the number; a negative one gets a sign before everything else.
pub(super) fn write(section: &Section, number: f64) -> Result<String, ErrorValue> {
    let sign = if number < 0.0 { "-" } else { "" };
    let size = number.abs();
    if section.kind != SectionKind::Number {
        return Ok(format!("{sign}{}", percents(section, size)));
    }
    let layout = layout(&section.pieces);
    let scaled = size * 100f64.powi(layout.percents) / 1000f64.powi(layout.thousandths);
    if !scaled.is_finite() {
        return Err(ErrorValue::number(format!("{number} is too large for the format")));
    }
    let digits = if layout.has_exponent {
        scientific(scaled, &layout)
    } else {
        let (whole, fraction) = decimal(scaled, layout.fraction);
        Digits { whole, fraction, exponent: 0 }
    };
    // A number that is rounded to 0 has no sign.
    let mut out = if digits.is_zero() { String::new() } else { sign.to_owned() };
    write_pieces(&mut out, &section.pieces, &layout, &digits);
    Ok(out)
}

/// Writes a whole number digit by digit; nothing where the section divides it or multiplies it.
pub(super) fn write_digits(section: &Section, digits: &str, is_negative: bool) -> Option<String> {
    let layout = layout(&section.pieces);
    let is_scaled = layout.has_exponent || layout.percents != 0 || layout.thousandths != 0;
    if is_scaled || section.kind != SectionKind::Number {
        return None;
    }
    let digits = Digits { whole: digits.to_owned(), fraction: "0".repeat(layout.fraction), exponent: 0 };
    let mut out = if is_negative { "-".to_owned() } else { String::new() };
    write_pieces(&mut out, &section.pieces, &layout, &digits);
    Some(out)
}

/// A section without digits, whose per cent signs stand for themselves.
fn percents(section: &Section, size: f64) -> String {
    let mut out = String::new();
    for piece in &section.pieces {
        match piece {
            Piece::Literal(literal) => out.push_str(literal),
            Piece::General => out.push_str(&general(size)),
            // As text, a number has all its digits.
            Piece::At => out.push_str(&number_text(decimal_of(size))),
            Piece::Percent => out.push('%'),
            _ => {}
        }
    }
    out
}

fn layout(pieces: &[Piece]) -> Layout {
    let mut layout = Layout::default();
    let mut behind_point = false;
    let digit_follows = |index: usize| {
        let rest = pieces[index..]
            .iter()
            .take_while(|piece| !matches!(piece, Piece::Point | Piece::Exponent { .. }));
        rest.into_iter().any(|piece| matches!(piece, Piece::Digit(_)))
    };
    for (index, piece) in pieces.iter().enumerate() {
        match piece {
            Piece::Digit(_) if layout.has_exponent => layout.exponent += 1,
            Piece::Digit(_) if behind_point => layout.fraction += 1,
            Piece::Digit(_) => layout.whole += 1,
            Piece::Point => behind_point = true,
            Piece::Exponent { .. } => layout.has_exponent = true,
            Piece::Percent => layout.percents += 1,
            // Between digits a comma groups them; behind the last it divides by a thousand.
            Piece::Comma if layout.has_exponent || layout.whole + layout.fraction == 0 => {}
            Piece::Comma if digit_follows(index) => layout.grouped |= !behind_point,
            Piece::Comma => layout.thousandths += 1,
            _ => {}
        }
    }
    layout
}

/// The digits of a number that is not negative, rounded to `places` decimals: 15 of them, then zeros.
fn decimal(number: f64, places: usize) -> (String, String) {
    let rounded = round_half_away(number, i32::try_from(places).unwrap_or(i32::MAX).min(400));
    let (digits, exponent) = significant(rounded);
    if rounded == 0.0 {
        return (String::new(), "0".repeat(places));
    }
    let point = exponent + 1;
    let (whole, mut fraction) = if point <= 0 {
        (String::new(), format!("{}{digits}", "0".repeat(point.unsigned_abs() as usize)))
    } else {
        let point = point as usize;
        let padding = "0".repeat(point.saturating_sub(digits.len()));
        let cut = point.min(digits.len());
        (format!("{}{padding}", &digits[..cut]), digits[cut..].to_owned())
    };
    fraction.truncate(places);
    fraction.extend(std::iter::repeat_n('0', places - fraction.len()));
    (whole, fraction)
}

/// How many digits of a number are shown before zeros take over, as spreadsheets have it.
const SIGNIFICANT: i64 = 15;

/// The 15 significant digits of a number, and the power of ten of the first.
fn significant(number: f64) -> (String, i64) {
    let written = format!("{number:.14e}");
    let (mantissa, exponent) = written.split_once('e').unwrap_or((&written, "0"));
    (mantissa.replace('.', ""), exponent.parse().unwrap_or(0))
}

/// A mantissa with as many whole digits as there are places for at most, and the exponent that goes with it.
fn scientific(number: f64, layout: &Layout) -> Digits {
    let (digits, first) = significant(number);
    let step = i64::try_from(layout.whole).unwrap_or(1).max(1);
    // Without a place for a whole digit, the mantissa is less than 1.
    let lift = i64::from(layout.whole == 0);
    let mut exponent = if number == 0.0 { 0 } else { (first + lift).div_euclid(step) * step };
    let mantissa = |exponent: i64| {
        let power = first - exponent - (SIGNIFICANT - 1);
        let exact = format!("{digits}e{power}").parse::<f64>().unwrap_or(0.0);
        decimal(exact, layout.fraction)
    };
    let (mut whole, mut fraction) = mantissa(exponent);
    if whole.len() > layout.whole {
        exponent += step;
        (whole, fraction) = mantissa(exponent);
    }
    Digits { whole, fraction, exponent }
}

/// `General`: as many decimals as make eleven characters, or an exponent where those would hide the number.
fn general(size: f64) -> String {
    let first = if size == 0.0 { 0 } else { significant(size).1 };
    let places = usize::try_from(9 - first.max(0)).unwrap_or(0);
    let is_exact = || round_half_away(size, 9) == size;
    if !(-9..=10).contains(&first) || (first < -4 && !is_exact()) {
        let layout = Layout { whole: 1, fraction: 5, ..Layout::default() };
        let Digits { whole, fraction, exponent } = scientific(size, &layout);
        let sign = if exponent < 0 { '-' } else { '+' };
        return format!("{}E{sign}{:02}", joined(&whole, &fraction), exponent.unsigned_abs());
    }
    let (whole, fraction) = decimal(size, places);
    joined(if whole.is_empty() { "0" } else { &whole }, &fraction)
}

/// Whole digits and decimals, without zeros at the end.
fn joined(whole: &str, fraction: &str) -> String {
    match fraction.trim_end_matches('0') {
        "" => whole.to_owned(),
        fraction => format!("{whole}.{fraction}"),
    }
}

fn write_pieces(out: &mut String, pieces: &[Piece], layout: &Layout, digits: &Digits) {
    let exponent =
        if digits.exponent == 0 { String::new() } else { digits.exponent.unsigned_abs().to_string() };
    let (mut whole, mut fraction, mut power) = (0, 0, 0);
    let (mut behind_point, mut in_exponent) = (false, false);
    for piece in pieces {
        match piece {
            Piece::Literal(literal) => out.push_str(literal),
            Piece::Percent => out.push('%'),
            Piece::Digit(mark) if in_exponent => {
                write_whole(out, &exponent, *mark, power, layout.exponent, false);
                power += 1;
            }
            Piece::Digit(mark) if behind_point => {
                write_fraction(out, &digits.fraction, *mark, fraction);
                fraction += 1;
            }
            Piece::Digit(mark) => {
                write_whole(out, &digits.whole, *mark, whole, layout.whole, layout.grouped);
                whole += 1;
            }
            Piece::Point => {
                if layout.whole == 0 {
                    out.push_str(&digits.whole);
                }
                out.push('.');
                behind_point = true;
            }
            Piece::Exponent { plus } => {
                out.push('E');
                if digits.exponent < 0 {
                    out.push('-');
                } else if *plus {
                    out.push('+');
                }
                in_exponent = true;
            }
            _ => {}
        }
    }
}

/// Writes what stands in place `index` of `places` for whole digits; the first place takes all surplus digits.
fn write_whole(out: &mut String, digits: &str, mark: char, index: usize, places: usize, grouped: bool) {
    let digits = digits.as_bytes();
    let from_right = places - 1 - index;
    let highest = if index == 0 { digits.len().max(places) - 1 } else { from_right };
    for place in (from_right..=highest).rev() {
        let digit = (place < digits.len()).then(|| char::from(digits[digits.len() - 1 - place]));
        let comma = grouped && place > 0 && place % 3 == 0;
        match (digit, mark) {
            (Some(digit), _) => out.push(digit),
            (None, '0') => out.push('0'),
            (None, '?') => out.push(' '),
            (None, _) => continue,
        }
        if comma {
            out.push(if digit.is_none() && mark == '?' { ' ' } else { ',' });
        }
    }
}

/// Writes what stands in place `index` of the decimals; zeros at the end are shown by `0` alone.
fn write_fraction(out: &mut String, digits: &str, mark: char, index: usize) {
    let rest = &digits.as_bytes()[index..];
    let is_padding = rest.iter().all(|digit| *digit == b'0');
    match (is_padding, mark) {
        (true, '?') => out.push(' '),
        (true, '#') => {}
        _ => out.push(char::from(rest[0])),
    }
}

#[cfg(test)]
mod tests {
    use crate::builtins::format::Format;

    fn shown(number: f64, format: &str) -> String {
        let read = Format::read(format).unwrap_or_else(|rejected| panic!("{format}: {rejected:?}"));
        read.number(number).unwrap_or_else(|error| error.code.to_string())
    }

    #[test]
    fn numbers_are_shown_as_spreadsheets_show_them() {
        let cases = [
            (1234.567, "0.00", "1234.57"),
            (1234.567, "#,##0", "1,235"),
            (1234.567, "$#,##0.00", "$1,234.57"),
            (-1234.5, "$#,##0.00", "-$1,234.50"),
            (0.285, "0.0%", "28.5%"),
            (0.285, "0%", "29%"),
            (-0.3, "0", "0"),
            (-0.004, "0%", "0%"),
            (-0.006, "0%", "-1%"),
            (-0.3, "0;(0)", "(0)"),
            (5.0, "000", "005"),
            (5.0, "0,000", "0,005"),
            (1_234_567.0, "0.0,,\"M\"", "1.2M"),
            (1_234_567.0, "#,##0,K", "1,235K"),
            (12_345.0, "0.00E+00", "1.23E+04"),
            (0.000_123, "0.0E-0", "1.2E-4"),
            (12_345.0, "##0.0E+0", "12.3E+3"),
            (999.96, "0.0E+0", "1.0E+3"),
            (0.0, "0.00E+00", "0.00E+00"),
            (0.5, "#.##", ".5"),
            (5.0, "#.##", "5."),
            (0.0, "#", ""),
            (5.25, ".00", "5.25"),
            (1.5, "0.0??", "1.5  "),
            (3.0, "???", "  3"),
            (123_456_789.0, "000-00-0000", "123-45-6789"),
            (5_551_234_567.0, "(000) 000-0000", "(555) 123-4567"),
            (-5.0, "0;(0)", "(5)"),
            (0.0, "0;(0);\"none\"", "none"),
            (5.0, "[Red]0", "5"),
            (5.0, "[$€-407]0", "€5"),
            (1500.0, "[>=1000]0.0,\"k\";0", "1.5k"),
            (15.0, "[>=1000]0.0,\"k\";0", "15"),
            (0.1, "0.00000000000000000000", "0.10000000000000000000"),
            (1e20, "0", "100000000000000000000"),
            (2.675, "0.00", "2.68"),
            (-5.0, "General", "-5"),
            (1.0 / 3.0, "General", "0.333333333"),
            (12_345.678_912, "General", "12345.67891"),
            (0.000_012_34, "General", "0.00001234"),
            (0.000_012_345_678, "General", "1.23457E-05"),
            (123_456_789_012.0, "General", "1.23457E+11"),
            (12_345_678_901.0, "General", "12345678901"),
            (0.0, "General", "0"),
            (1e-300, "General", "1E-300"),
            (1.0 / 3.0, "@", "0.333333333333333"),
            (12.0, "\"x\"", "x"),
            (12.0, "0 \\u\\n\\i\\t\\s", "12 units"),
            (12.0, "", ""),
            (45.0, "0.0#", "45.0"),
        ];
        for (number, format, expected) in cases {
            assert_eq!(shown(number, format), expected, "{number} as {format}");
        }
    }

    #[test]
    fn what_is_no_format_is_told() {
        for format in ["0 units", "\"0", "[Rd]0", "yyyy0", "0;0;0;0;0", "0.0.0", "# ?/?", "\\", "E+", "hhh"] {
            assert!(Format::read(format).is_err(), "{format}");
        }
    }
}
