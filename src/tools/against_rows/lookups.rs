//! Keys of lookup data that rows ask for and that it lacks.

use crate::check::{Checked, Lookup};
use crate::eval::Observer;
use crate::value::{Value, is_empty, json_text};
use std::collections::{BTreeMap, HashMap};

/// More keys than this are not told apart for one file.
const MOST_KEYS: usize = 20_000;
/// So many of the most frequent ones are kept.
const MOST_SHOWN: usize = 5;

/// The keys that lookups asked for in vain, by the data. Of several lookups in a row with the same key, one counts.
#[derive(Debug, Default)]
pub(super) struct Lookups {
    by_data: BTreeMap<u32, Asked>,
    /// What the present row has asked for.
    in_row: Vec<(u32, String)>,
}

#[derive(Debug, Default)]
struct Asked {
    found: u64,
    missing: u64,
    keys: HashMap<String, u64>,
}

/// Lookup data in which some keys of the rows were not found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MissingKeys {
    /// The name of the data.
    pub data: String,
    /// Its file.
    pub file: String,
    /// How many lookups with a key found nothing, and how many there were.
    pub missing: u64,
    /// How many lookups had a key.
    pub asked: u64,
    /// The most frequent keys that were not found, as JSON, and how many rows have each.
    pub keys: Vec<(String, u64)>,
    /// How many more keys there are.
    pub more: usize,
}

impl Observer for Lookups {
    const SEES_COMPARISONS: bool = false;

    fn looked_up(&mut self, lookup: &Lookup, keys: &[Value<'_>], row: Option<usize>) {
        if keys.iter().all(is_empty) {
            return;
        }
        let shown: Vec<String> = keys.iter().map(json_text).collect();
        let asked = (lookup.data.0, shown.join(", "));
        if self.in_row.contains(&asked) {
            return;
        }
        let data = self.by_data.entry(asked.0).or_default();
        if row.is_some() {
            data.found += 1;
        } else {
            data.missing += 1;
            if data.keys.len() < MOST_KEYS || data.keys.contains_key(&asked.1) {
                *data.keys.entry(asked.1.clone()).or_default() += 1;
            }
        }
        self.in_row.push(asked);
    }
}

impl Lookups {
    /// Begins the next row.
    pub(super) fn next_row(&mut self) {
        self.in_row.clear();
    }

    pub(super) fn merge(&mut self, other: Self) {
        for (id, asked) in other.by_data {
            let own = self.by_data.entry(id).or_default();
            own.found += asked.found;
            own.missing += asked.missing;
            for (key, count) in asked.keys {
                if own.keys.len() < MOST_KEYS || own.keys.contains_key(&key) {
                    *own.keys.entry(key).or_default() += count;
                }
            }
        }
    }

    /// The data in which some keys were not found.
    pub(super) fn missing(self, tree: &Checked) -> Vec<MissingKeys> {
        let of = |(id, asked): (u32, Asked)| {
            let declaration = tree.data.get(id as usize).filter(|_| asked.missing > 0)?;
            let mut keys: Vec<(String, u64)> = asked.keys.into_iter().collect();
            keys.sort_by(|one, two| two.1.cmp(&one.1).then_with(|| one.0.cmp(&two.0)));
            let more = keys.len().saturating_sub(MOST_SHOWN);
            keys.truncate(MOST_SHOWN);
            Some(MissingKeys {
                data: declaration.name.value.clone(),
                file: declaration.path(),
                missing: asked.missing,
                asked: asked.missing + asked.found,
                keys,
                more,
            })
        };
        self.by_data.into_iter().filter_map(of).collect()
    }
}
