//! The values of lists and records that formulas make, and of what is in them.

use super::Values;
use crate::analysis::facts::Facts;
use crate::analysis::possible::{Flags, Possible};
use crate::analysis::terms::TermId;
use crate::check::{Member, NodeKind};
use crate::value::{Record, Text, Value};
use std::rc::Rc;
use std::sync::Arc;

impl Values<'_> {
    pub(super) fn list(&self, children: &[TermId], facts: &Facts) -> Possible {
        let items: Vec<Rc<Possible>> = children.iter().map(|child| self.of(*child, facts)).collect();
        let errors = items.iter().fold(Flags::NONE, |all, item| all | item.errors());
        let exact: Option<Vec<Value<'static>>> = items.iter().map(|item| item.as_exact()).collect();
        match exact.filter(|_| errors.is_empty()) {
            Some(items) => Possible::exactly(&Value::list(items), &self.clock),
            None => Possible::flags(Flags::ITEMS | Flags::VALUE | errors),
        }
    }

    pub(super) fn record_of(&self, members: &[Member], children: &[TermId], facts: &Facts) -> Possible {
        let values: Vec<Rc<Possible>> = children.iter().map(|child| self.of(*child, facts)).collect();
        let errors = values.iter().fold(Flags::NONE, |all, value| all | value.errors());
        let exact: Option<Vec<(Text<'static>, Value<'static>)>> = members
            .iter()
            .zip(&values)
            .map(|(member, value)| Some((member.name.clone()?.into(), value.as_exact()?)))
            .collect();
        if let Some(members) = exact.filter(|_| errors.is_empty()) {
            return Possible::exactly(&Value::Record(Arc::new(Record::new(members))), &self.clock);
        }
        let is_named = members.iter().any(|member| member.name.is_some());
        let of_kind = if is_named { Flags::MEMBERS } else { Flags::NO_MEMBERS | Flags::MEMBERS };
        Possible::flags(of_kind | Flags::VALUE | errors)
    }

    /// The first of these values, or the error that keeps the record around them from being made.
    pub(super) fn member(&self, members: &[Member], children: &[TermId], facts: &Facts) -> Possible {
        let values: Vec<Rc<Possible>> = children.iter().map(|child| self.of(*child, facts)).collect();
        let errors = values.iter().fold(Flags::NONE, |all, value| all | value.errors());
        // What nests too deep, or has too many values, fits into no record.
        let can_be_large = values.iter().any(|value| value.flags.has(Flags::ITEMS | Flags::MEMBERS));
        // What `...` adds can turn out to be no record.
        let has_other = members.iter().any(|member| member.name.is_none());
        (*values[0]).clone().with(errors | Flags::VALUE.when(can_be_large || has_other))
    }

    /// Whether a term is what the row has at some place, rather than what a formula made.
    pub(super) fn is_of_row(&self, id: TermId) -> bool {
        let term = self.terms.get(id);
        match term.node.map(|node| &node.kind) {
            Some(NodeKind::Input(_)) if term.children.is_empty() => true,
            Some(NodeKind::Input(_) | NodeKind::Access { .. }) => self.is_of_row(term.children[0]),
            _ => false,
        }
    }
}
