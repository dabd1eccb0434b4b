//! `input Employee Count: Number = company.estimated_num_employees`, `input Country: Text = UPPER(country)`

use super::definition::read_name;
use super::private::split_let;
use super::{formula_between, tokens_in};
use crate::diagnostics::{Diagnostic, SyntaxError, did_you_mean, suggest};
use crate::span::{Span, Spanned};
use crate::syntax::ast::{InputDeclaration, InputPath, InputSource, PathStep};
use crate::syntax::format::is_bare_name;
use crate::syntax::lower::{unbrace, unquote};
use crate::syntax::parse::parse_at;
use crate::syntax::tokens::{Token, TokenKind};
use crate::types::Type;

const FORM: &str = "write `input Employee Count: Number`, or with a formula over the row's keys: `input Employee Count: Number = company.employees`";

/// The error about `input Employee Count Number = employees`, a declaration without its `:`, which reads like a formula.
pub(super) fn without_colon(text: &str, line: &[Token]) -> Option<SyntaxError> {
    if line.first()?.text(text) != "input" {
        return None;
    }
    let equals = line.iter().position(|token| token.text(text) == "=").unwrap_or(line.len());
    let last = equals.checked_sub(1).filter(|last| *last > 0)?;
    let ty = Type::named(line[last].text(text)).filter(|_| last > 1);
    // Without a type, only the value shows that a declaration is meant.
    if ty.is_none() && equals == line.len() {
        return None;
    }
    if let Some(help) = braced(text, line).filter(|_| line.iter().any(|token| token.text(text) == ":")) {
        let wanted = "a name, or one in double braces";
        return Some(SyntaxError::InvalidInput { wanted, at: line[1].span, help });
    }
    let name = line[1].span.to(line[if ty.is_some() { last - 1 } else { last }].span).of(text);
    let written = ty.unwrap_or(Type::Any).name();
    let rest = line.get(equals).map_or("", |equals| equals.span.to(line[line.len() - 1].span).of(text));
    let help = format!("write `{}`", format!("input {name}: {written} {rest}").trim_end());
    Some(SyntaxError::InvalidInput { wanted: "`:` before the type", at: line[last].span, help })
}

/// Whether a line declares an input, or tries to.
pub(super) fn is_input(text: &str, line: &[Token]) -> bool {
    let is_part = |token: &Token| {
        matches!(
            token.kind,
            TokenKind::Word | TokenKind::QuotedName | TokenKind::Number | TokenKind::NumberWord
        )
    };
    let begins_name = |token: &Token| is_part(token) || token.text(text) == "{";
    let starts =
        line.first().is_some_and(|first| first.text(text) == "input") && line.get(1).is_some_and(begins_name);
    let mut code = line.iter().filter(|token| token.kind != TokenKind::Comment);
    starts && (line.iter().any(|token| token.text(text) == ":") || code.all(is_part))
}

/// Whether a line declares an input even inside of brackets, where only the key of a record is followed by `:`.
pub(super) fn is_certainly_input(text: &str, line: &[Token]) -> bool {
    let colon = line.iter().position(|token| token.text(text) == ":");
    let ty = colon.and_then(|colon| line.get(colon + 1)).map_or("", |token| token.text(text));
    let is_member = line.last().is_some_and(|last| matches!(last.text(text), "," | "}"));
    is_input(text, line) && Type::named(ty).is_some() && !is_member
}

/// Parses the tokens of one declaration.
pub(super) fn parse_input(
    text: &str,
    line: &[Token],
    findings: &mut Vec<Diagnostic>,
) -> Option<InputDeclaration> {
    // A `let` before `input` is reported.
    let (_, line) = split_let(text, line);
    let line: Vec<Token> = line.iter().copied().filter(|token| token.kind != TokenKind::Comment).collect();
    match read_input(text, &line, findings) {
        Ok(input) => Some(input),
        Err(error) => {
            let error = with_braces(text, &line, error);
            findings.push(error.into());
            None
        }
    }
}

/// The error about `input # Deals: Number`, whose name begins a comment.
pub(super) fn commented(text: &str, line: &[Token]) -> Option<SyntaxError> {
    let [first, comment] = line else { return None };
    if first.text(text) != "input" || !comment.text(text).starts_with('#') {
        return None;
    }
    let help = braced(text, line)?;
    Some(SyntaxError::InvalidInput { wanted: "a name, or one in double braces", at: comment.span, help })
}

/// The error about a declaration, with the name in braces where that is all it needs: `input Deal #: Number`.
fn with_braces(text: &str, line: &[Token], error: SyntaxError) -> SyntaxError {
    match error {
        SyntaxError::InvalidInput { wanted, at, help } => {
            SyntaxError::InvalidInput { wanted, at, help: braced(text, line).unwrap_or(help) }
        }
        other => other,
    }
}

/// The declaration with its name in braces; nothing if that is not what it needs.
fn braced(text: &str, line: &[Token]) -> Option<String> {
    let start = line.first()?.span.end as usize;
    let rest = text[start..].lines().next()?;
    let colon = rest.match_indices(':').map(|(colon, _)| colon).find(|colon| {
        let ty = rest[colon + 1..].split([' ', '\t', '=', '"', '#']).find(|word| !word.is_empty());
        ty.is_some_and(|ty| Type::named(ty).is_some())
    })?;
    let name = rest[..colon].trim();
    let is_name = !name.is_empty() && !is_bare_name(name) && !name.contains(['{', '}', '"', ',', '=']);
    is_name.then(|| format!("write `input {{{{{name}}}}}{}`", rest[colon..].trim_end()))
}

