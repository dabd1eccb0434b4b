//! Strict runs: what is doubtful about rows ends them before anything is bought.

use crate::bench::{Bench, ONE_STEP, body, told};

/// A table that buys for everybody who is no customer.
fn prospects() -> String {
    ONE_STEP
        .replace("inputs: [domain]\nrow_key", "inputs: [domain, Customer]\nrow_key")
        .replace("run_if: ISNOTEMPTY(domain)", "run_if: ISEMPTY(Customer)")
}

#[test]
fn a_strict_run_over_rows_with_a_renamed_column_buys_nothing() {
    let bench = Bench::new("strict", &prospects(), |_, _| body(r#"{"plan":"gold"}"#));
    let renamed = "{\"domain\":\"a\",\"Is Customer\":\"yes\"}\n{\"domain\":\"b\",\"Is Customer\":\"yes\"}\n";
    let output = bench.run(renamed, &["--strict"]);
    assert_eq!(output.status.code(), Some(1), "{}", told(&output));
    assert!(told(&output).contains("no row has a column `Customer`"), "{}", told(&output));
    assert!(bench.vendor.asked().is_empty(), "{:?}", bench.vendor.asked());
    assert!(!bench.folder.path("out.jsonl").exists());
    // With the column's name put right, the same state goes on.
    let output = bench.run(&renamed.replace("Is Customer\":\"yes\"}\n", "Customer\":\"\"}\n"), &["--strict"]);
    assert_eq!(output.status.code(), Some(0), "{}", told(&output));
    assert_eq!(bench.vendor.asked().len(), 2);
}

#[test]
fn a_run_that_is_not_strict_buys_for_rows_with_a_renamed_column() {
    let bench = Bench::new("loose", &prospects(), |_, _| body(r#"{"plan":"gold"}"#));
    let output = bench.run("{\"domain\":\"a\",\"Is Customer\":\"yes\"}\n", &[]);
    assert_eq!(output.status.code(), Some(0), "{}", told(&output));
    assert!(told(&output).contains("no row has a column `Customer`"), "{}", told(&output));
    assert_eq!(bench.vendor.asked().len(), 1);
}
