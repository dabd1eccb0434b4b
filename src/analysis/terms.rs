//! The expressions of a rule file as a graph in which equal expressions are one term.
//!
//! LET names and computed columns are replaced by what they stand for, so that `LET(t, Job Title, t = "CEO")` and
//! `Job Title = "CEO"` are one term.

mod members;

use crate::builtins::Each;
use crate::check::{Checked, ColumnId, Input, InputId, Lookup, Node, NodeKind, Step};
use crate::syntax::ast::Sign;
use crate::types::Type;
use crate::value::Value;
use std::collections::HashMap;

/// The stack that one level of a deep expression can need, and what is added where less is left.
const RED_ZONE: usize = 128 << 10;
const MORE_STACK: usize = 4 << 20;
/// A comparison of sums that are made of more terms than this is not seen as one of their difference.
const MOST_STEPS: usize = 64;

/// Runs `work`, which recurses, with enough stack for one more level.
pub(super) fn with_stack<T>(work: impl FnOnce() -> T) -> T {
    stacker::maybe_grow(RED_ZONE, MORE_STACK, work)
}

/// The index of a [`Term`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TermId(pub u32);

/// The bit of what is no column and has several values all the same.
pub(super) const NO_COLUMN: u128 = 1 << 127;

/// An expression.
#[derive(Debug)]
pub struct Term<'t> {
    /// The first place where it occurs; nothing for an item of a list, or a difference.
    pub node: Option<&'t Node>,
    /// The terms directly below, in the order of [`Node::children`].
    pub children: Vec<TermId>,
    /// The columns of the row that it reads, each as one bit; beyond 128 columns several share a bit.
    pub inputs: u128,
    /// In how many places of other terms it occurs.
    pub uses: u32,
    /// For a comparison: the difference of its sides, which it compares with a constant.
    pub difference: Option<Difference>,
    /// Whether it is what its first child is where none of the others is an error: one member of a record that is
    /// written out.
    pub is_member: bool,
    /// Of a lookup in data: the column whose cell it is; the whole row if none.
    pub column: Option<usize>,
}

/// `Last Seen > TODAY() - 30` as `Last Seen - TODAY()` compared with -30.
#[derive(Clone, Copy, Debug)]
pub struct Difference {
    /// The term that stands for the difference.
    pub term: TermId,
    /// What it is compared with.
    pub constant: f64,
    /// Whether the difference has the opposite sign of left side less right side.
    pub negated: bool,
    /// Whether it is a difference of dates, which is exact.
    pub is_of_dates: bool,
}

/// All terms of a rule file.
#[derive(Debug)]
pub struct Terms<'t> {
    tree: &'t Checked,
    list: Vec<Term<'t>>,
    ids: HashMap<*const Node, TermId>,
    columns: HashMap<ColumnId, TermId>,
    /// The columns of the row that formulas read, by their ids.
    inputs: Vec<Option<TermId>>,
    known: HashMap<(String, Vec<TermId>), TermId>,
    /// The terms that the LET names in scope stand for.
    locals: Vec<TermId>,
    /// How many lists are being gone through.
    items: u32,
    /// The terms of the formulas of inputs, and whether the input is what its formula returns.
    formulas: HashMap<InputId, (TermId, bool)>,
    /// What the members of records that are written out were found to be.
    members: HashMap<(TermId, String), Option<TermId>>,
}

impl<'t> Terms<'t> {
    /// The terms of all formulas of a file.
    #[must_use]
    pub fn of(tree: &'t Checked) -> Self {
        let mut terms = Self {
            tree,
            list: Vec::new(),
            ids: HashMap::new(),
            columns: HashMap::new(),
            inputs: vec![None; tree.inputs.len()],
            known: HashMap::new(),
            locals: Vec::new(),
            items: 0,
            formulas: HashMap::new(),
            members: HashMap::new(),
        };
        // Their `LET` names have slots of their own only while no other formula is gone through.
        for (id, input) in (0..).map(InputId).zip(&tree.inputs) {
            if let Some(formula) = input.formula() {
                let term = terms.intern(formula);
                terms.formulas.insert(id, (term, is_read_unchanged(tree, input, formula)));
            }
        }
        for id in &tree.order {
            let term = terms.intern(&tree.column(*id).node);
            terms.columns.insert(*id, term);
        }
        terms
    }

    /// The term of a node of the file's tree.
    #[must_use]
    pub fn id(&self, node: &Node) -> TermId {
        self.ids[&std::ptr::from_ref(node)]
    }

