//! `blank "N/A", "-", "none"`

use crate::diagnostics::{Diagnostic, SyntaxError};
use crate::span::{Span, Spanned};
use crate::syntax::lower::unquote;
use crate::syntax::print_text;
use crate::syntax::tokens::{Token, TokenKind};

/// Whether a line lists texts that are read as Blank, or tries to.
pub(super) fn is_blank(text: &str, line: &[Token]) -> bool {
    line.first().is_some_and(|first| first.text(text) == "blank")
        && line.get(1).is_some_and(|second| second.is_quoted())
}

/// Parses the tokens of one line.
pub(super) fn parse_blank(
    text: &str,
    line: &[Token],
    findings: &mut Vec<Diagnostic>,
) -> Vec<Spanned<String>> {
    let line: Vec<Token> = line.iter().copied().filter(|token| token.kind != TokenKind::Comment).collect();
    read_blank(text, &line).unwrap_or_else(|error| {
        findings.push(error.into());
        Vec::new()
    })
}

/// The error about `blank N/A`, a list without quotes, which reads like a formula.
pub(super) fn without_quotes(text: &str, line: &[Token]) -> Option<SyntaxError> {
    let (first, second, last) = (line.first()?, line.get(1)?, line.last()?);
    let texts = second.span.to(last.span).of(text).split(',');
    let quoted: Vec<String> = texts.map(|written| in_quotes(written.trim())).collect();
    (first.text(text) == "blank").then(|| SyntaxError::InvalidBlank {
        wanted: "a text in double quotes",
        at: second.span,
        instead: format!("blank {}", quoted.join(", ")),
    })
}

/// A text in double quotes, which it can have already.
fn in_quotes(written: &str) -> String {
    let is_quoted = |quote: char| written.len() > 1 && written.starts_with(quote) && written.ends_with(quote);
    if is_quoted('"') || is_quoted('\'') { print_text(&unquote(written)) } else { print_text(written) }
}

fn read_blank(text: &str, line: &[Token]) -> Result<Vec<Spanned<String>>, SyntaxError> {
    let end = line.last().map_or(0, |last| last.span.end as usize);
    let expected = |wanted, token: Option<&Token>| SyntaxError::InvalidBlank {
        wanted,
        at: token.map_or(Span::new(end, end), |token| token.span),
        instead: "blank \"N/A\", \"-\", \"none\"".to_owned(),
    };
    let mut texts = Vec::new();
    let mut rest = line.get(1..).unwrap_or_default();
    loop {
        let token = rest.first().filter(|token| token.kind == TokenKind::Text);
        let token = token.ok_or_else(|| expected("a text in double quotes", rest.first()))?;
        texts.push(Spanned::new(unquote(token.text(text)), token.span));
        match rest.get(1) {
            None => return Ok(texts),
            Some(comma) if comma.kind == TokenKind::Comma => rest = &rest[2..],
            other => return Err(expected("`,` and another text, or the end of the line", other)),
        }
    }
}
