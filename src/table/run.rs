//! Running a table: rows to rest, several at once, with money and state kept right.

mod advance;
mod buy;
mod engine;
mod live;
mod order;
mod progress;
mod purse;
mod queue;
mod resume;
mod row;
mod vendors;

pub use engine::{Engine, InFlight, RunError, Slot, Time, told};
pub use live::{Live, Numbers, ProviderNumbers, PushNumbers};
pub use order::Ordered;
pub(crate) use order::renew;
pub use progress::{Awaited, Outcome, Progress, Trace};
pub use purse::{Account, Grant, Purse, Worst};
pub use row::{Layout, Row, RowCell, fills};
pub use vendors::{Stop, Vendor, VendorError, backoff, hosts, key_names};
pub(crate) use vendors::{redacted, redactor};

use super::credits::Credits;
use super::http::{Secrets, Transport};
use super::model::Table;
use super::state::{RowId, RunId, Scope, SpentIn, StateError, Store};
use crate::value::Clock;
use advance::Advanced;
use queue::{Queue, Task};
use std::collections::HashSet;

/// What a run needs besides the table and the state.
#[derive(Clone, Copy)]
pub struct Means<'m> {
    /// Who makes calls.
    pub transport: &'m dyn Transport,
    /// Where keys are found; nothing where answers come from a recording.
    pub secrets: Option<&'m Secrets>,
    /// What time it is for formulas.
    pub clock: &'m Clock,
    /// What time it is for the table.
    pub time: &'m Time,
    /// How many calls are under way at once.
    pub concurrency: usize,
    /// What people are shown.
    pub live: &'m Live,
}

/// Brings every row of a run to rest.
pub fn run(table: &Table, store: &Store, run: RunId, means: Means<'_>) -> Result<(), RunError> {
    let vendors = table
        .providers
        .iter()
        .map(|provider| Vendor::new(provider, means.secrets.filter(|_| is_asked(table, provider))))
        .collect::<Result<Vec<_>, _>>()?;
    let order = order::order(table, store, run, means.time)?;
    let engine = Engine {
        table,
        layout: Layout::new(table),
        store,
        run,
        redactor: vendors::redactor(vendors.iter().filter_map(|vendor| vendor.key.as_ref())),
        vendors,
        transport: means.transport,
        purse: purse(table, store, run, means.time)?,
        clock: means.clock.clone(),
        time: means.time.clone(),
        in_flight: InFlight::new(means.concurrency),
        live: means.live,
        is_replay: means.secrets.is_none(),
    };
    let spent = store.spent(SpentIn::Run(run))?;
    means.live.change(|numbers| {
        numbers.rows = order.len() as u64;
        numbers.spent = spent;
    });
    // More rows than calls, so that a call can begin while another's outcome is being made durable.
    let workers = means.concurrency + means.concurrency / 2 + 1;
    let unsure = resume::unsure(store, run)?;
    let queue = Queue::new(order.len(), workers);
    std::thread::scope(|scope| {
        for _ in 0..workers.min(order.len().max(1)) {
            // Deep formulas need a large stack.
            let stack = if table.rules.is_deep() { 96 << 20 } else { 4 << 20 };
            let work = || work(&engine, &queue, &order, &unsure);
            if let Err(error) = std::thread::Builder::new().stack_size(stack).spawn_scoped(scope, work) {
                let what = "a thread".to_owned();
                queue.fail(RunError::Write { what, error });
            }
        }
    });
    store.flush()?;
    queue.into_failure().map_or(Ok(()), Err)
}

/// Whether a step of the table asks a provider, so that its key is needed.
fn is_asked(table: &Table, provider: &super::model::Provider) -> bool {
    let is_it = |index: usize| std::ptr::eq(&raw const table.providers[index], provider);
    table.steps.iter().any(|step| {
        let checks = match &step.validation {
            Some(super::model::Validation::Lookup { ask, .. }) => is_it(ask.provider),
            _ => false,
        };
        checks || step.asks.iter().any(|ask| is_it(ask.provider))
    })
}

