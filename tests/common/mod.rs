//! What several tests share.
#![allow(dead_code, reason = "each test uses its own part")]

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

/// A rule file of the corpus, compiled.
pub(crate) fn rules(path: &str) -> Rules {
    let text = std::fs::read_to_string(path).expect("a readable file");
    Rules::compile(path, &text).unwrap_or_else(|found| panic!("{path}: {found}"))
}

/// The inputs of each row of a file of JSON lines.
pub(crate) fn inputs<'r>(rules: &Rules, clock: &clayf::Clock, rows: &'r str) -> Vec<Vec<clayf::Value<'r>>> {
    let row = |line: &'r str| {
        let record = clayf::Record::from_json(line).expect("a row");
        let keyed: Vec<_> =
            rules.keys().iter().map(|key| record.get(key).cloned().unwrap_or_default()).collect();
        let mut inputs = Vec::new();
        rules.inputs(&keyed, clock, &mut inputs);
        inputs
    };
    rows.lines().map(row).collect()
}
