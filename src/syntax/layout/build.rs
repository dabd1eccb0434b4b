//! From the tree and the comments to pieces that can be laid out.

mod if_chain;

use super::comments::{Comments, Lead, bracket_pairs};
use super::piece::{Bracket, Chain, ChainStyle, Item, Piece, Style};
use crate::span::{Span, Spanned};
use crate::syntax::ast::{Accessor, Binding, Expr, ExprKind, Factor, RecordItem, Sign, Spelling};
use crate::syntax::format::{
    bare_or_braced, braced, field_name, level, member_name, number_spelling, text_spelling,
};
use crate::syntax::tokens::{Token, TokenKind};
use if_chain::is_branch;

/// The level of AND. An operand that must hold together as tightly is parenthesised if it was.
const KEPT_AND: u8 = 2;

/// Builds the pieces of formulas, in the order of the text.
#[derive(Debug)]
pub(super) struct Builder<'a> {
    pub comments: Comments<'a>,
    pairs: Vec<(u32, u32)>,
    /// Whether brackets nest so deep that further ones could go beyond the limit.
    pub is_deep: bool,
}

impl<'a> Builder<'a> {
    pub(super) fn new(text: &'a str, tokens: &'a [Token]) -> Self {
        Self { comments: Comments::new(text, tokens), pairs: bracket_pairs(tokens), is_deep: false }
    }

    /// A whole formula whose text begins at the byte `start`, within `depth` brackets, and the comments before it.
    pub(super) fn formula(&mut self, expr: &Expr, start: u32, depth: usize) -> (Lead, Piece) {
        self.comments.rewind(start, depth);
        let lead = self.comments.lead(expr.span.start);
        (lead, self.whole(expr))
    }

    /// A whole formula, or the value or result of a LET: a sum of points stands one term on a line there.
    pub(super) fn whole(&mut self, expr: &Expr) -> Piece {
        match &expr.kind {
            ExprKind::Sum(terms) => {
                let points = terms.iter().filter(|(_, term)| is_choice(term)).count();
                self.sum(terms, points > 1)
            }
            _ => self.expr(expr, 0),
        }
    }

    /// `expr`, in parentheses if it holds together less tightly than `at_least`.
    pub(super) fn expr(&mut self, expr: &Expr, at_least: u8) -> Piece {
        let was_parenthesised = || self.comments.is_behind_parenthesis(expr.span.start);
        let is_kept = at_least == KEPT_AND && level(&expr.kind) == KEPT_AND && was_parenthesised();
        if level(&expr.kind) >= at_least && !is_kept {
            return self.kind(expr);
        }
        self.comments.enter();
        let item = Item::plain(self.kind(expr));
        self.comments.depth -= 1;
        bracket("(", vec![item], ')', Style::Each)
    }

