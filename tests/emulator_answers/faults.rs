//! What goes wrong on purpose, and what the ledger says of it.

use crate::calls::{asked, call, get, people, post, someone};
use crate::emulator::{Emulator, FaultKind, FaultPlan, Outcome, Settings, Vendor};
use serde_json::{Value, json};
use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

fn with(faults: FaultPlan) -> Emulator {
    Emulator::start(Settings { faults, ..Settings::default() })
}

/// Bytes that a bare connection gets before it is closed, by the other side and within a second.
fn bytes_before_close(emulator: &Emulator, path: &str) -> Vec<u8> {
    let address = emulator.origin().replace("http://", "");
    let mut stream = TcpStream::connect(address).expect("a connection");
    stream.set_read_timeout(Some(Duration::from_secs(1))).expect("a timeout");
    write!(
        stream,
        "GET {path} HTTP/1.1\r\nhost: emulator\r\nauthorization: Bearer any\r\nx-api-key: any\r\n\r\n"
    )
    .expect("a request");
    let mut bytes = Vec::new();
    if let Err(error) = stream.read_to_end(&mut bytes) {
        assert_eq!(error.kind(), std::io::ErrorKind::ConnectionReset, "{error}");
    }
    bytes
}

/// A question to Hunter that it has an answer to.
fn found(emulator: &Emulator) -> String {
    let universe = emulator.universe();
    let person = someone(universe, |person| universe.email(Vendor::Hunter, person).is_some());
    format!("/hunter/v2/email-finder?{}", asked(&person))
}

#[test]
fn a_connection_is_closed_before_anything_is_done() {
    let emulator = with(FaultPlan::only(FaultKind::DropBefore, 1.0));
    assert_eq!(bytes_before_close(&emulator, &found(&emulator)), b"");
    let ledger = emulator.ledger();
    assert_eq!((ledger.credits(Vendor::Hunter), ledger.entries[0].outcome), (0, Outcome::Failed));
}

#[test]
fn a_connection_is_closed_after_the_bill() {
    let emulator = with(FaultPlan::only(FaultKind::DropAfter, 1.0));
    assert_eq!(bytes_before_close(&emulator, &found(&emulator)), b"");
    assert_eq!(emulator.ledger().credits(Vendor::Hunter), 1);
    let url = format!("{}/crm/v3/objects/contacts", emulator.url("hubspot"));
    let contact = json!({"properties": {"email": "a@x.example"}});
    assert!(call("POST", &url, Some(&contact)).is_err());
    assert_eq!(emulator.contacts("hubspot").len(), 1);
}

#[test]
fn an_answer_breaks_off() {
    let emulator = with(FaultPlan::only(FaultKind::Truncated, 1.0));
    let bytes = bytes_before_close(&emulator, &found(&emulator));
    let text = String::from_utf8(bytes).expect("text");
    let (head, body) = text.split_once("\r\n\r\n").expect("a head");
    let length = head
        .to_lowercase()
        .split("content-length: ")
        .nth(1)
        .and_then(|rest| rest.lines().next().and_then(|length| length.parse::<usize>().ok()));
    let length = length.expect("a length");
    assert!(!body.is_empty() && body.len() < length, "{} of {length}", body.len());
    assert!(call("GET", &format!("{}{}", emulator.origin(), found(&emulator)), None).is_err());
    assert_eq!(emulator.ledger().credits(Vendor::Hunter), 2);
}

#[test]
fn faults_end_so_that_asking_again_helps() {
    for kind in FaultKind::TRANSIENT {
        let emulator = with(FaultPlan { max_in_a_row: 2, ..FaultPlan::only(kind, 1.0) });
        let url = format!("{}{}", emulator.origin(), found(&emulator));
        let answers: Vec<_> =
            (0..3).map(|_| call("GET", &url, None).map_or(0, |(status, _)| status)).collect();
        assert_eq!(answers[2], 200, "{kind:?}: {answers:?}");
    }
}

#[test]
fn faults_follow_from_the_seed_and_not_from_the_order() {
    let ask = |emulator: &Emulator, backwards: bool| {
        let mut paths: Vec<_> = people(emulator.universe()).take(60).map(|person| asked(&person)).collect();
        if backwards {
            paths.reverse();
        }
        for path in paths {
            let _ = call("GET", &format!("{}/email-finder?{path}", emulator.url("hunter")), None);
        }
        let mut faults: Vec<_> =
            emulator.ledger().entries.into_iter().map(|entry| (entry.key, entry.fault)).collect();
        faults.sort_by(|one, other| one.0.cmp(&other.0));
        faults
    };
    let plan = || FaultPlan { delay: Duration::ZERO, ..FaultPlan::transient(3, 0.3) };
    let forwards = ask(&with(plan()), false);
    assert_eq!(forwards, ask(&with(plan()), true));
    let befallen = forwards.iter().filter(|(_, fault)| fault.is_some()).count();
    assert!((8..=30).contains(&befallen), "{befallen} of 60");
}

#[test]
fn a_gateway_and_a_limit_answer_in_the_vendors_place() {
    for (kind, status) in [
        (FaultKind::ServerError, 500),
        (FaultKind::BadGateway, 502),
        (FaultKind::RateLimit, 403),
        (FaultKind::RateLimitRetryAfter, 403),
    ] {
        let emulator = with(FaultPlan::only(kind, 1.0));
        assert_eq!(get(&format!("{}{}", emulator.origin(), found(&emulator))).0, status, "{kind:?}");
        assert_eq!(emulator.ledger().faults(kind), 1);
    }
}

#[test]
fn answers_take_their_time() {
    let latency = Duration::from_millis(60);
    let emulator = Emulator::start(Settings { latency, ..Settings::default() });
    let start = Instant::now();
    get(&format!("{}{}", emulator.origin(), found(&emulator)));
    assert!(start.elapsed() >= latency);
    assert_eq!(emulator.peak_in_flight(Vendor::Hunter), 1);
}

#[test]
fn the_ledger_is_read_and_forgotten_over_http() {
    let emulator = with(FaultPlan::none());
    get(&format!("{}{}", emulator.origin(), found(&emulator)));
    let ledger = get(&format!("{}/__ledger", emulator.origin())).1;
    assert_eq!(ledger["totals"]["hunter"], json!({"requests": 1, "credits": 1}));
    assert_eq!(get(&format!("{}/__contacts", emulator.origin())).1["hubspot"], json!([]));
    assert_eq!(post(&format!("{}/__reset", emulator.origin()), &Value::Null).0, 200);
    assert!(emulator.ledger().entries.is_empty());
}

#[test]
fn a_dropped_emulator_is_gone() {
    let emulator = with(FaultPlan::none());
    let address = emulator.origin().replace("http://", "");
    drop(emulator);
    let gone = (0..50).any(|_| {
        std::thread::sleep(Duration::from_millis(20));
        TcpStream::connect(&address).is_err()
    });
    assert!(gone);
}
