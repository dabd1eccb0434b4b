//! When the next request may be sent: arithmetic on moments, without a clock.
//!
//! A provider counts arrivals, and of an arrival we know only that it lies between sending and response. So the window
//! of a request begins when its response came; or, lest slow providers be called too slowly, a small part of the window
//! after it was sent, when it surely has arrived.

use super::Limit;
use std::collections::VecDeque;
use std::time::{Duration, Instant};

/// After this part of a window a request counts as arrived.
const SURELY_ARRIVED: f64 = 0.08;

/// The requests that still count.
#[derive(Debug)]
pub(super) struct Schedule {
    limits: Vec<Limit>,
    /// In the order sent; no more than the largest limit has requests.
    sent: VecDeque<Sent>,
    next_number: u64,
    paused_until: Option<Instant>,
}

#[derive(Clone, Copy, Debug)]
struct Sent {
    number: u64,
    at: Instant,
    answered: Option<Instant>,
}

impl Schedule {
    pub(super) fn new(limits: Vec<Limit>) -> Self {
        Self { limits, sent: VecDeque::new(), next_number: 0, paused_until: None }
    }

    /// The number of a request that is sent at `now`, or how long to wait with it.
    pub(super) fn take(&mut self, now: Instant) -> Result<u64, Duration> {
        // Clocks of several threads may be read in another order than they come here.
        let now = self.sent.back().map_or(now, |last| now.max(last.at));
        let frees = self.limits.iter().filter_map(|limit| self.free_at(*limit));
        let free = frees.chain(self.paused_until).max().unwrap_or(now);
        if free > now {
            return Err(free - now);
        }
        let number = self.next_number;
        self.next_number += 1;
        self.sent.push_back(Sent { number, at: now, answered: None });
        let most = self.limits.iter().map(|limit| limit.requests.max(1) as usize).max().unwrap_or(0);
        while self.sent.len() > most {
            self.sent.pop_front();
        }
        Ok(number)
    }

    /// When `limit` lets the next request be sent: when the one as many before it as the limit has requests is gone.
    fn free_at(&self, limit: Limit) -> Option<Instant> {
        let before = self.sent.len().checked_sub(limit.requests.max(1) as usize)?;
        let sent = self.sent.get(before)?;
        let surely = sent.at + limit.window.mul_f64(SURELY_ARRIVED);
        let arrived = sent.answered.map_or(surely, |answered| answered.min(surely));
        Some(arrived + limit.window)
    }

    pub(super) fn answered(&mut self, number: u64, now: Instant) {
        if let Ok(at) = self.sent.binary_search_by_key(&number, |sent| sent.number)
            && let Some(sent) = self.sent.get_mut(at)
        {
            sent.answered = Some(now.max(sent.at));
        }
    }

    pub(super) fn give_back(&mut self, number: u64) {
        if let Ok(at) = self.sent.binary_search_by_key(&number, |sent| sent.number) {
            self.sent.remove(at);
        }
    }

    pub(super) fn pause_until(&mut self, until: Instant) {
        self.paused_until = self.paused_until.max(Some(until));
    }
}
