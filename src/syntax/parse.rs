//! Parses one formula, finding as many mistakes in one pass as can be told apart.

use super::ast::Expr;
use super::explain_failure::explain_failure;
use super::lower::Lowering;
use super::structure::check_structure;
use super::tokens::{Token, TokenKind, tokenize};
use crate::diagnostics::{Diagnostic, SyntaxError};
use crate::span::Span;
use pest::Parser;
use pest::error::InputLocation;

pub(super) use grammar::Rule;

/// What pest makes of the grammar file.
mod grammar {
    #![allow(missing_docs, reason = "the grammar file documents its rules")]

    #[derive(pest_derive::Parser)]
    #[grammar = "../grammar/clay.pest"]
    pub(super) struct ClayGrammar;
}

/// After this many mistakes in one formula, the rest is left for the next run.
const MOST_ERRORS: usize = 20;

/// The tree of the formula at `span` of `source`, if it has no mistake, and all findings.
pub(crate) fn parse_at(source: &str, span: Span) -> (Option<Expr>, Vec<Diagnostic>) {
    let written = span.of(source);
    let tokens = shifted(tokenize(written), span);
    let structure = check_structure(source, &tokens);
    if !structure.is_empty() {
        return (None, structure.into_iter().map(Diagnostic::from).collect());
    }
    let first = match grammar::ClayGrammar::parse(Rule::formula, written) {
        Ok(mut pairs) => {
            let mut lowering = Lowering { source, offset: span.start as usize, findings: Vec::new() };
            let expression = pairs.next().and_then(|formula| formula.into_inner().next());
            let expr = expression.map(|pair| lowering.expression(pair).expr);
            let failed = lowering.findings.iter().any(|finding| !finding.is_warning());
            return (expr.filter(|_| !failed), lowering.findings);
        }
        Err(error) => error,
    };
    let errors = all_errors(source, span, tokens, offset_of(&first));
    (None, errors.into_iter().map(Diagnostic::from).collect())
}

fn shifted(mut tokens: Vec<Token>, by: Span) -> Vec<Token> {
    for token in &mut tokens {
        token.span = token.span.shifted(by.start as usize);
    }
    tokens
}

fn offset_of(error: &pest::error::Error<Rule>) -> usize {
    match error.location {
        InputLocation::Pos(at) | InputLocation::Span((at, _)) => at,
    }
}

/// Explains the failure, covers the argument around it with `0`, and parses again, so that the mistakes of several
/// arguments are told in one run. The cover has the length of the argument, so that spans hold.
fn all_errors(source: &str, span: Span, mut tokens: Vec<Token>, mut failed_at: usize) -> Vec<SyntaxError> {
    let start = span.start as usize;
    let mut covered = source.as_bytes().to_vec();
    let mut errors = Vec::new();
    loop {
        errors.push(explain_failure(source, &tokens, span, start + failed_at));
        let Some(hole) =
            argument_around(source, &tokens, start + failed_at).filter(|_| errors.len() < MOST_ERRORS)
        else {
            break;
        };
        covered[hole.range()].fill(b' ');
        covered[hole.start as usize] = b'0';
        let Ok(text) = std::str::from_utf8(&covered[span.range()]) else { break };
        let Err(error) = grammar::ClayGrammar::parse(Rule::formula, text) else { break };
        failed_at = offset_of(&error);
        tokens = shifted(tokenize(text), span);
    }
    errors
}

/// The innermost argument, list item or parenthesised part that holds the offset, blanks around it left off; of a
/// record, all of it, since an item without a key would be another mistake.
fn argument_around(source: &str, tokens: &[Token], at: usize) -> Option<Span> {
    let tokens: Vec<&Token> = tokens.iter().filter(|token| token.kind != TokenKind::Comment).collect();
    let index = tokens.iter().position(|token| token.span.end as usize > at).unwrap_or(tokens.len());
    if let Some(record) = record_around(source, &tokens, index) {
        return Some(record);
    }
    let ends_here = |token: &&&Token| matches!(token.kind, TokenKind::Comma | TokenKind::Close);
    let from = if tokens.get(index).as_ref().is_some_and(ends_here) { index.checked_sub(1)? } else { index };
    let first = edge(tokens[..=from.min(tokens.len().checked_sub(1)?)].iter().rev(), TokenKind::Open)?;
    let last = edge(tokens.get(from..)?.iter(), TokenKind::Close)?;
    (first.start < last.end).then(|| first.to(last))
}

/// The record that is the innermost bracket around the token at `index`.
fn record_around(source: &str, tokens: &[&Token], index: usize) -> Option<Span> {
    let is_open = |kind| kind == TokenKind::Open;
    let open = unpaired(tokens[..index].iter().rev().copied(), is_open)?;
    let close = unpaired(tokens.get(index..)?.iter().copied(), |kind| !is_open(kind))?;
    (open.text(source) == "{").then(|| open.span.to(close.span))
}

/// The first bracket of this kind, walking in one direction, whose partner is not on the way.
fn unpaired<'a>(
    tokens: impl Iterator<Item = &'a Token>,
    is_wanted: impl Fn(TokenKind) -> bool,
) -> Option<Token> {
    let mut depth = 0usize;
    for token in tokens.filter(|token| matches!(token.kind, TokenKind::Open | TokenKind::Close)) {
        match (is_wanted(token.kind), depth) {
            (true, 0) => return Some(*token),
            (true, _) => depth -= 1,
            (false, _) => depth += 1,
        }
    }
    None
}

/// The last token before the comma or bracket that ends an argument, walking away from its inside.
fn edge<'a>(tokens: impl Iterator<Item = &'a &'a Token>, outer: TokenKind) -> Option<Span> {
    let inner = if outer == TokenKind::Open { TokenKind::Close } else { TokenKind::Open };
    let mut depth = 0usize;
    let mut last = None;
    for token in tokens {
        if depth == 0 && (token.kind == outer || token.kind == TokenKind::Comma) {
            return last;
        }
        if token.kind == inner {
            depth += 1;
        } else if token.kind == outer {
            depth -= 1;
        }
        last = Some(token.span);
    }
    None
}
