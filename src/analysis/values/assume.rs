//! What follows for the terms of a condition once its result is known.

use super::{Rows, Values};
use crate::analysis::facts::Facts;
use crate::analysis::possible::{Flags, Interval, Intervals, Possible, Words};
use crate::analysis::terms::TermId;
use crate::analysis::transfer::{self, ordered_as};
use crate::builtins::Builtin;
use crate::check::NodeKind;
use crate::syntax::ast::{CompareOp, Factor, Sign};
use crate::types::Type;
use crate::value::{Value, decimal_of};
use std::rc::Rc;

/// Of more arms than this, one of which decides, nothing is concluded.
const MOST_ALTERNATIVES: usize = 8;

impl Values<'_> {
    /// The facts once a condition is known to be TRUE or FALSE; nothing where it can't be.
    #[must_use]
    pub fn assume(&self, id: TermId, truth: bool, facts: &Facts) -> Option<Facts> {
        let values = self.of(id, facts);
        let can = transfer::truth(&values);
        let of_items = values.flags.has(Flags::ITEMS | Flags::NO_ITEMS);
        if !can.has(Flags::of(truth)) && !of_items {
            return None;
        }
        if can == Flags::of(truth) || !self.step() {
            return Some(facts.clone());
        }
        let facts = crate::analysis::terms::with_stack(|| self.assume_parts(id, truth, facts))?;
        let kept = if of_items { (*values).clone() } else { counting_as(&values, truth) };
        self.record(id, kept, &facts)
    }

    /// The facts once a term is known to have one of these values; nothing where it has none of them.
    #[must_use]
    pub fn assume_values(&self, id: TermId, values: &Possible, facts: &Facts) -> Option<Facts> {
        let own = self.of(id, facts);
        self.record(id, own.meet(values), facts)
    }

    /// The facts with the values that a term can still have; nothing where it has none.
    #[must_use]
    pub fn record(&self, id: TermId, values: Possible, facts: &Facts) -> Option<Facts> {
        if values.is_empty() {
            return None;
        }
        let term = self.terms.get(id);
        if matches!(term.node.map(|node| &node.kind), Some(NodeKind::Constant(_))) {
            return Some(facts.clone());
        }
        let facts = facts.with(id, values, term.inputs);
        let known = facts.get(id).map(Rc::clone);
        Some(known.map_or_else(|| facts.clone(), |values| self.propagate(id, &values, &facts)))
    }

    fn assume_parts(&self, id: TermId, truth: bool, facts: &Facts) -> Option<Facts> {
        let term = self.terms.get(id);
        let Some(node) = term.node else { return Some(facts.clone()) };
        let children = &term.children;
        match &node.kind {
            NodeKind::Not(_) => self.assume(children[0], !truth, facts),
            NodeKind::And(_) => self.assume_arms(children, true, truth, facts),
            NodeKind::Or(_) => self.assume_arms(children, false, truth, facts),
            NodeKind::Compare(op, _) => self.assume_comparison(id, *op, truth, facts),
            NodeKind::InArms { negated, .. } => {
                self.assume_among(children[0], &children[1..], truth != *negated, facts)
            }
            NodeKind::InList { negated, .. } => {
                let list = self.of(children[1], facts);
                match (list.as_exact(), truth != *negated) {
                    (Some(Value::List(items)), true) => {
                        let items = items.iter().map(|item| Possible::exactly(item, &self.clock));
                        let all = items.fold(Possible::none(), |all, item| all.join(&equals_of(&item)));
                        let needle = self.of(children[0], facts).meet(&all);
                        self.record(children[0], needle, facts)
                    }
                    _ => Some(facts.clone()),
                }
            }
            NodeKind::Call(builtin, _) => self.assume_call(builtin, children, truth, facts),
            _ => Some(facts.clone()),
        }
    }

    /// AND with `all` TRUE, OR with FALSE.
    fn assume_arms(&self, arms: &[TermId], all: bool, truth: bool, facts: &Facts) -> Option<Facts> {
        if truth == all {
            return arms.iter().try_fold(facts.clone(), |facts, arm| self.assume(*arm, all, &facts));
        }
        // One arm at least has the other result; if only one can have it, it is that one.
        let open: Vec<TermId> =
            arms.iter().copied().filter(|arm| self.arm_truth(*arm, facts) != Flags::of(all)).collect();
        match open.as_slice() {
            [] => None,
            [only] => self.assume(*only, !all, facts),
            open if open.len() <= MOST_ALTERNATIVES => self.assume_one_of(open, !all, facts),
            _ => Some(facts.clone()),
        }
    }

    /// What is known whichever of the arms is the first to have the result.
    fn assume_one_of(&self, arms: &[TermId], truth: bool, facts: &Facts) -> Option<Facts> {
        let mut before = facts.clone();
        let mut alternatives = Vec::new();
        for arm in arms {
            alternatives.extend(self.assume(*arm, truth, &before));
            match self.assume(*arm, !truth, &before) {
                Some(next) => before = next,
                None => break,
            }
        }
        Facts::known_in_all(&alternatives)
    }

    fn assume_comparison(&self, id: TermId, op: CompareOp, truth: bool, facts: &Facts) -> Option<Facts> {
        let term = self.terms.get(id);
        let (left, right) = (term.children[0], term.children[1]);
        let (one, two) = (self.of(left, facts), self.of(right, facts));
        let narrowed = |own: &Possible, other: &Possible, op: CompareOp| match op {
            CompareOp::Equal if truth => same(own, other),
            CompareOp::NotEqual if !truth => same(own, other),
            CompareOp::Equal | CompareOp::NotEqual => different(own, other),
            _ => ordered_as(op, own, other, truth),
        };
        let facts = self.record(left, narrowed(&one, &two, op), facts)?;
        let facts = self.record(right, narrowed(&two, &one, op.mirrored()), &facts)?;
        let Some(difference) = self.difference(id) else { return Some(facts) };
        let known = self.of(difference.term, &facts);
        let constant = Possible::exactly(&Value::Number(difference.constant), &self.clock);
        let op = if difference.negated { op.mirrored() } else { op };
        let mut rest = ordered_as(op, &known, &constant, truth);
        let is_computed = self.terms.get(difference.term).children.len() > 1;
        if is_computed && self.rows == Rows::Any {
            // The sides may have been rounded in another way than their difference is.
            rest.numbers = rest.numbers.map(|piece| widened(piece.low, piece.high)).meet(&known.numbers);
        }
        self.record(difference.term, rest, &facts)
    }

    fn assume_among(&self, needle: TermId, arms: &[TermId], found: bool, facts: &Facts) -> Option<Facts> {
        let values = self.of(needle, facts);
        let items: Vec<Rc<Possible>> = arms.iter().map(|arm| self.of(*arm, facts)).collect();
        let kept = if found {
            let all = items.iter().fold(Possible::none(), |all, item| all.join(&equals_of(item)));
            values.meet(&all)
        } else {
            items.iter().fold((*values).clone(), |rest, item| different(&rest, item))
        };
        self.record(needle, kept.without_errors(), facts)
    }

    fn assume_call(
        &self,
        builtin: &'static Builtin,
        children: &[TermId],
        truth: bool,
        facts: &Facts,
    ) -> Option<Facts> {
        let args: Vec<Rc<Possible>> = children.iter().map(|child| self.of(*child, facts)).collect();
        if let [arg] = args.as_slice()
            && let Some(kept) = transfer::components_that(builtin, arg, truth, &self.clock)
        {
            return self.record(children[0], kept, facts);
        }
        if let [arg] = args.as_slice()
            && truth
            && transfer::is_of_filled_text(builtin)
        {
            return self.record(
                children[0],
                arg.as_ref().clone().without(Flags::EMPTY | Flags::ERRORS),
                facts,
            );
        }
        if let Some(needles) = transfer::needles(builtin, &args) {
            let values = args[0].as_ref().clone().without_errors();
            return match (needles.as_slice(), truth) {
                ([needle], true) => {
                    self.record(children[0], transfer::searched(&values, needle, true), facts)
                }
                (_, true) => Some(facts.clone()),
                (needles, false) => {
                    let rest =
                        needles.iter().fold(values, |rest, needle| transfer::searched(&rest, needle, false));
                    self.record(children[0], rest, facts)
                }
            };
        }
        if builtin.name == "BETWEEN" && truth {
            let above = ordered_as(CompareOp::GreaterOrEqual, &args[0], &args[1], true);
            let within = ordered_as(CompareOp::LessOrEqual, &above, &args[2], true);
            return self.record(children[0], within, facts);
        }
        Some(facts.clone())
    }

    /// What a fact about a sum, product or negation says about its only part that is not constant.
    fn propagate(&self, id: TermId, values: &Possible, facts: &Facts) -> Facts {
        if matches!(self.terms.get(id).node.map(|node| &node.kind), Some(NodeKind::Lookup(_))) {
            return self.found(id, values, facts);
        }
        let narrowed = || -> Option<Facts> {
            // A date or an error would not follow the same path.
            let only_numbers = *values == Possible::numbers(values.numbers.clone());
            let numbers = Some(&values.numbers).filter(|_| only_numbers)?;
            let (part, wanted) = self.inverse(id, numbers, facts)?;
            let is_single = matches!(
                self.terms.get(part).node.map(|node| &node.kind),
                Some(
                    NodeKind::Input(_)
                        | NodeKind::Access { .. }
                        | NodeKind::Call(..)
                        | NodeKind::Sum(_)
                        | NodeKind::Product(_)
                        | NodeKind::Negate(_)
                )
            );
            if !is_single {
                return None;
            }
            let own = self.of(part, facts);
            // A date that is added to a number is a date, and an argument that is one is an error.
            let is_argument =
                matches!(self.terms.get(id).node.map(|node| &node.kind), Some(NodeKind::Argument(_)));
            if is_argument {
                return self.record(part, reading_as(&own, &wanted), facts);
            }
            if !own.dates.is_empty() || !own.date_texts.is_empty() {
                return None;
            }
            self.record(part, reading_as(&own, &wanted), facts)
        };
        narrowed().unwrap_or_else(|| facts.clone())
    }

    /// What follows for the keys of a lookup that is not Blank: an empty key finds no row.
    fn found(&self, id: TermId, values: &Possible, facts: &Facts) -> Facts {
        if values.flags.has(Flags::BLANK | Flags::ERRORS) {
            return facts.clone();
        }
        let filled = |facts: Facts, key: &TermId| {
            let own = (*self.of(*key, &facts)).clone().without(Flags::EMPTY | Flags::ERRORS);
            self.record(*key, own, &facts).unwrap_or(facts)
        };
        self.terms.get(id).children.iter().fold(facts.clone(), filled)
    }

    /// The part of an operation that is not constant, and the numbers that it must be for the result to be among
    /// `numbers`; these are widened a little, since results are rounded.
    fn inverse(&self, id: TermId, numbers: &Intervals, facts: &Facts) -> Option<(TermId, Intervals)> {
        let term = self.terms.get(id);
        let constant = |child: TermId| transfer::as_number(&self.of(child, facts)).numbers.as_point();
        let mut open = term.children.iter().enumerate().filter(|(_, child)| constant(**child).is_none());
        let (index, part) = open.next().filter(|_| open.next().is_none())?;
        let others = || term.children.iter().enumerate().filter(move |(other, _)| *other != index);
        match &term.node?.kind {
            NodeKind::Argument(argument) if argument.ty == Type::Number => Some((*part, numbers.clone())),
            NodeKind::Negate(_) => {
                Some((*part, numbers.map(|piece| Interval::closed(-piece.high, -piece.low))))
            }
            NodeKind::Sum(addends) => {
                let sign = |index: usize| if addends[index].sign == Sign::Minus { -1.0 } else { 1.0 };
                let rest: f64 = others().map(|(at, child)| sign(at) * constant(*child).unwrap_or(0.0)).sum();
                let ends = |piece: &Interval| {
                    let (one, two) = ((piece.low - rest) * sign(index), (piece.high - rest) * sign(index));
                    widened(one.min(two), one.max(two))
                };
                Some((*part, numbers.map(ends)))
            }
            NodeKind::Product(factors) if factors[index].0 == Factor::Times => {
                let mut rest = 1.0;
                for (at, child) in others() {
                    let number = constant(*child)?;
                    rest *= if factors[at].0 == Factor::Divide { 1.0 / number } else { number };
                }
                if rest == 0.0 || !rest.is_finite() {
                    return None;
                }
                let ends = |piece: &Interval| {
                    let (one, two) = (piece.low / rest, piece.high / rest);
                    widened(one.min(two), one.max(two))
                };
                Some((*part, numbers.map(ends)))
            }
            _ => None,
        }
    }
}

