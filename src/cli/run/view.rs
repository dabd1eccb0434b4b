//! What a person sees while a table runs: rows, calls, credits, hit rates, waits.

use crate::cli::table::{percent, short};
use crate::table::credits::Credits;
use crate::table::run::{Live, Numbers};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::io::{IsTerminal, stderr};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::Duration;

/// How often it is drawn.
const OFTEN: Duration = Duration::from_millis(100);
/// A run that is over sooner needs no view.
const PATIENCE: Duration = Duration::from_millis(300);
/// How many providers have a line.
const MOST_PROVIDERS: usize = 8;

/// Does `work` and shows how it goes, where someone can see it.
pub(super) fn watch<T>(live: &Live, budget: Option<Credits>, work: impl FnOnce() -> T) -> T {
    let is_dumb = std::env::var_os("TERM").is_none_or(|term| term == "dumb");
    if !stderr().is_terminal() || is_dumb {
        return work();
    }
    let (done, ending) = channel::<()>();
    std::thread::scope(|scope| {
        scope.spawn(move || draw(live, budget, &ending));
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

/// The lines below the bar.
fn lines(numbers: &Numbers, budget: Option<Credits>) -> String {
    let of = budget.map(|budget| format!(" of {budget}")).unwrap_or_default();
    let mut lines = vec![format!(
        "{} calls under way, {} rows waiting, {}{of} credits",
        numbers.calling, numbers.waiting, numbers.spent
    )];
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
    lines.extend(numbers.last_wait.as_ref().map(|wait| format!("  last wait: {wait}")));
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::lines;
    use crate::table::credits::Credits;
    use crate::table::run::{Live, Numbers};

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
}
