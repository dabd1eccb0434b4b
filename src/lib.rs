//! Clay formulas as code.
pub mod diagnostics;
pub mod rows;
pub mod span;
pub mod types;
pub mod value;
