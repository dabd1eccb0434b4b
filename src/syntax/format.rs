//! How the smallest parts of a formula are spelled, and how tightly its parts hold together.

use super::ast::{Expr, ExprKind, InputPath, PathStep, Spelling};
use super::layout;
use super::lower::unquote;
use crate::value::number_text;
use pest::unicode::{XID_CONTINUE, XID_START};

/// The formula as text that parses to the same tree.
#[must_use]
pub fn print(expr: &Expr) -> String {
    layout::one_line(expr)
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
            '\t' => out.push_str("\\t"),
            // A backslash stays as it is, except where it would be read together with what follows.
            '\\' if chars.peek().is_none_or(|behind| "\\\"'nrtu\n\r\t".contains(*behind)) => {
                out.push_str("\\\\");
            }
            _ => out.push(next),
        }
    }
    out.push('"');
    out
}

/// Whether a name can be written without braces. After `let`, the rest would be the name of a private column.
#[must_use]
pub fn is_bare_name(name: &str) -> bool {
    let mut words = name.split(' ');
    let is_keyword = |word: &str| matches!(word, "AND" | "OR" | "NOT" | "IN");
    let first = words.next().unwrap_or_default();
    let starts = first.chars().next().is_some_and(|start| start == '_' || XID_START(start));
    let is_word = |word: &str| !word.is_empty() && word.chars().all(XID_CONTINUE) && !is_keyword(word);
    let is_boolean = name.eq_ignore_ascii_case("true") || name.eq_ignore_ascii_case("false");
    starts && first != "let" && !is_boolean && is_word(first) && words.all(is_word)
}

/// The name as a formula writes it: bare where it can be, else in double braces.
#[must_use]
pub fn bare_or_braced(name: &str) -> String {
    if is_bare_name(name) { name.to_owned() } else { braced(name) }
}

/// The name in double braces.
pub(super) fn braced(name: &str) -> String {
    // A brace at the end would be read as one of the two that close the name.
    let gap = if name.ends_with('}') { " " } else { "" };
    format!("{{{{{name}{gap}}}}}")
}

/// `company.offices[0].city`
#[must_use]
pub fn path_text(path: &InputPath) -> String {
    let steps = path.steps.iter().map(|step| match step {
        PathStep::Field(name) => format!(".{}", field_name(name)),
        PathStep::Index(index) => format!("[{index}]"),
    });
    std::iter::once(bare_or_braced(&path.key)).chain(steps).collect()
}

/// The name of a field as it is written after `.`: one word, or in double braces.
#[must_use]
pub fn field_name(name: &str) -> String {
    if is_bare_name(name) && !name.contains(' ') { name.to_owned() } else { braced(name) }
}

/// The name of a record's member: one word as it is, anything else as a text.
pub(crate) fn member_name(name: &str) -> String {
    let starts = name.chars().next().is_some_and(|start| start == '_' || XID_START(start));
    if starts && name.chars().all(XID_CONTINUE) { name.to_owned() } else { print_text(name) }
}

/// A number as it was written, with a digit before and behind its point and a small `e`.
pub(super) fn number_spelling(number: f64, written: Option<&str>) -> String {
    let Some(written) = written else { return number_text(number) };
    let lower = written.to_ascii_lowercase();
    let (mantissa, exponent) = lower.split_once('e').map_or((lower.as_str(), None), |(m, e)| (m, Some(e)));
    let mantissa = mantissa.strip_suffix('.').unwrap_or(mantissa);
    let zero = if mantissa.starts_with('.') { "0" } else { "" };
    let exponent =
        exponent.map_or(String::new(), |exponent| format!("e{}", exponent.trim_start_matches('+')));
    let spelled = format!("{zero}{mantissa}{exponent}");
    // Who writes a number out has a reason; the number itself must not change.
    let is_same = spelled.parse::<f64>().is_ok_and(|read| read.to_bits() == number.to_bits());
    if is_same { spelled } else { number_text(number) }
}

/// A text as it was written, in double quotes.
pub(super) fn text_spelling(text: &str, written: Option<&str>) -> String {
    let Some(written) = written else { return print_text(text) };
    let spelled = if written.starts_with('\'') { in_double_quotes(written) } else { written.to_owned() };
    if unquote(&spelled) == text { spelled } else { print_text(text) }
}

/// `'…'` as `"…"`; what was escaped stays so.
fn in_double_quotes(written: &str) -> String {
    let inside = written.get(1..written.len() - 1).unwrap_or_default();
    let mut out = String::from("\"");
    let mut chars = inside.chars().peekable();
    while let Some(next) = chars.next() {
        match next {
            '\\' => match chars.next() {
                Some('\'') => out.push('\''),
                Some(escaped) => out.extend(['\\', escaped]),
                None => out.push('\\'),
            },
            '\'' => {
                chars.next_if_eq(&'\'');
                out.push('\'');
            }
            '"' => out.push_str("\"\""),
            _ => out.push(next),
        }
    }
    out.push('"');
    out
}

/// How tightly an expression holds together; see the table of operators in the language page.
pub(super) fn level(kind: &ExprKind) -> u8 {
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
