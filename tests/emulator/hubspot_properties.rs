//! The properties that `HubSpot` knows of contacts, and what each of them takes.

use super::ask::{Ask, Reply, text};
use super::hubspot::error;
use super::ledger::Outcome;
use super::world::World;
use serde_json::{Map, Value, json};

/// Properties of each account, of type string.
const STANDARD: [&str; 26] = [
    "email",
    "firstname",
    "lastname",
    "company",
    "jobtitle",
    "phone",
    "mobilephone",
    "website",
    "city",
    "state",
    "country",
    "zip",
    "address",
    "industry",
    "lifecyclestage",
    "hubspot_owner_id",
    "hs_linkedin_url",
    "numemployees",
    "annualrevenue",
    "salutation",
    "fax",
    "message",
    "twitterhandle",
    "hs_persona",
    "hs_language",
    "hs_timezone",
];

const READ_ONLY: [&str; 3] = ["hs_object_id", "createdate", "lastmodifieddate"];

const LEAD_STATUS: [&str; 8] = [
    "NEW",
    "OPEN",
    "IN_PROGRESS",
    "OPEN_DEAL",
    "UNQUALIFIED",
    "ATTEMPTED_TO_CONTACT",
    "CONNECTED",
    "BAD_TIMING",
];

/// The definitions of all properties, by name.
pub(crate) struct Properties(Map<String, Value>);

impl Properties {
    /// The standard ones, and custom ones of type string.
    pub(crate) fn new(custom: &[String]) -> Self {
        let standard = STANDARD.iter().map(|name| definition(name, "string", false));
        let fixed = READ_ONLY.iter().map(|name| definition(name, "datetime", true));
        let custom = custom.iter().map(|name| definition(name, "string", false));
        let mut status = definition("hs_lead_status", "enumeration", false);
        status["options"] = LEAD_STATUS.iter().map(|value| json!({"label": value, "value": value})).collect();
        let all = standard.chain(fixed).chain(custom).chain([status]);
        Self(all.map(|property| (text(&property, "name").unwrap_or_default().to_owned(), property)).collect())
    }

    /// What is wrong with the values of a record, each as `HubSpot` lists it.
    pub(crate) fn problems(&self, properties: &Map<String, Value>) -> Vec<Value> {
        properties.iter().filter_map(|(name, value)| self.problem(name, &as_text(value))).collect()
    }

    fn problem(&self, name: &str, value: &str) -> Option<Value> {
        let said = |code: &str, message: String| {
            Some(json!({"isValid": false, "message": message, "error": code, "name": name}))
        };
        let Some(property) = self.0.get(name) else {
            return said("PROPERTY_DOESNT_EXIST", format!("Property \"{name}\" does not exist"));
        };
        if property["modificationMetadata"]["readOnlyValue"] == true {
            return said(
                "READ_ONLY_VALUE",
                format!("\"{name}\" is a read only property; its value cannot be set."),
            );
        }
        if value.is_empty() {
            return None;
        }
        if name == "email" && !is_email(value) {
            return said("INVALID_EMAIL", format!("Email address {value} is invalid"));
        }
        match property["type"].as_str() {
            Some("number") if value.parse::<f64>().is_err() => {
                said("INVALID_INTEGER", format!("{value} was not a valid number."))
            }
            Some("date" | "datetime") if !is_date(value) => {
                said("INVALID_DATE", format!("{value} was not a valid date."))
            }
            Some("enumeration") if !has_option(property, value) => {
                said("INVALID_OPTION", format!("{value} was not one of the allowed options."))
            }
            _ => None,
        }
    }
}

/// `HubSpot` keeps every value as text.
pub(crate) fn as_text(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

fn definition(name: &str, kind: &str, read_only: bool) -> Value {
    json!({
        "name": name,
        "label": name,
        "type": kind,
        "fieldType": "text",
        "groupName": "contactinformation",
        "options": [],
        "archived": false,
        "modificationMetadata": {"readOnlyValue": read_only},
    })
}

pub(crate) fn is_email(value: &str) -> bool {
    let Some((local, domain)) = value.split_once('@') else { return false };
    let blank = value.contains(char::is_whitespace);
    !local.is_empty() && domain.contains('.') && !domain.starts_with('.') && !domain.ends_with('.') && !blank
}

/// Milliseconds since 1970, a day, or a moment.
fn is_date(value: &str) -> bool {
    value.parse::<i64>().is_ok()
        || value.parse::<jiff::civil::Date>().is_ok()
        || value.parse::<jiff::Timestamp>().is_ok()
}

fn has_option(property: &Value, value: &str) -> bool {
    property["options"]
        .as_array()
        .is_some_and(|options| options.iter().any(|option| option["value"] == value))
}

pub(crate) fn list(world: &World, _: &Ask) -> Reply {
    let results: Vec<_> = world.properties().0.values().cloned().collect();
    Reply::json(200, Outcome::Done, &json!({"results": results}))
}

pub(crate) fn read(world: &World, ask: &Ask) -> Reply {
    let name = ask.path.last().map(String::as_str).unwrap_or_default();
    match world.properties().0.get(name) {
        Some(property) => Reply::json(200, Outcome::Done, property),
        None => error(404, Outcome::NotFound, "OBJECT_NOT_FOUND", &format!("Property {name} does not exist")),
    }
}

pub(crate) fn create(world: &World, ask: &Ask) -> Reply {
    let (Some(name), Some(kind), Some(_)) = (ask.member("name"), ask.member("type"), ask.member("fieldType"))
    else {
        let message = "Invalid input JSON: name, label, type, fieldType and groupName are required";
        return error(400, Outcome::Invalid, "VALIDATION_ERROR", message);
    };
    let mut properties = world.properties();
    if properties.0.contains_key(name) {
        let message = format!("A property named '{name}' already exists.");
        return error(409, Outcome::Invalid, "OBJECT_ALREADY_EXISTS", &message);
    }
    let mut property = definition(name, kind, false);
    for asked in ["label", "fieldType", "groupName", "options"] {
        if let Some(value) = ask.json.get(asked) {
            property[asked] = value.clone();
        }
    }
    let reply = Reply::json(201, Outcome::Done, &property);
    properties.0.insert(name.to_owned(), property);
    reply
}
