//! The printed form of a tree: one line, canonical spellings, only the parentheses it needs.

use super::ast::{Accessor, Expr, ExprKind, Factor, Sign, Spelling};
use crate::value::number_text;
use pest::unicode::{XID_CONTINUE, XID_START};

/// The formula as text that parses to the same tree.
#[must_use]
pub fn print(expr: &Expr) -> String {
    let mut out = String::new();
    write_expr(&mut out, expr, 0);
    out
}

/// A number as a formula writes it.
#[must_use]
pub fn print_number(number: f64) -> String {
    number_text(number)
}

/// A text as a formula writes it, in double quotes.
#[must_use]
pub fn print_text(text: &str) -> String {
    let mut out = String::from("\"");
    let mut chars = text.chars().peekable();
    while let Some(next) = chars.next() {
        match next {
            '"' => out.push_str("\"\""),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            // A backslash stays as it is, except where it would be read together with what follows.
            '\\' if chars.peek().is_none_or(|behind| "\\\"'nrtu\n\r".contains(*behind)) => {
                out.push_str("\\\\");
            }
            _ => out.push(next),
        }
    }
    out.push('"');
    out
}

/// Whether a name can be written without braces.
#[must_use]
pub fn is_bare_name(name: &str) -> bool {
    let mut words = name.split(' ');
    let is_keyword = |word: &str| matches!(word, "AND" | "OR" | "NOT" | "IN");
    let first = words.next().unwrap_or_default();
    let starts = first.chars().next().is_some_and(|start| start == '_' || XID_START(start));
    let is_word = |word: &str| !word.is_empty() && word.chars().all(XID_CONTINUE) && !is_keyword(word);
    let is_boolean = name.eq_ignore_ascii_case("true") || name.eq_ignore_ascii_case("false");
    starts && !is_boolean && is_word(first) && words.all(is_word)
}

/// The name as a formula writes it: bare where it can be, else in double braces.
#[must_use]
pub fn bare_or_braced(name: &str) -> String {
    if is_bare_name(name) { name.to_owned() } else { format!("{{{{{name}}}}}") }
}

/// How tightly an expression holds together; see the table of operators in the language page.
fn level(kind: &ExprKind) -> u8 {
    match kind {
        ExprKind::Or { spelling: Spelling::Infix, operands } if operands.len() > 1 => 1,
        ExprKind::And { spelling: Spelling::Infix, operands } if operands.len() > 1 => 2,
        ExprKind::Not { spelling: Spelling::Infix, .. } => 3,
        ExprKind::Compare { .. } | ExprKind::In { .. } => 4,
        ExprKind::Join(_) => 5,
        ExprKind::Sum(_) => 6,
        ExprKind::Product(_) => 7,
        ExprKind::Power(_) => 8,
        ExprKind::Sign { .. } => 9,
        ExprKind::Percent(_) => 10,
        ExprKind::Number(number) if number.is_sign_negative() => 9,
        ExprKind::Access { .. } => 11,
        _ => 12,
    }
}

/// Writes `expr`, in parentheses if it holds together less tightly than `at_least`.
fn write_expr(out: &mut String, expr: &Expr, at_least: u8) {
    let parenthesised = level(&expr.kind) < at_least;
    if parenthesised {
        out.push('(');
    }
    write_kind(out, &expr.kind);
    if parenthesised {
        out.push(')');
    }
}

