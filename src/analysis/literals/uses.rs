//! What a text literal is compared with or searched in.

use crate::analysis::view::{Scope, View, call};
use crate::builtins::{Builtin, Role};
use crate::syntax::ast::{CompareOp, Expr, ExprKind};

/// A text literal, or a name that stands for one, and what is done with it.
pub(super) struct Use<'a> {
    pub text: &'a str,
    /// Where it is written.
    pub at: &'a Expr,
    pub kind: UseKind,
    /// What it is compared with, or searched in.
    pub other: &'a Expr,
    /// The call that it is an argument of.
    pub call: Option<(&'static Builtin, &'a [Expr])>,
}

/// What is done with a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum UseKind {
    /// `=`, `<>`
    Equal(CompareOp),
    /// `IN`, or a case of SWITCH
    Member,
    /// `<`, `>=`: the operator as it is with the text on the right.
    Ordered(CompareOp),
    /// A bound of BETWEEN
    Bound,
    /// A text to search for, a pattern, a separator
    Search(Role),
}

impl UseKind {
    /// Whether it is compared for equality.
    pub(super) fn is_equality(self) -> bool {
        matches!(self, Self::Equal(_) | Self::Member)
    }

    /// Whether it is compared for order.
    pub(super) fn is_order(self) -> bool {
        matches!(self, Self::Ordered(_) | Self::Bound)
    }

    /// Whether it is searched for, character by character.
    pub(super) fn is_needle(self) -> bool {
        matches!(self, Self::Search(Role::Needle | Role::LooseNeedle))
    }
}

/// The texts that an expression compares or searches for.
pub(super) fn uses<'a>(view: &View<'a>, expr: &'a Expr, scope: &Scope<'a>) -> Vec<Use<'a>> {
    match &expr.kind {
        ExprKind::Compare { op, lhs, rhs } => {
            let kind =
                |op: CompareOp| if op.is_ordering() { UseKind::Ordered(op) } else { UseKind::Equal(op) };
            let right = one(view, rhs, scope, kind(op.value), lhs, None);
            let left = one(view, lhs, scope, kind(op.value.mirrored()), rhs, None);
            right.into_iter().chain(left).collect()
        }
        ExprKind::In { needle, list, .. } => {
            let mut found = members(view, list, scope, needle, None);
            // `"web*" IN Tags`
            if view.reads_row(list, scope) {
                found.extend(one(view, needle, scope, UseKind::Member, list, None));
            }
            found
        }
        ExprKind::Call { .. } => call(expr).map(|found| arguments(view, found, scope)).unwrap_or_default(),
        _ => Vec::new(),
    }
}

fn arguments<'a>(view: &View<'a>, call: (&'static Builtin, &'a [Expr]), scope: &Scope<'a>) -> Vec<Use<'a>> {
    let (builtin, args) = call;
    let role = |index: usize| builtin.param_of(index, args.len()).map_or(Role::Value, |param| param.role);
    let is_other =
        |role| matches!(role, Role::Subject | Role::List | Role::Measured | Role::Compared | Role::Same);
    let other = |own: usize| (0..args.len()).find(|index| *index != own && is_other(role(*index)));
    let mut found = Vec::new();
    for (index, arg) in args.iter().enumerate() {
        let kind = match role(index) {
            Role::Candidate | Role::Member => UseKind::Member,
            Role::Low | Role::High => UseKind::Bound,
            role @ (Role::Needle | Role::LooseNeedle | Role::Pattern | Role::Separator | Role::Same) => {
                UseKind::Search(role)
            }
            _ => continue,
        };
        let Some(other) = other(index) else { continue };
        match &arg.kind {
            ExprKind::List(items) => {
                found.extend(
                    items.iter().filter_map(|item| one(view, item, scope, kind, &args[other], Some(call))),
                );
            }
            _ => found.extend(one(view, arg, scope, kind, &args[other], Some(call))),
        }
    }
    found
}

fn members<'a>(
    view: &View<'a>,
    list: &'a Expr,
    scope: &Scope<'a>,
    other: &'a Expr,
    call: Option<(&'static Builtin, &'a [Expr])>,
) -> Vec<Use<'a>> {
    let items = match &view.resolve(list, scope).kind {
        ExprKind::List(items) => items.as_slice(),
        _ => std::slice::from_ref(list),
    };
    items.iter().filter_map(|item| one(view, item, scope, UseKind::Member, other, call)).collect()
}

fn one<'a>(
    view: &View<'a>,
    at: &'a Expr,
    scope: &Scope<'a>,
    kind: UseKind,
    other: &'a Expr,
    call: Option<(&'static Builtin, &'a [Expr])>,
) -> Option<Use<'a>> {
    Some(Use { text: view.text_of(at, scope)?, at, kind, other, call })
}
