//! Shares, times and rates as people write them.

use std::time::Duration;

/// So many calls in so much time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RateLimit {
    /// The calls.
    pub requests: u32,
    /// The time.
    pub per: Duration,
}

/// `70%`, `~70%`, `0.7`
pub(super) fn share(text: &str) -> Option<f64> {
    let text = text.trim().trim_start_matches(['~', '≈']).trim();
    let (number, scale) = match text.strip_suffix('%') {
        Some(percent) => (percent.trim(), 100.0),
        None => (text, 1.0),
    };
    let share = number.parse::<f64>().ok()? / scale;
    (0.0..=1.0).contains(&share).then_some(share)
}

/// `90 days`, `30s`, `1.5 h`
pub(super) fn duration(text: &str) -> Option<Duration> {
    let text = text.trim();
    let digits = text.find(|next: char| !next.is_ascii_digit() && next != '.').unwrap_or(text.len());
    let (number, unit) = text.split_at(digits);
    let number: f64 = if number.is_empty() { 1.0 } else { number.parse().ok()? };
    let seconds = match unit.trim().to_ascii_lowercase().as_str() {
        "ms" | "millisecond" | "milliseconds" => 0.001,
        "s" | "sec" | "second" | "seconds" => 1.0,
        "m" | "min" | "minute" | "minutes" => 60.0,
        "h" | "hour" | "hours" => 3600.0,
        "d" | "day" | "days" => 86_400.0,
        "w" | "week" | "weeks" => 604_800.0,
        _ => return None,
    };
    let whole = number * seconds;
    (whole <= 1e10).then(|| Duration::from_secs_f64(whole))
}

/// `100 per minute`, `150 per 10 seconds`, `15/s`
pub(super) fn rate(text: &str) -> Option<RateLimit> {
    let (requests, per) = text.split_once(" per ").or_else(|| text.split_once('/'))?;
    let requests: u32 = requests.trim().trim_end_matches("requests").trim().parse().ok()?;
    let per = duration(per)?;
    (requests > 0 && !per.is_zero()).then_some(RateLimit { requests, per })
}

/// The time as people say it: `90 days`, `1.5 seconds`.
#[must_use]
pub fn duration_text(duration: Duration) -> String {
    let seconds = duration.as_secs_f64();
    let units = [(86_400.0, "day"), (3600.0, "hour"), (60.0, "minute"), (1.0, "second")];
    let (scale, unit) =
        units.into_iter().find(|(scale, _)| seconds >= *scale).unwrap_or((0.001, "millisecond"));
    let number = (seconds / scale * 10.0).round() / 10.0;
    let plural = if number == 1.0 { "" } else { "s" };
    format!("{number} {unit}{plural}")
}

#[cfg(test)]
mod tests {
    use super::{duration, duration_text, rate, share};
    use std::time::Duration;

    #[test]
    fn amounts_read_as_people_write_them() {
        assert_eq!(share("~70%"), Some(0.7));
        assert_eq!(share("0.85"), Some(0.85));
        assert_eq!(share("170%"), None);
        assert_eq!(duration("90 days"), Some(Duration::from_secs(90 * 86_400)));
        assert_eq!(duration("1.5h"), Some(Duration::from_secs(90 * 60)));
        assert_eq!(duration("soon"), None);
        assert_eq!(rate("15/s").map(|rate| (rate.requests, rate.per.as_secs())), Some((15, 1)));
        assert_eq!(
            rate("150 per 10 seconds").map(|rate| (rate.requests, rate.per.as_secs())),
            Some((150, 10))
        );
        assert_eq!(rate("0 per second"), None);
        assert_eq!(duration_text(Duration::from_secs(90 * 60)), "1.5 hours");
    }
}
