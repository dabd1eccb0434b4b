//! Formulas typed one by one: the session that answers them, and the line editor they are typed into.

mod actions;
mod answer;
mod cells;
mod command;
mod complete;
mod editor;
mod files;
mod highlight;
mod hint;
mod history;
mod input;
mod rows;
mod scan;
mod session;
mod show;
mod table;
mod validate;
mod vocabulary;

pub use complete::{Candidate, complete, overlap};
pub use editor::{Editor, Typed};
pub use highlight::highlight;
pub use hint::hint;
pub use history::history_file;
pub use input::{Ahead, Inputs, has_ended};
pub use rows::MOST_ROWS;
pub use session::{Explain, Manner, Reply, Session};
pub(crate) use table::{display_width, table};
pub use validate::is_whole;
pub use vocabulary::Vocabulary;
