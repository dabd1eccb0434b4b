//! Literals and needles that no row matches, with the spelling that occurs.

mod nearby;
mod test;

use super::bench::{Bench, Place};
use super::domain::Domain;
use super::findings::Findings;
use crate::diagnostics::{Count, RowLint};
use crate::span::Span;
use crate::syntax::print_text;
use crate::tools::spelled::listed_values;
use crate::value::{Value, fold_case, is_empty};
use nearby::{Near, Nearby};
use std::collections::HashSet;
use std::rc::Rc;
use test::{How, Test, tests};

/// Rows from which it is evidence that not one literal of a column occurs.
const ENOUGH: u64 = 50;

/// A test with the values that its subject takes, and which of its literals match one.
struct Tried<'r> {
    test: Test<'r>,
    domain: Rc<Domain<'r>>,
    matched: Vec<bool>,
}

/// The literals of all tests of one place, without letter case.
struct OfPlace<'r> {
    place: Place<'r>,
    /// Those that some row matches.
    found: HashSet<String>,
    /// All of them.
    known: HashSet<String>,
    /// The first of its tests.
    first: usize,
}

/// Adds a finding for each test with a literal that no row matches, though rows have it in another spelling.
pub(super) fn find<'r>(bench: &Bench<'r>, findings: &mut Findings<'r>) {
    let mut tried: Vec<Tried<'r>> = Vec::new();
    let mut places: Vec<OfPlace<'r>> = Vec::new();
    for site in &bench.sites {
        for test in tests(site) {
            let Some(domain) = bench.domain(test.subject, &test.scope) else { continue };
            let has_values = domain.values.iter().any(|(value, _)| !is_empty(value));
            if domain.is_complete && has_values {
                let matched = test.matched(bench, &domain);
                let new = Tried { test, domain, matched };
                add_literals(&mut places, &new, tried.len());
                tried.push(new);
            }
        }
    }
    let reported = findings.offsets();
    for (index, one) in tried.iter().enumerate() {
        let span = one.test.at.start as usize..one.test.at.end as usize;
        let of_place = places.iter().find(|place| place.place.is(&one.domain.place));
        if let Some(of_place) = of_place.filter(|_| reported.range(span).next().is_none()) {
            look(bench, one, of_place, index == of_place.first, findings);
        }
    }
}

fn add_literals<'r>(places: &mut Vec<OfPlace<'r>>, tried: &Tried<'r>, index: usize) {
    let place = &tried.domain.place;
    let known = places.iter().position(|known| known.place.is(place));
    let known = known.unwrap_or_else(|| {
        let place = place.clone();
        places.push(OfPlace { place, found: HashSet::new(), known: HashSet::new(), first: index });
        places.len() - 1
    });
    for ((text, _), matched) in tried.test.literals.iter().zip(&tried.matched) {
        let folded = fold_case(text);
        if *matched {
            places[known].found.insert(folded.clone());
        }
        places[known].known.insert(folded);
    }
}

/// Looks for a spelling of the literals that one test does not match.
fn look<'r>(
    bench: &Bench<'r>,
    tried: &Tried<'r>,
    of_place: &OfPlace<'r>,
    is_first: bool,
    findings: &mut Findings<'r>,
) {
    let Tried { test, domain, matched } = tried;
    if matched.iter().all(|matched| *matched) {
        return;
    }
    let nearby = Nearby { bench, test, domain, found: &of_place.found, known: &of_place.known };
    let missing = test.literals.iter().zip(matched).filter(|(_, matched)| !**matched);
    let near = missing.into_iter().find_map(|(literal, _)| Some((*literal, nearby.of(literal)?)));
    if let Some((literal, near)) = near {
        let others = matched.iter().filter(|matched| !**matched).count() - 1;
        add(bench, test, &domain.place, literal, near, others, findings);
        return;
    }
    // Not one literal of the whole rule occurs in the column.
    let filled: u64 =
        domain.values.iter().filter(|(value, _)| !is_empty(value)).map(|(_, count)| count).sum();
    let is_pattern = matches!(test.how, How::Pattern(_));
    if of_place.found.is_empty() && is_first && filled >= ENOUGH && !is_pattern && !bench.is_cut() {
        let mut values = domain.values.clone();
        values.retain(|(value, _)| !is_empty(value));
        let near = Near {
            instead: format!("; `{}` has {}", bench.written(test.subject), listed_values(&values)),
            help: String::from("write a text that the rows have"),
        };
        add(bench, test, &domain.place, test.literals[0], near, 0, findings);
    }
}

fn add<'r>(
    bench: &Bench<'r>,
    test: &Test<'r>,
    place: &Place<'r>,
    (literal, at): (&str, Span),
    near: Near,
    others: usize,
    findings: &mut Findings<'r>,
) {
    let literal = if matches!(test.how, How::Pattern(_)) { literal.to_owned() } else { print_text(literal) };
    let what = match others {
        0 => format!("`{literal}` occurs"),
        others => format!("`{literal}` and {} occur", Count(others, "more text")),
    };
    let noun = if place.is_in_list() { "list item" } else { "row" };
    let all = if place.is_in_list() { bench.shape(place).map_or(0, |shape| shape.count) } else { bench.rows };
    let rows = Count(all as usize, noun).to_string();
    let lint = RowLint::NeverMatches { what, rows, instead: near.instead, at, help: Some(near.help) };
    findings.add_each(place, lint);
}

/// The texts of a domain with their counts.
fn texts<'d, 'r>(domain: &'d Domain<'r>) -> impl Iterator<Item = (&'d str, u64)> + use<'d, 'r> {
    domain.values.iter().filter_map(|(value, count)| match value {
        Value::Text(text) if !is_empty(value) => Some((text.as_str(), *count)),
        _ => None,
    })
}
