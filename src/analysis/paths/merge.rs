//! Paths that agree in all that matters afterwards become one.

use super::Path;
use super::variables::VarSet;
use crate::analysis::facts::{Facts, Known};
use crate::analysis::terms::TermId;
use std::collections::HashMap;
use std::rc::Rc;

/// Keeps the first of all paths that have the same results and the same facts about terms that matter.
pub(super) fn merge(
    paths: Vec<Path>,
    reads: impl Fn(&Facts) -> VarSet,
    matters: impl Fn(TermId, VarSet) -> bool,
) -> Vec<Path> {
    let mut kept: Vec<(Path, Vec<(TermId, Known)>)> = Vec::new();
    let mut by_digest: HashMap<u64, Vec<usize>> = HashMap::new();
    for path in paths {
        let reads = reads(&path.facts);
        let facts: Vec<(TermId, Known)> = path
            .facts
            .entries()
            .filter(|(term, _)| matters(*term, reads))
            .map(|(term, known)| (term, known.clone()))
            .collect();
        let mut digest = path.values.digest();
        for (term, known) in &facts {
            digest =
                digest.rotate_left(7) ^ u64::from(term.0).wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ known.digest;
        }
        let same = by_digest.entry(digest).or_default();
        let is_same = |index: &&usize| {
            let (other, known) = &kept[**index];
            other.values == path.values && same_facts(known, &facts)
        };
        if same.iter().any(|index| is_same(&index)) {
            continue;
        }
        same.push(kept.len());
        kept.push((path, facts));
    }
    kept.into_iter().map(|(path, _)| path).collect()
}

fn same_facts(one: &[(TermId, Known)], two: &[(TermId, Known)]) -> bool {
    one.len() == two.len()
        && one.iter().zip(two).all(|((one_term, one), (two_term, two))| {
            one_term == two_term
                && one.digest == two.digest
                && (Rc::ptr_eq(&one.values, &two.values) || one.values == two.values)
        })
}
