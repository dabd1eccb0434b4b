//! `||` of other languages: OR, a default, or joined text; and OR with a side that is no condition.

use super::expr::{Expr, Op};

/// A chain such as `a || '-' || b`, whose separators show that it joins text.
pub(super) fn chained(expr: Expr) -> Expr {
    let mut operands = Vec::new();
    operands_of(&expr, &mut operands);
    let Some((_, before)) = operands.split_last() else { return expr };
    let joins = !before.is_empty() && before.iter().any(is_separator);
    if joins { join(expr) } else { expr }
}

fn operands_of(expr: &Expr, found: &mut Vec<Expr>) {
    match expr {
        Expr::Binary(Op::Bars, left, right) => {
            operands_of(left, found);
            found.push((**right).clone());
        }
        other => found.push(other.clone()),
    }
}

fn join(expr: Expr) -> Expr {
    match expr {
        Expr::Binary(Op::Bars, left, right) => Expr::binary(Op::Join, join(*left), *right),
        other => other,
    }
}

/// A text without letters and digits.
fn is_separator(expr: &Expr) -> bool {
    matches!(expr, Expr::Text(text) if !text.chars().any(char::is_alphanumeric))
}

/// A text that continues another, such as `" Inc"`.
fn is_attached(expr: &Expr) -> bool {
    matches!(expr, Expr::Text(text) if text.starts_with(' ') || text.ends_with(' '))
}

/// Texts in a row: `"VP" || "Head"`.
pub(super) fn is_alternatives(expr: &Expr) -> bool {
    match expr {
        Expr::Text(text) => !text.is_empty(),
        Expr::Binary(Op::Bars | Op::Or, left, right) => is_alternatives(left) && is_alternatives(right),
        _ => false,
    }
}

/// Whether the sides of `OR` make it a default or a text rather than a condition.
pub(super) fn is_hardly_or(left: &Expr, right: &Expr) -> bool {
    let is_text = |expr: &Expr| matches!(expr, Expr::Text(_));
    let is_one_side = is_literal(right) || left.is_text();
    is_one_side && !left.is_condition() && !(is_text(left) && (is_literal(right) || right.is_condition()))
}

/// `A || B || 0`: the first of several columns that has a value, or a literal.
pub(super) fn default_after(names: &[Expr], otherwise: &Expr) -> Option<Expr> {
    let is_name = |one: &Expr| matches!(one, Expr::Atom(text) if text != "TRUE" && text != "FALSE");
    (is_literal(otherwise) && !names.iter().any(is_literal) && names.iter().all(is_name))
        .then(|| Expr::call("COALESCE", names.iter().chain([otherwise]).cloned().collect()))
}

/// The same where OR is an operator; of two operands, a text can be joined to the first.
pub(super) fn default_of_chain(left: &Expr, otherwise: &Expr) -> Option<Expr> {
    let mut names = Vec::new();
    operands_of_or(left, &mut names);
    if names.len() > 1 { default_after(&names, otherwise) } else { None }
}

/// The operands of a chain of OR.
pub(super) fn operands_of_or(expr: &Expr, found: &mut Vec<Expr>) {
    match expr {
        Expr::Binary(Op::Or | Op::Bars, left, right) => {
            operands_of_or(left, found);
            operands_of_or(right, found);
        }
        other => found.push(other.clone()),
    }
}

/// `||`: OR between conditions, a default after a name, `&` where text is joined.
pub(super) fn meant(left: Expr, right: Expr) -> Expr {
    let joins = matches!(left, Expr::Text(_) | Expr::Binary(Op::Join, ..));
    let is_call = matches!(left, Expr::Call(..)) && left.is_text();
    if is_alternatives(&left) && is_alternatives(&right) {
        Expr::binary(Op::Bars, left, right)
    } else if left.is_condition() || right.is_condition() {
        Expr::binary(Op::Or, left, right)
    } else if joins || is_attached(&right) || (is_call && !is_literal(&right)) {
        Expr::binary(Op::Join, left, right)
    } else if is_literal(&right) || matches!(right, Expr::Atom(_)) {
        // The default of a text that is no number.
        let reads = |name: &str| name == "VALUE" || name == "TRUNC";
        let function = match &left {
            Expr::Call(name, _) if reads(name) => "IFERROR",
            _ => "COALESCE",
        };
        Expr::call(function, vec![left, right])
    } else {
        Expr::binary(Op::Or, left, right)
    }
}

/// `Country = "US" OR "DE"`, where the second is no condition.
pub(super) fn conditions(op: Op, left: Expr, right: Expr) -> Expr {
    if op != Op::Or || !is_literal(&right) {
        return Expr::binary(op, left, right);
    }
    alternative(&left, &right).unwrap_or_else(|| Expr::binary(op, left, right))
}

/// A condition that also takes another value: `Country = "US"` with `"DE"`.
fn alternative(condition: &Expr, value: &Expr) -> Option<Expr> {
    match condition {
        Expr::Binary(op @ (Op::Or | Op::And), before, last) => {
            Some(Expr::binary(*op, (**before).clone(), alternative(last, value)?))
        }
        Expr::Binary(op, one, two) if op.is_comparison() => {
            let is_mirrored = is_literal(one) && !is_literal(two);
            let (subject, known) = if is_mirrored { (two, one) } else { (one, two) };
            match op {
                Op::NotEqual => {
                    let list = vec![(**known).clone(), value.clone()];
                    Some(Expr::In { value: subject.clone(), list, negated: true })
                }
                Op::Equal => {
                    let other = Expr::binary(Op::Equal, (**subject).clone(), value.clone());
                    Some(Expr::binary(Op::Or, condition.clone(), other))
                }
                _ if is_mirrored => None,
                _ => {
                    let other = Expr::binary(*op, (**subject).clone(), value.clone());
                    Some(Expr::binary(Op::Or, condition.clone(), other))
                }
            }
        }
        Expr::In { value: subject, list, negated } => {
            let list = list.iter().chain([value]).cloned().collect();
            Some(Expr::In { value: subject.clone(), list, negated: *negated })
        }
        Expr::Call(name, args) if name == "CONTAINS" && matches!(value, Expr::Text(_)) => {
            Some(Expr::Call(name.clone(), args.iter().chain([value]).cloned().collect()))
        }
        _ => None,
    }
}

fn is_literal(expr: &Expr) -> bool {
    match expr {
        Expr::Text(_) => true,
        Expr::Atom(text) => text.parse::<f64>().is_ok(),
        _ => false,
    }
}
