//! Records that are written out.

use super::Builder;
use crate::check::braces::name_inside;
use crate::check::kinds::{Kind, KindSet};
use crate::check::members::Members;
use crate::check::tree::{Member, Node, NodeKind};
use crate::diagnostics::{CheckError, Lint, did_you_mean, suggest};
use crate::span::Span;
use crate::syntax::ast::{Accessor, Expr, ExprKind, RecordItem};
use crate::types::Type;
use std::collections::HashMap;
use std::sync::Arc;

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

    /// What is known of the members of what a path leads to. A member that no record has there is reported.
    pub(super) fn members_at(&mut self, base: &Node, path: &'a [Accessor]) -> Option<Arc<Members>> {
        let mut at = base.members.clone();
        for step in path {
            let (name, span) = match step {
                Accessor::Field(name) => (&name.value, name.span),
                Accessor::Index(Expr { kind: ExprKind::Text(name), span }) => (name, *span),
                Accessor::Index(_) => return None,
            };
            let members = at?;
            let Some(inside) = members.get(name) else {
                self.unknown_member(base, &members, name, span);
                return None;
            };
            at = inside.cloned();
        }
        at
    }

    fn unknown_member(&mut self, base: &Node, members: &Members, name: &str, at: Span) {
        // In a call of a function it is what the function reads of one argument, and not a mistake of the function.
        if self.open_calls > 0 {
            return;
        }
        let help = did_you_mean(&suggest(name, members.names())).unwrap_or_else(|| {
            let names: Vec<String> = members.names().take(12).map(|name| format!("`{name}`")).collect();
            if names.is_empty() {
                "the record has no members".to_owned()
            } else {
                format!("its members are {}", names.join(", "))
            }
        });
        let record = match &base.kind {
            NodeKind::Column(_) | NodeKind::Local(_) => format!("`{}`", base.span.of(self.source)),
            _ => "the record".to_owned(),
        };
        self.findings.push(Lint::UnknownMember { record, name: name.to_owned(), at, help }.into());
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
