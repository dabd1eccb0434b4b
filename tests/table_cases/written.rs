//! Files that a run is to write: told before anything is bought where they can't be written, else at the end.

use crate::bench::{Bench, body, told};

const TABLE: &str = r#"
table: Written
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

const ROWS: &str = "{\"domain\":\"a\"}\n";

fn bench(name: &str) -> Bench {
    let bench = Bench::new(name, TABLE, |_, _| body(r#"{"plan":"gold"}"#));
    bench.folder.write("rows.jsonl", ROWS);
    bench
}

#[cfg(target_os = "linux")]
#[test]
fn a_recording_that_is_not_whole_is_told() {
    let bench = bench("written-record");
    let output = bench.run(ROWS, &["--record", "/dev/full"]);
    assert_eq!(output.status.code(), Some(1));
    let error = "error: can't write the recording /dev/full: No space left on device (os error 28); calls of this run are \
                 missing in it\n";
    assert!(told(&output).ends_with(error), "{}", told(&output));
    assert!(bench.folder.read("out.jsonl").contains("gold"), "the results are there all the same");
    let again = bench.results(ROWS, &[]);
    assert!(again[0]["Plan"] == "gold" && bench.vendor.asked().len() == 1);
}
