//! Records in single braces that are a column of the rows: `{Deal: Size}`.

use crate::check::{NodeKind, name_inside};
use crate::diagnostics::{CheckError, Diagnostic};
use crate::rules::Rules;
use crate::tools::walk::{in_functions, nodes};
use std::collections::BTreeSet;

/// The records with one member whose text is the name of a column of the rows.
pub(super) fn find(rules: &Rules, keys: &BTreeSet<String>) -> Vec<Diagnostic> {
    let tree = rules.tree();
    let mut found: BTreeSet<_> = BTreeSet::new();
    for node in nodes(tree).chain(in_functions(tree)) {
        let is_single = matches!(&node.kind, NodeKind::Record(members) if members.len() == 1);
        let name =
            name_inside(node.span.of(tree.source.text())).filter(|name| is_single && keys.contains(*name));
        found.extend(name.map(|name| (node.span, name)));
    }
    let error = |(at, name): (_, &str)| CheckError::RecordForName { name: name.to_owned(), at }.into();
    found.into_iter().map(error).collect()
}
