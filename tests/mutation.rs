//! Mutants that no row notices are named: `corpus/mutation/NAME.clay`, its rows, and `NAME.mutants`.

mod common;

use clayf::rows::DataFiles;
use clayf::tools::mutate::mutants;
use common::{Tested, bless, cases, tested};

#[test]
fn mutants_that_live_on_are_named() {
    let mut count = 0;
    for path in cases("corpus/mutation") {
        let Tested { outcome, .. } = tested(&path, false, true);
        let mutation = outcome.mutation.expect("asked for");
        let mut text = format!("{} of {} noticed\n", mutation.noticed(), mutation.mutants);
        for one in &mutation.survivors {
            let note = one.note.as_ref().map(|note| format!(" ({note})")).unwrap_or_default();
            let file = one.file.as_ref().map(|file| format!("{file}:")).unwrap_or_default();
            text.push_str(&format!(
                "{file}{}:{} `{}` → {}{note}\n",
                one.line, one.character, one.from, one.to
            ));
        }
        bless(&path.with_extension("mutants"), &text);
        count += 1;
    }
    assert!(count > 0, "there are cases");
}

#[test]
fn mutants_of_all_rules_are_small_edits() {
    for folder in ["corpus/coverage", "corpus/mutation", "corpus/seed"] {
        for path in cases(folder) {
            let text = std::fs::read_to_string(&path).expect("a rule file");
            let compile =
                |text: &str| clayf::Rules::compile_beside("rule.clay", text, DataFiles::beside(&path));
            let rules = compile(&text).expect("it compiles");
            let mut all = mutants(rules.tree());
            // Edits of decision tables are in texts of their own.
            all.retain(|mutant| mutant.span.range().end <= text.len());
            for mutant in &all {
                let changed = mutant.apply(&text);
                assert_ne!(changed, text, "{mutant:?}");
                let kept = text.len() - mutant.span.range().len() + mutant.replacement.len();
                assert_eq!(changed.len(), kept, "{mutant:?}");
            }
            let sound = all.iter().filter(|mutant| compile(&mutant.apply(&text)).is_ok()).count();
            assert!(sound * 10 >= all.len() * 9, "{}: {sound} of {} compile", path.display(), all.len());
        }
    }
}
