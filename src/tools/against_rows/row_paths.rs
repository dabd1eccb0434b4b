//! The paths into records that a rule can't do without.

use super::bench::{Bench, Place, Site};
use super::paths::is_optional;
use crate::batch::{RowPath, RowStep};
use crate::check::{InputId, NodeKind};
use crate::rules::Rules;
use crate::tools::shape::ShapeStep;
use crate::value::Clock;

/// More paths than this are not looked for in rows.
const MOST_PATHS: usize = 256;

/// The paths that the formulas of a rule read, each once, without those that have a replacement or are tested for.
#[must_use]
pub fn paths_of_formulas(rules: &Rules) -> Vec<RowPath> {
    paths(rules, false)
}

/// The same with the paths of declared inputs.
#[must_use]
pub fn paths_of_rule(rules: &Rules) -> Vec<RowPath> {
    paths(rules, true)
}

fn paths(rules: &Rules, with_inputs: bool) -> Vec<RowPath> {
    let clock = Clock::system();
    let bench = Bench::new(rules, &clock, &[], 0);
    let inputs = (0..).map(InputId).zip(&rules.tree().inputs);
    let declared = inputs.filter_map(|(id, input)| Some((bench.place_of_input(id)?, input.name.clone())));
    let declared = declared.filter(|_| with_inputs);
    let is_path = |site: &&Site<'_>| matches!(site.node.kind, NodeKind::Access { .. });
    let sites = || bench.sites.iter().chain(&bench.input_sites).filter(is_path);
    let optional: Vec<Place<'_>> =
        sites().filter(|site| is_optional(&bench, site)).filter_map(|site| place(&bench, site)).collect();
    // What is tested for or replaced in one place may be missing in the others.
    let is_needed = |one: &Place<'_>| !optional.iter().any(|other| is_inside(one, other));
    let read = sites().filter_map(|site| Some((place(&bench, site)?, bench.written(site.node))));
    let mut found: Vec<(Place<'_>, String)> = Vec::new();
    for (one, written) in declared.chain(read.filter(|(one, _)| is_needed(one))) {
        let is_declared = !with_inputs && is_input(&bench, &one);
        if !one.steps.is_empty() && !is_declared && !found.iter().any(|(other, _)| other.is(&one)) {
            found.push((one, written));
        }
        if found.len() == MOST_PATHS {
            break;
        }
    }
    found.into_iter().map(|(place, written)| row_path(&place, written)).collect()
}

fn place<'r>(bench: &Bench<'r>, site: &Site<'r>) -> Option<Place<'r>> {
    bench.place_before_filters(site.node, &site.scope)
}

/// Whether a place is another one, or a part of it.
fn is_inside(one: &Place<'_>, other: &Place<'_>) -> bool {
    one.key == other.key && one.steps.starts_with(&other.steps)
}

/// Whether a place is the value of a declared input.
fn is_input(bench: &Bench<'_>, one: &Place<'_>) -> bool {
    let inputs = (0..).map(InputId).zip(&bench.rules.tree().inputs);
    inputs.filter_map(|(id, _)| bench.place_of_input(id)).any(|other| other.is(one))
}

fn row_path(place: &Place<'_>, written: String) -> RowPath {
    let step = |step: &ShapeStep<'_>| match step {
        ShapeStep::Field(name) => RowStep::Field((*name).to_owned()),
        ShapeStep::Item => RowStep::Item,
    };
    RowPath { key: place.key, steps: place.steps.iter().map(step).collect(), written }
}
