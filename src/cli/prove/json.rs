//! A proof as JSON.

use crate::analysis::possible::Interval;
use crate::cli::json::{earning, number, value};
use crate::tools::prove::{Blank, ColumnProof, Decision, PossibleError, Proof, Reached, Status, Witness};
use crate::value::{Value, json_text};
use serde_json::{Map, Value as Json, json};

/// The whole proof, with a line end after it.
pub(super) fn proof(proof: &Proof) -> String {
    let columns: Vec<Json> = proof.columns.iter().map(column).collect();
    let properties: Vec<Json> = proof.properties.iter().map(property).collect();
    let all = json!({ "columns": columns, "properties": properties });
    format!("{}\n", serde_json::to_string_pretty(&all).unwrap_or_default())
}

fn row(witness: &Witness) -> Json {
    serde_json::from_str(&witness.json()).unwrap_or(Json::Null)
}

fn column(column: &ColumnProof) -> Json {
    let reached = column.values.as_deref().unwrap_or_default();
    let values =
        column.values.as_ref().map(|all| all.iter().map(|one| value(&one.value)).collect::<Vec<_>>());
    let witnesses: Map<String, Json> = reached.iter().map(|one| (key(one), row(&one.witness))).collect();
    json!({
        "name": column.name,
        "private": column.is_private,
        "values": values,
        "min": column.min.map(number),
        "max": column.max.map(number),
        "types": column.types.iter().map(|ty| ty.name()).collect::<Vec<_>>(),
        "witnesses": witnesses,
        "unreachable": column.unreachable.iter().filter_map(|text| serde_json::from_str(text).ok()).collect::<Vec<Json>>(),
        "errors": column.errors.iter().map(error).collect::<Vec<_>>(),
        "blank": column.blank.iter().map(blank).collect::<Vec<_>>(),
        "rises_with": column.rises,
        "falls_with": column.falls,
        "method": column.method,
    })
}

fn blank(blank: &Blank) -> Json {
    let mut printed = earning(&blank.earning);
    let range = |ends: &Interval| json!({ "min": number(ends.low), "max": number(ends.high) });
    if let Some(object) = printed.as_object_mut() {
        object.insert("result_if_empty".to_owned(), blank.results.as_ref().map_or(Json::Null, range));
    }
    printed
}

/// The value as the key of an object.
fn key(reached: &Reached) -> String {
    match &reached.value {
        Value::Text(text) => text.to_string(),
        other => json_text(other),
    }
}

fn error(error: &PossibleError) -> Json {
    let found = error.error.as_error();
    json!({
        "error": found.map(|error| error.code.to_string()),
        "message": found.map(|error| error.message.clone()),
        "row": row(&error.witness),
    })
}

fn property(decision: &Decision) -> Json {
    let (counterexample, before) = match &decision.status {
        Status::Refuted { case, before } => (Some(row(&case.row)), before.as_ref().map(|one| row(&one.row))),
        _ => (None, None),
    };
    let mut printed = json!({
        "column": decision.column,
        "text": decision.property.text,
        "status": decision.status.word(),
        "counterexample": counterexample,
        "method": decision.method,
    });
    if let (Some(before), Some(object)) = (before, printed.as_object_mut()) {
        object.insert("counterexample_before".to_owned(), before);
    }
    printed
}
