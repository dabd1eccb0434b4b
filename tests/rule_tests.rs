//! `clayf test` from outside: what is written, what fails, what is taken over, and the formats for machines.

mod common;
#[path = "rule_tests/formats.rs"]
mod formats;

use common::Folder;
use std::process::{Command, Output};

const RULE: &str = "Tier := IF(Score >= 80, \"A\", \"B\")\n";
const ROWS: &str = "{\"name\":\"Ada\",\"Score\":85}\n{\"name\":\"Bo\",\"Score\":60}\n";
const SNAPSHOT: &str = "---\nsource: score.clay\nexpression: \"Tier\"\ninput_file: leads.jsonl\n---\nAda · Tier A\nBo · Tier B\n";

fn clayf(folder: &Folder, ci: bool, args: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_clayf"));
    command.current_dir(folder.path("")).arg("test").args(args).env("NO_COLOR", "1");
    if ci {
        command.env("CI", "true")
    } else {
        command.env_remove("CI")
    };
    command.output().expect("clayf runs")
}

/// Runs the tests; gives the exit status and what was printed.
fn run(folder: &Folder, args: &[&str]) -> (i32, String) {
    status_and_text(&clayf(folder, false, args))
}

fn in_ci(folder: &Folder, args: &[&str]) -> (i32, String) {
    status_and_text(&clayf(folder, true, args))
}

fn status_and_text(output: &Output) -> (i32, String) {
    let text =
        String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    (output.status.code().unwrap_or(-1), text)
}

fn seed(name: &str) -> Folder {
    let folder = Folder::new(name);
    folder.write("score.clay", RULE);
    folder.write("leads.jsonl", ROWS);
    folder
}

/// A folder whose snapshot is written already.
fn tested(name: &str) -> Folder {
    let folder = seed(name);
    folder.write("score.clay.leads.jsonl.snap", SNAPSHOT);
    folder
}

#[test]
fn the_corpus_passes() {
    // The models of corpus/real have a test of their own.
    let entries = std::fs::read_dir("corpus").expect("the corpus");
    let folders = entries.map(|entry| entry.expect("a folder").path()).filter(|path| !path.ends_with("real"));
    let mut command = Command::new(env!("CARGO_BIN_EXE_clayf"));
    let output = command.arg("test").args(folders).env("CI", "true").output().expect("clayf runs");
    let (status, text) = status_and_text(&output);
    assert_eq!(status, 0, "{text}");
    assert!(!text.contains("belongs to nothing"), "{text}");
}

#[test]
fn the_first_run_writes_and_the_second_compares() {
    let folder = seed("first");
    let (status, text) = run(&folder, &[]);
    assert_eq!(status, 0, "{text}");
    assert!(text.contains("wrote score.clay.leads.jsonl.snap"), "{text}");
    assert_eq!(folder.read("score.clay.leads.jsonl.snap"), SNAPSHOT);
    let (status, text) = run(&folder, &[]);
    assert_eq!((status, text.as_str()), (0, "✓ score.clay  2 rows\n1 rule file: 1 passed\n"));
}

#[test]
fn ci_writes_no_snapshot_and_fails() {
    let folder = seed("ci");
    let (status, text) = in_ci(&folder, &[]);
    assert_eq!(status, 1, "{text}");
    assert!(text.contains("there is no snapshot score.clay.leads.jsonl.snap"), "{text}");
    assert!(!folder.path("score.clay.leads.jsonl.snap").exists());
    folder.write("score.clay.leads.jsonl.snap", SNAPSHOT);
    assert_eq!(in_ci(&folder, &[]).0, 0);
    assert!(!folder.path("score.clay.leads.jsonl.snap.new").exists(), "it passes again");
}

#[test]
fn a_change_names_leads_and_counts_and_is_taken_over() {
    let folder = tested("change");
    folder.write("score.clay", &RULE.replace("80", "90"));
    let (status, text) = run(&folder, &[]);
    assert_eq!(status, 1, "{text}");
    for wanted in ["leads.jsonl: 1 of 2 rows changed", "Ada · Tier A → B", "Tier A → B: 1", "--accept"] {
        assert!(text.contains(wanted), "{wanted}: {text}");
    }
    assert!(folder.read("score.clay.leads.jsonl.snap.new").contains("Ada · Tier B"));
    assert_eq!(folder.read("score.clay.leads.jsonl.snap"), SNAPSHOT, "nothing is taken over unasked");
    let (status, text) = run(&folder, &["--accept"]);
    assert_eq!(status, 0, "{text}");
    assert!(text.contains("rewrote score.clay.leads.jsonl.snap"), "{text}");
    assert!(!folder.path("score.clay.leads.jsonl.snap.new").exists());
    assert_eq!(run(&folder, &[]).0, 0);
}

