//! What is told at the end of `clayf run`: rows, waterfalls, credits, columns, effects, dead letters.

mod columns;
mod funnel;

pub(super) use columns::few_texts;

use crate::cli::table::{drawn, percent};
use crate::diagnostics::Count;
use crate::repl;
use crate::table::credits::Credits;
use crate::table::report::{BudgetScope, Money, Report};
use crate::table::sync::EffectReport;
use crate::value::{number_text, round_half_away};
use std::fmt::Write;
use std::path::Path;
use std::time::Duration;

/// The lines are no longer than this.
const WIDTH: usize = 100;
/// The longest bar, in characters.
const LONGEST_BAR: f64 = 20.0;
/// How many kinds of dead letters are listed.
const MOST_DEAD: usize = 8;

/// The report as text. `path` is the table's.
pub(super) fn text(report: &Report, path: &Path) -> String {
    let mut text = String::new();
    write_rows(&mut text, report);
    funnel::write(&mut text, &report.steps);
    write_money(&mut text, &report.money);
    write_waits(&mut text, report);
    columns::write(&mut text, report);
    report.effects.iter().for_each(|effect| write_effect(&mut text, effect));
    write_dead(&mut text, report, path);
    text
}

fn write_rows(text: &mut String, report: &Report) {
    let counts = report.rows.counts;
    let took = report.facts.took.map(|took| format!(" in {}", duration(took))).unwrap_or_default();
    let _ = write!(text, "{}: {}{took}", report.facts.table, Count(counts.input() as usize, "row"));
    let parts = row_states(report);
    let _ = match parts.as_slice() {
        [] => writeln!(text),
        [(_, state)] => writeln!(text, ", all {state}"),
        parts => {
            let told: Vec<String> = parts.iter().map(|(count, state)| format!("{count} {state}")).collect();
            writeln!(text, " = {}", told.join(" + "))
        }
    };
    for skipped in &report.rows.skipped {
        let _ = writeln!(text, "  skipped  {}: {}", Count(skipped.rows as usize, "row"), skipped.reason);
    }
}

/// The states that rows are in; the counts add up to the input.
pub(super) fn row_states(report: &Report) -> Vec<(u64, &'static str)> {
    let counts = report.rows.counts;
    let states = [
        (counts.done, "done"),
        (counts.skipped, "skipped"),
        (counts.dead, "dead"),
        (counts.pending, "pending"),
        (counts.rejected, "rejected"),
    ];
    states.into_iter().filter(|(count, _)| *count > 0).collect()
}

fn write_money(text: &mut String, money: &Money) {
    let total = money.spent.total();
    if total == Credits::ZERO && money.budgets.is_empty() {
        return;
    }
    let _ = writeln!(text, "\ncredits  {total} in this run");
    if money.unknown > 0 {
        let calls = Count(money.unknown as usize, "call");
        let _ = writeln!(
            text,
            "  of these {} for {calls} whose outcome nobody knows; they count as paid",
            money.spent.unknown
        );
    }
    if money.spent.reserved > Credits::ZERO {
        let _ = writeln!(text, "  of these {} for calls that are under way", money.spent.reserved);
    }
    let cells = |budget: &crate::table::report::BudgetReport| {
        let (spent, most) = (budget.spent.as_thousandths(), budget.most.as_thousandths());
        let used = if most == 0 { 0.0 } else { (spent as f64 / most as f64).min(1.0) };
        vec![
            format!("  {}", scope(&budget.scope)),
            budget.spent.to_string(),
            format!("of {}", budget.most),
            format!("{} %", number_text(percent(spent, most))),
            drawn(used * LONGEST_BAR),
        ]
    };
    let rows: Vec<Vec<String>> = money.budgets.iter().map(cells).collect();
    text.push_str(&repl::table(&rows, &[false, true, true, true, false], WIDTH));
}

/// What a budget is for.
pub(super) fn scope(scope: &BudgetScope) -> String {
    match scope {
        BudgetScope::Run => "budget of the run".to_owned(),
        BudgetScope::Month(month) => format!("budget of {month}"),
        BudgetScope::Row => "budget of a row; the dearest".to_owned(),
        BudgetScope::Step(step) => format!("budget of {step}"),
    }
}

