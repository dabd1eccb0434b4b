//! Conditions and branches that can't be what their author meant: constant, contradictory, unreachable, repeated.

mod arms;
mod branches;
mod closed_set;
mod gaps;
pub(crate) mod wording;

use super::facts::Facts;
use super::possible::Flags;
use super::terms::{TermId, with_stack};
use super::values::{MOST_STEPS, Values};
use crate::builtins::{Role, Run};
use crate::check::{Node, NodeKind};
use crate::diagnostics::{Diagnostic, ValueLint};
use crate::span::Span;
use crate::types::Type;
use crate::value::Value;

/// Adds a finding for each condition and branch that can't be meant as it is written.
pub(super) fn lint(values: &Values<'_>, any: &Values<'_>, findings: &mut Vec<Diagnostic>) {
    // A rule that reads no row is a calculation, whose conditions are constant by nature.
    if values.tree.inputs.is_empty() {
        return;
    }
    let mut linter = Linter { values, any, enclosing: Vec::new(), rescued: 0, findings };
    let mut limit = None;
    let inputs = values.tree.inputs.iter();
    let of_inputs = inputs.filter_map(|input| input.formula().map(|formula| (formula, input.span)));
    let columns = values.tree.order.iter().map(|id| values.tree.column(*id));
    for (formula, at) in of_inputs.chain(columns.map(|column| (&column.node, column.span))) {
        linter.visit(formula, &Facts::default());
        if values.is_exhausted() || any.is_exhausted() {
            limit.get_or_insert(at);
        }
    }
    let findings = linter.findings;
    findings.extend(limit.map(|at| ValueLint::AnalysisLimit { at, steps: MOST_STEPS }.into()));
}

/// One pass over the formulas, with what is known at each place.
struct Linter<'l, 't> {
    /// The values for rows of the kinds that the formulas expect.
    values: &'l Values<'t>,
    /// The values for all rows.
    any: &'l Values<'t>,
    /// The conditions of IF and the like that have been decided where the current node is evaluated, with their
    /// results.
    enclosing: Vec<Decided<'t>>,
    /// How many IFERROR or IFNA the current node is in.
    rescued: usize,
    findings: &'l mut Vec<Diagnostic>,
}

/// A condition whose result is known.
#[derive(Clone, Copy)]
struct Decided<'t> {
    node: &'t Node,
    id: TermId,
    is_true: bool,
}

