//! The values that a node takes over the rows, where it reads one place of them.

use super::bench::{Bench, Bound, Inner, Place, Scope, Variable, frame_of};
use crate::check::{ColumnId, InputId, LocalId, Node, NodeKind};
use crate::eval::Evaluation;
use crate::tools::walk::within;
use crate::value::{Record, Value, fold_case};
use std::cell::{OnceCell, RefCell};
use std::collections::{HashMap, HashSet};
use std::rc::Rc;
use std::sync::Arc;

/// The values of a node, with the number of rows or list items that have each.
pub(super) struct Domain<'r> {
    pub(super) values: Vec<(Value<'r>, u64)>,
    /// Whether every value of the rows is among them.
    pub(super) is_complete: bool,
    /// Whether the node is a list in some rows, and the values are its items.
    pub(super) is_list: bool,
    /// Where the values come from, changed or not.
    pub(super) place: Place<'r>,
    /// The texts without letter case.
    folded: OnceCell<HashSet<String>>,
}

impl Domain<'_> {
    /// Whether a text is among the values, but for letter case.
    pub(super) fn has_text(&self, text: &str) -> bool {
        let folded = self.folded.get_or_init(|| {
            let texts = self.values.iter().filter_map(|(value, _)| match value {
                Value::Text(text) => Some(fold_case(text)),
                _ => None,
            });
            texts.collect()
        });
        folded.contains(&fold_case(text))
    }
}

/// The domains that were found out, by the text of the node.
#[derive(Default)]
pub(super) struct Domains<'r>(RefCell<HashMap<String, Option<Rc<Domain<'r>>>>>);

/// What a node depends on.
enum Root<'r> {
    Place(Place<'r>),
    /// An item of a list that is computed.
    Item(LocalId, &'r Node, Scope<'r>),
}