/// A rule whose score leaves its range in two rows and in one example.
fn outside_its_range(name: &str) -> Folder {
    let folder = Folder::new(name);
    let examples = "# example: {\"Score\": 40} => 80\n# example: {\"Score\": 60} => 120\n";
    folder.write("score.clay", &format!("{examples}Double (0-100) := Score * 2\nTier := Double > 100\n"));
    folder.write("leads.jsonl", &format!("{ROWS}{{\"name\":\"Cy\",\"Score\":50}}\n{{\"name\":\"Di\"}}\n"));
    folder
}

#[test]
fn results_outside_the_range_of_their_column_fail() {
    let folder = outside_its_range("range");
    let (status, text) = run(&folder, &["--accept"]);
    let wanted = "\
✗ score.clay  4 rows, 2 examples, 1 warning
  score.clay:2: Double (0-100): 120 is outside the range
    for Score 60
  wrote score.clay.leads.jsonl.snap
  leads.jsonl: Double (0-100): 170 is outside the range: 2 rows (first 1, 2)
    row 1: Ada · Double 170
    row 2: Bo · Double 120
1 rule file: 1 failed
";
    assert_eq!((status, text.as_str()), (1, wanted));
    folder.write("score.clay", "Double (0-200) := Score * 2\nTier := Double > 100\n");
    assert_eq!(run(&folder, &[]).0, 0);
}

#[test]
fn machines_learn_of_results_outside_the_range() {
    let folder = outside_its_range("range-formats");
    run(&folder, &[]);
    let (_, text) = run(&folder, &["--format", "json"]);
    let report: serde_json::Value = serde_json::from_str(&text).expect("JSON");
    let tests = &report["files"][0]["tests"];
    assert_eq!(tests[1]["message"], "Double (0-100): 120 is outside the range");
    assert_eq!(tests[1]["range"], serde_json::json!([0, 100]));
    let wanted = serde_json::json!({
        "kind": "range", "status": "failed", "rows_file": "leads.jsonl", "column": "Double", "range": [0, 100],
        "message": "leads.jsonl: Double (0-100): 170 is outside the range: 2 rows (first 1, 2)", "outside": 2,
        "first": [{"row": 1, "lead": "Ada", "value": 170}, {"row": 2, "lead": "Bo", "value": 120}],
    });
    assert_eq!(tests[3], wanted);
    let (_, text) = run(&folder, &["--format", "junit"]);
    assert!(text.contains("name=\"range of Double for leads.jsonl\""), "{text}");
    assert!(
        text.contains("<failure message=\"Double (0-100): 120 is outside the range\">for Score 60</failure>")
    );
    let (_, text) = run(&folder, &["--format", "github"]);
    let line = "::leads.jsonl: Double (0-100): 170 is outside the range: 2 rows (first 1, 2)%0Arow 1: Ada";
    assert!(text.contains(line), "{text}");
}

#[test]
fn a_row_that_comes_changes_one_line() {
    let folder = tested("insert");
    folder.write(
        "leads.jsonl",
        &ROWS.replace("{\"name\":\"Bo\"", "{\"name\":\"Al\",\"Score\":1}\n{\"name\":\"Bo\""),
    );
    let (status, text) = run(&folder, &[]);
    assert_eq!(status, 1);
    assert!(text.contains("1 row new") && text.contains("+ Al · Tier B"), "{text}");
    assert!(!text.contains("Bo"), "{text}");
}

#[test]
fn orphans_are_told_and_removed() {
    let folder = tested("orphan");
    folder.write("gone.clay.leads.jsonl.snap", &SNAPSHOT.replace("score", "gone"));
    folder.write("score.clay.other.csv.snap", SNAPSHOT);
    folder.write("jest.snap", "exports[`x`] = 1");
    let (status, text) = run(&folder, &[]);
    assert_eq!(status, 0, "{text}");
    assert!(text.contains("! gone.clay.leads.jsonl.snap belongs to nothing"), "{text}");
    assert!(text.contains("! score.clay.other.csv.snap belongs to nothing"), "{text}");
    assert_eq!(in_ci(&folder, &[]).0, 1);
    // Only what was asked for is looked at.
    let (_, text) = run(&folder, &["score.clay"]);
    assert!(!text.contains("gone.clay"), "{text}");
    assert_eq!(run(&folder, &["--accept"]).0, 0);
    assert!(!folder.path("gone.clay.leads.jsonl.snap").exists());
    assert!(!folder.path("score.clay.other.csv.snap").exists());
    assert!(folder.path("jest.snap").exists() && folder.path("score.clay.leads.jsonl.snap").exists());
}

