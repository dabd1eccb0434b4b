//! The tests as one JSON object, for programs.

use super::{Report, coverage_of, mutation_of, words};
use crate::syntax::ast::Contract;
use crate::tools::coverage::Coverage;
use crate::tools::mutate::Mutation;
use crate::tools::test::changes::Difference;
use crate::tools::test::{Change, Check, FileOutcome, OutsideRow, Problem, Subject, Verdict};
use crate::value::number_text;
use serde_json::{Map, Value, json};

/// The object, with a line end.
pub(super) fn json(report: &Report) -> String {
    let mut object = json!({
        "passed": !report.has_failed(),
        "files": report.files.iter().map(file).collect::<Vec<_>>(),
        "orphans": report.orphans.iter().map(check).collect::<Vec<_>>(),
        "too_low": report.too_low,
    });
    if let Some((share, covered, outcomes)) = coverage_of(&report.files) {
        object["coverage"] = json!({ "percent": share, "covered": covered, "outcomes": outcomes });
    }
    if let Some((share, noticed, mutants)) = mutation_of(&report.files) {
        object["mutation"] = json!({ "percent": share, "noticed": noticed, "mutants": mutants });
    }
    format!("{object:#}\n")
}

fn file(outcome: &FileOutcome) -> Value {
    let status = if outcome.has_failed() {
        "failed"
    } else if outcome.checks.is_empty() {
        "untested"
    } else {
        "passed"
    };
    let mut object = json!({
        "file": outcome.path.display().to_string(),
        "status": status,
        "warnings": outcome.warnings,
        "tests": outcome.checks.iter().map(check).collect::<Vec<_>>(),
    });
    if let Some(found) = &outcome.coverage {
        object["coverage"] = coverage(outcome, found);
    }
    if let Some(found) = &outcome.mutation {
        object["mutation"] = mutation(found);
    }
    object
}

fn check(check: &Check) -> Value {
    let mut object = Map::new();
    let kind = match &check.subject {
        Subject::File => "file",
        Subject::Reports => "reports",
        Subject::Example { .. } => "example",
        Subject::Rows { .. } => "rows",
        Subject::Range { .. } => "range",
        Subject::Property { .. } => "property",
        Subject::Orphan(_) => "orphan",
    };
    object.insert("kind".to_owned(), kind.into());
    match &check.subject {
        Subject::Example { column, line } => {
            object.insert("column".to_owned(), column.as_str().into());
            object.insert("line".to_owned(), (*line).into());
        }
        Subject::Property { column, text, line } => {
            object.insert("column".to_owned(), column.as_str().into());
            object.insert("line".to_owned(), (*line).into());
            object.insert("property".to_owned(), text.as_str().into());
        }
        Subject::Rows { file, rows } => {
            object.insert("rows_file".to_owned(), file.display().to_string().into());
            object.insert("rows".to_owned(), (*rows).into());
        }
        Subject::Range { file, .. } => {
            object.insert("rows_file".to_owned(), file.display().to_string().into());
        }
        Subject::Orphan(path) => {
            object.insert("snapshot".to_owned(), path.display().to_string().into());
        }
        Subject::File | Subject::Reports => {}
    }
    let status = match &check.verdict {
        Verdict::Passed => "passed",
        Verdict::Written(_) => "written",
        Verdict::Accepted(_) => "accepted",
        Verdict::Warned(_) => "warned",
        Verdict::Failed(_) => "failed",
    };
    object.insert("status".to_owned(), status.into());
    match &check.verdict {
        Verdict::Passed => {}
        Verdict::Written(path) | Verdict::Accepted(path) => {
            object.insert("snapshot".to_owned(), path.display().to_string().into());
        }
        Verdict::Warned(why) => {
            object.insert("message".to_owned(), why.as_str().into());
        }
        Verdict::Failed(problem) => {
            object.insert("message".to_owned(), words::headline(&check.subject, problem).into());
            details(&mut object, problem);
        }
    }
    Value::Object(object)
}

