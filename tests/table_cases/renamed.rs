//! Steps that get another name: told before they buy anew.

use crate::bench::{Bench, body, told};

const TABLE: &str = r#"
table: Renamed
inputs: [domain]
row_key: "{{domain}}"
providers:
  - provider: mine
    base_url: {url}
    lookups:
      plan:
        inputs: [domain]
        credits: 2
        request: {path: "/{{domain}}"}
        outputs: {plan: response.plan}
columns:
  - step: Plan
    provider: mine
    run_if: ISNOTEMPTY(domain)
    fills: {Plan: plan}
"#;

const ROWS: &str = "{\"domain\":\"a\"}\n{\"domain\":\"b\"}\n";

fn edit(bench: &Bench, from: &str, to: &str) {
    let table = bench.folder.read("table.yaml");
    assert!(table.contains(from));
    bench.folder.write("table.yaml", &table.replace(from, to));
}

#[test]
fn a_step_that_is_renamed_is_told_and_its_columns_may_be() {
    let bench = Bench::new("renamed", TABLE, |_, _| body(r#"{"plan":"gold"}"#));
    bench.results(ROWS, &[]);
    edit(&bench, "fills: {Plan: plan}", "fills: {Package: UPPER(plan)}");
    let output = bench.run(ROWS, &[]);
    assert!(!told(&output).contains("renamed"), "{}", told(&output));
    assert!(bench.folder.read("out.jsonl").contains("\"Package\":\"GOLD\""));
    assert_eq!(bench.vendor.asked().len(), 2);
    edit(&bench, "step: Plan", "step: Package");
    let plan = bench.clayf(&["plan", "table.yaml", "rows.jsonl"]);
    let note =
        "results of `Plan` are stored, but the table has no such step any more, and `Package` has none";
    assert!(told(&plan).contains(note) && told(&plan).contains("called `Plan` again"), "{}", told(&plan));
    let output = bench.run(ROWS, &[]);
    assert!(told(&output).contains(note), "{}", told(&output));
    assert_eq!(bench.vendor.asked().len(), 4);
    assert!(!told(&bench.run(ROWS, &[])).contains(note), "it is no news any more");
}
