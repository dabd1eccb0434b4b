//! What a person is told about one function, and about a name that is none.

use super::registry::{Builtin, all, find, names};
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

/// The functions whose name, other names or summary contain a text, in any letter case. Those that have it in their name
/// are first.
#[must_use]
pub fn search(text: &str) -> Vec<&'static Builtin> {
    // `email` finds `e-mail` as well.
    let plain = |text: &str| text.to_lowercase().replace('-', "");
    let text = plain(text);
    let has = |part: &str| plain(part).contains(&text);
    let is_named = |builtin: &&Builtin| has(builtin.name) || builtin.aliases.iter().any(|alias| has(alias));
    let (mut found, others): (Vec<_>, Vec<_>) = all().partition(is_named);
    found.extend(others.into_iter().filter(|builtin| has(builtin.summary)));
    found
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
