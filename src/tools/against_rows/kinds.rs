//! Values of a kind that no use of their column can read, where no other finding explains them.

use super::bench::Bench;
use super::findings::Findings;
use crate::check::{Input, InputId, Kind, KindSet};
use crate::diagnostics::RowLint;
use crate::syntax::bare_or_braced;
use crate::tools::shape::Shape;
use crate::tools::spelled::listed_values;
use crate::value::{Value, is_empty, to_boolean};

/// Adds a finding for each input with values of a kind that does not fit its uses.
pub(super) fn find<'r>(bench: &Bench<'r>, findings: &mut Findings<'r>) {
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
        let values: Vec<_> = misfits.iter().flat_map(|(_, values, _)| values.iter().cloned()).collect();
        let lint = RowLint::UnexpectedKind {
            name: bare_or_braced(&input.name),
            wanted: input.kinds.described().to_owned(),
            found: found.to_owned(),
            rows: bench.share(&place, misfits.iter().map(|(.., count)| count).sum()),
            values: if values.is_empty() { String::new() } else { format!(": {}", listed_values(&values)) },
            at: input.span,
            help: help(input, *first),
        };
        findings.add(&place, lint);
    }
}

/// Whether a warning of the rule alone is about a test of this input.
fn mentions<'r>(bench: &Bench<'r>, id: InputId, offset: usize) -> bool {
    bench.sites.iter().any(|site| {
        let span = site.node.span;
        let reads = |node: &'r crate::check::Node| {
            bench
                .place(node, &site.scope)
                .is_some_and(|place| place.variable == super::bench::Variable::Input(id))
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
    let condition = KindSet::readable_as(crate::types::Type::Boolean);
    match kind {
        Kind::Words | Kind::Date | Kind::NumberText if input.kinds.and(condition) == input.kinds => {
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
