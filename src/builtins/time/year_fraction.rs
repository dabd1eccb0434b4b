//! The part of a year between two days, by the ways that banks count.

use crate::value::Date;
use jiff::civil;

/// How days and years are counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Basis {
    /// Months of 30 days, as in the US.
    Us30,
    /// True days over true years.
    Actual,
    /// True days over years of 360 days.
    Actual360,
    /// True days over years of 365 days.
    Actual365,
    /// Months of 30 days, as in Europe.
    Europe30,
}

impl Basis {
    /// The basis of this number.
    pub(super) fn numbered(number: f64) -> Option<Self> {
        match number {
            0.0 => Some(Self::Us30),
            1.0 => Some(Self::Actual),
            2.0 => Some(Self::Actual360),
            3.0 => Some(Self::Actual365),
            4.0 => Some(Self::Europe30),
            _ => None,
        }
    }
}

/// Years between two days, in either order.
pub(super) fn year_fraction(one: &Date, two: &Date, basis: Basis) -> f64 {
    let (start, end) = if one.day_number() <= two.day_number() { (one, two) } else { (two, one) };
    let days = (end.day_number() - start.day_number()) as f64;
    let (from, to) = (start.civil().date(), end.civil().date());
    match basis {
        Basis::Us30 => us_days(from, to) / 360.0,
        Basis::Actual => days / year_length(from, to),
        Basis::Actual360 => days / 360.0,
        Basis::Actual365 => days / 365.0,
        Basis::Europe30 => days_of_30(from, to, from.day().min(30), to.day().min(30)) / 360.0,
    }
}

fn days_of_30(from: civil::Date, to: civil::Date, first: i8, last: i8) -> f64 {
    let months = (i32::from(to.year()) - i32::from(from.year())) * 12 + i32::from(to.month() - from.month());
    f64::from(months * 30 + i32::from(last - first))
}

/// Ends of February and 31sts count as 30ths where the rules of the US say so.
fn us_days(from: civil::Date, to: civil::Date) -> f64 {
    let ends_february = |date: civil::Date| date.month() == 2 && date.day() == date.days_in_month();
    let (mut first, mut last) = (from.day(), to.day());
    if ends_february(from) {
        if ends_february(to) {
            last = 30;
        }
        first = 30;
    }
    if last == 31 && first >= 30 {
        last = 30;
    }
    days_of_30(from, to, first.min(30), last)
}

/// How long a year is between the two: that of the one year, or the mean of all that are touched.
fn year_length(from: civil::Date, to: civil::Date) -> f64 {
    let (first, last) = (from.year(), to.year());
    let within_a_year =
        first == last || (first + 1 == last && (from.month(), from.day()) >= (to.month(), to.day()));
    if !within_a_year {
        let years = f64::from(last) - f64::from(first) + 1.0;
        return mean_length(first, last, years);
    }
    let has_leap_day = if first == last { from.in_leap_year() } else { leap_day_between(from, to) };
    if has_leap_day { 366.0 } else { 365.0 }
}

fn leap_day_between(from: civil::Date, to: civil::Date) -> bool {
    let is_in = |year: i16| civil::Date::new(year, 2, 29).is_ok_and(|day| from <= day && day <= to);
    is_in(from.year()) || is_in(to.year())
}

fn mean_length(first: i16, last: i16, years: f64) -> f64 {
    let before = |year: i64| {
        let past = year - 1;
        past * 365 + past.div_euclid(4) - past.div_euclid(100) + past.div_euclid(400)
    };
    (before(i64::from(last) + 1) - before(i64::from(first))) as f64 / years
}
