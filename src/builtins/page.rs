//! What a person is told about one function, and about a name that is none.

use super::registry::{Builtin, find, names};
use crate::diagnostics::{did_you_mean, suggest};
use std::fmt::Write;

/// The function of this name, in any letter case, or what to say where there is none.
pub fn named(name: &str) -> Result<&'static Builtin, String> {
    find(name).ok_or_else(|| {
        let upper = name.to_ascii_uppercase();
        let help = did_you_mean(&suggest(&upper, names()));
        let help = help.unwrap_or_else(|| "`clayf functions` lists them all".to_owned());
        format!("there is no function `{name}`\n  help: {help}")
    })
}

/// All about one function.
#[must_use]
pub fn page(builtin: &Builtin) -> String {
    let mut text = format!("{builtin}\n  {}\n", builtin.summary);
    if !builtin.aliases.is_empty() {
        let _ = writeln!(text, "  Also called {}.", builtin.aliases.join(", "));
    }
    let width = builtin.params.iter().map(|param| param.name.chars().count()).max().unwrap_or(0);
    if width > 0 {
        text.push('\n');
    }
    for param in builtin.params {
        let _ = writeln!(text, "  {:width$}  {}: {}", param.name, param.ty, param.doc);
    }
    if let Some(values) = builtin.returns.in_words() {
        let _ = write!(text, "\n  Returns {values}.\n");
    }
    let width = builtin.examples.iter().map(|example| example.formula.chars().count()).max().unwrap_or(0);
    text.push('\n');
    for example in builtin.examples {
        let _ = writeln!(text, "  {:width$}  {}", example.formula, example.result);
    }
    text
}
