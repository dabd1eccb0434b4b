//! Turns a flat chain of operands and operators into a tree: which operator binds tighter, and which run on.

use super::NESTING_LIMIT;
use super::ast::{CompareOp, Expr, ExprKind, Factor, Sign, Spelling};
use super::balanced;
use crate::diagnostics::{Diagnostic, Lint, SyntaxError};
use crate::span::{Span, Spanned};

/// The deepest tree that is built. A level of brackets is one level of the tree, and an operator between two levels
/// of brackets is another.
pub(super) const DEEPEST_TREE: usize = 2 * NESTING_LIMIT;

/// What is found beyond this in one chain would not be read.
const MOST_FINDINGS: usize = 50;

/// An operator before an operand.
#[derive(Clone, Copy, Debug)]
pub(super) enum Prefix {
    Not,
    Sign(Sign),
}

/// An operator between two operands.
#[derive(Clone, Copy, Debug)]
pub(super) enum Infix {
    Or,
    And,
    In { negated: bool },
    Compare(CompareOp),
    Join,
    Sum(Sign),
    Product(Factor),
    Power,
}

#[derive(Clone, Copy, Debug)]
enum Operator {
    Prefix(Prefix),
    Infix(Infix),
}

impl Operator {
    /// How tightly it binds.
    fn level(self) -> u8 {
        match self {
            Self::Infix(Infix::Or) => 1,
            Self::Infix(Infix::And) => 2,
            Self::Prefix(Prefix::Not) => 3,
            Self::Infix(Infix::Compare(_) | Infix::In { .. }) => 4,
            Self::Infix(Infix::Join) => 5,
            Self::Infix(Infix::Sum(_)) => 6,
            Self::Infix(Infix::Product(_)) => 7,
            Self::Infix(Infix::Power) => 8,
            Self::Prefix(Prefix::Sign(_)) => 9,
        }
    }
}

/// An expression with the depth of its tree.
#[derive(Debug)]
pub(super) struct Operand {
    pub expr: Expr,
    pub depth: usize,
    /// Whether parentheses, or its own form, close it off: a chain that is closed does not run on.
    pub closed: bool,
}

/// A chain being read, from left to right.
#[derive(Debug)]
pub(super) struct Chain<'a> {
    source: &'a str,
    operands: Vec<Operand>,
    operators: Vec<(Operator, Span)>,
    findings: &'a mut Vec<Diagnostic>,
}

impl<'a> Chain<'a> {
    pub(super) fn new(source: &'a str, findings: &'a mut Vec<Diagnostic>) -> Self {
        Self { source, operands: Vec::new(), operators: Vec::new(), findings }
    }

    pub(super) fn push_prefix(&mut self, prefix: Prefix, at: Span) {
        self.operators.push((Operator::Prefix(prefix), at));
    }

    pub(super) fn push_infix(&mut self, infix: Infix, at: Span) {
        let operator = Operator::Infix(infix);
        while self.operators.last().is_some_and(|(before, _)| before.level() >= operator.level()) {
            self.reduce();
        }
        self.operators.push((operator, at));
    }

    pub(super) fn push_operand(&mut self, operand: Operand) {
        self.operands.push(operand);
    }

    /// The last operand that was read.
    pub(super) fn last_operand(&mut self) -> Option<&mut Operand> {
        self.operands.last_mut()
    }

    /// The tree of the whole chain.
    pub(super) fn finish(mut self) -> Option<Operand> {
        while !self.operators.is_empty() {
            self.reduce();
        }
        self.operands.pop()
    }

    fn reduce(&mut self) {
        let Some((operator, at)) = self.operators.pop() else { return };
        let Some(rhs) = self.operands.pop() else { return };
        let mut made = match operator {
            Operator::Prefix(prefix) => prefixed(prefix, at, rhs),
            Operator::Infix(infix) => {
                let Some(lhs) = self.operands.pop() else { return };
                self.look_twice(infix, &lhs, &rhs, at);
                joined(infix, at, lhs, rhs)
            }
        };
        if made.depth > DEEPEST_TREE {
            self.findings.push(SyntaxError::NestedTooDeeply { limit: DEEPEST_TREE, at }.into());
            // The error refuses the formula; a flat stand-in keeps the rest of the work bounded.
            made = Operand { expr: Expr { kind: ExprKind::Number(0.0), span: at }, depth: 1, closed: true };
        }
        self.operands.push(made);
    }

    /// Chained comparisons, and AND beside OR.
    fn look_twice(&mut self, infix: Infix, lhs: &Operand, rhs: &Operand, at: Span) {
        if self.findings.len() >= MOST_FINDINGS {
            return;
        }
        match infix {
            Infix::Compare(_) | Infix::In { .. } if !lhs.closed => {
                let (first, middle) = match &lhs.expr.kind {
                    ExprKind::Compare { rhs, op, .. } => (op.span, rhs),
                    ExprKind::In { needle, list, .. } => {
                        let between = needle.span.end as usize..list.span.start as usize;
                        (keyword_in(self.source, between, &["NOT", "IN"]), list)
                    }
                    _ => return,
                };
                let error = chained(self.source, &lhs.expr, first, middle, at, rhs);
                self.findings.push(error.into());
            }
            Infix::Sum(Sign::Minus) if !lhs.closed => self.unquoted_date(lhs, rhs),
            Infix::Or => {
                for side in [lhs, rhs] {
                    let ExprKind::And { operands, spelling: Spelling::Infix } = &side.expr.kind else {
                        continue;
                    };
                    if !side.closed {
                        let and = operands.get(1).map_or(side.expr.span, |second| {
                            let between = operands[0].span.end as usize..second.span.start as usize;
                            keyword_in(self.source, between, &["AND", "&&"])
                        });
                        let written = balanced(self.source, side.expr.span).of(self.source);
                        let instead = format!("({})", shorten(written));
                        self.findings.push(Lint::MixedAndOr { instead, and, or: at }.into());
                    }
                }
            }
            _ => {}
        }
    }
}