#[test]
fn snapshots_of_others_are_left_alone() {
    let folder = tested("others");
    let foreign = SNAPSHOT.replace("source: score.clay", "source: tests/rules.rs");
    folder.write("gone.clay.snap", &foreign);
    folder.write("score.clay.snap", "exports[`score`] = 1\n");
    folder.write("gone.clay.leads.jsonl.snap", "exports[`gone`] = 1\n");
    let (status, text) = run(&folder, &["--accept"]);
    assert_eq!((status, text.as_str()), (0, "✓ score.clay  2 rows\n1 rule file: 1 passed\n"));
    assert!(folder.path("score.clay.snap").exists());
    assert_eq!(folder.read("gone.clay.snap"), foreign);
    assert!(folder.path("gone.clay.leads.jsonl.snap").exists());
    assert_eq!(in_ci(&folder, &[]).0, 0);
}

#[test]
fn the_last_line_says_why_tests_fail() {
    let folder = tested("last-line");
    folder.write("gone.clay.leads.jsonl.snap", &SNAPSHOT.replace("score", "gone"));
    let (status, text) = in_ci(&folder, &["--mutate", "--fail-under", "90"]);
    assert_eq!(status, 1);
    assert!(text.ends_with("1 rule file: 1 passed, 1 snapshot of nothing, 1 share too low\n"), "{text}");
}

#[test]
fn rows_in_another_order_are_told_as_such() {
    let folder = tested("order");
    folder.write(
        "score.clay.leads.jsonl.snap",
        &SNAPSHOT.replace("Ada · Tier A\nBo · Tier B", "Bo · Tier B\nAda · Tier A"),
    );
    let (status, text) = run(&folder, &[]);
    assert_eq!(status, 1);
    assert!(text.contains("leads.jsonl: the same rows with the same results, in another order"), "{text}");
}

#[test]
fn of_json_only_lists_of_records_are_rows() {
    let folder = seed("json-beside");
    folder.write("package.json", "{\"name\": \"rules\"}\n");
    folder.write("words.json", "[\"a\", \"b\"]\n");
    folder.write("more.json", "\u{feff}\n [ {\"name\":\"Cy\",\"Score\":1}]\n");
    let (status, text) = run(&folder, &[]);
    assert_eq!(status, 0, "{text}");
    assert!(text.contains("3 rows") && text.contains("wrote score.clay.more.json.snap"), "{text}");
    assert!(!text.contains("package.json") && !text.contains("words.json"), "{text}");
}

#[test]
fn review_needs_a_terminal() {
    let folder = tested("no-terminal");
    let (status, text) = run(&folder, &["--review"]);
    assert_eq!(status, 2, "{text}");
    assert!(text.contains("--review asks at a terminal"), "{text}");
}

#[cfg(unix)]
#[test]
fn review_asks_one_by_one() {
    use expectrl::Expect;
    let folder = tested("review");
    folder.write("other.clay", "Points := Score * 2\n");
    run(&folder, &[]);
    folder.write("score.clay", &RULE.replace("80", "90"));
    folder.write("other.clay", "Points := Score * 3\n");
    let mut command = Command::new(env!("CARGO_BIN_EXE_clayf"));
    command.current_dir(folder.path("")).args(["test", "--review"]).env("NO_COLOR", "1").env_remove("CI");
    let mut session = expectrl::Session::spawn(command).expect("a terminal");
    session.set_expect_timeout(Some(std::time::Duration::from_secs(20)));
    session.expect("Points 170 → 255").expect("the first change");
    session.expect("q(uit)").expect("a question");
    session.send_line("what").expect("an answer");
    session.expect("q(uit)").expect("the question again");
    session.send_line("n").expect("an answer");
    session.expect("Tier A → B").expect("the second change");
    session.expect("q(uit)").expect("a question");
    session.send_line("y").expect("an answer");
    session.expect("1 passed, 1 failed").expect("the end");
    drop(session);
    assert!(folder.read("score.clay.leads.jsonl.snap").contains("Ada · Tier B"));
    assert!(folder.read("other.clay.leads.jsonl.snap").contains("Points 170"));
    assert!(!folder.path("other.clay.leads.jsonl.snap.new").exists(), "refused");
}

