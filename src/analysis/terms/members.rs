//! What `.tier` is in a record that is written out, in a row of lookup data, or in a choice between these.

use super::{TermId, Terms, with_stack};
use crate::check::{Lookup, Member, Node, NodeKind, Step};
use crate::span::Span;
use crate::types::Type;
use crate::value::Value;

/// What a record has under a name that it lacks.
static BLANK: Node = Node {
    kind: NodeKind::Constant(Value::Blank),
    span: Span { start: 0, end: 0 },
    ty: Type::Blank,
    words: false,
    members: None,
};

impl<'t> Terms<'t> {
    /// The term of what these steps lead to; nothing where a step leads into anything but a record that is written
    /// out, or a row of lookup data.
    pub(super) fn reached(&mut self, base: TermId, steps: &[Step]) -> Option<TermId> {
        steps.iter().try_fold(base, |at, step| match step {
            Step::Field(name) => self.member(at, name),
            Step::Index(_) => None,
        })
    }

    fn member(&mut self, id: TermId, name: &str) -> Option<TermId> {
        let key = (id, name.to_owned());
        if let Some(known) = self.members.get(&key) {
            return *known;
        }
        let found = with_stack(|| self.find_member(id, name));
        self.members.insert(key, found);
        found
    }

    fn find_member(&mut self, id: TermId, name: &str) -> Option<TermId> {
        let term = self.get(id);
        let (node, children) = (term.node?, term.children.clone());
        if term.is_member {
            return None;
        }
        let first_result = match &node.kind {
            NodeKind::Record(members) => return self.member_of(node, members, &children, name),
            NodeKind::Lookup(lookup) => return self.cell_of(node, lookup, term.column, children, name),
            NodeKind::Choose { .. } | NodeKind::Pick { .. } => 1,
            NodeKind::Switch { .. } | NodeKind::Bucket { .. } => 2,
            _ => return None,
        };
        // Where no branch is chosen, the result is Blank or an error, and so is what it has under the name.
        let is_result = |index: usize| match &node.kind {
            NodeKind::Pick { .. } => index >= first_result,
            _ => {
                index + 1 == children.len()
                    || (index >= first_result && (index - first_result).is_multiple_of(2))
            }
        };
        let mut inside = Vec::with_capacity(children.len());
        for (index, child) in children.iter().enumerate() {
            inside.push(if is_result(index) { self.member(*child, name)? } else { *child });
        }
        Some(self.add(super::tag(node), inside, Some(node)))
    }

    /// The member of this name of one record. An error in any other member is that of the record.
    fn member_of(
        &mut self,
        node: &'t Node,
        members: &[Member],
        children: &[TermId],
        name: &str,
    ) -> Option<TermId> {
        let place = members.iter().rposition(|member| member.name.as_deref() == Some(name));
        let later = &members[place.map_or(0, |place| place + 1)..];
        if later.iter().any(|member| member.name.is_none()) {
            return None;
        }
        let found = match place {
            Some(place) => children[place],
            None => self.add(super::tag(&BLANK), Vec::new(), Some(&BLANK)),
        };
        let others = children.iter().copied().enumerate().filter(|(index, _)| Some(*index) != place);
        let others: Vec<TermId> =
            others.map(|(_, child)| child).filter(|child| !self.is_constant(*child)).collect();
        if others.is_empty() && self.is_constant(found) {
            return Some(found);
        }
        let inside = std::iter::once(found).chain(others).collect();
        let id = self.add("member".to_owned(), inside, Some(node));
        self.list[id.0 as usize].is_member = true;
        Some(id)
    }

    /// The cell of the row that a lookup finds, which is the same term as a lookup of that cell.
    fn cell_of(
        &mut self,
        node: &'t Node,
        lookup: &Lookup,
        column: Option<usize>,
        keys: Vec<TermId>,
        name: &str,
    ) -> Option<TermId> {
        if column.is_some() {
            return None;
        }
        let column = self.tree.dataset(lookup.data)?.column(name)?;
        let id = self.add(super::lookup_tag(lookup, Some(column)), keys, Some(node));
        self.list[id.0 as usize].column = Some(column);
        Some(id)
    }

    fn is_constant(&self, id: TermId) -> bool {
        matches!(self.get(id).node.map(|node| &node.kind), Some(NodeKind::Constant(_)))
    }
}
