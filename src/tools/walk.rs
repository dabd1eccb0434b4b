//! Goes through all nodes of a checked tree, without recursion, so that depth is no matter.

use crate::check::{Checked, ColumnId, Node, NodeKind, Step};

/// Every node of every column, each before those inside it.
pub(super) fn nodes(checked: &Checked) -> impl Iterator<Item = (ColumnId, &Node)> {
    (0..).map(ColumnId).zip(&checked.columns).flat_map(|(id, column)| {
        let mut waiting = vec![&column.node];
        std::iter::from_fn(move || {
            let node = waiting.pop()?;
            push_children(node, &mut waiting);
            Some((id, node))
        })
    })
}

fn push_children<'t>(node: &'t Node, out: &mut Vec<&'t Node>) {
    match &node.kind {
        NodeKind::Constant(_) | NodeKind::Input(_) | NodeKind::Column(_) | NodeKind::Local(_) => {}
        NodeKind::List(items) | NodeKind::Join(items) | NodeKind::Power(items) | NodeKind::Call(_, items) => {
            out.extend(items);
        }
        NodeKind::Negate(inner)
        | NodeKind::Percent(inner)
        | NodeKind::AsNumber(inner)
        | NodeKind::Not(inner) => out.push(inner),
        NodeKind::Sum(addends) => out.extend(addends.iter().map(|addend| &addend.node)),
        NodeKind::Product(factors) => out.extend(factors.iter().map(|(_, node)| node)),
        NodeKind::Compare(_, pair) => out.extend([&pair.0, &pair.1]),
        NodeKind::InList { needle_and_list: pair, .. } | NodeKind::Each { list_and_body: pair, .. } => {
            out.extend([&pair.0, &pair.1]);
        }
        NodeKind::InArms { needle, arms, .. } | NodeKind::Pick { index: needle, arms } => {
            out.push(needle);
            out.extend(arms.iter().map(|arm| &arm.node));
        }
        NodeKind::And(arms) | NodeKind::Or(arms) | NodeKind::Coalesce(arms) => {
            out.extend(arms.iter().map(|arm| &arm.node));
        }
        NodeKind::Choose { branches, otherwise, .. } => {
            out.extend(branches.iter().flat_map(|branch| [&branch.condition, &branch.result]));
            out.extend(otherwise.iter().map(|arm| &arm.node));
        }
        NodeKind::Bucket { value, steps, otherwise } => {
            out.push(value);
            out.extend(steps.iter().flat_map(|branch| [&branch.condition, &branch.result]));
            out.extend(otherwise.iter().map(|arm| &arm.node));
        }
        NodeKind::Switch { value, cases, otherwise } => {
            out.push(value);
            out.extend(cases.iter().flat_map(|case| [&case.case, &case.result]));
            out.extend(otherwise.iter().map(|arm| &arm.node));
        }
        NodeKind::Rescue { value, fallback, .. } => out.extend([&value.node, &fallback.node]),
        NodeKind::Let { bindings, body } => {
            out.extend(bindings.iter().map(|(_, arm)| &arm.node));
            out.push(body);
        }
        NodeKind::Access { base, steps } => {
            out.push(base);
            out.extend(steps.iter().filter_map(|step| match step {
                Step::Index(node) => Some(node),
                Step::Field(_) => None,
            }));
        }
    }
}
