//! A dry run: the requests that would be made, a line of JSON each.

use super::payload::Payload;
use super::send::Way;
use crate::table::run::RunError;
use serde_json::Value as Json;
use std::io::Write;

/// Where the requests of one effect are shown.
pub(super) struct Show<'s> {
    effect: &'s str,
    out: Option<&'s mut dyn Write>,
    /// What the next request would hold, with the positions of the rows.
    batch: Vec<(u64, Payload)>,
}

impl<'s> Show<'s> {
    /// Nothing is written where there is nowhere to write to.
    pub(super) fn new(effect: &'s str, out: Option<&'s mut dyn Write>) -> Self {
        Self { effect, out, batch: Vec::new() }
    }

    /// Adds what would be sent for a row.
    pub(super) fn add(&mut self, position: u64, payload: Payload, way: &Way<'_>) -> Result<(), RunError> {
        if self.out.is_none() {
            return Ok(());
        }
        self.batch.push((position, payload));
        if self.batch.len() >= way.batch() { self.finish(way) } else { Ok(()) }
    }

    /// Writes the last request.
    pub(super) fn finish(&mut self, way: &Way<'_>) -> Result<(), RunError> {
        let batch = std::mem::take(&mut self.batch);
        let (Some(out), false) = (&mut self.out, batch.is_empty()) else { return Ok(()) };
        let rows: Vec<u64> = batch.iter().map(|(position, _)| *position).collect();
        let payloads: Vec<&Payload> = batch.iter().map(|(_, payload)| payload).collect();
        let line = match way.request(&payloads) {
            Ok(request) => {
                let body: Json = request
                    .body
                    .as_deref()
                    .and_then(|body| serde_json::from_str(body).ok())
                    .unwrap_or_default();
                let mut line = serde_json::json!({
                    "effect": self.effect,
                    "rows": rows,
                    "method": request.method.as_str(),
                    "url": request.url,
                    "body": body,
                });
                if let Way::Generic(_) = way {
                    line["headers"] =
                        request.headers.into_iter().map(|(name, value)| (name, Json::from(value))).collect();
                }
                line
            }
            Err(problem) => serde_json::json!({"effect": self.effect, "rows": rows, "problem": problem}),
        };
        writeln!(out, "{line}").map_err(|error| RunError::Write { what: "the effects".to_owned(), error })
    }
}
