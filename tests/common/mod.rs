//! What several tests share.

use clayf::Rules;
use clayf::diagnostics::Diagnostics;
use std::path::Path;

/// All that is found in a rule file, whether it runs or not.
pub(crate) fn findings(path: &Path) -> Diagnostics {
    let text = std::fs::read_to_string(path).expect("a readable file");
    let name = path.file_name().expect("a file name").to_string_lossy();
    match Rules::compile(&name, &text) {
        Ok(rules) => rules.warnings().clone(),
        Err(found) => found,
    }
}
