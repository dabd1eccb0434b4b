//! Ids of more digits than a number holds: each digit counts, wherever they come from and go to.

use crate::bench::{Bench, body};
use serde_json::{Value, json};

const TABLE: &str = r#"
table: Ids
inputs: [id, name]
row_key: "{{id}}"
providers:
  - provider: mine
    base_url: {url}
    lookups:
      account:
        inputs: [id]
        credits: 1
        request: {method: POST, path: "/accounts/{{id}}", query: {id: "{{id}}"}, body: {id: "{{id}}", fixed: 9007199254740995}}
        outputs: {parent: response.parent, related: response.related}
columns:
  - step: Account
    provider: mine
    run_if: ISNOTEMPTY(id)
    fills: {Parent: parent, Related: related}
  - formula: Label
    is: '"id " & id'
push:
  url: {url}/push
  dedup_key: id
  field_mapping: {id: "{{id}}", parent: "{{Parent}}"}
"#;

/// Rows whose ids a number would round to one and the same.
const ROWS: &str = "{\"id\":9007199254740992,\"name\":\"a\"}\n{\"id\":9007199254740993,\"name\":\"b\"}\n\
                    {\"id\":123456789012345678901234567890,\"name\":\"c\"}\n{\"id\":-9007199254740993,\"name\":\"d\"}\n\
                    {\"id\":17,\"name\":\"e\"}\n";

#[test]
fn ids_of_any_length_stay_apart_and_keep_their_digits() {
    let bench = Bench::new("ids", TABLE, |_, _| {
        body(r#"{"parent": 9007199254740997, "related": [18446744073709551617, 5, 1.5]}"#)
    });
    let results = bench.results(ROWS, &["--sync"]);
    let labels: Vec<&Value> = results.iter().map(|row| &row["Label"]).collect();
    assert_eq!(
        labels,
        [
            "id 9007199254740992",
            "id 9007199254740993",
            "id 123456789012345678901234567890",
            "id -9007199254740993",
            "id 17"
        ]
    );
    for row in &results {
        assert_eq!(row["Parent"], json!("9007199254740997"));
        assert_eq!(row["Related"], json!(["18446744073709551617", 5, 1.5]));
    }
    // What a row came with is not touched.
    let out = bench.folder.read("out.jsonl");
    assert!(out.contains("{\"id\":123456789012345678901234567890,"), "{out}");
    let asked = bench.vendor.asked();
    let (pushes, lookups): (Vec<_>, Vec<_>) = asked.iter().partition(|asked| asked.target == "/push");
    let mut targets: Vec<&str> = lookups.iter().map(|asked| asked.target.as_str()).collect();
    targets.sort_unstable();
    assert_eq!(
        targets,
        [
            "/accounts/-9007199254740993?id=-9007199254740993",
            "/accounts/123456789012345678901234567890?id=123456789012345678901234567890",
            "/accounts/17?id=17",
            "/accounts/9007199254740992?id=9007199254740992",
            "/accounts/9007199254740993?id=9007199254740993",
        ]
    );
    assert!(
        lookups.iter().any(|asked| asked.body == r#"{"id":"9007199254740993","fixed":"9007199254740995"}"#),
        "{lookups:?}"
    );
    assert!(
        lookups.iter().any(|asked| asked.body == r#"{"id":17,"fixed":"9007199254740995"}"#),
        "{lookups:?}"
    );
    assert_eq!(pushes.len(), 5, "none of them is another: {pushes:?}");
    assert!(pushes.iter().any(|push| push.body.contains(r#""id":"9007199254740993""#)), "{pushes:?}");
    let before = asked.len();
    bench.results(ROWS, &["--sync"]);
    assert_eq!(bench.vendor.asked().len(), before, "each row finds its own cells again");
}

#[test]
fn a_file_is_searched_by_all_digits_of_an_id() {
    let table = "
table: Owners
inputs: [id]
providers:
  - provider: owners
    kind: file
    file: owners.jsonl
    lookups:
      owner:
        inputs: [id]
        equal: {account: id}
        outputs: {owner: response.owner}
columns:
  - step: Owner
    provider: owners
    fills: {Owner: owner}
";
    let bench = Bench::new("file-ids", table, |_, _| body("{}"));
    let owners = "{\"account\":9007199254740992,\"owner\":\"Ada\"}\n{\"account\":9007199254740993,\"owner\":\"Bo\"}\n\
                  {\"account\":\"\\ud800\",\"owner\":\"Cy\",\"big\":1e999}\n";
    bench.folder.write("owners.jsonl", owners);
    let results = bench
        .results("{\"id\":9007199254740993}\n{\"id\":\"9007199254740992\"}\n{\"id\":\"\u{fffd}\"}\n", &[]);
    let owners: Vec<&Value> = results.iter().map(|row| &row["Owner"]).collect();
    assert_eq!(owners, ["Bo", "Ada", "Cy"]);
}
