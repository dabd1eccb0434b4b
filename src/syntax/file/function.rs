//! `DECAYED(points: Number, step: Number = 5) := …` at the start of a line.

use super::definition::read_name;
use super::header::read_contract;
use super::input::unknown_type;
use crate::diagnostics::{Diagnostic, FunctionError};
use crate::span::{Span, Spanned};
use crate::syntax::ast::{FunctionDefinition, Parameter};
use crate::syntax::parse::parse_at;
use crate::syntax::tokens::{Token, TokenKind};
use crate::types::Type;

/// Where the parts of a definition are.
#[derive(Clone, Copy, Debug)]
pub(super) struct Signature {
    /// The name.
    pub name: Span,
    /// Between the parentheses.
    inside: Span,
    /// The byte after `:=`.
    pub formula_start: usize,
}

/// The signature that begins with the first of `tokens`: a word with `(` directly after it, and `:=` after the
/// matching `)`. A range in the parentheses makes it a column.
pub(super) fn signature(text: &str, tokens: &[Token]) -> Option<Signature> {
    let [name, open, ..] = tokens else { return None };
    let is_call = name.kind == TokenKind::Word
        && open.kind == TokenKind::Open
        && open.text(text) == "("
        && name.span.end == open.span.start;
    let close = matching(&tokens[1..]).filter(|_| is_call)? + 1;
    let assign = tokens.get(close + 1).filter(|token| token.text(text) == ":=")?;
    let inside = Span::new(open.span.end as usize, tokens[close].span.start as usize);
    let written = inside.of(text).trim();
    let is_range = read_contract(written).is_some()
        || written.starts_with(|first: char| first.is_ascii_digit() || first == '-');
    (!is_range).then_some(Signature { name: name.span, inside, formula_start: assign.span.end as usize })
}

/// The index of the token that closes the bracket that the first token opens.
fn matching(tokens: &[Token]) -> Option<usize> {
    let mut depth = 0usize;
    tokens.iter().position(|token| {
        match token.kind {
            TokenKind::Open => depth += 1,
            TokenKind::Close => depth = depth.saturating_sub(1),
            _ => {}
        }
        depth == 0
    })
}

/// Parses a definition; `formula` is where its formula is.
pub(super) fn parse_function(
    text: &str,
    tokens: &[Token],
    signature: Signature,
    formula: Option<Span>,
    findings: &mut Vec<Diagnostic>,
) -> FunctionDefinition {
    let name = Spanned::new(signature.name.of(text).to_ascii_uppercase(), signature.name);
    let inside: Vec<Token> =
        super::tokens_in(tokens, signature.inside.start as usize, signature.inside.end as usize)
            .filter(|token| token.kind != TokenKind::Comment)
            .collect();
    let (mut params, before) = (Vec::new(), findings.len());
    for part in parts(&inside) {
        let end = part.last().map_or(signature.inside.end, |last| last.span.end) as usize;
        match parameter(text, part, end, findings) {
            Ok(param) => params.push(param),
            Err(error) => findings.push(*error),
        }
    }
    // What a formula reads is unknown where a parameter is.
    let is_known = findings.len() == before;
    let body = formula.and_then(|formula| {
        let (body, found) = parse_at(text, formula);
        findings.extend(found);
        body.filter(|_| is_known)
    });
    if formula.is_none() {
        let at = Span::new(signature.formula_start, signature.formula_start);
        findings.push(FunctionError::InvalidFunction { wanted: "a formula after `:=`", at }.into());
    }
    let span = formula.map_or(signature.name, |formula| signature.name.to(formula));
    FunctionDefinition { name, params, body, span }
}

/// The tokens between the commas outside of brackets; a comma at the end adds nothing.
fn parts(tokens: &[Token]) -> Vec<&[Token]> {
    let mut depth = 0usize;
    let mut parts: Vec<&[Token]> = tokens
        .split(|token| {
            match token.kind {
                TokenKind::Open => depth += 1,
                TokenKind::Close => depth = depth.saturating_sub(1),
                _ => {}
            }
            token.kind == TokenKind::Comma && depth == 0
        })
        .collect();
    if parts.last().is_some_and(|last| last.is_empty()) {
        parts.pop();
    }
    parts
}

/// `name`, `name: TYPE`, `name: TYPE = FORMULA`. `end` is the byte after its last token.
fn parameter(
    text: &str,
    tokens: &[Token],
    end: usize,
    findings: &mut Vec<Diagnostic>,
) -> Result<Parameter, Box<Diagnostic>> {
    let is = |token: &Token, sign: &str| token.text(text) == sign;
    let expected = |wanted, at: Option<&Token>| {
        let at = at.map_or(Span::new(end, end), |token| token.span);
        Box::new(FunctionError::InvalidFunction { wanted, at }.into())
    };
    let equals = tokens.iter().position(|token| is(token, "=")).unwrap_or(tokens.len());
    let (declared, default) = tokens.split_at(equals);
    let colon = declared.iter().position(|token| is(token, ":")).unwrap_or(declared.len());
    let name = read_name(text, &declared[..colon]).ok_or_else(|| {
        let odd =
            declared.iter().find(|token| !matches!(token.kind, TokenKind::Word | TokenKind::NumberWord));
        expected("the name of a parameter", odd.or(declared.first()))
    })?;
    let ty = match &declared[colon..] {
        [] => None,
        [_, written] if written.kind == TokenKind::Word => {
            let ty = Type::named(written.text(text));
            let unknown = || Box::new(unknown_type(written.text(text), written.span).into());
            let ty = ty.ok_or_else(unknown)?;
            Some(Spanned::new(ty, written.span))
        }
        [_, rest @ ..] => return Err(expected("a type, such as Number", rest.first())),
    };
    let default = match default {
        [] => None,
        [_, first, ..] => {
            let (formula, found) = parse_at(text, Span::new(first.span.start as usize, end));
            findings.extend(found);
            formula
        }
        [_] => return Err(expected("a default after `=`", None)),
    };
    Ok(Parameter { name, ty, default })
}
