//! From one date to another: so much later, and how far apart.

use super::year_fraction::{Basis, year_fraction};
use crate::builtins::registry::{Builtin, Example, Group, Param, Rejected, Returns, Role, Run};
use crate::builtins::{Call, CallError};
use crate::types::Type;
use crate::value::{Date, ErrorValue, Value};
use jiff::civil;

const START: Param = Param::required("start", Type::Date, "The first date.").role(Role::Start);
const END: Param = Param::required("end", Type::Date, "The last date.").role(Role::End);
const MONTHS: Param = Param::required("months", Type::Number, "How many months; negative goes back.");

pub(in crate::builtins) static BUILTINS: &[Builtin] = &[
    Builtin {
        name: "DATEADD",
        aliases: &[],
        group: Group::Time,
        summary: "The date so many days, months or other units later. A month's last day is as far as months go. Blank for empty and for text that is no date.",
        params: &[
            Param::required("date", Type::Date, "The date that is counted from.").role(Role::Moment),
            Param::required("count", Type::Number, "How many; negative goes back. Months, quarters and years are whole."),
            Param::required("unit", Type::Text, "`days`, `weeks`, `months`, `quarters`, `years`, `hours`, `minutes` or `seconds`, with or without the s.")
                .checked(check_unit),
        ],
        returns: Returns::any(Type::Date).or_blank(),
        examples: &[
            Example::new(r#"DATEADD("2026-01-31", 1, "month")"#, r#""2026-02-28""#),
            Example::new(r#"DATEADD(TODAY(), -2, "weeks")"#, r#""2026-01-17""#),
            Example::new(r#"DATEADD(NOW(), 90, "minutes")"#, r#""2026-01-31T13:30:00Z""#),
            Example::new(r#"DATEADD(TODAY(), 1, "fortnight" & "")"#, "#VALUE!"),
            Example::new(r#"DATEADD(TODAY(), 1e300, "years")"#, "#NUM!"),
            Example::new(r#"DATEADD("" & "", 1, "week")"#, "null"),
        ],
        run: Run::Eager(date_add),
    },
    Builtin {
        name: "EDATE",
        aliases: &[],
        group: Group::Time,
        summary: "The same day so many months later, or that month's last day.",
        params: &[START, MONTHS],
        returns: Returns::any(Type::Date),
        examples: &[
            Example::new(r#"EDATE("2026-01-31", 1)"#, r#""2026-02-28""#),
            Example::new(r#"EDATE("1987-11-30", -5)"#, r#""1987-06-30""#),
            Example::new("EDATE(NOW(), 12)", r#""2027-01-31""#),
        ],
        run: Run::Eager(|call| {
            let day = call.date(0)?.without_time();
            Ok(day.plus_months(call.number(1)?.trunc(), call.clock())?.into())
        }),
    },
    Builtin {
        name: "EOMONTH",
        aliases: &[],
        group: Group::Time,
        summary: "The last day of the month so many months later.",
        params: &[START, MONTHS],
        returns: Returns::any(Type::Date),
        examples: &[
            Example::new(r#"EOMONTH("2026-01-05", 1)"#, r#""2026-02-28""#),
            Example::new(r#"EOMONTH("2023-03-02", -123)"#, r#""2012-12-31""#),
            Example::new("EOMONTH(TODAY(), 0)", r#""2026-01-31""#),
        ],
        run: Run::Eager(|call| {
            let day = call.date(0)?.without_time();
            let later = day.plus_months(call.number(1)?.trunc(), call.clock())?;
            Ok(Date::day(later.civil().date().last_of_month()).into())
        }),
    },
    Builtin {
        name: "DATEDIF",
        aliases: &[],
        group: Group::Time,
        summary: "How many whole units lie between two dates.",
        params: &[
            START,
            END,
            Param::required("unit", Type::Text, "`Y`, `M` or `D`; `YM` months beyond whole years, `MD` days beyond whole months, `YD` days beyond whole years; or a word such as `weeks`.")
                .checked(check_difference),
        ],
        returns: Returns::any(Type::Number),
        examples: &[
            Example::new(r#"DATEDIF("2001-06-01", "2002-08-15", "D")"#, "440"),
            Example::new(r#"DATEDIF("2001-06-01", "2002-08-15", "YD")"#, "75"),
            Example::new(r#"DATEDIF("2025-01-31", "2026-01-30", "years")"#, "0"),
            Example::new(r#"DATEDIF("2026-02-01", "2026-01-01", "D")"#, "#NUM!"),
        ],
        run: Run::Eager(date_difference),
    },
    Builtin {
        name: "DAYS",
        aliases: &[],
        group: Group::Time,
        summary: "How many days the end is after the start; times of day do not count.",
        params: &[END, START],
        returns: Returns::any(Type::Number),
        examples: &[
            Example::new(r#"DAYS("2024-03-01", "2024-02-01")"#, "29"),
            Example::new(r#"DAYS("2025-01-01", "2025-01-10")"#, "-9"),
            Example::new("DAYS(NOW(), TODAY())", "0"),
        ],
        run: Run::Eager(|call| {
            Ok(((call.date(0)?.day_number() - call.date(1)?.day_number()) as f64).into())
        }),
    },
    Builtin {
        name: "DAYSSINCE",
        aliases: &[],
        group: Group::Time,
        summary: "How many days ago a date was; negative for one that is to come. Blank for empty and for text that is no date.",
        params: &[Param::required("date", Type::Date, "The date.")],
        returns: Returns::any(Type::Number).or_blank(),
        examples: &[
            Example::new(r#"DAYSSINCE("2026-01-01")"#, "30"),
            Example::new(r#"DAYSSINCE("2026-02-01T23:00")"#, "-1"),
            Example::new(r#"DAYSSINCE("" & "")"#, "null"),
            Example::new(r#"DAYSSINCE("soon" & "") <= 30"#, "false"),
        ],
        run: Run::Eager(|call| {
            let date = call.date_if_readable(0)?;
            Ok(date.map_or(Value::Blank, |date| days_ago(&date, call).into()))
        }),
    },
    Builtin {
        name: "YEARFRAC",
        aliases: &[],
        group: Group::Time,
        summary: "The years between two dates, as a fraction.",
        params: &[
            START,
            END,
            Param::optional("basis", Type::Number, "0 counts months of 30 days as in the US, 1 true days and years, 2 true days over 360, 3 true days over 365, 4 months of 30 days as in Europe. 0 if left out."),
        ],
        returns: Returns::between(0.0, f64::INFINITY),
        examples: &[
            Example::new(r#"YEARFRAC("2026-01-01", "2026-07-01")"#, "0.5"),
            Example::new(r#"YEARFRAC("2024-01-01", "2025-01-01", 3)"#, "1.0027397260273974"),
            Example::new(r#"YEARFRAC("2026-01-01", "2026-07-01", 5)"#, "#NUM!"),
        ],
        run: Run::Eager(|call| {
            let (start, end) = (call.date(0)?, call.date(1)?);
            let number = call.number_or(2, 0.0)?.trunc();
            let basis = Basis::numbered(number).ok_or_else(|| {
                ErrorValue::number(format!("YEARFRAC: {number} is no basis; they are 0 to 4"))
            })?;
            Ok(year_fraction(&start, &end, basis).into())
        }),
    },
];

/// How many days before today a date is.
pub(super) fn days_ago(date: &Date, call: &Call<'_, '_>) -> f64 {
    (call.clock().today().day_number() - date.day_number()) as f64
}

/// What time is counted in.
#[derive(Clone, Copy)]
enum Unit {
    Seconds(f64),
    Days(f64),
    Months(f64),
}

const UNITS: [(&str, Unit); 8] = [
    ("second", Unit::Seconds(1.0)),
    ("minute", Unit::Seconds(60.0)),
    ("hour", Unit::Seconds(3600.0)),
    ("day", Unit::Days(1.0)),
    ("week", Unit::Days(7.0)),
    ("month", Unit::Months(1.0)),
    ("quarter", Unit::Months(3.0)),
    ("year", Unit::Months(12.0)),
];

/// The unit of this name, in any letter case, with or without an s.
fn unit(text: &str) -> Option<Unit> {
    let word = text.trim().to_ascii_lowercase();
    let word = word.strip_suffix('s').unwrap_or(&word);
    UNITS.iter().find(|(name, _)| *name == word).map(|(_, unit)| *unit)
}

const UNIT_WORDS: &str = "days, weeks, months, quarters, years, hours, minutes or seconds";

fn no_unit(text: &str, help: String) -> Rejected {
    Rejected { range: 0..text.len(), problem: format!("\"{text}\" is no unit"), help: Some(help) }
}

fn check_unit(text: &str) -> Result<(), Rejected> {
    unit(text).map(drop).ok_or_else(|| no_unit(text, format!("units are {UNIT_WORDS}")))
}

fn check_difference(text: &str) -> Result<(), Rejected> {
    let help = || format!("units are Y, M, D, MD, YM, YD, {UNIT_WORDS}");
    difference(text).map(drop).ok_or_else(|| no_unit(text, help()))
}

fn date_add<'v>(call: &Call<'_, 'v>) -> Result<Value<'v>, CallError> {
    let Some(date) = call.date_if_readable(0)? else { return Ok(Value::Blank) };
    let (count, word) = (call.number(1)?, call.text(2)?);
    let unit = unit(&word).ok_or_else(|| call.fail(2, &format!("must be {UNIT_WORDS}")))?;
    let later = match unit {
        Unit::Seconds(seconds) => date.plus_seconds(count * seconds, call.clock())?,
        Unit::Days(days) => date.plus_days(count * days, call.clock())?,
        Unit::Months(months) => date.plus_months(count.trunc() * months, call.clock())?,
    };
    Ok(later.into())
}

/// How the difference between two dates in order is told.
#[derive(Clone, Copy)]
enum Difference {
    /// Whole units.
    In(Unit),
    /// Days beyond whole months.
    DaysOfMonth,
    /// Months beyond whole years.
    MonthsOfYear,
    /// Days beyond whole years.
    DaysOfYear,
}

fn difference(text: &str) -> Option<Difference> {
    match text.trim().to_ascii_uppercase().as_str() {
        "Y" => Some(Difference::In(Unit::Months(12.0))),
        "M" => Some(Difference::In(Unit::Months(1.0))),
        "D" => Some(Difference::In(Unit::Days(1.0))),
        "MD" => Some(Difference::DaysOfMonth),
        "YM" => Some(Difference::MonthsOfYear),
        "YD" => Some(Difference::DaysOfYear),
        _ => unit(text).map(Difference::In),
    }
}

fn date_difference<'v>(call: &Call<'_, 'v>) -> Result<Value<'v>, CallError> {
    let (start, end, word) = (call.date(0)?, call.date(1)?, call.text(2)?);
    let difference = difference(&word)
        .ok_or_else(|| call.fail(2, &format!("must be Y, M, D, MD, YM, YD, {UNIT_WORDS}")))?;
    if start.cmp_moment(&end).is_gt() {
        return Err(ErrorValue::number(format!("DATEDIF: {start} is after {end}")).into());
    }
    let days = (end.day_number() - start.day_number()) as f64;
    let (from, to) = (start.civil().date(), end.civil().date());
    let number = match difference {
        Difference::In(Unit::Seconds(seconds)) => (end.seconds_since(&start) / seconds).floor(),
        Difference::In(Unit::Days(length)) => (days / length).floor(),
        Difference::In(Unit::Months(length)) => (f64::from(whole_months(from, to)) / length).floor(),
        Difference::MonthsOfYear => f64::from(whole_months(from, to) % 12),
        Difference::DaysOfMonth => days_beyond_month(from, to),
        Difference::DaysOfYear => days_beyond_year(from, to),
    };
    Ok(number.into())
}

fn whole_months(from: civil::Date, to: civil::Date) -> i32 {
    let months = (i32::from(to.year()) - i32::from(from.year())) * 12 + i32::from(to.month() - from.month());
    months - i32::from(to.day() < from.day())
}

/// From the first date's day in the month before to the last date. A month without that day runs on into the next,
/// so that the result can be negative, as spreadsheets have it.
fn days_beyond_month(from: civil::Date, to: civil::Date) -> f64 {
    let days = f64::from(to.day() - from.day());
    if days >= 0.0 {
        return days;
    }
    let before = to.first_of_month().yesterday().map_or(31, civil::Date::days_in_month);
    days + f64::from(before)
}

/// Days from the first date to the last as if that were in the same year, or the next.
fn days_beyond_year(from: civil::Date, to: civil::Date) -> f64 {
    let wraps = (to.month(), to.day()) < (from.month(), from.day());
    let year = from.year() + i16::from(wraps);
    let anniversary = civil::Date::new(year, to.month(), to.day())
        .or_else(|_| civil::Date::new(year, 3, 1))
        .unwrap_or(from);
    f64::from((anniversary.duration_since(from).as_hours() / 24) as i32)
}
