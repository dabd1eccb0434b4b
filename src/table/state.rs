//! The durable state of a table's runs, in one file: rows, cells, what was paid, what was sent, and what happened.
//!
//! A paid call is reserved, made and settled, and each step is durable before the next one: a run that is killed
//! anywhere and started again buys no stored result twice, and a call whose outcome nobody knows stays charged and is
//! listed. Budgets are checked where charges are written, one after the other, so that no number of threads gets
//! past them.
//!
//! One thread writes: it takes all that is queued, does it in one transaction and answers everyone
//! after the commit. Reads go over a connection of their own, behind what was queued before them.

mod cells;
mod charges;
mod dead;
mod error;
mod events;
mod file;
mod ledger;
mod outbox;
mod recovery;
mod reserving;
mod resuming;
mod row_keys;
mod rows;
mod runs;
mod schema;
mod settling;
mod stored_rows;
mod words;
mod writer;

use std::path::Path;
use std::sync::{Mutex, PoisonError};

use rusqlite::Connection;

pub use cells::{Cell, CellState, CellUpdate};
pub use charges::{ChargeId, ChargeState, Limit, Reservation, Reserved, Scope, Settlement};
pub use dead::{DeadCell, DeadFilter};
pub use error::StateError;
pub use events::Event;
pub use ledger::{Charge, ChargeFilter, SpentIn};
pub use outbox::{EffectId, EffectState, NewEffect, OutboxEntry};
pub use resuming::Resumed;
pub use row_keys::{numbered_key, said_key, shown_key};
pub use rows::{NewRow, RejectedRow, RowCounts, RowId, RowStatus, RunRow};
pub use runs::{Run, RunId};
pub use stored_rows::{RowName, StoredRow};

use file::Lock;
use writer::Writer;

/// The state file of a table, open.
///
/// Shared between threads behind an `Arc`. Once something could not be written, this and every later operation gives
/// that error, reads included, until the file is opened anew; what was answered before is in the file. Dropping it does what is still queued and waits for that. Its fields are
/// dropped in order: the reader before the writer, so that the writer closes the file last and tidies it up, and the
/// lock when both are gone.
#[derive(Debug)]
pub struct Store {
    reader: Mutex<Connection>,
    writer: Writer,
    _lock: Option<Lock>,
    path: String,
}

impl Store {
    /// Opens the file at `path` to read and write, or creates it, readable by its owner only.
    ///
    /// Calls that an earlier process left without an outcome become unknown here. Refused are a file that another
    /// process has open to write, one of another program, of a newer format, an empty one, a folder, and one that
    /// may not be written.
    pub fn open(path: &Path) -> Result<Self, StateError> {
        let lock = file::prepare(path)?;
        let db = file::connect_to_write(path)?;
        recovery::recover_on_opening(&db).map_err(|problem| error::opening(path, &problem))?;
        let reader = Mutex::new(file::connect_to_read(path)?);
        let writer = Writer::start(db, path)?;
        Ok(Self { reader, writer, _lock: Some(lock), path: path.display().to_string() })
    }

    /// Opens the file at `path` to read, whether or not a run is using it; whatever writes is refused.
    ///
    /// Never creates it: a file that is not there is [`StateError::Missing`].
    pub fn open_to_read(path: &Path) -> Result<Self, StateError> {
        let reader = Mutex::new(file::connect_to_read(path)?);
        Ok(Self { reader, writer: Writer::absent(path), _lock: None, path: path.display().to_string() })
    }

    /// Waits until all that was queued is durable.
    pub fn flush(&self) -> Result<(), StateError> {
        self.writer.flush()
    }

    /// Reads what is committed, once what was queued before is.
    fn read<T>(&self, work: impl FnOnce(&Connection) -> rusqlite::Result<T>) -> Result<T, StateError> {
        self.flush()?;
        let reader = self.reader.lock().unwrap_or_else(PoisonError::into_inner);
        work(&reader)
            .map_err(|problem| StateError::Read { path: self.path.clone(), problem: problem.to_string() })
    }
}
