//! Effects are sent once, and one that may have been sent is sent again exactly as it was.

use clayf::table::state::{EffectState, NewEffect, RowId, Store};

use crate::support::{AT, fresh, with_rows};

fn effect(row: RowId, payload: &str) -> NewEffect {
    NewEffect {
        effect: "crm".to_owned(),
        dedup_key: "acme.com".to_owned(),
        row,
        payload: payload.to_owned(),
        at: AT.to_owned(),
    }
}

#[test]
fn an_effect_that_was_sent_is_queued_again_only_when_it_changed() {
    let (store, _, rows) = with_rows(&fresh("outbox"), 1);
    let queued = store.enqueue(&[effect(rows[0], "one")]).expect("queued").remove(0);
    assert_eq!((queued.state, queued.tries), (EffectState::Queued, 0));
    store.mark_sending(&[queued.id], AT).expect("marked");
    store.mark_sent(queued.id, Some("42".to_owned()), AT);
    let same = store.enqueue(&[effect(rows[0], "one")]).expect("queued").remove(0);
    assert_eq!((same.state, same.tries, same.answer.as_deref()), (EffectState::Sent, 1, Some("42")));
    let changed = store.enqueue(&[effect(rows[0], "two")]).expect("queued").remove(0);
    assert_eq!(
        (changed.id, changed.state, changed.payload.as_str()),
        (queued.id, EffectState::Queued, "two")
    );
    assert_eq!(store.outbox_entry("crm", "acme.com"), Ok(Some(changed)));
    assert_eq!(store.outbox_entry("crm", "other.com"), Ok(None));
}

#[test]
fn an_effect_of_an_interrupted_run_keeps_its_payload() {
    let path = fresh("outbox-interrupted");
    let (store, _, rows) = with_rows(&path, 1);
    let queued = store.enqueue(&[effect(rows[0], "one")]).expect("queued").remove(0);
    store.mark_sending(&[queued.id], AT).expect("marked");
    drop(store);
    let store = Store::open(&path).expect("a store");
    let waiting = store.outbox_to_send().expect("entries").remove(0);
    assert_eq!((waiting.state, waiting.payload.as_str()), (EffectState::Unknown, "one"));
    let kept = store.enqueue(&[effect(rows[0], "two")]).expect("queued").remove(0);
    assert_eq!(kept, waiting);
    store.mark_sending(&[kept.id], AT).expect("marked");
    store.mark_unsent(kept.id, "503", AT);
    let unsent = store.outbox_to_send().expect("entries").remove(0);
    assert_eq!(
        (unsent.state, unsent.tries, unsent.problem.as_deref()),
        (EffectState::Queued, 2, Some("503"))
    );
    store.mark_failed(kept.id, "no such field", AT);
    assert_eq!(store.outbox_to_send(), Ok(vec![]));
}

#[test]
fn an_effect_without_an_answer_stays_unsettled() {
    let (store, _, rows) = with_rows(&fresh("outbox-unsettled"), 1);
    let queued = store.enqueue(&[effect(rows[0], "one")]).expect("queued").remove(0);
    assert_eq!(store.outbox_unsettled("crm"), Ok(Vec::new()));
    store.mark_sending(&[queued.id], AT).expect("marked");
    store.mark_unknown(queued.id, "no answer", AT);
    let unsettled = store.outbox_unsettled("crm").expect("read");
    assert_eq!((unsettled.len(), unsettled[0].state), (1, EffectState::Unknown));
    assert_eq!(store.outbox_unsettled("other"), Ok(Vec::new()));
    let keys = ["other.com".to_owned(), "acme.com".to_owned()];
    assert_eq!(store.outbox_entries("crm", &keys), Ok(vec![None, Some(unsettled[0].clone())]));
    // Whatever is queued meanwhile, the payload stays the one that was perhaps sent.
    assert_eq!(store.enqueue(&[effect(rows[0], "two")]).expect("queued")[0].payload, "one");
}
