//! `decision Routing = "routing.csv" unique`

use super::definition::read_name;
use crate::diagnostics::{DecisionError, Diagnostic};
use crate::span::{Span, Spanned};
use crate::syntax::ast::{DecisionDeclaration, Policy};
use crate::syntax::lower::unquote;
use crate::syntax::tokens::{Token, TokenKind};

/// The word that begins the declaration.
const DECISION: &str = "decision";

/// Whether a line declares a decision table, or tries to: `decision`, a name, `=`, and a file.
pub(super) fn is_decision(text: &str, line: &[Token]) -> bool {
    let is = |token: &Token, word: &str| token.text(text) == word;
    let Some(first) = line.first().filter(|first| is(first, DECISION)) else { return false };
    let sign = line.iter().position(|token| is(token, "=") || is(token, ":=") || token.is_quoted());
    let is_named = sign.is_some_and(|sign| sign > 1) && line[1].span.start > first.span.end;
    let is_file = |at: usize| line[at..].windows(2).any(|pair| is(&pair[0], ".") && is(&pair[1], "csv"));
    is_named
        && sign.is_some_and(|sign| {
            line[sign..].iter().any(|token| token.is_quoted()) && !is(&line[sign], ":=") || is_file(sign)
        })
}

/// Parses the tokens of one declaration.
pub(super) fn parse_decision(
    text: &str,
    line: &[Token],
    findings: &mut Vec<Diagnostic>,
) -> Option<DecisionDeclaration> {
    let line: Vec<Token> = line.iter().copied().filter(|token| token.kind != TokenKind::Comment).collect();
    declaration(text, &line).map_err(|error| findings.push(error.into())).ok()
}

fn declaration(text: &str, line: &[Token]) -> Result<DecisionDeclaration, DecisionError> {
    let end = line.last().map_or(0, |last| last.span.end as usize);
    let expected = |wanted, at: usize| DecisionError::InvalidDecision {
        wanted,
        at: line.get(at).map_or(Span::new(end, end), |token| token.span),
    };
    let is = |at: usize, word: &str| line.get(at).is_some_and(|token| token.text(text) == word);
    let length = line[1..]
        .iter()
        .take_while(|token| !matches!(token.text(text), "=" | ":=") && token.kind != TokenKind::Text);
    let sign = 1 + length.count();
    let name = read_name(text, &line[1..sign]).ok_or_else(|| expected("a name for the table", 1))?;
    if !is(sign, "=") {
        return Err(expected("`=` and a file", sign));
    }
    let file = line.get(sign + 1).filter(|token| token.kind == TokenKind::Text);
    let file = file.ok_or_else(|| expected("the file in double quotes", sign + 1))?;
    let file = Spanned::new(unquote(file.text(text)), file.span);
    let policy = match line.get(sign + 2).map(|token| token.text(text)) {
        None | Some("first") => Policy::First,
        Some("unique") => Policy::Unique,
        Some("collect") => Policy::Collect,
        Some(_) => return Err(expected("`unique`, `collect`, or the end of the line", sign + 2)),
    };
    if line.len() > sign + 3 {
        return Err(expected("the end of the line", sign + 3));
    }
    let span = line[0].span.to(line[line.len() - 1].span);
    Ok(DecisionDeclaration { name, file, folder: String::new(), policy, span, loaded: None, formula: None })
}
