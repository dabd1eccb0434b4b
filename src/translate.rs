//! Formulas in the habits of other languages, rewritten: SQL's `CASE`, JavaScript's methods, functions of spreadsheets.
//!
//! A tolerant parser reads what the grammar of formulas does not; what it finds is written as a formula, and checked
//! before anybody sees it.

mod advice;
mod bars;
mod calls;
mod dates;
mod expr;
mod formats;
pub mod functions;
mod instead;
mod lambdas;
mod lexer;
mod like;
mod lists;
mod lookups;
mod meant;
mod names;
mod normal;
mod parser;
mod phrases;
mod properties;
mod sql;
mod statements;
mod templates;
mod trial;

use crate::diagnostics::{Advised, CheckError, Diagnostic, Diagnostics, SyntaxError};
use crate::span::Span;
use crate::syntax::{Token, TokenKind, bare_or_braced, tokenize};
use expr::Expr;
use normal::Reading;
use parser::Parser;
use std::ops::Range;
use trial::Trial;
pub use trial::{Analysis, Form};

/// A formula up to this length is rewritten as a whole.
const SHORT: usize = 100;
/// A longer formula is not rewritten.
const LONGEST: usize = 4_000;
/// In a longer file nothing is rewritten.
const LONGEST_FILE: usize = 200_000;
/// More formulas than this are not rewritten in one file.
const MOST: usize = 8;

/// The findings about a text, with the author's own formula rewritten where that is what it needs; `names` are the
/// columns of rows, if they are known.
#[must_use]
pub fn advised(found: Diagnostics, names: &[String], form: Form<'_>, analysis: Analysis<'_>) -> Diagnostics {
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
    let formulas = match form {
        Form::File => formulas(source.text()),
        Form::Formulas(places) => places.to_vec(),
    };
    let missing: Vec<String> = list.iter().filter_map(trial::unknown_column).collect();
    let trial = Trial { source: &source, form, names, missing: &missing, analysis };
    for range in formulas.into_iter().filter(|range| range.len() <= LONGEST).take(MOST) {
        advise(&trial, &range, &mut list);
    }
    Diagnostics::new(source, list)
}

/// A formula of another language as a formula here.
#[derive(Debug)]
pub struct Rewriting {
    /// The name that the text gives the column.
    pub name: Option<String>,
    /// Whether the text defines a variable or a constant.
    pub is_private: bool,
    /// The formula.
    pub value: String,
    /// What the author should be aware of.
    pub note: Option<&'static str>,
    /// Whether names got the braces that they need.
    has_braces: bool,
}

/// A part of a formula as a formula writes it, if that differs from what it is now.
#[must_use]
pub fn rewritten(text: &str, names: &[String]) -> Option<Rewriting> {
    rewritten_in(Reading::Usual, text, names)
}

/// The same in one of the meanings that the text can have.
fn rewritten_in(reading: Reading, text: &str, names: &[String]) -> Option<Rewriting> {
    if lexer::dash_comment(text).is_some() {
        return None;
    }
    let quoted = names::quoted(text, names);
    let readable = quoted.as_deref().unwrap_or(text);
    let translated = Parser::new(readable, names).and_then(|mut parser| parser.program());
    let translated = translated.and_then(|program| {
        let note = advice::note(&program.value);
        let value = reading.of(normal::normal(columns_of_row(program.value, names))).written()?;
        let (name, is_private) = (program.name, program.is_private);
        Some(Rewriting { name, is_private, note, has_braces: gets_braces(text, &value), value })
    });
    let quoted =
        || Some(Rewriting { name: None, is_private: false, value: quoted?, note: None, has_braces: true });
    let found = translated.or_else(quoted)?;
    (found.name.is_some() || !is_same(&found.value, text)).then_some(found)
}

/// Whether no part of a formula means something that formulas can't express: then no other part is rewritten either.
fn has_counterpart(text: &str, names: &[String]) -> bool {
    let program = Parser::new(text, names).and_then(|mut parser| parser.program());
    program.is_none_or(|program| !normal::normal(program.value).has(&Expr::is_without_counterpart))
}

/// Whether a rewriting writes more names in braces than the text.
fn gets_braces(text: &str, written: &str) -> bool {
    let count =
        |text: &str| tokenize(text).into_iter().filter(|token| token.kind == TokenKind::QuotedName).count();
    count(written) > count(text)
}

