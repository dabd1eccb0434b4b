//! `let NAME := FORMULA`: read by all commands, and written out by none unless it is selected.

mod common;

use common::folder;
use std::fs;
use std::path::{Path, PathBuf};

const RULES: &str = "let Rate := IF(a > 2, 0.5, 1 / (a - 1))\nScore := IFERROR(Rate * a, 0)\nTier := IF(Score > 1, \"A\", \"B\")\n";
const ROWS: &str = "{\"a\":4,\"Rate\":\"own\"}\n{\"a\":1}\n";

/// A folder with these rules, and these rows.
fn with_rules(text: &str) -> PathBuf {
    let folder = folder("private");
    fs::write(folder.join("r.clay"), text).expect("a rule file");
    fs::write(folder.join("r.jsonl"), ROWS).expect("rows");
    folder
}

/// Standard output, standard error and the status.
fn run(folder: &Path, args: &[&str], input: &str) -> (String, String, i32) {
    let output = common::clayf(folder, args, input.as_bytes());
    let text = |bytes| String::from_utf8(bytes).expect("text");
    (text(output.stdout), text(output.stderr), output.status.code().unwrap_or(-1))
}

/// What `eval` writes for the rows, without a message.
fn evaluated(args: &[&str]) -> String {
    let args: Vec<&str> = ["eval", "r.clay", "r.jsonl"].iter().chain(args).copied().collect();
    let (out, messages, status) = run(&with_rules(RULES), &args, "");
    assert_eq!((messages.as_str(), status), ("", 0), "{args:?}");
    out
}

#[test]
fn it_is_written_only_where_it_is_selected() {
    let rows =
        "{\"a\":4,\"Rate\":\"own\",\"Score\":2,\"Tier\":\"A\"}\n{\"a\":1,\"Score\":0,\"Tier\":\"B\"}\n";
    assert_eq!(evaluated(&[]), rows);
    assert_eq!(evaluated(&["--to", "csv"]), "a,Rate,Score,Tier\n4,own,2,A\n1,,0,B\n");
    assert_eq!(evaluated(&["-e", "IFERROR(Rate, 9)"]), "0.5\n9\n");
    let (folder, args) = (with_rules(RULES), ["eval", "r.clay", "r.jsonl", "--select", "Score,Rate"]);
    let (out, messages, _) = run(&folder, &args, "");
    assert_eq!(out, "{\"Score\":2,\"Rate\":0.5}\n{\"Score\":0,\"Rate\":null}\n");
    assert!(messages.starts_with("warning: Rate: #DIV/0! in 1 row"), "{messages}");
    let found = run(&folder, &["eval", "r.clay", "r.jsonl", "--where", "Rate > 0.4", "--select", "a"], "").0;
    assert_eq!(found, "{\"a\":4}\n");
    let csv = run(&folder, &["eval", "r.clay", "-", "--from", "csv"], "Rate,a\nown,4\n").0;
    assert_eq!(csv, "Rate,a,Score,Tier\nown,4,2,A\n");
}

#[test]
fn an_error_counts_where_it_is_used() {
    assert_eq!(evaluated(&["--on-error", "fail", "--strict"]).lines().count(), 2);
    let folder = with_rules(RULES);
    let select = ["eval", "r.clay", "r.jsonl", "--on-error", "fail", "--select", "Rate"];
    assert_eq!(run(&folder, &select, "").2, 1);
    let fails = |formula: &str| run(&folder, &["eval", "r.clay", "r.jsonl", "--fail-if", formula], "").2;
    assert_eq!((fails("errors > 0"), fails("Rate.errors > 0"), fails("Rate.max > 0.4")), (0, 1, 1));
    let (_, summary, _) = run(&folder, &["eval", "r.clay", "r.jsonl", "--summary"], "");
    assert!(!summary.contains("Rate") && summary.contains("\nScore\n"), "{summary}");
    let (out, findings, _) = run(&folder, &["check", "r.clay", "--rows", "r.jsonl"], "");
    assert!(!format!("{out}{findings}").contains("error_result"), "{findings}");
}

#[test]
fn an_explanation_shows_it_in_the_columns_that_read_it() {
    let folder = with_rules(
        "let Base := IF(a > 2, 10, 5)\nlet Limit := 8\nScore := Base + 1\nTier := IF(Limit < Score, \"A\", \"B\")\n",
    );
    let (text, _, _) = run(&folder, &["explain", "r.clay", "r.jsonl", "--row", "1"], "");
    assert!(!text.lines().any(|line| line.starts_with("Base") || line.starts_with("Limit")), "{text}");
    assert!(text.contains("10  Base") && text.contains("Limit is 8"), "{text}");
    // A constant is no second score.
    assert!(text.contains("down to \"B\""), "{text}");
    let (base, _, _) = run(&folder, &["explain", "r.clay", "r.jsonl", "--row", "1", "--column", "Base"], "");
    assert!(base.contains("\nBase  10"), "{base}");
    let (json, _, _) = run(&folder, &["explain", "r.clay", "r.jsonl", "--row", "1", "--json"], "");
    assert!(json.contains("\"results\":{\"Score\":") && !json.contains("\"results\":{\"Base\""), "{json}");
}

