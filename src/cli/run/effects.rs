//! What became of effects, for the summary.

use super::report;
use crate::table::report::EffectNumbers;
use crate::table::sync::{EffectReport, SyncReport};

/// The numbers of all effects.
pub(super) fn numbers(pushed: &SyncReport) -> Vec<EffectNumbers> {
    let of = |effect: &EffectReport| EffectNumbers {
        name: effect.name.clone(),
        due: effect.due,
        sent: effect.sent,
        unchanged: effect.unchanged,
        duplicates: effect.duplicates,
        created: effect.created,
        failed: effect.failed,
        would_send: effect.would_send,
        problems: effect.problems.clone(),
    };
    pushed.effects.iter().map(of).collect()
}

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
    for effect in &pushed.effects {
        effect
            .problems
            .iter()
            .for_each(|problem| report::line("error", &format!("{}: {problem}", effect.name)));
    }
}
