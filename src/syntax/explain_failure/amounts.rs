//! Numbers in the spellings of other places: separators, currencies, units, open ranges.

use super::Failure;
use crate::diagnostics::SyntaxError;
use crate::span::Span;
use crate::syntax::print_number;
use crate::syntax::tokens::{Token, TokenKind};

/// The signs that separate thousands.
const SEPARATORS: [char; 7] = [',', '.', '\'', '’', ' ', '\u{a0}', '\u{202f}'];
const CURRENCIES: [char; 5] = ['$', '€', '£', '¥', '₹'];
/// Words after a number that are part of no formula.
const UNITS: [&str; 19] = [
    "usd",
    "eur",
    "gbp",
    "dollars",
    "euros",
    "dollar",
    "euro",
    "days",
    "day",
    "hours",
    "weeks",
    "months",
    "years",
    "employees",
    "people",
    "points",
    "percent",
    "pct",
    "dkk",
];

impl Failure<'_> {
    /// A number around the place where the grammar stopped, in a spelling that is none here.
    pub(super) fn amount(&self) -> Option<SyntaxError> {
        self.separated().or_else(|| self.open_range()).or_else(|| self.unit())
    }

    /// `1.000.000`, `1'000'000`, `1 000`, and `1,000` outside of a call
    fn separated(&self) -> Option<SyntaxError> {
        let previous = self.previous().filter(|previous| previous.kind == TokenKind::Number)?;
        let token = self.token(self.index)?;
        let is_part = matches!(
            token.kind,
            TokenKind::Number | TokenKind::Text | TokenKind::CurlyText | TokenKind::Comma
        );
        // A comma that separates arguments has its place.
        if !is_part || (token.kind == TokenKind::Comma && self.innermost_open().is_some()) {
            return None;
        }
        let start = previous.span.start as usize;
        let (length, instead) = grouped(self.source.get(start..)?)?;
        let at = Span::new(start, start + length);
        let written = at.of(self.source).to_owned();
        (at.end > token.span.start).then_some(SyntaxError::NumberSeparator { written, instead, at })
    }

    /// `Employees = 1000+`
    fn open_range(&self) -> Option<SyntaxError> {
        let plus = self.previous().filter(|previous| previous.text(self.source) == "+")?;
        let number = self.token(self.index.checked_sub(2)?)?;
        let is_open = number.kind == TokenKind::Number && number.span.end == plus.span.start;
        let subject = self.index.checked_sub(3).map(|operator| self.words_before(operator));
        let subject = subject.filter(|name| *name != "value").unwrap_or("Employee Count");
        let written = number.text(self.source).to_owned();
        is_open.then(|| SyntaxError::OpenRange {
            help: format!(
                "write `{subject} >= {written}`; for a column of ranges, `RANGEMIN({subject}) >= {written}`"
            ),
            written,
            at: number.span.to(plus.span),
        })
    }

    /// `1000 USD`, `10 percent`, `5 million`
    fn unit(&self) -> Option<SyntaxError> {
        let number = self.previous().filter(|previous| previous.kind == TokenKind::Number)?;
        let word = self.token(self.index).filter(|token| token.kind == TokenKind::Word)?;
        let written = number.text(self.source);
        let unit = word.text(self.source).to_lowercase();
        let instead = match unit.as_str() {
            "percent" | "pct" => format!("{written}%"),
            "thousand" | "million" | "billion" => print_number(written.parse::<f64>().ok()? * factor(&unit)?),
            _ if UNITS.contains(&unit.as_str()) => written.to_owned(),
            _ => return None,
        };
        let at = number.span.to(word.span);
        Some(SyntaxError::NumberSeparator { written: at.of(self.source).to_owned(), instead, at })
    }

    /// The help for a sign of a currency before a number: `$1M`, `€5k`.
    pub(super) fn currency(&self, sign: Token) -> Option<String> {
        let is_currency = sign.text(self.source).starts_with(CURRENCIES);
        let rest = self.source.get(sign.span.end as usize..).filter(|_| is_currency)?;
        let amount = amount_at(rest.trim_start_matches(' '))?;
        Some(format!("write the number alone: `{}`", print_number(amount)))
    }
}

/// A number of digits in groups at the start of a text: its length, and how it is written here.
fn grouped(text: &str) -> Option<(usize, String)> {
    let mut end = digits(text);
    let mut parts = vec![&text[..end]];
    let mut sign = None;
    while let Some(next) = text[end..].chars().next().filter(|next| SEPARATORS.contains(next)) {
        let from = end + next.len_utf8();
        let length = digits(&text[from..]);
        let goes_on = sign.is_none_or(|sign| sign == next) && length > 0;
        // After groups with one sign, another sign separates the decimals.
        let is_decimal = sign.is_some_and(|sign| sign != next) && matches!(next, ',' | '.') && length > 0;
        if !goes_on && !is_decimal {
            break;
        }
        end = from + length;
        if is_decimal {
            let decimals = &text[from..end];
            return Some((end, format!("{}.{decimals}", parts.concat())));
        }
        sign = Some(next);
        parts.push(&text[from..end]);
    }
    let sign = sign?;
    let is_grouped = (1..=3).contains(&parts[0].len()) && parts[1..].iter().all(|part| part.len() == 3);
    if is_grouped && parts[0] != "0" {
        return Some((end, parts.concat()));
    }
    (sign == ',' && parts.len() == 2).then(|| (end, parts.join(".")))
}

/// `1M`, `1,500,000`, `5k`, `1.5 million` at the start of a text.
fn amount_at(text: &str) -> Option<f64> {
    let plain = digits(text);
    let (length, number) = grouped(text).unwrap_or_else(|| {
        let decimals = text[plain..].strip_prefix('.').map_or(0, |rest| digits(rest) + 1);
        (plain + decimals, text[..plain + decimals].to_owned())
    });
    let number: f64 = number.parse().ok()?;
    let word: String = text[length..].trim_start().chars().take_while(|next| next.is_alphabetic()).collect();
    Some(number * factor(&word.to_lowercase()).unwrap_or(1.0))
}

fn factor(word: &str) -> Option<f64> {
    match word {
        "k" | "thousand" => Some(1e3),
        "m" | "mm" | "mn" | "million" => Some(1e6),
        "b" | "bn" | "billion" => Some(1e9),
        _ => None,
    }
}

/// How many digits a text starts with.
fn digits(text: &str) -> usize {
    text.find(|next: char| !next.is_ascii_digit()).unwrap_or(text.len())
}

#[cfg(test)]
mod tests {
    use super::{amount_at, grouped};

    #[test]
    fn groups_of_digits_are_joined() {
        let cases = [
            ("1.000.000 AND", Some("1000000")),
            ("1'000'000", Some("1000000")),
            ("1,000", Some("1000")),
            ("1 000", Some("1000")),
            ("1.250,50", Some("1250.50")),
            ("1,5", Some("1.5")),
            ("0,05", Some("0.05")),
            ("1000", None),
            ("1 2", None),
        ];
        for (text, instead) in cases {
            assert_eq!(grouped(text).map(|(_, instead)| instead).as_deref(), instead, "{text}");
        }
    }

    #[test]
    fn amounts_have_a_factor() {
        let cases = [("1M", 1e6), ("5k", 5e3), ("1.5 million", 1.5e6), ("1,000", 1e3), ("20", 20.0)];
        for (text, amount) in cases {
            assert_eq!(amount_at(text), Some(amount), "{text}");
        }
    }
}
