//! Mutants that no row notices are named: `corpus/mutation/NAME.clay`, its rows, and `NAME.mutants`.

mod common;

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
            text.push_str(&format!("{}:{} `{}` → {}{note}\n", one.line, one.character, one.from, one.to));
        }
        bless(&path.with_extension("mutants"), &text);
        count += 1;
    }
    assert!(count > 0, "there are cases");
}

/// The text with the edit.
fn applied(mutant: &clayf::tools::mutate::Mutant, text: &str) -> String {
    let mut changed = text.to_owned();
    changed.replace_range(mutant.span.range(), &mutant.replacement);
    changed
}

#[test]
fn mutants_of_all_rules_are_small_edits() {
    for folder in ["corpus/coverage", "corpus/mutation", "corpus/seed"] {
        for path in cases(folder) {
            let text = std::fs::read_to_string(&path).expect("a rule file");
            let rules = clayf::Rules::compile("rule.clay", &text).expect("it compiles");
            let all = mutants(rules.tree());
            for mutant in &all {
                let changed = applied(mutant, &text);
                assert_ne!(changed, text, "{mutant:?}");
                let kept = text.len() - mutant.span.range().len() + mutant.replacement.len();
                assert_eq!(changed.len(), kept, "{mutant:?}");
            }
            let compiles = |mutant: &&clayf::tools::mutate::Mutant| {
                clayf::Rules::compile("rule.clay", &applied(mutant, &text)).is_ok()
            };
            let sound = all.iter().filter(compiles).count();
            assert!(sound * 10 >= all.len() * 9, "{}: {sound} of {} compile", path.display(), all.len());
        }
    }
}
