//! `clayf dlq`: cells that failed for good, listed and tried again.

use super::args::ClockArgs;
use super::run::open_to_read;
use super::{Failure, report, table_file};
use crate::diagnostics::{Count, did_you_mean, suggest};
use crate::table::failure::FailureClass;
use crate::table::model::Table;
use crate::table::run::Progress;
use crate::table::state::{DeadCell, DeadFilter, RowName, Store, shown_key};
use clap::{Args, Subcommand};
use serde_json::json;
use std::path::PathBuf;

pub(super) const EXAMPLES: &str = "\
Examples:
  clayf dlq list outbound.yaml                           the row, step, kind and reason of each
  clayf dlq retry outbound.yaml                          all of them, in the next run
  clayf dlq retry outbound.yaml --step email_waterfall
  clayf dlq retry outbound.yaml --class out_of_credits";

#[derive(Args, Debug)]
pub(super) struct DlqArgs {
    #[command(subcommand)]
    command: DlqCommand,
}

#[derive(Debug, Subcommand)]
enum DlqCommand {
    /// Say which cells failed for good, and why
    List(ListArgs),
    /// Let the next run try them again
    Retry(RetryArgs),
}

#[derive(Args, Debug)]
struct ListArgs {
    #[command(flatten)]
    which: WhichArgs,
    /// Print JSON lines, for tools
    #[arg(long)]
    json: bool,
}

#[derive(Args, Debug)]
struct RetryArgs {
    #[command(flatten)]
    which: WhichArgs,
    #[command(flatten)]
    clock: ClockArgs,
}

#[derive(Args, Debug)]
struct WhichArgs {
    /// The table file
    #[arg(value_name = "TABLE.yaml")]
    table: PathBuf,
    /// Where the run kept cells and charges; if not said, TABLE.state beside the table
    #[arg(long, value_name = "FILE")]
    state: Option<PathBuf>,
    /// Only those of this row: its number in the last run, or its key
    #[arg(long, value_name = "ROW")]
    row: Option<String>,
    /// Only those of this step or effect
    #[arg(long, value_name = "NAME")]
    step: Option<String>,
    /// Only failures of this kind
    #[arg(long, value_name = "CLASS", value_parser = words())]
    class: Option<String>,
}

/// The kinds of failures.
fn words() -> Vec<&'static str> {
    FailureClass::ALL.iter().map(|class| class.word()).collect()
}

/// Lists or retries dead letters.
pub(super) fn dlq(args: &DlqArgs) -> Result<(), Failure> {
    match &args.command {
        DlqCommand::List(args) => list(&args.which, args.json),
        DlqCommand::Retry(args) => retry(&args.which, &args.clock),
    }
}

fn list(which: &WhichArgs, as_json: bool) -> Result<(), Failure> {
    let loaded = table_file::load(&which.table)?;
    let opened = open_to_read(&which.table, &loaded.table, which.state.as_deref())?;
    let mut dead = opened.store.dead().map_err(|error| Failure::Run(error.to_string()))?;
    let filter = chosen(which, &loaded.table, &opened.store, &dead)?;
    dead.retain(|cell| filter.fits(cell));
    if dead.is_empty() {
        let of_these = if which.is_all() { "" } else { " of these" };
        report::text(&format!("{}: no dead letters{of_these}\n", opened.path.display()));
        return Ok(());
    }
    let line = if as_json { json_line } else { text_line };
    report::to_stdout(&dead.iter().map(line).collect::<String>())?;
    let count = Count(dead.len(), "dead letter");
    report::text(&format!(
        "{count}; `clayf dlq retry {}` lets the next run try again\n",
        which.table.display()
    ));
    Ok(())
}

impl WhichArgs {
    /// Whether all dead letters are meant.
    fn is_all(&self) -> bool {
        self.row.is_none() && self.step.is_none() && self.class.is_none()
    }
}

/// Which of the dead letters are meant.
fn chosen<'w>(
    which: &'w WhichArgs,
    table: &Table,
    store: &Store,
    dead: &[DeadCell],
) -> Result<DeadFilter<'w>, Failure> {
    if let Some(step) = &which.step {
        check_step(step, table, dead)?;
    }
    let row = which.row.as_ref().map(|row| find(store, row)).transpose()?;
    Ok(DeadFilter { row, step: which.step.as_deref(), class: which.class.as_deref() })
}

/// Whether the table has such a step or effect, or had one that left dead letters.
fn check_step(name: &str, table: &Table, dead: &[DeadCell]) -> Result<(), Failure> {
    let steps = table.steps.iter().map(|step| step.name.as_str());
    let effects = table.effects.iter().map(|effect| effect.name.as_str());
    let names: Vec<&str> = steps.chain(effects).chain(dead.iter().map(|cell| cell.step.as_str())).collect();
    if names.contains(&name) {
        return Ok(());
    }
    let help = did_you_mean(&suggest(name, names.iter().copied()))
        .unwrap_or_else(|| format!("they are {}", names.join(", ")));
    Err(Failure::Usage(format!("the table has no step or effect `{name}`\n  help: {help}")))
}

fn text_line(cell: &DeadCell) -> String {
    let row =
        cell.position.map_or_else(|| shown_key(&cell.key).into_owned(), |position| position.to_string());
    let class = cell.class.as_deref().unwrap_or("failed");
    let reason = cell.reason.as_deref().unwrap_or_default();
    let line = format!("row {row}  {}  {class}  {reason}  ({})\n", cell.step, cell.at);
    crate::diagnostics::visible(&line).into_owned()
}

fn json_line(cell: &DeadCell) -> String {
    let line = json!({
        "row": cell.position, "key": shown_key(&cell.key), "column": cell.step, "class": cell.class, "status": cell.status,
        "reason": cell.reason, "at": cell.at,
    });
    format!("{line}\n")
}

fn retry(which: &WhichArgs, clock: &ClockArgs) -> Result<(), Failure> {
    let loaded = table_file::load(&which.table)?;
    let (_, time) = clock.with_time()?;
    let path = open_to_read(&which.table, &loaded.table, which.state.as_deref())?.path;
    let failed = |error: crate::table::state::StateError| Failure::Run(error.to_string());
    let store = Store::open(&path).map_err(failed)?;
    let filter = chosen(which, &loaded.table, &store, &store.dead().map_err(failed)?)?;
    // All at once: each commit waits for the disk.
    let count = store.retry_dead(filter, &time.text(), Progress::renewed).map_err(failed)?;
    report::text(&format!("{} will be tried again by the next run\n", Count(count, "cell")));
    Ok(())
}

/// The row that a person means by its number or key.
pub(super) fn find(store: &Store, name: &str) -> Result<crate::table::state::RowId, Failure> {
    let by_number = name.parse().ok().map(RowName::Position);
    let found = match by_number.map(|name| store.find_row(name)).transpose() {
        Ok(Some(Some(row))) => Ok(Some(row)),
        Ok(_) => store.find_row(RowName::ShownKey(name)),
        Err(error) => Err(error),
    };
    found.map_err(|error| Failure::Run(error.to_string()))?.ok_or_else(|| {
        Failure::Usage(format!(
            "no row `{name}` in the last run; rows count from 1, or have the key of the table's `row_key`"
        ))
    })
}
