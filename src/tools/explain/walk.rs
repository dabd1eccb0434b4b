//! Goes down a formula along what decided its value, and splits sums into what they are made of.

use super::{FoundRow, Part, Reason, one_line, points_of};
use crate::builtins::Builtin;
use crate::check::{Addend, Checked, ColumnId, LocalId, Node, NodeKind};
use crate::eval::{Evaluation, Observer};
use crate::rules::Rules;
use crate::span::Span;
use crate::syntax::ast::{Factor, Sign};
use crate::tools::walk::within;
use crate::value::Value;
use std::collections::HashMap;

/// More parts than this are not told apart: names that use names twice could make any number.
pub const MOST_PARTS: usize = 10_000;
/// The same where only points are asked for, of each row of a file.
const MOST_PARTS_OF_ROWS: usize = 2_000;
/// More nodes than this are not looked at to find a sum.
const MOST_STEPS: usize = 500;

/// One explanation being made.
pub(super) struct Walk<'e, 'v> {
    rules: &'v Rules,
    evaluation: &'e mut Evaluation<'v>,
    inputs: &'e [Value<'v>],
    column: ColumnId,
    /// The formulas of the `LET` names in scope.
    bindings: HashMap<LocalId, &'v Node>,
    room: usize,
    /// How many levels of sums are still split; what decided is only told where all are.
    levels: usize,
}

impl<'e, 'v> Walk<'e, 'v> {
    pub(super) fn new(rules: &'v Rules, evaluation: &'e mut Evaluation<'v>, inputs: &'e [Value<'v>]) -> Self {
        let bindings = HashMap::new();
        let (room, levels) = (MOST_PARTS, usize::MAX);
        Self { rules, evaluation, inputs, column: ColumnId(0), bindings, room, levels }
    }

    /// Splits the outermost sum only, and gives no reasons.
    pub(super) fn only_points(self) -> Self {
        Self { levels: 1, room: MOST_PARTS_OF_ROWS, ..self }
    }

    /// Whether points are all that is asked for.
    pub(super) fn is_quiet(&self) -> bool {
        self.levels <= 1
    }

    /// The text of a piece of formula, if anyone will read it.
    pub(super) fn text(&self, node: &Node) -> String {
        if self.is_quiet() { String::new() } else { one_line(self.source(), node.span) }
    }

    /// Explains a whole column.
    pub(super) fn column(&mut self, id: ColumnId) -> Part<'v> {
        self.column = id;
        let column = self.tree().column(id);
        let value = self.evaluation.values()[id.0 as usize].clone();
        let mut part = self.rules.on_own_stack(|| self.part(&column.node, value, 1.0));
        // Only within a sum does a text of digits, or nothing at all, count as points.
        part.points = part.points.filter(|_| matches!(part.value, Value::Number(_)));
        part.label.clone_from(&column.name);
        part.is_named = true;
        part.span = column.span;
        part
    }

