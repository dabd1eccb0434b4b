//! How well each column is filled, and what formula columns give.

use crate::batch::{Numbers, Texts};
use crate::rows::{JsonRow, Wanted, read};
use crate::table::export::value;
use crate::table::model::{ColumnKind, Table};
use crate::table::run::{Layout, Row, told};
use crate::table::state::CellState;
use crate::value::{Value, is_empty};

/// How well a column is filled, of the rows that were worked on.
#[derive(Clone, Debug)]
pub struct ColumnReport {
    /// Its name.
    pub name: String,
    /// Where its values come from.
    pub source: ColumnSource,
    /// The rows that were worked on.
    pub rows: u64,
    /// Those in which it is not empty.
    pub filled: u64,
    /// For a column of a step: the rows for which the step has a result.
    pub results: Option<u64>,
    /// Those in which a formula gave an error.
    pub errors: u64,
    /// The message of the first.
    pub first_error: Option<String>,
    /// The numbers that a formula gave.
    pub numbers: Numbers,
    /// The texts that a formula gave.
    pub texts: Texts,
}

/// Where the values of a column come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ColumnSource {
    /// The rows came with it.
    Input,
    /// The step of this index fills it.
    Step(usize),
    /// It says which provider the step of this index had its result from.
    Winner(usize),
    /// A formula.
    Formula,
}

impl ColumnReport {
    /// Whether there were rows and not one has a value.
    #[must_use]
    pub fn is_blank(&self) -> bool {
        self.rows > 0 && self.filled == 0
    }

    /// Whether it is to be wondered at that it is blank: a formula, or a step that did find something.
    #[must_use]
    pub fn is_suspicious(&self) -> bool {
        let found = self.results.is_some_and(|results| results > 0);
        self.is_blank() && (found || self.source == ColumnSource::Formula)
    }

    fn new(name: &str, kind: ColumnKind) -> Self {
        let source = match kind {
            ColumnKind::Input | ColumnKind::EnrichedAt => ColumnSource::Input,
            ColumnKind::Fill(step, _) => ColumnSource::Step(step),
            ColumnKind::Winner(step) => ColumnSource::Winner(step),
            ColumnKind::Formula(_) => ColumnSource::Formula,
        };
        Self {
            name: name.to_owned(),
            source,
            rows: 0,
            filled: 0,
            results: matches!(source, ColumnSource::Step(_)).then_some(0),
            errors: 0,
            first_error: None,
            numbers: Numbers::default(),
            texts: Texts::default(),
        }
    }

    fn add(&mut self, row: &Row, value: &Value<'_>) {
        self.rows += 1;
        if let (ColumnSource::Step(step), Some(results)) = (self.source, &mut self.results) {
            *results += u64::from(row.cells[step].state == CellState::Success);
        }
        if let Value::Error(error) = value {
            self.errors += 1;
            self.first_error.get_or_insert_with(|| told(error));
            return;
        }
        self.filled += u64::from(!is_empty(value));
        if self.source == ColumnSource::Formula {
            match value {
                Value::Number(number) => self.numbers.add(*number),
                Value::Text(text) if !is_empty(value) => self.texts.add(text.as_str()),
                _ => {}
            }
        }
    }
}

/// The columns while rows are gone through.
pub(super) struct Columns {
    kinds: Vec<ColumnKind>,
    reports: Vec<ColumnReport>,
    /// The columns that rows come with.
    wanted: Wanted,
}

impl Columns {
    pub(super) fn new(table: &Table) -> Self {
        let inputs = table.columns.iter().filter(|column| column.kind == ColumnKind::Input);
        let wanted = Wanted::new(inputs.map(|column| column.name.clone()).collect(), Vec::new());
        let kinds = table.columns.iter().map(|column| column.kind).collect();
        let reports =
            table.columns.iter().map(|column| ColumnReport::new(&column.name, column.kind)).collect();
        Self { kinds, reports, wanted }
    }

    pub(super) fn add(&mut self, row: &Row, layout: &Layout, results: &[Value<'_>]) {
        let mut json = JsonRow::default();
        // What is in the state was checked when it was put there.
        let _ = read(&row.source, &self.wanted, &mut json);
        let mut inputs = json.inputs.into_iter();
        for (kind, report) in self.kinds.iter().zip(&mut self.reports) {
            match kind {
                ColumnKind::Input => report.add(row, &inputs.next().flatten().unwrap_or_default()),
                kind => report.add(row, &value(*kind, row, layout, results)),
            }
        }
    }

    pub(super) fn reports(self) -> Vec<ColumnReport> {
        self.reports
    }
}
