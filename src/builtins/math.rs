//! Mathematics: rounding to multiples, powers and logarithms.

pub(super) mod combine;
pub(super) mod ranked;

use super::number::rounded;
use super::registry::{Builtin, Example, Group, Param, Returns, Role, Run};
use super::{Call, CallError};
use crate::types::Type;
use crate::value::{ErrorValue, Value, shown_fraction};

const NUMBER: Param = Param::required("number", Type::Number, "Any number.");
const SIGNIFICANCE: Param =
    Param::optional("significance", Type::Number, "Of what the result is a multiple; 1 if left out.")
        .role(Role::Digits);
const MODE: Param = Param::optional(
    "mode",
    Type::Number,
    "Other than 0 rounds negative numbers the other way; 0 if left out.",
);

pub(super) static BUILTINS: &[Builtin] = &[
    Builtin {
        name: "TRUNC",
        aliases: &[],
        group: Group::Number,
        summary: "The number cut off after `digits` decimal places.",
        params: &[
            Param::required("number", Type::Number, "What is cut.").role(Role::Measured),
            Param::optional("digits", Type::Number, "How many decimal places stay. 0 if left out.")
                .role(Role::Digits),
        ],
        returns: Returns::any(Type::Number),
        examples: &[
            Example::new("TRUNC(8.9)", "8"),
            Example::new("TRUNC(-8.96, 1)", "-8.9"),
            Example::new(r#"TRUNC("x" & 1)"#, "#VALUE!"),
        ],
        run: Run::Eager(|call| rounded(call, |_, _| false)),
    },
    Builtin {
        name: "CEILING",
        aliases: &[],
        group: Group::Number,
        summary: "The number rounded up to a multiple; with both negative, away from zero.",
        params: &[NUMBER.role(Role::Measured), SIGNIFICANCE],
        returns: Returns::any(Type::Number),
        examples: &[
            Example::new("CEILING(22.25, 10)", "30"),
            Example::new("CEILING(-2.5, -2)", "-4"),
            Example::new("CEILING(-1.234, 0.1)", "-1.2"),
            Example::new("CEILING(2.5, -2)", "#NUM!"),
        ],
        run: Run::Eager(|call| {
            let (number, significance) = same_sign(call)?;
            Ok(if significance == 0.0 { 0.0 } else { multiple(number, significance, f64::ceil) }.into())
        }),
    },
    Builtin {
        name: "FLOOR",
        aliases: &[],
        group: Group::Number,
        summary: "The number rounded down to a multiple; with both negative, towards zero.",
        params: &[NUMBER.role(Role::Measured), SIGNIFICANCE],
        returns: Returns::any(Type::Number),
        examples: &[
            Example::new("FLOOR(26.75, 0.1)", "26.7"),
            Example::new("FLOOR(-8.1, 2)", "-10"),
            Example::new("FLOOR(-2.5, -2)", "-2"),
            Example::new("FLOOR(2.5, 0)", "#DIV/0!"),
        ],
        run: Run::Eager(|call| {
            let (number, significance) = same_sign(call)?;
            if significance == 0.0 && number != 0.0 {
                return Err(
                    ErrorValue::division_by_zero(format!("FLOOR({number}, 0) divides by zero")).into()
                );
            }
            Ok(if number == 0.0 { 0.0 } else { multiple(number, significance, f64::floor) }.into())
        }),
    },
    Builtin {
        name: "CEILING.MATH",
        aliases: &[],
        group: Group::Number,
        summary: "The number rounded up to a multiple, whatever the multiple's sign.",
        params: &[NUMBER.role(Role::Measured), SIGNIFICANCE, MODE],
        returns: Returns::any(Type::Number),
        examples: &[
            Example::new("CEILING.MATH(24.3, 5)", "25"),
            Example::new("CEILING.MATH(-8.1, 2)", "-8"),
            Example::new("CEILING.MATH(-5.5, 2, -1)", "-6"),
            Example::new("CEILING.MATH(5, 0)", "0"),
        ],
        run: Run::Eager(|call| by_mode(call, f64::ceil, f64::floor)),
    },
    Builtin {
        name: "FLOOR.MATH",
        aliases: &[],
        group: Group::Number,
        summary: "The number rounded down to a multiple, whatever the multiple's sign.",
        params: &[NUMBER.role(Role::Measured), SIGNIFICANCE, MODE],
        returns: Returns::any(Type::Number),
        examples: &[
            Example::new("FLOOR.MATH(24.3, 5)", "20"),
            Example::new("FLOOR.MATH(-8.1, -2)", "-10"),
            Example::new("FLOOR.MATH(-5.5, 2, -1)", "-4"),
            Example::new("FLOOR.MATH(5, 0)", "0"),
        ],
        run: Run::Eager(|call| by_mode(call, f64::floor, f64::ceil)),
    },
    Builtin {
        name: "MROUND",
        aliases: &[],
        group: Group::Number,
        summary: "The number rounded to the nearest multiple, halves away from zero; #NUM! where the signs differ.",
        params: &[
            NUMBER.role(Role::Measured),
            Param::required("multiple", Type::Number, "The multiple to round to.").role(Role::Digits),
        ],
        returns: Returns::any(Type::Number),
        examples: &[
            Example::new("MROUND(10, 3)", "9"),
            Example::new("MROUND(1.3, 0.2)", "1.4"),
            Example::new("MROUND(-10, -3)", "-9"),
            Example::new("MROUND(5, -2)", "#NUM!"),
        ],
        run: Run::Eager(|call| {
            let (number, significance) = (call.number(0)?, call.number(1)?);
            if number == 0.0 || significance == 0.0 {
                return Ok(0.0.into());
            }
            if (number < 0.0) != (significance < 0.0) {
                return Err(out_of_domain(call, number, &format!("is no multiple of {significance}")));
            }
            Ok(multiple(number, significance, f64::round).into())
        }),
    },
    Builtin {
        name: "POWER",
        aliases: &[],
        group: Group::Number,
        summary: "The number to the power of the exponent, as `^`.",
        params: &[NUMBER, Param::required("exponent", Type::Number, "The power it is raised to.")],
        returns: Returns::any(Type::Number),
        examples: &[
            Example::new("POWER(2, 10)", "1024"),
            Example::new("POWER(0, 0)", "#NUM!"),
            Example::new("POWER(0, -1)", "#DIV/0!"),
        ],
        run: Run::Eager(|call| {
            let (number, exponent) = (call.number(0)?, call.number(1)?);
            if number == 0.0 && exponent == 0.0 {
                return Err(ErrorValue::number("0 to the power of 0 has no value").into());
            }
            if number == 0.0 && exponent < 0.0 {
                return Err(ErrorValue::division_by_zero("0 to a negative power divides by zero").into());
            }
            Ok(number.powf(exponent).into())
        }),
    },
    Builtin {
        name: "SQRT",
        aliases: &[],
        group: Group::Number,
        summary: "The square root.",
        params: &[Param::required("number", Type::Number, "A number that is not negative.")],
        returns: Returns::between(0.0, f64::INFINITY),
        examples: &[
            Example::new("SQRT(2.25)", "1.5"),
            Example::new("SQRT(0)", "0"),
            Example::new("SQRT(-1)", "#NUM!"),
        ],
        run: Run::Eager(|call| {
            let number = call.number(0)?;
            if number < 0.0 {
                return Err(out_of_domain(call, number, "has no square root"));
            }
            Ok(number.sqrt().into())
        }),
    },
    Builtin {
        name: "EXP",
        aliases: &[],
        group: Group::Number,
        summary: "e to the power of the number.",
        params: &[NUMBER],
        returns: Returns::between(0.0, f64::INFINITY),
        examples: &[
            Example::new("ROUND(EXP(1), 6)", "2.718282"),
            Example::new("EXP(-1000)", "0"),
            Example::new("EXP(1000)", "#NUM!"),
        ],
        run: Run::Eager(|call| Ok(call.number(0)?.exp().into())),
    },
    Builtin {
        name: "LN",
        aliases: &[],
        group: Group::Number,
        summary: "The natural logarithm.",
        params: &[Param::required("number", Type::Number, "A number above 0.")],
        returns: Returns::any(Type::Number),
        examples: &[
            Example::new("LN(1)", "0"),
            Example::new("ROUND(LN(10), 6)", "2.302585"),
            Example::new("LN(0)", "#NUM!"),
        ],
        run: Run::Eager(|call| Ok(above_zero(call, 0)?.ln().into())),
    },
    Builtin {
        name: "LOG",
        aliases: &[],
        group: Group::Number,
        summary: "The logarithm to a base.",
        params: &[
            Param::required("number", Type::Number, "A number above 0."),
            Param::optional("base", Type::Number, "The base; 10 if left out."),
        ],
        returns: Returns::any(Type::Number),
        examples: &[
            Example::new("LOG(1000)", "3"),
            Example::new("LOG(125, 5)", "3"),
            Example::new("LOG(8, 1)", "#DIV/0!"),
            Example::new("LOG(-1)", "#NUM!"),
        ],
        run: Run::Eager(|call| {
            let number = above_zero(call, 0)?;
            let base = if call.has(1) { above_zero(call, 1)? } else { 10.0 };
            if base == 1.0 {
                return Err(ErrorValue::division_by_zero("no power of 1 is another number").into());
            }
            Ok(logarithm(number, base).into())
        }),
    },
    Builtin {
        name: "LOG10",
        aliases: &[],
        group: Group::Number,
        summary: "The logarithm to base 10.",
        params: &[Param::required("number", Type::Number, "A number above 0.")],
        returns: Returns::any(Type::Number),
        examples: &[
            Example::new("LOG10(100000)", "5"),
            Example::new("LOG10(0.01)", "-2"),
            Example::new("LOG10(0)", "#NUM!"),
        ],
        run: Run::Eager(|call| Ok(above_zero(call, 0)?.log10().into())),
    },
    Builtin {
        name: "SIGN",
        aliases: &[],
        group: Group::Number,
        summary: "1 for a positive number, -1 for a negative one, 0 for 0.",
        params: &[NUMBER],
        returns: Returns::whole(-1.0, 1.0),
        examples: &[
            Example::new("SIGN(-9.5)", "-1"),
            Example::new("SIGN(3)", "1"),
            Example::new("SIGN(4 - 4)", "0"),
        ],
        run: Run::Eager(|call| {
            let number = call.number(0)?;
            Ok(if number == 0.0 { 0.0 } else { number.signum() }.into())
        }),
    },
    Builtin {
        name: "QUOTIENT",
        aliases: &[],
        group: Group::Number,
        summary: "How often the divisor goes into the number, without the rest.",
        params: &[
            Param::required("number", Type::Number, "What is divided."),
            Param::required("divisor", Type::Number, "By what."),
        ],
        returns: Returns::any(Type::Number),
        examples: &[
            Example::new("QUOTIENT(5, 2)", "2"),
            Example::new("QUOTIENT(-10, 3)", "-3"),
            Example::new("QUOTIENT(5, 0)", "#DIV/0!"),
        ],
        run: Run::Eager(|call| {
            let (number, divisor) = (call.number(0)?, call.number(1)?);
            if divisor == 0.0 {
                return Err(
                    ErrorValue::division_by_zero(format!("QUOTIENT({number}, 0) divides by zero")).into()
                );
            }
            Ok(shown_fraction(number / divisor).trunc().into())
        }),
    },
    Builtin {
        name: "EVEN",
        aliases: &[],
        group: Group::Number,
        summary: "The number rounded away from zero to an even one.",
        params: &[NUMBER],
        returns: Returns::any(Type::Number),
        examples: &[
            Example::new("EVEN(1.5)", "2"),
            Example::new("EVEN(-1)", "-2"),
            Example::new("EVEN(0)", "0"),
        ],
        run: Run::Eager(|call| {
            let number = call.number(0)?;
            Ok(((number.abs() / 2.0).ceil() * 2.0).copysign(number).into())
        }),
    },
    Builtin {
        name: "ODD",
        aliases: &[],
        group: Group::Number,
        summary: "The number rounded away from zero to an odd one.",
        params: &[NUMBER],
        returns: Returns::any(Type::Number),
        examples: &[
            Example::new("ODD(1.22)", "3"),
            Example::new("ODD(-10)", "-11"),
            Example::new("ODD(0)", "1"),
        ],
        run: Run::Eager(|call| {
            let number = call.number(0)?;
            let steps = ((number.abs() - 1.0) / 2.0).ceil().max(0.0);
            Ok((steps * 2.0 + 1.0).copysign(number).into())
        }),
    },
];

/// The multiple of `significance` next to `number`; the count of steps is rounded on the decimal a person sees, so
/// that 1.1 is eleven steps of 0.1.
fn multiple(number: f64, significance: f64, round: fn(f64) -> f64) -> f64 {
    shown_fraction(round(shown_fraction(number / significance)) * significance)
}

/// The arguments of CEILING and FLOOR: a positive number has no negative multiple.
fn same_sign(call: &Call<'_, '_>) -> Result<(f64, f64), CallError> {
    let (number, significance) = (call.number(0)?, call.number_or(1, 1.0)?);
    if number > 0.0 && significance < 0.0 {
        return Err(out_of_domain(call, number, &format!("is no multiple of {significance}")));
    }
    Ok((number, significance))
}

fn by_mode<'v>(
    call: &Call<'_, 'v>,
    round: fn(f64) -> f64,
    other_way: fn(f64) -> f64,
) -> Result<Value<'v>, CallError> {
    let (number, significance, mode) =
        (call.number(0)?, call.number_or(1, 1.0)?.abs(), call.number_or(2, 0.0)?);
    if significance == 0.0 {
        return Ok(0.0.into());
    }
    Ok(multiple(number, significance, if number < 0.0 && mode != 0.0 { other_way } else { round }).into())
}

fn out_of_domain(call: &Call<'_, '_>, number: f64, problem: &str) -> CallError {
    ErrorValue::number(format!("{}: {number} {problem}", call.name())).into()
}

fn above_zero(call: &Call<'_, '_>, index: usize) -> Result<f64, CallError> {
    let number = call.number(index)?;
    if number <= 0.0 {
        return Err(out_of_domain(call, number, "is not above 0"));
    }
    Ok(number)
}

/// The quotient of two logarithms misses whole results by a little, so those are tried first.
fn logarithm(number: f64, base: f64) -> f64 {
    if base == 10.0 {
        return number.log10();
    }
    let quotient = number.ln() / base.ln();
    if base.powf(quotient.round()) == number { quotient.round() } else { quotient }
}
