//! Runs that end while something is being sent.

use super::emulator::{FaultKind, FaultPlan, Settings};
use super::support::{AT, Bench, lead, with};
use clayf::table::state::{CellState, EffectState, NewEffect};
use clayf::table::sync::Mode;
use serde_json::json;

const TABLE: &str = r#"
inputs: {email: any, last_name: any}
crm_sync:
  url: EMULATOR/hubspot/crm/v3/objects/contacts
  provider: hubspot
  object: contacts
  field_mapping:
    email: "{{email}}"
    lastname: "{{last_name}}"
    hs_lead_status: {value: NEW, on: create}
"#;

const PAYLOAD: &str = r#"{"key":"lead1@example.com","properties":{"email":"lead1@example.com","lastname":"Lead 1"},"create":{"hs_lead_status":"NEW"}}"#;

/// A state in which the first lead was being sent when its run ended.
fn killed(name: &str) -> Bench {
    let mut bench = Bench::new(name, Settings::default(), TABLE);
    let (_, ids) = bench.begin(&[lead(1)]);
    let effect = NewEffect {
        effect: "crm_sync".to_owned(),
        dedup_key: "lead1@example.com".to_owned(),
        row: ids[0],
        payload: PAYLOAD.to_owned(),
        at: AT.to_owned(),
    };
    let entries = bench.store().enqueue(&[effect]).expect("an entry");
    bench.store().mark_sending(&[entries[0].id], AT).expect("sending");
    bench.reopen();
    bench
}

#[test]
fn what_was_being_sent_is_sent_again_as_it_was() {
    let bench = killed("killed");
    let report = bench.push(&[lead(1)]);
    assert_eq!((report.resent, report.sent, report.unchanged), (1, 0, 1), "{report:?}");
    let contacts = bench.emulator.contacts("hubspot");
    let wanted = json!({"email": "lead1@example.com", "lastname": "Lead 1", "hs_lead_status": "NEW"});
    assert_eq!(json!(contacts[0].history[0].properties), wanted);
    let entry = bench.store().outbox_entry("crm_sync", "lead1@example.com").expect("read").expect("an entry");
    assert_eq!((entry.state, entry.payload.as_str()), (EffectState::Sent, PAYLOAD));
}

#[test]
fn what_changed_meanwhile_follows() {
    let bench = killed("killed-changed");
    let report = bench.push(&[with(lead(1), &json!({"last_name": "Changed"}))]);
    assert_eq!((report.resent, report.sent), (1, 1), "{report:?}");
    let contacts = bench.emulator.contacts("hubspot");
    let writes: Vec<_> = contacts[0].history.iter().map(|write| json!(write.properties)).collect();
    assert_eq!(
        writes,
        [
            json!({"email": "lead1@example.com", "lastname": "Lead 1", "hs_lead_status": "NEW"}),
            json!({"email": "lead1@example.com", "lastname": "Changed"}),
        ]
    );
}

#[test]
fn an_answer_that_is_lost_each_time_leaves_it_open() {
    let faults = FaultPlan { max_in_a_row: 1000, ..FaultPlan::only(FaultKind::DropAfter, 0.0) };
    let mut bench = Bench::new("lost", Settings { faults, ..Settings::default() }, TABLE);
    // Nobody is at this address.
    bench.change_table(
        &TABLE.replace(
            "EMULATOR/hubspot/crm/v3/objects/contacts",
            "http://127.0.0.1:9/crm/v3/objects/contacts",
        ),
    );
    let (run, ids) = bench.begin(&[lead(1)]);
    let report = bench.sync(run, Mode::Send).effects.remove(0);
    assert_eq!((report.unsent, report.problems.len()), (1, 1), "{report:?}");
    bench.change_table(TABLE);
    let report = bench.sync(run, Mode::Send).effects.remove(0);
    assert_eq!((report.sent, report.problems.len()), (1, 0), "{report:?}");
    assert_eq!(bench.cell(ids[0], "crm_sync").0, CellState::Success);
}
