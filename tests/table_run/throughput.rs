//! How fast a whole table runs, against what the latency of its vendors allows.

use crate::bench::Bench;
use crate::emulator::Settings;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

const LATENCY: Duration = Duration::from_millis(50);
const WORKERS: u32 = 64;

/// Prints what it measured. `CLAYF_BINARY` names another program to measure, such as an optimised one.
#[test]
#[ignore = "10,000 rows, and a figure that depends on the machine"]
#[allow(clippy::print_stderr, reason = "the figures are what the test is for")]
fn most_of_what_the_latency_allows_is_used() {
    let rows = 10_000;
    let bench = Bench::new("throughput", Settings { latency: LATENCY, ..Settings::default() });
    bench.without_budgets();
    bench.with_leads(rows);
    let binary = std::env::var("CLAYF_BINARY").unwrap_or_else(|_| env!("CARGO_BIN_EXE_clayf").to_owned());
    let began = Instant::now();
    // The shell tells how much time of the processor its child took.
    let output = Command::new("sh")
        .args(["-c", "\"$@\" && times", "sh", &binary, "run", "table.yaml", "leads.jsonl", "-o", "out.jsonl"])
        .args(["--keys", "keys.env", "--allow-private", "--concurrency", &WORKERS.to_string()])
        .current_dir(bench.path("."))
        .stdin(Stdio::null())
        .output()
        .expect("a shell");
    let took = began.elapsed();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let calls = bench.emulator().ledger().entries.len() as u32;
    let allowed = LATENCY * calls / WORKERS;
    let used = allowed.as_secs_f64() / took.as_secs_f64();
    let times = String::from_utf8_lossy(&output.stdout);
    eprintln!("{rows} rows, {calls} calls in {took:.1?}, {allowed:.1?} allowed: {:.0} %", used * 100.0);
    eprintln!("processor time, user and system: {}", times.lines().last().unwrap_or_default());
    assert!(used >= 0.8, "{used}");
}
