//! Group commit: what is refused is undone alone, and what can't be written stops everything.

use std::path::Path;
use std::sync::Arc;
use std::sync::mpsc::channel;

use rusqlite::Connection;

use super::Writer;
use crate::table::state::error::{Failure, StateError};

const ADD: &str = "INSERT INTO numbers (number) VALUES (?1)";

fn writer() -> Arc<Writer> {
    let db = Connection::open_in_memory().expect("a database");
    db.execute_batch("CREATE TABLE numbers (number INTEGER UNIQUE) STRICT").expect("a table");
    Arc::new(Writer::start(db, Path::new("x.state")).expect("a writer"))
}

fn numbers(writer: &Writer) -> Result<i64, StateError> {
    writer.run(|db| Ok(db.query_row("SELECT count(*) FROM numbers", [], |row| row.get(0))?))
}

fn add(number: i64) -> impl FnOnce(&Connection) -> Result<(), Failure> {
    move |db| Ok(db.execute(ADD, [number]).map(drop)?)
}

#[test]
fn a_refused_operation_is_undone_alone_within_its_group() {
    let writer = writer();
    let (go, gone) = channel::<()>();
    // While this one waits, the others gather behind it in one group.
    writer.queue(move |_| {
        let _ = gone.recv();
        Ok(())
    });
    writer.queue(add(1));
    let half_done = std::thread::spawn({
        let writer = Arc::clone(&writer);
        move || writer.run(|db| add(2)(db).and_then(|()| add(1)(db)))
    });
    go.send(()).expect("it waits");
    writer.queue(add(3));
    assert!(matches!(half_done.join().expect("an answer"), Err(StateError::Mismatch { .. })));
    assert_eq!(numbers(&writer), Ok(2), "2 is undone with the second 1");
}

#[test]
fn a_refusal_that_nobody_hears_stops_the_writer_after_its_group() {
    let writer = writer();
    writer.queue(add(1));
    writer.queue(add(1));
    let told = writer.flush();
    assert!(matches!(told, Err(StateError::Mismatch { .. })), "{told:?}");
    assert_eq!(numbers(&writer), told.map(|()| 0));
}

#[test]
fn what_can_not_be_written_stops_the_writer() {
    let writer = writer();
    writer.queue(add(1));
    writer.flush().expect("durable");
    let failed = writer.run(|db| Ok(db.execute_batch("INSERT INTO nowhere VALUES (1)")?));
    assert!(matches!(failed, Err(StateError::Write { .. })), "{failed:?}");
    assert_eq!(writer.run(add(2)), failed);
    writer.queue(add(3));
    assert_eq!(writer.flush(), failed);
}
