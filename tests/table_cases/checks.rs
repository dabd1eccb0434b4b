//! Results that a further lookup checks: never thrown away because the checker fails, and not bought where they can't be
//! checked.

use crate::bench::{Answer, Asked, Bench, body, status, told};
use clayf::table::state::ChargeFilter;
use serde_json::{Value, json};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

const TABLE: &str = r#"
table: Checks
inputs: [k]
row_key: "{{k}}"
providers:
  - provider: one
    base_url: {url}
    lookups:
      email: {inputs: [k], credits: 2, charge: match, request: {path: "/one/{{k}}"}, outputs: {email: response.email, score: response.score}}
  - provider: two
    base_url: {url}
    lookups:
      email: {inputs: [k], credits: 3, charge: match, request: {path: "/two/{{k}}"}, outputs: {email: response.email}}
  - provider: checker
    base_url: {url}
    lookups:
      verify: {inputs: [email], credits: 1, request: {path: "/verify/{{email}}"}, outputs: {status: response.status}}
columns:
  - step: Mail
    providers: [one, two]
    lookup: email
    run_if: ISNOTEMPTY(k)
    fills: {Mail: email}
    winner: Who
    validate: {provider: checker, lookup: verify, accept: 'status = "valid"'}
"#;

fn rows(count: usize) -> String {
    (0..count).map(|row| format!("{{\"k\":\"k{row}\"}}\n")).collect()
}

/// Who was asked, by the first part of the path.
fn calls(bench: &Bench, who: &str) -> usize {
    bench.vendor.asked().iter().filter(|asked| asked.target.starts_with(&format!("/{who}/"))).count()
}

fn spent(bench: &Bench) -> f64 {
    let charges = bench.store().charges(ChargeFilter::default()).expect("charges");
    charges.iter().map(|charge| charge.spent.as_number()).sum()
}

