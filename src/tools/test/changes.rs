//! What differs between two snapshots of rows: which leads, in which columns, from what to what.

use super::cells::RowLine;
use super::snapshot::Snapshot;
use crate::syntax::bare_or_braced;
use std::collections::{BTreeMap, HashMap, VecDeque};

/// The body of a snapshot without rows.
pub(super) const NO_ROWS: &str = "no rows";

/// The difference of two snapshots.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Difference {
    /// Row by row.
    Rows(RowsDifference),
    /// As text.
    Text {
        /// What stood there.
        old: String,
        /// What stands there now.
        new: String,
    },
}

/// The difference of two snapshots that hold all their rows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RowsDifference {
    /// Leads with other results.
    pub changed: Vec<RowChange>,
    /// Rows that were not there before, as lines of the snapshot.
    pub added: Vec<String>,
    /// Rows that are gone, likewise.
    pub gone: Vec<String>,
    /// Columns that were not there before, and those that are gone.
    pub new_columns: Vec<String>,
    /// Columns that are gone.
    pub gone_columns: Vec<String>,
    /// How often a column went from one result to another, the most frequent first.
    pub transitions: Vec<Transition>,
}

/// The change of one lead.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RowChange {
    /// What it is called.
    pub label: String,
    /// Column, old result, new result.
    pub cells: Vec<(String, String, String)>,
}

/// How often a column went from one result to another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Transition {
    /// The column.
    pub column: String,
    /// The old result.
    pub from: String,
    /// The new one.
    pub to: String,
    /// In how many rows.
    pub rows: usize,
}

/// The names of columns as a snapshot's header lists them.
#[must_use]
pub fn column_list(columns: &[String]) -> String {
    columns.iter().map(|name| bare_or_braced(name)).collect::<Vec<_>>().join(", ")
}

fn read_column_list(list: &str) -> Vec<String> {
    let mut columns = Vec::new();
    let mut rest = list;
    while !rest.is_empty() {
        let (name, behind) = match rest.strip_prefix("{{") {
            Some(inside) => inside.split_once("}}").unwrap_or((inside, "")),
            None => rest.split_at(rest.find(", ").unwrap_or(rest.len())),
        };
        columns.push(name.to_owned());
        rest = behind.strip_prefix(", ").unwrap_or("");
    }
    columns
}

/// Compares two snapshots of rows; `None` where they say the same.
#[must_use]
pub fn difference(old: &Snapshot, new: &Snapshot) -> Option<Difference> {
    if old.body == new.body {
        return None;
    }
    let rows = rows_of(old).zip(rows_of(new)).map(|(old, new)| compare(&old, &new));
    let is_told = |rows: &RowsDifference| *rows != RowsDifference::default();
    Some(
        rows.filter(is_told).map_or_else(
            || Difference::Text { old: old.body.clone(), new: new.body.clone() },
            Difference::Rows,
        ),
    )
}

/// Columns and rows of a snapshot, where it holds its rows one by one.
fn rows_of(snapshot: &Snapshot) -> Option<(Vec<String>, Vec<RowLine>)> {
    let columns = read_column_list(snapshot.expression.as_deref()?);
    if snapshot.body == NO_ROWS {
        return Some((columns, Vec::new()));
    }
    let rows: Option<Vec<RowLine>> =
        snapshot.body.lines().map(|line| RowLine::parse(line, &columns)).collect();
    Some((columns, rows?))
}

type Rows = (Vec<String>, Vec<RowLine>);

/// What a row is called, and what it says in some columns.
type Key<'r> = (&'r str, Vec<&'r str>);

fn key(row: &RowLine, columns: impl Iterator<Item = usize>) -> Key<'_> {
    (&row.label, columns.map(|index| row.cells[index].as_str()).collect())
}

/// Takes one row of this key away, if there is one.
fn take<'r>(rows: &mut HashMap<Key<'r>, usize>, key: &Key<'r>) -> bool {
    rows.get_mut(key).filter(|count| **count > 0).map(|count| *count -= 1).is_some()
}

