//! Pushing rows at rest to CRMs and other programs: each contact once, however often a run is interrupted.
//!
//! A row that is due becomes a payload in the outbox before any call is made; what was sent is not sent again until it
//! changes. What was perhaps sent is sent again exactly as it was, after all that is new and before what is new of the
//! same contact. A batch that one contact spoils is divided until that one stands alone.

mod answer;
mod due;
mod effect;
mod line;
mod payload;
mod question;
mod record;
mod request;
mod send;
mod show;

use super::ask::Caller;
use super::http::{Breaker, Pace, Redactor, Secret, SecretError};
use super::model::{Effect, Table, Target};
use super::run::{Layout, Means, RunError, Vendor, VendorError, redactor};
use super::state::{RunId, Store};
use effect::Course;
use line::Line;
use record::Book;
use request::{Calling, Pushing};
use send::{Sender, Way};
use show::Show;
use std::collections::{HashMap, HashSet};
use std::io::Write;
use std::sync::atomic::AtomicU32;
use std::time::Duration;

/// An address that failed so often in a row is left alone for a while.
const FAILURES: u32 = 10;
/// For this long.
const COOL_DOWN: Duration = Duration::from_secs(5);

/// Whether anything is pushed.
pub enum Mode<'m> {
    /// It is.
    Send,
    /// Nothing is called and nothing is kept. The requests that would be made are written as lines of JSON, or only
    /// counted.
    DryRun(Option<&'m mut dyn Write>),
}

/// What became of all effects of a table, in their order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SyncReport {
    /// One for each effect.
    pub effects: Vec<EffectReport>,
}

/// What became of one effect. `due` is the sum of `sent`, `unchanged`, `duplicates`, `keyless`, `failed`, `unsent` and
/// `would_send`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EffectReport {
    /// Its name.
    pub name: String,
    /// The rows that are not at rest, as a budget holds them, and so were not looked at.
    pub waiting: u64,
    /// The rows whose trigger holds.
    pub due: u64,
    /// The rows that were pushed.
    pub sent: u64,
    /// The rows that were pushed before and have not changed.
    pub unchanged: u64,
    /// The rows whose contact is that of a row before them.
    pub duplicates: u64,
    /// The rows without a dedup key.
    pub keyless: u64,
    /// The rows that could not be pushed: dead letters, old ones included.
    pub failed: u64,
    /// The rows that are left for another run, as something stands in the way of them all.
    pub unsent: u64,
    /// The rows that would be pushed if this were no dry run.
    pub would_send: u64,
    /// The contacts that were not there before.
    pub created: u64,
    /// What an earlier run perhaps sent, and what was sent again therefore.
    pub resent: u64,
    /// What stands in the way of the whole effect.
    pub problems: Vec<String>,
    /// What is worth knowing about these numbers.
    pub notes: Vec<String>,
}

impl SyncReport {
    /// Whether nothing stood in the way of a whole effect.
    #[must_use]
    pub fn is_sound(&self) -> bool {
        self.effects.iter().all(|effect| effect.problems.is_empty())
    }

    /// The effects that were to send something, of which nothing came through.
    pub fn failed(&self) -> impl Iterator<Item = &EffectReport> {
        self.effects
            .iter()
            .filter(|effect| effect.failed > 0 && effect.sent + effect.unchanged + effect.would_send == 0)
    }
}

/// Pushes what the rows of a run, all at rest, have for the effects of the table.
///
/// A problem of one effect leaves the others alone and stands in the report. Keys are needed only where something is
/// sent.
pub fn sync(
    table: &Table,
    store: &Store,
    run: RunId,
    means: Means<'_>,
    mut mode: Mode<'_>,
) -> Result<SyncReport, RunError> {
    let keys = Keys::new(table, means, matches!(mode, Mode::Send))?;
    let layout = Layout::new(table);
    let mut report = SyncReport::default();
    for effect in &table.effects {
        let (way, line) = keys.way(table, effect, means);
        let book = Book::new(store, run, (means.time, means.live), &effect.name);
        let sender = Sender::new(way, line, book, means.concurrency);
        let mut course = Course {
            table,
            effect,
            store,
            run,
            means,
            layout: &layout,
            sender: &sender,
            firsts: HashMap::new(),
            left: HashSet::new(),
            deferred: Vec::new(),
        };
        match &mut mode {
            Mode::Send => course.send()?,
            Mode::DryRun(out) => {
                let out = out.as_mut().map(|out| &mut **out as &mut dyn Write);
                course.show(&mut Show::new(&effect.name, out))?;
            }
        }
        report.effects.push(sender.book.into_report());
    }
    Ok(report)
}

/// Those who are called, each once however many effects call it, and the keys for them.
struct Keys {
    vendors: HashMap<usize, Vendor>,
    secrets: HashMap<String, Secret>,
}

impl Keys {
    fn new(table: &Table, means: Means<'_>, is_sent: bool) -> Result<Self, VendorError> {
        let secrets = means.secrets.filter(|_| is_sent);
        let mut keys = Self { vendors: HashMap::new(), secrets: HashMap::new() };
        for effect in &table.effects {
            match &effect.target {
                Target::Push { provider, .. } => {
                    let vendor = Vendor::new(&table.providers[*provider], secrets)?;
                    keys.vendors.entry(*provider).or_insert(vendor);
                }
                Target::Generic { key_env: Some(name), .. } => {
                    let secret = secrets.map(|secrets| secrets.get(name)).transpose();
                    let secret = secret.map_err(|error: SecretError| VendorError::Key(error))?;
                    keys.secrets.extend(secret.map(|secret| (name.clone(), secret)));
                }
                Target::Generic { key_env: None, .. } => {}
            }
        }
        Ok(keys)
    }

    /// What takes all keys of effects out of answers.
    fn redactor(&self) -> Redactor {
        redactor(self.vendors.values().filter_map(|vendor| vendor.key.as_ref()).chain(self.secrets.values()))
    }

    /// How an effect sends, and over which line.
    fn way<'k>(&'k self, table: &'k Table, effect: &'k Effect, means: Means<'k>) -> (Way<'k>, Line<'k>) {
        let line = |(name, title): (&'k str, &'k str), vendor: Option<&Vendor>| Line {
            name,
            title,
            pace: vendor.map_or_else(|| Pace::new([]), |vendor| vendor.pace.clone()),
            breaker: vendor
                .map_or_else(|| Breaker::new(FAILURES, COOL_DOWN), |vendor| vendor.breaker.clone()),
            transport: means.transport,
            redactor: self.redactor(),
            live: means.live,
            is_replay: means.secrets.is_none(),
            silence: AtomicU32::new(0),
            fruitless: AtomicU32::new(0),
        };
        match &effect.target {
            Target::Push { provider: index, push, url } => {
                let (provider, vendor) = (&table.providers[*index], self.vendors.get(index));
                let caller = Caller::of(provider, vendor.and_then(|vendor| vendor.key.as_ref()));
                let key_name = effect.dedup.as_ref().map_or("", |(name, _)| name);
                let push = &provider.pushes[*push];
                let way = Pushing { push, url, key_name, caller, clock: means.clock };
                (Way::Push(way), line((&provider.name, &provider.title), vendor))
            }
            Target::Generic { method, url, key_env, .. } => {
                let key = key_env.as_ref().and_then(|name| self.secrets.get(name));
                let calling = Calling { effect: &effect.name, method, url, key };
                (Way::Generic(calling), line((&effect.name, &effect.name), None))
            }
        }
    }
}
