//! Cells keep what they last gave, and dead ones can be tried again.

use clayf::table::state::{
    CellState, CellUpdate, DeadFilter, Event, NewRow, RowName, RowStatus, StateError, Store,
};

use crate::support::{AT, cell, credits, fresh, granted, reservation, with_rows};

#[test]
fn outputs_survive_a_failing_refresh() {
    let (store, _, rows) = with_rows(&fresh("refresh"), 1);
    store.write_cell(CellUpdate {
        outputs: Some(r#"{"email":"a@b.c"}"#.to_owned()),
        provider: Some("hunter".to_owned()),
        fetched_at: Some(AT.to_owned()),
        ..cell(rows[0], CellState::Success)
    });
    store.write_cell(CellUpdate {
        epoch: 2,
        class: Some("rate".to_owned()),
        reason: Some("too many calls".to_owned()),
        ..cell(rows[0], CellState::Error)
    });
    let found = store.load_row(rows[0]).expect("a row");
    let found = found.cell("email").expect("a cell");
    assert_eq!((found.epoch, found.state), (2, CellState::Error));
    assert_eq!(found.outputs.as_deref(), Some(r#"{"email":"a@b.c"}"#));
    assert_eq!((found.provider.as_deref(), found.fetched_at.as_deref()), (Some("hunter"), Some(AT)));
    assert_eq!(found.reason.as_deref(), Some("too many calls"));
    store.write_cell(CellUpdate { epoch: 3, ..cell(rows[0], CellState::NoData) });
    assert_eq!(store.load_row(rows[0]).expect("a row").cells[0].reason, None);
}

#[test]
fn rows_are_loaded_in_the_order_they_are_asked_for() {
    let (store, _, rows) = with_rows(&fresh("window"), 5);
    store.write_cell(cell(rows[3], CellState::Running));
    let loaded = store.load_rows(&[rows[3], rows[0], rows[3]]).expect("rows");
    let keys: Vec<&str> = loaded.iter().map(|row| row.key.as_str()).collect();
    assert_eq!(keys, ["row 4", "row 1", "row 4"]);
    assert_eq!(loaded.iter().map(|row| row.cells.len()).collect::<Vec<_>>(), [1, 0, 1]);
    assert_eq!(store.load_rows(&[]), Ok(vec![]));
    let (other, _, of_other) = with_rows(&fresh("window-other"), 9);
    drop(other);
    assert_eq!(store.load_rows(&[rows[0], of_other[8]]), Err(StateError::NoSuchRow { row: of_other[8] }));
}

#[test]
fn dead_cells_are_listed_and_tried_again() {
    let (store, run, rows) = with_rows(&fresh("dead"), 3);
    for row in &rows[1..] {
        store.write_cell(CellUpdate {
            epoch: 4,
            class: Some("auth".to_owned()),
            status: Some("401".to_owned()),
            progress: r#"{"tries":5}"#.to_owned(),
            ..cell(*row, CellState::Error)
        });
        store.set_row_status(run, *row, RowStatus::Dead);
    }
    let of_class = |class| {
        store
            .dead()
            .expect("dead cells")
            .iter()
            .filter(|cell| DeadFilter { class: Some(class), ..DeadFilter::default() }.fits(cell))
            .count()
    };
    assert_eq!((of_class("auth"), of_class("refused")), (2, 0));
    let dead = store.dead().expect("dead cells");
    assert_eq!(dead.iter().map(|cell| cell.position).collect::<Vec<_>>(), [Some(2), Some(3)]);
    assert_eq!((dead[0].key.as_str(), dead[0].status.as_deref()), ("row 2", Some("401")));
    let renew = |progress: &str| progress.replace('5', "0");
    assert_eq!(
        store.retry_dead(DeadFilter { step: Some("company"), ..DeadFilter::default() }, AT, renew),
        Ok(0)
    );
    assert_eq!(
        store.retry_dead(DeadFilter { class: Some("refused"), ..DeadFilter::default() }, AT, renew),
        Ok(0)
    );
    assert_eq!(
        store.retry_dead(
            DeadFilter { row: Some(rows[2]), step: Some("email"), class: Some("auth") },
            AT,
            renew
        ),
        Ok(1)
    );
    let retried = store.load_row(rows[2]).expect("a row").cells.remove(0);
    assert_eq!((retried.state, retried.epoch, retried.status), (CellState::New, 4, None));
    assert_eq!(retried.progress, r#"{"tries":0}"#);
    assert_eq!(store.history(rows[2], None).expect("a history")[0].what, "retried");
    let counts = store.counts(run).expect("counts");
    assert_eq!((counts.dead, counts.pending), (1, 2));
}

#[test]
fn what_was_under_way_is_new_again_after_an_interruption() {
    let path = fresh("interrupted");
    let (store, run, rows) = with_rows(&path, 4);
    for (row, state) in rows.iter().zip([
        CellState::Running,
        CellState::Queued,
        CellState::AwaitingCallback,
        CellState::Running,
    ]) {
        store.write_cell(CellUpdate { progress: r#"{"tried":["a"]}"#.to_owned(), ..cell(*row, state) });
    }
    granted(store.reserve(&reservation(run, rows[0], 250)).expect("an answer"));
    granted(store.reserve(&reservation(run, rows[0], 250)).expect("an answer"));
    drop(store);
    let store = Store::open(&path).expect("a store");
    let again = store.begin_run("2026-11-26T10:00:00Z").expect("a run");
    assert_eq!((again.id, again.continued, again.started.as_str()), (run, true, AT));
    let cells: Vec<_> = store.load_rows(&rows).expect("rows").into_iter().flat_map(|row| row.cells).collect();
    let states: Vec<CellState> = cells.iter().map(|cell| cell.state).collect();
    assert_eq!(states, [CellState::New, CellState::New, CellState::AwaitingCallback, CellState::New]);
    assert!(cells.iter().all(|cell| cell.progress == r#"{"tried":["a"]}"#));
    let events: Vec<usize> =
        rows.iter().map(|row| store.history(*row, None).expect("events").len()).collect();
    assert_eq!(events, [2, 1, 0, 1], "one for each charge, and for each cell without one");
    assert_eq!(store.history(rows[0], None).expect("events")[0].what, "outcome unknown");
    assert_eq!(store.spent(clayf::table::state::SpentIn::Run(run)), Ok(credits(500)));
}

#[test]
fn history_is_in_order_and_rows_are_found() {
    let (store, run, rows) = with_rows(&fresh("history"), 2);
    for what in ["called", "answered"] {
        store.note(Event {
            row: rows[1],
            step: "email".to_owned(),
            at: AT.to_owned(),
            what: what.to_owned(),
            detail: "{}".to_owned(),
        });
    }
    let history = store.history(rows[1], Some("email")).expect("a history");
    assert_eq!(history.iter().map(|event| event.what.as_str()).collect::<Vec<_>>(), ["called", "answered"]);
    assert_eq!(store.history(rows[1], Some("company")), Ok(vec![]));
    assert_eq!(store.find_row(RowName::Key("row 2")), Ok(Some(rows[1])));
    assert_eq!(store.find_row(RowName::Position(1)), Ok(Some(rows[0])));
    store.finish_run(run, AT).expect("finished");
    let next = store.begin_run(AT).expect("a run").id;
    let moved = NewRow { position: 1, key: "row 2".to_owned(), source: "{}".to_owned() };
    assert_eq!(store.add_rows(next, &[moved]), Ok(vec![rows[1]]));
    assert_eq!(store.find_row(RowName::Position(1)), Ok(Some(rows[1])));
    assert_eq!(store.find_row(RowName::Position(2)), Ok(None));
    assert_eq!(store.last_run(), Ok(Some(next)));
}