fn compare<'r>((old_columns, old): &'r Rows, (new_columns, new): &'r Rows) -> RowsDifference {
    let missing_in = |one: &[String], other: &[String]| {
        one.iter().filter(|name| !other.contains(name)).cloned().collect::<Vec<_>>()
    };
    let mut found = RowsDifference {
        new_columns: missing_in(new_columns, old_columns),
        gone_columns: missing_in(old_columns, new_columns),
        ..RowsDifference::default()
    };
    let pairs: Vec<(usize, usize, &String)> = new_columns
        .iter()
        .enumerate()
        .filter_map(|(to, name)| Some((old_columns.iter().position(|old| old == name)?, to, name)))
        .collect();
    // Leads of one name are paired in their order, but first with those that are just the same in all that both tell.
    let old_key = |row: &'r RowLine| key(row, pairs.iter().map(|(from, ..)| *from));
    let new_key = |row: &'r RowLine| key(row, pairs.iter().map(|(_, to, _)| *to));
    let mut same: HashMap<Key<'r>, usize> = HashMap::new();
    old.iter().for_each(|row| *same.entry(old_key(row)).or_default() += 1);
    let rest_of_new: Vec<&RowLine> = new.iter().filter(|row| !take(&mut same, &new_key(row))).collect();
    // What is left over in `same` is what has no twin.
    let mut left: HashMap<&str, VecDeque<&RowLine>> = HashMap::new();
    let mut order = Vec::new();
    for row in old.iter().rev() {
        if take(&mut same, &old_key(row)) {
            left.entry(&row.label).or_default().push_front(row);
            order.push(row);
        }
    }
    let mut transitions: BTreeMap<(usize, String, String), usize> = BTreeMap::new();
    for row in rest_of_new {
        let Some(before) = left.get_mut(row.label.as_str()).and_then(VecDeque::pop_front) else {
            found.added.push(row.to_text(new_columns));
            continue;
        };
        let mut cells = Vec::new();
        for (from, to, name) in &pairs {
            let (from, new) = (&before.cells[*from], &row.cells[*to]);
            if from != new {
                cells.push(((*name).clone(), from.clone(), new.clone()));
                *transitions.entry((*to, from.clone(), new.clone())).or_default() += 1;
            }
        }
        if !cells.is_empty() {
            found.changed.push(RowChange { label: row.label.clone(), cells });
        }
    }
    for row in order.iter().rev() {
        let waiting = left.get_mut(row.label.as_str());
        if let Some(gone) = waiting.and_then(VecDeque::pop_front) {
            found.gone.push(gone.to_text(old_columns));
        }
    }
    let mut transitions: Vec<_> = transitions.into_iter().collect();
    transitions.sort_by_key(|((column, ..), rows)| (*column, std::cmp::Reverse(*rows)));
    found.transitions = transitions
        .into_iter()
        .map(|((column, from, to), rows)| Transition { column: new_columns[column].clone(), from, to, rows })
        .collect();
    found
}

#[cfg(test)]
mod tests {
    use super::{Difference, column_list, difference, read_column_list};
    use crate::tools::test::snapshot::Snapshot;

    fn snapshot(columns: &str, rows: &[&str]) -> Snapshot {
        Snapshot { expression: Some(columns.to_owned()), body: rows.join("\n"), ..Snapshot::default() }
    }

    #[test]
    fn leads_are_compared_by_name() {
        let old =
            snapshot("S, T", &["Ada · S 1 · T A", "Bo · S 2 · T B", "Bo · S 3 · T B", "Cy · S 4 · T C"]);
        let new =
            snapshot("S, T", &["Di · S 9 · T A", "Ada · S 1 · T A", "Bo · S 3 · T B", "Bo · S 2 · T A"]);
        let Some(Difference::Rows(found)) = difference(&old, &new) else { panic!("rows differ") };
        assert_eq!(found.added, ["Di · S 9 · T A"]);
        assert_eq!(found.gone, ["Cy · S 4 · T C"]);
        assert_eq!(found.changed.len(), 1);
        assert_eq!(found.changed[0].cells, [("T".to_owned(), "B".to_owned(), "A".to_owned())]);
        assert_eq!((found.transitions.len(), found.transitions[0].rows), (1, 1));
    }

    #[test]
    fn columns_come_and_go() {
        let old = snapshot("S, T", &["Ada · S 1 · T A"]);
        let new = snapshot("S, U", &["Ada · S 2 · U A"]);
        let Some(Difference::Rows(found)) = difference(&old, &new) else { panic!("rows differ") };
        assert_eq!((found.new_columns, found.gone_columns), (vec!["U".to_owned()], vec!["T".to_owned()]));
        assert_eq!(found.changed[0].cells.len(), 1);
    }

    #[test]
    fn leads_of_one_name_that_only_moved_did_not_change() {
        let old = snapshot("S, T", &["Bo · S 2 · T B", "Bo · S 3 · T A"]);
        let new = snapshot("S, U", &["Bo · S 3 · U A", "Bo · S 2 · U A"]);
        let Some(Difference::Rows(found)) = difference(&old, &new) else { panic!("columns differ") };
        assert_eq!((found.changed, found.added, found.gone), (vec![], vec![], vec![]));
        assert_eq!((found.new_columns, found.gone_columns), (vec!["U".to_owned()], vec!["T".to_owned()]));
    }

    #[test]
    fn an_order_that_changed_is_text() {
        let (one, two) = (snapshot("S", &["A · S 1", "B · S 1"]), snapshot("S", &["B · S 1", "A · S 1"]));
        assert!(matches!(difference(&one, &two), Some(Difference::Text { .. })));
        assert_eq!(difference(&one, &one), None);
    }

    #[test]
    fn lists_of_columns_are_read_back() {
        let columns = ["ICP Score".to_owned(), "a, b".to_owned(), "C".to_owned()];
        assert_eq!(read_column_list(&column_list(&columns)), columns);
    }
}
