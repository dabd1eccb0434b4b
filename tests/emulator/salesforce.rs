//! Salesforce: which path leads where, single records by id and by external id, and queries.

use super::ask::{Ask, Reply, Route, text};
use super::contacts::Contact;
use super::ledger::Outcome;
use super::salesforce_rows::{self as rows, Saved};
use super::soql::Query;
use super::vendor::Manners;
use super::world::World;
use serde_json::{Map, Value, json};

pub(crate) struct Salesforce;

impl Manners for Salesforce {
    fn route(&self, ask: &Ask) -> Route {
        let (method, path) = ask.target();
        let rest = match path.as_slice() {
            ["services", "data", version, rest @ ..] if is_version(version) => rest,
            _ => return unknown(ask),
        };
        match (method, rest) {
            ("GET", ["query"]) => Route::new("query", ask.param("q").unwrap_or_default().to_owned(), query),
            ("POST", ["sobjects", _]) => Route::new("create", record_key(&ask.json), create),
            ("GET", ["sobjects", kind, "describe"]) => {
                Route::new("describe", (*kind).to_owned(), rows::describe)
            }
            ("GET", ["sobjects", _, name @ ..]) if matches!(name.len(), 1 | 2) => {
                Route::new("read", name.join("/").to_lowercase(), read)
            }
            ("PATCH", ["sobjects", _, id]) => Route::new("update", (*id).to_owned(), update),
            ("PATCH", ["sobjects", _, field, value]) => {
                Route::new("upsert", format!("{field}/{}", value.to_lowercase()), upsert)
            }
            ("POST", ["composite", "sobjects"]) => Route::new("collection/create", keys(ask), rows::create),
            ("PATCH", ["composite", "sobjects", _, _]) => {
                Route::new("collection/upsert", keys(ask), rows::upsert)
            }
            _ => unknown(ask),
        }
    }

    fn unauthorized(&self) -> Reply {
        error(401, Outcome::Unauthorized, "INVALID_SESSION_ID", "Session expired or invalid", &[])
    }

    /// There is no 429: a busy server says 503.
    fn rate_limited(&self, retry_after: Option<u64>) -> Reply {
        let message = "The server is busy. Please try again later.";
        error(503, Outcome::RateLimited, "SERVER_UNAVAILABLE", message, &[]).retry_after(retry_after)
    }

    fn out_of_credits(&self) -> Reply {
        let message = "TotalRequests Limit exceeded.";
        error(403, Outcome::OutOfCredits, "REQUEST_LIMIT_EXCEEDED", message, &[])
    }
}

/// A version such as `v68.0`.
fn is_version(segment: &str) -> bool {
    segment.strip_prefix('v').is_some_and(|number| number.parse::<f64>().is_ok())
}

fn unknown(ask: &Ask) -> Route {
    Route::new("unknown", ask.path.join("/"), |_, _| no_resource())
}

pub(crate) fn no_resource() -> Reply {
    error(404, Outcome::NotFound, "NOT_FOUND", "The requested resource does not exist", &[])
}

/// Errors of single requests are a list of one, and say `errorCode`.
pub(crate) fn error(status: u16, outcome: Outcome, code: &str, message: &str, fields: &[&str]) -> Reply {
    let mut error = json!({"message": message, "errorCode": code});
    if !fields.is_empty() {
        error["fields"] = json!(fields);
    }
    Reply::json(status, outcome, &json!([error]))
}

/// What names a record: its e-mail, else all of it.
fn record_key(record: &Value) -> String {
    text(record, "Email").map_or_else(|| record.to_string(), str::to_lowercase)
}

fn keys(ask: &Ask) -> String {
    let records = ask.json["records"].as_array().into_iter().flatten();
    records.map(record_key).collect::<Vec<_>>().join(",")
}

/// The type that a path names: the segment behind `sobjects`.
pub(crate) fn kind(ask: &Ask) -> &str {
    let place = ask.path.iter().position(|segment| segment == "sobjects");
    place.and_then(|place| ask.path.get(place + 1)).map(String::as_str).unwrap_or_default()
}

