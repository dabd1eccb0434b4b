//! No text and no row makes the tool panic, overflow its stack or hang.

use clayf::diagnostics::{Look, render};
use clayf::rows::{DataFiles, JsonRow, Wanted, read};
use clayf::rules::Rules;
use clayf::value::{Clock, Record, Text, Value};
use proptest::prelude::*;

/// Pieces that formulas are made of, right and wrong.
const PIECES: [&str; 67] = [
    "IF(",
    "OR(",
    "AND(",
    "NOT ",
    "NOT(",
    "LET(",
    "CONTAINS(",
    "SUM(",
    "SWITCH(",
    "IFERROR(",
    "TODAY()",
    "MID(",
    "FIND(",
    "TEXTJOIN(",
    "SPLIT(",
    "ROUND(",
    "SUBSTITUTE(",
    "SEARCH(",
    ")",
    "(",
    "[",
    "]",
    "{",
    "}",
    "{{",
    "}}",
    ",",
    " ",
    "\n",
    "\t",
    "a",
    "Employee Count",
    "\"text\"",
    "\"",
    "'",
    "\\",
    "1",
    "1e308",
    "0.1",
    "-",
    "+",
    "*",
    "/",
    "^",
    "%",
    "&",
    "=",
    "<>",
    ">=",
    " IN ",
    " AND ",
    " OR ",
    ":=",
    "input ",
    "let ",
    "\nuse ",
    "\nuse \"shared.clay\"\n",
    "import ",
    "const x = ",
    ": Number",
    "# Lead Tier Column",
    "//",
    ".",
    "?.",
    "é",
    "“",
    "\u{0}",
];

fn soup() -> impl Strategy<Value = String> {
    prop::collection::vec(prop::sample::select(&PIECES[..]), 0..40).prop_map(|pieces| pieces.concat())
}

fn value() -> impl Strategy<Value = Value<'static>> {
    prop_oneof![
        Just(Value::Blank),
        any::<bool>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        prop::sample::select(&["", " ", "80", "51-200", "2026-01-31", "true", "é", "10,001+", "1e999"][..])
            .prop_map(Value::from),
        "\\PC{0,8}".prop_map(Value::from),
        Just(Value::list(vec![Value::from(1.0), Value::from("a"), Value::Blank])),
        Just(Value::Record(Record::new(vec![(Text::Borrowed("a"), Value::from(true))]).into())),
    ]
}

/// Compiles the text and, if it is a rule file, runs it over a row whose columns all hold `value`.
fn run(text: &str, value: &Value<'static>) {
    let Ok(rules) = Rules::compile("soup.clay", text) else { return };
    let row = Record::new(rules.keys().iter().map(|key| (Text::from(key.clone()), value.clone())).collect());
    let clock = Clock::system();
    for (name, result) in rules.eval(&row, &clock).iter() {
        if let Value::Number(number) = result {
            assert!(number.is_finite(), "{name} in {text}");
        }
    }
}

/// Compiles a rule file beside a file that it imports, and draws what is found.
fn run_with_import(text: &str, shared: String) {
    let files = DataFiles::of_rule_file("soup.clay", move |_| Ok(shared.clone().into_bytes()));
    let found = match Rules::compile_beside("soup.clay", &format!("use \"shared.clay\"\n{text}"), files) {
        Ok(rules) => rules.warnings().clone(),
        Err(found) => found,
    };
    for one in found.iter() {
        let report = render(one, found.source(), Look::default());
        assert!(report.contains(&one.code()), "{report}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 3000, ..ProptestConfig::default() })]

    #[test]
    fn soups_of_pieces_do_no_harm(text in soup(), value in value()) {
        run(&text, &value);
    }

    #[test]
    fn imported_soups_do_no_harm(text in soup(), shared in soup()) {
        run_with_import(&text, shared);
    }

    #[test]
    fn any_text_does_no_harm(text in "(\\PC|[\n\t\r\u{0}\u{feff}]){0,60}") {
        run(&text, &Value::Blank);
    }

    #[test]
    fn any_row_does_no_harm(text in "([{}\\[\\]\",:0-9eE+.a-]|\\\\u[0-9a-f]{0,4}|\\PC){0,60}") {
        let mut row = JsonRow::default();
        let _ = read(&text, &Wanted::new(vec!["a".to_owned()], vec!["a".to_owned()]), &mut row);
        let object = format!("{{\"a\":{text}}}");
        let _ = read(&object, &Wanted::new(vec!["a".to_owned()], vec!["a".to_owned()]), &mut JsonRow::default());
    }
}

/// Each builtin with arguments of every kind and number.
#[test]
fn builtins_take_any_arguments() {
    let kinds = [
        "\"\"",
        "\"a\"",
        "-1",
        "1e300",
        "0.5",
        "TRUE",
        "[1, \"a\", [2]]",
        "TODAY()",
        "Column",
        "1/0",
        "Missing.x",
    ];
    for builtin in clayf::builtins::all() {
        for count in 0..5usize {
            for seed in 0..kinds.len() * count.min(2) + usize::from(count == 0) {
                let args: Vec<&str> = (0..count)
                    .map(|index| kinds[(seed * (index + 1) + index * seed / 3) % kinds.len()])
                    .collect();
                run(&format!("X := {}({})", builtin.name, args.join(", ")), &Value::from("51-200"));
            }
        }
    }
}
