//! Which column reads which, in what order they are computed, and loops among them.

use crate::builtins::{self, ParamKind};
use crate::diagnostics::{CheckError, Diagnostic};
use crate::span::Span;
use crate::syntax::ast::{Accessor, Expr, ExprKind, RuleFile};
use miette::LabeledSpan;
use std::collections::HashMap;

/// One column reading another, by index, and where.
#[derive(Clone, Copy, Debug)]
pub(super) struct Reference {
    pub to: usize,
    pub at: Span,
}

/// For each column of the file, the columns of the file that its formula reads.
pub(super) fn references(file: &RuleFile) -> Vec<Vec<Reference>> {
    let by_name: HashMap<&str, usize> = file.readable_columns().collect();
    file.columns
        .iter()
        .map(|column| {
            let mut found = Vec::new();
            if let Some(formula) = &column.formula {
                names_in(formula, &mut Vec::new(), &mut |name, at| {
                    found.extend(by_name.get(name).map(|to| Reference { to: *to, at }));
                });
            }
            found
        })
        .collect()
}

/// Calls `found` with every name in `expr` that is not a `LET` name in scope.
pub(super) fn names_in<'e>(expr: &'e Expr, scope: &mut Vec<&'e str>, found: &mut impl FnMut(&'e str, Span)) {
    match &expr.kind {
        ExprKind::Number(_) | ExprKind::Text(_) | ExprKind::Boolean(_) => {}
        ExprKind::Name(name) => {
            if !scope.contains(&name.as_str()) {
                found(name, expr.span);
            }
        }
        ExprKind::List(items) | ExprKind::Join(items) | ExprKind::Power(items) => {
            items.iter().for_each(|item| names_in(item, scope, found));
        }
        ExprKind::Record(items) => items.iter().for_each(|item| names_in(item.value(), scope, found)),
        ExprKind::And { operands, .. } | ExprKind::Or { operands, .. } => {
            operands.iter().for_each(|operand| names_in(operand, scope, found));
        }
        ExprKind::Call { function, args } => {
            let outer = scope.len();
            for (index, arg) in args.iter().enumerate() {
                match &arg.kind {
                    ExprKind::Name(name) if is_binding(&function.value, index) => scope.push(name),
                    _ => names_in(arg, scope, found),
                }
            }
            scope.truncate(outer);
        }
        ExprKind::Sign { operand, .. } | ExprKind::Percent(operand) | ExprKind::Not { operand, .. } => {
            names_in(operand, scope, found);
        }
        ExprKind::Compare { lhs, rhs, .. } | ExprKind::In { needle: lhs, list: rhs, .. } => {
            names_in(lhs, scope, found);
            names_in(rhs, scope, found);
        }
        ExprKind::Sum(terms) => terms.iter().for_each(|(_, term)| names_in(term, scope, found)),
        ExprKind::Product(factors) => factors.iter().for_each(|(_, factor)| names_in(factor, scope, found)),
        ExprKind::Let { bindings, body } => {
            let outer = scope.len();
            for binding in bindings {
                names_in(&binding.value, scope, found);
                scope.push(&binding.name.value);
            }
            names_in(body, scope, found);
            scope.truncate(outer);
        }
        ExprKind::Access { base, path } => {
            names_in(base, scope, found);
            for accessor in path {
                if let Accessor::Index(index) = accessor {
                    names_in(index, scope, found);
                }
            }
        }
    }
}

/// Calls `found` with the name of every function that `expr` calls.
pub(super) fn calls_in<'e>(expr: &'e Expr, found: &mut impl FnMut(&'e str, Span)) {
    let mut open = vec![expr];
    while let Some(expr) = open.pop() {
        if let ExprKind::Call { function, .. } = &expr.kind {
            found(&function.value, function.span);
        }
        open.extend(expr.children());
    }
}

/// Whether argument `index` of a function is a name that the arguments behind it can use.
fn is_binding(function: &str, index: usize) -> bool {
    let param = builtins::find(function).and_then(|builtin| builtin.params.get(index));
    param.is_some_and(|param| param.kind == ParamKind::Binding)
}

/// The columns in an order in which each comes after those it reads; each loop is told once.
pub(super) fn evaluation_order(
    file: &RuleFile,
    references: &[Vec<Reference>],
    findings: &mut Vec<Diagnostic>,
) -> Vec<usize> {
    let mut order = Vec::new();
    let mut state = vec![State::New; references.len()];
    for start in 0..references.len() {
        // The columns that are being followed, each with the references it has still to follow.
        let mut path: Vec<(usize, usize)> = Vec::new();
        if state[start] == State::New {
            state[start] = State::Open;
            path.push((start, 0));
        }
        while let Some((column, next)) = path.last_mut() {
            let Some(reference) = references[*column].get(*next) else {
                state[*column] = State::Done;
                order.push(*column);
                path.pop();
                continue;
            };
            *next += 1;
            match state[reference.to] {
                State::Done => {}
                State::New => {
                    state[reference.to] = State::Open;
                    path.push((reference.to, 0));
                }
                State::Open => {
                    let from = path.iter().position(|(column, _)| *column == reference.to).unwrap_or(0);
                    findings.push(cycle(file, references, &path[from..]).into());
                }
            }
        }
    }
    order
}

/// A longer loop is shown by its first arrows.
const MOST_ARROWS: usize = 30;

#[derive(Clone, Copy, PartialEq)]
enum State {
    New,
    Open,
    Done,
}

fn cycle(file: &RuleFile, references: &[Vec<Reference>], path: &[(usize, usize)]) -> CheckError {
    let name = |column: usize| file.columns[column].name.value.as_str();
    let arrows = path.iter().map(|(column, next)| {
        let reference = references[*column][next - 1];
        let text = format!("`{}` reads `{}`", name(*column), name(reference.to));
        LabeledSpan::new_with_span(Some(text), reference.at)
    });
    let arrows: Vec<LabeledSpan> = arrows.take(MOST_ARROWS).collect();
    if let [(only, _)] = path {
        let own = name(*only);
        return CheckError::ColumnCycle {
            message: format!("column `{own}` reads itself"),
            arrows,
            help: format!("to work on the row's own `{own}`, give this column a new name: `New {own} := …`"),
        };
    }
    let mut loop_names: Vec<&str> = path.iter().map(|(column, _)| name(*column)).take(MOST_ARROWS).collect();
    if path.len() > MOST_ARROWS {
        loop_names.push("…");
    }
    loop_names.push(loop_names[0]);
    CheckError::ColumnCycle {
        message: format!("columns read each other in a circle: {}", loop_names.join(" → ")),
        arrows,
        help: "one of them has to do without the next".to_owned(),
    }
}
