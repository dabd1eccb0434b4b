//! Days and moments, and the clock of a run.

use super::ErrorValue;
use jiff::civil::{DateTime, Time};
use jiff::fmt::temporal::DateTimeParser;
use jiff::tz::{Offset, TimeZone};
use jiff::{SignedDuration, Span, Timestamp};
use std::borrow::Cow;
use std::cmp::Ordering;
use std::fmt;

/// A day, or a moment of it, as the clock on the wall of the run's time zone shows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Date {
    at: DateTime,
    /// The offset from UTC of a moment; a mere day has none.
    offset: Option<Offset>,
}

impl Date {
    /// A mere day, without a time.
    #[must_use]
    pub fn day(day: jiff::civil::Date) -> Self {
        Self { at: day.to_datetime(Time::midnight()), offset: None }
    }

    /// A moment by the wall clock of the run's time zone.
    #[must_use]
    pub fn moment(at: DateTime, clock: &Clock) -> Self {
        Self { at, offset: Some(clock.offset_at(at)) }
    }

    /// Reads ISO 8601 text: `2026-01-31`, `2026-01-31T09:30`, `2026-01-31 09:30:00+02:00`, and a month or day of one
    /// digit: `2026-1-5`.
    /// A time without an offset is in the run's time zone, one with an offset is converted to it.
    #[must_use]
    pub fn read(text: &str, clock: &Clock) -> Option<Self> {
        const PARSER: DateTimeParser = DateTimeParser::new();
        /// No clock differs from UTC by more than 18 hours.
        const MOST_OFFSET: i32 = 18 * 60 * 60;
        let text = with_two_digits(text.trim())?;
        let pieces = PARSER.parse_pieces(text.as_bytes()).ok()?;
        if pieces.time_zone_annotation().is_some() {
            return None;
        }
        let Some(time) = pieces.time() else {
            return pieces.offset().is_none().then(|| Self::day(pieces.date()));
        };
        let written = pieces.date().to_datetime(time);
        match pieces.to_numeric_offset() {
            None => Some(Self::moment(written, clock)),
            Some(offset) if offset.seconds().abs() > MOST_OFFSET => None,
            // The last hours of the calendar lie outside of what a clock can be converted to.
            Some(offset) => Some(match offset.to_timestamp(written) {
                Ok(timestamp) => clock.moment_of(timestamp),
                Err(_) => Self { at: written, offset: Some(offset) },
            }),
        }
    }

    /// The wall clock's reading; midnight for a mere day.
    #[must_use]
    pub fn civil(&self) -> DateTime {
        self.at
    }

    /// Whether it is a moment rather than a mere day.
    #[must_use]
    pub fn has_time(&self) -> bool {
        self.offset.is_some()
    }

    /// The day alone.
    #[must_use]
    pub fn without_time(&self) -> Self {
        Self::day(self.at.date())
    }

    /// Days from `earlier` to this, with the fraction of a day between moments.
    #[must_use]
    pub fn days_since(&self, earlier: &Self) -> f64 {
        self.seconds_since(earlier) / 86_400.0
    }

    /// Seconds from `earlier` to this: between two moments those that passed, else those between the clock's readings.
    #[must_use]
    pub fn seconds_since(&self, earlier: &Self) -> f64 {
        let offsets = self.offset.zip(earlier.offset);
        let moved = offsets.map_or(0, |(later, earlier)| later.seconds() - earlier.seconds());
        self.at.duration_since(earlier.at).as_secs_f64() - f64::from(moved)
    }

    /// The same, `days` later; a mere day stays one where `days` is whole.
    pub fn plus_days(&self, days: f64, clock: &Clock) -> Result<Self, ErrorValue> {
        let at = self.at.checked_add(duration(days * 86_400.0)).map_err(|_| out_of_range())?;
        if !self.has_time() && days.fract() == 0.0 {
            return Ok(Self::day(at.date()));
        }
        Ok(Self::moment(at, clock))
    }

    /// The moment when `seconds` have passed.
    pub fn plus_seconds(&self, seconds: f64, clock: &Clock) -> Result<Self, ErrorValue> {
        let duration = duration(seconds);
        if let Some(from) = self.offset.and_then(|offset| offset.to_timestamp(self.at).ok()) {
            return from.checked_add(duration).map(|to| clock.moment_of(to)).map_err(|_| out_of_range());
        }
        let at = self.at.checked_add(duration).map_err(|_| out_of_range())?;
        Ok(Self::moment(at, clock))
    }

