//! `Score // 2`, where the sign that divides in Python begins a comment.

use crate::diagnostics::{Diagnostic, Lint};
use crate::syntax::tokens::{Token, TokenKind};

/// The finding for the only comment of a file that is a number after `//`, where it ends a formula.
pub(super) fn lint(text: &str, tokens: &[Token]) -> Option<Diagnostic> {
    let mut comments =
        tokens.iter().enumerate().filter_map(|(index, token)| Some((index, divisor(text, *token)?)));
    let (index, divisor) = comments.next()?;
    if comments.next().is_some() || !ends_formula(text, tokens, index) {
        return None;
    }
    let before = tokens[..index].last()?;
    let dividend = tokens[dividend(text, &tokens[..index])?].span.to(before.span).of(text);
    let line = &text[before.span.end as usize..tokens[index].span.start as usize];
    if line.contains('\n') {
        return None;
    }
    let help = format!("to divide, write `INT({dividend} / {divisor})`; for a comment, write `# {divisor}`");
    Some(Lint::GluedComment { opener: "//", help, at: tokens[index].span }.into())
}

/// The number that a comment consists of, unless it looks like a year.
fn divisor(text: &str, token: Token) -> Option<&str> {
    let number = token.text(text).strip_prefix("//").filter(|_| token.kind == TokenKind::Comment)?.trim();
    let is_divisor = |value: f64| value != 0.0 && !(1900.0..2100.0).contains(&value);
    number.parse::<f64>().is_ok_and(is_divisor).then_some(number)
}

/// Whether the code after a comment, if there is any, begins with a name or number: another formula.
fn ends_formula(text: &str, tokens: &[Token], comment: usize) -> bool {
    let next = tokens[comment + 1..].iter().find(|token| token.kind != TokenKind::Comment);
    next.is_none_or(|next| {
        matches!(next.kind, TokenKind::Word | TokenKind::QuotedName)
            && !matches!(next.text(text), "AND" | "OR" | "IN" | "NOT")
    })
}

/// The token with which the factors and names before a division begin.
fn dividend(text: &str, tokens: &[Token]) -> Option<usize> {
    let mut first = None;
    let mut at = tokens.len();
    while let Some(operand) = operand(text, &tokens[..at]) {
        first = Some(operand);
        let is_factor = |token: &Token| matches!(token.text(text), "." | "*" | "/" | "^");
        match operand.checked_sub(1).filter(|before| is_factor(&tokens[*before])) {
            Some(before) => at = before,
            None => break,
        }
    }
    first
}

/// The token with which the last value begins.
fn operand(text: &str, tokens: &[Token]) -> Option<usize> {
    let mut at = tokens.len().checked_sub(1)?;
    if !tokens[at].ends_operand(text) {
        return None;
    }
    if tokens[at].kind == TokenKind::Close {
        let mut depth = 0usize;
        while depth != 1 || tokens[at].kind != TokenKind::Open {
            match tokens[at].kind {
                TokenKind::Close => depth += 1,
                TokenKind::Open => depth -= 1,
                _ => {}
            }
            at = at.checked_sub(1)?;
        }
        let calls = |name: &usize| {
            tokens[*name].kind == TokenKind::Word && tokens[*name].span.end == tokens[at].span.start
        };
        return Some(at.checked_sub(1).filter(calls).unwrap_or(at));
    }
    let is_word =
        |token: &Token| matches!(token.kind, TokenKind::Word | TokenKind::Number) && token.ends_operand(text);
    while at > 0 && is_word(&tokens[at]) && is_word(&tokens[at - 1]) {
        at -= 1;
    }
    Some(at)
}