    fn kind(&mut self, expr: &Expr) -> Piece {
        let at = expr.span.start;
        match &expr.kind {
            ExprKind::Number(number) => {
                let written = self.comments.written_at(at, TokenKind::Number);
                self.leaf(at, number_spelling(*number, written))
            }
            ExprKind::Text(text) => {
                let written = self.comments.written_at(at, TokenKind::Text);
                self.leaf(at, text_spelling(text, written))
            }
            ExprKind::Boolean(boolean) => self.leaf(at, if *boolean { "TRUE" } else { "FALSE" }.to_owned()),
            ExprKind::Name(name) => self.leaf(at, self.name(name)),
            ExprKind::List(items) => self.call("[", expr.span, at, items, ']', Style::Fill),
            ExprKind::Record(items) => {
                let inner = items.iter().map(Inner::of_record);
                self.bracketed("{", at, at, inner, '}', Style::Each)
            }
            ExprKind::Sign { op, operand } => self.prefixed(at, sign(*op), operand, 9),
            ExprKind::Percent(operand) => {
                let operand = self.expr(operand, 10);
                Piece::glued(vec![operand, Piece::Text("%".to_owned())])
            }
            ExprKind::Not { operand, spelling: Spelling::Infix } => self.not(at, operand),
            ExprKind::Not { operand, spelling: Spelling::Call } => {
                self.call("NOT(", expr.span, at, std::slice::from_ref(&**operand), ')', Style::Each)
            }
            ExprKind::And { operands, spelling } => self.logic("AND", expr.span, operands, *spelling, 3),
            // An AND in an OR stands in parentheses, so that nobody has to know which binds tighter.
            ExprKind::Or { operands, spelling } => {
                let at_least = if self.is_deep { KEPT_AND } else { 3 };
                self.logic("OR", expr.span, operands, *spelling, at_least)
            }
            ExprKind::Compare { op, lhs, rhs } => {
                self.chain([&**lhs, rhs].into_iter(), vec![op.value.symbol()], 5, ChainStyle::Comparison)
            }
            ExprKind::In { needle, list, negated } => {
                let operator = if *negated { "NOT IN" } else { "IN" };
                self.chain([&**needle, list].into_iter(), vec![operator], 5, ChainStyle::Comparison)
            }
            ExprKind::Join(operands) => {
                self.chain(operands.iter(), vec!["&"; operands.len() - 1], 6, ChainStyle::Fill)
            }
            ExprKind::Power(operands) => {
                self.chain(operands.iter(), vec!["^"; operands.len() - 1], 9, ChainStyle::Fill)
            }
            ExprKind::Sum(terms) => self.sum(terms, false),
            ExprKind::Product(factors) => {
                let operators = factors.iter().skip(1);
                let operators = operators.map(|(op, _)| if *op == Factor::Times { "*" } else { "/" });
                let operators = operators.collect();
                self.chain(factors.iter().map(|(_, factor)| factor), operators, 8, ChainStyle::Fill)
            }
            ExprKind::Call { function, args } => {
                let name = function.value.to_ascii_uppercase();
                if is_branch(expr) {
                    return self.branches(expr);
                }
                let behind = function.span.end;
                self.call(&format!("{name}("), expr.span, behind, args, ')', style_of(&name))
            }
            ExprKind::Let { bindings, body } => self.let_form(expr.span, bindings, body),
            ExprKind::Access { base, path } => self.access(base, path),
        }
    }

    /// A name as it may stand here: outside of brackets, a line that begins `input …` declares an input.
    fn name(&self, name: &str) -> String {
        if self.comments.depth == 0 && name.starts_with("input ") {
            return braced(name);
        }
        bare_or_braced(name)
    }

    fn leaf(&mut self, at: u32, text: String) -> Piece {
        let mut parts = self.strays(at);
        parts.push(Piece::Text(text));
        Piece::glued(parts)
    }

    fn strays(&mut self, at: u32) -> Vec<Piece> {
        self.comments.strays(at).into_iter().map(Piece::Comment).collect()
    }

    fn prefixed(&mut self, at: u32, prefix: &str, operand: &Expr, at_least: u8) -> Piece {
        let mut parts = self.strays(at);
        parts.push(Piece::Text(prefix.to_owned()));
        parts.push(self.expr(operand, at_least));
        Piece::glued(parts)
    }

    fn not(&mut self, at: u32, operand: &Expr) -> Piece {
        let mut parts = self.strays(at);
        let operand = self.expr(operand, 3);
        // `NOT (` is the function, which its own parenthesis closes.
        match operand {
            Piece::Bracket(inner) if inner.open == "(" => {
                parts.push(Bracket { open: "NOT(".to_owned(), ..*inner }.piece());
            }
            operand if operand.begins_with_parenthesis() => {
                parts.push(bracket("NOT(", vec![Item::plain(operand)], ')', Style::Each));
            }
            operand => {
                parts.push(Piece::Text("NOT ".to_owned()));
                parts.push(operand);
            }
        }
        Piece::glued(parts)
    }

    fn logic(
        &mut self,
        word: &str,
        span: Span,
        operands: &[Expr],
        spelling: Spelling,
        at_least: u8,
    ) -> Piece {
        if matches!(spelling, Spelling::Call) || operands.len() < 2 {
            return self.call(&format!("{word}("), span, span.start, operands, ')', Style::Fill);
        }
        let operator = if word == "AND" { "AND" } else { "OR" };
        self.chain(operands.iter(), vec![operator; operands.len() - 1], at_least, ChainStyle::Each)
    }

