//! One line of a recording: a request, stripped of secrets, and what was answered.

use super::redact::Redactor;
use super::request::{Request, Response};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::io;
use std::path::PathBuf;
use thiserror::Error;

/// Headers of requests that hold keys by custom; they are left out even where a table does not call them secret.
const KEY_HEADERS: [&str; 8] = [
    "authorization",
    "proxy-authorization",
    "cookie",
    "x-api-key",
    "api-key",
    "apikey",
    "x-auth-token",
    "clay-api-key",
];

/// A recording that can't be read or written.
#[derive(Debug, Error)]
pub enum RecordingError {
    /// The file can't be opened or read.
    #[error("can't read the recording {}: {error}", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What the system says.
        error: io::Error,
    },
    /// The file can't be written.
    #[error("can't write the recording {}: {error}", path.display())]
    Unwritable {
        /// The file.
        path: PathBuf,
        /// What the system says.
        error: io::Error,
    },
    /// A line is no exchange.
    #[error("{}:{line}: not a recorded call: {reason}; record it anew, or delete the line", path.display())]
    BadLine {
        /// The file.
        path: PathBuf,
        /// The line, from 1.
        line: usize,
        /// What is wrong with it.
        reason: String,
    },
}

/// What one line of a recording holds.
#[derive(Debug, Deserialize, Serialize)]
pub(super) struct Exchange {
    pub(super) request: Asked,
    pub(super) response: Answered,
}

#[derive(Debug, Deserialize, Serialize)]
pub(super) struct Asked {
    pub(super) method: String,
    pub(super) url: String,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) headers: Vec<(String, String)>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) body: Option<String>,
}

#[derive(Debug, Deserialize, Serialize)]
pub(super) struct Answered {
    pub(super) status: u16,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) headers: Vec<(String, String)>,
    pub(super) body: String,
}

impl Exchange {
    pub(super) fn new(request: &Request, response: &Response, redactor: &Redactor) -> Self {
        let plain = |text: &str| redactor.redact(text).into_owned();
        let kept = |headers: &[(String, String)], is_kept: fn(&str) -> bool| {
            let lower = headers.iter().map(|(name, value)| (name.to_ascii_lowercase(), plain(value)));
            lower.filter(|(name, _)| is_kept(name)).collect()
        };
        let headers = kept(&request.headers, |name| !KEY_HEADERS.contains(&name));
        let (url, body) = (plain(&request.url), request.body.as_deref().map(plain));
        Self {
            request: Asked { method: request.method.to_string(), url, headers, body },
            response: Answered {
                status: response.status,
                headers: kept(&response.headers, is_useful),
                body: plain(&response.body),
            },
        }
    }
}

/// Headers of responses that a table acts on.
fn is_useful(name: &str) -> bool {
    let of_limits = ["ratelimit", "rate-limit", "totallimit"];
    ["content-type", "retry-after"].contains(&name) || of_limits.iter().any(|part| name.contains(part))
}

/// What two equal requests have in common: method, URL, and body, of JSON the value.
pub(super) fn key(method: &str, url: &str, body: Option<&str>) -> String {
    let body = body.unwrap_or_default();
    let body =
        serde_json::from_str(body).map_or_else(|_| body.to_owned(), |value| ordered(value).to_string());
    format!("{method} {url}\n{body}")
}

/// The same value with its keys in one order and its whole numbers in one spelling.
fn ordered(value: Value) -> Value {
    match value {
        Value::Array(items) => items.into_iter().map(ordered).collect(),
        Value::Object(members) => {
            let mut members: Vec<_> = members.into_iter().map(|(key, value)| (key, ordered(value))).collect();
            members.sort_by(|one, other| one.0.cmp(&other.0));
            members.into_iter().collect()
        }
        Value::Number(number) => match number.as_f64() {
            Some(whole) if whole.fract() == 0.0 && whole.abs() < 9e15 => Value::from(whole as i64),
            _ => Value::Number(number),
        },
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::key;

    #[test]
    fn bodies_are_compared_by_value() {
        let body = |body| key("POST", "https://a/", Some(body));
        assert_eq!(
            body(r#"{"a": 1, "b": {"c": [1.0, "x"], "d": null}}"#),
            body(r#"{"b":{"d":null,"c":[1,"x"]},"a":1}"#)
        );
        assert_ne!(body("[1, 2]"), body("[2, 1]"));
        assert_ne!(body("a b"), body("a  b"));
        assert_eq!(key("GET", "https://a/", None), key("GET", "https://a/", Some("")));
    }
}
