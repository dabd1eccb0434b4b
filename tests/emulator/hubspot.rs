//! `HubSpot`: single contacts by id or e-mail, and which path leads where, under two generations of paths.

use super::ask::{Ask, Reply, Route, text};
use super::contacts::{Contact, Contacts, Write};
use super::hubspot_batch as batch;
use super::hubspot_properties::{self as properties, as_text};
use super::ledger::Outcome;
use super::vendor::Manners;
use super::world::World;
use serde_json::{Map, Value, json};

pub(crate) const KIND: &str = "contacts";

pub(crate) struct HubSpot;

impl Manners for HubSpot {
    fn route(&self, ask: &Ask) -> Route {
        let (method, path) = ask.target();
        match path.as_slice() {
            ["crm", "v3", "objects", "contacts", rest @ ..] => contacts_route(method, rest, ask),
            ["crm", "objects", version, "contacts", rest @ ..] if is_dated(version) => {
                contacts_route(method, rest, ask)
            }
            ["crm", "v3", "properties", "contacts", rest @ ..] => properties_route(method, rest, ask),
            ["crm", "properties", version, "contacts", rest @ ..] if is_dated(version) => {
                properties_route(method, rest, ask)
            }
            _ => unknown(ask),
        }
    }

    fn unauthorized(&self) -> Reply {
        let message = "Authentication credentials not found. This API supports OAuth 2.0 authentication.";
        error(401, Outcome::Unauthorized, "INVALID_AUTHENTICATION", message)
    }

    fn rate_limited(&self, retry_after: Option<u64>) -> Reply {
        limit("TEN_SECONDLY_ROLLING", "ten_secondly_rolling limit", Outcome::RateLimited)
            .header("x-hubspot-ratelimit-interval-milliseconds", &10_000)
            .header("x-hubspot-ratelimit-remaining", &0)
            .retry_after(retry_after)
    }

    fn out_of_credits(&self) -> Reply {
        limit("DAILY", "daily limit", Outcome::OutOfCredits)
    }
}

fn contacts_route(method: &str, rest: &[&str], ask: &Ask) -> Route {
    match (method, rest) {
        ("POST", []) => {
            let email = text(&ask.json["properties"], "email").unwrap_or_default().to_lowercase();
            Route::new("create", email, create)
        }
        ("POST", ["batch", "upsert"]) => Route::new("batch/upsert", batch::key(ask), batch::upsert),
        ("POST", ["batch", "create"]) => Route::new("batch/create", batch::key(ask), batch::create),
        ("POST", ["batch", "read"]) => Route::new("batch/read", batch::key(ask), batch::read),
        ("POST", ["batch", "update"]) => Route::new("batch/update", batch::key(ask), batch::update),
        ("POST", ["search"]) => Route::new("search", ask.json["filterGroups"].to_string(), batch::search),
        ("GET", [id]) => Route::new("read", id.to_lowercase(), read),
        ("PATCH", [id]) => Route::new("update", id.to_lowercase(), update),
        _ => unknown(ask),
    }
}

fn properties_route(method: &str, rest: &[&str], ask: &Ask) -> Route {
    match (method, rest) {
        ("GET", []) => Route::new("properties", String::new(), properties::list),
        ("GET", [name]) => Route::new("property", (*name).to_owned(), properties::read),
        ("POST", []) => {
            let name = ask.member("name").unwrap_or_default().to_owned();
            Route::new("property/create", name, properties::create)
        }
        _ => unknown(ask),
    }
}

/// A version such as `2026-09`.
fn is_dated(version: &str) -> bool {
    let digits = version.chars().filter(char::is_ascii_digit).count();
    version.len() == 7 && digits == 6 && version.as_bytes()[4] == b'-'
}

fn unknown(ask: &Ask) -> Route {
    Route::new("unknown", ask.path.join("/"), |_, _| {
        error(404, Outcome::Invalid, "OBJECT_NOT_FOUND", "No such path")
    })
}

pub(crate) fn error(status: u16, outcome: Outcome, category: &str, message: &str) -> Reply {
    let body = json!({
        "status": "error",
        "message": message,
        "correlationId": "00000000-0000-4000-8000-000000000000",
        "category": category,
    });
    Reply::json(status, outcome, &body)
}

fn limit(policy: &str, words: &str, outcome: Outcome) -> Reply {
    let body = json!({
        "status": "error",
        "message": format!("You have reached your {words}."),
        "errorType": "RATE_LIMIT",
        "correlationId": "00000000-0000-4000-8000-000000000000",
        "policyName": policy,
    });
    Reply::json(429, outcome, &body)
}

/// One record of a batch conflicts, and so the batch as a whole is refused.
pub(crate) fn batch_conflict() -> Reply {
    error(409, Outcome::Invalid, "CONFLICT", "Contact already exists")
}

