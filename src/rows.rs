//! Rows in and out: JSON lines, JSON arrays and CSV as bytes, their columns as values, and work on them in order.

mod array;
mod bad_row;
mod blocks;
pub mod csv;
mod data_files;
mod json_row;
mod ordered;
mod row_text;
mod splice;
mod wanted;

pub use crate::value::text_of_json;
pub use array::{ArrayError, Element, Splitter};
pub use bad_row::BadRow;
pub use blocks::{Block, Blocks, Format, RowTooLarge};
pub use data_files::DataFiles;
pub use json_row::{JsonRow, MAX_DEPTH, Place, read, read_keys, read_value};
pub use ordered::ordered;
pub use row_text::{Elements, Lines, RowText};
pub use splice::{NewColumns, splice, splice_on_one_line};
pub use wanted::{Slots, Wanted};
