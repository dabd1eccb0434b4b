//! Providers that are given up within a run, and calls that may not be made again: told as what they are, and done later.

use crate::bench::{Answer, Bench, ONE_STEP, body, status, told};
use clayf::table::state::ChargeFilter;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

fn rows(count: usize) -> String {
    (0..count).map(|row| format!("{{\"domain\":\"d{row}.example\"}}\n")).collect()
}

fn dead(bench: &Bench) -> Vec<(String, String)> {
    let dead = bench.store().dead().expect("dead cells");
    dead.into_iter().map(|cell| (cell.class.unwrap_or_default(), cell.reason.unwrap_or_default())).collect()
}

#[test]
fn a_refused_key_is_told_once_and_all_rows_are_done_when_it_is_mended() {
    for concurrency in ["1", "64"] {
        let is_mended = Arc::new(AtomicBool::new(false));
        let switch = Arc::clone(&is_mended);
        let answer = move |_: usize| -> Answer {
            if switch.load(Ordering::SeqCst) { body(r#"{"plan":"gold"}"#) } else { status(401, "bad key") }
        };
        let bench = Bench::new(&format!("refused-{concurrency}"), ONE_STEP, move |_, number| answer(number));
        let output = bench.run(&rows(200), &["--concurrency", concurrency]);
        assert!(output.status.success(), "{}", told(&output));
        let dead = dead(&bench);
        assert_eq!(dead.len(), 200, "whoever was asked");
        assert!(dead.iter().all(|(class, _)| class == "unauthorized"), "{dead:?}");
        let asked = bench.vendor.asked().len();
        let refused = dead.iter().filter(|(_, reason)| reason == "mine: status 401: bad key").count();
        let given_up = "mine: not asked, as it was given up in this run: status 401: bad key";
        assert_eq!(refused, asked);
        assert_eq!(dead.iter().filter(|(_, reason)| reason == given_up).count(), 200 - asked);
        let summary = told(&output);
        let line = summary.lines().find(|line| line.starts_with("Plan (mine)")).expect("the step's line");
        let numbers: Vec<usize> =
            line.split_whitespace().skip(2).filter_map(|word| word.parse().ok()).collect();
        assert_eq!(numbers, [asked, 200 - asked, asked], "asked, not asked, failed: {summary}");
        // With the right key, all of them are done, and nothing was paid for twice.
        is_mended.store(true, Ordering::SeqCst);
        let retry = bench.clayf(&["dlq", "retry", "table.yaml", "--class", "unauthorized"]);
        assert!(retry.status.success(), "{}", told(&retry));
        let results = bench.results(&rows(200), &[]);
        assert!(results.iter().all(|row| row["Plan"] == "gold"));
        assert_eq!(bench.vendor.asked().len(), asked + 200);
    }
}

#[test]
fn a_call_that_may_not_be_made_again_has_failed() {
    let table = ONE_STEP.replace("    provider: mine\n", "    provider: mine\n    max_credits: 3\n");
    let bench = Bench::new("cut-short", &table, |_, number| {
        if number == 0 { body("{\"plan\"") } else { body("{\"plan\":\"gold\"}") }
    });
    let results = bench.results(&rows(1), &[]);
    assert!(results[0]["Plan"].is_null());
    let dead_cells = dead(&bench);
    let reason = "mine: no answer so far; 2 credits more would be above `max_credits`";
    assert_eq!(dead_cells, [("unknown_outcome".to_owned(), reason.to_owned())]);
    // Nor may it be made by another run, until the table allows more.
    let again = |bench: &Bench| {
        assert!(bench.clayf(&["dlq", "retry", "table.yaml"]).status.success());
        bench.results(&rows(1), &[])[0]["Plan"].clone()
    };
    assert!(again(&bench).is_null());
    assert_eq!(dead(&bench), [("unknown_outcome".to_owned(), reason.to_owned())]);
    let table = bench.folder.read("table.yaml").replace("max_credits: 3", "max_credits: 4");
    bench.folder.write("table.yaml", &table);
    assert_eq!(again(&bench), "gold");
    let charges = bench.store().charges(ChargeFilter::default()).expect("charges");
    assert_eq!(charges.iter().map(|charge| charge.spent.to_string()).collect::<Vec<_>>(), ["2", "2"]);
}

#[test]
fn dead_letters_are_chosen_by_what_there_is() {
    let bench = Bench::new("chosen", ONE_STEP, |asked, _| {
        status(if asked.target == "/d1.example" { 500 } else { 400 }, "no")
    });
    // Faults of a server are tried again, which takes its time.
    let table = bench
        .folder
        .read("table.yaml")
        .replace("    lookups:", "    answers: {retryable: FALSE}\n    lookups:");
    bench.folder.write("table.yaml", &table);
    bench.results(&rows(3), &[]);
    let list = |args: &[&str]| {
        let output = bench.clayf(&[&["dlq", "list", "table.yaml"], args].concat());
        (output.status.code(), String::from_utf8_lossy(&output.stdout).lines().count(), told(&output))
    };
    assert_eq!((list(&[]).0, list(&[]).1), (Some(0), 3));
    assert_eq!(list(&["--class", "refused"]).1, 2);
    assert_eq!(list(&["--row", "2"]).1, 1);
    assert_eq!(list(&["--row", "d1.example", "--class", "server_error"]).1, 1);
    assert_eq!(list(&["--row", "d1.example", "--class", "refused"]).1, 0);
    assert_eq!(list(&["--step", "Plan"]).1, 3);
    let (status, _, text) = list(&["--step", "Plam"]);
    assert!(
        status == Some(2) && text.contains("no step or effect `Plam`\n  help: did you mean `Plan`?"),
        "{text}"
    );
    let (status, _, text) = list(&["--class", "refuse"]);
    assert!(status == Some(2) && text.contains("refused") && text.contains("unknown_outcome"), "{text}");
    let (status, _, text) = list(&["--row", "d9.example"]);
    assert!(status == Some(2) && text.contains("no row `d9.example`"), "{text}");
}

#[test]
fn a_rerun_that_calls_nobody_says_so() {
    let bench = Bench::new("rerun", ONE_STEP, |_, _| body(r#"{"plan":"gold"}"#));
    bench.results(&rows(5), &[]);
    let output = bench.run(&rows(7), &[]);
    let summary = told(&output);
    let line = summary.lines().find(|line| line.starts_with("Plan (mine)")).expect("the step's line");
    assert_eq!(line.split_whitespace().nth(2), Some("2"), "only two were asked: {summary}");
    let output = bench.run(&rows(7), &[]);
    assert!(!told(&output).contains("asked"), "{}", told(&output));
}
