//! The header and the rows of a decision table.

use super::cell::{Content, condition, result};
use crate::data::csv::{FieldSpan, RecordEnd, read_record};
use crate::diagnostics::{Count, DecisionError, Diagnostic};
use crate::span::{Span, Spanned};
use crate::syntax::ast::{ConditionColumn, DecisionRow, DecisionTable, ExprKind};
use crate::syntax::parse_at;
use std::collections::HashMap;

/// The words and arrows that mark a column of results.
const RESULT_MARKS: [&str; 4] = ["result:", "=>", "->", "→"];
/// How a header marks a column that is not read.
const NOTE_MARK: char = '#';

/// The role of a column.
enum Role {
    Condition,
    Result,
    /// `# note`, or a column without any text.
    Note,
}

/// Reads the part of `source` from the byte `from` on as a decision table.
///
/// Rows with a mistake are left out; each mistake is a finding.
pub(crate) fn read(source: &str, from: usize, findings: &mut Vec<Diagnostic>) -> Option<DecisionTable> {
    let before = findings.len();
    let records = records(source, from, findings)?;
    let (header, rows) = records.split_first()?;
    if let Some(error) = split_header(source, header) {
        findings.push(error.into());
        return None;
    }
    let mut table = DecisionTable {
        header: header.span,
        conditions: Vec::new(),
        results: Vec::new(),
        rows: Vec::with_capacity(rows.len()),
    };
    let roles = roles(header, rows, &mut table, findings);
    if findings.len() == before {
        rows.iter().for_each(|record| row(record, &roles, &mut table, findings));
    }
    (findings.len() == before).then_some(table)
}

/// One line of the file that is not empty.
struct Record<'s> {
    cells: Vec<Content<'s>>,
    span: Span,
}

impl Record<'_> {
    fn is_empty(&self) -> bool {
        self.cells.iter().all(|cell| cell.text.is_empty())
    }
}

/// The header and the rows, without rows whose cells are all empty.
fn records<'s>(source: &'s str, from: usize, findings: &mut Vec<Diagnostic>) -> Option<Vec<Record<'s>>> {
    let bytes = source.as_bytes();
    let mut records = Vec::new();
    let mut fields: Vec<FieldSpan> = Vec::new();
    let mut next = if source[from..].starts_with('\u{feff}') { from + '\u{feff}'.len_utf8() } else { from };
    loop {
        match read_record(bytes, next, &mut fields) {
            RecordEnd::NoMore => break,
            RecordEnd::Incomplete { start } => {
                let open = fields.last().map_or(start, |last| last.end + 1);
                let help = "close the quote; a quote inside of a quoted cell is written twice".to_owned();
                let why = "opened here and never closed";
                let problem = "a quote is never closed".to_owned();
                let at = Span::new(open, open + 1);
                findings.push(DecisionError::DecisionCell { problem, at, why, help }.into());
                return None;
            }
            RecordEnd::Complete { record, next: behind } => {
                let cells = fields.iter().map(|field| Content::new(source, field.clone())).collect();
                let record = Record { cells, span: Span::new(record.start, record.end) };
                if records.is_empty() || !record.is_empty() {
                    records.push(record);
                }
                next = behind;
            }
        }
    }
    if records.len() < 2 {
        let at = records.first().map_or(Span::new(from, from), |header| header.span);
        let what = if records.is_empty() { "header and no rows" } else { "rows" };
        findings.push(
            DecisionError::DecisionHeader {
                problem: format!("the decision table has no {what}"),
                at,
                why: "no row follows".to_owned(),
                help: "write a line of headers, such as `Country,result: owner`, and a row such as `US,Ada`"
                    .to_owned(),
            }
            .into(),
        );
        return None;
    }
    Some(records)
}

