//! Answers that are no JSON, or hardly: what can be read is read, and paid for once.

use crate::bench::{Answer, Bench, body, told};
use clayf::table::state::ChargeFilter;
use serde_json::json;

const TABLE: &str = r#"
table: Answers
inputs: [domain]
row_key: "{{domain}}"
providers:
  - provider: mine
    base_url: {url}
    answers: {no_match: 'TOTEXT(response) = "none"'}
    lookups:
      plan:
        inputs: [domain]
        credits: 2
        charge: match
        request: {path: "/{{domain}}"}
        match: ISNOTEMPTY(response.plan) OR STARTSWITH(TOTEXT(response), "plan ")
        outputs: {plan: 'COALESCE(response.plan, TOTEXT(response))'}
columns:
  - step: Plan
    provider: mine
    run_if: ISNOTEMPTY(domain)
    fills: {Plan: plan}
"#;

/// The bench, the value of the one row, and the credits of its charges with their states.
fn asked_once(
    name: &str,
    answer: impl Fn(usize) -> Answer + Clone + Send + Sync + 'static,
) -> (Bench, serde_json::Value, Vec<String>) {
    let bench = Bench::new(name, TABLE, move |_, number| answer(number));
    let value = bench.results("{\"domain\":\"a.example\"}\n", &[])[0]["Plan"].clone();
    let charges = bench.store().charges(ChargeFilter::default()).expect("charges");
    let charges = charges.iter().map(|charge| format!("{} {}", charge.state.word(), charge.spent)).collect();
    (bench, value, charges)
}

#[test]
fn text_is_read_as_text() {
    let (bench, value, charges) = asked_once("text-answer", |_| body("plan gold"));
    assert_eq!((value, bench.vendor.asked().len()), (json!("plan gold"), 1));
    assert_eq!(charges, ["charged 2"]);
    let (bench, value, charges) = asked_once("text-none", |_| body("none"));
    assert_eq!((value, bench.vendor.asked().len()), (json!(null), 1));
    assert_eq!(charges, ["released 0"]);
}

#[test]
fn text_that_nobody_expected_is_a_failure_that_was_paid_for_once_at_most() {
    for (name, answer) in
        [("words", "we are sorry"), ("page", "<html>sorry</html>"), ("broken", "{\"plan\": gold}")]
    {
        let (bench, value, charges) = asked_once(name, move |_| body(answer));
        assert_eq!((value, bench.vendor.asked().len()), (json!(null), 1), "{name}");
        assert_eq!(charges, ["unknown 2"], "{name}");
        let dead = told_dead(&bench);
        assert!(dead.contains("unreadable") && dead.contains("the answer is not JSON"), "{dead}");
    }
}

fn told_dead(bench: &Bench) -> String {
    String::from_utf8_lossy(&bench.clayf(&["dlq", "list", "table.yaml"]).stdout).into_owned()
}

#[test]
fn an_answer_that_was_cut_off_is_asked_for_again() {
    let (bench, value, charges) = asked_once("cut-off", |number| {
        body(if number == 0 { "{\"plan\": \"go" } else { "{\"plan\": \"gold\"}" })
    });
    assert_eq!((value, bench.vendor.asked().len()), (json!("gold"), 2));
    assert_eq!(charges, ["unknown 2", "charged 2"]);
}

#[test]
fn json_that_strict_readers_refuse_is_read() {
    let odd = [
        ("half-pair", r#"{"plan": "gold\ud800", "n": 1}"#.to_owned(), json!("gold\u{fffd}")),
        ("huge-number", r#"{"plan": "gold", "revenue": 1e999}"#.to_owned(), json!("gold")),
        (
            "deep",
            format!(r#"{{"plan": "gold", "deep": {}1{}}}"#, "[".repeat(126), "]".repeat(126)),
            json!("gold"),
        ),
    ];
    for (name, answer, wanted) in odd {
        let (bench, value, charges) = asked_once(name, move |_| body(answer.clone()));
        assert_eq!((value, bench.vendor.asked().len()), (wanted, 1), "{name}");
        assert_eq!(charges, ["charged 2"], "{name}");
    }
}

#[test]
fn an_answer_of_any_depth_is_an_answer() {
    let deep = format!(r#"{{"plan": {}1{}}}"#, "[".repeat(100_000), "]".repeat(100_000));
    let bench = Bench::new("very-deep", TABLE, move |_, _| body(deep.clone()));
    let output = bench.run("{\"domain\":\"a.example\"}\n", &[]);
    assert!(output.status.success(), "{}", told(&output));
    assert_eq!(bench.vendor.asked().len(), 1);
    assert!(told_dead(&bench).contains("unreadable"), "{}", told_dead(&bench));
}

#[test]
fn a_provider_is_waited_for_as_long_as_its_file_says() {
    // Another provider that is more patient makes no difference.
    let other = "  - provider: other\n    base_url: {url}\n    timeout: 5 minutes\n";
    let table = TABLE.replace("    lookups:", "    timeout: 150ms\n    lookups:");
    let table = table.replace("providers:\n", &format!("providers:\n{other}"));
    let bench = Bench::new("hangs", &table, |_, _| {
        // Longer than it is waited for, and shorter than it would be if nothing were said.
        std::thread::sleep(std::time::Duration::from_millis(600));
        body(r#"{"plan": "gold"}"#)
    });
    let results = bench.results("{\"domain\":\"a.example\"}\n", &[]);
    assert_eq!(results[0]["Plan"], json!(null));
    assert!(told_dead(&bench).contains("unknown_outcome"), "{}", told_dead(&bench));
    assert!(told_dead(&bench).contains("timed_out"), "{}", told_dead(&bench));
}
