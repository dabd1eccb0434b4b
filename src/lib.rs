//! Clay formulas as code.
pub mod diagnostics;
pub mod span;
pub mod syntax;
pub mod types;
pub mod value;
