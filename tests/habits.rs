//! Formulas in the habits of other languages: what clayf says to write in their place, and that it is a formula.

mod common;

use clayf::Rules;
use clayf::analysis::advised;
use clayf::translate::Form;
use common::{clayf, folder};
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

/// Words before the code of a help that is written as it is shown.
const LEADS: [&str; 11] = [
    "write ",
    "write it as a function: ",
    "write it as ",
    "use AND: ",
    "say so: ",
    "write the number alone: ",
    "write the number out: ",
    "is written in braces: ",
    "list the cases: ",
    "as in ",
    "such as ",
];

/// The formulas that a help asks its reader to write; nothing for an operator, or for what is only the beginning of one.
fn written(help: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let mut before = "";
    let mut parts = help.split('`');
    while let (Some(words), Some(code)) = (parts.next(), parts.next()) {
        // `write `,` instead of `;`: ` has code among its words.
        let leads = LEADS.iter().any(|lead| words.ends_with(lead)) || (before == ";" && words == ": ");
        let is_whole = code.contains(char::is_alphanumeric)
            && !code.contains(['…', '#'])
            && !code.ends_with('(')
            && !code.contains("FORMULA");
        let is_word = matches!(code, "AND" | "OR" | "NOT" | "IN");
        if leads && is_whole && !is_word {
            found.push(code);
        }
        before = code;
    }
    found
}

fn compiles(formula: &str) -> bool {
    let text = if formula.contains(" := ") { formula.to_owned() } else { format!("Out := {formula}") };
    Rules::compile("rule.clay", &text).is_ok()
}

/// Whether a formula compiles, and nothing is found about it but what its author decided.
fn is_clean(formula: &str) -> bool {
    let text = if formula.contains(" := ") { formula.to_owned() } else { format!("Out := {formula}") };
    let compiled = Rules::compile("rule.clay", &text);
    compiled.is_ok_and(|rules| rules.warnings().iter().all(|one| one.code() == "clay::blank_earns_most"))
}

/// Whether this is a line of a rule file or of a shell rather than a formula.
fn is_line(instead: &str) -> bool {
    ["#", "input ", "blank ", "data ", "use ", "let ", "clayf "]
        .iter()
        .any(|start| instead.starts_with(start))
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
            for instead in
                written(&found).into_iter().filter(|instead| !is_line(instead) && !is_clean(instead))
            {
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
            for instead in written(&help) {
                checked += 1;
                if !(is_line(instead) || compiles(instead) || compiles(&format!("CONCAT({instead})"))) {
                    wrong.push(format!("{source}\n    is no formula: {instead}"));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(checked > 200, "hardly any suggestion was read: {checked}");
}

/// The help of the first error of a rule file whose rows have these columns.
fn help_with(text: &str, names: &[&str]) -> String {
    let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
    let found = Rules::compile("rule.clay", text).expect_err("a rule with an error");
    let found = advised(found, &names, Form::File);
    found.iter().find_map(|one| one.help().map(|help| help.to_string())).unwrap_or_default()
}

#[test]
fn the_field_of_an_item_is_not_the_column_of_that_name() {
    let names = ["email", "Contacts", "score"];
    let some = help_with("X := Contacts.some(c => c.email.includes(\"@x\"))", &names);
    assert_eq!(some, "write `ANY(Contacts, c, CONTAINS(c.email, \"@x\"))`");
    let filter = help_with("X := Contacts.filter(c => c.email != null).length", &names);
    assert_eq!(filter, "write `COUNTA(FILTER(Contacts, c, ISNOTEMPTY(c.email)))`");
    assert_eq!(help_with("X := lead.score > 5 ? 1 : 0", &names), "write `IF(score > 5, 1, 0)`");
}

#[test]
fn a_formula_of_a_command_line_gets_no_name() {
    let help = |formula: &str| {
        let found = Rules::compile_formula(formula).expect_err("a formula with an error");
        found.iter().find_map(|one| one.help().map(|help| help.to_string())).unwrap_or_default()
    };
    assert_eq!(help("SELECT Score * 2 AS Dbl FROM leads"), "write `Score * 2`");
    assert_eq!(help("score += 5"), "write `score + 5`");
    assert_eq!(help("const f = (lead) => lead.score * 2"), "write `score * 2`");
    assert_eq!(help_with("SELECT Score * 2 AS Dbl FROM leads", &[]), "write `Dbl := Score * 2`");
}

#[test]
fn a_name_that_is_declared_or_in_braces_is_no_sentence() {
    let rules = [
        "input Domain Is Set: Boolean\ninput Email Is Known: Boolean\nA := {{Email Is Known}} AND Domain Is Set\n",
        "input not Contacted: Boolean\nA := IF(not Contacted, 1, 2)\n",
        "input Email is known: Boolean\nA := IF(Email is known, 1, 2)\n",
        "A := IF({{Email is empty}}, 1, 2)\n",
        "A := IF(Newsletter Is Set, 1, 2)\n",
        "A := IF(Opt In Is True, 1, 2)\n",
        "A := IF(Email Opens Is At Least 5, 1, 2)\n",
        "A := {{Name | Last}} & {{Company | Size}}\n",
        "A := {{null}} & 1\n",
        "input null: Text\nA := null = \"x\"\n",
        "A := COUNT({{DISTINCT Country}})\n",
    ];
    for rule in rules {
        let compiled = Rules::compile("rule.clay", rule).unwrap_or_else(|found| panic!("{rule}: {found}"));
        assert!(compiled.warnings().is_empty(), "{rule}: {}", compiled.warnings());
    }
}

#[test]
fn a_column_of_the_rows_is_no_sentence() {
    let folder = folder("habits-columns-of-rows");
    let rule = "A := IF(not Contacted, 1, 2)\nB := IF(Email is known, 1, 2)\nC := null = \"x\"\n";
    std::fs::write(folder.join("a.clay"), rule).expect("a writable file");
    let rows = "{\"not Contacted\":true,\"Email is known\":false,\"null\":\"x\"}\n";
    std::fs::write(folder.join("a.jsonl"), rows).expect("a writable file");
    let alone = clayf(&folder, &["check", "a.clay"], b"");
    let alone = String::from_utf8_lossy(&alone.stderr).into_owned();
    assert!(alone.ends_with("a.clay: 3 warnings\n"), "{alone}");
    let output = clayf(&folder, &["check", "a.clay", "--rows", "a.jsonl"], b"");
    let with_rows = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(!with_rows.contains("sentence_as_name") && !with_rows.contains("operator_habit"), "{with_rows}");
}
