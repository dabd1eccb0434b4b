//! Dates made of their parts, and the parts of dates.

use crate::builtins::registry::{Builtin, Example, Group, Param, Returns, Role, Run};
use crate::builtins::{Call, CallError};
use crate::types::Type;
use crate::value::{Date, ErrorValue, Value};

const DATE: Param = Param::required("date", Type::Date, "The date.").role(Role::Moment);

pub(in crate::builtins) static BUILTINS: &[Builtin] = &[
    Builtin {
        name: "DATE",
        aliases: &[],
        group: Group::Time,
        summary: "The date of a year, month and day; months and days beyond the end run on.",
        params: &[
            Param::required("year", Type::Number, "The year; up to 1899 it counts from 1900.")
                .role(Role::Year),
            Param::required("month", Type::Number, "The month, 1 to 12, or beyond."),
            Param::required("day", Type::Number, "The day, 1 to 31, or beyond."),
        ],
        returns: Returns::any(Type::Date),
        examples: &[
            Example::new("DATE(2026, 1, 31)", r#""2026-01-31""#),
            Example::new("DATE(2026, 14, 1)", r#""2027-02-01""#),
            Example::new("DATE(2026, 3, 0)", r#""2026-02-28""#),
            Example::new("DATE(126, 1, 1)", r#""2026-01-01""#),
            Example::new("DATE(10000, 1, 1)", "#NUM!"),
        ],
        run: Run::Eager(date),
    },
    Builtin {
        name: "YEAR",
        aliases: &[],
        group: Group::Time,
        summary: "The year of a date.",
        params: &[DATE],
        returns: Returns::whole(-9999.0, 9999.0),
        examples: &[
            Example::new(r#"YEAR("2026-01-31")"#, "2026"),
            Example::new("YEAR(TODAY())", "2026"),
            Example::new(r#"YEAR("soon" & "")"#, "#VALUE!"),
        ],
        run: Run::Eager(|call| part(call, |date| date.civil().year().into())),
    },
    Builtin {
        name: "MONTH",
        aliases: &[],
        group: Group::Time,
        summary: "The month of a date, 1 to 12.",
        params: &[DATE],
        returns: Returns::whole(1.0, 12.0),
        examples: &[
            Example::new(r#"MONTH("2026-01-31")"#, "1"),
            Example::new("MONTH(TODAY() + 1)", "2"),
            Example::new(r#"MONTH("" & "")"#, "#VALUE!"),
        ],
        run: Run::Eager(|call| part(call, |date| date.civil().month().into())),
    },
    Builtin {
        name: "DAY",
        aliases: &[],
        group: Group::Time,
        summary: "The day of the month, 1 to 31.",
        params: &[DATE],
        returns: Returns::whole(1.0, 31.0),
        examples: &[
            Example::new(r#"DAY("2026-01-31")"#, "31"),
            Example::new("DAY(NOW())", "31"),
            Example::new(r#"DAY("2026-02-30" & "")"#, "#VALUE!"),
        ],
        run: Run::Eager(|call| part(call, |date| date.civil().day().into())),
    },
    Builtin {
        name: "HOUR",
        aliases: &[],
        group: Group::Time,
        summary: "The hour of a moment, 0 to 23; 0 for a mere day.",
        params: &[DATE],
        returns: Returns::whole(0.0, 23.0),
        examples: &[
            Example::new("HOUR(NOW())", "12"),
            Example::new(r#"HOUR("2026-01-31T09:30")"#, "9"),
            Example::new(r#"HOUR("2026-01-31")"#, "0"),
        ],
        run: Run::Eager(|call| part(call, |date| date.civil().hour().into())),
    },
    Builtin {
        name: "MINUTE",
        aliases: &[],
        group: Group::Time,
        summary: "The minute of a moment, 0 to 59; 0 for a mere day.",
        params: &[DATE],
        returns: Returns::whole(0.0, 59.0),
        examples: &[
            Example::new("MINUTE(NOW())", "0"),
            Example::new(r#"MINUTE("2026-01-31T09:30")"#, "30"),
            Example::new(r#"MINUTE("09:30" & "")"#, "#VALUE!"),
        ],
        run: Run::Eager(|call| part(call, |date| date.civil().minute().into())),
    },
    Builtin {
        name: "SECOND",
        aliases: &[],
        group: Group::Time,
        summary: "The second of a moment, 0 to 59; 0 for a mere day.",
        params: &[DATE],
        returns: Returns::whole(0.0, 59.0),
        examples: &[
            Example::new(r#"SECOND("2026-01-31T09:30:15")"#, "15"),
            Example::new("SECOND(NOW())", "0"),
            Example::new("SECOND(TODAY())", "0"),
        ],
        run: Run::Eager(|call| part(call, |date| date.civil().second().into())),
    },
    Builtin {
        name: "WEEKDAY",
        aliases: &[],
        group: Group::Time,
        summary: "Which day of the week it is: 1 for Sunday to 7 for Saturday, or as `type` counts.",
        params: &[
            DATE,
            Param::optional(
                "type",
                Type::Number,
                "1 counts from Sunday, 2 from Monday, 3 from Monday as 0, 11 to 17 from Monday to Sunday. 1 if left out.",
            ),
        ],
        returns: Returns::whole(0.0, 7.0),
        examples: &[
            Example::new(r#"WEEKDAY("2026-01-31")"#, "7"),
            Example::new(r#"WEEKDAY("2026-02-02", 2)"#, "1"),
            Example::new(r#"WEEKDAY("2026-02-02", 3)"#, "0"),
            Example::new(r#"WEEKDAY("2026-02-02", 4)"#, "#NUM!"),
        ],
        run: Run::Eager(|call| {
            let weekday = call.date(0)?.day_number().rem_euclid(7);
            let kind = call.number_or(1, 1.0)?.trunc();
            if kind == 3.0 {
                return Ok((weekday as f64).into());
            }
            Ok(((weekday - week_start(call, kind)?).rem_euclid(7) as f64 + 1.0).into())
        }),
    },
    Builtin {
        name: "WEEKNUM",
        aliases: &[],
        group: Group::Time,
        summary: "The week of the year; the week of 1 January is the first, or as ISO 8601 counts with `type` 21.",
        params: &[
            DATE,
            Param::optional(
                "type",
                Type::Number,
                "1 begins weeks on Sunday, 2 on Monday, 11 to 17 on Monday to Sunday, 21 is ISO 8601. 1 if left out.",
            ),
        ],
        returns: Returns::whole(1.0, 54.0),
        examples: &[
            Example::new(r#"WEEKNUM("2012-03-09")"#, "10"),
            Example::new(r#"WEEKNUM("2012-03-09", 2)"#, "11"),
            Example::new(r#"WEEKNUM("2021-01-03", 21)"#, "53"),
            Example::new(r#"WEEKNUM("2012-03-09", 3)"#, "#NUM!"),
        ],
        run: Run::Eager(|call| {
            let date = call.date(0)?;
            let kind = call.number_or(1, 1.0)?.trunc();
            if kind == 21.0 {
                return Ok(iso_week(&date).into());
            }
            let start = week_start(call, kind)?;
            let day_of_year = i64::from(date.civil().date().day_of_year()) - 1;
            let lead = (date.day_number() - day_of_year - start).rem_euclid(7);
            Ok((((day_of_year + lead) / 7 + 1) as f64).into())
        }),
    },
    Builtin {
        name: "ISOWEEKNUM",
        aliases: &[],
        group: Group::Time,
        summary: "The week of the year as ISO 8601 counts: weeks begin on Monday, and the first has most of its days in the year.",
        params: &[DATE],
        returns: Returns::whole(1.0, 53.0),
        examples: &[
            Example::new(r#"ISOWEEKNUM("2012-03-09")"#, "10"),
            Example::new(r#"ISOWEEKNUM("2021-01-03")"#, "53"),
            Example::new(r#"ISOWEEKNUM("x" & "")"#, "#VALUE!"),
        ],
        run: Run::Eager(|call| Ok(iso_week(&call.date(0)?).into())),
    },
];

fn part<'v>(call: &Call<'_, 'v>, part: fn(&Date) -> f64) -> Result<Value<'v>, CallError> {
    Ok(part(&call.date(0)?).into())
}

fn iso_week(date: &Date) -> f64 {
    date.civil().date().iso_week_date().week().into()
}

/// The day on which weeks begin, from 0 for Monday, by the numbers that WEEKDAY and WEEKNUM share.
fn week_start(call: &Call<'_, '_>, kind: f64) -> Result<i64, CallError> {
    match kind {
        1.0 => Ok(6),
        2.0 => Ok(0),
        11.0..=17.0 => Ok(kind as i64 - 11),
        _ => Err(ErrorValue::number(format!("{}: {kind} is no type of week", call.name())).into()),
    }
}

fn date<'v>(call: &Call<'_, 'v>) -> Result<Value<'v>, CallError> {
    let [year, month, day] = [call.number(0)?.trunc(), call.number(1)?.trunc(), call.number(2)?.trunc()];
    let out_of_range =
        || ErrorValue::number("the date lies outside of the years 1900 to 9999, which DATE can make");
    // Beyond this the result can't lie within the years, and whole numbers could overflow.
    let is_sane = [year, month, day].iter().all(|part| part.abs() < 1e8);
    if !is_sane || year < 0.0 {
        return Err(out_of_range().into());
    }
    let year = if year < 1900.0 { year + 1900.0 } else { year };
    let months = year as i64 * 12 + month as i64 - 1;
    let first = i16::try_from(months.div_euclid(12)).ok().and_then(|year| {
        let month = i8::try_from(months.rem_euclid(12) + 1).ok()?;
        jiff::civil::Date::new(year, month, 1).ok()
    });
    let first = Date::day(first.ok_or_else(out_of_range)?);
    let date = Date::from_day_number(first.day_number() + day as i64 - 1)?;
    if !(1900..=9999).contains(&date.civil().year()) {
        return Err(out_of_range().into());
    }
    Ok(date.into())
}
