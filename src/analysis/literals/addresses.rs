//! Email addresses that are compared with the domain that they are meant to end with.

use crate::analysis::view::{View, builtin_of, read_name};
use crate::analysis::words;
use crate::diagnostics::{ArgumentLint, Diagnostic};
use crate::syntax::ast::{CompareOp, Expr, ExprKind};
use crate::syntax::print_text;

/// `Email = "gmail.com"`, `Email IN ["gmail.com", "yahoo.com"]`, `SWITCH(Email, "gmail.com", 0, 10)`
pub(super) fn domain_as_email(view: &View<'_>, expr: &Expr) -> Option<Diagnostic> {
    let (subject, values) = compared(expr)?;
    let name = read_name(subject).filter(|name| words::is_email(name))?;
    let domain = values.into_iter().find_map(|value| Some((value, domain(value)?)))?;
    let (literal, text) = domain;
    let (whole, own) = (expr.span.of(view.text), view.written(subject));
    let at = (subject.span.start - expr.span.start) as usize;
    let end = at + subject.span.of(view.text).len();
    let instead = format!("{}EMAILDOMAIN({own}){}", &whole[..at], &whole[end..]);
    let instead = instead.split_whitespace().collect::<Vec<_>>().join(" ");
    Some(
        ArgumentLint::DomainAsEmail {
            name: name.to_owned(),
            domain: print_text(text),
            at: literal.span,
            help: format!("compare the domain of the address: `{instead}`"),
        }
        .into(),
    )
}

/// What is compared, and the values that it is compared with.
fn compared(expr: &Expr) -> Option<(&Expr, Vec<&Expr>)> {
    match &expr.kind {
        ExprKind::Compare { op, lhs, rhs } if matches!(op.value, CompareOp::Equal | CompareOp::NotEqual) => {
            Some((lhs, vec![rhs]))
        }
        ExprKind::In { needle, list, .. } => match &list.kind {
            ExprKind::List(items) => Some((needle, items.iter().collect())),
            _ => None,
        },
        ExprKind::Call { args, .. } if builtin_of(expr).is_some_and(|builtin| builtin.name == "SWITCH") => {
            let (value, rest) = args.split_first()?;
            Some((value, rest.chunks_exact(2).map(|pair| &pair[0]).collect()))
        }
        _ => None,
    }
}

/// The text of a literal that is a domain under a public suffix.
fn domain(expr: &Expr) -> Option<&str> {
    let ExprKind::Text(text) = &expr.kind else { return None };
    let is_plain = !text.contains(['@', '/', ' ']) && text.contains('.');
    (is_plain && psl::domain_str(text).is_some_and(|domain| domain.len() == text.len())).then_some(text)
}