/// `row["Score"]` and `lead.score` as the columns, where those are known and the object is neither a column nor a name
/// that the formula itself gives.
fn columns_of_row(value: Expr, names: &[String]) -> Expr {
    let is_known = |name: &String| names.contains(name);
    let bound = value.bound_names();
    let is_free = |object: &String| !is_known(object) && !bound.contains(object);
    let reads_row = |object: &String, name: &String, words: &[&str]| {
        is_free(object) && (is_known(name) || words.contains(&object.as_str()))
    };
    value.mapped(&|part| match part {
        Expr::Index(object, name) => match (*object, *name) {
            (Expr::Atom(row), Expr::Text(name)) if reads_row(&row, &name, &ROWS[..2]) => {
                Expr::Atom(bare_or_braced(&name))
            }
            (object, name) => Expr::Index(Box::new(object), Box::new(name)),
        },
        Expr::Field(object, name) => match *object {
            Expr::Atom(row) if reads_row(&row, &name, &ROWS[..2]) => Expr::Atom(bare_or_braced(&name)),
            object => Expr::Field(Box::new(object), name),
        },
        Expr::Method(object, method, mut args) if method == "get" && args.len() < 3 => {
            match (&*object, args.first()) {
                (Expr::Atom(row), Some(Expr::Text(name))) if reads_row(row, name, &ROWS) => {
                    args[0] = Expr::Atom(bare_or_braced(name));
                    if args.len() == 1 { args.remove(0) } else { Expr::call("COALESCE", args) }
                }
                _ => Expr::Method(object, method, args),
            }
        }
        other => other,
    })
}

/// What programs call a row; the first two are hardly names of columns.
const ROWS: [&str; 8] = ["row", "df", "r", "rec", "record", "lead", "d", "self"];

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

/// A formula that is valid but not what its author meant, as what it would mean in another language; only if nothing is
/// found about that.
#[must_use]
pub fn corrected(text: &str, analysis: Analysis<'_>) -> Option<String> {
    let written = rewritten(text, &[])?.value;
    trial::is_clean(&written, analysis).then_some(written)
}

