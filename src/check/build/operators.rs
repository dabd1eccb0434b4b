//! Operators.

use super::Builder;
use crate::check::kinds::{Kind, KindSet};
use crate::check::tree::{Addend, Node, NodeKind, SiteKind};
use crate::diagnostics::Lint;
use crate::span::Span;
use crate::syntax::ast::{CompareOp, Expr, ExprKind, Factor, Sign};
use crate::types::Type;
use crate::value::{Value, to_date};
use std::ops::Range;

impl<'a> Builder<'a> {
    pub(super) fn operator(&mut self, expr: &'a Expr) -> Node {
        let span = expr.span;
        match &expr.kind {
            ExprKind::Sign { op, operand } => {
                // A plus sign changes nothing, whatever stands behind it.
                if *op == Sign::Plus {
                    return self.node(operand);
                }
                let operand = self.number(operand, "negated");
                literal(&operand, span, |number| -number)
                    .unwrap_or_else(|| Node::new(NodeKind::Negate(Box::new(operand)), span, Type::Number))
            }
            ExprKind::Percent(operand) => {
                let operand = self.number(operand, "taken as per cent");
                literal(&operand, span, |number| number / 100.0)
                    .unwrap_or_else(|| Node::new(NodeKind::Percent(Box::new(operand)), span, Type::Number))
            }
            ExprKind::Not { operand, .. } => {
                let operand = self.condition(operand, "negated as a condition");
                Node::new(NodeKind::Not(Box::new(operand)), span, Type::Boolean)
            }
            ExprKind::And { operands, .. } => {
                let arms = operands.iter().map(|operand| self.logic_arm(operand, "AND")).collect();
                Node::new(NodeKind::And(arms), span, Type::Boolean)
            }
            ExprKind::Or { operands, .. } => {
                let outer = self.guarded.len();
                let mut arms = Vec::with_capacity(operands.len());
                for operand in operands {
                    let before = self.uses.len();
                    arms.push(self.logic_arm(operand, "OR"));
                    // The next arm is reached only where this one does not hold.
                    self.guard(before..self.uses.len());
                }
                self.guarded.truncate(outer);
                Node::new(NodeKind::Or(arms), span, Type::Boolean)
            }
            ExprKind::Compare { op, lhs, rhs } => self.comparison(op.value, lhs, rhs, span),
            ExprKind::In { needle, list, negated } => self.membership(needle, list, *negated, span),
            ExprKind::Join(operands) => {
                let mut nodes = Vec::with_capacity(operands.len());
                for operand in operands {
                    let node = self.node(operand);
                    self.wants(&node, Type::Text, "joined to text by `&`", None);
                    nodes.push(node);
                }
                Node::new(NodeKind::Join(nodes), span, Type::Text)
            }
            ExprKind::Sum(terms) => self.sum(terms, span),
            ExprKind::Product(factors) => {
                let mut nodes = Vec::with_capacity(factors.len());
                for (index, (factor, operand)) in factors.iter().enumerate() {
                    let divides = *factor == Factor::Divide
                        || factors.get(index + 1).is_some_and(|next| next.0 == Factor::Divide);
                    nodes.push((
                        *factor,
                        self.number(operand, if divides { "used in a division" } else { "multiplied" }),
                    ));
                }
                Node::new(NodeKind::Product(nodes), span, Type::Number)
            }
            ExprKind::Power(operands) => {
                let nodes =
                    operands.iter().map(|operand| self.number(operand, "raised to a power")).collect();
                Node::new(NodeKind::Power(nodes), span, Type::Number)
            }
            // The other kinds are read where operators are told from them.
            _ => Node::new(NodeKind::Constant(Value::Blank), span, Type::Any),
        }
    }

    fn number(&mut self, expr: &'a Expr, why: &str) -> Node {
        let node = self.node(expr);
        self.wants(&node, Type::Number, &format!("{why}, as a number"), None);
        node
    }

    pub(super) fn condition(&mut self, expr: &'a Expr, why: &str) -> Node {
        let node = self.node(expr);
        self.wants(&node, Type::Boolean, why, None);
        node
    }

    fn logic_arm(&mut self, operand: &'a Expr, operator: &str) -> crate::check::tree::Arm {
        let arm = self.arm(SiteKind::Arm, operand);
        let why = format!("a condition of {operator}");
        if matches!(arm.node.ty, Type::Any | Type::List) {
            // A list stands for its items.
            self.used(&arm.node, KindSet::of(&[Kind::Boolean, Kind::Number, Kind::List]), &why);
        } else {
            self.wants(&arm.node, Type::Boolean, &why, None);
        }
        arm
    }

    /// Dates can be added to and subtracted, so a column in a sum is a number or a date.
    fn sum(&mut self, terms: &'a [(Sign, Expr)], span: Span) -> Node {
        let mut addends = Vec::with_capacity(terms.len());
        for (sign, term) in terms {
            let site = self.site(SiteKind::Addend, term.span);
            addends.push(Addend { sign: *sign, node: self.node(term), site });
        }
        let dates = addends.iter().filter(|addend| addend.node.ty == Type::Date).count();
        let why = "added or subtracted";
        for addend in &addends {
            if dates == 0 || matches!(addend.node.ty, Type::List | Type::Record) {
                if addend.node.words || matches!(addend.node.ty, Type::List | Type::Record) {
                    self.mismatch(&addend.node, Type::Number, why, None);
                }
            } else if addend.node.words {
                self.mismatch(&addend.node, Type::Date, why, None);
            }
            let kinds = KindSet::of(&[Kind::Number, Kind::NumberText, Kind::Boolean, Kind::Date]);
            self.used(&addend.node, kinds, why);
        }
        let known = addends.iter().all(|addend| matches!(addend.node.ty, Type::Number | Type::Boolean));
        // The difference of two dates is a number; with anything else in the sum it is decided by the row.
        let ty = if known || (dates, terms.len()) == (2, 2) { Type::Number } else { Type::Any };
        Node::new(NodeKind::Sum(addends), span, ty)
    }

