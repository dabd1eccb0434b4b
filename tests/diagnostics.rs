//! What each mistake looks like: one example file a mistake, its report beside it.

mod common;

use clayf::diagnostics::{Look, render};
use common::findings;
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

/// All codes in the sources of the diagnostics.
fn codes() -> BTreeSet<String> {
    let sources = [
        include_str!("../src/diagnostics/syntax_error.rs"),
        include_str!("../src/diagnostics/check_error.rs"),
        include_str!("../src/diagnostics/lint.rs"),
        include_str!("../src/diagnostics/example_error.rs"),
    ];
    let code = |part: &str| part.split(')').next().map(ToOwned::to_owned);
    sources.iter().flat_map(|source| source.split("code(clay::").skip(1)).filter_map(code).collect()
}

#[test]
fn each_diagnostic_has_an_example_that_shows_it() {
    let mut shown = BTreeSet::new();
    for entry in std::fs::read_dir("corpus/errors").expect("the folder") {
        let path = entry.expect("an entry").path();
        if path.extension().is_some_and(|ending| ending == "clay") {
            let stem = path.file_stem().expect("a name").to_string_lossy().into_owned();
            // `code.clay`, and `code-more.clay` for further examples.
            let code = stem.split('-').next().expect("a part").to_owned();
            let found = findings(&path);
            let wanted = format!("clay::{code}");
            assert!(found.iter().all(|one| one.code() == wanted), "{stem}: {found}");
            assert!(!found.is_empty(), "{stem} shows nothing");
            shown.insert(code);
        }
    }
    assert_eq!(shown, codes());
}