impl<'t> Linter<'_, 't> {
    /// Looks at a node that is evaluated where `facts` are known, and returns whether something was found in it.
    fn walk(&mut self, node: &'t Node, facts: &Facts) -> bool {
        let before = self.findings.len();
        with_stack(|| self.walk_node(node, facts));
        let found = self.findings.len() > before;
        if !found && is_condition(node) {
            self.constant(node);
        }
        self.findings.len() > before
    }

    /// Looks at a node, whatever is found in it.
    fn visit(&mut self, node: &'t Node, facts: &Facts) {
        let _ = self.walk(node, facts);
    }

    fn walk_node(&mut self, node: &'t Node, facts: &Facts) {
        match &node.kind {
            // A formula that reads no row is a calculation.
            NodeKind::And(_) | NodeKind::Or(_) if self.values.tree.inputs.is_empty() => {}
            NodeKind::And(arms) => self.arms(arms, true, facts),
            NodeKind::Or(arms) => self.arms(arms, false, facts),
            NodeKind::Choose { branches, otherwise, or_not_available } => {
                self.choose(node, branches, otherwise.as_deref(), *or_not_available, facts);
            }
            NodeKind::Switch { value, cases, otherwise } => {
                self.switch(node, value, cases, otherwise.as_deref(), facts);
            }
            NodeKind::Coalesce(arms) => self.coalesce(arms, facts),
            NodeKind::Rescue { value, fallback, .. } => self.rescue(node, value, fallback, facts),
            NodeKind::Bucket { value, steps, otherwise } => {
                self.visit(value, facts);
                steps.iter().for_each(|step| self.visit(&step.result, facts));
                otherwise.iter().for_each(|arm| self.visit(&arm.node, facts));
                self.bucket_gap(node, value, steps, otherwise.is_some());
                self.equal_results(steps.iter().map(|step| &step.result), otherwise.as_deref());
            }
            NodeKind::Sum(addends) => {
                addends.iter().for_each(|addend| self.visit(&addend.node, facts));
                self.repeated_addends(addends);
            }
            _ => {
                let rescued = usize::from(sees_errors(node));
                self.rescued += rescued;
                node.children().into_iter().for_each(|child| self.visit(child, facts));
                self.rescued -= rescued;
                self.closed_sets(node);
                self.repeated_arguments(node);
            }
        }
    }

    /// A condition that has the same result in every row.
    fn constant(&mut self, node: &'t Node) {
        let id = self.values.terms.id(node);
        if is_written_truth(node) {
            return;
        }
        let truth = self.values.truth(id, &Facts::default());
        if self.rescued > 0 && truth.has(Flags::ERRORS) {
            return;
        }
        // What is compared with a list can be one, although few rows have lists.
        let truth = if compares_list(node) { self.any.truth(id, &Facts::default()) } else { truth };
        let result = match (truth.has(Flags::TRUE), truth.has(Flags::FALSE)) {
            (true, false) => "TRUE",
            (false, true) => "FALSE",
            _ => return,
        };
        let (why, help) = wording::why_constant(self.values, node, result == "TRUE");
        let help = help.or_else(|| wording::with_bounds_in_order(self.values, node));
        self.findings.push(ValueLint::ConstantCondition { result, at: node.span, why, help }.into());
    }

    /// The same argument twice where once is enough: `CONTAINS(Job Title, "VP", "Head", "VP")`, `MAX(a, b, a)`.
    fn repeated_arguments(&mut self, node: &'t Node) {
        let NodeKind::Call(builtin, args) = &node.kind else { return };
        let is_needle = |index: usize| {
            builtin
                .param_of(index, args.len())
                .is_some_and(|param| matches!(param.role, Role::Needle | Role::LooseNeedle))
        };
        let is_search = builtin.returns.ty == Type::Boolean;
        let what = if is_search { "text" } else { "value" };
        let counts_once = matches!(builtin.name, "MAX" | "MIN");
        let own = args.iter().enumerate().filter(|(index, arg)| {
            let is_constant = matches!(arg.kind, NodeKind::Constant(_));
            if is_search { is_needle(*index) && is_constant } else { counts_once && !is_constant }
        });
        let own: Vec<&'t Node> = own.map(|(_, arg)| arg).collect();
        self.repeated(what, &own, is_search && builtin.name != "CONTAINS");
    }

    /// Nodes that are the same term; texts as well that differ only in their letter case, where that plays no role.
    pub(super) fn repeated(&mut self, what: &'static str, nodes: &[&'t Node], folds: bool) {
        let key = |node: &Node| match &node.kind {
            NodeKind::Constant(Value::Text(text)) if folds => text.to_lowercase(),
            _ => format!("{:?}", self.values.terms.id(node)),
        };
        let mut seen = std::collections::HashMap::new();
        let repeated: Vec<(Span, Span)> =
            nodes.iter().filter_map(|node| Some((seen.insert(key(node), node.span)?, node.span))).collect();
        for (first, second) in repeated {
            let help = "remove one of them, or change the one that was copied".to_owned();
            self.findings.push(ValueLint::DuplicateCondition { what, first, second, help }.into());
        }
    }

    /// Terms of one sum that are the same choice, so that it counts twice.
    fn repeated_addends(&mut self, addends: &'t [crate::check::Addend]) {
        let mut conditions = std::collections::HashMap::new();
        for condition in addends.iter().filter_map(|addend| condition_of_points(&addend.node)) {
            let id = self.values.terms.id(condition);
            if let Some(first) = conditions.insert(id, condition.span) {
                let help =
                    "add up their points in one pair, or change the condition that was copied".to_owned();
                let second = condition.span;
                self.findings
                    .push(ValueLint::DuplicateCondition { what: "condition", first, second, help }.into());
                return;
            }
        }
        let mut seen = std::collections::HashMap::new();
        for addend in addends.iter().filter(|addend| decides(&addend.node)) {
            let id = self.values.terms.id(&addend.node);
            let place = wording::whole_addend(&addend.node);
            if let Some(first) = seen.insert((id, addend.sign as u8), place) {
                let help = "remove one of them, or change the condition that was copied".to_owned();
                self.findings
                    .push(ValueLint::DuplicateCondition { what: "term", first, second: place, help }.into());
            }
        }
    }
}

/// The condition of a pair of POINTS.
fn condition_of_points(node: &Node) -> Option<&Node> {
    let NodeKind::AsNumber(choice) = &node.kind else { return None };
    match &choice.kind {
        NodeKind::Choose { branches, .. } => branches.first().map(|branch| &branch.condition),
        _ => None,
    }
}

/// Whether a node can only be TRUE, FALSE or an error.
fn is_condition(node: &Node) -> bool {
    node.ty == Type::Boolean
        && !matches!(node.kind, NodeKind::Input(_) | NodeKind::Column(_) | NodeKind::Local(_))
}

/// Whether a node is a call such as `ISERROR(1 / Visits)`, whose argument may well be an error.
fn sees_errors(node: &Node) -> bool {
    matches!(&node.kind, NodeKind::Call(builtin, _) if matches!(builtin.run, Run::SeesErrors(_)))
}

fn compares_list(node: &Node) -> bool {
    matches!(&node.kind, NodeKind::Compare(_, sides) if sides.0.ty == Type::List || sides.1.ty == Type::List)
}

/// `TRUE` or `FALSE`, as it is written.
fn is_written_truth(node: &Node) -> bool {
    matches!(node.kind, NodeKind::Constant(Value::Boolean(_)))
}

/// Whether a term of a sum is a choice, rather than a column or a number that can well be added twice.
fn decides(node: &Node) -> bool {
    match &node.kind {
        NodeKind::Choose { .. } | NodeKind::Switch { .. } | NodeKind::Bucket { .. } => true,
        NodeKind::AsNumber(inner) => decides(inner),
        _ => is_condition(node),
    }
}
