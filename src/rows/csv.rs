//! CSV records as bytes: where their fields stand, what the fields hold, and how they are written.
//!
//! It reads what the `csv` crate reads by default: fields stand between commas; a quote counts only at a field's
//! start, and two of them inside are one; a record ends with `\n`, `\r` or `\r\n`; blank lines are skipped.

mod field;
mod records;
#[cfg(test)]
mod tests;
mod write;

pub use crate::data::csv::{FieldSpan, RecordEnd, field_text, read_record};
pub use field::field_value;
pub use records::{Record, Records};
pub use write::{record_as_object, splice_record, write_field, write_record};
