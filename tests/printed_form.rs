//! The printed form of any formula parses to the same tree.

#[path = "common/formulas.rs"]
mod formulas;

use clayf::diagnostics::Source;
use clayf::syntax::{parse_formula, print};
use formulas::tree;
use proptest::prelude::*;

proptest! {
    #![proptest_config(ProptestConfig { cases: 1500, ..ProptestConfig::default() })]

    #[test]
    fn parses_to_the_same_tree(tree in tree()) {
        let printed = print(&tree);
        let (parsed, findings) = parse_formula(&Source::new("printed", &printed));
        let errors: Vec<String> = findings.iter().filter(|finding| !finding.is_warning()).map(ToString::to_string).collect();
        prop_assert!(errors.is_empty(), "{printed}\n{errors:?}");
        prop_assert_eq!(parsed.as_ref(), Some(&tree), "{}", printed);
    }
}
