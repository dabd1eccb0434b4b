//! The public scoring models of `corpus/real`: each passes every tool without a report, and its page lists it.

mod common;

use common::clayf;
use std::fs;
use std::path::{Path, PathBuf};

const FOLDER: &str = "corpus/real";

/// The names of the models. Each is a folder with a rule file of its name.
fn models() -> Vec<String> {
    let entries = fs::read_dir(FOLDER).expect("the folder");
    let mut names: Vec<String> = entries
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| path.is_dir())
        .map(|path| path.file_name().expect("a name").to_string_lossy().into_owned())
        .collect();
    names.sort();
    names
}

fn folder(model: &str) -> PathBuf {
    Path::new(FOLDER).join(model)
}

/// The file with the rows of a model.
fn rows(model: &str) -> String {
    let mut names = ["rows.jsonl", "rows.csv"].into_iter();
    names.find(|name| folder(model).join(name).exists()).expect("rows").to_owned()
}

/// Runs a command in the folder of a model. It succeeds. Returns its output.
fn succeeds(model: &str, args: &[&str]) -> String {
    let output = clayf(&folder(model), args, b"");
    let text =
        String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{model}: {args:?}\n{text}");
    text
}

#[test]
fn nothing_is_reported() {
    for model in models() {
        let text = succeeds(&model, &["check", &format!("{model}.clay"), "--rows", &rows(&model)]);
        assert!(text.contains("nothing wrong") && !text.contains("clay::"), "{model}:\n{text}");
    }
}

#[test]
fn examples_and_snapshots_pass_and_cover_everything() {
    for model in models() {
        assert!(folder(&model).join(format!("{model}.clay.{}.snap", rows(&model))).exists(), "{model}");
        let text = succeeds(&model, &["test", "--coverage", "--fail-under", "100"]);
        assert!(text.contains(" examples"), "{model}:\n{text}");
    }
}

#[test]
fn rule_files_are_formatted() {
    for model in models() {
        succeeds(&model, &["fmt", "--check", &format!("{model}.clay")]);
    }
}

#[test]
fn each_model_names_its_source_and_has_enough_rows() {
    let page = fs::read_to_string(Path::new(FOLDER).join("README.md")).expect("the page");
    let models = models();
    assert!(models.len() >= 10, "{} models", models.len());
    for model in &models {
        let rule = fs::read_to_string(folder(model).join(format!("{model}.clay"))).expect("the rule");
        let (top, _) = rule.split_once("\n\n").expect("a comment at the top");
        let source = top.lines().find(|line| line.starts_with("# Source")).expect("a source");
        assert!(source.contains(": https://"), "{model}: {source}");
        assert!(page.contains(&format!("[{model}]({model}/{model}.clay)")), "{model} is on the page");
        let rows = fs::read_to_string(folder(model).join(rows(model))).expect("the rows");
        assert!(rows.lines().count() >= 10, "{model} has 10 rows");
    }
}
