//! Branches and conditions. All but XOR are forms: the evaluator decides which arguments are evaluated.

use super::registry::{Builtin, Example, Form, Group, Param, Returns, Role, Run};
use crate::types::Type;
use crate::value::{ErrorValue, Value, is_empty, to_boolean};
use std::cmp::Ordering;

pub(super) static BUILTINS: &[Builtin] = &[
    Builtin {
        name: "IF",
        aliases: &[],
        group: Group::Logic,
        summary: "`then` if the condition holds, else `else`, or Blank where that is left out.",
        params: &[
            Param::required("condition", Type::Boolean, "What decides.").role(Role::Condition),
            Param::required("then", Type::Any, "The result if the condition is TRUE.").role(Role::Result),
            Param::optional("else", Type::Any, "The result if it does not.").role(Role::Otherwise),
        ],
        returns: Returns::any(Type::Any),
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
            Param::repeated("condition", Type::Boolean, "What decides; TRUE catches the rest.")
                .role(Role::Condition),
            Param::repeated("result", Type::Any, "The result if the condition is TRUE.").role(Role::Result),
        ],
        returns: Returns::any(Type::Any),
        examples: &[
            Example::new(r#"IFS(85 >= 80, "A", 85 >= 60, "B")"#, r#""A""#),
            Example::new(r#"IFS(1 > 2, "A", TRUE, "rest")"#, r#""rest""#),
            Example::new(r#"IFS(FALSE, "A")"#, "#N/A"),
        ],
        run: Run::Form(Form::Ifs),
    },
    Builtin {
        name: "LET",
        aliases: &[],
        group: Group::Logic,
        summary: "The result, in which names stand for values.",
        params: &[
            Param::repeated(
                "name",
                Type::Any,
                "A bare name. It holds from the next argument on, inside this LET only.",
            ),
            Param::repeated("value", Type::Any, "What it stands for; names before it can be used."),
            Param::required("result", Type::Any, "What the whole gives."),
        ],
        returns: Returns::any(Type::Any),
        examples: &[
            Example::new("LET(size, 30, title, size / 2, size + title)", "45"),
            Example::new("LET(x, 1, LET(x, 2, x) + x)", "3"),
            Example::new("LET(ratio, 1 / 0, IFERROR(ratio, 0))", "0"),
        ],
        run: Run::Form(Form::Let),
    },
    Builtin {
        name: "SWITCH",
        aliases: &[],
        group: Group::Logic,
        summary: "The result behind the first case that equals `value`, else the default, else #N/A.",
        params: &[
            Param::required("value", Type::Any, "What is compared, as `=` does.").role(Role::Compared),
            Param::repeated("case", Type::Any, "A value it may equal.").role(Role::Candidate),
            Param::repeated("result", Type::Any, "The result if it does.").role(Role::Result),
            Param::optional("default", Type::Any, "The result if it equals none.").role(Role::Otherwise),
        ],
        returns: Returns::any(Type::Any),
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
        returns: Returns::any(Type::Boolean),
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
        returns: Returns::any(Type::Boolean),
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
        returns: Returns::any(Type::Boolean),
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
        params: &[Param::repeated("condition", Type::Any, "A condition, or a list of them.")],
        returns: Returns::any(Type::Boolean),
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
            Param::required("value", Type::Any, "What may be an error.").role(Role::Rescued),
            Param::required("fallback", Type::Any, "The fallback value.").role(Role::Fallback),
        ],
        returns: Returns::any(Type::Any),
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
            Param::required("value", Type::Any, "What may be #N/A.").role(Role::Rescued),
            Param::required("fallback", Type::Any, "The fallback value.").role(Role::Fallback),
        ],
        returns: Returns::any(Type::Any),
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
        params: &[Param::repeated("value", Type::Any, "Tried in order.").role(Role::Tried)],
        returns: Returns::any(Type::Any),
        examples: &[
            Example::new(r#"COALESCE("", " ", "c")"#, r#""c""#),
            Example::new("COALESCE([], 0, 1)", "0"),
            Example::new(r#"COALESCE("")"#, "null"),
        ],
        run: Run::Form(Form::Coalesce),
    },
    Builtin {
        name: "BETWEEN",
        aliases: &[],
        group: Group::Logic,
        summary: "Whether a value lies between two others, both included; FALSE where it is empty.",
        params: &[
            Param::required("value", Type::Any, "A number, a date or a text.").role(Role::Measured),
            Param::required("lowest", Type::Any, "The least that counts.").role(Role::Low),
            Param::required("highest", Type::Any, "The most that counts.").role(Role::High),
        ],
        returns: Returns::any(Type::Boolean),
        examples: &[
            Example::new("BETWEEN(50, 11, 50)", "true"),
            Example::new(r#"BETWEEN("2026-02-01", TODAY() - 30, TODAY())"#, "false"),
            Example::new(r#"BETWEEN("", -1, 1)"#, "false"),
        ],
        run: Run::Eager(|call| {
            // The second comparison is made only where the first is TRUE, as with AND.
            let at_least = call.order(0, 1).is_some_and(Ordering::is_ge);
            Ok((at_least && call.order(0, 2).is_some_and(Ordering::is_le)).into())
        }),
    },
    Builtin {
        name: "IN",
        aliases: &[],
        group: Group::Logic,
        summary: "Whether a value equals any of the others, as `=` compares; lists are opened up.",
        params: &[
            Param::required("value", Type::Any, "What is looked for.").role(Role::Compared),
            Param::repeated("item", Type::Any, "A value, or a list of them.").role(Role::Candidate),
        ],
        returns: Returns::any(Type::Boolean),
        examples: &[
            Example::new(r#"IN("saas", "Software", "SaaS")"#, "true"),
            Example::new(r"IN(3, [1, 2])", "false"),
            Example::new(r#"IN("", "a")"#, "false"),
        ],
        run: Run::Form(Form::In),
    },
    Builtin {
        name: "BUCKET",
        aliases: &[],
        group: Group::Logic,
        summary: "The result of the first threshold that the number is below; otherwise the last result. Blank for an empty number and for other text.",
        params: &[
            Param::required("number", Type::Number, "The number to sort into a bucket.").role(Role::Measured),
            Param::repeated(
                "threshold",
                Type::Number,
                "The upper limit of a bucket, excluded; thresholds rise.",
            ),
            Param::repeated("result", Type::Any, "The result for numbers below that threshold.")
                .role(Role::Result),
            Param::optional("else", Type::Any, "The result for numbers at or above all thresholds.")
                .role(Role::Otherwise),
        ],
        returns: Returns::any(Type::Any),
        examples: &[
            Example::new(r#"BUCKET(30, 11, "tiny", 51, "small", "large")"#, r#""small""#),
            Example::new(r#"BUCKET(51, 11, "tiny", 51, "small", "large")"#, r#""large""#),
            Example::new(r#"BUCKET(99, 11, "tiny")"#, "null"),
            Example::new(r#"BUCKET("", 11, "tiny", 51, "small", "large")"#, "null"),
            Example::new(r#"BUCKET("51-200" & "", 11, "tiny", 51, "small", "large")"#, "null"),
        ],
        run: Run::Form(Form::Bucket),
    },
    Builtin {
        name: "POINTS",
        aliases: &[],
        group: Group::Logic,
        summary: "The sum of the points whose condition holds.",
        params: &[
            Param::repeated("condition", Type::Boolean, "What earns the points.").role(Role::Condition),
            Param::repeated("points", Type::Number, "How many.").role(Role::Result),
        ],
        returns: Returns::any(Type::Number),
        examples: &[
            Example::new("POINTS(5 > 3, 10, TRUE, 5)", "15"),
            Example::new("POINTS(FALSE, 10)", "0"),
            Example::new(r#"POINTS("", 10, 1, -2)"#, "-2"),
        ],
        run: Run::Form(Form::Points),
    },
    Builtin {
        name: "REASONS",
        aliases: &[],
        group: Group::Logic,
        summary: "The texts whose condition is true, as a list; JOIN makes one text of it.",
        params: &[
            Param::repeated("condition", Type::Boolean, "What is a reason.").role(Role::Condition),
            Param::repeated("text", Type::Any, "How the reason is named. Empty ones are left out.")
                .role(Role::Result),
        ],
        returns: Returns::any(Type::List),
        examples: &[
            Example::new(r#"REASONS(5 > 3, "large", 1 > 3, "new", TRUE, "EU")"#, r#"["large","EU"]"#),
            Example::new(r#"JOIN(REASONS(TRUE, "a", TRUE, "b"), ", ")"#, r#""a, b""#),
            Example::new(r#"REASONS("" > 1, "a")"#, "[]"),
        ],
        run: Run::Form(Form::Reasons),
    },
    Builtin {
        name: "CLAMP",
        aliases: &[],
        group: Group::Logic,
        summary: "The number, but not below the lowest nor above the highest.",
        params: &[
            Param::required("number", Type::Number, "Any number.").role(Role::Measured),
            Param::required("lowest", Type::Number, "The least it can be.").role(Role::Low),
            Param::required("highest", Type::Number, "The most it can be.").role(Role::High),
        ],
        returns: Returns::any(Type::Number),
        examples: &[
            Example::new("CLAMP(120, 0, 100)", "100"),
            Example::new("CLAMP(-3, 0, 100)", "0"),
            Example::new("CLAMP(5, 10, 0)", "#NUM!"),
        ],
        run: Run::Eager(|call| {
            let (number, lowest, highest) = (call.number(0)?, call.number(1)?, call.number(2)?);
            if lowest > highest {
                let message = format!("CLAMP: the lowest ({lowest}) is above the highest ({highest})");
                return Err(ErrorValue::number(message).into());
            }
            Ok(number.clamp(lowest, highest).into())
        }),
    },
    Builtin {
        name: "CHOOSE",
        aliases: &[],
        group: Group::Logic,
        summary: "The value at a position, counted from 1.",
        params: &[
            Param::required("index", Type::Number, "Which value."),
            Param::repeated("value", Type::Any, "The values; only the chosen one is evaluated."),
        ],
        returns: Returns::any(Type::Any),
        examples: &[
            Example::new(r#"CHOOSE(2, "a", "b", "c")"#, r#""b""#),
            Example::new(r#"CHOOSE(1, "a", 1/0)"#, r#""a""#),
            Example::new(r#"CHOOSE(4, "a", "b", "c")"#, "#VALUE!"),
        ],
        run: Run::Form(Form::Choose),
    },
    Builtin {
        name: "TRUE",
        aliases: &[],
        group: Group::Logic,
        summary: "The value TRUE, which can be written without parentheses as well.",
        params: &[],
        returns: Returns::any(Type::Boolean),
        examples: &[
            Example::new("TRUE()", "true"),
            Example::new("true", "true"),
            Example::new("TRUE() + 1", "2"),
        ],
        run: Run::Eager(|_| Ok(true.into())),
    },
    Builtin {
        name: "FALSE",
        aliases: &[],
        group: Group::Logic,
        summary: "The value FALSE, which can be written without parentheses as well.",
        params: &[],
        returns: Returns::any(Type::Boolean),
        examples: &[
            Example::new("FALSE()", "false"),
            Example::new("False", "false"),
            Example::new(r#"FALSE = """#, "false"),
        ],
        run: Run::Eager(|_| Ok(false.into())),
    },
    Builtin {
        name: "NA",
        aliases: &[],
        group: Group::Logic,
        summary: "The error #N/A, for a value that is not available.",
        params: &[],
        returns: Returns::any(Type::Any),
        examples: &[
            Example::new("NA()", "#N/A"),
            Example::new("IFNA(NA(), 0)", "0"),
            Example::new("ISERROR(NA())", "true"),
        ],
        run: Run::Eager(|_| Err(ErrorValue::not_available("NA() asks for this error").into())),
    },
];
