//! Which member of a record that is written out `.tier` reads, and the choices that led to that record.

use super::Reason;
use super::walk::Walk;
use crate::check::{Node, NodeKind, Step};
use crate::value::Value;

impl<'v> Walk<'_, 'v> {
    /// The node of the member that these steps read, with the reasons for the record that it is in; nothing where the
    /// base leads to no record that is written out. Names that are bound on the way stay bound.
    pub(super) fn member_read(
        &mut self,
        base: &'v Node,
        steps: &'v [Step],
    ) -> Option<(Vec<Reason<'v>>, &'v Node)> {
        let [Step::Field(name)] = steps else { return None };
        if !self.leads_to_record(base) {
            return None;
        }
        let mut reasons = Vec::new();
        let mut node = base;
        loop {
            node = match &node.kind {
                NodeKind::Record(members) => {
                    let place = members.iter().rposition(|member| member.name.as_ref() == Some(name))?;
                    let is_last = members[place..].iter().all(|member| member.name.is_some());
                    return is_last.then(|| (reasons, &members[place].node));
                }
                NodeKind::Let { .. } | NodeKind::Local(_) | NodeKind::Column(_) => self.named(node)?,
                _ => {
                    let (reason, next) = self.decided(node)?;
                    reasons.push(reason);
                    next?
                }
            };
        }
    }

    /// Whether what decides at a node is sure to end at a record that is written out, so that nothing is bound in vain.
    fn leads_to_record(&mut self, base: &'v Node) -> bool {
        matches!(self.eval(base), Value::Record(_)) && self.ends_in_record(base, &mut { MOST_STEPS })
    }

    fn ends_in_record(&self, node: &'v Node, steps: &mut usize) -> bool {
        let Some(left) = steps.checked_sub(1) else { return false };
        *steps = left;
        match &node.kind {
            NodeKind::Record(_) => true,
            NodeKind::Column(id) => self.ends_in_record(&self.tree().column(*id).node, steps),
            NodeKind::Local(id) => {
                self.binding(*id).is_some_and(|binding| self.ends_in_record(binding, steps))
            }
            NodeKind::Let { body, .. } => self.ends_in_record(body, steps),
            NodeKind::Choose { branches, otherwise, .. } => {
                branches.iter().all(|branch| self.ends_in_record(&branch.result, steps))
                    && otherwise.iter().all(|arm| self.ends_in_record(&arm.node, steps))
            }
            NodeKind::Switch { cases, otherwise, .. } => {
                cases.iter().all(|case| self.ends_in_record(&case.result, steps))
                    && otherwise.iter().all(|arm| self.ends_in_record(&arm.node, steps))
            }
            _ => false,
        }
    }
}

/// More nodes than this are not looked at.
const MOST_STEPS: usize = 20_000;
