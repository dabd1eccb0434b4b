//! What the analysis claims of rules holds for rows: rules and rows at random, and the evaluator as the judge.

#[path = "common/author.rs"]
mod author;
mod common;

use author::{Author, Dice, Kind, data_file};
use clayf::analysis::facts::Facts;
use clayf::analysis::paths::Paths;
use clayf::analysis::possible::Possible;
use clayf::analysis::values::{Rows, Values};
use clayf::rows::DataFiles;
use clayf::tools::prove::{Claim, Equivalence, Status, prove};
use clayf::value::json_text;
use clayf::{Clock, Record, Rules, Value};

/// Compares what is claimed of one file with what its rows show; returns how many claims were exact.
fn check_file(text: &str, rows: &[String]) -> Result<usize, String> {
    let clock = Clock::system().stopped_at("2026-01-31T12:00:00Z").expect("a moment");
    let Ok(compiled) = Rules::compile_unanalyzed("random.clay", text, DataFiles::new(data_file)) else {
        return Ok(0);
    };
    let Ok(claimed) = clayf::tools::prove::read(&compiled) else { return Ok(0) };
    let rules: &Rules = &claimed.rules;
    let values = Values::new(rules.tree(), Rows::Any);
    let paths = Paths::new(&values);
    let paths: Vec<Vec<Possible>> = (0..rules.column_names().len())
        .map(|index| {
            let term = values.terms.column(clayf::check::ColumnId(index as u32));
            paths.of(term, &Facts::default()).into_iter().map(|path| path.values).collect()
        })
        .collect();
    let proof = prove(&compiled, &clock).map_err(|found| found.to_string())?;
    let mut exact = 0;
    for row in rows {
        let record = Record::from_json(row).map_err(|error| error.to_string())?;
        let results = rules.eval(&record, &clock);
        for (index, value) in results.values().iter().enumerate() {
            let id = clayf::check::ColumnId(index as u32);
            let fail =
                |what: &str| Err(format!("{what}\n{text}row {row}\ncolumn {index} is {}", shown(value)));
            if !values.of(values.terms.column(id), &Facts::default()).contains(value, &clock) {
                return fail("not among the possible values");
            }
            if !paths[index].iter().any(|path| path.contains(value, &clock)) {
                return fail("not at the end of any path");
            }
            let Some(column) = proof.columns.get(index) else { continue };
            if let Some(listed) = &column.values {
                exact += 1;
                if value.as_error().is_none() && !listed.iter().any(|one| is_identical(&one.value, value)) {
                    return fail("not among the listed values");
                }
            }
            if let Value::Number(number) = value
                && (column.min.is_some_and(|min| *number < min - 1e-9 * min.abs())
                    || column.max.is_some_and(|max| *number > max + 1e-9 * max.abs()))
            {
                return fail("beyond the stated range");
            }
        }
        for decision in &proof.properties {
            if !matches!(decision.status, Status::Proved) {
                continue;
            }
            exact += 1;
            let result = |id: clayf::check::ColumnId| &results.values()[id.0 as usize];
            let own = result(decision.property.column);
            let is_true = match &decision.property.claim {
                Claim::Always(id) => clayf::value::to_boolean(result(*id)).unwrap_or(true),
                Claim::Never(id) => !clayf::value::to_boolean(result(*id)).unwrap_or(false),
                Claim::Range(range) => match own {
                    Value::Number(number) => (range.low..=range.high).contains(number),
                    Value::Blank | Value::Error(_) => true,
                    _ => false,
                },
                Claim::Rising(name) => follows(rules, row, name, index_of(own, &results), true, &clock),
                Claim::Falling(name) => follows(rules, row, name, index_of(own, &results), false, &clock),
            };
            if !is_true {
                return Err(format!("proved, but not true: {}\n{text}row {row}", decision.property.text));
            }
        }
        for column in &proof.columns {
            let index = rules.column_names().position(|name| name == column.name).expect("the column");
            for (names, rising) in [(&column.rises, true), (&column.falls, false)] {
                for name in names {
                    if !follows(rules, row, name, index, rising, &clock) {
                        return Err(format!(
                            "{} does not follow {name} (rising: {rising})\n{text}row {row}",
                            column.name
                        ));
                    }
                }
            }
        }
    }
    Ok(exact)
}