impl Chain<'_> {
    /// `2026-01-31`, which subtracts 1 and 31 from 2026.
    fn unquoted_date(&mut self, lhs: &Operand, rhs: &Operand) {
        let span = lhs.expr.span.to(rhs.expr.span);
        let written = span.of(self.source);
        let shape: String =
            written.chars().map(|next| if next.is_ascii_digit() { '0' } else { next }).collect();
        if shape == "0000-00-00" {
            let numbers: Vec<i32> = written.split('-').filter_map(|part| part.parse().ok()).collect();
            let result =
                numbers.iter().skip(1).fold(numbers.first().copied().unwrap_or(0), |rest, part| rest - part);
            let lint =
                Lint::UnquotedDate { written: written.to_owned(), at: span, result: result.to_string() };
            self.findings.push(lint.into());
        }
    }
}

/// Where one of the keywords stands in a range of the source.
fn keyword_in(source: &str, range: std::ops::Range<usize>, keywords: &[&str]) -> Span {
    let between = source.get(range.clone()).unwrap_or_default();
    let found = keywords.iter().find_map(|keyword| between.find(keyword).map(|at| (at, keyword.len())));
    let (at, length) = found.unwrap_or((0, between.len()));
    Span::new(range.start + at, range.start + at + length)
}

fn shorten(text: &str) -> String {
    let one_line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if one_line.chars().count() <= 60 {
        one_line
    } else {
        one_line.chars().take(57).chain("…".chars()).collect()
    }
}

/// `a < b < c`, or a lower-case `and` in the middle that was read as part of a name.
fn chained(source: &str, lhs: &Expr, first: Span, middle: &Expr, second: Span, rhs: &Operand) -> SyntaxError {
    if let ExprKind::Name(name) = &middle.kind {
        for word in ["and", "or", "And", "Or"] {
            if let Some(at) = name.find(&format!(" {word} ")) {
                let start = middle.span.start as usize + at + 1;
                let at = Span::new(start, start + word.len());
                return SyntaxError::LowercaseOperator { upper: word.to_uppercase(), at };
            }
        }
    }
    let [left, middle, right] =
        [lhs.span, middle.span, rhs.expr.span].map(|span| shorten(balanced(source, span).of(source)));
    let help = format!("write `{left} AND {middle} {} {right}`", second.of(source));
    SyntaxError::ChainedComparison { first, second, help }
}

fn prefixed(prefix: Prefix, at: Span, operand: Operand) -> Operand {
    let span = at.to(operand.expr.span);
    let depth = operand.depth + 1;
    let operand = Box::new(operand.expr);
    let kind = match prefix {
        Prefix::Not => ExprKind::Not { operand, spelling: Spelling::Infix },
        Prefix::Sign(op) => ExprKind::Sign { op, operand },
    };
    Operand { expr: Expr { kind, span }, depth, closed: true }
}

/// One node for two operands, or a longer one where `lhs` is a chain of the same operator.
fn joined(infix: Infix, at: Span, lhs: Operand, rhs: Operand) -> Operand {
    let span = lhs.expr.span.to(rhs.expr.span);
    let runs_on = !lhs.closed;
    let depth_of_two = lhs.depth.max(rhs.depth) + 1;
    let longer = lhs.depth.max(rhs.depth + 1);
    let right = rhs.expr;
    let (kind, depth) = match (infix, lhs.expr.kind) {
        (Infix::Or, ExprKind::Or { mut operands, spelling }) if runs_on => {
            operands.push(right);
            (ExprKind::Or { operands, spelling }, longer)
        }
        (Infix::And, ExprKind::And { mut operands, spelling }) if runs_on => {
            operands.push(right);
            (ExprKind::And { operands, spelling }, longer)
        }
        (Infix::Join, ExprKind::Join(mut operands)) if runs_on => {
            operands.push(right);
            (ExprKind::Join(operands), longer)
        }
        (Infix::Sum(sign), ExprKind::Sum(mut terms)) if runs_on => {
            terms.push((sign, right));
            (ExprKind::Sum(terms), longer)
        }
        (Infix::Product(factor), ExprKind::Product(mut factors)) if runs_on => {
            factors.push((factor, right));
            (ExprKind::Product(factors), longer)
        }
        (Infix::Power, ExprKind::Power(mut operands)) if runs_on => {
            operands.push(right);
            (ExprKind::Power(operands), longer)
        }
        (infix, kind) => (pair(infix, at, Expr { kind, span: lhs.expr.span }, right), depth_of_two),
    };
    Operand { expr: Expr { kind, span }, depth, closed: false }
}

fn pair(infix: Infix, at: Span, left: Expr, right: Expr) -> ExprKind {
    match infix {
        Infix::Or => ExprKind::Or { operands: vec![left, right], spelling: Spelling::Infix },
        Infix::And => ExprKind::And { operands: vec![left, right], spelling: Spelling::Infix },
        Infix::In { negated } => ExprKind::In { needle: Box::new(left), list: Box::new(right), negated },
        Infix::Compare(op) => {
            ExprKind::Compare { op: Spanned::new(op, at), lhs: Box::new(left), rhs: Box::new(right) }
        }
        Infix::Join => ExprKind::Join(vec![left, right]),
        Infix::Sum(sign) => ExprKind::Sum(vec![(Sign::Plus, left), (sign, right)]),
        Infix::Product(factor) => ExprKind::Product(vec![(Factor::Times, left), (factor, right)]),
        Infix::Power => ExprKind::Power(vec![left, right]),
    }
}
