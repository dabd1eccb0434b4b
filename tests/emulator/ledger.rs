//! What every vendor was asked, answered and billed: the oracle that tests hold a run against.

use super::faults::FaultKind;
use super::vendor::Vendor;
use serde_json::{Value, json};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

/// How a request ended, for the vendor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// The vendor had it, did it or wrote it.
    Done,
    /// It was looked for and is not there.
    NotFound,
    /// Not ready yet: the same is to be asked again.
    Pending,
    /// The request itself is wrong.
    Invalid,
    Unauthorized,
    RateLimited,
    OutOfCredits,
    /// A fault stood in for the answer, and nothing was done.
    Failed,
}

/// One request.
#[derive(Clone, Debug)]
pub(crate) struct Entry {
    pub(crate) vendor: Vendor,
    pub(crate) endpoint: &'static str,
    /// What was asked; two requests with the same key asked for the same.
    pub(crate) key: String,
    /// When it arrived, since the emulator started.
    pub(crate) at: Duration,
    /// The status that was decided on, whether or not it reached the client; 0 where none was.
    pub(crate) status: u16,
    pub(crate) outcome: Outcome,
    pub(crate) credits: u32,
    pub(crate) fault: Option<FaultKind>,
}

/// Requests in the order in which they were decided.
#[derive(Clone, Debug, Default)]
pub(crate) struct Ledger {
    pub(crate) entries: Vec<Entry>,
}

impl Ledger {
    pub(crate) fn of(&self, vendor: Vendor) -> impl Iterator<Item = &Entry> {
        self.entries.iter().filter(move |entry| entry.vendor == vendor)
    }

    /// What a vendor billed in all.
    pub(crate) fn credits(&self, vendor: Vendor) -> u64 {
        self.of(vendor).map(|entry| u64::from(entry.credits)).sum()
    }

    /// Requests for one thing that the vendor carried out.
    pub(crate) fn done(&self, vendor: Vendor, key: &str) -> usize {
        self.of(vendor).filter(|entry| entry.key == key && entry.outcome == Outcome::Done).count()
    }

    /// Requests that one fault befell.
    pub(crate) fn faults(&self, kind: FaultKind) -> usize {
        self.entries.iter().filter(|entry| entry.fault == Some(kind)).count()
    }

    /// When requests to a vendor arrived, the earliest first.
    pub(crate) fn arrivals(&self, vendor: Vendor) -> Vec<Duration> {
        let mut arrivals: Vec<_> = self.of(vendor).map(|entry| entry.at).collect();
        arrivals.sort_unstable();
        arrivals
    }

    /// The most requests to a vendor in any stretch of time of this length.
    pub(crate) fn busiest(&self, vendor: Vendor, length: Duration) -> usize {
        let arrivals = self.arrivals(vendor);
        let mut first = 0;
        let counts = arrivals.iter().enumerate().map(|(last, at)| {
            while arrivals[first] + length <= *at {
                first += 1;
            }
            last + 1 - first
        });
        counts.max().unwrap_or_default()
    }

    pub(crate) fn to_json(&self) -> Value {
        let requests: Vec<_> = self.entries.iter().map(Entry::to_json).collect();
        let totals = Vendor::ALL.map(|vendor| {
            let totals = json!({"requests": self.of(vendor).count(), "credits": self.credits(vendor)});
            (vendor.name().to_owned(), totals)
        });
        let totals: serde_json::Map<String, Value> = totals.into_iter().collect();
        json!({"totals": totals, "requests": requests})
    }
}

impl Entry {
    fn to_json(&self) -> Value {
        json!({
            "vendor": self.vendor.name(),
            "endpoint": self.endpoint,
            "key": self.key,
            "at_ms": self.at.as_secs_f64() * 1000.0,
            "status": self.status,
            "outcome": format!("{:?}", self.outcome),
            "credits": self.credits,
            "fault": self.fault.map(|kind| format!("{kind:?}")),
        })
    }
}

/// The ledger that requests are written to.
#[derive(Default)]
pub(crate) struct Book(Mutex<Ledger>);

impl Book {
    pub(crate) fn append(&self, entry: Entry) {
        self.lock().entries.push(entry);
    }

    pub(crate) fn copy(&self) -> Ledger {
        self.lock().clone()
    }

    pub(crate) fn clear(&self) {
        self.lock().entries.clear();
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Ledger> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