/// Whether two values have the same type and spelling.
fn is_identical(one: &Value<'_>, two: &Value<'_>) -> bool {
    one.ty() == two.ty() && json_text(one) == json_text(two)
}

/// Edits that keep the meaning of many rules, and change that of others.
const EDITS: [(&str, &str); 14] = [
    ("\"VP\"", "\"vp\""),
    ("\"Software\"", "\"software\""),
    ("\"10\"", "\"10.0\""),
    ("\"true\"", "\"TRUE\""),
    (" + ", " + 0 + "),
    (" + ", " - 0 + "),
    (" >= ", " > "),
    (" OR ", " AND "),
    ("a ", "a + 0 "),
    (", 1)", ", 1 * 1)"),
    ("a > ", "0 < a - "),
    ("a + b", "b + a"),
    ("(a", "(COALESCE(a, a)"),
    ("IF(", "IF(FALSE OR "),
];

/// Compares a file with an edited one; returns how many columns are claimed to be equivalent, or a row that shows
/// otherwise.
fn check_edit(text: &str, edit: (&str, &str), rows: &[String]) -> Result<usize, String> {
    let clock = Clock::system().stopped_at("2026-01-31T12:00:00Z").expect("a moment");
    let edited = text.replacen(edit.0, edit.1, 1);
    let compiled = |text: &str| Rules::compile("random.clay", text);
    let (Ok(old), Ok(new)) = (compiled(text), compiled(&edited)) else { return Ok(0) };
    let Some(comparisons) = clayf::tools::prove::compare(&old, &new, &clock) else { return Ok(0) };
    let is_equivalent =
        |one: &clayf::tools::prove::Comparison| matches!(one.outcome, Equivalence::Equivalent { .. });
    let equivalent: Vec<usize> = comparisons
        .iter()
        .filter(|one| is_equivalent(one))
        .filter_map(|one| old.column_names().position(|name| name == one.column))
        .collect();
    for row in rows {
        let record = Record::from_json(row).map_err(|error| error.to_string())?;
        let (before, after) = (old.eval(&record, &clock), new.eval(&record, &clock));
        for index in &equivalent {
            let (one, two) = (&before.values()[*index], &after.values()[*index]);
            let is_same = match (one.as_error(), two.as_error()) {
                (Some(one), Some(two)) => one.code == two.code,
                _ => is_identical(one, two),
            };
            if !is_same {
                let (one, two) = (shown(one), shown(two));
                return Err(format!("not equivalent\n{text}\n{edited}row {row}\n{index}: {one}, {two}"));
            }
        }
    }
    Ok(equivalent.len())
}

fn check_edits(seed: u64, files: usize, rows: usize, kind: Kind) {
    let mut dice = Dice(seed);
    let (mut equivalent, mut failures) = (0, Vec::new());
    for _ in 0..files {
        let edit = EDITS[dice.below(EDITS.len())];
        let mut author = Author::new(&mut dice);
        let text = author.file_of(kind);
        let rows: Vec<String> = (0..rows).map(|_| author.row()).collect();
        if !text.contains(edit.0) {
            continue;
        }
        match check_edit(&text, edit, &rows) {
            Ok(found) => equivalent += found,
            Err(failure) => failures.push(failure),
        }
        if failures.len() >= 8 {
            break;
        }
    }
    assert!(failures.is_empty(), "{} failures:\n{}", failures.len(), failures.join("\n----\n"));
    assert!(equivalent > files / 20, "hardly anything was found equivalent: {equivalent}");
}