    /// The term of a column's formula.
    #[must_use]
    pub fn column(&self, id: ColumnId) -> TermId {
        self.columns[&id]
    }

    /// The terms of the columns of the row that formulas read.
    pub fn inputs(&self) -> impl Iterator<Item = TermId> {
        self.inputs.iter().flatten().copied()
    }

    /// The term of a column of the row; nothing if no formula reads it.
    #[must_use]
    pub fn input(&self, id: InputId) -> Option<TermId> {
        self.inputs.get(id.0 as usize).copied().flatten()
    }

    /// The term of this index.
    #[must_use]
    pub fn get(&self, id: TermId) -> &Term<'t> {
        &self.list[id.0 as usize]
    }

    /// The columns of the row that a term reads, itself or by the terms below.
    pub(super) fn reads(&self, id: TermId) -> u128 {
        let term = self.get(id);
        term.children.iter().fold(term.inputs, |inputs, child| inputs | self.get(*child).inputs)
    }

    /// Changes what a term reads.
    pub(super) fn set_reads(&mut self, id: TermId, inputs: u128) {
        self.list[id.0 as usize].inputs = inputs;
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.list.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    fn intern(&mut self, node: &'t Node) -> TermId {
        let id = with_stack(|| self.intern_node(node));
        self.ids.insert(std::ptr::from_ref(node), id);
        id
    }

    fn intern_node(&mut self, node: &'t Node) -> TermId {
        match &node.kind {
            NodeKind::Local(id) => self.locals[id.0 as usize],
            NodeKind::Column(id) => self.column(*id),
            NodeKind::Input(id) if self.formulas.contains_key(id) => {
                let (formula, is_unchanged) = self.formulas[id];
                if is_unchanged {
                    return formula;
                }
                let term = self.add(tag(node), vec![formula], Some(node));
                self.inputs[id.0 as usize] = Some(term);
                term
            }
            NodeKind::Let { bindings, body } => {
                for (local, arm) in bindings {
                    let value = self.intern(&arm.node);
                    self.bind(local.0 as usize, value);
                }
                self.intern(body)
            }
            NodeKind::Each { each, list_and_body, local } => {
                let list = self.intern(&list_and_body.0);
                self.items += 1;
                let item = self.add(format!("item {}", self.items), Vec::new(), None);
                self.bind(local.0 as usize, item);
                let body = self.intern(&list_and_body.1);
                self.items -= 1;
                self.add(format!("each {}", each_name(*each)), vec![list, body], Some(node))
            }
            NodeKind::Reduce { list_start_formula, total, item } => {
                let [list, start, formula] = &**list_start_formula;
                let (list, start) = (self.intern(list), self.intern(start));
                for local in [total, item] {
                    self.items += 1;
                    let term = self.add(format!("item {}", self.items), Vec::new(), None);
                    self.bind(local.0 as usize, term);
                }
                let formula = self.intern(formula);
                self.items -= 2;
                self.add("reduce".to_owned(), vec![list, start, formula], Some(node))
            }
            NodeKind::Access { steps, .. } => {
                let children: Vec<TermId> =
                    node.children().into_iter().map(|child| self.intern(child)).collect();
                let reached = self.reached(children[0], steps);
                reached.unwrap_or_else(|| self.add(tag(node), children, Some(node)))
            }
            _ => {
                let children: Vec<TermId> =
                    node.children().into_iter().map(|child| self.intern(child)).collect();
                let id = self.add(tag(node), children, Some(node));
                if let NodeKind::Input(input) = node.kind {
                    self.inputs[input.0 as usize] = Some(id);
                }
                if self.get(id).difference.is_none() {
                    let difference = self.difference_of(id);
                    self.list[id.0 as usize].difference = difference;
                }
                id
            }
        }
    }

    fn bind(&mut self, slot: usize, term: TermId) {
        if self.locals.len() <= slot {
            self.locals.resize(slot + 1, TermId(0));
        }
        self.locals[slot] = term;
    }

    fn add(&mut self, tag: String, children: Vec<TermId>, node: Option<&'t Node>) -> TermId {
        let key = (tag, children);
        if let Some(known) = self.known.get(&key) {
            return *known;
        }
        let own = match node.map(|node| &node.kind) {
            Some(NodeKind::Input(id)) => 1_u128 << (id.0 % 128),
            // The clock and the items of lists are no columns, but what is known of them matters as much.
            Some(NodeKind::Call(..)) | None if key.1.is_empty() => NO_COLUMN,
            _ => 0,
        };
        let children = key.1.clone();
        let inputs = children.iter().fold(own, |inputs, child| inputs | self.get(*child).inputs);
        for child in &children {
            self.list[child.0 as usize].uses += 1;
        }
        let id = TermId(self.list.len() as u32);
        let column = match node.map(|node| &node.kind) {
            Some(NodeKind::Lookup(lookup)) => lookup.column,
            _ => None,
        };
        let is_member = false;
        self.list.push(Term { node, children, inputs, uses: 0, difference: None, is_member, column });
        self.known.insert(key, id);
        id
    }

    /// For a comparison whose sides differ by numbers or days: that difference without its constant part.
    fn difference_of(&mut self, id: TermId) -> Option<Difference> {
        let NodeKind::Compare(op, sides) = &self.get(id).node?.kind else { return None };
        let (left, right) = (self.get(id).children[0], self.get(id).children[1]);
        if op.is_ordering()
            && let Some(difference) = self.days_of(left, right)
        {
            return Some(difference);
        }
        let is_sum = |node: &Node| matches!(node.kind, NodeKind::Sum(_));
        let is_known = |node: &Node| {
            is_sum(node) || matches!(node.ty, crate::types::Type::Number | crate::types::Type::Date)
        };
        if !op.is_ordering() || !(is_known(&sides.0) || is_known(&sides.1)) {
            return None;
        }
        let mut sum = Parts { terms: Vec::new(), constant: 0.0, steps: MOST_STEPS };
        self.collect(left, 1.0, &mut sum)?;
        self.collect(right, -1.0, &mut sum)?;
        let Parts { terms: mut parts, constant, .. } = sum;
        parts.sort_by_key(|(term, _)| *term);
        let mut merged: Vec<(TermId, f64)> = Vec::new();
        for (term, factor) in parts {
            match merged.last_mut().filter(|(last, _)| *last == term) {
                Some((_, sum)) => *sum += factor,
                None => merged.push((term, factor)),
            }
        }
        merged.retain(|(_, factor)| *factor != 0.0);
        let first = merged.first()?.1;
        // One term alone is compared as it is.
        if merged.len() < 2 || merged.len() > 6 {
            return None;
        }
        let factors: Vec<f64> = merged.iter().map(|(_, factor)| factor / first).collect();
        let children = merged.into_iter().map(|(term, _)| term).collect();
        let term = self.add(format!("difference {factors:?}"), children, None);
        let is_of_dates = self.get(term).children.iter().any(|child| self.is_clock(*child));
        Some(Difference { term, constant: -constant / first + 0.0, negated: first < 0.0, is_of_dates })
    }

    /// For a comparison with a text such as "2026-01-31": days in this form have the same order as texts and as dates,
    /// so that all comparisons of a term with such texts go together.
    fn days_of(&mut self, left: TermId, right: TermId) -> Option<Difference> {
        // With a date, a text that is none has no order, so that the two kinds of comparison are kept apart.
        let day = |id: TermId| match self.get(id).node.map(|node| &node.kind) {
            Some(NodeKind::Constant(Value::Text(text))) if text.len() == 10 => {
                let day: jiff::civil::Date = text.parse().ok()?;
                Some(("days", super::possible::moment(&crate::value::Date::day(day))))
            }
            Some(NodeKind::Constant(Value::Date(day))) if !day.has_time() => {
                Some(("dates", super::possible::moment(day)))
            }
            _ => None,
        };
        let (term, (tag, constant), negated) = match (day(left), day(right)) {
            (None, Some(day)) => (left, day, false),
            (Some(day), None) => (right, day, true),
            _ => return None,
        };
        let term = self.add(tag.to_owned(), vec![term], None);
        Some(Difference { term, constant, negated, is_of_dates: true })
    }

    /// Whether a term is `TODAY()` or `NOW()`.
    fn is_clock(&self, id: TermId) -> bool {
        let node = self.get(id).node.map(|node| &node.kind);
        matches!(node, Some(NodeKind::Call(builtin, _)) if matches!(builtin.name, "TODAY" | "NOW"))
    }

    /// Adds the parts of a sum, each with its sign; nothing if there are too many to go through.
    fn collect(&self, id: TermId, sign: f64, sum: &mut Parts) -> Option<()> {
        sum.steps = sum.steps.checked_sub(1)?;
        let term = self.get(id);
        match term.node.map(|node| &node.kind) {
            Some(NodeKind::Constant(Value::Number(number))) => sum.constant += sign * number,
            Some(NodeKind::Sum(addends)) => {
                for (addend, child) in addends.iter().zip(&term.children) {
                    let sign = if addend.sign == Sign::Minus { -sign } else { sign };
                    self.collect(*child, sign, sum)?;
                }
            }
            Some(NodeKind::Negate(_)) => self.collect(term.children[0], -sign, sum)?,
            _ => sum.terms.push((id, sign)),
        }
        Some(())
    }
}

