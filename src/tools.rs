//! What people do with rules: see why, test, compare.

pub mod against_rows;
pub mod coverage;
pub mod diff;
pub mod explain;
pub mod find;
pub mod inspect;
pub mod lead;
pub mod mutate;
pub mod nearby;
pub mod own_functions;
mod owners;
pub mod profile;
pub mod prove;
mod reads;
pub mod row_profile;
pub mod score;
pub mod shape;
mod spelled;
pub mod test;
mod walk;
pub mod words;
