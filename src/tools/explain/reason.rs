//! Conditions that held or failed, and what they saw.

use super::walk::Walk;
use super::{Condition, FoundRow, Place, Seen, one_line};
use crate::check::{Arm, Branch, Column, DataId, Lookup, Node, NodeKind};
use crate::eval::Observer;
use crate::span::Span;
use crate::syntax::ast::DataDeclaration;
use crate::tools::walk::within;
use crate::value::{Value, to_boolean};
use std::path::Path;

/// More names than this are not shown for one condition.
const MOST_SEEN: usize = 8;
/// More names than this are not followed to a lookup.
const MOST_NAMES: usize = 64;
/// More nodes than this are not searched for lookups.
const MOST_NODES: usize = 2_000;

/// The rows that were looked up, each once; nothing for a key that no row has.
#[derive(Default)]
struct FoundRows(Vec<(DataId, Option<usize>)>);

impl Observer for FoundRows {
    const SEES_COMPARISONS: bool = false;

    fn looked_up(&mut self, lookup: &Lookup, _: &[Value<'_>], row: Option<usize>) {
        let found = (lookup.data, row);
        if self.0.len() < MOST_SEEN && !self.0.contains(&found) {
            self.0.push(found);
        }
    }
}

impl<'v> Walk<'_, 'v> {
    /// Whether a condition holds; nothing where it is an error, or neither true nor false.
    pub(super) fn asks(&mut self, node: &'v Node) -> Option<bool> {
        let value = self.eval(node);
        to_boolean(&value).ok()
    }