/// A formula in which `+` or `||` between texts joins them: with `&`, and with the first that is not empty; each only if
/// nothing is found about that.
#[must_use]
pub fn of_texts(text: &str, analysis: Analysis<'_>) -> [Option<String>; 2] {
    let clean = |written: &String| trial::is_clean(written, analysis);
    let joined = text.replace("||", "&");
    let joined = rewritten_in(Reading::Texts, &joined, &[]).map_or(joined, |rewriting| rewriting.value);
    let chosen = rewritten(text, &[]).map(|rewriting| rewriting.value);
    [Some(joined).filter(|joined| joined != text).filter(clean), chosen.filter(clean)]
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

/// Advice about a name that no column has, such as `NULL` or a cell; `names` are the columns of rows.
#[must_use]
pub fn about_name(name: &str, names: &[String]) -> Option<String> {
    advice::of_name(name, names)
}

/// Advice about a formula with a comment of SQL in it.
#[must_use]
pub fn about_comment(formula: &str) -> Option<String> {
    advice::comment(formula)
}

/// The expression that the words of a name are, such as `ISEMPTY(Industry)` for `Industry IS NULL`.
#[must_use]
pub fn expression_in(name: &str, analysis: Analysis<'_>) -> Option<String> {
    if is_sentence(name) { corrected(name, analysis) } else { None }
}

/// Whether the words of a name are an expression beyond doubt.
#[must_use]
pub fn is_sentence(name: &str) -> bool {
    let words: Vec<String> = name.split(' ').map(ToOwned::to_owned).collect();
    phrases::is_expression(&words)
}

/// Whether the last part of a name in braces is a filter of a template, such as `upcase` in `Name | upcase`.
#[must_use]
pub fn ends_in_filter(name: &str) -> bool {
    let Some((_, filter)) = name.rsplit_once('|') else { return false };
    let filter = filter.split([':', '(']).next().unwrap_or(filter).trim();
    functions::is_filter(filter)
}

/// The advice about a function of all rows.
#[must_use]
pub const fn about_all_rows() -> &'static str {
    functions::ONE_ROW
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
fn advise(trial: &Trial<'_>, formula: &Range<usize>, list: &mut Vec<Diagnostic>) {
    let place_in = |one: &Diagnostic| {
        trial::places(one).into_iter().find(|at| formula.contains(at) || *at == formula.end)
    };
    let is_inside = |one: &Diagnostic| !one.is_warning() && place_in(one).is_some();
    let is_readable = |one: &Diagnostic| matches!(one, Diagnostic::Syntax(_) | Diagnostic::Check(_));
    let Some(first) = list.iter().position(|one| is_inside(one) && is_readable(one)) else { return };
    if is_answered(&list[first]) {
        return;
    }
    let (text, names) = (trial.source.text(), trial.names);
    let formula = with_hidden_names(text, formula, names);
    let Some(at) = place_in(&list[first]) else { return };
    // An error of the grammar or of a name concerns the formula, and any other a part of it.
    let is_syntax =
        matches!(list[first], Diagnostic::Syntax(_) | Diagnostic::Check(CheckError::UnknownFunction { .. }));
    let candidates = if has_counterpart(&text[formula.clone()], names) {
        candidates(text, &formula, at, is_syntax)
    } else {
        Vec::new()
    };
    let readings =
        Reading::ALL.into_iter().filter(|reading| *reading != Reading::Texts || is_about_kind(&list[first]));
    let readings: Vec<Reading> = readings.collect();
    for (range, reading) in candidates.iter().flat_map(|range| readings.iter().map(move |one| (range, *one)))
    {
        let range = range.clone();
        let Some(rewriting) = rewritten_in(reading, &text[range.clone()], names) else { continue };
        let is_whole = range == formula;
        let Some(correct) = placed(trial, &rewriting, &range, &formula) else { continue };
        let is_of_kind = is_about_kind(&list[first]);
        list[first] = named(list[first].clone(), &text[range.clone()], &rewriting, &correct);
        let (mut index, code) = (0, list[first].code());
        list.retain(|one| {
            index += 1;
            let follows = matches!(one, Diagnostic::Syntax(_))
                || one.code() == code
                || (is_of_kind && is_about_kind(one));
            let is_covered =
                is_inside(one) && (is_whole || place_in(one).is_some_and(|at| range.contains(&at)));
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

/// Whether an error is about a value of the wrong kind.
fn is_about_kind(found: &Diagnostic) -> bool {
    matches!(found, Diagnostic::Check(CheckError::ConflictingUses { .. } | CheckError::TypeMismatch { .. }))
}

/// The rewritten part as it is written in its place, if it is accepted there.
fn placed(
    trial: &Trial<'_>,
    rewriting: &Rewriting,
    range: &Range<usize>,
    formula: &Range<usize>,
) -> Option<String> {
    // A name that the statement gives is of no use where the column has one, or can't have any.
    let has_name = trial.source.text()[..formula.start].trim_end().ends_with('=');
    let takes_name = matches!(trial.form, Form::File) && !has_name && range == formula;
    let written = match &rewriting.name {
        Some(name) if takes_name => {
            let word = if rewriting.is_private { "let " } else { "" };
            format!("{word}{} := {}", bare_or_braced(name), rewriting.value)
        }
        _ => rewriting.value.clone(),
    };
    trial.accepts(&written, range, formula).then_some(written)
}

/// Whether the finding's own help already shows what to write.
fn is_answered(found: &Diagnostic) -> bool {
    // The text of `f"Hi {name}"` has expressions in it.
    if let Diagnostic::Syntax(SyntaxError::PrefixedText { prefix, .. }) = found {
        return !prefix.eq_ignore_ascii_case("f");
    }
    // A search in declared data, whose columns are known to the check.
    if let Diagnostic::Check(CheckError::UnknownFunction { name, help: Some(help), .. }) = found {
        return functions::searches(name) && help.starts_with("write `");
    }
    if let Diagnostic::Syntax(SyntaxError::InvalidColumnName { help, .. }) = found {
        return help.starts_with("write it in braces");
    }
    // The amount of `$5`, which only looks like a name of other languages.
    if let Diagnostic::Syntax(SyntaxError::UnexpectedCharacter { help: Some(help), .. }) = found {
        return help.starts_with("write the number alone");
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

/// The finding with the rewriting as its help; where the grammar only stopped somewhere, with a title of its own.
fn named(found: Diagnostic, before: &str, rewriting: &Rewriting, written: &str) -> Diagnostic {
    let help = advice::of_rewriting(before, written, rewriting.note, &found);
    let is_name = rewriting.has_braces;
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
