//! What people are shown while a run goes on.

use crate::table::credits::Credits;
use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// Numbers that change while a run goes on.
#[derive(Clone, Debug, Default)]
pub struct Numbers {
    /// The rows of the run.
    pub rows: u64,
    /// Those that came to rest.
    pub rested: u64,
    /// Those that wait for something.
    pub waiting: u64,
    /// The calls that are under way.
    pub calling: u64,
    /// Credits spent in this run, unknown ones included.
    pub spent: Credits,
    /// By provider.
    pub providers: BTreeMap<String, ProviderNumbers>,
    /// By effect, what is pushed.
    pub pushes: BTreeMap<String, PushNumbers>,
    /// The provider that asked for the last wait, and until when that is.
    pub last_wait: Option<(String, Instant)>,
}

/// What one provider did.
#[derive(Clone, Copy, Debug, Default)]
pub struct ProviderNumbers {
    /// The calls that were answered.
    pub asked: u64,
    /// The answers that had something.
    pub found: u64,
    /// The calls that failed and were tried again.
    pub again: u64,
    /// How long rows waited for its rate limits.
    pub waited: Duration,
}

/// What one effect pushes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PushNumbers {
    /// The rows that were pushed.
    pub pushed: u64,
    /// The rows that were found to be pushed so far, those included.
    pub of: u64,
}

/// The numbers of a run, shared by its threads.
#[derive(Debug)]
pub struct Live {
    numbers: Mutex<Numbers>,
    /// When the run began.
    pub began: Instant,
}

impl Default for Live {
    fn default() -> Self {
        Self { numbers: Mutex::default(), began: Instant::now() }
    }
}

impl Live {
    /// The numbers as they are.
    #[must_use]
    pub fn numbers(&self) -> Numbers {
        self.lock().clone()
    }

    fn lock(&self) -> MutexGuard<'_, Numbers> {
        self.numbers.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Changes them.
    pub fn change(&self, change: impl FnOnce(&mut Numbers)) {
        change(&mut self.lock());
    }

    /// Notes that a provider has to be waited for, as it may not be called more often.
    pub fn waits(&self, provider: &str, wait: Duration) {
        self.change(|numbers| numbers.last_wait = Some((provider.to_owned(), Instant::now() + wait)));
    }

    /// Changes those of an effect.
    pub fn of_effect(&self, effect: &str, change: impl FnOnce(&mut PushNumbers)) {
        let mut numbers = self.lock();
        if let Some(known) = numbers.pushes.get_mut(effect) {
            change(known);
        } else {
            change(numbers.pushes.entry(effect.to_owned()).or_default());
        }
    }

    /// Changes those of a provider.
    pub fn of_provider(&self, provider: &str, change: impl FnOnce(&mut ProviderNumbers)) {
        let mut numbers = self.lock();
        if let Some(known) = numbers.providers.get_mut(provider) {
            change(known);
        } else {
            change(numbers.providers.entry(provider.to_owned()).or_default());
        }
    }
}
