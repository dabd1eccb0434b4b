//! Writes pieces as lines: on one line what fits, else broken where its kind breaks.

use super::piece::{Bracket, Chain, ChainStyle, Item, NEVER, OwnLine, Piece, Remark, Style};

/// How many characters a line holds, where what is on it can be broken.
pub(super) const LINE: usize = 80;
/// How much deeper the inside of a bracket stands.
pub(super) const STEP: usize = 2;
/// No line begins further right, so that what is nested deep does not make the text grow with the square of its depth.
pub(super) const DEEPEST: usize = 40;

/// The text being written.
#[derive(Debug, Default)]
pub(super) struct Writer {
    pub out: String,
    pub column: usize,
    /// Where the current line begins.
    line_indent: usize,
    /// Comments for the end of the current line.
    pending: Vec<Remark>,
    /// Whether the last flush put a comment on a line of its own.
    pub overflowed: bool,
}

impl Writer {
    pub(super) fn push(&mut self, text: &str) {
        self.out.push_str(text);
        self.column += text.chars().count();
    }

    pub(super) fn remarks(&mut self, remarks: &[Remark]) {
        self.pending.extend_from_slice(remarks);
    }

    /// Ends the line and begins one at `indent`, with a blank line between if `blank`.
    pub(super) fn newline(&mut self, indent: usize, blank: bool) {
        self.end_line();
        self.out.push_str(if blank { "\n\n" } else { "\n" });
        self.out.extend(std::iter::repeat_n(' ', indent));
        self.column = indent;
        self.line_indent = indent;
    }

    /// Puts the comments that wait for it at the end of the line.
    pub(super) fn end_line(&mut self) {
        self.overflowed = false;
        for (index, remark) in std::mem::take(&mut self.pending).into_iter().enumerate() {
            let ends_word = self.out.ends_with(|last: char| last.is_alphanumeric() || last == '_');
            if index == 0 && (remark.behind_word || !ends_word) {
                self.out.push_str("  ");
            } else {
                self.overflowed = true;
                self.out.push('\n');
                self.out.extend(std::iter::repeat_n(' ', self.line_indent));
            }
            self.out.push_str(&remark.text);
        }
    }

    /// Comments, each on its line.
    pub(super) fn own_lines(&mut self, comments: &[OwnLine], indent: usize, mut is_first: bool) {
        for comment in comments {
            self.newline(indent, comment.blank && !is_first);
            self.push(&comment.text);
            is_first = false;
        }
    }

    /// Begins an item on a new line, below its comments.
    pub(super) fn begin_item(&mut self, before: &[OwnLine], blank: bool, indent: usize, is_first: bool) {
        self.own_lines(before, indent, is_first);
        self.newline(indent, blank && !(is_first && before.is_empty()));
    }

    pub(super) fn fits(&self, width: usize, tail: usize) -> bool {
        width != NEVER && self.column.saturating_add(width).saturating_add(tail) <= LINE
    }

    /// Writes a piece that stands in a line indented by `indent`, with `tail` characters to come behind it.
    pub(super) fn piece(&mut self, piece: &Piece, indent: usize, tail: usize) {
        if self.fits(piece.width(), tail) {
            self.flat(piece);
            return;
        }
        match piece {
            Piece::Text(text) => self.push(text),
            Piece::Comment(remark) => self.pending.push(remark.clone()),
            Piece::Glued { parts, .. } => self.glued(parts, indent, tail),
            Piece::Bracket(bracket) => self.broken_bracket(bracket, indent, tail),
            Piece::Chain(chain) => self.chain(chain, indent, tail),
            Piece::Branches(branches) => {
                self.branches(&branches.links, branches.otherwise.as_ref(), indent, tail);
            }
        }
    }

    /// Writes a piece on the current line, whatever its width.
    pub(super) fn flat(&mut self, piece: &Piece) {
        match piece {
            Piece::Text(text) => self.push(text),
            Piece::Comment(remark) => self.pending.push(remark.clone()),
            Piece::Glued { parts, .. } => parts.iter().for_each(|part| self.flat(part)),
            Piece::Bracket(bracket) => {
                self.push(&bracket.open);
                for (index, item) in bracket.items.iter().enumerate() {
                    self.push(if index > 0 { ", " } else { "" });
                    self.flat(&item.piece);
                }
                self.out.push(bracket.close);
                self.column += 1;
            }
            Piece::Chain(chain) => {
                for (index, operand) in chain.operands.iter().enumerate() {
                    if index > 0 {
                        self.operator(chain.operators[index - 1]);
                        self.push(" ");
                    }
                    self.flat(&operand.piece);
                }
            }
            Piece::Branches(branches) => self.flat_branches(&branches.links, branches.otherwise.as_ref()),
        }
    }

    fn operator(&mut self, operator: &str) {
        self.push(" ");
        self.push(operator);
    }

    fn glued(&mut self, parts: &[Piece], indent: usize, tail: usize) {
        // Behind each part come the texts up to the next part that can break.
        let mut tails = vec![0; parts.len()];
        let mut behind = tail;
        for (index, part) in parts.iter().enumerate().rev() {
            tails[index] = behind;
            behind = match part {
                Piece::Text(_) => part.width().saturating_add(behind),
                Piece::Bracket(bracket) => bracket.open.chars().count(),
                _ => 0,
            };
        }
        for (part, tail) in parts.iter().zip(tails) {
            self.piece(part, indent, tail);
        }
    }

