//! Values of a kind that no use of their column can read, where no other finding explains them.

use super::bench::{Bench, Site, Variable};
use super::findings::Findings;
use crate::analysis::of_texts;
use crate::check::{Input, InputId, Kind, KindSet, Node, NodeKind};
use crate::diagnostics::RowLint;
use crate::syntax::bare_or_braced;
use crate::tools::shape::Shape;
use crate::tools::spelled::listed_values;
use crate::value::{Value, is_empty, to_boolean};

/// Adds a finding for each input with values of a kind that does not fit its uses.
pub(super) fn find<'r>(bench: &Bench<'r>, findings: &mut Findings<'r>) {
    let mut advised: Vec<String> = Vec::new();
    for (id, input) in (0..).map(InputId).zip(&bench.rules.tree().inputs) {
        let Some(place) = bench.place_of_input(id) else { continue };
        let Some(shape) = bench.shape(&place) else { continue };
        let is_explained = findings.has(&place)
            || bench.rules.warnings().iter().any(|warning| mentions(bench, id, warning.offset()));
        if is_explained {
            continue;
        }
        let misfits = misfits(bench, id, shape);
        let Some((first, ..)) = misfits.first() else { continue };
        let found = if misfits.len() == 1 { first.described() } else { "another kind of value" };
        let is_words = misfits.iter().any(|(kind, ..)| *kind == Kind::Words);
        let joined = if is_words { joined(bench, id) } else { None };
        // Two columns that are joined are one mistake.
        if joined.as_ref().is_some_and(|help| advised.contains(help)) {
            continue;
        }
        advised.extend(joined.clone());
        let values: Vec<_> = misfits.iter().flat_map(|(_, values, _)| values.iter().cloned()).collect();
        let lint = RowLint::UnexpectedKind {
            name: bare_or_braced(&input.name),
            wanted: input.kinds.described().to_owned(),
            found: found.to_owned(),
            rows: bench.share(&place, misfits.iter().map(|(.., count)| count).sum()),
            values: if values.is_empty() { String::new() } else { format!(": {}", listed_values(&values)) },
            at: input.span,
            help: joined.or_else(|| help(input, *first)),
        };
        findings.add(&place, lint);
    }
}

/// A longer formula is not repeated in a help.
const LONGEST: usize = 100;

/// What to write where an input with words is added to others, or is a side of `||`: `first & last` for `first + last`.
fn joined(bench: &Bench<'_>, id: InputId) -> Option<String> {
    bench.sites.iter().find_map(|site| {
        let operands: Vec<&Node> = match &site.node.kind {
            NodeKind::Sum(addends) => addends.iter().map(|addend| &addend.node).collect(),
            NodeKind::Or(arms) => arms.iter().map(|arm| &arm.node).collect(),
            _ => return None,
        };
        let is_own = |node: &&Node| matches!(node.kind, NodeKind::Input(own) if own == id);
        let has_own_words =
            operands.iter().filter(|node| is_own(node)).all(|node| is_text(bench, node, false));
        let all_text = operands.iter().all(|node| is_text(bench, node, true));
        if is_condition(bench, site) || !has_own_words || !all_text || !operands.iter().any(is_own) {
            return None;
        }
        let [joined, chosen] = of_texts(&written(bench, site));
        let is_choice = matches!(site.node.kind, NodeKind::Or(_));
        let is_joined = bench.around(site).any(|outer| matches!(outer.node.kind, NodeKind::Join(_)));
        match (joined, chosen.filter(|_| is_choice)) {
            (Some(joined), Some(chosen)) if !is_joined => Some(format!(
                "to join the texts, write `{joined}`; for the first that is not empty, write `{chosen}`"
            )),
            (_, Some(chosen)) => Some(format!("for the first that is not empty, write `{chosen}`")),
            (Some(joined), None) if !is_choice => Some(format!("write `{joined}`")),
            _ => None,
        }
    })
}

/// Whether a site decides something, rather than being a result.
fn is_condition<'r>(bench: &Bench<'r>, site: &Site<'r>) -> bool {
    bench.around(site).next().is_some_and(|outer| match &outer.node.kind {
        NodeKind::And(_) | NodeKind::Or(_) | NodeKind::Not(_) => true,
        NodeKind::Choose { branches, .. } => {
            branches.iter().any(|branch| branch.condition.span == site.node.span)
        }
        _ => false,
    })
}

/// The formula around a site, or the site alone where that is long.
fn written(bench: &Bench<'_>, site: &Site<'_>) -> String {
    let text = bench.rules.tree().source.text();
    let column = bench.rules.tree().column(site.column).node.span;
    let whole = bench.text_of(crate::syntax::balanced(text, column));
    if whole.len() <= LONGEST { whole } else { bench.text_of(crate::syntax::balanced(text, site.node.span)) }
}

