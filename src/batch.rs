//! Rules over whole files: read in blocks, evaluated on several threads, written in order.

mod cell;
mod errors;
mod failure;
mod histogram;
mod hold;
mod layout;
mod paths;
mod render;
mod source;
mod stats;
mod survey;
mod tally;
mod texts;
mod worker;

pub use errors::Errors;
pub use failure::BatchError;
pub use histogram::{Bar, bars, equal_bars};
pub use hold::{Held, hold};
pub use paths::{PathFound, RowPath, RowStep, look_for, merge_found, missing_paths};
pub use stats::{Numbers, Texts};
pub use survey::{Survey, SurveyedRow, Threads, first_keys, survey};
pub use tally::{ErrorCount, Firsts, Tally};
pub use texts::{TextRow, texts};

use crate::check::ColumnId;
use crate::rows::{Block, Format, NewColumns, ordered};
use crate::rules::Rules;
use crate::value::Clock;
use layout::Layout;
use source::Source;
use std::collections::{BTreeSet, HashSet};
use std::io::{Read, Write};
use std::ops::ControlFlow;
use worker::Worker;

/// What is written for each row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Output {
    /// The row with the computed columns.
    Rows,
    /// These columns of the row and of the rules, in this order.
    Selected(Vec<String>),
    /// The value of the last computed column alone, one JSON value a line.
    Values,
}

/// How a cell that is an error is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OnError {
    /// As null, or an empty field.
    Null,
    /// Not at all: the run stops.
    Fail,
    /// As `{"error": …, "message": …}`, or the error's code in CSV.
    Keep,
}

/// What is done about a row that can't be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OnBadRow {
    /// The run stops.
    Fail,
    /// It is left out and counted.
    Skip,
}

/// How a run reads and writes.
#[derive(Clone, Debug)]
pub struct Options {
    /// What is written for each row.
    pub output: Output,
    /// The format that rows are written in.
    pub to: Format,
    /// How errors in cells are written.
    pub on_error: OnError,
    /// What is done about rows that can't be read.
    pub on_bad_row: OnBadRow,
    /// How many threads evaluate.
    pub threads: usize,
    /// Whether results are counted for a summary.
    pub summary: bool,
    /// Whether the last column of the rules decides which rows are written; it is not written itself.
    pub filter: bool,
    /// Whether columns of a row that are not written are counted, since the results replace the rows.
    pub note_lost: bool,
    /// The paths into records that are looked for in the rows.
    pub paths: Vec<RowPath>,
}

impl Options {
    /// The computed columns that are written, by index and name.
    fn written<'r>(&self, rules: &'r Rules) -> Vec<(usize, &'r str)> {
        let names = rules.column_names();
        let shown = names.len() - usize::from(self.filter);
        let of_file = names.take(shown).enumerate();
        match &self.output {
            Output::Rows => of_file.filter(|(index, _)| !rules.tree().columns[*index].is_private).collect(),
            Output::Selected(selected) => {
                let selected: HashSet<&str> = selected.iter().map(String::as_str).collect();
                of_file.filter(|(_, name)| selected.contains(name)).collect()
            }
            Output::Values => of_file.last().into_iter().collect(),
        }
    }

    /// The private columns that are not written. Like an error in the value of a `LET` name, an error in one of them
    /// counts where it is used.
    fn unwritten(&self, rules: &Rules) -> BTreeSet<usize> {
        let written: HashSet<usize> = self.written(rules).into_iter().map(|(index, _)| index).collect();
        let columns = rules.tree().columns.iter().enumerate();
        let unwritten = columns.filter(|(index, column)| column.is_private && !written.contains(index));
        unwritten.map(|(index, _)| index).collect()
    }

    /// The column of the condition on rows, if there is one.
    fn condition(&self, rules: &Rules) -> Option<ColumnId> {
        let last = rules.column_names().len().checked_sub(1);
        last.filter(|_| self.filter).map(|last| ColumnId(last as u32))
    }
}

/// A file of rows.
pub struct Input<'i> {
    /// What it is called in messages.
    pub name: String,
    /// How it is written.
    pub format: Format,
    /// Its bytes.
    pub reader: Box<dyn Read + 'i>,
}

/// Where the results of a run go.
pub struct Sinks<'s> {
    /// The rows.
    pub out: &'s mut (dyn Write + Send),
    /// The rows that were left out, byte for byte.
    pub rejects: Option<&'s mut (dyn Write + Send)>,
    /// Is told how many bytes were read, time and again.
    pub progress: &'s dyn Fn(u64),
}

/// What travels from the reader to a worker to the writer, and back to be used again.
#[derive(Default)]
struct Piece {
    block: Block,
    out: Vec<u8>,
    rejects: Vec<u8>,
    tally: Tally,
    failure: Option<BatchError>,
}

