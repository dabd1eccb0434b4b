//! Regular expressions. They run in linear time, so there is no look-around and no back-reference.

mod compiled;
mod replacement;

use super::call::limited;
use super::registry::{Builtin, Example, Group, Param, Returns, Role, Run};
use super::{Call, CallError, LONGEST_TEXT, too_long};
use crate::types::Type;
use crate::value::{ErrorValue, Value};
use compiled::{check, compiled};
use regex::{Captures, Regex};
use replacement::Replacement;
use std::rc::Rc;

const TEXT: Param = Param::required("text", Type::Text, "The text to look in.").role(Role::Subject);
const PATTERN: Param = Param::required(
    "pattern",
    Type::Text,
    "A regular expression, found anywhere in the text; `(?i)` before it ignores letter case.",
)
.role(Role::Pattern)
.checked(check);

pub(super) static BUILTINS: &[Builtin] = &[
    Builtin {
        name: "REGEXMATCH",
        aliases: &["REGEXTEST"],
        group: Group::Regex,
        summary: "Whether the pattern is found in the text.",
        params: &[TEXT, PATTERN],
        returns: Returns::any(Type::Boolean),
        examples: &[
            Example::new(r#"REGEXMATCH("VP of Sales", "^VP")"#, "true"),
            Example::new(r#"REGEXMATCH("Head of Growth", "(?i)^head of (sales|growth)")"#, "true"),
            Example::new(r#"REGEXMATCH("", "x")"#, "false"),
            Example::new(r#"REGEXMATCH("a", "(" & "")"#, "#VALUE!"),
        ],
        run: Run::Eager(|call| Ok(pattern(call)?.is_match(&call.text(0)?).into())),
    },
    Builtin {
        name: "REGEXEXTRACT",
        aliases: &[],
        group: Group::Regex,
        summary: "What the pattern's first group matches, or the whole match if it has no group; #N/A if it is not found.",
        params: &[TEXT, PATTERN],
        returns: Returns::any(Type::Text),
        examples: &[
            Example::new(r#"REGEXEXTRACT("51-200 employees", "[0-9]+")"#, r#""51""#),
            Example::new(r#"REGEXEXTRACT("ada@example.com", "@(.+)$")"#, r#""example.com""#),
            Example::new(r#"REGEXEXTRACT("b", "(a)?b")"#, r#""""#),
            Example::new(r#"REGEXEXTRACT("Ada", "[0-9]+")"#, "#N/A"),
        ],
        run: Run::Eager(|call| {
            let (text, pattern) = (call.text(0)?, pattern(call)?);
            let none = || {
                let shown = |index| ErrorValue::shown(call.value(index), None);
                ErrorValue::not_available(format!("{} is not found in {}", shown(1), shown(0)))
            };
            let found = wanted_part(&pattern.captures(&text).ok_or_else(none)?);
            Ok(text.slice(found).into())
        }),
    },
    Builtin {
        name: "REGEXEXTRACTALL",
        aliases: &[],
        group: Group::Regex,
        summary: "What REGEXEXTRACT gives, for each match in turn, as a list.",
        params: &[TEXT, PATTERN],
        returns: Returns::any(Type::List),
        examples: &[
            Example::new(r#"REGEXEXTRACTALL("51-200", "[0-9]+")"#, r#"["51","200"]"#),
            Example::new(r#"REGEXEXTRACTALL("a=1, b=2", "(\w)=")"#, r#"["a","b"]"#),
            Example::new(r#"REGEXEXTRACTALL("Größe", "\W")"#, "[]"),
        ],
        run: Run::Eager(|call| {
            let (text, pattern) = (call.text(0)?, pattern(call)?);
            let found = pattern.captures_iter(&text).map(|captures| text.slice(wanted_part(&captures)));
            Ok(Value::list(found.map(Value::from).collect()))
        }),
    },
    Builtin {
        name: "REGEXREPLACE",
        aliases: &[],
        group: Group::Regex,
        summary: "The text with each match of the pattern replaced.",
        params: &[
            TEXT,
            PATTERN,
            Param::required(
                "replacement",
                Type::Text,
                "The replacement; `$1` is the first group, `$0` the match, `${name}` a group with a name, `$$` a dollar sign.",
            ).role(Role::Replacement),
        ],
        returns: Returns::any(Type::Text),
        examples: &[
            Example::new(r#"REGEXREPLACE("+1 (415) 555", "[^0-9]", "")"#, r#""1415555""#),
            Example::new(r#"REGEXREPLACE("Lovelace, Ada", "(\w+), (\w+)", "$2 $1")"#, r#""Ada Lovelace""#),
            Example::new(r#"REGEXREPLACE("5", "\d", "$$$0")"#, r#""$5""#),
            Example::new(r#"REGEXREPLACE("", "x", "y")"#, r#""""#),
        ],
        run: Run::Eager(|call| {
            let (text, pattern) = (call.text(0)?, pattern(call)?);
            let replacement = call.text(2)?;
            let replacement = Replacement::parse(&replacement);
            let mut replaced = String::new();
            let mut from = 0;
            for captures in pattern.captures_iter(&text) {
                let found = captures.get_match();
                replaced.push_str(&text[from..found.start()]);
                replacement.append(&captures, &mut replaced);
                from = found.end();
                if replaced.len() > LONGEST_TEXT {
                    return Err(too_long());
                }
            }
            if from == 0 && replaced.is_empty() {
                return Ok(text.slice(from..text.len()).into());
            }
            replaced.push_str(&text[from..]);
            limited(replaced)
        }),
    },
];

/// The second argument, compiled.
fn pattern(call: &Call<'_, '_>) -> Result<Rc<Regex>, CallError> {
    let pattern = call.text(1)?;
    compiled(&pattern).map_err(|problem| {
        let shown = ErrorValue::shown(call.value(1), None);
        ErrorValue::value(format!("{shown} is not a regular expression: {problem}")).into()
    })
}

/// The first group where the pattern has one, else the match; a group that took no part is empty.
fn wanted_part(captures: &Captures<'_>) -> std::ops::Range<usize> {
    let found = captures.get_match();
    if captures.len() > 1 {
        captures.get(1).map_or(found.start()..found.start(), |group| group.range())
    } else {
        found.range()
    }
}
