//! Formulas in the habits of other languages, rewritten: SQL's `CASE`, JavaScript's methods, functions of spreadsheets.
//!
//! A tolerant parser reads what the grammar of formulas does not; what it finds is written as a formula, and checked
//! before anybody sees it.

mod expr;
pub mod functions;
mod lexer;
mod names;
mod normal;
mod parser;
mod phrases;
mod statements;

use crate::check::check;
use crate::diagnostics::{Advised, CheckError, Diagnostic, Diagnostics, Source, SyntaxError};
use crate::span::Span;
use crate::syntax::{Token, TokenKind, on_deep_stack, parse_file, tokenize};
use parser::Parser;
use std::ops::Range;

/// A longer formula is not rewritten.
const LONGEST: usize = 4_000;
/// In a longer file nothing is rewritten.
const LONGEST_FILE: usize = 200_000;
/// More formulas than this are not rewritten in one file.
const MOST: usize = 8;

/// The findings about a file, with the author's own formula rewritten where that is what the file needs; `names` are
/// the columns of rows, if they are known.
#[must_use]
pub fn advised(found: Diagnostics, names: &[String]) -> Diagnostics {
    if !found.has_errors() || found.source().text().len() > LONGEST_FILE {
        return found;
    }
    let source = found.source().clone();
    let mut list: Vec<Diagnostic> = found.iter().cloned().map(Diagnostic::original).collect();
    let formulas = formulas(source.text());
    for range in formulas.into_iter().filter(|range| range.len() <= LONGEST).take(MOST) {
        advise(&source, &range, names, &mut list);
    }
    Diagnostics::new(source, list)
}

/// A part of a formula as a formula writes it, if that differs from what it is now.
#[must_use]
pub fn rewritten(text: &str, names: &[String]) -> Option<String> {
    let quoted = names::quoted(text, names);
    let readable = quoted.as_deref().unwrap_or(text);
    let translated = Parser::new(readable, names).and_then(|mut parser| parser.program());
    let translated = translated.and_then(|program| {
        let value = normal::normal(program.value).written()?;
        Some(match program.name {
            Some(name) => format!("{} := {value}", crate::syntax::bare_or_braced(&name)),
            None => value,
        })
    });
    let squeezed = |text: &str| text.split_whitespace().collect::<String>().replace('\'', "\"");
    translated.or(quoted).filter(|written| squeezed(written) != squeezed(text))
}

/// Where the formulas of a file are; a file without any can still be one in another language.
fn formulas(text: &str) -> Vec<Range<usize>> {
    let found = crate::syntax::formulas(text);
    if !found.is_empty() {
        return found.into_iter().map(|span| span.start as usize..span.end as usize).collect();
    }
    let trimmed = text.trim();
    let start = text.len() - text.trim_start().len();
    std::iter::once(start..start + trimmed.len()).collect()
}

/// Gives the first error of a formula the help that it needs.
fn advise(source: &Source, formula: &Range<usize>, names: &[String], list: &mut Vec<Diagnostic>) {
    let is_inside = |one: &Diagnostic| !one.is_warning() && formula.contains(&one.offset().min(formula.end - 1));
    let touches = |one: &Diagnostic| {
        is_inside(one)
            && one.range().is_none_or(|range| range.start >= formula.start && range.start <= formula.end)
    };
    let Some(first) = list.iter().position(touches) else { return };
    let text = source.text();
    let at = list[first].offset();
    for range in candidates(text, formula, at) {
        let Some(written) = rewritten(&text[range.clone()], names) else { continue };
        let is_whole = range == *formula;
        let Some(correct) = correct(source, &range, formula, &written, is_whole) else { continue };
        let help = format!("write `{correct}`");
        list[first] = named(list[first].clone(), help);
        if is_whole {
            let mut index = 0;
            list.retain(|one| {
                index += 1;
                index - 1 == first || !touches(one)
            });
        }
        return;
    }
    if let Some(help) = advice(&text[formula.clone()]) {
        list[first] = Advised::new(list[first].clone(), help).into();
    }
}

/// The finding with its new help; where the grammar only stopped somewhere, with a title that says why.
fn named(found: Diagnostic, help: String) -> Diagnostic {
    let is_vague = matches!(
        found,
        Diagnostic::Syntax(
            SyntaxError::MissingSeparator { .. }
                | SyntaxError::UnexpectedToken { .. }
                | SyntaxError::UnnamedColumn { .. }
                | SyntaxError::UnopenedBracket { .. }
                | SyntaxError::UnclosedBracket { .. }
                | SyntaxError::MismatchedBracket { .. }
                | SyntaxError::EmptyFile { .. }
        )
    );
    match found.range() {
        Some(range) if is_vague => {
            SyntaxError::OtherLanguage { at: Span::new(range.start, range.end), help }.into()
        }
        _ => Advised::new(found, help).into(),
    }
}

