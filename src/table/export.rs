//! Rows out of the state: as they came, with the columns of the table.

use super::model::{Column, ColumnKind, Table};
use super::run::{Layout, Row, RunError};
use super::state::{RunId, RunRow, Store};
use crate::rows::csv::write_record;
use crate::rows::{Format, JsonRow, NewColumns, Wanted, read, read_keys, splice_on_one_line, text_of_json};
use crate::rules::Results;
use crate::value::{Clock, Value, json_text, write_json_text};
use std::collections::HashMap;
use std::io::Write;

/// How many rows are loaded at once.
const CHUNK: usize = 1000;

/// Writes all rows of a run in the order of the input.
pub fn export(
    table: &Table,
    store: &Store,
    run: RunId,
    clock: &Clock,
    to: Format,
    out: &mut dyn Write,
) -> Result<u64, RunError> {
    export_seen(table, store, (run, clock), to, out, |_, _, _, _| {})
}

/// Writes all rows of a run in the order of the input, and gives each to `see` with the results of its formulas, so that
/// they need not be loaded and evaluated again.
pub fn export_seen(
    table: &Table,
    store: &Store,
    (run, clock): (RunId, &Clock),
    to: Format,
    out: &mut dyn Write,
    mut see: impl FnMut(&RunRow, &Row, &Layout, &Results<'_>),
) -> Result<u64, RunError> {
    let mut exporting = Exporting::new(table, to, out);
    if to == Format::Csv {
        exporting.header = header(table, store, run)?;
        exporting.write_header()?;
    }
    each_row(table, store, run, clock, |at, row, layout| {
        let results = row.eval(table, layout, clock);
        see(at, row, layout, &results);
        exporting.row(row, layout, results.values())
    })?;
    exporting.end()?;
    Ok(exporting.count)
}

/// The columns of a CSV: all that any row came with, then those of the table. A name that a row has twice is two columns.
fn header(table: &Table, store: &Store, run: RunId) -> Result<Header, RunError> {
    let mut header = Header::default();
    let mut after = 0;
    loop {
        let sources = store.sources(run, after, CHUNK)?;
        let Some((last, _)) = sources.last() else { break };
        after = *last;
        sources.iter().for_each(|(_, source)| header.add(&read_keys(source).unwrap_or_default()));
    }
    let of_table: Vec<String> = written(table).map(|column| column.name.clone()).collect();
    header.add(&of_table);
    header.wanted = Wanted::new(Vec::new(), header.known.keys().cloned().collect());
    Ok(header)
}

/// The columns of a CSV, in their order.
#[derive(Debug, Default)]
struct Header {
    /// Each with how many of this name stand before it.
    columns: Vec<(String, usize)>,
    /// What is read of a row.
    wanted: Wanted,
    known: HashMap<String, usize>,
}

impl Header {
    /// Adds what is not there yet.
    fn add(&mut self, names: &[String]) {
        let mut seen: HashMap<&str, usize> = HashMap::new();
        for name in names {
            let before = seen.entry(name).or_insert(0);
            *before += 1;
            let known = self.known.entry(name.clone()).or_insert(0);
            if *before > *known {
                self.columns.push((name.clone(), *known));
                *known += 1;
            }
        }
    }
}

/// Gives every row of a run to `look`, in the order of the input.
pub fn each_row<E: From<RunError>>(
    table: &Table,
    store: &Store,
    run: RunId,
    clock: &Clock,
    mut look: impl FnMut(&RunRow, &Row, &Layout) -> Result<(), E>,
) -> Result<(), E> {
    let layout = Layout::new(table);
    let mut after = 0;
    loop {
        let rows = store.rows(run, after, CHUNK).map_err(RunError::from)?;
        let Some(last) = rows.last() else { return Ok(()) };
        after = last.position;
        let ids: Vec<_> = rows.iter().map(|row| row.row).collect();
        let stored = store.load_rows(&ids).map_err(RunError::from)?;
        for (stored, row) in stored.into_iter().zip(&rows) {
            look(row, &Row::new(stored, row.position, row.position, table, &layout, clock), &layout)?;
        }
    }
}

struct Exporting<'a> {
    table: &'a Table,
    to: Format,
    out: &'a mut dyn Write,
    /// The names of the columns that are written, as JSON.
    names: Vec<String>,
    wanted: Wanted,
    /// The columns of a CSV.
    header: Header,
    count: u64,
}

impl<'a> Exporting<'a> {
    fn new(table: &'a Table, to: Format, out: &'a mut dyn Write) -> Self {
        let written: Vec<&Column> = written(table).collect();
        let quoted = |column: &&Column| {
            let mut name = String::new();
            write_json_text(&mut name, &column.name);
            name
        };
        let names = written.iter().map(quoted).collect();
        let wanted = Wanted::new(Vec::new(), written.iter().map(|column| column.name.clone()).collect());
        Self { table, to, out, names, wanted, header: Header::default(), count: 0 }
    }

