//! What each mistake looks like: one example file a mistake, its report beside it.

mod common;

use clayf::diagnostics::{Look, render};
use common::{files_with, findings, findings_with_rows, table_codes, table_findings, table_reports};
use std::collections::BTreeSet;

#[test]
fn reports_read_well() {
    insta::with_settings!({ snapshot_path => "../corpus/errors", prepend_module_to_snapshot => false, omit_expression => true }, {
        let mut count = 0;
        for entry in std::fs::read_dir("corpus/errors").expect("the folder") {
            let path = entry.expect("an entry").path();
            if path.extension().is_none_or(|ending| ending != "clay") {
                continue;
            }
            let found = findings(&path);
            let reports: Vec<String> = found.iter().map(|one| render(one, found.source(), Look::default())).collect();
            // The names are those that `clayf test` gives, so that both read the same files.
            insta::assert_snapshot!(path.file_name().expect("a name").to_string_lossy().into_owned(), reports.join("\n"));
            count += 1;
        }
        assert!(count > 0, "there are examples");
    });
}

#[test]
fn reports_about_rows_read_well() {
    insta::with_settings!({ snapshot_path => "../corpus/errors/rows", prepend_module_to_snapshot => false, omit_expression => true }, {
        for path in files_with(ROWS, "clay") {
            let found = findings_with_rows(&path);
            let reports: Vec<String> = found.iter().map(|one| render(one, found.source(), Look::default())).collect();
            insta::assert_snapshot!(path.file_name().expect("a name").to_string_lossy().into_owned(), reports.join("\n"));
        }
    });
}

#[test]
fn reports_about_tables_read_well() {
    insta::with_settings!({ snapshot_path => "../corpus/errors/tables", prepend_module_to_snapshot => false, omit_expression => true }, {
        for path in files_with("corpus/errors/tables", "yaml") {
            let reports = table_reports(&table_findings(&path));
            insta::assert_snapshot!(path.file_name().expect("a name").to_string_lossy().into_owned(), reports.join("\n"));
        }
    });
}

#[test]
fn each_diagnostic_of_tables_has_an_example_that_shows_it() {
    let mut shown = BTreeSet::new();
    for path in files_with("corpus/errors/tables", "yaml") {
        let code = code_of(&path);
        let found = table_findings(&path);
        let wanted = format!("clay::{code}");
        assert!(table_codes(&found).iter().all(|one| *one == wanted), "{}: {found}", path.display());
        assert!(!found.is_empty(), "{} shows nothing", path.display());
        shown.insert(code);
    }
    let own = codes(&[include_str!("../src/diagnostics/table_error.rs")]);
    assert_eq!(own.difference(&shown).collect::<Vec<_>>(), Vec::<&String>::new());
    // What stands in the formulas of a table has an example of its own as well.
    assert!(shown.is_subset(&own.union(&codes(&RULES)).cloned().collect()), "{shown:?}");
}

/// The examples that are compared with rows.
const ROWS: &str = "corpus/errors/rows";

/// `code.yaml`, and `code-more.yaml` for further examples.
fn code_of(path: &std::path::Path) -> String {
    let stem = path.file_stem().expect("a name").to_string_lossy().into_owned();
    stem.split('-').next().expect("a part").to_owned()
}

/// The sources of the diagnostics of rule files.
const RULES: [&str; 14] = [
    include_str!("../src/diagnostics/syntax_error.rs"),
    include_str!("../src/diagnostics/check_error.rs"),
    include_str!("../src/diagnostics/data_error.rs"),
    include_str!("../src/diagnostics/decision_error.rs"),
    include_str!("../src/diagnostics/decision_lint.rs"),
    include_str!("../src/diagnostics/function_error.rs"),
    include_str!("../src/diagnostics/use_error.rs"),
    include_str!("../src/diagnostics/lint.rs"),
    include_str!("../src/diagnostics/example_error.rs"),
    include_str!("../src/diagnostics/argument_lint.rs"),
    include_str!("../src/diagnostics/value_lint.rs"),
    include_str!("../src/diagnostics/row_lint.rs"),
    include_str!("../src/diagnostics/allow_lint.rs"),
    include_str!("../src/diagnostics/property_error.rs"),
];

