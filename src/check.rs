//! From parsed formulas to one checked tree: names resolved, functions found, types known, columns in order.

mod braces;
mod build;
mod functions;
mod imports;
mod input;
mod kinds;
mod lints;
mod members;
mod order;
mod parts;
pub(crate) mod separators;
pub(crate) mod spelled_date;
mod tree;
mod uses;

pub(crate) use braces::name_inside;
pub(crate) use build::clock_of_others;
pub use functions::Function;
pub use imports::{adopt, unused};
pub use input::{Input, InputFrom, InputId};
pub use kinds::{Kind, KindSet};
pub use members::Members;
pub use tree::{
    Addend, Argument, Arm, Branch, Case, Checked, Column, ColumnId, DataId, LocalId, Lookup, Member, Node,
    NodeKind, Site, SiteId, SiteKind, Step,
};

use crate::diagnostics::{CheckError, Diagnostic, Diagnostics, Source};
use crate::syntax::ast::{Expr, RuleFile};
use functions::Functions;
use std::collections::HashMap;

/// Checks a parsed file; `findings` are those of the parser. Gives the tree and the warnings, or all that is wrong.
pub fn check(
    source: &Source,
    file: &RuleFile,
    mut findings: Vec<Diagnostic>,
) -> Result<(Checked, Diagnostics), Diagnostics> {
    duplicates(file, &mut findings);
    let references = order::references(file);
    let order = order::evaluation_order(file, &references, &mut findings);
    let mut functions = Functions::of(file, &mut findings);
    let checked_functions = functions.check(source, &mut findings);
    let mut checked = build::build(source, file, &functions, &order, &mut findings);
    checked.functions = checked_functions;
    uses::conflicts(&checked, &mut findings);
    lints::lint(file, &checked, &mut findings);
    // Warnings about an imported file belong to the check of that file.
    findings.retain(|one| !one.is_warning() || file.import_at(one.offset()).is_none());
    let diagnostics = Diagnostics::new(source.clone(), findings);
    if diagnostics.has_errors() { Err(diagnostics) } else { Ok((checked, diagnostics)) }
}

/// The names of columns that a formula reads, each once, in the order of the text.
#[must_use]
pub fn names_read(formula: &Expr) -> Vec<&str> {
    let mut names = Vec::new();
    order::names_in(formula, &mut Vec::new(), &mut |name, _| {
        if !names.contains(&name) {
            names.push(name);
        }
    });
    names
}

/// Two columns or inputs of one name.
fn duplicates(file: &RuleFile, findings: &mut Vec<Diagnostic>) {
    let mut seen = HashMap::new();
    let inputs = file.inputs.iter().map(|input| &input.name);
    let data = file.data.iter().map(|data| &data.name);
    let columns = file.columns.iter().map(|column| &column.name);
    let mut names: Vec<_> = inputs.chain(columns).chain(data).collect();
    names.sort_by_key(|name| name.span.start);
    for name in names {
        if let Some(first) = seen.insert(name.value.as_str(), name.span) {
            let error = CheckError::DuplicateColumn { name: name.value.clone(), first, second: name.span };
            findings.push(error.into());
        }
    }
}
