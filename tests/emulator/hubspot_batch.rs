//! `HubSpot`'s batches: upsert, create, update and read of up to 100 contacts, and search.

use super::ask::{Ask, Reply, text};
use super::contacts::{Contact, Contacts, Write, now};
use super::hubspot::{KIND, add, asked_properties, batch_conflict, by_email, contact_json, error, refused};
use super::ledger::Outcome;
use super::world::World;
use serde_json::{Map, Value, json};
use std::collections::HashSet;

const MOST_INPUTS: usize = 100;
const MOST_FOUND: usize = 200;

fn inputs(ask: &Ask) -> &[Value] {
    ask.json["inputs"].as_array().map(Vec::as_slice).unwrap_or_default()
}

/// The ids, else the e-mails, of the records of a batch.
pub(crate) fn key(ask: &Ask) -> String {
    let names = inputs(ask).iter().filter_map(|input| {
        text(input, "id").or_else(|| text(&input["properties"], "email")).map(str::to_lowercase)
    });
    names.collect::<Vec<_>>().join(",")
}

fn invalid(message: &str) -> Reply {
    error(400, Outcome::Invalid, "VALIDATION_ERROR", message)
}

/// Refuses a batch of the wrong size or with one record twice.
fn misshapen(inputs: &[Value]) -> Option<Reply> {
    if inputs.is_empty() {
        return Some(invalid("Invalid input JSON: inputs must not be empty"));
    }
    if inputs.len() > MOST_INPUTS {
        return Some(invalid("The batch size exceeded the limit of 100 inputs"));
    }
    let mut seen = HashSet::new();
    let ids = inputs.iter().filter_map(|input| text(input, "id"));
    let twice: Vec<_> = ids.filter(|id| !seen.insert(id.to_lowercase())).collect();
    if twice.is_empty() {
        return None;
    }
    let message = format!("Duplicate IDs found in batch input: [{}]. IDs must be unique", twice.join(", "));
    let body = json!({
        "status": "error",
        "message": message,
        "correlationId": "00000000-0000-4000-8000-000000000000",
        "context": {"ids": twice},
        "category": "VALIDATION_ERROR",
    });
    Some(Reply::json(400, Outcome::Invalid, &body))
}

/// The properties of every record; nothing where one lists none.
fn all_properties(inputs: &[Value]) -> Option<Vec<Map<String, Value>>> {
    inputs.iter().map(asked_properties).collect()
}

fn complete(status: u16, outcome: Outcome, results: &[Value], errors: &[Value]) -> Reply {
    let now = now();
    let mut body = json!({"status": "COMPLETE", "results": results, "startedAt": now, "completedAt": now});
    if !errors.is_empty() {
        body["numErrors"] = json!(errors.len());
        body["errors"] = json!(errors);
    }
    Reply::json(status, outcome, &body)
}

/// A written record as batches list it.
fn written(input: &Value, contact: &Contact, new: bool) -> Value {
    let mut result = contact_json(contact);
    result["new"] = json!(new);
    if let Some(trace) = input.get("objectWriteTraceId") {
        result["objectWriteTraceId"] = trace.clone();
    }
    result
}

pub(crate) fn upsert(world: &World, ask: &Ask) -> Reply {
    let inputs = inputs(ask);
    if let Some(refusal) = misshapen(inputs) {
        return refusal;
    }
    if inputs.iter().any(|input| text(input, "id").is_none() || input["idProperty"] != "email") {
        return invalid("Invalid input JSON: each input needs an id and the idProperty email");
    }
    let Some(mut records) = all_properties(inputs) else {
        return invalid("Invalid input JSON: properties are missing");
    };
    for (record, input) in records.iter_mut().zip(inputs) {
        let id = text(input, "id").unwrap_or_default();
        if !record.contains_key("email") {
            record.insert("email".to_owned(), json!(id));
        }
    }
    if let Some(refusal) = refused(world, &records) {
        return refusal;
    }
    let mut contacts = world.hubspot();
    // Either all are written or none: the conflicts are looked for before the first write.
    if inputs.iter().zip(&records).any(|(input, record)| conflicts(&contacts, input, record)) {
        return batch_conflict();
    }
    let results = inputs.iter().zip(records).map(|(input, properties)| {
        let existing = by_email(&contacts, text(input, "id").unwrap_or_default());
        match existing.map(|contact| contact.id.clone()) {
            Some(id) => {
                let write = Write { endpoint: "batch/upsert", properties };
                written(input, contacts.update(&id, write), false)
            }
            None => written(input, &add(&mut contacts, "batch/upsert", properties), true),
        }
    });
    complete(200, Outcome::Done, &results.collect::<Vec<_>>(), &[])
}

/// Whether a record asks for an e-mail that another contact has.
fn conflicts(contacts: &Contacts, input: &Value, record: &Map<String, Value>) -> bool {
    let email = record.get("email").and_then(Value::as_str).unwrap_or_default();
    let id = text(input, "id").unwrap_or_default();
    !email.eq_ignore_ascii_case(id) && by_email(contacts, email).is_some()
}

