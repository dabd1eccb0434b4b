//! The records of a CRM, with all that was ever written to them.

use serde_json::{Map, Value, json};
use std::collections::HashMap;

/// One record of a CRM.
#[derive(Clone, Debug)]
pub(crate) struct Contact {
    pub(crate) id: String,
    /// `contacts`, or the type of a `Salesforce` record, such as `Contact`.
    pub(crate) kind: String,
    /// What it holds now.
    pub(crate) properties: Map<String, Value>,
    /// How often it was written to since it was created.
    pub(crate) updates: u32,
    /// Every write, the one that created it first.
    pub(crate) history: Vec<Write>,
    pub(crate) created_at: String,
    pub(crate) updated_at: String,
}

/// One write, as it was asked for.
#[derive(Clone, Debug)]
pub(crate) struct Write {
    pub(crate) endpoint: &'static str,
    pub(crate) properties: Map<String, Value>,
}

impl Contact {
    /// A text property; nothing where it is missing.
    pub(crate) fn text(&self, name: &str) -> Option<&str> {
        self.properties.get(name)?.as_str()
    }
}

/// All records, and where to find them by the fields that name them.
#[derive(Default)]
pub(crate) struct Contacts {
    records: Vec<Contact>,
    /// Places by kind, field and value in lower case.
    index: HashMap<(String, String, String), Vec<usize>>,
    ids: HashMap<String, usize>,
}

impl Contacts {
    pub(crate) fn all(&self) -> &[Contact] {
        &self.records
    }

    pub(crate) fn len(&self) -> usize {
        self.records.len()
    }

    pub(crate) fn by_id(&self, kind: &str, id: &str) -> Option<&Contact> {
        let found = &self.records[*self.ids.get(id)?];
        (found.kind == kind).then_some(found)
    }

    /// The records whose field has this value, in any letter case.
    pub(crate) fn by_field(&self, kind: &str, field: &str, value: &str) -> Vec<&Contact> {
        if !is_indexed(field) {
            let same = |contact: &&Contact| {
                let held = contact.properties.get(field).and_then(Value::as_str);
                contact.kind == kind && held.is_some_and(|held| held.eq_ignore_ascii_case(value))
            };
            return self.records.iter().filter(same).collect();
        }
        let places = self.index.get(&place_key(kind, field, value));
        places.into_iter().flatten().map(|place| &self.records[*place]).collect()
    }

    pub(crate) fn create(&mut self, id: String, kind: &str, write: Write) -> &Contact {
        let place = self.records.len();
        let now = now();
        self.ids.insert(id.clone(), place);
        self.records.push(Contact {
            id,
            kind: kind.to_owned(),
            properties: Map::new(),
            updates: 0,
            history: Vec::new(),
            created_at: now.clone(),
            updated_at: now,
        });
        self.merge(place, write)
    }

    /// Writes to a record that exists.
    pub(crate) fn update(&mut self, id: &str, write: Write) -> &Contact {
        let place = self.ids[id];
        self.records[place].updates += 1;
        self.records[place].updated_at = now();
        self.merge(place, write)
    }

    fn merge(&mut self, place: usize, write: Write) -> &Contact {
        let record = &mut self.records[place];
        for (field, value) in &write.properties {
            let old = record.properties.insert(field.clone(), value.clone());
            if is_indexed(field) {
                let key = |value: &Value| Some(place_key(&record.kind, field, value.as_str()?));
                if let Some(places) = old.as_ref().and_then(key).and_then(|key| self.index.get_mut(&key)) {
                    places.retain(|other| *other != place);
                }
                if let Some(key) = key(value) {
                    self.index.entry(key).or_default().push(place);
                }
            }
        }
        record.history.push(write);
        &self.records[place]
    }
}

/// E-mails and custom fields are what records are looked up by.
fn is_indexed(field: &str) -> bool {
    field.eq_ignore_ascii_case("email") || field.ends_with("__c")
}

fn place_key(kind: &str, field: &str, value: &str) -> (String, String, String) {
    (kind.to_owned(), field.to_owned(), value.to_lowercase())
}

/// The time in the form that CRMs write it.
pub(crate) fn now() -> String {
    let now = jiff::Timestamp::now().round(jiff::Unit::Millisecond);
    now.unwrap_or(jiff::Timestamp::UNIX_EPOCH).to_string()
}

pub(crate) fn to_json(contacts: &[Contact]) -> Value {
    let records = contacts.iter().map(|contact| {
        let history = contact.history.iter();
        let history =
            history.map(|write| json!({"endpoint": write.endpoint, "properties": write.properties}));
        json!({
            "id": contact.id,
            "kind": contact.kind,
            "properties": contact.properties,
            "updates": contact.updates,
            "history": history.collect::<Vec<_>>(),
        })
    });
    records.collect()
}
