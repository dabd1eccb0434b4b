//! What is true of a rule in every row: the values of its columns, and its properties, each proved or refuted.

mod candidates;
mod columns;
mod decide;
mod equivalence;
mod findings;
mod joined;
mod places;
mod properties;
mod regions;
mod rows;
mod slope;
mod witness;
mod work;

pub use columns::{Blank, ColumnProof, PossibleError, Reached};
pub use equivalence::{Comparison, Difference, Equivalence, compare};
pub use findings::{Findings, findings};
pub use joined::differing;
pub use properties::{Claim, Claimed, Property, mistakes, read};
pub use rows::try_on_rows;
pub use witness::Witness;

use crate::analysis::paths::Paths;
use crate::analysis::values::{Rows, Values};
use crate::check::ColumnId;
use crate::diagnostics::Diagnostics;
use crate::rules::Rules;
use crate::value::Clock;
use witness::Witnesses;

/// What was found out about a rule file.
#[derive(Clone, Debug)]
pub struct Proof {
    /// The columns, in the order of the text.
    pub columns: Vec<ColumnProof>,
    /// The properties, in the order of the text; the ranges of columns are among them.
    pub properties: Vec<Decision>,
}

/// The decision about one property.
#[derive(Clone, Debug)]
pub struct Decision {
    /// The property.
    pub property: Property,
    /// The name of its column.
    pub column: String,
    /// Whether it is true.
    pub status: Status,
    /// How that was found, or what prevents a decision.
    pub method: String,
}

/// A row that violates a property.
#[derive(Clone, Debug)]
pub struct Case {
    /// The row.
    pub row: Witness,
    /// The result in question, as formulas write it.
    pub result: String,
}

/// Whether a property is true.
#[derive(Clone, Debug)]
pub enum Status {
    /// Of every row.
    Proved,
    /// Not of this row; for a property about two rows, not of these.
    Refuted {
        /// The row, or the second of two.
        case: Case,
        /// The first of two rows, which differ in one column.
        before: Option<Case>,
    },
    /// Neither could be shown.
    Undecided,
}

impl Status {
    /// The word for it.
    #[must_use]
    pub fn word(&self) -> &'static str {
        match self {
            Self::Proved => "proved",
            Self::Refuted { .. } => "refuted",
            Self::Undecided => "undecided",
        }
    }
}

/// Proves what can be proved of a rule file, or returns all that is wrong with its properties.
pub fn prove(rules: &Rules, clock: &Clock) -> Result<Proof, Diagnostics> {
    let claimed = read(rules)?;
    Ok(claimed.rules.on_own_stack(|| {
        let values = Values::new(claimed.rules.tree(), Rows::Any);
        let usual = Values::new(claimed.rules.tree(), Rows::Usual);
        let prover = Prover::new(&claimed, &values, clock);
        let ranges = Prover::new(&claimed, &usual, clock);
        // A usual row that leaves a range is the one that `check` reports.
        let of_usual_rows = |property: &Property| {
            let is_range = matches!(property.claim, Claim::Range(_));
            let found = is_range.then(|| ranges.decide(property));
            found.filter(|decision| matches!(decision.status, Status::Refuted { .. }))
        };
        // Properties first, since listing values can take all the work that is spent on a file.
        let decide = |property: &Property| of_usual_rows(property).unwrap_or_else(|| prover.decide(property));
        let properties = claimed.properties.iter().map(decide).collect();
        let columns = (0..claimed.columns).map(|index| prover.column(ColumnId(index as u32))).collect();
        Proof { columns, properties }
    }))
}

/// Decides the properties of a rule file. With `usual`, ranges are only refuted by rows without numbers below 0 and
/// without values of unexpected kinds.
#[must_use]
pub fn decide_all(claimed: &Claimed, clock: &Clock, usual: bool) -> Vec<Decision> {
    claimed.rules.on_own_stack(|| {
        let any = Values::new(claimed.rules.tree(), Rows::Any);
        let any = Prover::new(claimed, &any, clock);
        let ranges = Values::new(claimed.rules.tree(), if usual { Rows::Usual } else { Rows::Any });
        let ranges = Prover::new(claimed, &ranges, clock);
        let decide = |property: &Property| match property.claim {
            Claim::Range(_) => ranges.decide(property),
            _ => any.decide(property),
        };
        claimed.properties.iter().map(decide).collect()
    })
}

/// The analysis of one rule file.
struct Prover<'p, 't> {
    claimed: &'t Claimed,
    values: &'p Values<'t>,
    paths: Paths<'p, 't>,
    witnesses: Witnesses<'p, 't>,
}

impl<'p, 't> Prover<'p, 't> {
    fn new(claimed: &'t Claimed, values: &'p Values<'t>, clock: &'p Clock) -> Self {
        let paths = Paths::new(values);
        let witnesses = Witnesses::new(&claimed.rules, values, clock);
        Self { claimed, values, paths, witnesses }
    }

    /// The name of a column of the row, or of a computed one.
    fn column_name(&self, id: ColumnId) -> &str {
        &self.claimed.rules.tree().column(id).name
    }
}
