//! How the verdicts of tests are worded, whatever format they are printed in.

use crate::diagnostics::{Count, Diagnostic, visible};
use crate::tools::test::changes::{Difference, RowChange, RowsDifference};
use crate::tools::test::examples::ExampleFailure;
use crate::tools::test::{Change, FileOutcome, OutsideRow, Problem, RangeFailure, Subject, Verdict};
use similar::TextDiff;
use std::path::Path;

/// Differences longer than this are cut.
const MOST_LINES: usize = 20;
/// More kinds of change are only counted.
const MOST_TRANSITIONS: usize = 12;

/// A path on one line.
pub(super) fn path(path: &Path) -> String {
    visible(&path.display().to_string()).replace('\n', "\\n").replace('\t', "\\t")
}

/// `92 %`, rounded down, so that 100 % is all.
pub(super) fn percent(share: f64) -> String {
    format!("{} %", (share * 10.0).floor() / 10.0)
}

/// What a test is called.
pub(super) fn subject(subject: &Subject) -> String {
    match subject {
        Subject::File => "compiles".to_owned(),
        Subject::Reports => "reports".to_owned(),
        Subject::Example { column, line } => format!("example of {column}, line {line}"),
        Subject::Rows { file, .. } => format!("results for {}", path(file)),
        Subject::Range { column, file } => format!("range of {column} for {}", path(file)),
        Subject::Property { column, text, line } => format!("property of {column}, line {line}: {text}"),
        Subject::Orphan(file) => format!("snapshot {}", path(file)),
    }
}

/// The line that a failure is about, from 1.
pub(super) fn line(subject: &Subject, problem: &Problem) -> Option<usize> {
    match (subject, problem) {
        (Subject::Example { line, .. }, _) => Some(*line),
        (_, Problem::Refused(found)) => {
            let first = found.iter().next().map(Diagnostic::offset)?;
            let is_own = found.source().other_name_at(first).is_none();
            is_own.then(|| found.source().position(first).line)
        }
        _ => None,
    }
}

/// A failure in one line.
pub(super) fn headline(subject: &Subject, problem: &Problem) -> String {
    let text = match problem {
        Problem::Refused(found) => {
            let first = found.iter().next().map(|one| format!("{one} [{}]", one.code())).unwrap_or_default();
            match found.iter().count() {
                0 | 1 => first,
                count => format!("{first}, and {} more", count - 1),
            }
        }
        Problem::OutsideRange(failure) => outside_range(subject, failure),
        Problem::Example(failure) => {
            let ExampleFailure { column, expected, got, .. } = &**failure;
            match failure.range {
                Some(range) => format!("{column} {range}: {got} is outside the range"),
                None => format!("{column}: expected {expected}, got {got}"),
            }
        }
        Problem::Changed(change) => match (&change.difference, subject) {
            (Some(Difference::Rows(rows)), Subject::Rows { file, rows: count }) => {
                format!("{}: {}", path(file), rows_headline(rows, *count))
            }
            (Some(Difference::Text { old, new }), Subject::Rows { file, .. }) if is_reordered(old, new) => {
                format!("{}: the same rows with the same results, in another order", path(file))
            }
            (Some(_), Subject::Rows { file, .. }) => format!("{}: the results changed", path(file)),
            (None, Subject::Reports) => format!("the snapshot {} can't be read", path(&change.path)),
            _ => "the reports changed".to_owned(),
        },
        Problem::Missing(change) => {
            format!("there is no snapshot {}; run `clayf test` and commit it", path(&change.path))
        }
        Problem::Broken(problem) => match subject {
            Subject::Rows { file, .. } if !problem.contains(&*file.display().to_string()) => {
                format!("{}: {problem}", path(file))
            }
            Subject::Orphan(file) => format!("{} belongs to nothing: {problem}", path(file)),
            _ => problem.clone(),
        },
    };
    visible(&text).replace('\n', " ")
}

/// `leads.jsonl: Score (0-100): 150 is outside the range: 3 rows (first 2, 5, 9)`
fn outside_range(subject: &Subject, failure: &RangeFailure) -> String {
    let RangeFailure { column, range, rows, first } = failure;
    let file = match subject {
        Subject::Range { file, .. } => format!("{}: ", path(file)),
        _ => String::new(),
    };
    let value = first.first().map(|row| row.value.as_str()).unwrap_or_default();
    let numbers: Vec<String> = first.iter().map(|row| row.row.to_string()).collect();
    let rows = Count(*rows as usize, "row");
    format!("{file}{column} {range}: {value} is outside the range: {rows} (first {})", numbers.join(", "))
}

/// Whether two texts have the same lines, in whatever order.
fn is_reordered(old: &str, new: &str) -> bool {
    let sorted = |text: &str| {
        let mut lines: Vec<String> = text.lines().map(ToOwned::to_owned).collect();
        lines.sort();
        lines
    };
    sorted(old) == sorted(new)
}

