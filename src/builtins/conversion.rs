//! From one kind of value to another.

pub(super) mod spelled;

use super::call::limited;
use super::format::{self, Format};
use super::registry::{Builtin, Example, Group, Param, Returns, Role, Run};
use super::{Call, CallError};
use crate::types::Type;
use crate::value::{
    Misfit, Text, Value, is_empty, json_text, read_boolean_word, read_json, read_number, to_boolean, to_date,
    to_text,
};

pub(super) static BUILTINS: &[Builtin] = &[
    Builtin {
        name: "TEXT",
        aliases: &[],
        group: Group::Conversion,
        summary: "A number or date as text, shown by a format such as `#,##0.00` or `d mmmm yyyy`.",
        params: &[
            Param::required("value", Type::Any, "The number or date. Other text stays as it is.").role(Role::Subject),
            Param::required(
                "format",
                Type::Text,
                "Digits `0 # ? . , % E+`, parts of a date `yyyy mmm dd hh:mm:ss AM/PM`, literal text in quotes or behind `\\`, and sections for positive; negative; zero; text.",
            ).role(Role::Format)
            .checked(format::check),
        ],
        returns: Returns::any(Type::Text),
        examples: &[
            Example::new(r#"TEXT(1234.567, "$#,##0.00")"#, r#""$1,234.57""#),
            Example::new(r#"TEXT(0.285, "0.0%")"#, r#""28.5%""#),
            Example::new(r#"TEXT("2026-03-05", "dddd, d mmmm yyyy")"#, r#""Thursday, 5 March 2026""#),
            Example::new(r#"TEXT(5, "0 units" & "")"#, "#VALUE!"),
            Example::new(r#"TEXT(-5, "0;(0)")"#, r#""(5)""#),
            Example::new(r#"TEXT("n/a", "0.00")"#, r#""n/a""#),
        ],
        run: Run::Eager(text),
    },
    Builtin {
        name: "TOTEXT",
        aliases: &[],
        group: Group::Conversion,
        summary: "Any value as text; lists and records as JSON.",
        params: &[Param::required("value", Type::Any, "What becomes text.")],
        returns: Returns::any(Type::Text),
        examples: &[
            Example::new("TOTEXT(1200)", r#""1200""#),
            Example::new("TOTEXT(TODAY())", r#""2026-01-31""#),
            Example::new("TOTEXT([1, TRUE])", r#""[1,true]""#),
            Example::new("TOTEXT([][1])", r#""""#),
        ],
        run: Run::Eager(|call| match to_text(call.value(0)) {
            Ok(text) => Ok(text.into()),
            Err(_) => limited(json_text(call.value(0))),
        }),
    },
    Builtin {
        name: "TOBOOLEAN",
        aliases: &[],
        group: Group::Conversion,
        summary: "TRUE or FALSE from the words for them: true and false, yes and no, y and n, 1 and 0. Empty is FALSE.",
        params: &[Param::required("value", Type::Any, "What is read. A number other than 0 is TRUE.")],
        returns: Returns::any(Type::Boolean),
        examples: &[
            Example::new(r#"TOBOOLEAN("Yes")"#, "true"),
            Example::new(r#"TOBOOLEAN(" 0 ")"#, "false"),
            Example::new(r#"TOBOOLEAN("")"#, "false"),
            Example::new(r#"TOBOOLEAN("maybe")"#, "#VALUE!"),
        ],
        run: Run::Eager(to_boolean_word),
    },
    Builtin {
        name: "PARSEJSON",
        aliases: &[],
        group: Group::Conversion,
        summary: "The value that a JSON text holds; nesting is limited at 128 levels. Empty text is Blank.",
        params: &[Param::required("text", Type::Text, "The JSON.")],
        returns: Returns::any(Type::Any),
        examples: &[
            Example::new(r#"PARSEJSON("[1, \"a\", null]")"#, r#"[1,"a",null]"#),
            Example::new(r#"PARSEJSON("{\"größe\": 5}").größe"#, "5"),
            Example::new(r#"PARSEJSON("")"#, "null"),
            Example::new(r#"PARSEJSON("[1,")"#, "#VALUE!"),
        ],
        run: Run::Eager(|call| {
            let text = call.text(0)?;
            if text.trim().is_empty() {
                return Ok(Value::Blank);
            }
            let value = match &text {
                Text::Borrowed(text) => read_json(text),
                Text::Shared(text) => read_json(text).map(Value::into_owned),
            };
            // The place is part of the message: `expected value at line 1 column 4`.
            value.map_err(|error| call.fail(0, &format!("must be JSON ({error})")))
        }),
    },
    Builtin {
        name: "TOJSON",
        aliases: &[],
        group: Group::Conversion,
        summary: "The value as JSON text.",
        params: &[Param::required("value", Type::Any, "What is written.")],
        returns: Returns::any(Type::Text),
        examples: &[
            Example::new(r#"TOJSON([1, "é", TRUE])"#, r#""[1,\"é\",true]""#),
            Example::new(r#"TOJSON("a")"#, r#""\"a\"""#),
            Example::new("TOJSON([][1])", r#""null""#),
        ],
        run: Run::Eager(|call| limited(json_text(call.value(0)))),
    },
];

fn text<'v>(call: &Call<'_, 'v>) -> Result<Value<'v>, CallError> {
    let written = call.text(1)?;
    let format = Format::read(&written).map_err(|rejected| unreadable(call, 1, &rejected.problem))?;
    let shown = match call.value(0) {
        Value::Blank if format.is_for_dates() => String::new(),
        Value::Blank => format.number(0.0)?,
        Value::Number(number) => format.number(*number)?,
        Value::Digits(digits) => match format.digits(digits) {
            Some(shown) => shown,
            None => format.number(call.number(0)?)?,
        },
        Value::Date(date) => format.date(date)?,
        Value::Boolean(_) => to_text(call.value(0)).map(|text| text.to_string()).unwrap_or_default(),
        Value::Text(text) if is_empty(call.value(0)) => text.to_string(),
        Value::Text(text) => shown_text(call, text, &format)?,
        Value::List(_) | Value::Record(_) | Value::Error(_) => {
            return Err(call.misfit(0, Type::Text, Misfit::Kind));
        }
    };
    limited(shown)
}

/// Text that spells a number or date is shown as one.
fn shown_text(call: &Call<'_, '_>, text: &str, format: &Format) -> Result<String, CallError> {
    if format.is_for_dates()
        && let Ok(date) = to_date(call.value(0), call.clock())
    {
        return Ok(format.date(&date)?);
    }
    match read_number(text) {
        Some(number) if format.is_for_numbers() => Ok(format.number(number)?),
        _ => Ok(format.text(text)),
    }
}

/// `#VALUE!`: the format in argument `index` can't be read.
pub(super) fn unreadable(call: &Call<'_, '_>, index: usize, problem: &str) -> CallError {
    call.fail(index, &format!("must be a format ({problem})"))
}

fn to_boolean_word<'v>(call: &Call<'_, 'v>) -> Result<Value<'v>, CallError> {
    let value = call.value(0);
    if let Value::Text(text) = value
        && let Some(word) = read_boolean_word(text)
    {
        return Ok(word.into());
    }
    to_boolean(value).map(Value::from).map_err(|misfit| match misfit {
        Misfit::TextAsCondition => call.fail(0, "must be a word such as true, yes, 1, false, no or 0"),
        other => call.misfit(0, Type::Boolean, other),
    })
}