fn write_waits(text: &mut String, report: &Report) {
    if report.waits.is_empty() {
        return;
    }
    let told = report.waits.iter().map(|waits| {
        let mut parts = Vec::new();
        if waits.again > 0 {
            parts.push(format!("{} again", Count(waits.again as usize, "call")));
        }
        if waits.waited > Duration::ZERO {
            parts.push(format!("rows waited {} in all for its rate limit", duration(waits.waited)));
        }
        vec![format!("  {}", waits.provider), parts.join(", ")]
    });
    text.push_str("\nretries and waits\n");
    text.push_str(&repl::table(&told.collect::<Vec<_>>(), &[], WIDTH));
}

fn write_effect(text: &mut String, effect: &EffectReport) {
    let parts: Vec<String> =
        effect_numbers(effect).iter().map(|(count, what)| format!("{count} {what}")).collect();
    let _ = writeln!(text, "\neffect {}: {}", effect.name, parts.join(", "));
    for problem in &effect.problems {
        let _ = writeln!(text, "  problem: {problem}");
    }
}

/// What an effect did, without what is nothing; the rows that are due are always told.
pub(super) fn effect_numbers(effect: &EffectReport) -> Vec<(u64, &'static str)> {
    let numbers = [
        (effect.sent, "sent"),
        (effect.created, "of the sent are new"),
        (effect.unchanged, "unchanged"),
        (effect.duplicates, "duplicates"),
        (effect.failed, "failed"),
        (effect.would_send, "would be sent"),
        (effect.waiting, "waiting for a budget"),
    ];
    let rest = numbers.into_iter().filter(|(count, _)| *count > 0);
    [(effect.due, "due")].into_iter().chain(rest).collect()
}

fn write_dead(text: &mut String, report: &Report, path: &Path) {
    let all: u64 = report.dead.iter().map(|group| group.cells).sum();
    if all == 0 {
        return;
    }
    let _ = writeln!(
        text,
        "\n{}; `clayf dlq list {path}` shows them, and after `clayf dlq retry {path}` the next run tries them again",
        Count(all as usize, "dead letter"),
        path = path.display()
    );
    let row = |group: &crate::table::report::DeadGroup| {
        let example = format!("row {}: {}", group.position, group.reason);
        vec![format!("  {}", group.cells), group.step.clone(), group.class.clone(), example]
    };
    let rows: Vec<Vec<String>> = report.dead.iter().take(MOST_DEAD).map(row).collect();
    text.push_str(&repl::table(&rows, &[true, false, false, false], WIDTH));
    let more = report.dead.len().saturating_sub(MOST_DEAD);
    if more > 0 {
        let _ = writeln!(text, "  … and {}", Count(more, "other kind"));
    }
}

/// `0.4 s`, `14 s`, `3 min 05 s`, `2 h 07 min`
pub(super) fn duration(time: Duration) -> String {
    let seconds = time.as_secs();
    match seconds {
        0..10 => format!("{} s", number_text(round_half_away(time.as_secs_f64(), 1))),
        10..60 => format!("{seconds} s"),
        60..3600 => format!("{} min {:02} s", seconds / 60, seconds % 60),
        _ => format!("{} h {:02} min", seconds / 3600, seconds / 60 % 60),
    }
}

/// `71 %`, or nothing.
pub(super) fn rate(share: Option<f64>) -> String {
    let Some(percent) = share.map(|share| share * 100.0) else { return String::new() };
    let whole = round_half_away(percent, 0);
    // All is said only of all, and nothing of nothing.
    let is_rounded = (whole >= 100.0 && percent < 100.0) || (whole <= 0.0 && percent > 0.0);
    let shown = if is_rounded { (percent * 10.0).floor().max(1.0) / 10.0 } else { whole };
    format!("{} %", number_text(shown))
}

/// Credits to two decimals: `3.1`.
pub(super) fn each(credits: Option<f64>) -> String {
    credits.map(crate::cli::table::short).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::{duration, rate};
    use std::time::Duration;

    #[test]
    fn all_is_said_only_of_all() {
        assert_eq!(rate(Some(1.0)), "100 %");
        assert_eq!(rate(Some(299.0 / 300.0)), "99.6 %");
        assert_eq!(rate(Some(0.0)), "0 %");
        assert_eq!(rate(Some(0.0001)), "0.1 %");
        assert_eq!(rate(Some(0.826)), "83 %");
        assert_eq!(rate(None), "");
    }

    #[test]
    fn durations_read_as_people_say_them() {
        let told = |millis| duration(Duration::from_millis(millis));
        assert_eq!(told(430), "0.4 s");
        assert_eq!(told(14_900), "14 s");
        assert_eq!(told(185_000), "3 min 05 s");
        assert_eq!(told(7_620_000), "2 h 07 min");
    }
}
