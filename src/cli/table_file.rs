//! Table files on the command line: telling them from rule files, loading them, checking them.

use super::args::CheckArgs;
use super::{Failure, check, input, report};
use crate::diagnostics::Count;
use crate::table::model::{ColumnKind, Provider, Table};
use crate::table::{self, Checked, Loaded};
use std::path::Path;

/// Whether a file is a table, by its ending.
pub(super) fn is_table(path: &Path) -> bool {
    path.extension()
        .is_some_and(|ending| ending.eq_ignore_ascii_case("yaml") || ending.eq_ignore_ascii_case("yml"))
}

/// Refuses a table where a rule file is wanted, rather than read YAML as formulas.
pub(super) fn refuse(path: &Path) -> Result<(), Failure> {
    if !is_table(path) || !path.exists() {
        return Ok(());
    }
    let shown = path.display();
    let help = "`clayf run` runs a table over rows, `clayf check` checks it; rule files end in `.clay`";
    Err(Failure::Usage(format!("{shown} is a table or provider file, and no rule file\n  help: {help}")))
}

/// Reads and checks a table file.
pub(super) fn load(path: &Path) -> Result<Loaded, Failure> {
    let shown = path.display().to_string();
    if !is_table(path) {
        let help = "a table is a YAML file; rules alone are run by `clayf eval`";
        return Err(Failure::Usage(format!("{shown} is not a table file\n  help: {help}")));
    }
    let text = text_of(path)?;
    table::load(path, &text).map_err(|problems| Failure::Table(shown, Box::new(problems)))
}

fn text_of(path: &Path) -> Result<String, Failure> {
    let shown = path.display().to_string();
    let bytes =
        std::fs::read(path).map_err(|error| Failure::Usage(format!("can't read {shown}: {error}")))?;
    input::utf8(&shown, bytes)
}

/// `clayf check TABLE.yaml`, or a provider file
pub(super) fn check_table(path: &Path, args: &CheckArgs) -> Result<(), Failure> {
    if !args.rows.is_empty() {
        return Err(Failure::Usage(
            "--rows goes with rule files; `clayf plan TABLE ROWS` says what rows would cost".to_owned(),
        ));
    }
    let shown = path.display().to_string();
    let checked = table::check(path, &text_of(path)?);
    let checked = checked.map_err(|problems| Failure::Table(shown.clone(), Box::new(problems)))?;
    let (warnings, what) = match &checked {
        Checked::Table(loaded) => (&loaded.warnings, described(&loaded.table)),
        Checked::Provider(provider, warnings) => (warnings, described_provider(provider)),
    };
    report::problems(&shown, warnings);
    if warnings.is_empty() {
        report::text(&format!("{shown}: nothing wrong; {what}\n"));
    }
    check::unless_strict(args, !warnings.is_empty())
}

/// What a provider has, in one line.
fn described_provider(provider: &Provider) -> String {
    let lookups = Count(provider.lookups.len(), "lookup");
    let pushes = Count(provider.pushes.len(), "kind");
    format!("a provider with {lookups}, {pushes} of things to push")
}

/// What a table has, in one line.
fn described(table: &Table) -> String {
    let formulas =
        table.columns.iter().filter(|column| matches!(column.kind, ColumnKind::Formula(_))).count();
    let worst = table.steps.iter().map(table::model::Step::most_credits).sum::<table::credits::Credits>();
    let idle = &table.idle_effects;
    let effects = Count(table.effects.len() + idle.len(), "effect");
    let not_run = if idle.is_empty() {
        String::new()
    } else {
        let names: Vec<String> = idle.iter().map(|name| format!("`{name}`")).collect();
        format!(" ({} not run: `auto_run: false`)", names.join(", "))
    };
    format!(
        "{}, {}, {effects}{not_run}; a row costs up to {worst} credits",
        Count(table.steps.len(), "step"),
        Count(formulas, "formula column"),
    )
}