fn widened(low: f64, high: f64) -> Interval {
    let slack = |number: f64| if number.is_finite() { number.abs() * 1e-12 } else { 0.0 };
    Interval::closed(low - slack(low), high + slack(high))
}

/// The values that read as one of these numbers.
fn reading_as(values: &Possible, numbers: &Intervals) -> Possible {
    let zero = numbers.contains(0.0);
    let kept = (Flags::EMPTY | Flags::FALSE).when(zero) | Flags::TRUE.when(numbers.contains(1.0));
    let kept = Possible { numbers: numbers.clone(), number_texts: numbers.clone(), ..Possible::flags(kept) };
    values.meet(&kept)
}

/// The values that count as TRUE or FALSE where a condition is expected.
fn counting_as(values: &Possible, truth: bool) -> Possible {
    let (flags, numbers) = if truth {
        (Flags::TRUE | Flags::TRUE_TEXT, values.numbers.without(0.0))
    } else {
        (Flags::FALSE | Flags::FALSE_TEXT | Flags::EMPTY, values.numbers.meet(&Intervals::point(0.0)))
    };
    let kept = Possible { numbers, ..Possible::flags(values.flags & flags) };
    values.meet(&kept)
}

/// All values that equal some of these.
fn equals_of(values: &Possible) -> Possible {
    let pair = |flags: Flags| flags.when(values.flags.has(flags));
    let alone = Flags::SPACE | Flags::COLLECTIONS;
    let numbers = values.numbers.join(&values.number_texts);
    let dates = values.dates.join(&values.date_texts);
    let words = match &values.words {
        Words::OneOf { texts, .. } => Words::OneOf { texts: Rc::clone(texts), any_case: true },
        Words::Any(_) => Words::any(),
        Words::None => Words::None,
    };
    Possible {
        flags: pair(Flags::BLANK | Flags::NO_TEXT)
            | pair(Flags::TRUE | Flags::TRUE_TEXT)
            | pair(Flags::FALSE | Flags::FALSE_TEXT)
            | (values.flags & alone),
        numbers: numbers.clone(),
        number_texts: numbers,
        dates: dates.clone(),
        date_texts: dates,
        words,
        exact: None,
    }
}