#[test]
fn equivalent_versions_agree_on_rows_at_random() {
    check_edits(0x0dd_ba11, 150, 15, Kind::Plain);
}

#[test]
fn equivalent_versions_with_inputs_agree_on_rows_at_random() {
    check_edits(0x1_ba11, 300, 15, Kind::WithInputs);
}

#[test]
#[ignore = "takes long; set CLAYF_PROOF_RULES for the number of rules"]
fn equivalent_versions_agree_for_many_rules() {
    check_edits(seed(), count() / 2, 30, Kind::Plain);
    check_edits(seed(), count() / 2, 30, Kind::WithInputs);
}

fn index_of(value: &Value<'_>, results: &clayf::Results<'_>) -> usize {
    results.values().iter().position(|other| std::ptr::eq(other, value)).expect("one of them")
}

fn shown(value: &Value<'_>) -> String {
    value.as_error().map_or_else(|| json_text(value), |error| format!("{} {}", error.code, error.message))
}

/// Whether a column follows a number in the row, up or down, over some numbers.
fn follows(rules: &Rules, row: &str, name: &str, column: usize, rising: bool, clock: &Clock) -> bool {
    let mut last: Option<f64> = None;
    for number in [-100.0, -3.0, -1.0, 0.0, 0.5, 1.0, 2.5, 5.0, 7.0, 10.0, 49.0, 50.0, 51.0, 99.0, 100.0, 1e6]
    {
        let mut row: serde_json::Map<String, serde_json::Value> = serde_json::from_str(row).expect("a row");
        row.insert(name.to_owned(), serde_json::json!(number));
        let json = serde_json::Value::Object(row).to_string();
        let record = Record::from_json(&json).expect("a record");
        let results = rules.eval(&record, clock);
        let Value::Number(now) = results.values()[column] else { continue };
        if last.is_some_and(|last| if rising { now < last - 1e-9 } else { now > last + 1e-9 }) {
            return false;
        }
        last = Some(now);
    }
    true
}

fn check_many(seed: u64, files: usize, rows: usize, kind: Kind) {
    let mut dice = Dice(seed);
    let (mut exact, mut failures) = (0, Vec::new());
    for _ in 0..files {
        let mut author = Author::new(&mut dice);
        let text = author.file_of(kind);
        let rows: Vec<String> = (0..rows).map(|_| author.row()).collect();
        match check_file(&text, &rows) {
            Ok(found) => exact += found,
            Err(failure) => failures.push(failure),
        }
        if failures.len() >= 8 {
            break;
        }
    }
    assert!(failures.is_empty(), "{} failures:\n{}", failures.len(), failures.join("\n----\n"));
    assert!(exact > files, "hardly anything was proved: {exact}");
}

#[test]
fn claims_hold_for_rows_at_random() {
    check_many(0x00c0_ffee, 120, 12, Kind::Plain);
}

#[test]
fn claims_about_inputs_hold_for_rows_at_random() {
    check_many(0x1c0_ffee, 120, 12, Kind::WithInputs);
}

#[test]
fn claims_about_data_hold_for_rows_at_random() {
    check_many(0x3c0_ffee, 60, 12, Kind::WithData);
}

#[test]
fn claims_about_decision_tables_hold_for_rows_at_random() {
    check_many(0x4c0_ffee, 40, 12, Kind::WithTable);
}

#[test]
fn claims_about_functions_hold_for_rows_at_random() {
    check_many(0x2c0_ffee, 60, 12, Kind::WithFunctions);
}

fn proof_of(text: &str) -> clayf::tools::prove::Proof {
    let rules = Rules::compile_unanalyzed("rule.clay", text, DataFiles::new(data_file)).expect("rules");
    prove(&rules, &Clock::system()).expect("a rule file without mistakes")
}