    pub(super) fn tree(&self) -> &'v Checked {
        self.rules.tree()
    }

    pub(super) fn source(&self) -> &'v str {
        self.rules.tree().source.text()
    }

    pub(super) fn binding(&self, id: LocalId) -> Option<&'v Node> {
        self.bindings.get(&id).copied()
    }

    pub(super) fn eval(&mut self, node: &'v Node) -> Value<'v> {
        self.evaluation.node(node, self.column, self.inputs)
    }

    /// The values of the `LET` names, by their slots.
    pub(super) fn locals(&mut self) -> &mut [Value<'v>] {
        self.evaluation.locals()
    }

    pub(super) fn eval_observed<O: Observer>(&mut self, node: &'v Node, observer: &mut O) -> Value<'v> {
        self.evaluation.node_observed(node, self.column, self.inputs, observer)
    }

    /// Explains `node`, whose value is known; `scale` is what one of its points adds at the top.
    pub(super) fn part(&mut self, node: &'v Node, value: Value<'v>, scale: f64) -> Part<'v> {
        let mut part = Part {
            label: self.text(telling(node)),
            is_named: false,
            span: telling(node).span,
            points: points_of(&value).map(|points| scale * points),
            value,
            because: Vec::new(),
            parts: Vec::new(),
            is_unsplit: false,
            place: None,
            from: None,
            asks: if self.is_quiet() { first_asked(node) } else { None },
        };
        // Names that are bound on the way down are forgotten on the way up, since their slots are used again.
        let outside = (self.column, self.bindings.clone(), self.evaluation.locals().to_vec());
        let last = self.fill(node, scale, &mut part);
        let is_told = self.is_quiet() || !part.because.is_empty() || !part.parts.is_empty();
        if !is_told && !matches!(last.kind, NodeKind::Constant(_)) {
            part.from = Some(self.condition(last));
        } else if !part.because.is_empty() && part.parts.is_empty() && self.lookup_in(last).is_some() {
            // The chosen result is that of a lookup: which row has it is the rest of the reason.
            let result = self.condition(last);
            let shown = |row: &FoundRow| {
                part.because.iter().flat_map(|one| &one.held).any(|held| held.rows.contains(row))
            };
            if !result.rows.iter().all(shown) {
                part.because.push(Reason { held: vec![result], ..Reason::default() });
            }
        }
        self.column = outside.0;
        self.bindings = outside.1;
        self.evaluation.locals().clone_from_slice(&outside.2);
        part
    }

    /// Follows `node` down to where its value was decided, or to a sum, and gives the last node on the way.
    fn fill(&mut self, mut node: &'v Node, mut scale: f64, part: &mut Part<'v>) -> &'v Node {
        // What failed so far in a chain of `IF … else IF …`, which reads as one choice.
        let mut failed = Vec::new();
        loop {
            // A part that is not split any more still has its name.
            let names = matches!(node.kind, NodeKind::Local(_) | NodeKind::Column(_));
            if self.levels == 0 && (part.is_named || !names) {
                return node;
            }
            let (mut reason, next) = match &node.kind {
                NodeKind::Let { .. } | NodeKind::Local(_) | NodeKind::Column(_) => {
                    let Some(formula) = self.named(node) else { return node };
                    match &node.kind {
                        NodeKind::Local(_) => name(part, node.span.of(self.source()), formula.span),
                        NodeKind::Column(id) => {
                            let column = self.tree().column(*id);
                            name(part, &column.name, column.span);
                        }
                        _ if node.is_own_call() => {
                            name(part, &one_line(self.source(), node.span), node.span);
                            if part.place.is_none() {
                                part.place = self.place_in_function(formula.span);
                            }
                        }
                        _ => {}
                    }
                    node = formula;
                    continue;
                }
                NodeKind::AsNumber(inner) => {
                    node = inner;
                    continue;
                }
                NodeKind::Negate(inner) => {
                    scale = -scale;
                    node = inner;
                    continue;
                }
                NodeKind::Percent(inner) => {
                    scale *= 0.01;
                    node = inner;
                    continue;
                }
                NodeKind::Rescue { value, .. } if !self.is_replaced(node, &value.node) => {
                    node = &value.node;
                    continue;
                }
                NodeKind::Product(factors) => {
                    let Some((factor, inner)) = self.scaled(factors) else { return node };
                    scale *= factor;
                    node = inner;
                    continue;
                }
                NodeKind::Access { base, steps } => {
                    let Some((reasons, member)) = self.member_read(base, steps) else { return node };
                    part.because.extend(reasons);
                    node = member;
                    continue;
                }
                NodeKind::Sum(addends) => {
                    self.addends(addends, scale, part);
                    return node;
                }
                NodeKind::Call(builtin, args) if self.extreme(builtin, args).is_some() => {
                    let Some((reason, arg)) = self.extreme(builtin, args) else { return node };
                    let place = self.place_in_function(node.span);
                    part.because.push(Reason { place, ..reason });
                    node = arg;
                    continue;
                }
                NodeKind::Call(builtin, args) if !matches!(part.value, Value::Boolean(_)) => {
                    self.call(node, (builtin, args), scale, part);
                    return node;
                }
                _ => match self.decided(node) {
                    Some(decided) => decided,
                    None => return node,
                },
            };
            let is_otherwise = reason.held.is_empty();
            failed.append(&mut reason.failed);
            let goes_on = is_otherwise && next.is_some_and(chooses);
            if !goes_on {
                let at = reason.held.first().map_or(next.unwrap_or(node).span, |held| held.span);
                let (failed, place) = (std::mem::take(&mut failed), self.place_in_function(at));
                part.because.push(Reason { failed, place, ..reason });
            }
            let Some(next) = next else { return node };
            node = next;
        }
    }

    /// What a name stands for, or the result of a LET, with its names bound.
    pub(super) fn named(&mut self, node: &'v Node) -> Option<&'v Node> {
        match &node.kind {
            NodeKind::Let { bindings, body } => {
                for (local, arm) in bindings {
                    let value = self.eval(&arm.node);
                    self.evaluation.locals()[local.0 as usize] = value;
                    self.bindings.insert(*local, &arm.node);
                }
                Some(body)
            }
            NodeKind::Local(id) => {
                let binding = self.binding(*id)?;
                // Its formula knows the names before it and no others.
                self.bindings.retain(|known, _| known.0 < id.0);
                Some(binding)
            }
            NodeKind::Column(id) => {
                self.column = *id;
                self.bindings.clear();
                Some(&self.tree().column(*id).node)
            }
            _ => None,
        }
    }

    /// Whether the value of IFERROR or IFNA is that of its fallback.
    fn is_replaced(&mut self, rescue: &'v Node, value: &'v Node) -> bool {
        let tried = self.eval(value);
        tried.as_error().is_some_and(|error| self.eval(rescue).as_error() != Some(error))
    }

    /// Splits a sum of numbers; sums of dates stay whole.
    fn addends(&mut self, addends: &'v [Addend], scale: f64, part: &mut Part<'v>) {
        let values: Vec<Value<'v>> = addends.iter().map(|addend| as_term(self.eval(&addend.node))).collect();
        if points_of(&part.value).is_none() || values.iter().any(|value| points_of(value).is_none()) {
            return;
        }
        let signs = addends.iter().map(|addend| if addend.sign == Sign::Minus { -scale } else { scale });
        let nodes = addends.iter().map(|addend| &addend.node);
        let terms = nodes.zip(values).zip(signs).map(|((node, value), scale)| (node, value, scale));
        self.split(terms.collect(), part);
    }

    pub(super) fn split(&mut self, terms: Vec<(&'v Node, Value<'v>, f64)>, part: &mut Part<'v>) {
        if terms.len() > self.room {
            part.is_unsplit = true;
            return;
        }
        self.room -= terms.len();
        for (node, value, scale) in terms {
            // Where only points are asked for, a sum within a sum counts by its own terms.
            if let (true, NodeKind::Sum(addends)) = (self.is_quiet(), &node.kind) {
                let before = part.parts.len();
                self.addends(addends, scale, part);
                if part.parts.len() > before {
                    continue;
                }
            }
            self.levels -= 1;
            let inner = self.part(node, value, scale);
            self.levels += 1;
            part.parts.push(inner);
        }
    }

    /// SUM is a sum. Any other function of one sum is that sum and what the function makes of it.
    fn call(
        &mut self,
        node: &'v Node,
        (builtin, args): (&'static Builtin, &'v [Node]),
        scale: f64,
        part: &mut Part<'v>,
    ) {
        // What stands around the call on the way down, such as a sign, is in the scale.
        let Value::Number(whole) = self.eval(node) else { return };
        if builtin.name == "SUM" {
            return self.summed(args, scale, part);
        }
        let mut sums = args.iter().filter(|arg| self.adds(arg));
        let (Some(arg), None) = (sums.next(), sums.next()) else { return };
        let value = self.eval(arg);
        let Some(points) = points_of(&value).filter(|_| self.room > 1) else { return };
        let inner = self.part(arg, value, scale);
        if inner.parts.is_empty() {
            part.parts.push(inner);
        } else {
            part.parts.extend(inner.parts);
        }
        if whole != points {
            part.parts.push(Part {
                label: format!("{}(…)", builtin.name),
                is_named: false,
                span: arg.span,
                value: Value::Number(whole - points),
                points: Some(scale * (whole - points)),
                because: Vec::new(),
                parts: Vec::new(),
                is_unsplit: false,
                place: None,
                from: None,
                asks: None,
            });
        }
    }

    /// The value of the body of MAP for one item of its list.
    pub(super) fn value_of_item(&mut self, (local, item): (LocalId, Value<'v>), body: &'v Node) -> Value<'v> {
        self.evaluation.locals()[local.0 as usize] = item;
        self.eval(body)
    }

    /// Explains the body of MAP for one item of its list.
    pub(super) fn part_of_item(
        &mut self,
        (local, item): (LocalId, Value<'v>),
        body: &'v Node,
        value: Value<'v>,
        scale: f64,
    ) -> Part<'v> {
        self.evaluation.locals()[local.0 as usize] = item;
        self.part(body, value, scale)
    }

    /// Whether so many more parts can be told apart; they are counted then.
    pub(super) fn takes(&mut self, parts: usize) -> bool {
        let has_room = parts <= self.room;
        self.room -= if has_room { parts } else { 0 };
        has_room
    }

    /// Whether a node is a sum, by whatever name.
    pub(super) fn adds(&self, node: &'v Node) -> bool {
        self.adds_within(node, &mut { MOST_STEPS })
    }

    /// Looks no further than `steps`: names that use names twice lead to any number of nodes.
    fn adds_within(&self, mut node: &'v Node, steps: &mut usize) -> bool {
        loop {
            let Some(left) = steps.checked_sub(1) else { return false };
            *steps = left;
            node = match &node.kind {
                NodeKind::Sum(_) => return true,
                NodeKind::Local(id) => match self.binding(*id) {
                    Some(binding) => binding,
                    None => return false,
                },
                NodeKind::Column(id) => &self.tree().column(*id).node,
                NodeKind::Let { body: inner, .. }
                | NodeKind::AsNumber(inner)
                | NodeKind::Negate(inner)
                | NodeKind::Percent(inner) => inner,
                NodeKind::Product(factors) => {
                    return factors.iter().filter(|(_, node)| self.adds_within(node, steps)).count() == 1;
                }
                NodeKind::Call(builtin, args) => {
                    let sums = args.iter().filter(|arg| self.adds_within(arg, steps)).count();
                    return builtin.name == "SUM" || sums == 1;
                }
                _ => return false,
            };
        }
    }

    /// The one factor that is a sum or a choice, and what the others make of each of its points.
    fn scaled(&mut self, factors: &'v [(Factor, Node)]) -> Option<(f64, &'v Node)> {
        let is_constant = |node: &Node| matches!(node.kind, NodeKind::Constant(_));
        let mut open = factors.iter().filter(|(_, node)| self.adds(node));
        let one_sum = open.next().filter(|_| open.next().is_none());
        let mut varying = factors.iter().filter(|(_, node)| !is_constant(node));
        let one_varying = varying.next().filter(|_| varying.next().is_none());
        let (factor, chosen) = one_sum.or(one_varying)?;
        if *factor == Factor::Divide {
            return None;
        }
        let mut scale = 1.0;
        for (factor, node) in factors.iter().filter(|(_, node)| !std::ptr::eq(node, chosen)) {
            let number = points_of(&self.eval(node))?;
            match factor {
                Factor::Times => scale *= number,
                Factor::Divide => scale /= number,
            }
        }
        scale.is_finite().then_some((scale, chosen))
    }

    pub(super) fn clock(&self) -> &'v crate::value::Clock {
        self.evaluation.clock()
    }
}

