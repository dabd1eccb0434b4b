//! `clayf why`: how a cell of a table came to hold what it holds.

use super::args::ClockArgs;
use super::run::open_to_read;
use super::{Failure, dlq, report, table_file};
use crate::diagnostics::{did_you_mean, suggest};
use crate::table::ENRICHED_AT;
use crate::table::digits::read_exact;
use crate::table::model::{Column, ColumnKind, Table};
use crate::table::run::{Layout, Outcome, Row, Trace};
use crate::table::state::{ChargeFilter, RowId, StateError, Store, StoredRow};
use crate::value::{Clock, Record, Value, json_text};
use clap::Args;
use std::fmt::Write;
use std::path::PathBuf;

pub(super) const EXAMPLES: &str = "\
Examples:
  clayf why outbound.yaml 17 'Work Email'       row 17 of the last run
  clayf why outbound.yaml 17 email_waterfall    a step, with each provider that it asked
  clayf why outbound.yaml 17 crm_sync           an effect, and what was sent";

#[derive(Args, Debug)]
pub(super) struct WhyArgs {
    /// The table file
    #[arg(value_name = "TABLE.yaml")]
    table: PathBuf,
    /// The row: its number in the last run, or its key
    #[arg(value_name = "ROW")]
    row: String,
    /// A column, step or effect of the table
    #[arg(value_name = "COLUMN")]
    column: String,
    /// Where the run kept cells and charges; if not said, TABLE.state beside the table
    #[arg(long, value_name = "FILE")]
    state: Option<PathBuf>,
    #[command(flatten)]
    clock: ClockArgs,
}

/// What a name on the command line means.
enum Meant {
    Step(usize),
    Effect(usize),
    Formula(Column),
}

/// Tells about a cell.
pub(super) fn why(args: &WhyArgs) -> Result<(), Failure> {
    let loaded = table_file::load(&args.table)?;
    let table = &loaded.table;
    let meant = meant(table, &args.column)?;
    let (clock, _) = args.clock.with_time()?;
    let opened = open_to_read(&args.table, table, args.state.as_deref())?;
    let store = &opened.store;
    let id = dlq::find(store, &args.row)?;
    let failed = |error: StateError| Failure::Run(error.to_string());
    let stored = store.load_row(id).map_err(failed)?;
    let skipped = store.skipped(id).map_err(failed)?;
    let text = Telling { table, store, clock: &clock, id, stored, skipped }.text(&meant).map_err(failed)?;
    report::to_stdout(&crate::diagnostics::visible(&text))
}

fn meant(table: &Table, name: &str) -> Result<Meant, Failure> {
    if let Some(step) = table.steps.iter().position(|step| step.name == name) {
        return Ok(Meant::Step(step));
    }
    if let Some(effect) = table.effects.iter().position(|effect| effect.name == name) {
        return Ok(Meant::Effect(effect));
    }
    if name == ENRICHED_AT {
        return Ok(Meant::Formula(Column { name: name.to_owned(), kind: ColumnKind::EnrichedAt }));
    }
    if let Some(column) = table.columns.iter().find(|column| column.name == name) {
        return Ok(match column.kind {
            ColumnKind::Fill(step, _) | ColumnKind::Winner(step) => Meant::Step(step),
            ColumnKind::Formula(_) | ColumnKind::Input | ColumnKind::EnrichedAt => {
                Meant::Formula(column.clone())
            }
        });
    }
    if table.idle_effects.iter().any(|effect| effect == name) {
        return Err(Failure::Usage(format!(
            "the effect `{name}` does not run, so it has no result: it has `auto_run: false`\n  help: to run it, write `auto_run: true`"
        )));
    }
    let columns = table.columns.iter().map(|column| column.name.as_str());
    let steps = table.steps.iter().map(|step| step.name.as_str());
    let help = did_you_mean(&suggest(name, columns.chain(steps)));
    let help = help.map(|help| format!("; {help}")).unwrap_or_default();
    Err(Failure::Usage(format!("the table has no column, step or effect `{name}`{help}")))
}

