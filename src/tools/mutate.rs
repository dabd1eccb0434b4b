//! Small mistakes put into a rule file on purpose, to see whether its rows and examples would notice.

mod boundary;
mod earlier;
mod edits;
mod rows;

pub use boundary::Boundary;
pub use edits::{Mutant, mutants};
pub use rows::{MOST_ROWS, Rows, collect};

use super::test::examples::{self, Example};
use crate::eval::Evaluation;
use crate::rules::Rules;
use crate::value::{Clock, Value};
use rows::borrowed;
use std::io;
use std::sync::atomic::{AtomicUsize, Ordering};

/// What became of all mutants of a rule file.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Mutation {
    /// How many mutants there were; those that don't compile don't count.
    pub mutants: usize,
    /// Those that no row and no example noticed, in the order of the text.
    pub survivors: Vec<Survivor>,
    /// How many more there are, which were not tried: of very many, every second or third and so on is.
    pub left_out: usize,
    /// Whether there were more rows than [`MOST_ROWS`], and only those were looked at.
    pub cut: bool,
}

/// A mutant that gives the same results as the original.
#[derive(Clone, Debug, PartialEq)]
pub struct Survivor {
    /// The file, where it is another one than the rule file.
    pub file: Option<String>,
    /// The line of the edit, from 1.
    pub line: usize,
    /// The character of the line, from 1.
    pub character: usize,
    /// What stood there, on one line.
    pub from: String,
    /// What stands there instead.
    pub to: String,
    /// Which rows are missing, where that can be told.
    pub note: Option<String>,
}

impl Mutation {
    /// How many mutants were noticed.
    #[must_use]
    pub fn noticed(&self) -> usize {
        self.mutants - self.survivors.len()
    }

    /// The share that was noticed, from 0 to 100.
    #[must_use]
    pub fn percent(&self) -> f64 {
        if self.mutants == 0 { 100.0 } else { self.noticed() as f64 * 100.0 / self.mutants as f64 }
    }
}

/// More mutants than this are tried by sample.
const MOST_MUTANTS: usize = 2_000;
/// Of a text of whatever length, so many are tried.
const FEWEST_MUTANTS: usize = 50;
/// More bytes than this are not compiled for all mutants together.
const MOST_BYTES: usize = 4_000_000;

/// Bytes of stack for a thread that runs deep rules.
const DEEP_STACK: usize = 96 << 20;
const STACK: usize = 8 << 20;

/// Runs every mutant of the rules over rows and examples, on several threads, each until something differs.
///
/// Fails where a thread can't be started.
pub fn mutate(
    rules: &Rules,
    rows: &Rows,
    examples: &[Example],
    clock: &Clock,
    threads: usize,
) -> io::Result<Mutation> {
    // An example that fails already can't notice anything.
    let sound: Vec<&Example> =
        examples.iter().filter(|example| examples::run(rules, example, clock, &mut ()).is_ok()).collect();
    let mut all = mutants(rules.tree());
    let found = all.len();
    // Each is compiled anew, so of a long text fewer are tried.
    let most = (MOST_BYTES / rules.tree().source.text().len().max(1)).clamp(FEWEST_MUTANTS, MOST_MUTANTS);
    if found > most {
        let every = found.div_ceil(most);
        all = all.into_iter().step_by(every).collect();
    }
    let next = AtomicUsize::new(0);
    let stack = if rules.is_deep() { DEEP_STACK } else { STACK };
    let work = || {
        let mut done = Vec::new();
        while let Some((index, mutant)) =
            Some(next.fetch_add(1, Ordering::Relaxed)).and_then(|index| Some((index, all.get(index)?)))
        {
            done.push((index, survives(rules, mutant, rows, &sound, clock)));
        }
        done
    };
    let mut fates = std::thread::scope(|scope| {
        let spawn = |_| std::thread::Builder::new().stack_size(stack).spawn_scoped(scope, work);
        let workers: Vec<_> =
            (0..threads.clamp(1, all.len().max(1))).map(spawn).collect::<io::Result<_>>()?;
        let mut fates = Vec::new();
        for worker in workers {
            match worker.join() {
                Ok(done) => fates.extend(done),
                Err(panic) => std::panic::resume_unwind(panic),
            }
        }
        Ok::<_, io::Error>(fates)
    })?;
    fates.sort_by_key(|(index, _)| *index);
    let counted: Vec<(&Mutant, bool)> =
        fates.iter().filter_map(|(index, fate)| Some((&all[*index], (*fate)?))).collect();
    let surviving: Vec<&Mutant> =
        counted.iter().filter(|(_, survives)| *survives).map(|(one, _)| *one).collect();
    let notes = boundary::notes(rules, &surviving, rows, &sound, clock);
    let survivors = surviving.iter().zip(notes).map(|(mutant, note)| {
        let (source, start) = (&rules.tree().source, mutant.span.start as usize);
        let at = source.position(start);
        let file = source.other_name_at(start).map(ToOwned::to_owned);
        let (from, to) = mutant.shown.clone();
        Survivor { file, line: at.line, character: at.column, from, to, note }
    });
    let left_out = found - all.len();
    Ok(Mutation { mutants: counted.len(), left_out, survivors: survivors.collect(), cut: rows.cut })
}

/// Whether no row and no example tells the mutant from the original; `None` where it is no rule file any more.
fn survives(
    rules: &Rules,
    mutant: &Mutant,
    rows: &Rows,
    examples: &[&Example],
    clock: &Clock,
) -> Option<bool> {
    let changed = rules.recompile(mutant.span.range(), &mutant.replacement).ok()?;
    if !changed.column_names().eq(rules.column_names()) {
        return None;
    }
    if examples.iter().any(|example| examples::run(&changed, example, clock, &mut ()).is_err()) {
        return Some(false);
    }
    // A mutant can read less than the original, and in another order.
    let places: Vec<Option<usize>> =
        changed.keys().iter().map(|key| rules.keys().iter().position(|own| own == key)).collect();
    let mut evaluation = Evaluation::new(changed.tree(), clock);
    let mut inputs = Vec::new();
    for (row, results) in rows.keyed.iter().zip(&rows.results) {
        let value =
            |place: &Option<usize>| place.and_then(|at| row.get(at)).map(borrowed).unwrap_or_default();
        let keyed: Vec<Value<'_>> = places.iter().map(value).collect();
        changed.inputs(&keyed, clock, &mut inputs);
        let values = evaluation.row(&inputs, &mut ());
        // Snapshots show what is written out.
        let mut outputs = rules.tree().outputs().map(|(id, _)| id.0 as usize);
        if !outputs.all(|index| looks_same(&values[index], &results[index])) {
            return Some(false);
        }
    }
    Some(true)
}

/// Whether a snapshot shows two results alike: of an error it shows the code alone.
fn looks_same(one: &Value<'_>, two: &Value<'_>) -> bool {
    match (one, two) {
        (Value::Error(one), Value::Error(two)) => one.code == two.code,
        (one, two) => one == two,
    }
}
