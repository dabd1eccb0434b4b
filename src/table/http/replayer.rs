//! Answers calls from a recording, without a network.

use super::error::CallError;
use super::exchange::{Answered, Exchange, RecordingError, key};
use super::redact::Redactor;
use super::request::{Method, Request, Response, Transport};
use std::collections::{BTreeSet, HashMap};
use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};

/// A transport that gives what was recorded for equal requests: same method, URL and body.
///
/// Repeated equal requests get the responses in the order recorded, and the last one again and again. Requests are
/// compared with their secrets hidden, so any value that the redactor knows stands for the one recorded.
#[derive(Debug)]
pub struct Replayer {
    answers: HashMap<String, Answers>,
    /// `METHOD URL` of each recorded request, for the nearest one.
    recorded: BTreeSet<String>,
    redactor: Redactor,
}

#[derive(Debug, Default)]
struct Answers {
    responses: Vec<Response>,
    given: AtomicUsize,
}

impl Replayer {
    /// Reads the recording at `path`: a JSON line for each exchange; empty lines are passed over.
    pub fn open(path: &Path, redactor: Redactor) -> Result<Self, RecordingError> {
        let unreadable = |error| RecordingError::Unreadable { path: path.to_owned(), error };
        let mut replayer = Self { answers: HashMap::new(), recorded: BTreeSet::new(), redactor };
        for (index, line) in BufReader::new(File::open(path).map_err(unreadable)?).lines().enumerate() {
            let line = line.map_err(unreadable)?;
            if line.trim().is_empty() {
                continue;
            }
            let bad_line =
                |reason| RecordingError::BadLine { path: path.to_owned(), line: index + 1, reason };
            let exchange: Exchange =
                serde_json::from_str(&line).map_err(|error| bad_line(error.to_string()))?;
            let method: Method = exchange.request.method.parse().map_err(bad_line)?;
            replayer.learn(method, exchange);
        }
        Ok(replayer)
    }

    fn learn(&mut self, method: Method, exchange: Exchange) {
        let (asked, Answered { status, headers, body }) = (exchange.request, exchange.response);
        self.recorded.insert(format!("{method} {}", asked.url));
        let answers =
            self.answers.entry(key(method.as_str(), &asked.url, asked.body.as_deref())).or_default();
        answers.responses.push(Response { status, headers, body });
    }

    fn missing(&self, method: Method, url: &str) -> CallError {
        let wanted = format!("{method} {url}");
        let nearest = if self.recorded.contains(&wanted) {
            "it was recorded with another body".to_owned()
        } else {
            // In alphabetical order the two neighbours have the longest beginnings in common with it.
            let below = self.recorded.range(..wanted.clone()).next_back();
            let above = self.recorded.range(wanted.clone()..).next();
            let nearest = below.into_iter().chain(above).max_by_key(|other| common(other, &wanted));
            nearest.map_or("the recording is empty".to_owned(), |nearest| {
                format!("the nearest one is {nearest}")
            })
        };
        CallError::NoRecording { method, url: url.to_owned(), nearest }
    }
}

impl Transport for Replayer {
    fn call(&self, request: &Request) -> Result<Response, CallError> {
        let url = self.redactor.redact(&request.url);
        let body = request.body.as_deref().map(|body| self.redactor.redact(body));
        let answers = self.answers.get(&key(request.method.as_str(), &url, body.as_deref()));
        let response = answers.and_then(|answers| {
            let turn = answers.given.fetch_add(1, Ordering::Relaxed);
            answers.responses.get(turn.min(answers.responses.len().saturating_sub(1)))
        });
        response.cloned().ok_or_else(|| self.missing(request.method, &url))
    }
}

/// How many bytes the two begin with in common.
fn common(one: &str, other: &str) -> usize {
    one.bytes().zip(other.bytes()).take_while(|(one, other)| one == other).count()
}
