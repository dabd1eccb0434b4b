//! Records of Salesforce: collections that answer 200 and say of each record whether it was written.

use super::emulator::{FaultKind, FaultPlan, Settings, Vendor};
use super::support::{Bench, lead, leads, with};
use clayf::table::state::CellState;
use clayf::table::sync::Mode;
use serde_json::json;
use std::time::Duration;

const TABLE: &str = r#"
inputs: {email: any, last_name: any, score: any}
crm_sync:
  url: EMULATOR/salesforce/services/data/v68.0/sobjects/Contact/Clay_Key__c
  provider: salesforce
  object: records
  dedup_key: Clay_Key__c
  field_mapping:
    Clay_Key__c: "{{email}}"
    Email: "{{email}}"
    LastName: "{{last_name}}"
    Description: "{{score}}"
    LeadSource: {value: clayf, on: create}
"#;

#[test]
fn records_that_fail_are_dead_and_the_others_are_written() {
    let bench = Bench::new("salesforce", Settings::default(), TABLE);
    let mut rows = leads(450);
    rows[6] = with(lead(7), &json!({"email": "o'neil\\at.example.com"}));
    rows[7] = with(lead(8), &json!({"email": "O'Neil@example.com"}));
    let (run, ids) = bench.begin(&rows);
    let report = bench.sync(run, Mode::Send).effects.remove(0);
    assert_eq!((report.sent, report.failed, report.created), (449, 1, 449), "{report:?}");
    let (state, reason) = bench.cell(ids[6], "crm_sync");
    assert_eq!(state, CellState::Error);
    assert!(reason.starts_with("INVALID_EMAIL_ADDRESS: Email: invalid"), "{reason}");
    let ledger = bench.emulator.ledger();
    let upserts = ledger.of(Vendor::Salesforce).filter(|entry| entry.endpoint == "collection/upsert").count();
    assert_eq!(upserts, 3);

    let other = Bench::new(
        "salesforce-other",
        Settings::default(),
        &TABLE.replace("EMULATOR", &bench.emulator.origin()),
    );
    let report = other.push(&[rows[7].clone(), lead(1000)]);
    assert_eq!((report.sent, report.created), (2, 1), "{report:?}");
    let contacts = bench.emulator.contacts("salesforce");
    let known = contacts.iter().find(|contact| contact.text("Clay_Key__c") == Some("O'Neil@example.com"));
    let known = known.expect("the record");
    assert_eq!(known.updates, 1);
    assert!(!known.history[1].properties.contains_key("LeadSource"));
}

#[test]
fn faults_neither_lose_nor_double_a_record() {
    let faults = FaultPlan {
        kinds: FaultKind::TRANSIENT.to_vec(),
        retry_after: 0,
        delay: Duration::ZERO,
        ..FaultPlan::transient(3, 0.3)
    };
    let bench = Bench::new("salesforce-faults", Settings { faults, ..Settings::default() }, TABLE);
    let report = bench.push(&leads(1000));
    assert_eq!((report.sent, report.failed), (1000, 0), "{report:?}");
    assert_eq!(bench.emulator.contacts("salesforce").len(), 1000);
    assert_eq!(bench.push(&leads(1000)).unchanged, 1000);
}

#[test]
fn missing_fields_and_a_used_up_quota_are_told() {
    let bench =
        Bench::new("salesforce-fields", Settings::default(), &TABLE.replace("Description", "Score__c"));
    let report = bench.push(&leads(3));
    assert!(report.problems[0].contains("`Score__c` is not in Salesforce"), "{report:?}");

    let quotas = [(Vendor::Salesforce, 2)].into_iter().collect();
    let bench = Bench::new("salesforce-quota", Settings { quotas, ..Settings::default() }, TABLE);
    let report = bench.push(&leads(3));
    assert_eq!((report.unsent, report.failed), (3, 0), "{report:?}");
    assert!(report.problems[0].contains("TotalRequests Limit exceeded"), "{report:?}");
}
