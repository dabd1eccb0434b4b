//! The functions that formulas can call: one entry each, with its parameters, documentation, examples and code.

mod call;
mod characters;
mod conversion;
mod deburr;
mod format;
mod items;
mod keyed;
mod list;
mod logic;
mod market;
mod math;
mod number;
mod page;
mod pattern;
mod registry;
mod returns;
mod test;
mod text;
mod text_edit;
mod time;

pub use call::{Call, CallError, Note};
pub(crate) use call::{LONGEST_TEXT, too_long};
pub(crate) use conversion::spelled::read_scaled as spelled_number;
pub use format::{DateFormat, from_strftime};
pub(crate) use items::item_index;
#[cfg(feature = "cli")]
pub(crate) use items::leading_names;
pub(crate) use market::is_placeholder;
pub use page::{named, page, search};
pub use registry::{
    Builtin, Each, Example, Form, Group, LiteralCheck, Param, ParamKind, Rejected, Role, Run, all, find,
    names,
};
pub use returns::{Returns, Values};
pub(crate) use text::search::contains_word;
