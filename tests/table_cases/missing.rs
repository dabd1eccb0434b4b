//! Rows without the columns that a table reads: told before anything is spent in vain.

use crate::bench::{Bench, body, told};

const TABLE: &str = r#"
table: Missing
inputs: [domain, first_name]
columns:
  - formula: Label
    is: domain & "/" & first_name
  - formula: Age
    is: IF(_clay_enriched_at = "", "new", "old")
"#;

#[test]
fn columns_that_no_row_has_are_told_with_those_that_are_like_them() {
    let bench = Bench::new("missing", TABLE, |_, _| body(""));
    let rows = "{\"Domain\":\"a\",\"first_name\":\"\"}\n{\"Domain\":\"b\"}\n";
    let warning = "warning: no row has a column `domain`, which is read as Blank; did you mean `Domain`?";
    let output = bench.run(rows, &[]);
    assert!(told(&output).contains(warning), "{}", told(&output));
    assert_eq!(told(&output).matches("no row has").count(), 1, "{}", told(&output));
    let output = bench.clayf(&["plan", "table.yaml", "rows.jsonl"]);
    assert!(told(&output).contains(warning), "{}", told(&output));
    let output = bench.run("{\"domain\":null}\n{\"first_name\":\"x\"}\n", &[]);
    assert!(!told(&output).contains("no row has"), "{}", told(&output));
    let output = bench.run("", &[]);
    assert!(!told(&output).contains("no row has"), "{}", told(&output));
}
