//! What is said of a run: exit statuses, dead letters of effects, columns and cells that have no step, answers of another
//! shape, and addresses that are missing.

use crate::bench::{Bench, body, status, told};
use serde_json::{Value, json};

const PUSH: &str = r#"
table: Told
inputs: [id, ok]
row_key: "{{id}}"
columns:
  - id
  - _clay_enriched_at
push:
  trigger: ok = TRUE
  url: {url}/push
  dedup_key: id
  field_mapping: {id: "{{id}}"}
"#;

#[test]
fn a_run_of_which_no_push_comes_through_has_failed() {
    let bench = Bench::new("no-push", PUSH, |_, _| status(400, "no"));
    let rows = "{\"id\":\"a\",\"ok\":true}\n{\"id\":\"b\",\"ok\":true}\n";
    let output = bench.run(rows, &["--sync", "-q"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(told(&output).contains("error: push: nothing came through, 2 rows failed"), "{}", told(&output));
    let output = bench.run("{\"id\":\"c\",\"ok\":true}\n", &["--sync"]);
    assert!(told(&output).contains("1 dead letter;"), "{}", told(&output));
    assert_eq!(bench.folder.read("out.jsonl"), "{\"id\":\"c\",\"ok\":true,\"_clay_enriched_at\":null}\n");
}

#[test]
fn one_push_that_fails_among_others_is_a_dead_letter() {
    let bench = Bench::new("one-push", PUSH, |asked, _| {
        if asked.body.contains("\"b\"") { status(400, "no") } else { body("ok") }
    });
    let output = bench.run(
        "{\"id\":\"a\",\"ok\":true}\n{\"id\":\"b\",\"ok\":true}\n{\"id\":\"A\",\"ok\":true}\n",
        &["--sync"],
    );
    assert_eq!(output.status.code(), Some(0), "{}", told(&output));
    let summary = told(&output);
    assert!(summary.contains("1 dead letter;") && summary.contains("refused"), "{summary}");
    let why = |row: &str, column: &str| {
        let output = bench.clayf(&["why", "table.yaml", row, column]);
        String::from_utf8_lossy(&output.stdout).into_owned()
    };
    assert!(
        why("3", "push").contains("not looked at, as the row was skipped: the same id as row 1"),
        "{}",
        why("3", "push")
    );
    assert!(why("1", "push").contains("\n  at 20"), "{}", why("1", "push"));
    assert!(
        why("1", "_clay_enriched_at").starts_with("_clay_enriched_at  empty"),
        "{}",
        why("1", "_clay_enriched_at")
    );
}

#[test]
fn an_answer_has_to_be_of_the_shape_that_was_asked_for() {
    let table = r#"
table: Shapes
inputs: [k]
row_key: "{{k}}"
providers:
  - provider: model
    base_url: {url}
    lookups:
      chat:
        inputs: [prompt, schema?]
        credits: 1
        request: {method: POST, path: /, body: {prompt: "{{prompt}}"}}
        outputs: {json: response}
        conforms: {json: schema}
columns:
  - ai: Opener
    provider: model
    run_if: ISNOTEMPTY(k)
    prompt: "About {{k}}"
    schema: {type: object, properties: {opener: {type: string}}, required: [opener], additionalProperties: false}
    fills: {Opener: json.opener}
"#;
    let answers = [
        r#"{"opener":"Hi"}"#,
        r#"{"wrong":1}"#,
        r#"["Hi"]"#,
        r#"{"opener":7}"#,
        r#"{"opener":"Hi","more":1}"#,
    ];
    let bench = Bench::new("shapes", table, move |asked, _| {
        let number: usize =
            asked.body.trim_matches(|one: char| !one.is_ascii_digit()).parse().expect("a number");
        body(answers[number])
    });
    let rows: String = (0..5).map(|row| format!("{{\"k\":\"k{row}\"}}\n")).collect();
    let results = bench.results(&rows, &[]);
    let openers: Vec<&Value> = results.iter().map(|row| &row["Opener"]).collect();
    assert_eq!(openers, [&json!("Hi"), &json!(null), &json!(null), &json!(null), &json!(null)]);
    let dead = bench.store().dead().expect("dead cells");
    assert_eq!(dead.len(), 4);
    let reason = dead[0].reason.as_deref().unwrap_or_default();
    assert!(reason.contains("not of the shape that was asked for: the answer has no `opener`"), "{reason}");
    assert!(dead.iter().all(|cell| cell.class.as_deref() == Some("unreadable")), "{dead:?}");
}

#[test]
fn a_provider_needs_an_address() {
    let table = r#"
table: Addresses
inputs: [k]
providers:
  - provider: one
    lookups: {x: {inputs: [k], request: {path: "/{{k}}"}, outputs: {v: response.v}}}
  - provider: two
    lookups: {x: {inputs: [k], request: {url: "{url}/{{k}}"}, outputs: {v: response.v}}}
columns:
  - step: x
    provider: PROVIDER
    fills: {V: v}
"#;
    let bench = Bench::new("no-address", &table.replace("PROVIDER", "one"), |_, _| body(r#"{"v":1}"#));
    let output = bench.clayf(&["check", "table.yaml"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(told(&output).contains("the provider `one` needs `base_url`"), "{}", told(&output));
    let bench = Bench::new("own-address", &table.replace("PROVIDER", "two"), |_, _| body(r#"{"v":1}"#));
    assert_eq!(bench.results("{\"k\":\"a\"}\n", &[])[0]["V"], json!(1));
}

#[test]
fn a_gateway_that_gives_up_is_not_free() {
    let table = r#"
table: Gateways
inputs: [k]
row_key: "{{k}}"
providers:
  - provider: one
    base_url: {url}
    answers: {retryable: FALSE}
    lookups: {x: {inputs: [k], credits: 3, request: {path: "/{{k}}"}, outputs: {v: response.v}}}
columns:
  - step: x
    provider: one
    run_if: ISNOTEMPTY(k)
    fills: {V: v}
"#;
    let bench =
        Bench::new("gateways", table, |asked, _| status(asked.target[1..].parse().expect("a status"), ""));
    bench.results("{\"k\":500}\n{\"k\":502}\n{\"k\":504}\n{\"k\":408}\n{\"k\":524}\n{\"k\":403}\n", &[]);
    let charges = bench.store().charges(clayf::table::state::ChargeFilter::default()).expect("charges");
    let mut spent: Vec<String> = charges.iter().map(|charge| charge.spent.to_string()).collect();
    spent.sort();
    assert_eq!(spent, ["0", "0", "3", "3", "3", "3"]);
}
