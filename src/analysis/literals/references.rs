//! References in quotes: `"{{Job Title}}"`, and a text that is exactly the name of a column.

use super::uses::{Use, UseKind};
use crate::analysis::view::{Scope, View, call, is_literal, with_role};
use crate::builtins::{Group, Role};
use crate::diagnostics::{ArgumentLint, Diagnostic};
use crate::span::Span;
use crate::syntax::ast::{Expr, ExprKind};
use crate::syntax::{bare_or_braced, is_bare_name, print_text};

/// The finding for a text with `{{…}}` or `${…}` in it, or with a known name in braces. A text that is searched for may well be such a placeholder.
pub(super) fn template<'a>(view: &View<'a>, expr: &'a Expr, scope: &Scope<'a>) -> Option<Diagnostic> {
    let text = view.literal(expr)?;
    let is_known = |name: &str| view.is_name(name, scope);
    let pieces = pieces(text, &is_known)?;
    let name = pieces.iter().find_map(|(is_name, piece)| is_name.then_some(*piece))?;
    let joined: Vec<String> = pieces
        .iter()
        .map(|(is_name, piece)| if *is_name { bare_or_braced(piece) } else { print_text(piece) })
        .collect();
    let help = format!("write `{}`", joined.join(" & "));
    Some(reference(name, expr.span, help))
}

/// `Hello {{First Name}}` in pieces, each with whether it is a name. Nothing where it has no name.
fn pieces<'t>(text: &'t str, is_known: &dyn Fn(&str) -> bool) -> Option<Vec<(bool, &'t str)>> {
    let mut pieces = Vec::new();
    let mut rest = text;
    while let Some((open, length, close)) = next_braces(rest) {
        let name = rest[open + length..close.start].trim();
        if !is_reference(name) || (length == 1 && !is_known(name)) {
            return None;
        }
        if open > 0 {
            pieces.push((false, &rest[..open]));
        }
        pieces.push((true, name));
        rest = &rest[close.end..];
    }
    if !rest.is_empty() {
        pieces.push((false, rest));
    }
    Some(pieces)
}

/// Where the next name in braces begins, how long its opening is, and where its closing is.
fn next_braces(text: &str) -> Option<(usize, usize, std::ops::Range<usize>)> {
    let brace = text.find('{')?;
    let (open, length, close) = if text[brace..].starts_with("{{") {
        (brace, 2, "}}")
    } else if text[..brace].ends_with('$') {
        (brace - 1, 2, "}")
    } else {
        (brace, 1, "}")
    };
    let end = open + length + text[open + length..].find(close)?;
    Some((open, length, end..end + close.len()))
}

/// Whether a text can be the name of a column.
fn is_reference(name: &str) -> bool {
    let words = name.split_whitespace().count();
    (1..=6).contains(&words)
        && name.contains(char::is_alphabetic)
        && !name.contains(['{', '}', '"', ':', ','])
}

/// The finding for a literal on a side of a comparison, or in a list.
pub(super) fn compared<'a>(view: &View<'a>, expr: &'a Expr, scope: &Scope<'a>) -> Option<Diagnostic> {
    let (left, right, is_equality) = match &expr.kind {
        ExprKind::Compare { op, lhs, rhs } => (&**lhs, &**rhs, !op.value.is_ordering()),
        ExprKind::In { needle, list, .. } => (&**needle, &**list, false),
        _ => return None,
    };
    let [left_text, right_text] = [left, right].map(|side| view.literal(side));
    let is_name = |text: &str| view.is_name(text, scope);
    match (left_text, right_text) {
        (Some(left_text), _) if is_literal(right) => {
            // Both sides are literals, so one of them was meant to be a column: the left one, or the one that is known.
            let is_in = matches!(expr.kind, ExprKind::In { .. });
            let right_is_name = right_text.is_some_and(|text| {
                (is_name(text) && !is_name(left_text))
                    || (is_in && looks_like_column(text) && !looks_like_column(left_text))
            });
            let (text, at) =
                if right_is_name { (right_text.unwrap_or(left_text), right) } else { (left_text, left) };
            let name = unwrapped(text).unwrap_or(text);
            (is_name(name) || looks_like_column(name)).then(|| unquoted(name, at.span))
        }
        (None, Some(text)) if is_literal(left) && is_equality => {
            let name = unwrapped(text).unwrap_or(text);
            is_name(name).then(|| unquoted(name, right.span))
        }
        // `"Job Title" = Target Title`: a value may have the same text as a column, but then it is on the right.
        (Some(text), None) if is_equality && is_name(text) && text.contains(' ') => {
            Some(unquoted(text, left.span))
        }
        (Some(text), None) | (None, Some(text)) => {
            let name = in_braces(text).filter(|name| is_name(name))?;
            Some(unquoted(name, if left_text.is_some() { left.span } else { right.span }))
        }
        _ => None,
    }
}

