//! Numbers with separators, `1,000` and `1,5`, which are two arguments.

use crate::builtins::{Builtin, ParamKind, Role};
use crate::span::Span;
use crate::syntax::ast::{Expr, ExprKind, Factor};

/// A number that a comma divides into two arguments or more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Divided {
    /// Its place, from the first digit to the last.
    pub at: Span,
    /// `1000`
    pub instead: String,
    /// Whether the comma separates thousands rather than decimals.
    pub is_thousands: bool,
    /// The index of the argument that its first digits end.
    pub first: usize,
    /// Whether nothing else can have been meant.
    pub is_certain: bool,
}

/// The numbers in an argument list that may be divided by a comma.
pub(crate) fn divided(source: &str, args: &[Expr]) -> Vec<Divided> {
    let mut found: Vec<Divided> = Vec::new();
    let mut index = 0;
    while index + 1 < args.len() {
        let mut last = index;
        while last + 1 < args.len() && touches(source, &args[last], &args[last + 1]) {
            last += 1;
        }
        found.extend((last > index).then(|| joined(source, args, index, last)).flatten());
        index = last.max(index + 1);
    }
    found
}

/// The numbers of a call that fits its function and that a comma divides nevertheless, as the layout of the call or
/// the arguments of other kinds show.
pub(crate) fn misread(source: &str, builtin: Option<&'static Builtin>, args: &[Expr]) -> Vec<Divided> {
    let mut found = divided(source, args);
    if found.is_empty() {
        return found;
    }
    let is_gap_spaced = |pair: &[Expr]| {
        let gap = Span::new(pair[0].span.end as usize, pair[1].span.start as usize).of(source);
        gap.contains(char::is_whitespace)
    };
    let is_spaced = args.windows(2).any(is_gap_spaced);
    let repeated =
        |builtin: &Builtin| builtin.params.iter().filter(|param| param.kind == ParamKind::Repeated).count();
    // A list and a function that takes any number of values have no arity that would tell the two readings apart.
    let is_variadic = builtin.is_none_or(|builtin| repeated(builtin) == 1);
    let number_as_condition = builtin.is_some_and(|builtin| {
        args.iter().enumerate().any(|(index, arg)| {
            let param = builtin.param_of(index, args.len());
            matches!(arg.kind, ExprKind::Number(_))
                && param.is_some_and(|param| param.role == Role::Condition)
        })
    });
    found.retain(|one| one.is_certain || is_spaced && (is_variadic || number_as_condition));
    found
}

/// Whether a comma between two arguments is between digits, without a space; with one before `000`, which is how `fmt`
/// writes the second part of `1,000`.
fn touches(source: &str, one: &Expr, two: &Expr) -> bool {
    let (Some(_), Some(digits)) = (digits_at_end(source, one), digits_at_start(source, two)) else {
        return false;
    };
    let glued = one.span.end + 1 == two.span.start;
    let gap = Span::new(one.span.end as usize, two.span.start as usize).of(source);
    let digits = digits.of(source);
    glued || gap == ", " && digits.len() == 3 && digits.starts_with('0')
}

/// `Page Views > 1,000,000`: the number in the arguments `first` to `last`.
fn joined(source: &str, args: &[Expr], first: usize, last: usize) -> Option<Divided> {
    let start = digits_at_end(source, &args[first])?;
    let end = digits_at_start(source, &args[last])?;
    let at = start.to(end);
    let written = at.of(source);
    let groups: Vec<&str> = written.split(',').map(str::trim_start).collect();
    let (head, rest) = groups.split_first()?;
    let is_group = |group: &&str| group.split('.').next().is_some_and(|whole| whole.len() == 3);
    let is_thousands = *head != "0" && head.len() <= 3 && rest.iter().all(is_group);
    let tail = rest.last()?;
    let is_decimal = rest.len() == 1 && !tail.contains('.') && tail.contains(|digit: char| digit != '0');
    if !is_thousands && !is_decimal {
        return None;
    }
    let has_zero = rest.iter().any(|group| group.len() > 1 && group.starts_with('0'));
    // Multiplying by 1 changes nothing, so `x * 1,5` is not `x * 1` and `5`.
    let is_factor = matches!(*head, "0" | "1") && is_last_factor(&args[first]);
    let instead = groups.join(if is_thousands { "" } else { "." });
    Some(Divided { at, instead, is_thousands, first, is_certain: has_zero || is_factor })
}

/// The whole number that an expression ends with.
fn digits_at_end(source: &str, expr: &Expr) -> Option<Span> {
    let last = match &expr.kind {
        ExprKind::Number(_) => {
            let written = expr.span.of(source);
            return written.bytes().all(|byte| byte.is_ascii_digit()).then_some(expr.span);
        }
        ExprKind::Compare { rhs, .. } => rhs,
        ExprKind::Sign { operand, .. } => operand,
        ExprKind::Sum(terms) => &terms.last()?.1,
        ExprKind::Product(factors) => &factors.last()?.1,
        ExprKind::And { operands, .. } | ExprKind::Or { operands, .. } => operands.last()?,
        _ => return None,
    };
    digits_at_end(source, last).filter(|found| found.end == expr.span.end)
}

/// The number that an expression begins with.
fn digits_at_start(source: &str, expr: &Expr) -> Option<Span> {
    let first = match &expr.kind {
        ExprKind::Number(_) => {
            let written = expr.span.of(source);
            let is_plain = written.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
            return (is_plain && !written.starts_with('.')).then_some(expr.span);
        }
        ExprKind::Compare { lhs, .. } => lhs,
        ExprKind::Percent(operand) => operand,
        ExprKind::Sum(terms) => &terms.first()?.1,
        ExprKind::Product(factors) => &factors.first()?.1,
        ExprKind::And { operands, .. } | ExprKind::Or { operands, .. } => operands.first()?,
        _ => return None,
    };
    digits_at_start(source, first).filter(|found| found.start == expr.span.start)
}

/// Whether an expression ends with a multiplication by a literal.
fn is_last_factor(expr: &Expr) -> bool {
    match &expr.kind {
        ExprKind::Product(factors) => factors.last().is_some_and(|(op, _)| *op == Factor::Times),
        ExprKind::Sum(terms) => terms.last().is_some_and(|(_, term)| is_last_factor(term)),
        ExprKind::Compare { rhs, .. } => is_last_factor(rhs),
        _ => false,
    }
}

/// The numbers as they are written without separators: `` `1000` and `5000` ``.
pub(crate) fn instead_of(divided: &[Divided]) -> String {
    let mut numbers: Vec<String> = divided.iter().map(|one| format!("`{}`", one.instead)).collect();
    numbers.dedup();
    numbers.join(" and ")
}
