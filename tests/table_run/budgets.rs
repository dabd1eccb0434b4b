//! Budgets with many workers: never overspent, and spent on the same cells as by one worker.

use crate::bench::{Bench, ran};
use crate::emulator::{FaultKind, FaultPlan, Settings};
use clayf::table::credits::Credits;
use clayf::table::state::{ChargeFilter, Store};
use std::collections::BTreeMap;
use std::time::Duration;

/// Every other answer comes late, so that rows overtake each other.
fn uneven() -> Settings {
    let faults = FaultPlan { delay: Duration::from_millis(12), ..FaultPlan::only(FaultKind::Delay, 0.5) };
    Settings { faults, ..Settings::default() }
}

/// What was bought: by row and step, who was asked for what at which cost.
fn bought(bench: &Bench, state: &str) -> BTreeMap<(i64, String), Vec<(String, String, u64)>> {
    let store = Store::open_to_read(&bench.path(state)).expect("a state");
    let mut bought: BTreeMap<_, Vec<_>> = BTreeMap::new();
    for charge in store.charges(ChargeFilter::default()).expect("charges") {
        let what = (charge.provider, charge.lookup, charge.spent.as_thousandths());
        bought.entry((charge.row.number(), charge.step)).or_default().push(what);
    }
    bought
}

/// Runs the reference table under a budget with one worker and with 64, and compares. `most` is what all rows
/// together may spend.
fn check(name: &str, budget: &str, step_budget: &str, most: Option<u64>) {
    let bench = Bench::new(name, uneven());
    bench.edit("table.yaml", "budget: {run: 6000, row: 30}\n", budget);
    bench.edit(
        "table.yaml",
        "    run_if: ICP Score >= 60\n",
        &format!("    run_if: ICP Score >= 60\n{step_budget}"),
    );
    bench.with_leads(70);
    ran(&mut bench.command_over(
        "leads.jsonl",
        "serial.jsonl",
        &["--concurrency", "1", "--state", "serial.state"],
    ));
    ran(&mut bench.command_over(
        "leads.jsonl",
        "many.jsonl",
        &["--concurrency", "64", "--state", "many.state"],
    ));
    let (serial, many) = (bought(&bench, "serial.state"), bought(&bench, "many.state"));
    assert_eq!(serial, many);
    assert_eq!(bench.folder.read("serial.jsonl"), bench.folder.read("many.jsonl"));
    let spent: u64 = many.values().flatten().map(|(_, _, spent)| spent).sum();
    if let Some(most) = most {
        assert!(spent <= most * 1000, "{spent} thousandths of {most}");
        assert!(spent + 8_000 > most * 1000, "the budget is used: {spent} thousandths of {most}");
    }
    assert!(spent > 0 && Credits::thousandths(spent) > Credits::ZERO);
}

#[test]
fn a_run_budget_buys_the_same_with_64_workers() {
    check("budget-run", "budget: {run: 200}\n", "", Some(200));
}

#[test]
fn a_month_budget_buys_the_same_with_64_workers() {
    check("budget-month", "budget: {month: 90}\n", "", Some(90));
}

#[test]
fn a_row_budget_buys_the_same_with_64_workers() {
    check("budget-row", "budget: {row: 5}\n", "", None);
}

#[test]
fn a_step_budget_buys_the_same_with_64_workers() {
    check("budget-step", "budget: {run: 300, row: 20}\n", "    budget: 7\n", None);
}
