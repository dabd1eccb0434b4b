//! Texts of rows that are compared with a written day as texts, and come out of order.

use super::bench::{Bench, Place, Site};
use super::findings::Findings;
use crate::check::{Node, NodeKind};
use crate::diagnostics::RowLint;
use crate::span::Span;
use crate::syntax::ast::CompareOp;
use crate::tools::spelled::{Counted, Spelled, count_of, listed};
use crate::types::Type;
use crate::value::{Date, Value, fold_case, read_number};

/// Functions that read the text as a date, or recognize that it is none.
const DATE_TESTS: [&str; 3] = ["DATETIME_PARSE", "DATEVALUE", "ISDATE"];

/// Adds the findings about comparisons with a written day.
pub(super) fn find<'r>(bench: &Bench<'r>, findings: &mut Findings<'r>) {
    for site in &bench.sites {
        match &site.node.kind {
            NodeKind::Call(builtin, args) if builtin.name == "BETWEEN" => {
                check(bench, site, &args[0], args.get(1), true, findings);
            }
            NodeKind::Compare(op, sides) => {
                let is_ordered = !matches!(op, CompareOp::Equal | CompareOp::NotEqual);
                for (own, other) in [(&sides.0, &sides.1), (&sides.1, &sides.0)] {
                    check(bench, site, own, Some(other), is_ordered, findings);
                }
            }
            _ => {}
        }
    }
}

fn check<'r>(
    bench: &Bench<'r>,
    site: &Site<'r>,
    own: &'r Node,
    other: Option<&Node>,
    is_ordered: bool,
    findings: &mut Findings<'r>,
) {
    let is_day = other.is_some_and(|other| match &other.kind {
        NodeKind::Constant(Value::Text(text)) => is_day(text) && Date::read(text, bench.clock).is_some(),
        _ => false,
    });
    if !is_day || own.ty == Type::Date {
        return;
    }
    let Some(place) = bench.place(own, &site.scope) else { return };
    let Some(spellings) = bench.spellings(&place) else { return };
    if bench.calls_on(&place, &DATE_TESTS, Some(site.column)) {
        return;
    }
    let mut texts = spellings.list(Spelled::Date);
    texts.retain(|(text, _)| is_in_short_form(text));
    if is_ordered {
        let words = spellings.list(Spelled::Words).into_iter();
        texts.extend(words.filter(|(text, _)| !is_written_in_rule(bench, text)));
    }
    if !texts.is_empty() {
        add(bench, site, (own, &place), &texts, findings);
    }
}

fn add<'r>(
    bench: &Bench<'r>,
    site: &Site<'r>,
    (own, place): (&'r Node, &Place<'r>),
    texts: &Counted<'r>,
    findings: &mut Findings<'r>,
) {
    let name = bench.written(own);
    let part = |start: u32, end: u32| {
        let source = bench.rules.tree().source.text();
        source.get(start as usize..end as usize).unwrap_or_default()
    };
    let Span { start, end } = site.node.span;
    let written = format!("{}DATEVALUE({name}){}", part(start, own.span.start), part(own.span.end, end));
    let formula = if written.contains('\n') { format!("DATEVALUE({name})") } else { written };
    let help = Some(format!("to compare dates, write `{formula}`"));
    let (rows, values) = (bench.share(place, count_of(texts)), listed(texts));
    findings.add(place, RowLint::DateText { name, rows, values, at: own.span, help });
}

/// Whether a text is `yyyy-mm-dd`, with or without a time.
fn is_day(text: &str) -> bool {
    let day = text.as_bytes();
    day.len() >= 10
        && read_number(text).is_none()
        && day[..10].iter().enumerate().all(|(index, byte)| match index {
            4 | 7 => *byte == b'-',
            _ => byte.is_ascii_digit(),
        })
}

/// Whether a date has months or days of one digit, which don't sort as text: `2026-1-15`.
fn is_in_short_form(text: &str) -> bool {
    let day: Vec<&str> = text.split(['T', ' ']).next().unwrap_or_default().split('-').collect();
    day.len() == 3 && day[1..].iter().any(|part| part.len() == 1)
}

/// Whether the rule compares something with this text, so that it expects it.
fn is_written_in_rule(bench: &Bench<'_>, text: &str) -> bool {
    let folded = fold_case(text.trim());
    bench.sites.iter().any(|site| match &site.node.kind {
        NodeKind::Constant(Value::Text(own)) => fold_case(own.trim()) == folded,
        _ => false,
    })
}