/// The finding for a call whose arguments are all literals, where a column belongs: `LEN("Job Title")`.
pub(super) fn argument<'a>(view: &View<'a>, expr: &'a Expr, scope: &Scope<'a>) -> Option<Diagnostic> {
    let (builtin, args) = call(expr)?;
    let roles = [Role::Subject, Role::Measured, Role::Compared, Role::Tried, Role::Spelled, Role::Moment];
    let subject = roles.iter().find_map(|role| with_role(builtin, args, *role).next());
    let is_list = || with_role(builtin, args, Role::List).next().map(|(_, list)| list);
    let (subject, is_never_text) = match (subject, is_list()) {
        (Some((_, subject)), _) => (subject, false),
        (None, Some(list)) => (list, true),
        // `MAX("Score", 10)`, `HEADCOUNTBAND("Employee Count")`
        _ => {
            let is_text = |arg: &&Expr| view.literal(arg).is_some_and(looks_like_column);
            let counts = matches!(builtin.name, "MAX" | "MIN" | "SUM" | "AVERAGE" | "MEDIAN" | "COUNTA");
            let reads = builtin.group == Group::Market && args.len() == 1;
            (args.iter().find(is_text).filter(|_| counts || reads)?, counts && builtin.name != "COUNTA")
        }
    };
    let text = view.literal(subject)?;
    let is_tried = with_role(builtin, args, Role::Tried).next().is_some();
    let others_are_literals = args.iter().all(is_literal);
    let is_name = |name: &str| view.is_name(name, scope);
    let name = unwrapped(text).unwrap_or(text);
    let is_in_file = expr.span != Span::default() && view.is_named_rule();
    // Only the rest of the row makes `COALESCE("Unknown", Name)` a mistake of another kind.
    let is_alone = others_are_literals || is_never_text;
    let is_meant = is_name(name) || (is_alone && is_in_file && looks_like_column(name));
    (is_meant && (is_alone || is_tried)).then(|| unquoted(name, subject.span))
}

/// `"First Name" & " " & "Last Name"`: a text of literals alone, one of which is named as columns are.
pub(super) fn joined<'a>(view: &View<'a>, expr: &'a Expr, scope: &Scope<'a>) -> Option<Diagnostic> {
    let ExprKind::Join(parts) = &expr.kind else { return None };
    let is_meant = |text: &str| view.is_name(text, scope) || (looks_like_column(text) && text.contains(' '));
    let named = parts.iter().find(|part| view.literal(part).is_some_and(is_meant))?;
    let all_literals = parts.iter().all(is_literal) && view.is_named_rule();
    all_literals.then(|| unquoted(view.literal(named).unwrap_or_default(), named.span))
}

/// Whether a use of a text is a search for a placeholder: `CONTAINS(Body, "{{First Name}}")`.
pub(super) fn searches_placeholder(one: &Use<'_>) -> bool {
    matches!(one.kind, UseKind::Search(_)) && (one.text.contains("{{") || one.text.contains("${"))
}

/// `Job Title`: words that begin with a capital letter, as columns are named.
fn looks_like_column(text: &str) -> bool {
    let is_capital =
        |word: &str| word.starts_with(|first: char| first.is_uppercase() || first.is_ascii_digit());
    let small = ["of", "in", "to", "the", "and", "for", "at", "on", "is"];
    is_bare_name(text)
        && text.split(' ').all(|word| is_capital(word) || small.contains(&word))
        && text.contains(char::is_lowercase)
        && text.split(' ').count() <= 4
}

/// `{Industry}`, `/Industry`, `[Industry]`: the name inside.
fn unwrapped(text: &str) -> Option<&str> {
    let after_sign = || text.strip_prefix(['/', '$', '@']).filter(|name| looks_like_column(name));
    in_braces(text).or_else(after_sign)
}

fn in_braces(text: &str) -> Option<&str> {
    let text = text.trim();
    let inside = |open: &str, close: &str| text.strip_prefix(open)?.strip_suffix(close);
    let name = inside("{{", "}}").or_else(|| inside("{", "}")).or_else(|| inside("[", "]"))?;
    is_reference(name).then_some(name.trim())
}

fn unquoted(name: &str, at: Span) -> Diagnostic {
    reference(name, at, format!("write the column without quotes: `{}`", bare_or_braced(name)))
}

fn reference(name: &str, at: Span, help: String) -> Diagnostic {
    ArgumentLint::QuotedReference { name: name.to_owned(), at, help }.into()
}
