//! Rows that show what the analysis found: built from what is known of a path, and evaluated.

use super::candidates::example_texts;
use super::places::{Place, place_of, placed};
use super::work::Work;
use crate::analysis::facts::Facts;
use crate::analysis::terms::TermId;
use crate::analysis::values::Values;
use crate::check::{Checked, Lookup, NodeKind};
use crate::eval::Evaluation;
use crate::rules::Rules;
use crate::value::{Clock, Record, Text, Value, json_text};
use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

/// More keys of lookup data than this are not tried.
const MOST_KEYS: usize = 400;
/// More rows than this are not tried for one path.
const MOST_ROWS: usize = 600;

/// Finds rows for paths through a rule file.
pub(super) struct Witnesses<'w, 't> {
    pub(super) rules: &'t Rules,
    pub(super) values: &'w Values<'t>,
    pub(super) clock: &'w Clock,
    /// Texts that the rule or its functions know.
    pub(super) texts: Vec<String>,
    /// Keys of lookup data, for each value that a lookup can return.
    pub(super) keys: Vec<Value<'static>>,
    /// The same by the term that is the key.
    pub(super) keys_of: HashMap<TermId, Vec<Value<'static>>>,
    /// Terms that are columns of the row, or fields of them, with their places.
    pub(super) places: BTreeMap<TermId, Place>,
    /// What may still be done for the file.
    pub(super) work: Work,
}

/// A row and what the evaluator makes of it.
#[derive(Clone, Debug)]
pub struct Witness {
    /// The row.
    pub row: Record<'static>,
    /// The results by the ids of columns: of the column that the row was searched for, and of those that it reads.
    pub results: Vec<Value<'static>>,
}

impl Witness {
    /// The row as JSON.
    #[must_use]
    pub fn json(&self) -> String {
        json_text(&Value::Record(Arc::new(self.row.clone())))
    }

    /// How large the row is: its keys, then its characters.
    pub(super) fn size(&self) -> (usize, usize) {
        (self.row.members().len(), self.json().len())
    }
}

impl<'w, 't> Witnesses<'w, 't> {
    pub(super) fn new(rules: &'t Rules, values: &'w Values<'t>, clock: &'w Clock) -> Self {
        let tree = rules.tree();
        let mut places = BTreeMap::new();
        let mut texts = Vec::new();
        let mut keys: Vec<Value<'static>> = Vec::new();
        let mut keys_of: HashMap<TermId, Vec<Value<'static>>> = HashMap::new();
        for index in 0..values.terms.len() {
            let id = TermId(index as u32);
            let Some(node) = values.terms.get(id).node else { continue };
            places.extend(place_of(tree, values, id).map(|place| (id, place)));
            match &node.kind {
                NodeKind::Constant(Value::Text(text)) => texts.push(text.to_string()),
                NodeKind::Call(builtin, _) => texts.extend(example_texts(builtin)),
                NodeKind::Lookup(lookup) => {
                    for (key, value) in keys_of_values(tree, lookup, values.terms.get(id).column) {
                        let term = values.terms.get(id).children.get(key);
                        let known = term.map(|term| keys_of.entry(*term).or_default());
                        known.into_iter().for_each(|known| known.push(value.clone()));
                        keys.push(value);
                    }
                }
                _ => {}
            }
        }
        texts.sort();
        texts.dedup();
        texts.truncate(400);
        keys.dedup();
        keys.truncate(MOST_KEYS);
        Self { rules, values, clock, texts, keys, keys_of, places, work: Work::new(tree) }
    }