#[test]
fn reports_have_snapshots_of_their_own() {
    let folder = Folder::new("reports");
    folder.write("bad.clay", "X := IF(a => 1, 2, 3)\n");
    let (status, text) = run(&folder, &[]);
    assert_eq!(status, 1, "a broken rule file is no snapshot unasked: {text}");
    assert!(text.contains("clay::reversed_comparison") && text.contains("bad.clay:1:11"), "{text}");
    assert!(!folder.path("bad.clay.snap").exists());
    assert_eq!(run(&folder, &["--accept"]).0, 0);
    assert!(folder.read("bad.clay.snap").contains("╭─[bad.clay:1:11]"));
    assert_eq!(in_ci(&folder, &[]).0, 0);
    folder.write("bad.clay", "X := IF(a < = 1, 2, 3)\n");
    let (status, text) = run(&folder, &[]);
    assert_eq!(status, 1);
    assert!(text.contains("the reports changed") && text.contains("-clay::reversed_comparison"), "{text}");
    // A file that is mended has no reports any more.
    folder.write("bad.clay", "X := IF(a >= 1, 2, 3)\n");
    assert_eq!(run(&folder, &[]).0, 1);
    assert_eq!(run(&folder, &["--accept"]).0, 0);
    assert!(!folder.path("bad.clay.snap").exists());
}

#[test]
fn warnings_are_compared_where_they_have_a_snapshot() {
    let folder = Folder::new("warnings");
    folder.write("rule.clay", "X := a AND b OR c\n");
    let (status, text) = run(&folder, &[]);
    assert_eq!(status, 0, "{text}");
    assert!(text.contains("1 warning"), "{text}");
    folder.write("rule.clay.snap", "---\nsource: rule.clay\n---\nnothing\n");
    assert_eq!(run(&folder, &[]).0, 1);
    assert_eq!(run(&folder, &["--accept"]).0, 0);
    assert!(folder.read("rule.clay.snap").contains("mixed_and_or"));
    assert_eq!(run(&folder, &[]).0, 0);
}

