//! Whether two versions of a rule file give the same results in every row.

/// The comparison of two versions.
#[derive(Clone, Debug)]
pub struct Comparison {}

/// A difference between two versions.
#[derive(Clone, Debug)]
pub struct Difference {}

/// Compares.
pub fn compare() {}
