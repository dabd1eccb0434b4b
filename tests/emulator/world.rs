//! Everything the emulator knows, and how a request is decided against it.

use super::apollo::PhoneJob;
use super::ask::{Ask, Reply, Route};
use super::contacts::Contacts;
use super::faults::{FaultKind, Faults};
use super::hook::Push;
use super::hubspot_properties::Properties;
use super::ledger::{Book, Entry, Outcome};
use super::limits::Limits;
use super::settings::Settings;
use super::universe::Universe;
use super::vendor::Vendor;
use serde_json::json;
use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Instant;

/// The state behind all vendors. No lock is held while anything waits.
pub(crate) struct World {
    pub(crate) settings: Settings,
    pub(crate) universe: Universe,
    pub(crate) book: Book,
    pub(crate) limits: Limits,
    faults: Faults,
    started: Instant,
    spent: [AtomicU64; Vendor::ALL.len()],
    /// How often each company was asked of Clearbit, and each e-mail of Hunter's verifier.
    asked: Mutex<HashMap<String, u32>>,
    phones: Mutex<HashMap<String, PhoneJob>>,
    hubspot: Mutex<Contacts>,
    properties: Mutex<Properties>,
    salesforce: Mutex<Contacts>,
    pushes: Mutex<Vec<Push>>,
}

/// What was decided on a request.
pub(crate) struct Decision {
    pub(crate) reply: Reply,
    pub(crate) fault: Option<FaultKind>,
}

impl World {
    pub(crate) fn new(settings: Settings) -> Self {
        Self {
            universe: Universe::new(settings.seed, settings.coverage),
            book: Book::default(),
            limits: Limits::new(&settings.limits),
            faults: Faults::new(settings.faults.clone()),
            started: Instant::now(),
            spent: Default::default(),
            asked: Mutex::default(),
            phones: Mutex::default(),
            hubspot: Mutex::default(),
            properties: Mutex::new(Properties::new(&settings.hubspot_properties)),
            salesforce: Mutex::default(),
            pushes: Mutex::default(),
            settings,
        }
    }

    /// Decides a request, does what it asks for, and writes it down; all of that before any waiting, so that a
    /// client that goes away early has lost the answer and not undone the work.
    pub(crate) fn decide(&self, vendor: Vendor, ask: &Ask, arrived: Instant) -> Decision {
        let route = vendor.manners().route(ask);
        let (reply, fault) = self.judge(vendor, ask, &route, arrived);
        let spent = if vendor.counts_requests() { 1 } else { u64::from(reply.credits) };
        self.spent[vendor as usize].fetch_add(spent, Ordering::Relaxed);
        self.book.append(Entry {
            vendor,
            endpoint: route.endpoint,
            key: route.key,
            at: arrived.duration_since(self.started),
            status: if fault == Some(FaultKind::DropBefore) { 0 } else { reply.status },
            outcome: reply.outcome,
            credits: reply.credits,
            fault,
        });
        Decision { reply, fault }
    }

    fn judge(
        &self,
        vendor: Vendor,
        ask: &Ask,
        route: &Route,
        arrived: Instant,
    ) -> (Reply, Option<FaultKind>) {
        let manners = vendor.manners();
        if !self.accepts(vendor, manners.key(&ask.headers)) {
            return (manners.unauthorized(), None);
        }
        if let Err(room) = self.limits.admit(vendor, arrived) {
            return (manners.rate_limited(Some(room.as_secs() + 1)), None);
        }
        let fault = self.faults.next(vendor, route.endpoint, &route.key);
        if let Some(kind) = fault.filter(|kind| !kind.commits()) {
            return (self.failure(vendor, kind), fault);
        }
        if self.settings.quotas.get(&vendor).is_some_and(|quota| self.spent(vendor) >= *quota) {
            return (manners.out_of_credits(), fault);
        }
        ((route.answer)(self, ask), fault)
    }

    fn accepts(&self, vendor: Vendor, key: Option<&str>) -> bool {
        match (self.settings.keys.get(&vendor), key) {
            (_, None) => false,
            (Some(keys), Some(key)) => keys.iter().any(|known| known == key),
            (None, Some(key)) => vendor == Vendor::Hook || !key.is_empty(),
        }
    }

    /// What is answered in place of the work.
    fn failure(&self, vendor: Vendor, kind: FaultKind) -> Reply {
        let failed = match kind {
            FaultKind::RateLimit => vendor.manners().rate_limited(None),
            FaultKind::RateLimitRetryAfter => {
                vendor.manners().rate_limited(Some(self.faults.plan().retry_after))
            }
            FaultKind::BadGateway => Reply {
                content_type: "text/html",
                ..Reply::text(502, Outcome::Failed, "<html><body><h1>502 Bad Gateway</h1></body></html>\n")
            },
            FaultKind::Pending => Reply::text(202, Outcome::Pending, ""),
            FaultKind::BatchConflict => super::hubspot::batch_conflict(),
            FaultKind::EmptyResults => {
                Reply::json(200, Outcome::Failed, &json!({"status": "COMPLETE", "results": []}))
            }
            _ => {
                let body = json!({"status": "error", "message": "internal error"});
                Reply::json(500, Outcome::Failed, &body)
            }
        };
        Reply {
            outcome: if kind == FaultKind::Pending { Outcome::Pending } else { Outcome::Failed },
            ..failed
        }
    }

    pub(crate) fn delay(&self, fault: Option<FaultKind>) -> std::time::Duration {
        let late = fault == Some(FaultKind::Delay);
        self.settings.latency + if late { self.faults.plan().delay } else { std::time::Duration::ZERO }
    }

    pub(crate) fn spent(&self, vendor: Vendor) -> u64 {
        self.spent[vendor as usize].load(Ordering::Relaxed)
    }

    /// How often this was asked before.
    pub(crate) fn asked_before(&self, what: &str) -> u32 {
        let mut asked = lock(&self.asked);
        let count = asked.entry(what.to_owned()).or_default();
        *count += 1;
        *count - 1
    }

    pub(crate) fn phones(&self) -> MutexGuard<'_, HashMap<String, PhoneJob>> {
        lock(&self.phones)
    }

    pub(crate) fn hubspot(&self) -> MutexGuard<'_, Contacts> {
        lock(&self.hubspot)
    }

    pub(crate) fn properties(&self) -> MutexGuard<'_, Properties> {
        lock(&self.properties)
    }

    pub(crate) fn salesforce(&self) -> MutexGuard<'_, Contacts> {
        lock(&self.salesforce)
    }

    pub(crate) fn pushes(&self) -> MutexGuard<'_, Vec<Push>> {
        lock(&self.pushes)
    }

    /// Forgets all that happened; who exists stays.
    pub(crate) fn reset(&self) {
        self.book.clear();
        self.limits.clear();
        self.faults.clear();
        self.spent.iter().for_each(|spent| spent.store(0, Ordering::Relaxed));
        lock(&self.asked).clear();
        self.phones().clear();
        *self.hubspot() = Contacts::default();
        *self.properties() = Properties::new(&self.settings.hubspot_properties);
        *self.salesforce() = Contacts::default();
        self.pushes().clear();
    }
}

/// A test that panics with a lock in its hand leaves the others able to read.
fn lock<T>(what: &Mutex<T>) -> MutexGuard<'_, T> {
    what.lock().unwrap_or_else(PoisonError::into_inner)
}
