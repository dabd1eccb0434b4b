//! How a chain of IFs stands when it does not fit on one line.

use super::piece::{Bracket, Item, Link, NEVER, Piece};
use super::write::{DEEPEST, LINE, Writer, deeper};

/// `IF(`
const OPEN: usize = 3;

impl Writer {
    /// `IF(a, x, IF(b, y, z))` on the current line.
    pub(super) fn flat_branches(&mut self, links: &[Link], otherwise: Option<&Item>) {
        for (index, link) in links.iter().enumerate() {
            self.push(if index > 0 { ", IF(" } else { "IF(" });
            self.flat(&link.condition.piece);
            self.push(", ");
            self.flat(&link.value.piece);
        }
        if let Some(otherwise) = otherwise {
            self.push(", ");
            self.flat(&otherwise.piece);
        }
        self.close(links.len());
    }

    fn close(&mut self, count: usize) {
        self.out.extend(std::iter::repeat_n(')', count));
        self.column += count;
    }

    /// A chain over several lines, in the first of its forms that it fits.
    pub(super) fn branches(&mut self, links: &[Link], otherwise: Option<&Item>, indent: usize, tail: usize) {
        let bare = links.iter().all(|link| link.open_remarks.is_empty() && link.last.is_empty());
        if bare && links.len() > 1 && self.column <= DEEPEST && is_table(links, self.column) {
            self.stacked(links, otherwise, tail, false);
        } else if bare && is_opened(links, indent) && otherwise.is_none_or(|item| item.before.is_empty()) {
            self.opened(links, otherwise, indent, tail);
        } else if bare && links.len() > 1 && self.column <= DEEPEST && links.iter().all(is_simple) {
            self.stacked(links, otherwise, tail, true);
        } else {
            self.nested(links, otherwise, indent);
        }
    }

    /// The links below each other.
    fn stacked(&mut self, links: &[Link], otherwise: Option<&Item>, tail: usize, may_break: bool) {
        let align = self.column;
        let end = links.len() + tail;
        for (index, link) in links.iter().enumerate() {
            let has_more = index + 1 < links.len() || otherwise.is_some();
            if index > 0 {
                self.begin_item(&link.before, link.blank, align, false);
            }
            self.push("IF(");
            let behind = 2 + usize::from(has_more);
            if may_break {
                self.piece(&link.condition.piece, align, link.value.piece.width() + behind);
                self.push(", ");
                self.flat(&link.value.piece);
            } else {
                self.flat(&link.condition.piece);
                self.push(", ");
                self.flat(&link.value.piece);
            }
            self.push(if has_more { "," } else { "" });
            self.remarks(&link.value.behind);
        }
        if let Some(otherwise) = otherwise {
            let commented = links.last().is_some_and(|link| !link.value.behind.is_empty());
            if otherwise.before.is_empty() && !commented && self.fits(otherwise.piece.width(), 1 + end) {
                self.push(" ");
                self.flat(&otherwise.piece);
            } else {
                self.begin_item(&otherwise.before, otherwise.blank, align, false);
                self.piece(&otherwise.piece, align, end);
            }
            self.remarks(&otherwise.behind);
        }
        self.close(links.len());
    }

    /// `IF(OR(` … `), 30, IF(OR(` … `), 20, 10))`: the inside of each condition on lines of its own.
    fn opened(&mut self, links: &[Link], otherwise: Option<&Item>, indent: usize, tail: usize) {
        let count = links.len();
        for (index, link) in links.iter().enumerate() {
            self.push(if index > 0 { ", IF(" } else { "IF(" });
            if let Some(bracket) = alternatives(&link.condition) {
                self.broken_bracket(bracket, indent, 0);
                self.push(", ");
                self.flat(&link.value.piece);
                continue;
            }
            self.inside(link, otherwise, indent);
            self.close(1);
        }
        let last_is_open = links.last().is_some_and(|link| alternatives(&link.condition).is_some());
        if let Some(otherwise) = otherwise.filter(|_| last_is_open) {
            self.push(", ");
            self.piece(&otherwise.piece, indent, count + tail);
            self.remarks(&otherwise.behind);
        }
        self.close(count - usize::from(!last_is_open));
    }

