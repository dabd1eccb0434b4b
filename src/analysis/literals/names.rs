//! Names that nothing reads, and columns that only repeat another.

use crate::analysis::view::{View, builtin_of};
use crate::builtins::ParamKind;
use crate::diagnostics::{ArgumentLint, Diagnostic, Lint};
use crate::span::Span;
use crate::syntax::ast::{Expr, ExprKind};
use crate::syntax::bare_or_braced;
use std::collections::HashSet;

/// A name in scope, and whether it was read.
struct Bound<'e> {
    name: &'e str,
    at: Span,
    is_item: bool,
    is_read: bool,
}

/// Adds a finding for each `LET` name, item name and declared input that no formula reads.
pub(super) fn unused(view: &View<'_>, findings: &mut Vec<Diagnostic>) {
    // A name that is misspelled or in quotes where it is meant has a report there.
    let misspelled: Vec<String> = findings.iter().filter_map(misspelled_name).collect();
    let before = findings.len();
    let mut read: HashSet<&str> = HashSet::new();
    for formula in view.formulas() {
        visit(formula, &mut Vec::new(), &mut read, findings);
    }
    let parameters = view.file.functions.iter().flat_map(|function| &function.params);
    for default in parameters.filter_map(|param| param.default.as_ref()) {
        visit(default, &mut Vec::new(), &mut read, findings);
    }
    for input in view.file.inputs.iter().filter(|_| view.is_file()) {
        // Inputs that a table declares are written in no rule file.
        let is_written = input.name.span.of(view.text).contains(input.name.value.as_str());
        if is_written && !read.contains(input.name.value.as_str()) {
            let name = input.name.value.clone();
            let (what, help) = if view.checked.is_function {
                ("the parameter", "read it in the formula, or remove it from the definition and the calls")
            } else {
                ("input", "read it in a formula, or remove its declaration")
            };
            let (at, help) = (input.name.span, help.to_owned());
            findings.push(ArgumentLint::UnusedName { what, name, at, help }.into());
        }
    }
    let mut index = 0;
    findings.retain(|finding| {
        index += 1;
        let is_misspelled = |name: &str| misspelled.iter().any(|near| near == name);
        let is_told = matches!(finding, Diagnostic::Argument(ArgumentLint::UnusedName { name, .. }) if is_misspelled(name));
        index <= before || !is_told
    });
}

fn misspelled_name(finding: &Diagnostic) -> Option<String> {
    match finding {
        Diagnostic::Lint(Lint::NearName { near: name, .. } | Lint::InputAsKey { name, .. }) => {
            Some(name.clone())
        }
        Diagnostic::Argument(ArgumentLint::QuotedReference { name, .. }) => Some(name.clone()),
        _ => None,
    }
}

fn visit<'e>(
    expr: &'e Expr,
    scope: &mut Vec<Bound<'e>>,
    read: &mut HashSet<&'e str>,
    findings: &mut Vec<Diagnostic>,
) {
    let outer = scope.len();
    match &expr.kind {
        ExprKind::Name(name) => match scope.iter_mut().rev().find(|bound| bound.name == name) {
            Some(bound) => bound.is_read = true,
            None => {
                read.insert(name);
            }
        },
        ExprKind::Let { bindings, body } => {
            for binding in bindings {
                visit(&binding.value, scope, read, findings);
                let (name, at) = (&binding.name.value, binding.name.span);
                scope.push(Bound { name, at, is_item: false, is_read: false });
            }
            visit(body, scope, read, findings);
        }
        ExprKind::Call { args, .. } => {
            let builtin = builtin_of(expr);
            for (index, arg) in args.iter().enumerate() {
                let param = builtin.and_then(|builtin| builtin.param_of(index, args.len()));
                let is_binding = param.is_some_and(|param| param.kind == ParamKind::Binding);
                match &arg.kind {
                    ExprKind::Name(name) if is_binding => {
                        scope.push(Bound { name, at: arg.span, is_item: true, is_read: false });
                    }
                    _ => visit(arg, scope, read, findings),
                }
            }
        }
        _ => expr.children().into_iter().for_each(|child| visit(child, scope, read, findings)),
    }
    for bound in scope.drain(outer..).filter(|bound| !bound.is_read && !bound.name.starts_with('_')) {
        let (what, help) = if bound.is_item {
            (
                "the item name",
                format!(
                    "read `{}` in the last argument, or start its name with `_`: `_{}`",
                    bound.name,
                    bound.name.replace(' ', "_")
                ),
            )
        } else {
            ("the LET name", format!("read `{}` in the result, or remove the name and its value", bound.name))
        };
        findings
            .push(ArgumentLint::UnusedName { what, name: bound.name.to_owned(), at: bound.at, help }.into());
    }
}

/// Adds a finding for each column whose formula is only the name of another column of the file. Of a private column,
/// only the other is written out.
pub(super) fn repeated(view: &View<'_>, findings: &mut Vec<Diagnostic>) {
    let written = || view.file.columns.iter().filter(|column| !column.is_private);
    for column in written() {
        let Some(formula) = &column.formula else { continue };
        let ExprKind::Name(other) = &formula.kind else { continue };
        let is_written = column.name.span.start < column.name.span.end;
        if is_written && written().any(|column| column.name.value == *other) {
            let name = column.name.value.clone();
            let help = format!(
                "use `{}` where `{name}` is used, or write the formula of `{name}`",
                bare_or_braced(other)
            );
            findings.push(
                ArgumentLint::RepeatedColumn { name, other: other.clone(), at: formula.span, help }.into(),
            );
        }
    }
}