pub(crate) fn create(world: &World, ask: &Ask) -> Reply {
    let inputs = inputs(ask);
    if let Some(refusal) = misshapen(inputs) {
        return refusal;
    }
    let Some(records) = all_properties(inputs) else {
        return invalid("Invalid input JSON: properties are missing");
    };
    if let Some(refusal) = refused(world, &records) {
        return refusal;
    }
    let mut contacts = world.hubspot();
    let traced = inputs.iter().all(|input| input.get("objectWriteTraceId").is_some());
    let email = |record: &Map<String, Value>| {
        record.get("email").and_then(Value::as_str).unwrap_or_default().to_lowercase()
    };
    // Without a trace id on every record there is nowhere to report one of them.
    let mut seen = HashSet::new();
    let emails = records.iter().map(email).filter(|email| !email.is_empty());
    let twice = emails.filter(|email| !seen.insert(email.clone())).count() > 0;
    let exists = records.iter().any(|record| by_email(&contacts, &email(record)).is_some());
    if !traced && (twice || exists) {
        return batch_conflict();
    }
    let (mut results, mut errors) = (Vec::new(), Vec::new());
    for (input, properties) in inputs.iter().zip(records) {
        match by_email(&contacts, &email(&properties)) {
            Some(existing) => errors.push(json!({
                "status": "error",
                "category": "CONFLICT",
                "message": format!("Contact already exists. Existing ID: {}", existing.id),
                "context": {"objectWriteTraceId": [input["objectWriteTraceId"]], "existingId": [existing.id]},
            })),
            None => results.push(written(input, &add(&mut contacts, "batch/create", properties), true)),
        }
    }
    let status = if errors.is_empty() { 201 } else { 207 };
    complete(status, Outcome::Done, &results, &errors)
}

/// By record id only: by e-mail it is refused, unlike the upsert.
pub(crate) fn update(world: &World, ask: &Ask) -> Reply {
    let inputs = inputs(ask);
    if let Some(refusal) = misshapen(inputs) {
        return refusal;
    }
    if inputs.iter().any(|input| input.get("idProperty").is_some()) {
        return invalid("Unable to perform update/upsert by non-unique 0-1 property");
    }
    let Some(records) = all_properties(inputs) else {
        return invalid("Invalid input JSON: properties are missing");
    };
    if let Some(refusal) = refused(world, &records) {
        return refusal;
    }
    let mut contacts = world.hubspot();
    let (mut results, mut errors) = (Vec::new(), Vec::new());
    for (input, properties) in inputs.iter().zip(records) {
        let id = text(input, "id").unwrap_or_default();
        if contacts.by_id(KIND, id).is_some() {
            let write = Write { endpoint: "batch/update", properties };
            results.push(contact_json(contacts.update(id, write)));
        } else {
            errors.push(missing(&[id]));
        }
    }
    let status = if errors.is_empty() { 200 } else { 207 };
    complete(status, Outcome::Done, &results, &errors)
}

fn missing(ids: &[&str]) -> Value {
    json!({
        "status": "error",
        "category": "OBJECT_NOT_FOUND",
        "message": "Could not get some CONTACT objects, they may be deleted or not exist. Check that ids are valid.",
        "context": {"ids": ids},
    })
}

pub(crate) fn read(world: &World, ask: &Ask) -> Reply {
    let inputs = inputs(ask);
    if let Some(refusal) = misshapen(inputs) {
        return refusal;
    }
    let contacts = world.hubspot();
    let by_address = ask.member("idProperty") == Some("email");
    let (mut results, mut absent) = (Vec::new(), Vec::new());
    for id in inputs.iter().filter_map(|input| text(input, "id")) {
        let found = if by_address { by_email(&contacts, id) } else { contacts.by_id(KIND, id) };
        match found {
            Some(contact) => results.push(contact_json(contact)),
            None => absent.push(id),
        }
    }
    let errors = if absent.is_empty() { Vec::new() } else { vec![missing(&absent)] };
    let status = if errors.is_empty() { 200 } else { 207 };
    complete(status, Outcome::Done, &results, &errors)
}

/// Search by one property and `EQ` or `IN`, which is what is asked for to find contacts again.
pub(crate) fn search(world: &World, ask: &Ask) -> Reply {
    let filter = &ask.json["filterGroups"][0]["filters"][0];
    let Some(property) = text(filter, "propertyName") else {
        return invalid("Invalid input JSON: a filter needs a propertyName");
    };
    let values: Vec<&str> = match filter["operator"].as_str() {
        Some("EQ") => text(filter, "value").into_iter().collect(),
        Some("IN") => filter["values"].as_array().into_iter().flatten().filter_map(Value::as_str).collect(),
        _ => return invalid("The emulator searches by EQ and IN"),
    };
    let limit = ask.json["limit"].as_u64().unwrap_or(10).min(MOST_FOUND as u64) as usize;
    let contacts = world.hubspot();
    let found: Vec<_> = values.iter().flat_map(|value| contacts.by_field(KIND, property, value)).collect();
    let outcome = if found.is_empty() { Outcome::NotFound } else { Outcome::Done };
    let results: Vec<_> = found.iter().take(limit).map(|contact| contact_json(contact)).collect();
    Reply::json(200, outcome, &json!({"total": found.len(), "results": results}))
}
