//! The commands and their options.

use super::Failure;
use super::completions::CompletionsArgs;
use super::diff::DiffArgs;
use super::explain::ExplainArgs;
use super::fmt::FmtArgs;
use super::manual::ManArgs;
use super::repl::ReplArgs;
use crate::batch;
use crate::rows::Format;
use crate::table::run::Time;
use crate::value::{Clock, ClockError};
use clap::{Args, Parser, Subcommand, ValueEnum};
use std::num::NonZeroUsize;
use std::path::PathBuf;

/// Clay formulas and tables as code: check them, and run them over rows.
#[derive(Debug, Parser)]
#[command(name = "clayf", version, max_term_width = 100)]
pub struct Cli {
    #[command(subcommand)]
    pub(super) command: Command,
}

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Compute the columns of a rule file for each row
    #[command(after_help = EVAL_EXAMPLES)]
    Eval(EvalArgs),
    /// Report all errors and warnings in rule files, tables and provider files
    #[command(after_help = CHECK_EXAMPLES)]
    Check(CheckArgs),
    /// Explain why a row got its values, and what would change them
    #[command(after_help = super::explain::EXAMPLES)]
    Explain(ExplainArgs),
    /// Prove which values columns can have in any row, and decide the properties of a rule file
    #[command(after_help = super::prove::EXAMPLES)]
    Prove(super::prove::ProveArgs),
    /// Summarize the columns of rows: kinds, fill, distinct values, and what formulas cannot read as it is
    #[command(after_help = super::profile::EXAMPLES)]
    Profile(super::profile::ProfileArgs),
    /// Compare two versions of a rule file over the same rows
    #[command(after_help = super::diff::EXAMPLES)]
    Diff(DiffArgs),
    /// Write rule files in the one canonical layout
    Fmt(FmtArgs),
    /// Test rule files: examples in their comments, and snapshots of what they give for rows
    #[command(after_help = super::test::EXAMPLES)]
    Test(super::test::TestArgs),
    /// List the functions that formulas can call, or describe specific functions
    Functions(FunctionsArgs),
    /// Print what a shell needs to complete clayf's commands and options
    #[command(after_help = super::completions::EXAMPLES)]
    Completions(CompletionsArgs),
    /// Print the manual page
    #[command(after_help = super::manual::EXAMPLES)]
    Man(ManArgs),
    /// Type formulas one by one and see what they give
    Repl(ReplArgs),
    /// Run a whole table over rows: lookups, waterfalls, scores, AI columns, CRM
    #[command(after_help = super::run::EXAMPLES)]
    Run(super::run::RunArgs),
    /// Print what a table would cost; make no provider calls
    #[command(after_help = super::plan::EXAMPLES)]
    Plan(super::plan::PlanArgs),
    /// Say how a cell of a table came to hold what it holds
    #[command(after_help = super::why::EXAMPLES)]
    Why(super::why::WhyArgs),
    /// List the cells of a table that failed for good, or let them be tried again
    #[command(after_help = super::dlq::EXAMPLES)]
    Dlq(super::dlq::DlqArgs),
}

const EVAL_EXAMPLES: &str = "\
Examples:
  clayf eval score.clay leads.jsonl              every lead, with the columns of score.clay
  clayf eval score.clay leads.csv -o scored.csv --summary
  clayf eval -e 'LEN(Job Title)' leads.jsonl     just the value for each row
  clayf eval -n -e '1 + 1'                       no rows at all
  clayf eval score.clay - --select 'ICP Score,Lead Tier' < leads.jsonl
  clayf eval score.clay leads.jsonl --where 'Lead Tier = \"A\"'
  clayf eval score.clay leads.jsonl -e 'ICP Score / 100'
  clayf eval score.clay leads.jsonl -o scored.jsonl --fail-if 'errors_percent > 1 OR missing_columns > 0'";

const CHECK_EXAMPLES: &str = "\
Examples:
  clayf check score.clay                         a rule file
  clayf check .                                  every rule file in this folder and those inside it
  clayf check score.clay --rows leads.jsonl      and whether these rows fit it
  clayf check outbound.yaml                      a table, with its rule files and providers
  clayf check fernruf.yaml                       a provider file by itself";

