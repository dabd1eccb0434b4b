//! What is made of a list by a key of each item, and of a list item by item.

use super::items::{SortKey, items, key_of};
use super::market::is_placeholder;
use super::registry::{Builtin, Example, Form, Group, Param, Returns, Role, Run};
use super::{Call, CallError, Note};
use crate::types::Type;
use crate::value::{ErrorValue, Record, Value, is_empty, to_date, to_exact_number};
use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::sync::Arc;

/// SEQUENCE makes no longer list.
const LONGEST_SEQUENCE: f64 = 1_000_000.0;

const LIST: Param =
    Param::required("list", Type::Any, "The list; a single value is a list of one.").role(Role::List);
const ITEM: Param = Param::binding("name", "A name for each item in turn.");
const KEY: Param = Param::required("key", Type::Any, "What the items are compared by, by that name.");
const DESCENDING: Param = Param::optional("descending", Type::Boolean, "TRUE begins with the greatest.");
const PAIRS: Param = Param::required("list", Type::List, "Pairs of a key and an item.");

/// The function of pairs that a function of a list and a key comes down to.
const fn of_pairs(
    name: &'static str,
    params: &'static [Param],
    returns: Type,
    run: for<'c, 'v> fn(&Call<'c, 'v>) -> Result<Value<'v>, CallError>,
) -> Builtin {
    Builtin {
        name,
        aliases: &[],
        group: Group::List,
        summary: "",
        params,
        returns: Returns::any(returns),
        examples: &[],
        run: Run::Eager(run),
    }
}

static UNIQUE: Builtin = of_pairs("UNIQUEBY", &[PAIRS], Type::List, |call| Ok(unique(call)));
static SORTED: Builtin = of_pairs("SORTBY", &[PAIRS, DESCENDING], Type::List, sorted);
static GREATEST: Builtin = of_pairs("MAXBY", &[PAIRS], Type::Any, |call| Ok(extreme(call, true)));
static LEAST: Builtin = of_pairs("MINBY", &[PAIRS], Type::Any, |call| Ok(extreme(call, false)));
static GROUPED: Builtin = of_pairs("GROUPBY", &[PAIRS], Type::List, |call| Ok(grouped(call)));

