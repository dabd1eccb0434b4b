//! One row while it runs: what it came with, what its cells hold, and the values of all formulas over both.

use super::progress::Progress;
use crate::rows::{JsonRow, Wanted, read};
use crate::rules::Results;
use crate::table::ENRICHED_AT;
use crate::table::digits::with_all_digits;
use crate::table::model::{Step, Table};
use crate::table::state::{Cell, CellState, RowId, StoredRow};
use crate::value::{Clock, Record, Value, is_empty};

/// Where the value of a key comes from.
#[derive(Clone, Debug)]
enum Origin {
    /// The row, or a column of a step once that has one.
    Row { fill: Option<(usize, usize)> },
    /// The provider that won.
    Winner(usize),
    /// When the row was last enriched.
    EnrichedAt,
}

/// Where everything of a table's rows is, worked out once.
#[derive(Debug)]
pub struct Layout {
    /// For each key that the rules read, where it comes from.
    origins: Vec<Origin>,
    /// The keys that are read from the row: those of the rules, then the columns of steps.
    wanted: Wanted,
    /// For each column of each step, its place among the wanted.
    fill_slots: Vec<Vec<usize>>,
}

impl Layout {
    /// The layout of the rows of `table`.
    #[must_use]
    pub fn new(table: &Table) -> Self {
        let mut keys: Vec<String> = table.rules.keys().to_vec();
        let fill_of = |key: &str| {
            table.steps.iter().enumerate().find_map(|(step, one)| {
                let column = one.fills.columns.iter().position(|(name, _)| name == key)?;
                Some((step, column))
            })
        };
        let origin = |key: &String| {
            let winner = table.steps.iter().position(|step| step.winner.as_ref() == Some(key));
            match winner {
                Some(step) => Origin::Winner(step),
                None if key == ENRICHED_AT => Origin::EnrichedAt,
                None => Origin::Row { fill: fill_of(key) },
            }
        };
        let origins = keys.iter().map(origin).collect();
        let mut fill_slots = Vec::new();
        for step in &table.steps {
            let mut slots = Vec::new();
            for (name, _) in &step.fills.columns {
                let slot = keys.iter().position(|key| key == name).unwrap_or_else(|| {
                    keys.push(name.clone());
                    keys.len() - 1
                });
                slots.push(slot);
            }
            fill_slots.push(slots);
        }
        Self { origins, wanted: Wanted::new(keys, Vec::new()), fill_slots }
    }

    /// The columns that only rows can bring, each with its place in the layout.
    pub fn brought(&self) -> impl Iterator<Item = (usize, &str)> {
        let keys = self.wanted.inputs().iter().map(String::as_str).enumerate();
        keys.zip(&self.origins)
            .filter(|(_, origin)| matches!(origin, Origin::Row { fill: None }))
            .map(|(key, _)| key)
    }
}

/// A cell of a row while it runs.
#[derive(Clone, Debug)]
pub struct RowCell {
    /// How far it has come.
    pub state: CellState,
    /// Which round it is in.
    pub epoch: u32,
    /// What was tried in this round.
    pub progress: Progress,
    /// The values of its columns; Blank where it has none.
    pub fills: Vec<Value<'static>>,
    /// Who gave them.
    pub provider: Option<String>,
    /// When they were fetched.
    pub fetched_at: Option<String>,
    /// Whether it was opened because what it holds is too old, and nobody was asked since.
    pub is_renewed: bool,
    /// Why nothing more is done in this run, though the cell is open: a budget.
    pub held: Option<String>,
    /// Why it failed or was not done, as it is stored.
    pub reason: Option<String>,
    /// The kind of the failure, as it is stored.
    pub class: Option<String>,
    /// When it was last written.
    pub at: Option<String>,
}

impl RowCell {
    /// Whether nothing more happens to it in this round.
    #[must_use]
    pub fn is_closed(&self) -> bool {
        self.held.is_some() || matches!(self.state, CellState::Success | CellState::NoData | CellState::Error)
    }
}

/// A row while it runs.
#[derive(Debug)]
pub struct Row {
    /// Its place in the order in which budgets are granted.
    pub order: u64,
    /// Its id in the state.
    pub id: RowId,
    /// Where it stands in the input, from 1.
    pub position: u64,
    /// What it came with, as the text of a JSON object.
    pub source: String,
    /// Its cells, by step.
    pub cells: Vec<RowCell>,
    /// What it came with under the keys of the layout; nothing where it has no such column.
    own: Vec<Option<Value<'static>>>,
    /// How often it waited in a row, for the time of the next wait.
    pub waits: u32,
}

