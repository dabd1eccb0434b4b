//! Inputs: formulas over the keys of the row, texts that mean Blank, Booleans in words, dates in declared formats.

use clayf::eval::{Evaluation, WarningKind};
use clayf::tools::prove::{Equivalence, compare};
use clayf::value::json_text;
use clayf::{Clock, Record, Rules, Value};

fn clock() -> Clock {
    Clock::system().stopped_at("2026-01-31T12:00:00Z").expect("a moment")
}

fn compile(text: &str) -> Rules {
    Rules::compile("rules.clay", text).unwrap_or_else(|found| panic!("{text}\n{found}"))
}

/// The results of all columns for a row, as JSON, errors by their codes.
fn results(text: &str, row: &str) -> Vec<String> {
    let (rules, clock) = (compile(text), clock());
    let row = Record::from_json(row).expect("a row");
    let results = rules.eval(&row, &clock);
    let shown =
        |value: &Value<'_>| value.as_error().map_or_else(|| json_text(value), |error| error.code.to_string());
    results.values().iter().map(shown).collect()
}

/// The codes of what is wrong.
fn codes(text: &str) -> Vec<String> {
    match Rules::compile("rules.clay", text) {
        Ok(rules) => rules.warnings().iter().map(clayf::diagnostics::Diagnostic::code).collect(),
        Err(found) => found.iter().map(clayf::diagnostics::Diagnostic::code).collect(),
    }
}

