//! The parts of a checked tree by their ids and names.

use super::input::{Input, InputId};
use super::tree::{Checked, Column, ColumnId, DataId, Node, NodeKind};
use crate::data::Dataset;
use crate::span::Span;
use std::collections::HashSet;

impl Checked {
    /// The input of this id.
    #[must_use]
    pub fn input(&self, id: InputId) -> &Input {
        &self.inputs[id.0 as usize]
    }

    /// The id under which the formula of an input is evaluated: those of inputs follow those of columns.
    #[must_use]
    pub fn formula_of_input(&self, id: InputId) -> ColumnId {
        ColumnId(self.columns.len() as u32 + id.0)
    }

    /// The name of the column or input whose formula has this id.
    #[must_use]
    pub fn formula_name(&self, id: ColumnId) -> &str {
        let index = id.0 as usize;
        match self.columns.get(index) {
            Some(column) => &column.name,
            None => &self.inputs[index - self.columns.len()].name,
        }
    }

    /// Declared data. A rule file whose data could not be loaded is never checked.
    #[must_use]
    pub fn dataset(&self, id: DataId) -> Option<&Dataset> {
        self.data.get(id.0 as usize)?.loaded.as_deref()
    }

    /// The ids of the formulas that the value of a column depends on, its own among them; those of inputs as well.
    #[must_use]
    pub fn involved_in(&self, column: ColumnId) -> HashSet<ColumnId> {
        let mut found = HashSet::new();
        let mut open = vec![column];
        while let Some(id) = open.pop() {
            if !found.insert(id) {
                continue;
            }
            let mut nodes = vec![&self.column(id).node];
            while let Some(node) = nodes.pop() {
                match node.kind {
                    NodeKind::Column(read) => open.push(read),
                    NodeKind::Input(read) => drop(found.insert(self.formula_of_input(read))),
                    _ => nodes.extend(node.children()),
                }
            }
        }
        found
    }

    /// The columns that are written out, in the order of the text. Private columns are not among them.
    pub fn outputs(&self) -> impl Iterator<Item = (ColumnId, &Column)> {
        (0..).map(ColumnId).zip(&self.columns).filter(|(_, column)| !column.is_private)
    }

    /// The column of this id.
    #[must_use]
    pub fn column(&self, id: ColumnId) -> &Column {
        &self.columns[id.0 as usize]
    }

    /// Whether a place of the text is part of a function.
    #[must_use]
    pub fn is_in_function(&self, at: usize) -> bool {
        self.functions.iter().any(|function| function.contains(at))
    }

    /// Whether a place of the text is part of an imported file.
    #[must_use]
    pub fn is_imported(&self, at: usize) -> bool {
        let is_of_table = |formula: Span| formula.contains(at) || formula.end as usize == at;
        let is_own_table = || self.decisions.iter().filter_map(|decision| decision.formula).any(is_of_table);
        let after = self.imports.partition_point(|text| text.start as usize <= at);
        let is_in_text = self.imports[..after].last().is_some_and(|text| text.contains(at));
        is_in_text || self.source.is_written(at) && !is_own_table()
    }

    /// Whether a part of the formula of a decision table is about the case that no row matches.
    #[must_use]
    pub fn is_about_no_row(&self, at: Span) -> bool {
        let is_header = |header: Span| {
            self.source.is_written(at.start as usize)
                && self.source.shown_span(at.start as usize, at.end as usize) == header
        };
        self.decisions
            .iter()
            .filter_map(|decision| decision.loaded.as_ref())
            .any(|table| is_header(table.header))
    }

    /// Where a value came from, in a message: ``column `Employee Count` ``.
    #[must_use]
    pub fn origin(&self, node: &Node) -> Option<String> {
        match &node.kind {
            NodeKind::Input(id) => Some(format!("column `{}`", self.input(*id).name)),
            NodeKind::Column(id) => Some(format!("column `{}`", self.column(*id).name)),
            NodeKind::Local(_) => Some(format!("`{}`", node.span.of(self.source.text()))),
            NodeKind::Access { base, .. } => self.origin(base),
            _ => None,
        }
    }
}
