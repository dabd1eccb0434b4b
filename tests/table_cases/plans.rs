//! What a plan says holds for the run behind it, also where results are too old or money was spent before.

use crate::bench::{Bench, body, told};
use clayf::table::state::{ChargeFilter, SpentIn};
use serde_json::Value;

const TABLE: &str = r#"
table: Plans
inputs: [domain, size]
row_key: "{{domain}}"
budget: {month: 100}
refresh: 90 days
providers:
  - provider: mine
    base_url: {url}
    lookups:
      company:
        inputs: [domain]
        credits: 2
        request: {path: "/{{domain}}"}
        outputs: {name: response.name}
columns:
  - step: Company
    provider: mine
    run_if: size > 10
    fills: {Company: name}
"#;

fn plan(bench: &Bench, more: &[&str]) -> Value {
    let output = bench.clayf(&[&["plan", "table.yaml", "rows.jsonl", "--json"], more].concat());
    assert!(output.status.success(), "{}", told(&output));
    serde_json::from_slice(&output.stdout).expect("JSON")
}

fn spent(bench: &Bench) -> f64 {
    let charges = bench.store().charges(ChargeFilter::default()).expect("charges");
    charges.iter().map(|charge| charge.spent.as_number()).sum()
}

#[test]
fn results_that_are_too_old_are_planned_as_they_are_bought() {
    let bench = Bench::new("plan-refresh", TABLE, |_, _| body(r#"{"name": "X"}"#));
    let rows =
        "{\"domain\":\"a\",\"size\":20}\n{\"domain\":\"b\",\"size\":20}\n{\"domain\":\"c\",\"size\":5}\n";
    bench.results(rows, &["--now", "2026-01-01T00:00:00Z"]);
    assert_eq!(spent(&bench), 4.0);
    let soon = plan(&bench, &["--now", "2026-02-01T00:00:00Z"]);
    assert_eq!((soon["least"].as_f64(), soon["most"].as_f64()), (Some(0.0), Some(0.0)));
    assert_eq!(soon["steps"][0]["bought"], 2);
    let late = plan(&bench, &["--now", "2026-05-01T00:00:00Z"]);
    assert_eq!((late["least"].as_f64(), late["most"].as_f64()), (Some(4.0), Some(4.0)));
    assert_eq!((&late["steps"][0]["renewed"], &late["steps"][0]["bought"]), (&2.into(), &0.into()));
    bench.results(rows, &["--now", "2026-05-01T00:00:00Z"]);
    assert_eq!(spent(&bench), 8.0);
}

#[test]
fn rows_are_planned_with_what_they_come_with_now() {
    let bench = Bench::new("plan-now", TABLE, |_, _| body(r#"{"name": "X"}"#));
    bench.results("{\"domain\":\"a\",\"size\":5}\n", &[]);
    bench.folder.write("rows.jsonl", "{\"domain\":\"a\",\"size\":20}\n");
    assert_eq!(plan(&bench, &[])["least"].as_f64(), Some(2.0));
    bench.results("{\"domain\":\"a\",\"size\":20}\n", &[]);
    assert_eq!(spent(&bench), 2.0);
}

#[test]
fn a_plan_counts_what_was_spent_of_the_month() {
    let bench = Bench::new("plan-month", TABLE, |_, _| body(r#"{"name": "X"}"#));
    let rows = |from: usize| -> String {
        (from..from + 40).map(|row| format!("{{\"domain\":\"d{row}\",\"size\":20}}\n")).collect()
    };
    bench.results(&rows(0), &["--now", "2026-01-01T00:00:00Z"]);
    assert_eq!(bench.store().spent(SpentIn::Month("2026-01")).expect("charges").to_string(), "80");
    bench.folder.write("rows.jsonl", &rows(40));
    let output = bench.clayf(&["plan", "table.yaml", "rows.jsonl", "--now", "2026-01-20T00:00:00Z"]);
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(text.contains("budget of the month: 100, 80 of it spent before, less than expected"), "{text}");
}