/// One thread of a run.
fn work(engine: &Engine<'_>, queue: &Queue, order: &[Ordered], unsure: &HashSet<RowId>) {
    loop {
        match queue.next() {
            Task::End => return,
            Task::Load(range) => match load(engine, &order[range.clone()], range.start, unsure) {
                Ok(rows) => queue.loaded(rows),
                Err(error) => return queue.fail(error.into()),
            },
            Task::Row(mut row) => {
                let seen = engine.purse.version();
                match engine.advance(&mut row) {
                    Ok(Advanced::Rested) => {
                        engine.purse.leave(row.order);
                        queue.rested();
                        engine.live.change(|numbers| numbers.rested += 1);
                    }
                    Ok(Advanced::Parked(wake)) => {
                        queue.park(row, wake, (&engine.purse, seen));
                    }
                    Err(error) => return queue.fail(error),
                }
                queue.wake_for_budget(&engine.purse);
                let waiting = queue.waiting() as u64;
                engine.live.change(|numbers| numbers.waiting = waiting);
            }
        }
    }
}

/// Loads rows and makes them known to the budgets, in their order.
fn load(
    engine: &Engine<'_>,
    order: &[Ordered],
    first: usize,
    unsure: &HashSet<RowId>,
) -> Result<Vec<Row>, StateError> {
    let ids: Vec<_> = order.iter().map(|ordered| ordered.row).collect();
    let stored = engine.store.load_rows(&ids)?;
    let mut rows = Vec::new();
    for (index, (stored, ordered)) in stored.into_iter().zip(order).enumerate() {
        let number = (first + index) as u64;
        let mut row = Row::new(stored, ordered.position, number, engine.table, &engine.layout, &engine.clock);
        renew(&mut row, engine.table, &engine.time);
        if unsure.contains(&row.id) {
            resume::resume(&mut row, engine)?;
        }
        let before = match engine.table.budget.row {
            Some(_) => engine.store.spent(SpentIn::Row(row.id))?,
            None => Credits::ZERO,
        };
        let worst = |(step, cell): (usize, &RowCell)| {
            if cell.is_closed() { Worst::default() } else { worst_case(engine.table, step, cell) }
        };
        let carried = resume::carried(&row, engine)?;
        let worst = row.cells.iter().enumerate().map(worst).zip(carried).collect();
        engine.purse.enter(number, worst, before);
        rows.push(row);
    }
    Ok(rows)
}

/// The most that a step can cost for one row, if every call may be paid several times.
fn worst_case(table: &Table, step: usize, cell: &RowCell) -> Worst {
    let step = &table.steps[step];
    let check = match &step.validation {
        Some(super::model::Validation::Lookup { ask, .. }) => ask.credits,
        _ => Credits::ZERO,
    };
    let all: Credits = step.asks.iter().map(|ask| ask.credits + check).sum();
    Worst {
        calls: all.times(u64::from(buy::PAID_TRIES)),
        allowed: step.max_credits.map(|most| most.less(cell.progress.spent())),
    }
}

/// The budgets, with what was spent of them before.
fn purse(table: &Table, store: &Store, run: RunId, time: &Time) -> Result<Purse, StateError> {
    let month = time.text()[..7].to_owned();
    let mut accounts = Vec::new();
    let mut add = |scope: Scope, name: String, step: Option<usize>, most: Option<Credits>| {
        let Some(most) = most else { return Ok(()) };
        let spent = match (scope, step) {
            (Scope::Month, _) => store.spent(SpentIn::Month(&month))?,
            (_, Some(step)) => store.spent(SpentIn::Step(run, &table.steps[step].name))?,
            _ => store.spent(SpentIn::Run(run))?,
        };
        accounts.push(Account { name, step, most, spent });
        Ok::<(), StateError>(())
    };
    add(Scope::Run, "the budget of the run".to_owned(), None, table.budget.run)?;
    add(Scope::Month, "the budget of the month".to_owned(), None, table.budget.month)?;
    for (index, step) in table.steps.iter().enumerate() {
        add(Scope::Step, format!("the budget of `{}`", step.name), Some(index), step.budget)?;
    }
    Ok(Purse::new(accounts, table.budget.row))
}
