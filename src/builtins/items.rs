//! The items of a list and the members of a record.

mod path;
mod sorted;

#[cfg(feature = "cli")]
pub(crate) use path::leading_names;
pub(super) use sorted::{SortKey, key as key_of};

use super::call::limited;
use super::registry::{Builtin, Example, Group, Param, Returns, Role, Run};
use super::{Call, CallError, LONGEST_TEXT, too_long};
use crate::types::Type;
use crate::value::{Record, Text, Value, equal, is_empty, to_text};
use std::collections::HashSet;

const LIST: Param =
    Param::required("list", Type::Any, "The list; a single value is a list of one.").role(Role::List);
const RECORD: Param = Param::required("record", Type::Any, "The record; a blank is one without members.");

pub(super) static BUILTINS: &[Builtin] = &[
    Builtin {
        name: "FIRST",
        aliases: &[],
        group: Group::List,
        summary: "The first item of a list; Blank if it has none.",
        params: &[LIST],
        returns: Returns::any(Type::Any),
        examples: &[
            Example::new(r#"FIRST(["AWS", "Go"])"#, r#""AWS""#),
            Example::new("FIRST(5)", "5"),
            Example::new("FIRST([])", "null"),
        ],
        run: Run::Eager(|call| Ok(items(call.value(0)).first().cloned().unwrap_or_default())),
    },
    Builtin {
        name: "LAST",
        aliases: &[],
        group: Group::List,
        summary: "The last item of a list; Blank if it has none.",
        params: &[LIST],
        returns: Returns::any(Type::Any),
        examples: &[
            Example::new(r#"LAST(["AWS", "Go"])"#, r#""Go""#),
            Example::new("LAST(5)", "5"),
            Example::new("LAST([])", "null"),
        ],
        run: Run::Eager(|call| Ok(items(call.value(0)).last().cloned().unwrap_or_default())),
    },
    Builtin {
        name: "AT",
        aliases: &[],
        group: Group::List,
        summary: "The item at a position of a list; Blank if it has none there.",
        params: &[
            LIST,
            Param::required(
                "position",
                Type::Number,
                "From 1; negative counts from the end, -1 is the last.",
            )
            .role(Role::Position),
        ],
        returns: Returns::any(Type::Any),
        examples: &[
            Example::new(r#"AT(["a", "b", "c"], 2)"#, r#""b""#),
            Example::new(r#"AT(["a", "b", "c"], -1)"#, r#""c""#),
            Example::new(r#"AT(["a"], 9)"#, "null"),
            Example::new(r#"AT(["a"], 0)"#, "#VALUE!"),
        ],
        run: Run::Eager(|call| {
            let (items, position) = (items(call.value(0)), call.number(1)?.trunc());
            if position == 0.0 {
                return Err(call.fail(1, "must not be 0"));
            }
            let item = item_index(position, items.len()).and_then(|index| items.get(index));
            Ok(item.cloned().unwrap_or_default())
        }),
    },
    Builtin {
        name: "UNIQUE",
        aliases: &[],
        group: Group::List,
        summary: "The items of a list, each once, where it stands first; text ignores letter case.",
        params: &[LIST],
        returns: Returns::any(Type::List),
        examples: &[
            Example::new(r#"UNIQUE(["AWS", "Go", "aws"])"#, r#"["AWS","Go"]"#),
            Example::new(r#"UNIQUE([5, "5", 5.0])"#, r#"[5,"5"]"#),
            Example::new("UNIQUE([])", "[]"),
        ],
        run: Run::Eager(|call| {
            let mut seen = HashSet::new();
            let items = items(call.value(0)).iter();
            Ok(Value::list(items.filter(|item| seen.insert(sorted::key(item))).cloned().collect()))
        }),
    },
    Builtin {
        name: "SORT",
        aliases: &[],
        group: Group::List,
        summary: "The items of a list in order: numbers, dates, text without regard to letter case, FALSE, TRUE, the rest; empty ones always last.",
        params: &[LIST, Param::optional("descending", Type::Boolean, "TRUE begins with the greatest.")],
        returns: Returns::any(Type::List),
        examples: &[
            Example::new(r#"SORT(["b", 10, "A", 9, ""])"#, r#"[9,10,"A","b",""]"#),
            Example::new("SORT([1, 3, 2], TRUE)", "[3,2,1]"),
            Example::new("SORT([])", "[]"),
        ],
        run: Run::Eager(|call| {
            let descending = call.has(1) && call.boolean(1)?;
            Ok(Value::list(sorted::sorted(items(call.value(0)), descending)))
        }),
    },
    Builtin {
        name: "FLATTEN",
        aliases: &[],
        group: Group::List,
        summary: "The items of a list and of all lists in it, as one list.",
        params: &[LIST],
        returns: Returns::any(Type::List),
        examples: &[
            Example::new("FLATTEN([1, [2, [3, []]]])", "[1,2,3]"),
            Example::new("FLATTEN(5)", "[5]"),
            Example::new("FLATTEN([])", "[]"),
        ],
        run: Run::Eager(|call| {
            let mut flat = Vec::new();
            // The open lists stand on a stack of their own, since a row can nest them deeply.
            let mut open = vec![items(call.value(0)).iter()];
            while let Some(innermost) = open.last_mut() {
                match innermost.next() {
                    Some(Value::List(inner)) => open.push(inner.iter()),
                    Some(item) => flat.push(item.clone()),
                    None => drop(open.pop()),
                }
            }
            Ok(Value::list(flat))
        }),
    },
    Builtin {
        name: "COMPACT",
        aliases: &[],
        group: Group::List,
        summary: "The items of a list that are not empty.",
        params: &[LIST],
        returns: Returns::any(Type::List),
        examples: &[
            Example::new(r#"COMPACT(["a", "", " ", "b"])"#, r#"["a","b"]"#),
            Example::new("COMPACT([0, FALSE, []])", "[0,false]"),
            Example::new("COMPACT([])", "[]"),
        ],
        run: Run::Eager(|call| {
            let items = items(call.value(0)).iter();
            Ok(Value::list(items.filter(|item| !is_empty(item)).cloned().collect()))
        }),
    },
    Builtin {
        name: "INCLUDES",
        aliases: &[],
        group: Group::List,
        summary: "Whether any item of a list equals the value, as `=` sees it.",
        params: &[LIST, Param::required("value", Type::Any, "What is looked for.").role(Role::Member)],
        returns: Returns::any(Type::Boolean),
        examples: &[
            Example::new(r#"INCLUDES(["AWS", "Go"], "aws")"#, "true"),
            Example::new(r#"INCLUDES(["AWS Lambda"], "AWS")"#, "false"),
            Example::new("INCLUDES([], 1)", "false"),
        ],
        run: Run::Eager(|call| {
            let wanted = call.value(1);
            Ok(items(call.value(0)).iter().any(|item| equal(item, wanted, call.clock())).into())
        }),
    },
    Builtin {
        name: "POSITION",
        aliases: &[],
        group: Group::List,
        summary: "The position of the first item of a list that equals the value, as `=` compares, from 1; Blank if there is none.",
        params: &[LIST, Param::required("value", Type::Any, "What is looked for.").role(Role::Member)],
        returns: Returns::whole(1.0, f64::INFINITY).or_blank(),
        examples: &[
            Example::new(r#"POSITION(["New", "Open", "Won"], "won")"#, "3"),
            Example::new(r#"POSITION(["New", "Open"], "Lost")"#, "null"),
            Example::new(r#"POSITION(["A", "B"], "B") > POSITION(["A", "B"], "A")"#, "true"),
            Example::new("POSITION([], 1)", "null"),
        ],
        run: Run::Eager(|call| {
            let wanted = call.value(1);
            let at = items(call.value(0)).iter().position(|item| equal(item, wanted, call.clock()));
            Ok(at.map_or(Value::Blank, |at| (at as f64 + 1.0).into()))
        }),
    },
    Builtin {
        name: "GET",
        aliases: &[],
        group: Group::List,
        summary: "What a path leads to in a record; Blank, or the default, if there is nothing.",
        params: &[
            Param::required("record", Type::Any, "A record, or a list of them."),
            Param::required(
                "path",
                Type::Text,
                "Names with dots between them, and positions in brackets from 0: `jobs[0].title`.",
            )
            .checked(path::check),
            Param::optional("default", Type::Any, "What is given where there is nothing."),
        ],
        returns: Returns::any(Type::Any),
        examples: &[
            Example::new(r#"GET([5, 6], "[1]")"#, "6"),
            Example::new(r#"GET(5, "jobs[0].title", "none")"#, r#""none""#),
            Example::new(r#"GET([], "a.b")"#, "null"),
            Example::new(r#"GET([], "a." & ".b")"#, "#VALUE!"),
        ],
        run: Run::Eager(|call| {
            let path = call.text(1)?;
            let steps = path::parse(&path)
                .map_err(|rejected| call.fail(1, &format!("must be a path: {}", rejected.problem)))?;
            let found = path::follow(call.value(0), &steps).filter(|found| !matches!(found, Value::Blank));
            Ok(found.unwrap_or_else(|| call.value(2)).clone())
        }),
    },
    Builtin {
        name: "KEYS",
        aliases: &[],
        group: Group::List,
        summary: "The names in a record, as a list.",
        params: &[RECORD],
        returns: Returns::any(Type::List),
        examples: &[
            Example::new("KEYS(IF(FALSE, 1))", "[]"),
            Example::new("KEYS([])", "[]"),
            Example::new("KEYS(5)", "#VALUE!"),
        ],
        run: Run::Eager(|call| {
            let members = members(call)?.into_iter();
            Ok(Value::list(members.map(|(name, _)| name.clone().into()).collect()))
        }),
    },
    Builtin {
        name: "VALUES",
        aliases: &[],
        group: Group::List,
        summary: "The values in a record, as a list.",
        params: &[RECORD],
        returns: Returns::any(Type::List),
        examples: &[
            Example::new("VALUES(IF(FALSE, 1))", "[]"),
            Example::new("VALUES([])", "[]"),
            Example::new("VALUES(5)", "#VALUE!"),
        ],
        run: Run::Eager(|call| {
            let members = members(call)?.into_iter();
            Ok(Value::list(members.map(|(_, value)| value.clone()).collect()))
        }),
    },
    Builtin {
        name: "JOIN",
        aliases: &[],
        group: Group::List,
        summary: "The items of a list as one text, with a separator between them; COMPACT takes empty ones out before.",
        params: &[LIST, Param::required("separator", Type::Text, "The separator.").role(Role::Separator)],
        returns: Returns::any(Type::Text),
        examples: &[
            Example::new(r#"JOIN(["AWS", "Go"], ", ")"#, r#""AWS, Go""#),
            Example::new(r#"JOIN(["a", "", 5], "-")"#, r#""a--5""#),
            Example::new(r#"JOIN([], ", ")"#, r#""""#),
        ],
        run: Run::Eager(joined),
    },
];

/// The index of the item at a position, from 1 or, where it is negative, from the end.
pub(crate) fn item_index(position: f64, items: usize) -> Option<usize> {
    let steps = position.abs().trunc();
    // Positions beyond what fits are beyond every list.
    if !(1.0..=items as f64).contains(&steps) {
        return None;
    }
    let steps = steps as usize;
    Some(if position > 0.0 { steps - 1 } else { items - steps })
}

/// The items of a list; a single value is one, a blank is none.
pub(super) fn items<'c, 'v>(value: &'c Value<'v>) -> &'c [Value<'v>] {
    match value {
        Value::List(items) => items,
        empty if is_empty(empty) => &[],
        single => std::slice::from_ref(single),
    }
}

/// The members of a record; of a name that stands twice, the last counts.
fn members<'c, 'v>(call: &Call<'c, 'v>) -> Result<Vec<&'c (Text<'v>, Value<'v>)>, CallError> {
    match call.value(0) {
        Value::Record(record) => Ok(each_once(record)),
        empty if is_empty(empty) => Ok(Vec::new()),
        _ => Err(call.fail(0, "must be a record")),
    }
}

fn each_once<'c, 'v>(record: &'c Record<'v>) -> Vec<&'c (Text<'v>, Value<'v>)> {
    let mut seen = HashSet::new();
    let mut members: Vec<_> =
        record.members().iter().rev().filter(|(name, _)| seen.insert(name.as_str())).collect();
    members.reverse();
    members
}

fn joined<'v>(call: &Call<'_, 'v>) -> Result<Value<'v>, CallError> {
    let separator = call.text(1)?;
    let mut text = String::new();
    for (index, item) in items(call.value(0)).iter().enumerate() {
        if index > 0 {
            text.push_str(&separator);
        }
        text.push_str(&to_text(item).map_err(|misfit| call.misfit_of(0, item, Type::Text, misfit))?);
        if text.len() > LONGEST_TEXT {
            return Err(too_long());
        }
    }
    limited(text)
}

#[cfg(test)]
mod tests {
    use super::each_once;
    use crate::value::{Record, json_text};

    #[test]
    fn of_a_name_that_stands_twice_the_last_counts() {
        let record = Record::from_json(r#"{"a":1,"b":2,"a":3}"#).expect("a row");
        let members: Vec<_> =
            each_once(&record).iter().map(|(name, value)| (name.as_str(), json_text(value))).collect();
        assert_eq!(members, [("b", "2".to_owned()), ("a", "3".to_owned())]);
    }
}
