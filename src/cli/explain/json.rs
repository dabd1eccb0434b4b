//! Explanations as JSON, for tools.

use super::Explained;
use crate::check::{Column, ColumnId};
use crate::cli::json::{number, value};
use crate::rules::Rules;
use crate::tools::explain::{Condition, FoundRow, Part, Place, Reason, Seen};
use crate::tools::nearby::{Direction, LeftOut, Nearby, Outcome};
use serde_json::{Map, Value as Json, json};

/// One row as one line.
pub(super) fn line(rules: &Rules, explained: &Explained<'_>) -> String {
    let lead = explained.lead;
    let columns: Vec<Json> = explained.columns.iter().map(|(_, column)| part(rules, column)).collect();
    let nearby: Vec<Json> = explained.nearby.iter().map(|one| nearby_json(rules, one)).collect();
    let row = (lead.row > 0).then_some(lead.row);
    let mut line =
        json!({ "row": row, "lead": lead.label, "columns": columns, "nearby": nearby }).to_string();
    line.push('\n');
    line
}

fn part(rules: &Rules, part: &Part<'_>) -> Json {
    let (by_default, missing) = part.points_by_default();
    let mut json = Map::new();
    json.insert("label".to_owned(), part.label.clone().into());
    let (source, at) = (&rules.tree().source, part.span.start as usize);
    if let Some(file) = source.other_name_at(at) {
        json.insert("file".to_owned(), file.into());
    }
    json.insert("line".to_owned(), source.position(at).line.into());
    if let Some(place) = &part.place {
        json.insert("function".to_owned(), in_function(place));
    }
    json.insert("value".to_owned(), value(&part.value));
    if let Some(points) = part.points {
        json.insert("points".to_owned(), number(points));
    }
    if !missing.is_empty() {
        json.insert("points_by_default".to_owned(), number(by_default));
        json.insert("missing".to_owned(), missing.into());
    }
    if !part.because.is_empty() {
        json.insert("because".to_owned(), part.because.iter().map(reason).collect());
    }
    if let Some(from) = &part.from {
        json.insert("from".to_owned(), condition(from));
    }
    if part.is_unsplit {
        json.insert("unsplit".to_owned(), true.into());
    }
    if !part.parts.is_empty() {
        json.insert("parts".to_owned(), part.parts.iter().map(|inner| self::part(rules, inner)).collect());
    }
    Json::Object(json)
}

fn found_row(row: &FoundRow) -> Json {
    json!({ "data": row.data, "file": row.file, "line": row.line })
}

/// A place in a function; without a file, in the rule file.
fn in_function(place: &Place) -> Json {
    match &place.file {
        Some(file) => json!({ "file": file, "line": place.line }),
        None => json!({ "line": place.line }),
    }
}

fn reason(reason: &Reason<'_>) -> Json {
    let mut json = json!({
        "otherwise": reason.is_otherwise(),
        "held": reason.held.iter().map(condition).collect::<Vec<_>>(),
        "failed": reason.failed.iter().map(condition).collect::<Vec<_>>(),
    });
    if let Some(row) = &reason.row {
        json["row"] = found_row(row);
    }
    if let Some(place) = &reason.place {
        json["function"] = in_function(place);
    }
    json
}

fn condition(condition: &Condition<'_>) -> Json {
    let saw: Map<String, Json> =
        condition.saw.iter().map(|Seen { name, value: seen }| (name.clone(), value(seen))).collect();
    let mut json = json!({ "condition": condition.text, "saw": saw });
    if !condition.rows.is_empty() {
        json["rows"] = condition.rows.iter().map(found_row).collect();
    }
    if let Some(place) = &condition.place {
        json["function"] = in_function(place);
    }
    json
}

fn nearby_json(rules: &Rules, nearby: &Nearby<'_>) -> Json {
    let tree = rules.tree();
    let score = nearby.score.map(|id| tree.column(id).name.clone());
    let outcomes: Vec<Json> = nearby.outcomes.iter().map(|one| outcome(rules, nearby, one)).collect();
    let mut json = json!({ "column": tree.column(nearby.goal).name, "score": score, "outcomes": outcomes });
    let LeftOut { of_fields, fields, cut_fields } = nearby.left_out;
    if fields + cut_fields > 0 {
        json["left_out"] = json!({ "of_fields": of_fields, "fields": fields, "cut_fields": cut_fields });
    }
    json
}

/// A value of the goal with the changes that lead to it; a private goal or score is among the results.
fn outcome(rules: &Rules, nearby: &Nearby<'_>, outcome: &Outcome<'_>) -> Json {
    let tree = rules.tree();
    let direction = match outcome.direction {
        Direction::Up => "up",
        Direction::Down => "down",
        Direction::Aside => "aside",
    };
    let changes = outcome.changes.iter().map(|change| {
        let result =
            |(id, column): (ColumnId, &Column)| (column.name.clone(), value(&change.results[id.0 as usize]));
        let is_shown = |(id, column): &(ColumnId, &Column)| {
            !column.is_private || *id == nearby.goal || Some(*id) == nearby.score
        };
        let columns = (0..).map(ColumnId).zip(&tree.columns).filter(is_shown);
        let results: Map<String, Json> = columns.map(result).collect();
        json!({
            "field": change.field.name(tree),
            "from": value(&change.from),
            "to": value(&change.to),
            "or": change.or.iter().map(value).collect::<Vec<_>>(),
            "results": results,
        })
    });
    json!({ "value": value(&outcome.value), "direction": direction, "changes": changes.collect::<Vec<_>>() })
}
