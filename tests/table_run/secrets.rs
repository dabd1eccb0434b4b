//! Keys go to the vendors and nowhere else, and a recording holds all that a run needs but them.

use crate::bench::{Bench, KEYS, ran};
use crate::emulator::{FaultKind, FaultPlan, Settings};
use crate::values::faulty;
use std::io::{Read, Write};
use std::net::TcpListener;
use std::path::Path;
use std::process::Output;

/// No key stands in a file of the folder but the one that they come from, nor in what was said.
fn check_no_keys(folder: &Path, said: &[Output]) {
    let holds = |bytes: &[u8], key: &str| bytes.windows(key.len()).any(|window| window == key.as_bytes());
    for entry in std::fs::read_dir(folder).expect("the folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() || path.ends_with("keys.env") {
            continue;
        }
        let bytes = std::fs::read(&path).expect("a file");
        for (name, key) in KEYS {
            assert!(!holds(&bytes, key), "{name} is in {}", path.display());
        }
    }
    for output in said {
        for (name, key) in KEYS {
            assert!(!holds(&output.stdout, key) && !holds(&output.stderr, key), "{name} is said");
        }
    }
}

/// A server that refuses every call, and repeats the whole request while it does so.
fn echoing() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("an address");
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let Ok(mut stream) = stream else { return };
            let mut request = [0; 4096];
            let length = stream.read(&mut request).unwrap_or(0);
            let request = String::from_utf8_lossy(&request[..length]).replace(['\r', '\n', '"'], " ");
            let body = format!(r#"{{"message": "refused: {request}"}}"#);
            let head = format!(
                "HTTP/1.1 401 Unauthorized\r\ncontent-length: {}\r\nconnection: close\r\n\r\n",
                body.len()
            );
            let _ = stream.write_all(format!("{head}{body}").as_bytes());
        }
    });
    format!("http://{address}")
}

#[test]
fn keys_are_nowhere_but_in_their_file() {
    let bench = Bench::new("canary", faulty(0.2));
    bench.with_leads(40);
    let first = bench.run(&["--record", "calls.jsonl"]);
    check_no_keys(&bench.path("."), &[first]);
}

#[test]
fn a_vendor_that_repeats_the_key_does_not_spread_it() {
    let bench = Bench::new("canary-echo", Settings::default());
    let url = echoing();
    for (provider, vendor) in [("clearbit", "clearbit"), ("hunter", "hunter"), ("openai", "openai")] {
        let address = format!("base_url: {}", bench.emulator().url(vendor));
        bench.edit(&format!("providers/{provider}.yaml"), &address, &format!("base_url: {url}"));
    }
    bench.with_leads(20);
    // Killed, the log of the state stays beside it.
    let mut child = bench.command(&["--record", "calls.jsonl"]).spawn().expect("a child");
    std::thread::sleep(std::time::Duration::from_millis(150));
    let _ = child.kill();
    let killed = child.wait_with_output().expect("an end");
    check_no_keys(&bench.path("."), &[killed]);
    let output = bench.run(&["--record", "calls.jsonl"]);
    let dead = bench.store().dead().expect("dead cells");
    assert!(dead.iter().any(|cell| cell.reason.as_deref().is_some_and(|reason| reason.contains("refused"))));
    check_no_keys(&bench.path("."), &[output]);
}

fn replayed_is_recorded(name: &str, settings: Settings) {
    let mut bench = Bench::new(name, settings);
    bench.without_budgets();
    bench.with_distinct_leads(120);
    ran(&mut bench.command_over("leads.jsonl", "recorded.jsonl", &["--record", "calls.jsonl"]));
    // Nobody is there any more.
    bench.emulator = None;
    ran(&mut bench.command_over("leads.jsonl", "replayed.jsonl", &["--replay", "calls.jsonl"]));
    assert_eq!(bench.folder.read("replayed.jsonl"), bench.folder.read("recorded.jsonl"));
}

#[test]
fn a_replay_gives_what_was_recorded() {
    replayed_is_recorded("replay", Settings { clearbit_queued: 0.3, ..Settings::default() });
}

#[test]
fn a_replay_of_faults_gives_what_was_recorded() {
    replayed_is_recorded("replay-faults", faulty(0.2));
}

#[test]
fn a_replay_of_lost_answers_gives_what_was_recorded() {
    let faults = FaultPlan::only(FaultKind::DropAfter, 0.3);
    replayed_is_recorded("replay-lost", Settings { faults, ..Settings::default() });
}
