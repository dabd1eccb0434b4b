//! Lists used as single values, and delimited texts used as lists.

use super::bench::{Bench, Place, Site};
use super::findings::Findings;
use crate::builtins::{Builtin, Each};
use crate::check::{Node, NodeKind};
use crate::diagnostics::{Count, RowLint};
use crate::syntax::ast::CompareOp;
use crate::syntax::print_text;
use crate::tools::shape::Shape;
use crate::tools::spelled::{Counted, Spelled, listed, spelled};
use crate::tools::walk::within;
use crate::value::{Text, Value};

/// Delimiters of lists that are written as one text; the longer come first where one begins another.
const DELIMITERS: [&str; 7] = ["; ", ";", " | ", "|", ", ", ",", "\n"];
/// The longest part of a text that is a list.
const LONGEST_PART: usize = 40;

/// Adds the findings about lists.
pub(super) fn find<'r>(bench: &Bench<'r>, findings: &mut Findings<'r>) {
    for site in &bench.sites {
        match &site.node.kind {
            NodeKind::Compare(op, sides) => {
                for (own, other) in [(&sides.0, &sides.1), (&sides.1, &sides.0)] {
                    compared(bench, site, *op, own, other, findings);
                }
            }
            NodeKind::InArms { needle, arms, .. } => {
                for arm in arms {
                    compared(bench, site, CompareOp::Equal, needle, &arm.node, findings);
                }
            }
            NodeKind::Switch { value, cases, .. } => {
                if let Some(case) = cases.first() {
                    compared(bench, site, CompareOp::Equal, value, &case.case, findings);
                }
            }
            NodeKind::Call(builtin, args) => called(bench, site, builtin, args, findings),
            NodeKind::InList { needle_and_list, .. } => {
                text_as_list(bench, site, &needle_and_list.1, findings);
            }
            NodeKind::Each { list_and_body, .. } => text_as_list(bench, site, &list_and_body.0, findings),
            _ => {}
        }
        spaced_separator(bench, site, findings);
    }
}

/// The shape of a place that is a list in the rows, and nothing else.
fn list_shape<'r>(bench: &Bench<'r>, place: &Place<'r>) -> Option<&'r Shape> {
    bench.shape(place).filter(|shape| shape.lists > 0 && shape.filled() <= shape.lists)
}

fn add_list<'r>(
    bench: &Bench<'r>,
    place: &Place<'r>,
    node: &Node,
    at: &Node,
    (problem, help): (&str, String),
    findings: &mut Findings<'r>,
) {
    let rows = bench.share(place, bench.shape(place).map_or(0, |shape| shape.lists));
    let (name, problem, help) = (bench.written(node), problem.to_owned(), Some(help));
    findings.add(place, RowLint::ListAsValue { name, rows, problem, at: at.span, help });
}

/// `Tags = "webinar"`, `Tags > 1`
fn compared<'r>(
    bench: &Bench<'r>,
    site: &Site<'r>,
    op: CompareOp,
    own: &'r Node,
    other: &Node,
    findings: &mut Findings<'r>,
) {
    let NodeKind::Constant(value) = &other.kind else { return };
    let Some(place) = bench.place(own, &site.scope) else { return };
    if list_shape(bench, &place).is_none() || crate::value::is_empty(value) {
        return;
    }
    let (name, other) = (bench.written(own), bench.written(other));
    let said = match (op, value) {
        (CompareOp::Equal, _) => ("a list never equals a single value", format!("write `{other} IN {name}`")),
        (CompareOp::NotEqual, _) => {
            ("a list never equals a single value", format!("write `{other} NOT IN {name}`"))
        }
        _ => ("a list has no order", format!("write `COUNTA({name}) {} {other}`", op.symbol())),
    };
    add_list(bench, &place, own, site.node, said, findings);
}

