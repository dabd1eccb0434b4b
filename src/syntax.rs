//! From text to tree and back: tokens, grammar, tree, printed form.

pub mod ast;
mod explain_failure;
mod file;
mod format;
mod lower;
mod parse;
mod precedence;
mod structure;
mod tokens;

pub use file::{names_column, parse_file, parse_formula, parse_from};
pub use format::{bare_or_braced, is_bare_name, print, print_number, print_text};
pub use tokens::{Token, TokenKind, tokenize};

/// How deep brackets and prefix operators may nest.
pub const NESTING_LIMIT: usize = 2_000;
