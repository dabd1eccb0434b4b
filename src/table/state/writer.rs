//! The one thread that writes: it takes all that is queued, does it in one transaction, and answers after the commit.
//!
//! A commit waits for the disk, whether it holds one operation or hundreds; so operations that come while one commit
//! waits are done together in the next. An operation that is refused is undone alone. When the file can't be
//! written, none of the group is done, and the writer does nothing more: every later operation gets the same error.

#[cfg(test)]
mod tests;

use std::path::Path;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, OnceLock};
use std::thread::{Builder, JoinHandle};

use rusqlite::Connection;

use super::error::{Failure, StateError, opening};

/// The most operations in one transaction, so that the first of them does not wait long.
const MOST_IN_GROUP: usize = 256;

/// The most operations that wait; one more waits to be queued, so that memory stays bounded.
const MOST_QUEUED: usize = 4096;

/// An operation that waits to be done.
trait Queued: Send {
    /// Does it within the group's transaction, and keeps the result.
    fn apply(&mut self, db: &Connection) -> Result<(), Failure>;
    /// Tells whoever waits for it, after the commit or, with an error, where there was none.
    fn answer(self: Box<Self>, stopped: Option<&StateError>);
    /// Whether someone waits for it and will hear that it was refused.
    fn is_awaited(&self) -> bool;
}

/// Queues operations for the writing thread.
#[derive(Debug)]
pub(super) struct Writer {
    /// Absent where the file is open only to read, and taken to end the thread.
    queue: Option<SyncSender<Box<dyn Queued>>>,
    thread: Option<JoinHandle<()>>,
    /// Why nothing more is written.
    stopped: Arc<OnceLock<StateError>>,
    path: String,
}

impl Writer {
    /// Starts the thread, which owns the connection.
    pub(super) fn start(db: Connection, path: &Path) -> Result<Self, StateError> {
        let (queue, queued) = sync_channel(MOST_QUEUED);
        let shown = path.display().to_string();
        let stopped = Arc::new(OnceLock::new());
        let of_thread = (Arc::clone(&stopped), shown.clone());
        let work = move || write_all(&db, &queued, &of_thread.0, &of_thread.1);
        let started = Builder::new().name("state writer".to_owned()).spawn(work);
        let thread = started.map_err(|problem| opening(path, &problem))?;
        Ok(Self { queue: Some(queue), thread: Some(thread), stopped, path: shown })
    }

    /// The writer of a file that is open only to read: it refuses everything.
    pub(super) fn absent(path: &Path) -> Self {
        let stopped = Arc::new(OnceLock::new());
        Self { queue: None, thread: None, stopped, path: path.display().to_string() }
    }

    /// Does `work` in a transaction, waits until that is durable, and gives what it gave.
    pub(super) fn run<T, W>(&self, work: W) -> Result<T, StateError>
    where
        T: Send + 'static,
        W: FnOnce(&Connection) -> Result<T, Failure> + Send + 'static,
    {
        let (answer, answered) = sync_channel(1);
        self.send(Box::new(Awaited { work: Some(work), result: None, answer }))?;
        answered.recv().unwrap_or_else(|_| Err(self.why_stopped()))
    }

    /// Does `work` in a transaction soon; durable no later than whatever is awaited after it.
    ///
    /// Where it can't be done, the next operation that is awaited gets the error.
    pub(super) fn queue<W>(&self, work: W)
    where
        W: FnOnce(&Connection) -> Result<(), Failure> + Send + 'static,
    {
        if let Err(error) = self.send(Box::new(Unawaited { work: Some(work) })) {
            // Kept for the next operation that is awaited; an earlier error stands.
            let _ = self.stopped.set(error);
        }
    }

    /// Waits until all that was queued before is durable.
    pub(super) fn flush(&self) -> Result<(), StateError> {
        if self.queue.is_none() {
            return self.stopped.get().map_or(Ok(()), |error| Err(error.clone()));
        }
        self.run(|_| Ok(()))
    }