fn rows_headline(rows: &RowsDifference, count: u64) -> String {
    let mut parts = Vec::new();
    if !rows.changed.is_empty() {
        parts.push(format!("{} of {} changed", rows.changed.len(), Count(count as usize, "row")));
    }
    for (list, what) in [(&rows.added, "new"), (&rows.gone, "gone")] {
        if !list.is_empty() {
            parts.push(format!("{} {what}", Count(list.len(), "row")));
        }
    }
    for (list, what) in [(&rows.new_columns, "new"), (&rows.gone_columns, "gone")] {
        parts.extend(list.iter().map(|name| format!("column `{name}` {what}")));
    }
    parts.join(", ")
}

/// What a failure shows below its first line.
pub(super) fn details(problem: &Problem) -> Vec<String> {
    let lines = match problem {
        Problem::Example(failure) => example(failure),
        Problem::OutsideRange(failure) => {
            let row = |row: &OutsideRow| {
                format!("row {}: {} · {} {}", row.row, row.label, failure.column, row.value)
            };
            failure.first.iter().map(row).collect()
        }
        Problem::Changed(change) => difference(change),
        Problem::Refused(_) | Problem::Missing(_) | Problem::Broken(_) => Vec::new(),
    };
    lines.into_iter().map(|line| visible(&line).replace('\n', " ")).collect()
}

fn example(failure: &ExampleFailure) -> Vec<String> {
    if failure.row.is_empty() {
        return vec!["for an empty row".to_owned()];
    }
    let cells: Vec<String> = failure.row.iter().map(|(name, value)| format!("{name} {value}")).collect();
    vec![format!("for {}", cells.join(" · "))]
}

fn difference(change: &Change) -> Vec<String> {
    match &change.difference {
        None => Vec::new(),
        Some(Difference::Text { old, new }) => {
            let diff = TextDiff::from_lines(old, new);
            let text = diff.unified_diff().context_radius(1).to_string();
            let mut lines: Vec<String> = text
                .lines()
                .filter(|line| !line.starts_with("\\ No newline"))
                .map(ToOwned::to_owned)
                .collect();
            cut(&mut lines, "lines");
            lines
        }
        Some(Difference::Rows(rows)) => rows_difference(rows),
    }
}

fn rows_difference(rows: &RowsDifference) -> Vec<String> {
    let mut lines: Vec<String> = rows.changed.iter().map(row_change).collect();
    cut(&mut lines, "changed rows");
    for (list, sign, what) in [(&rows.added, '+', "new rows"), (&rows.gone, '-', "rows that are gone")] {
        let mut part: Vec<String> = list.iter().map(|line| format!("{sign} {line}")).collect();
        cut(&mut part, what);
        lines.append(&mut part);
    }
    let transitions =
        rows.transitions.iter().map(|one| format!("{} {} → {}: {}", one.column, one.from, one.to, one.rows));
    let mut transitions: Vec<String> = transitions.collect();
    if transitions.len() > MOST_TRANSITIONS {
        let more = transitions.len() - MOST_TRANSITIONS;
        transitions.truncate(MOST_TRANSITIONS);
        transitions.push(format!("… and {more} more kinds of change"));
    }
    lines.append(&mut transitions);
    lines
}

/// `Liam O'Brien, liam@… · ICP Score 85 → 75 · Lead Tier A → B`
fn row_change(change: &RowChange) -> String {
    let mut line = change.label.clone();
    for (column, from, to) in &change.cells {
        line.push_str(&format!(" · {column} {from} → {to}"));
    }
    line
}

fn cut(lines: &mut Vec<String>, what: &str) {
    if lines.len() > MOST_LINES {
        let more = lines.len() - MOST_LINES;
        lines.truncate(MOST_LINES);
        lines.push(format!("… and {more} more {what}"));
    }
}

/// How many tests of each kind a file has: `573 rows, 2 examples`.
pub(super) fn counts(outcome: &FileOutcome) -> String {
    let examples =
        outcome.checks.iter().filter(|check| matches!(check.subject, Subject::Example { .. })).count();
    let mut parts = Vec::new();
    let rows = outcome.checks.iter().filter_map(|check| match check.subject {
        Subject::Rows { rows, .. } => Some(rows),
        _ => None,
    });
    let rows: Vec<u64> = rows.collect();
    if !rows.is_empty() {
        parts.push(Count(rows.iter().sum::<u64>() as usize, "row").to_string());
    }
    if examples > 0 {
        parts.push(Count(examples, "example").to_string());
    }
    let properties =
        outcome.checks.iter().filter(|check| matches!(check.subject, Subject::Property { .. })).count();
    match properties {
        0 => {}
        1 => parts.push("1 property".to_owned()),
        _ => parts.push(format!("{properties} properties")),
    }
    if outcome.checks.iter().any(|check| check.subject == Subject::Reports) {
        parts.push("reports".to_owned());
    }
    if parts.is_empty() {
        parts.push("no rows and no examples".to_owned());
    }
    parts.join(", ")
}

/// What a test that did not simply pass says.
pub(super) fn remark(verdict: &Verdict) -> Option<String> {
    match verdict {
        Verdict::Passed | Verdict::Failed(_) => None,
        Verdict::Written(file) => Some(format!("wrote {}", path(file))),
        Verdict::Accepted(file) if file.exists() => Some(format!("rewrote {}", path(file))),
        Verdict::Accepted(file) => Some(format!("removed {}", path(file))),
        Verdict::Warned(why) => Some(why.clone()),
    }
}
