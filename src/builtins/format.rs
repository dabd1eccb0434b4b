//! Format codes, as `TEXT` and `DATETIME_FORMAT` take them: sections for positive, negative, zero and text, each made of
//! digits, parts of a date and literal text.

pub(super) mod date;
mod lex;
mod number;
mod strftime;

use super::registry::Rejected;
use crate::value::{Clock, Date, ErrorValue};
use lex::Piece;
use std::ops::Range;
pub use strftime::from_strftime;

/// A format longer than this is refused.
const LONGEST: usize = 1000;

/// A format, read.
#[derive(Debug)]
pub(super) struct Format {
    sections: Vec<Section>,
}

/// What applies to one kind of value.
#[derive(Debug)]
struct Section {
    pieces: Vec<Piece>,
    condition: Option<Condition>,
    kind: SectionKind,
}

/// `[>=100]`
#[derive(Clone, Copy, Debug)]
struct Condition {
    compare: Compare,
    number: f64,
}

#[derive(Clone, Copy, Debug)]
enum Compare {
    Less,
    AtMost,
    More,
    AtLeast,
    Equal,
    Unequal,
}

/// What a section can show.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum SectionKind {
    /// Literal text alone.
    Literal,
    /// Digits.
    Number,
    /// Parts of a date.
    Date,
    /// `@`
    Text,
    /// `General`
    General,
}

impl Format {
    /// Reads a format.
    pub(super) fn read(format: &str) -> Result<Self, Rejected> {
        if format.len() > LONGEST {
            let problem = format!("a format has at most {LONGEST} characters");
            return Err(rejected(0..format.len(), problem, None));
        }
        let mut sections = Vec::new();
        for section in lex::sections(format)? {
            if sections.len() == 4 {
                let help = Some("they are for positive numbers, negative numbers, zero and text".to_owned());
                return Err(rejected(section.range, "a format has at most four sections".to_owned(), help));
            }
            sections.push(section.checked()?);
        }
        Ok(Self { sections })
    }

    /// The first section, which is that of dates.
    fn first(&self) -> &Section {
        // A format without a semicolon has one section, even if that is empty.
        &self.sections[0]
    }

    /// Whether it shows parts of a date.
    pub(super) fn is_for_dates(&self) -> bool {
        self.first().kind == SectionKind::Date
    }

    /// Whether it shows digits.
    pub(super) fn is_for_numbers(&self) -> bool {
        self.sections.iter().any(|section| section.kind == SectionKind::Number)
    }

    /// The number as this format shows it.
    pub(super) fn number(&self, number: f64) -> Result<String, ErrorValue> {
        let Some((section, shown)) = self.section_of(number) else {
            return Err(ErrorValue::value(format!("no section of the format is for {number}")));
        };
        if section.kind == SectionKind::Date {
            return Err(ErrorValue::value(format!(
                "the format is for dates, and {number} is a number; dates are written as 2026-01-31"
            )));
        }
        number::write(section, shown)
    }

    /// A whole number that floating point does not keep, with all of its digits; nothing where the format computes with
    /// it, as a percentage does.
    pub(super) fn digits(&self, digits: &str) -> Option<String> {
        let (section, shown) = self.section_of(digits.parse().ok()?)?;
        number::write_digits(section, digits.trim_start_matches('-'), shown < 0.0)
    }

    /// The date as this format shows it.
    pub(super) fn date(&self, date: &Date) -> Result<String, ErrorValue> {
        let section = self.first();
        match section.kind {
            SectionKind::Number => Err(ErrorValue::value(format!(
                "the format is for numbers, and {date} is a date; a format for dates is \"yyyy-mm-dd\""
            ))),
            SectionKind::Date | SectionKind::Literal => Ok(date::write(section, date)),
            SectionKind::Text | SectionKind::General => Ok(section.around(&date.to_string())),
        }
    }

    /// The text as this format shows it: by the fourth section, or one with `@`.
    pub(super) fn text(&self, text: &str) -> String {
        let section = match &self.sections[..] {
            [_, _, _, section] => Some(section),
            sections => sections.last().filter(|section| section.kind == SectionKind::Text),
        };
        section.map_or_else(|| text.to_owned(), |section| section.around(text))
    }

    /// The section that is for the number, and the number it shows, whose sign the section may imply.
    fn section_of(&self, number: f64) -> Option<(&Section, f64)> {
        let numeric = &self.sections[..self.sections.len().min(3)];
        let numeric = match numeric {
            [rest @ .., last] if !rest.is_empty() && last.kind == SectionKind::Text => rest,
            all => all,
        };
        if numeric.iter().any(|section| section.condition.is_some()) {
            return by_condition(numeric, number);
        }
        match numeric {
            [only] => Some((only, number)),
            [_, negative, ..] if number < 0.0 => Some((negative, -number)),
            [_, _, zero] if number == 0.0 => Some((zero, number)),
            [positive, ..] => Some((positive, number)),
            [] => None,
        }
    }
}

