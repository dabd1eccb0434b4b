//! Working days: all but Saturdays, Sundays and holidays.

use crate::builtins::registry::{Builtin, Example, Group, Param, Returns, Role, Run};
use crate::builtins::{Call, CallError};
use crate::types::Type;
use crate::value::{Date, ErrorValue, Value, is_empty, to_date};

const HOLIDAYS: Param = Param::optional(
    "holidays",
    Type::Any,
    "A date, or a list of them, that is no working day. Empty values are skipped.",
);

/// More working days than lie between any two dates.
const MOST_DAYS: f64 = 1e7;

pub(in crate::builtins) static BUILTINS: &[Builtin] = &[
    Builtin {
        name: "NETWORKDAYS",
        aliases: &[],
        group: Group::Time,
        summary: "How many working days there are from start to end, both included; negative if the end is first.",
        params: &[
            Param::required("start", Type::Date, "The first day.").role(Role::Start),
            Param::required("end", Type::Date, "The last day.").role(Role::End),
            HOLIDAYS,
        ],
        returns: Returns::any(Type::Number),
        examples: &[
            Example::new(r#"NETWORKDAYS("2026-01-01", "2026-01-31")"#, "22"),
            Example::new(r#"NETWORKDAYS("2026-01-01", "2026-01-31", ["2026-01-01", ""])"#, "21"),
            Example::new(r#"NETWORKDAYS("2006-02-28", "2006-01-31")"#, "-21"),
            Example::new(r#"NETWORKDAYS("2026-01-31", "2026-02-01")"#, "0"),
        ],
        run: Run::Eager(|call| {
            let (start, end) = (call.date(0)?.day_number(), call.date(1)?.day_number());
            let (first, last, sign) = if start <= end { (start, end, 1.0) } else { (end, start, -1.0) };
            let holidays = holidays(call, 2)?;
            let free = holidays.iter().filter(|day| (first..=last).contains(*day)).count() as f64;
            let weekdays = (weekdays_before(last + 1) - weekdays_before(first)) as f64;
            // Added to 0, so that no day at all has no sign.
            Ok((0.0 + sign * (weekdays - free)).into())
        }),
    },
    Builtin {
        name: "WORKDAY",
        aliases: &[],
        group: Group::Time,
        summary: "The day that is a number of working days after the start.",
        params: &[
            Param::required("start", Type::Date, "The day that is counted from, itself not included."),
            Param::required("days", Type::Number, "How many working days; negative goes back."),
            HOLIDAYS,
        ],
        returns: Returns::any(Type::Date),
        examples: &[
            Example::new(r#"WORKDAY("2008-10-01", 151)"#, r#""2009-04-30""#),
            Example::new(r#"WORKDAY("2026-01-30", 1, ["2026-02-02"])"#, r#""2026-02-03""#),
            Example::new(r#"WORKDAY("2026-02-01", -1)"#, r#""2026-01-30""#),
            Example::new(r#"WORKDAY("2026-01-30", 1e9)"#, "#NUM!"),
        ],
        run: Run::Eager(workday),
    },
];

/// How many weekdays lie before a day, counted from day 0, a Monday.
fn weekdays_before(day: i64) -> i64 {
    day.div_euclid(7) * 5 + day.rem_euclid(7).min(5)
}

/// The weekday of this number, counted from day 0.
fn weekday_of_number(number: i64) -> i64 {
    number.div_euclid(5) * 7 + number.rem_euclid(5)
}

/// The day that is `count` weekdays after `day`, itself not included.
fn plus_weekdays(day: i64, count: i64) -> i64 {
    match count {
        0 => day,
        1.. => weekday_of_number(weekdays_before(day + 1) + count - 1),
        _ => weekday_of_number(weekdays_before(day) + count),
    }
}

/// The holidays that are weekdays, in order and each once.
fn holidays(call: &Call<'_, '_>, index: usize) -> Result<Vec<i64>, CallError> {
    let mut days = Vec::new();
    for (index, item) in call.items_from(index).filter(|(_, item)| !is_empty(item)) {
        let date =
            to_date(item, call.clock()).map_err(|misfit| call.misfit_of(index, item, Type::Date, misfit))?;
        if date.day_number().rem_euclid(7) < 5 {
            days.push(date.day_number());
        }
    }
    days.sort_unstable();
    days.dedup();
    Ok(days)
}

fn workday<'v>(call: &Call<'_, 'v>) -> Result<Value<'v>, CallError> {
    let (start, count) = (call.date(0)?.day_number(), call.number(1)?.trunc());
    if count.abs() > MOST_DAYS {
        return Err(ErrorValue::number(format!("WORKDAY: {count} working days lead beyond all dates")).into());
    }
    let count = count as i64;
    let mut holidays = holidays(call, 2)?;
    if count < 0 {
        holidays.reverse();
    }
    let mut day = plus_weekdays(start, count);
    // In the order of the way, each holiday that has been passed costs one day more.
    for holiday in holidays {
        let is_passed =
            if count > 0 { (start + 1..=day).contains(&holiday) } else { (day..start).contains(&holiday) };
        if is_passed {
            day = plus_weekdays(day, count.signum());
        }
    }
    Ok(Date::from_day_number(day)?.into())
}
