//! What a person sees while a table runs: rows, calls, credits, hit rates, waits.

use super::summary::duration;
use crate::cli::report;
use crate::cli::table::{percent, short};
use crate::table::credits::Credits;
use crate::table::run::{Live, Numbers};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::io::{IsTerminal, stderr};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant};

/// How often it is drawn.
const OFTEN: Duration = Duration::from_millis(100);
/// How often a line is said where nothing is drawn.
const SELDOM: Duration = Duration::from_secs(60);
/// A run that is over sooner needs no view.
const PATIENCE: Duration = Duration::from_millis(300);
/// How many providers have a line.
const MOST_PROVIDERS: usize = 8;

/// Does `work` and shows how it goes, where someone can see it.
pub(super) fn watch<T>(
    (live, is_quiet): (&Live, bool),
    budget: Option<Credits>,
    work: impl FnOnce() -> T,
) -> T {
    let is_dumb = std::env::var_os("TERM").is_none_or(|term| term == "dumb");
    let is_drawn = stderr().is_terminal() && !is_dumb;
    if is_quiet && !is_drawn {
        return work();
    }
    let (done, ending) = channel::<()>();
    std::thread::scope(|scope| {
        scope.spawn(move || if is_drawn { draw(live, budget, &ending) } else { log(live, budget, &ending) });
        let result = work();
        // The view ends as soon as nobody can tell it anything any more.
        drop(done);
        result
    })
}

fn draw(live: &Live, budget: Option<Credits>, ending: &Receiver<()>) {
    if ending.recv_timeout(PATIENCE) != Err(RecvTimeoutError::Timeout) {
        return;
    }
    let bar = ProgressBar::with_draw_target(Some(0), ProgressDrawTarget::stderr());
    let style = ProgressStyle::with_template("{wide_bar} {pos} of {len} rows  {elapsed} {eta} left\n{msg}");
    if let Ok(style) = style {
        bar.set_style(style);
    }
    loop {
        let numbers = live.numbers();
        bar.set_length(numbers.rows);
        bar.set_position(numbers.rested);
        bar.set_message(lines(&numbers, budget));
        if ending.recv_timeout(OFTEN) != Err(RecvTimeoutError::Timeout) {
            break;
        }
    }
    bar.finish_and_clear();
}

/// Says a line from time to time where nothing can be drawn, as in the log of a server.
fn log(live: &Live, budget: Option<Credits>, ending: &Receiver<()>) {
    while ending.recv_timeout(SELDOM) == Err(RecvTimeoutError::Timeout) {
        let numbers = live.numbers();
        report::line(
            "note",
            &format!("{} of {} rows; {}", numbers.rested, numbers.rows, line(&numbers, budget)),
        );
    }
}

/// The calls, the credits and the wait in one line.
fn line(numbers: &Numbers, budget: Option<Credits>) -> String {
    let mut parts = vec![under_way(numbers, budget)];
    parts.extend(pushes(numbers));
    parts.extend(wait(numbers));
    parts.join("; ")
}

fn under_way(numbers: &Numbers, budget: Option<Credits>) -> String {
    let of = budget.map(|budget| format!(" of {budget}")).unwrap_or_default();
    format!(
        "{} calls under way, {} rows waiting, {}{of} credits",
        numbers.calling, numbers.waiting, numbers.spent
    )
}

/// How far each effect is.
fn pushes(numbers: &Numbers) -> impl Iterator<Item = String> {
    numbers.pushes.iter().map(|(name, push)| format!("{name}: {} of {} pushed", push.pushed, push.of))
}

/// Whom rows wait for, and how long still.
fn wait(numbers: &Numbers) -> Option<String> {
    let (provider, until) = numbers.last_wait.as_ref()?;
    let left = until.saturating_duration_since(Instant::now());
    (left > Duration::ZERO).then(|| format!("rate limit of {provider}: {} to wait", duration(left)))
}

/// The lines below the bar.
fn lines(numbers: &Numbers, budget: Option<Credits>) -> String {
    let mut lines = vec![under_way(numbers, budget)];
    for (name, provider) in numbers.providers.iter().take(MOST_PROVIDERS) {
        let hits = if provider.asked > 0 {
            format!(
                "{} of {} found ({} %)",
                provider.found,
                provider.asked,
                short(percent(provider.found, provider.asked))
            )
        } else {
            "no answer yet".to_owned()
        };
        let again =
            if provider.again > 0 { format!(", {} tried again", provider.again) } else { String::new() };
        lines.push(format!("  {name}: {hits}{again}"));
    }
    lines.extend(pushes(numbers).map(|push| format!("  {push}")));
    lines.extend(wait(numbers).map(|wait| format!("  {wait}")));
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::{line, lines};
    use crate::table::credits::Credits;
    use crate::table::run::{Live, Numbers};
    use std::time::Duration;

    #[test]
    fn each_provider_has_a_line() {
        let live = Live::default();
        live.of_provider("apollo", |provider| (provider.asked, provider.found, provider.again) = (4, 3, 1));
        live.change(|numbers: &mut Numbers| {
            (numbers.calling, numbers.spent) = (2, Credits::thousandths(6500));
        });
        live.of_provider("hunter", |_| {});
        let budget = Some(Credits::thousandths(40_000));
        assert_eq!(
            lines(&live.numbers(), budget),
            "2 calls under way, 0 rows waiting, 6.5 of 40 credits\n  \
             apollo: 3 of 4 found (75 %), 1 tried again\n  hunter: no answer yet"
        );
    }

    #[test]
    fn each_effect_has_a_line() {
        let live = Live::default();
        live.of_effect("crm_sync", |push| push.of = 900);
        live.of_effect("crm_sync", |push| push.pushed = 120);
        let numbers = live.numbers();
        assert!(lines(&numbers, None).ends_with("\n  crm_sync: 120 of 900 pushed"));
        assert!(line(&numbers, None).ends_with("; crm_sync: 120 of 900 pushed"));
    }

    #[test]
    fn a_long_wait_is_told_with_its_provider() {
        let live = Live::default();
        live.waits("Apollo", Duration::from_millis(600_900));
        assert_eq!(
            line(&live.numbers(), None),
            "0 calls under way, 0 rows waiting, 0 credits; rate limit of Apollo: 10 min 00 s to wait"
        );
        live.waits("Apollo", Duration::ZERO);
        assert_eq!(line(&live.numbers(), None), "0 calls under way, 0 rows waiting, 0 credits");
    }
}
