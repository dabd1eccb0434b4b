//! Chains of IFs, each the last argument of the one before: read in a loop, however long they are.

use super::Builder;
use crate::syntax::ast::{Expr, ExprKind};
use crate::syntax::layout::comments::Lead;
use crate::syntax::layout::piece::{Branches, Item, Link, Piece, Remark};

impl Builder<'_> {
    pub(super) fn branches(&mut self, expr: &Expr) -> Piece {
        let mut parts = self.strays(expr.span.start);
        let mut links: Vec<Link> = Vec::new();
        let mut lead = Lead::default();
        let mut next = Some(expr);
        let mut otherwise = None;
        while let Some(ExprKind::Call { args, .. }) = next.map(|expr| &expr.kind) {
            self.comments.enter();
            let (condition, open_remarks) = self.first_item(&args[0]);
            let (condition, mut value) = self.next_item(condition, &args[1]);
            let Lead { own: before, blank, .. } = std::mem::take(&mut lead);
            next = None;
            if let Some(last) = args.get(2) {
                lead = self.comments.lead(last.span.start);
                value.behind = std::mem::take(&mut lead.behind);
                if is_branch(last) {
                    next = Some(last);
                } else {
                    let piece = self.expr(last, 0);
                    let Lead { own, blank, .. } = std::mem::take(&mut lead);
                    otherwise = Some(Item { before: own, blank, piece, behind: Vec::new() });
                }
            }
            links.push(Link { before, blank, open_remarks, condition, value, last: Vec::new(), width: 0 });
        }
        self.close_links(expr, &mut links, otherwise.as_mut());
        self.comments.depth -= links.len();
        parts.push(Branches { links, otherwise, width: 0 }.piece());
        Piece::glued(parts)
    }

    fn first_item(&mut self, expr: &Expr) -> (Item, Vec<Remark>) {
        let lead = self.comments.lead(expr.span.start);
        let piece = self.expr(expr, 0);
        (Item { before: lead.own, blank: lead.blank, piece, behind: Vec::new() }, lead.behind)
    }

    fn next_item(&mut self, mut before: Item, expr: &Expr) -> (Item, Item) {
        let (item, behind) = self.first_item(expr);
        before.behind = behind;
        (before, item)
    }

    /// Takes the comments before the closing brackets of a chain of IFs, the innermost first.
    fn close_links(&mut self, expr: &Expr, links: &mut [Link], mut otherwise: Option<&mut Item>) {
        let mut ends = Vec::with_capacity(links.len());
        let mut next = Some(expr);
        while let Some(ExprKind::Call { function, args }) = next.map(|expr| &expr.kind) {
            ends.push(self.closing(function.span.end));
            next = args.get(2).filter(|last| is_branch(last));
        }
        for (index, end) in ends.into_iter().enumerate().rev() {
            let lead = self.comments.take(end);
            links[index].last = lead.own;
            let last_value = links.last_mut().map(|link| &mut link.value);
            if let Some(item) = otherwise.as_deref_mut().or(last_value) {
                item.behind.extend(lead.behind);
            }
        }
    }
}

/// Whether it is an IF with a condition, a value and at most one other value.
pub(super) fn is_branch(expr: &Expr) -> bool {
    let ExprKind::Call { function, args } = &expr.kind else { return false };
    matches!(args.len(), 2 | 3) && function.value.eq_ignore_ascii_case("IF")
}
