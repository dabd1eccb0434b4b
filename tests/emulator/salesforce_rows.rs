//! What Salesforce lets be saved, one row at a time, and its collections of up to 200 rows.

use super::ask::{Ask, Reply, text};
use super::contacts::{Contacts, Write};
use super::ledger::Outcome;
use super::salesforce::{error, fields, kind, no_resource};
use super::world::World;
use serde_json::{Map, Value, json};

const MOST_ROWS: usize = 200;

/// The fields that each type has from the start.
const STANDARD: [&str; 20] = [
    "FirstName",
    "LastName",
    "Name",
    "Email",
    "Phone",
    "MobilePhone",
    "Title",
    "Company",
    "Department",
    "Description",
    "LeadSource",
    "Industry",
    "Website",
    "NumberOfEmployees",
    "AccountId",
    "OwnerId",
    "MailingCity",
    "MailingCountry",
    "Status",
    "Rating",
];

/// A row that was saved.
pub(crate) struct Saved {
    id: String,
    created: bool,
}

impl Saved {
    pub(crate) fn to_json(&self) -> Value {
        json!({"id": self.id, "success": true, "errors": [], "created": self.created})
    }
}

/// Why a row was not saved.
pub(crate) struct Refusal {
    pub(crate) code: &'static str,
    pub(crate) message: String,
    field: Option<String>,
}

impl Refusal {
    fn new(code: &'static str, message: &str, field: Option<&str>) -> Self {
        Self { code, message: message.to_owned(), field: field.map(str::to_owned) }
    }

    pub(crate) fn fields(&self) -> Vec<&str> {
        self.field.iter().map(String::as_str).collect()
    }

    /// Collections say `statusCode` where single requests say `errorCode`.
    fn to_json(&self) -> Value {
        let error = json!({"statusCode": self.code, "message": self.message, "fields": self.fields()});
        json!({"success": false, "errors": [error]})
    }
}

/// Whether a field is one of the account's own, by which records can be named.
pub(crate) fn is_external_id(world: &World, field: &str) -> bool {
    world.settings.salesforce_fields.iter().any(|own| own == field)
}

/// Creates a record, or writes to the one of this id.
pub(crate) fn save(
    world: &World,
    records: &mut Contacts,
    endpoint: &'static str,
    kind: &str,
    id: Option<String>,
    fields: Map<String, Value>,
) -> Result<Saved, Refusal> {
    check(world, records, kind, id.as_deref(), &fields)?;
    let write = Write { endpoint, properties: fields };
    if let Some(id) = id {
        records.update(&id, write);
        return Ok(Saved { id, created: false });
    }
    let prefix = match kind {
        "Account" => "001",
        "Lead" => "00Q",
        _ => "003",
    };
    let id = format!("{prefix}xx{:010}AAA", records.len() + 1);
    records.create(id.clone(), kind, write);
    Ok(Saved { id, created: true })
}

/// What Salesforce refuses, looked for before anything is written.
fn check(
    world: &World,
    records: &Contacts,
    kind: &str,
    id: Option<&str>,
    fields: &Map<String, Value>,
) -> Result<(), Refusal> {
    let is_known = |field: &str| STANDARD.contains(&field) || is_external_id(world, field);
    if let Some(field) = fields.keys().find(|field| !is_known(field)) {
        let message = format!("No such column '{field}' on sobject of type {kind}");
        return Err(Refusal::new("INVALID_FIELD", &message, Some(field)));
    }
    let required = if kind == "Account" { "Name" } else { "LastName" };
    let held = fields.get(required).map(|value| value.as_str().unwrap_or_default().trim());
    if held.is_some_and(str::is_empty) || (id.is_none() && held.is_none()) {
        let message = format!("Required fields are missing: [{required}]");
        return Err(Refusal::new("REQUIRED_FIELD_MISSING", &message, Some(required)));
    }
    let Some(email) = fields.get("Email").and_then(Value::as_str).filter(|email| !email.is_empty()) else {
        return Ok(());
    };
    if !super::hubspot_properties::is_email(email) {
        let message = format!("Email: invalid email address: {email}");
        return Err(Refusal::new("INVALID_EMAIL_ADDRESS", &message, Some("Email")));
    }
    if records.by_field(kind, "Email", email).iter().any(|other| Some(other.id.as_str()) != id) {
        return Err(Refusal::new("DUPLICATES_DETECTED", "Use one of these records?", None));
    }
    Ok(())
}

