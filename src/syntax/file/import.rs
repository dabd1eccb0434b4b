//! `use "shared.clay"`

use crate::diagnostics::{Diagnostic, UseError};
use crate::span::{Span, Spanned};
use crate::syntax::ast::UseDeclaration;
use crate::syntax::lower::unquote;
use crate::syntax::print_text;
use crate::syntax::tokens::{Token, TokenKind};
use std::path::Path;

/// The words that begin an import in other languages.
const WORDS: [&str; 3] = ["import", "include", "require"];

/// Whether a line imports a file, or tries to: `use` and a text, or a path without quotes, or the word of another language
/// and a path.
pub(super) fn is_use(text: &str, line: &[Token]) -> bool {
    if line.first().is_none_or(|first| first.kind != TokenKind::Word) {
        return false;
    }
    let code: Vec<&Token> = line.iter().filter(|token| token.kind != TokenKind::Comment).collect();
    let Some((first, rest)) = code.split_first() else { return false };
    let word = first.text(text);
    if word.eq_ignore_ascii_case("use") {
        return rest.first().is_some_and(|second| second.is_quoted())
            || word == "use" && is_bare_path(text, rest);
    }
    let is_path = |token: &&Token| {
        let path = token.text(text).trim_matches(['"', '\'']);
        token.is_quoted() && Path::new(path).extension().is_some_and(|ending| ending == "clay")
    };
    WORDS.contains(&word) && rest.iter().copied().any(|token| is_path(&token))
}

/// `lib/shared.clay`
fn is_bare_path(text: &str, rest: &[&Token]) -> bool {
    let [first, .., dot, ending] = rest else { return false };
    let has_assignment = rest.iter().any(|token| matches!(token.text(text), ":=" | "=" | "("));
    let is_file = (dot.text(text), ending.text(text)) == (".", "clay") && dot.span.end == ending.span.start;
    is_file && !has_assignment && first.text(text) != "."
}

/// Parses the tokens of one line.
pub(super) fn parse_use(
    text: &str,
    line: &[Token],
    findings: &mut Vec<Diagnostic>,
) -> Option<UseDeclaration> {
    let line: Vec<Token> = line.iter().copied().filter(|token| token.kind != TokenKind::Comment).collect();
    read_use(text, &line).map_err(|error| findings.push(error.into())).ok()
}

fn read_use(text: &str, line: &[Token]) -> Result<UseDeclaration, UseError> {
    let end = line.last().map_or(0, |last| last.span.end as usize);
    let expected = |wanted, token: Option<&Token>| UseError::InvalidUse {
        wanted,
        at: token.map_or(Span::new(end, end), |token| token.span),
        instead: instead(text, line),
    };
    if line.first().is_none_or(|first| first.text(text) != "use") {
        return Err(expected("`use`", line.first()));
    }
    let file = line.get(1).filter(|token| token.kind == TokenKind::Text);
    let file = file.ok_or_else(|| expected("a path in double quotes", line.get(1)))?;
    let path = unquote(file.text(text));
    if path.trim().is_empty() {
        return Err(expected("the path of a rule file", Some(file)));
    }
    if let Some(more) = line.get(2) {
        return Err(expected("the end of the line", Some(more)));
    }
    let span = line[0].span.to(file.span);
    Ok(UseDeclaration { file: Spanned::new(path, file.span), span, id: None })
}

/// The line that was probably meant.
fn instead(text: &str, line: &[Token]) -> String {
    const EXAMPLE: &str = "shared.clay";
    let quoted = line.iter().find(|token| token.is_quoted());
    let path = match quoted {
        Some(token) if token.kind == TokenKind::Text => unquote(token.text(text)),
        Some(token) => token.text(text).trim_matches(['"', '\'', '“', '”', '„', '‘', '’']).trim().to_owned(),
        None => match (line.get(1), line.last()) {
            (Some(first), Some(last)) => first.span.to(last.span).of(text).to_owned(),
            _ => EXAMPLE.to_owned(),
        },
    };
    format!("use {}", print_text(if path.trim().is_empty() { EXAMPLE } else { &path }))
}
