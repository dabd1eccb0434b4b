//! From text to tree and back: tokens, grammar, tree, printed form.

pub mod ast;
mod balance;
pub(crate) mod decision;
mod explain_failure;
mod file;
mod format;
mod layout;
mod lower;
mod parse;
mod precedence;
mod structure;
mod tokens;

pub use balance::balanced;
pub use file::{formulas, names_column, parse_file, parse_formula, parse_formula_from, parse_from};
pub(crate) use format::member_name;
pub use format::{bare_or_braced, field_name, is_bare_name, path_text, print, print_number, print_text};
pub use layout::{FormatError, format_file};
pub(crate) use parse::parse_at;
pub use tokens::{Token, TokenKind, tokenize};

/// Bytes of stack that the deepest formula needs, with room to spare.
const DEEP_STACK: usize = 256 << 20;
/// A text shorter than this can't nest deep enough to need more stack than any thread has.
const SHORT: usize = 512;

/// Runs `work` on a stack grown for deep formulas, where the text is long enough to hold one.
pub(crate) fn on_deep_stack<T>(text: &str, work: impl FnOnce() -> T) -> T {
    if text.len() < SHORT { work() } else { stacker::maybe_grow(DEEP_STACK / 2, DEEP_STACK, work) }
}

/// How deep brackets and prefix operators may nest.
pub const NESTING_LIMIT: usize = 2_000;