    fn send(&self, operation: Box<dyn Queued>) -> Result<(), StateError> {
        if let Some(error) = self.stopped.get() {
            return Err(error.clone());
        }
        let Some(queue) = &self.queue else {
            return Err(StateError::OpenedToRead { path: self.path.clone() });
        };
        queue.send(operation).map_err(|_| self.why_stopped())
    }

    fn why_stopped(&self) -> StateError {
        let unexplained = || StateError::Write {
            path: self.path.clone(),
            problem: "the thread that writes has ended".to_owned(),
        };
        self.stopped.get().cloned().unwrap_or_else(unexplained)
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        self.queue = None;
        if let Some(thread) = self.thread.take() {
            // A panic of the thread was told to whoever waited.
            let _ = thread.join();
        }
    }
}

/// An operation whose caller waits.
struct Awaited<T, W> {
    work: Option<W>,
    result: Option<Result<T, StateError>>,
    answer: SyncSender<Result<T, StateError>>,
}

impl<T, W> Queued for Awaited<T, W>
where
    T: Send,
    W: FnOnce(&Connection) -> Result<T, Failure> + Send,
{
    fn apply(&mut self, db: &Connection) -> Result<(), Failure> {
        let Some(work) = self.work.take() else { return Ok(()) };
        match work(db) {
            Ok(value) => {
                self.result = Some(Ok(value));
                Ok(())
            }
            Err(Failure::Refused(error)) => {
                self.result = Some(Err(error.clone()));
                Err(Failure::Refused(error))
            }
            Err(fatal) => Err(fatal),
        }
    }

    fn answer(self: Box<Self>, stopped: Option<&StateError>) {
        let result = stopped.map(|error| Err(error.clone())).or(self.result);
        if let Some(result) = result {
            // Nobody else can hear it when the caller is gone.
            let _ = self.answer.send(result);
        }
    }

    fn is_awaited(&self) -> bool {
        true
    }
}

/// An operation that nobody waits for.
struct Unawaited<W> {
    work: Option<W>,
}

impl<W> Queued for Unawaited<W>
where
    W: FnOnce(&Connection) -> Result<(), Failure> + Send,
{
    fn apply(&mut self, db: &Connection) -> Result<(), Failure> {
        self.work.take().map_or(Ok(()), |work| work(db))
    }

    fn answer(self: Box<Self>, _: Option<&StateError>) {}

    fn is_awaited(&self) -> bool {
        false
    }
}

/// The thread's work: one group after the other, until the queue is closed and empty.
fn write_all(
    db: &Connection,
    queued: &Receiver<Box<dyn Queued>>,
    stopped: &OnceLock<StateError>,
    path: &str,
) {
    while let Ok(first) = queued.recv() {
        let mut group = vec![first];
        group.extend(queued.try_iter().take(MOST_IN_GROUP - 1));
        if stopped.get().is_none() {
            let lost = commit(db, &mut group).unwrap_or_else(|problem| {
                // What is left of the transaction would keep the file locked; it may be gone already.
                let _ = db.execute_batch("ROLLBACK");
                Some(StateError::Write { path: path.to_owned(), problem: problem.to_string() })
            });
            if let Some(error) = lost {
                // It is empty still, and only this thread fills it.
                let _ = stopped.set(error);
            }
        }
        group.into_iter().for_each(|operation| operation.answer(stopped.get()));
    }
}

/// Does a group in one transaction; gives the error of an operation that was refused though nobody hears of it.
fn commit(db: &Connection, group: &mut [Box<dyn Queued>]) -> rusqlite::Result<Option<StateError>> {
    let mut unheard = None;
    db.prepare_cached("BEGIN IMMEDIATE")?.execute([])?;
    for operation in group {
        db.prepare_cached("SAVEPOINT operation")?.execute([])?;
        match operation.apply(db) {
            Ok(()) => {}
            Err(Failure::Refused(error)) => {
                db.prepare_cached("ROLLBACK TO operation")?.execute([])?;
                unheard = unheard.or((!operation.is_awaited()).then_some(error));
            }
            Err(Failure::Fatal(problem)) => return Err(problem),
        }
        db.prepare_cached("RELEASE operation")?.execute([])?;
    }
    db.prepare_cached("COMMIT")?.execute([])?;
    Ok(unheard)
}