    /// The same day of the month `months` later, or that month's last day; a time of day stays.
    pub fn plus_months(&self, months: f64, clock: &Clock) -> Result<Self, ErrorValue> {
        // A number too large for the type is too large for a date as well.
        let span = Span::new().try_months(months as i64).map_err(|_| out_of_range())?;
        let at = self.at.checked_add(span).map_err(|_| out_of_range())?;
        Ok(if self.has_time() { Self::moment(at, clock) } else { Self::day(at.date()) })
    }

    /// How many days it is after Monday, 1 January of the year 1.
    #[must_use]
    pub fn day_number(&self) -> i64 {
        self.at.date().duration_since(FIRST_MONDAY).as_hours() / 24
    }

    /// The day of this number, the inverse of [`Self::day_number`].
    pub fn from_day_number(number: i64) -> Result<Self, ErrorValue> {
        let span = Span::new().try_days(number).map_err(|_| out_of_range())?;
        FIRST_MONDAY.checked_add(span).map(Self::day).map_err(|_| out_of_range())
    }

    /// Seconds since 1970 in UTC; a mere day counts as its midnight.
    #[must_use]
    pub fn unix_seconds(&self) -> f64 {
        let day = jiff::civil::date(1970, 1, 1);
        let utc = Clock::system();
        let epoch = if self.has_time() { Self::moment(day.at(0, 0, 0, 0), &utc) } else { Self::day(day) };
        self.seconds_since(&epoch)
    }

    /// The order of two dates; a mere day counts as its first moment.
    #[must_use]
    pub fn cmp_moment(&self, other: &Self) -> Ordering {
        if self.offset == other.offset {
            return self.at.cmp(&other.at);
        }
        self.seconds_since(other).total_cmp(&0.0)
    }
}

/// Text that begins as a date does, its month and day written with two digits; nothing for other text.
///
/// Compact and week forms are ISO too, but would turn plain numbers into dates.
fn with_two_digits(text: &str) -> Option<Cow<'_, str>> {
    let bytes = text.as_bytes();
    if bytes.len() < 8 || bytes.len() > 64 || !bytes[..4].iter().all(u8::is_ascii_digit) || bytes[4] != b'-' {
        return None;
    }
    if bytes.len() >= 10 && bytes[7] == b'-' && bytes[9].is_ascii_digit() {
        return Some(Cow::Borrowed(text));
    }
    let (month, after) = text[5..].split_once('-')?;
    let day_end = after.bytes().take_while(u8::is_ascii_digit).count();
    let (day, time) = after.split_at(day_end);
    let is_short =
        |digits: &str| matches!(digits.len(), 1 | 2) && digits.bytes().all(|one| one.is_ascii_digit());
    let is_date = is_short(month) && is_short(day) && (time.is_empty() || time.starts_with(['T', 't', ' ']));
    is_date.then(|| Cow::Owned(format!("{}-{month:0>2}-{day:0>2}{time}", &text[..4])))
}

/// Day 0 of [`Date::day_number`].
const FIRST_MONDAY: jiff::civil::Date = jiff::civil::date(1, 1, 1);

/// A duration shorter than this, in seconds (about 60 years), is exact to the microsecond in the f64 that counts its
/// days; a longer one is exact to the millisecond.
const EXACT_TO_THE_MICROSECOND: f64 = 2e9;

/// The duration of so many seconds, rounded to what a number of days can express, so that `a + (b - a)` is `b`.
fn duration(seconds: f64) -> SignedDuration {
    // A number too large for the type is too large for a date as well.
    if seconds.abs() < EXACT_TO_THE_MICROSECOND {
        SignedDuration::from_micros((seconds * 1e6).round() as i64)
    } else {
        SignedDuration::from_millis((seconds * 1e3).round() as i64)
    }
}

fn out_of_range() -> ErrorValue {
    ErrorValue::number("the date lies outside of the years -9999 to 9999")
}

/// ISO 8601, as [`Date::read`] reads it back.
impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.offset {
            None => self.at.date().fmt(f),
            Some(offset) if offset == Offset::UTC => write!(f, "{}Z", self.at),
            Some(offset) => {
                let minutes = offset.seconds() / 60;
                let sign = if minutes < 0 { '-' } else { '+' };
                write!(f, "{}{sign}{:02}:{:02}", self.at, minutes.abs() / 60, minutes.abs() % 60)
            }
        }
    }
}