struct Telling<'t> {
    table: &'t Table,
    store: &'t Store,
    clock: &'t Clock,
    id: RowId,
    stored: StoredRow,
    /// Why the row was skipped in the last run, if it was.
    skipped: Option<String>,
}

impl Telling<'_> {
    fn text(self, meant: &Meant) -> Result<String, StateError> {
        match meant {
            Meant::Formula(column) => Ok(self.formula(column)),
            Meant::Step(step) => {
                let mut text = self.step(*step);
                self.charges(&self.table.steps[*step].name, &mut text)?;
                self.history(&self.table.steps[*step].name, &mut text)?;
                Ok(text)
            }
            Meant::Effect(effect) => {
                let effect = &self.table.effects[*effect];
                let mut text = format!("{}  {}\n", effect.name, self.state(&effect.name));
                if let Some(cell) = self.stored.cell(&effect.name) {
                    let id = cell.outputs.as_deref().and_then(|outputs| Record::from_json(outputs).ok());
                    let id = id.and_then(|outputs| {
                        outputs.get("id").map(|id| format!(", known there as {}", told(id)))
                    });
                    let _ = writeln!(text, "  at {}{}", cell.at, id.unwrap_or_default());
                }
                let trigger = effect.trigger.as_ref();
                trigger.iter().for_each(|trigger| text.push_str(&self.condition(trigger, "trigger")));
                self.history(&effect.name, &mut text)?;
                Ok(text)
            }
        }
    }

    fn row(&self) -> (Row, Layout) {
        let layout = Layout::new(self.table);
        let row = Row::new(self.stored.clone(), 0, 0, self.table, &layout, self.clock);
        (row, layout)
    }

    fn formula(&self, column: &Column) -> String {
        let (row, layout) = self.row();
        let results = row.eval(self.table, &layout, self.clock);
        if column.kind == ColumnKind::EnrichedAt {
            return format!(
                "{}  {}\n  when the newest of its results was fetched\n",
                column.name,
                self.value_of(ENRICHED_AT)
            );
        }
        let ColumnKind::Formula(id) = column.kind else {
            return format!("{}  a column that the row came with\n", column.name);
        };
        let value = results.values().get(id.index()).map(told).unwrap_or_default();
        let mut text =
            format!("{}  {value}\n  a formula, always the current value of what it reads\n", column.name);
        for name in self.table.reads.get(id.index()).into_iter().flatten() {
            let _ = writeln!(text, "  {name}  {}", self.value_of(name));
        }
        text
    }

    /// What a column that is no formula holds.
    fn value_of(&self, name: &str) -> String {
        let (row, layout) = self.row();
        if name == ENRICHED_AT {
            return row
                .enriched_at()
                .map_or_else(|| "empty".to_owned(), |at| told(&Value::from(at.to_owned())));
        }
        let filled = self.table.steps.iter().enumerate().find_map(|(step, one)| {
            let column = one.fills.columns.iter().position(|(column, _)| column == name)?;
            Some(row.fill(step, column, &layout))
        });
        filled.map_or_else(
            || match read_exact(&self.stored.source) {
                Ok(Value::Record(row)) => row.get(name).map_or_else(|| "empty".to_owned(), told),
                _ => "empty".to_owned(),
            },
            |value| told(&value),
        )
    }

    fn state(&self, name: &str) -> String {
        let Some(cell) = self.stored.cell(name) else {
            return match &self.skipped {
                Some(reason) => format!("not looked at, as the row was skipped: {reason}"),
                None => "not looked at yet".to_owned(),
            };
        };
        let mut text = cell.state.word().replace('_', " ");
        if let Some(class) = &cell.class {
            let _ = write!(text, " ({class})");
        }
        if let Some(reason) = &cell.reason {
            let _ = write!(text, ": {reason}");
        }
        text
    }

    fn condition(&self, condition: &crate::table::model::Condition, what: &str) -> String {
        let (row, layout) = self.row();
        let results = row.eval(self.table, &layout, self.clock);
        let holds = match results.values().get(condition.id.index()) {
            Some(Value::Error(error)) => format!("an error now: {error}"),
            Some(value) => format!("{} now", told(value)),
            None => String::new(),
        };
        let mut text = format!("  {what}  {}  ({holds})\n", condition.text);
        for name in self.table.reads.get(condition.id.index()).into_iter().flatten() {
            let _ = writeln!(text, "    {name}  {}", self.value_of(name));
        }
        text
    }

    fn step(&self, step: usize) -> String {
        let definition = &self.table.steps[step];
        let (row, layout) = self.row();
        let mut text = format!("{}  {}\n", definition.name, self.state(&definition.name));
        for (column, (name, _)) in definition.fills.columns.iter().enumerate() {
            let _ = writeln!(text, "  {name}  {}", told(&row.fill(step, column, &layout)));
        }
        if let Some(cell) = self.stored.cell(&definition.name).filter(|cell| cell.fetched_at.is_some()) {
            let at = cell.fetched_at.as_deref().unwrap_or_default();
            let _ = writeln!(
                text,
                "  from {}, {at}, round {}",
                cell.provider.as_deref().unwrap_or("nobody"),
                cell.epoch
            );
        }
        if let Some(condition) = &definition.condition {
            text.push_str(&self.condition(condition, "run if"));
        }
        let trail = &row.cells[step].progress.trail;
        if !trail.is_empty() {
            text.push_str("  asked\n");
            trail.iter().for_each(|trace| text.push_str(&asked(trace)));
        }
        self.inputs(step, &row, &layout, &mut text);
        text
    }

    /// What the providers are given.
    fn inputs(&self, step: usize, row: &Row, layout: &Layout, text: &mut String) {
        let results = row.eval(self.table, layout, self.clock);
        let mut told_names: Vec<&str> = Vec::new();
        for (name, tree) in self.table.steps[step].asks.iter().flat_map(|ask| &ask.inputs) {
            if told_names.contains(&name.as_str()) {
                continue;
            }
            if told_names.is_empty() {
                text.push_str("  inputs\n");
            }
            told_names.push(name);
            let value =
                tree.fill(results.values()).map_or_else(|error| error.to_string(), |value| told(&value));
            let _ = writeln!(text, "    {name}  {value}");
        }
    }

    fn charges(&self, step: &str, text: &mut String) -> Result<(), StateError> {
        let filter = ChargeFilter { row: Some(self.id), step: Some(step), ..ChargeFilter::default() };
        let charges = self.store.charges(filter)?;
        if !charges.is_empty() {
            text.push_str("  charges\n");
        }
        for charge in charges {
            let _ = writeln!(
                text,
                "    {}  {} {}  {} of {} credits reserved  {}",
                charge.at,
                charge.provider,
                charge.lookup,
                charge.spent,
                charge.reserved,
                charge.state.word()
            );
        }
        Ok(())
    }

    fn history(&self, step: &str, text: &mut String) -> Result<(), StateError> {
        let events = self.store.history(self.id, Some(step))?;
        if !events.is_empty() {
            text.push_str("  what happened\n");
        }
        for event in events {
            let _ = writeln!(text, "    {}  {}  {}", event.at, event.what, event.detail);
        }
        Ok(())
    }
}

fn asked(trace: &Trace) -> String {
    let result = match trace.result {
        Outcome::Found => "has it",
        Outcome::Rejected => "has something that did not pass the check",
        Outcome::NotFound => "has nothing",
        Outcome::NoInput => "not asked",
        Outcome::TooDear => "not asked, too dear",
        Outcome::GivenUp => "not asked, given up",
        Outcome::Failed => "failed",
    };
    let mut text = format!("    {}  {result}", trace.provider);
    if trace.spent > 0 {
        let credits = crate::table::credits::Credits::thousandths(trace.spent);
        let _ = write!(text, "  {credits} credits");
    }
    if !trace.reason.is_empty() {
        let _ = write!(text, "  {}", trace.reason);
    }
    text.push('\n');
    text
}

fn told(value: &Value<'_>) -> String {
    match value {
        Value::Blank => "empty".to_owned(),
        Value::Error(error) => error.to_string(),
        value => json_text(value),
    }
}
