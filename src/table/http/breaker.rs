//! Leaves a provider alone that fails again and again, and asks once in a while whether it is back.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// Closed lets calls through; so many failures in a row open it; after a while one call is let through to try. Clones
/// share the state.
#[derive(Clone, Debug)]
pub struct Breaker(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    failures: u32,
    cool_down: Duration,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    failures_in_a_row: u32,
    /// When it opened last; nothing while it is closed.
    open_since: Option<Instant>,
    /// How many calls that tried failed since it opened.
    failed_tries: u32,
    /// Whether the one call that tries is under way.
    is_tried: bool,
    /// Counts openings and closings, so that what began before one of them says nothing after it.
    era: u64,
}

impl Breaker {
    /// Opens after this many failures in a row (0 counts as 1), and tries again after `cool_down`.
    #[must_use]
    pub fn new(failures: u32, cool_down: Duration) -> Self {
        Self(Arc::new(Shared { failures: failures.max(1), cool_down, state: Mutex::default() }))
    }

    /// Leave for one call right now, or how long to leave the provider alone.
    pub fn try_pass(&self) -> Result<Pass, Duration> {
        self.try_pass_at(Instant::now())
    }

    /// The same at the moment `now`, for clocks that are not the system's.
    pub fn try_pass_at(&self, now: Instant) -> Result<Pass, Duration> {
        let mut state = self.0.lock();
        let mut tries = false;
        if let Some(since) = state.open_since {
            let left = (since + self.0.cool_down).saturating_duration_since(now);
            if !left.is_zero() {
                return Err(left);
            }
            if state.is_tried {
                // The one that tries has not come back; there is no saying when it will.
                return Err(self.0.cool_down);
            }
            state.is_tried = true;
            tries = true;
        }
        Ok(Pass { shared: Arc::clone(&self.0), era: state.era, tries, is_told: false })
    }

    /// How many tries in a row failed since it opened; none while it is closed.
    #[must_use]
    pub fn failed_tries(&self) -> u32 {
        self.0.lock().failed_tries
    }

    /// Whether calls are held back.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.0.lock().open_since.is_some()
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Leave for one call. Dropped without a word, it counts neither way.
#[derive(Debug)]
#[must_use = "the breaker waits to hear how the call went"]
pub struct Pass {
    shared: Arc<Shared>,
    era: u64,
    tries: bool,
    is_told: bool,
}

impl Pass {
    /// The provider answered; see [`super::is_provider_failure`].
    pub fn succeeded(mut self) {
        self.is_told = true;
        let mut state = self.shared.lock();
        if state.era != self.era {
            return;
        }
        state.failures_in_a_row = 0;
        if self.tries {
            *state = State { era: state.era + 1, ..State::default() };
        }
    }

    /// The provider failed.
    pub fn failed(self) {
        self.failed_at(Instant::now());
    }

    /// The same at the moment `now`, for clocks that are not the system's.
    pub fn failed_at(mut self, now: Instant) {
        self.is_told = true;
        let mut state = self.shared.lock();
        if state.era != self.era {
            return;
        }
        state.failures_in_a_row += 1;
        if self.tries || state.failures_in_a_row >= self.shared.failures {
            let failed_tries = state.failed_tries + u32::from(self.tries);
            *state = State { open_since: Some(now), failed_tries, era: state.era + 1, ..State::default() };
        }
    }
}

impl Drop for Pass {
    fn drop(&mut self) {
        if self.tries && !self.is_told {
            let mut state = self.shared.lock();
            state.is_tried &= state.era != self.era;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Breaker;
    use std::time::{Duration, Instant};

    #[test]
    fn it_opens_tries_once_and_closes() {
        let (breaker, start) = (Breaker::new(2, Duration::from_secs(10)), Instant::now());
        let at = |seconds| start + Duration::from_secs(seconds);
        let late = breaker.try_pass_at(at(0)).expect("closed");
        for _ in 0..2 {
            breaker.try_pass_at(at(0)).expect("closed").failed_at(at(1));
        }
        assert_eq!(breaker.try_pass_at(at(2)).err(), Some(Duration::from_secs(9)));
        // What began before it opened doesn't close it.
        late.succeeded();
        assert!(breaker.is_open());
        let first_try = breaker.try_pass_at(at(11)).expect("half open");
        assert!(breaker.try_pass_at(at(11)).is_err(), "one at a time");
        first_try.failed_at(at(12));
        assert_eq!(breaker.failed_tries(), 1);
        assert_eq!(breaker.try_pass_at(at(12)).err(), Some(Duration::from_secs(10)));
        drop(breaker.try_pass_at(at(22)).expect("half open"));
        breaker.try_pass_at(at(22)).expect("the place is free again").succeeded();
        assert!(!breaker.is_open() && breaker.failed_tries() == 0 && breaker.try_pass_at(at(22)).is_ok());
    }

    #[test]
    fn a_success_begins_the_count_anew() {
        let breaker = Breaker::new(2, Duration::from_secs(10));
        for _ in 0..3 {
            breaker.try_pass().expect("closed").failed();
            breaker.try_pass().expect("closed").succeeded();
        }
        assert!(!breaker.is_open());
    }
}
