//! The reference table runs from what is in the repository alone, without keys and without a connection.
#![cfg(feature = "table")]

mod common;
mod emulator;

use common::{Folder, clayf};
use emulator::leads::{leads, lines};
use emulator::{Emulator, Settings};
use serde_json::Value;
use std::path::Path;
use std::process::Output;

/// How many leads are recorded, and of which universe.
const LEADS: usize = 300;
const SEED: u64 = 7;

/// Where each vendor answers, and its path at the emulator.
const VENDORS: [(&str, &str, &str); 6] = [
    ("apollo", "https://api.apollo.io/api/v1", "/apollo/api/v1"),
    ("hunter", "https://api.hunter.io/v2", "/hunter/v2"),
    ("clearbit", "https://company.clearbit.com/v2", "/clearbit/v2"),
    ("people_data_labs", "https://api.peopledatalabs.com/v5", "/pdl/v5"),
    ("openai", "https://api.openai.com/v1", "/openai/v1"),
    ("hubspot", "https://api.hubapi.com", "/hubspot"),
];

fn run(folder: &Folder, extra: &[&str]) -> Output {
    let corpus = std::env::current_dir().expect("a folder").join("corpus/outbound");
    let (table, leads) = (corpus.join("table.yaml"), corpus.join("leads.jsonl"));
    let state = folder.path("outbound.state");
    let mut args: Vec<&str> = vec!["run", table.to_str().expect("a path"), leads.to_str().expect("a path")];
    args.extend(["--state", state.to_str().expect("a path"), "--now", "2026-11-02T09:00:00Z"]);
    args.extend(extra);
    clayf(&folder.path(""), &args, b"")
}

#[test]
fn the_reference_table_runs_from_its_recordings() {
    let folder = Folder::new("outbound");
    let output = run(&folder, &[]);
    let (out, told) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{told}");
    let rows: Vec<Value> = out.lines().map(|line| serde_json::from_str(line).expect("a row")).collect();
    assert_eq!(rows.len(), LEADS);
    let count = |test: &dyn Fn(&Value) -> bool| rows.iter().filter(|row| test(row)).count();
    let emails = count(&|row| row["Work Email"].is_string());
    let first = count(&|row| row["Email Provider"] == "apollo");
    assert!(
        emails > LEADS / 2 && first > emails / 2 && first < emails,
        "{emails} e-mails, {first} of Apollo"
    );
    for tier in ["A", "B", "C", "D"] {
        assert!(count(&|row| row["Lead Tier"] == tier) > 0, "nobody of tier {tier}");
    }
    for row in &rows {
        let score = row["ICP Score"].as_f64().expect("a score");
        let has_phone = row["Phone Number"].is_string();
        // A phone number is bought from 80 points on, and adds five.
        assert!(!has_phone || score >= 85.0, "{row}");
        assert!(row["Personalized Opener"].is_null() || score >= 70.0, "{row}");
    }
    let again = run(&folder, &[]);
    assert_eq!(again.stdout, output.stdout, "a second run gives the same");
}

/// Writes what the repository has of recordings anew; to be looked at and committed.
#[test]
#[ignore = "writes corpus/outbound"]
fn record_the_answers_anew() {
    let settings = Settings {
        seed: SEED,
        hubspot_properties: vec!["clay_icp_score".to_owned(), "clay_enrichment_date".to_owned()],
        ..Settings::default()
    };
    let emulator = Emulator::start(settings);
    let folder = Folder::new("record-outbound");
    let origin = emulator.origin();
    for (name, base, path) in VENDORS {
        let file = std::fs::read_to_string(format!("src/table/providers/{name}.yaml")).expect("a provider");
        let file =
            file.replace(base, &format!("{origin}{path}")).replace("every: 10 seconds", "every: 60 ms");
        let lines: Vec<&str> = file.lines().filter(|line| !line.starts_with("limits:")).collect();
        let file = lines.join("\n") + "\n";
        folder.write(&format!("providers/{name}.yaml"), &file);
    }
    let table = std::fs::read_to_string("corpus/outbound/table.yaml").expect("the table");
    let table = table.replace("https://api.hubapi.com", &format!("{origin}/hubspot"));
    let table = table.replace("recordings: recordings.jsonl", "providers: providers");
    let rules = std::fs::canonicalize("corpus/seed/score.clay").expect("the rules");
    folder.write("table.yaml", &table.replace("../seed/score.clay", rules.to_str().expect("a path")));
    let keys = ["APOLLO", "HUNTER", "CLEARBIT", "PDL", "OPENAI", "HUBSPOT"]
        .map(|vendor| format!("{vendor}_API_KEY=key-of-{vendor}-for-recording\n"))
        .concat();
    folder.write("keys", &keys);
    folder.write("leads.jsonl", &lines(&leads(emulator.universe(), SEED, LEADS)));
    let args = [
        "run",
        "table.yaml",
        "leads.jsonl",
        "--keys",
        "keys",
        "--record",
        "calls.jsonl",
        "-o",
        "out.jsonl",
        "--sync",
    ];
    let output = clayf(&folder.path(""), &args, b"");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let mut recordings = folder.read("calls.jsonl");
    for (_, base, path) in VENDORS {
        recordings = recordings.replace(&format!("{origin}{path}"), base);
    }
    // The order of answers depends on threads; that of equal questions does not.
    let mut sorted: Vec<&str> = recordings.lines().collect();
    sorted.sort_by_key(|line| question(line));
    sorted.dedup();
    std::fs::write("corpus/outbound/recordings.jsonl", sorted.join("\n") + "\n").expect("a writable file");
    std::fs::write("corpus/outbound/leads.jsonl", folder.read("leads.jsonl")).expect("a writable file");
    assert!(Path::new("corpus/outbound/recordings.jsonl").exists());
}

/// The address and body of a recorded call.
fn question(line: &str) -> (String, String) {
    let call: Value = serde_json::from_str(line).expect("a recorded call");
    let part = |name: &str| call["request"][name].to_string();
    (part("url"), part("body"))
}
