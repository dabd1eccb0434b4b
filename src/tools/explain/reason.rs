//! Conditions that held or failed, and what they saw.

use super::walk::Walk;
use super::{Condition, FoundRow, Seen, one_line};
use crate::check::{Arm, Branch, Column, Node, NodeKind};
use crate::tools::walk::within;
use crate::value::{Value, to_boolean};

/// More names than this are not shown for one condition.
const MOST_SEEN: usize = 8;
/// More nodes than this are not searched for lookups.
const MOST_NODES: usize = 2_000;

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

    /// The rows of lookup data that these nodes read, each once.
    fn rows(&mut self, nodes: &[&'v Node]) -> Vec<FoundRow> {
        let mut rows: Vec<FoundRow> = Vec::new();
        if self.is_quiet() || self.tree().data.is_empty() {
            return rows;
        }
        for node in nodes.iter().flat_map(|node| within(node)).take(MOST_NODES) {
            let NodeKind::Lookup(lookup) = &node.kind else { continue };
            let Some(data) = self.tree().dataset(lookup.data) else { continue };
            let keys: Vec<Value<'v>> = lookup.keys.iter().map(|key| self.eval(key)).collect();
            let declaration = &self.tree().data[lookup.data.0 as usize];
            let row = FoundRow {
                data: declaration.name.value.clone(),
                file: declaration.path(),
                line: data.find(&keys, self.clock()).and_then(|row| data.line(row)),
            };
            if !rows.contains(&row) && rows.len() < MOST_SEEN {
                rows.push(row);
            }
        }
        rows
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
        Some(FoundRow { data, file: source.part_at(start).name.to_owned(), line })
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