/// The parts of a formula to rewrite, the smallest around the error first; the whole formula is the last.
fn candidates(text: &str, formula: &Range<usize>, at: usize) -> Vec<Range<usize>> {
    let mut found: Vec<Range<usize>> = Vec::new();
    let tokens: Vec<Token> = tokenize(&text[formula.clone()])
        .into_iter()
        .filter(|token| !matches!(token.kind, TokenKind::Comment | TokenKind::BlockComment))
        .collect();
    let offset = |span: Span| formula.start + span.start as usize..formula.start + span.end as usize;
    let mut open: Vec<(usize, usize)> = Vec::new();
    for (index, token) in tokens.iter().enumerate() {
        let place = offset(token.span);
        match token.kind {
            TokenKind::Open => open.push((index, place.end)),
            TokenKind::Comma => {
                if let Some((_, start)) = open.last_mut() {
                    add_part(text, *start..place.start, at, &mut found);
                    *start = place.end;
                }
            }
            TokenKind::Close => {
                if let Some((opened, start)) = open.pop() {
                    add_part(text, start..place.start, at, &mut found);
                    if let Some(call) = function_before(&tokens, opened) {
                        add_part(text, offset(call).start..place.end, at, &mut found);
                    }
                }
            }
            _ => {}
        }
    }
    found.sort_by_key(ExactSizeIterator::len);
    found.retain(|range| range != formula);
    found.push(formula.clone());
    found
}

/// The name of a function directly before its parenthesis.
fn function_before(tokens: &[Token], open: usize) -> Option<Span> {
    let name = tokens.get(open.checked_sub(1)?)?;
    (name.kind == TokenKind::Word && name.span.end == tokens[open].span.start).then_some(name.span)
}

fn add_part(text: &str, range: Range<usize>, at: usize, found: &mut Vec<Range<usize>>) {
    let inside = &text[range.clone()];
    let start = range.start + (inside.len() - inside.trim_start().len());
    let range = start..start + inside.trim().len();
    if range.start <= at && at < range.end {
        found.push(range);
    }
}

/// The rewritten part, if the formula has no error once it is in place.
fn correct(
    source: &Source,
    range: &Range<usize>,
    formula: &Range<usize>,
    written: &str,
    is_whole: bool,
) -> Option<String> {
    let text = source.text();
    let before = text[..formula.start].trim_end();
    let heading = written.split_once(" := ");
    // A name that the statement gives is of no use where the column has one.
    let written = match heading {
        Some((_, value)) if before.ends_with(":=") || !is_whole => value,
        _ => written,
    };
    let changed = format!("{}{written}{}", &text[..range.start], &text[range.end..]);
    let end = formula.end + written.len() - range.len();
    let edited = Source::new(source.name(), &*changed);
    let stem = std::path::Path::new(source.name()).file_stem().map(|stem| stem.to_string_lossy().into_owned());
    let errors: Vec<usize> = on_deep_stack(&changed, || {
        let (file, findings) = parse_file(&edited, stem.as_deref().unwrap_or("formula"));
        match check(&edited, &file, findings) {
            Ok(_) => Vec::new(),
            Err(found) => found.iter().filter(|one| !one.is_warning()).map(Diagnostic::offset).collect(),
        }
    });
    let is_clean = !errors.iter().any(|at| (formula.start..=end).contains(at));
    is_clean.then(|| written.to_owned())
}

/// What to know about the first function of another language that nothing can be written in place of.
fn advice(formula: &str) -> Option<String> {
    let tokens = tokenize(formula);
    tokens.windows(2).enumerate().find_map(|(index, pair)| {
        let [name, open] = pair else { return None };
        let written = name.text(formula);
        if name.kind != TokenKind::Word || open.text(formula) != "(" || crate::builtins::find(written).is_some() {
            return None;
        }
        let advice = functions::find(written).map(|habit| habit.advice).filter(|advice| !advice.is_empty())?;
        let first = tokens[index + 2..].iter().take_while(|token| {
            matches!(token.kind, TokenKind::Word | TokenKind::Number | TokenKind::QuotedName)
        });
        let first = first.map(|token| token.span).reduce(|one, other| one.to(other));
        let first = first.map_or("Country", |span| span.of(formula));
        Some(advice.replace("_1", first))
    })
}

/// Whether a finding is about a function that formulas don't have.
#[must_use]
pub fn is_unknown_function(found: &Diagnostic) -> bool {
    matches!(found, Diagnostic::Check(CheckError::UnknownFunction { .. }))
}