fn write_kind(out: &mut String, kind: &ExprKind) {
    match kind {
        ExprKind::Number(number) => out.push_str(&number_text(*number)),
        ExprKind::Text(text) => out.push_str(&print_text(text)),
        ExprKind::Boolean(boolean) => out.push_str(if *boolean { "TRUE" } else { "FALSE" }),
        ExprKind::Name(name) => out.push_str(&bare_or_braced(name)),
        ExprKind::List(items) => bracketed(out, "[", items, "]"),
        ExprKind::Sign { op, operand } => {
            out.push(sign(*op));
            write_expr(out, operand, 9);
        }
        ExprKind::Percent(operand) => {
            write_expr(out, operand, 10);
            out.push('%');
        }
        ExprKind::Not { operand, spelling: Spelling::Infix } => {
            let mut inner = String::new();
            write_expr(&mut inner, operand, 3);
            // `NOT (` is the function, which its own parenthesis closes.
            if inner.starts_with('(') {
                bracketed(out, "NOT(", std::slice::from_ref(operand), ")");
            } else {
                out.push_str("NOT ");
                out.push_str(&inner);
            }
        }
        ExprKind::Not { operand, spelling: Spelling::Call } => {
            bracketed(out, "NOT(", std::slice::from_ref(operand), ")");
        }
        ExprKind::And { operands, spelling } => logic(out, "AND", operands, *spelling, 3),
        ExprKind::Or { operands, spelling } => logic(out, "OR", operands, *spelling, 2),
        ExprKind::Compare { op, lhs, rhs } => {
            write_expr(out, lhs, 5);
            out.push_str(&format!(" {} ", op.value.symbol()));
            write_expr(out, rhs, 5);
        }
        ExprKind::In { needle, list, negated } => {
            write_expr(out, needle, 5);
            out.push_str(if *negated { " NOT IN " } else { " IN " });
            write_expr(out, list, 5);
        }
        ExprKind::Join(operands) => separated(out, operands.iter(), " & ", 6),
        ExprKind::Power(operands) => separated(out, operands.iter(), " ^ ", 9),
        ExprKind::Sum(terms) => {
            for (index, (op, term)) in terms.iter().enumerate() {
                if index > 0 {
                    out.push_str(&format!(" {} ", sign(*op)));
                }
                write_expr(out, term, 7);
            }
        }
        ExprKind::Product(factors) => {
            for (index, (op, factor)) in factors.iter().enumerate() {
                if index > 0 {
                    out.push_str(if *op == Factor::Times { " * " } else { " / " });
                }
                write_expr(out, factor, 8);
            }
        }
        ExprKind::Call { function, args } => {
            bracketed(out, &format!("{}(", function.value.to_ascii_uppercase()), args, ")");
        }
        ExprKind::Let { bindings, body } => {
            out.push_str("LET(");
            for binding in bindings {
                out.push_str(&bare_or_braced(&binding.name.value));
                out.push_str(", ");
                write_expr(out, &binding.value, 0);
                out.push_str(", ");
            }
            write_expr(out, body, 0);
            out.push(')');
        }
        ExprKind::Access { base, path } => {
            // `5.a` would begin with the number `5.`.
            let is_number = matches!(base.kind, ExprKind::Number(_));
            write_expr(out, base, if is_number { 13 } else { 12 });
            path.iter().for_each(|accessor| write_accessor(out, accessor));
        }
    }
}

fn write_accessor(out: &mut String, accessor: &Accessor) {
    match accessor {
        Accessor::Field(name) => {
            out.push('.');
            let one_word = is_bare_name(&name.value) && !name.value.contains(' ');
            out.push_str(&if one_word { name.value.clone() } else { format!("{{{{{}}}}}", name.value) });
        }
        Accessor::Index(index) => bracketed(out, "[", std::slice::from_ref(index), "]"),
    }
}

fn sign(sign: Sign) -> char {
    if sign == Sign::Minus { '-' } else { '+' }
}

fn logic(out: &mut String, word: &str, operands: &[Expr], spelling: Spelling, at_least: u8) {
    if spelling == Spelling::Call || operands.len() < 2 {
        bracketed(out, &format!("{word}("), operands, ")");
    } else {
        separated(out, operands.iter(), &format!(" {word} "), at_least);
    }
}

fn bracketed(out: &mut String, open: &str, items: &[Expr], close: &str) {
    out.push_str(open);
    separated(out, items.iter(), ", ", 0);
    out.push_str(close);
}

fn separated<'a>(out: &mut String, items: impl Iterator<Item = &'a Expr>, separator: &str, at_least: u8) {
    for (index, item) in items.enumerate() {
        if index > 0 {
            out.push_str(separator);
        }
        write_expr(out, item, at_least);
    }
}