fn found(asked: &Asked) -> Answer {
    if asked.target.starts_with("/verify/") {
        return body(r#"{"status":"valid"}"#);
    }
    body(format!(r#"{{"email":"{}@x"}}"#, asked.target.replace('/', "-")))
}

#[test]
fn a_checker_that_refuses_keeps_what_was_bought_for_later() {
    let is_mended = Arc::new(AtomicBool::new(false));
    let switch = Arc::clone(&is_mended);
    let bench = Bench::new("checker-refuses", TABLE, move |asked, _| {
        let is_refused = asked.target.starts_with("/verify/") && !switch.load(Ordering::SeqCst);
        if is_refused { status(401, "bad key") } else { found(asked) }
    });
    let results = bench.results(&rows(40), &["--concurrency", "4"]);
    assert!(results.iter().all(|row| row["Mail"].is_null()));
    let bought = calls(&bench, "one");
    assert!(bought < 12 && calls(&bench, "two") == 0, "what can't be checked is not bought: {bought}");
    let dead = bench.store().dead().expect("dead cells");
    assert_eq!(dead.len(), 40);
    assert!(dead.iter().all(|cell| cell.class.as_deref() == Some("unauthorized")), "{dead:?}");
    let reason = dead[0].reason.as_deref().unwrap_or_default();
    assert!(reason.contains("its result is there, but checker did not check it"), "{reason}");
    is_mended.store(true, Ordering::SeqCst);
    assert!(bench.clayf(&["dlq", "retry", "table.yaml"]).status.success());
    let plan = bench.clayf(&["plan", "table.yaml", "rows.jsonl", "--json"]);
    let plan: Value = serde_json::from_slice(&plan.stdout).expect("JSON");
    assert_eq!(
        plan["least"].as_f64(),
        Some(bought as f64),
        "results that are there are only checked: {plan}"
    );
    let results = bench.results(&rows(40), &[]);
    assert!(results.iter().all(|row| row["Who"] == "one"), "{results:?}");
    assert_eq!(calls(&bench, "one"), 40, "each was bought once");
    assert_eq!(spent(&bench), 40.0 * 3.0);
}

#[test]
fn without_its_check_a_result_is_taken_as_it_is() {
    let bench = Bench::new("check-removed", TABLE, |asked, _| {
        if asked.target.starts_with("/verify/") { status(400, "no") } else { found(asked) }
    });
    assert!(bench.results(&rows(3), &[]).iter().all(|row| row["Mail"].is_null()));
    let table = bench.folder.read("table.yaml").replace("    validate:", "    # validate:");
    bench.folder.write("table.yaml", &table);
    assert!(bench.clayf(&["dlq", "retry", "table.yaml"]).status.success());
    let results = bench.results(&rows(3), &[]);
    assert!(results.iter().all(|row| row["Who"] == "one" && row["Mail"].is_string()), "{results:?}");
    assert_eq!((calls(&bench, "one"), calls(&bench, "two")), (3, 0));
}

#[test]
fn a_result_is_bought_only_with_its_check() {
    let table = TABLE.replace("    winner: Who\n", "    winner: Who\n    max_credits: 2.5\n");
    let bench = Bench::new("check-too-dear", &table, |asked, _| found(asked));
    assert_eq!(bench.results(&rows(3), &[])[0]["Mail"], json!(null));
    assert_eq!(bench.vendor.asked().len(), 0, "neither of them can be checked for that");
    let table = TABLE.replace("inputs: [k]\nrow_key", "budget: {row: 2}\ninputs: [k]\nrow_key");
    let bench = Bench::new("check-above-row", &table, |asked, _| found(asked));
    bench.results(&rows(3), &[]);
    assert_eq!(bench.vendor.asked().len(), 0);
}

#[test]
fn there_has_to_be_something_to_check() {
    let bench = Bench::new("nothing-to-check", TABLE, |asked, _| {
        if asked.target.starts_with("/one/") { body(r#"{"email":null,"score":9}"#) } else { found(asked) }
    });
    let results = bench.results(&rows(1), &[]);
    assert_eq!((&results[0]["Who"], calls(&bench, "verify")), (&json!("two"), 1));
    let table = TABLE
        .replace("verify: {inputs: [email]", "verify: {inputs: [mail]")
        .replace("/verify/{{email}}", "/verify/{{mail}}");
    let bench = Bench::new("unknown-to-check", &table, |asked, _| found(asked));
    let output = bench.clayf(&["check", "table.yaml"]);
    assert_eq!(output.status.code(), Some(2));
    let text = told(&output);
    assert!(text.contains("the check needs `mail`, and no lookup of this step gives it"), "{text}");
}

#[test]
fn the_checker_has_tries_of_its_own() {
    let bench = Bench::new("own-tries", TABLE, |asked, number| {
        let is_check = asked.target.starts_with("/verify/");
        // The provider fails often, and then the checker once.
        if number < 6 || (is_check && number == 7) { status(500, "") } else { found(asked) }
    });
    assert_eq!(bench.results(&rows(1), &[])[0]["Who"], json!("one"));
}

#[test]
fn providers_are_known_by_their_names_when_their_order_changes() {
    let is_mended = Arc::new(AtomicBool::new(false));
    let switch = Arc::clone(&is_mended);
    let bench =
        Bench::new("reordered", &TABLE.replace("    validate:", "    # validate:"), move |asked, _| {
            match (asked.target.starts_with("/one/"), switch.load(Ordering::SeqCst)) {
                (true, _) => body("{}"),
                (false, false) => status(400, "no"),
                (false, true) => found(asked),
            }
        });
    bench.results(&rows(1), &[]);
    assert_eq!((calls(&bench, "one"), calls(&bench, "two")), (1, 1));
    let table = bench.folder.read("table.yaml").replace("providers: [one, two]", "providers: [two, one]");
    bench.folder.write("table.yaml", &table);
    is_mended.store(true, Ordering::SeqCst);
    assert!(bench.clayf(&["dlq", "retry", "table.yaml"]).status.success());
    assert_eq!(bench.results(&rows(1), &[])[0]["Who"], json!("two"));
    assert_eq!((calls(&bench, "one"), calls(&bench, "two")), (1, 2), "who answered is not asked again");
}

#[test]
fn a_row_does_not_change_what_a_template_says_itself() {
    let table = r#"
table: Spread
inputs: [k, extra]
row_key: "{{k}}"
providers:
  - provider: one
    base_url: {url}
    lookups:
      email: {inputs: [k, extra], request: {method: POST, path: /, body: {"...": "{{extra}}", fixed: true, k: "{{k}}"}}, outputs: {email: response.email}}
columns:
  - step: Mail
    provider: one
    run_if: ISNOTEMPTY(k)
    fills: {Mail: email}
"#;
    let bench = Bench::new("spread", table, |_, _| body("{}"));
    bench.results("{\"k\":\"a\",\"extra\":{\"k\":\"b\",\"fixed\":false,\"own\":1,\"own\":2}}\n", &[]);
    let sent: Value = serde_json::from_str(&bench.vendor.asked()[0].body).expect("JSON");
    assert_eq!(sent, json!({"own": 1, "fixed": true, "k": "a"}));
    assert_eq!(bench.vendor.asked()[0].body.matches("\"own\"").count(), 1);
}

#[test]
fn a_check_that_is_awaited_when_it_is_removed_may_have_been_paid() {
    let table = TABLE.replace(
        "outputs: {status: response.status}}",
        "outputs: {status: response.status}, await: {when: response.wait = TRUE, request: {path: /later}, every: 20ms}}",
    );
    let bench = Bench::new("awaited-check", &table, |asked, _| match asked.target.as_str() {
        "/later" => status(404, "not yet"),
        target if target.starts_with("/verify/") => body(r#"{"wait":true}"#),
        _ => found(asked),
    });
    bench.folder.write("rows.jsonl", &rows(1));
    let mut child = std::process::Command::new(env!("CARGO_BIN_EXE_clayf"))
        .args(["run", "table.yaml", "rows.jsonl", "-o", "out.jsonl"])
        .current_dir(bench.folder.path("."))
        .stderr(std::process::Stdio::null())
        .spawn()
        .expect("the program");
    while calls(&bench, "later") == 0 && !bench.vendor.asked().iter().any(|asked| asked.target == "/later") {
        std::thread::sleep(std::time::Duration::from_millis(2));
    }
    child.kill().expect("killed");
    child.wait().expect("ended");
    let table = bench.folder.read("table.yaml").replace("    validate:", "    # validate:");
    bench.folder.write("table.yaml", &table);
    assert_eq!(bench.results(&rows(1), &[])[0]["Who"], json!("one"));
    assert_eq!((calls(&bench, "one"), calls(&bench, "two")), (1, 0));
    let charges = bench.store().charges(ChargeFilter::default()).expect("charges");
    let told: Vec<String> = charges
        .iter()
        .map(|charge| format!("{} {} {}", charge.provider, charge.state.word(), charge.spent))
        .collect();
    assert_eq!(told, ["one charged 2", "checker unknown 1"]);
}
