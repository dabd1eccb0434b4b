//! The providers of a run: how fast they may be called, whether they answer at all, and what their files hold.

use crate::rules::Rules;
use crate::table::digits::read_exact;
use crate::table::failure::FailureClass;
use crate::table::http::{
    Backoff, Breaker, CallError, Limit, Pace, Pass, Redactor, Response, Secret, SecretError, Secrets,
    is_provider_failure,
};
use crate::table::model::{Auth, Backend, Equal, Lookup, Provider, Table, Target, Validation};
use crate::value::{Clock, Record, Value, fold_case, to_text};
use std::borrow::Cow;
use std::collections::HashMap;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

/// A provider that failed so often in a row is left alone for a while.
const FAILURES: u32 = 10;
/// For this long.
const COOL_DOWN: Duration = Duration::from_secs(5);
/// So many tries after such a while, all of them failed, and a provider that answered before in this run is given up.
const TRIES: u32 = 12;

/// Why nothing more is asked of a provider in this run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stop {
    /// The kind of the failure.
    pub class: FailureClass,
    /// What was said.
    pub reason: String,
}

/// One provider while a run goes on.
#[derive(Debug)]
pub struct Vendor {
    /// How fast it may be called.
    pub pace: Pace,
    /// Whether it answers.
    pub breaker: Breaker,
    /// Its key, if it wants one.
    pub key: Option<Secret>,
    has_answered: AtomicBool,
    stopped: Mutex<Option<Stop>>,
    rows: Option<FileRows>,
}

/// The rows of a provider that is a file, by what its lookups compare.
#[derive(Debug, Default)]
struct FileRows {
    rows: Vec<String>,
    /// For each lookup, the first row with these fields.
    by_fields: Vec<HashMap<Vec<String>, usize>>,
}

/// A provider that can't be used.
#[derive(Debug, thiserror::Error)]
pub enum VendorError {
    /// Its key is not there.
    #[error("{0}")]
    Key(#[from] SecretError),
    /// Its file can't be read.
    #[error("{0}")]
    Rows(#[from] crate::batch::BatchError),
}

/// A key shorter than this may stand in an answer by chance.
const SHORTEST_KEY: usize = 8;

/// What takes the keys of providers out of what they answer.
#[must_use]
pub(crate) fn redactor<'k>(keys: impl IntoIterator<Item = &'k Secret>) -> Redactor {
    Redactor::new(keys.into_iter().filter(|key| key.expose().len() >= SHORTEST_KEY))
}

/// The answer without keys.
#[must_use]
pub(crate) fn redacted(response: Response, redactor: &Redactor) -> Response {
    let hide = |text: String| match redactor.redact(&text) {
        Cow::Borrowed(_) => text,
        Cow::Owned(hidden) => hidden,
    };
    let headers = response.headers.into_iter().map(|(name, value)| (name, hide(value))).collect();
    Response { status: response.status, headers, body: hide(response.body) }
}

/// How long to wait before another try: at random, longer each time.
#[must_use]
pub fn backoff(attempt: u32) -> Duration {
    let backoff = Backoff { base: Duration::from_millis(100), cap: Duration::from_secs(30) };
    backoff.delay(attempt, &mut fastrand::Rng::new())
}

impl Vendor {
    /// The provider, with its key from `secrets` if calls are made.
    pub fn new(provider: &Provider, secrets: Option<&Secrets>) -> Result<Self, VendorError> {
        let (limits, auth) = match &provider.backend {
            Backend::Http { limits, auth, .. } => (limits.as_slice(), auth.as_ref()),
            Backend::File(_) | Backend::Formulas => (&[][..], None),
        };
        let key = match (secrets, auth) {
            (Some(secrets), Some(auth)) => Some(secrets.get(&auth.env)?),
            _ => None,
        };
        // Recorded answers come as fast as they are read.
        let limits = limits.iter().filter(|_| secrets.is_some());
        let rows = match &provider.backend {
            Backend::File(path) => Some(FileRows::read(path, &provider.lookups)?),
            _ => None,
        };
        Ok(Self {
            pace: Pace::new(limits.map(|limit| Limit { requests: limit.requests, window: limit.per })),
            // A recording does not come back after a while.
            breaker: Breaker::new(if secrets.is_some() { FAILURES } else { u32::MAX }, COOL_DOWN),
            key,
            has_answered: AtomicBool::new(false),
            stopped: Mutex::default(),
            rows,
        })
    }

