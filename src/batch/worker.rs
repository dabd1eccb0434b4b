//! What one thread does with a block of rows: read, evaluate, count, write.

use super::cell::Cell;
use super::failure::BatchError;
use super::layout::{From, Layout, Shape, json, written_columns};
use super::paths::look_for;
use super::render::Rendered;
use super::source::Columns;
use super::{OnBadRow, OnError, Options, Piece, Tally, new_columns};
use crate::check::ColumnId;
use crate::eval::{Evaluation, Warning, WarningKind};
use crate::rows::csv::{FieldSpan, field_value, splice_record};
use crate::rows::{
    BadRow, Block, Format, JsonRow, RowText, Wanted, read, read_keys, splice, splice_on_one_line,
};
use crate::rules::Rules;
use crate::value::{Clock, ErrorValue, Value, is_empty, to_boolean};
use std::collections::{BTreeSet, HashMap, HashSet};

/// All that a thread needs and keeps from block to block.
pub(super) struct Worker<'w> {
    rules: &'w Rules,
    clock: &'w Clock,
    options: &'w Options,
    layout: &'w Layout,
    source: Columns<'w>,
    wanted: Wanted,
    /// The columns that rows are written with, cell by cell, and their names as JSON.
    columns: Vec<(String, From)>,
    keys: Vec<String>,
    /// For each field of a CSV, the key that it is; and for each key the field.
    field_of: HashMap<&'w str, usize>,
    rendered: Rendered,
    /// The private columns that are not written.
    unwritten: BTreeSet<usize>,
    /// Whether each input of the rules is filled in the current row, and whether its place is there.
    filled: Vec<bool>,
    reached: Vec<bool>,
    /// The names in the header of a CSV that is written.
    written: HashSet<&'w str>,
    /// The formulas that the condition on rows depends on, if there is one.
    condition: HashSet<ColumnId>,
}

/// Where a row stands in its file.
#[derive(Clone, Copy)]
struct Place {
    line: usize,
    column: usize,
}

impl<'w> Worker<'w> {
    pub(super) fn new(
        rules: &'w Rules,
        clock: &'w Clock,
        options: &'w Options,
        layout: &'w Layout,
        source: Columns<'w>,
    ) -> Self {
        // The header of a CSV holds for all files; a JSON row has its own.
        let columns = if layout.to == Format::Csv {
            layout.columns.clone()
        } else {
            written_columns(&options.written(rules), options, source.header)
        };
        // Rows that are written cell by cell need the places of all written keys, not just of the results.
        let outputs: Vec<String> = if splices(layout, source) {
            options.written(rules).into_iter().map(|(_, name)| name.to_owned()).collect()
        } else {
            columns.iter().map(|(name, _)| name.clone()).collect()
        };
        let outputs = if layout.shape == Shape::Values { Vec::new() } else { outputs };
        Self {
            rules,
            clock,
            options,
            layout,
            source,
            wanted: Wanted::new(rules.keys().to_vec(), outputs),
            keys: columns.iter().map(|(name, _)| json(name)).collect(),
            columns,
            field_of: source.header.iter().enumerate().map(|(index, name)| (name.as_str(), index)).collect(),
            rendered: Rendered::default(),
            unwritten: options.unwritten(rules),
            filled: Vec::new(),
            reached: Vec::new(),
            written: layout.columns.iter().map(|(name, _)| name.as_str()).collect(),
            condition: options.condition(rules).map(|id| rules.tree().involved_in(id)).unwrap_or_default(),
        }
    }

    /// Works on all rows of a piece.
    pub(super) fn work(&mut self, piece: &mut Piece) {
        piece.out.clear();
        piece.rejects.clear();
        piece.tally.prepare(self.rules);
        let Piece { block, out, rejects, tally, failure } = piece;
        let mut sink = Sink { out, rejects, tally };
        let done = match self.source.format {
            Format::JsonLines => self.json_rows(block.lines(), &mut sink),
            Format::Json => self.json_rows(block.elements(), &mut sink),
            Format::Csv => self.csv_rows(block, &mut sink),
        };
        *failure = done.err();
    }

