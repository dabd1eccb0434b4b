//! Many rows in few lines: how often each result came, and a digest of all rows, by groups.

use super::cells::write_cell;
use crate::batch::Numbers;
use crate::syntax::bare_or_braced;
use crate::value::{Clock, Value, number_text};
use std::collections::HashMap;

/// A column with more different results than this is told by its quantiles.
const MOST_VALUES: usize = 60;
/// Rows are put into this many groups by what their lead is called. A row that comes or goes changes one of them.
const GROUPS: usize = 64;

/// The results of many rows.
#[derive(Clone, Debug, Default)]
pub(super) struct Summary {
    columns: Vec<ColumnSummary>,
    groups: Vec<Group>,
    /// Reused from row to row.
    cell: String,
}

#[derive(Clone, Debug, Default)]
struct ColumnSummary {
    counts: HashMap<String, u64>,
    /// Results beyond those that are told apart.
    others: u64,
    numbers: Numbers,
}

#[derive(Clone, Copy, Debug, Default)]
struct Group {
    rows: u64,
    digest: u64,
}

impl Summary {
    /// Adds a row; `identity` is the same for rows of the same lead.
    pub(super) fn add(&mut self, identity: u64, values: &[&Value<'_>], clock: &Clock) {
        self.columns.resize_with(values.len(), ColumnSummary::default);
        self.groups.resize_with(GROUPS, Group::default);
        let mut digest = identity;
        for (column, value) in self.columns.iter_mut().zip(values) {
            self.cell.clear();
            write_cell(&mut self.cell, value, clock);
            digest = fnv(fnv(digest, b"\n"), self.cell.as_bytes());
            column.add(&self.cell, value);
        }
        let group = &mut self.groups[mixed(identity) as usize % GROUPS];
        group.rows += 1;
        // Added up, so that the order of the rows is no matter.
        group.digest = group.digest.wrapping_add(mixed(digest));
    }

    pub(super) fn merge(&mut self, other: &mut Self) {
        self.columns.resize_with(self.columns.len().max(other.columns.len()), ColumnSummary::default);
        self.groups.resize_with(GROUPS, Group::default);
        for (column, other) in self.columns.iter_mut().zip(&mut other.columns) {
            let mut counts: Vec<(String, u64)> = other.counts.drain().collect();
            counts.sort_unstable();
            counts.into_iter().for_each(|(cell, times)| column.count(&cell, times));
            column.others += other.others;
            column.numbers.merge(&mut other.numbers);
        }
        for (group, other) in self.groups.iter_mut().zip(&other.groups) {
            group.rows += other.rows;
            group.digest = group.digest.wrapping_add(other.digest);
        }
    }

    pub(super) fn to_text(&self, rows: u64, columns: &[String]) -> String {
        let mut text = format!("{rows} rows\n");
        for (column, name) in self.columns.iter().zip(columns) {
            text.push_str(&format!("\n{}\n", bare_or_braced(name)));
            column.write(&mut text);
        }
        text.push_str("\ngroups of rows, each with its digest\n");
        for (index, group) in self.groups.iter().enumerate() {
            text.push_str(&format!("  {index:02} · {} · {:016x}\n", group.rows, group.digest));
        }
        text
    }
}

impl ColumnSummary {
    fn add(&mut self, cell: &str, value: &Value<'_>) {
        if let Value::Number(number) = value {
            self.numbers.add(*number);
        }
        self.count(cell, 1);
    }

    fn count(&mut self, cell: &str, times: u64) {
        if let Some(count) = self.counts.get_mut(cell) {
            *count += times;
        } else if self.counts.len() <= MOST_VALUES {
            self.counts.insert(cell.to_owned(), times);
        } else {
            self.others += times;
        }
    }

    /// How often each result came; where there are many, the quantiles of the numbers, and how many are no numbers.
    fn write(&self, text: &mut String) {
        let total: u64 = self.counts.values().sum::<u64>() + self.others;
        if self.counts.len() <= MOST_VALUES {
            let mut counts: Vec<(&String, &u64)> = self.counts.iter().collect();
            counts.sort_by_key(|(cell, _)| (cell.parse::<f64>().map_or(1, |_| 0), sort_key(cell), *cell));
            for (cell, times) in counts {
                text.push_str(&format!("  {cell} · {times}\n"));
            }
            return;
        }
        text.push_str(&format!("  more than {MOST_VALUES} different results\n"));
        let numbers = self.numbers.count();
        if numbers > 0 {
            let last = numbers - 1;
            let [p5, p25, p50, p75, p95] =
                self.numbers.at([5, 25, 50, 75, 95].map(|share| last * share / 100));
            let shown = [
                ("lowest", self.numbers.lowest()),
                ("5 %", p5),
                ("25 %", p25),
                ("50 %", p50),
                ("75 %", p75),
                ("95 %", p95),
                ("highest", self.numbers.highest()),
            ];
            for (name, number) in shown {
                text.push_str(&format!("  {name} · {}\n", number_text(number)));
            }
        }
        if total > numbers {
            text.push_str(&format!("  no numbers · {}\n", total - numbers));
        }
    }
}

/// Numbers in their order, before all else.
fn sort_key(cell: &str) -> u64 {
    let number = cell.parse::<f64>().unwrap_or(0.0);
    let bits = number.to_bits();
    if bits >> 63 == 1 { !bits } else { bits | 1 << 63 }
}

/// Where a hash begins.
pub(super) const HASH_START: u64 = 0xcbf2_9ce4_8422_2325;

/// FNV-1a: not against people who want to deceive themselves, but the same on every machine.
fn fnv(start: u64, bytes: &[u8]) -> u64 {
    bytes.iter().fold(start, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3))
}

/// Goes on with a hash over a value of a row.
pub(super) fn hash_value(hash: u64, value: &Value<'_>) -> u64 {
    match value {
        Value::Text(text) => fnv(fnv(hash, b"t"), text.as_str().as_bytes()),
        Value::Number(number) => fnv(fnv(hash, b"n"), &number.to_bits().to_le_bytes()),
        other => fnv(fnv(hash, b"j"), crate::value::json_text(other).as_bytes()),
    }
}

/// Spreads what differs in few bits.
fn mixed(hash: u64) -> u64 {
    let hash = (hash ^ (hash >> 33)).wrapping_mul(0xff51_afd7_ed55_8ccd);
    hash ^ (hash >> 29)
}