    fn sum(&mut self, terms: &[(Sign, Expr)], always_broken: bool) -> Piece {
        let mut operators: Vec<&'static str> = terms.iter().skip(1).map(|(op, _)| sign(*op)).collect();
        let written = terms.get(2).map(|(_, third)| {
            let first = &terms[0].1;
            (first.span.start, self.comments.between(first.span.start, third.span.end))
        });
        let Some((at, date)) = written.filter(|(_, written)| is_date(written)) else {
            let terms = terms.iter().map(|(_, term)| term);
            return self.chain_of(terms, operators, 7, ChainStyle::Fill, Vec::new(), always_broken);
        };
        // What reads as a date stays as it is, and with it the warning that it is none.
        let date = Item::plain(self.leaf(at, date.to_owned()));
        operators.drain(..2);
        let rest = terms[3..].iter().map(|(_, term)| term);
        self.chain_of(rest, operators, 7, ChainStyle::Fill, vec![date], always_broken)
    }

    fn chain<'e>(
        &mut self,
        operands: impl Iterator<Item = &'e Expr>,
        operators: Vec<&'static str>,
        at_least: u8,
        style: ChainStyle,
    ) -> Piece {
        self.chain_of(operands, operators, at_least, style, Vec::new(), false)
    }

    /// A chain that begins with `items` and goes on with `operands`.
    fn chain_of<'e>(
        &mut self,
        operands: impl Iterator<Item = &'e Expr>,
        operators: Vec<&'static str>,
        at_least: u8,
        style: ChainStyle,
        mut items: Vec<Item>,
        always_broken: bool,
    ) -> Piece {
        for operand in operands {
            let lead =
                if items.is_empty() { Lead::default() } else { self.comments.lead(operand.span.start) };
            if let Some(last) = items.last_mut() {
                last.behind = lead.behind;
            }
            let piece = self.expr(operand, at_least);
            items.push(Item { before: lead.own, blank: lead.blank, piece, behind: Vec::new() });
        }
        let may_fill = items.iter().all(|item| item.piece.is_text()) && !always_broken;
        let style = if style == ChainStyle::Fill && !may_fill { ChainStyle::Each } else { style };
        Chain { operands: items, operators, style, width: 0 }.piece(always_broken)
    }

    /// A call or a list; its opening bracket is the first at or behind the byte `behind`.
    fn call(
        &mut self,
        open: &str,
        span: Span,
        behind: u32,
        args: &[Expr],
        close: char,
        style: Style,
    ) -> Piece {
        self.bracketed(open, span.start, behind, args.iter().map(Inner::Expr), close, style)
    }

    fn let_form(&mut self, span: Span, bindings: &[Binding], body: &Expr) -> Piece {
        let pairs = bindings.iter().flat_map(|binding| [Inner::Name(binding), Inner::Whole(&binding.value)]);
        let inner = pairs.chain([Inner::Whole(body)]);
        self.bracketed("LET(", span.start, span.start, inner, ')', Style::Pairs(0))
    }

    fn bracketed<'e>(
        &mut self,
        open: &str,
        start: u32,
        behind: u32,
        inner: impl Iterator<Item = Inner<'e>>,
        close: char,
        style: Style,
    ) -> Piece {
        let mut parts = self.strays(start);
        let mut open_remarks = Vec::new();
        let mut items: Vec<Item> = Vec::new();
        self.comments.enter();
        for inner in inner {
            let lead = self.comments.lead(inner.start());
            let before = items.last_mut().map_or(&mut open_remarks, |last| &mut last.behind);
            before.extend(lead.behind);
            let piece = match inner {
                Inner::Expr(expr) => self.expr(expr, 0),
                Inner::Whole(expr) => self.whole(expr),
                Inner::Name(binding) => Piece::Text(self.name(&binding.name.value)),
                Inner::Member(name, value) => self.member(name, value),
                Inner::Spread(other) => self.prefixed(other.span.start, "...", other, 0),
            };
            items.push(Item { before: lead.own, blank: lead.blank, piece, behind: Vec::new() });
        }
        let end = self.closing(behind);
        let lead = self.comments.take(end);
        let before = items.last_mut().map_or(&mut open_remarks, |last| &mut last.behind);
        before.extend(lead.behind);
        self.comments.depth -= 1;
        let has_operators = items.iter().any(|item| !item.piece.is_plain());
        let has_comments = items.iter().any(Item::has_comments);
        let style = if style == Style::Fill && (has_operators || has_comments) { Style::Each } else { style };
        let open = open.to_owned();
        parts.push(Bracket { open, open_remarks, items, last: lead.own, close, style, width: 0 }.piece());
        Piece::glued(parts)
    }

    /// `tier: "A"`
    fn member(&mut self, name: &Spanned<String>, value: &Expr) -> Piece {
        let mut parts = self.strays(value.span.start);
        parts.push(Piece::Text(format!("{}: ", member_name(&name.value))));
        parts.push(self.whole(value));
        Piece::glued(parts)
    }

    /// The first byte of the bracket that closes the first one opened at or behind the byte `at`.
    fn closing(&self, at: u32) -> u32 {
        let index = self.pairs.partition_point(|(open, _)| *open < at);
        self.pairs.get(index).map_or(0, |(_, close)| *close)
    }

    fn access(&mut self, base: &Expr, path: &[Accessor]) -> Piece {
        // `5.a` would begin with the number `5.`.
        let is_number = matches!(base.kind, ExprKind::Number(_));
        let mut parts = vec![self.expr(base, if is_number { 13 } else { 12 })];
        for accessor in path {
            match accessor {
                Accessor::Field(name) => {
                    parts.extend(self.strays(name.span.start));
                    parts.push(Piece::Text(format!(".{}", field_name(&name.value))));
                }
                Accessor::Index(index) => {
                    let open_remarks = self.comments.strays(index.span.start);
                    self.comments.enter();
                    let items = vec![Item::plain(self.expr(index, 0))];
                    self.comments.depth -= 1;
                    let (open, last, style) = ("[".to_owned(), Vec::new(), Style::Each);
                    parts.push(
                        Bracket { open, open_remarks, items, last, close: ']', style, width: 0 }.piece(),
                    );
                }
            }
        }
        Piece::glued(parts)
    }
}

