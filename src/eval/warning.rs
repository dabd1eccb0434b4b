//! What is counted, but does not keep a formula from giving a value.

use crate::builtins::Note;
use crate::check::{Checked, ColumnId, InputId};
use crate::value::Incomparable;

/// Something that a formula met in a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Warning {
    /// What it met.
    pub kind: WarningKind,
    /// The column or input whose formula it is, as in [`Checked::formula_name`].
    pub column: ColumnId,
    /// The column of the row that it met it in, where that is one.
    pub input: Option<InputId>,
}

impl Warning {
    /// What a formula met, with its column or input and what it read: ``Score: `Size` compared while empty, …``.
    #[must_use]
    pub fn describe(&self, tree: &Checked) -> String {
        format!("{}: {}", tree.formula_name(self.column), self.what(tree))
    }

    /// The same without the column or input whose formula it is.
    #[must_use]
    pub fn what(&self, tree: &Checked) -> String {
        let input = self.input.map(|input| format!("`{}` ", tree.input(input).name)).unwrap_or_default();
        format!("{input}{}", self.kind.description())
    }
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
    /// Text that a function could not read, so that its result is Blank.
    UnreadText,
    /// An error that COUNTA and its kin count as one value.
    CountedError,
    /// Arithmetic with a whole number that has more digits than a floating-point number.
    LostDigits,
    /// A result outside the column's range, such as `(0-100)`.
    OutsideRange,
}

/// The warnings of one row, each kind once for a column and an input.
#[derive(Debug, Default)]
pub(super) struct Warnings {
    found: Vec<Warning>,
    /// For each input and kind, the row and column that it was last found in, so that a formula that meets thousands of
    /// them is not searched for each.
    last: Vec<Option<(u64, ColumnId)>>,
    row: u64,
}

impl Warnings {
    /// Forgets those of the last row.
    pub(super) fn next_row(&mut self) {
        self.found.clear();
        self.row += 1;
    }

    pub(super) fn add(&mut self, warning: Warning) {
        let input = warning.input.map_or(0, |input| input.0 as usize + 1);
        let place = input * WarningKind::COUNT + warning.kind as usize;
        if self.last.len() <= place {
            self.last.resize(place + 1, None);
        }
        let found = Some((self.row, warning.column));
        if self.last[place] != found {
            self.last[place] = found;
            self.found.push(warning);
        }
    }

    pub(super) fn all(&self) -> &[Warning] {
        &self.found
    }
}

impl WarningKind {
    /// How many there are.
    const COUNT: usize = 8;

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
            Self::UnreadText => "holds text that could not be read, which counts as Blank",
            Self::CountedError => "is an error, which a count takes as one value",
            Self::LostDigits => "computed with as a number, but has more digits than arithmetic keeps (2^53)",
            Self::OutsideRange => "outside the range",
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

impl From<Note> for WarningKind {
    fn from(note: Note) -> Self {
        match note {
            Note::SkippedText => Self::SkippedText,
            Note::UnreadText => Self::UnreadText,
            Note::CountedError => Self::CountedError,
            Note::LostDigits => Self::LostDigits,
            Note::Incomparable(reason) => reason.into(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Warning, WarningKind, Warnings};
    use crate::check::{ColumnId, InputId};

    fn warning(column: u32, input: Option<u32>) -> Warning {
        let kind = WarningKind::SkippedText;
        Warning { kind, column: ColumnId(column), input: input.map(InputId) }
    }

    #[test]
    fn a_kind_counts_once_for_a_column_and_an_input() {
        let mut warnings = Warnings::default();
        let all = [warning(0, Some(1)), warning(0, None), warning(1, Some(1))];
        for one in [all[0], all[0], all[1], all[0], all[1], all[2], all[2]] {
            warnings.add(one);
        }
        assert_eq!(warnings.all(), all);
        warnings.next_row();
        assert!(warnings.all().is_empty());
        warnings.add(all[2]);
        assert_eq!(warnings.all(), [all[2]]);
    }
}
