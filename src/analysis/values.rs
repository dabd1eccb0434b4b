//! Which values each term can have, given what is known where it is evaluated.

mod assume;
mod collections;
mod conditions;

pub(super) use assume::{different, same};

use super::facts::Facts;
use super::possible::{Flags, Intervals, Possible};
use super::terms::{Difference, NO_COLUMN, TermId, Terms, with_stack};
use super::transfer;
use crate::builtins::{Builtin, Each, Values as Returned};
use crate::check::{Checked, InputId, Kind, KindSet, Lookup, NodeKind, Step};
use crate::syntax::ast::{Factor, Sign};
use crate::types::Type;
use crate::value::{Clock, Value};
use std::cell::{Cell, RefCell};
use std::rc::Rc;

/// More steps than this are not made for one rule file.
pub(super) const MOST_STEPS: usize = 400_000;

/// Which of TRUE and FALSE these values count as where a condition is expected, and the errors that follow.
#[must_use]
pub fn truth_of(values: &Possible) -> Flags {
    transfer::truth(values)
}

/// The numbers that these values count as where a number is expected.
#[must_use]
pub fn numbers_of(values: &Possible) -> Intervals {
    transfer::as_number(values).numbers
}

/// What is taken for granted about rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rows {
    /// Nothing: every value of JSON.
    Any,
    /// Values of the kinds that the formulas expect: no list where text is searched.
    Expected,
    /// The same, and no numbers below 0.
    Usual,
}

/// The possible values of the terms of a rule file.
#[derive(Debug)]
pub struct Values<'t> {
    /// The rule file.
    pub tree: &'t Checked,
    /// Its terms.
    pub terms: Terms<'t>,
    /// What is taken for granted about rows.
    pub rows: Rows,
    pub(super) clock: Clock,
    /// The values of terms of which nothing is known.
    base: RefCell<Vec<Option<Rc<Possible>>>>,
    steps: Cell<usize>,
}

impl<'t> Values<'t> {
    /// Prepares the analysis of a rule file.
    #[must_use]
    pub fn new(tree: &'t Checked, rows: Rows) -> Self {
        let terms = Terms::of(tree);
        let base = RefCell::new(vec![None; terms.len()]);
        let mut values = Self { tree, terms, rows, clock: Clock::system(), base, steps: Cell::new(0) };
        values.mark_undetermined();
        values
    }

    /// Marks terms that read no column and of which the analysis still knows several values, such as whole numbers with
    /// more digits than its own, so that what becomes known of them at one place is not taken for known everywhere.
    fn mark_undetermined(&mut self) {
        for id in (0..self.terms.len() as u32).map(TermId) {
            let reads = self.terms.reads(id);
            let is_undetermined = reads == 0 && {
                let values = self.of(id, &Facts::default());
                values.as_exact().is_none() && !values.as_ref().clone().without_errors().is_empty()
            };
            self.terms.set_reads(id, if is_undetermined { NO_COLUMN } else { reads });
        }
    }

    /// Whether the rule was too large for the analysis to be complete.
    #[must_use]
    pub fn is_exhausted(&self) -> bool {
        self.steps.get() >= MOST_STEPS
    }

    /// The difference that a comparison comes down to. Of numbers in general it may be rounded in another way than the
    /// sides are, so that it proves nothing.
    pub(super) fn difference(&self, id: TermId) -> Option<Difference> {
        self.terms.get(id).difference.filter(|one| one.is_of_dates || self.rows != Rows::Any)
    }

    /// Counts steps of the analysis; nothing is known any more beyond the bound.
    pub(super) fn step(&self) -> bool {
        let steps = self.steps.get();
        self.steps.set(steps + 1);
        steps < MOST_STEPS
    }

    /// The values that a term can have.
    #[must_use]
    pub fn of(&self, id: TermId, facts: &Facts) -> Rc<Possible> {
        if let Some(known) = facts.get(id) {
            return Rc::clone(known);
        }
        let is_base = facts.are_silent_on(self.terms.get(id).inputs);
        if is_base && let Some(known) = &self.base.borrow()[id.0 as usize] {
            return Rc::clone(known);
        }
        if !self.step() {
            return Rc::new(Possible::any());
        }
        let values = Rc::new(with_stack(|| self.compute(id, facts)));
        if is_base {
            self.base.borrow_mut()[id.0 as usize] = Some(Rc::clone(&values));
        }
        values
    }

