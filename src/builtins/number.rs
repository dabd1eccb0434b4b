//! Numbers.

use super::registry::{Builtin, Example, Group, Param, Returns, Role, Run};
use super::{Call, CallError, Note};
use crate::types::Type;
use crate::value::{
    Date, ErrorValue, Misfit, Value, is_empty, round_digits, shown_fraction, to_date, to_exact_number,
    to_number,
};

/// Digits beyond this change nothing that a number can hold.
const MOST_PLACES: f64 = 400.0;

const VALUES: Param =
    Param::repeated("value", Type::Any, "A number, or a list of them. Empty values are skipped.");

pub(super) static BUILTINS: &[Builtin] = &[
    Builtin {
        name: "ABS",
        aliases: &[],
        group: Group::Number,
        summary: "The number without its sign.",
        params: &[Param::required("number", Type::Number, "Any number.")],
        returns: Returns::between(0.0, f64::INFINITY),
        examples: &[
            Example::new("ABS(-5)", "5"),
            Example::new("ABS(0)", "0"),
            Example::new(r#"ABS("x" & 1)"#, "#VALUE!"),
        ],
        run: Run::Eager(|call| Ok(call.number(0)?.abs().into())),
    },
    Builtin {
        name: "ROUND",
        aliases: &[],
        group: Group::Number,
        summary: "The number rounded to `digits` decimal places, halves away from zero.",
        params: &[
            Param::required("number", Type::Number, "What is rounded.").role(Role::Measured),
            Param::optional(
                "digits",
                Type::Number,
                "How many decimal places; negative rounds left of the point. 0 if left out.",
            )
            .role(Role::Digits),
        ],
        returns: Returns::any(Type::Number),
        examples: &[
            Example::new("ROUND(1.005, 2)", "1.01"),
            Example::new("ROUND(-2.5)", "-3"),
            Example::new("ROUND(1250, -2)", "1300"),
        ],
        run: Run::Eager(|call| rounded(call, |first, _| first >= b'5')),
    },
    Builtin {
        name: "ROUNDUP",
        aliases: &[],
        group: Group::Number,
        summary: "The number rounded away from zero.",
        params: &[
            Param::required("number", Type::Number, "What is rounded.").role(Role::Measured),
            Param::optional("digits", Type::Number, "How many decimal places. 0 if left out.")
                .role(Role::Digits),
        ],
        returns: Returns::any(Type::Number),
        examples: &[
            Example::new("ROUNDUP(3.2, 0)", "4"),
            Example::new("ROUNDUP(-3.14159, 1)", "-3.2"),
            Example::new("ROUNDUP(31415.92654, -2)", "31500"),
        ],
        run: Run::Eager(|call| rounded(call, |_, any| any)),
    },
    Builtin {
        name: "ROUNDDOWN",
        aliases: &[],
        group: Group::Number,
        summary: "The number rounded towards zero.",
        params: &[
            Param::required("number", Type::Number, "What is rounded.").role(Role::Measured),
            Param::optional("digits", Type::Number, "How many decimal places. 0 if left out.")
                .role(Role::Digits),
        ],
        returns: Returns::any(Type::Number),
        examples: &[
            Example::new("ROUNDDOWN(3.9, 0)", "3"),
            Example::new("ROUNDDOWN(-3.14159, 1)", "-3.1"),
            Example::new("ROUNDDOWN(31415.92654, -2)", "31400"),
        ],
        run: Run::Eager(|call| rounded(call, |_, _| false)),
    },
    Builtin {
        name: "INT",
        aliases: &[],
        group: Group::Number,
        summary: "The largest whole number that is not above it.",
        params: &[Param::required("number", Type::Number, "Any number.")],
        returns: Returns::any(Type::Number),
        examples: &[
            Example::new("INT(8.9)", "8"),
            Example::new("INT(-8.1)", "-9"),
            Example::new("INT(0.57 * 100)", "57"),
        ],
        run: Run::Eager(|call| Ok(shown_fraction(call.number(0)?).floor().into())),
    },
    Builtin {
        name: "MOD",
        aliases: &[],
        group: Group::Number,
        summary: "What is left of a division; it has the divisor's sign.",
        params: &[
            Param::required("number", Type::Number, "What is divided."),
            Param::required("divisor", Type::Number, "By what."),
        ],
        returns: Returns::any(Type::Number),
        examples: &[
            Example::new("MOD(7, 3)", "1"),
            Example::new("MOD(-7, 3)", "2"),
            Example::new("MOD(7, 0)", "#DIV/0!"),
            Example::new("MOD(1, 0.1)", "0"),
        ],
        run: Run::Eager(|call| {
            let (number, divisor) = (call.number(0)?, call.number(1)?);
            if divisor == 0.0 {
                return Err(ErrorValue::division_by_zero(format!("MOD({number}, 0) divides by zero")).into());
            }
            Ok(remainder(number, divisor).into())
        }),
    },
    Builtin {
        name: "MIN",
        aliases: &[],
        group: Group::Number,
        summary: "The smallest of the numbers or the earliest of the dates; 0 if there is none.",
        params: &[VALUES],
        returns: Returns::any(Type::Any),
        examples: &[
            Example::new("MIN(3, [1, 2])", "1"),
            Example::new(r#"MIN("", 5)"#, "5"),
            Example::new(r#"MIN(TODAY(), "2025-12-31")"#, r#""2025-12-31""#),
        ],
        run: Run::Eager(|call| extreme(call, |one, two| one < two, std::cmp::Ordering::Less)),
    },
    Builtin {
        name: "MAX",
        aliases: &[],
        group: Group::Number,
        summary: "The largest of the numbers or the latest of the dates; 0 if there is none.",
        params: &[VALUES],
        returns: Returns::any(Type::Any),
        examples: &[
            Example::new("MAX(3, [1, 20])", "20"),
            Example::new(r#"MAX("x" & 1, 5)"#, "5"),
            Example::new("MAX([])", "0"),
        ],
        run: Run::Eager(|call| extreme(call, |one, two| one > two, std::cmp::Ordering::Greater)),
    },
    Builtin {
        name: "SUM",
        aliases: &[],
        group: Group::Number,
        summary: "The sum of the numbers; text that is no number is skipped with a warning.",
        params: &[VALUES],
        returns: Returns::any(Type::Number),
        examples: &[
            Example::new("SUM(1, [2, 3])", "6"),
            Example::new(r#"SUM("", "4")"#, "4"),
            Example::new("SUM([])", "0"),
        ],
        run: Run::Eager(|call| Ok(call.numbers_from(0)?.iter().sum::<f64>().into())),
    },
    Builtin {
        name: "AVERAGE",
        aliases: &["AVG"],
        group: Group::Number,
        summary: "The mean of the numbers; #DIV/0! if there is none.",
        params: &[VALUES],
        returns: Returns::any(Type::Number),
        examples: &[
            Example::new("AVERAGE(1, 2, 6)", "3"),
            Example::new(r#"AVERAGE(4, "")"#, "4"),
            Example::new("AVERAGE([])", "#DIV/0!"),
        ],
        run: Run::Eager(|call| {
            let numbers = call.numbers_from(0)?;
            if numbers.is_empty() {
                return Err(ErrorValue::division_by_zero("AVERAGE of no numbers").into());
            }
            Ok((numbers.iter().sum::<f64>() / numbers.len() as f64).into())
        }),
    },
    Builtin {
        name: "COUNT",
        aliases: &[],
        group: Group::Number,
        summary: "How many of the values are numbers or dates; text that reads as a number counts.",
        params: &[VALUES],
        returns: Returns::whole(0.0, f64::INFINITY),
        examples: &[
            Example::new("COUNT(1, [2, 3])", "3"),
            Example::new(r#"COUNT("", "4")"#, "1"),
            Example::new("COUNT([])", "0"),
        ],
        run: Run::SeesErrors(|call| {
            call.note_errors();
            let mut count = 0.0;
            for (index, item) in call.items_from(0).filter(|(_, item)| !is_empty(item)) {
                if matches!(item, Value::Date(_)) || to_number(item).is_ok() {
                    count += 1.0;
                } else if matches!(item, Value::Text(_)) {
                    call.note(Note::SkippedText, index);
                }
            }
            Ok(Value::Number(count))
        }),
    },
    Builtin {
        name: "VALUE",
        aliases: &[],
        group: Group::Number,
        summary: "The number that a text spells: with thousands separators, a currency sign or per cent.",
        params: &[Param::required("text", Type::Any, "What is read.").role(Role::Spelled)],
        returns: Returns::any(Type::Number),
        examples: &[
            Example::new(r#"VALUE("1,200")"#, "1200"),
            Example::new(r#"VALUE("12%")"#, "0.12"),
            Example::new(r#"VALUE("51-200" & "")"#, "#VALUE!"),
        ],
        run: Run::Eager(|call| {
            // A Boolean counts as a number elsewhere, but spells none.
            if matches!(call.value(0), Value::Boolean(_)) {
                return Err(call.misfit(0, Type::Number, Misfit::Kind));
            }
            to_exact_number(call.value(0)).map_err(|misfit| call.misfit(0, Type::Number, misfit))
        }),
    },
    Builtin {
        name: "PI",
        aliases: &[],
        group: Group::Number,
        summary: "The ratio of a circle's circumference to its diameter.",
        params: &[],
        returns: Returns::any(Type::Number),
        examples: &[
            Example::new("PI()", "3.141592653589793"),
            Example::new("ROUND(PI(), 2)", "3.14"),
            Example::new("PI() > 3", "true"),
        ],
        run: Run::Eager(|_| Ok(std::f64::consts::PI.into())),
    },
];

pub(super) fn rounded<'v>(
    call: &Call<'_, 'v>,
    up: impl Fn(u8, bool) -> bool,
) -> Result<Value<'v>, CallError> {
    let number = call.number(0)?;
    let digits = call.number_or(1, 0.0)?.trunc().clamp(-MOST_PLACES, MOST_PLACES);
    Ok(round_digits(number, digits as i32, up).into())
}

/// The least or greatest; dates among the values make it a comparison of dates.
fn extreme<'v>(
    call: &Call<'_, 'v>,
    beats: fn(f64, f64) -> bool,
    wanted: std::cmp::Ordering,
) -> Result<Value<'v>, CallError> {
    let is_date = |item: &Value<'_>| {
        matches!(item, Value::Date(_) | Value::Text(_)) && to_date(item, call.clock()).is_ok()
    };
    if call.items_from(0).any(|(_, item)| is_date(item)) {
        let mut best: Option<Date> = None;
        for (index, item) in call.items_from(0).filter(|(_, item)| !is_empty(item)) {
            let date = to_date(item, call.clock())
                .map_err(|misfit| call.misfit_of(index, item, Type::Date, misfit))?;
            if best.is_none_or(|best| date.cmp_moment(&best) == wanted) {
                best = Some(date);
            }
        }
        return Ok(best.map_or(Value::Blank, Value::Date));
    }
    let numbers = call.numbers_from(0)?;
    Ok(numbers
        .into_iter()
        .reduce(|best, next| if beats(next, best) { next } else { best })
        .unwrap_or(0.0)
        .into())
}

/// What a division leaves, with the divisor's sign. Fractions go by the decimals that are shown: 1 is ten times 0.1.
fn remainder(number: f64, divisor: f64) -> f64 {
    let whole = number.fract() == 0.0 && divisor.fract() == 0.0;
    let quotient = number / divisor;
    let rest = if whole || quotient.abs() >= 1e14 {
        let rest = number % divisor;
        if rest != 0.0 && (rest < 0.0) != (divisor < 0.0) { rest + divisor } else { rest }
    } else {
        number - divisor * shown_fraction(quotient).floor()
    };
    let is_noise = rest.abs() <= 1e-14 * number.abs() || rest == divisor;
    if is_noise && !whole { 0.0 } else { rest }
}
