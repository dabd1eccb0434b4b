//! `clayf plan`: what a table would cost, before it runs.

use super::args::{ClockArgs, FormatArg};
use super::run::{note_renamed, path_of_state, warn_of_other_table};
use super::{Failure, input, report, table_file};
use crate::batch::{TextRow, texts};
use crate::diagnostics::Count;
use crate::table::credits::Credits;
use crate::table::import::Keys;
use crate::table::model::Table;
use crate::table::plan::{Plan, Planning, StepPlan};
use crate::table::run::RunError;
use crate::table::state::{StateError, Store};
use clap::Args;
use serde_json::json;
use std::fmt::Write;
use std::path::PathBuf;

pub(super) const EXAMPLES: &str = "\
Examples:
  clayf plan outbound.yaml leads.jsonl           least, expected and most credits, by step
  clayf plan outbound.yaml leads.jsonl --json    the same for tools";

#[derive(Args, Debug)]
pub(super) struct PlanArgs {
    /// The table file
    #[arg(value_name = "TABLE.yaml")]
    table: PathBuf,
    /// The rows: files, or `-` for standard input, which is read if none is named
    #[arg(value_name = "ROWS")]
    rows: Vec<PathBuf>,
    /// The format of the rows [default: inferred from the file extension; JSON lines for standard input]
    #[arg(long, value_name = "FORMAT")]
    from: Option<FormatArg>,
    /// Where earlier runs kept what they bought; if not said, TABLE.state beside the table
    #[arg(long, value_name = "FILE")]
    state: Option<PathBuf>,
    /// Print JSON, for tools
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    clock: ClockArgs,
}

/// Plans the run.
pub(super) fn plan(args: &PlanArgs) -> Result<(), Failure> {
    let loaded = table_file::load(&args.table)?;
    report::warnings_of(&args.table.display().to_string(), &loaded.warnings);
    let table = &loaded.table;
    let inputs = input::with_formats(&args.rows, args.from)?;
    let (clock, time) = args.clock.with_time()?;
    let store = earlier(args, table)?;
    if let Some(store) = &store {
        warn_of_other_table(&args.table, store)?;
        note_renamed(table, store)?;
    }
    let run_error = |error: RunError| super::run::failure(error);
    let mut planning = Planning::new(table, (&clock, &time), store.as_ref()).map_err(run_error)?;
    let mut keys = Keys::new(table, &clock);
    let (mut position, mut bad) = (0, 0);
    texts(input::opened(&inputs), |row| -> Result<(), RunError> {
        position += 1;
        match row {
            TextRow::Row(text) => {
                let identity = keys.identify(text, position);
                if identity.duplicate.is_some() {
                    planning.skip();
                    return Ok(());
                }
                planning.add(&identity.key, text)
            }
            TextRow::Bad { .. } => {
                bad += 1;
                Ok(())
            }
        }
    })
    .map_err(run_error)?;
    if bad > 0 {
        report::line("warning", &format!("{} left out that can't be read", Count(bad, "row")));
    }
    super::run::missing_columns(&keys.missing());
    super::run::shared_keys(keys.shared());
    let plan = planning.finish();
    let text = if args.json { json_of(&plan) } else { text_of(table, &plan) };
    report::to_stdout(&text)
}

/// The state of earlier runs, if there were any.
fn earlier(args: &PlanArgs, table: &Table) -> Result<Option<Store>, Failure> {
    let path = path_of_state(&args.table, args.state.as_deref(), table.recordings.is_some());
    match Store::open_to_read(&path) {
        Ok(store) => Ok(Some(store)),
        Err(StateError::Missing { .. }) => Ok(None),
        Err(error) => Err(Failure::Run(error.to_string())),
    }
}

fn text_of(table: &Table, plan: &Plan) -> String {
    let mut text = format!("{}: {}", table.name, Count(plan.rows as usize, "row"));
    if plan.duplicates > 0 {
        let _ = write!(text, ", {} of them skipped as duplicates", plan.duplicates);
    }
    text.push_str("\n\n");
    let width = plan.steps.iter().map(|step| step.name.chars().count()).max().unwrap_or(0).max(18);
    let head = ["runs", "may run", "least", "expected", "most"];
    let _ = writeln!(
        text,
        "{:width$}  {:>7}  {:>7}  {:>9}  {:>9}  {:>9}",
        "", head[0], head[1], head[2], head[3], head[4]
    );
    for step in &plan.steps {
        let numbers = [step.least.to_string(), shown(step.expected), step.most.to_string()];
        let name = &step.name;
        let padding = " ".repeat(width - name.chars().count());
        let _ = writeln!(
            text,
            "{name}{padding}  {:>7}  {:>7}  {:>9}  {:>9}  {:>9}{}",
            step.runs,
            step.may_run,
            numbers[0],
            numbers[1],
            numbers[2],
            split(step)
        );
    }
    let total = [plan.least().to_string(), shown(plan.expected()), plan.most().to_string()];
    let _ = writeln!(
        text,
        "{:width$}  {:>7}  {:>7}  {:>9}  {:>9}  {:>9}",
        "credits", "", "", total[0], total[1], total[2]
    );
    text.push('\n');
    notes(table, plan, &mut text);
    text
}

