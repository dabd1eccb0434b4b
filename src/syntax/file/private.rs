//! `let NAME := FORMULA`: a column that is computed for other formulas and not written out.

use super::Heading;
use super::Item;
use super::definition::read_name;
use crate::diagnostics::{Diagnostic, SyntaxError};
use crate::span::Span;
use crate::syntax::format::bare_or_braced;
use crate::syntax::tokens::{Token, TokenKind};

/// The word that begins the definition of a private column.
pub(super) const LET: &str = "let";
/// The words that begin a definition in other languages.
const WORDS: [&str; 3] = [LET, "const", "var"];

/// Splits `let` off what precedes `:=`.
pub(super) fn split_let<'t>(text: &str, left: &'t [Token]) -> (bool, &'t [Token]) {
    match left.split_first() {
        Some((first, rest)) if first.kind == TokenKind::Word && first.text(text) == LET => (true, rest),
        _ => (false, left),
    }
}

/// The item of a line outside of brackets that begins like a private column and has no `:=`. What is wrong with it is a
/// finding.
pub(super) fn without_assignment(
    text: &str,
    line: &[Token],
    is_rule: bool,
    findings: &mut Vec<Diagnostic>,
) -> Option<Item> {
    let code: Vec<Token> = line.iter().copied().filter(|token| token.kind != TokenKind::Comment).collect();
    let (first, rest) = code.split_first()?;
    let is_let = first.kind == TokenKind::Word && first.text(text) == LET;
    let has = |sign: &str| rest.iter().any(|token| token.text(text) == sign);
    let (start, end) = (first.span.start as usize, code.last()?.span.end as usize);
    if has(":=") {
        return None;
    }
    if is_let && rest.first().is_some_and(|second| second.text(text) == "input") && has(":") {
        let written = &text[rest[0].span.start as usize..end];
        findings.push(invalid(
            "a name, not `input`",
            rest[0].span,
            format!("remove `let`, since inputs are not written out: `{written}`"),
        ));
        return Some(Item::Input { start, end });
    }
    if is_let && rest.iter().all(is_part_of_name) {
        let name = read_name(text, rest);
        let shown = name.as_ref().map_or("Base Points".to_owned(), |name| bare_or_braced(&name.value));
        let (wanted, at) = match rest.last() {
            Some(last) => ("`:=` and a formula", last.span.end),
            None => ("a name, `:=` and a formula", first.span.end),
        };
        let help = format!(
            "write `let {shown} := …`; to read a column of the row with this name, write `{{{{{}}}}}`",
            Span::new(start, end).of(text)
        );
        findings.push(invalid(wanted, Span::new(at as usize, at as usize), help));
        return Some(Item::Unfinished { name, start, end });
    }
    if is_rule { binding(text, &code, findings).map(Item::Column) } else { None }
}

/// `const RATE = 0.2`, as in other languages.
fn binding(text: &str, code: &[Token], findings: &mut Vec<Diagnostic>) -> Option<Heading> {
    let (first, rest) = code.split_first()?;
    let name_length = rest.iter().take_while(|token| is_part_of_name(token)).count();
    let name = read_name(text, &rest[..name_length])?;
    let equals = match &rest[name_length..] {
        [equals, ..] if equals.text(text) == "=" => *equals,
        [colon, _, equals, ..] if colon.text(text) == ":" && equals.text(text) == "=" => *equals,
        _ => return None,
    };
    if first.kind != TokenKind::Word || !WORDS.contains(&first.text(text)) {
        return None;
    }
    let formula = formula_on_line(text, code, equals);
    let help = format!("write `let {} := {formula}`", bare_or_braced(&name.value));
    let is_let = first.text(text) == LET;
    let wanted = if is_let { "`:=`" } else { "`let` before the name, and `:=` here" };
    findings.push(invalid(wanted, equals.span, help));
    Some(Heading {
        name,
        contract: None,
        from_comment: false,
        is_private: true,
        start: first.span.start as usize,
        formula_start: equals.span.end as usize,
    })
}

/// The formula after `=`, if it ends on the line, without a `;` after it.
fn formula_on_line<'t>(text: &'t str, code: &[Token], equals: Token) -> &'t str {
    let after: Vec<&Token> = code.iter().filter(|token| token.span.start >= equals.span.end).collect();
    let count = |kind: TokenKind| after.iter().filter(|token| token.kind == kind).count();
    match (after.first(), after.iter().rfind(|token| token.text(text) != ";")) {
        (Some(first), Some(last)) if count(TokenKind::Open) == count(TokenKind::Close) => {
            first.span.to(last.span).of(text)
        }
        _ => "…",
    }
}

/// The error for `let := 5`.
pub(super) fn nameless(at: Span) -> Diagnostic {
    let help = "write `let Base Points := …`; for a column with the name `let`, write `{{let}} := …`";
    invalid("a name before this", at, help.to_owned())
}

fn invalid(wanted: &'static str, at: Span, help: String) -> Diagnostic {
    SyntaxError::InvalidLet { wanted, at, help }.into()
}

fn is_part_of_name(token: &Token) -> bool {
    matches!(token.kind, TokenKind::Word | TokenKind::QuotedName | TokenKind::Number | TokenKind::NumberWord)
}
