//! Several numbers made one, and numbers spelled as others spell them.

use crate::builtins::registry::{Builtin, Example, Group, Param, Returns, Role, Run};
use crate::builtins::{Call, CallError};
use crate::types::Type;
use crate::value::{ErrorValue, Value, is_empty, read_number, with_digits_of};

const VALUES: Param =
    Param::repeated("value", Type::Any, "A number, or a list of them. Empty values are skipped.");

pub(in crate::builtins) static BUILTINS: &[Builtin] = &[
    Builtin {
        name: "PRODUCT",
        aliases: &[],
        group: Group::Number,
        summary: "The product of the numbers; 0 if there is none.",
        params: &[VALUES],
        returns: Returns::any(Type::Number),
        examples: &[
            Example::new("PRODUCT(2, [3, 4])", "24"),
            Example::new(r#"PRODUCT("", 5)"#, "5"),
            Example::new("PRODUCT([])", "0"),
        ],
        run: Run::Eager(|call| {
            let numbers = call.numbers_from(0)?;
            Ok(if numbers.is_empty() { 0.0 } else { numbers.iter().product::<f64>() }.into())
        }),
    },
    Builtin {
        name: "MEDIAN",
        aliases: &[],
        group: Group::Number,
        summary: "The number in the middle, or the mean of the two in the middle; #NUM! if there is none.",
        params: &[VALUES],
        returns: Returns::any(Type::Number),
        examples: &[
            Example::new("MEDIAN(9, 1, 5)", "5"),
            Example::new(r#"MEDIAN([1, 2], "", 3, 10)"#, "2.5"),
            Example::new("MEDIAN([])", "#NUM!"),
        ],
        run: Run::Eager(median),
    },
    Builtin {
        name: "COUNTA",
        aliases: &[],
        group: Group::Number,
        summary: "How many of the values are not empty, errors included: the length of a list without its empty items.",
        params: &[Param::repeated("value", Type::Any, "A value, or a list of them.")],
        returns: Returns::whole(0.0, f64::INFINITY),
        examples: &[
            Example::new(r#"COUNTA(1, "a", ["b", ""])"#, "3"),
            Example::new("COUNTA(1 / 0)", "1"),
            Example::new(r#"COUNTA("", [])"#, "0"),
        ],
        run: Run::SeesErrors(|call| {
            call.note_errors();
            Ok((call.items_from(0).filter(|(_, item)| !is_empty(item)).count() as f64).into())
        }),
    },
    Builtin {
        name: "COUNTBLANK",
        aliases: &[],
        group: Group::Number,
        summary: "How many of the values are empty: Blank, text without a visible character, empty lists and records. With COUNTA, the length of a list.",
        params: &[Param::repeated("value", Type::Any, "A value, or a list of them.")],
        returns: Returns::whole(0.0, f64::INFINITY),
        examples: &[
            Example::new(r#"COUNTBLANK(["a", "", " ", 0])"#, "2"),
            Example::new(r#"COUNTBLANK("", 1 / 0)"#, "1"),
            Example::new("COUNTBLANK([])", "0"),
        ],
        run: Run::SeesErrors(|call| {
            call.note_errors();
            Ok((call.items_from(0).filter(|(_, item)| is_empty(item)).count() as f64).into())
        }),
    },
    Builtin {
        name: "NUMBERVALUE",
        aliases: &[],
        group: Group::Number,
        summary: "The number that a text spells with other separators.",
        params: &[
            Param::required("text", Type::Any, "What is read; blanks in it do not matter."),
            Param::optional("decimal", Type::Text, "The decimal separator; `.` if left out."),
            Param::optional(
                "group",
                Type::Text,
                "The thousands separator. If left out it is `,`, or `.` where `,` is before the decimals.",
            ),
        ],
        returns: Returns::any(Type::Number),
        examples: &[
            Example::new(r#"NUMBERVALUE("2.500,27", ",", ".")"#, "2500.27"),
            Example::new(r#"NUMBERVALUE("3 500,5", ",")"#, "3500.5"),
            Example::new(r#"NUMBERVALUE("9%%")"#, "0.0009"),
            Example::new(r#"NUMBERVALUE("")"#, "0"),
            Example::new(r#"NUMBERVALUE("1,2,3", ",")"#, "#VALUE!"),
        ],
        run: Run::Eager(number_value),
    },
    Builtin {
        name: "SAFEDIV",
        aliases: &[],
        group: Group::Number,
        summary: "The quotient, or a default where the divisor is 0 or empty.",
        params: &[
            Param::required("number", Type::Number, "What is divided."),
            Param::required("divisor", Type::Number, "By what."),
            Param::optional("default", Type::Any, "What is given instead; Blank if left out."),
        ],
        returns: Returns::any(Type::Any),
        examples: &[
            Example::new("SAFEDIV(6, 3)", "2"),
            Example::new("SAFEDIV(6, 0)", "null"),
            Example::new(r#"SAFEDIV(6, "", 0)"#, "0"),
            Example::new("SAFEDIV(1 / 0, 2, 5)", "#DIV/0!"),
        ],
        // A default that fails does no harm where it is not needed.
        run: Run::SeesErrors(|call| {
            let (number, divisor) = (call.number(0)?, call.number(1)?);
            if divisor == 0.0 {
                return Ok(call.value(2).clone());
            }
            Ok((number / divisor).into())
        }),
    },
    Builtin {
        name: "SCALE",
        aliases: &[],
        group: Group::Number,
        summary: "The number carried over from one range to another; beyond the range its ends count.",
        params: &[
            Param::required("number", Type::Number, "What is carried over.").role(Role::Measured),
            Param::required("from low", Type::Number, "Where the first range begins.").role(Role::Low),
            Param::required("from high", Type::Number, "Where it ends.").role(Role::High),
            Param::required("to low", Type::Number, "What its beginning becomes.").role(Role::Bound),
            Param::required("to high", Type::Number, "What its end becomes.").role(Role::Bound),
        ],
        returns: Returns::any(Type::Number),
        examples: &[
            Example::new("SCALE(50, 0, 200, 0, 100)", "25"),
            Example::new("SCALE(900, 0, 200, 0, 100)", "100"),
            Example::new("SCALE(25, 0, 100, 10, 0)", "7.5"),
            Example::new("SCALE(1, 5, 5, 0, 1)", "#DIV/0!"),
        ],
        run: Run::Eager(scale),
    },
];

fn median<'v>(call: &Call<'_, 'v>) -> Result<Value<'v>, CallError> {
    let mut numbers = call.numbers_from(0)?;
    numbers.sort_by(f64::total_cmp);
    let middle = numbers.len() / 2;
    match (numbers.len() % 2, numbers.get(middle)) {
        (_, None) => Err(ErrorValue::number("MEDIAN of no numbers").into()),
        (1, Some(median)) => Ok((*median).into()),
        // Halved first, for the sum of two large numbers can be too large.
        (_, Some(above)) => Ok((numbers[middle - 1] / 2.0 + above / 2.0).into()),
    }
}

/// The separator that argument `index` begins with.
fn separator(call: &Call<'_, '_>, index: usize, default: char) -> Result<char, CallError> {
    if !call.has(index) {
        return Ok(default);
    }
    call.text(index)?.chars().next().ok_or_else(|| call.fail(index, "must be a character"))
}

fn number_value<'v>(call: &Call<'_, 'v>) -> Result<Value<'v>, CallError> {
    match call.value(0) {
        Value::Boolean(_) => return Err(call.fail(0, "must spell a number")),
        // A number has no separators that could mean anything else.
        number @ (Value::Number(_) | Value::Digits(_)) => return Ok(number.clone()),
        _ => {}
    }
    let text = call.text(0)?;
    let decimal = separator(call, 1, '.')?;
    let group = separator(call, 2, if decimal == ',' { '.' } else { ',' })?;
    if decimal == group {
        return Err(call.fail(1, "must differ from the separator of thousands"));
    }
    let dense: String = text.chars().filter(|next| !next.is_whitespace()).collect();
    let number = spelled(&dense, decimal, group).ok_or_else(|| call.fail(0, "must spell a number"))?;
    Ok(with_digits_of(&dense, number))
}

/// Reads a number without blanks; every per cent sign behind it counts.
fn spelled(text: &str, decimal: char, group: char) -> Option<f64> {
    if text.is_empty() {
        return Some(0.0);
    }
    let digits = text.trim_end_matches('%');
    let percents = i32::try_from(text.len() - digits.len()).ok()?;
    let (whole, fraction) = digits.split_once(decimal).map_or((digits, None), |(w, f)| (w, Some(f)));
    let stray = |part: &str| part.contains([decimal, group, '.', ',']);
    let whole = whole.replace(group, "");
    if stray(&whole) || fraction.is_some_and(stray) {
        return None;
    }
    let plain = fraction.map_or_else(|| whole.clone(), |fraction| format!("{whole}.{fraction}"));
    Some(read_number(&plain)? / 100f64.powi(percents))
}

fn scale<'v>(call: &Call<'_, 'v>) -> Result<Value<'v>, CallError> {
    let [number, low, high, to_low, to_high] =
        [call.number(0)?, call.number(1)?, call.number(2)?, call.number(3)?, call.number(4)?];
    if low == high {
        return Err(
            ErrorValue::division_by_zero(format!("SCALE: nothing lies between {low} and {high}")).into()
        );
    }
    let part = ((number - low) / (high - low)).clamp(0.0, 1.0);
    Ok((to_low * (1.0 - part) + to_high * part).into())
}