/// What time it is during a run, and where: fixed, so that the same row gives the same value.
#[derive(Clone, Debug)]
pub struct Clock {
    now: Timestamp,
    zone: TimeZone,
}

/// A `--now` or `--tz` that can't be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ClockError {
    /// Not ISO 8601.
    #[error("`{0}` is not a moment such as 2026-01-31 or 2026-01-31T09:30:00Z")]
    NotAMoment(String),
    /// Not a name of the time-zone database.
    #[error("`{0}` is not a time zone such as UTC, Europe/Berlin or +02:00")]
    NotAZone(String),
}

impl Default for Clock {
    fn default() -> Self {
        Self::system()
    }
}

impl Clock {
    /// The machine's clock, read once, in UTC.
    #[must_use]
    pub fn system() -> Self {
        Self { now: Timestamp::now(), zone: TimeZone::UTC }
    }

    /// The same moment in the zone of this name (`Europe/Berlin`) or offset (`+02:00`).
    pub fn in_zone(self, name: &str) -> Result<Self, ClockError> {
        let fixed = || -> Option<TimeZone> {
            let at = DateTimeParser::new().parse_timestamp(format!("2000-01-01T00:00:00{name}")).ok()?;
            let utc = Timestamp::from_second(946_684_800).ok()?;
            let ahead = utc.duration_since(at).as_secs();
            Some(TimeZone::fixed(Offset::from_seconds(i32::try_from(ahead).ok()?).ok()?))
        };
        let zone = TimeZone::get(name).ok().or_else(fixed);
        let zone = zone.ok_or_else(|| ClockError::NotAZone(name.to_owned()))?;
        Ok(Self { now: self.now, zone })
    }

    /// The clock stopped at `moment`, in ISO 8601; without an offset it is in this clock's zone.
    pub fn stopped_at(self, moment: &str) -> Result<Self, ClockError> {
        let bad = || ClockError::NotAMoment(moment.to_owned());
        let date = Date::read(moment, &self).ok_or_else(bad)?;
        let now = self.zone.to_timestamp(date.civil()).map_err(|_| bad())?;
        Ok(Self { now, zone: self.zone })
    }

    /// The current moment.
    #[must_use]
    pub fn now(&self) -> Date {
        self.moment_of(self.now)
    }

    /// The current moment, apart from any zone.
    #[must_use]
    pub fn timestamp(&self) -> Timestamp {
        self.now
    }

    /// The current day.
    #[must_use]
    pub fn today(&self) -> Date {
        self.now().without_time()
    }

    fn moment_of(&self, timestamp: Timestamp) -> Date {
        Date { at: self.zone.to_datetime(timestamp), offset: Some(self.zone.to_offset(timestamp)) }
    }

    fn offset_at(&self, at: DateTime) -> Offset {
        self.zone.to_timestamp(at).map_or(Offset::UTC, |timestamp| self.zone.to_offset(timestamp))
    }
}

#[cfg(test)]
mod tests {
    use super::{Clock, Date};
    use proptest::prelude::*;

    fn clock() -> Clock {
        Clock::system().stopped_at("2026-11-23T10:00:00Z").expect("a moment")
    }

    #[test]
    fn iso_text_is_read_and_written_back() {
        let same = ["2026-01-31", "2026-01-31T09:30:00Z", "2026-01-31T09:30:00.5Z"];
        for text in same {
            assert_eq!(Date::read(text, &clock()).map(|date| date.to_string()).as_deref(), Some(text));
        }
        let read = |text: &str| Date::read(text, &clock()).map(|date| date.to_string());
        assert_eq!(read("2026-01-31 09:30").as_deref(), Some("2026-01-31T09:30:00Z"));
        assert_eq!(read("2026-01-31T09:30:00+02:00").as_deref(), Some("2026-01-31T07:30:00Z"));
        assert_eq!(read("2026-1-5").as_deref(), Some("2026-01-05"));
        assert_eq!(read(" 2026-11-5 9:30").as_deref(), None);
        assert_eq!(read("2026-1-15 09:30").as_deref(), Some("2026-01-15T09:30:00Z"));
        assert_eq!(read("2026-1-5T09:30:00Z").as_deref(), Some("2026-01-05T09:30:00Z"));
        for text in [
            "2026-1-",
            "2026--1",
            "2026-1-5-7",
            "2026-1-500",
            "2026-0-1",
            "2026-1-32",
            "2026-1-5x",
            "2026-é-5",
            "20260131",
            "2026-13-01",
            "2026-02-30",
            "1/2/2026",
            "2026-01",
            "51-200",
            "",
            "2026-01-31x",
        ] {
            assert_eq!(read(text), None, "{text}");
        }
    }