fn called<'r>(
    bench: &Bench<'r>,
    site: &Site<'r>,
    builtin: &'static Builtin,
    args: &'r [Node],
    findings: &mut Findings<'r>,
) {
    let (Some(first), is_only) = (args.first(), args.len() == 1) else { return };
    match builtin.name {
        "INCLUDES" | "JOIN" | "FIRST" | "LAST" | "AT" | "UNIQUE" | "SORT" | "COMPACT" => {
            text_as_list(bench, site, first, findings);
        }
        "COUNTA" if is_only => text_as_list(bench, site, first, findings),
        "TEXTJOIN" if args.len() == 3 => text_as_list(bench, site, &args[2], findings),
        "COUNT" if is_only => count_of_words(bench, site, first, findings),
        "LEN" => {
            let Some(place) = bench.place(first, &site.scope) else { return };
            if list_shape(bench, &place).is_some() {
                let help = format!("to count the items, write `COUNTA({})`", bench.written(first));
                add_list(
                    bench,
                    &place,
                    first,
                    site.node,
                    ("LEN counts the characters of a text", help),
                    findings,
                );
            }
        }
        "CONTAINS" | "ICONTAINS" => part_of_item(bench, site, args, findings),
        _ => {}
    }
}

/// `COUNT(Tags)`: 0 for a list of words.
fn count_of_words<'r>(bench: &Bench<'r>, site: &Site<'r>, node: &'r Node, findings: &mut Findings<'r>) {
    let Some(place) = bench.place(node, &site.scope) else { return };
    let Some(items) = bench.shape(&place).and_then(|shape| shape.items.as_deref()) else { return };
    let reads = items.values.texts().any(|(text, _)| spelled(bench.clock, text) == Spelled::Number);
    if items.numbers > 0 || reads || items.texts + items.records == 0 {
        return;
    }
    let help = format!("to count items of any kind, write `COUNTA({})`", bench.written(node));
    add_list(bench, &place, node, site.node, ("COUNT counts only numbers", help), findings);
}

/// `ICONTAINS(Tags, "pricing")`: on a list, a needle must equal a whole item.
fn part_of_item<'r>(bench: &Bench<'r>, site: &Site<'r>, args: &'r [Node], findings: &mut Findings<'r>) {
    let Some(place) = bench.place(&args[0], &site.scope) else { return };
    let Some(items) = list_shape(bench, &place).and_then(|shape| shape.items.as_deref()) else { return };
    for needle in &args[1..] {
        let NodeKind::Constant(Value::Text(text)) = &needle.kind else { continue };
        let folded = crate::value::fold_case(text);
        let fold = |item: &str| crate::value::fold_case(item);
        let is_item = items.values.texts().any(|(item, _)| fold(item) == folded);
        let mut within: Vec<(Text<'r>, u64)> = items
            .values
            .texts()
            .filter(|(item, _)| !folded.is_empty() && fold(item).contains(&folded))
            .map(|(item, count)| (Text::Borrowed(item), count))
            .collect();
        within.sort_by(|one, other| other.1.cmp(&one.1).then(one.0.as_str().cmp(&other.0)));
        if !is_item && !within.is_empty() {
            let name = bench.written(&args[0]);
            let what = format!("`{}` occurs", print_text(text));
            let help = Some(format!(
                "on a list, a text must equal a whole item; to search inside the items, write `ANY({name}, item, ICONTAINS(item, {}))`",
                print_text(text)
            ));
            let rows = Count(bench.rows as usize, "row").to_string();
            let instead = format!(" as a whole item of `{name}`; items that contain it: {}", listed(&within));
            findings.add_each(&place, RowLint::NeverMatches { what, rows, instead, at: needle.span, help });
            return;
        }
    }
}

/// The delimiter of texts that are lists, and the texts that have it.
pub(in crate::tools) fn delimited<'r>(shape: &'r Shape) -> Option<(&'static str, Counted<'r>)> {
    let parts = |text: &str, delimiter: &str| {
        let parts: Vec<&str> = text.split(delimiter).map(str::trim).collect();
        parts.len() > 1 && parts.iter().all(|part| !part.is_empty() && part.len() <= LONGEST_PART)
    };
    DELIMITERS.into_iter().find_map(|delimiter| {
        let texts = shape.values.texts().filter(|(text, _)| parts(text, delimiter));
        let mut texts: Counted<'r> = texts.map(|(text, count)| (Text::Borrowed(text), count)).collect();
        texts.sort_by(|one, other| other.1.cmp(&one.1).then(one.0.as_str().cmp(&other.0)));
        (!texts.is_empty()).then_some((delimiter, texts))
    })
}

