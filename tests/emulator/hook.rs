//! The hook: takes any push and keeps it.

use super::ask::{Ask, Reply, Route};
use super::hash::stable;
use super::ledger::Outcome;
use super::vendor::{Manners, header};
use super::world::World;
use axum::http::HeaderMap;
use serde_json::{Value, json};

pub(crate) struct Hook;

/// One push that arrived.
#[derive(Clone, Debug)]
pub(crate) struct Push {
    /// The path behind `/hook`.
    pub(crate) path: String,
    pub(crate) headers: Vec<(String, String)>,
    /// The body as JSON; as text where it is none.
    pub(crate) body: Value,
}

impl Manners for Hook {
    fn key<'a>(&self, headers: &'a HeaderMap) -> Option<&'a str> {
        Some(header(headers, "authorization").unwrap_or_default())
    }

    fn route(&self, ask: &Ask) -> Route {
        if ask.method != "POST" {
            return Route::new("unknown", ask.path.join("/"), |_, _| {
                Reply::json(405, Outcome::Invalid, &json!({"error": "only POST"}))
            });
        }
        let named = ["idempotency-key", "webhook-id"].into_iter().find_map(|name| header(&ask.headers, name));
        let body = || format!("{:016x}", stable(0, &[&String::from_utf8_lossy(&ask.body)]));
        Route::new("push", named.map_or_else(body, str::to_owned), push)
    }

    fn unauthorized(&self) -> Reply {
        Reply::json(401, Outcome::Unauthorized, &json!({"error": "unauthorized"}))
    }

    fn rate_limited(&self, retry_after: Option<u64>) -> Reply {
        Reply::json(429, Outcome::RateLimited, &json!({"error": "too many requests"}))
            .retry_after(retry_after)
    }

    fn out_of_credits(&self) -> Reply {
        Reply::json(410, Outcome::OutOfCredits, &json!({"error": "this hook takes no more"}))
    }
}

fn push(world: &World, ask: &Ask) -> Reply {
    let text = || Value::String(String::from_utf8_lossy(&ask.body).into_owned());
    let headers = ask
        .headers
        .iter()
        .map(|(name, value)| (name.to_string(), String::from_utf8_lossy(value.as_bytes()).into_owned()));
    world.pushes().push(Push {
        path: ask.path.join("/"),
        headers: headers.collect(),
        body: serde_json::from_slice(&ask.body).unwrap_or_else(|_| text()),
    });
    Reply::json(200, Outcome::Done, &json!({"ok": true}))
}
