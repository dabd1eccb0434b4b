//! Paths into the records of rows, and whether any row has them.

use crate::value::{Value, is_empty};

/// A path that formulas read: a key of the row, and the steps from its value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RowPath {
    /// The key, by its index among those of the rules.
    pub key: usize,
    /// The steps from its value.
    pub steps: Vec<RowStep>,
    /// The path as the rule writes it.
    pub written: String,
}

/// One step of a [`RowPath`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RowStep {
    /// The member of a record.
    Field(String),
    /// Any item of a list.
    Item,
}

/// What rows have at a path. Of several rows, the greatest counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum PathFound {
    /// Nothing that the path could be a part of.
    #[default]
    Nothing,
    /// A record or list that has other members.
    Other,
    /// The path.
    Whole,
}

impl RowPath {
    /// What a value of the path's key has at its steps.
    fn look_in(steps: &[RowStep], value: &Value<'_>) -> PathFound {
        let Some((step, rest)) = steps.split_first() else { return PathFound::Whole };
        match (step, value) {
            (RowStep::Field(name), Value::Record(record)) => match record.get(name) {
                Some(member) => Self::look_in(rest, member),
                None if record.members().iter().all(|(_, member)| is_empty(member)) => PathFound::Nothing,
                None => PathFound::Other,
            },
            (RowStep::Item, Value::List(items)) => {
                items.iter().map(|item| Self::look_in(rest, item)).max().unwrap_or_default()
            }
            (RowStep::Item, Value::Record(_)) => PathFound::Other,
            _ => PathFound::Nothing,
        }
    }
}

/// Looks for those of `paths` that no row has had so far; `keyed` gives the value of a row under a key.
pub fn look_for<'r, 'v: 'r>(
    paths: &[RowPath],
    found: &mut Vec<PathFound>,
    keyed: impl Fn(usize) -> Option<&'r Value<'v>>,
) {
    found.resize(paths.len(), PathFound::Nothing);
    for (path, found) in paths.iter().zip(found).filter(|(_, found)| **found != PathFound::Whole) {
        if let Some(value) = keyed(path.key) {
            *found = RowPath::look_in(&path.steps, value).max(*found);
        }
    }
}

/// Adds what the next rows have, and empties it.
pub fn merge_found(all: &mut Vec<PathFound>, block: &mut Vec<PathFound>) {
    all.resize(all.len().max(block.len()), PathFound::Nothing);
    for (all, block) in all.iter_mut().zip(block.drain(..)) {
        *all = block.max(*all);
    }
}

/// The paths that rows lack, although they have what the paths lead into.
pub fn missing_paths<'p>(paths: &'p [RowPath], found: &[PathFound]) -> impl Iterator<Item = &'p RowPath> {
    paths.iter().zip(found).filter(|(_, found)| **found == PathFound::Other).map(|(path, _)| path)
}
