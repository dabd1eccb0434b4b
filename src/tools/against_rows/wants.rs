//! What a node expects of the values of the nodes directly inside it.

use super::bench::Site;
use crate::builtins::{Builtin, Each};
use crate::check::{Addend, Arm, Node, NodeKind};
use crate::syntax::ast::{CompareOp, Sign};
use crate::types::Type;
use crate::value::{Clock, Date, Value, read_number};

/// What is expected of a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Want {
    /// A number.
    Number,
    /// A number, or text that PARSENUMBER reads.
    Amount,
    /// Numbers, or lists of them; text is skipped.
    Numbers,
    /// A date.
    Date,
    /// A number or a date.
    NumberOrDate,
    /// TRUE or FALSE.
    Condition,
}

/// What a node expects of the nodes inside it.
pub(super) fn wants<'r>(site: &Site<'r>, clock: &Clock) -> Vec<(Want, &'r Node)> {
    match &site.node.kind {
        NodeKind::Negate(node) | NodeKind::Percent(node) | NodeKind::AsNumber(node) => {
            vec![(Want::Number, node)]
        }
        NodeKind::Product(factors) => factors.iter().map(|(_, node)| (Want::Number, node)).collect(),
        NodeKind::Power(nodes) => nodes.iter().map(|node| (Want::Number, node)).collect(),
        NodeKind::Sum(addends) => of_sum(addends),
        NodeKind::Compare(op, sides) => {
            let (left, right) = (&sides.0, &sides.1);
            let wanted =
                |own: &'r Node, other: &Node| of_comparison(*op, other, clock).map(|want| (want, own));
            wanted(left, right).into_iter().chain(wanted(right, left)).collect()
        }
        NodeKind::Bucket { value, .. } => vec![(Want::Number, value)],
        NodeKind::Pick { index, .. } => vec![(Want::Number, index)],
        NodeKind::Choose { branches, .. } => {
            branches.iter().map(|branch| (Want::Condition, &branch.condition)).collect()
        }
        NodeKind::And(arms) | NodeKind::Or(arms) => conditions(arms),
        NodeKind::Not(node) => vec![(Want::Condition, node)],
        NodeKind::Each { each, list_and_body, .. } if *each != Each::Map => {
            vec![(Want::Condition, &list_and_body.1)]
        }
        NodeKind::Switch { value, cases, .. } => {
            let wanted = |own: &'r Node, other: &Node| match &other.kind {
                NodeKind::Constant(Value::Boolean(_)) => Some((Want::Condition, own)),
                _ => None,
            };
            let of_cases = cases.iter().filter_map(|case| wanted(&case.case, value));
            cases.iter().find_map(|case| wanted(value, &case.case)).into_iter().chain(of_cases).collect()
        }
        NodeKind::InArms { needle, arms, .. } => {
            let is_number = |arm: &Arm| matches!(arm.node.kind, NodeKind::Constant(Value::Number(_)));
            let all = !arms.is_empty() && arms.iter().all(is_number);
            if all { vec![(Want::Number, needle)] } else { Vec::new() }
        }
        NodeKind::Call(builtin, args) => of_call(builtin, args, clock),
        _ => Vec::new(),
    }
}

fn conditions(arms: &[Arm]) -> Vec<(Want, &Node)> {
    arms.iter().map(|arm| (Want::Condition, &arm.node)).collect()
}

/// A term beside a date is a date where one of them is taken off the other, else a number of days.
fn of_sum(addends: &[Addend]) -> Vec<(Want, &Node)> {
    let has_date = addends.iter().any(|addend| gives_date(&addend.node));
    let has_minus = addends.iter().any(|addend| addend.sign == Sign::Minus);
    let want = if has_date && !has_minus { Want::Number } else { Want::NumberOrDate };
    let constant = |node: &Node| matches!(node.kind, NodeKind::Constant(_));
    let two_dates = has_date && has_minus && !addends.iter().any(|addend| constant(&addend.node));
    addends.iter().map(|addend| (if two_dates { Want::Date } else { want }, &addend.node)).collect()
}

/// Whether a node is a date: by its type, or as a sum of a date and numbers.
pub(super) fn gives_date(node: &Node) -> bool {
    let NodeKind::Sum(addends) = &node.kind else { return node.ty == Type::Date };
    let signed =
        |sign| addends.iter().filter(|addend| addend.sign == sign && gives_date(&addend.node)).count();
    signed(Sign::Plus) == signed(Sign::Minus) + 1
}

/// What a value compared with `other` should be.
fn of_comparison(op: CompareOp, other: &Node, clock: &Clock) -> Option<Want> {
    let is_equality = matches!(op, CompareOp::Equal | CompareOp::NotEqual);
    match &other.kind {
        NodeKind::Constant(Value::Boolean(_)) => Some(Want::Condition),
        NodeKind::Constant(Value::Text(text)) => {
            let is_date = read_number(text).is_none() && Date::read(text, clock).is_some();
            is_date.then_some(Want::Date)
        }
        NodeKind::Constant(Value::Number(number)) if is_equality && (*number == 0.0 || *number == 1.0) => {
            Some(Want::Condition)
        }
        _ if gives_date(other) => Some(Want::Date),
        _ if other.ty == Type::Number => Some(Want::Number),
        _ => None,
    }
}

fn of_call<'r>(builtin: &'static Builtin, args: &'r [Node], clock: &Clock) -> Vec<(Want, &'r Node)> {
    let all = |want| args.iter().map(|arg| (want, arg)).collect();
    match builtin.name {
        "SUM" | "AVERAGE" | "MIN" | "MAX" | "MEDIAN" | "PRODUCT" => return all(Want::Numbers),
        "VALUE" | "NUMBERVALUE" => return args.iter().take(1).map(|arg| (Want::Number, arg)).collect(),
        "PARSENUMBER" => return all(Want::Amount),
        "XOR" => return all(Want::Condition),
        "N" => return all(Want::Number),
        "BETWEEN" => {
            let other = args.iter().skip(1).find_map(|arg| of_comparison(CompareOp::Less, arg, clock));
            return args.iter().take(1).filter_map(|arg| Some((other?, arg))).collect();
        }
        // These read texts of their own.
        "DATETIME_PARSE" | "TEXT" => return Vec::new(),
        _ => {}
    }
    let wanted = args.iter().enumerate().filter_map(|(index, arg)| {
        let want = match builtin.param_of(index, args.len())?.ty {
            Type::Number => Want::Number,
            Type::Date => Want::Date,
            Type::Boolean => Want::Condition,
            _ => return None,
        };
        Some((want, arg))
    });
    wanted.collect()
}
