//! What is counted as a warning while a row is evaluated.

use clayf::eval::{Evaluation, WarningKind};
use clayf::{Clock, Record, Rules, Value};
use std::collections::BTreeSet;

/// The kinds of warning that a formula causes for a row, each with the column of the row that it is about.
fn warnings(formula: &str, row: &str) -> BTreeSet<(WarningKind, Option<String>)> {
    let rules = Rules::compile_formula(formula).unwrap_or_else(|found| panic!("{formula}: {found}"));
    warnings_of(&rules, row)
}

fn warnings_of(rules: &Rules, row: &str) -> BTreeSet<(WarningKind, Option<String>)> {
    let clock = &Clock::system().stopped_at("2026-01-31T12:00:00Z").expect("a moment");
    let row = Record::from_json(row).expect("a row");
    let keyed: Vec<Value<'_>> =
        rules.keys().iter().map(|key| row.get(key).cloned().unwrap_or_default()).collect();
    let mut inputs = Vec::new();
    rules.inputs(&keyed, clock, &mut inputs);
    let mut evaluation = Evaluation::new(rules.tree(), clock);
    evaluation.row(&inputs, &mut ());
    let name = |input: clayf::check::InputId| rules.tree().inputs[input.0 as usize].name.clone();
    evaluation.warnings().iter().map(|warning| (warning.kind, warning.input.map(name))).collect()
}

/// One warning of this kind about this column.
fn only(kind: WarningKind, column: Option<&str>) -> BTreeSet<(WarningKind, Option<String>)> {
    BTreeSet::from([(kind, column.map(str::to_owned))])
}

