//! One request as the vendors read it, and one answer as they give it.

use super::ledger::Outcome;
use super::world::World;
use axum::body::Bytes;
use axum::extract::Query;
use axum::http::request::Parts;
use axum::http::{HeaderMap, Method};
use serde_json::Value;

/// A request to one vendor.
pub(crate) struct Ask {
    pub(crate) method: Method,
    /// The decoded segments behind the vendor's base URL.
    pub(crate) path: Vec<String>,
    pub(crate) query: Vec<(String, String)>,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
    /// The body as JSON; null where it is none.
    pub(crate) json: Value,
}

impl Ask {
    pub(crate) fn read(parts: Parts, base: &str, body: Bytes) -> Self {
        let Query(query) = Query::try_from_uri(&parts.uri).unwrap_or_default();
        let behind = parts.uri.path().strip_prefix(base).unwrap_or_default();
        let segments = behind.split('/').filter(|segment| !segment.is_empty());
        Self {
            path: segments.map(decode).collect(),
            json: serde_json::from_slice(&body).unwrap_or_default(),
            method: parts.method,
            headers: parts.headers,
            query,
            body,
        }
    }

    /// A parameter of the query; nothing where it is missing or blank.
    pub(crate) fn param(&self, name: &str) -> Option<&str> {
        let value = self.query.iter().find(|(key, _)| key == name)?.1.trim();
        (!value.is_empty()).then_some(value)
    }

    /// Method and segments, in the form that routes are matched in.
    pub(crate) fn target(&self) -> (&str, Vec<&str>) {
        (self.method.as_str(), self.path.iter().map(String::as_str).collect())
    }

    /// A text member of the body; nothing where it is missing or blank.
    pub(crate) fn member(&self, name: &str) -> Option<&str> {
        text(&self.json, name)
    }
}

/// A text member of a record; nothing where it is missing or blank.
pub(crate) fn text<'a>(record: &'a Value, name: &str) -> Option<&'a str> {
    record.get(name)?.as_str().map(str::trim).filter(|value| !value.is_empty())
}

/// A path segment without its percent signs; what is no escape stays.
fn decode(segment: &str) -> String {
    let bytes = segment.as_bytes();
    let mut plain = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let code = segment.get(at + 1..at + 3).and_then(|digits| u8::from_str_radix(digits, 16).ok());
        if let Some(code) = code.filter(|_| bytes[at] == b'%') {
            plain.push(code);
            at += 3;
        } else {
            plain.push(bytes[at]);
            at += 1;
        }
    }
    String::from_utf8_lossy(&plain).into_owned()
}

/// What a request is about, and what answers it.
pub(crate) struct Route {
    pub(crate) endpoint: &'static str,
    /// Names what was asked; two requests with the same key ask for the same.
    pub(crate) key: String,
    pub(crate) answer: fn(&World, &Ask) -> Reply,
}

impl Route {
    pub(crate) fn new(endpoint: &'static str, key: String, answer: fn(&World, &Ask) -> Reply) -> Self {
        Self { endpoint, key, answer }
    }
}

/// An answer, before any fault meddles with it.
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) content_type: &'static str,
    pub(crate) headers: Vec<(&'static str, String)>,
    pub(crate) body: String,
    pub(crate) outcome: Outcome,
    /// What the vendor bills for it.
    pub(crate) credits: u32,
}

impl Reply {
    pub(crate) fn json(status: u16, outcome: Outcome, body: &Value) -> Self {
        Self { content_type: "application/json", ..Self::text(status, outcome, &body.to_string()) }
    }

    pub(crate) fn text(status: u16, outcome: Outcome, body: &str) -> Self {
        Self {
            status,
            content_type: "text/plain; charset=utf-8",
            headers: Vec::new(),
            body: body.to_owned(),
            outcome,
            credits: 0,
        }
    }

    pub(crate) fn billed(self, credits: u32) -> Self {
        Self { credits, ..self }
    }

    pub(crate) fn header(mut self, name: &'static str, value: &impl ToString) -> Self {
        self.headers.push((name, value.to_string()));
        self
    }

    /// With `Retry-After`, where there are seconds to name.
    pub(crate) fn retry_after(self, seconds: Option<u64>) -> Self {
        match seconds {
            Some(seconds) => self.header("retry-after", &seconds),
            None => self,
        }
    }
}
