//! Properties of `HubSpot` in square brackets, such as `[properties.jobtitle]`, which are lists of one item here.

use super::expr::{Expr, Op};

/// An expression in which what surrounds a list of one property takes the property itself.
pub(super) fn read(expr: Expr) -> Expr {
    match expr {
        Expr::Binary(op, left, right) if takes_values(op, &left, &right) => {
            Expr::binary(op, alone(*left), alone(*right))
        }
        Expr::Call(name, mut args) if searches(&name) => {
            if let Some(first) = args.first_mut() {
                *first = alone(first.clone());
            }
            Expr::Call(name, args)
        }
        other => other,
    }
}

/// The property in brackets, and any other expression as it is.
pub(super) fn alone(expr: Expr) -> Expr {
    match expr {
        Expr::List(mut items) if items.len() == 1 && is_property(&items[0]) => items.remove(0),
        other => other,
    }
}

/// A name, or a field of one.
fn is_property(expr: &Expr) -> bool {
    match expr {
        Expr::Atom(name) => name.parse::<f64>().is_err() && !matches!(name.as_str(), "TRUE" | "FALSE"),
        Expr::Field(object, _) => is_property(object),
        _ => false,
    }
}

/// Whether an operator computes with both sides, or compares one with a literal.
fn takes_values(op: Op, left: &Expr, right: &Expr) -> bool {
    let is_literal = |side: &Expr| match side {
        Expr::Text(_) => true,
        Expr::Atom(text) => text.parse::<f64>().is_ok(),
        _ => false,
    };
    let computes = matches!(op, Op::Plus | Op::Minus | Op::Times | Op::Over);
    computes || (op.is_comparison() && (is_literal(left) || is_literal(right)))
}

/// Whether a function searches the text of its first argument.
fn searches(name: &str) -> bool {
    matches!(
        name.to_ascii_uppercase().as_str(),
        "CONTAINS" | "ICONTAINS" | "CONTAINSWORD" | "STARTSWITH" | "ENDSWITH"
    )
}
