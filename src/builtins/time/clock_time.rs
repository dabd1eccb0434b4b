//! Times of day as parts of a day, and days and times read from text.

use crate::builtins::registry::{Builtin, Example, Group, Param, Returns, Run};
use crate::builtins::{Call, CallError};
use crate::types::Type;
use crate::value::{Date, ErrorValue, Value};

const SECONDS_PER_DAY: f64 = 86_400.0;
/// Excel refuses hours, minutes and seconds beyond this.
const MOST: f64 = 32_767.0;

pub(in crate::builtins) static BUILTINS: &[Builtin] = &[
    Builtin {
        name: "DATEVALUE",
        aliases: &[],
        group: Group::Time,
        summary: "The day of a date that a text spells in ISO 8601, without its time.",
        params: &[Param::required("text", Type::Date, "What is read, such as `2026-01-31`.")],
        returns: Returns::any(Type::Date),
        examples: &[
            Example::new(r#"DATEVALUE("2026-01-31")"#, r#""2026-01-31""#),
            Example::new(r#"DATEVALUE("2026-01-31T23:59:00Z")"#, r#""2026-01-31""#),
            Example::new(r#"DATEVALUE("" & "")"#, "#VALUE!"),
        ],
        run: Run::Eager(|call| Ok(call.date(0)?.without_time().into())),
    },
    Builtin {
        name: "TIMEVALUE",
        aliases: &[],
        group: Group::Time,
        summary: "The time of day that a text spells, as a part of a day from 0 to 1: noon is 0.5.",
        params: &[Param::required(
            "text",
            Type::Any,
            "What is read, such as `18:30`, `6:30:15 PM`, or a date with a time in ISO 8601.",
        )],
        returns: Returns::between(0.0, 1.0),
        examples: &[
            Example::new(r#"TIMEVALUE("2:24 AM")"#, "0.1"),
            Example::new(r#"TIMEVALUE("18:00")"#, "0.75"),
            Example::new(r#"TIMEVALUE("2026-01-31T06:00:00Z")"#, "0.25"),
            Example::new(r#"TIMEVALUE("noon")"#, "#VALUE!"),
        ],
        run: Run::Eager(time_value),
    },
    Builtin {
        name: "TIME",
        aliases: &[],
        group: Group::Time,
        summary: "The time of day of an hour, minute and second, as a part of a day; what is beyond a day is cut off.",
        params: &[
            Param::required("hour", Type::Number, "The hour."),
            Param::required("minute", Type::Number, "The minute; 60 and more run on."),
            Param::required("second", Type::Number, "The second; 60 and more run on."),
        ],
        returns: Returns::between(0.0, 1.0),
        examples: &[
            Example::new("TIME(12, 0, 0)", "0.5"),
            Example::new("TIME(27, 0, 0)", "0.125"),
            Example::new(r#"DATEVALUE("2026-01-31") + TIME(16, 48, 10)"#, r#""2026-01-31T16:48:10Z""#),
            Example::new("TIME(0, -1, 0)", "#NUM!"),
        ],
        run: Run::Eager(time),
    },
];

fn time<'v>(call: &Call<'_, 'v>) -> Result<Value<'v>, CallError> {
    let [hour, minute, second] = [call.number(0)?.trunc(), call.number(1)?.trunc(), call.number(2)?.trunc()];
    let seconds = hour * 3600.0 + minute * 60.0 + second;
    if [hour, minute, second].iter().any(|part| *part > MOST) || seconds < 0.0 {
        return Err(ErrorValue::number(format!("TIME({hour}, {minute}, {second}) is no time")).into());
    }
    Ok((seconds % SECONDS_PER_DAY / SECONDS_PER_DAY).into())
}

fn time_value<'v>(call: &Call<'_, 'v>) -> Result<Value<'v>, CallError> {
    let seconds = match call.value(0) {
        Value::Date(date) => Some(seconds_of(date)),
        Value::Text(text) => {
            read_time(text).or_else(|| Date::read(text, call.clock()).as_ref().map(seconds_of))
        }
        _ => None,
    };
    let problem = "must spell a time such as \"18:30\" or \"6:30 PM\"";
    Ok((seconds.ok_or_else(|| call.fail(0, problem))? / SECONDS_PER_DAY).into())
}

/// The seconds that have passed since midnight.
fn seconds_of(date: &Date) -> f64 {
    let time = date.civil().time();
    f64::from(time.hour()) * 3600.0
        + f64::from(time.minute()) * 60.0
        + f64::from(time.second())
        + f64::from(time.subsec_nanosecond()) / 1e9
}

/// Reads `18:30`, `6:30:15.5 PM` or `6 PM` as seconds since midnight. Hours beyond a day start again.
fn read_time(text: &str) -> Option<f64> {
    let text = text.trim();
    let half = |word: &str| {
        let start = text.len().checked_sub(word.len())?;
        text.get(start..).filter(|end| end.eq_ignore_ascii_case(word)).map(|_| text[..start].trim_end())
    };
    let (digits, afternoon) = match (half("AM"), half("PM")) {
        (Some(rest), _) => (rest, Some(false)),
        (_, Some(rest)) => (rest, Some(true)),
        _ => (text, None),
    };
    let mut parts = digits.split(':');
    let hour = whole(parts.next()?, 4)?;
    let (minute, second) = (parts.next(), parts.next());
    let is_lone_hour = minute.is_none() && afternoon.is_none();
    if parts.next().is_some() || is_lone_hour {
        return None;
    }
    let minute = minute.map_or(Some(0.0), |minute| whole(minute, 2)).filter(|minute| *minute < 60.0)?;
    let second = second.map_or(Some(0.0), read_second).filter(|second| *second < 60.0)?;
    let hour = match afternoon {
        Some(_) if hour > 12.0 => return None,
        Some(afternoon) => hour % 12.0 + if afternoon { 12.0 } else { 0.0 },
        None => hour % 24.0,
    };
    Some(hour * 3600.0 + minute * 60.0 + second)
}

/// One to `most` digits as a number.
fn whole(digits: &str, most: usize) -> Option<f64> {
    let fits = (1..=most).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit());
    digits.parse().ok().filter(|_| fits)
}

/// `15`, or `15.25`.
fn read_second(text: &str) -> Option<f64> {
    let (seconds, fraction) = text.split_once('.').unwrap_or((text, "0"));
    whole(seconds, 2).zip(whole(fraction, 9)).and_then(|_| text.parse().ok())
}

#[cfg(test)]
mod tests {
    use super::read_time;

    #[test]
    fn times_are_read_as_spreadsheets_read_them() {
        let cases = [
            ("18:30", 66_600.0),
            ("6:30 PM", 66_600.0),
            ("6:30:15pm", 66_615.0),
            ("12:00 AM", 0.0),
            ("12:00 PM", 43_200.0),
            ("6 PM", 64_800.0),
            ("0:00:00.5", 0.5),
            ("25:00", 3_600.0),
        ];
        for (text, seconds) in cases {
            assert_eq!(read_time(text), Some(seconds), "{text}");
        }
        for text in ["", "6", "13:00 PM", "6:60", "6:30:60", "6:3x", "1:2:3:4", ":30", "PM", "6:-1", "-6:00"]
        {
            assert_eq!(read_time(text), None, "{text}");
        }
    }
}
