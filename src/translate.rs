//! Formulas in the habits of other languages, rewritten: SQL's `CASE`, JavaScript's methods, functions of spreadsheets.
//!
//! A tolerant parser reads what the grammar of formulas does not; what it finds is written as a formula, and checked
//! before anybody sees it.

mod advice;
mod calls;
mod dates;
mod expr;
mod formats;
pub mod functions;
mod instead;
mod lambdas;
mod lexer;
mod like;
mod meant;
mod names;
mod normal;
mod parser;
mod phrases;
mod sql;
mod statements;
mod templates;

use crate::check::check;
use crate::diagnostics::{Advised, CheckError, Diagnostic, Diagnostics, Source, SyntaxError};
use crate::span::Span;
use crate::syntax::{Token, TokenKind, bare_or_braced, on_deep_stack, parse_file, tokenize};
use expr::Expr;
use parser::Parser;
use std::ops::Range;

/// A formula up to this length is rewritten as a whole.
const SHORT: usize = 100;
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
    let with_property = |one: Diagnostic| match advice::property(&one, source.text()) {
        Some(help) => Advised::new(one, help).into(),
        None => one,
    };
    let mut list: Vec<Diagnostic> =
        found.iter().cloned().map(Diagnostic::original).map(with_property).collect();
    let formulas = formulas(source.text());
    for range in formulas.into_iter().filter(|range| range.len() <= LONGEST).take(MOST) {
        advise(&source, &range, names, &mut list);
    }
    Diagnostics::new(source, list)
}

/// A part of a formula as a formula writes it, if that differs from what it is now.
#[must_use]
pub fn rewritten(text: &str, names: &[String]) -> Option<String> {
    if lexer::dash_comment(text).is_some() {
        return None;
    }
    let quoted = names::quoted(text, names);
    let readable = quoted.as_deref().unwrap_or(text);
    let translated = Parser::new(readable, names).and_then(|mut parser| parser.program());
    let translated = translated.and_then(|program| {
        let value = normal::normal(columns_of_row(program.value, names)).written()?;
        Some(match program.name {
            Some(name) if program.is_private => format!("let {} := {value}", bare_or_braced(&name)),
            Some(name) => format!("{} := {value}", bare_or_braced(&name)),
            None => value,
        })
    });
    translated.or(quoted).filter(|written| !is_same(written, text))
}

/// `row["Score"]` and `lead.score` as the columns, where those are known and the object is none.
fn columns_of_row(value: Expr, names: &[String]) -> Expr {
    let is_known = |name: &String| names.contains(name);
    value.mapped(&|part| match part {
        Expr::Index(object, name) => match (*object, *name) {
            (Expr::Atom(row), Expr::Text(name)) if is_known(&name) && !is_known(&row) => {
                Expr::Atom(bare_or_braced(&name))
            }
            (object, name) => Expr::Index(Box::new(object), Box::new(name)),
        },
        Expr::Field(object, name) => match *object {
            Expr::Atom(row) if is_known(&name) && !is_known(&row) => Expr::Atom(bare_or_braced(&name)),
            object => Expr::Field(Box::new(object), name),
        },
        other => other,
    })
}

/// Whether two formulas differ in blanks and quotes alone. A blank before a parenthesis makes another formula.
fn is_same(one: &str, other: &str) -> bool {
    let tokens = |text: &str| {
        let mut end = 0;
        let token = |token: Token| {
            let is_apart = token.kind == TokenKind::Open && token.span.start != end;
            end = token.span.end;
            (token.text(text).replace('\'', "\""), is_apart)
        };
        tokenize(text).into_iter().map(token).collect::<Vec<_>>()
    };
    tokens(one) == tokens(other)
}

/// A formula that is valid but not what its author meant, as what it would mean in another language; only if that is
/// valid too.
#[must_use]
pub fn corrected(text: &str) -> Option<String> {
    let written = rewritten(text, &[])?;
    let source = Source::new("formula", &written);
    let (file, findings) = parse_file(&source, "formula");
    check(&source, &file, findings).is_ok().then_some(written)
}

/// What to write for a property of other languages, such as `YEAR(Created)` for `Created.year`.
#[must_use]
pub fn property(object: &str, name: &str) -> Option<String> {
    let object = Parser::new(object, &[])?.expr()?;
    normal::property(object, name)?.written()
}

/// Whether a word is a unit of dates in other languages, such as `day`.
#[must_use]
pub fn is_unit(word: &str) -> bool {
    dates::unit_of(&Expr::Atom(word.to_owned())).is_some()
}

/// What to know about a name that no column has, such as `NULL` or a cell; `names` are the columns of rows.
#[must_use]
pub fn about_name(name: &str, names: &[String]) -> Option<String> {
    advice::of_name(name, names)
}

/// What to know about a formula with a comment of SQL in it.
#[must_use]
pub fn about_comment(formula: &str) -> Option<String> {
    advice::comment(formula)
}

