//! `clayf prove`: the values that columns can have in any row, and which properties are true.

mod json;
mod text;

use super::args::ClockArgs;
use super::{Failure, report};
use crate::rows::DataFiles;
use crate::rules::Rules;
use crate::tools::prove::{Status, prove as prove_rules};
use clap::Args;
use std::path::PathBuf;

pub(super) const EXAMPLES: &str = "\
Examples:
  clayf prove score.clay                         values, errors, blanks, and properties of each column
  clayf prove score.clay --column 'Lead Tier'
  clayf prove score.clay --json";

#[derive(Args, Debug)]
pub(super) struct ProveArgs {
    /// The rule file
    #[arg(value_name = "FILE.clay")]
    file: PathBuf,
    /// Show this column only
    #[arg(long, value_name = "NAME")]
    column: Option<String>,
    /// Print JSON
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    clock: ClockArgs,
}

/// Proves what can be proved of a rule file, and prints it. Refuted properties are a failure.
pub(super) fn prove(args: &ProveArgs) -> Result<(), Failure> {
    super::check::unless_other(&args.file)?;
    let (name, text) = super::check::text_of(&args.file)?;
    let files = DataFiles::beside(&args.file);
    let rules = Rules::compile_unanalyzed(&name, &text, files).map_err(Failure::Rules)?;
    let mut proof = prove_rules(&rules, &args.clock.clock()?).map_err(Failure::Rules)?;
    if let Some(wanted) = &args.column {
        if !proof.columns.iter().any(|column| column.name == *wanted) {
            let names = proof.columns.iter().map(|column| column.name.as_str());
            let help = crate::diagnostics::did_you_mean(&crate::diagnostics::suggest(wanted, names));
            let help = help.map(|help| format!("\n  help: {help}")).unwrap_or_default();
            return Err(Failure::Usage(format!("{name} has no column `{wanted}`{help}")));
        }
        proof.columns.retain(|column| column.name == *wanted);
        proof.properties.retain(|property| property.column == *wanted);
    }
    let printed = if args.json { json::proof(&proof) } else { text::proof(&proof) };
    report::to_stdout(&printed)?;
    let is_refuted = proof.properties.iter().any(|one| matches!(one.status, Status::Refuted { .. }));
    if is_refuted { Err(Failure::Told(1)) } else { Ok(()) }
}
