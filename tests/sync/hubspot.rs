//! Contacts of `HubSpot`.

use super::emulator::{FaultKind, FaultPlan, Outcome, Settings, Vendor};
use super::support::{Bench, lead, leads, with};
use clayf::table::state::{CellState, DeadFilter, RowStatus};
use clayf::table::sync::Mode;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::time::Duration;

const TABLE: &str = r#"
inputs: {email: any, last_name: any, score: any, owner: any}
crm_sync:
  trigger: score >= 70
  url: EMULATOR/hubspot/crm/v3/objects/contacts
  provider: hubspot
  object: contacts
  dedup_key: email
  field_mapping:
    email: "{{email}}"
    lastname: "{{last_name}}"
    clay_score: "{{score}}"
    hubspot_owner_id: "{{owner}}"
    hs_lead_status: {value: NEW, on: create}
"#;

fn settings() -> Settings {
    Settings { hubspot_properties: vec!["clay_score".to_owned()], ..Settings::default() }
}

fn bench(name: &str, faults: FaultPlan) -> Bench {
    Bench::new(name, Settings { faults, ..settings() }, TABLE)
}

fn emails(bench: &Bench) -> BTreeSet<String> {
    let contacts = bench.emulator.contacts("hubspot");
    let emails: BTreeSet<_> =
        contacts.iter().map(|contact| contact.text("email").expect("an e-mail").to_owned()).collect();
    assert_eq!(emails.len(), contacts.len(), "nobody is there twice");
    emails
}

/// A thousand rows, some of them the same contact in another spelling.
fn thousand() -> Vec<Value> {
    let spelled = |number: usize, email: &str| match number % 10 {
        0 => format!(" Lead{}@Example.COM ", number - 1),
        5 => email.to_uppercase(),
        _ => email.to_owned(),
    };
    let row = |number| {
        let lead = lead(number);
        let email = spelled(number, lead["email"].as_str().expect("an e-mail"));
        with(lead, &json!({ "email": email }))
    };
    (1..=1000).map(row).collect()
}

#[test]
fn each_contact_is_pushed_once_whatever_its_spelling() {
    let bench = bench("spellings", FaultPlan::none());
    let report = bench.push(&thousand());
    assert_eq!((report.due, report.sent, report.duplicates, report.created), (1000, 900, 100, 900));
    let shown = bench.live.numbers().pushes["crm_sync"];
    assert_eq!((shown.pushed, shown.of), (900, 900));
    assert_eq!(emails(&bench).len(), 900);
    assert!(emails(&bench).contains("lead9@example.com"));
    let calls = bench.emulator.ledger().of(Vendor::HubSpot).count();
    assert!(calls <= 1 + 9 + 9 + 2, "{calls} calls");

    let again = bench.push(&thousand());
    assert_eq!((again.sent, again.unchanged, again.duplicates), (0, 900, 100));
    // Only the properties were asked for.
    assert_eq!(bench.emulator.ledger().of(Vendor::HubSpot).count(), calls + 1);

    let mut changed = thousand();
    changed[2] = with(changed[2].clone(), &json!({"last_name": "Changed"}));
    let third = bench.push(&changed);
    assert_eq!((third.sent, third.created, third.unchanged), (1, 0, 899));
    let contacts = bench.emulator.contacts("hubspot");
    let touched: Vec<_> = contacts.iter().filter(|contact| contact.updates > 0).collect();
    assert_eq!(touched.len(), 1);
    assert_eq!(touched[0].text("lastname"), Some("Changed"));
    assert!(!touched[0].history[1].properties.contains_key("hs_lead_status"), "it is no new contact");
}

#[test]
fn outcomes_stand_in_the_cells() {
    let bench = bench("cells", FaultPlan::none());
    let rows = [
        lead(1),
        with(lead(2), &json!({"score": 60})),
        with(lead(3), &json!({"email": "LEAD1@example.com"})),
        with(lead(4), &json!({"email": " "})),
        with(lead(5), &json!({"score": "many"})),
    ];
    let (run, ids) = bench.begin(&rows);
    let report = bench.sync(run, Mode::Send).effects.remove(0);
    assert_eq!((report.due, report.sent, report.duplicates, report.keyless), (3, 1, 1, 1), "{report:?}");
    let cell = |index: usize| bench.cell(ids[index], "crm_sync");
    assert_eq!(cell(0).0, CellState::Success);
    assert_eq!(cell(1), (CellState::ConditionNotMet, "score >= 70".to_owned()));
    assert_eq!(cell(2), (CellState::ConditionNotMet, "the same email as row 1".to_owned()));
    assert_eq!(cell(3), (CellState::ConditionNotMet, "`email` is empty".to_owned()));
    assert_eq!(cell(4).0, CellState::ConditionNotMet);
}

