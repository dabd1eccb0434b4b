//! What several tests share.
#![allow(dead_code, reason = "each test uses its own part")]

use clayf::Rules;
use clayf::batch::Input;
use clayf::diagnostics::{Diagnostics, Look, render};
use clayf::rows::{DataFiles, Format};
use clayf::table::problems::Problems;
use clayf::tools::against_rows::compare;
use clayf::tools::test::{FileOutcome, Moment, Settings, test_file};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};

/// All that is found in a rule file and its examples, whether it runs or not.
pub(crate) fn findings(path: &Path) -> Diagnostics {
    let text = std::fs::read_to_string(path).expect("a readable file");
    let name = path.file_name().expect("a file name").to_string_lossy();
    match Rules::compile_beside(&name, &text, DataFiles::beside(path)) {
        Ok(rules) => clayf::tools::inspect::inspect(&rules, &clayf::Clock::system()).diagnostics,
        Err(found) => found,
    }
}

/// All that is found in a rule file by itself, and where it is compared with the rows beside it, `NAME.rows.jsonl`.
pub(crate) fn findings_with_rows(path: &Path) -> Diagnostics {
    let text = std::fs::read_to_string(path).expect("a readable file");
    let name = path.file_name().expect("a file name").to_string_lossy();
    let rules = Rules::compile(&name, &text).unwrap_or_else(|found| panic!("{}: {found}", path.display()));
    let rows = std::fs::read_to_string(path.with_extension("rows.jsonl")).expect("rows beside it");
    compared(&rules, &rows)
}

/// All that is found in rules by themselves and where they are compared with rows of JSON lines.
pub(crate) fn compared(rules: &Rules, rows: &str) -> Diagnostics {
    let clock = clayf::Clock::system().stopped_at("2026-01-31T12:00:00Z").expect("a moment");
    let reader = Box::new(rows.as_bytes());
    let input = Input { name: "rows.jsonl".to_owned(), format: Format::JsonLines, reader };
    let found = compare(rules, &clock, std::iter::once(Ok(input))).expect("readable rows");
    let all = rules.warnings().iter().cloned().chain(found.findings).collect();
    Diagnostics::new(rules.warnings().source().clone(), all)
}

/// All that is found about a table file and those that it names, whether it runs or not.
pub(crate) fn table_findings(path: &Path) -> Problems {
    let text = std::fs::read_to_string(path).expect("a readable file");
    match clayf::table::load(path, &text) {
        Ok(loaded) => loaded.warnings,
        Err(found) => found,
    }
}

/// The reports about a table.
pub(crate) fn table_reports(found: &Problems) -> Vec<String> {
    let mut reports = Vec::new();
    found.tell(|problem| reports.push(render(problem.diagnostic, problem.source, Look::default())));
    reports
}

/// The codes of what was found about a table, each as often as it was.
pub(crate) fn table_codes(found: &Problems) -> Vec<String> {
    let mut codes = Vec::new();
    found.tell(|problem| codes.extend(problem.diagnostic.code().map(|code| code.to_string())));
    codes
}

/// The files of a folder with this ending, in the order of their names.
pub(crate) fn files_with(folder: &str, ending: &str) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).expect("the folder");
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.expect("an entry").path()).collect();
    paths.retain(|path| path.extension().is_some_and(|own| own == ending));
    paths.sort();
    paths
}

/// A rule file of the corpus, compiled.
pub(crate) fn rules(path: &str) -> Rules {
    let text = std::fs::read_to_string(path).expect("a readable file");
    Rules::compile(path, &text).unwrap_or_else(|found| panic!("{path}: {found}"))
}

/// The inputs of each row of a file of JSON lines.
pub(crate) fn inputs<'r>(rules: &Rules, clock: &clayf::Clock, rows: &'r str) -> Vec<Vec<clayf::Value<'r>>> {
    let row = |line: &'r str| {
        let record = clayf::Record::from_json(line).expect("a row");
        let keyed: Vec<_> =
            rules.keys().iter().map(|key| record.get(key).cloned().unwrap_or_default()).collect();
        let mut inputs = Vec::new();
        rules.inputs(&keyed, clock, &mut inputs);
        inputs
    };
    rows.lines().map(row).collect()
}

/// The rule files of a folder of the corpus.
pub(crate) fn cases(folder: &str) -> Vec<PathBuf> {
    files_with(folder, "clay")
}

/// Compares a file with what it should hold; `CLAYF_BLESS=1` writes it.
pub(crate) fn bless(path: &Path, wanted: &str) {
    if std::env::var_os("CLAYF_BLESS").is_some() {
        std::fs::write(path, wanted).expect("a writable file");
    }
    let found = std::fs::read_to_string(path).unwrap_or_default();
    assert_eq!(found, wanted, "{}", path.display());
}

/// A rule file and what its tests gave.
pub(crate) struct Tested {
    pub(crate) rules: Rules,
    pub(crate) outcome: FileOutcome,
}

/// Tests a rule file with its rows.
pub(crate) fn tested(path: &Path, coverage: bool, mutate: bool) -> Tested {
    let text = std::fs::read_to_string(path).expect("a readable file");
    let name = path.display().to_string();
    let rules = Rules::compile_beside(&name, &text, DataFiles::beside(path)).expect("it compiles");
    let settings = Settings {
        rows: Vec::new(),
        moment: Moment::default(),
        accept: false,
        strict: false,
        // Nothing is written beside the corpus.
        ci: true,
        threads: 2,
        coverage,
        mutate,
        report: &|found| found.to_string(),
    };
    Tested { rules, outcome: test_file(path, &settings) }
}

/// A folder that is gone when the test is over.
pub(crate) struct Folder(PathBuf);

impl Folder {
    pub(crate) fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("clayf-{name}-{}", std::process::id()));
        let _ = std::fs::remove_dir_all(&path);
        std::fs::create_dir_all(&path).expect("a temporary folder");
        Self(path)
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }

    pub(crate) fn write(&self, name: &str, text: &str) {
        let path = self.path(name);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        std::fs::write(path, text).expect("a writable file");
    }

    pub(crate) fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.path(name)).expect("a readable file")
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// A new folder of its own for one test.
pub(crate) fn folder(name: &str) -> PathBuf {
    static COUNT: AtomicUsize = AtomicUsize::new(0);
    let count = COUNT.fetch_add(1, Ordering::Relaxed);
    let path = std::env::temp_dir().join(format!("clayf-{name}-{}-{count}", std::process::id()));
    let _ = std::fs::remove_dir_all(&path);
    std::fs::create_dir_all(&path).expect("a writable folder");
    path
}

/// Runs the program in a folder, with something on standard input.
pub(crate) fn clayf(folder: &Path, args: &[&str], input: &[u8]) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_clayf"))
        .args(args)
        .current_dir(folder)
        // As at a desk, also where the tests themselves run in CI.
        .env_remove("CI")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program");
    let mut stdin = child.stdin.take().expect("a pipe");
    let input = input.to_vec();
    // A program that reads nothing may be gone already.
    let writer = std::thread::spawn(move || drop(stdin.write_all(&input)));
    let output = child.wait_with_output().expect("an end");
    writer.join().expect("the writer");
    output
}
