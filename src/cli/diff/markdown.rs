//! A comparison as a comment on a pull request.

use super::{
    Overview, changes, data_changes, details, joint, main_column, matrix, most_blamed, row_change, short,
    signed, step, tiers,
};
use crate::diagnostics::Count;
use crate::tools::diff::{ColumnDifference, DataChange};
use std::fmt::Write;

/// Everything that changed, as Markdown.
pub(super) fn markdown(overview: &Overview<'_>) -> String {
    let difference = overview.difference;
    let mut text = String::new();
    let changed = Count(difference.changed as usize, "row");
    let (old, new) = (escaped(&overview.old), escaped(&overview.new));
    let _ = if overview.is_new {
        writeln!(text, "### {new} is new: {old} does not exist")
    } else {
        writeln!(text, "### {old} → {new}: {changed} of {} changed", difference.rows)
    };
    for (names, what) in [(&overview.removed, "No longer computed"), (&overview.added, "New")] {
        if !names.is_empty() {
            let names: Vec<String> = names.iter().map(|name| escaped(name)).collect();
            let _ = writeln!(text, "\n{what}: {}", names.join(", "));
        }
    }
    for data in &overview.data {
        let _ = writeln!(text, "\n**{}** {}", escaped(&data.label), data_changes(data));
        write_data_rows(&mut text, data);
    }
    for column in &difference.columns {
        let _ = writeln!(text, "\n**{}** {}", escaped(&column.name), changes(column, difference.rows));
        if column.changed > 0 {
            write_column(&mut text, column);
        }
    }
    if let Some(column) = main_column(overview) {
        write_movers(&mut text, column);
    }
    text
}

/// The rows of lookup data that differ, as a table.
fn write_data_rows(text: &mut String, data: &DataChange) {
    let mut rows = vec![["key", "change", "rows moved"].map(ToOwned::to_owned).to_vec()];
    rows.extend(data.rows.iter().map(|row| vec![row.key.clone(), row_change(row), row.moved.to_string()]));
    text.push('\n');
    write_table(text, &rows);
    if data.more > 0 {
        let _ = writeln!(text, "\nand {} more", data.more);
    }
}

fn write_column(text: &mut String, column: &ColumnDifference) {
    let (names, others) = most_blamed(column);
    let names: Vec<String> = names
        .iter()
        .map(|(name, rows, points)| {
            let points =
                if *points == 0.0 { String::new() } else { format!(" ({} points)", signed(*points)) };
            format!("{} in {}{points}", escaped(name), Count(*rows as usize, "row"))
        })
        .chain(others)
        .collect();
    let joint = joint(column).map(|joint| format!("; {joint}")).unwrap_or_default();
    let _ = writeln!(text, "by {}{joint}", names.join(", "));
    if column.before.count() > 0 && column.after.count() > 0 {
        let _ = writeln!(text, "mean {} → {}", short(column.before.mean()), short(column.after.mean()));
    }
    if let Some(names) = tiers(column) {
        let rows = matrix(column, &names);
        text.push('\n');
        write_table(text, &rows);
    }
}

fn write_movers(text: &mut String, column: &ColumnDifference) {
    let mut rows =
        vec![["row", "lead", column.name.as_str(), "because", "also"].map(ToOwned::to_owned).to_vec()];
    rows.extend(column.movers.iter().map(|mover| {
        let (because, others) = details(mover);
        let label = mover.label.clone().unwrap_or_default();
        vec![mover.row.to_string(), label, step(&mover.before, &mover.after), because, others]
    }));
    let _ = writeln!(text, "\n<details><summary>The rows that moved most</summary>\n");
    write_table(text, &rows);
    text.push_str("\n</details>\n");
}

fn write_table(text: &mut String, rows: &[Vec<String>]) {
    for (index, row) in rows.iter().enumerate() {
        let cells: Vec<String> = row.iter().map(|cell| escaped(cell)).collect();
        let _ = writeln!(text, "| {} |", cells.join(" | "));
        if index == 0 {
            let _ = writeln!(text, "|{}", "---|".repeat(row.len()));
        }
    }
}

/// Text that Markdown shows as it is: a lead's name is nobody's markup, and mentions nobody.
fn escaped(text: &str) -> String {
    let mut out = String::new();
    for next in text.chars() {
        match next {
            '&' | '<' | '>' | '@' | '\\' | '`' | '*' | '_' | '[' | ']' | '|' | '#' | '~' | '!' => {
                let _ = write!(out, "&#{};", u32::from(next));
            }
            '\n' | '\r' => out.push(' '),
            _ => out.push(next),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::escaped;

    #[test]
    fn nothing_in_a_name_is_markup() {
        assert_eq!(escaped("a|b <i>\n@ada"), "a&#124;b &#60;i&#62; &#64;ada");
    }
}
