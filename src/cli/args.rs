//! The commands and their options.

use clap::{Args, Parser, Subcommand};
use std::path::PathBuf;

/// Clay formulas as code: check scoring rules and run them over rows.
#[derive(Debug, Parser)]
#[command(name = "clayf", version, max_term_width = 100)]
pub struct Cli {
    #[command(subcommand)]
    pub(super) command: Command,
}

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Say everything that is wrong with a rule file
    Check(CheckArgs),
}

#[derive(Args, Debug)]
pub(super) struct CheckArgs {
    /// The rule file
    pub(super) file: PathBuf,
    /// Rows to check the rules against: columns that no row has, values that don't fit
    #[arg(long, value_name = "ROWS")]
    pub(super) rows: Vec<PathBuf>,
}
