//! Whether rows of a decision table match all combinations of some values.

use super::Space;
use std::collections::HashSet;

/// What a search found.
pub(super) enum Search {
    /// Some row matches each combination.
    Covered,
    /// No row matches this combination: the value of each dimension.
    Open(Vec<usize>),
    /// The search was given up.
    Limit,
}

/// A search for a combination that no row matches, one dimension after the other.
pub(super) struct Cover<'s> {
    space: &'s Space,
    /// The values of each dimension, those to be shown first at the beginning.
    within: &'s [Vec<usize>],
    /// The dimensions in the order in which they are searched, those of few values first.
    order: Vec<usize>,
    /// Rows that are known to match all combinations from a dimension on.
    covered: HashSet<(usize, Vec<usize>)>,
    point: Vec<usize>,
    steps: &'s mut usize,
    /// Whether rows can have a combination.
    is_possible: &'s dyn Fn(&[usize]) -> bool,
}

impl<'s> Cover<'s> {
    /// A search for a combination of the values `within`, which makes at most `steps` steps.
    pub(super) fn new(
        space: &'s Space,
        within: &'s [Vec<usize>],
        steps: &'s mut usize,
        is_possible: &'s dyn Fn(&[usize]) -> bool,
    ) -> Self {
        let mut order: Vec<usize> = (0..within.len()).collect();
        order.sort_by_key(|dimension| within[*dimension].len());
        let point = within.iter().map(|values| values.first().copied().unwrap_or(0)).collect();
        Self { space, within, order, covered: HashSet::new(), point, steps, is_possible }
    }

    /// Searches for a combination that none of `rows` matches.
    pub(super) fn search(mut self, rows: Vec<usize>) -> Search {
        if self.within.iter().any(Vec::is_empty) {
            return Search::Covered;
        }
        self.from(0, rows)
    }

    /// The combination, unless no row can have it.
    fn open(&self) -> Search {
        if (self.is_possible)(&self.point) { Search::Open(self.point.clone()) } else { Search::Covered }
    }

    fn from(&mut self, position: usize, rows: Vec<usize>) -> Search {
        let Some(dimension) = self.order.get(position).copied() else {
            return if rows.is_empty() { self.open() } else { Search::Covered };
        };
        if rows.is_empty() {
            for dimension in &self.order[position..] {
                self.point[*dimension] = self.within[*dimension][0];
            }
            return self.open();
        }
        let left = &self.order[position..];
        let matches_rest = |row: &usize| left.iter().all(|dimension| self.space.is_any(*row, *dimension));
        if rows.iter().any(matches_rest) || self.covered.contains(&(position, rows.clone())) {
            return Search::Covered;
        }
        let mut seen: HashSet<Vec<usize>> = HashSet::new();
        for value in &self.within[dimension] {
            let Some(steps) = self.steps.checked_sub(rows.len() + 1) else { return Search::Limit };
            *self.steps = steps;
            let matching: Vec<usize> =
                rows.iter().copied().filter(|row| self.space.row(*row)[dimension].has(*value)).collect();
            if !seen.insert(matching.clone()) {
                continue;
            }
            self.point[dimension] = *value;
            match self.from(position + 1, matching) {
                Search::Covered => {}
                found => return found,
            }
        }
        self.covered.insert((position, rows));
        Search::Covered
    }
}
