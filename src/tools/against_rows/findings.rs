//! The findings of a comparison, each kind once for a place of the rows.

use super::bench::Place;
use crate::diagnostics::{Diagnostic, RowLint};
use std::collections::BTreeSet;

/// The findings, with the place that each is about.
#[derive(Default)]
pub(super) struct Findings<'r> {
    list: Vec<(Option<Place<'r>>, RowLint)>,
}

impl<'r> Findings<'r> {
    /// Adds a finding about a place, unless one of its kind is there already.
    pub(super) fn add(&mut self, place: &Place<'r>, lint: RowLint) {
        let same = |(known, other): &(Option<Place<'r>>, RowLint)| {
            std::mem::discriminant(other) == std::mem::discriminant(&lint)
                && known.as_ref().is_some_and(|known| known.is(place))
        };
        if !self.list.iter().any(same) {
            self.list.push((Some(place.clone()), lint));
        }
    }

    /// Adds a finding that several parts of the rule can show about one place.
    pub(super) fn add_each(&mut self, place: &Place<'r>, lint: RowLint) {
        self.list.push((Some(place.clone()), lint));
    }

    /// Whether there is a finding about this place, or about a place inside it.
    pub(super) fn has(&self, place: &Place<'r>) -> bool {
        self.list
            .iter()
            .filter_map(|(known, _)| known.as_ref())
            .any(|known| known.key == place.key && known.steps.starts_with(&place.steps))
    }

    /// Where the findings are.
    pub(super) fn offsets(&self) -> BTreeSet<usize> {
        self.list.iter().map(|(_, lint)| Diagnostic::from(lint.clone()).offset()).collect()
    }

    /// All of them.
    pub(super) fn into_diagnostics(self) -> Vec<Diagnostic> {
        self.list.into_iter().map(|(_, lint)| lint.into()).collect()
    }
}