/// Evaluates `rules` over all `inputs` in turn, as if they were one file, and counts what happened.
///
/// On an error the rows before it have been written.
pub fn run<'i>(
    rules: &Rules,
    clock: &Clock,
    options: &Options,
    inputs: impl Iterator<Item = Result<Input<'i>, BatchError>>,
    sinks: &mut Sinks<'_>,
) -> Result<Tally, BatchError> {
    let mut tally = Tally::new(rules);
    tally.unwritten = options.unwritten(rules);
    let mut layout = None;
    let mut empty = None;
    for input in inputs {
        let mut source = Source::open(input?)?;
        // A file without even a header says nothing of the shape of the others.
        if source.is_empty() {
            empty = Some(source);
            continue;
        }
        let repeated = source.repeated_columns();
        if !repeated.is_empty() {
            tally.repeated.insert(source.name().to_owned(), repeated);
        }
        if layout.is_none() {
            start(&mut layout, rules, options, &source, sinks)?;
        }
        let Some(layout) = &layout else { continue };
        tally.keys.extend(source.keys().iter().cloned());
        if options.to == Format::Csv && options.output == Output::Rows && source.format() == Format::Csv {
            tally.note_late_columns(source.header(), |name| {
                layout.columns.iter().any(|(known, _)| known == name)
            });
        }
        if options.note_lost
            && matches!(options.output, Output::Selected(_))
            && source.format() == Format::Csv
        {
            tally.note_late_columns(source.header(), |name| {
                layout.columns.iter().any(|(known, _)| known == name)
            });
        }
        let (columns, mut reading) = source.split();
        let worker = || {
            let mut worker = Worker::new(rules, clock, options, layout, columns);
            move |piece: &mut Piece| worker.work(piece)
        };
        run_one(&worker, options, rules, &mut reading, &mut tally, sinks)?;
    }
    if let (None, Some(source)) = (&layout, &empty) {
        start(&mut layout, rules, options, source, sinks)?;
    }
    if let Some(layout) = &layout {
        layout.write_end(tally.written, sinks.out).map_err(BatchError::write)?;
    }
    Ok(tally)
}

/// Settles the shape of the output by the first file, and writes what stands before the first row.
fn start(
    layout: &mut Option<Layout>,
    rules: &Rules,
    options: &Options,
    source: &Source<'_>,
    sinks: &mut Sinks<'_>,
) -> Result<(), BatchError> {
    let new = Layout::new(rules, options, source);
    new.write_start(sinks.out).map_err(BatchError::write)?;
    *layout = Some(new);
    Ok(())
}

/// One file: blocks are read here, evaluated on the threads, and written in order.
fn run_one<W: FnMut(&mut Piece)>(
    make_worker: &(impl Fn() -> W + Sync),
    options: &Options,
    rules: &Rules,
    reading: &mut source::Reading<'_, '_>,
    tally: &mut Tally,
    sinks: &mut Sinks<'_>,
) -> Result<(), BatchError> {
    let Sinks { out, rejects, progress } = sinks;
    let mut read = 0;
    let produce = |piece: &mut Piece| {
        let more = reading.next(&mut piece.block)?;
        read += piece.block.bytes.len() as u64;
        progress(read);
        Ok(more)
    };
    let consume = |piece: &mut Piece| {
        let joins_first =
            options.to == Format::Json && options.output != Output::Values && tally.written == 0;
        // Between the elements of an array stands a comma, which each row brings with it.
        let start = if joins_first { piece.out.len().min(1) } else { 0 };
        out.write_all(&piece.out[start..]).map_err(BatchError::write)?;
        if let Some(rejects) = rejects {
            rejects.write_all(&piece.rejects).map_err(|error| BatchError::Rejects(error.into()))?;
        }
        let rows_before = tally.rows;
        tally.add(&mut piece.tally);
        match piece.failure.take() {
            Some(failure) => Err(failure.after_rows(rows_before)),
            None => Ok(ControlFlow::Continue(())),
        }
    };
    let threads = Threads { count: options.threads, deep: rules.is_deep() };
    ordered(threads.count, threads.stack(), produce, make_worker, consume)
}

/// The columns that the header of a CSV names more than once.
pub fn repeated_columns(input: Input<'_>) -> Result<Vec<String>, BatchError> {
    Ok(Source::open(input)?.repeated_columns())
}

/// How many threads this machine runs at once.
#[must_use]
pub fn processors() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from)
}

/// The columns of one row as the splicer takes them.
fn new_columns<'c>(names: &'c [String], rendered: &'c render::Rendered) -> NewColumns<'c> {
    NewColumns { names, values: &rendered.text, ends: &rendered.ends }
}
