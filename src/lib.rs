//! Clay formulas as code.
pub mod batch;
pub mod builtins;
pub mod check;
#[cfg(feature = "cli")]
pub mod cli;
pub mod diagnostics;
pub mod eval;
pub mod rows;
pub mod rules;
pub mod span;
pub mod syntax;
pub mod types;
pub mod value;