/// Saves rows in order; each finds out on its own whether it is new.
fn save_all(world: &World, ask: &Ask, endpoint: &'static str, external_id: Option<&str>) -> Reply {
    let rows = ask.json["records"].as_array().map(Vec::as_slice).unwrap_or_default();
    if rows.is_empty() || rows.len() > MOST_ROWS {
        let message = "The number of records must be from 1 to 200";
        return error(400, Outcome::Invalid, "LIMIT_EXCEEDED", message, &[]);
    }
    let mut records = world.salesforce();
    if ask.json["allOrNone"] == true {
        let checked: Vec<_> = rows.iter().map(|row| trial(world, &records, row, external_id)).collect();
        if checked.iter().any(Result::is_err) {
            return rolled_back(&checked);
        }
    }
    let saved = rows.iter().map(|row| {
        let id = existing(&records, row, external_id)?;
        save(world, &mut records, endpoint, row_kind(row), id, fields(row))
    });
    let results: Vec<_> =
        saved.map(|saved| saved.map_or_else(|no| no.to_json(), |yes| yes.to_json())).collect();
    Reply::json(200, Outcome::Done, &json!(results))
}

fn row_kind(row: &Value) -> &str {
    text(&row["attributes"], "type").unwrap_or("Contact")
}

fn trial(world: &World, records: &Contacts, row: &Value, external_id: Option<&str>) -> Result<(), Refusal> {
    let id = existing(records, row, external_id)?;
    check(world, records, row_kind(row), id.as_deref(), &fields(row))
}

/// The record that a row's external id names.
fn existing(records: &Contacts, row: &Value, external_id: Option<&str>) -> Result<Option<String>, Refusal> {
    let Some(field) = external_id else { return Ok(None) };
    let Some(value) = text(row, field) else {
        return Err(Refusal::new("MISSING_ARGUMENT", &format!("{field} not specified"), Some(field)));
    };
    let found = records.by_field(row_kind(row), field, value);
    match found.as_slice() {
        [] => Ok(None),
        [one] => Ok(Some(one.id.clone())),
        _ => Err(Refusal::new(
            "DUPLICATE_EXTERNAL_ID",
            "More than one record found for external id",
            Some(field),
        )),
    }
}

fn rolled_back(checked: &[Result<(), Refusal>]) -> Reply {
    let others = Refusal::new(
        "ALL_OR_NONE_OPERATION_ROLLED_BACK",
        "Record rolled back because not all records were valid and the request was using AllOrNone header",
        None,
    );
    let results = checked.iter().map(|row| row.as_ref().map_or_else(Refusal::to_json, |()| others.to_json()));
    Reply::json(200, Outcome::Invalid, &json!(results.collect::<Vec<_>>()))
}

pub(crate) fn create(world: &World, ask: &Ask) -> Reply {
    save_all(world, ask, "collection/create", None)
}

pub(crate) fn upsert(world: &World, ask: &Ask) -> Reply {
    let field = &ask.path[6];
    if !is_external_id(world, field) {
        return no_resource();
    }
    save_all(world, ask, "collection/upsert", Some(field))
}

/// The fields of a type, so that a mapping can be checked before it is used.
pub(crate) fn describe(world: &World, ask: &Ask) -> Reply {
    let field = |name: &str, own: bool| json!({"name": name, "type": "string", "externalId": own});
    let own = world.settings.salesforce_fields.iter().map(|name| field(name, true));
    let fields: Vec<_> = STANDARD.iter().map(|name| field(name, false)).chain(own).collect();
    let body = json!({"name": kind(ask), "fields": fields});
    Reply::json(200, Outcome::Done, &body)
}