#[test]
fn contacts_that_are_there_keep_what_only_new_ones_get() {
    let bench = bench("create", FaultPlan::none());
    bench.push(&leads(3));
    // The CRM knows them, and this state does not.
    let other = Bench::new("create-other", settings(), &TABLE.replace("EMULATOR", &bench.emulator.origin()));
    let report = other.push(&leads(5));
    assert_eq!((report.sent, report.created), (5, 2), "{report:?}");
    for contact in bench.emulator.contacts("hubspot") {
        let writes: Vec<bool> =
            contact.history.iter().map(|write| write.properties.contains_key("hs_lead_status")).collect();
        let is_old = ["lead1@example.com", "lead2@example.com", "lead3@example.com"]
            .contains(&contact.text("email").expect("an e-mail"));
        assert_eq!(writes, if is_old { vec![true, false] } else { vec![true] });
    }
}

#[test]
fn nothing_is_pushed_into_properties_that_are_not_there() {
    let bench = Bench::new("preflight", Settings::default(), TABLE);
    let report = bench.push(&leads(3));
    assert_eq!((report.sent, report.unsent), (0, 3));
    let problem = report.problems.join("\n");
    assert!(problem.contains("the property `clay_score` is not in HubSpot"), "{problem}");
    assert!(problem.contains("create it in HubSpot under Settings, Properties"), "{problem}");
    let ledger = bench.emulator.ledger();
    assert_eq!(ledger.of(Vendor::HubSpot).map(|entry| entry.endpoint).collect::<Vec<_>>(), ["properties"]);
}

#[test]
fn one_bad_value_is_split_off_and_can_be_tried_again() {
    let bench = bench("poisoned", FaultPlan::none());
    let mut rows = leads(100);
    rows[41] = with(lead(42), &json!({"email": "lead42(at)example.com"}));
    let (run, ids) = bench.begin(&rows);
    let report = bench.sync(run, Mode::Send).effects.remove(0);
    assert_eq!((report.sent, report.failed), (99, 1), "{report:?}");
    assert_eq!(emails(&bench).len(), 99);
    let (state, reason) = bench.cell(ids[41], "crm_sync");
    assert_eq!(state, CellState::Error);
    assert!(reason.contains("status 400") && reason.contains("is invalid"), "{reason}");
    let dead = bench.store().dead().expect("dead letters");
    assert_eq!((dead.len(), dead[0].position, dead[0].status.as_deref()), (1, Some(42), Some("400")));
    assert_eq!(bench.store().rows(run, 41, 1).expect("a row")[0].status, RowStatus::Dead);

    // It stays dead without a call until someone asks for it.
    let calls = bench.emulator.ledger().entries.len();
    let again = bench.sync(run, Mode::Send).effects.remove(0);
    assert_eq!((again.failed, again.unchanged, bench.emulator.ledger().entries.len()), (1, 99, calls + 1));
    let which = DeadFilter { row: Some(ids[41]), ..DeadFilter::default() };
    bench.store().retry_dead(which, super::support::AT, str::to_owned).expect("retried");
    // As a run leaves it, which finds nothing to buy.
    bench.store().set_row_status(run, ids[41], RowStatus::Done);
    let retried = bench.sync(run, Mode::Send).effects.remove(0);
    assert_eq!((retried.failed, retried.unchanged), (1, 99));
    assert!(bench.emulator.ledger().entries.len() > calls + 2, "it was asked again");
    // And a better value is pushed without asking.
    rows[41] = lead(42);
    assert_eq!(bench.push(&rows).sent, 1);
    assert_eq!(emails(&bench).len(), 100);
}

