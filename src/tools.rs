//! What people do with rules: see why, test, compare.

pub mod lead;
