//! How fast each vendor may be asked, and how many requests it has at once.

use super::vendor::Vendor;
use std::collections::{HashMap, VecDeque};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// So many requests in any stretch of time of this length.
#[derive(Clone, Copy, Debug)]
pub(crate) struct RateLimit {
    pub(crate) most: usize,
    pub(crate) per: Duration,
}

/// The limits of all vendors, with the arrivals that count against them.
pub(crate) struct Limits {
    limits: HashMap<Vendor, (RateLimit, Mutex<VecDeque<Instant>>)>,
    in_flight: [InFlight; Vendor::ALL.len()],
}

/// Requests that a vendor has at once, now and at most.
#[derive(Default)]
struct InFlight {
    now: AtomicUsize,
    peak: AtomicUsize,
}

impl Limits {
    pub(crate) fn new(limits: &HashMap<Vendor, RateLimit>) -> Self {
        let limits = limits.iter().map(|(vendor, limit)| (*vendor, (*limit, Mutex::default())));
        Self { limits: limits.collect(), in_flight: Default::default() }
    }

    /// Counts the request, or says how long until there is room for it.
    pub(crate) fn admit(&self, vendor: Vendor, now: Instant) -> Result<(), Duration> {
        let Some((limit, arrivals)) = self.limits.get(&vendor) else { return Ok(()) };
        let mut arrivals = arrivals.lock().unwrap_or_else(PoisonError::into_inner);
        while arrivals.front().is_some_and(|first| *first + limit.per <= now) {
            arrivals.pop_front();
        }
        if arrivals.len() < limit.most {
            arrivals.push_back(now);
            return Ok(());
        }
        let room = arrivals.front().map_or(limit.per, |first| (*first + limit.per).duration_since(now));
        Err(room)
    }

    /// Counts a request for as long as what is returned lives.
    pub(crate) fn enter(&self, vendor: Vendor) -> Inside<'_> {
        let count = &self.in_flight[vendor as usize];
        let now = count.now.fetch_add(1, Ordering::Relaxed) + 1;
        count.peak.fetch_max(now, Ordering::Relaxed);
        Inside(count)
    }

    /// The most requests that a vendor had at once.
    pub(crate) fn peak(&self, vendor: Vendor) -> usize {
        self.in_flight[vendor as usize].peak.load(Ordering::Relaxed)
    }

    pub(crate) fn clear(&self) {
        for (_, arrivals) in self.limits.values() {
            arrivals.lock().unwrap_or_else(PoisonError::into_inner).clear();
        }
        for count in &self.in_flight {
            count.peak.store(0, Ordering::Relaxed);
        }
    }
}

/// A request on its way through a vendor, also when the client gives up on it.
pub(crate) struct Inside<'a>(&'a InFlight);

impl Drop for Inside<'_> {
    fn drop(&mut self) {
        self.0.now.fetch_sub(1, Ordering::Relaxed);
    }
}
