//! Ways that agree in all that matters afterwards become one.

use super::Way;
use super::variables::VarSet;
use crate::analysis::facts::{Facts, Known};
use crate::analysis::terms::TermId;
use std::collections::HashMap;
use std::rc::Rc;

/// Keeps the first of all ways that have the same results and the same facts about terms that matter.
pub(super) fn merge(
    ways: Vec<Way>,
    reads: impl Fn(&Facts) -> VarSet,
    matters: impl Fn(TermId, VarSet) -> bool,
) -> Vec<Way> {
    let mut kept: Vec<(Way, Vec<(TermId, Known)>)> = Vec::new();
    let mut by_digest: HashMap<u64, Vec<usize>> = HashMap::new();
    for way in ways {
        let reads = reads(&way.facts);
        let facts: Vec<(TermId, Known)> = way
            .facts
            .entries()
            .filter(|(term, _)| matters(*term, reads))
            .map(|(term, known)| (term, known.clone()))
            .collect();
        let mut digest = way.values.digest();
        for (term, known) in &facts {
            digest =
                digest.rotate_left(7) ^ u64::from(term.0).wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ known.digest;
        }
        let same = by_digest.entry(digest).or_default();
        let is_same = |index: &&usize| {
            let (other, known) = &kept[**index];
            other.values == way.values && same_facts(known, &facts)
        };
        if same.iter().any(|index| is_same(&index)) {
            continue;
        }
        same.push(kept.len());
        kept.push((way, facts));
    }
    kept.into_iter().map(|(way, _)| way).collect()
}

fn same_facts(one: &[(TermId, Known)], two: &[(TermId, Known)]) -> bool {
    one.len() == two.len()
        && one.iter().zip(two).all(|((one_term, one), (two_term, two))| {
            one_term == two_term
                && one.digest == two.digest
                && (Rc::ptr_eq(&one.values, &two.values) || one.values == two.values)
        })
}