#[test]
fn faults_neither_lose_nor_double_a_contact() {
    for seed in 1..=4 {
        let mut kinds = FaultKind::TRANSIENT.to_vec();
        kinds.extend([FaultKind::EmptyResults, FaultKind::BatchConflict]);
        let faults =
            FaultPlan { kinds, retry_after: 0, delay: Duration::ZERO, ..FaultPlan::transient(seed, 0.2) };
        let bench = bench(&format!("faults-{seed}"), faults);
        let report = bench.push(&thousand());
        assert_eq!((report.sent, report.failed, report.unsent), (900, 0, 0), "seed {seed}: {report:?}");
        assert_eq!(emails(&bench).len(), 900);
        for contact in bench.emulator.contacts("hubspot") {
            let first = &contact.history[0].properties;
            // Whatever is repeated after a lost answer is the same again.
            assert!(contact.history.iter().all(|write| write.properties == *first));
            assert!(first.contains_key("hs_lead_status"));
        }
        let again = bench.push(&thousand());
        assert_eq!((again.sent, again.unchanged), (0, 900));
    }
}

#[test]
fn what_comes_back_empty_is_a_failure() {
    let faults = FaultPlan { max_in_a_row: 1000, ..FaultPlan::only(FaultKind::EmptyResults, 1.0) };
    let bench = bench("empty", faults);
    let report = bench.push(&leads(4));
    assert_eq!((report.sent, report.failed), (0, 4), "{report:?}");
    let dead = bench.store().dead().expect("dead letters");
    assert!(dead.iter().all(|cell| cell.class.as_deref() == Some("no_result")), "{dead:?}");
    assert!(bench.emulator.contacts("hubspot").is_empty());
}

#[test]
fn a_wrong_key_and_a_used_up_quota_stop_the_effect() {
    let keys = [(Vendor::HubSpot, vec!["another".to_owned()])].into_iter().collect();
    let bench = Bench::new("unauthorized", Settings { keys, ..settings() }, TABLE);
    let report = bench.push(&leads(300));
    assert_eq!((report.unsent, report.failed, report.problems.len()), (300, 0, 1), "{report:?}");

    let quotas = [(Vendor::HubSpot, 4)].into_iter().collect();
    let bench = Bench::new("quota", Settings { quotas, ..settings() }, TABLE);
    let report = bench.push(&leads(1000));
    assert!(report.unsent > 0 && report.failed == 0 && report.problems.len() == 1, "{report:?}");
    assert_eq!(report.sent as usize, emails(&bench).len());
    assert!(bench.store().dead().expect("dead letters").is_empty());
    let ledger = bench.emulator.ledger();
    let stopped = ledger.of(Vendor::HubSpot).filter(|entry| entry.outcome == Outcome::OutOfCredits).count();
    assert!(stopped <= 8, "{stopped} calls in vain");
}

#[test]
fn a_dry_run_calls_nobody_and_keeps_nothing() {
    let bench = bench("dry", FaultPlan::none());
    let mut rows = leads(150);
    rows[3] = with(lead(4), &json!({"email": "LEAD1@example.com"}));
    let (report, shown) = bench.dry_run(&rows);
    assert_eq!((report.due, report.would_send, report.duplicates, report.sent), (150, 149, 1, 0));
    assert!(report.notes[0].contains("shown as new ones"), "{:?}", report.notes);
    assert!(bench.emulator.ledger().entries.is_empty());
    assert!(bench.store().outbox_to_send().expect("the outbox").is_empty());
    assert_eq!(
        shown.iter().map(|line| line["rows"].as_array().map_or(0, Vec::len)).collect::<Vec<_>>(),
        [100, 49]
    );
    let first = &shown[0];
    assert_eq!((&first["effect"], &first["method"]), (&json!("crm_sync"), &json!("POST")));
    assert!(first["url"].as_str().expect("an address").ends_with("/contacts/batch/upsert"));
    assert_eq!(
        first["body"]["inputs"][0],
        json!({
            "id": "lead1@example.com",
            "idProperty": "email",
            "objectWriteTraceId": "0",
            "properties": {
                "email": "lead1@example.com",
                "lastname": "Lead 1",
                "clay_score": 80,
                "hs_lead_status": "NEW"
            }
        })
    );
    assert!(!first.to_string().contains("Bearer"));
}
