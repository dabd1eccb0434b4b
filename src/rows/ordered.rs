//! Work on several threads whose results come out in the order the work went in.

#[cfg(test)]
mod tests;

use std::any::Any;
use std::collections::BTreeMap;
use std::io;
use std::ops::ControlFlow;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Mutex, PoisonError};
use std::thread::{Builder, Scope};

/// A piece of work with its place in the order; `Err` is what a worker panicked with.
type Numbered<T> = (usize, T);
type Worked<T> = Numbered<Result<T, Box<dyn Any + Send>>>;

/// How the consumer came to its end.
enum Outcome<E> {
    /// There was no more work.
    Drained,
    /// It wanted no more.
    Stopped,
    /// It failed.
    Failed(E),
    /// A worker panicked.
    Panicked(Box<dyn Any + Send>),
}

/// Fills pieces of work with `produce` on this thread, works on them on `threads` threads with stacks of `stack_size`
/// bytes, and hands them to `consume` on one more thread, strictly in the order they were produced.
///
/// `produce` returns `false` when there is no more; `consume` breaks when it wants no more. A piece that was consumed
/// is filled again, so it keeps its buffers, and there are only twice as many pieces as threads and two more. Each
/// worker is made on its own thread.
///
/// When `produce` fails, what it produced before is still consumed and then its error is returned; when `consume`
/// fails, its error is returned. A panic on any of the threads goes on on this one.
pub fn ordered<T, E, W>(
    threads: usize,
    stack_size: usize,
    mut produce: impl FnMut(&mut T) -> Result<bool, E>,
    make_worker: impl Fn() -> W + Sync,
    consume: impl FnMut(&mut T) -> Result<ControlFlow<()>, E> + Send,
) -> Result<(), E>
where
    T: Default + Send,
    E: From<io::Error> + Send,
    W: FnMut(&mut T),
{
    let threads = threads.max(1);
    let (free_sender, free) = channel();
    for _ in 0..2 * threads + 2 {
        // The receiver is right here, so that sending can't fail.
        let _ = free_sender.send(T::default());
    }
    let (work_sender, work) = channel();
    let work = Mutex::new(work);
    let ended = AtomicBool::new(false);
    std::thread::scope(|scope| {
        // Owned by the scope, so that a panic in `produce` lets go of it and the workers end.
        let (work_sender, free) = (work_sender, free);
        let worked = spawn_workers(scope, threads, stack_size, &work, &make_worker)?;
        let ended = &ended;
        let consumer = Builder::new().name("consumer".to_owned()).spawn_scoped(scope, move || {
            let outcome = consume_in_order(&worked, &free_sender, consume);
            ended.store(true, Ordering::Relaxed);
            outcome
        })?;
        let produced = produce_all(&mut produce, &free, &work_sender, ended);
        drop(work_sender);
        match consumer.join() {
            Ok(Outcome::Drained) => produced,
            Ok(Outcome::Stopped) => Ok(()),
            Ok(Outcome::Failed(error)) => Err(error),
            Ok(Outcome::Panicked(panic)) | Err(panic) => resume_unwind(panic),
        }
    })
}

fn produce_all<T, E>(
    produce: &mut impl FnMut(&mut T) -> Result<bool, E>,
    free: &Receiver<T>,
    work: &Sender<Numbered<T>>,
    ended: &AtomicBool,
) -> Result<(), E> {
    // No more pieces come back once the consumer has ended, but some may lie ready.
    for (number, mut piece) in free.iter().enumerate() {
        if ended.load(Ordering::Relaxed) || !produce(&mut piece)? || work.send((number, piece)).is_err() {
            break;
        }
    }
    Ok(())
}

fn spawn_workers<'scope, 'env, T, W>(
    scope: &'scope Scope<'scope, 'env>,
    threads: usize,
    stack_size: usize,
    work: &'env Mutex<Receiver<Numbered<T>>>,
    make_worker: &'env (impl Fn() -> W + Sync),
) -> io::Result<Receiver<Worked<T>>>
where
    T: Send + 'env,
    W: FnMut(&mut T) + 'env,
{
    let (sender, worked) = channel();
    for number in 0..threads {
        let sender = sender.clone();
        let builder = Builder::new().name(format!("worker {number}")).stack_size(stack_size);
        builder.spawn_scoped(scope, move || run_worker(work, make_worker, &sender))?;
    }
    Ok(worked)
}

fn run_worker<T, W: FnMut(&mut T)>(
    work: &Mutex<Receiver<Numbered<T>>>,
    make_worker: &impl Fn() -> W,
    worked: &Sender<Worked<T>>,
) {
    let mut work_on = None;
    loop {
        let next = work.lock().unwrap_or_else(PoisonError::into_inner).recv();
        let Ok((number, mut piece)) = next else { return };
        // A panic is passed on in its turn; without it the consumer would wait for this piece for good.
        let result = catch_unwind(AssertUnwindSafe(|| {
            work_on.get_or_insert_with(make_worker)(&mut piece);
            piece
        }));
        let panicked = result.is_err();
        if worked.send((number, result)).is_err() || panicked {
            return;
        }
    }
}

fn consume_in_order<T, E>(
    worked: &Receiver<Worked<T>>,
    free: &Sender<T>,
    mut consume: impl FnMut(&mut T) -> Result<ControlFlow<()>, E>,
) -> Outcome<E> {
    let mut early = BTreeMap::new();
    let mut due = 0;
    for (number, result) in worked {
        early.insert(number, result);
        while let Some(result) = early.remove(&due) {
            due += 1;
            let mut piece = match result {
                Ok(piece) => piece,
                Err(panic) => return Outcome::Panicked(panic),
            };
            match consume(&mut piece) {
                Ok(ControlFlow::Continue(())) => {}
                Ok(ControlFlow::Break(())) => return Outcome::Stopped,
                Err(error) => return Outcome::Failed(error),
            }
            // The producer has ended when nobody takes the piece back.
            let _ = free.send(piece);
        }
    }
    Outcome::Drained
}