#[test]
fn between_counts_what_the_operators_count() {
    let values =
        ["5", "500", "0", "null", "\"\"", "\"51-200\"", "\"80\"", "true", "[1]", "{}", "\"2026-01-31\""];
    for x in values {
        for low in values {
            for high in values {
                let row = format!(r#"{{"x": {x}, "low": {low}, "high": {high}}}"#);
                assert_eq!(
                    warnings("BETWEEN(x, low, high)", &row),
                    warnings("x >= low AND x <= high", &row),
                    "{row}"
                );
            }
        }
    }
    let unreadable = warnings("BETWEEN(Size, 10, 500)", r#"{"Size": "51-200"}"#);
    assert_eq!(unreadable, only(WarningKind::UnreadableComparison, Some("Size")));
}

#[test]
fn bucket_counts_an_empty_number() {
    let found = warnings(r#"BUCKET(Size, 50, "S", "L")"#, r#"{"Size": null}"#);
    assert_eq!(found, only(WarningKind::EmptyComparison, Some("Size")));
    let found = warnings(r#"BUCKET(Size, 50, "S", "L")"#, r#"{"Size": "51-200"}"#);
    assert_eq!(found, only(WarningKind::UnreadableComparison, Some("Size")));
}

#[test]
fn keys_that_can_not_be_compared_are_counted() {
    for function in ["MAXBY", "MINBY", "SORTBY"] {
        let formula = format!("{function}(L, x, x.n)");
        let found = |items: &str| warnings(&formula, &format!(r#"{{"L": {items}}}"#));
        let unread = only(WarningKind::UnreadText, Some("L"));
        assert_eq!(found(r#"[{"n": 20}, {"n": "51-200"}]"#), unread);
        assert_eq!(found(r#"[{"n": "2026-01-20"}, {"n": "soon"}]"#), unread);
        assert_eq!(found(r#"[{"n": "2026-01-20"}, {"n": "N/A"}, {"n": ""}]"#), BTreeSet::new());
        assert_eq!(found(r#"[{"n": "b"}, {"n": "a"}]"#), BTreeSet::new());
    }
}

#[test]
fn names_that_no_branch_reads_have_no_warnings() {
    let guarded = "LET(met, n >= 10, IF(ISEMPTY(n), 0, IF(met, 2, -2)))";
    assert_eq!(warnings(guarded, "{}"), BTreeSet::new());
    let rules =
        Rules::compile("rule.clay", "F(v, met) := IF(ISEMPTY(v), 0, IF(met, 2, -2))\nA := F(n, n >= 10)");
    assert_eq!(warnings_of(&rules.expect("correct rules"), "{}"), BTreeSet::new());
    let read = "LET(met, n >= 10, IF(met, 2, -2))";
    assert_eq!(warnings(read, "{}"), only(WarningKind::EmptyComparison, Some("n")));
}

#[test]
fn text_that_a_function_cannot_read_is_counted_and_placeholders_are_not() {
    let formulas = [
        "DAYSSINCE(x)",
        "DECAY(10, 30, x)",
        r#"DATEADD(x, 1, "month")"#,
        r#"DATETIME_PARSE(x, "mm/dd/yyyy")"#,
        r#"DATETIME_FORMAT(x, "yyyy")"#,
        "RANGEMIN(x)",
        "RANGEMID(x)",
        "RANGEMAX(x)",
        "PARSENUMBER(x)",
        "HEADCOUNTBAND(x)",
    ];
    for formula in formulas {
        let found = warnings(formula, r#"{"x": "many"}"#);
        assert_eq!(found, only(WarningKind::UnreadText, Some("x")), "{formula}");
        for empty in ["null", "\"\"", "\"N/A\"", "\"-\"", "\" unknown \""] {
            let row = format!(r#"{{"x": {empty}}}"#);
            assert_eq!(warnings(formula, &row), BTreeSet::new(), "{formula} of {row}");
        }
    }
}

#[test]
fn arithmetic_with_more_digits_than_a_number_has_is_counted() {
    let row = r#"{"id": 9007199254740993, "text": "9007199254740993", "n": 9007199254740991}"#;
    for formula in
        ["id + 1", "1 - id", "id * 2", "id ^ 2", "SUM(id)", "ROUND(id)", "MOD(id, 10)", "-(id + 0)"]
    {
        assert_eq!(warnings(formula, row), only(WarningKind::LostDigits, Some("id")), "{formula}");
    }
    assert_eq!(warnings("text + 1", row), only(WarningKind::LostDigits, Some("text")));
    let spelled = r#"{"grouped": "9,007,199,254,740,993", "range": "5-9,007,199,254,740,993", "ids": [9007199254740993]}"#;
    for (formula, input) in [
        ("grouped + 1", "grouped"),
        ("RANGEMAX(range)", "range"),
        ("SUMPRODUCT(ids, [2])", "ids"),
        ("MAX(ids)", "ids"),
    ] {
        assert_eq!(warnings(formula, spelled), only(WarningKind::LostDigits, Some(input)), "{formula}");
    }
    for formula in ["PARSENUMBER(grouped)", "VALUE(grouped)", "RANGEMIN(range)"] {
        assert_eq!(warnings(formula, spelled), BTreeSet::new(), "{formula}");
    }
    for formula in
        ["id", "-id", "id = 9007199254740993", "id & text", "id > 5", "[id]", "n + 1", "VALUE(text)"]
    {
        assert_eq!(warnings(formula, row), BTreeSet::new(), "{formula}");
    }
}

#[test]
fn an_error_that_is_counted_as_a_value_is_counted_as_a_warning() {
    let row = r#"{"Tags": "[x]", "n": 0}"#;
    for formula in ["COUNTA(Tags)", "COUNTBLANK(Tags)", "COUNT(1, Tags)"] {
        let rules = Rules::compile("rule.clay", &format!("input Tags: List\nX := {formula}\n"));
        let found = warnings_of(&rules.expect("a rule"), row);
        assert_eq!(found, only(WarningKind::CountedError, Some("Tags")), "{formula}");
    }
    assert_eq!(warnings("COUNTA(1 / n)", row), only(WarningKind::CountedError, None));
    for formula in ["COUNTA(n, 1)", "IFERROR(1 / n, 0)", "ISERROR(1 / n)"] {
        assert_eq!(warnings(formula, row), BTreeSet::new(), "{formula}");
    }
}

#[test]
fn equality_counts_a_declared_value_that_cannot_be_read() {
    let found = |formula: &str, row: &str| {
        let text =
            format!("input D: Date\ninput B: Boolean\ninput N: Number\ninput M: Any\nX := {formula}\n");
        let rules = Rules::compile("rule.clay", &text).unwrap_or_else(|found| panic!("{formula}: {found}"));
        warnings_of(&rules, row)
    };
    let unreadable = |name: &str| only(WarningKind::UnreadableComparison, Some(name));
    for (formula, name, bad, good) in [
        ("B = TRUE", "B", "\"maybe\"", "\"no\""),
        ("B <> FALSE", "B", "\"maybe\"", "\"no\""),
        ("D = \"2026-01-15\"", "D", "\"15 Jan\"", "\"2026-01-16\""),
        ("DATE(2026, 1, 15) = D", "D", "\"15 Jan\"", "\"2026-1-16\""),
        ("D IN [\"2026-01-15\", \"2026-01-16\"]", "D", "\"15 Jan\"", "\"2026-01-17\""),
        ("SWITCH(N, 5, \"a\", 6, \"b\", \"c\")", "N", "\"many\"", "\"7\""),
        ("BETWEEN(D, \"2026-01-01\", \"2026-01-31\")", "D", "\"2026-01-x\"", "\"2026-02-01\""),
        ("D >= \"2026-01-01\" AND D <= \"2026-01-31\"", "D", "\"2026-01-x\"", "\"2026-02-01\""),
    ] {
        assert_eq!(found(formula, &format!("{{\"{name}\": {bad}}}")), unreadable(name), "{formula}");
        assert_eq!(found(formula, &format!("{{\"{name}\": {good}}}")), BTreeSet::new(), "{formula}");
    }
    // Against another text that is no number, and where one side is empty, nothing had to be read.
    for row in [r#"{"N": "unknown", "M": "N/A"}"#, r#"{"N": "", "M": 5}"#, r#"{"N": "x", "M": ""}"#] {
        assert_eq!(found("N = M", row), BTreeSet::new(), "{row}");
    }
    assert_eq!(found("N = M", r#"{"N": "x", "M": "5"}"#), unreadable("N"));
}