    /// Whether the numbers that a term can be are known to be whole.
    #[must_use]
    pub fn is_whole(&self, id: TermId) -> bool {
        let term = self.terms.get(id);
        let Some(NodeKind::Call(builtin, args)) = term.node.map(|node| &node.kind) else { return false };
        let rounds_to = |places: usize| match args.get(places).map(|places| &places.kind) {
            None => true,
            Some(NodeKind::Constant(Value::Number(places))) => *places <= 0.0,
            Some(_) => false,
        };
        match builtin.name {
            "INT" => true,
            "ROUND" | "ROUNDUP" | "ROUNDDOWN" | "TRUNC" => rounds_to(1),
            _ => matches!(builtin.returns.values, Returned::Whole(..)),
        }
    }

    /// TRUE and FALSE as far as a term can count as them where a condition is expected, and its errors.
    #[must_use]
    pub fn truth(&self, id: TermId, facts: &Facts) -> Flags {
        transfer::truth(&self.of(id, facts))
    }

    fn compute(&self, id: TermId, facts: &Facts) -> Possible {
        let term = self.terms.get(id);
        let Some(node) = term.node else {
            // An item of a list, or a difference, which is no number where its sides can't be compared.
            return if term.children.is_empty() {
                Possible::any().without_errors()
            } else {
                Possible::numbers(Intervals::all()).with(Flags::BLANK)
            };
        };
        let child = |index: usize| self.of(term.children[index], facts);
        match &node.kind {
            NodeKind::Constant(value) => Possible::exactly(value, &self.clock),
            NodeKind::Input(input) if term.children.is_empty() => self.input(*input),
            NodeKind::Input(input) => self.computed_input(*input, &child(0)),
            NodeKind::List(..) => self.list(&term.children, facts),
            NodeKind::Record(members) if term.is_member => self.member(members, &term.children, facts),
            NodeKind::Record(members) => self.record_of(members, &term.children, facts),
            NodeKind::Negate(_) => transfer::negated(&child(0)),
            NodeKind::Percent(_) => transfer::percent(&child(0)),
            NodeKind::AsNumber(_) => {
                let number = transfer::as_number(&child(0));
                Possible::numbers(number.numbers).with(number.errors)
            }
            NodeKind::Lookup(lookup) => self.looked_up(lookup, term.column, &term.children, facts),
            NodeKind::Data(_) => Possible::of_type(node.ty).with(Flags::VALUE),
            NodeKind::Argument(argument) => read_argument(argument.ty, (*child(0)).clone()),
            NodeKind::Sum(addends) => {
                let mut sum = (*child(0)).clone();
                for (index, addend) in addends.iter().enumerate().skip(1) {
                    sum = transfer::plus(&sum, &child(index), addend.sign == Sign::Minus);
                }
                sum
            }
            NodeKind::Product(factors) => {
                let mut product = Possible::exactly(&Value::Number(1.0), &self.clock);
                for (index, (factor, _)) in factors.iter().enumerate() {
                    product = transfer::product(&product, &child(index), *factor == Factor::Divide);
                }
                product
            }
            NodeKind::Power(operands) => {
                let first = transfer::as_number(&child(0));
                let first = Possible::numbers(first.numbers).with(first.errors);
                (1..operands.len()).fold(first, |base, index| transfer::power(&base, &child(index)))
            }
            NodeKind::Join(operands) => {
                let parts: Vec<Rc<Possible>> = (0..operands.len()).map(child).collect();
                joined(&parts, &self.clock)
            }
            NodeKind::Access { steps, .. } => {
                let of_indexes =
                    (1..term.children.len()).fold(Flags::NONE, |all, index| all | child(index).errors());
                let is_of_row = self.is_of_row(term.children[0]);
                self.access(&child(0), steps, is_of_row).with(of_indexes)
            }
            NodeKind::Call(builtin, args) => {
                let args: Vec<Rc<Possible>> = (0..args.len()).map(child).collect();
                let mut results = transfer::called(builtin, &args, &self.clock);
                if self.rows != Rows::Any {
                    results.numbers = usual_results(builtin, &args, results.numbers);
                }
                results
            }
            NodeKind::Each { each, .. } => Self::each(*each, &child(0)),
            NodeKind::Compare(..)
            | NodeKind::InArms { .. }
            | NodeKind::InList { .. }
            | NodeKind::Not(_)
            | NodeKind::And(_)
            | NodeKind::Or(_) => Possible::flags(self.condition(id, facts)),
            NodeKind::Choose { .. }
            | NodeKind::Switch { .. }
            | NodeKind::Rescue { .. }
            | NodeKind::Coalesce(_)
            | NodeKind::Bucket { .. }
            | NodeKind::Pick { .. } => self.choice(id, facts),
            NodeKind::Reduce { .. } | NodeKind::Column(_) | NodeKind::Local(_) | NodeKind::Let { .. } => {
                Possible::any()
            }
        }
    }