/// Whether a part of a formula is text in all rows, which may be a number.
fn is_text(bench: &Bench<'_>, node: &Node, with_numbers: bool) -> bool {
    match &node.kind {
        NodeKind::Input(id) => {
            let Some(shape) = bench.place_of_input(*id).and_then(|place| bench.shape(&place)) else {
                return true;
            };
            let is_other = |value: &Value<'_>| match KindSet::kind_of(value, bench.clock) {
                None | Some(Kind::Words) => false,
                Some(kind) => kind != Kind::NumberText || !with_numbers,
            };
            shape.lists + shape.records + shape.trues + shape.falses == 0
                && !shape.values.ranked().iter().any(|(value, _)| is_other(value))
        }
        NodeKind::Constant(value) => matches!(value, Value::Text(_)),
        _ => matches!(node.ty, crate::types::Type::Text | crate::types::Type::Any),
    }
}

/// Whether a warning of the rule alone is about a test of this input.
fn mentions<'r>(bench: &Bench<'r>, id: InputId, offset: usize) -> bool {
    bench.sites.iter().any(|site| {
        let span = site.node.span;
        let reads = |node: &'r crate::check::Node| {
            bench.place(node, &site.scope).is_some_and(|place| place.variable == Variable::Input(id))
        };
        matches!(site.node.kind, crate::check::NodeKind::Compare(..) | crate::check::NodeKind::Call(..))
            && (span.start as usize..span.end as usize).contains(&offset)
            && site.node.children().into_iter().any(reads)
    })
}

type Misfit<'r> = (Kind, Vec<(Value<'r>, u64)>, u64);

fn misfits<'r>(bench: &Bench<'r>, id: InputId, shape: &'r Shape) -> Vec<Misfit<'r>> {
    let input = bench.rules.tree().input(id);
    let mut found: Vec<Misfit<'r>> = Vec::new();
    let mut add = |kind: Kind, value: Option<Value<'r>>, count: u64| {
        // Digits fit wherever text does: an industry of "365" is odd, but text.
        let is_boolean = |value: &Value<'_>| input.kinds.has(Kind::Boolean) && to_boolean(value).is_ok();
        let fits = input.kinds.has(kind)
            || (kind == Kind::NumberText && input.kinds.has(Kind::Words))
            || (kind == Kind::Words && value.as_ref().is_some_and(is_boolean));
        if fits || count == 0 {
            return;
        }
        match found.iter_mut().find(|(known, ..)| *known == kind) {
            Some((_, values, all)) => {
                values.extend(value.map(|value| (value, count)));
                *all += count;
            }
            None => found.push((kind, value.map(|value| (value, count)).into_iter().collect(), count)),
        }
    };
    for (value, count) in shape.values.ranked() {
        // What a declared input reads fits as what it is read as. What it can't read is an error, whatever reads it.
        let read = bench.rules.read_input(id, value.clone(), bench.clock);
        let read = if read.as_error().is_some() { value.clone() } else { read };
        if let Some(kind) = KindSet::kind_of(&read, bench.clock).filter(|_| !is_empty(&read)) {
            add(kind, Some(value), count);
        }
    }
    add(Kind::Boolean, Some(Value::Boolean(true)), shape.trues);
    add(Kind::Boolean, Some(Value::Boolean(false)), shape.falses);
    add(Kind::List, None, shape.lists.saturating_sub(shape.hollow_lists));
    add(Kind::Record, None, shape.records.saturating_sub(shape.hollow - shape.hollow_lists));
    found
}

fn help(input: &Input, kind: Kind) -> Option<String> {
    let name = bare_or_braced(&input.name);
    // A list stands for its items in AND and OR.
    let condition = KindSet::readable_as(crate::types::Type::Boolean).or(KindSet::of(&[Kind::List]));
    let is_condition = input.kinds.has(Kind::Boolean) && input.kinds.and(condition) == input.kinds;
    match kind {
        Kind::Words | Kind::Date | Kind::NumberText if is_condition => {
            Some(format!("to test whether it is filled, write `ISNOTEMPTY({name})`"))
        }
        Kind::List => Some(format!(
            "for the whole list as text, write `JOIN({name}, \", \")`; for its first item, `{name}[0]`"
        )),
        Kind::Record => Some(format!("for one value of the record, write `{name}.field`")),
        Kind::Words if input.kinds.has(Kind::Number) => {
            Some(format!("to leave out what is not a number, write `IF(ISNUMBER({name}), {name}, \"\")`"))
        }
        _ => None,
    }
}
