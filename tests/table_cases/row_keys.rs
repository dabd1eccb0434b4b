//! Rows that say the same key: each is a row of its own, whatever the keys look like.

use crate::bench::{Bench, body, status, told};

const TABLE: &str = r#"
table: Row keys
inputs: [company, name]
row_key: "{{company}}"
providers:
  - provider: mine
    base_url: {url}
    lookups:
      mail:
        inputs: [name]
        credits: 1
        request: {path: "/{{name}}"}
        outputs: {mail: response.mail}
columns:
  - step: Mail
    provider: mine
    run_if: ISNOTEMPTY(name)
    fills: {Mail: mail}
"#;

fn row(company: &str, name: &str) -> String {
    format!("{}\n", serde_json::json!({"company": company, "name": name}))
}

#[test]
fn a_row_with_a_number_is_no_row_of_another_key() {
    let bench = Bench::new("row-keys", TABLE, |asked, _| body(format!("{{\"mail\":\"{}\"}}", asked.target)));
    let rows: String = [("Acme", "a"), ("Acme", "b"), ("Acme (2)", "c"), ("Acme\u{1f}2", "d")]
        .map(|(company, name)| row(company, name))
        .concat();
    let results = bench.results(&rows, &[]);
    let mails: Vec<_> = results.iter().map(|row| row["Mail"].as_str().unwrap_or_default()).collect();
    assert_eq!(mails, ["/a", "/b", "/c", "/d"]);
    assert!(results.iter().zip(["a", "b", "c", "d"]).all(|(row, name)| row["name"] == name), "{results:?}");
    bench.results(&rows, &[]);
    assert_eq!(bench.vendor.asked().len(), 4, "each keeps what it has");
    let why = |key: &str| {
        let output = bench.clayf(&["why", "table.yaml", key, "Mail"]);
        String::from_utf8_lossy(&output.stdout).into_owned()
    };
    assert!(why("Acme (2)").contains("\"/c\""), "a row that says this key comes first");
    bench.results(&[row("Acme", "a"), row("Acme", "b")].concat(), &["--state", "new.state"]);
    let output = bench.clayf(&["why", "table.yaml", "Acme (2)", "Mail", "--state", "new.state"]);
    assert!(String::from_utf8_lossy(&output.stdout).contains("\"/b\""), "{}", told(&output));
}

#[test]
fn dead_letters_show_numbers_as_people_read_them() {
    let bench = Bench::new("row-keys-dead", TABLE, |_, _| status(400, "no"));
    bench.results(&[row("Acme", "a"), row("Acme", "b")].concat(), &[]);
    let list = |args: &[&str]| {
        let output = bench.clayf(&[&["dlq", "list", "table.yaml"], args].concat());
        String::from_utf8_lossy(&output.stdout).into_owned()
    };
    assert!(list(&["--json"]).contains("\"key\":\"Acme (2)\""), "{}", list(&["--json"]));
    assert_eq!(list(&["--row", "Acme (2)"]).lines().count(), 1);
    bench.results("", &[]);
    assert!(list(&[]).contains("row Acme (2)  Mail"), "{}", list(&[]));
}

#[test]
fn rows_that_only_their_order_tells_apart_are_told() {
    let bench = Bench::new("row-keys-shared", TABLE, |_, _| body(r#"{"mail":"m"}"#));
    let rows = [("Zeta", "a"), ("Acme", "b"), ("Acme", "c"), ("Acme", "d")]
        .map(|(company, name)| row(company, name));
    let output = bench.run(&rows.concat(), &[]);
    let warning = "warning: 2 rows have the `row_key` of an earlier row, the first of them row 3, `Acme`; what was bought \
                   stays by their order: rows of one key that change places swap it\n";
    assert!(told(&output).contains(warning), "{}", told(&output));
    let plan = bench.clayf(&["plan", "table.yaml", "rows.jsonl"]);
    assert!(told(&plan).contains(warning), "{}", told(&plan));
    let output = bench.run(&rows[..2].concat(), &[]);
    assert!(!told(&output).contains("row_key"), "{}", told(&output));
}

#[test]
fn rows_that_are_the_same_or_skipped_swap_nothing() {
    let bench = Bench::new("row-keys-same", TABLE, |_, _| body(r#"{"mail":"m"}"#));
    let table = bench.folder.read("table.yaml");
    let rows = [row("Acme", "a"), row("Acme", "a")].concat();
    bench.folder.write("table.yaml", &table.replace("row_key: \"{{company}}\"\n", ""));
    assert!(!told(&bench.run(&rows, &[])).contains("warning: 1 row"));
    let push = "push:\n  url: https://crm.example/x\n  dedup_key: company\n  field_mapping: {company: \"{{company}}\"}\n";
    bench.folder.write("table.yaml", &format!("{table}{push}"));
    assert!(!told(&bench.run(&rows, &[])).contains("warning: 1 row"));
}
