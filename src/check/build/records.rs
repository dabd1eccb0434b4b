//! Records that are written out.

use super::Builder;
use crate::builtins::Each;
use crate::check::braces::name_inside;
use crate::check::kinds::{Kind, KindSet};
use crate::check::members::{self, Members};
use crate::check::tree::{Member, Node, NodeKind};
use crate::diagnostics::{CheckError, Lint, did_you_mean, suggest};
use crate::span::Span;
use crate::syntax::ast::{Accessor, Expr, ExprKind, RecordItem};
use crate::types::Type;
use std::collections::HashMap;
use std::sync::Arc;

/// Functions that return some items of their first argument.
const KEEPING_ITEMS: [&str; 5] = ["COMPACT", "SORT", "SORTBY", "UNIQUE", "UNIQUEBY"];

/// Functions that return one item of their first argument.
const ONE_ITEM: [&str; 5] = ["AT", "FIRST", "LAST", "MAXBY", "MINBY"];

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

    /// Reports `{Deal: Size}` where a record that is written out makes no sense, so that a name is meant.
    pub(super) fn record_for_name(&mut self, node: &Node) {
        let NodeKind::Record(members) = &node.kind else { return };
        let Some(name) = name_inside(node.span.of(self.source)) else { return };
        // Columns are capitalized, members of records hardly ever.
        let is_column = |part: &str| part.trim().starts_with(char::is_uppercase);
        if members.len() != 1 || !name.split(':').all(is_column) {
            return;
        }
        self.findings.push(CheckError::RecordForName { name: name.to_owned(), at: node.span }.into());
    }

    /// What is known of the members of what a path leads to. A member that no record has there is reported.
    pub(super) fn members_at(&mut self, base: &Node, path: &'a [Accessor]) -> Option<Arc<Members>> {
        let (mut at, mut path) = (base.members.clone(), path);
        if let [Accessor::Index(index), rest @ ..] = path
            && !matches!(index.kind, ExprKind::Text(_))
        {
            (at, path) = (self.items_of(base), rest);
        }
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

    /// The members of the records that a list has, where all of them are known.
    pub(super) fn items_of(&self, list: &Node) -> Option<Arc<Members>> {
        match &list.kind {
            NodeKind::Data(id) => self.columns_of_rows(*id),
            NodeKind::Column(id) => self.items.get(&(id.0 as usize)).cloned(),
            NodeKind::Local(id) => self.scope.iter().rfind(|local| local.id == *id)?.items.clone(),
            NodeKind::List(items, _) => members::of_results(items.iter()),
            NodeKind::Each { each: Each::Filter | Each::Keyed, list_and_body, .. } => {
                self.items_of(&list_and_body.0)
            }
            NodeKind::Each { each: Each::Map, list_and_body, .. } => list_and_body.1.members.clone(),
            NodeKind::Let { body, .. } => self.items_of(body),
            NodeKind::Call(builtin, args) if KEEPING_ITEMS.contains(&builtin.name) => {
                self.items_of(args.first()?)
            }
            NodeKind::Call(builtin, _) if builtin.name == "GROUPBY" => {
                Members::named(["key", "items"].into_iter())
            }
            _ => None,
        }
    }

    /// The members of the record that a function takes out of a list, where they are known.
    pub(super) fn members_of_item(&self, node: &Node) -> Option<Arc<Members>> {
        match &node.kind {
            NodeKind::Call(builtin, args) if ONE_ITEM.contains(&builtin.name) => self.items_of(args.first()?),
            _ => None,
        }
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
