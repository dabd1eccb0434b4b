//! How rows are written: spliced where the format stays, cell by cell where it changes or columns are selected.

use super::source::Source;
use super::{Options, Output};
use crate::rows::Format;
use crate::rows::csv::write_record;
use crate::rules::Rules;
use crate::value::write_json_text;
use std::collections::{HashMap, HashSet};
use std::io::{self, Write};

/// Where a written column comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum From {
    /// The written result of this index.
    Result(usize),
    /// The row, under the column's name.
    Row,
}

/// How a row is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shape {
    /// As it came, with the results spliced in, where its format stays.
    Spliced,
    /// Column by column.
    Cells,
    /// As the first result alone.
    Values,
}

/// The shape of the output, the same for all rows of a run.
#[derive(Debug)]
pub(super) struct Layout {
    pub to: Format,
    pub shape: Shape,
    /// The names and sources of the columns of a CSV.
    pub columns: Vec<(String, From)>,
    /// The computed columns that are written, by index.
    pub results: Vec<usize>,
    /// Their names as JSON.
    pub result_keys: Vec<String>,
    /// The columns of the first file.
    pub first_header: Vec<String>,
    from_csv: bool,
    with_bom: bool,
    line_end: &'static [u8],
}

impl Layout {
    /// The shape that `options` ask for, given the first file.
    pub(super) fn new(rules: &Rules, options: &Options, source: &Source<'_>) -> Self {
        let written = options.written(rules);
        let columns = written_columns(&written, options, source.header());
        Self {
            to: options.to,
            shape: match options.output {
                Output::Rows => Shape::Spliced,
                Output::Selected(_) => Shape::Cells,
                Output::Values => Shape::Values,
            },
            columns,
            results: written.iter().map(|(index, _)| *index).collect(),
            result_keys: written.iter().map(|(_, name)| json(name)).collect(),
            first_header: source.header().to_vec(),
            from_csv: source.format() == Format::Csv,
            line_end: if source.has_crlf() { b"\r\n" } else { b"\n" },
            with_bom: source.had_bom() && source.format() == Format::Csv,
        }
    }

    /// What stands before the first row.
    pub(super) fn write_start(&self, out: &mut (dyn Write + Send)) -> io::Result<()> {
        match self.to {
            _ if self.shape == Shape::Values => Ok(()),
            Format::JsonLines => Ok(()),
            Format::Json => out.write_all(b"["),
            Format::Csv => {
                let mut header = Vec::new();
                if self.with_bom {
                    header.extend_from_slice("\u{feff}".as_bytes());
                }
                let names: Vec<&str> = if self.shape == Shape::Spliced && self.from_csv {
                    // The first header stays as it is, even where it has a name twice, since the fields do.
                    let is_new = |(name, _): &&(String, From)| !self.first_header.contains(name);
                    let added = self.columns.iter().filter(is_new).map(|(name, _)| name);
                    self.first_header.iter().chain(added).map(String::as_str).collect()
                } else {
                    self.columns.iter().map(|(name, _)| name.as_str()).collect()
                };
                write_record(&names, &mut header);
                header.extend_from_slice(self.line_end);
                out.write_all(&header)
            }
        }
    }

    /// What stands behind the last of `rows` rows.
    pub(super) fn write_end(&self, rows: u64, out: &mut (dyn Write + Send)) -> io::Result<()> {
        if self.shape == Shape::Values || self.to != Format::Json {
            return Ok(());
        }
        out.write_all(if rows == 0 { b"]\n" } else { b"\n]\n" })
    }
}

/// The names and sources of the columns that are written for rows with these columns.
pub(super) fn written_columns(
    written: &[(usize, &str)],
    options: &Options,
    header: &[String],
) -> Vec<(String, From)> {
    let results = written.iter().enumerate().map(|(result, (_, name))| (*name, result));
    let results: HashMap<&str, usize> = results.collect();
    let names: Vec<&str> = match &options.output {
        Output::Selected(selected) => selected.iter().map(String::as_str).collect(),
        Output::Rows | Output::Values => {
            header.iter().map(String::as_str).chain(written.iter().map(|(_, name)| *name)).collect()
        }
    };
    let mut seen = HashSet::new();
    let first_of_each = names.into_iter().filter(|name| seen.insert(*name));
    let from = |name: &str| results.get(name).map_or(From::Row, |index| From::Result(*index));
    first_of_each.map(|name| (name.to_owned(), from(name))).collect()
}

/// A name as a JSON string.
pub(super) fn json(name: &str) -> String {
    let mut text = String::new();
    write_json_text(&mut text, name);
    text
}