    /// What stands between the brackets of one IF: on one line if it fits, else one on each.
    fn inside(&mut self, link: &Link, otherwise: Option<&Item>, indent: usize) {
        let inner = deeper(indent);
        let items: Vec<&Item> = [&link.condition, &link.value].into_iter().chain(otherwise).collect();
        let width =
            items.iter().fold(inner, |width, item| width.saturating_add(item.width()).saturating_add(2));
        if width <= LINE + 2 {
            self.newline(inner, false);
            for (index, item) in items.iter().enumerate() {
                self.push(if index > 0 { ", " } else { "" });
                self.flat(&item.piece);
            }
        } else {
            for (index, item) in items.iter().enumerate() {
                self.begin_item(&item.before, item.blank, inner, index == 0);
                self.item(item, inner, index + 1 < items.len());
            }
        }
        self.own_lines(&link.last, inner, false);
        self.newline(indent, false);
    }

    /// Each IF inside of the one before.
    fn nested(&mut self, links: &[Link], otherwise: Option<&Item>, indent: usize) {
        let Some((link, rest)) = links.split_first() else { return };
        self.push("IF(");
        self.remarks(&link.open_remarks);
        if rest.is_empty() {
            self.inside(link, otherwise, indent);
        } else {
            let inner = deeper(indent);
            for (index, item) in [&link.condition, &link.value].into_iter().enumerate() {
                self.begin_item(&item.before, item.blank, inner, index == 0);
                self.item(item, inner, true);
            }
            self.begin_item(&rest[0].before, rest[0].blank, inner, false);
            if self.fits(rest[0].width, 0) {
                self.flat_branches(rest, otherwise);
            } else {
                self.branches(rest, otherwise, inner, 0);
            }
            self.own_lines(&link.last, inner, false);
            self.newline(indent, false);
        }
        self.close(1);
    }
}

/// Whether each `IF(condition, value,` fits on a line that begins at `align`.
fn is_table(links: &[Link], align: usize) -> bool {
    links.iter().all(|link| {
        let width = link.condition.width().saturating_add(link.value.piece.width());
        let bare = link.value.before.is_empty() && link.condition.before.is_empty();
        bare && width != NEVER && width.saturating_add(align + OPEN + 3) <= LINE
    })
}

/// Whether the first condition, and each but the last, is an `OR(…)` or `AND(…)` whose value is short.
fn is_opened(links: &[Link], indent: usize) -> bool {
    let is_bare = |item: &Item| !item.has_comments();
    let short = |link: &Link| link.value.width().saturating_add(indent + 16) <= LINE;
    let fits = |link: &Link| is_bare(&link.condition) && short(link) && link.before.is_empty();
    let opens = |link: &Link| alternatives(&link.condition).is_some();
    let Some((last, rest)) = links.split_last() else { return false };
    let first_opens = links.first().is_some_and(opens);
    first_opens
        && rest.iter().all(opens)
        && links.iter().skip(1).all(fits)
        && is_bare(&links[0].condition)
        && short(&links[0])
        && (opens(last) || last.condition.width() != NEVER)
}

/// Whether the value can follow the condition on its last line.
fn is_simple(link: &Link) -> bool {
    let bare = !link.condition.has_comments() && link.value.before.is_empty();
    let value_is_short = link.value.piece.width() < LINE / 2;
    let condition = &link.condition.piece;
    bare && value_is_short && (condition.as_bracket().is_some() || condition.width() < LINE / 4)
}

/// The condition as `OR(…)` or `AND(…)` of several.
fn alternatives(condition: &Item) -> Option<&Bracket> {
    match &condition.piece {
        Piece::Bracket(bracket) if matches!(bracket.open.as_str(), "OR(" | "AND(") => {
            Some(&**bracket).filter(|bracket| bracket.items.len() > 1)
        }
        _ => None,
    }
}
