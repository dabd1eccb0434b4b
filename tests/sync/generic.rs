//! Any other program: a call for each row.

use super::emulator::{FaultKind, FaultPlan, Settings, Vendor};
use super::support::{Bench, lead, leads, with};
use clayf::table::http::{CallError, Request, Response, Secrets, Transport};
use clayf::table::sync::Mode;
use serde_json::json;
use std::collections::{BTreeMap, HashSet};
use std::time::Duration;

const TABLE: &str = r#"
inputs: {email: any, last_name: any, score: any}
notify:
  trigger: score >= 70
  url: EMULATOR/hook/leads
  key_env: HOOK_KEY
  headers: {x-lead: "{{email}}"}
  field_mapping:
    email: "{{email}}"
    score: "{{score}}"
"#;

#[test]
fn each_row_is_a_call_with_headers_and_a_key() {
    let bench = Bench::new("hook", Settings::default(), TABLE);
    let (_, shown) = bench.dry_run(&leads(1));
    assert_eq!(shown[0]["headers"]["x-lead"], shown[0]["body"]["email"], "{shown:?}");
    assert!(shown[0]["headers"]["authorization"].is_null(), "a key is not shown");
    let report = bench.push(&leads(20));
    assert_eq!((report.sent, report.failed), (20, 0), "{report:?}");
    let pushes = bench.emulator.pushes();
    let header = |index: usize, name: &str| {
        let found = pushes[index].headers.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value.clone()).unwrap_or_default()
    };
    assert_eq!(header(0, "authorization"), "Bearer canary-of-the-hook");
    assert_eq!(header(0, "x-lead"), pushes[0].body["email"]);
    assert_eq!(pushes[0].body["score"], 80);
    let keys: HashSet<String> = (0..20).map(|index| header(index, "idempotency-key")).collect();
    assert!(keys.len() == 20 && keys.iter().all(|key| key.len() == 32));
    assert_eq!(bench.push(&leads(20)).unchanged, 20);
    let mut changed = leads(20);
    changed[4] = with(lead(5), &json!({"score": 90}));
    assert_eq!(bench.push(&changed).sent, 1);
    // What was so before is news again, and not a repetition.
    assert_eq!(bench.push(&leads(20)).sent, 1);
    assert_eq!(bench.emulator.pushes().len(), 22);
}

/// Refuses everything, and repeats what it was sent.
struct Echo;

impl Transport for Echo {
    fn call(&self, request: &Request) -> Result<Response, CallError> {
        let keys: Vec<&str> = request.secret_headers.iter().map(|(_, key)| key.expose()).collect();
        let body = json!({"message": format!("can't use {}", keys.join(", "))}).to_string();
        Ok(Response { status: 400, headers: Vec::new(), body })
    }
}

#[test]
fn a_key_that_an_address_repeats_is_kept_nowhere() {
    let bench = Bench::new("hook-echo", Settings::default(), TABLE);
    let secrets = Secrets::with_file(&bench.folder.path("keys")).expect("keys");
    let (run, _) = bench.begin(&leads(3));
    let report = bench.sync_over(&Echo, Some(&secrets), run, Mode::Send);
    assert_eq!(report.effects[0].failed, 3, "{report:?}");
    let dead = bench.store().dead().expect("dead letters");
    assert!(dead[0].reason.as_deref().is_some_and(|reason| reason.contains("***")), "{dead:?}");
    let told = format!("{report:?} {dead:?} {:?}", bench.store().outbox_unsettled("notify"));
    assert!(!told.contains("canary-of-the-hook"), "{told}");
    for file in std::fs::read_dir(bench.folder.path("")).expect("the folder") {
        let path = file.expect("a file").path();
        let is_keys = path.file_name().is_some_and(|name| name == "keys");
        let bytes = if is_keys || path.is_dir() { Vec::new() } else { std::fs::read(&path).expect("bytes") };
        assert!(!String::from_utf8_lossy(&bytes).contains("canary-of-the-hook"), "{}", path.display());
    }
}

#[test]
fn a_header_that_can_not_be_sent_is_the_fault_of_its_row() {
    let bench = Bench::new("hook-header", Settings::default(), TABLE);
    let mut rows = leads(5);
    rows[2] = with(lead(3), &json!({"email": "lead3\r\nx-evil: 1"}));
    let report = bench.push(&rows);
    assert_eq!((report.sent, report.failed, report.problems.len()), (4, 1, 0), "{report:?}");
    assert_eq!(bench.store().dead().expect("dead letters")[0].class.as_deref(), Some("formula"));
}

#[test]
fn a_lost_answer_repeats_the_same_call() {
    let faults = FaultPlan {
        kinds: FaultKind::TRANSIENT.to_vec(),
        retry_after: 0,
        delay: Duration::ZERO,
        ..FaultPlan::transient(5, 0.2)
    };
    let bench = Bench::new("hook-faults", Settings { faults, ..Settings::default() }, TABLE);
    let report = bench.push(&leads(200));
    assert_eq!((report.sent, report.failed), (200, 0), "{report:?}");
    let mut keys: BTreeMap<String, HashSet<String>> = BTreeMap::new();
    for entry in bench.emulator.ledger().of(Vendor::Hook) {
        keys.entry(entry.key.clone()).or_default();
    }
    for push in bench.emulator.pushes() {
        let key = push.headers.iter().find(|(name, _)| name == "idempotency-key").expect("a key").1.clone();
        keys.entry(key).or_default().insert(push.body["email"].to_string());
    }
    assert_eq!(keys.len(), 200, "one key for each row, however often it was called");
    assert!(keys.values().all(|emails| emails.len() == 1));
}

