//! Every example of every builtin gives what it says.

use clayf::builtins;
use clayf::rules::Rules;
use clayf::value::{Clock, Record, Value, json_text};
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
