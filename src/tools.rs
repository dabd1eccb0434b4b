//! What people do with rules: see why, test, compare.

pub mod coverage;
pub mod lead;
pub mod mutate;
pub mod test;
mod walk;
