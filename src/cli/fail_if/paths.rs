//! Which totals a formula asks for: the names that it writes out, be it with dots, in brackets, in GET or under a `LET`
//! name.

use crate::builtins::leading_names;
use crate::check::{Checked, LocalId, Node, NodeKind, Step};
use crate::rules::Rules;
use crate::value::Value;
use std::collections::HashMap;

/// The key of a column, and the names of fields within it.
pub(super) type Path<'f> = (&'f str, Vec<&'f str>);

/// The columns that a formula reaches into, each with the names of the fields.
pub(super) fn paths(formula: &Rules) -> Vec<Path<'_>> {
    let mut reaching =
        Reaching { tree: formula.tree(), names: HashMap::new(), texts: HashMap::new(), found: Vec::new() };
    formula.on_own_stack(|| reaching.tree.columns.iter().for_each(|column| reaching.look(&column.node)));
    reaching.found
}

struct Reaching<'f> {
    tree: &'f Checked,
    /// What `LET` names stand for, where that is a column or lies within one.
    names: HashMap<LocalId, Path<'f>>,
    /// And where it is a text that is written out.
    texts: HashMap<LocalId, &'f str>,
    found: Vec<Path<'f>>,
}

impl<'f> Reaching<'f> {
    fn look(&mut self, node: &'f Node) {
        match &node.kind {
            NodeKind::Let { bindings, body } => {
                for (name, arm) in bindings {
                    self.look(&arm.node);
                    let (path, text) = (self.path(&arm.node), self.text(&arm.node));
                    self.forget(*name);
                    self.names.extend(path.map(|path| (*name, path)));
                    self.texts.extend(text.map(|text| (*name, text)));
                }
                self.look(body);
            }
            NodeKind::Each { list_and_body, local, .. } => {
                self.look(&list_and_body.0);
                self.forget(*local);
                self.look(&list_and_body.1);
            }
            NodeKind::Reduce { list_start_formula, total, item } => {
                self.look(&list_start_formula[0]);
                self.look(&list_start_formula[1]);
                [total, item].into_iter().for_each(|name| self.forget(*name));
                self.look(&list_start_formula[2]);
            }
            _ => {
                self.found.extend(self.path(node));
                node.children().into_iter().for_each(|child| self.look(child));
            }
        }
    }

    /// A slot is used again where a name ends.
    fn forget(&mut self, name: LocalId) {
        self.names.remove(&name);
        self.texts.remove(&name);
    }

    fn path(&self, node: &'f Node) -> Option<Path<'f>> {
        match &node.kind {
            NodeKind::Input(input) => Some((&self.tree.input(*input).path()?.key, Vec::new())),
            NodeKind::Local(name) => self.names.get(name).cloned(),
            NodeKind::Access { base, steps } => {
                let (key, mut path) = self.path(base)?;
                path.extend(steps.iter().map_while(|step| match step {
                    Step::Field(name) => Some(name.as_str()),
                    Step::Index(index) => self.text(index),
                }));
                Some((key, path))
            }
            NodeKind::Call(builtin, args) if builtin.name == "GET" => {
                let [record, names, ..] = args.as_slice() else { return None };
                let (key, mut path) = self.path(record)?;
                path.extend(leading_names(self.text(names)?));
                Some((key, path))
            }
            _ => None,
        }
    }

    /// A text that is written out.
    fn text(&self, node: &'f Node) -> Option<&'f str> {
        match &node.kind {
            NodeKind::Constant(Value::Text(text)) => Some(text.as_str()),
            NodeKind::Local(name) => self.texts.get(name).copied(),
            _ => None,
        }
    }
}
