//! Dates as a format shows them, and text read as a format says.

use super::lex::{DatePart, Piece};
use super::{Format, Section};
use crate::value::{Clock, Date};
use jiff::civil::{Date as Day, DateTime, Time};

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];
const WEEKDAYS: [&str; 7] = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];

/// Writes the parts of the date that the section names.
pub(super) fn write(section: &Section, date: &Date) -> String {
    let at = date.civil();
    let halves = section.pieces.iter().any(|piece| matches!(piece, Piece::Date(DatePart::HalfDay { .. })));
    let mut out = String::new();
    for piece in &section.pieces {
        match piece {
            Piece::Literal(literal) => out.push_str(literal),
            Piece::Percent => out.push('%'),
            Piece::Date(part) => write_part(&mut out, *part, at, halves),
            _ => {}
        }
    }
    out
}

fn write_part(out: &mut String, part: DatePart, at: DateTime, halves: bool) {
    let mut padded = |number: i64, width: usize| out.push_str(&format!("{number:0width$}"));
    let month = MONTHS[usize::from(at.month().unsigned_abs()) - 1];
    let weekday = WEEKDAYS[usize::from(at.weekday().to_monday_zero_offset().unsigned_abs())];
    match part {
        DatePart::Year(1..=2) => padded(i64::from(at.year().rem_euclid(100)), 2),
        DatePart::Year(_) => padded(i64::from(at.year()), 4),
        DatePart::Month(letters @ 1..=2) => padded(at.month().into(), letters),
        DatePart::Month(3) => out.push_str(&month[..3]),
        DatePart::Month(5) => out.push_str(&month[..1]),
        DatePart::Month(_) => out.push_str(month),
        DatePart::Day(letters @ 1..=2) => padded(at.day().into(), letters),
        DatePart::Day(3) => out.push_str(&weekday[..3]),
        DatePart::Day(_) => out.push_str(weekday),
        DatePart::Hour(letters) if halves => padded(i64::from(at.hour() + 11) % 12 + 1, letters),
        DatePart::Hour(letters) => padded(at.hour().into(), letters),
        DatePart::Minute(letters) => padded(at.minute().into(), letters),
        DatePart::Second(letters) => padded(at.second().into(), letters),
        DatePart::Fraction(digits) => {
            let nanoseconds = format!("{:09}", at.subsec_nanosecond());
            let shown: String = nanoseconds.chars().chain(std::iter::repeat('0')).take(digits).collect();
            out.push('.');
            out.push_str(&shown);
        }
        DatePart::HalfDay { long } => {
            let half = if at.hour() < 12 { "AM" } else { "PM" };
            out.push_str(if long { half } else { &half[..1] });
        }
    }
}

/// Reads `text` as the format says; nothing where it is written otherwise or is no date. What the format leaves out
/// is this year, the first month, the first day, midnight.
pub(in crate::builtins) fn read(format: &Format, text: &str, clock: &Clock) -> Option<Date> {
    let mut reader = Reader { rest: text.trim(), found: Found::default() };
    for piece in &format.first().pieces {
        match piece {
            Piece::Literal(literal) => reader.literal(literal)?,
            Piece::Percent => reader.literal("%")?,
            Piece::Date(part) => reader.part(*part)?,
            _ => {}
        }
    }
    reader.rest.trim().is_empty().then(|| reader.found.date(clock))?
}

#[derive(Default)]
struct Found {
    year: Option<i16>,
    month: Option<i8>,
    day: Option<i8>,
    hour: Option<i8>,
    minute: Option<i8>,
    second: Option<i8>,
    nanosecond: i32,
    afternoon: Option<bool>,
}

impl Found {
    fn date(&self, clock: &Clock) -> Option<Date> {
        let year = self.year.unwrap_or_else(|| clock.today().civil().year());
        let day = Day::new(year, self.month.unwrap_or(1), self.day.unwrap_or(1)).ok()?;
        let has_time = self.hour.or(self.minute).or(self.second).is_some() || self.afternoon.is_some();
        if !has_time {
            return Some(Date::day(day));
        }
        let hour = match (self.hour.unwrap_or(0), self.afternoon) {
            (hour, None) => hour,
            (12, Some(afternoon)) => i8::from(afternoon) * 12,
            (hour @ 0..=11, Some(afternoon)) => hour + i8::from(afternoon) * 12,
            _ => return None,
        };
        let (minute, second) = (self.minute.unwrap_or(0), self.second.unwrap_or(0));
        let time = Time::new(hour, minute, second, self.nanosecond).ok()?;
        Some(Date::moment(day.to_datetime(time), clock))
    }
}

struct Reader<'t> {
    rest: &'t str,
    found: Found,
}

