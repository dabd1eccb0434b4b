//! What an empty column of the row earns, compared with what other values of it can earn.

use super::conditions::wording::{one_line, whole_line};
use super::facts::Facts;
use super::possible::{Flags, Interval, Possible};
use super::terms::TermId;
use super::transfer;
use super::values::{Rows, Values};
use crate::builtins::{Builtin, Role};
use crate::check::{Addend, Column, Node, NodeKind};
use crate::diagnostics::{Diagnostic, ValueLint};
use crate::span::Span;
use crate::syntax::ast::Sign;
use crate::syntax::print_number;
use crate::types::Type;
use crate::value::{Value, read_boolean_word};
use std::collections::{HashMap, HashSet};

/// Columns that read more inputs than this are not looked at.
const MOST_INPUTS: usize = 200;

/// What a part of a score is with and without a value.
#[derive(Clone, Debug)]
pub struct Earning {
    /// The column of the row, as the formula writes it.
    pub input: String,
    /// The same as a term.
    pub subject: TermId,
    /// The part of the formula that depends on it.
    pub at: Span,
    /// The lowest and highest result if it is empty.
    pub blank: Interval,
    /// The lowest and highest result for other values.
    pub filled: Interval,
    /// For points of POINTS: their condition.
    condition: Option<Condition>,
    /// Whether the formula reads it as a number or date, or a choice by it earns points when it is empty, without what
    /// is added to the choice.
    is_counted: bool,
    /// Whether it is a term of a sum.
    is_added: bool,
    /// Whether the formula asks whether it is empty.
    is_tested: bool,
}

/// The condition of some points.
#[derive(Clone, Copy, Debug)]
struct Condition {
    at: Span,
    /// Whether it needs parentheses beside AND.
    is_or: bool,
}

impl Earning {
    /// Whether an empty value earns points, and no other value earns more, but some earn less. A choice between codes
    /// such as 1 and 2 earns nothing unless it is added to something.
    #[must_use]
    pub fn earns_most(&self) -> bool {
        let is_points = self.filled.low <= 0.0 || self.is_added;
        is_points
            && self.blank.low > 0.0
            && self.blank.low >= self.filled.high
            && self.filled.low < self.blank.low
    }
}

/// What each column of the row earns in the formula of a column; nothing for formulas that give no numbers.
#[must_use]
pub fn earnings(values: &Values<'_>, column: &Column) -> Vec<Earning> {
    let own = values.terms.id(&column.node);
    let others = values.tree.columns.iter().map(|other| values.terms.id(&other.node));
    let columns = others.filter(|other| *other != own).collect();
    let mut parts = Parts { values, columns, locals: HashMap::new(), is_added: false, found: Vec::new() };
    parts.of(&column.node);
    parts.found
}

/// Adds a finding for each empty value that earns the most.
pub(super) fn lint(values: &Values<'_>, findings: &mut Vec<Diagnostic>) {
    for column in &values.tree.columns {
        // TRUE and FALSE are no points.
        if column.node.ty == Type::Boolean {
            continue;
        }
        let mut earnings = earnings(values, column);
        earnings.retain(|one| one.earns_most() && one.is_counted && !one.is_tested);
        // Of parts within each other, the outermost says it all.
        let is_within = |one: &Earning, other: &Earning| {
            one.input == other.input
                && one.at != other.at
                && other.at.start <= one.at.start
                && one.at.end <= other.at.end
        };
        let outermost = earnings.iter().filter(|one| !earnings.iter().any(|other| is_within(one, other)));
        findings.extend(outermost.map(|earning| Diagnostic::from(finding(values, column, earning))));
    }
}

fn finding(values: &Values<'_>, column: &Column, earning: &Earning) -> ValueLint {
    let number =
        |points: f64| format!("{} point{}", print_number(points), if points == 1.0 { "" } else { "s" });
    let (low, high) = (earning.filled.low, earning.filled.high);
    let range = if low.is_finite() && low < high {
        format!("{} to {}", print_number(low), print_number(high))
    } else {
        format!("at most {}", print_number(high))
    };
    let input = &earning.input;
    let text = values.tree.source.text();
    let help = match (earning.condition, whole_line(text, earning.at)) {
        (Some(condition), _) => {
            let written = one_line(text, condition.at);
            let written = if condition.is_or { format!("({written})") } else { written };
            format!("require a value: `ISNOTEMPTY({input}) AND {written}`")
        }
        (None, Some(formula)) => {
            let own = print_number(lowest(column, earning.at));
            format!("give an empty value its own result: `IF(ISEMPTY({input}), {own}, {formula})`")
        }
        (None, None) => {
            format!("give an empty value its own result, with `ISEMPTY({input})` as the condition")
        }
    };
    ValueLint::BlankEarnsMost {
        input: earning.input.clone(),
        points: number(earning.blank.low),
        at: earning.at,
        range,
        help,
    }
}