/// All codes in the sources of diagnostics.
fn codes(sources: &[&str]) -> BTreeSet<String> {
    let code = |part: &str| part.split(')').next().map(ToOwned::to_owned);
    sources.iter().flat_map(|source| source.split("code(clay::").skip(1)).filter_map(code).collect()
}

#[test]
fn each_diagnostic_has_an_example_that_shows_it() {
    let mut shown = BTreeSet::new();
    for entry in std::fs::read_dir("corpus/errors").expect("the folder") {
        let path = entry.expect("an entry").path();
        if path.extension().is_some_and(|ending| ending == "clay") {
            let code = code_of(&path);
            let found = findings(&path);
            let wanted = format!("clay::{code}");
            assert!(found.iter().all(|one| one.code() == wanted), "{}: {found}", path.display());
            assert!(!found.is_empty(), "{} shows nothing", path.display());
            shown.insert(code);
        }
    }
    for path in files_with(ROWS, "clay") {
        let code = code_of(&path);
        let found = findings_with_rows(&path);
        let wanted = format!("clay::{code}");
        assert!(found.iter().all(|one| one.code() == wanted), "{}: {found}", path.display());
        assert!(!found.is_empty(), "{} shows nothing", path.display());
        shown.insert(code);
    }
    // A rule that is too large to be analyzed is too large for an example.
    shown.extend(["analysis_limit", "decision_limit"].map(ToOwned::to_owned));
    assert_eq!(shown, codes(&RULES));
}

/// The codes of what is found in a text.
fn codes_in(text: &str) -> Vec<String> {
    let code = |one: &clayf::diagnostics::Diagnostic| one.code().trim_start_matches("clay::").to_owned();
    match clayf::Rules::compile("rule.clay", text) {
        Ok(rules) => rules.warnings().iter().map(code).collect(),
        Err(found) => found.iter().map(code).collect(),
    }
}

/// Many terms and many branches that all read one column, each branch with all terms.
fn terms_and_branches(count: usize) -> String {
    let terms: Vec<String> = (0..count).map(|index| format!("IF(Visits > {index}, 1, 0)")).collect();
    let branches: Vec<String> =
        (0..count).map(|index| format!("Visits > {}, base + {index}, ", count - index)).collect();
    let sum = terms.join(" + ");
    format!(
        "Score := LET(base, {sum}, IFS({}TRUE, base))\nTier := IF(Score > 10, \"A\", \"B\")\n",
        branches.concat()
    )
}

#[test]
fn the_analysis_has_a_limit_and_reports_it() {
    assert_eq!(codes_in(&terms_and_branches(20)), Vec::<String>::new());
    assert_eq!(codes_in(&terms_and_branches(500)), ["analysis_limit"]);
    let silenced = terms_and_branches(500).replace("\nTier", "\n# allow: analysis_limit, generated\nTier");
    assert_eq!(codes_in(&silenced), Vec::<String>::new());
}

#[test]
fn every_lint_can_be_silenced_by_its_code() {
    let of_rules = codes(&[
        include_str!("../src/diagnostics/lint.rs"),
        include_str!("../src/diagnostics/decision_lint.rs"),
        include_str!("../src/diagnostics/argument_lint.rs"),
        include_str!("../src/diagnostics/value_lint.rs"),
        include_str!("../src/diagnostics/allow_lint.rs"),
    ]);
    let mut of_rows = codes(&[include_str!("../src/diagnostics/row_lint.rs")]);
    // A column that leaves its range is found by a proof.
    of_rows.insert("outside_range".to_owned());
    let listed = |list: &[&str]| list.iter().map(|code| (*code).to_owned()).collect::<BTreeSet<_>>();
    assert_eq!(listed(clayf::diagnostics::LINTS), of_rules);
    assert_eq!(listed(clayf::diagnostics::ROW_LINTS), of_rows);
}
