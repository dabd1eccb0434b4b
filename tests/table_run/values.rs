//! Every value of the reference table is right, with faults and without, and nothing is asked again that is known.

use crate::bench::Bench;
use crate::bought::{check_bought_once, check_nobody_is_asked_after_a_match};
use crate::emulator::leads::Lead;
use crate::emulator::{FaultPlan, Settings, Universe};
use crate::oracle::expected;
use serde_json::Value;
use std::time::Duration;

/// Compares results with what the universe says, column for column.
pub(crate) fn check_values(universe: &Universe, leads: &[Lead], results: &[Value]) {
    assert_eq!(leads.len(), results.len());
    for (number, (lead, result)) in (1..).zip(leads.iter().zip(results)) {
        let expected = expected(universe, lead);
        for (column, value) in expected.as_object().expect("columns") {
            assert_eq!(&result[column], value, "row {number}, `{column}` of {lead:?}: {result}");
        }
        let score = expected["ICP Score"].as_u64().expect("a score");
        assert_eq!(result["Recent News"].is_string(), score >= 60, "row {number}: {result}");
        assert_eq!(result["Personalized Opener"].is_string(), score >= 70, "row {number}: {result}");
    }
}

/// Settings with this share of transient faults, none of which takes long.
pub(crate) fn faulty(rate: f64) -> Settings {
    let faults = FaultPlan {
        delay: Duration::from_millis(5),
        retry_after: 0,
        max_in_all: 2,
        ..FaultPlan::transient(3, rate)
    };
    Settings { faults, ..Settings::default() }
}

#[test]
fn every_value_is_what_the_vendors_know() {
    all_values("values", 150, Settings::default());
}

#[test]
#[ignore = "1,000 rows take a while"]
fn every_value_of_1000_rows_is_what_the_vendors_know() {
    all_values("values-1000", 1000, Settings::default());
}

#[test]
fn faults_that_pass_change_no_value() {
    all_values("faults", 120, faulty(0.2));
}

#[test]
#[ignore = "1,000 rows with faults take a minute"]
fn faults_that_pass_change_no_value_of_1000_rows() {
    all_values("faults-1000", 1000, faulty(0.2));
}

fn all_values(name: &str, count: usize, settings: Settings) {
    let bench = Bench::new(name, settings);
    bench.without_budgets();
    let leads = bench.with_leads(count);
    bench.run(&[]);
    check_values(bench.emulator().universe(), &leads, &bench.results());
    check_bought_once(&bench, &leads);
    check_nobody_is_asked_after_a_match(&bench, &leads);
    let (asked, first) = (bench.emulator().ledger().entries.len(), bench.folder.read("out.jsonl"));
    bench.run(&[]);
    assert_eq!(bench.emulator().ledger().entries.len(), asked, "what is known is not asked again");
    assert_eq!(bench.folder.read("out.jsonl"), first);
}