    /// Why nothing more is asked of it, if so.
    #[must_use]
    pub fn stopped(&self) -> Option<Stop> {
        self.stopped.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Asks it nothing more in this run.
    pub fn stop(&self, stop: Stop) {
        self.stopped.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert(stop);
    }

    /// Says how a call went. One that fails again and again is left alone for a while, and in the end given up.
    pub fn tell(&self, pass: Pass, outcome: &Result<Response, CallError>) {
        if !is_provider_failure(outcome) {
            self.has_answered.store(true, Ordering::Relaxed);
            return pass.succeeded();
        }
        pass.failed();
        let patience = if self.has_answered.load(Ordering::Relaxed) { TRIES } else { 1 };
        if self.breaker.failed_tries() >= patience {
            let why = match outcome {
                Ok(response) => format!("status {}", response.status),
                Err(error) => error.to_string(),
            };
            let class = if outcome.is_ok() { FailureClass::ServerError } else { FailureClass::NoAnswer };
            self.stop(Stop { class, reason: format!("it fails again and again: {why}") });
        }
    }

    /// The row of its file that has what the lookup of this index compares.
    #[must_use]
    pub fn row(&self, lookup: usize, equal: &Equal, inputs: &Record<'_>, clock: &Clock) -> Value<'static> {
        let Some(rows) = &self.rows else { return Value::Blank };
        let results = equal.rules.eval(inputs, clock);
        let Some(key) = key(results.values()) else { return Value::Blank };
        let found = rows.by_fields.get(lookup).and_then(|by_fields| by_fields.get(&key));
        let text = found.and_then(|index| rows.rows.get(*index));
        text.and_then(|text| read_exact(text).ok()).map_or(Value::Blank, Value::into_owned)
    }
}

impl FileRows {
    fn read(path: &Path, lookups: &[Lookup]) -> Result<Self, VendorError> {
        let format = crate::rows::Format::of_path(path).unwrap_or(crate::rows::Format::JsonLines);
        let name = path.display().to_string();
        let open = || {
            let file = std::fs::File::open(path).map_err(|error| crate::batch::BatchError::Read {
                file: name.clone(),
                error: error.into(),
            })?;
            Ok(crate::batch::Input { name: name.clone(), format, reader: Box::new(file) })
        };
        let mut rows = Self { rows: Vec::new(), by_fields: lookups.iter().map(|_| HashMap::new()).collect() };
        crate::batch::texts(std::iter::once_with(open), |row| match row {
            crate::batch::TextRow::Row(text) => {
                rows.add(text, lookups);
                Ok(())
            }
            crate::batch::TextRow::Bad { error, .. } => Err(VendorError::Rows(error)),
        })?;
        Ok(rows)
    }

    fn add(&mut self, text: &str, lookups: &[Lookup]) {
        let Ok(Value::Record(record)) = read_exact(text) else { return };
        for (lookup, by_fields) in lookups.iter().zip(&mut self.by_fields) {
            let Some(equal) = &lookup.equal else { continue };
            let fields: Vec<Value<'_>> =
                equal.fields.iter().map(|field| record.get(field).cloned().unwrap_or_default()).collect();
            if let Some(key) = key(&fields) {
                by_fields.entry(key).or_insert(self.rows.len());
            }
        }
        self.rows.push(text.to_owned());
    }
}

/// What fields are compared as: text, without blanks around it and in one letter case. Nothing where all are empty.
fn key(fields: &[Value<'_>]) -> Option<Vec<String>> {
    let text = |value: &Value<'_>| {
        to_text(value).map_or_else(|_| String::new(), |text| fold_case(text.as_str().trim()))
    };
    let key: Vec<String> = fields.iter().map(text).collect();
    key.iter().any(|field| !field.is_empty()).then_some(key)
}

/// The hosts that a table calls, and no others.
#[must_use]
pub fn hosts(table: &Table) -> Vec<String> {
    let mut urls: Vec<&str> = Vec::new();
    for provider in &table.providers {
        if let Backend::Http { base_url, .. } = &provider.backend {
            urls.push(base_url);
        }
        let calls = provider
            .lookups
            .iter()
            .flat_map(|lookup| lookup.call.iter().chain(lookup.later.iter().map(|later| &later.call)));
        urls.extend(calls.filter(|call| call.is_whole).filter_map(|call| call.url.written()));
    }
    urls.extend(
        table.steps.iter().flat_map(|step| step.asks.iter().filter_map(|ask| ask.base_url.as_deref())),
    );
    urls.extend(table.effects.iter().map(|effect| match &effect.target {
        Target::Push { url, .. } | Target::Generic { url, .. } => url.as_str(),
    }));
    let mut hosts: Vec<String> =
        urls.iter().filter_map(|url| crate::table::http::host_of(url).ok()).collect();
    hosts.sort();
    hosts.dedup();
    hosts
}

/// The environment variables with the keys that a table needs, each once: those of the providers that its steps ask, and
/// with `effects` those of the CRMs that it pushes to.
#[must_use]
pub fn key_names(table: &Table, effects: bool) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    let mut add_provider = |index: usize| {
        if let Backend::Http { auth: Some(Auth { env, .. }), .. } = &table.providers[index].backend {
            names.push(env.clone());
        }
    };
    for step in &table.steps {
        step.asks.iter().for_each(|ask| add_provider(ask.provider));
        if let Some(Validation::Lookup { ask, .. }) = &step.validation {
            add_provider(ask.provider);
        }
    }
    for effect in table.effects.iter().filter(|_| effects) {
        match &effect.target {
            Target::Push { provider, .. } => add_provider(*provider),
            Target::Generic { .. } => {}
        }
    }
    names.extend(table.effects.iter().filter(|_| effects).filter_map(|effect| match &effect.target {
        Target::Generic { key_env, .. } => key_env.clone(),
        Target::Push { .. } => None,
    }));
    names.sort();
    names.dedup();
    names
}

/// Rules of one formula, as a condition over these names.
#[must_use]
pub(crate) fn holds(rules: &Rules, names: &Record<'_>, clock: &Clock) -> bool {
    rules.eval(names, clock).values().first().is_some_and(crate::table::ask::is_true)
}
