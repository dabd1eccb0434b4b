//! Runs that were interrupted, and the rows with which the next one comes.

use crate::bench::{Bench, ONE_STEP, body, told};
use clayf::table::credits::Credits;
use clayf::table::state::{NewRow, Reservation, RowStatus, Store};

const PUSH: &str = r#"push:
  url: https://crm.example/x
  dedup_key: email
  field_mapping: {email: "{{email}}"}
"#;

fn row(domain: &str, email: &str) -> String {
    format!("{{\"domain\":\"{domain}\",\"email\":\"{email}\"}}\n")
}

/// A table whose last run was interrupted with the rows `a` and `b` when 4 credits were spent; `b` was skipped.
fn interrupted(name: &str) -> Bench {
    let columns = ONE_STEP.replacen("inputs: [domain]", "inputs: [domain, email]", 1);
    let table = format!("budget: {{run: 4}}{columns}{PUSH}");
    let bench = Bench::new(name, &table, |_, _| body(r#"{"plan":"gold"}"#));
    let store = Store::open(&bench.folder.path("table.state")).expect("a state");
    let run = store.begin_run("2026-11-02T10:00:00Z").expect("a run").id;
    let new = |position: u64, key: &str| NewRow {
        position,
        key: key.to_owned(),
        source: row(key, "x@x").trim().to_owned(),
    };
    let rows = store.add_rows(run, &[new(1, "a"), new(2, "b")]).expect("rows");
    store.set_row_status(run, rows[1], RowStatus::Skipped { reason: "the same email as row 1".to_owned() });
    let spent = Reservation {
        run,
        row: rows[0],
        step: "Other",
        provider: "mine",
        lookup: "plan",
        epoch: 1,
        attempt: 1,
        credits: Credits::thousandths(4000),
        month: "2026-11",
        at: "2026-11-02T10:00:00Z",
        limits: &[],
    };
    store.reserve(&spent).expect("a charge");
    drop(store);
    bench
}

#[test]
fn a_row_is_done_that_is_no_duplicate_any_more() {
    let bench = interrupted("resumed-skipped");
    let table = bench.folder.read("table.yaml");
    bench.folder.write("table.yaml", &table.replace("budget: {run: 4}", "budget: {run: 40}"));
    let results = bench.results(&[row("a", "other@x"), row("b", "x@x")].concat(), &[]);
    assert!(results.iter().all(|row| row["Plan"] == "gold"), "{results:?}");
}

#[test]
fn what_the_budget_of_a_run_that_goes_on_counts_is_told() {
    let bench = interrupted("resumed-some");
    let rows = [row("a", "x@x"), row("c", "c@x"), row("d", "d@x")].concat();
    bench.folder.write("rows.jsonl", &rows);
    let plan = bench.clayf(&["plan", "table.yaml", "rows.jsonl"]);
    assert!(String::from_utf8_lossy(&plan.stdout).contains("budget of the run: 4, 4 of it spent before"));
    let output = bench.run(&rows, &[]);
    let note = "note: going on with the run of 2026-11-02T10:00:00Z, which was interrupted: it had 1 of 3 rows, and its \
                budget counts what was spent then\n";
    assert!(told(&output).contains(note), "{}", told(&output));
    assert_eq!(bench.vendor.asked().len(), 0, "the budget is used up");
}

#[test]
fn other_rows_begin_a_run_with_a_budget_of_its_own() {
    let bench = interrupted("resumed-none");
    let rows = [row("c", "c@x"), row("d", "d@x"), row("e", "e@x")].concat();
    bench.folder.write("rows.jsonl", &rows);
    let plan = bench.clayf(&["plan", "table.yaml", "rows.jsonl"]);
    assert!(String::from_utf8_lossy(&plan.stdout).contains("budget of the run: 4, less"), "{}", told(&plan));
    let output = bench.run(&rows, &[]);
    let note = "note: the run of 2026-11-02T10:00:00Z was interrupted and had none of these rows: it is over, and a new \
                one begins\n";
    assert!(told(&output).contains(note), "{}", told(&output));
    assert_eq!(bench.vendor.asked().len(), 2);
}
