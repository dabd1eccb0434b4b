//! When to ask again: what the provider says, and how long to wait where it says nothing.

use super::error::CallError;
use super::request::Response;
use jiff::Timestamp;
use jiff::fmt::rfc2822::DateTimeParser;
use std::time::Duration;

/// Numbers from here on are moments in seconds since 1970, lower ones are seconds from now.
const EARLIEST_MOMENT: f64 = 1e9;
/// Numbers from here on are moments in milliseconds.
const EARLIEST_MILLISECOND: f64 = 1e11;

/// How long the provider wants to be left alone: never more than `at_most`, and nothing if it doesn't say.
///
/// `Retry-After` counts, in seconds or as an HTTP date; without it, in a response that is no success,
/// `x-ratelimit-reset` does, a moment in seconds since 1970 (or in milliseconds, or seconds from now, by its size).
#[must_use]
pub fn retry_after(response: &Response, now: Timestamp, at_most: Duration) -> Option<Duration> {
    let said = response.header("retry-after").and_then(|value| asked_for(value.trim(), now));
    let reset = || {
        let value = response.header("x-ratelimit-reset").filter(|_| !response.is_success())?;
        until_reset(value.trim().parse().ok()?, now)
    };
    said.or_else(reset).map(|wait| wait.min(at_most))
}

fn asked_for(value: &str, now: Timestamp) -> Option<Duration> {
    // "inf" and "nan" are no numbers here.
    if value.starts_with(|next: char| next.is_ascii_digit()) {
        return seconds(value.parse().ok()?);
    }
    let date = DateTimeParser::new().parse_timestamp(value).ok()?;
    Some(Duration::try_from(date.duration_since(now)).unwrap_or_default())
}

fn until_reset(number: f64, now: Timestamp) -> Option<Duration> {
    let moment = match number {
        number if number >= EARLIEST_MILLISECOND => number / 1000.0,
        number if number >= EARLIEST_MOMENT => number,
        _ => return seconds(number),
    };
    seconds((moment - now.as_millisecond() as f64 / 1000.0).max(0.0))
}

fn seconds(number: f64) -> Option<Duration> {
    Duration::try_from_secs_f64(number).ok()
}

/// Waits that grow with each failure, and by chance, so that many who failed together don't come back together.
#[derive(Clone, Copy, Debug)]
pub struct Backoff {
    /// The longest wait after the first failure; it doubles with each one more.
    pub base: Duration,
    /// No wait is longer.
    pub cap: Duration,
}

impl Backoff {
    /// A wait before the attempt after failure `failures` (from 0): anything from nothing to the longest one.
    #[must_use]
    pub fn delay(&self, failures: u32, rng: &mut fastrand::Rng) -> Duration {
        let doubled = self.base.saturating_mul(2_u32.saturating_pow(failures.min(31)));
        doubled.min(self.cap).mul_f64(rng.f64())
    }
}

/// Whether an outcome says that the provider is unwell: no connection, too slow, broken off, or a status of 5xx.
///
/// Refusals of our own and answers such as 404 and 429 say nothing of the kind.
#[must_use]
pub fn is_provider_failure(outcome: &Result<Response, CallError>) -> bool {
    match outcome {
        Ok(response) => response.status >= 500,
        Err(error) => error.is_passing(),
    }
}

#[cfg(test)]
mod tests {
    use super::{Backoff, retry_after};
    use crate::table::http::Response;
    use jiff::Timestamp;
    use std::time::Duration;

    fn wait(name: &str, value: &str) -> Option<u64> {
        let headers = vec![(name.to_owned(), value.to_owned())];
        let response = Response { status: 429, headers, body: String::new() };
        let now: Timestamp = "2026-01-31T12:00:00Z".parse().expect("a moment");
        retry_after(&response, now, Duration::from_secs(3600)).map(|wait| wait.as_millis() as u64)
    }

    #[test]
    fn seconds_dates_and_moments_are_read() {
        assert_eq!(wait("retry-after", "2"), Some(2000));
        assert_eq!(wait("retry-after", "0.5"), Some(500));
        assert_eq!(wait("retry-after", "Sat, 31 Jan 2026 12:00:30 GMT"), Some(30_000));
        assert_eq!(wait("retry-after", "Sat, 31 Jan 2026 11:00:30 GMT"), Some(0));
        assert_eq!(wait("retry-after", "99999"), Some(3_600_000));
        assert_eq!(wait("x-ratelimit-reset", "1769860810"), Some(10_000));
        assert_eq!(wait("x-ratelimit-reset", "1769860810000"), Some(10_000));
        assert_eq!(wait("x-ratelimit-reset", "7"), Some(7000));
    }

    #[test]
    fn what_is_neither_is_passed_over() {
        for value in ["", "soon", "-5", "inf", "NaN", "1e999", "999999999999999999999999999"] {
            assert!(wait("retry-after", value).is_none_or(|wait| wait == 3_600_000), "{value}");
        }
        assert_eq!(wait("x-ratelimit-reset", "nan"), None);
        assert_eq!(wait("x-ratelimit-limit", "600"), None);
    }

    #[test]
    fn waits_grow_to_the_cap() {
        let backoff = Backoff { base: Duration::from_millis(100), cap: Duration::from_secs(5) };
        let mut rng = fastrand::Rng::with_seed(7);
        for failures in [0, 1, 5, 40, u32::MAX] {
            let longest = (0..200).map(|_| backoff.delay(failures, &mut rng)).max().expect("waits");
            let bound = Duration::from_secs_f64(0.1 * f64::from(2_u32.saturating_pow(failures.min(31))))
                .min(backoff.cap);
            assert!(longest <= bound && longest > bound.mul_f64(0.8), "{failures}: {longest:?} of {bound:?}");
        }
    }
}