/// The fields of a record that are to be written.
pub(crate) fn fields(record: &Value) -> Map<String, Value> {
    let fields = record.as_object().into_iter().flatten();
    fields
        .filter(|(name, _)| *name != "attributes")
        .map(|(name, value)| (name.clone(), value.clone()))
        .collect()
}

fn create(world: &World, ask: &Ask) -> Reply {
    let mut records = world.salesforce();
    answered(rows::save(world, &mut records, "create", kind(ask), None, fields(&ask.json)), 201)
}

fn upsert(world: &World, ask: &Ask) -> Reply {
    let (field, value) = (&ask.path[5], &ask.path[6]);
    if !rows::is_external_id(world, field) {
        return no_resource();
    }
    let mut records = world.salesforce();
    let found = records.by_field(kind(ask), field, value);
    if found.len() > 1 {
        let urls: Vec<_> = found.iter().map(|record| record_url(ask, record)).collect();
        return Reply::json(300, Outcome::Invalid, &json!(urls));
    }
    if found.is_empty() && ask.param("updateOnly") == Some("true") {
        return no_resource();
    }
    let id = found.first().map(|record| record.id.clone());
    let status = if id.is_some() { 200 } else { 201 };
    let mut fields = fields(&ask.json);
    fields.insert(field.clone(), json!(value));
    answered(rows::save(world, &mut records, "upsert", kind(ask), id, fields), status)
}

fn update(world: &World, ask: &Ask) -> Reply {
    let mut records = world.salesforce();
    let id = &ask.path[5];
    if records.by_id(kind(ask), id).is_none() {
        return no_resource();
    }
    match rows::save(world, &mut records, "update", kind(ask), Some(id.clone()), fields(&ask.json)) {
        Ok(_) => Reply::text(204, Outcome::Done, ""),
        refused => answered(refused, 204),
    }
}

fn answered(saved: Result<Saved, rows::Refusal>, status: u16) -> Reply {
    match saved {
        Ok(saved) => Reply::json(status, Outcome::Done, &saved.to_json()),
        Err(refusal) => error(400, Outcome::Invalid, refusal.code, &refusal.message, &refusal.fields()),
    }
}

fn read(world: &World, ask: &Ask) -> Reply {
    let records = world.salesforce();
    let found = match ask.path.get(6) {
        Some(value) => records.by_field(kind(ask), &ask.path[5], value).into_iter().next(),
        None => records.by_id(kind(ask), &ask.path[5]),
    };
    match found {
        Some(record) => {
            let mut body = json!({"attributes": attributes(ask, record), "Id": record.id});
            for (field, value) in &record.properties {
                body[field] = value.clone();
            }
            Reply::json(200, Outcome::Done, &body)
        }
        None => no_resource(),
    }
}

fn record_url(ask: &Ask, record: &Contact) -> String {
    format!("/services/data/{}/sobjects/{}/{}", ask.path[2], record.kind, record.id)
}

fn attributes(ask: &Ask, record: &Contact) -> Value {
    json!({"type": record.kind, "url": record_url(ask, record)})
}

fn query(world: &World, ask: &Ask) -> Reply {
    let Some(query) = ask.param("q").and_then(Query::read) else {
        return error(400, Outcome::Invalid, "MALFORMED_QUERY", "The emulator does not read this query", &[]);
    };
    let records = world.salesforce();
    let found = query.values.iter().flat_map(|value| records.by_field(&query.kind, &query.field, value));
    let mut found: Vec<_> = found.collect();
    found.sort_by(|one, other| one.id.cmp(&other.id));
    found.dedup_by(|one, other| one.id == other.id);
    let rows = found.iter().map(|record| {
        let mut row = json!({"attributes": attributes(ask, record)});
        for field in &query.select {
            let value =
                if field == "Id" { Some(json!(record.id)) } else { record.properties.get(field).cloned() };
            row[field] = value.unwrap_or_default();
        }
        row
    });
    let rows: Vec<_> = rows.collect();
    let outcome = if rows.is_empty() { Outcome::NotFound } else { Outcome::Done };
    Reply::json(200, outcome, &json!({"totalSize": rows.len(), "done": true, "records": rows}))
}
