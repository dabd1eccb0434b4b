//! Placeholders such as `N/A` in columns that the rule tests for being empty, or classifies.

use super::bench::{Bench, Place, Site};
use super::findings::Findings;
use super::unreadable::PLACEHOLDER_TESTS;
use crate::check::{Node, NodeKind};
use crate::diagnostics::RowLint;
use crate::syntax::ast::CompareOp;
use crate::tools::spelled::{Counted, Spelled, count_of, listed};
use crate::value::{Value, fold_case, is_empty};

/// Functions that give a result for a placeholder as for any text.
const CLASSIFIERS: [&str; 9] = [
    "SENIORITY",
    "DEPARTMENT",
    "INDUSTRY",
    "COMPANYNAME",
    "FIRSTNAME",
    "LASTNAME",
    "PROPER",
    "SLUG",
    "SIMILARITY",
];

/// How a placeholder passes for a value.
enum Passes {
    /// `ISNOTEMPTY(x)` and its kin are TRUE.
    Filled,
    /// `ISEMPTY(x)` and its kin are FALSE.
    NotEmpty,
    /// COALESCE takes it.
    First,
    /// A function classifies it.
    Text,
}

/// Adds a finding for each place with placeholders that pass for values.
pub(super) fn find<'r>(bench: &Bench<'r>, findings: &mut Findings<'r>) {
    for site in &bench.sites {
        let Some((node, passes)) = passing(site) else { continue };
        for operand in node {
            if let Some(place) = bench.place(operand, &site.scope) {
                look(bench, site, operand, &place, &passes, findings);
            }
        }
    }
}

/// The operands of a test in which a placeholder passes for a value.
fn passing<'r>(site: &Site<'r>) -> Option<(Vec<&'r Node>, Passes)> {
    match &site.node.kind {
        NodeKind::Call(builtin, args) => {
            let passes = match builtin.name {
                "ISNOTEMPTY" => Passes::Filled,
                "COUNTA" => Passes::First,
                "ISEMPTY" | "ISBLANK" => Passes::NotEmpty,
                name if CLASSIFIERS.contains(&name) => Passes::Text,
                _ => return None,
            };
            Some((args.iter().collect(), passes))
        }
        NodeKind::Compare(op, sides) => {
            [(&sides.0, &sides.1), (&sides.1, &sides.0)].into_iter().find_map(|(own, other)| {
                let (node, is_filled) = emptiness(*op, own, other)?;
                Some((vec![node], if is_filled { Passes::Filled } else { Passes::NotEmpty }))
            })
        }
        NodeKind::Coalesce(arms) => {
            let last = arms.len().saturating_sub(1);
            Some((arms[..last].iter().map(|arm| &arm.node).collect(), Passes::First))
        }
        _ => None,
    }
}

/// `x = ""`, `LEN(x) > 0` and their kin: what is tested, and whether TRUE means that something is there.
fn emptiness<'r>(op: CompareOp, own: &'r Node, other: &Node) -> Option<(&'r Node, bool)> {
    let is_filled = matches!(op, CompareOp::NotEqual | CompareOp::Greater | CompareOp::GreaterOrEqual);
    match &other.kind {
        NodeKind::Constant(value)
            if is_empty(value) && matches!(op, CompareOp::Equal | CompareOp::NotEqual) =>
        {
            Some((own, is_filled))
        }
        NodeKind::Constant(Value::Number(number)) if *number <= 1.0 => {
            let NodeKind::Call(builtin, args) = &own.kind else { return None };
            (builtin.name == "LEN").then(|| (&args[0], is_filled))
        }
        _ => None,
    }
}

fn look<'r>(
    bench: &Bench<'r>,
    site: &Site<'r>,
    node: &Node,
    place: &Place<'r>,
    passes: &Passes,
    findings: &mut Findings<'r>,
) {
    let Some(spellings) = bench.spellings(place) else { return };
    let mut placeholders = spellings.list(Spelled::Placeholder);
    let compared = compared_texts(bench, place);
    placeholders.retain(|(text, _)| !compared.contains(&fold_case(text.trim())));
    if placeholders.is_empty() || bench.calls_on(place, &PLACEHOLDER_TESTS, None) {
        return;
    }
    let name = bench.written(node);
    let whole = bench.written(site.node);
    let (problem, help) = match passes {
        Passes::Filled => {
            ("TRUE for a placeholder", format!("write `{whole} AND NOT ISPLACEHOLDER({name})`"))
        }
        Passes::NotEmpty => ("FALSE for a placeholder", format!("write `{whole} OR ISPLACEHOLDER({name})`")),
        Passes::First => (
            "a placeholder is taken as the value",
            format!("in place of `{name}`, write `IF(ISPLACEHOLDER({name}), \"\", {name})`"),
        ),
        Passes::Text => (
            "a placeholder is read like any text",
            format!("write `IF(ISPLACEHOLDER({name}), \"\", {whole})`"),
        ),
    };
    add(bench, place, &placeholders, name, node, (problem, help), findings);
}

fn add<'r>(
    bench: &Bench<'r>,
    place: &Place<'r>,
    placeholders: &Counted<'r>,
    name: String,
    node: &Node,
    (problem, help): (&str, String),
    findings: &mut Findings<'r>,
) {
    let lint = RowLint::PlaceholderText {
        name,
        rows: bench.share(place, count_of(placeholders)),
        values: listed(placeholders),
        problem: problem.to_owned(),
        at: node.span,
        help: Some(help),
    };
    findings.add(place, lint);
}

/// The texts that the rule compares a place with: their author knows of them.
fn compared_texts<'r>(bench: &Bench<'r>, place: &Place<'r>) -> Vec<String> {
    let mut texts = Vec::new();
    let mut add = |node: &Node| {
        if let NodeKind::Constant(Value::Text(text)) = &node.kind {
            texts.push(fold_case(text.trim()));
        }
    };
    for site in &bench.sites {
        let children = match &site.node.kind {
            NodeKind::Compare(..)
            | NodeKind::InArms { .. }
            | NodeKind::Switch { .. }
            | NodeKind::Call(..) => site.node.children(),
            _ => continue,
        };
        let reads =
            children.iter().any(|child| bench.place(child, &site.scope).is_some_and(|own| own.is(place)));
        if reads {
            children.into_iter().for_each(&mut add);
        }
    }
    texts
}