    fn comparison(&mut self, op: CompareOp, lhs: &'a Expr, rhs: &'a Expr, span: Span) -> Node {
        let (left, right) = (self.node(lhs), self.node(rhs));
        self.compared(op, &left, &right);
        self.compared(op, &right, &left);
        let (mut left, mut right) = (left, right);
        if op.is_ordering() {
            self.compare_as_day(&mut right, &left);
            self.compare_as_day(&mut left, &right);
        }
        Node::new(NodeKind::Compare(op, Box::new((left, right))), span, Type::Boolean)
    }

    /// Makes a date of a written day that is compared with an input that is declared as a date, so that a text in the row
    /// that is no date is unreadable instead of being compared with the day letter by letter.
    pub(super) fn compare_as_day(&self, node: &mut Node, other: &Node) {
        let is_date =
            self.input_of(other).is_some_and(|id| self.inputs[id.0 as usize].declared == Type::Date);
        if let NodeKind::Constant(value @ Value::Text(_)) = &node.kind
            && is_date
            && let Ok(day) = to_date(value, &self.clock)
            && !day.has_time()
        {
            *node = Node::new(NodeKind::Constant(Value::Date(day)), node.span, Type::Date);
        }
    }

    /// What comparing `node` with `other` says about `node`.
    pub(super) fn compared(&mut self, op: CompareOp, node: &Node, other: &Node) {
        let place = Some(other.span);
        if let (NodeKind::List(items, _), true) = (&node.kind, op.is_ordering())
            && let [Node { kind: NodeKind::Input(id), .. }] = items.as_slice()
        {
            let name = self.inputs[id.0 as usize].name.clone();
            self.findings.push(Lint::BracketedName { name, at: node.span }.into());
        }
        let is_single = matches!(other.ty, Type::Number | Type::Text | Type::Boolean | Type::Date);
        if is_single && matches!(node.kind, NodeKind::Record(_)) {
            return self.mismatch(node, other.ty, "compared with this value", place);
        }
        match other.ty {
            Type::Number if op.is_ordering() => {
                if node.words {
                    self.mismatch_beside(node, "compared with this number", other);
                }
                self.used(node, KindSet::readable_as(Type::Number), "compared with a number");
            }
            Type::Number if node.words => {
                self.mismatch_beside(node, "compared with this number", other);
            }
            Type::Date => {
                if node.words || node.ty == Type::Number {
                    self.mismatch(node, Type::Date, "compared with this date", place);
                }
                self.used(node, KindSet::of(&[Kind::Date]), "compared with a date");
            }
            Type::Text if other.words && op != CompareOp::NotEqual => {
                self.used(node, KindSet::of(&[Kind::Words]), &format!("compared with {}", shown(other)));
            }
            _ => {}
        }
    }

    fn membership(&mut self, needle: &'a Expr, list: &'a Expr, negated: bool, span: Span) -> Node {
        let needle_expr = needle;
        let needle = Box::new(self.node(needle));
        let ExprKind::List(items) = &list.kind else {
            let searched = self.node(list);
            self.searched_as_list(&searched, needle_expr, false, span);
            let list = searched;
            return Node::new(
                NodeKind::InList { needle_and_list: Box::new((*needle, list)), negated },
                span,
                Type::Boolean,
            );
        };
        let mut arms = Vec::with_capacity(items.len());
        for item in items {
            let arm = self.arm(SiteKind::Arm, item);
            self.compared(if negated { CompareOp::NotEqual } else { CompareOp::Equal }, &needle, &arm.node);
            arms.push(arm);
        }
        Node::new(NodeKind::InArms { needle, arms, negated }, span, Type::Boolean)
    }

    /// Columns that these uses compare with words: where that did not hold, they can be anything.
    pub(super) fn guard(&mut self, uses: Range<usize>) {
        let is_text_test = |kinds: KindSet| kinds.has(Kind::Words) && !kinds.has(Kind::Number);
        let tested = self.uses[uses].iter().filter(|one| is_text_test(one.kinds)).map(|one| one.input);
        self.guarded.extend(tested);
    }
}

fn shown(node: &Node) -> String {
    match &node.kind {
        NodeKind::Constant(Value::Text(text)) => format!("the text {}", crate::syntax::print_text(text)),
        _ => "words".to_owned(),
    }
}

/// `-5` and `20%` are numbers that are written out, as `5` is.
fn literal(operand: &Node, span: Span, value: impl Fn(f64) -> f64) -> Option<Node> {
    match operand.kind {
        NodeKind::Constant(Value::Number(number)) => {
            Some(Node::new(NodeKind::Constant(Value::number(value(number))), span, Type::Number))
        }
        _ => None,
    }
}
