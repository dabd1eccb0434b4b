//! What tokens alone can tell of a formula: brackets that don't pair, nesting without bound, marks that are never right.

use super::NESTING_LIMIT;
use super::tokens::{Token, TokenKind};
use crate::diagnostics::SyntaxError;
use crate::span::Span;

/// Checks one formula's tokens. Linear, and without recursion, so that it can stand before the grammar.
pub(super) fn check_structure(text: &str, tokens: &[Token]) -> Vec<SyntaxError> {
    if let Some(too_deep) = nesting(text, tokens) {
        return vec![too_deep];
    }
    let mut errors: Vec<SyntaxError> = tokens.iter().filter_map(|token| never_right(text, *token)).collect();
    // A text or name that runs to the end of its line has swallowed the brackets behind it.
    let swallowed = |token: &Token| matches!(token.kind, TokenKind::UnclosedText | TokenKind::UnclosedName);
    if !tokens.iter().any(swallowed) {
        errors.extend(brackets(text, tokens));
    }
    errors
}

/// The error of a token that is wrong wherever it stands.
fn never_right(text: &str, token: Token) -> Option<SyntaxError> {
    let at = token.span;
    let written = token.text(text);
    match token.kind {
        TokenKind::UnclosedText => {
            let quote = &written[..1];
            let quote_char = if quote == "'" { '\'' } else { '"' };
            let inside = written[1..].split([',', ')', quote_char]).next().unwrap_or_default().trim_end();
            let help = format!(
                "write {quote} where the text ends: `{quote}{inside}{quote}`; a line break inside a text is written `\\n`"
            );
            Some(SyntaxError::UnclosedText { at, help })
        }
        TokenKind::UnclosedName => {
            let (open, close) = if written.starts_with("{{") { ("{{", "}}") } else { ("{", "}") };
            let name = likely_name(written.trim_start_matches('{'));
            let help = format!("write `{close}` after the name, as in `{open}{name}{close}`");
            Some(SyntaxError::UnclosedName { at, help })
        }
        TokenKind::QuotedName if written.trim_matches(['{', '}']).trim().is_empty() => {
            Some(SyntaxError::EmptyName { at })
        }
        TokenKind::CurlyText => {
            let inside = written.trim_matches(['“', '”', '„', '‘', '’', '«', '»', '"', '\'']);
            Some(SyntaxError::SmartQuotes { at, help: format!("write straight quotes: `\"{inside}\"`") })
        }
        TokenKind::BracedColon => {
            let name = written.trim_matches(['{', '}']).trim().to_owned();
            Some(SyntaxError::ColonInName { name, at })
        }
        TokenKind::BraceList => {
            let inside = written.trim_matches(['{', '}']).trim().replace(';', ",");
            Some(SyntaxError::BraceList { at, instead: format!("[{inside}]") })
        }
        TokenKind::ErrorCode => {
            let help = if written.eq_ignore_ascii_case("#N/A") {
                "write `NA()` for this error; `ISNA(…)` and `IFNA(…, …)` detect it"
            } else {
                "a formula has no such value; `ISERROR(…)` and `IFERROR(…, …)` detect errors"
            };
            Some(SyntaxError::ErrorCode { code: written.to_owned(), at, help })
        }
        TokenKind::BlockComment => Some(SyntaxError::BlockComment { at }),
        _ => None,
    }
}

/// The part of an unclosed name that was probably meant: up to an operator, a comma or a bracket that it did not open.
fn likely_name(written: &str) -> &str {
    let mut depth = 0usize;
    let ends = |next: char| {
        match next {
            '(' => depth += 1,
            ')' if depth == 0 => return true,
            ')' => depth -= 1,
            _ => {}
        }
        matches!(next, ',' | '=' | '<' | '>' | '&' | '+' | '*' | '"' | '}' | '#')
    };
    let end = written.find(ends).unwrap_or(written.len());
    written[..end].trim()
}

/// The first bracket or prefix operator beyond the limit.
fn nesting(text: &str, tokens: &[Token]) -> Option<SyntaxError> {
    let mut outer: Vec<usize> = Vec::new();
    let mut depth = 0;
    // How many prefix operators stand before the operand that is being read.
    let mut prefixes = 0;
    let mut previous: Option<Token> = None;
    for token in tokens.iter().filter(|token| token.kind != TokenKind::Comment) {
        let operand_expected = previous.is_none_or(|previous| !previous.ends_operand(text));
        match token.kind {
            TokenKind::Open => {
                outer.push(depth);
                depth += prefixes + 1;
                prefixes = 0;
            }
            TokenKind::Close => {
                depth = outer.pop().unwrap_or(0);
                prefixes = 0;
            }
            _ if operand_expected && matches!(token.text(text), "NOT" | "!" | "-" | "+") => prefixes += 1,
            _ if token.ends_operand(text) => {}
            _ => prefixes = 0,
        }
        if depth + prefixes > NESTING_LIMIT {
            return Some(SyntaxError::NestedTooDeeply { limit: NESTING_LIMIT, at: token.span });
        }
        previous = Some(*token);
    }
    None
}

/// Brackets without a partner.
fn brackets(text: &str, tokens: &[Token]) -> Option<SyntaxError> {
    let mut open: Vec<(usize, Token)> = Vec::new();
    for (index, token) in tokens.iter().enumerate() {
        match token.kind {
            TokenKind::Open => open.push((index, *token)),
            TokenKind::Close => {
                let close = first_char(text, *token);
                let Some((_, opened)) = open.pop() else {
                    let open = opening(close);
                    return Some(SyntaxError::UnopenedBracket { close, open, at: token.span });
                };
                let wanted = closing(first_char(text, opened));
                if close != wanted {
                    return Some(SyntaxError::MismatchedBracket {
                        open: first_char(text, opened),
                        close,
                        wanted,
                        open_at: opened.span,
                        close_at: token.span,
                    });
                }
            }
            _ => {}
        }
    }
    unclosed(text, tokens, &open)
}

/// The error for brackets that are still open at the end, told for the outermost.
fn unclosed(text: &str, tokens: &[Token], open: &[(usize, Token)]) -> Option<SyntaxError> {
    let (index, outermost) = *open.first()?;
    let last = tokens.iter().rev().find(|token| token.kind != TokenKind::Comment)?;
    let function = index
        .checked_sub(1)
        .map(|before| tokens[before])
        .filter(|before| before.kind == TokenKind::Word && before.span.end == outermost.span.start);
    let at = function.map_or(outermost.span, |function| function.span.to(outermost.span));
    let closers: String = open.iter().rev().map(|(_, token)| closing(first_char(text, *token))).collect();
    let whole = &text[tokens.first()?.span.start as usize..last.span.end as usize];
    let help = if whole.len() <= 70 && !whole.contains('\n') {
        format!("write `{whole}{closers}`")
    } else {
        format!("write `{closers}` where it ends, at the latest at the end of the formula")
    };
    Some(SyntaxError::UnclosedBracket {
        open: at.of(text).to_owned(),
        at,
        end: Span::new(last.span.end as usize, last.span.end as usize),
        close: closing(first_char(text, outermost)),
        help,
    })
}

fn first_char(text: &str, token: Token) -> char {
    token.text(text).chars().next().unwrap_or(' ')
}

fn closing(open: char) -> char {
    match open {
        '(' => ')',
        '{' => '}',
        _ => ']',
    }
}

fn opening(close: char) -> char {
    match close {
        ')' => '(',
        '}' => '{',
        _ => '[',
    }
}