#[test]
fn a_formula_computes_an_input_from_keys_of_the_row() {
    let rule =
        "input Revenue: Number = PARSENUMBER(annual_revenue)\nLarge := Revenue >= 1000000\nR := Revenue";
    assert_eq!(results(rule, r#"{"annual_revenue": "$12.5M"}"#), ["true", "12500000"]);
    assert_eq!(results(rule, r#"{"annual_revenue": ""}"#), ["false", "null"]);
    assert_eq!(results(rule, "{}"), ["false", "null"]);
}

#[test]
fn a_name_in_an_inputs_formula_is_always_a_key() {
    let rule = "input Country: Text = UPPER(Country)\nOut := Country";
    assert_eq!(results(rule, r#"{"Country": "us"}"#), ["\"US\""]);
    // Neither another input nor a computed column is meant.
    let rule = "input A: Number = B + 1\ninput B: Number = Score * 2\nScore := A + B";
    assert_eq!(results(rule, r#"{"B": 10, "Score": 100}"#), ["211"]);
}

#[test]
fn a_formula_of_an_input_may_use_let_and_several_lines() {
    let rule = "input Size: Number = LET(\n  raw, TRIM(headcount),\n\n  IF(raw = \"\", 0, VALUE(raw)) # digits\n)\nDouble := LET(raw, Size, raw * 2)";
    assert_eq!(results(rule, r#"{"headcount": " 21 "}"#), ["42"]);
    assert_eq!(results(rule, "{}"), ["0"]);
    let rule = "input Size: Number = headcount + 1\n(Size + 1) * 2";
    assert_eq!(results(rule, r#"{"headcount": 4}"#), ["12"]);
}

#[test]
fn a_path_is_still_a_path() {
    let rules = compile(
        "input Office: Text = company.offices[0].city\ninput Key: Any = {{Company (HQ)}}\nA := Office & Key",
    );
    assert!(rules.tree().inputs.iter().all(|input| input.formula().is_none()));
    assert_eq!(rules.keys(), ["company", "Company (HQ)"]);
}

#[test]
fn the_keys_that_formulas_read_are_required_of_rows() {
    let rules =
        compile("input Revenue: Number = PARSENUMBER(annual_revenue)\ninput Name: Text\nA := Revenue & Name");
    assert_eq!(rules.keys(), ["Name", "annual_revenue"]);
}

#[test]
fn the_result_of_a_formula_is_read_as_the_declared_type() {
    let rule = "input N: Number = TRIM(n)\ninput B: Boolean = TRIM(b)\ninput D: Date = LEFT(d, 9)\nA := ISNUMBER(N)\nC := B = TRUE\nE := TODAY() - D";
    let row = r#"{"n": " 1,200 ", "b": " Yes ", "d": "2026-1-30 or so"}"#;
    assert_eq!(results(rule, row), ["true", "true", "1"]);
}

#[test]
fn an_error_of_a_formula_is_an_error_of_what_reads_it() {
    let rule = "input N: Number = VALUE(n)\nA := N + 1\nB := IFERROR(N, 0)";
    assert_eq!(results(rule, r#"{"n": "many"}"#), ["#VALUE!", "0"]);
}

#[test]
fn warnings_in_a_formula_are_counted() {
    let rules = compile("input Is Large: Boolean = amount > 5\nA := Is Large");
    let clock = clock();
    let mut evaluation = Evaluation::new(rules.tree(), &clock);
    let mut inputs = Vec::new();
    for (amount, expected) in [("many", 1), ("7", 0), ("few", 1)] {
        rules.inputs_in(&mut evaluation, &[Value::text(amount)], &mut inputs);
        evaluation.row(&inputs, &mut ());
        assert_eq!(evaluation.warnings().len(), expected, "{amount}");
        for warning in evaluation.warnings() {
            assert_eq!(warning.kind, WarningKind::UnreadableComparison);
            assert_eq!(
                warning.describe(rules.tree()),
                "Is Large: `amount` compared as a number or date but holds other text, which counts as FALSE"
            );
        }
    }
}

#[test]
fn mistakes_in_a_formula_are_reported() {
    assert_eq!(codes("input N: Number = VALUE(\nA := N"), ["clay::unclosed_bracket"]);
    assert_eq!(codes("input N: Number = VALEU(n)\nA := N + 1"), ["clay::unknown_function"]);
    assert_eq!(codes("input N: Number = TODAY()\nA := N + 1"), ["clay::type_mismatch"]);
    assert_eq!(codes("input N: Number =\nA := N + 1"), ["clay::invalid_input"]);
    assert_eq!(codes("input N: Number = n m + 1\nA := N + 1"), [""; 0]);
}

#[test]
fn listed_texts_are_blank_in_every_input() {
    let rule =
        "blank \"N/A\", '-'\nblank \"none\" # what the form writes\nA := ISEMPTY(Country)\nB := Country";
    for (country, expected) in [
        ("N/A", ["true", "null"]),
        (" n/a ", ["true", "null"]),
        ("-", ["true", "null"]),
        ("None", ["true", "null"]),
        ("N/A (2024)", ["false", "\"N/A (2024)\""]),
    ] {
        let row = format!("{{\"Country\": \"{country}\"}}");
        assert_eq!(results(rule, &row), expected, "{country}");
    }
    let rule = "blank \"N/A\"\ninput City: Text = company.city\ninput Name: Text = UPPER(company.name)\nA := ISBLANK(City) AND ISBLANK(Name)";
    assert_eq!(results(rule, r#"{"company": {"city": "n/a", "name": "n/a"}}"#), ["true"]);
}

#[test]
fn a_column_may_be_called_blank() {
    assert_eq!(results("blank := 1\nA := blank + 1", "{}"), ["1", "2"]);
}

#[test]
fn a_boolean_reads_words() {
    let rule = "input Demo: Boolean\nA := IF(ISBLANK(Demo), \"blank\", IF(Demo, \"yes\", \"no\"))";
    for yes in ["\"Yes\"", "\"y\"", "\"1\"", "1", "true", "\"TRUE\"", "\" YES \""] {
        assert_eq!(results(rule, &format!("{{\"Demo\": {yes}}}")), ["\"yes\""], "{yes}");
    }
    for no in ["\"No\"", "\"N\"", "\"0\"", "0", "false", "\"False\""] {
        assert_eq!(results(rule, &format!("{{\"Demo\": {no}}}")), ["\"no\""], "{no}");
    }
    assert_eq!(results(rule, "{\"Demo\": \"maybe\"}"), ["#VALUE!"]);
    assert_eq!(results(rule, "{\"Demo\": null}"), ["\"blank\""]);
}

#[test]
fn a_date_is_read_in_its_declared_format() {
    let rule = "input Seen: Date \"MM/DD/YYYY\" = last_seen\nA := IF(ISDATE(Seen), TODAY() - Seen, \"text\")";
    for (seen, expected) in [
        ("01/30/2026", "1"),
        ("1/5/2026", "26"),
        ("2026-01-30", "1"),
        ("30/01/2026", "\"text\""),
        ("soon", "\"text\""),
    ] {
        assert_eq!(results(rule, &format!("{{\"last_seen\": \"{seen}\"}}")), [expected], "{seen}");
    }
    // The format comes before ISO 8601.
    let rule = "input Seen: Date \"yyyy-dd-mm\"\nA := MONTH(Seen)";
    assert_eq!(results(rule, "{\"Seen\": \"2026-01-02\"}"), ["2"]);
    assert_eq!(results(rule, "{\"Seen\": \"2026-01-31\"}"), ["1"]);
}

#[test]
fn a_date_that_is_not_read_is_a_warning() {
    let rules = compile(
        "input Seen: Date \"MM/DD/YYYY\"\nA := Seen >= \"2026-01-01\"\nB := LET(s, Seen, \"2026-01-01\" >= s)",
    );
    let clock = clock();
    for (seen, expected, warnings) in [("soon", [false, false], 2), ("01/15/2026", [true, false], 0)] {
        let mut inputs = Vec::new();
        rules.inputs(&[Value::text(seen)], &clock, &mut inputs);
        let mut evaluation = Evaluation::new(rules.tree(), &clock);
        let found: Vec<bool> = evaluation
            .row(&inputs, &mut ())
            .iter()
            .map(|value| matches!(value, Value::Boolean(true)))
            .collect();
        assert_eq!(found, expected, "{seen}");
        let unreadable =
            evaluation.warnings().iter().filter(|one| one.kind == WarningKind::UnreadableComparison);
        assert_eq!(unreadable.count(), warnings, "{seen}");
    }
}

#[test]
fn versions_that_read_an_input_in_another_way_are_not_equivalent() {
    let is_equivalent = |old: &str, new: &str| {
        let found = compare(&compile(old), &compile(new), &clock())?;
        Some(matches!(found[0].outcome, Equivalence::Equivalent { .. }))
    };
    let old = "input N: Number = VALUE(n)\nA := N > 5";
    assert_eq!(is_equivalent(old, "input N: Number = VALUE( n )\nA := (N > 5)"), Some(true));
    assert_eq!(is_equivalent(old, "input N: Number = VALUE(n) + 1\nA := N > 5"), Some(false));
    assert_eq!(is_equivalent(old, "input N: Number = n\nA := N > 5"), Some(false));
    // Nothing is claimed where the versions read different texts as Blank.
    assert_eq!(is_equivalent(old, &format!("blank \"-\"\n{old}")), None);
    let old = "input D: Date\nA := D > \"2026-01-01\"";
    assert_eq!(is_equivalent(old, "input D: Date \"MM/DD/YYYY\"\nA := D > \"2026-01-01\""), Some(false));
}

#[test]
fn short_iso_dates_are_read_wherever_dates_are() {
    let rule = "A := TODAY() - seen\nB := MONTH(seen)\nC := seen < TODAY()\nD := ISDATE(seen)";
    assert_eq!(results(rule, r#"{"seen": "2026-1-5"}"#), ["26", "1", "true", "true"]);
}