/// One thing to evaluate before a node: a name, a column or an input that it reads.
enum Need<'r> {
    Local(LocalId, &'r Node),
    Column(ColumnId, &'r Node),
    /// An input with a formula.
    Input(InputId, &'r Node),
}

impl<'r> Bench<'r> {
    /// The values that a node takes, empty ones included, if it reads exactly one place of the rows.
    pub(super) fn domain(&self, node: &'r Node, scope: &Scope<'r>) -> Option<Rc<Domain<'r>>> {
        // A name can stand for something else elsewhere.
        if within(node).any(|inner| matches!(inner.kind, NodeKind::Local(_))) {
            return self.new_domain(node, scope).map(Rc::new);
        }
        let text = self.written(node);
        if let Some(known) = self.domains.0.borrow().get(&text) {
            return known.clone();
        }
        let domain = self.new_domain(node, scope).map(Rc::new);
        self.domains.0.borrow_mut().insert(text, domain.clone());
        domain
    }

    fn new_domain(&self, node: &'r Node, scope: &Scope<'r>) -> Option<Domain<'r>> {
        if let Some(place) = self.place(node, scope) {
            return self.values_at(place);
        }
        let root = self.only_root(node, scope)?;
        let (base, variable, inner) = match root {
            Root::Place(place) => {
                let (variable, inner) = (place.variable, place.inner.clone()?);
                (self.values_at(place)?, variable, inner)
            }
            Root::Item(local, list, outer) => {
                let lists = self.domain(list, &outer)?;
                (flattened(&lists), Variable::Local(local), Vec::new())
            }
        };
        if base.is_list || !self.spend(base.values.len() as u64) {
            return None;
        }
        let mut needs = Vec::new();
        self.needs(node, scope, &mut needs);
        let mut evaluation = Evaluation::new(self.rules.tree(), self.clock);
        let values = base.values.into_iter().map(|(value, count)| {
            let value = built(&inner, value);
            (self.evaluated(&mut evaluation, node, &needs, variable, value), count)
        });
        let values = merged(values);
        Some(Domain {
            values,
            is_complete: base.is_complete,
            is_list: false,
            place: base.place,
            folded: OnceCell::new(),
        })
    }

    /// The value of a node where the place that `operand` reads has `value`.
    pub(super) fn value_with(
        &self,
        node: &'r Node,
        operand: &'r Node,
        scope: &Scope<'r>,
        value: Value<'r>,
    ) -> Option<Value<'r>> {
        let place = self.place(operand, scope)?;
        let value = built(place.inner.as_ref()?, value);
        let mut needs = Vec::new();
        self.needs(node, scope, &mut needs);
        let mut evaluation = Evaluation::new(self.rules.tree(), self.clock);
        Some(self.evaluated(&mut evaluation, node, &needs, place.variable, value))
    }

    /// The values of the rows at a place; those of the items where it is a list.
    fn values_at(&self, place: Place<'r>) -> Option<Domain<'r>> {
        let shape = self.shape(&place)?;
        let scalars = shape.values.distinct() > 0 || shape.trues + shape.falses > 0;
        let is_list = shape.lists > 0 && !scalars;
        let of = if is_list { shape.items.as_deref()? } else { shape };
        let input = place.whole_input();
        let mut values: Vec<(Value<'r>, u64)> = of
            .values
            .ranked()
            .into_iter()
            .map(|(value, count)| match input {
                Some(input) => (self.rules.read_input(input, value, self.clock), count),
                None => (value, count),
            })
            .collect();
        let others =
            [(Value::Boolean(true), of.trues), (Value::Boolean(false), of.falses), (Value::Blank, of.blanks)];
        values.extend(others.into_iter().filter(|(_, count)| *count > 0));
        let is_complete = of.values.is_complete() && of.records == 0 && (is_list || shape.lists == 0);
        Some(Domain { values, is_complete, is_list, place, folded: OnceCell::new() })
    }

    /// What a node depends on, if that is one thing.
    fn only_root(&self, node: &'r Node, scope: &Scope<'r>) -> Option<Root<'r>> {
        let mut roots = Vec::new();
        self.roots(node, scope, &mut roots)?;
        (roots.len() == 1).then(|| roots.pop()).flatten()
    }

    /// Adds what a node depends on; nothing where values can't be put there, or there are several.
    fn roots(&self, node: &'r Node, scope: &Scope<'r>, roots: &mut Vec<Root<'r>>) -> Option<()> {
        let root = if let Some(place) = self.place(node, scope) {
            place.inner.as_ref()?;
            Root::Place(place)
        } else {
            match &node.kind {
                NodeKind::Local(local) => {
                    // A name that is bound inside of the node is no dependence of it.
                    let Some(frame) = frame_of(scope, *local) else { return Some(()) };
                    match frame.bound {
                        Bound::Value(value) => return self.roots(value, &frame.outer, roots),
                        Bound::Total => return None,
                        Bound::Item(list) => Root::Item(*local, list, frame.outer.clone()),
                    }
                }
                NodeKind::Column(id) => {
                    return self.roots(&self.rules.tree().column(*id).node, &None, roots);
                }
                NodeKind::Input(id) => {
                    return self.roots(self.rules.tree().input(*id).formula()?, &None, roots);
                }
                _ => {
                    return node.children().into_iter().try_for_each(|child| self.roots(child, scope, roots));
                }
            }
        };
        if !roots.iter().any(|known| known.is(&root)) {
            roots.push(root);
        }
        (roots.len() == 1).then_some(())
    }

    /// The names and columns that a node reads, each after those it reads itself.
    fn needs(&self, node: &'r Node, scope: &Scope<'r>, needs: &mut Vec<Need<'r>>) {
        for inner in within(node) {
            match &inner.kind {
                NodeKind::Local(local) => {
                    let Some(frame) = frame_of(scope, *local) else { continue };
                    let Bound::Value(value) = frame.bound else { continue };
                    if !needs.iter().any(|need| matches!(need, Need::Local(known, _) if known == local)) {
                        self.needs(value, &frame.outer, needs);
                        needs.push(Need::Local(*local, value));
                    }
                }
                NodeKind::Column(id) if !needs.iter().any(|need| need.is_column(*id)) => {
                    let column = &self.rules.tree().column(*id).node;
                    self.needs(column, &None, needs);
                    needs.push(Need::Column(*id, column));
                }
                NodeKind::Input(id) if !needs.iter().any(|need| need.is_input(*id)) => {
                    if let Some(formula) = self.rules.tree().input(*id).formula() {
                        needs.push(Need::Input(*id, formula));
                    }
                }
                _ => {}
            }
        }
    }

    fn evaluated(
        &self,
        evaluation: &mut Evaluation<'r>,
        node: &'r Node,
        needs: &[Need<'r>],
        variable: Variable,
        value: Value<'r>,
    ) -> Value<'r> {
        let mut inputs = vec![Value::Blank; self.rules.tree().inputs.len()];
        if let Variable::Input(id) = variable {
            inputs[id.0 as usize] = value.clone();
        }
        // Before any name is set: the `LET` names of these formulas have the same slots.
        for need in needs {
            if let Need::Input(id, formula) = need {
                let result = evaluation.node(formula, self.rules.tree().formula_of_input(*id), &inputs);
                inputs[id.0 as usize] = self.rules.read_input(*id, result, self.clock);
            }
        }
        if let Variable::Local(local) = variable {
            evaluation.locals()[local.0 as usize] = value;
        }
        for need in needs {
            match need {
                Need::Input(..) => {}
                Need::Local(local, node) => {
                    let value = evaluation.node(node, ColumnId(0), &inputs);
                    evaluation.locals()[local.0 as usize] = value;
                }
                Need::Column(id, node) => {
                    let value = evaluation.node(node, *id, &inputs);
                    evaluation.columns()[id.0 as usize] = value;
                }
            }
        }
        evaluation.node(node, ColumnId(0), &inputs)
    }
}

