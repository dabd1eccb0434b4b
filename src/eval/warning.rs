//! What is counted, but does not keep a formula from giving a value.

use crate::check::{ColumnId, InputId};
use crate::value::Incomparable;

/// Something that a formula met in a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Warning {
    /// What it met.
    pub kind: WarningKind,
    /// The column whose formula it is.
    pub column: ColumnId,
    /// The column of the row that it met it in, where that is one.
    pub input: Option<InputId>,
}

/// The kinds of warning.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum WarningKind {
    /// A comparison with an empty value, which is FALSE.
    EmptyComparison,
    /// A comparison of a number or date with text that does not read as one, which is FALSE.
    UnreadableComparison,
    /// A comparison of values without a common order, which is FALSE.
    UnorderedComparison,
    /// Text that SUM and its kin skipped, since it is no number.
    SkippedText,
}

impl WarningKind {
    /// What happened, for a summary.
    #[must_use]
    pub fn description(self) -> &'static str {
        match self {
            Self::EmptyComparison => "compared while empty, which counts as FALSE",
            Self::UnreadableComparison => {
                "compared as a number or date but holds other text, which counts as FALSE"
            }
            Self::UnorderedComparison => "compared with a value of another kind, which counts as FALSE",
            Self::SkippedText => "holds text that is no number, which was skipped",
        }
    }
}

impl From<Incomparable> for WarningKind {
    fn from(reason: Incomparable) -> Self {
        match reason {
            Incomparable::Empty => Self::EmptyComparison,
            Incomparable::Unreadable => Self::UnreadableComparison,
            Incomparable::Kinds => Self::UnorderedComparison,
        }
    }
}