    /// Writes a bracket over several lines.
    pub(super) fn broken_bracket(&mut self, bracket: &Bracket, indent: usize, tail: usize) {
        self.push(&bracket.open);
        self.remarks(&bracket.open_remarks);
        if let Some(only) = hugged(bracket) {
            self.piece(only, indent, tail + 1);
        } else if bracket.items.is_empty() && bracket.last.is_empty() && bracket.open_remarks.is_empty() {
            // Nothing to break.
        } else {
            let inner = deeper(indent);
            match bracket.style {
                Style::Fill if fill_fits(&bracket.items, inner) => self.fill(&bracket.items, inner),
                Style::Pairs(single) => self.pairs(&bracket.items, single, inner),
                _ => self.each(&bracket.items, inner),
            }
            self.own_lines(&bracket.last, inner, bracket.items.is_empty());
            self.newline(indent, false);
        }
        self.out.push(bracket.close);
        self.column += 1;
    }

    fn fill(&mut self, items: &[Item], indent: usize) {
        for (index, item) in items.iter().enumerate() {
            let comma = usize::from(index + 1 < items.len());
            if index > 0 && self.fits(item.width(), comma + 1) {
                self.push(" ");
            } else {
                self.newline(indent, index > 0 && item.blank);
            }
            self.flat(&item.piece);
            self.push(&","[..comma]);
        }
    }

    fn each(&mut self, items: &[Item], indent: usize) {
        for (index, item) in items.iter().enumerate() {
            self.begin_item(&item.before, item.blank, indent, index == 0);
            self.item(item, indent, index + 1 < items.len());
        }
    }

    /// Writes an item and the comma and comments behind it.
    pub(super) fn item(&mut self, item: &Item, indent: usize, comma: bool) {
        self.piece(&item.piece, indent, usize::from(comma));
        self.push(if comma { "," } else { "" });
        self.remarks(&item.behind);
    }

    fn pairs(&mut self, items: &[Item], single: usize, indent: usize) {
        let count = items.len();
        for (index, item) in items.iter().enumerate() {
            let comma = index + 1 < count;
            let is_second = index > single && (index - single) % 2 == 1;
            let shares_line = is_second && item.before.is_empty() && items[index - 1].behind.is_empty();
            if shares_line {
                self.push(" ");
                self.item(item, indent, comma);
            } else if is_second {
                let inner = deeper(indent);
                self.begin_item(&item.before, item.blank, inner, false);
                self.item(item, inner, comma);
            } else {
                self.begin_item(&item.before, item.blank, indent, index == 0);
                self.item(item, indent, comma);
            }
        }
    }

    fn chain(&mut self, chain: &Chain, indent: usize, tail: usize) {
        if chain.style == ChainStyle::Comparison && self.comparison(chain, indent, tail) {
            return;
        }
        let align = if self.column <= DEEPEST { self.column } else { deeper(indent) };
        let fills = chain.style == ChainStyle::Fill && fill_fits(&chain.operands, align);
        for (index, operand) in chain.operands.iter().enumerate() {
            let operator = chain.operators.get(index);
            let behind = operator.map_or(tail, |operator| operator.len() + 1);
            if index > 0 {
                if fills && self.fits(operand.width(), behind + 1) {
                    self.push(" ");
                } else {
                    self.begin_item(&operand.before, operand.blank && !fills, align, false);
                }
            }
            self.piece(&operand.piece, align, behind);
            if let Some(operator) = operator {
                self.operator(operator);
            }
            self.remarks(&operand.behind);
        }
    }

    /// `Industry IN [` … `]`: breaks inside of the side that is a bracket, if the other one is short.
    fn comparison(&mut self, chain: &Chain, indent: usize, tail: usize) -> bool {
        let ([left, right], [operator]) = (&chain.operands[..], &chain.operators[..]) else { return false };
        if left.has_comments() || right.has_comments() {
            return false;
        }
        let between = operator.len() + 2;
        let opens = right.piece.as_bracket().map(|bracket| bracket.open.chars().count());
        let (left_width, right_width) = (left.piece.width(), right.piece.width());
        let right_breaks = opens.is_some_and(|open| self.fits(left_width, between + open));
        let left_breaks = left.piece.as_bracket().is_some()
            && right_width != NEVER
            && right_width.saturating_add(indent + 1 + between + tail) <= LINE;
        if !right_breaks && !left_breaks {
            return false;
        }
        if right_breaks {
            self.flat(&left.piece);
        } else {
            self.piece(&left.piece, indent, between + right_width + tail);
        }
        self.operator(operator);
        self.push(" ");
        self.piece(&right.piece, indent, tail);
        true
    }
}

/// The indentation inside of a bracket.
pub(super) fn deeper(indent: usize) -> usize {
    (indent + STEP).min(DEEPEST.max(indent))
}

/// The only item of a bracket, if it brings brackets of its own whose inside can break.
fn hugged(bracket: &Bracket) -> Option<&Piece> {
    let [only] = &bracket.items[..] else { return None };
    let is_bare = !only.has_comments() && bracket.open_remarks.is_empty() && bracket.last.is_empty();
    (is_bare && bracket.open != "(" && only.piece.as_bracket().is_some()).then_some(&only.piece)
}

/// Whether each item fits on a line of its own.
fn fill_fits(items: &[Item], indent: usize) -> bool {
    items.iter().all(|item| item.width() != NEVER && item.width().saturating_add(indent + 3) <= LINE)
}
