//! Functions of a rule file: a call gives what its formula gives with the arguments in place of the parameters.

#[path = "common/author.rs"]
mod author;

use author::{Author, Dice};
use clayf::value::json_text;
use clayf::{Clock, Record, Rules, Value};

fn result(rules: &str, row: &str) -> String {
    let clock = Clock::system().stopped_at("2026-01-31T12:00:00Z").expect("a moment");
    let rules = Rules::compile("rule.clay", rules).unwrap_or_else(|found| panic!("{found}\n{rules}"));
    let row = Record::from_json(row).expect("a row");
    let results = rules.eval(&row, &clock);
    let value = results.get("Result").expect("a column");
    value.as_error().map_or_else(|| json_text(value), |error| format!("{}: {}", error.code, error.message))
}

fn errors(rules: &str) -> Vec<String> {
    let compiled = Rules::compile("rule.clay", rules);
    let found = compiled.map_or_else(|found| found, |rules| rules.warnings().clone());
    found.iter().map(|one| format!("{}@{}", one.code().trim_start_matches("clay::"), one.offset())).collect()
}

#[test]
fn names_are_those_of_the_function_and_not_of_its_caller() {
    let rules =
        "OUTER(x) := LET(y, x + 1, INNER(y, x))\nINNER(x, y) := x * 10 + y\nResult := LET(x, 5, OUTER(x))";
    assert_eq!(result(rules, "{}"), "65");
    // An argument with names of its own, beside parameters that are bound already.
    let rules =
        "F(a, b, c) := a * 100 + b * 10 + c\nResult := F(1, LET(x, 2, x), LET(x, 3, y, 4, x + y - 4))";
    assert_eq!(result(rules, "{}"), "123");
    let rules = "F(a, b) := a - b\nResult := F(F(10, 1), F(3, F(2, 1)))";
    assert_eq!(result(rules, "{}"), "7");
    let rules =
        "COUNTED(list, low) := COUNTIF(list, x, x >= low)\nResult := LET(x, 2, COUNTED([1, 2, 3], x))";
    assert_eq!(result(rules, "{}"), "2");
}

#[test]
fn defaults_read_the_parameters_before_them() {
    let rules = "F(a, b = a * 2, c = a + b) := a * 100 + b * 10 + c\n";
    assert_eq!(result(&format!("{rules}Result := F(1)"), "{}"), "123");
    assert_eq!(result(&format!("{rules}Result := F(1, 5)"), "{}"), "156");
    assert_eq!(result(&format!("{rules}Result := F(1, 5, 0)"), "{}"), "150");
}

#[test]
fn arguments_are_read_as_the_declared_types() {
    let rules = "F(n: Number, d: Date, t: Text, b: Boolean) := n & \"|\" & YEAR(d) & \"|\" & t & \"|\" & IF(b, \"yes\", \"no\")\n";
    let result_of = |row: &str| result(&format!("{rules}Result := F(n, d, t, b)"), row);
    assert_eq!(
        result_of(r#"{"n": "1,200", "d": "2026-01-31", "t": 5, "b": "true"}"#),
        r#""1200|2026|5|yes""#
    );
    assert_eq!(
        result_of(r#"{"n": "many", "d": "2026-01-31", "t": 5, "b": true}"#),
        "#VALUE!: \"many\" in column `n` is not a number (for `n` of F)"
    );
    assert_eq!(result("F(n: Number) := COALESCE(n, 7)\nResult := F(n)", "{}"), "7");
    assert_eq!(result("F(n: Number) := ISBLANK(n)\nResult := F(n)", "{\"n\": null}"), "true");
    assert_eq!(
        result("F(r: Record) := r.x\nResult := F(r)", "{\"r\": 5}"),
        "#VALUE!: 5 in column `r` is not a record (for `r` of F)"
    );
}

#[test]
fn errors_in_arguments_are_results_only_where_they_are_read() {
    assert_eq!(result("F(a, b) := IF(a > 1, b, 0)\nResult := F(1, 1 / x)", "{\"x\": 0}"), "0");
    assert_eq!(result("F(a) := IFERROR(a, 3)\nResult := F(1 / x)", "{\"x\": 0}"), "3");
}

#[test]
fn a_function_is_checked_once_and_for_all_arguments() {
    // Nothing about this call: what is constant in it varies in others.
    assert_eq!(
        errors("F(a, step: Number) := IF(step = 0, 1, a / step)\nResult := F(x, 5)"),
        Vec::<String>::new()
    );
    assert_eq!(
        errors("F(a) := IF(a > 5, 1, IF(a > 10, 2, 3))\nResult := F(x) + F(y)"),
        ["unreachable_branch@11"]
    );
    assert_eq!(
        errors(
            "# allow: unreachable_branch, to be changed\nF(a) := IF(a > 5, 1, IF(a > 10, 2, 3))\nResult := F(x)"
        ),
        Vec::<String>::new()
    );
    assert_eq!(errors("F(a: Number) := a + 1\nResult := F(\"many\")"), ["type_mismatch@5"]);
    assert_eq!(errors("F(a) := a + \"b\"\nResult := F(1) + F(2)").len(), 1);
}

#[test]
fn a_file_of_functions_alone_is_a_rule_file() {
    assert_eq!(errors("F(a) := a + 1\nG(a) := F(a) * 2\n"), Vec::<String>::new());
}

fn shown(value: Option<&Value<'_>>) -> String {
    let value = value.expect("a column");
    value.as_error().map_or_else(|| json_text(value), |error| format!("{}: {}", error.code, error.message))
}

/// `F(x, y)` is `LET(a, x, b, y, BODY)`.
#[test]
fn a_call_is_the_formula_with_the_arguments_bound() {
    let clock = Clock::system().stopped_at("2026-01-31T12:00:00Z").expect("a moment");
    let mut dice = Dice(0x0f_c0ff);
    let (mut compiled, mut blank) = (0, 0);
    for _ in 0..250 {
        let mut author = Author::new(&mut dice);
        let body = author.number(3).replace("r.x", "d");
        let args = [author.number(1), author.text(2), author.condition(1), author.number(2), author.text(1)];
        let mut text = format!("FX(a, b, c, d, t) := {body}\n");
        for (index, arg) in args.iter().enumerate() {
            text.push_str(&format!("Arg {index} := {arg}\n"));
        }
        text.push_str("By Name := FX(Arg 0, Arg 1, Arg 2, Arg 3, Arg 4)\n");
        text.push_str(&format!("By Value := FX({})\n", args.join(", ")));
        text.push_str(&format!("Bound := LET(a, Arg 0, b, Arg 1, c, Arg 2, d, Arg 3, t, Arg 4, {body})\n"));
        let rows: Vec<String> = (0..10).map(|_| author.row()).collect();
        let Ok(rules) = Rules::compile("rule.clay", &text) else { continue };
        compiled += 1;
        for row in &rows {
            let row = Record::from_json(row).expect("a row");
            let results = rules.eval(&row, &clock);
            let bound = shown(results.get("Bound"));
            assert_eq!(shown(results.get("By Name")), bound, "{text}\n{row:?}");
            // The message of an error names where its value came from.
            let code = |text: &str| text.split(':').next().map(ToOwned::to_owned);
            let by_value = shown(results.get("By Value"));
            let is_error = bound.starts_with('#');
            assert!(
                if is_error { code(&by_value) == code(&bound) } else { by_value == bound },
                "{text}\n{row:?}"
            );
            blank += usize::from(bound == "null");
        }
    }
    assert!(compiled > 100, "hardly any rule compiled: {compiled}");
    assert!(blank < compiled * 5, "hardly any result: {blank}");
}