    /// The values of a column of the row.
    fn input(&self, id: InputId) -> Possible {
        let input = self.tree.input(id);
        let declared = declared(input.declared);
        self.without_blanks(match self.rows {
            Rows::Any => declared,
            _ => self.usual(&declared, input.declared, input.kinds),
        })
    }

    /// The same without the texts that `blank` lines make Blank.
    fn without_blanks(&self, mut values: Possible) -> Possible {
        values.words = self.tree.blanks.iter().fold(values.words, |words, text| words.without(text));
        values
    }

    /// The values of an input that are read from those of its formula.
    fn computed_input(&self, id: InputId, formula: &Possible) -> Possible {
        let declared = declared_from(self.tree.input(id).declared, Possible::any());
        let declared = if formula.errors() == Flags::NONE { declared.without_errors() } else { declared };
        let can_be_empty = formula.flags.has(Flags::EMPTY) || !self.tree.blanks.is_empty();
        self.without_blanks(if can_be_empty { declared } else { declared.without(Flags::EMPTY) })
    }

    /// The values that a column usually has: of its declared type, or of the kinds that its uses expect.
    fn usual(&self, row: &Possible, ty: Type, kinds: KindSet) -> Possible {
        let empty = Flags::BLANK | Flags::NO_TEXT | Flags::SPACE;
        let mut values = match ty {
            Type::Any | Type::Blank => {
                let single = row.clone().without(Flags::COLLECTIONS);
                let is_collection =
                    !kinds.has(Kind::Words) && !kinds.has(Kind::Number) && !kinds.has(Kind::Boolean);
                if is_collection && !kinds.has(Kind::Date) { row.clone() } else { single }
            }
            Type::List | Type::Record => row.meet(&Possible::of_type(ty).with(empty | Flags::COLLECTIONS)),
            _ => row.meet(&Possible::of_type(ty).with(empty)),
        };
        if self.rows == Rows::Usual {
            let from_zero = Intervals::from(0.0, false);
            values.numbers = values.numbers.meet(&from_zero);
            values.number_texts = values.number_texts.meet(&from_zero);
        }
        values
    }

    fn looked_up(&self, lookup: &Lookup, column: Option<usize>, keys: &[TermId], facts: &Facts) -> Possible {
        let keys: Vec<_> = keys.iter().map(|key| self.of(*key, facts)).collect();
        let of_keys = keys.iter().fold(Flags::NONE, |all, key| all | key.errors());
        super::data::looked_up(self.tree, lookup, column, &keys, &self.clock).with(of_keys)
    }

    fn access(&self, base: &Possible, steps: &[Step], is_of_row: bool) -> Possible {
        let reaches = base.flags.has(Flags::ITEMS | Flags::MEMBERS) || !steps.iter().all(is_field);
        let inside = match (reaches, is_of_row) {
            (false, _) => Possible::flags(Flags::BLANK),
            (true, true) => Possible::of_row(),
            // What formulas put into lists and records can be a date.
            (true, false) => Possible::any().without_errors(),
        };
        let inside =
            if self.rows == Rows::Any { inside } else { self.usual(&inside, Type::Any, KindSet::ANY) };
        inside.with(base.errors())
    }

