//! Which parts of a rule changed with a file that it imports.

use crate::check::{Checked, Column, ColumnId, NodeKind};
use crate::rules::Rules;
use crate::span::Span;
use crate::tools::walk::within;
use std::collections::HashMap;

/// For formulas and parts of them, by their place in the new version, the changed import that they read or call.
#[derive(Debug, Default)]
pub(super) struct ChangedImports {
    of: HashMap<Span, String>,
}

impl ChangedImports {
    /// Compares what two versions import.
    pub(super) fn new(old: &Rules, new: &Rules) -> Self {
        let tree = new.tree();
        let before: HashMap<String, &str> =
            imported(old.tree()).into_iter().map(|(name, text, _)| (name, text)).collect();
        let is_changed = |(name, text, _): &(String, &str, Span)| before.get(name) != Some(text);
        let changed: Vec<Span> = imported(tree).into_iter().filter(is_changed).map(|(.., at)| at).collect();
        let mut found = Self::default();
        if !changed.is_empty() {
            tree.order.iter().for_each(|id| found.add(tree, *id, &changed));
        }
        found
    }

    /// Adds a column and its parts, after all that it reads.
    fn add(&mut self, tree: &Checked, id: ColumnId, changed: &[Span]) {
        let column = tree.column(id);
        let import_at = |at: Span| {
            let is_changed = changed.iter().any(|one| one.contains(at.start as usize));
            is_changed.then(|| file_name(tree.source.part_at(at.start as usize).name))
        };
        for node in within(&column.node) {
            let cause = within(node).find_map(|inner| match inner.kind {
                NodeKind::Column(read) => self.of_column(tree.column(read)),
                NodeKind::Input(read) => import_at(tree.input(read).span),
                _ => import_at(inner.span),
            });
            if let Some(name) = cause {
                self.of.insert(node.span, name);
            }
        }
        if let Some(name) = self.of.get(&column.node.span).cloned() {
            self.of.insert(column.span, name);
        }
    }

    /// The changed import that a private column is from, or reads. Of a column that is written out, its own change is
    /// reported.
    fn of_column(&self, column: &Column) -> Option<String> {
        self.of.get(&column.span).filter(|_| column.is_private).cloned()
    }

    /// The changed import that a formula or a part of it reads or calls.
    pub(super) fn of(&self, at: Span) -> Option<&str> {
        self.of.get(&at).map(String::as_str)
    }
}

/// What a version imports: a name, the text, and the place of each function, private column and input.
fn imported(tree: &Checked) -> Vec<(String, &str, Span)> {
    let text = tree.source.text();
    let functions =
        tree.functions.iter().map(|function| (format!("{}()", function.name.value), function.span));
    let columns = tree.columns.iter().map(|column| (column.name.clone(), column.node.span));
    let inputs = tree.inputs.iter().map(|input| {
        let line = Span::new(input.span.start as usize, text.len()).first_line(text);
        (format!("input {}", input.name), line)
    });
    let all = functions.chain(columns).chain(inputs);
    let imported = all.filter(|(_, at)| tree.is_imported(at.start as usize));
    imported.map(|(name, at)| (name, at.of(text), at)).collect()
}

/// The name of a file without its folder, and without the revision of `HEAD~1:shared.clay`.
fn file_name(name: &str) -> String {
    name.rsplit([':', '/', '\\']).next().unwrap_or(name).to_owned()
}
