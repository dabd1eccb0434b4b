//! A comparison for people at a terminal.

use super::{
    Overview, changes, data_changes, details, joint, main_column, matrix, most_blamed, row_change, short,
    signed, step, tiers,
};
use crate::cli::table::{left, right, table, widest};
use crate::diagnostics::{Count, visible};
use crate::tools::diff::{ColumnDifference, Mover};
use std::fmt::Write;

/// Everything that changed.
pub(super) fn text(overview: &Overview<'_>) -> String {
    let difference = overview.difference;
    let mut text = String::new();
    let rows = Count(difference.rows as usize, "row");
    let _ = if overview.is_new {
        writeln!(text, "{} is new: {} does not exist; {rows}", overview.new, overview.old)
    } else {
        writeln!(text, "{} → {}, {rows}", overview.old, overview.new)
    };
    for (names, what) in [(&overview.removed, "no longer computed"), (&overview.added, "new")] {
        if !names.is_empty() {
            let _ = writeln!(text, "{what}: {}", names.join(", "));
        }
    }
    write_data(&mut text, overview);
    let width = widest(difference.columns.iter().map(|column| column.name.as_str()));
    text.push('\n');
    for column in &difference.columns {
        let _ = writeln!(text, "{}  {}", left(&column.name, width), changes(column, difference.rows));
        write_errors(&mut text, column);
        if column.changed > 0 {
            write_column(&mut text, column);
        }
    }
    if let Some(column) = main_column(overview) {
        write_movers(&mut text, column);
    }
    visible(&text).into_owned()
}

/// The lookup data that differs, with the rows of it that moved the most results.
fn write_data(text: &mut String, overview: &Overview<'_>) {
    for data in &overview.data {
        let _ = writeln!(text, "\n{}  {}", data.label, data_changes(data));
        let cells: Vec<[String; 2]> =
            data.rows.iter().map(|row| [row.key.clone(), row_change(row)]).collect();
        let width = |index: usize| widest(cells.iter().map(|cells| cells[index].as_str()));
        let (keys, changes) = (width(0), width(1));
        for (row, [key, change]) in data.rows.iter().zip(&cells) {
            let moved = match row.moved {
                0 => String::new(),
                rows => Count(rows as usize, "row").to_string(),
            };
            let line = format!("  {}  {}  {moved}", left(key, keys), left(change, changes));
            let _ = writeln!(text, "{}", line.trim_end());
        }
        if data.more > 0 {
            let _ = writeln!(text, "  and {} more", data.more);
        }
    }
}

fn write_errors(text: &mut String, column: &ColumnDifference) {
    let (before, after) = column.errors;
    if before != after {
        let _ = writeln!(text, "  errors in {before} → {after} rows");
    }
}

fn write_column(text: &mut String, column: &ColumnDifference) {
    if column.before.count() > 0 && column.after.count() > 0 {
        let (before, after) = (&column.before, &column.after);
        let _ = writeln!(
            text,
            "  mean {} → {}, median {} → {}",
            short(before.mean()),
            short(after.mean()),
            short(before.median().0),
            short(after.median().0)
        );
    }
    let (names, others) = most_blamed(column);
    let width = widest(names.iter().map(|(name, _, _)| *name));
    for (name, rows, points) in names {
        let points = if points == 0.0 { String::new() } else { format!(", {} points", signed(points)) };
        let _ = writeln!(text, "  by {}  {}{points}", left(name, width), Count(rows as usize, "row"));
    }
    if let Some(others) = others {
        let _ = writeln!(text, "  by {others}");
    }
    if let Some(joint) = joint(column) {
        let _ = writeln!(text, "  {joint}");
    }
    if let Some(names) = tiers(column) {
        text.push('\n');
        for line in table(&matrix(column, &names)).lines() {
            let _ = writeln!(text, "  {line}");
        }
    }
    text.push('\n');
}

fn write_movers(text: &mut String, column: &ColumnDifference) {
    let is_number = column.movers.iter().any(|mover| mover.distance() != 0.0);
    let _ =
        writeln!(text, "{} {}", if is_number { "largest moves of" } else { "first changes of" }, column.name);
    let cells: Vec<[String; 4]> = column.movers.iter().map(cells).collect();
    let width = |index: usize| widest(cells.iter().map(|cells| cells[index].as_str()));
    let widths = [width(0), width(1), width(2)];
    for [row, label, step, details] in &cells {
        let line = format!(
            "  {}  {}  {}  {details}",
            right(row, widths[0]),
            left(label, widths[1]),
            left(step, widths[2])
        );
        let _ = writeln!(text, "{}", line.trim_end());
    }
}

/// Row, lead, move, and why.
fn cells(mover: &Mover) -> [String; 4] {
    let (because, others) = details(mover);
    let details = [because, others].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>();
    [
        format!("row {}", mover.row),
        mover.label.clone().unwrap_or_default(),
        step(&mover.before, &mover.after),
        details.join("; "),
    ]
}