    #[test]
    fn a_zone_moves_times_without_an_offset() {
        let berlin = clock().in_zone("+02:00").expect("an offset");
        let date = Date::read("2026-01-31T09:30", &berlin).expect("a date");
        assert_eq!(date.to_string(), "2026-01-31T09:30:00+02:00");
        assert_eq!(berlin.now().to_string(), "2026-11-23T12:00:00+02:00");
        assert!(clock().in_zone("Mars/Olympus").is_err());
    }

    #[test]
    fn moments_are_compared_by_the_time_that_passed() {
        let berlin = clock().in_zone("Europe/Berlin").expect("a zone");
        let read = |text| Date::read(text, &berlin).expect("a date");
        let (before, after) = (read("2026-10-25T00:30:00Z"), read("2026-10-25T01:15:00Z"));
        assert_eq!(before.cmp_moment(&after), std::cmp::Ordering::Less);
        assert_eq!(after.seconds_since(&before), 2_700.0);
        assert_eq!(read("2026-03-29T03:00:00Z").seconds_since(&read("2026-03-29T00:00:00Z")), 10_800.0);
        assert_eq!(
            read("2026-10-25T00:30:00Z").cmp_moment(&read("2026-10-25T02:30:00+02:00")),
            std::cmp::Ordering::Equal
        );
        assert!(Date::read("9999-12-31T23:59:59Z", &berlin).is_some());
    }

    proptest! {
        #[test]
        fn the_days_between_two_dates_lead_from_one_to_the_other(
            one in -300_000_000_000_i64..250_000_000_000,
            apart in -200_000_000_000_i64..200_000_000_000,
            shift in 0_u32..38,
        ) {
            let base = Date::day(jiff::civil::date(1970, 1, 1));
            let at = |seconds: i64| base.plus_seconds(seconds as f64, &clock());
            // Most durations are short, so their lengths are spread over all orders of magnitude.
            let (Ok(one), Ok(two)) = (at(one), at(one + (apart >> shift))) else { return Ok(()) };
            prop_assert_eq!(one.plus_days(two.days_since(&one), &clock()), Ok(two));
        }
    }

    #[test]
    fn durations_are_rounded_to_the_microsecond() {
        let day = Date::read("2026-01-31", &clock()).expect("a date");
        let later = |days: f64| day.plus_days(days, &clock()).expect("in range").to_string();
        assert_eq!(later(90.001_388_888_888_88), "2026-05-01T00:02:00Z");
        assert_eq!(later(-0.000_011_574_074), "2026-01-30T23:59:59Z");
        assert_eq!(later(1.000_001 / 86_400.0), "2026-01-31T00:00:01.000001Z");
    }

    #[test]
    fn days_are_counted() {
        let read = |text| Date::read(text, &clock()).expect("a date");
        assert_eq!(read("2026-03-01").days_since(&read("2026-02-01")), 28.0);
        assert_eq!(read("2026-02-27").plus_days(2.0, &clock()).expect("in range").to_string(), "2026-03-01");
        assert_eq!(
            read("2026-02-27").plus_days(0.5, &clock()).expect("in range").to_string(),
            "2026-02-27T12:00:00Z"
        );
        assert!(read("2026-02-27").plus_days(1e12, &clock()).is_err());
        let number = read("2026-02-27T10:00").day_number();
        assert_eq!(Date::from_day_number(number), Ok(read("2026-02-27")));
        assert_eq!(number.rem_euclid(7), 4, "a Friday");
        assert_eq!(read("0000-12-31T23:00").day_number(), -1);
        assert_eq!(read("2026-01-31").plus_months(1.0, &clock()), Ok(read("2026-02-28")));
        assert!(read("2026-01-31").plus_months(1e300, &clock()).is_err());
        assert!(Date::from_day_number(i64::MAX).is_err());
    }
}
