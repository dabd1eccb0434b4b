//! What several tests share.

use clayf::Rules;
use clayf::diagnostics::Diagnostics;
use std::path::Path;

/// All that is found in a rule file and its examples, whether it runs or not.
pub(crate) fn findings(path: &Path) -> Diagnostics {
    let text = std::fs::read_to_string(path).expect("a readable file");
    let name = path.file_name().expect("a file name").to_string_lossy();
    match Rules::compile(&name, &text) {
        Ok(rules) => {
            let examples = clayf::tools::test::examples::read(&rules).1;
            let warnings = rules.warnings().iter().cloned();
            Diagnostics::new(rules.warnings().source().clone(), warnings.chain(examples).collect())
        }
        Err(found) => found,
    }
}