/// The result of a part of a column's formula that is closest to no points: 0, unless it is the whole formula and 0 is
/// outside the column's range.
fn lowest(column: &Column, at: Span) -> f64 {
    match column.contract {
        Some(range) if at == column.node.span && !range.contains(0.0) => range.low,
        _ => 0.0,
    }
}

/// The search for the parts of a formula that depend on one column of the row each.
struct Parts<'p, 't> {
    values: &'p Values<'t>,
    /// The formulas of the other columns.
    columns: HashSet<TermId>,
    /// The values of the LET names in scope, by their slots.
    locals: HashMap<u32, &'t Node>,
    /// Whether what is looked at is a term of a sum.
    is_added: bool,
    found: Vec<Earning>,
}

impl<'t> Parts<'_, 't> {
    fn of(&mut self, node: &'t Node) {
        match &node.kind {
            NodeKind::Let { bindings, body } => {
                for (local, arm) in bindings {
                    self.locals.insert(local.0, &arm.node);
                }
                self.of(body);
            }
            NodeKind::Local(local) => {
                if let Some(value) = self.locals.get(&local.0).copied() {
                    self.of(value);
                }
            }
            // What is added to a date is a time, and no points.
            NodeKind::Sum(addends) if addends.iter().any(|addend| addend.node.ty == Type::Date) => {}
            NodeKind::Sum(addends) => self.of_sum(node, addends),
            NodeKind::Call(_, args) if args.iter().any(is_sum) && node.ty != Type::Text => {
                args.iter().for_each(|arg| self.of(arg));
                self.of_all(&[(Sign::Plus, node)], &[], node.span);
            }
            _ => self.of_all(&[(Sign::Plus, node)], &[], node.span),
        }
    }

    /// Each column of the row, with the terms that read it and the terms that read none.
    fn of_sum(&mut self, node: &'t Node, addends: &'t [Addend]) {
        let outer = std::mem::replace(&mut self.is_added, addends.len() > 1);
        self.of_addends(node, addends);
        self.is_added = outer;
    }

    fn of_addends(&mut self, node: &'t Node, addends: &'t [Addend]) {
        let reads = |addend: &Addend| self.values.terms.get(self.values.terms.id(&addend.node)).inputs;
        let constants: Vec<(Sign, &Node)> = addends
            .iter()
            .filter(|addend| reads(addend) == 0)
            .map(|addend| (addend.sign, &addend.node))
            .collect();
        let open: Vec<&Addend> = addends.iter().filter(|addend| reads(addend) != 0).collect();
        for (index, addend) in open.iter().enumerate() {
            let shared =
                open.iter().enumerate().any(|(other, one)| other != index && reads(one) & reads(addend) != 0);
            if shared {
                continue;
            }
            if constants.is_empty() && addend.sign == Sign::Plus {
                self.of(&addend.node);
            } else {
                let at = if open.len() == 1 { node.span } else { addend.node.span };
                self.of_all(&[(addend.sign, &addend.node)], &constants, at);
            }
        }
    }

    fn of_all(&mut self, terms: &[(Sign, &'t Node)], constants: &[(Sign, &'t Node)], at: Span) {
        let ids: Vec<TermId> = terms.iter().map(|(_, node)| self.values.terms.id(node)).collect();
        let (mut seen, mut subjects) = (HashSet::new(), Vec::new());
        ids.iter().for_each(|id| self.subjects(*id, &mut seen, &mut subjects));
        if subjects.len() > MOST_INPUTS {
            return;
        }
        let condition = match terms {
            [(_, node)] => condition_of_points(node),
            _ => None,
        };
        let at = condition.map_or(at, |condition| condition.at);
        for subject in subjects {
            let base = self.values.of(subject, &Facts::default());
            let blank = self.values.record(subject, Possible::flags(Flags::BLANK), &Facts::default());
            let is_chosen = blank.as_ref().is_some_and(|facts| self.is_chosen(terms, facts))
                && !ids.iter().any(|id| self.is_flag(*id, subject) || self.is_searched(*id, subject));
            let with = |part: Possible| {
                let facts = self.values.record(subject, part, &Facts::default())?;
                self.total(terms, constants, &facts)
            };
            let filled: Vec<Possible> = filled(&base).into_iter().filter_map(with).collect();
            let blank = blank.and_then(|facts| self.total(terms, constants, &facts));
            let Some(blank) = blank.filter(is_number).and_then(|sum| sum.numbers.hull()) else { continue };
            // Of any rows, all results have to be known; usual rows have numbers where numbers are meant.
            if self.values.rows == Rows::Any && !filled.iter().all(is_number) {
                continue;
            }
            let hulls = filled.iter().filter(|sum| is_number(sum)).filter_map(|sum| sum.numbers.hull());
            let Some(filled) = hulls.reduce(around) else { continue };
            let Some(node) = self.values.terms.get(subject).node else { continue };
            let input = one_line(self.values.tree.source.text(), node.span);
            let is_number = ids.iter().any(|id| self.reads_as_number(*id, subject));
            let is_tested = ids.iter().any(|id| self.tests_emptiness(*id, subject));
            let is_added = self.is_added;
            self.found.push(Earning {
                input,
                subject,
                at,
                blank,
                filled,
                condition,
                is_counted: is_number || is_chosen,
                is_added,
                is_tested,
            });
        }
    }

    /// Whether these terms are one choice, such as `IF(Country <> "US", 10, 0)`, that earns points for these rows.
    /// A penalty, `IF(Industry = "Gambling", -10, 0)`, earns none.
    fn is_chosen(&self, terms: &[(Sign, &'t Node)], facts: &Facts) -> bool {
        let [(_, node)] = terms else { return false };
        let node = self.values.terms.get(self.values.terms.id(node)).node;
        let is_choice = node.is_some_and(|node| match &node.kind {
            NodeKind::AsNumber(points) => points.kind.is_choice(),
            kind => kind.is_choice(),
        });
        let total = || self.total(terms, &[], facts).filter(is_number).and_then(|sum| sum.numbers.hull());
        is_choice && total().is_some_and(|total| total.low > 0.0)
    }

    /// Whether a term takes the subject for TRUE or FALSE, as in `IF(Unsubscribed, 0, 10)` and
    /// `IF(Unsubscribed = "Yes", 0, 10)`: a flag that is not set means no.
    fn is_flag(&self, id: TermId, subject: TermId) -> bool {
        let is_truth = |node: &&Node| is_truth(node);
        self.any_part(id, &mut HashSet::new(), &|node, children| match &node.kind {
            NodeKind::Choose { branches, .. } => {
                branches.iter().any(|branch| self.values.terms.id(&branch.condition) == subject)
            }
            NodeKind::Not(_) | NodeKind::And(_) | NodeKind::Or(_) => children.contains(&subject),
            NodeKind::Compare(..) => children.contains(&subject) && node.children().iter().any(is_truth),
            NodeKind::InArms { arms, .. } => {
                children.first() == Some(&subject) && arms.iter().all(|arm| is_truth(&&arm.node))
            }
            NodeKind::Switch { cases, .. } => {
                children.first() == Some(&subject) && cases.iter().all(|case| is_truth(&&case.case))
            }
            _ => false,
        })
    }

    /// Whether a term only searches the subject, as in `NOT CONTAINS(Notes, "spam")`: nothing is found in an empty text,
    /// which is no choice among values.
    fn is_searched(&self, id: TermId, subject: TermId) -> bool {
        let is_needle = |builtin: &Builtin, index: usize, count: usize| {
            let role = builtin.param_of(index, count).map(|param| param.role);
            matches!(role, Some(Role::Needle | Role::LooseNeedle | Role::Pattern))
        };
        let searches = |node: &Node| match &node.kind {
            NodeKind::Call(builtin, args) => {
                (1..args.len()).any(|index| is_needle(builtin, index, args.len()))
            }
            _ => false,
        };
        let any = |wanted: bool| {
            self.any_part(id, &mut HashSet::new(), &|node, children| {
                children.contains(&subject) && searches(node) == wanted
            })
        };
        any(true) && !any(false)
    }

    /// What the sum of these terms can be.
    fn total(
        &self,
        terms: &[(Sign, &'t Node)],
        constants: &[(Sign, &'t Node)],
        facts: &Facts,
    ) -> Option<Possible> {
        if let ([(Sign::Plus, node)], []) = (terms, constants) {
            return Some((*self.values.of(self.values.terms.id(node), facts)).clone());
        }
        let mut sum: Option<Possible> = None;
        for (sign, node) in constants.iter().chain(terms) {
            let value = self.values.of(self.values.terms.id(node), facts);
            let minus = *sign == Sign::Minus;
            let before = sum.unwrap_or_else(|| Possible::numbers(super::possible::Intervals::point(0.0)));
            sum = Some(transfer::plus(&before, &value, minus));
        }
        sum
    }

    /// The columns of the row, and places within them, that a term reads; other computed columns are looked at by
    /// themselves.
    fn subjects(&self, id: TermId, seen: &mut HashSet<TermId>, found: &mut Vec<TermId>) {
        let term = self.values.terms.get(id);
        if term.inputs == 0 || !seen.insert(id) {
            return;
        }
        match term.node.map(|node| &node.kind) {
            // What an input computes from is looked at instead of the input.
            Some(NodeKind::Input(_)) if term.children.is_empty() => found.push(id),
            Some(NodeKind::Access { .. }) => found.push(id),
            Some(NodeKind::Each { .. } | NodeKind::Reduce { .. }) | None => {}
            _ if self.columns.contains(&id) => {}
            _ => term.children.iter().for_each(|child| self.subjects(*child, seen, found)),
        }
    }

    /// Whether a term has a part for which `test` is true of the node and of the terms below it.
    fn any_part(
        &self,
        id: TermId,
        seen: &mut HashSet<TermId>,
        test: &dyn Fn(&Node, &[TermId]) -> bool,
    ) -> bool {
        let term = self.values.terms.get(id);
        if term.inputs == 0 || !seen.insert(id) {
            return false;
        }
        term.node.is_some_and(|node| test(node, &term.children))
            || term.children.iter().any(|child| self.any_part(*child, seen, test))
    }

    /// Whether a term computes with the subject, or orders it.
    fn reads_as_number(&self, id: TermId, subject: TermId) -> bool {
        self.any_part(id, &mut HashSet::new(), &|node, children| match &node.kind {
            NodeKind::Compare(op, _) => op.is_ordering() && children.contains(&subject),
            NodeKind::Call(builtin, _) => children.iter().enumerate().any(|(index, arg)| {
                let param = builtin.param_of(index, children.len());
                let takes_numbers = param.is_some_and(|param| {
                    matches!(param.ty, Type::Number | Type::Date)
                        || (param.ty == Type::Any && builtin.returns.ty == Type::Number)
                        || matches!(builtin.name, "MIN" | "MAX")
                });
                takes_numbers && *arg == subject
            }),
            NodeKind::Sum(_)
            | NodeKind::Product(_)
            | NodeKind::Power(_)
            | NodeKind::Negate(_)
            | NodeKind::Percent(_)
            | NodeKind::Bucket { .. } => children.contains(&subject),
            _ => false,
        })
    }

    /// Whether a term asks whether the subject is empty, or says what counts in its place.
    fn tests_emptiness(&self, id: TermId, subject: TermId) -> bool {
        let is_empty_text = |id: &TermId| {
            let exact = self.values.of(*id, &Facts::default()).as_exact();
            exact.is_some_and(|value| crate::value::is_empty(&value))
        };
        self.any_part(id, &mut HashSet::new(), &|node, children| match &node.kind {
            NodeKind::Call(builtin, _) => {
                let asks = ["ISEMPTY", "ISNOTEMPTY", "ISBLANK", "ISNUMBER", "ISDATE", "COUNTA", "LEN"];
                asks.contains(&builtin.name) && children.contains(&subject)
            }
            NodeKind::Coalesce(_) => children.contains(&subject),
            NodeKind::Compare(..) => children.contains(&subject) && children.iter().any(is_empty_text),
            _ => false,
        })
    }
}

/// Whether a node is TRUE or FALSE, or a text that spells one of them.
fn is_truth(node: &Node) -> bool {
    match &node.kind {
        NodeKind::Constant(Value::Boolean(_)) => true,
        NodeKind::Constant(Value::Text(text)) => {
            read_boolean_word(text).is_some() || text.trim().eq_ignore_ascii_case("x")
        }
        _ => false,
    }
}

/// The condition of `POINTS(condition, points)`, if the node is the points.
fn condition_of_points(node: &Node) -> Option<Condition> {
    let NodeKind::AsNumber(points) = &node.kind else { return None };
    let NodeKind::Choose { branches, .. } = &points.kind else { return None };
    let condition = &branches.first()?.condition;
    Some(Condition { at: condition.span, is_or: matches!(condition.kind, NodeKind::Or(_)) })
}

/// The values that are not empty, by kind: text that is neither a number nor a date would only blur what those earn.
fn filled(base: &Possible) -> Vec<Possible> {
    let numbers = Possible {
        numbers: base.numbers.clone(),
        number_texts: base.number_texts.clone(),
        ..Possible::none()
    };
    let dates =
        Possible { dates: base.dates.clone(), date_texts: base.date_texts.clone(), ..Possible::none() };
    let others = Possible { words: base.words.clone(), ..Possible::flags(base.flags & !Flags::EMPTY) };
    vec![numbers, dates, others]
}

/// Whether values are numbers, Blank and errors, and nothing else.
fn is_number(values: &Possible) -> bool {
    values.clone().without(Flags::ERRORS | Flags::BLANK) == Possible::numbers(values.numbers.clone())
}

/// The smallest interval around both.
fn around(one: Interval, two: Interval) -> Interval {
    Interval::closed(one.low.min(two.low), one.high.max(two.high))
}

fn is_sum(node: &Node) -> bool {
    matches!(node.kind, NodeKind::Sum(_))
}
