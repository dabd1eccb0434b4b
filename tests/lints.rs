//! Lints about literals and arguments: mistakes that they report, and correct rules about which they report nothing.

use clayf::Rules;
use miette::Diagnostic as _;

/// The rules of a file in `corpus/lints`: one a line, without the lines of comments.
fn cases(file: &str) -> Vec<String> {
    let text = std::fs::read_to_string(format!("corpus/lints/{file}")).expect("a readable file");
    text.lines().skip(1).filter(|line| !line.is_empty()).map(ToOwned::to_owned).collect()
}

/// The code and the help of each report about a rule.
fn reports(rule: &str) -> Vec<String> {
    let found = match Rules::compile("rule.clay", &rule.replace('⏎', "\n")) {
        Ok(rules) => rules.warnings().clone(),
        Err(found) => found,
    };
    let report = |one: &clayf::diagnostics::Diagnostic| {
        let help = one.help().map(|help| help.to_string()).unwrap_or_default();
        format!("{}: {help}", one.code().trim_start_matches("clay::"))
    };
    found.iter().map(report).collect()
}

#[test]
fn correct_rules_have_no_report() {
    let rules = ["correct.txt", "correct_habits.txt"].into_iter().flat_map(cases);
    let alarms: Vec<String> = rules
        .filter(|rule| !reports(rule).is_empty())
        .map(|rule| format!("{rule}\n    {:?}", reports(&rule)))
        .collect();
    assert!(alarms.is_empty(), "{}", alarms.join("\n"));
}

#[test]
fn mistakes_have_a_report_that_shows_what_to_write() {
    let mut blessed = Vec::new();
    let mut wrong = Vec::new();
    for case in cases("mistakes.txt") {
        let (rule, wanted) = case.split_once("  -->  ").unwrap_or((&case, ""));
        let found = reports(rule).into_iter().next().unwrap_or_default();
        if found != wanted {
            wrong.push(format!("{rule}\n    wanted {wanted}\n    found  {found}"));
        }
        blessed.push(format!("{rule}  -->  {found}"));
    }
    if std::env::var_os("CLAYF_BLESS").is_some() {
        let text = std::fs::read_to_string("corpus/lints/mistakes.txt").expect("a readable file");
        let first = text.lines().next().unwrap_or_default();
        std::fs::write("corpus/lints/mistakes.txt", format!("{first}\n{}\n", blessed.join("\n")))
            .expect("written");
        return;
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// A rule of thousands of branches and names takes time in proportion to its length.
#[test]
fn long_rules_are_checked_in_time() {
    let branches: Vec<String> =
        (0..5000).map(|index| format!("CONTAINS(LOWER(Title {index}), \"word {index}\"), {index}")).collect();
    let sums: Vec<String> = (1..200)
        .map(|index| format!("C{index} := {}", vec![format!("C{}", index - 1); 200].join(" + ")))
        .collect();
    let rule = format!(
        "A := IFS({}, TRUE, 0)\nC0 := 1\n{}\nB := ROUND(C199, C198)",
        branches.join(", "),
        sums.join("\n")
    );
    let started = std::time::Instant::now();
    assert!(reports(&rule).iter().all(|report| !report.starts_with("swapped")));
    assert!(started.elapsed().as_secs() < 20, "{:?}", started.elapsed());
}
