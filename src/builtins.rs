//! The functions that formulas can call: one entry each, with its parameters, documentation, examples and code.

mod call;
mod logic;
mod number;
mod registry;
mod test;
mod text;
mod time;

pub use call::{Call, CallError};
pub(crate) use call::{LONGEST_TEXT, too_long};
pub use registry::{Builtin, Example, Form, Group, Param, ParamKind, Run, all, find, names};
