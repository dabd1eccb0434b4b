//! Branches and conditions. All but XOR are forms: the evaluator decides which arguments are evaluated.

use super::registry::{Builtin, Example, Form, Group, Param, Run};
use crate::types::Type;
use crate::value::{Value, is_empty, to_boolean};

pub(super) static BUILTINS: &[Builtin] = &[
    Builtin {
        name: "IF",
        aliases: &[],
        group: Group::Logic,
        summary: "`then` if the condition holds, else `else`, or Blank where that is left out.",
        params: &[
            Param::required("condition", Type::Boolean, "What decides."),
            Param::required("then", Type::Any, "The result if it holds."),
            Param::optional("else", Type::Any, "The result if it does not."),
        ],
        returns: Type::Any,
        examples: &[
            Example::new(r#"IF(5 > 3, "yes", "no")"#, r#""yes""#),
            Example::new(r#"IF("", 1, 2)"#, "2"),
            Example::new("IF(FALSE, 1)", "null"),
        ],
        run: Run::Form(Form::If),
    },
    Builtin {
        name: "IFS",
        aliases: &[],
        group: Group::Logic,
        summary: "The result behind the first condition that holds; #N/A if none does.",
        params: &[
            Param::repeated("condition", Type::Boolean, "What decides; TRUE catches the rest."),
            Param::repeated("result", Type::Any, "The result if it holds."),
        ],
        returns: Type::Any,
        examples: &[
            Example::new(r#"IFS(85 >= 80, "A", 85 >= 60, "B")"#, r#""A""#),
            Example::new(r#"IFS(1 > 2, "A", TRUE, "rest")"#, r#""rest""#),
            Example::new(r#"IFS(FALSE, "A")"#, "#N/A"),
        ],
        run: Run::Form(Form::Ifs),
    },
    Builtin {
        name: "SWITCH",
        aliases: &[],
        group: Group::Logic,
        summary: "The result behind the first case that equals `value`, else the default, else #N/A.",
        params: &[
            Param::required("value", Type::Any, "What is compared, as `=` does."),
            Param::repeated("case", Type::Any, "A value it may equal."),
            Param::repeated("result", Type::Any, "The result if it does."),
            Param::optional("default", Type::Any, "The result if it equals none."),
        ],
        returns: Type::Any,
        examples: &[
            Example::new(r#"SWITCH("b", "a", 1, "B", 2)"#, "2"),
            Example::new(r#"SWITCH(7, 1, "one", "many")"#, r#""many""#),
            Example::new(r#"SWITCH(7, 1, "one")"#, "#N/A"),
        ],
        run: Run::Form(Form::Switch),
    },
    Builtin {
        name: "AND",
        aliases: &[],
        group: Group::Logic,
        summary: "Whether all conditions hold; stops at the first that does not.",
        params: &[Param::repeated("condition", Type::Boolean, "A condition, or a list of them.")],
        returns: Type::Boolean,
        examples: &[
            Example::new("AND(1 < 2, TRUE)", "true"),
            Example::new("AND(FALSE, 1/0)", "false"),
            Example::new(r#"AND("", TRUE)"#, "false"),
        ],
        run: Run::Form(Form::And),
    },
    Builtin {
        name: "OR",
        aliases: &[],
        group: Group::Logic,
        summary: "Whether any condition holds; stops at the first that does.",
        params: &[Param::repeated("condition", Type::Boolean, "A condition, or a list of them.")],
        returns: Type::Boolean,
        examples: &[
            Example::new("OR(1 > 2, TRUE)", "true"),
            Example::new("OR(TRUE, 1/0)", "true"),
            Example::new("OR([FALSE, FALSE])", "false"),
        ],
        run: Run::Form(Form::Or),
    },
    Builtin {
        name: "NOT",
        aliases: &[],
        group: Group::Logic,
        summary: "TRUE if the condition does not hold.",
        params: &[Param::required("condition", Type::Boolean, "A condition.")],
        returns: Type::Boolean,
        examples: &[
            Example::new("NOT(1 > 2)", "true"),
            Example::new("NOT 5", "false"),
            Example::new(r#"NOT("")"#, "true"),
        ],
        run: Run::Form(Form::Not),
    },
    Builtin {
        name: "XOR",
        aliases: &[],
        group: Group::Logic,
        summary: "Whether an odd number of the conditions holds.",
        params: &[Param::repeated("condition", Type::Boolean, "A condition, or a list of them.")],
        returns: Type::Boolean,
        examples: &[
            Example::new("XOR(TRUE, FALSE)", "true"),
            Example::new("XOR(TRUE, TRUE)", "false"),
            Example::new("XOR([TRUE, FALSE, 1, 1])", "true"),
        ],
        run: Run::Eager(|call| {
            let mut odd = false;
            for index in 0..call.args().len() {
                match call.value(index) {
                    Value::List(items) => {
                        for item in items.iter().filter(|item| !is_empty(item)) {
                            odd ^= to_boolean(item).map_err(|_| call.fail(index, "holds conditions"))?;
                        }
                    }
                    _ => odd ^= call.boolean(index)?,
                }
            }
            Ok(odd.into())
        }),
    },
    Builtin {
        name: "IFERROR",
        aliases: &[],
        group: Group::Logic,
        summary: "`value`, or `fallback` if it is an error.",
        params: &[
            Param::required("value", Type::Any, "What may be an error."),
            Param::required("fallback", Type::Any, "What stands in for it."),
        ],
        returns: Type::Any,
        examples: &[
            Example::new("IFERROR(1/0, 0)", "0"),
            Example::new("IFERROR(4/2, 0)", "2"),
            Example::new(r#"IFERROR(FIND("x", "abc"), "none")"#, r#""none""#),
        ],
        run: Run::Form(Form::IfError),
    },
    Builtin {
        name: "IFNA",
        aliases: &[],
        group: Group::Logic,
        summary: "`value`, or `fallback` if it is #N/A; other errors stay.",
        params: &[
            Param::required("value", Type::Any, "What may be #N/A."),
            Param::required("fallback", Type::Any, "What stands in for it."),
        ],
        returns: Type::Any,
        examples: &[
            Example::new(r#"IFNA(SWITCH(3, 1, "one"), "other")"#, r#""other""#),
            Example::new("IFNA(5, 0)", "5"),
            Example::new("IFNA(1/0, 0)", "#DIV/0!"),
        ],
        run: Run::Form(Form::IfNa),
    },
    Builtin {
        name: "COALESCE",
        aliases: &[],
        group: Group::Logic,
        summary: "The first value that is not empty, or Blank if all are.",
        params: &[Param::repeated("value", Type::Any, "Tried in order.")],
        returns: Type::Any,
        examples: &[
            Example::new(r#"COALESCE("", " ", "c")"#, r#""c""#),
            Example::new("COALESCE([], 0, 1)", "0"),
            Example::new(r#"COALESCE("")"#, "null"),
        ],
        run: Run::Form(Form::Coalesce),
    },
];
