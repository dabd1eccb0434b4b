//! Whether a row is pushed, and with what: the trigger, the dedup key and the properties over its values.

use super::payload::{OwnCall, Payload};
use crate::table::ask::is_true;
use crate::table::http::Target as Address;
use crate::table::import::{comparable, trimmed};
use crate::table::model::{Effect, Target};
use crate::table::template::{Tree, UrlPiece, UrlTemplate, as_text};
use crate::value::{Value, json_text, to_text};
use serde_json::{Map, Value as Json};

/// What an effect has to do with a row.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Looked {
    /// Nothing, and why.
    NotDue(String),
    /// The trigger holds, but there is nothing to know the contact by.
    NoKey(String),
    /// The trigger holds, but a template is an error.
    Broken(String),
    /// The trigger holds, but the formulas have warnings and the table is strict.
    Doubtful(String),
    /// It is pushed.
    Due(Box<Due>),
}

/// What a row that is due is pushed with.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Due {
    /// What makes two rows the same contact.
    pub(super) dedup_key: String,
    /// What is sent in any case.
    pub(super) payload: Payload,
    /// What is sent if the contact is new.
    pub(super) create: Map<String, Json>,
}

/// Looks at a row: the results of its formulas, and what it is known by where the effect has no dedup key.
pub(super) fn look(effect: &Effect, results: &[Value<'_>], row_key: &str) -> Looked {
    if let Some(trigger) = &effect.trigger {
        match results.get(trigger.id.index()) {
            Some(Value::Error(error)) => return Looked::NotDue(format!("the trigger is {error}")),
            Some(value) if is_true(value) => {}
            _ => return Looked::NotDue(trigger.text.clone()),
        }
    }
    let (key, dedup_key) = match key_of(effect, results) {
        Ok(None) => (row_key.to_owned(), row_key.to_owned()),
        Ok(Some(key)) if key.is_empty() => {
            let name = effect.dedup.as_ref().map_or("", |(name, _)| name);
            return Looked::NoKey(format!("`{name}` is empty"));
        }
        // Keys are compared in one letter case; what is sent is spelled as the row spells it.
        Ok(Some(key)) => (trimmed(&key).to_owned(), comparable(&key)),
        Err(reason) => return Looked::Broken(reason),
    };
    filled(effect, results, key).map_or_else(Looked::Broken, |(payload, create)| {
        Looked::Due(Box::new(Due { dedup_key, payload, create }))
    })
}

/// The dedup key as the row spells it; nothing where the effect has none.
fn key_of(effect: &Effect, results: &[Value<'_>]) -> Result<Option<String>, String> {
    let Some((name, tree)) = &effect.dedup else { return Ok(None) };
    let value = fill(name, tree, results)?;
    match to_text(&value) {
        Ok(text) => Ok(Some(trimmed(text.as_str()).to_owned())),
        Err(_) => Err(format!("`{name}` is no text, number or date")),
    }
}

/// What is sent in any case, and what is sent besides if the contact is new.
fn filled(
    effect: &Effect,
    results: &[Value<'_>],
    key: String,
) -> Result<(Payload, Map<String, Json>), String> {
    let (mut properties, mut create) = (Map::new(), Map::new());
    for (name, tree, on_create) in &effect.properties {
        let value = fill(name, tree, results)?;
        if matches!(value, Value::Blank) {
            continue;
        }
        let is_key = effect.dedup.as_ref().is_some_and(|(dedup, _)| dedup == name);
        let json = match value {
            // Otherwise a contact would be known by one text and hold another.
            Value::Text(_) if is_key => Json::from(key.clone()),
            value => as_json(&value),
        };
        if *on_create {
            create.insert(name.clone(), json)
        } else {
            properties.insert(name.clone(), json)
        };
    }
    let call = own_call(effect, results)?;
    Ok((Payload { key, properties, create: None, call }, create))
}

fn own_call(effect: &Effect, results: &[Value<'_>]) -> Result<Option<OwnCall>, String> {
    let Target::Generic { headers: templates, filled, .. } = &effect.target else { return Ok(None) };
    let url = filled.as_ref().map(|template| address(template, results)).transpose()?;
    let mut headers = Vec::new();
    for (name, tree) in templates {
        let value = fill(name, tree, results)?;
        if !matches!(value, Value::Blank) {
            headers.push((name.clone(), as_text(&value).map_err(|error| format!("`{name}` is {error}"))?));
        }
    }
    let body = effect.body.as_ref().map(|tree| fill("body", tree, results)).transpose()?;
    Ok(Some(OwnCall { url, headers, body: body.as_ref().map(as_json), since: String::new() }))
}

/// The address of one row. A step of its path that is empty would lead to another place than the one meant.
fn address(template: &UrlTemplate, results: &[Value<'_>]) -> Result<String, String> {
    let is_text = |value: &Value<'_>| as_text(value).map_or(true, |text| !text.trim().is_empty());
    let mut is_path = true;
    for piece in &template.pieces {
        match piece {
            UrlPiece::Text(text) => is_path &= !text.contains('?'),
            UrlPiece::Escaped(id) | UrlPiece::Base(id) => {
                if is_path && !results.get(id.index()).is_some_and(is_text) {
                    return Err("a value in the path of `url` is empty".to_owned());
                }
            }
        }
    }
    let url = template.fill(results).map_err(|error| format!("`url` is {error}"))?;
    Address::of(url.trim()).map_err(|error| error.to_string())?;
    Ok(url.trim().to_owned())
}

fn fill(name: &str, tree: &Tree, results: &[Value<'_>]) -> Result<Value<'static>, String> {
    tree.fill(results).map_err(|error| format!("`{name}` is {error}"))
}

fn as_json(value: &Value<'_>) -> Json {
    serde_json::from_str(&json_text(value)).unwrap_or_default()
}