fn details(object: &mut Map<String, Value>, problem: &Problem) {
    match problem {
        Problem::Example(failure) => {
            object.insert("expected".to_owned(), failure.expected.as_str().into());
            object.insert("got".to_owned(), failure.got.as_str().into());
            if let Some(range) = failure.range {
                object.insert("range".to_owned(), ends(range));
            }
            let row = failure.row.iter().map(|(name, value)| (name.clone(), json_value(value)));
            object.insert("row".to_owned(), Value::Object(row.collect()));
        }
        Problem::Refused(found) => {
            let list = found.iter().map(|one| {
                let at = found.source().position(one.offset());
                let file = found.source().other_name_at(one.offset());
                in_file(file, json!({ "line": at.line, "column": at.column, "code": one.code(), "message": one.to_string() }))
            });
            object.insert("diagnostics".to_owned(), list.collect());
        }
        Problem::OutsideRange(failure) => {
            object.insert("column".to_owned(), failure.column.as_str().into());
            object.insert("range".to_owned(), ends(failure.range));
            object.insert("outside".to_owned(), failure.rows.into());
            let row = |row: &OutsideRow| json!({ "row": row.row, "lead": row.label, "value": json_value(&row.value) });
            object.insert("first".to_owned(), failure.first.iter().map(row).collect());
        }
        Problem::Changed(one) | Problem::Missing(one) => change(object, one),
        Problem::Broken(_) => {}
    }
}

/// `[0, 100]`
fn ends(range: Contract) -> Value {
    [range.low, range.high].map(|end| json_value(&number_text(end))).to_vec().into()
}

/// A value that was written as JSON.
fn json_value(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or(Value::Null)
}

fn change(object: &mut Map<String, Value>, change: &Change) {
    object.insert("snapshot".to_owned(), change.path.display().to_string().into());
    match &change.difference {
        None => {}
        Some(Difference::Text { old, new }) => {
            object.insert("old".to_owned(), old.as_str().into());
            object.insert("new".to_owned(), new.as_str().into());
        }
        Some(Difference::Rows(rows)) => {
            let changed = rows.changed.iter().map(|row| {
                let cells = row
                    .cells
                    .iter()
                    .map(|(column, from, to)| json!({ "column": column, "from": from, "to": to }));
                json!({ "lead": row.label, "changes": cells.collect::<Vec<_>>() })
            });
            object.insert("changed".to_owned(), changed.collect());
            object.insert("new_rows".to_owned(), json!(rows.added));
            object.insert("gone_rows".to_owned(), json!(rows.gone));
            object.insert("new_columns".to_owned(), json!(rows.new_columns));
            object.insert("gone_columns".to_owned(), json!(rows.gone_columns));
            let transitions = rows
                .transitions
                .iter()
                .map(|one| json!({ "column": one.column, "from": one.from, "to": one.to, "rows": one.rows }));
            object.insert("transitions".to_owned(), transitions.collect());
        }
    }
}

fn coverage(outcome: &FileOutcome, coverage: &Coverage) -> Value {
    let missed = coverage.missed.iter().map(|missed| {
        let at = outcome.source.position(missed.span.start as usize);
        let text = missed.span.of(outcome.source.text());
        let file = outcome.source.other_name_at(missed.span.start as usize);
        in_file(file, json!({ "line": at.line, "column": at.column, "text": text, "what": missed.what }))
    });
    json!({
        "percent": coverage.percent(),
        "covered": coverage.covered(),
        "outcomes": coverage.outcomes,
        "sets": coverage.sets.iter().map(|set| {
            let at = outcome.source.position(set.span.start as usize);
            let file = outcome.source.other_name_at(set.span.start as usize);
            in_file(file, json!({ "line": at.line, "column": at.column, "seen": set.seen, "members": set.members }))
        }).collect::<Vec<_>>(),
        "data": coverage.data.iter().map(|data| {
            json!({ "file": data.file, "found": data.found, "rows": data.rows })
        }).collect::<Vec<_>>(),
        "missed": missed.collect::<Vec<_>>(),
    })
}

/// The object with the file that its line is in, where that is not the rule file.
fn in_file(file: Option<&str>, mut object: Value) -> Value {
    if let Some(file) = file {
        object["file"] = file.into();
    }
    object
}

fn mutation(mutation: &Mutation) -> Value {
    let survivors = mutation.survivors.iter().map(|one| {
        let edit = json!({ "line": one.line, "column": one.character, "from": one.from, "to": one.to, "note": one.note });
        in_file(one.file.as_deref(), edit)
    });
    json!({
        "percent": mutation.percent(),
        "noticed": mutation.noticed(),
        "mutants": mutation.mutants,
        "left_out": mutation.left_out,
        "survivors": survivors.collect::<Vec<_>>(),
    })
}