/// Reads the header into the columns of `table`, and returns the role of each.
fn roles(
    header: &Record<'_>,
    rows: &[Record<'_>],
    table: &mut DecisionTable,
    findings: &mut Vec<Diagnostic>,
) -> Vec<Role> {
    let before = findings.len();
    let mut names: HashMap<String, Span> = HashMap::new();
    let roles: Vec<Role> = (header.cells.iter().enumerate())
        .map(|(index, cell)| {
            let is_unused =
                || rows.iter().all(|row| row.cells.get(index).is_none_or(|cell| cell.text.is_empty()));
            if cell.text.starts_with(NOTE_MARK) || cell.text.is_empty() && is_unused() {
                return Role::Note;
            }
            if let Some(name) = RESULT_MARKS.iter().find_map(|mark| after_mark(&cell.text, mark)) {
                let name = Spanned::new(name.to_owned(), cell.span);
                if name.value.is_empty() {
                    findings.push(unnamed(cell, "the result has no name", "write `result: owner`"));
                } else if let Some(first) = names.insert(name.value.clone(), cell.span) {
                    let name = name.value.clone();
                    findings.push(DecisionError::DuplicateResult { name, first, second: cell.span }.into());
                }
                table.results.push(name);
                return Role::Result;
            }
            if cell.text.is_empty() {
                let help = "name an input, or begin the header with `#` for a column of notes";
                findings.push(unnamed(cell, "a column with cells has no header", help));
            }
            let header = Spanned::new(cell.text.clone().into_owned(), cell.span);
            table.conditions.push(ConditionColumn { name: name_in(&header.value), header });
            Role::Condition
        })
        .collect();
    if findings.len() == before {
        missing_role(header, table, findings);
    }
    roles
}

/// A formula whose commas split it into several headers, as its brackets show.
fn split_header(source: &str, header: &Record<'_>) -> Option<DecisionError> {
    let depth = |text: &str| {
        text.chars().fold(0_i64, |depth, next| match next {
            '(' | '[' | '{' => depth + 1,
            ')' | ']' | '}' => depth - 1,
            _ => depth,
        })
    };
    let is_formula = |cell: &&Content<'_>| !cell.text.starts_with(NOTE_MARK) && depth(&cell.text) > 0;
    let first = header.cells.iter().position(|cell| is_formula(&cell))?;
    let mut open = 0;
    let length = header.cells[first..].iter().position(|cell| {
        open += depth(&cell.text);
        open <= 0
    })?;
    let at = header.cells[first].span.to(header.cells[first + length].span);
    let quoted = at.of(source).replace('"', "\"\"");
    Some(DecisionError::DecisionHeader {
        problem: format!("commas split this header into {}", Count(length + 1, "cell")),
        at,
        why: "a formula without quotes".to_owned(),
        help: format!("enclose it in quotes, and double the quotes inside of it: `\"{quoted}\"`"),
    })
}

/// The name after a mark, which may have any letter case.
fn after_mark<'h>(header: &'h str, mark: &str) -> Option<&'h str> {
    let start = header.get(..mark.len())?;
    start.eq_ignore_ascii_case(mark).then(|| header[mark.len()..].trim())
}

/// The column that a header names, if it is not a longer formula.
fn name_in(header: &str) -> Option<String> {
    let (formula, _) = parse_at(header, Span::new(0, header.len()));
    match formula?.kind {
        ExprKind::Name(name) => Some(name),
        _ => None,
    }
}

fn unnamed(cell: &Content<'_>, problem: &str, help: &str) -> Diagnostic {
    let (problem, help, why) = (problem.to_owned(), help.to_owned(), "expected a header".to_owned());
    DecisionError::DecisionHeader { problem, at: cell.span, why, help }.into()
}

/// A table without conditions, or without results.
fn missing_role(header: &Record<'_>, table: &DecisionTable, findings: &mut Vec<Diagnostic>) {
    let last = header.cells.last();
    let separators = |sign| header.cells[0].text.matches(sign).count();
    let other = [';', '\t'].into_iter().find(|sign| header.cells.len() == 1 && separators(*sign) > 0);
    let (problem, why, help) = if let Some(other) = other {
        let name = if other == ';' { "semicolons" } else { "tabs" };
        let help = "save the file with commas between the cells, as CSV (comma delimited)".to_owned();
        (format!("the cells are separated by {name}"), "one cell, since it has no comma", help)
    } else if table.results.is_empty() {
        let name = last.map_or("owner", |last| last.text.trim());
        let help = format!("write `result: {name}` in the header of each result");
        ("the decision table has no column of results".to_owned(), "no header begins with `result:`", help)
    } else if table.conditions.is_empty() {
        let help = "add a column whose header names an input, such as `Country`".to_owned();
        let problem = "the decision table has no column of conditions".to_owned();
        (problem, "each header begins with `result:` or `#`", help)
    } else {
        return;
    };
    findings
        .push(DecisionError::DecisionHeader { problem, at: header.span, why: why.to_owned(), help }.into());
}

/// Reads one row.
fn row(record: &Record<'_>, roles: &[Role], table: &mut DecisionTable, findings: &mut Vec<Diagnostic>) {
    if let Some(error) = wrong_length(record, roles.len()) {
        findings.push(error.into());
        return;
    }
    let mut row = DecisionRow { span: record.span, conditions: Vec::new(), results: Vec::new() };
    for (cell, role) in record.cells.iter().zip(roles) {
        match role {
            Role::Condition => match condition(cell) {
                Ok(test) => row.conditions.push(Spanned::new(test, cell.span)),
                Err(error) => findings.push(error.into()),
            },
            Role::Result => match result(cell) {
                Ok(literal) => row.results.push(literal),
                Err(error) => findings.push(error.into()),
            },
            Role::Note => {}
        }
    }
    table.rows.push(row);
}

/// A row with fewer or more cells than headers. Empty cells at the end of a row do not count.
fn wrong_length(record: &Record<'_>, columns: usize) -> Option<DecisionError> {
    let cells = record.cells.len();
    let extra = record.cells.iter().skip(columns).find(|cell| !cell.text.is_empty());
    if cells >= columns && extra.is_none() {
        return None;
    }
    let problem = format!("this row has {}, and the header has {columns}", Count(cells, "cell"));
    let end = record.span.end as usize;
    let (at, why, help) = extra.map_or(
        (
            Span::new(end, end),
            "the row ends here",
            "write `-` in a condition that is always TRUE, and leave a result empty for Blank",
        ),
        |extra| {
            let help = "enclose a cell that contains commas in quotes, and double the quotes inside of it: \
                `\"\"\"US\"\", \"\"CA\"\"\"`";
            (extra.span, "no header is above this cell", help)
        },
    );
    Some(DecisionError::DecisionRow { problem, at, why: why.to_owned(), help: help.to_owned() })
}