/// The values that equal some of `other`.
pub(in crate::analysis) fn same(values: &Possible, other: &Possible) -> Possible {
    values.meet(&equals_of(other)).without_errors()
}

/// The values that do not equal `other`, where that is a single value.
pub(in crate::analysis) fn different(values: &Possible, other: &Possible) -> Possible {
    let Some(exact) = other.as_exact() else { return values.clone() };
    let mut rest = Possible { exact: None, ..values.clone() };
    match &exact {
        Value::Blank => rest.flags = rest.flags & !(Flags::BLANK | Flags::NO_TEXT),
        Value::Boolean(truth) => {
            let texts = if *truth { Flags::TRUE_TEXT } else { Flags::FALSE_TEXT };
            rest.flags = rest.flags & !(Flags::of(*truth) | texts);
        }
        Value::Number(number) => {
            let number = decimal_of(*number);
            rest.numbers = rest.numbers.without(number);
            rest.number_texts = rest.number_texts.without(number);
        }
        Value::Text(text) if text.is_empty() => rest.flags = rest.flags & !(Flags::BLANK | Flags::NO_TEXT),
        Value::Text(text) if !other.words.is_empty() => rest.words = rest.words.without(text),
        // Other spellings of the same number or date remain.
        Value::Text(_) => {
            if let Some(number) = other.number_texts.as_point() {
                rest.numbers = rest.numbers.without(decimal_of(number));
            }
        }
        _ => {}
    }
    if rest.is_empty() { rest } else { Possible { exact: values.exact.clone(), ..rest } }
}
