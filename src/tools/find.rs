//! Finds the rows that are asked for: one by its number, or those for which a formula holds.

use super::lead::{label, with_label_keys};
use super::words::shown;
use crate::batch::{BatchError, Input, Survey, SurveyedRow, Threads, survey};
use crate::rules::Rules;
use crate::value::{Clock, Value, to_boolean};
use std::collections::BTreeSet;
use std::ops::ControlFlow;
use std::sync::atomic::{AtomicU64, Ordering};

/// Which rows are asked for.
#[derive(Clone, Copy, Debug)]
pub enum Which<'w> {
    /// The row of this number, from 1.
    Number(u64),
    /// The rows for which this formula holds, over the columns of the row and those that are computed.
    Where(&'w Rules),
}

/// A row that was found.
#[derive(Clone, Debug, PartialEq)]
pub struct Lead {
    /// Its number, from 1, over all files.
    pub row: u64,
    /// What it is called.
    pub label: Option<String>,
    /// The values under the keys that the rules read.
    pub keyed: Vec<Value<'static>>,
}

/// The rows that were found, and how many there are.
#[derive(Debug, Default)]
pub struct Leads {
    /// The first of them.
    pub leads: Vec<Lead>,
    /// All of them.
    pub count: u64,
    /// How many rows were read.
    pub rows: u64,
    /// The keys of the first rows.
    pub keys: BTreeSet<String>,
    /// For how many rows the formula does not say whether they are asked for.
    pub unanswered: u64,
    /// The first of those, and why.
    pub first_unanswered: Option<(u64, String)>,
}

/// Reads `inputs` and keeps the first `most` of the rows that are asked for.
pub fn find<'i>(
    rules: &Rules,
    clock: &Clock,
    which: Which<'_>,
    most: usize,
    inputs: impl Iterator<Item = Result<Input<'i>, BatchError>>,
) -> Result<Leads, BatchError> {
    let mut keys = with_label_keys(rules.keys());
    if let Which::Where(formula) = which {
        let further: Vec<String> = formula.keys().iter().filter(|key| !keys.contains(key)).cloned().collect();
        keys.extend(further);
    }
    let finding = Finding { rules, clock, which, most, keys, rows_before: AtomicU64::new(0) };
    // Numbers are counted as rows are read, so that these come one after the other.
    let count = if matches!(which, Which::Number(_)) { 1 } else { crate::batch::processors() };
    let mut found = Leads::default();
    found.keys = survey(&finding, Threads { count, deep: rules.is_deep() }, inputs, &mut found)?;
    Ok(found)
}

struct Finding<'f> {
    rules: &'f Rules,
    clock: &'f Clock,
    which: Which<'f>,
    most: usize,
    keys: Vec<String>,
    rows_before: AtomicU64,
}

impl Survey for Finding<'_> {
    type Found = Leads;

    fn keys(&self) -> &[String] {
        &self.keys
    }

    fn row<'b>(&'b self, row: SurveyedRow<'_, 'b>, found: &mut Leads) -> Result<(), BatchError> {
        found.rows += 1;
        let is_asked_for = match self.which {
            Which::Number(number) => self.rows_before.fetch_add(1, Ordering::Relaxed) + 1 == number,
            Which::Where(formula) => self.holds(formula, row.keyed).unwrap_or_else(|why| {
                found.unanswered += 1;
                found.first_unanswered.get_or_insert((row.number, why));
                false
            }),
        };
        if is_asked_for {
            found.count += 1;
            if found.leads.len() < self.most {
                found.leads.push(self.lead(row.number, row.keyed));
            }
        }
        Ok(())
    }

    fn bad_row(&self, _: u64, error: BatchError, found: &mut Leads) -> Result<(), BatchError> {
        found.rows += 1;
        match self.which {
            // Another row may well be explained.
            Which::Number(number) if self.rows_before.fetch_add(1, Ordering::Relaxed) + 1 != number => Ok(()),
            _ => Err(error),
        }
    }

    fn gather(&self, all: &mut Leads, block: &mut Leads) -> ControlFlow<()> {
        let block = std::mem::take(block);
        let room = self.most - all.leads.len();
        let before = all.rows;
        let numbered = block.leads.into_iter().take(room).map(|lead| Lead { row: lead.row + before, ..lead });
        all.leads.extend(numbered);
        all.unanswered += block.unanswered;
        if all.first_unanswered.is_none() {
            all.first_unanswered = block.first_unanswered.map(|(row, why)| (row + before, why));
        }
        all.count += block.count;
        all.rows += block.rows;
        let is_done = matches!(self.which, Which::Number(_)) && all.count > 0;
        if is_done { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    }
}

impl Finding<'_> {
    fn value<'r, 'v>(&self, keyed: &'r [Option<Value<'v>>], key: &str) -> Option<&'r Value<'v>> {
        let index = self.keys.iter().position(|known| known == key)?;
        keyed[index].as_ref()
    }

    fn lead(&self, row: u64, keyed: &[Option<Value<'_>>]) -> Lead {
        let own = |value: &Option<Value<'_>>| value.clone().unwrap_or_default().into_owned();
        let keyed_of_rules = keyed[..self.rules.keys().len()].iter().map(own).collect();
        Lead { row, label: label(|key| self.value(keyed, key)), keyed: keyed_of_rules }
    }

    /// Whether a formula holds over computed columns and, where there is none of that name, columns of the row; or why
    /// that can't be told.
    fn holds<'b>(&'b self, formula: &'b Rules, keyed: &[Option<Value<'b>>]) -> Result<bool, String> {
        let of_rules: Vec<Value<'b>> =
            keyed[..self.rules.keys().len()].iter().map(|value| value.clone().unwrap_or_default()).collect();
        let results = self.rules.eval_keyed(&of_rules, self.clock, &mut ());
        let value = |key: &String| {
            let computed = results.get(key).cloned();
            computed.or_else(|| self.value(keyed, key).cloned()).unwrap_or_default()
        };
        let asked: Vec<Value<'b>> = formula.keys().iter().map(value).collect();
        match &formula.eval_keyed(&asked, self.clock, &mut ()).values()[0] {
            Value::Error(error) => Err(error.to_string()),
            value => to_boolean(value).map_err(|_| format!("{} is neither TRUE nor FALSE", shown(value))),
        }
    }
}