    fn json_rows<'b>(
        &mut self,
        rows: impl Iterator<Item = RowText<'b>>,
        sink: &mut Sink<'_>,
    ) -> Result<(), BatchError>
    where
        'w: 'b,
    {
        let mut evaluation = Evaluation::new(self.rules.tree(), self.clock);
        let mut row = JsonRow::default();
        let mut keyed: Vec<Value<'b>> = Vec::new();
        let mut inputs: Vec<Value<'b>> = Vec::new();
        for RowText { line, column, bytes, text } in rows {
            sink.tally.rows += 1;
            let read_row = text.and_then(|text| read(text, &self.wanted, &mut row).map(|()| text));
            let text = match read_row {
                Ok(text) => text,
                Err(bad) => {
                    self.bad_row(&bad, Place { line, column }, bytes, sink)?;
                    continue;
                }
            };
            self.note_late_keys(text, sink.tally);
            keyed.clear();
            for (index, value) in row.inputs.iter_mut().enumerate() {
                sink.tally.seen[index] += u64::from(value.is_some());
                keyed.push(value.take().unwrap_or_default());
            }
            if self.evaluate(&mut evaluation, &mut keyed, &mut inputs, line, sink.tally)? {
                self.write_json_row(text, bytes, &row, sink.out);
                sink.tally.written += 1;
            }
        }
        Ok(())
    }

    fn csv_rows(&mut self, block: &Block, sink: &mut Sink<'_>) -> Result<(), BatchError> {
        let mut evaluation = Evaluation::new(self.rules.tree(), self.clock);
        let mut fields: Vec<FieldSpan> = Vec::new();
        let mut keyed = Vec::new();
        let mut inputs = Vec::new();
        let mut records = block.records();
        let key_fields: Vec<Option<usize>> =
            self.rules.keys().iter().map(|key| self.field_of.get(key.as_str()).copied()).collect();
        while let Some(record) = records.next(&mut fields) {
            sink.tally.rows += 1;
            let text = unless_ragged(record.text, fields.len(), self.source.header.len());
            let text = match text {
                Ok(text) => text,
                Err(bad) => {
                    self.bad_row(&bad, Place { line: record.line, column: 1 }, record.bytes, sink)?;
                    continue;
                }
            };
            keyed.clear();
            for (index, field) in key_fields.iter().enumerate() {
                sink.tally.seen[index] += u64::from(field.is_some());
                keyed.push(field.map_or(Value::Blank, |field| field_value(&text[fields[field].clone()])));
            }
            if self.evaluate(&mut evaluation, &mut keyed, &mut inputs, record.line, sink.tally)? {
                self.write_csv_row(text, record.bytes, &fields, sink.out);
                sink.tally.written += 1;
            }
        }
        Ok(())
    }

    /// Computes the row's columns, counts what happened, and renders the results; `false` for a row that is not to be
    /// written.
    fn evaluate<'v>(
        &mut self,
        evaluation: &mut Evaluation<'v>,
        keyed: &mut Vec<Value<'v>>,
        inputs: &mut Vec<Value<'v>>,
        line: usize,
        tally: &mut Tally,
    ) -> Result<bool, BatchError> {
        look_for(&self.options.paths, &mut tally.paths, |key| keyed.get(key));
        self.reached.clear();
        self.reached.extend(self.rules.reached(keyed));
        if self.rules.inputs_are_keys() {
            std::mem::swap(keyed, inputs);
        } else {
            self.rules.inputs_in(evaluation, keyed, inputs);
        }
        for (count, reached) in tally.reached.iter_mut().zip(&self.reached) {
            *count += u64::from(*reached);
        }
        self.filled.clear();
        self.filled.extend(inputs.iter().map(|value| !is_empty(value)));
        evaluation.row(inputs, &mut ());
        let mut values = evaluation.values();
        if self.options.filter
            && let Some((condition, computed)) = values.split_last()
        {
            match is_true(condition) {
                Ok(true) => {}
                Ok(false) => {
                    tally.add_warnings(self.decisive(evaluation.warnings()), computed);
                    return Ok(false);
                }
                Err(problem) => {
                    tally.add_undecided(&problem);
                    return Ok(false);
                }
            }
            values = computed;
        }
        for (count, filled) in tally.filled.iter_mut().zip(&self.filled) {
            *count += u64::from(*filled);
        }
        tally.add_warnings(evaluation.warnings().iter(), values);
        let mut has_error = false;
        for (column, value) in values.iter().enumerate() {
            if let Value::Error(error) = value {
                tally.add_error(column, error);
                let is_reported = !self.unwritten.contains(&column);
                has_error |= is_reported;
                if is_reported && self.options.on_error == OnError::Fail {
                    return Err(BatchError::Cell {
                        file: self.source.name.to_owned(),
                        line,
                        row: tally.rows,
                        column: self.rules.tree().columns[column].name.clone(),
                        error: error.to_string(),
                    });
                }
            } else if self.options.summary {
                tally.add_result(column, value);
            }
        }
        let format = if self.layout.shape == Shape::Values { Format::JsonLines } else { self.layout.to };
        tally.error_rows += u64::from(has_error);
        let written = self.layout.results.iter().filter_map(|column| values.get(*column));
        self.rendered.fill(written, format, self.options.on_error);
        Ok(true)
    }

    /// The warnings of a row that the condition on rows is FALSE for, as far as the condition depends on their formulas:
    /// they may be the reason why the row is left out.
    fn decisive<'t>(&self, warnings: &'t [Warning]) -> impl Iterator<Item = &'t Warning> {
        let is_decisive = |warning: &&Warning| {
            warning.kind != WarningKind::OutsideRange && self.condition.contains(&warning.column)
        };
        warnings.iter().filter(is_decisive)
    }

    fn bad_row(
        &self,
        bad: &BadRow,
        place: Place,
        bytes: &[u8],
        sink: &mut Sink<'_>,
    ) -> Result<(), BatchError> {
        if self.options.on_bad_row == OnBadRow::Fail {
            return Err(BatchError::bad_row(self.source.name, place.line, place.column, bad));
        }
        sink.tally.add_bad_row();
        sink.rejects.extend_from_slice(bytes);
        // The elements of an array and the last line of a file may have no line end of their own.
        if !bytes.ends_with(b"\n") {
            sink.rejects.push(b'\n');
        }
        Ok(())
    }

    /// Counts keys that the header of a CSV lacks.
    fn note_late_keys(&self, text: &str, tally: &mut Tally) {
        let is_csv = self.layout.to == Format::Csv && self.layout.shape == Shape::Spliced;
        let is_selected = self.layout.shape == Shape::Cells && self.options.note_lost;
        if !is_csv && !is_selected {
            return;
        }
        for key in read_keys(text).unwrap_or_default() {
            if !self.written.contains(key.as_str()) {
                tally.add_late_key(&key);
            }
        }
    }

    fn write_json_row(&self, text: &str, bytes: &[u8], row: &JsonRow<'_>, out: &mut Vec<u8>) {
        if self.layout.shape == Shape::Values {
            return self.write_value(out);
        }
        let line_end: &[u8] = if bytes.ends_with(b"\r\n") { b"\r\n" } else { b"\n" };
        let new = new_columns(&self.layout.result_keys, &self.rendered);
        match self.layout.to {
            Format::JsonLines if self.layout.shape == Shape::Spliced => {
                if self.source.format == Format::Json {
                    splice_on_one_line(text, row, &new, out);
                } else {
                    splice(text, row, &new, out);
                }
                out.extend_from_slice(line_end);
            }
            Format::Json if self.layout.shape == Shape::Spliced => {
                out.extend_from_slice(b",\n");
                splice(text, row, &new, out);
            }
            _ => self.write_cells(line_end, out, |index, _| {
                row.last_place(index).map_or(Cell::Missing, |place| Cell::Json(&text[place.value.clone()]))
            }),
        }
    }

    fn write_csv_row(&self, text: &str, bytes: &[u8], fields: &[FieldSpan], out: &mut Vec<u8>) {
        if self.layout.shape == Shape::Values {
            return self.write_value(out);
        }
        let line_end: &[u8] = if bytes.ends_with(b"\r\n") { b"\r\n" } else { b"\n" };
        if splices(self.layout, self.source) {
            let mut replaced: Vec<(usize, &str)> = Vec::new();
            let mut appended: Vec<&str> = Vec::new();
            for (result, column) in self.layout.results.iter().enumerate() {
                match self.field_of.get(self.rules.tree().columns[*column].name.as_str()) {
                    Some(field) => replaced.push((*field, self.rendered.get(result))),
                    None => appended.push(self.rendered.get(result)),
                }
            }
            replaced.sort_unstable_by_key(|(field, _)| *field);
            splice_record(text, fields, &replaced, &appended, out);
            out.extend_from_slice(line_end);
            return;
        }
        self.write_cells(line_end, out, |_, name| {
            self.field_of.get(name).map_or(Cell::Missing, |field| Cell::Csv(&text[fields[*field].clone()]))
        });
    }

    fn write_value(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(self.rendered.get(0).as_bytes());
        out.push(b'\n');
    }

    /// Writes the row column by column; `of_row` gives a column of the row by its index and name.
    fn write_cells<'c>(
        &'c self,
        line_end: &[u8],
        out: &mut Vec<u8>,
        of_row: impl Fn(usize, &str) -> Cell<'c>,
    ) {
        let cells = self.columns.iter().enumerate().map(|(index, (name, from))| match from {
            From::Result(result) => Cell::Rendered(self.rendered.get(*result)),
            From::Row => of_row(index, name),
        });
        if self.layout.to == Format::Csv {
            let start = out.len();
            for (index, cell) in cells.enumerate() {
                if index > 0 {
                    out.push(b',');
                }
                cell.write_csv(out);
            }
            // A record of one empty field would be a blank line, which is no record.
            if out.len() == start {
                out.extend_from_slice(b"\"\"");
            }
            out.extend_from_slice(line_end);
            return;
        }
        out.extend_from_slice(if self.layout.to == Format::Json { b",\n{" } else { b"{" });
        for (index, (cell, key)) in cells.zip(&self.keys).enumerate() {
            if index > 0 {
                out.push(b',');
            }
            out.extend_from_slice(key.as_bytes());
            out.push(b':');
            cell.write_json(out);
        }
        out.push(b'}');
        if self.layout.to == Format::JsonLines {
            out.extend_from_slice(line_end);
        }
    }
}

