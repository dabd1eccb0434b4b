//! Steps and tables that get another name: told before steps buy anew, and before tables take over what is another's.

use crate::bench::{Bench, ONE_STEP, body, told};

const ROWS: &str = "{\"domain\":\"a\"}\n{\"domain\":\"b\"}\n";

fn edit(bench: &Bench, from: &str, to: &str) {
    let table = bench.folder.read("table.yaml");
    assert!(table.contains(from));
    bench.folder.write("table.yaml", &table.replace(from, to));
}

#[test]
fn a_step_that_is_renamed_is_told_and_its_columns_may_be() {
    let bench = Bench::new("renamed", ONE_STEP, |_, _| body(r#"{"plan":"gold"}"#));
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

#[test]
fn a_state_that_was_another_tables_is_told() {
    let bench = Bench::new("other-table", ONE_STEP, |_, _| body(r#"{"plan":"gold"}"#));
    let warning = "warning: the last run of this state was of `table.yaml`; results of rows and steps of the same names \
                   are taken over";
    assert!(!told(&bench.run(ROWS, &[])).contains("the last run"));
    assert!(!told(&bench.run(ROWS, &[])).contains("the last run"));
    bench.folder.write("other.yaml", &bench.folder.read("table.yaml"));
    let shared = ["other.yaml", "rows.jsonl", "--state", "table.state"];
    let plan = bench.clayf(&[&["plan"], &shared[..]].concat());
    assert!(told(&plan).contains(warning), "{}", told(&plan));
    let run = bench.clayf(&[&["run"], &shared[..]].concat());
    assert!(told(&run).contains(warning), "{}", told(&run));
    let run = bench.clayf(&[&["run"], &shared[..]].concat());
    assert!(!told(&run).contains("the last run"), "it is the last run's by now: {}", told(&run));
}

#[test]
fn tables_that_differ_in_their_ending_have_states_of_their_own() {
    let bench = Bench::new("other-ending", ONE_STEP, |_, _| body(r#"{"plan":"gold"}"#));
    bench.results(ROWS, &[]);
    bench.folder.write("table.yml", &bench.folder.read("table.yaml"));
    assert!(bench.clayf(&["run", "table.yml", "rows.jsonl"]).status.success());
    assert_eq!(bench.vendor.asked().len(), 4);
    assert!(bench.folder.path("table.yml.state").exists());
    let dead = bench.clayf(&["dlq", "list", "table.yml"]);
    assert_eq!(told(&dead), "table.yml.state: no dead letters\n");
}
