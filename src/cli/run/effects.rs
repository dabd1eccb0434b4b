//! What became of effects, for the summary.

use super::report;
use crate::diagnostics::Count;
use crate::table::sync::SyncReport;

/// What the numbers do not say.
pub(super) fn hints(pushed: &SyncReport) {
    for effect in &pushed.effects {
        let rows = [
            (effect.keyless, "rows have no dedup key and are not pushed"),
            (effect.unsent, "rows are left for another run"),
            (effect.resent, "pushes of an interrupted run were made again as they were"),
            (
                effect.would_send,
                "rows would be sent; `--sync` sends them, `--effects FILE` shows the requests",
            ),
        ];
        for (count, what) in rows.into_iter().filter(|(count, _)| *count > 0) {
            report::line("note", &format!("{}: {count} {what}", effect.name));
        }
        effect.notes.iter().for_each(|note| report::line("note", &format!("{}: {note}", effect.name)));
    }
}

/// What stands in the way of whole effects.
pub(super) fn problems(pushed: &SyncReport) {
    failures(pushed);
    for effect in &pushed.effects {
        effect
            .problems
            .iter()
            .for_each(|problem| report::line("error", &format!("{}: {problem}", effect.name)));
    }
}

/// Effects of which nothing came through.
pub(super) fn failures(pushed: &SyncReport) {
    for effect in pushed.failed() {
        let rows = Count(effect.failed as usize, "row");
        report::line(
            "error",
            &format!("{}: nothing came through, {rows} failed; `clayf dlq list` shows them", effect.name),
        );
    }
}
