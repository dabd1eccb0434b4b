//! Records that are written out.

use super::Builder;
use crate::check::braces::name_inside;
use crate::check::kinds::{Kind, KindSet};
use crate::check::tree::{Member, Node, NodeKind};
use crate::diagnostics::CheckError;
use crate::span::Span;
use crate::syntax::ast::RecordItem;
use crate::types::Type;
use std::collections::HashMap;

impl<'a> Builder<'a> {
    pub(super) fn record(&mut self, items: &'a [RecordItem], span: Span) -> Node {
        self.repeated_names(items);
        if let Some(column) = self.meant_as_name(span) {
            return column;
        }
        let members = items.iter().map(|item| match item {
            RecordItem::Member { name, value } => {
                Member { name: Some(name.value.clone()), node: self.node(value) }
            }
            RecordItem::Spread(other) => {
                let node = self.node(other);
                self.spread(&node);
                Member { name: None, node }
            }
        });
        let members = members.collect();
        Node::new(NodeKind::Record(members), span, Type::Record)
    }

    /// `{Deal: Size}` in a file that has a column of this name.
    fn meant_as_name(&mut self, at: Span) -> Option<Node> {
        let name = name_inside(at.of(self.source))?;
        let is_declared = self.file.inputs.iter().any(|input| input.name.value == name);
        (is_declared || self.columns.contains_key(name)).then(|| {
            self.findings.push(CheckError::RecordForName { name: name.to_owned(), at }.into());
            self.name(name, at)
        })
    }

    fn spread(&mut self, node: &Node) {
        let why = "spread into a record";
        if node.words || !matches!(node.ty, Type::Any | Type::Blank | Type::Record) {
            self.mismatch(node, Type::Record, why, None);
        }
        self.used(node, KindSet::of(&[Kind::Record]), why);
    }

    fn repeated_names(&mut self, items: &[RecordItem]) {
        let mut seen: HashMap<&str, Span> = HashMap::new();
        for item in items {
            let RecordItem::Member { name, .. } = item else { continue };
            if let Some(first) = seen.insert(&name.value, name.span) {
                let error = CheckError::RepeatedMember { name: name.value.clone(), first, second: name.span };
                self.findings.push(error.into());
            }
        }
    }
}
