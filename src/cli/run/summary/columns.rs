//! How well columns are filled, the numbers and texts of formulas, and columns that are blank on every row.

use super::{LONGEST_BAR, WIDTH, rate};
use crate::cli::table::{drawn, left, right, share, short, widest};
use crate::repl;
use crate::table::report::{ColumnReport, ColumnSource, Report};
use std::fmt::Write;

/// How many fill rates stand on one line.
const ABREAST: usize = 3;
/// Texts that differ more are no tiers.
const MOST_TEXTS: usize = 8;

/// Writes the fill rates of what the table adds, then what its formulas give.
pub(super) fn write(text: &mut String, report: &Report) {
    let added: Vec<&ColumnReport> = report.columns.iter().filter(|column| is_told(column)).collect();
    if added.is_empty() {
        return;
    }
    let _ = writeln!(text, "\nfilled, of {} rows worked on", report.rows.worked_on());
    let cell = |column: &ColumnReport| {
        let rate = rate(Some(column.filled as f64 / column.rows.max(1) as f64));
        [format!("  {}", column.name), rate]
    };
    let rows: Vec<Vec<String>> = added
        .chunks(added.len().div_ceil(added.len().div_ceil(ABREAST)).min(ABREAST))
        .map(|columns| columns.iter().flat_map(|column| cell(column)).collect())
        .collect();
    text.push_str(&repl::table(&rows, &[false, true].repeat(ABREAST), WIDTH));
    added.iter().for_each(|column| write_doubts(text, report, column));
    added.iter().for_each(|column| write_values(text, column));
}

fn is_told(column: &ColumnReport) -> bool {
    column.rows > 0 && matches!(column.source, ColumnSource::Step(_) | ColumnSource::Formula)
}

/// What is to be wondered at: a column can succeed and be blank on every row.
fn write_doubts(text: &mut String, report: &Report, column: &ColumnReport) {
    if column.is_suspicious() {
        let _ = write!(text, "  warning: {} is blank on every row", column.name);
        let step = match column.source {
            ColumnSource::Step(step) => report.steps.get(step),
            _ => None,
        };
        let _ = match (step, column.results) {
            (Some(step), Some(results)) => writeln!(text, ", though {} has {results} results", step.name),
            _ => writeln!(text),
        };
    }
    if let Some(error) = &column.first_error {
        let errors = column.errors;
        let _ = writeln!(text, "  warning: {} is an error on {errors} rows, first: {error}", column.name);
    }
}

/// The numbers of a formula on one line; its texts with bars, if they are few.
fn write_values(text: &mut String, column: &ColumnReport) {
    let numbers = &column.numbers;
    if numbers.count() > 0 {
        let (median, is_about) = numbers.median();
        let about = if is_about { "~" } else { "" };
        let _ = writeln!(
            text,
            "\n{}  min {}  median {about}{}  mean {}  max {}",
            column.name,
            short(numbers.lowest()),
            short(median),
            short(numbers.mean()),
            short(numbers.highest())
        );
    }
    let texts = few_texts(column);
    if texts.is_empty() {
        return;
    }
    let most = texts.iter().map(|(_, count)| *count).max().unwrap_or(1);
    let width = widest(texts.iter().map(|(value, _)| *value));
    let shares: Vec<String> = texts.iter().map(|(_, count)| share(*count, column.rows)).collect();
    let shares_width = widest(shares.iter().map(String::as_str));
    let _ = writeln!(text, "\n{}", column.name);
    for ((value, count), share) in texts.iter().zip(&shares) {
        let bar = drawn(*count as f64 / most as f64 * LONGEST_BAR);
        let _ = writeln!(text, "  {}  {}  {bar}", left(value, width), right(share, shares_width));
    }
}

/// The texts of a formula by name, if they are as few as tiers are.
pub(in crate::cli::run) fn few_texts(column: &ColumnReport) -> Vec<(&str, u64)> {
    let mut texts = column.texts.ranked();
    if texts.len() > MOST_TEXTS || column.texts.others() > 0 {
        return Vec::new();
    }
    texts.sort_unstable();
    texts
}