/// The expression that the words of a name are, such as `ISEMPTY(Industry)` for `Industry IS NULL`.
#[must_use]
pub fn expression_in(name: &str) -> Option<String> {
    let words: Vec<String> = name.split(' ').map(ToOwned::to_owned).collect();
    if phrases::is_expression(&words) { corrected(name) } else { None }
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
    let is_inside = |one: &Diagnostic| {
        let at = one.offset();
        !one.is_warning() && (formula.contains(&at) || at == formula.end)
    };
    let Some(first) = list.iter().position(is_inside) else { return };
    if is_answered(&list[first]) {
        return;
    }
    let text = source.text();
    let formula = with_hidden_names(text, formula, names);
    let at = list[first].offset();
    // An error of the grammar or of a name concerns the formula, and any other a part of it.
    let is_syntax =
        matches!(list[first], Diagnostic::Syntax(_) | Diagnostic::Check(CheckError::UnknownFunction { .. }));
    for range in candidates(text, &formula, at, is_syntax) {
        let Some(written) = rewritten(&text[range.clone()], names) else { continue };
        let is_whole = range == formula;
        let edit = Edit { source, range: &range, formula: &formula, names };
        let Some(correct) = edit.correct(&written, is_whole) else { continue };
        list[first] =
            named(list[first].clone(), advice::of_rewriting(&text[range.clone()], &correct, &list[first]));
        let (mut index, code) = (0, list[first].code());
        list.retain(|one| {
            index += 1;
            let follows = matches!(one, Diagnostic::Syntax(_)) || one.code() == code;
            let is_covered = is_inside(one) && (is_whole || range.contains(&one.offset()));
            index - 1 == first || !(is_covered && follows)
        });
        return;
    }
    for one in list.iter_mut().filter(|one| is_inside(one)) {
        if let Some(help) = advice::of(&text[formula.clone()], one, names) {
            *one = Advised::new(one.clone(), help).into();
        }
    }
}

/// Whether the finding's own help already shows what to write.
fn is_answered(found: &Diagnostic) -> bool {
    // The text of `f"Hi {name}"` has expressions in it.
    if let Diagnostic::Syntax(SyntaxError::PrefixedText { prefix, .. }) = found {
        return !prefix.eq_ignore_ascii_case("f");
    }
    matches!(
        found,
        Diagnostic::Syntax(
            SyntaxError::NumberSeparator { .. }
                | SyntaxError::NumberRunsIntoWord { .. }
                | SyntaxError::HashDate { .. }
                | SyntaxError::SmartQuotes { .. }
                | SyntaxError::UnclosedText { .. }
                | SyntaxError::OpenRange { .. }
        )
    )
}

/// The formula with the rest of its last line, if a known name there begins with what begins a comment, or the comment
/// is a division.
fn with_hidden_names(text: &str, formula: &Range<usize>, names: &[String]) -> Range<usize> {
    let end = text[formula.end..].find('\n').map_or(text.len(), |at| formula.end + at);
    let is_hidden =
        |name: &String| name.contains(['#', '/']) && text[formula.start..end].contains(name.as_str());
    let divides = lexer::divides(text[formula.end..end].trim_start());
    if divides || names.iter().any(is_hidden) { formula.start..end } else { formula.clone() }
}

/// The finding with its new help; where the grammar only stopped somewhere, with a title that says why.
fn named(found: Diagnostic, help: String) -> Diagnostic {
    let is_name = help.contains("{{");
    let is_vague = matches!(found, Diagnostic::Syntax(SyntaxError::NameNeedsBraces { .. }) if !is_name)
        || matches!(
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

/// The parts of a formula to rewrite, the smallest around the error first, and the whole formula.
fn candidates(text: &str, formula: &Range<usize>, at: usize, is_syntax: bool) -> Vec<Range<usize>> {
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
    // A short formula is clearest as a whole.
    let is_short = is_syntax && formula.len() <= SHORT && !text[formula.clone()].contains('\n');
    found.insert(if is_short { 0 } else { found.len() }, formula.clone());
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

/// A change of a part of a formula, to be tried.
struct Edit<'e> {
    source: &'e Source,
    range: &'e Range<usize>,
    formula: &'e Range<usize>,
    names: &'e [String],
}

impl Edit<'_> {
    /// The rewritten part, if the formula has no error once it is in place, and reads no more unknown columns.
    fn correct(&self, written: &str, is_whole: bool) -> Option<String> {
        let text = self.source.text();
        // What is behind `Name :=` or `input Name: Type =`.
        let has_name = text[..self.formula.start].trim_end().ends_with('=');
        let written = match written.split_once(" := ") {
            // A name that the statement gives is of no use where the column has one.
            Some((_, value)) if has_name || !is_whole => value,
            _ => written,
        };
        let changed = format!("{}{written}{}", &text[..self.range.start], &text[self.range.end..]);
        let end = self.formula.end + written.len() - self.range.len();
        let (errors, unknown) = self.tried(&changed);
        let is_clean = !errors.iter().any(|at| (self.formula.start..=end).contains(at));
        let reads_fewer = || self.names.is_empty() || unknown == 0 || unknown < self.tried(text).1;
        (is_clean && reads_fewer()).then(|| written.to_owned())
    }

    /// Where a text has errors, and how many columns it reads that are not known.
    fn tried(&self, text: &str) -> (Vec<usize>, usize) {
        let source = Source::new(self.source.name(), text);
        let stem = std::path::Path::new(source.name()).file_stem();
        let stem = stem.map_or_else(|| "formula".to_owned(), |stem| stem.to_string_lossy().into_owned());
        on_deep_stack(text, || {
            let (file, findings) = parse_file(&source, &stem);
            match check(&source, &file, findings) {
                Ok((checked, _)) => {
                    let is_unknown = |key: &String| !self.names.contains(key);
                    let unknown = checked
                        .inputs
                        .iter()
                        .filter(|input| input.path().is_some_and(|path| is_unknown(&path.key)))
                        .count();
                    (Vec::new(), unknown)
                }
                Err(found) => {
                    let errors = found.iter().filter(|one| !one.is_warning());
                    (errors.map(Diagnostic::offset).collect(), usize::MAX)
                }
            }
        })
    }
}
