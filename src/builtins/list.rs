//! Lists and records.

use super::registry::{Builtin, Each, Example, Form, Group, Param, Returns, Role, Run};
use crate::types::Type;

const LIST: Param =
    Param::required("list", Type::Any, "The list; a single value is a list of one.").role(Role::List);
const ITEM: Param = Param::binding("name", "A name for each item in turn.");
const CONDITION: Param =
    Param::required("condition", Type::Boolean, "What is asked of each item, by that name.");
const ADDED: Param = Param::optional(
    "value",
    Type::Any,
    "The number that counts for the item, by that name; the item itself if left out.",
);

pub(super) static BUILTINS: &[Builtin] = &[
    Builtin {
        name: "ANY",
        aliases: &[],
        group: Group::List,
        summary: "Whether a condition holds for any item of a list.",
        params: &[LIST, ITEM, CONDITION],
        returns: Returns::any(Type::Boolean),
        examples: &[
            Example::new(r#"ANY(["AWS Lambda", "Go"], t, STARTSWITH(t, "AWS"))"#, "true"),
            Example::new("ANY([1, 2], n, n > 2)", "false"),
            Example::new("ANY([], n, TRUE)", "false"),
        ],
        run: Run::Form(Form::Each(Each::Any)),
    },
    Builtin {
        name: "ALL",
        aliases: &[],
        group: Group::List,
        summary: "Whether a condition holds for all items of a list.",
        params: &[LIST, ITEM, CONDITION],
        returns: Returns::any(Type::Boolean),
        examples: &[
            Example::new("ALL([1, 2], n, n > 0)", "true"),
            Example::new("ALL([1, 2], n, n > 1)", "false"),
            Example::new("ALL([], n, FALSE)", "true"),
        ],
        run: Run::Form(Form::Each(Each::All)),
    },
    Builtin {
        name: "COUNTIF",
        aliases: &[],
        group: Group::List,
        summary: "For how many items of a list a condition holds.",
        params: &[LIST, ITEM, CONDITION],
        returns: Returns::any(Type::Number),
        examples: &[
            Example::new("COUNTIF([1, 5, 9], n, n > 3)", "2"),
            Example::new(r#"COUNTIF(["a", "", "b"], t, ISNOTEMPTY(t))"#, "2"),
            Example::new("COUNTIF([], n, TRUE)", "0"),
        ],
        run: Run::Form(Form::Each(Each::CountIf)),
    },
    Builtin {
        name: "SUMIF",
        aliases: &[],
        group: Group::List,
        summary: "The sum of the items of a list for which a condition is true, or of a value of each.",
        params: &[LIST, ITEM, CONDITION, ADDED],
        returns: Returns::any(Type::Number),
        examples: &[
            Example::new("SUMIF([1, 5, 9], n, n > 3)", "14"),
            Example::new(r#"SUMIF(["a", "bcd"], t, LEN(t) > 1, LEN(t))"#, "3"),
            Example::new("SUMIF([], n, TRUE)", "0"),
        ],
        run: Run::Form(Form::SumIf),
    },
    Builtin {
        name: "AVERAGEIF",
        aliases: &[],
        group: Group::List,
        summary: "The mean of the items of a list for which a condition is true, or of a value of each; #DIV/0! if there is none.",
        params: &[LIST, ITEM, CONDITION, ADDED],
        returns: Returns::any(Type::Number),
        examples: &[
            Example::new("AVERAGEIF([1, 5, 9], n, n > 3)", "7"),
            Example::new(r#"AVERAGEIF(["a", "bcd"], t, TRUE, LEN(t))"#, "2"),
            Example::new("AVERAGEIF([1], n, n > 3)", "#DIV/0!"),
        ],
        run: Run::Form(Form::AverageIf),
    },
    Builtin {
        name: "FILTER",
        aliases: &[],
        group: Group::List,
        summary: "The items of a list for which a condition holds.",
        params: &[LIST, ITEM, CONDITION],
        returns: Returns::any(Type::List),
        examples: &[
            Example::new("FILTER([1, 5, 9], n, n > 3)", "[5,9]"),
            Example::new(r#"FILTER(["Go", "AWS"], t, t = "aws")"#, r#"["AWS"]"#),
            Example::new("FILTER([], n, TRUE)", "[]"),
        ],
        run: Run::Form(Form::Each(Each::Filter)),
    },
    Builtin {
        name: "MAP",
        aliases: &[],
        group: Group::List,
        summary: "A value made from each item of a list.",
        params: &[
            LIST,
            ITEM,
            Param::required("value", Type::Any, "What is made of each item, by that name."),
        ],
        returns: Returns::any(Type::List),
        examples: &[
            Example::new("MAP([1, 2], n, n * 10)", "[10,20]"),
            Example::new(r#"MAP(["a"], t, UPPER(t))"#, r#"["A"]"#),
            Example::new("MAP([], n, n)", "[]"),
        ],
        run: Run::Form(Form::Each(Each::Map)),
    },
];
