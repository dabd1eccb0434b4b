//! Formulas in the habits of other languages: what clayf says to write in their place, and that it is a formula.

use clayf::Rules;
use miette::Diagnostic as _;

/// The help about a formula, from its first finding.
fn help_about(formula: &str) -> String {
    let found = match Rules::compile("rule.clay", &format!("Out := {formula}\n")) {
        Ok(rules) => rules.warnings().clone(),
        Err(found) => found,
    };
    let first = found.iter().find(|one| !one.is_warning()).or_else(|| found.iter().next());
    first.and_then(|one| one.help().map(|help| help.to_string())).unwrap_or_default()
}

/// The formula that a help asks its reader to write; nothing for advice in a sentence, or about an operator.
fn written(help: &str) -> Option<&str> {
    let starts = ["write `,` instead of `;`: ", "use AND: ", "write "];
    let help = starts.iter().find_map(|start| help.strip_prefix(start))?;
    let (formula, rest) = help.strip_prefix('`')?.split_once('`')?;
    let is_whole = rest.is_empty() || rest.starts_with("; without") || rest.starts_with("; there is");
    (is_whole && formula.contains(char::is_alphanumeric)).then_some(formula)
}

fn compiles(formula: &str) -> bool {
    let text = if formula.contains(" := ") { formula.to_owned() } else { format!("Out := {formula}") };
    Rules::compile("rule.clay", &text).is_ok()
}

#[test]
fn each_habit_is_answered_with_a_formula() {
    let mut wrong = Vec::new();
    for entry in std::fs::read_dir("corpus/habits").expect("the folder") {
        let path = entry.expect("an entry").path();
        let text = std::fs::read_to_string(&path).expect("a readable file");
        let mut lines = text.lines();
        let mut blessed = vec![lines.next().unwrap_or_default().to_owned()];
        for line in lines.filter(|line| !line.is_empty()) {
            let (formula, wanted) = line.split_once("  -->  ").unwrap_or((line, ""));
            let found = help_about(&formula.replace('⏎', "\n"));
            if found != wanted {
                wrong.push(format!("{formula}\n    wanted {wanted}\n    found  {found}"));
            }
            if let Some(instead) = written(&found).filter(|instead| !compiles(instead)) {
                wrong.push(format!("{formula}\n    is no formula: {instead}"));
            }
            blessed.push(format!("{formula}  -->  {found}"));
        }
        if std::env::var_os("CLAYF_BLESS").is_some() {
            std::fs::write(&path, format!("{}\n", blessed.join("\n"))).expect("written");
        }
    }
    let is_blessed = std::env::var_os("CLAYF_BLESS").is_some();
    let wrong: Vec<String> =
        wrong.into_iter().filter(|one| !is_blessed || one.contains("is no formula")).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Each formula that any report of the corpus asks its reader to write is one, by itself or in place of what it is about.
#[test]
fn suggestions_of_all_reports_are_formulas() {
    let mut sources: Vec<String> = Vec::new();
    for entry in std::fs::read_dir("corpus/errors").expect("the folder") {
        let path = entry.expect("an entry").path();
        if path.extension().is_some_and(|ending| ending == "clay") {
            sources.extend(std::fs::read_to_string(path));
        }
    }
    let lints = std::fs::read_to_string("corpus/lints/mistakes.txt").expect("a readable file");
    sources.extend(
        lints.lines().skip(1).filter_map(|line| Some(line.split_once("  -->  ")?.0.replace('⏎', "\n"))),
    );
    let (mut checked, mut wrong) = (0, Vec::new());
    for source in &sources {
        let found = match Rules::compile("rule.clay", source) {
            Ok(rules) => rules.warnings().clone(),
            Err(found) => found,
        };
        for help in found.iter().filter_map(|one| one.help().map(|help| help.to_string())) {
            let Some(instead) = written(&help) else { continue };
            checked += 1;
            let is_line = instead.starts_with('#') || instead.starts_with("input ");
            if !(is_line || compiles(instead)) {
                wrong.push(format!("{source}\n    is no formula: {instead}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(checked > 200, "hardly any suggestion was read: {checked}");
}