/// How the expected credits of a step split among its providers.
fn split(step: &StepPlan) -> String {
    let paid: Vec<String> = step
        .providers
        .iter()
        .filter(|(_, credits)| *credits > 0.0)
        .map(|(name, credits)| format!("{name} {:.0} %", 100.0 * credits / step.expected))
        .collect();
    if step.expected > 0.0 { format!("   {}", paid.join(", ")) } else { String::new() }
}

fn notes(table: &Table, plan: &Plan, text: &mut String) {
    let undecided: Vec<&StepPlan> = plan.steps.iter().filter(|step| step.may_run > 0).collect();
    for step in undecided {
        let (share, source) =
            (100.0 * step.share, if step.is_observed { "as in the last run" } else { "a guess" });
        let _ = writeln!(
            text,
            "{}: whether it runs depends on what is found; expected for {share:.0} % ({source})",
            step.name
        );
    }
    let bought: u64 = plan.steps.iter().map(|step| step.bought).sum();
    if bought > 0 {
        let _ = writeln!(text, "{} bought already", Count(bought as usize, "cell"));
    }
    for step in plan.steps.iter().filter(|step| step.renewed > 0) {
        let results = Count(step.renewed as usize, "result");
        let _ = writeln!(text, "{}: {results} too old, and bought anew", step.name);
    }
    let budgets =
        [("run", table.budget.run, plan.spent_in_run), ("month", table.budget.month, plan.spent_in_month)];
    for (name, budget, spent) in budgets {
        let Some(budget) = budget else { continue };
        let before =
            if spent == Credits::ZERO { String::new() } else { format!("{spent} of it spent before, ") };
        let verdict = verdict(plan, budget.less(spent));
        let _ = writeln!(text, "budget of the {name}: {budget}, {before}{verdict}");
    }
    for (step, planned) in table.steps.iter().zip(&plan.steps) {
        if let Some(budget) = step.budget.filter(|budget| planned.most > *budget) {
            let _ = writeln!(text, "budget of {}: {budget}, less than the most", step.name);
        }
    }
    if let Some(budget) = table.budget.row.filter(|_| plan.rows_above_budget > 0) {
        let rows = Count(plan.rows_above_budget as usize, "row");
        let _ = writeln!(text, "budget of a row: {budget}, less than the most of {rows}");
    }
    text.push_str("the most holds if each call is made once; a call whose outcome stays unknown is charged and made again\n");
}

fn verdict(plan: &Plan, budget: Credits) -> &'static str {
    if plan.most() <= budget {
        "enough for the most"
    } else if plan.expected() <= budget.as_number() {
        "enough for what is expected, not for the most"
    } else {
        "less than expected: rows that come late will not get everything"
    }
}

/// As few digits as are worth reading.
fn shown(credits: f64) -> String {
    let rounded = (credits * 10.0).round() / 10.0;
    format!("{rounded}")
}

fn json_of(plan: &Plan) -> String {
    let steps: Vec<_> = plan
        .steps
        .iter()
        .map(|step| {
            let providers: serde_json::Map<String, serde_json::Value> =
                step.providers.iter().map(|(name, credits)| (name.clone(), json!(credits))).collect();
            json!({
                "step": step.name, "runs": step.runs, "may_run": step.may_run, "bought": step.bought,
                "renewed": step.renewed,
                "least": step.least.as_number(), "expected": step.expected, "most": step.most.as_number(),
                "share": step.share, "observed": step.is_observed, "providers": providers,
            })
        })
        .collect();
    let whole = json!({
        "rows": plan.rows, "duplicates": plan.duplicates, "least": plan.least().as_number(),
        "expected": plan.expected(), "most": plan.most().as_number(), "steps": steps,
    });
    format!("{whole:#}\n")
}