    fn each(each: Each, list: &Possible) -> Possible {
        let results = match each {
            Each::Any | Each::All => Possible::flags(Flags::BOOLEANS),
            Each::CountIf => Possible::numbers(Intervals::from(0.0, false)),
            Each::Filter | Each::Map | Each::Keyed => Possible::flags(Flags::NO_ITEMS | Flags::ITEMS),
        };
        let is_empty = list.clone().without_errors().is_always_empty();
        let none = match each {
            Each::Any => Possible::flags(Flags::FALSE),
            Each::All => Possible::flags(Flags::TRUE),
            Each::CountIf => Possible::numbers(Intervals::point(0.0)),
            Each::Filter | Each::Map | Each::Keyed => Possible::flags(Flags::NO_ITEMS),
        };
        if is_empty { none.with(list.errors()) } else { results.with(Flags::ERRORS) }
    }
}

/// The numbers that a call returns for usual arguments.
fn usual_results(builtin: &Builtin, args: &[Rc<Possible>], numbers: Intervals) -> Intervals {
    match builtin.name {
        "YEAR" => numbers.meet(&Intervals::between(1000.0, 9999.0)),
        // Only rounding makes a remainder as large as the divisor.
        "MOD" => match args.get(1).and_then(|divisor| transfer::as_number(divisor).numbers.as_point()) {
            Some(divisor) => numbers.without(divisor),
            None => numbers,
        },
        _ => numbers,
    }
}

fn is_field(step: &Step) -> bool {
    matches!(step, Step::Field(_))
}

/// What a row can hold under a column declared with this type: values that don't read as the type stay as they are.
fn declared(ty: Type) -> Possible {
    declared_from(ty, Possible::of_row())
}

/// What is left of these values where they are read as this type: those that don't read as it stay as they are.
fn declared_from(ty: Type, row: Possible) -> Possible {
    let none = Intervals::none;
    match ty {
        Type::Number => Possible { number_texts: none(), ..row.without(Flags::BOOLEANS) },
        Type::Boolean => Possible { numbers: none(), ..row.without(Flags::BOOLEAN_TEXTS) },
        Type::Text => Possible { numbers: none(), dates: none(), ..row.without(Flags::BOOLEANS) },
        Type::Date => Possible { date_texts: none(), dates: Intervals::all(), ..row },
        Type::Any | Type::Blank | Type::List | Type::Record => row,
    }
}

/// What an argument can be once it is read as the type of its parameter; what can't be read is an error.
fn read_argument(ty: Type, given: Possible) -> Possible {
    let is_of_type = given.meet(&Possible::of_type(ty).with(Flags::EMPTY | Flags::ERRORS)) == given;
    if is_of_type {
        return given;
    }
    let read = match ty {
        Type::Number => Possible::numbers(transfer::as_number(&given).numbers),
        _ => Possible::of_type(ty),
    };
    read.with(given.flags & Flags::EMPTY).with(given.errors() | Flags::VALUE)
}

/// The values of texts joined by `&`.
fn joined(parts: &[Rc<Possible>], clock: &Clock) -> Possible {
    let errors = parts.iter().fold(Flags::NONE, |all, part| all | part.errors());
    let unreadable = parts.iter().any(|part| part.flags.has(Flags::COLLECTIONS));
    let exact: Option<String> = parts
        .iter()
        .map(|part| crate::value::to_text(&part.as_exact()?).ok().map(|text| text.to_string()))
        .collect();
    if let Some(text) = exact {
        return Possible::exactly(&Value::text(text), clock);
    }
    let mut texts = Possible::texts().with(errors | Flags::VALUE.when(unreadable));
    // A part that is never empty makes a text that is not empty.
    let is_filled = |part: &Rc<Possible>| !part.flags.has(Flags::EMPTY | Flags::ERRORS);
    if parts.iter().any(is_filled) {
        texts = texts.without(Flags::NO_TEXT | Flags::SPACE);
    }
    texts
}