fn read_input(
    text: &str,
    line: &[Token],
    findings: &mut Vec<Diagnostic>,
) -> Result<InputDeclaration, SyntaxError> {
    let end =
        line.last().map_or(Span::default(), |last| Span::new(last.span.end as usize, last.span.end as usize));
    let expected = |wanted, index: usize| {
        let help = FORM.to_owned();
        SyntaxError::InvalidInput { wanted, at: line.get(index).map_or(end, |token| token.span), help }
    };
    if let Some(open) = line.get(1).filter(|open| open.text(text) == "{") {
        let close = line.iter().find(|token| token.kind == TokenKind::Close).unwrap_or(open);
        let at = open.span.to(close.span);
        let name = at.of(text).trim_matches(['{', '}']).trim().to_owned();
        return Err(SyntaxError::ColonInName { name, at });
    }
    let colon = line.iter().position(|token| token.text(text) == ":");
    let colon = colon.ok_or_else(|| {
        without_colon(text, line).unwrap_or_else(|| expected("`:` and a type after the name", line.len()))
    })?;
    let name = line.get(1..colon).and_then(|name| read_name(text, name));
    let name = name.ok_or_else(|| expected("a name, or one in double braces", 1))?;
    let written = line.get(colon + 1).filter(|token| token.kind == TokenKind::Word);
    let written = written.ok_or_else(|| expected("a type, such as Number", colon + 1))?;
    let ty = Type::named(written.text(text)).ok_or_else(|| unknown_type(written.text(text), written.span))?;
    let format = line.get(colon + 2).filter(|token| token.kind == TokenKind::Text);
    if let (Some(format), true) = (format, ty != Type::Date) {
        return Err(SyntaxError::FormatOfOtherType { ty: ty.name(), at: format.span });
    }
    let format = format.map(|token| Spanned::new(unquote(token.text(text)), token.span));
    let equals = colon + 2 + usize::from(format.is_some());
    let source = match line.get(equals) {
        None => None,
        Some(token) if token.text(text) == "=" => {
            let rest = line.get(equals + 1..).unwrap_or_default();
            if rest.first().is_none_or(|first| first.text(text) == ".") {
                return Err(expected("a key of the row, or a formula over its keys", equals + 1));
            }
            read_source(text, rest, findings)
        }
        Some(token) if token.text(text) == ":=" => {
            let help = format!("write `{} = …`", line[0].span.to(line[equals - 1].span).of(text));
            return Err(SyntaxError::InvalidInput { wanted: "`=`", at: token.span, help });
        }
        Some(_) => {
            return Err(expected("`=` and a formula over the row's keys, or the end of the line", equals));
        }
    };
    Ok(InputDeclaration { name, ty: Spanned::new(ty, written.span), format, source })
}

/// A path, which is followed without being evaluated, or any other formula. What is wrong with it is a finding.
fn read_source(text: &str, tokens: &[Token], findings: &mut Vec<Diagnostic>) -> Option<InputSource> {
    if let Some(path) = read_path(text, tokens) {
        return Some(InputSource::Path(path));
    }
    let (first, last) = (tokens.first()?, tokens.last()?);
    let (formula, found) = parse_at(text, first.span.to(last.span));
    findings.extend(found);
    formula.map(InputSource::Formula)
}

/// Where the formula of a declaration is, if it has one.
pub(super) fn formula(text: &str, tokens: &[Token], input: Span) -> Option<Span> {
    let mut inside = tokens_in(tokens, input.start as usize, input.end as usize);
    inside.find(|token| token.text(text) == ":")?;
    let equals = inside.find(|token| token.text(text) == "=")?;
    formula_between(tokens, equals.span.end as usize, input.end as usize)
}

pub(super) fn unknown_type(name: &str, at: Span) -> SyntaxError {
    let names: Vec<&str> = Type::ALL.iter().map(|ty| ty.name()).collect();
    let help = did_you_mean(&suggest(name, names.iter().copied()));
    let help = help.unwrap_or_else(|| format!("the types are {}", names.join(", ")));
    SyntaxError::UnknownType { name: name.to_owned(), help, at }
}

/// A key, then `.field` and `[0]` steps.
fn read_path(text: &str, tokens: &[Token]) -> Option<InputPath> {
    let is_step = |token: &Token| matches!(token.text(text), "." | "?." | "[");
    let first_step = tokens.iter().position(is_step).unwrap_or(tokens.len());
    let key = read_name(text, &tokens[..first_step])?.value;
    let mut steps = Vec::new();
    let mut rest = &tokens[first_step..];
    while !rest.is_empty() {
        let (step, taken) = match rest {
            [open, index, close, ..] if open.text(text) == "[" && close.text(text) == "]" => {
                (PathStep::Index(index.text(text).parse().ok()?), 3)
            }
            [point, field, ..] if matches!(point.text(text), "." | "?.") && field.kind == TokenKind::Word => {
                (PathStep::Field(field.text(text).to_owned()), 2)
            }
            [point, field, ..]
                if matches!(point.text(text), "." | "?.") && field.kind == TokenKind::QuotedName =>
            {
                (PathStep::Field(unbrace(field.text(text))), 2)
            }
            _ => return None,
        };
        steps.push(step);
        rest = &rest[taken..];
    }
    Some(InputPath { key, steps })
}