/// The parts of a sum, collected so far.
struct Parts {
    terms: Vec<(TermId, f64)>,
    constant: f64,
    /// How many more terms may be visited: sums of shared sums have exponentially many parts.
    steps: usize,
}

/// Whether reading the result of an input's formula as the declared type leaves it as it is.
fn is_read_unchanged(tree: &Checked, input: &Input, formula: &Node) -> bool {
    match input.declared {
        Type::Number | Type::Boolean | Type::Date => formula.ty == input.declared,
        Type::Text => formula.ty == Type::Text && tree.blanks.is_empty(),
        Type::Any | Type::Blank | Type::List | Type::Record => tree.blanks.is_empty(),
    }
}

fn each_name(each: Each) -> &'static str {
    match each {
        Each::Any => "any",
        Each::All => "all",
        Each::CountIf => "count",
        Each::Filter => "filter",
        Each::Map => "map",
        Each::Keyed => "keyed",
    }
}

/// What a lookup is, apart from its keys.
fn lookup_tag(lookup: &Lookup, column: Option<usize>) -> String {
    format!("lookup {} {column:?}", lookup.data.0)
}

/// What a node is, apart from the nodes below it.
fn tag(node: &Node) -> String {
    match &node.kind {
        NodeKind::Constant(value) => format!("constant {value:?}"),
        NodeKind::Input(id) => format!("input {}", id.0),
        NodeKind::List(..) => "list".to_owned(),
        NodeKind::Record(members) => {
            format!("record {:?}", members.iter().map(|member| &member.name).collect::<Vec<_>>())
        }
        NodeKind::Negate(_) => "negate".to_owned(),
        NodeKind::Percent(_) => "percent".to_owned(),
        NodeKind::AsNumber(_) => "number".to_owned(),
        NodeKind::Data(id) => format!("data {}", id.0),
        NodeKind::Lookup(lookup) => lookup_tag(lookup, lookup.column),
        NodeKind::Argument(argument) => format!("argument {}", argument.ty),
        NodeKind::Sum(addends) => {
            let sign = |sign: Sign| if sign == Sign::Minus { '-' } else { '+' };
            addends.iter().map(|addend| sign(addend.sign)).collect()
        }
        NodeKind::Product(factors) => {
            format!("product {:?}", factors.iter().map(|(factor, _)| *factor).collect::<Vec<_>>())
        }
        NodeKind::Power(_) => "power".to_owned(),
        NodeKind::Join(_) => "join".to_owned(),
        NodeKind::Compare(op, _) => op.symbol().to_owned(),
        NodeKind::InArms { negated, .. } => format!("in arms {negated}"),
        NodeKind::InList { negated, .. } => format!("in list {negated}"),
        NodeKind::Not(_) => "not".to_owned(),
        NodeKind::And(_) => "and".to_owned(),
        NodeKind::Or(_) => "or".to_owned(),
        NodeKind::Choose { branches, otherwise, or_not_available } => {
            format!("choose {} {} {or_not_available}", branches.len(), otherwise.is_some())
        }
        NodeKind::Switch { cases, otherwise, .. } => {
            format!("switch {} {}", cases.len(), otherwise.is_some())
        }
        NodeKind::Rescue { only_not_available, .. } => format!("rescue {only_not_available}"),
        NodeKind::Coalesce(_) => "coalesce".to_owned(),
        NodeKind::Bucket { steps, otherwise, .. } => {
            format!("bucket {} {}", steps.len(), otherwise.is_some())
        }
        NodeKind::Pick { .. } => "pick".to_owned(),
        NodeKind::Access { steps, .. } => {
            let step = |step: &Step| match step {
                Step::Field(name) => format!(".{name:?}"),
                Step::Index(_) => "[]".to_owned(),
            };
            format!("access {}", steps.iter().map(step).collect::<String>())
        }
        NodeKind::Call(builtin, _) => format!("call {}", builtin.name),
        // These are replaced by what they stand for.
        NodeKind::Column(_)
        | NodeKind::Local(_)
        | NodeKind::Let { .. }
        | NodeKind::Each { .. }
        | NodeKind::Reduce { .. } => String::new(),
    }
}
