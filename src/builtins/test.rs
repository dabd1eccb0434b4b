//! Questions about what a value is. None of them fails, and ISERROR sees errors.

use super::registry::{Builtin, Example, Group, Param, Run};
use crate::types::Type;
use crate::value::{Value, is_empty};

pub(super) static BUILTINS: &[Builtin] = &[
    Builtin {
        name: "ISEMPTY",
        aliases: &[],
        group: Group::Test,
        summary: "Whether there is nothing in it: Blank, text without a visible character, an empty list or record.",
        params: &[Param::required("value", Type::Any, "What is looked at.")],
        returns: Type::Boolean,
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
        params: &[Param::required("value", Type::Any, "What is looked at.")],
        returns: Type::Boolean,
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
        params: &[Param::required("value", Type::Any, "What is looked at.")],
        returns: Type::Boolean,
        examples: &[
            Example::new("ISBLANK(IF(FALSE, 1))", "true"),
            Example::new(r#"ISBLANK("")"#, "false"),
            Example::new("ISBLANK(0)", "false"),
        ],
        run: Run::Eager(|call| Ok(matches!(call.value(0), Value::Blank).into())),
    },
    Builtin {
        name: "ISNUMBER",
        aliases: &[],
        group: Group::Test,
        summary: "Whether the value is a number. Text that reads as one is not.",
        params: &[Param::required("value", Type::Any, "What is looked at.")],
        returns: Type::Boolean,
        examples: &[
            Example::new("ISNUMBER(1.5)", "true"),
            Example::new(r#"ISNUMBER("80")"#, "false"),
            Example::new("ISNUMBER(1/0)", "false"),
        ],
        run: Run::SeesErrors(|call| Ok(matches!(call.value(0), Value::Number(_)).into())),
    },
    Builtin {
        name: "ISTEXT",
        aliases: &[],
        group: Group::Test,
        summary: "Whether the value is text, be it empty.",
        params: &[Param::required("value", Type::Any, "What is looked at.")],
        returns: Type::Boolean,
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
        params: &[Param::required("value", Type::Any, "What is looked at.")],
        returns: Type::Boolean,
        examples: &[
            Example::new("ISERROR(1/0)", "true"),
            Example::new("ISERROR(0)", "false"),
            Example::new("ISERROR(1 / 4)", "false"),
        ],
        run: Run::SeesErrors(|call| Ok(call.value(0).as_error().is_some().into())),
    },
];