/// Whether a row is to be written, or why that is unknown.
fn is_true(condition: &Value<'_>) -> Result<bool, String> {
    match condition {
        Value::Error(error) => Err(error.to_string()),
        value => to_boolean(value)
            .map_err(|_| format!("{} is neither TRUE nor FALSE", ErrorValue::shown(value, None))),
    }
}

/// Where a piece's rows, rejects and counts go.
struct Sink<'s> {
    out: &'s mut Vec<u8>,
    rejects: &'s mut Vec<u8>,
    tally: &'s mut Tally,
}

/// Whether rows of this file keep their bytes and get the results spliced in. A second CSV with another header has
/// its fields put in the order of the first.
fn splices(layout: &Layout, source: Columns<'_>) -> bool {
    let is_csv = |format| format == Format::Csv;
    layout.shape == Shape::Spliced
        && is_csv(layout.to) == is_csv(source.format)
        && (!is_csv(source.format) || source.header == layout.first_header)
}

/// The text of a record, unless it has more or fewer fields than the header.
pub(super) fn unless_ragged(
    text: Result<&str, BadRow>,
    fields: usize,
    header: usize,
) -> Result<&str, BadRow> {
    let text = text?;
    if fields == header {
        return Ok(text);
    }
    let problem = format!("this record has {fields} fields, and the header has {header}");
    Err(BadRow { line: 1, column: 1, problem })
}