#[test]
fn each_input_earns_in_one_part_of_a_formula() {
    let earned = |text: &str| -> Vec<(String, [f64; 4])> {
        let proof = proof_of(text);
        let parts = proof.columns[0].blank.iter().map(|one| &one.earning);
        let ends = |one: &clayf::analysis::blank::Earning| {
            [one.blank.low, one.blank.high, one.filled.low, one.filled.high]
        };
        parts.map(|one| (one.input.clone(), ends(one))).collect()
    };
    let wanted = [("A".to_owned(), [0.0, 0.0, 0.0, 3.0]), ("B".to_owned(), [0.0, 0.0, 0.0, 20.0])];
    assert_eq!(earned("S := ROUND(CLAMP(A, 0, 10) * 0.3 + CLAMP(B, 0, 100) * 0.2, 1)"), wanted);
    // Of two parts that both read `A`, neither is what it earns.
    let both = earned("S := MAX(IF(A > 5, 3, 0) + IF(B > 5, 1, 0), IF(A > 7, 9, 0) + IF(C > 5, 1, 0))");
    let wanted = [("A", [0.0, 1.0, 0.0, 10.0]), ("B", [0.0, 0.0, 0.0, 1.0]), ("C", [0.0, 0.0, 0.0, 1.0])];
    let wanted = wanted.map(|(name, ends)| (name.to_owned(), ends));
    assert_eq!(both, wanted);
}

#[test]
fn a_range_that_check_refutes_is_refuted_by_the_same_row() {
    for text in [
        "# Column: S (0-10)\nCLAMP(A, 0, 6) + IF(ISNOTEMPTY(B), 6, 0)\n",
        "# Column: S (0-100)\nMIN(100, Views * 5) + Clicks\n",
        "# Column: S (0-10)\nLEN(Name) * Seats + (Seats * Seats - Seats) * MONTH(Day)\n",
    ] {
        let rules = Rules::compile_unanalyzed("rule.clay", text, DataFiles::new(data_file)).expect("rules");
        let claimed = clayf::tools::prove::read(&rules).expect("properties");
        let row = |status: &Status| match status {
            Status::Refuted { case, .. } => case.row.json(),
            _ => panic!("not refuted: {text}"),
        };
        let checked = clayf::tools::prove::decide_all(&claimed, &Clock::system(), true);
        let checked = checked.first();
        let proof = proof_of(text);
        assert_eq!(checked.map(|one| row(&one.status)), proof.properties.first().map(|one| row(&one.status)));
    }
}

/// Rules, each with a row, of which something untrue was once claimed.
#[test]
fn claims_hold_for_cases_that_were_wrong() {
    let text = std::fs::read_to_string("corpus/proofs/cases.txt").expect("the cases");
    let mut failures = Vec::new();
    for case in text.split("\n\n") {
        let (rules, row) = case.trim().split_once("\nrow ").expect("rules and a row");
        failures.extend(check_file(&format!("{rules}\n"), &[row.to_owned()]).err());
    }
    assert!(failures.is_empty(), "{}", failures.join("\n----\n"));
}

#[test]
#[ignore = "takes hours; set CLAYF_PROOF_RULES for the number of rules"]
fn claims_hold_for_a_million_rules() {
    check_many(seed(), count() / 2, 20, Kind::Plain);
    check_many(seed(), count() / 4, 20, Kind::WithInputs);
    check_many(seed(), count() / 8, 20, Kind::WithFunctions);
    check_many(seed(), count() / 8, 20, Kind::WithData);
    check_many(seed(), count() / 8, 20, Kind::WithTable);
}

fn count() -> usize {
    std::env::var("CLAYF_PROOF_RULES").ok().and_then(|count| count.parse().ok()).unwrap_or(1_000_000)
}

fn seed() -> u64 {
    std::env::var("CLAYF_PROOF_SEED").ok().and_then(|seed| seed.parse().ok()).unwrap_or(0x5eed)
}