impl Row {
    /// A row from the state.
    #[must_use]
    pub fn new(
        stored: StoredRow,
        position: u64,
        order: u64,
        table: &Table,
        layout: &Layout,
        clock: &Clock,
    ) -> Self {
        let mut json = JsonRow::default();
        // What is in the state was checked when it was put there.
        let source = with_all_digits(&stored.source);
        let _ = read(&source, &layout.wanted, &mut json);
        let own = json.inputs.into_iter().map(|value| value.map(Value::into_owned)).collect();
        let cells = table.steps.iter().map(|step| cell(step, stored.cell(&step.name), clock)).collect();
        Self { order, id: stored.row, position, source: stored.source, cells, own, waits: 0 }
    }

    /// The results of all formulas, with the cells as they are.
    #[must_use]
    pub fn eval<'r>(&'r self, table: &'r Table, layout: &Layout, clock: &'r Clock) -> Results<'r> {
        let keyed: Vec<Value<'r>> =
            layout.origins.iter().enumerate().map(|(slot, origin)| self.value(slot, origin)).collect();
        table.rules.eval_keyed(&keyed, clock, &mut ())
    }

    fn value(&self, slot: usize, origin: &Origin) -> Value<'static> {
        match origin {
            Origin::Winner(step) => self.cells[*step].provider.clone().map_or(Value::Blank, Value::from),
            Origin::EnrichedAt => self.enriched_at().map_or(Value::Blank, |at| Value::from(at.to_owned())),
            Origin::Row { fill } => {
                let filled = fill.and_then(|(step, column)| self.cells[step].fills.get(column));
                match filled {
                    Some(value) if !matches!(value, Value::Blank) => value.clone(),
                    _ => self.own.get(slot).cloned().flatten().unwrap_or_default(),
                }
            }
        }
    }

    /// Whether the row came with this column of the layout, empty or not.
    #[must_use]
    pub fn brings(&self, slot: usize) -> bool {
        self.own.get(slot).is_some_and(Option::is_some)
    }

    /// When the row was last enriched: the time of its newest result.
    #[must_use]
    pub fn enriched_at(&self) -> Option<&str> {
        self.cells.iter().filter_map(|cell| cell.fetched_at.as_deref()).max()
    }

    /// Whether the row came with a value in every column of a step.
    #[must_use]
    pub fn came_with(&self, step: usize, layout: &Layout) -> bool {
        layout.fill_slots[step].iter().all(|slot| {
            self.own.get(*slot).is_some_and(|value| value.as_ref().is_some_and(|value| !is_empty(value)))
        })
    }

    /// What a column of a step holds.
    #[must_use]
    pub fn fill(&self, step: usize, column: usize, layout: &Layout) -> Value<'static> {
        let slot = layout.fill_slots[step][column];
        self.value(slot, &Origin::Row { fill: Some((step, column)) })
    }
}

/// The cell of a step as it is stored, or a new one.
fn cell(step: &Step, stored: Option<&Cell>, clock: &Clock) -> RowCell {
    let Some(stored) = stored else {
        return RowCell {
            state: CellState::New,
            epoch: 1,
            progress: Progress::default(),
            fills: Vec::new(),
            provider: None,
            fetched_at: None,
            is_renewed: false,
            held: None,
            reason: None,
            class: None,
            at: None,
        };
    };
    RowCell {
        state: stored.state,
        epoch: stored.epoch,
        progress: Progress::read(&stored.progress),
        fills: stored.outputs.as_deref().map(|outputs| fills(step, outputs, clock)).unwrap_or_default(),
        provider: stored.provider.clone(),
        fetched_at: stored.fetched_at.clone(),
        is_renewed: false,
        held: None,
        reason: stored.reason.clone(),
        class: stored.class.clone(),
        at: Some(stored.at.clone()),
    }
}

/// The columns of a step over the outputs of a lookup, which are the text of a JSON object.
#[must_use]
pub fn fills(step: &Step, outputs: &str, clock: &Clock) -> Vec<Value<'static>> {
    let record = Record::from_json(outputs).unwrap_or_default();
    let results = step.fills.rules.eval(&record, clock);
    let value = |(_, id): &(String, crate::rules::FormulaId)| match results.values().get(id.index()) {
        Some(Value::Error(_)) | None => Value::Blank,
        Some(value) => value.clone().into_owned(),
    };
    step.fills.columns.iter().map(value).collect()
}
