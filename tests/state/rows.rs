//! The rows of a run: every row of the input is counted once.

use clayf::table::state::{NewRow, RejectedRow, RowCounts, RowStatus, SpentIn, StateError, Store};

use crate::support::{AT, fresh, new_row, new_rows, with_rows};

fn rejected(position: u64) -> RejectedRow {
    RejectedRow { position, bytes: vec![b'{', 0xff], problem: "not a JSON object".to_owned() }
}

#[test]
fn counts_add_up_to_the_input() {
    let (store, run, rows) = with_rows(&fresh("counts"), 5);
    store.reject_row(run, rejected(6));
    let skipped = RowStatus::Skipped { reason: "budget".to_owned() };
    let statuses = [RowStatus::Done, RowStatus::Done, skipped.clone(), RowStatus::Dead];
    for (row, status) in rows.iter().zip(statuses) {
        store.set_row_status(run, *row, status);
    }
    let counts = store.counts(run).expect("counts");
    assert_eq!(counts, RowCounts { done: 2, skipped: 1, dead: 1, pending: 1, rejected: 1 });
    assert_eq!(counts.input(), 6);
    assert_eq!(store.rejected(run), Ok(vec![rejected(6)]));
    let window = store.rows(run, 2, 2).expect("rows");
    assert_eq!(window.iter().map(|row| row.position).collect::<Vec<_>>(), [3, 4]);
    assert_eq!((window[0].row, &window[0].status), (rows[2], &skipped));
}

#[test]
fn a_position_of_a_continued_run_counts_once_whatever_stands_there_now() {
    let (store, run, rows) = with_rows(&fresh("again"), 4);
    rows.iter().for_each(|row| store.set_row_status(run, *row, RowStatus::Done));
    // The second row was changed, the third is broken now, the fourth is another one, and a fifth came.
    let changed = NewRow { source: r#"{"n":"two"}"#.to_owned(), ..new_row(2) };
    let other = NewRow { position: 4, ..new_row(9) };
    let again = store.add_rows(run, &[new_row(1), changed, other, new_row(5)]).expect("rows");
    assert_eq!(again[..2], rows[..2]);
    store.reject_row(run, rejected(3));
    let counts = store.counts(run).expect("counts");
    assert_eq!(counts, RowCounts { done: 1, pending: 3, rejected: 1, ..RowCounts::default() });
    assert_eq!(store.load_row(rows[1]).expect("a row").source, r#"{"n":"two"}"#);
    store.add_rows(run, &[new_row(3)]).expect("rows");
    store.end_rows(run, 3).expect("ended");
    let counts = store.counts(run).expect("counts");
    assert_eq!(counts, RowCounts { done: 1, pending: 2, ..RowCounts::default() });
}

#[test]
fn whether_a_row_of_a_continued_run_is_skipped_is_told_anew() {
    let (store, run, rows) = with_rows(&fresh("skipped-anew"), 3);
    let skipped = RowStatus::Skipped { reason: "the same email as row 1".to_owned() };
    let statuses = [RowStatus::Done, skipped, RowStatus::Dead];
    rows.iter().zip(statuses).for_each(|(row, status)| store.set_row_status(run, *row, status));
    store.add_rows(run, &new_rows(3)).expect("rows");
    let counts = store.counts(run).expect("counts");
    assert_eq!(counts, RowCounts { done: 1, pending: 1, dead: 1, ..RowCounts::default() });
}

#[test]
fn a_key_at_two_positions_is_one_row_counted_twice() {
    let (store, run, rows) = with_rows(&fresh("twice"), 2);
    let second = NewRow { position: 3, ..new_row(1) };
    assert_eq!(store.add_rows(run, &[second]), Ok(vec![rows[0]]));
    store.set_row_status(run, rows[0], RowStatus::Done);
    assert_eq!(store.counts(run).expect("counts").done, 2);
}

#[test]
fn many_rows_are_added_and_read_in_order() {
    let (store, run, rows) = with_rows(&fresh("many"), 3500);
    assert_eq!(store.add_rows(run, &new_rows(3500)), Ok(rows.clone()));
    let read: Vec<_> = store.rows(run, 0, usize::MAX).expect("rows").iter().map(|row| row.row).collect();
    assert_eq!(read, rows);
}

#[test]
fn a_finished_run_is_followed_by_a_new_one() {
    let (store, run, _) = with_rows(&fresh("finished"), 2);
    assert!(store.begin_run(AT).expect("a run").continued);
    store.finish_run(run, AT).expect("finished");
    let next = store.begin_run(AT).expect("a run");
    assert!(next.id > run && !next.continued);
    assert_eq!(store.counts(next.id).expect("counts").input(), 0);
}

#[test]
fn a_run_goes_on_with_rows_that_it_had() {
    let path = fresh("goes-on");
    let (store, run, _) = with_rows(&path, 3);
    drop(store);
    let store = Store::open(&path).expect("a store");
    let began = store.begin_run(AT).expect("a run");
    store.add_rows(run, &[NewRow { position: 1, ..new_row(9) }]).expect("rows");
    drop(store);
    // A process that ended between its rows forgets nothing.
    let store = Store::open(&path).expect("a store");
    store.begin_run(AT).expect("a run");
    let rows = [NewRow { position: 1, ..new_row(9) }, NewRow { position: 2, ..new_row(1) }];
    store.add_rows(run, &rows).expect("rows");
    store.end_rows(run, 2).expect("ended");
    let resumed = store.resume(&began, AT).expect("resumed");
    assert_eq!((resumed.run.id, resumed.run.continued, resumed.rows, resumed.of_it), (run, true, 2, 1));
}

#[test]
fn a_run_of_whose_rows_none_comes_again_is_over() {
    let (store, run, rows) = with_rows(&fresh("is-over"), 2);
    store.reserve(&crate::support::reservation(run, rows[0], 250)).expect("an answer");
    let began = store.begin_run(AT).expect("a run");
    store.add_rows(run, &[NewRow { position: 1, ..new_row(9) }]).expect("rows");
    store.reject_row(run, rejected(2));
    let resumed = store.resume(&began, "2026-11-26T10:00:00Z").expect("resumed");
    let new = resumed.run;
    assert!(new.id > run && !new.continued && new.started == "2026-11-26T10:00:00Z", "{new:?}");
    assert_eq!(
        store.counts(new.id).expect("counts"),
        RowCounts { pending: 1, rejected: 1, ..RowCounts::default() }
    );
    assert_eq!(store.spent(SpentIn::Run(new.id)).expect("charges").to_string(), "0");
    assert_eq!(store.spent(SpentIn::Run(run)).expect("charges").to_string(), "0.25");
    assert_eq!(store.unfinished_run(), Ok(Some(new.id)));
}

#[test]
fn rows_of_another_file_are_refused_alone() {
    let (other, _, of_other) = with_rows(&fresh("other"), 9);
    drop(other);
    let (store, run, rows) = with_rows(&fresh("refused-alone"), 1);
    let refused = store.reserve(&crate::support::reservation(run, of_other[8], 10));
    assert!(matches!(refused, Err(StateError::Mismatch { .. })), "{refused:?}");
    store.reserve(&crate::support::reservation(run, rows[0], 10)).expect("others go on");
    // Where nobody hears of it, it must not pass in silence.
    store.set_row_status(run, rows[0], RowStatus::Done);
    store.write_cell(crate::support::cell(of_other[8], clayf::table::state::CellState::New));
    assert!(matches!(store.flush(), Err(StateError::Mismatch { .. })));
    assert!(matches!(store.counts(run), Err(StateError::Mismatch { .. })));
}
