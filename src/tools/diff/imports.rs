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
    /// Compares the texts of what two versions import.
    pub(super) fn new(old: &Rules, new: &Rules) -> Self {
        let tree = new.tree();
        let before = texts(old.tree());
        let mut changed: Vec<(Span, &str)> = Vec::new();
        for (name, text, at) in texts(tree) {
            let is_same = |(other, old, _): &(&str, &str, Span)| *other == name && *old == text;
            if !before.iter().any(is_same) {
                changed.push((at, name));
            }
        }
        let mut found = Self::default();
        if changed.is_empty() {
            return found;
        }
        for id in &tree.order {
            found.add(tree, *id, &changed);
        }
        found
    }

    /// Adds a column and its parts, after all that it reads.
    fn add(&mut self, tree: &Checked, id: ColumnId, changed: &[(Span, &str)]) {
        let column = tree.column(id);
        let import_at = |at: Span| {
            let import = changed.iter().find(|(text, _)| text.contains(at.start as usize));
            import.map(|(_, name)| (*name).to_owned())
        };
        for node in within(&column.node) {
            let cause = within(node).find_map(|inner| match inner.kind {
                NodeKind::Column(read) => self.of_column(tree.column(read)),
                _ => import_at(inner.span),
            });
            if let Some(name) = cause {
                self.of.insert(node.span, name);
            }
        }
        if let Some(name) = import_at(column.span).or_else(|| self.of.get(&column.node.span).cloned()) {
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

/// The name, text and place of each imported file.
fn texts(tree: &Checked) -> Vec<(&str, &str, Span)> {
    let text = |at: &Span| {
        let name = tree.source.part_at(at.start as usize).name;
        // A file of a revision is called `HEAD~1:shared.clay`.
        (name.rsplit([':', '/', '\\']).next().unwrap_or(name), at.of(tree.source.text()), *at)
    };
    tree.imports.iter().map(text).collect()
}