/// What stands between commas.
enum Inner<'e> {
    Expr(&'e Expr),
    /// The value or result of a LET.
    Whole(&'e Expr),
    /// The name of a LET.
    Name(&'e Binding),
    /// A name in a record and its value.
    Member(&'e Spanned<String>, &'e Expr),
    /// `...other`
    Spread(&'e Expr),
}

impl<'e> Inner<'e> {
    fn of_record(item: &'e RecordItem) -> Self {
        match item {
            RecordItem::Member { name, value } => Self::Member(name, value),
            RecordItem::Spread(other) => Self::Spread(other),
        }
    }

    fn start(&self) -> u32 {
        match self {
            Self::Member(name, _) => name.span.start,
            Self::Expr(expr) | Self::Whole(expr) | Self::Spread(expr) => expr.span.start,
            Self::Name(binding) => binding.name.span.start,
        }
    }
}

/// Items between brackets, without comments.
fn bracket(open: &str, items: Vec<Item>, close: char, style: Style) -> Piece {
    let (open, open_remarks, last) = (open.to_owned(), Vec::new(), Vec::new());
    Bracket { open, open_remarks, items, last, close, style, width: 0 }.piece()
}

fn sign(sign: Sign) -> &'static str {
    if sign == Sign::Minus { "-" } else { "+" }
}

/// Whether it gives one of several values.
fn is_choice(expr: &Expr) -> bool {
    let ExprKind::Call { function, .. } = &expr.kind else { return false };
    matches!(function.value.to_ascii_uppercase().as_str(), "IF" | "IFS" | "SWITCH")
}

/// How the arguments of a function stand: those that belong together in pairs share a line.
fn style_of(function: &str) -> Style {
    match function {
        "IFS" | "POINTS" => Style::Pairs(0),
        "SWITCH" | "BUCKET" => Style::Pairs(1),
        _ => Style::Fill,
    }
}

/// `2026-01-31`
fn is_date(written: &str) -> bool {
    let shape = written.bytes().map(|byte| if byte.is_ascii_digit() { b'0' } else { byte });
    shape.eq(*b"0000-00-00")
}
