//! The conditions that are FALSE wherever an expression is evaluated, since an earlier branch would have been taken.

use super::boundary::Boundary;
use super::edits::literal;
use crate::builtins::{self, Form, Run};
use crate::syntax::ast::{Expr, ExprKind};

/// More earlier conditions than this are not looked at.
const MOST_CONDITIONS: usize = 200;

/// The last of the conditions before an expression, among those of [`Earlier`].
pub(super) type Last = Option<usize>;

/// Conditions of earlier branches, each with the one before it.
#[derive(Default)]
pub(super) struct Earlier<'e>(Vec<(&'e Expr, Last)>);

impl<'e> Earlier<'e> {
    /// The expressions directly inside of one, each with the last condition before it.
    pub(super) fn inside(&mut self, expr: &'e Expr, last: Last) -> Vec<(&'e Expr, Last)> {
        let (mut pairs, mut binds) = (false, matches!(expr.kind, ExprKind::Let { .. }));
        if let ExprKind::Call { function, .. } = &expr.kind
            && let Some(Run::Form(form)) = builtins::find(&function.value).map(|builtin| &builtin.run)
        {
            pairs = matches!(form, Form::If | Form::Ifs);
            // A name can be another value inside of these.
            binds =
                matches!(form, Form::Each(_) | Form::Keyed(_) | Form::Reduce | Form::SumIf | Form::AverageIf);
        }
        let mut last = last.filter(|_| !binds);
        let mut found = Vec::new();
        for (index, child) in expr.children().into_iter().enumerate() {
            // What follows a condition and its result is evaluated if the condition is FALSE.
            if pairs && index > 0 && index % 2 == 0 {
                let (condition, before) = found[index - 2];
                self.0.push((condition, before));
                last = Some(self.0.len() - 1);
            }
            found.push((child, last));
        }
        found
    }

    /// Whether one of the conditions up to this one is TRUE for all values of a boundary.
    pub(super) fn catch(&self, last: Last, subject: &Expr, boundary: &Boundary) -> bool {
        let conditions = std::iter::successors(last, |at| self.0[*at].1).map(|at| self.0[at].0);
        conditions.take(MOST_CONDITIONS).any(|condition| catches(condition, subject, boundary))
    }
}

/// Whether a condition is TRUE for all values of a boundary.
fn catches(condition: &Expr, subject: &Expr, boundary: &Boundary) -> bool {
    match &condition.kind {
        ExprKind::Compare { op, lhs, rhs } => match (literal(lhs), literal(rhs)) {
            (None, Some(bound)) if **lhs == *subject => boundary.is_always(op.value, bound),
            (Some(bound), None) if **rhs == *subject => boundary.is_always(op.value.mirrored(), bound),
            _ => false,
        },
        ExprKind::Or { operands, .. } => operands.iter().any(|operand| catches(operand, subject, boundary)),
        ExprKind::And { operands, .. } => operands.iter().all(|operand| catches(operand, subject, boundary)),
        _ => false,
    }
}
