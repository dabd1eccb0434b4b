//! Rows in CSV: every column that came in goes out.

use crate::bench::{Bench, body, told};

const TABLE: &str = "
table: CSV
columns:
  - n
  - formula: Double
    is: n * 2
";

fn out(bench: &Bench, rows: &str) -> String {
    let output = bench.clayf(&["run", "table.yaml", rows, "-o", "out.csv"]);
    assert!(output.status.success(), "{}", told(&output));
    bench.folder.read("out.csv")
}

#[test]
fn columns_that_only_later_rows_have_are_kept() {
    let bench = Bench::new("csv-later", TABLE, |_, _| body(""));
    bench
        .folder
        .write("rows.jsonl", "{\"n\":1}\n{\"n\":2,\"note\":\"x\"}\n{\"Double\":9,\"n\":3,\"more\":true}\n");
    assert_eq!(out(&bench, "rows.jsonl"), "n,note,Double,more\n1,,2,\n2,x,4,\n3,,6,true\n");
}

#[test]
fn two_columns_of_one_name_stay_two() {
    let bench = Bench::new("csv-twice", TABLE, |_, _| body(""));
    bench.folder.write("rows.csv", "n,note,note,,\n1,a,b,,c\n2,d,,,\n");
    assert_eq!(out(&bench, "rows.csv"), "n,note,note,,,Double\n1,a,b,,c,2\n2,d,,,,4\n");
}

#[test]
fn no_rows_are_a_header() {
    let bench = Bench::new("csv-none", TABLE, |_, _| body(""));
    bench.folder.write("rows.jsonl", "");
    assert_eq!(out(&bench, "rows.jsonl"), "Double\n");
}