impl Reader<'_> {
    /// Takes the literal text; blanks in it stand for any white space.
    fn literal(&mut self, literal: &str) -> Option<()> {
        for next in literal.chars() {
            if next.is_whitespace() {
                self.rest = self.rest.trim_start();
                continue;
            }
            let first = self.rest.chars().next()?;
            if !first.to_lowercase().eq(next.to_lowercase()) {
                return None;
            }
            self.rest = &self.rest[first.len_utf8()..];
        }
        Some(())
    }

    /// Takes up to `most` digits.
    fn digits(&mut self, most: usize) -> Option<&str> {
        let length = self.rest.bytes().take(most).take_while(u8::is_ascii_digit).count();
        let (digits, rest) = self.rest.split_at(length);
        self.rest = rest;
        (length > 0).then_some(digits)
    }

    fn two_digits(&mut self) -> Option<i8> {
        self.digits(2)?.parse().ok()
    }

    /// Takes the longest beginning of one of the names that is there: all of it, or three letters.
    fn name(&mut self, names: &[&str]) -> Option<usize> {
        let starts = |rest: &str, name: &str| {
            rest.get(..name.len()).is_some_and(|start| start.eq_ignore_ascii_case(name))
        };
        for (index, name) in names.iter().enumerate() {
            let Some(length) = [name.len(), 3].into_iter().find(|length| starts(self.rest, &name[..*length]))
            else {
                continue;
            };
            self.rest = &self.rest[length..];
            return Some(index);
        }
        None
    }

    fn part(&mut self, part: DatePart) -> Option<()> {
        match part {
            DatePart::Year(letters) => self.year(letters)?,
            DatePart::Month(1..=2) => self.found.month = Some(self.two_digits()?),
            DatePart::Month(_) => self.found.month = i8::try_from(self.name(&MONTHS)? + 1).ok(),
            DatePart::Day(1..=2) => self.found.day = Some(self.two_digits()?),
            // The other parts say which day it is.
            DatePart::Day(_) => drop(self.name(&WEEKDAYS)?),
            DatePart::Hour(_) => self.found.hour = Some(self.two_digits()?),
            DatePart::Minute(_) => self.found.minute = Some(self.two_digits()?),
            DatePart::Second(_) => self.found.second = Some(self.two_digits()?),
            DatePart::Fraction(_) => self.fraction()?,
            DatePart::HalfDay { .. } => self.half_day()?,
        }
        Some(())
    }

    /// Two digits are a year from 1930 to 2029, as spreadsheets have it.
    fn year(&mut self, letters: usize) -> Option<()> {
        let most = if letters <= 2 { 2 } else { 4 };
        let digits = self.digits(most)?;
        let is_short = digits.len() <= 2;
        let year: i16 = digits.parse().ok()?;
        self.found.year = Some(match year {
            0..30 if is_short => year + 2000,
            _ if is_short => year + 1900,
            _ => year,
        });
        Some(())
    }

    fn fraction(&mut self) -> Option<()> {
        self.literal(".")?;
        let digits = self.digits(9)?.to_owned();
        self.found.nanosecond = format!("{digits:0<9}").parse().ok()?;
        Some(())
    }

    fn half_day(&mut self) -> Option<()> {
        let first = self.rest.chars().next()?;
        self.found.afternoon = match first.to_ascii_lowercase() {
            'a' => Some(false),
            'p' => Some(true),
            _ => return None,
        };
        self.rest = &self.rest[1..];
        // `A`, `AM` and `a.m.` are all in use.
        for rest in [".m.", "m"] {
            if self.rest.get(..rest.len()).is_some_and(|start| start.eq_ignore_ascii_case(rest)) {
                self.rest = &self.rest[rest.len()..];
                break;
            }
        }
        Some(())
    }
}

#[cfg(test)]
mod tests {
    use crate::builtins::format::Format;
    use crate::value::{Clock, Date};

    fn clock() -> Clock {
        Clock::system().stopped_at("2026-01-31T12:00:00Z").expect("a moment")
    }

    #[test]
    fn dates_are_shown_by_their_parts() {
        let date = Date::read("2026-03-05T15:04:09.25Z", &clock()).expect("a date");
        let cases = [
            ("yyyy-mm-dd", "2026-03-05"),
            ("d/m/yy", "5/3/26"),
            ("dddd, mmmm d, yyyy", "Thursday, March 5, 2026"),
            ("ddd mmm dd", "Thu Mar 05"),
            ("mmmmm", "M"),
            ("h:mm AM/PM", "3:04 PM"),
            ("hh:mm:ss", "15:04:09"),
            ("mm:ss", "04:09"),
            ("h A/P", "3 P"),
            ("ss.00", "09.25"),
            ("yyyy-mm-ddThh:mm:ssZ", "2026-03-05T15:04:09Z"),
            ("\"day\" d", "day 5"),
            ("mm/dd hh:mm mm", "03/05 15:04 03"),
        ];
        for (format, expected) in cases {
            let read = Format::read(format).unwrap_or_else(|rejected| panic!("{format}: {rejected:?}"));
            assert_eq!(read.date(&date).as_deref(), Ok(expected), "{format}");
        }
    }

    #[test]
    fn text_is_read_by_a_format() {
        let cases = [
            ("31/01/2026", "dd/mm/yyyy", Some("2026-01-31")),
            ("1/2/26", "m/d/yy", Some("2026-01-02")),
            ("January 5, 2026", "mmmm d, yyyy", Some("2026-01-05")),
            ("5 mar 99", "d mmm yy", Some("1999-03-05")),
            ("20260131", "yyyymmdd", Some("2026-01-31")),
            ("2026-01-31 3:04 pm", "yyyy-mm-dd h:mm AM/PM", Some("2026-01-31T15:04:00Z")),
            ("05/01/2026 2:30 PM", "DD/MM/YYYY h:mm A", Some("2026-01-05T14:30:00Z")),
            ("12:30 a.m.", "h:mm AM/PM", Some("2026-01-01T00:30:00Z")),
            ("31/02/2026", "dd/mm/yyyy", None),
            ("2026-01-31 x", "yyyy-mm-dd", None),
            ("é", "d", None),
        ];
        for (text, format, expected) in cases {
            let read = Format::read(format).unwrap_or_else(|rejected| panic!("{format}: {rejected:?}"));
            let date = super::read(&read, text, &clock()).map(|date| date.to_string());
            assert_eq!(date.as_deref(), expected, "{text} as {format}");
        }
    }
}
