//! Answers that come later: fetched where the first answer says, and paid for as long as nobody knows better.

use crate::bench::{Answer, Asked, Bench, body, status, told};
use clayf::table::state::ChargeFilter;
use serde_json::json;

const TABLE: &str = r#"
table: Awaited
inputs: [k]
row_key: "{{k}}"
providers:
  - provider: one
    base_url: {url}
    lookups:
      phone:
        inputs: [k]
        credits: 5
        charge: match
        request: {method: POST, path: "/job/{{k}}"}
        outputs: {phone: response.phone}
        await:
          when: ISNOTEMPTY(response.job)
          request: {path: "/jobs/{{response.job}}"}
          every: 30ms
          at_most: 20 seconds
columns:
  - step: Phone
    provider: one
    lookup: phone
    run_if: ISNOTEMPTY(k)
    fills: {Phone: phone}
"#;

const ROW: &str = "{\"k\":\"a\"}\n";

/// The bench after one run, the number found, and each charge with its state.
fn run_of(
    name: &str,
    answer: impl Fn(&Asked, usize) -> Answer + Clone + Send + Sync + 'static,
) -> (Bench, serde_json::Value, Vec<String>) {
    let bench = Bench::new(name, TABLE, answer);
    let value = bench.results(ROW, &[])[0]["Phone"].clone();
    let charges = bench.store().charges(ChargeFilter::default()).expect("charges");
    let charges = charges.iter().map(|charge| format!("{} {}", charge.state.word(), charge.spent)).collect();
    (bench, value, charges)
}

fn posts(bench: &Bench) -> usize {
    bench.vendor.asked().iter().filter(|asked| asked.target.starts_with("/job/")).count()
}

#[test]
fn a_status_of_202_that_names_a_job_is_fetched_there() {
    let (bench, phone, charges) = run_of("job-202", |asked, number| match asked.target.as_str() {
        "/job/a" => status(202, r#"{"job":"j7"}"#),
        _ if number < 3 => status(202, r#"{"job":"j7"}"#),
        _ => body(r#"{"phone":"+1"}"#),
    });
    assert_eq!((phone, posts(&bench)), (json!("+1"), 1));
    assert_eq!(charges, ["charged 5"]);
}

#[test]
fn a_job_that_is_named_only_later_is_fetched_then() {
    let (bench, phone, charges) = run_of("job-late", |asked, number| match (asked.target.as_str(), number) {
        ("/job/a", 0) => status(202, ""),
        ("/job/a", _) => body(r#"{"job":"j7"}"#),
        _ => body(r#"{"phone":"+1"}"#),
    });
    assert_eq!((phone, posts(&bench)), (json!("+1"), 2));
    assert_eq!(charges, ["charged 5"]);
}

#[test]
fn what_can_not_be_fetched_may_have_been_paid() {
    for refusal in [400, 401, 402, 410] {
        let (_, phone, charges) = run_of(&format!("job-{refusal}"), move |asked, _| {
            if asked.target == "/job/a" { body(r#"{"job":"j7"}"#) } else { status(refusal, "no") }
        });
        assert_eq!(phone, json!(null));
        assert_eq!(charges, ["unknown 5"], "{refusal}");
    }
}

#[test]
fn an_answer_that_never_comes_is_told_as_such() {
    let table = TABLE.replace("at_most: 20 seconds", "at_most: 200ms");
    let bench = Bench::new("job-never", &table, |asked, _| {
        if asked.target == "/job/a" { body(r#"{"job":"j7"}"#) } else { status(404, "not yet") }
    });
    assert_eq!(bench.results(ROW, &[])[0]["Phone"], json!(null));
    let charges = bench.store().charges(ChargeFilter::default()).expect("charges");
    assert_eq!(
        (charges.len(), charges[0].state.word(), charges[0].spent.to_string()),
        (1, "unknown", "5".to_owned())
    );
    let dead = bench.store().dead().expect("dead cells");
    assert_eq!(dead[0].class.as_deref(), Some("unknown_outcome"), "{dead:?}");
}

#[test]
fn an_interruption_longer_than_the_wait_loses_nothing() {
    let table = TABLE.replace("at_most: 20 seconds", "at_most: 200ms");
    let bench = Bench::new("job-long", &table, |asked, number| match asked.target.as_str() {
        "/job/a" => body(r#"{"job":"j7"}"#),
        _ if number < 4 => status(404, "not yet"),
        _ => body(r#"{"phone":"+1"}"#),
    });
    bench.folder.write("rows.jsonl", ROW);
    let mut child = std::process::Command::new(env!("CARGO_BIN_EXE_clayf"))
        .args(["run", "table.yaml", "rows.jsonl", "-o", "out.jsonl"])
        .current_dir(bench.folder.path("."))
        .stderr(std::process::Stdio::null())
        .spawn()
        .expect("the program");
    while bench.vendor.asked().len() < 2 {
        std::thread::sleep(std::time::Duration::from_millis(2));
    }
    child.kill().expect("killed");
    child.wait().expect("ended");
    std::thread::sleep(std::time::Duration::from_millis(600));
    // The vendor answers the fifth call.
    while bench.vendor.asked().len() < 4 {
        let url = format!("{}/jobs/other", bench.vendor.url);
        let address = url.trim_start_matches("http://").split('/').next().expect("a host").to_owned();
        let mut stream = std::net::TcpStream::connect(address).expect("a connection");
        std::io::Write::write_all(&mut stream, b"GET /jobs/other HTTP/1.0\r\n\r\n").expect("written");
        std::io::copy(&mut stream, &mut std::io::sink()).expect("read");
    }
    assert_eq!(bench.results(ROW, &[])[0]["Phone"], json!("+1"));
    assert_eq!(posts(&bench), 1);
}

#[test]
fn an_answer_does_not_say_to_which_host_the_key_goes() {
    let table = TABLE
        .replace("path: \"/jobs/{{response.job}}\"", "url: \"{{response.job}}\"")
        .replace("columns:\n", "  - {provider: two, base_url: \"http://localhost:9\"}\ncolumns:\n");
    let bench = Bench::new("job-host", &table, |_, _| body(r#"{"job":"http://localhost:9/jobs"}"#));
    let output = bench.run(ROW, &[]);
    assert!(output.status.success(), "{}", told(&output));
    let dead = bench.store().dead().expect("dead cells");
    let reason = dead[0].reason.as_deref().unwrap_or_default();
    assert!(reason.contains("its address is not one of the provider's host"), "{reason}");
}

#[test]
fn one_address_is_for_one_provider() {
    let table = "table: T\ninputs: [domain]\nproviders:\n  - {provider: a, base_url: \"https://a.example\", lookups: {x: {inputs: [domain], outputs: {v: response.v}, request: {path: /a}}}}\n  - {provider: b, base_url: \"https://b.example\", lookups: {x: {inputs: [domain], outputs: {v: response.v}, request: {path: /b}}}}\ncolumns:\n  - step: x\n    providers: [a, b]\n    base_url: https://c.example\n    fills: {V: v}\n";
    let bench = Bench::new("one-address", table, |_, _| body("{}"));
    let output = bench.clayf(&["check", "table.yaml"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(
        told(&output).contains("`base_url` has to be for a step that asks one provider"),
        "{}",
        told(&output)
    );
}