#[test]
fn a_body_of_its_own_and_a_refusal() {
    let table = r#"
inputs: {email: any, last_name: any}
notify:
  method: PUT
  url: EMULATOR/hook/leads
  body: {lead: {name: "{{last_name}}", tags: [clayf, "{{email}}"]}}
"#;
    let bench = Bench::new("hook-body", Settings::default(), table);
    let (_, shown) = bench.dry_run(&[lead(1)]);
    assert_eq!(shown[0]["body"], json!({"lead": {"name": "Lead 1", "tags": ["clayf", "lead1@example.com"]}}));
    // The hook takes only POST.
    let report = bench.push(&[lead(1)]);
    assert_eq!((report.sent, report.failed, report.problems.len()), (0, 1, 0), "{report:?}");
    let dead = bench.store().dead().expect("dead letters");
    assert_eq!((dead[0].step.as_str(), dead[0].status.as_deref()), ("notify", Some("405")));
    assert_eq!(dead[0].reason.as_deref(), Some("status 405: only POST"));
}

#[test]
fn an_address_of_each_row() {
    let table = r#"
inputs: {id: any, email: any, last_name: any}
notify:
  url: EMULATOR/hook/leads/{{id}}?of={{email}}
  dedup_key: email
  field_mapping: {email: "{{email}}", name: "{{last_name}}"}
"#;
    let bench = Bench::new("hook-address", Settings::default(), table);
    let rows = [
        with(lead(1), &json!({"id": "a/b c"})),
        with(lead(2), &json!({"id": ".."})),
        with(lead(3), &json!({"id": " "})),
        with(lead(4), &json!({"id": 4})),
    ];
    let (_, shown) = bench.dry_run(&rows);
    let told: Vec<_> = shown.iter().map(|line| line["url"].as_str().unwrap_or_default()).collect();
    let at = |path: &str| format!("{}/hook/leads/{path}", bench.emulator.origin());
    assert_eq!(told, [at("a%2Fb%20c?of=lead1%40example.com"), at("4?of=lead4%40example.com")]);
    let report = bench.push(&rows);
    assert_eq!((report.sent, report.failed, report.problems.len()), (2, 2, 0), "{report:?}");
    let mut paths: Vec<_> = bench.emulator.pushes().iter().map(|push| push.path.clone()).collect();
    paths.sort();
    assert_eq!(paths.len(), 2);
    assert!(paths[0].ends_with("leads/4") && paths[1].starts_with("leads/a"), "{paths:?}");
    let dead = bench.store().dead().expect("dead letters");
    assert!(dead[0].reason.as_deref().is_some_and(|reason| reason.contains("leads elsewhere")), "{dead:?}");
    assert_eq!(dead[1].reason.as_deref(), Some("a value in the path of `url` is empty"));
    // Another address is another call; the same one is none.
    let mut moved = rows.to_vec();
    moved[3] = with(lead(4), &json!({"id": 5}));
    let report = bench.push(&moved);
    assert_eq!((report.sent, report.unchanged), (1, 1), "{report:?}");
}

#[test]
fn a_strict_table_pushes_no_row_with_a_warning() {
    let table = TABLE.replacen('\n', "\nstrict: true\n", 1)
        + "columns:\n  - notify\n  - formula: Size Points\n    is: IF(size > 100, 10, 5)\n";
    let mut rows = vec![
        json!({"id": "a", "email": "a@example.com", "score": 80, "size": 200}),
        json!({"id": "b", "email": "b@example.com", "score": 80, "size": "many"}),
        json!({"id": "c", "email": "c@example.com", "score": 80}),
        // Its trigger is FALSE, so its warning is of no matter.
        json!({"id": "d", "email": "d@example.com", "score": 10}),
    ];
    let table = table.replace("score: any}", "score: any, size: any}");
    let bench = Bench::new("strict", Settings::default(), &table);
    let report = bench.push(&rows);
    assert_eq!((report.due, report.sent, report.failed), (3, 1, 2), "{report:?}");
    let dead = bench.store().dead().expect("dead letters");
    let told: Vec<_> = dead.iter().map(|cell| (cell.key.as_str(), cell.class.as_deref())).collect();
    assert_eq!(told, [("b", Some("warnings")), ("c", Some("warnings"))]);
    assert!(
        dead[0].reason.as_deref().is_some_and(|reason| reason.contains("`size` compared as a number")),
        "{dead:?}"
    );
    // Once the warning is gone, the row is pushed.
    rows[1] = json!({"id": "b", "email": "b@example.com", "score": 80, "size": 90});
    let report = bench.push(&rows);
    assert_eq!((report.sent, report.unchanged, report.failed), (1, 1, 1), "{report:?}");
    // Without `strict`, all of them are.
    let loose = Bench::new("loose", Settings::default(), &table.replace("strict: true", "strict: false"));
    assert_eq!(loose.push(&rows).sent, 3);
}