#[test]
fn examples_pass_fail_and_belong_to_their_columns() {
    let folder = Folder::new("examples");
    let rule = "\
# example: {\"Count\": 50} => 15
Score := IF(Count > 10, 15, 0)   # example: {\"Count\": 10} => 0
# example: {\"Count\": \"many\"} => 0

# A comment that belongs to Tier.
# example: {\"Score\": 15} => \"A\"
# example: {\"Count\": 50, \"Score\": 3} => \"B\"
Tier := IF(Score > 10, \"A\", \"B\")

Share (0-1) := 1 / Count
  // Example: {} => #DIV/0!
  // example: {\"Count\": 3} => 0.333333333333333
";
    folder.write("rule.clay", rule);
    let (status, text) = run(&folder, &[]);
    assert_eq!((status, text.as_str()), (0, "✓ rule.clay  7 examples, 1 warning\n1 rule file: 1 passed\n"));
    folder.write("rule.clay", &rule.replace("=> \"A\"", "=> \"C\"").replace("=> #DIV/0!", "=> 0"));
    let (status, text) = run(&folder, &[]);
    assert_eq!(status, 1);
    assert!(text.contains("rule.clay:6: Tier: expected \"C\", got \"A\"\n    for Score 15\n"), "{text}");
    assert!(text.contains("rule.clay:11: Share: expected 0, got #DIV/0!"), "{text}");
    assert!(text.contains("for an empty row"), "{text}");
}

#[test]
fn an_example_that_can_not_be_read_is_a_report() {
    let folder = Folder::new("bad-example");
    folder.write("rule.clay", "# example: {\"Score\": 1} -> 2\nX := Score\n");
    let (status, text) = run(&folder, &[]);
    assert_eq!(status, 1);
    assert!(text.contains("clay::invalid_example") && text.contains("rule.clay:1:"), "{text}");
}

#[test]
fn rows_of_its_own_go_before_rows_of_the_folder() {
    let folder = seed("own-rows");
    folder.write("tier.clay", "T := Score\n");
    folder.write("tier.rows.csv", "name,Score\nCy,7\n");
    folder.write("tier.rows.ndjson", "{\"name\":\"Di\",\"Score\":8}\n");
    let (status, text) = run(&folder, &[]);
    assert_eq!(status, 0, "{text}");
    assert!(folder.read("tier.clay.rows.csv.snap").contains("Cy · T 7"));
    assert!(folder.read("tier.clay.rows.ndjson.snap").contains("Di · T 8"));
    assert!(!folder.path("tier.clay.leads.jsonl.snap").exists());
    assert!(!folder.path("score.clay.tier.rows.csv.snap").exists());
}

#[test]
fn rows_can_be_named() {
    let folder = seed("named-rows");
    folder.write("data/more.json", "[{\"name\":\"Cy\",\"Score\":7}]");
    let (status, text) = run(&folder, &["score.clay", "--rows", "data/more.json"]);
    assert_eq!(status, 0, "{text}");
    assert!(folder.read("score.clay.more.json.snap").contains("Cy · Tier B"));
    // Nor is it an orphan later, since its rows are still there.
    assert!(!run(&folder, &[]).1.contains("belongs to nothing"));
    let (status, text) = run(&folder, &["--rows", "nothing.jsonl"]);
    assert_eq!(status, 1, "a file of rows is missing: {text}");
    folder.write("x/leads.jsonl", ROWS);
    let (status, text) = run(&folder, &["--rows", "leads.jsonl", "x/leads.jsonl"]);
    assert_eq!(status, 1);
    assert!(text.contains("two files of rows have this name"), "{text}");
}

#[test]
fn strange_names_are_fine() {
    let folder = Folder::new("strange");
    let name = "größe, 50% [x]: a\nb.clay";
    folder.write(name, RULE);
    folder.write("leads (1).csv", "name,Score\n\"Ö · x\ny\",85\n");
    let (status, text) = run(&folder, &[]);
    assert_eq!(status, 0, "{text}");
    assert!(text.contains("größe, 50% [x]: a\\nb.clay"), "{text}");
    let snapshot = folder.read(&format!("{name}.leads (1).csv.snap"));
    assert!(snapshot.ends_with("Ö • x y · Tier A\n"), "{snapshot}");
    let path = folder.path(&format!("{name}.leads (1).csv.snap"));
    let read = insta::Snapshot::from_file(&path).expect("insta reads it");
    assert_eq!(read.metadata().source(), Some(name));
    assert_eq!(run(&folder, &[]).0, 0);
    folder.write(name, &RULE.replace("80", "90"));
    let (_, text) = run(&folder, &["--format", "github"]);
    assert!(text.starts_with("::error file=größe%2C 50%25 [x]%3A a%0Ab.clay,title=clayf test::"), "{text}");
    assert_eq!(text.lines().count(), 1, "{text}");
}

#[test]
fn insta_reads_what_is_written() {
    let folder = seed("insta");
    run(&folder, &[]);
    let snapshot =
        insta::Snapshot::from_file(&folder.path("score.clay.leads.jsonl.snap")).expect("insta reads it");
    assert_eq!(snapshot.metadata().source(), Some("score.clay"));
    assert_eq!(snapshot.metadata().expression(), Some("Tier"));
    assert_eq!(snapshot.metadata().input_file(), Some("leads.jsonl"));
    let text = snapshot.as_text().expect("a text").to_string();
    assert_eq!(text.trim(), "Ada · Tier A\nBo · Tier B");
}

#[test]
fn snapshots_that_can_not_be_read() {
    let folder = tested("unreadable");
    for broken in ["", "Ada", "---\nsource: a\n", "---\n---\n<<<<<<< HEAD\nAda · Tier A\n>>>>>>> x\n"] {
        folder.write("score.clay.leads.jsonl.snap", broken);
        let (status, text) = run(&folder, &[]);
        assert_eq!(status, 1, "{broken}: {text}");
        assert!(text.contains("can't read the snapshot score.clay.leads.jsonl.snap"), "{text}");
    }
    std::fs::write(folder.path("score.clay.leads.jsonl.snap"), b"---\n---\n\xff").expect("written");
    assert_eq!(run(&folder, &[]).0, 1);
    assert_eq!(run(&folder, &["--accept"]).0, 0);
    assert_eq!(folder.read("score.clay.leads.jsonl.snap"), SNAPSHOT);
    std::fs::remove_file(folder.path("score.clay.leads.jsonl.snap")).expect("removed");
    std::fs::create_dir(folder.path("score.clay.leads.jsonl.snap")).expect("a folder in the way");
    assert_eq!(run(&folder, &[]).0, 1);
    assert_eq!(run(&folder, &["--accept"]).0, 1);
}

#[test]
fn line_ends_of_windows_are_no_change() {
    let folder = tested("crlf");
    folder.write("score.clay.leads.jsonl.snap", &SNAPSHOT.replace('\n', "\r\n"));
    assert_eq!(run(&folder, &[]).0, 0);
}

#[cfg(unix)]
#[test]
fn a_folder_that_can_not_be_written_to() {
    use std::os::unix::fs::PermissionsExt;
    let folder = seed("read-only");
    let set = |mode| {
        std::fs::set_permissions(folder.path(""), std::fs::Permissions::from_mode(mode))
            .expect("permissions");
    };
    set(0o555);
    // The superuser may write anywhere.
    let can_write = std::fs::write(folder.path("probe"), "").is_ok();
    let (status, text) = run(&folder, &[]);
    set(0o755);
    if !can_write {
        assert_eq!(status, 1, "{text}");
        assert!(text.contains("can't write score.clay.leads.jsonl.snap"), "{text}");
    }
}

#[test]
fn no_rows_and_bad_rows() {
    let folder = seed("few-rows");
    folder.write("leads.jsonl", "");
    assert_eq!(run(&folder, &[]).0, 0);
    assert!(folder.read("score.clay.leads.jsonl.snap").ends_with("---\nno rows\n"));
    assert_eq!(in_ci(&folder, &[]).0, 0);
    folder.write("leads.jsonl", ROWS);
    let (status, text) = run(&folder, &[]);
    assert_eq!(status, 1);
    assert!(text.contains("2 rows new"), "{text}");
    folder.write("leads.jsonl", "{\"name\":\"Ada\",\"Score\":85}\n[1]\n");
    let (status, text) = run(&folder, &[]);
    assert_eq!(status, 1);
    assert!(text.contains("leads.jsonl:2:1:"), "{text}");
}

#[test]
fn the_command_line_is_checked() {
    let folder = tested("usage");
    for (args, wanted) in [
        (&["nothing.clay"][..], "can't read nothing.clay"),
        (&["leads.jsonl"], "is not a rule file"),
        (&["--fail-under", "90"], "--coverage or --mutate"),
        (&["--coverage", "--fail-under", "101"], "from 0 to 100"),
        (&["--now", "soon"], "soon"),
        (&["--tz", "Mars/Olympus"], "Mars/Olympus"),
        (&["--accept", "--review"], "cannot be used with"),
    ] {
        let (status, text) = run(&folder, args);
        assert_eq!(status, 2, "{args:?}: {text}");
        assert!(text.contains(wanted), "{args:?}: {text}");
    }
    let empty = Folder::new("usage-empty");
    let (status, text) = run(&empty, &[]);
    assert_eq!((status, text.as_str()), (2, "error: no rule file (`.clay`) in `.`\n"));
}

#[test]
fn folders_are_searched_but_for_some() {
    let folder = Folder::new("search");
    for path in
        ["a.clay", "b/c/d.clay", ".hidden/e.clay", "target/f.clay", "node_modules/g.clay", "b/skip/h.clay"]
    {
        folder.write(path, "X := 1\n");
    }
    folder.write("b/.clayfignore", "# not these\nsk*/\n");
    let (status, text) = run(&folder, &[]);
    let wanted = "– a.clay  no rows and no examples\n– b/c/d.clay  no rows and no examples\n2 rule files: 2 without tests\n";
    assert_eq!((status, text.as_str()), (0, wanted));
    // What is named is tested, wherever it lies.
    assert!(run(&folder, &["b/skip/h.clay"]).1.contains("b/skip/h.clay"));
}

#[test]
fn the_clock_stands_still() {
    let folder = Folder::new("clock");
    folder.write("age.clay", "Days := TODAY() - \"2026-01-01\"\n# example: {} => 30\n");
    let (status, text) = run(&folder, &[]);
    assert_eq!(status, 1);
    assert!(text.contains("tests need a moment: add a line `# now: "), "{text}");
    assert_eq!(run(&folder, &["--now", "2026-01-31T12:00:00Z"]).0, 0);
    folder.write("leads.jsonl", "{\"name\":\"Ada\"}\n");
    assert_eq!(run(&folder, &["--now", "2026-01-31T12:00:00Z"]).0, 0);
    let snapshot = folder.read("age.clay.leads.jsonl.snap");
    assert!(
        snapshot.contains("description: \"now=2026-01-31T12:00:00Z\"") && snapshot.contains("Days 30"),
        "{snapshot}"
    );
    let (status, text) = in_ci(&folder, &[]);
    assert_eq!(status, 0, "the snapshot keeps the moment: {text}");
    assert_eq!(run(&folder, &["--now", "2026-02-01"]).0, 1);
    // Without any moment, no snapshot is written: it would keep the present day.
    folder.write("age.clay", "Days := TODAY() - \"2026-01-01\"\n");
    std::fs::remove_file(folder.path("age.clay.leads.jsonl.snap")).expect("removed");
    for args in [&[][..], &["--accept"]] {
        let (status, text) = run(&folder, args);
        assert_eq!(status, 1);
        assert!(text.contains("tests need a moment") && text.contains("--now"), "{text}");
        assert!(!folder.path("age.clay.leads.jsonl.snap").exists());
    }
}

#[test]
fn a_comment_sets_the_clock_of_a_file() {
    let folder = Folder::new("file-clock");
    folder.write(
        "age.clay",
        "# now: 2026-01-31T12:00:00Z\nDays := TODAY() - \"2026-01-01\"\n# example: {} => 30\n",
    );
    folder.write("leads.jsonl", "{\"name\":\"Ada\"}\n");
    let (status, text) = run(&folder, &[]);
    assert_eq!(status, 0, "{text}");
    let snapshot = folder.read("age.clay.leads.jsonl.snap");
    assert!(snapshot.contains("now=2026-01-31T12:00:00Z") && snapshot.contains("Days 30"), "{snapshot}");
    // The comment comes before the moment of a snapshot, and the command line before the comment.
    folder.write("age.clay", "# now: 2026-02-01\nDays := TODAY() - \"2026-01-01\"\n# example: {} => 31\n");
    let (status, text) = in_ci(&folder, &[]);
    assert_eq!(status, 1, "the results of the snapshot are those of another day: {text}");
    assert!(text.contains("30") && text.contains("31"), "{text}");
    assert_eq!(in_ci(&folder, &["--now", "2026-01-31T12:00:00Z"]).0, 1, "the example is that of another day");
    assert_eq!(run(&folder, &["--accept"]).0, 0);
    assert_eq!(in_ci(&folder, &[]).0, 0);
}

#[test]
fn each_snapshot_keeps_its_own_moment() {
    let folder = Folder::new("moments");
    folder.write("age.clay", "Days := IF(Fixed, 0, TODAY() - \"2026-01-01\")\n");
    folder.write("fixed.jsonl", "{\"name\":\"Ada\",\"Fixed\":true}\n");
    folder.write("moving.jsonl", "{\"name\":\"Bo\",\"Fixed\":false}\n");
    assert_eq!(run(&folder, &["--now", "2026-01-31"]).0, 0);
    // One file after the other is taken over, at another moment.
    assert_eq!(run(&folder, &["--now", "2026-02-01", "--rows", "moving.jsonl", "--accept"]).0, 0);
    assert_eq!(in_ci(&folder, &[]).0, 0);
    assert!(folder.read("age.clay.fixed.jsonl.snap").contains("now=2026-01-31"));
    // Both are taken over, though the results of one did not change.
    assert_eq!(run(&folder, &["--now", "2026-02-02", "--accept"]).0, 0);
    assert_eq!(in_ci(&folder, &[]).0, 0);
    for file in ["age.clay.fixed.jsonl.snap", "age.clay.moving.jsonl.snap"] {
        assert!(folder.read(file).contains("now=2026-02-02"), "{file}");
    }
    assert!(!run(&folder, &["--accept"]).1.contains("rewrote"), "nothing is left to take over");
}

#[test]
fn errors_and_odd_values_stand_in_snapshots() {
    let folder = Folder::new("values");
    folder.write("v.clay", "Share := 1 / Count\nText := Name\nList := [Count, \"a\"]\nIs := Count > 1\n");
    folder.write(
        "v.rows.jsonl",
        "{\"id\":1,\"Count\":0,\"Name\":\"80\"}\n{\"Count\":2}\n{}\n{\"Count\":2,\"Name\":\"a · b\"}\n",
    );
    assert_eq!(run(&folder, &[]).0, 0);
    let snapshot = folder.read("v.clay.rows.jsonl.snap");
    let body = snapshot.split("---\n").nth(2).expect("a body");
    let wanted = "\
80 · Share #DIV/0! · Text \"80\" · List [0,\"a\"] · Is FALSE
Count 2 · Share 0.5 · Text blank · List [2,\"a\"] · Is TRUE
an empty row · Share #DIV/0! · Text blank · List [null,\"a\"] · Is FALSE
a • b · Share 0.5 · Text \"a \\u00b7 b\" · List [2,\"a\"] · Is TRUE
";
    assert_eq!(body, wanted);
    assert_eq!(run(&folder, &[]).0, 0);
}

#[test]
fn many_rows_have_a_summary() {
    let folder = Folder::new("many");
    let row = |index: usize, score: usize| format!("{{\"name\":\"Lead {index}\",\"Score\":{score}}}\n");
    let rows: Vec<String> = (0..12_000).map(|index| row(index, index % 100)).collect();
    folder.write("score.clay", &format!("{RULE}Exact := Score / 7\n"));
    folder.write("leads.jsonl", &rows.concat());
    assert_eq!(run(&folder, &[]).0, 0);
    let snapshot = folder.read("score.clay.leads.jsonl.snap");
    assert!(
        snapshot.contains(
            "12000 rows\n\nTier\n  A · 2400\n  B · 9600\n\nExact\n  more than 60 different results\n"
        ),
        "{snapshot}"
    );
    assert!(snapshot.lines().count() < 120);
    for threads in ["1", "3"] {
        assert_eq!(run(&folder, &["--threads", threads]).0, 0, "{threads}");
    }
    // The order of the rows is no matter; one row that differs is.
    let turned: Vec<String> = rows.iter().rev().cloned().collect();
    folder.write("leads.jsonl", &turned.concat());
    assert_eq!(run(&folder, &[]).0, 0);
    folder.write("leads.jsonl", &rows.concat().replacen(&row(5, 5), &row(5, 85), 1));
    let (status, text) = run(&folder, &[]);
    assert_eq!(status, 1);
    assert!(text.contains("-  A · 2400") && text.contains("+  A · 2401"), "{text}");
}

#[test]
fn shares_that_are_too_low_fail() {
    let folder = tested("fail-under");
    let (status, text) = run(&folder, &["--coverage", "--fail-under", "100"]);
    assert_eq!(status, 0, "{text}");
    let (status, text) = run(&folder, &["--mutate"]);
    assert_eq!(status, 0, "mutants alone fail nothing: {text}");
    assert!(text.contains("no row has `Score` 80"), "{text}");
    let (status, text) = run(&folder, &["--mutate", "--fail-under", "90"]);
    assert_eq!(status, 1);
    assert!(text.contains("of the mutants are noticed; --fail-under asks for 90 %"), "{text}");
}

#[test]
fn rules_that_are_no_text_or_are_gone() {
    let folder = Folder::new("no-text");
    std::fs::write(folder.path("x.clay"), b"X := \"\xff\"").expect("written");
    let (status, text) = run(&folder, &[]);
    assert_eq!(status, 1);
    assert!(text.contains("not UTF-8"), "{text}");
}

#[test]
fn an_orphan_of_the_current_folder_is_told_once() {
    let folder = common::folder("orphan-once");
    std::fs::write(folder.join("r.clay"), "T := n * 2\n").expect("a writable file");
    std::fs::write(folder.join("r.rows.jsonl"), "{\"n\":1}\n").expect("a writable file");
    common::clayf(&folder, &["test"], b"");
    std::fs::remove_file(folder.join("r.rows.jsonl")).expect("the rows");
    let output = common::clayf(&folder, &["test", "--format", "json"], b"");
    let told = String::from_utf8_lossy(&output.stdout).into_owned();
    assert_eq!(told.matches("r.clay.rows.jsonl.snap").count(), 1, "{told}");
}

#[test]
fn a_rule_file_behind_rows_is_told() {
    let folder = common::folder("rule-behind-rows");
    std::fs::write(folder.join("r.clay"), "T := n * 2\n").expect("a writable file");
    std::fs::write(folder.join("l.jsonl"), "{\"n\":1}\n").expect("a writable file");
    let output = common::clayf(&folder, &["test", "--rows", "l.jsonl", "r.clay"], b"");
    assert_eq!(output.status.code(), Some(2));
    let told = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(told.contains("`clayf test r.clay --rows leads.jsonl`"), "{told}");
}
