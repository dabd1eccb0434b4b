//! `clayf check`: all diagnostics of a rule file.

use super::args::CheckArgs;
use super::{Failure, report};
use crate::rules::Rules;
use std::path::Path;

/// Checks the file and prints what it finds.
pub(super) fn check(args: &CheckArgs) -> Result<(), Failure> {
    let rules = load(&args.file)?;
    report::diagnostics(rules.warnings());
    Ok(())
}

/// Reads and compiles a rule file.
pub(super) fn load(path: &Path) -> Result<Rules, Failure> {
    let shown = path.display();
    let bytes =
        std::fs::read(path).map_err(|error| Failure::Usage(format!("can't read {shown}: {error}")))?;
    let text = String::from_utf8(bytes).map_err(|error| {
        let valid = error.utf8_error().valid_up_to();
        let line = error.as_bytes()[..valid].iter().filter(|byte| **byte == b'\n').count() + 1;
        Failure::Usage(format!("{shown} is not UTF-8 text (line {line}); save it as UTF-8"))
    })?;
    Rules::compile(&shown.to_string(), &text).map_err(Failure::Rules)
}