pub(super) static BUILTINS: &[Builtin] = &[
    Builtin {
        name: "UNIQUEBY",
        aliases: &[],
        group: Group::List,
        summary: "The first item of a list for each key; text keys ignore letter case.",
        params: &[LIST, ITEM, KEY],
        returns: Returns::any(Type::List),
        examples: &[
            Example::new(r#"UNIQUEBY(["AWS", "aws", "Go"], t, t)"#, r#"["AWS","Go"]"#),
            Example::new(
                "UNIQUEBY([{day: 1, n: 5}, {day: 1, n: 7}, {day: 2, n: 9}], e, e.day)",
                r#"[{"day":1,"n":5},{"day":2,"n":9}]"#,
            ),
            Example::new("UNIQUEBY([], n, n)", "[]"),
        ],
        run: Run::Form(Form::Keyed(&UNIQUE)),
    },
    Builtin {
        name: "SORTBY",
        aliases: &[],
        group: Group::List,
        summary: "The items of a list in the order of their keys. Texts among numbers or dates are read as such; items with an empty or unreadable key are last.",
        params: &[LIST, ITEM, KEY, DESCENDING],
        returns: Returns::any(Type::List),
        examples: &[
            Example::new(r#"SORTBY(["ccc", "a", "bb"], t, LEN(t))"#, r#"["a","bb","ccc"]"#),
            Example::new("SORTBY([{n: 1}, {n: 3}], e, e.n, TRUE)", r#"[{"n":3},{"n":1}]"#),
            Example::new("SORTBY([], n, n)", "[]"),
        ],
        run: Run::Form(Form::Keyed(&SORTED)),
    },
    Builtin {
        name: "MAXBY",
        aliases: &[],
        group: Group::List,
        summary: "The first item of a list with the greatest key. Texts among numbers or dates are read as such; Blank if no item has a key.",
        params: &[LIST, ITEM, KEY],
        returns: Returns::any(Type::Any),
        examples: &[
            Example::new(r#"MAXBY(["a", "ccc", "bb"], t, LEN(t))"#, r#""ccc""#),
            Example::new(
                r#"MAXBY([{at: "2026-01-05", type: "call"}, {at: "2026-01-09", type: "demo"}], e, e.at).type"#,
                r#""demo""#,
            ),
            Example::new(r#"MAXBY([{n: "100"}, {n: 20}, {n: "N/A"}], e, e.n).n"#, r#""100""#),
            Example::new("MAXBY([], n, n)", "null"),
        ],
        run: Run::Form(Form::Keyed(&GREATEST)),
    },
    Builtin {
        name: "MINBY",
        aliases: &[],
        group: Group::List,
        summary: "The first item of a list with the least key. Texts among numbers or dates are read as such; Blank if no item has a key.",
        params: &[LIST, ITEM, KEY],
        returns: Returns::any(Type::Any),
        examples: &[
            Example::new(r#"MINBY(["bb", "a", "c"], t, LEN(t))"#, r#""a""#),
            Example::new(r#"MINBY([{n: ""}, {n: 4}], e, e.n).n"#, "4"),
            Example::new("MINBY([], n, n)", "null"),
        ],
        run: Run::Form(Form::Keyed(&LEAST)),
    },
    Builtin {
        name: "GROUPBY",
        aliases: &[],
        group: Group::List,
        summary: "The items of a list in groups of the same key: records with `key` and `items`, in the order in which the keys occur first.",
        params: &[LIST, ITEM, KEY],
        returns: Returns::any(Type::List),
        examples: &[
            Example::new(
                "GROUPBY([1, 2, 3], n, MOD(n, 2))",
                r#"[{"key":1,"items":[1,3]},{"key":0,"items":[2]}]"#,
            ),
            Example::new(r#"MAP(GROUPBY(["a", "A", "b"], t, t), g, COUNTA(g.items))"#, "[2,1]"),
            Example::new("GROUPBY([], n, n)", "[]"),
        ],
        run: Run::Form(Form::Keyed(&GROUPED)),
    },
    Builtin {
        name: "REDUCE",
        aliases: &[],
        group: Group::List,
        summary: "A total that a formula makes from the total so far and each item of a list in turn.",
        params: &[
            LIST,
            Param::required("start", Type::Any, "The total before the first item."),
            Param::binding("total", "A name for the total so far."),
            ITEM,
            Param::required("formula", Type::Any, "The total with the item, by these names."),
        ],
        returns: Returns::any(Type::Any),
        examples: &[
            Example::new("REDUCE([1, 2, 3], 0, total, n, total + n)", "6"),
            Example::new("REDUCE([40, 30, 50], 0, total, n, MIN(100, total + n))", "100"),
            Example::new(r#"REDUCE([], "none", total, n, n)"#, r#""none""#),
        ],
        run: Run::Form(Form::Reduce),
    },
    Builtin {
        name: "SEQUENCE",
        aliases: &[],
        group: Group::List,
        summary: "A list of numbers with the same step between them; at most 1,000,000.",
        params: &[
            Param::required("count", Type::Number, "How many.").role(Role::Times),
            Param::optional("start", Type::Number, "The first; 1 if left out."),
            Param::optional("step", Type::Number, "What each is more than the one before; 1 if left out."),
        ],
        returns: Returns::any(Type::List),
        examples: &[
            Example::new("SEQUENCE(3)", "[1,2,3]"),
            Example::new("SEQUENCE(3, 10, -5)", "[10,5,0]"),
            Example::new(
                "MAP(SEQUENCE(3, 0), week, DATEADD(\"2026-01-05\", 7 * week, \"days\"))",
                r#"["2026-01-05","2026-01-12","2026-01-19"]"#,
            ),
            Example::new("SEQUENCE(0)", "#VALUE!"),
        ],
        run: Run::Eager(sequence),
    },
];

/// The keys and items of a list of pairs.
fn pairs<'c, 'v>(call: &'c Call<'c, 'v>) -> impl DoubleEndedIterator<Item = (&'c Value<'v>, &'c Value<'v>)> {
    items(call.value(0)).iter().filter_map(|pair| match pair {
        Value::List(pair) => Some((pair.first()?, pair.get(1)?)),
        _ => None,
    })
}

fn unique<'v>(call: &Call<'_, 'v>) -> Value<'v> {
    let mut seen = std::collections::HashSet::new();
    let first = pairs(call).filter(|(key, _)| seen.insert(key_of(key)));
    Value::list(first.map(|(_, item)| item.clone()).collect())
}

fn sorted<'v>(call: &Call<'_, 'v>) -> Result<Value<'v>, CallError> {
    let descending = call.has(1) && call.boolean(1)?;
    let mut keyed = sort_keys(call);
    keyed.sort_by(|(one, _), (two, _)| one.order(two, descending));
    Ok(Value::list(keyed.into_iter().map(|(_, item)| item.clone()).collect()))
}

/// The items with what they are ordered by. Where the keys are numbers or dates, texts among them are read as such; a
/// placeholder is no key, and neither is a text that can't be read, which is counted.
fn sort_keys<'c, 'v>(call: &'c Call<'_, 'v>) -> Vec<(SortKey, &'c Value<'v>)> {
    let kind = kind_of_keys(call);
    let read = |key: &Value<'v>| match key {
        Value::Text(text) if is_placeholder(text) => SortKey::of(&Value::Blank),
        Value::Text(_) => {
            let value = match kind {
                Type::Number => to_exact_number(key).ok(),
                Type::Date => to_date(key, call.clock()).ok().map(Value::Date),
                _ => Some(key.clone()),
            };
            SortKey::of(&value.unwrap_or_else(|| {
                if !is_empty(key) {
                    call.note(Note::UnreadText, 0);
                }
                Value::Blank
            }))
        }
        _ => SortKey::of(key),
    };
    pairs(call).map(|(key, item)| (read(key), item)).collect()
}

/// What the keys are: numbers if one is a number or all texts are numbers, and dates if one is a date, also as a text.
fn kind_of_keys(call: &Call<'_, '_>) -> Type {
    let keys = || pairs(call).map(|(key, _)| key);
    let mut texts = keys()
        .filter(|key| matches!(key, Value::Text(text) if !text.trim().is_empty() && !is_placeholder(text)))
        .peekable();
    if keys().any(|key| matches!(key, Value::Number(_) | Value::Digits(_))) {
        return Type::Number;
    }
    if keys().any(|key| matches!(key, Value::Date(_))) {
        return Type::Date;
    }
    let has_texts = texts.peek().is_some();
    let (mut all_numbers, mut any_date) = (has_texts, false);
    for text in texts {
        all_numbers &= to_exact_number(text).is_ok();
        any_date |= to_date(text, call.clock()).is_ok();
    }
    match (all_numbers, any_date) {
        (true, _) => Type::Number,
        (false, true) => Type::Date,
        (false, false) => Type::Text,
    }
}

/// The first item whose key is before all others in this order.
fn extreme<'v>(call: &Call<'_, 'v>, descending: bool) -> Value<'v> {
    let filled = sort_keys(call).into_iter().filter(|(key, _)| !key.is_empty());
    let first =
        filled.reduce(|best, next| if next.0.order(&best.0, descending).is_lt() { next } else { best });
    first.map(|(_, item)| item.clone()).unwrap_or_default()
}

fn grouped<'v>(call: &Call<'_, 'v>) -> Value<'v> {
    let mut groups: Vec<(&Value<'v>, Vec<Value<'v>>)> = Vec::new();
    let mut places: HashMap<String, usize> = HashMap::new();
    for (key, item) in pairs(call) {
        match places.entry(key_of(key)) {
            Entry::Occupied(place) => groups[*place.get()].1.push(item.clone()),
            Entry::Vacant(place) => {
                place.insert(groups.len());
                groups.push((key, vec![item.clone()]));
            }
        }
    }
    let record = |(key, items): (&Value<'v>, Vec<Value<'v>>)| {
        let members = vec![("key".into(), key.clone()), ("items".into(), Value::list(items))];
        Value::Record(Arc::new(Record::new(members)))
    };
    Value::list(groups.into_iter().map(record).collect())
}

fn sequence<'v>(call: &Call<'_, 'v>) -> Result<Value<'v>, CallError> {
    let count = call.number(0)?.trunc();
    if !(1.0..=LONGEST_SEQUENCE).contains(&count) {
        return Err(call.fail(0, "must be from 1 to 1000000"));
    }
    let start = if call.has(1) { call.number(1)? } else { 1.0 };
    let step = if call.has(2) { call.number(2)? } else { 1.0 };
    let mut numbers = Vec::with_capacity(count as usize);
    for index in 0..count as u32 {
        let number = start + f64::from(index) * step;
        if !number.is_finite() {
            return Err(ErrorValue::number("the numbers of SEQUENCE become too large").into());
        }
        numbers.push(Value::number(number));
    }
    Ok(Value::list(numbers))
}
