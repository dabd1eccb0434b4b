//! Runs that end while something is being sent.

use super::emulator::Settings;
use super::support::{AT, Bench, lead, leads, with};
use clayf::table::http::{CallError, Guard, Http, Request, Response, Settings as HttpSettings, Transport};
use clayf::table::state::{CellState, EffectState, NewEffect};
use clayf::table::sync::Mode;
use serde_json::json;
use std::sync::Mutex;

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

/// Writes a contact of the first lead as the interrupted run may have, and as a rep has changed it since.
fn written_and_changed(bench: &Bench) {
    let transport = Http::new(
        Guard::new([bench.emulator.origin().replace("http://", "")], false).expect("a guard"),
        HttpSettings::default(),
    );
    for status in ["NEW", "IN_PROGRESS"] {
        let url = format!("{}/hubspot/crm/v3/objects/contacts/batch/upsert", bench.emulator.origin());
        let mut request = Request::new("POST".parse().expect("a method"), &url);
        request.headers = vec![
            ("authorization".to_owned(), "Bearer hub".to_owned()),
            ("content-type".to_owned(), "application/json".to_owned()),
        ];
        let properties =
            json!({"email": "lead1@example.com", "lastname": "Lead 1", "hs_lead_status": status});
        let input = json!({"id": "lead1@example.com", "idProperty": "email", "properties": properties});
        request.body = Some(json!({ "inputs": [input] }).to_string());
        assert_eq!(transport.call(&request).expect("an answer").status, 200);
    }
}

