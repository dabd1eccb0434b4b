//! What goes wrong on purpose: which fault befalls which request, decided by seed and request alone.

use super::hash::{mix, pick, stable, unit};
use super::vendor::Vendor;
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

/// One way in which an answer goes wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FaultKind {
    /// The answer is right, and late.
    Delay,
    /// The connection is closed, and nothing was done.
    DropBefore,
    /// It was done and billed, and the connection is closed without an answer.
    DropAfter,
    /// The vendor's own word for "too fast", without a time to wait.
    RateLimit,
    /// The same, with `Retry-After`.
    RateLimitRetryAfter,
    ServerError,
    /// A gateway's page in HTML, where JSON is expected.
    BadGateway,
    /// It was done and billed, and the answer breaks off in its middle.
    Truncated,
    /// 202 without an answer; only where the vendor has such a thing.
    Pending,
    /// 409 for a whole batch; only `HubSpot`'s upsert.
    BatchConflict,
    /// 200 with no results and nothing written; only `HubSpot`'s batches.
    EmptyResults,
}

impl FaultKind {
    /// All that a driver gets over by asking again.
    pub(crate) const TRANSIENT: [Self; 10] = [
        Self::Delay,
        Self::DropBefore,
        Self::DropAfter,
        Self::RateLimit,
        Self::RateLimitRetryAfter,
        Self::ServerError,
        Self::BadGateway,
        Self::Truncated,
        Self::Pending,
        Self::BatchConflict,
    ];

    /// Whether the work is done all the same.
    pub(crate) fn commits(self) -> bool {
        matches!(self, Self::Delay | Self::DropAfter | Self::Truncated)
    }

    fn befalls(self, vendor: Vendor, endpoint: &str) -> bool {
        match self {
            Self::Pending => {
                matches!(
                    (vendor, endpoint),
                    (Vendor::Clearbit, "company") | (Vendor::Hunter, "email-verifier")
                )
            }
            Self::BatchConflict => vendor == Vendor::HubSpot && endpoint == "batch/upsert",
            Self::EmptyResults => {
                vendor == Vendor::HubSpot && matches!(endpoint, "batch/upsert" | "batch/create")
            }
            _ => true,
        }
    }
}

/// How much goes wrong.
#[derive(Clone, Debug)]
pub(crate) struct FaultPlan {
    pub(crate) seed: u64,
    /// The share of requests that something befalls, from 0 to 1.
    pub(crate) rate: f64,
    /// What may befall them, each as likely; a kind that stands twice is twice as likely.
    pub(crate) kinds: Vec<FaultKind>,
    /// After so many faults in a row the same request is answered.
    pub(crate) max_in_a_row: u32,
    /// After so many faults in all the same request is answered for ever: where several rows ask the same, none of them
    /// meets more.
    pub(crate) max_in_all: u32,
    /// How late a delayed answer is.
    pub(crate) delay: Duration,
    /// What `Retry-After` says, in seconds.
    pub(crate) retry_after: u64,
}

impl FaultPlan {
    /// Nothing goes wrong.
    pub(crate) fn none() -> Self {
        Self::transient(0, 0.0)
    }

    /// A share of requests meets a fault that asking again gets over.
    pub(crate) fn transient(seed: u64, rate: f64) -> Self {
        Self {
            seed,
            rate,
            kinds: FaultKind::TRANSIENT.to_vec(),
            max_in_a_row: 2,
            max_in_all: u32::MAX,
            delay: Duration::from_millis(200),
            retry_after: 1,
        }
    }

    /// Only one kind of fault, on a share of requests.
    pub(crate) fn only(kind: FaultKind, rate: f64) -> Self {
        Self { kinds: vec![kind], ..Self::transient(0, rate) }
    }

    /// What befalls a request that was asked so often before.
    fn drawn(&self, vendor: Vendor, endpoint: &str, key: &str, asked: u32) -> Option<FaultKind> {
        let hash = mix(stable(self.seed, &["fault", vendor.name(), endpoint, key]) ^ u64::from(asked));
        if unit(hash) >= self.rate {
            return None;
        }
        let possible = self.kinds.iter().filter(|kind| kind.befalls(vendor, endpoint)).copied();
        let possible: Vec<_> = possible.collect();
        (!possible.is_empty()).then(|| *pick(mix(hash), &possible))
    }
}

/// How often one thing was asked, and what befell it of late.
#[derive(Clone, Copy, Default)]
struct Past {
    asked: u32,
    faults: u32,
    in_a_row: u32,
}

/// The plan, with what it has to remember of each request.
pub(crate) struct Faults {
    plan: FaultPlan,
    pasts: Mutex<HashMap<u64, Past>>,
}

impl Faults {
    pub(crate) fn new(plan: FaultPlan) -> Self {
        Self { plan, pasts: Mutex::default() }
    }

    pub(crate) fn plan(&self) -> &FaultPlan {
        &self.plan
    }

    /// What befalls this request; asking moves on to its next turn.
    pub(crate) fn next(&self, vendor: Vendor, endpoint: &str, key: &str) -> Option<FaultKind> {
        if self.plan.rate <= 0.0 {
            return None;
        }
        let identity = stable(0, &[vendor.name(), endpoint, key]);
        let mut pasts = self.pasts.lock().unwrap_or_else(PoisonError::into_inner);
        let past = pasts.entry(identity).or_default();
        let drawn = self.plan.drawn(vendor, endpoint, key, past.asked);
        let drawn = drawn.filter(|_| past.in_a_row < self.plan.max_in_a_row);
        let drawn = drawn.filter(|_| past.faults < self.plan.max_in_all);
        past.asked += 1;
        past.faults += u32::from(drawn.is_some());
        past.in_a_row = if drawn.is_some() { past.in_a_row + 1 } else { 0 };
        drawn
    }

    pub(crate) fn clear(&self) {
        self.pasts.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }
}