#[test]
fn a_tier_can_be_made_of_a_private_score() {
    let folder =
        with_rules("let Score := a * 2\nlet Strong := Score > 3\nTier := IF(Strong, \"A\", \"B\")\n");
    let (top, messages, status) = run(&folder, &["explain", "r.clay", "r.jsonl", "--top"], "");
    assert_eq!(status, 0, "{messages}");
    assert!(top.contains("Score") && top.contains("Tier"), "{top}");
    let (text, _, _) = run(&folder, &["explain", "r.clay", "r.jsonl", "--row", "1"], "");
    assert!(text.contains("down to \"B\"") && text.contains("Score 2"), "{text}");
}

#[test]
fn tests_show_it_in_no_snapshot_and_check_its_examples() {
    let text = "# example: {\"a\": 4} => 0.5\nlet Rate := IF(a > 2, 0.5, 1)\nScore := Rate * a\n";
    let folder = with_rules(text);
    let (_, messages, status) = run(&folder, &["test", "r.clay", "--rows", "r.jsonl", "--accept"], "");
    assert_eq!(status, 0, "{messages}");
    let snapshot = fs::read_to_string(folder.join("r.clay.r.jsonl.snap")).expect("the snapshot");
    assert!(snapshot.contains("Score 2") && !snapshot.contains("Rate 0.5"), "{snapshot}");
    fs::write(folder.join("r.clay"), text.replace("=> 0.5", "=> 0.6")).expect("a rule file");
    assert_eq!(run(&folder, &["test", "r.clay", "--rows", "r.jsonl"], "").2, 1);
}

#[test]
fn a_difference_is_attributed_to_it_and_it_is_not_compared() {
    let old = "let Base := IF(a > 2, 10, 5)\nScore := Base + IF(b > 0, 1, 0)\n";
    let folder = with_rules(old);
    fs::write(folder.join("new.clay"), old.replace("10", "12")).expect("a rule file");
    let (text, _, _) = run(&folder, &["diff", "r.clay", "new.clay", "r.jsonl"], "");
    assert!(text.contains("Base") && !text.lines().any(|line| line.starts_with("Base")), "{text}");
    let (json, _, _) = run(&folder, &["diff", "r.clay", "new.clay", "r.jsonl", "--format", "json"], "");
    assert!(json.contains("\"Score\"") && !json.contains("\"name\": \"Base\""), "{json}");
    let (proof, _, _) = run(&folder, &["diff", "r.clay", "new.clay", "--prove"], "");
    assert!(proof.contains("Score") && !proof.contains("Base "), "{proof}");
    fs::write(folder.join("public.clay"), old.replace("let ", "")).expect("a rule file");
    let (text, _, _) = run(&folder, &["diff", "r.clay", "public.clay", "--prove"], "");
    assert!(text.contains("added: Base") && text.contains("equivalent"), "{text}");
}

/// `Tier` reads `Score` through a private column, so its change is attributed to the part of `Score` that changed.
#[test]
fn a_difference_is_followed_through_it() {
    let old = "Score := IF(a > 2, 10, 5)\nlet Strong := Score > 8\nTier := IF(Strong, \"A\", \"B\")\n";
    let folder = with_rules(old);
    fs::write(folder.join("new.clay"), old.replace("10", "7")).expect("a rule file");
    let (json, _, _) = run(&folder, &["diff", "r.clay", "new.clay", "r.jsonl", "--format", "json"], "");
    let (_, tier) = json.split_once("\"Tier\"").expect("the tier");
    assert!(tier.contains("\"Score\"") && !tier.contains("its own formula"), "{json}");
}

#[test]
fn a_proof_covers_it() {
    let folder = with_rules("# always: Base >= 5\nlet Base (0-20) := IF(a > 2, 10, 5)\nScore := Base + 1\n");
    let (text, _, status) = run(&folder, &["prove", "r.clay"], "");
    assert_eq!(status, 0, "{text}");
    assert!(text.contains("let Base") && text.contains("always: Base >= 5"), "{text}");
    let (_, checked, _) = run(&folder, &["check", "r.clay"], "");
    assert!(
        checked.contains("2 columns (1 private) computed from 1 column of the row; 1 property proved"),
        "{checked}"
    );
}

#[cfg(feature = "table")]
#[test]
fn it_is_no_column_of_a_table() {
    let folder = with_rules("let Ready := ISNOTEMPTY(domain)\nScore := IF(Ready, 10, 0)\n");
    let table = "table: T\nrules: r.clay\ncolumns: [domain]\ncrm_sync:\n  provider: hubspot\n  object: contacts\n  run_if: Ready\n  fields: {domain: \"{{domain}}\"}\n";
    fs::write(folder.join("t.yaml"), table).expect("a table");
    let named = table.replace("[domain]", "[domain, Ready]");
    fs::write(folder.join("named.yaml"), named).expect("a table");
    let (_, messages, _) = run(&folder, &["check", "named.yaml"], "");
    assert!(messages.contains("private in the rule file") && messages.contains("`Ready := …`"), "{messages}");
    let rules = "table: T\nrules: r.clay\ncolumns: [domain]\n";
    fs::write(folder.join("plain.yaml"), rules).expect("a table");
    let rows = "{\"domain\":\"a.example\"}\n";
    fs::write(folder.join("rows.jsonl"), rows).expect("rows");
    let (out, messages, status) = run(&folder, &["run", "plain.yaml", "rows.jsonl"], "");
    assert_eq!(status, 0, "{messages}");
    assert!(out.contains("\"Score\":10") && !out.contains("Ready"), "{out}");
}
