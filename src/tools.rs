//! What people do with rules: see why, test, compare.

pub mod diff;
pub mod explain;
pub mod find;
pub mod lead;
pub mod nearby;
pub mod profile;
