//! Texts in place of lists, positions that count from 0, and `.length`.

use super::uses::Use;
use crate::analysis::view::{Scope, View, call, number, with_role};
use crate::builtins::Role;
use crate::diagnostics::{ArgumentLint, Diagnostic};
use crate::syntax::ast::{Accessor, Expr, ExprKind};
use crate::syntax::print_text;
use crate::types::Type;

/// The most words of one item of a list.
const MOST_WORDS: usize = 3;

/// `CONTAINS(Job Title, "VP, Head, Chief")`
pub(super) fn needle(view: &View<'_>, one: &Use<'_>) -> Option<Diagnostic> {
    let (builtin, _) = one.call.filter(|_| one.kind.is_needle())?;
    if builtin.params.iter().any(|param| param.role == Role::Replacement) {
        return None;
    }
    let parts = items(one.text)?;
    let is_list = parts.len() > 2 || one.text.contains([';', '\n']) || one.text.contains(" OR ");
    is_list.then(|| {
        let subject = view.written(one.other);
        let why = "found only where the whole text occurs, separators included";
        finding(one.at, parts.len(), why, format!("{}({subject}, {})", builtin.name, quoted(&parts)))
    })
}

/// `Country IN "US, Germany"`, `Country IN ["US, Germany"]`, `IN(Country, "US, Germany")`
pub(super) fn member<'a>(view: &View<'a>, expr: &'a Expr, scope: &Scope<'a>) -> Option<Diagnostic> {
    let (needle, list, operator) = match &expr.kind {
        ExprKind::In { needle, list, negated } => {
            (&**needle, &**list, if *negated { "NOT IN" } else { "IN" })
        }
        ExprKind::Call { .. } => {
            let (builtin, args) = call(expr)?;
            let [value, list] = args else { return None };
            let is_in = with_role(builtin, args, Role::Compared).next().is_some()
                && with_role(builtin, args, Role::Candidate).next().is_some();
            if !is_in {
                return None;
            }
            (value, list, "IN")
        }
        _ => return None,
    };
    let text = match &view.resolve(list, scope).kind {
        ExprKind::Text(text) => text.as_str(),
        ExprKind::List(items) => match items.as_slice() {
            [item] => view.text_of(item, scope)?,
            _ => return None,
        },
        _ => return None,
    };
    let parts = items(text)?;
    let instead = format!("{} {operator} [{}]", view.written(needle), quoted(&parts));
    Some(finding(list, parts.len(), "compared as a whole, separators included", instead))
}

fn finding(at: &Expr, count: usize, why: &'static str, instead: String) -> Diagnostic {
    ArgumentLint::ListAsText { count, at: at.span, why, instead }.into()
}

fn quoted(parts: &[&str]) -> String {
    parts.iter().map(|part| print_text(part)).collect::<Vec<_>>().join(", ")
}

/// The short texts that separators divide a text into; nothing where it is not a list.
fn items(text: &str) -> Option<Vec<&str>> {
    let separator = [";", "\n", ",", " OR "].into_iter().find(|separator| text.contains(separator))?;
    let parts: Vec<&str> = text.split(separator).map(str::trim).filter(|part| !part.is_empty()).collect();
    let is_item =
        |part: &&str| part.contains(char::is_alphabetic) && part.split_whitespace().count() <= MOST_WORDS;
    (parts.len() > 1 && parts.iter().all(is_item)).then_some(parts)
}

/// `AT(Tags, 0)`, `MID(Phone, 0, 3)`
pub(super) fn position(view: &View<'_>, expr: &Expr) -> Option<Diagnostic> {
    let (builtin, args) = call(expr)?;
    let (index, arg) = with_role(builtin, args, Role::Position).next()?;
    (number(arg) == Some(0.0)).then(|| {
        let mut texts: Vec<String> = args.iter().map(|arg| view.written(arg)).collect();
        "1".clone_into(&mut texts[index]);
        let instead = format!("{}({})", builtin.name, texts.join(", "));
        ArgumentLint::PositionZero { function: builtin.name, at: arg.span, instead }.into()
    })
}

/// `Tags.length`
pub(super) fn length(view: &View<'_>, expr: &Expr) -> Option<Diagnostic> {
    let ExprKind::Access { base, path } = &expr.kind else { return None };
    let [Accessor::Field(field)] = path.as_slice() else { return None };
    let is_property = matches!(field.value.as_str(), "length" | "Length");
    let is_declared = matches!(&base.kind, ExprKind::Name(name) if view.is_declared_as(name, Type::Record));
    (is_property && !is_declared && matches!(base.kind, ExprKind::Name(_))).then(|| {
        ArgumentLint::LengthField { field: field.value.clone(), at: field.span, base: view.written(base) }
            .into()
    })
}
