//! Steps and their providers as one table: who was asked, who had it, what it cost.

use super::{WIDTH, each, rate};
use crate::repl;
use crate::table::credits::Credits;
use crate::table::report::{AskReport, StepReport};

/// The columns of the table.
const HEADER: [&str; 13] = [
    "step",
    "asked",
    "found",
    "hit",
    "expected",
    "none",
    "rejected",
    "not asked",
    "failed",
    "not due",
    "kept",
    "credits",
    "per result",
];

/// Writes the table, without the columns that hold nothing.
pub(super) fn write(text: &mut String, steps: &[StepReport]) {
    if steps.is_empty() {
        return;
    }
    let mut rows = vec![HEADER.map(ToOwned::to_owned).to_vec()];
    for step in steps {
        rows.extend(step_rows(step));
    }
    let right: Vec<bool> = (0..HEADER.len()).map(|column| column > 0).collect();
    let (rows, right) = without_empty(rows, &right);
    text.push('\n');
    text.push_str(&repl::table(&rows, &right, WIDTH));
    let told = steps.iter().filter_map(|step| Some((step, not_run(step)?)));
    told.for_each(|(step, why)| text.push_str(&format!("  {}: {why}\n", step.name)));
}

/// The line of a step and those of its providers; one line where it has but one.
fn step_rows(step: &StepReport) -> Vec<Vec<String>> {
    if let [ask] = step.asks.as_slice() {
        let mut row = ask_row(format!("{} ({})", step.name, ask.provider), ask);
        row.extend(step_end(step));
        return vec![row];
    }
    let mut rows = vec![step_row(step)];
    rows.extend(step.asks.iter().map(|ask| {
        let mut row = ask_row(name(ask), ask);
        row.extend([String::new(), String::new(), credits(ask.spent.total()), String::new()]);
        row
    }));
    rows
}

/// A provider as it stands below its step.
fn name(ask: &AskReport) -> String {
    let check = if ask.is_check { " checks" } else { "" };
    format!("  {}{check}", ask.provider)
}

fn step_row(step: &StepReport) -> Vec<String> {
    let cells = &step.cells;
    let asked = step.asks.iter().map(|ask| ask.outcomes.reached()).max().unwrap_or(0);
    let mut row = vec![
        step.name.clone(),
        count(asked),
        count(cells.success),
        rate(step.hit_rate()),
        rate(step.combined_coverage),
        count(cells.no_data),
        String::new(),
        String::new(),
        count(cells.error),
    ];
    row.extend(step_end(step));
    row
}

/// The last columns of a step: what was not to be done or was there already, and what the rest cost.
fn step_end(step: &StepReport) -> [String; 4] {
    [count(step.cells.not_due), count(step.kept), credits(step.spent().total()), each(step.cost_per_result())]
}

fn ask_row(name: String, ask: &AskReport) -> Vec<String> {
    let outcomes = &ask.outcomes;
    vec![
        name,
        count(outcomes.answered() + outcomes.failed),
        count(outcomes.found),
        rate(outcomes.hit_rate()),
        rate(ask.expected.filter(|_| !ask.is_check)),
        count(outcomes.not_found),
        count(outcomes.rejected),
        count(outcomes.not_asked()),
        count(outcomes.failed),
    ]
}

/// Rows that a step is not done with, and those that did not need it.
fn not_run(step: &StepReport) -> Option<String> {
    let cells = &step.cells;
    let told = [
        (cells.came_with, "came with it"),
        (cells.held, "held back by a budget"),
        (cells.open, "to be done"),
    ];
    let parts: Vec<String> =
        told.iter().filter(|(count, _)| *count > 0).map(|(count, why)| format!("{count} {why}")).collect();
    (!parts.is_empty()).then(|| parts.join(", "))
}

/// The rows without the columns of which only the header is filled.
fn without_empty(rows: Vec<Vec<String>>, right: &[bool]) -> (Vec<Vec<String>>, Vec<bool>) {
    let is_used: Vec<bool> =
        (0..right.len()).map(|column| rows[1..].iter().any(|row| !row[column].is_empty())).collect();
    let kept = |cells: Vec<String>| -> Vec<String> {
        cells.into_iter().zip(&is_used).filter(|(_, used)| **used).map(|(cell, _)| cell).collect()
    };
    let right = right.iter().zip(&is_used).filter(|(_, used)| **used).map(|(right, _)| *right).collect();
    (rows.into_iter().map(kept).collect(), right)
}

fn count(count: u64) -> String {
    if count == 0 { String::new() } else { count.to_string() }
}

fn credits(credits: Credits) -> String {
    if credits == Credits::ZERO { String::new() } else { credits.to_string() }
}
