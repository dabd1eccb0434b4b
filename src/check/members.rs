//! The members that a record can have, where all of them are written in the file.

use super::tree::{Member, Node, NodeKind};
use crate::value::{Record, Text, Value};
use std::sync::Arc;

/// Records of more members than this are not described.
const MOST: usize = 200;

/// The names of the members that a record can have, in the order of the text; each with what is known of its value, if
/// that is a record as well.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Members(Vec<(Arc<str>, Option<Arc<Members>>)>);

impl Members {
    /// Members whose values are described no further.
    pub(super) fn named<'n>(names: impl Iterator<Item = &'n str>) -> Option<Arc<Self>> {
        let members: Vec<_> = names.take(MOST + 1).map(|name| (Arc::from(name), None)).collect();
        (members.len() <= MOST).then(|| Arc::new(Self(members)))
    }

    /// What is known of the value of a member; nothing if no record has one of this name.
    #[expect(clippy::option_option, reason = "three answers: no such member, and one described or not")]
    pub(super) fn get(&self, name: &str) -> Option<Option<&Arc<Self>>> {
        self.0.iter().find(|(known, _)| &**known == name).map(|(_, inside)| inside.as_ref())
    }

    /// The names.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(|(name, _)| &**name)
    }

    /// A record that has all of the members, all of which are Blank but those that are records.
    #[must_use]
    pub fn sample(&self) -> Value<'static> {
        let value =
            |inside: &Option<Arc<Self>>| inside.as_ref().map(|inside| inside.sample()).unwrap_or_default();
        let member =
            |(name, inside): &(Arc<str>, Option<Arc<Self>>)| (Text::from(name.to_string()), value(inside));
        Value::Record(Arc::new(Record::new(self.0.iter().map(member).collect())))
    }

    /// Adds a member of some of the records.
    fn add(&mut self, name: &Arc<str>, inside: Option<&Arc<Self>>) {
        match self.0.iter_mut().find(|(known, _)| known == name) {
            // Of two kinds of values, nothing is known.
            Some((_, known)) if known.as_ref() != inside => *known = None,
            Some(_) => {}
            None => self.0.push((Arc::clone(name), inside.cloned())),
        }
    }

    fn add_all(&mut self, other: &Self) {
        other.0.iter().for_each(|(name, inside)| self.add(name, inside.as_ref()));
    }
}

/// The members that the value of a node can have, from those of its parts. Nothing if they are not known.
pub(super) fn of_parts(kind: &NodeKind) -> Option<Arc<Members>> {
    match kind {
        NodeKind::Record(members) => of_record(members),
        NodeKind::Let { body, .. } => body.members.clone(),
        NodeKind::Choose { branches, otherwise, .. }
        | NodeKind::Bucket { steps: branches, otherwise, .. } => {
            let results = branches.iter().map(|branch| &branch.result);
            of_results(results.chain(otherwise.iter().map(|arm| &arm.node)))
        }
        NodeKind::Switch { cases, otherwise, .. } => {
            let results = cases.iter().map(|case| &case.result);
            of_results(results.chain(otherwise.iter().map(|arm| &arm.node)))
        }
        NodeKind::Rescue { value, fallback, .. } => of_results([&value.node, &fallback.node].into_iter()),
        NodeKind::Coalesce(arms) | NodeKind::Pick { arms, .. } => {
            of_results(arms.iter().map(|arm| &arm.node))
        }
        _ => None,
    }
}

fn of_record(items: &[Member]) -> Option<Arc<Members>> {
    let mut all = Members::default();
    for item in items {
        match &item.name {
            Some(name) => all.add(&Arc::from(name.as_str()), item.node.members.as_ref()),
            None => all.add_all(item.node.members.as_ref()?),
        }
    }
    (all.0.len() <= MOST).then(|| Arc::new(all))
}

/// The members that any of several results has. A constant has none.
pub(super) fn of_results<'n>(results: impl Iterator<Item = &'n Node>) -> Option<Arc<Members>> {
    let mut all: Option<Arc<Members>> = None;
    for result in results {
        let Some(members) = &result.members else {
            if matches!(result.kind, NodeKind::Constant(_)) {
                continue;
            }
            return None;
        };
        match &mut all {
            Some(all) if all == members => {}
            Some(all) => Arc::make_mut(all).add_all(members),
            None => all = Some(Arc::clone(members)),
        }
    }
    all.filter(|all| all.0.len() <= MOST)
}