    fn row(&mut self, row: &Row, layout: &Layout, results: &[Value<'_>]) -> Result<(), RunError> {
        let (mut values, mut ends) = (String::new(), Vec::new());
        for column in written(self.table) {
            values.push_str(&json_text(&value(column.kind, row, layout, results)));
            ends.push(values.len());
        }
        let mut json = JsonRow::default();
        let mut object = Vec::new();
        // What is in the state was checked when it was put there.
        if read(&row.source, &self.wanted, &mut json).is_ok() {
            let new = NewColumns { names: &self.names, values: &values, ends: &ends };
            splice_on_one_line(&row.source, &json, &new, &mut object);
        }
        self.count += 1;
        let object = String::from_utf8_lossy(&object);
        match self.to {
            Format::JsonLines => self.write(&[object.as_bytes(), b"\n"]),
            Format::Json => {
                let before: &[u8] = if self.count == 1 { b"[\n" } else { b",\n" };
                self.write(&[before, object.as_bytes()])
            }
            Format::Csv => self.record(&object),
        }
    }

    fn end(&mut self) -> Result<(), RunError> {
        if self.to == Format::Json {
            self.write(&[if self.count == 0 { b"[" } else { b"\n" }, b"]\n"])?;
        }
        self.out.flush().map_err(|error| RunError::Write { what: "the rows".to_owned(), error })
    }

    fn write(&mut self, parts: &[&[u8]]) -> Result<(), RunError> {
        let written = parts.iter().try_for_each(|part| self.out.write_all(part));
        written.map_err(|error| RunError::Write { what: "the rows".to_owned(), error })
    }

    fn write_header(&mut self) -> Result<(), RunError> {
        let names: Vec<String> = self.header.columns.iter().map(|(name, _)| harmless(name)).collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let mut line = Vec::new();
        write_record(&names, &mut line);
        line.push(b'\n');
        self.write(&[&line])
    }

    /// Writes a row as a record.
    fn record(&mut self, object: &str) -> Result<(), RunError> {
        let Header { columns, wanted, .. } = &self.header;
        let mut json = JsonRow::default();
        let _ = read(object, wanted, &mut json);
        let mut fields: HashMap<&str, Vec<String>> = HashMap::new();
        for place in json.places() {
            fields
                .entry(&wanted.outputs()[place.output])
                .or_default()
                .push(field(&object[place.value.clone()]));
        }
        let field = |(name, before): &(String, usize)| {
            fields.get(name.as_str()).and_then(|fields| fields.get(*before)).cloned().unwrap_or_default()
        };
        let fields: Vec<String> = columns.iter().map(field).collect();
        let fields: Vec<&str> = fields.iter().map(String::as_str).collect();
        let mut line = Vec::new();
        write_record(&fields, &mut line);
        line.push(b'\n');
        self.write(&[&line])
    }
}

/// The columns that are added to a row.
fn written(table: &Table) -> impl Iterator<Item = &Column> {
    table.columns.iter().filter(|column| column.kind != ColumnKind::Input)
}

/// What a column of a row holds.
#[must_use]
pub fn value(kind: ColumnKind, row: &Row, layout: &Layout, results: &[Value<'_>]) -> Value<'static> {
    match kind {
        ColumnKind::Input => Value::Blank,
        ColumnKind::Formula(id) => results.get(id.index()).cloned().unwrap_or_default().into_owned(),
        ColumnKind::EnrichedAt => row.enriched_at().map_or(Value::Blank, |at| Value::from(at.to_owned())),
        ColumnKind::Winner(step) => row.cells[step].provider.clone().map_or(Value::Blank, Value::from),
        ColumnKind::Fill(step, column) => row.fill(step, column, layout),
    }
}

/// A JSON value as the field of a CSV: numbers as they are spelled, text without its quotes and harmless.
fn field(json: &str) -> String {
    match json.as_bytes().first() {
        Some(b'"') => harmless(&text_of_json(json)),
        Some(b'n') => String::new(),
        _ => json.to_owned(),
    }
}

/// The text so that no spreadsheet takes it for a formula. Telephone numbers and numbers stay as they are.
#[must_use]
pub fn harmless(text: &str) -> String {
    let begins_formula = text.starts_with(['=', '+', '-', '@', '\t', '\r', '\n']);
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    let is_plain = digits > 0
        && text.starts_with(['+', '-'])
        && text[1..]
            .bytes()
            .all(|byte| byte.is_ascii_digit() || matches!(byte, b' ' | b'(' | b')' | b'.' | b'-' | b'/'));
    if begins_formula && !is_plain { format!("'{text}") } else { text.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::{field, harmless};

    #[test]
    fn no_text_is_a_formula_to_a_spreadsheet() {
        assert_eq!(harmless("=HYPERLINK(\"x\")"), "'=HYPERLINK(\"x\")");
        assert_eq!(harmless("+1+cmd|' /C calc'!A0"), "'+1+cmd|' /C calc'!A0");
        assert_eq!(harmless("@SUM(A1)"), "'@SUM(A1)");
        assert_eq!(harmless("-cmd"), "'-cmd");
        assert_eq!(harmless("+14155550121"), "+14155550121");
        assert_eq!(harmless("+1 (415) 555-0121"), "+1 (415) 555-0121");
        assert_eq!(harmless("-5.5"), "-5.5");
        assert_eq!(harmless("Ada"), "Ada");
    }

    #[test]
    fn numbers_keep_their_spelling() {
        assert_eq!(field("1.50"), "1.50");
        assert_eq!(field("12345678901234567890"), "12345678901234567890");
        assert_eq!(field("null"), "");
        assert_eq!(field(r#""a\"b""#), "a\"b");
        assert_eq!(field(r#"{"a":1}"#), r#"{"a":1}"#);
    }
}
