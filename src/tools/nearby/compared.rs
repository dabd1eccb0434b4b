//! What a test sets against a field itself, rather than against something that is computed from it: a value that the
//! field may well take, whatever it holds now.

use super::Field;
use super::candidates::{Gathering, fields};
use crate::builtins::{Builtin, Role};
use crate::check::{Node, NodeKind};
use crate::syntax::ast::CompareOp;
use crate::types::Type;
use crate::value::{Value, is_empty};
use std::collections::BTreeSet;

/// More fields than this are not told apart on one side of a test.
const MOST_FIELDS: usize = 64;

/// Functions that leave a value much what it was: what their result is compared with can stand for the value.
const KEEPING: [&str; 20] = [
    "CLEAN",
    "COUNTRYCODE",
    "DEBURR",
    "DEPARTMENT",
    "HEADCOUNTBAND",
    "INDUSTRY",
    "LOWER",
    "N",
    "NUMBERVALUE",
    "PARSENUMBER",
    "PROPER",
    "RANGEMAX",
    "RANGEMID",
    "RANGEMIN",
    "SENIORITY",
    "T",
    "TOTEXT",
    "TRIM",
    "UPPER",
    "VALUE",
];

/// Functions that look for their other arguments in the first, or compare it with them.
const SEARCHING: [&str; 10] = [
    "BETWEEN",
    "CONTAINS",
    "CONTAINSALL",
    "CONTAINSWORD",
    "ENDSWITH",
    "EXACT",
    "ICONTAINS",
    "IN",
    "INCLUDES",
    "STARTSWITH",
];

/// Arguments that are searched, and arguments that they are searched for.
const SUBJECTS: [Role; 2] = [Role::Subject, Role::List];
const NEEDLES: [Role; 3] = [Role::Needle, Role::LooseNeedle, Role::Member];

/// Whether a function answers whether or where a needle is found.
fn has_needles(builtin: &Builtin) -> bool {
    let has = |roles: &[Role]| builtin.params.iter().any(|param| roles.contains(&param.role));
    matches!(builtin.returns.ty, Type::Boolean | Type::Number) && has(&SUBJECTS) && has(&NEEDLES)
}

/// What can be told of a formula, or of a name for it.
#[derive(Clone, Default)]
pub(super) struct Sides<'v> {
    /// The fields whose value it has, more or less.
    pub fields: BTreeSet<Field<'v>>,
    /// The values that are written out in it, where it is made of nothing else.
    pub literals: Vec<&'v Value<'static>>,
}

impl<'v> Gathering<'v> {
    /// Keeps what a node compares fields with.
    pub(super) fn compare(&mut self, node: &'v Node) {
        match &node.kind {
            NodeKind::Compare(op, sides) => {
                self.set_against(&sides.0, [&sides.1].into_iter());
                self.divide_at_zero(*op, &sides.0, &sides.1);
                self.divide_at_zero(op.mirrored(), &sides.1, &sides.0);
            }
            NodeKind::InList { needle_and_list: sides, .. } => {
                self.set_against(&sides.0, [&sides.1].into_iter());
            }
            NodeKind::InArms { needle, arms, .. } => {
                self.set_against(needle, arms.iter().map(|arm| &arm.node));
            }
            NodeKind::Switch { value, cases, .. } => {
                self.set_against(value, cases.iter().map(|case| &case.case));
            }
            NodeKind::Bucket { value, steps, .. } => {
                self.set_against(value, steps.iter().map(|step| &step.condition));
            }
            NodeKind::Call(builtin, args) if has_needles(builtin) => {
                let with = |roles: &[Role]| -> Vec<&'v Node> {
                    let role = |index: usize| builtin.param_of(index, args.len()).map(|param| param.role);
                    let has = |index: &usize| role(*index).is_some_and(|role| roles.contains(&role));
                    (0..args.len()).filter(has).map(|index| &args[index]).collect()
                };
                let needles = with(&NEEDLES);
                for subject in with(&SUBJECTS) {
                    self.set_against(subject, needles.iter().copied());
                }
            }
            NodeKind::Call(builtin, args) if SEARCHING.contains(&builtin.name) => {
                if let [first, others @ ..] = args.as_slice() {
                    self.set_against(first, others.iter());
                }
            }
            _ => {}
        }
    }

    /// Keeps of which fields a comparison tells numbers below 0 from 0: `Balance < 0`, `Balance >= 0`.
    fn divide_at_zero(&mut self, op: CompareOp, subject: &'v Node, bound: &'v Node) {
        let is_zero = matches!(bound.kind, NodeKind::Constant(Value::Number(0.0)));
        if is_zero && matches!(op, CompareOp::Less | CompareOp::GreaterOrEqual) {
            for field in self.sides(subject).fields {
                self.compared.entry(field).or_default().divides_at_zero = true;
            }
        }
    }

    /// Either side may be the field, and the other what is written out.
    fn set_against(&mut self, one: &'v Node, others: impl Iterator<Item = &'v Node>) {
        let one = self.sides(one);
        for other in others {
            let other = self.sides(other);
            for (fields, literals) in [(&one.fields, &other.literals), (&other.fields, &one.literals)] {
                for field in fields {
                    let known = self.compared.entry(field.clone()).or_default();
                    literals
                        .iter()
                        .filter(|literal| !is_empty(literal))
                        .for_each(|literal| known.add(literal));
                }
            }
        }
    }

    /// What a formula is when it is one side of a test.
    pub(super) fn sides(&self, node: &'v Node) -> Sides<'v> {
        let mut sides = Sides::default();
        match &node.kind {
            NodeKind::Constant(value) => sides.literals.push(value),
            NodeKind::List(nodes, _)
                if nodes.iter().all(|node| matches!(node.kind, NodeKind::Constant(_))) =>
            {
                nodes.iter().for_each(|node| sides.literals.extend(self.sides(node).literals));
            }
            NodeKind::Input(id) => {
                sides.fields.insert(Field::of(*id));
            }
            NodeKind::Column(id) => sides = self.columns[id.0 as usize].sides.clone(),
            NodeKind::Local(id) => sides = self.sides_in_scope.get(id).cloned().unwrap_or_default(),
            NodeKind::Access { base, steps } => {
                let outer = self.sides(base).fields;
                let within = fields(steps).unwrap_or_default();
                sides.fields = outer.iter().map(|field| field.within(&within)).collect();
            }
            NodeKind::AsNumber(inner) => sides = self.sides(inner),
            NodeKind::Rescue { value, .. } => sides = self.sides(&value.node),
            NodeKind::Coalesce(arms) => {
                for arm in arms.iter().take(MOST_FIELDS) {
                    sides.fields.extend(self.sides(&arm.node).fields);
                }
            }
            NodeKind::Call(builtin, args) if KEEPING.contains(&builtin.name) => {
                sides.fields = args.first().map(|first| self.sides(first).fields).unwrap_or_default();
            }
            _ => {}
        }
        sides
    }
}