pub(crate) fn not_found() -> Reply {
    error(404, Outcome::NotFound, "OBJECT_NOT_FOUND", "resource not found")
}

/// The properties that a record asks to have; nothing where it lists none.
pub(crate) fn asked_properties(record: &Value) -> Option<Map<String, Value>> {
    let properties = record["properties"].as_object()?;
    Some(properties.iter().map(|(name, value)| (name.clone(), json!(as_text(value)))).collect())
}

/// The refusal of values that `HubSpot` does not take.
pub(crate) fn refused(world: &World, records: &[Map<String, Value>]) -> Option<Reply> {
    let properties = world.properties();
    let problems: Vec<_> = records.iter().flat_map(|record| properties.problems(record)).collect();
    if problems.is_empty() {
        return None;
    }
    let errors = problems.iter().map(|problem| {
        let context = json!({"propertyName": [problem["name"]]});
        json!({"message": problem["message"], "code": problem["error"], "context": context})
    });
    let body = json!({
        "status": "error",
        "message": format!("Property values were not valid: {}", Value::Array(problems.clone())),
        "correlationId": "00000000-0000-4000-8000-000000000000",
        "errors": errors.collect::<Vec<_>>(),
        "category": "VALIDATION_ERROR",
    });
    Some(Reply::json(400, Outcome::Invalid, &body))
}

pub(crate) fn by_email<'a>(contacts: &'a Contacts, email: &str) -> Option<&'a Contact> {
    contacts.by_field(KIND, "email", email).into_iter().next()
}

/// Creates a contact; ids are numbers that grow.
pub(crate) fn add(
    contacts: &mut Contacts,
    endpoint: &'static str,
    properties: Map<String, Value>,
) -> Contact {
    let id = (50_000_001 + contacts.len()).to_string();
    contacts.create(id, KIND, Write { endpoint, properties }).clone()
}

pub(crate) fn contact_json(contact: &Contact) -> Value {
    let mut properties = contact.properties.clone();
    properties.insert("hs_object_id".to_owned(), json!(contact.id));
    properties.insert("createdate".to_owned(), json!(contact.created_at));
    properties.insert("lastmodifieddate".to_owned(), json!(contact.updated_at));
    json!({
        "id": contact.id,
        "properties": properties,
        "createdAt": contact.created_at,
        "updatedAt": contact.updated_at,
        "archived": false,
    })
}

fn create(world: &World, ask: &Ask) -> Reply {
    let Some(properties) = asked_properties(&ask.json) else {
        return error(
            400,
            Outcome::Invalid,
            "VALIDATION_ERROR",
            "Invalid input JSON: properties are missing",
        );
    };
    if let Some(refusal) = refused(world, std::slice::from_ref(&properties)) {
        return refusal;
    }
    let mut contacts = world.hubspot();
    let email = properties.get("email").and_then(Value::as_str).filter(|email| !email.is_empty());
    if let Some(existing) = email.and_then(|email| by_email(&contacts, email)) {
        let message = format!("Contact already exists. Existing ID: {}", existing.id);
        return error(409, Outcome::Invalid, "CONFLICT", &message);
    }
    Reply::json(201, Outcome::Done, &contact_json(&add(&mut contacts, "create", properties)))
}

/// The contact that the path names, by e-mail where `idProperty` says so, else by id.
fn named<'a>(contacts: &'a Contacts, ask: &Ask) -> Option<&'a Contact> {
    let name = ask.path.last()?;
    match ask.param("idProperty") {
        Some("email") => by_email(contacts, name),
        _ => contacts.by_id(KIND, name),
    }
}

fn read(world: &World, ask: &Ask) -> Reply {
    match named(&world.hubspot(), ask) {
        Some(contact) => Reply::json(200, Outcome::Done, &contact_json(contact)),
        None => not_found(),
    }
}

fn update(world: &World, ask: &Ask) -> Reply {
    let Some(properties) = asked_properties(&ask.json) else {
        return error(
            400,
            Outcome::Invalid,
            "VALIDATION_ERROR",
            "Invalid input JSON: properties are missing",
        );
    };
    if let Some(refusal) = refused(world, std::slice::from_ref(&properties)) {
        return refusal;
    }
    let mut contacts = world.hubspot();
    let Some(id) = named(&contacts, ask).map(|contact| contact.id.clone()) else { return not_found() };
    let email = properties.get("email").and_then(Value::as_str);
    if let Some(other) = email.and_then(|email| by_email(&contacts, email)).filter(|other| other.id != id) {
        let message = format!("Contact already exists. Existing ID: {}", other.id);
        return error(409, Outcome::Invalid, "CONFLICT", &message);
    }
    let write = Write { endpoint: "update", properties };
    Reply::json(200, Outcome::Done, &contact_json(contacts.update(&id, write)))
}
