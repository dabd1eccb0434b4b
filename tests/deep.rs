//! Formulas and rows of extreme size and depth, on the real program with its default stack.

use std::fs;
use std::process::{Command, Output};

fn run(name: &str, formula: &str) -> Output {
    let path = std::env::temp_dir().join(format!("clayf-deep-{name}-{}.clay", std::process::id()));
    fs::write(&path, formula).expect("a writable folder");
    let output = Command::new(env!("CARGO_BIN_EXE_clayf"))
        .args(["eval", "-n"])
        .arg(&path)
        .output()
        .expect("the program");
    fs::remove_file(path).expect("the file is there");
    output
}

/// The formula is refused for its depth, with exit status 2 and a report of bearable length.
fn is_refused(name: &str, formula: &str) {
    let output = run(name, formula);
    let report = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(2), "{name}: {report:.300}");
    assert!(report.contains("clay::nested_too_deeply"), "{name}: {report:.300}");
    assert!(report.lines().all(|line| line.chars().count() < 200), "{name}: long lines are clipped");
}

fn gives(name: &str, formula: &str, result: &str) {
    let output = run(name, formula);
    let shown = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(0), "{name}: {shown:.300}");
    assert_eq!(String::from_utf8_lossy(&output.stdout), format!("{{\"X\":{result}}}\n"), "{name}");
}

#[test]
fn what_is_nested_without_bound_is_refused() {
    let many = 30_000;
    is_refused("parentheses", &"(".repeat(many));
    is_refused("not", &format!("X := {}a", "NOT ".repeat(many)));
    is_refused("minus", &format!("X := {}1", "-".repeat(many)));
    is_refused("brackets", &format!("X := {}", "[".repeat(many)));
    is_refused("records", &format!("X := {}", "{a: ".repeat(many)));
    is_refused("let", &format!("X := {}", "LET(a,1,".repeat(many)));
    is_refused("if", &format!("X := {}2{}", "IF(a > 1, 1, ".repeat(many), ")".repeat(many)));
    is_refused("percent", &format!("X := 1{}", "%".repeat(many)));
    is_refused("not-equal", &format!("X := {}a", "a = NOT ".repeat(many)));
}

#[test]
fn what_is_nested_within_reason_is_evaluated() {
    gives("if-1999", &format!("X := {}2{}", "IF(a, 1, ".repeat(1_999), ")".repeat(1_999)), "2");
    gives("records-1990", &format!("X := ISERROR({}1{})", "{a: ".repeat(1_990), "}".repeat(1_990)), "true");
    gives("minus-2000", &format!("X := {}1", "-".repeat(2_000)), "1");
    gives("mixed", &format!("X := {}2{}", "IF(a > 1 AND b, 1, 1 + ".repeat(300), ")".repeat(300)), "302");
}

#[test]
fn length_is_not_depth() {
    gives("sum", &format!("X := {}", vec!["1"; 40_000].join(" + ")), "40000");
    gives("or", &format!("X := {}", vec!["a"; 20_000].join(" OR ")), "false");
    gives("access", &format!("X := a{}", ".b".repeat(20_000)), "null");
}

#[test]
fn a_row_nested_without_bound_is_a_bad_row() {
    let path = std::env::temp_dir().join(format!("clayf-deep-row-{}.jsonl", std::process::id()));
    fs::write(&path, format!("{{\"a\":1}}\n{{\"a\":{}\n", "[".repeat(100_000))).expect("a writable folder");
    let output = Command::new(env!("CARGO_BIN_EXE_clayf"))
        .args(["eval", "-e", "a"])
        .arg(&path)
        .output()
        .expect("the program");
    fs::remove_file(&path).expect("the file is there");
    let message = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(1), "{message}");
    assert!(
        message.contains(".jsonl:2:") && message.contains("nested more than 128 levels deep"),
        "{message}"
    );
    assert_eq!(output.stdout, b"1\n");
}

/// What is nested in nothing but repeated takes time in proportion to its length.
#[test]
fn many_comments_inside_a_formula_are_read_in_time() {
    for begin in ["X := Score +\n", "X :=\n"] {
        let rule = format!("{begin}{}1\n", "# a comment\n\n".repeat(40_000));
        let started = std::time::Instant::now();
        assert!(clayf::Rules::compile("rule.clay", &rule).is_ok(), "{begin}");
        assert!(started.elapsed().as_secs() < 10, "{:?}", started.elapsed());
    }
}