#[derive(Args, Debug)]
pub(super) struct EvalArgs {
    /// The rule file, which is optional with -e; then the rows: files, or `-` for standard input
    #[arg(value_name = "FILE.clay [ROWS]...")]
    pub(super) files: Vec<PathBuf>,
    /// A formula: print its value for each row, one JSON value a line. It can read the columns of the rule file
    #[arg(short = 'e', value_name = "FORMULA", allow_hyphen_values = true, conflicts_with_all = ["to", "select"])]
    pub(super) formula: Option<String>,
    /// No rows: evaluate once, against an empty row
    #[arg(short = 'n')]
    pub(super) no_rows: bool,
    /// The format of the rows [default: inferred from the file extension; JSON lines for standard input]
    #[arg(long, value_name = "FORMAT")]
    pub(super) from: Option<FormatArg>,
    /// The format of the results [default: inferred from the extension of -o, otherwise that of the rows]
    #[arg(long, value_name = "FORMAT")]
    pub(super) to: Option<FormatArg>,
    /// Write the results to a file, which is replaced once all went well
    #[arg(short = 'o', value_name = "FILE")]
    pub(super) output: Option<PathBuf>,
    /// What to write for a cell that is an error
    #[arg(long, value_name = "HOW", default_value = "null")]
    pub(super) on_error: OnErrorArg,
    /// What to do about a row that can't be read
    #[arg(long, value_name = "HOW", default_value = "fail")]
    pub(super) on_bad_row: OnBadRowArg,
    /// Keep the rows that are skipped, byte for byte
    #[arg(long, value_name = "FILE")]
    pub(super) rejects: Option<PathBuf>,
    /// How many threads to use [default: all processors]
    #[arg(long, value_name = "N")]
    pub(super) threads: Option<NonZeroUsize>,
    #[command(flatten)]
    pub(super) clock: ClockArgs,
    /// Write only these columns, separated by commas, in this order
    #[arg(long, value_name = "COLS", value_delimiter = ',')]
    pub(super) select: Vec<String>,
    /// Write only rows for which this formula is TRUE; it can read the columns of the row and of the rule file
    #[arg(long = "where", value_name = "FORMULA", allow_hyphen_values = true, conflicts_with = "no_rows")]
    pub(super) condition: Option<String>,
    /// Print counts of rows, results, warnings and errors to standard error
    #[arg(long)]
    pub(super) summary: bool,
    /// Fail if there is any warning, and leave the file of -o as it was
    #[arg(long)]
    pub(super) strict: bool,
    /// Fail if this formula over the totals is TRUE, such as `errors_percent > 1 OR missing_columns > 0`, and leave
    /// the file of -o as it was. Totals: `rows`, `bad_rows`, `bad_rows_percent`, `written`, `errors`,
    /// `errors_percent`, `warnings`, `warnings_percent`, `outside_range`, `missing_columns`; of a column, such as
    /// `ICP Score.errors`: `errors`, `errors_percent`, `blank`, `blank_percent`, `min`, `max`, `mean`, `median`; of a
    /// column of the row: `filled`, `filled_percent`
    #[arg(long, value_name = "FORMULA", allow_hyphen_values = true, conflicts_with = "no_rows")]
    pub(super) fail_if: Option<String>,
}

/// What time it is for formulas.
#[derive(Args, Debug)]
pub(super) struct ClockArgs {
    /// The value of `NOW()` and `TODAY()`, in ISO 8601
    #[arg(long, value_name = "ISO")]
    now: Option<String>,
    /// The time zone of dates without an offset [default: UTC]
    #[arg(long, value_name = "ZONE", allow_hyphen_values = true)]
    tz: Option<String>,
}

impl ClockArgs {
    /// The clock that these ask for, and what time it is for a table.
    pub(super) fn with_time(&self) -> Result<(Clock, Time), Failure> {
        let clock = self.clock()?;
        let fixed = self.now.is_some().then(|| clock.timestamp());
        Ok((clock, Time { fixed }))
    }

    /// The clock that these ask for.
    pub(super) fn clock(&self) -> Result<Clock, Failure> {
        let usage = |error: ClockError| Failure::Usage(error.to_string());
        let mut clock = Clock::system();
        if let Some(zone) = &self.tz {
            clock = clock.in_zone(zone).map_err(usage)?;
        }
        if let Some(now) = &self.now {
            clock = clock.stopped_at(now).map_err(usage)?;
        }
        Ok(clock)
    }
}

#[derive(Args, Debug)]
pub(super) struct CheckArgs {
    /// Rule files, and folders to search for them; tables and provider files, which end in `.yaml` or `.yml`
    #[arg(value_name = "FILE", required = true)]
    pub(super) files: Vec<PathBuf>,
    /// Rows to check rule files against: columns and paths that no row has, literals that match none, values that
    /// cannot be read
    #[arg(long, value_name = "ROWS", num_args = 1..)]
    pub(super) rows: Vec<PathBuf>,
    /// Fail if there is any warning: with status 2 for one about a rule file, with status 1 for one about rows
    #[arg(long)]
    pub(super) strict: bool,
    /// The format of the rows [default: inferred from the file extension; JSON lines for standard input]
    #[arg(long, value_name = "FORMAT")]
    pub(super) from: Option<FormatArg>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum FormatArg {
    /// One JSON object a line
    Jsonl,
    /// An array of JSON objects
    Json,
    /// Fields between commas, the first line names them
    Csv,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum OnErrorArg {
    /// null, counted in a note at the end
    Null,
    /// Stop
    Fail,
    /// {"error": "#DIV/0!", "message": …}, or the code in CSV
    Keep,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum OnBadRowArg {
    /// Stop, and name file, line and column
    Fail,
    /// Leave it out
    Skip,
}

impl From<FormatArg> for Format {
    fn from(format: FormatArg) -> Self {
        match format {
            FormatArg::Jsonl => Self::JsonLines,
            FormatArg::Json => Self::Json,
            FormatArg::Csv => Self::Csv,
        }
    }
}

impl From<OnErrorArg> for batch::OnError {
    fn from(on_error: OnErrorArg) -> Self {
        match on_error {
            OnErrorArg::Null => Self::Null,
            OnErrorArg::Fail => Self::Fail,
            OnErrorArg::Keep => Self::Keep,
        }
    }
}

impl From<OnBadRowArg> for batch::OnBadRow {
    fn from(on_bad_row: OnBadRowArg) -> Self {
        match on_bad_row {
            OnBadRowArg::Fail => Self::Fail,
            OnBadRowArg::Skip => Self::Skip,
        }
    }
}

#[derive(Args, Debug)]
pub(super) struct FunctionsArgs {
    /// The functions to describe, words to search for in names and summaries, or rule files, whose own functions are
    /// described [default: list all]
    #[arg(value_name = "NAME|FILE")]
    pub(super) names: Vec<String>,
    /// Print JSON, for tools
    #[arg(long)]
    pub(super) json: bool,
}