#[test]
fn what_a_rep_did_after_an_interrupted_run_stays() {
    let bench = killed("killed-created");
    written_and_changed(&bench);
    let report = bench.push(&[lead(1)]);
    assert_eq!((report.resent, report.sent, report.unchanged), (1, 0, 1), "{report:?}");
    let contacts = bench.emulator.contacts("hubspot");
    assert_eq!(contacts[0].history.len(), 3);
    assert_eq!(contacts[0].text("hs_lead_status"), Some("IN_PROGRESS"));
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

/// Answers questions, and fails each push in the same way; notes what was pushed.
struct Broken {
    error: CallError,
    pushed: Mutex<Vec<String>>,
}

impl Broken {
    fn new(error: CallError) -> Self {
        Self { error, pushed: Mutex::default() }
    }
}

impl Transport for Broken {
    fn call(&self, request: &Request) -> Result<Response, CallError> {
        let body = if request.url.ends_with("/properties/contacts") {
            r#"{"results":[{"name":"email"},{"name":"lastname"},{"name":"hs_lead_status"}]}"#
        } else if request.url.ends_with("/batch/read") {
            r#"{"results":[]}"#
        } else {
            self.pushed.lock().expect("a lock").push(request.body.clone().unwrap_or_default());
            return Err(self.error.clone());
        };
        Ok(Response { status: 200, headers: Vec::new(), body: body.to_owned() })
    }
}

#[test]
fn an_answer_that_is_lost_each_time_leaves_it_open() {
    let bench = Bench::new("lost", Settings::default(), TABLE);
    let (run, ids) = bench.begin(&[lead(1)]);
    let (host, reason) = ("localhost".to_owned(), "closed".to_owned());
    let lost = Broken::new(CallError::Interrupted { host, reason });
    for round in 1..=2 {
        let report = bench.sync_offline(&lost, run);
        assert_eq!((report.failed, report.sent, report.resent), (1, 0, 0), "round {round}: {report:?}");
        let entry = bench.store().outbox_entry("crm_sync", "lead1@example.com").expect("read");
        assert_eq!(entry.expect("an entry").state, EffectState::Unknown);
        let dead = bench.store().dead().expect("dead letters");
        assert_eq!(dead[0].class.as_deref(), Some("unknown_outcome"));
    }
    let pushed = lost.pushed.lock().expect("a lock").clone();
    assert!(pushed.len() > 2 && pushed.iter().all(|body| *body == pushed[0]), "{pushed:?}");
    let report = bench.sync(run, Mode::Send).effects.remove(0);
    assert_eq!((report.resent, report.unchanged, report.failed), (1, 1, 0), "{report:?}");
    assert_eq!(bench.cell(ids[0], "crm_sync").0, CellState::Success);
    let contacts = bench.emulator.contacts("hubspot");
    assert_eq!(contacts[0].text("hs_lead_status"), Some("NEW"));
}

#[test]
fn what_was_surely_not_sent_is_queued() {
    let bench = Bench::new("unsent", Settings::default(), TABLE);
    let (run, _) = bench.begin(&[lead(1)]);
    let (host, reason) = ("localhost".to_owned(), "refused".to_owned());
    let report = bench.sync_offline(&Broken::new(CallError::NoConnection { host, reason }), run);
    assert_eq!((report.failed, report.sent), (1, 0), "{report:?}");
    let entry = bench.store().outbox_entry("crm_sync", "lead1@example.com").expect("read");
    assert_eq!(entry.expect("an entry").state, EffectState::Queued);
    let (host, listed) = ("localhost".to_owned(), "no host".to_owned());
    let report = bench.sync_offline(&Broken::new(CallError::RefusedHost { host, listed }), run);
    assert_eq!((report.unsent, report.failed, report.problems.len()), (1, 0, 1), "{report:?}");
    assert_eq!(bench.sync(run, Mode::Send).effects.remove(0).sent, 1);
}

#[test]
fn nothing_more_is_sent_to_nobody() {
    let bench = Bench::new("silence", Settings::default(), TABLE);
    let (run, _) = bench.begin(&leads(3000));
    let (host, reason) = ("localhost".to_owned(), "closed".to_owned());
    let report = bench.sync_offline(&Broken::new(CallError::Interrupted { host, reason }), run);
    assert!(report.unsent >= 2000 && report.sent == 0, "{report:?}");
    assert_eq!(report.failed + report.unsent, 3000);
    assert!(report.problems[0].starts_with("HubSpot does not answer"), "{report:?}");
}

/// Fails each push with a poisoned item in it, with a status; writes all others. Notes the bodies.
struct Poisoned {
    is_poisoned: fn(&str) -> bool,
    pushed: Mutex<Vec<String>>,
}

impl Poisoned {
    fn new(is_poisoned: fn(&str) -> bool) -> Self {
        Self { is_poisoned, pushed: Mutex::default() }
    }

    /// What was pushed since the last time, in its order.
    fn taken(&self) -> Vec<String> {
        std::mem::take(&mut *self.pushed.lock().expect("a lock"))
    }
}

impl Transport for Poisoned {
    fn call(&self, request: &Request) -> Result<Response, CallError> {
        let body = request.body.clone().unwrap_or_default();
        let answer = |status, body: serde_json::Value| {
            Ok(Response { status, headers: Vec::new(), body: body.to_string() })
        };
        if request.url.ends_with("/properties/contacts") {
            let names = ["email", "lastname", "hs_lead_status"].map(|name| json!({ "name": name }));
            return answer(200, json!({ "results": names }));
        }
        if request.url.ends_with("/batch/read") {
            return answer(200, json!({ "results": [] }));
        }
        self.pushed.lock().expect("a lock").push(body.clone());
        if (self.is_poisoned)(&body) {
            return answer(500, json!({ "message": "internal error" }));
        }
        let sent: serde_json::Value = serde_json::from_str(&body).expect("JSON");
        let written = |item: &serde_json::Value| json!({"id": "1", "objectWriteTraceId": item["objectWriteTraceId"], "new": true});
        let items = sent["inputs"].as_array().cloned().unwrap_or_default();
        answer(200, json!({ "results": items.iter().map(written).collect::<Vec<_>>() }))
    }
}

const HOOK: &str = r#"
inputs: {email: any, last_name: any}
notify:
  url: EMULATOR/hook/leads
  dedup_key: email
  field_mapping: {email: "{{email}}", name: "{{last_name}}"}
"#;

fn poisoned(number: usize) -> serde_json::Value {
    with(lead(number), &json!({"last_name": format!("poison {number}")}))
}

#[test]
fn what_always_fails_keeps_nothing_new_from_being_sent() {
    let bench = Bench::new("poison-hook", Settings::default(), HOOK);
    let hook = Poisoned::new(|body| body.contains("poison"));
    let mut rows: Vec<_> = (1..=5).map(poisoned).collect();
    rows.push(lead(6));
    let report = bench.sync_offline(&hook, bench.begin(&rows).0);
    assert_eq!((report.sent, report.failed, report.problems.len()), (1, 5, 0), "{report:?}");
    assert_eq!(hook.taken().iter().filter(|body| body.contains("poison 1\"")).count(), 8);

    rows.extend((7..=30).map(lead));
    for sent in [24, 0] {
        let report = bench.sync_offline(&hook, bench.begin(&rows).0);
        assert_eq!((report.sent, report.failed, report.unchanged), (sent, 5, 25 - sent), "{report:?}");
        assert!(report.problems.is_empty(), "{report:?}");
        let pushed = hook.taken();
        assert_eq!(pushed.len() as u64, sent + 5, "what failed before is tried once");
        assert!(pushed[sent as usize..].iter().all(|body| body.contains("poison")), "{pushed:?}");
        let dead = bench.store().dead().expect("dead letters");
        assert!(dead.iter().all(|cell| cell.class.as_deref() == Some("unknown_outcome")), "{dead:?}");
        assert!(dead.iter().all(|cell| cell.status.as_deref() == Some("500")), "{dead:?}");
    }
}

#[test]
fn faults_for_all_halt_the_effect() {
    let bench = Bench::new("faults-for-all", Settings::default(), HOOK);
    let hook = Poisoned::new(|_| true);
    let report = bench.sync_offline(&hook, bench.begin(&leads(200)).0);
    assert!((32..=48).contains(&report.failed), "{report:?}");
    assert_eq!(report.failed + report.unsent, 200, "{report:?}");
    assert!(report.problems[0].contains("answers nothing but faults: status 500"), "{report:?}");
}

#[test]
fn a_contact_that_fails_its_whole_batch_fails_alone() {
    let bench = Bench::new("poison-batch", Settings::default(), TABLE);
    let hub = Poisoned::new(|body| body.contains("poison"));
    let mut rows = leads(300);
    rows[41] = poisoned(42);
    rows[217] = poisoned(218);
    let report = bench.sync_offline(&hub, bench.begin(&rows).0);
    assert_eq!((report.sent, report.failed, report.problems.len()), (298, 2, 0), "{report:?}");
    let dead = bench.store().dead().expect("dead letters");
    assert_eq!(dead.iter().map(|cell| cell.position).collect::<Vec<_>>(), [Some(42), Some(218)]);
    let calls = hub.taken().len();
    assert!(calls < 3 + 2 * (8 + 7 * 3 + 8), "{calls} calls");

    rows.extend((301..=350).map(lead));
    let report = bench.sync_offline(&hub, bench.begin(&rows).0);
    assert_eq!((report.sent, report.failed, report.unchanged), (50, 2, 298), "{report:?}");
    assert_eq!(hub.taken().len(), 1 + 3, "the new ones, then both that failed, together and alone");
}

#[test]
fn a_server_that_fails_for_all_is_not_asked_for_each() {
    let bench = Bench::new("down", Settings::default(), TABLE);
    let hub = Poisoned::new(|_| true);
    let report = bench.sync_offline(&hub, bench.begin(&leads(1000)).0);
    assert_eq!((report.sent, report.failed, report.unsent), (0, 0, 1000), "{report:?}");
    assert!(report.problems[0].starts_with("HubSpot answers nothing but faults"), "{report:?}");
    let calls = hub.taken().len();
    assert!(calls <= 160, "{calls} calls");
    // What nobody failed for is sent as ever once the server is well again.
    let well = Poisoned::new(|_| false);
    let report = bench.sync_offline(&well, bench.begin(&leads(1000)).0);
    assert_eq!((report.sent + report.resent, report.failed, report.unsent), (1000, 0, 0), "{report:?}");
    assert_eq!(well.taken().len(), 10);
}
