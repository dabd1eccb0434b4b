//! Arguments in the wrong order, as the types of literals show it: the help for the mismatches that follow from it.

use super::Builder;
use crate::builtins::Builtin;
use crate::check::separators::{divided, instead_of};
use crate::check::tree::{Node, NodeKind};
use crate::diagnostics::{CheckError, Diagnostic};
use crate::syntax::ast::{Expr, ExprKind};
use crate::types::Type;
use crate::value::{Clock, to_date};

impl Builder<'_> {
    /// Where arguments fit the parameters in another order and not in their own, the help for the mismatches since
    /// `before` gives that order.
    pub(super) fn swapped_help(&mut self, before: usize, builtin: &'static Builtin, nodes: &[Node]) {
        let ty = |index: usize| builtin.param_of(index, nodes.len()).map_or(Type::Any, |param| param.ty);
        let fits_all = |order: &Vec<usize>| {
            order.iter().enumerate().all(|(index, node)| fits(&nodes[*node], ty(index), &self.clock))
        };
        let own: Vec<usize> = (0..nodes.len()).collect();
        let mut rotated = own.clone();
        rotated.rotate_left(1);
        let swaps = own.iter().flat_map(|one| (one + 1..nodes.len()).map(move |two| (*one, two)));
        let swapped = swaps.map(|(one, two)| {
            let mut order = own.clone();
            order.swap(one, two);
            order
        });
        // The first argument is at the end more often than two others have changed places.
        let orders = std::iter::once(rotated).filter(|_| nodes.len() > 2).chain(swapped);
        let Some(order) = orders.into_iter().find(|order| !fits_all(&own) && fits_all(order)) else { return };
        let texts: Vec<&str> = order.iter().map(|index| nodes[*index].span.of(self.source)).collect();
        self.help_since(before, &format!("change the order: `{}({})`", builtin.name, texts.join(", ")));
    }

    /// `IFS("A", Score > 80)`: the help for a text as a condition puts the conditions first.
    pub(super) fn condition_first(
        &mut self,
        before: usize,
        pairs: &[Expr],
        otherwise: Option<&Expr>,
        name: &str,
    ) {
        let is_condition = |expr: &Expr| {
            use ExprKind::{And, Boolean, Compare, In, Not, Or};
            matches!(expr.kind, Compare { .. } | And { .. } | Or { .. } | Not { .. } | In { .. } | Boolean(_))
        };
        let is_swapped = |pair: &[Expr]| matches!(pair[0].kind, ExprKind::Text(_)) && is_condition(&pair[1]);
        if self.findings.len() > before && pairs.chunks_exact(2).all(is_swapped) {
            self.pairs_help(before, &[], pairs, otherwise, name);
        }
    }

    /// `BUCKET(Score, "low", 50, "high")`: the help for a text as a threshold puts the thresholds first.
    pub(super) fn thresholds_first(&mut self, before: usize, args: &[Expr], name: &str) {
        if self.findings.len() == before {
            return;
        }
        let numbers = divided(self.source, args);
        if numbers.iter().any(|one| one.is_certain) {
            let help = format!("write numbers without thousands separators: {}", instead_of(&numbers));
            self.help_since(before, &help);
            return;
        }
        let (first, rest) = args.split_at(1);
        let (pairs, otherwise) = rest.split_at(rest.len() / 2 * 2);
        let is_swapped = |pair: &[Expr]| {
            matches!((&pair[0].kind, &pair[1].kind), (ExprKind::Text(_), ExprKind::Number(_)))
        };
        if pairs.chunks_exact(2).all(is_swapped) {
            self.pairs_help(before, first, pairs, otherwise.first(), name);
        }
    }

    /// Gives the mismatches since `before` a help in which each pair has changed places.
    fn pairs_help(
        &mut self,
        before: usize,
        first: &[Expr],
        pairs: &[Expr],
        otherwise: Option<&Expr>,
        name: &str,
    ) {
        let swapped = pairs.chunks_exact(2).flat_map(|pair| [&pair[1], &pair[0]]);
        let all = first.iter().chain(swapped).chain(otherwise);
        let texts: Vec<&str> = all.map(|expr| expr.span.of(self.source)).collect();
        self.help_since(before, &format!("change the order: `{name}({})`", texts.join(", ")));
    }

    fn help_since(&mut self, before: usize, instead: &str) {
        let mut is_first = true;
        let mut index = 0;
        self.findings.retain_mut(|finding| {
            index += 1;
            let Diagnostic::Check(CheckError::TypeMismatch { help, .. }) = finding else { return true };
            if index <= before {
                return true;
            }
            // One mistake has one report.
            *help = Some(instead.to_owned());
            std::mem::replace(&mut is_first, false)
        });
    }
}

/// Whether an argument can be a value of this type.
fn fits(node: &Node, ty: Type, clock: &Clock) -> bool {
    match (ty, node.ty) {
        (Type::Any | Type::Blank, _)
        | (_, Type::Any | Type::Blank)
        | (Type::Number, Type::Boolean)
        | (Type::Text, Type::Number | Type::Boolean | Type::Date) => true,
        (Type::Number, Type::Text) => !node.words,
        (Type::Date, Type::Text) => match &node.kind {
            NodeKind::Constant(value) => to_date(value, clock).is_ok(),
            _ => !node.words,
        },
        (wanted, found) => wanted == found,
    }
}