    /// A row that takes this path and for which `accepts` is true of its results; the smallest of those found first.
    pub(super) fn find(&self, facts: &Facts, accepts: &dyn Fn(&Witness) -> bool) -> Option<Witness> {
        let mut subjects: Vec<(TermId, Vec<Value<'static>>)> = Vec::new();
        let (known, inputs) = self.involved(facts);
        let is_involved =
            |term: &TermId| known.contains(term) || inputs & self.values.terms.get(*term).inputs != 0;
        for term in self.places.keys().filter(|term| is_involved(term)) {
            if self.work.is_used_up() {
                return None;
            }
            let candidates = self.candidates(*term, facts);
            if candidates.is_empty() {
                return None;
            }
            subjects.push((*term, candidates));
        }
        // A record is made of its fields, unless something is known of it as a whole.
        let parents: Vec<TermId> = subjects.iter().map(|(term, _)| *term).collect();
        subjects.retain(|(term, _)| !parents.iter().any(|other| self.is_inside(*other, *term)));
        self.try_rows(&subjects, accepts)
    }

    /// Whether the place of one term is below that of another.
    pub(super) fn is_inside(&self, one: TermId, other: TermId) -> bool {
        let (one, other) = (&self.places[&one], &self.places[&other]);
        one.key == other.key && one.steps.len() > other.steps.len() && one.steps.starts_with(&other.steps)
    }

    /// The places that something is known of, and the inputs of all other terms that something is known of.
    fn involved(&self, facts: &Facts) -> (HashSet<TermId>, u128) {
        let (places, others): (Vec<TermId>, Vec<TermId>) =
            facts.iter().map(|(term, _)| term).partition(|term| self.places.contains_key(term));
        let inputs = others.iter().fold(0, |all, term| all | self.values.terms.get(*term).inputs);
        (places.into_iter().collect(), inputs)
    }

    /// Tries combinations of candidates, first of all the first of each.
    fn try_rows(
        &self,
        subjects: &[(TermId, Vec<Value<'static>>)],
        accepts: &dyn Fn(&Witness) -> bool,
    ) -> Option<Witness> {
        let mut choice = vec![0; subjects.len()];
        for attempt in 0..MOST_ROWS {
            let row = self.row(subjects.iter().zip(&choice).map(|((term, list), at)| (*term, &list[*at])));
            let witness = self.evaluated(row);
            if accepts(&witness) {
                return Some(witness);
            }
            if self.work.is_used_up() || !next_choice(&mut choice, subjects, attempt) {
                return None;
            }
        }
        None
    }

    /// Evaluates a row.
    pub(super) fn evaluated(&self, row: Record<'static>) -> Witness {
        let focus = self.work.row(row.members().len());
        let keyed: Vec<Value<'_>> =
            self.rules.keys().iter().map(|key| row.get(key).cloned().unwrap_or_default()).collect();
        let mut inputs = Vec::new();
        self.rules.inputs(&keyed, self.clock, &mut inputs);
        let mut evaluation = Evaluation::new(self.rules.tree(), self.clock);
        let results = evaluation.row_given(&inputs, &focus.given, &mut ());
        let results = results.iter().cloned().map(Value::into_owned).collect();
        Witness { row, results }
    }

    pub(super) fn row<'v>(
        &self,
        values: impl Iterator<Item = (TermId, &'v Value<'static>)>,
    ) -> Record<'static> {
        let mut members: Vec<(Text<'static>, Value<'static>)> = Vec::new();
        for (term, value) in values.filter(|(_, value)| !matches!(value, Value::Blank)) {
            let place = &self.places[&term];
            let at = members.iter().position(|(key, _)| key.as_str() == place.key);
            let before = at.map_or(Value::Blank, |at| members[at].1.clone());
            let after = placed(&before, &place.steps, value.clone());
            match at {
                Some(at) => members[at].1 = after,
                None => members.push((place.key.clone().into(), after)),
            }
        }
        Record::new(members)
    }
}

/// The keys of a row for each value of the column that a lookup returns, each with its place among the keys.
fn keys_of_values(tree: &Checked, lookup: &Lookup, column: Option<usize>) -> Vec<(usize, Value<'static>)> {
    let Some(data) = tree.dataset(lookup.data) else { return Vec::new() };
    let column = column.and_then(|column| data.columns().get(column));
    let rows = column.map(crate::data::Column::distinct).unwrap_or_default();
    let keys = |row: usize| data.key_columns().map(move |column| column.value(row).into_owned()).enumerate();
    rows.iter().copied().flat_map(keys).collect()
}

/// Counts through the combinations; the places that have few candidates turn slowest.
fn next_choice(choice: &mut [usize], subjects: &[(TermId, Vec<Value<'static>>)], attempt: usize) -> bool {
    // First one place at a time, since mostly a single value is at fault.
    let singles: usize = subjects.iter().map(|(_, list)| list.len() - 1).sum();
    if attempt < singles {
        let mut rest = attempt;
        choice.fill(0);
        for (at, (_, list)) in subjects.iter().enumerate() {
            if rest < list.len() - 1 {
                choice[at] = rest + 1;
                return true;
            }
            rest -= list.len() - 1;
        }
    }
    if attempt == singles {
        choice.fill(0);
    }
    for (at, (_, list)) in choice.iter_mut().zip(subjects) {
        *at += 1;
        if *at < list.len() {
            return true;
        }
        *at = 0;
    }
    false
}
