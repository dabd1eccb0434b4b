//! A provider's limit is kept as the provider counts, and is used.

use crate::bench::Bench;
use crate::emulator::{Settings, Vendor};
use std::time::Duration;

/// On a busy machine, calls that were sent in time can arrive later than those before them.
const NEARLY_A_SECOND: Duration = Duration::from_millis(850);
const PER_SECOND: usize = 20;

fn check(name: &str, rows: usize) {
    let bench = Bench::new(name, Settings::default());
    bench.edit("providers/clearbit.yaml", "auth: ", &format!("limits: {PER_SECOND} per second\nauth: "));
    bench.edit("table.yaml", "budget: {run: 6000, row: 30}\n", "");
    let lines: String =
        (0..rows).map(|number| format!("{{\"domain\": \"company-{number}.example\"}}\n")).collect();
    bench.folder.write("leads.jsonl", &lines);
    bench.run(&["--concurrency", "32"]);
    let ledger = bench.emulator().ledger();
    let arrivals = ledger.arrivals(Vendor::Clearbit);
    assert_eq!(arrivals.len(), rows);
    assert!(ledger.busiest(Vendor::Clearbit, NEARLY_A_SECOND) <= PER_SECOND);
    let took = arrivals[rows - 1].abs_diff(arrivals[0]).as_secs_f64();
    // The first ones come at once, so the last ones come that much earlier.
    let allowed = (rows - PER_SECOND) as f64 / PER_SECOND as f64;
    assert!(took <= allowed / 0.9 + 0.5, "{rows} calls took {took} seconds, where {allowed} are needed");
}

#[test]
fn a_limit_is_kept_and_used() {
    check("rate", 80);
}

#[test]
#[ignore = "30 seconds of calls"]
fn a_limit_is_kept_and_used_for_30_seconds() {
    check("rate-30", 620);
}
