//! What a result of SUM, MAX or MIN is made of.

use super::walk::{Walk, as_term};
use super::{Part, Reason, points_of, shown};
use crate::builtins::{Builtin, Each};
use crate::check::{Node, NodeKind};
use crate::tools::words::clipped_line;
use crate::value::{Value, is_empty};

/// Of more items than this, only the largest are told apart.
const MOST_ITEMS: usize = 8;
/// How many of them.
const MOST_LARGEST: usize = 5;
/// More letters of an item are not shown.
const MOST_LETTERS: usize = 50;

impl<'v> Walk<'_, 'v> {
    /// Splits SUM into its arguments, or into the items of the one list that it adds up.
    pub(super) fn summed(&mut self, args: &'v [Node], scale: f64, part: &mut Part<'v>) {
        let args = match args {
            [Node { kind: NodeKind::List(items, _), .. }] => items,
            [Node { kind: NodeKind::Each { each: Each::Map, list_and_body, local }, .. }] => {
                return self.mapped(list_and_body, *local, scale, part);
            }
            _ => args,
        };
        let values: Vec<Value<'v>> = args.iter().map(|arg| as_term(self.eval(arg))).collect();
        if !values.iter().any(|value| matches!(value, Value::List(_) | Value::Text(_))) {
            let terms = args.iter().zip(values).map(|(arg, value)| (arg, value, scale));
            self.split(terms.collect(), part);
        }
    }

    /// A part for each item of the list of `SUM(MAP(list, item, body))`.
    fn mapped(
        &mut self,
        (list, body): &'v (Node, Node),
        local: crate::check::LocalId,
        scale: f64,
        part: &mut Part<'v>,
    ) {
        let items: Vec<Value<'v>> = match self.eval(list) {
            Value::List(items) => items.to_vec(),
            empty if is_empty(&empty) => Vec::new(),
            single => vec![single],
        };
        let values: Vec<Value<'v>> =
            items.iter().map(|item| as_term(self.value_of_item((local, item.clone()), body))).collect();
        let told = if self.is_quiet() { (0..items.len()).collect() } else { largest(&values) };
        if !self.takes(told.len() + 1) {
            part.is_unsplit = true;
            return;
        }
        let count = items.len();
        let rows = if self.is_quiet() { Vec::new() } else { self.collected(list) };
        let rows = Some(rows).filter(|rows| rows.len() == count).unwrap_or_default();
        for index in &told {
            let item = items[*index].clone();
            let mut inner = self.part_of_item((local, item), body, values[*index].clone(), scale);
            inner.label = format!("item {} of {count}", index + 1);
            if !self.is_quiet() && !matches!(items[*index], Value::Blank) {
                inner.label.push_str(&format!(": {}", clipped_line(&shown(&items[*index]), MOST_LETTERS)));
            }
            inner.is_named = true;
            if let Some(reason) = rows.get(*index) {
                inner.because.insert(0, reason.clone());
            }
            part.parts.push(inner);
        }
        if told.len() < count {
            part.parts.push(added_up(&values, &told, body, scale));
        }
    }

    /// For each item of a decision table with `collect`, the row of the table that it is from, and why that matched; none
    /// for another list.
    fn collected(&mut self, list: &'v Node) -> Vec<Reason<'v>> {
        let mut node = list;
        while let NodeKind::Column(id) = &node.kind {
            node = &self.tree().column(*id).node;
        }
        let NodeKind::Call(_, args) = &node.kind else { return Vec::new() };
        let [Node { kind: NodeKind::List(rows, _), .. }] = args.as_slice() else { return Vec::new() };
        let mut found = Vec::new();
        for row in rows {
            let NodeKind::Choose { branches, .. } = &row.kind else { return Vec::new() };
            let [branch] = branches.as_slice() else { return Vec::new() };
            if is_empty(&self.eval(row)) {
                continue;
            }
            let Some(place) = self.table_row(&branch.result) else { return Vec::new() };
            let held = self.why_held(&branch.condition);
            found.push(Reason { held, row: Some(place), ..Reason::default() });
        }
        found
    }

    /// The argument that MAX or MIN returns, with the reason. None if the call limits one sum by constants: such a sum is
    /// split, with the limit as one more part.
    pub(super) fn extreme(
        &mut self,
        builtin: &'static Builtin,
        args: &'v [Node],
    ) -> Option<(Reason<'v>, &'v Node)> {
        let words = match builtin.name {
            "MAX" => "is the largest",
            "MIN" => "is the smallest",
            _ => return None,
        };
        let varying = args.iter().filter(|arg| !self.is_fixed(arg)).count();
        let limits_a_sum = varying == 1 && args.iter().any(|arg| self.adds(arg));
        if args.len() < 2 || varying == 0 || limits_a_sum {
            return None;
        }
        let points: Option<Vec<f64>> = args.iter().map(|arg| points_of(&self.eval(arg))).collect();
        let points = points?;
        let found = points.iter().copied().reduce(if builtin.name == "MAX" { f64::max } else { f64::min })?;
        let arg = args.iter().zip(&points).find(|(_, one)| **one == found)?.0;
        let is_constant = matches!(arg.kind, NodeKind::Constant(_));
        let held = vec![self.in_words(arg, words)];
        (!is_constant).then_some((Reason { held, ..Reason::default() }, arg))
    }

    /// Returns whether a node is a constant, or a name for one.
    fn is_fixed(&self, node: &'v Node) -> bool {
        match &node.kind {
            NodeKind::Constant(_) => true,
            NodeKind::Column(id) => matches!(self.tree().column(*id).node.kind, NodeKind::Constant(_)),
            NodeKind::Local(id) => {
                self.binding(*id).is_some_and(|node| matches!(node.kind, NodeKind::Constant(_)))
            }
            _ => false,
        }
    }
}

/// The places of the values that add or take off most, in the order of the list; all where they are few.
fn largest(values: &[Value<'_>]) -> Vec<usize> {
    let mut places: Vec<usize> = (0..values.len()).collect();
    if values.len() > MOST_ITEMS {
        let size = |place: &usize| points_of(&values[*place]).map_or(0.0, f64::abs);
        places.sort_by(|one, two| size(two).total_cmp(&size(one)));
        places.truncate(MOST_LARGEST);
        places.sort_unstable();
    }
    places
}

/// The items that are not told apart, as one part.
fn added_up<'v>(values: &[Value<'v>], told: &[usize], body: &Node, scale: f64) -> Part<'v> {
    let others = values.iter().enumerate().filter(|(index, _)| !told.contains(index));
    let sum: f64 = others.filter_map(|(_, value)| points_of(value)).sum();
    Part {
        label: format!("{} others", values.len() - told.len()),
        is_named: true,
        span: body.span,
        value: Value::Number(sum),
        points: Some(scale * sum),
        because: Vec::new(),
        parts: Vec::new(),
        is_unsplit: false,
        place: None,
        from: None,
        asks: None,
    }
}
