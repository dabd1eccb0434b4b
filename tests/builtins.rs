//! Every example of every builtin gives what it says.

use clayf::builtins::{self, Builtin, Call, Run, Values, all};
use clayf::rules::Rules;
use clayf::types::Type;
use clayf::value::{Clock, Date, Record, Value, json_text};
use std::collections::HashSet;

fn shown(value: &Value<'_>) -> String {
    value.as_error().map_or_else(|| json_text(value), |error| error.code.to_string())
}

#[test]
fn examples_give_their_results() {
    let clock = Clock::system().stopped_at("2026-01-31T12:00:00Z").expect("a moment");
    for builtin in builtins::all() {
        assert!(builtin.examples.len() >= 3, "{} needs examples", builtin.name);
        for example in builtin.examples {
            let rules = Rules::compile_formula(example.formula)
                .unwrap_or_else(|found| panic!("{}: {found}", example.formula));
            let row = Record::default();
            let results = rules.eval(&row, &clock);
            let result = results.get("formula").map(shown);
            assert_eq!(result.as_deref(), Some(example.result), "{}", example.formula);
        }
    }
}

#[test]
fn names_are_unique_and_upper_case() {
    let mut seen = HashSet::new();
    for name in builtins::names() {
        assert!(seen.insert(name), "{name} is there twice");
        assert_eq!(name, name.to_ascii_uppercase());
    }
}

/// Values of every kind, in the spellings that rows have.
fn samples() -> Vec<Value<'static>> {
    let texts = [
        "",
        " ",
        "a",
        "VP of Sales",
        " ada@example.com ",
        "N/A",
        "51-200",
        "10,001+ employees",
        "80",
        "-3.5",
        "12%",
        "$1.2M",
        "2026-01-31",
        "2024-02-29T23:30:00Z",
        "true",
        "FALSE",
        "Germany",
        "uk",
        "Health Care",
        "SaaS",
        "a;b",
        "https://www.Example.com/x",
        "+1 415 555 0101",
        "Ångström & Søn GmbH",
        "{\"a\": [1, 2]}",
        "[1]",
        "Straße",
        "İ",
        "\u{1f600}x",
        "A\u{301}b",
        "0",
        "1",
        "d",
        "month",
        "yyyy-mm-dd",
        "#,##0.00",
        "dddd",
        "^V",
        "yes",
        "999999999",
    ];
    let numbers = [0.0, 1.0, -1.0, 2.5, 3.0, 12.0, 80.0, 1e9, 1e300, -0.001, 46037.0];
    let mut samples: Vec<Value<'static>> = texts.into_iter().map(Value::text).collect();
    samples.extend(numbers.map(Value::Number));
    samples.extend([Value::Blank, Value::Boolean(true), Value::Boolean(false)]);
    samples.push(Value::list(Vec::new()));
    samples.push(Value::list(vec![Value::Number(2.0), Value::text("x"), Value::Blank]));
    samples.push(Value::Record(std::sync::Arc::default()));
    let clock = Clock::system();
    samples.extend(Date::read("2026-03-01", &clock).map(Value::Date));
    samples.extend(Date::read("2020-12-31T23:59:59Z", &clock).map(Value::Date));
    samples
}

fn evaluate(builtin: &'static Builtin, args: &[Value<'static>], clock: &Clock) -> Value<'static> {
    let call = Call::new(builtin, args, clock, &|_| None);
    match builtin.run {
        Run::Eager(run) if args.iter().all(|arg| arg.as_error().is_none()) => {
            run(&call).map_or_else(|error| Value::Error(error.0), Value::into_owned)
        }
        Run::SeesErrors(run) => run(&call).map_or_else(|error| Value::Error(error.0), Value::into_owned),
        _ => Value::Blank,
    }
}

/// What `value` breaks of what the registry states about the builtin.
fn broken(
    builtin: &'static Builtin,
    args: &[Value<'static>],
    value: &Value<'static>,
    clock: &Clock,
) -> Option<String> {
    let returns = builtin.returns;
    let is_of_type = match value {
        Value::Error(_) => true,
        Value::Blank => returns.blank || returns.ty == Type::Any,
        _ => returns.ty == Type::Any || value.ty() == returns.ty,
    };
    let is_listed = match (returns.values, value) {
        (Values::Texts(list), Value::Text(text)) => list().contains(&text.as_str()),
        (Values::Numbers(list), Value::Number(number)) => list.contains(number),
        (Values::Between(low, high), Value::Number(number)) => (low..=high).contains(number),
        (Values::Whole(low, high), Value::Number(number)) => {
            (low..=high).contains(number) && number.fract() == 0.0
        }
        (Values::Normal | Values::Known(_), Value::Text(_)) => {
            let mut again = args.to_vec();
            again[0] = value.clone();
            evaluate(builtin, &again, clock) == *value
        }
        _ => true,
    };
    (!is_of_type || !is_listed).then(|| format!("{}{args:?} is {value:?}", builtin.name))
}

#[test]
fn results_are_among_the_values_that_the_registry_states() {
    let (samples, clock) = (samples(), Clock::system());
    let mut failures = std::collections::BTreeMap::new();
    let mut state = 88_172_645_463_325_252_u64;
    let mut next = |bound: usize| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state % bound as u64) as usize
    };
    for builtin in all().filter(|builtin| !matches!(builtin.run, Run::Form(_))) {
        let most = builtin.most().unwrap_or(builtin.fewest() + 2);
        for round in 0..600 {
            let count = builtin.fewest() + next(most - builtin.fewest() + 1);
            let mut args: Vec<Value<'static>> =
                (0..count).map(|_| samples[next(samples.len())].clone()).collect();
            // Each sample is the first argument at least once, with further arguments of the expected type.
            if let Some(first) = args.first_mut().filter(|_| round < samples.len()) {
                *first = samples[round].clone();
            }
            let value = evaluate(builtin, &args, &clock);
            if let Some(failure) = broken(builtin, &args, &value, &clock) {
                failures.entry(builtin.name).or_insert(failure);
            }
        }
    }
    assert!(failures.is_empty(), "{failures:#?}");
}