/// `INCLUDES(Tech, "AWS")` where rows have `Go; AWS`.
fn text_as_list<'r>(bench: &Bench<'r>, site: &Site<'r>, node: &'r Node, findings: &mut Findings<'r>) {
    let Some(place) = bench.place(node, &site.scope) else { return };
    let Some(shape) = bench.shape(&place).filter(|shape| shape.lists == 0) else { return };
    let Some((delimiter, texts)) = delimited(shape).filter(|_| !bench.reads_json(&place)) else { return };
    let (name, at) = (bench.written(node), node.span);
    let help = Some(format!("write `SPLIT({name}, {})`", print_text(delimiter)));
    let rows = bench.share(&place, shape.filled());
    let values = listed(&texts);
    let _ = site;
    findings.add(&place, RowLint::TextAsList { name, rows, values, at, help });
}

/// `INCLUDES(SPLIT(Tech, ";"), "AWS")` where rows have `Go; AWS`: the parts start with a space.
fn spaced_separator<'r>(bench: &Bench<'r>, site: &Site<'r>, findings: &mut Findings<'r>) {
    let Some((list, scope)) = compared_list(site) else { return };
    let NodeKind::Call(builtin, args) = &list.kind else { return };
    let [text, separator] = &args[..] else { return };
    let NodeKind::Constant(Value::Text(written)) = &separator.kind else { return };
    if builtin.name != "SPLIT" || written.ends_with(char::is_whitespace) {
        return;
    }
    let Some(domain) = bench.domain(text, scope) else { return };
    let (mut all, mut spaced): (u64, Counted<'_>) = (0, Vec::new());
    for (value, count) in &domain.values {
        let Value::Text(text) = value else { continue };
        for part in text.split(written.as_str()).filter(|part| !part.trim().is_empty()) {
            all += count;
            if part.starts_with(char::is_whitespace) {
                match spaced.iter_mut().find(|(known, _)| known.as_str() == part) {
                    Some((_, known)) => *known += count,
                    None => spaced.push((Text::Shared(part.into()), *count)),
                }
            }
        }
    }
    let count: u64 = spaced.iter().map(|(_, count)| count).sum();
    if count == 0 {
        return;
    }
    spaced.sort_by(|one, other| other.1.cmp(&one.1).then(one.0.as_str().cmp(&other.0)));
    let name = bench.written(text);
    let help = Some(format!("write `SPLIT({name}, {})`", print_text(&format!("{} ", written.as_str()))));
    let parts = Count(all as usize, "part");
    let part = format!("{count} of {parts} of `{name}` {}", if count == 1 { "starts" } else { "start" });
    let values = listed(&spaced);
    findings.add(&domain.place, RowLint::SpacedSeparator { part, values, at: separator.span, help });
}

/// The list whose items a node compares as they are.
fn compared_list<'s, 'r>(site: &'s Site<'r>) -> Option<(&'r Node, &'s super::bench::Scope<'r>)> {
    let list = match &site.node.kind {
        NodeKind::InList { needle_and_list, .. } => &needle_and_list.1,
        NodeKind::Call(builtin, args) if ["INCLUDES", "CONTAINS", "ICONTAINS"].contains(&builtin.name) => {
            &args[0]
        }
        NodeKind::Each { each, list_and_body, local } if *each != Each::Map => {
            let is_item = |node: &Node| matches!(node.kind, NodeKind::Local(id) if id == *local);
            let compares = within(&list_and_body.1).any(|inner| match &inner.kind {
                NodeKind::Compare(_, sides) => is_item(&sides.0) || is_item(&sides.1),
                NodeKind::InArms { needle, .. } => is_item(needle),
                NodeKind::Call(builtin, args) => {
                    ["STARTSWITH", "EXACT", "REGEXMATCH"].contains(&builtin.name) && args.iter().any(is_item)
                }
                _ => false,
            });
            compares.then_some(&list_and_body.0)?
        }
        _ => return None,
    };
    Some((list, &site.scope))
}
