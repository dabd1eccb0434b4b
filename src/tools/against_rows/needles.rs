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
use test::{How, Test, tests};

/// Rows from which it is evidence that not one literal of a column occurs.
const ENOUGH: u64 = 50;

/// A test with the values that its subject takes, and which of its literals match one.
struct Tried<'r> {
    test: Test<'r>,
    domain: Domain<'r>,
    matched: Vec<bool>,
}

/// Adds a finding for each test with a literal that no row matches, though rows have it in another spelling.
pub(super) fn find<'r>(bench: &Bench<'r>, findings: &mut Findings<'r>) {
    let mut tried: Vec<Tried<'r>> = Vec::new();
    for site in &bench.sites {
        for test in tests(site) {
            let Some(domain) = bench.domain(test.subject, &test.scope) else { continue };
            let has_values = domain.values.iter().any(|(value, _)| !is_empty(value));
            if domain.is_complete && has_values {
                let matched = test.matched(bench, &domain);
                tried.push(Tried { test, domain, matched });
            }
        }
    }
    for index in 0..tried.len() {
        if !findings.has_within(tried[index].test.at) {
            look(bench, &tried, index, findings);
        }
    }
}

/// Looks for a spelling of the literals that one test does not match.
fn look<'r>(bench: &Bench<'r>, tried: &[Tried<'r>], index: usize, findings: &mut Findings<'r>) {
    let Tried { test, domain, matched } = &tried[index];
    if matched.iter().all(|matched| *matched) {
        return;
    }
    let of_place: Vec<&Tried<'r>> =
        tried.iter().filter(|other| other.domain.place.is(&domain.place)).collect();
    let found: HashSet<String> = of_place.iter().flat_map(|other| other.found()).collect();
    let known: HashSet<String> = of_place.iter().flat_map(|other| other.known()).collect();
    let nearby = Nearby { bench, test, domain, found: &found, known: &known };
    let missing = test.literals.iter().zip(matched).filter(|(_, matched)| !**matched);
    let near = missing.into_iter().find_map(|(literal, _)| Some((*literal, nearby.of(literal)?)));
    if let Some(((text, at), near)) = near {
        let others = matched.iter().filter(|matched| !**matched).count() - 1;
        add(bench, test, &domain.place, (text, at), near, others, findings);
        return;
    }
    // Not one literal of the whole rule occurs in the column.
    let none = of_place.iter().all(|other| other.matched.iter().all(|matched| !matched));
    let filled: u64 =
        domain.values.iter().filter(|(value, _)| !is_empty(value)).map(|(_, count)| count).sum();
    let is_first = std::ptr::eq(of_place[0], &raw const tried[index]);
    if none && is_first && filled >= ENOUGH && !matches!(test.how, How::Pattern(_)) {
        let mut values = domain.values.clone();
        values.retain(|(value, _)| !is_empty(value));
        let (text, at) = test.literals[0];
        let near = Near {
            instead: format!("; `{}` has {}", bench.written(test.subject), listed_values(&values)),
            help: String::from("write a text that the rows have"),
        };
        add(bench, test, &domain.place, (text, at), near, 0, findings);
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

impl Tried<'_> {
    /// The literals that some row matches, without letter case.
    fn found(&self) -> impl Iterator<Item = String> {
        let literals = self.test.literals.iter().zip(&self.matched);
        literals.filter(|(_, matched)| **matched).map(|((text, _), _)| fold_case(text))
    }

    /// All literals, without letter case.
    fn known(&self) -> impl Iterator<Item = String> {
        self.test.literals.iter().map(|(text, _)| fold_case(text))
    }
}

/// The texts of a domain with their counts.
fn texts<'d, 'r>(domain: &'d Domain<'r>) -> impl Iterator<Item = (&'d str, u64)> + use<'d, 'r> {
    domain.values.iter().filter_map(|(value, count)| match value {
        Value::Text(text) if !is_empty(value) => Some((text.as_str(), *count)),
        _ => None,
    })
}
