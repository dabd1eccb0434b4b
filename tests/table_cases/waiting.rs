//! Rows that a budget holds: not pushed half done, and pushed once they are done.

use crate::bench::{Bench, ONE_STEP, body, told};
use clayf::table::state::RowStatus;

/// A second step, and a push.
const MORE: &str = r#"  - step: Size
    provider: mine
    run_if: ISNOTEMPTY(domain)
    fills: {Size: plan}
push:
  url: {url}/push
  dedup_key: domain
  field_mapping: {domain: "{{domain}}", plan: "{{Plan}}", size: "{{Size}}"}
"#;

fn table(budget: &str) -> String {
    format!("budget: {budget}{ONE_STEP}{MORE}")
}

const ROWS: &str = "{\"domain\":\"a\"}\n{\"domain\":\"b\"}\n{\"domain\":\"c\"}\n";

/// What was pushed, in no order: pushes are under way at the same time.
fn pushes(bench: &Bench) -> Vec<String> {
    let asked = bench.vendor.asked();
    let mut bodies: Vec<String> =
        asked.into_iter().filter(|asked| asked.target == "/push").map(|asked| asked.body).collect();
    bodies.sort();
    bodies
}

#[test]
fn a_row_that_a_budget_holds_is_pushed_when_it_is_done() {
    let bench = Bench::new("held", &table("{run: 6}"), |_, _| body(r#"{"plan":"gold"}"#));
    let output = bench.run(ROWS, &["--sync"]);
    assert!(output.status.success(), "{}", told(&output));
    assert!(told(&output).contains("2 waiting for a budget"), "{}", told(&output));
    assert_eq!(
        pushes(&bench),
        [r#"{"domain":"a","plan":"gold","size":"gold"}"#],
        "b has its plan, but not its size"
    );
    let output = bench.run(ROWS, &["--effects", "would.jsonl"]);
    assert!(output.status.success(), "{}", told(&output));
    assert_eq!(bench.folder.read("would.jsonl").lines().count(), 2);
    bench.results(ROWS, &["--sync"]);
    let all: Vec<String> =
        ["a", "b", "c"].map(|row| format!(r#"{{"domain":"{row}","plan":"gold","size":"gold"}}"#)).into();
    assert_eq!(pushes(&bench), all);
}

#[test]
fn a_row_that_has_used_up_its_own_budget_is_done() {
    let bench = Bench::new("row-held", &table("{row: 3}"), |_, _| body(r#"{"plan":"gold"}"#));
    bench.results(ROWS, &["--sync"]);
    assert_eq!(pushes(&bench).len(), 3);
    let store = bench.store();
    let run = store.last_run().expect("runs").expect("a run");
    let rows = store.rows(run, 0, 10).expect("rows");
    assert!(rows.iter().all(|row| row.status == RowStatus::Done), "{rows:?}");
    // With more for each row, the rest is bought and pushed.
    let table = bench.folder.read("table.yaml").replace("{row: 3}", "{row: 4}");
    bench.folder.write("table.yaml", &table);
    let results = bench.results(ROWS, &["--sync"]);
    assert!(results.iter().all(|row| row["Size"] == "gold"), "{results:?}");
    assert_eq!(pushes(&bench).len(), 6);
}