    /// What made `condition` hold: of OR the first operand that does, of AND all of them.
    pub(super) fn why_held(&mut self, condition: &'v Node) -> Vec<Condition<'v>> {
        if self.is_quiet() {
            return vec![self.condition(condition)];
        }
        match &condition.kind {
            NodeKind::Or(arms) => match arms.iter().find(|arm| self.asks(&arm.node) == Some(true)) {
                Some(arm) => self.why_held(&arm.node),
                None => vec![self.condition(condition)],
            },
            NodeKind::And(arms) => arms.iter().flat_map(|arm| self.why_held(&arm.node)).collect(),
            _ => vec![self.condition(condition)],
        }
    }

    /// What made `condition` fail: of AND the first operand that does, else the condition as a whole.
    pub(super) fn why_failed(&mut self, condition: &'v Node) -> Condition<'v> {
        if !self.is_quiet()
            && let NodeKind::And(arms) = &condition.kind
            && let Some(arm) = arms.iter().find(|arm| self.asks(&arm.node) == Some(false))
        {
            return self.why_failed(&arm.node);
        }
        self.condition(condition)
    }

    /// A condition with what it reads.
    pub(super) fn condition(&mut self, node: &'v Node) -> Condition<'v> {
        Condition {
            text: self.text(node),
            is_formula: true,
            span: node.span,
            saw: self.seen(&[node]),
            rows: self.rows(&[node]),
            place: self.place_in_function(node.span),
        }
    }

    /// `left symbol right`, as a condition that is not written as such.
    pub(super) fn comparison(&mut self, left: &'v Node, symbol: &str, right: &'v Node) -> Condition<'v> {
        let text = format!("{} {symbol} {}", self.text(left), self.text(right));
        Condition {
            text,
            is_formula: symbol == "=",
            span: right.span,
            saw: self.seen(&[left, right]),
            rows: self.rows(&[left, right]),
            place: self.place_in_function(right.span),
        }
    }

    /// `value is not empty`, in words.
    pub(super) fn in_words(&mut self, node: &'v Node, words: &str) -> Condition<'v> {
        let text = format!("{} {words}", self.text(node));
        Condition {
            text,
            is_formula: false,
            span: node.span,
            saw: self.seen(&[node]),
            rows: self.rows(&[node]),
            place: self.place_in_function(node.span),
        }
    }

    /// The first branch whose condition does not fail, and the conditions of those before it.
    pub(super) fn first_branch(
        &mut self,
        branches: &'v [Branch],
    ) -> (Option<&'v Branch>, Vec<Condition<'v>>) {
        let mut failed = Vec::new();
        for branch in branches {
            if self.asks(&branch.condition) != Some(false) {
                return (Some(branch), failed);
            }
            failed.push(self.why_failed(&branch.condition));
        }
        (None, failed)
    }

    /// The first arm that is not empty, and those before it.
    pub(super) fn first_filled(&mut self, arms: &'v [Arm]) -> (Option<&'v Arm>, Vec<Condition<'v>>) {
        let mut failed = Vec::new();
        for arm in arms {
            if !crate::value::is_empty(&self.eval(&arm.node)) {
                return (Some(arm), failed);
            }
            failed.push(self.in_words(&arm.node, "is not empty"));
        }
        (None, failed)
    }

    /// The columns and names that these nodes read, with their values, each once.
    fn seen(&mut self, nodes: &[&'v Node]) -> Vec<Seen<'v>> {
        let mut seen: Vec<Seen<'v>> = Vec::new();
        if self.is_quiet() {
            return seen;
        }
        let mut rest: Vec<&'v Node> = nodes.iter().rev().copied().collect();
        while let Some(node) = rest.pop() {
            if seen.len() == MOST_SEEN {
                break;
            }
            let Some(name) = self.name_of(node) else {
                rest.extend(node.children().into_iter().rev());
                continue;
            };
            // The value of an item of a list changes from item to item, and a constant under a name says nothing new.
            let Some(name) = name else { continue };
            if !seen.iter().any(|one| one.name == name) {
                let value = self.eval(node);
                seen.push(Seen { name, value });
            }
        }
        seen
    }

    /// The rows of lookup data that these nodes look up, each once; for the items of a list, those of all items.
    fn rows(&mut self, nodes: &[&'v Node]) -> Vec<FoundRow> {
        let mut rows: Vec<FoundRow> = Vec::new();
        if self.is_quiet() || self.tree().data.is_empty() {
            return rows;
        }
        let mut lookups = FoundRows::default();
        for node in nodes {
            self.look_up(node, &mut lookups);
        }
        for (id, row) in lookups.0 {
            let declaration = &self.tree().data[id.0 as usize];
            let data = self.tree().dataset(id);
            rows.push(FoundRow {
                data: declaration.name.value.clone(),
                file: self.file_of(declaration),
                label: declaration.label(),
                line: data.zip(row).and_then(|(data, row)| data.line(row)),
            });
        }
        rows
    }

    /// Sees the lookups of a node, and those that the names in it stand for.
    fn look_up(&mut self, node: &'v Node, lookups: &mut FoundRows) {
        let inside: Vec<&'v Node> = within(node).take(MOST_NODES).collect();
        if inside.iter().any(|node| matches!(node.kind, NodeKind::Lookup(_))) {
            self.eval_observed(node, lookups);
        }
        let is_name = |node: &&&'v Node| matches!(node.kind, NodeKind::Local(_) | NodeKind::Column(_));
        for name in inside.iter().filter(is_name) {
            if let Some(lookup) = self.lookup_in(name) {
                // The formula of another column uses the slots of the names in scope for its own.
                let names = self.locals().to_vec();
                self.eval_observed(lookup, lookups);
                self.locals().clone_from_slice(&names);
            }
        }
    }

    /// The lookup in data that a node is, or reads a member of, by whatever name.
    pub(super) fn lookup_in(&self, node: &'v Node) -> Option<&'v Node> {
        let mut node = node;
        for _ in 0..MOST_NAMES {
            node = match &node.kind {
                NodeKind::Lookup(_) => return Some(node),
                NodeKind::Access { base, .. } => base,
                NodeKind::Argument(argument) => &argument.value,
                NodeKind::Local(id) => self.binding(*id)?,
                NodeKind::Column(id) => &self.tree().column(*id).node,
                _ => return None,
            };
        }
        None
    }

    /// The file with the rows of data: its own, or the rule file.
    fn file_of(&self, declaration: &DataDeclaration) -> String {
        let source = &self.tree().source;
        let rule_file = || Path::new(source.part_at(declaration.span.start as usize).name).file_name();
        declaration.path().or_else(|| Some(rule_file()?.to_string_lossy().into_owned())).unwrap_or_default()
    }

    /// The place of a piece of formula in the function that it belongs to.
    pub(super) fn place_in_function(&self, at: Span) -> Option<Place> {
        let start = at.start as usize;
        let tree = self.tree();
        if self.is_quiet() || !tree.functions.iter().any(|function| function.contains(start)) {
            return None;
        }
        let file = tree.source.other_name_at(start).map(ToOwned::to_owned);
        Some(Place { file, line: tree.source.position(start).line })
    }

    /// The row of a decision table whose result a node is.
    pub(super) fn table_row(&self, result: &Node) -> Option<FoundRow> {
        let (source, start) = (&self.tree().source, result.span.start as usize);
        if self.is_quiet() || !source.is_written(start) {
            return None;
        }
        let holds = |column: &&Column| {
            column.node.span.start <= result.span.start && result.span.end <= column.node.span.end
        };
        let data = self.tree().columns.iter().find(holds)?.name.clone();
        // The result where no row matches is shown at the header.
        let line = Some(source.position(start).line as u32).filter(|line| *line > 1);
        let file = source.part_at(start).name.to_owned();
        Some(FoundRow { data, label: file.clone(), file, line })
    }

    /// What a node that only reads is called. `Some(None)` where it is not worth telling; nothing for other nodes.
    #[expect(clippy::option_option, reason = "three answers: a name, none, and not a name at all")]
    fn name_of(&self, node: &'v Node) -> Option<Option<String>> {
        match &node.kind {
            NodeKind::Input(id) => Some(Some(self.tree().input(*id).name.clone())),
            NodeKind::Column(id) => Some(Some(self.tree().column(*id).name.clone())),
            NodeKind::Local(id) => Some(match self.binding(*id) {
                // Another name for a column is shown as that column.
                Some(alias) if matches!(alias.kind, NodeKind::Input(_) | NodeKind::Local(_)) => {
                    self.name_of(alias).flatten()
                }
                Some(_) => Some(one_line(self.source(), node.span)),
                None => None,
            }),
            NodeKind::Access { base, .. } if self.name_of(base).flatten().is_some() => {
                Some(Some(one_line(self.source(), node.span)))
            }
            NodeKind::Constant(_) => Some(None),
            _ => None,
        }
    }
}