/// The first section whose condition holds. Sections without one take what is left.
fn by_condition(sections: &[Section], number: f64) -> Option<(&Section, f64)> {
    for (index, section) in sections.iter().enumerate() {
        let holds = match section.condition {
            Some(condition) => condition.holds(number),
            // Before the last, a section without a condition keeps its meaning.
            None if index + 1 == sections.len() => true,
            None if index == 0 => number > 0.0,
            None => number < 0.0,
        };
        if holds {
            let implies_sign = index > 0 && section.condition.is_none_or(Condition::is_negative_only);
            let is_rest = section.condition.is_none() && index + 1 == sections.len();
            let shown = if implies_sign && !is_rest { number.abs() } else { number };
            return Some((section, shown));
        }
    }
    None
}

impl Condition {
    fn holds(self, number: f64) -> bool {
        match self.compare {
            Compare::Less => number < self.number,
            Compare::AtMost => number <= self.number,
            Compare::More => number > self.number,
            Compare::AtLeast => number >= self.number,
            Compare::Equal => number == self.number,
            Compare::Unequal => number != self.number,
        }
    }

    fn is_negative_only(self) -> bool {
        matches!(self.compare, Compare::Less | Compare::AtMost) && self.number <= 0.0
    }
}

impl Section {
    /// The literal text with `text` where `@` or `General` stands.
    fn around(&self, text: &str) -> String {
        let mut out = String::new();
        for piece in &self.pieces {
            match piece {
                Piece::Literal(literal) => out.push_str(literal),
                Piece::At | Piece::General => out.push_str(text),
                _ => {}
            }
        }
        out
    }
}

fn rejected(range: Range<usize>, problem: String, help: Option<String>) -> Rejected {
    Rejected { range, problem, help }
}

/// What is wrong with a format that is written out.
pub(super) fn check(format: &str) -> Result<(), Rejected> {
    Format::read(format).map(drop)
}

/// What is wrong with a format for dates that is written out.
pub(super) fn check_date(format: &str) -> Result<(), Rejected> {
    read_date(format).map(drop)
}

/// Reads a format for dates; nothing where it is `ISO`.
pub(super) fn read_date(format: &str) -> Result<Option<Format>, Rejected> {
    if format.trim().eq_ignore_ascii_case("ISO") {
        return Ok(None);
    }
    if strftime::has_codes(format) {
        let own = from_strftime(format).unwrap_or_else(|| "YYYY-MM-DD HH:mm:ss".to_owned());
        let help = Some(format!("write the parts of a date as letters: \"{own}\""));
        return Err(rejected(0..format.len(), "it has codes of strftime, such as `%Y`".to_owned(), help));
    }
    let read = Format::read(format)?;
    if read.sections.len() != 1 || read.first().kind != SectionKind::Date {
        let help = Some("write the parts of a date, such as \"yyyy-mm-dd hh:mm\", or \"ISO\"".to_owned());
        return Err(rejected(0..format.len(), "it is no format for dates".to_owned(), help));
    }
    Ok(Some(read))
}

/// How an input spells its dates, as `DATETIME_PARSE` reads them.
#[derive(Debug)]
pub struct DateFormat(
    /// Nothing where it is `ISO`.
    Option<Format>,
);

impl DateFormat {
    /// Reads the format of an input.
    pub fn new(format: &str) -> Result<Self, Rejected> {
        read_date(format).map(Self)
    }

    /// Whether it leaves the year out, which is then that of the clock.
    #[must_use]
    pub fn reads_clock(&self) -> bool {
        let has_year = |format: &Format| {
            let mut pieces = format.first().pieces.iter();
            pieces.any(|piece| matches!(piece, Piece::Date(lex::DatePart::Year(_))))
        };
        self.0.as_ref().is_some_and(|format| !has_year(format))
    }

    /// The date that a text spells. ISO 8601 is read as well: a text that does not fit the format can mean no other day.
    #[must_use]
    pub fn read(&self, text: &str, clock: &Clock) -> Option<Date> {
        let spelled = self.0.as_ref().and_then(|format| date::read(format, text, clock));
        spelled.or_else(|| Date::read(text, clock))
    }
}

#[cfg(test)]
mod tests {
    use super::Format;
    use crate::value::{Clock, Date};
    use proptest::prelude::*;

    proptest! {
        #![proptest_config(ProptestConfig { cases: 2000, ..ProptestConfig::default() })]

        #[test]
        fn any_format_does_no_harm(
            format in "([0#?.,%;@]|E\\+|[ymdhsYMDHS]{1,7}|AM/PM|\"x\"|\\\\|_|\\[Red\\]|\\[<1\\]|General|/| |\\PC){0,12}",
            number in any::<f64>().prop_filter("numbers are finite", |number| number.is_finite()),
            day in -4_000_000i64..3_000_000,
            text in "([0-9/: .-]|pm|jan|\\PC){0,12}",
        ) {
            let clock = Clock::system();
            let Ok(read) = Format::read(&format) else { return Ok(()) };
            let _ = read.number(number);
            let _ = read.text(&text);
            if let Ok(date) = Date::from_day_number(day) {
                let _ = read.date(&date);
            }
            let _ = super::date::read(&read, &text, &clock);
        }
    }
}