/// A value as a term of a sum: a condition counts as 1 or 0.
pub(super) fn as_term(value: Value<'_>) -> Value<'_> {
    match value {
        Value::Boolean(held) => Value::Number(f64::from(u8::from(held))),
        other => other,
    }
}

/// The first name on the way down is what a part is called.
fn name(part: &mut Part<'_>, label: &str, span: Span) {
    if !part.is_named {
        label.clone_into(&mut part.label);
        part.is_named = true;
        part.span = span;
    }
}

/// The node whose text says what a term is about: of the points of POINTS their condition, else the term itself.
fn telling(node: &Node) -> &Node {
    let NodeKind::AsNumber(inner) = &node.kind else { return node };
    match &inner.kind {
        NodeKind::Choose { branches, .. } => branches.first().map_or(node, |branch| &branch.condition),
        _ => node,
    }
}

/// The first condition in a formula.
fn first_asked(node: &Node) -> Option<Span> {
    within(node).take(MOST_STEPS).find_map(|node| match &node.kind {
        NodeKind::Choose { branches, .. } => branches.first().map(|branch| branch.condition.span),
        _ => None,
    })
}

/// Whether a node chooses between results.
fn chooses(node: &Node) -> bool {
    matches!(
        node.kind,
        NodeKind::Choose { .. } | NodeKind::Switch { .. } | NodeKind::Bucket { .. } | NodeKind::Coalesce(_)
    )
}