impl Need<'_> {
    fn is_input(&self, id: InputId) -> bool {
        matches!(self, Self::Input(known, _) if *known == id)
    }

    fn is_column(&self, id: ColumnId) -> bool {
        matches!(self, Self::Column(known, _) if *known == id)
    }
}

impl Root<'_> {
    fn is(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Place(one), Self::Place(two)) => one.is(two),
            (Self::Item(one, ..), Self::Item(two, ..)) => one == two,
            _ => false,
        }
    }
}

/// The values, equal texts together.
fn merged<'r>(values: impl Iterator<Item = (Value<'r>, u64)>) -> Vec<(Value<'r>, u64)> {
    let mut all: Vec<(Value<'r>, u64)> = Vec::new();
    let mut of_text: HashMap<String, usize> = HashMap::new();
    for (value, count) in values {
        let Value::Text(text) = &value else {
            all.push((value, count));
            continue;
        };
        if let Some(index) = of_text.get(text.as_str()) {
            all[*index].1 += count;
        } else {
            of_text.insert(text.as_str().to_owned(), all.len());
            all.push((value, count));
        }
    }
    all
}

/// The items of lists.
fn flattened<'r>(lists: &Domain<'r>) -> Domain<'r> {
    let items = lists.values.iter().flat_map(|(value, count)| match value {
        Value::List(items) => items.iter().map(|item| (item.clone(), *count)).collect(),
        single => vec![(single.clone(), *count)],
    });
    Domain {
        values: merged(items),
        is_complete: lists.is_complete,
        is_list: false,
        place: lists.place.clone(),
        folded: OnceCell::new(),
    }
}

/// A record or list that has the value at the end of the steps.
fn built<'r>(steps: &[Inner<'r>], value: Value<'r>) -> Value<'r> {
    steps.iter().rev().fold(value, |value, step| match step {
        Inner::Field(name) => {
            Value::Record(Arc::new(Record::new(vec![(crate::value::Text::Borrowed(name), value)])))
        }
        Inner::Index(index) => {
            let mut items = vec![Value::Blank; *index];
            items.push(value);
            Value::list(items)
        }
    })
}
