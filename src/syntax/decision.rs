//! Decision tables: a CSV file of conditions and results, read into a table and written as a formula.

mod cell;
mod formula;
mod literal;
mod sheet;

pub(crate) use formula::write;
pub(crate) use sheet::read;
