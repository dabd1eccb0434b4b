//! Killed at any moment and started again: nothing is lost, nothing bought twice, no budget overspent.

use crate::bench::{Bench, ran};
use crate::bought::check_bought_once;
use crate::emulator::{FaultPlan, Settings, Vendor};
use crate::values::check_values;
use clayf::table::credits::Credits;
use clayf::table::state::ChargeFilter;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::process::Child;
use std::time::Duration;

/// Answers that take a while, come late, or never.
fn slow(seed: u64) -> Settings {
    let faults =
        FaultPlan { delay: Duration::from_millis(10), retry_after: 0, ..FaultPlan::transient(seed, 0.1) };
    Settings {
        faults,
        latency: Duration::from_millis(4),
        phone_delay: Duration::from_millis(150),
        clearbit_queued: 0.3,
        ..Settings::default()
    }
}

/// Starts a run and kills it after a while; whether it came to its end before that.
fn ends_before(child: &mut Child, wait: Duration) -> bool {
    std::thread::sleep(wait);
    if let Some(status) = child.try_wait().expect("a child") {
        assert!(status.success(), "a run failed by itself");
        return true;
    }
    child.kill().expect("killed");
    child.wait().expect("ended");
    false
}

/// Kills runs until so many were, or one came to its end.
fn kill_again_and_again(bench: &Bench, times: usize, waits: std::ops::Range<u64>, args: &[&str]) -> usize {
    let mut random = fastrand::Rng::with_seed(times as u64);
    for kills in 0..times {
        let mut child = bench.command(args).spawn().expect("a child");
        if ends_before(&mut child, Duration::from_millis(random.u64(waits.clone()))) {
            return kills;
        }
    }
    times
}

fn killed_runs_end_as_undisturbed_ones(name: &str, count: usize, times: usize) {
    let bench = Bench::new(name, slow(times as u64));
    bench.without_budgets();
    let leads = bench.with_leads(count);
    let kills = kill_again_and_again(&bench, times, 30..250, &["--concurrency", "8"]);
    assert!(kills * 2 >= times, "only {kills} runs were killed");
    ran(&mut bench.command(&[]));
    check_values(bench.emulator().universe(), &leads, &bench.results());
    check_bought_once(&bench, &leads);
    let store = bench.store();
    let counts = store.counts(store.last_run().expect("a state").expect("a run")).expect("counts");
    assert_eq!((counts.input(), counts.done), (count as u64, count as u64), "{counts:?}");
}

#[test]
fn killed_runs_end_as_undisturbed_ones_do() {
    killed_runs_end_as_undisturbed_ones("killed", 120, 8);
}

#[test]
#[ignore = "200 kills take a minute"]
fn runs_that_are_killed_200_times_end_as_undisturbed_ones_do() {
    killed_runs_end_as_undisturbed_ones("killed-200", 3000, 200);
}

#[test]
fn killed_runs_keep_to_their_budget() {
    let bench = Bench::new("killed-budget", slow(5));
    bench.edit("table.yaml", "budget: {run: 6000, row: 30}", "budget: {run: 150, row: 9}");
    bench.with_leads(80);
    kill_again_and_again(&bench, 5, 30..200, &["--concurrency", "32"]);
    ran(&mut bench.command(&[]));
    let charges = bench.store().charges(ChargeFilter::default()).expect("charges");
    let spent: Credits = charges.iter().map(|charge| charge.spent).sum();
    assert!(spent <= Credits::thousandths(150_000), "{spent} credits");
    for charge in &charges {
        let of_row: Credits =
            charges.iter().filter(|other| other.row == charge.row).map(|other| other.spent).sum();
        assert!(of_row <= Credits::thousandths(9_000), "{of_row} credits for one row");
    }
}

/// Kills runs once they have written a few batches, until so many were or one came to its end.
fn kill_while_pushing(bench: &Bench, times: usize) -> usize {
    let mut random = fastrand::Rng::with_seed(times as u64);
    for kills in 0..times {
        let before = writes(bench);
        let mut child = bench.command(&["--sync", "--concurrency", "2"]).spawn().expect("a child");
        let enough = before + random.usize(1..4);
        while writes(bench) < enough {
            if let Some(status) = child.try_wait().expect("a child") {
                assert!(status.success(), "a run failed by itself");
                return kills;
            }
            std::thread::sleep(Duration::from_millis(1));
        }
        std::thread::sleep(Duration::from_millis(random.u64(0..8)));
        child.kill().expect("killed");
        child.wait().expect("ended");
    }
    times
}

/// Runs with pushes are killed `times` times, from the first contact on; then one comes to its end, and one more.
fn killed_pushes_write_each_contact_once(name: &str, count: usize, times: usize) {
    let hubspot_properties = ["clay_icp_score", "clay_enrichment_date"].map(str::to_owned).into();
    let bench = Bench::new(name, Settings { hubspot_properties, ..slow(11) });
    bench.without_budgets();
    bench.edit("table.yaml", "  trigger: \"ICP Score >= 70 AND ", "  trigger: \"ICP Score >= 20 AND ");
    bench.edit("providers/hubspot.yaml", "batch: 100", "batch: 5");
    bench.with_leads(count);
    bench.run(&[]);
    let kills = kill_while_pushing(&bench, times);
    assert!(kills > 1, "only {kills} runs were killed");
    bench.run(&["--sync"]);
    let contacts = bench.emulator().contacts("hubspot");
    let is_due = |row: &&Value| row["ICP Score"].as_f64() >= Some(20.0) && row["Work Email"].is_string();
    let email = |row: &Value| row["Work Email"].as_str().expect("text").to_lowercase();
    let results = bench.results();
    let due: BTreeMap<String, &Value> =
        results.iter().filter(is_due).rev().map(|row| (email(row), row)).collect();
    let known: BTreeSet<&str> = contacts.iter().filter_map(|contact| contact.text("email")).collect();
    assert_eq!(known.len(), contacts.len(), "nobody is there twice");
    assert_eq!(known.into_iter().collect::<Vec<_>>(), due.keys().map(String::as_str).collect::<Vec<_>>());
    for contact in &contacts {
        let first = &contact.history[0].properties;
        assert!(contact.history.iter().all(|write| write.properties == *first), "{:?}", contact.history);
        let row = due[contact.text("email").expect("an e-mail")];
        assert_eq!(contact.properties["jobtitle"], row["Job Title"], "{row}");
    }
    let requests = writes(&bench);
    bench.run(&["--sync"]);
    assert_eq!(writes(&bench), requests, "what was sent is not sent again");
}

/// How many batches of contacts were written.
fn writes(bench: &Bench) -> usize {
    let ledger = bench.emulator().ledger();
    ledger.of(Vendor::HubSpot).filter(|entry| entry.endpoint == "batch/upsert").count()
}

#[test]
fn killed_pushes_write_each_contact_once_and_alike() {
    killed_pushes_write_each_contact_once("killed-push", 160, 5);
}

#[test]
#[ignore = "60 kills take a while"]
fn pushes_that_are_killed_60_times_write_each_contact_once_and_alike() {
    killed_pushes_write_each_contact_once("killed-push-60", 1500, 60);
}
