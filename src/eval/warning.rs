//! What is counted, but does not keep a formula from giving a value.

use crate::builtins::Note;
use crate::check::{Checked, ColumnId, InputId};
