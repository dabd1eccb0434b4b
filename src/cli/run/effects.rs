//! What became of effects, in words.

use super::report;
use crate::diagnostics::Count;
use crate::table::sync::{EffectReport, SyncReport};

/// Tells what was sent, or would be.
pub(super) fn tell(pushed: &SyncReport, is_sent: bool) {
    for effect in &pushed.effects {
        report::text(&line(effect, is_sent));
        effect.notes.iter().for_each(|note| report::line("note", &format!("{}: {note}", effect.name)));
        effect
            .problems
            .iter()
            .for_each(|problem| report::line("error", &format!("{}: {problem}", effect.name)));
    }
}

fn line(effect: &EffectReport, is_sent: bool) -> String {
    let numbers = [
        (effect.sent, "sent"),
        (effect.created, "of them new"),
        (effect.would_send, "would be sent"),
        (effect.unchanged, "unchanged"),
        (effect.duplicates, "the contact of an earlier row"),
        (effect.keyless, "without a key"),
        (effect.failed, "failed"),
        (effect.unsent, "left for another run"),
        (effect.resent, "sent again"),
    ];
    let told: Vec<String> = numbers
        .into_iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, what)| format!("{count} {what}"))
        .collect();
    let due = Count(effect.due as usize, "row");
    let hint = if !is_sent && effect.would_send > 0 { "; `--sync` sends" } else { "" };
    if told.is_empty() {
        return format!("{}: {due} due\n", effect.name);
    }
    format!("{}: {due} due, {}{hint}\n", effect.name, told.join(", "))
}
