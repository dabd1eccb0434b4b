//! Rate limits of a provider, kept so that even the provider, behind a network that delays, never counts too many.

mod schedule;

use schedule::Schedule;
use std::fmt;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// At most `requests` in any time as long as `window`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limit {
    /// How many; 0 counts as 1.
    pub requests: u32,
    /// In how long a time.
    pub window: Duration,
}

/// Gives out turns to call one provider, as fast as its limits let it. Clones share the limits.
#[derive(Clone)]
pub struct Pace(Arc<Shared>);

struct Shared {
    schedule: Mutex<Schedule>,
    changed: Condvar,
}

impl Pace {
    /// Keeps all of `limits`; without any, turns are given at once.
    #[must_use]
    pub fn new(limits: impl IntoIterator<Item = Limit>) -> Self {
        let schedule = Mutex::new(Schedule::new(limits.into_iter().collect()));
        Self(Arc::new(Shared { schedule, changed: Condvar::new() }))
    }

    /// A turn to send one request right now, or how long it takes at most until there may be one.
    pub fn try_turn(&self) -> Result<Turn, Duration> {
        let mut schedule = self.0.lock();
        // The clock is read under the lock, so that turns are numbered in the order of their times.
        let now = Instant::now();
        self.turn_at(&mut schedule, now)
    }

    /// The same at the moment `now`, for clocks that are not the system's.
    pub fn try_turn_at(&self, now: Instant) -> Result<Turn, Duration> {
        self.turn_at(&mut self.0.lock(), now)
    }

    /// A turn to send one request, as soon as there is one.
    pub fn wait_turn(&self) -> Turn {
        let mut schedule = self.0.lock();
        loop {
            match self.turn_at(&mut schedule, Instant::now()) {
                Ok(turn) => return turn,
                Err(wait) => {
                    let waited = self.0.changed.wait_timeout(schedule, wait);
                    schedule = waited.unwrap_or_else(PoisonError::into_inner).0;
                }
            }
        }
    }

    /// Gives no turn before `until`, as a provider wants that says `Retry-After`.
    pub fn pause_until(&self, until: Instant) {
        self.0.lock().pause_until(until);
    }

    fn turn_at(&self, schedule: &mut Schedule, now: Instant) -> Result<Turn, Duration> {
        let number = schedule.take(now)?;
        // Whoever waits next may have a shorter time before it than it went to sleep with.
        self.0.changed.notify_one();
        Ok(Turn { shared: Arc::clone(&self.0), number, taken: now, is_open: true })
    }
}

impl fmt::Debug for Pace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pace").finish_non_exhaustive()
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, Schedule> {
        self.schedule.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The right to send one request, at once. When it is dropped, the response counts as come.
#[must_use = "a turn counts against the limit whether it is used or not"]
pub struct Turn {
    shared: Arc<Shared>,
    number: u64,
    taken: Instant,
    is_open: bool,
}

impl Turn {
    /// How long ago it was taken.
    #[must_use]
    pub fn age(&self) -> Duration {
        self.taken.elapsed()
    }

    /// The response has come, or will not come.
    pub fn done(self) {
        drop(self);
    }

    /// The same at the moment `now`, for clocks that are not the system's.
    pub fn done_at(mut self, now: Instant) {
        self.close(now);
    }

    /// Nothing was sent: the turn counts no more.
    pub fn give_back(mut self) {
        self.is_open = false;
        self.shared.lock().give_back(self.number);
        self.shared.changed.notify_one();
    }

    fn close(&mut self, now: Instant) {
        if self.is_open {
            self.is_open = false;
            self.shared.lock().answered(self.number, now);
            self.shared.changed.notify_one();
        }
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        self.close(Instant::now());
    }
}

impl fmt::Debug for Turn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Turn").field(&self.number).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::{Limit, Pace};
    use std::time::{Duration, Instant};

    #[test]
    fn a_pause_holds_everyone_back() {
        let pace = Pace::new([]);
        let now = Instant::now();
        pace.pause_until(now + Duration::from_secs(5));
        pace.pause_until(now + Duration::from_secs(1));
        assert_eq!(pace.try_turn_at(now + Duration::from_secs(2)).err(), Some(Duration::from_secs(3)));
        assert!(pace.try_turn_at(now + Duration::from_secs(5)).is_ok());
    }

    #[test]
    fn a_turn_given_back_is_free_again() {
        let pace = Pace::new([Limit { requests: 1, window: Duration::from_secs(3600) }]);
        pace.try_turn().expect("the first").give_back();
        let turn = pace.try_turn().expect("the first again");
        assert!(pace.try_turn().is_err());
        turn.done();
        assert!(pace.try_turn().is_err(), "an answer frees nothing before the window has passed");
    }
}
