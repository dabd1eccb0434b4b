//! `Name :=`, `Name (lo-hi) :=` and `let Name :=` at the start of a line.

use super::Heading;
use super::header::read_contract;
use super::private::{nameless, split_let};
use crate::diagnostics::{Diagnostic, SyntaxError};
use crate::span::{Span, Spanned};
use crate::syntax::format::is_bare_name;
use crate::syntax::lower::{bare_name, unbrace};
use crate::syntax::tokens::{Token, TokenKind};

/// The heading of a line that holds `:=`. Inside brackets only a proper name begins a column there: `:=` never
/// stands in a formula, so a bracket above it was left open.
pub(super) fn definition(
    text: &str,
    line: &[Token],
    depth: usize,
    findings: &mut Vec<Diagnostic>,
) -> Option<Heading> {
    let assign =
        line.iter().position(|token| token.kind == TokenKind::Operator && token.text(text) == ":=")?;
    let (is_private, left) = split_let(text, &line[..assign]);
    let (start, formula_start) = (line.first()?.span.start as usize, line[assign].span.end as usize);
    let heading = |name: Spanned<String>| Heading {
        name,
        contract: None,
        from_comment: false,
        is_private,
        start,
        formula_start,
    };
    let invalid_name = |written: &str, at: Span| invalid_name(written, is_private, at);
    let Some(last) = left.last() else {
        let error =
            if is_private { nameless(line[assign].span) } else { invalid_name("", line[0].span).into() };
        findings.push(error);
        return Some(heading(Spanned::new(String::new(), line[0].span)));
    };
    let whole = left[0].span.to(last.span);
    let open = left.iter().position(|token| token.kind == TokenKind::Open);
    let name_tokens = &left[..open.unwrap_or(left.len())];
    let name = read_name(text, name_tokens);
    let Some(open) = open else {
        if name.is_none() && depth == 0 {
            findings.push(invalid_name(whole.of(text), whole).into());
        }
        let name = name.or_else(|| (depth == 0).then(|| Spanned::new(whole.of(text).to_owned(), whole)))?;
        return Some(heading(name));
    };
    let range = left[open].span.to(last.span);
    let is_closed = last.kind == TokenKind::Close
        && left.iter().filter(|token| token.kind == TokenKind::Open).count() == 1;
    if !is_closed {
        return None;
    }
    let inside = range.of(text).trim_matches(['(', ')', '[', ']', '{', '}']);
    let mut heading = heading(name.unwrap_or(Spanned::new(whole.of(text).to_owned(), whole)));
    match read_contract(inside) {
        Some(contract) => heading.contract = Some(Spanned::new(contract, range)),
        None if inside.starts_with(|first: char| first.is_ascii_digit() || first == '-') => {
            findings.push(SyntaxError::InvalidContract { text: inside.to_owned(), at: range }.into());
        }
        None => findings.push(invalid_name(whole.of(text), whole).into()),
    }
    Some(heading)
}

fn invalid_name(written: &str, is_private: bool, at: Span) -> SyntaxError {
    let word = if is_private { "let " } else { "" };
    let typed = written.split_once(':').map(|(name, _)| name.trim()).filter(|name| is_bare_name(name));
    let help = match typed {
        _ if written.is_empty() => "write the column's name before it: `Lead Tier := …`".to_owned(),
        Some(name) => format!("write the name without a type: `{word}{name} := …`"),
        None => {
            let name = written.strip_prefix('{').and_then(|rest| rest.strip_suffix('}')).unwrap_or(written);
            format!("write it in braces: `{word}{{{{{}}}}} := …`", name.trim())
        }
    };
    SyntaxError::InvalidColumnName { text: written.to_owned(), help, at }
}

/// The name that these tokens spell, if they are one name and nothing else.
pub(super) fn read_name(text: &str, tokens: &[Token]) -> Option<Spanned<String>> {
    let slash = tokens.first().is_some_and(|first| first.text(text) == "/");
    let tokens = if slash { &tokens[1..] } else { tokens };
    let (first, last) = (tokens.first()?, tokens.last()?);
    let span = first.span.to(last.span);
    if tokens.len() == 1 && first.kind == TokenKind::QuotedName {
        let name = unbrace(first.text(text));
        return (!name.is_empty()).then(|| Spanned::new(name, span));
    }
    let name = bare_name(span.of(text));
    is_bare_name(&name).then(|| Spanned::new(name, span))
}
