//! Points that fall with the age of a date.

use crate::builtins::registry::{Builtin, Example, Group, Param, Returns, Role, Run};
use crate::builtins::{Call, CallError};
use crate::types::Type;
use crate::value::{ErrorValue, Value};

pub(in crate::builtins) static BUILTINS: &[Builtin] = &[Builtin {
    name: "DECAY",
    aliases: &[],
    group: Group::Time,
    summary: "Points that fall with the age of a date: halved with each half-life, or in equal steps. Blank for empty and for text that is no date, which counts as 0 in a sum; a date to come has all points.",
    params: &[
        Param::required("points", Type::Number, "The points on the day of the date.").role(Role::Measured),
        Param::required(
            "half life or steps",
            Type::Any,
            "The half-life in days, or a list of rising ages in days: all points up to the first, one step less after each, none after the last.",
        ),
        Param::required("date", Type::Any, "The date."),
    ],
    returns: Returns::any(Type::Number).or_blank(),
    examples: &[
        Example::new("DECAY(20, 30, TODAY() - 30)", "10"),
        Example::new("DECAY(20, 30, TODAY())", "20"),
        Example::new("DECAY(10, [30, 90], TODAY() - 45)", "5"),
        Example::new("DECAY(10, [30, 90], TODAY() - 91)", "0"),
        Example::new(r#"5 + DECAY(10, 30, "N/A")"#, "5"),
        Example::new("DECAY(10, 0, TODAY())", "#NUM!"),
    ],
    run: Run::Eager(decay),
}];

fn decay<'v>(call: &Call<'_, 'v>) -> Result<Value<'v>, CallError> {
    let points = call.number(0)?;
    let Some(date) = call.date_if_readable(2)? else { return Ok(Value::Blank) };
    let age = super::span::days_ago(&date, call).max(0.0);
    let share = match call.value(1) {
        Value::List(_) => share_of_steps(call, age)?,
        _ => share_of_half_life(call, age)?,
    };
    Ok((points * share).into())
}

fn share_of_half_life(call: &Call<'_, '_>, age: f64) -> Result<f64, CallError> {
    let half_life = call.number(1)?;
    if half_life <= 0.0 {
        let message = format!("DECAY: the half-life is {half_life}, and must be greater than 0 days");
        return Err(ErrorValue::number(message).into());
    }
    Ok(0.5_f64.powf(age / half_life))
}

/// The part of the steps that the age has not passed.
fn share_of_steps(call: &Call<'_, '_>, age: f64) -> Result<f64, CallError> {
    let ages = call.numbers_in(1)?;
    if ages.is_empty() || !ages.is_sorted() {
        return Err(call.fail(1, "must be a half-life in days, or a list of rising ages in days"));
    }
    let ahead = ages.iter().filter(|step| age <= **step).count();
    Ok(ahead as f64 / ages.len() as f64)
}
