//! Questions about what a value is. None of them fails, and ISERROR sees errors.

use super::Call;
use super::registry::{Builtin, Example, Group, Param, Returns, Role, Run};
use crate::types::Type;
use crate::value::{ErrorCode, Value, is_empty, to_date};

pub(super) static BUILTINS: &[Builtin] = &[
    Builtin {
        name: "ISEMPTY",
        aliases: &[],
        group: Group::Test,
        summary: "Whether there is nothing in it: Blank, text without a visible character, an empty list or record.",
        params: &[Param::required("value", Type::Any, "What is looked at.").role(Role::Subject)],
        returns: Returns::any(Type::Boolean),
        examples: &[
            Example::new(r#"ISEMPTY("  ")"#, "true"),
            Example::new("ISEMPTY(0)", "false"),
            Example::new("ISEMPTY([])", "true"),
        ],
        run: Run::Eager(|call| Ok(is_empty(call.value(0)).into())),
    },
    Builtin {
        name: "ISNOTEMPTY",
        aliases: &[],
        group: Group::Test,
        summary: "Whether there is something in it; the opposite of ISEMPTY.",
        params: &[Param::required("value", Type::Any, "What is looked at.").role(Role::Subject)],
        returns: Returns::any(Type::Boolean),
        examples: &[
            Example::new(r#"ISNOTEMPTY("ada@example.com")"#, "true"),
            Example::new("ISNOTEMPTY(FALSE)", "true"),
            Example::new(r#"ISNOTEMPTY("")"#, "false"),
        ],
        run: Run::Eager(|call| Ok((!is_empty(call.value(0))).into())),
    },
    Builtin {
        name: "ISBLANK",
        aliases: &[],
        group: Group::Test,
        summary: "Whether the value is Blank: null, or a column that the row does not have. Empty text is not.",
        params: &[Param::required("value", Type::Any, "What is looked at.").role(Role::Subject)],
        returns: Returns::any(Type::Boolean),
        examples: &[
            Example::new("ISBLANK(IF(FALSE, 1))", "true"),
            Example::new(r#"ISBLANK("")"#, "false"),
            Example::new("ISBLANK(0)", "false"),
            Example::new("ISBLANK(1/0)", "false"),
        ],
        run: Run::SeesErrors(|call| Ok(matches!(call.value(0), Value::Blank).into())),
    },
    Builtin {
        name: "ISNUMBER",
        aliases: &[],
        group: Group::Test,
        summary: "Whether the value is a number. Text that reads as one is not.",
        params: &[Param::required("value", Type::Any, "What is looked at.").role(Role::Subject)],
        returns: Returns::any(Type::Boolean),
        examples: &[
            Example::new("ISNUMBER(1.5)", "true"),
            Example::new(r#"ISNUMBER("80")"#, "false"),
            Example::new("ISNUMBER(1/0)", "false"),
        ],
        run: Run::SeesErrors(|call| Ok(matches!(call.value(0), Value::Number(_) | Value::Digits(_)).into())),
    },
    Builtin {
        name: "ISTEXT",
        aliases: &[],
        group: Group::Test,
        summary: "Whether the value is text, be it empty.",
        params: &[Param::required("value", Type::Any, "What is looked at.").role(Role::Subject)],
        returns: Returns::any(Type::Boolean),
        examples: &[
            Example::new(r#"ISTEXT("80")"#, "true"),
            Example::new("ISTEXT(80)", "false"),
            Example::new(r#"ISTEXT("")"#, "true"),
        ],
        run: Run::SeesErrors(|call| Ok(matches!(call.value(0), Value::Text(_)).into())),
    },
    Builtin {
        name: "ISERROR",
        aliases: &[],
        group: Group::Test,
        summary: "Whether the value is an error.",
        params: &[Param::required("value", Type::Any, "What is looked at.").role(Role::Subject)],
        returns: Returns::any(Type::Boolean),
        examples: &[
            Example::new("ISERROR(1/0)", "true"),
            Example::new("ISERROR(0)", "false"),
            Example::new("ISERROR(1 / 4)", "false"),
        ],
        run: Run::SeesErrors(|call| Ok(call.value(0).as_error().is_some().into())),
    },
    Builtin {
        name: "ISLOGICAL",
        aliases: &[],
        group: Group::Test,
        summary: "Whether the value is TRUE or FALSE. Text that says so is not.",
        params: &[Param::required("value", Type::Any, "What is looked at.").role(Role::Subject)],
        returns: Returns::any(Type::Boolean),
        examples: &[
            Example::new(r"ISLOGICAL(1 > 2)", r"true"),
            Example::new(r#"ISLOGICAL("true")"#, r"false"),
            Example::new(r"ISLOGICAL(0)", r"false"),
        ],
        run: Run::SeesErrors(|call| Ok(matches!(call.value(0), Value::Boolean(_)).into())),
    },
    Builtin {
        name: "ISNONTEXT",
        aliases: &[],
        group: Group::Test,
        summary: "Whether the value is anything but text, be it Blank or an error.",
        params: &[Param::required("value", Type::Any, "What is looked at.").role(Role::Subject)],
        returns: Returns::any(Type::Boolean),
        examples: &[
            Example::new(r"ISNONTEXT(1)", r"true"),
            Example::new(r#"ISNONTEXT("")"#, r"false"),
            Example::new(r"ISNONTEXT(1/0)", r"true"),
        ],
        run: Run::SeesErrors(|call| Ok((!matches!(call.value(0), Value::Text(_))).into())),
    },
    Builtin {
        name: "ISDATE",
        aliases: &[],
        group: Group::Test,
        summary: "Whether the value is a date, or text that reads as one.",
        params: &[Param::required("value", Type::Any, "What is looked at.").role(Role::Subject)],
        returns: Returns::any(Type::Boolean),
        examples: &[
            Example::new(r"ISDATE(TODAY())", r"true"),
            Example::new(r#"ISDATE("2026-01-31")"#, r"true"),
            Example::new(r#"ISDATE("51-200")"#, r"false"),
        ],
        run: Run::SeesErrors(|call| Ok(to_date(call.value(0), call.clock()).is_ok().into())),
    },
    Builtin {
        name: "ISNA",
        aliases: &[],
        group: Group::Test,
        summary: "Whether the value is the error #N/A.",
        params: &[Param::required("value", Type::Any, "What is looked at.").role(Role::Subject)],
        returns: Returns::any(Type::Boolean),
        examples: &[
            Example::new(r"ISNA(NA())", r"true"),
            Example::new(r"ISNA(1/0)", r"false"),
            Example::new(r"ISNA(1)", r"false"),
        ],
        run: Run::SeesErrors(|call| Ok(is_error(call, |code| code == ErrorCode::NotAvailable))),
    },
    Builtin {
        name: "ISERR",
        aliases: &[],
        group: Group::Test,
        summary: "Whether the value is an error other than #N/A.",
        params: &[Param::required("value", Type::Any, "What is looked at.").role(Role::Subject)],
        returns: Returns::any(Type::Boolean),
        examples: &[
            Example::new(r"ISERR(1/0)", r"true"),
            Example::new(r"ISERR(NA())", r"false"),
            Example::new(r"ISERR(1)", r"false"),
        ],
        run: Run::SeesErrors(|call| Ok(is_error(call, |code| code != ErrorCode::NotAvailable))),
    },
    Builtin {
        name: "ISEVEN",
        aliases: &[],
        group: Group::Test,
        summary: "Whether the whole part of the number is even.",
        params: &[Param::required("number", Type::Number, "What is looked at.")],
        returns: Returns::any(Type::Boolean),
        examples: &[
            Example::new(r"ISEVEN(4)", r"true"),
            Example::new(r"ISEVEN(-3.9)", r"false"),
            Example::new(r#"ISEVEN("x" & 1)"#, r"#VALUE!"),
        ],
        run: Run::Eager(|call| Ok((call.number(0)?.trunc() % 2.0 == 0.0).into())),
    },
    Builtin {
        name: "ISODD",
        aliases: &[],
        group: Group::Test,
        summary: "Whether the whole part of the number is odd.",
        params: &[Param::required("number", Type::Number, "What is looked at.")],
        returns: Returns::any(Type::Boolean),
        examples: &[
            Example::new(r"ISODD(3)", r"true"),
            Example::new(r"ISODD(-4.9)", r"false"),
            Example::new(r#"ISODD("x" & 1)"#, r"#VALUE!"),
        ],
        run: Run::Eager(|call| Ok((call.number(0)?.trunc() % 2.0 != 0.0).into())),
    },
    Builtin {
        name: "TYPE",
        aliases: &[],
        group: Group::Test,
        summary: "A number for the kind of value: 1 number or date, 2 text, 4 Boolean, 16 error, 64 list or record, 0 Blank.",
        params: &[Param::required("value", Type::Any, "What is looked at.").role(Role::Subject)],
        returns: Returns::numbers(&[0.0, 1.0, 2.0, 4.0, 16.0, 64.0]),
        examples: &[
            Example::new(r#"TYPE("a")"#, r"2"),
            Example::new(r"TYPE(1/0)", r"16"),
            Example::new(r"TYPE([1])", r"64"),
            Example::new(r"TYPE(TRUE)", r"4"),
        ],
        run: Run::SeesErrors(|call| {
            Ok(Value::Number(match call.value(0) {
                Value::Blank => 0.0,
                Value::Number(_) | Value::Digits(_) | Value::Date(_) => 1.0,
                Value::Text(_) => 2.0,
                Value::Boolean(_) => 4.0,
                Value::Error(_) => 16.0,
                Value::List(_) | Value::Record(_) => 64.0,
            }))
        }),
    },
    Builtin {
        name: "N",
        aliases: &[],
        group: Group::Test,
        summary: "The value as a number where it is one: TRUE is 1, all else is 0. Text is 0 even if it reads as a number.",
        params: &[Param::required("value", Type::Any, "What is looked at.").role(Role::Subject)],
        returns: Returns::any(Type::Number),
        examples: &[
            Example::new(r"N(7)", r"7"),
            Example::new(r"N(TRUE)", r"1"),
            Example::new(r#"N("7")"#, r"0"),
            Example::new(r"N(1/0)", r"#DIV/0!"),
        ],
        run: Run::Eager(|call| {
            Ok(match call.value(0) {
                number @ (Value::Number(_) | Value::Digits(_)) => number.clone(),
                Value::Boolean(true) => Value::Number(1.0),
                _ => Value::Number(0.0),
            })
        }),
    },
    Builtin {
        name: "T",
        aliases: &[],
        group: Group::Test,
        summary: "The value if it is text, else an empty text.",
        params: &[Param::required("value", Type::Any, "What is looked at.").role(Role::Subject)],
        returns: Returns::any(Type::Text),
        examples: &[
            Example::new(r#"T("a")"#, r#""a""#),
            Example::new(r"T(7)", r#""""#),
            Example::new(r"T(TRUE)", r#""""#),
        ],
        run: Run::Eager(|call| {
            Ok(match call.value(0) {
                text @ Value::Text(_) => text.clone(),
                _ => Value::borrowed(""),
            })
        }),
    },
];

/// Whether the argument is an error whose code fits.
fn is_error<'v>(call: &Call<'_, 'v>, fits: impl Fn(ErrorCode) -> bool) -> Value<'v> {
    call.value(0).as_error().is_some_and(|error| fits(error.code)).into()
}
