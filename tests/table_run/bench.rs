//! The reference table in a folder of its own, with an emulator in place of the vendors.

use crate::common::Folder;
use crate::emulator::leads::{self, Lead};
use crate::emulator::{Emulator, Settings};
use clayf::table::state::Store;
use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

/// The provider files that stand in for clayf's own: name in the table, name in the emulator.
const PROVIDERS: [(&str, &str); 6] = [
    ("apollo", "apollo"),
    ("clearbit", "clearbit"),
    ("hubspot", "hubspot"),
    ("hunter", "hunter"),
    ("openai", "openai"),
    ("people_data_labs", "pdl"),
];

/// The environment variables that the reference table takes keys from, each with a value that is seen nowhere else.
pub(crate) const KEYS: [(&str, &str); 6] = [
    ("APOLLO_API_KEY", "canary-apollo-5f1c"),
    ("CLEARBIT_API_KEY", "canary-clearbit-77aa"),
    ("HUBSPOT_API_KEY", "canary-hubspot-c0de"),
    ("HUNTER_API_KEY", "canary-hunter-19be"),
    ("OPENAI_API_KEY", "canary-openai-e442"),
    ("PDL_API_KEY", "canary-pdl-8d03"),
];

/// A folder with the table, its providers, keys and rows, and the emulator that they call.
pub(crate) struct Bench {
    pub(crate) folder: Folder,
    pub(crate) emulator: Option<Emulator>,
}

impl Bench {
    pub(crate) fn new(name: &str, settings: Settings) -> Self {
        let bench = Self { folder: Folder::new(name), emulator: Some(Emulator::start(settings)) };
        let emulator = bench.emulator();
        for (provider, vendor) in PROVIDERS {
            bench.folder.write(
                &format!("providers/{provider}.yaml"),
                &provider_file(provider, &emulator.url(vendor)),
            );
        }
        let keys: String = KEYS.iter().map(|(name, value)| format!("{name}={value}\n")).collect();
        bench.folder.write("keys.env", &keys);
        bench.folder.write("table.yaml", &table(&emulator.url("hubspot")));
        bench
    }

    pub(crate) fn emulator(&self) -> &Emulator {
        self.emulator.as_ref().expect("an emulator that was not stopped")
    }

    /// Puts `to` where a file has `from`, which stands there once.
    pub(crate) fn edit(&self, file: &str, from: &str, to: &str) {
        let text = self.folder.read(file);
        assert_eq!(text.matches(from).count(), 1, "`{from}` in {file}");
        self.folder.write(file, &text.replace(from, to));
    }

    /// Takes away the budgets, and lets a lookup be tried again however much it cost: faults decide nothing then.
    pub(crate) fn without_budgets(&self) {
        self.edit("table.yaml", "budget: {run: 6000, row: 30}\n", "");
        self.edit("table.yaml", "  max_credits: 4\n", "");
    }

    /// So many leads of the emulator's universe, as the rows.
    pub(crate) fn with_leads(&self, count: usize) -> Vec<Lead> {
        let leads = leads::leads(self.emulator().universe(), 7, count);
        self.folder.write("leads.jsonl", &leads::lines(&leads));
        leads
    }

    /// The same with one lead for each company at most, so that no two rows ask the same of anyone.
    pub(crate) fn with_distinct_leads(&self, count: usize) -> Vec<Lead> {
        let mut leads = self.with_leads(count);
        let mut seen = std::collections::HashSet::new();
        leads.retain(|lead| seen.insert(lead.domain.to_lowercase()));
        self.folder.write("leads.jsonl", &leads::lines(&leads));
        leads
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path(name)
    }

    /// `clayf run` over the rows, with its results in `out.jsonl`, ready to start.
    pub(crate) fn command(&self, more: &[&str]) -> Command {
        self.command_over("leads.jsonl", "out.jsonl", more)
    }

    pub(crate) fn command_over(&self, rows: &str, out: &str, more: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_clayf"));
        command.current_dir(self.path("."));
        command.args(["run", "table.yaml", rows, "-o", out, "--keys", "keys.env", "--allow-private"]);
        command.args(more).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        for (name, _) in KEYS {
            command.env_remove(name);
        }
        command
    }

    /// Runs the table to its end, which has to be a good one.
    pub(crate) fn run(&self, more: &[&str]) -> Output {
        ran(&mut self.command(more))
    }

    /// The results of the last run.
    pub(crate) fn results(&self) -> Vec<Value> {
        parsed(&self.folder.read("out.jsonl"))
    }

    /// The state of the table, to look at.
    pub(crate) fn store(&self) -> Store {
        Store::open_to_read(&self.path("table.state")).expect("a state")
    }
}

/// Runs a command to its end, which has to be a good one.
pub(crate) fn ran(command: &mut Command) -> Output {
    let output = command.output().expect("the program");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    output
}

/// JSON lines as values.
pub(crate) fn parsed(lines: &str) -> Vec<Value> {
    lines.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect()
}

/// A provider file of clayf with another address, without its limits, and asking soon for what comes late.
fn provider_file(provider: &str, url: &str) -> String {
    let path = format!("{}/src/table/providers/{provider}.yaml", env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(path).expect("a provider file");
    let line = |line: &str| match line.split_once(':') {
        Some(("base_url", _)) => format!("base_url: {url}\n"),
        Some(("limits", _)) => String::new(),
        _ => format!("{line}\n"),
    };
    let text: String = text.lines().map(line).collect();
    text.replace("every: 10 seconds", "every: 40ms").replace("https://api.hubapi.com", url)
}

/// The reference table with its rules by full path, without recordings, and with providers of the folder.
fn table(hubspot: &str) -> String {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus");
    let text = std::fs::read_to_string(corpus.join("outbound/table.yaml")).expect("the table");
    let rules = format!("rules: {}\nproviders: providers\n", corpus.join("seed/score.clay").display());
    text.replace("rules: ../seed/score.clay\n", &rules)
        .replace("recordings: recordings.jsonl\n", "")
        .replace("https://api.hubapi.com", hubspot)
}
