//! Splits a rule file into inputs and named formulas, and parses each.

use super::ast::{ColumnDefinition, Contract, Expr, RuleFile};
use super::parse::parse_at;
use super::tokens::{Token, TokenKind, tokenize};
use crate::diagnostics::{Diagnostic, Source, SyntaxError};
use crate::span::{Span, Spanned};
use function::Signature;

mod blank;
mod comments;
mod data;
mod decision;
mod definition;
mod division;
mod function;
mod glued;
mod header;
mod import;
mod input;
mod now;
mod private;

pub(super) use glued::looks_like_code;
pub use header::names_column;

/// What some editors put before a file.
pub(super) const BOM: char = '\u{feff}';

/// A column's name and where its formula begins.
#[derive(Debug)]
struct Heading {
    name: Spanned<String>,
    contract: Option<Spanned<Contract>>,
    /// Whether a comment gave the name, rather than `:=`.
    from_comment: bool,
    /// Whether `let` precedes the name.
    is_private: bool,
    /// The byte where the text that belongs to this column begins, and where its formula can begin.
    start: usize,
    formula_start: usize,
}

impl Heading {
    /// The column, still without its formula.
    fn column(&self) -> ColumnDefinition {
        let (name, contract, is_private) = (self.name.clone(), self.contract.clone(), self.is_private);
        ColumnDefinition { name, contract, formula: None, is_readable: true, is_private }
    }
}

/// The lines of a file that begin something.
enum Item {
    Input {
        start: usize,
        end: usize,
    },
    Blank {
        start: usize,
        end: usize,
    },
    Data {
        start: usize,
        end: usize,
    },
    Decision {
        start: usize,
        end: usize,
    },
    Use {
        start: usize,
        end: usize,
    },
    /// A `let` line without a formula, which is reported.
    Unfinished {
        name: Option<Spanned<String>>,
        start: usize,
        end: usize,
    },
    Function(Signature),
    Column(Heading),
}

impl Item {
    fn start(&self) -> usize {
        match self {
            Self::Input { start, .. }
            | Self::Blank { start, .. }
            | Self::Data { start, .. }
            | Self::Decision { start, .. }
            | Self::Use { start, .. }
            | Self::Unfinished { start, .. } => *start,
            Self::Function(signature) => signature.name.start as usize,
            Self::Column(heading) => heading.start,
        }
    }

    /// Where its first line begins, and where what follows its name can begin.
    fn heading_range(&self) -> (usize, usize) {
        match self {
            Self::Input { start, end }
            | Self::Blank { start, end }
            | Self::Data { start, end }
            | Self::Decision { start, end }
            | Self::Use { start, end }
            | Self::Unfinished { start, end, .. } => (*start, *end),
            Self::Function(signature) => (signature.name.start as usize, signature.formula_start),
            Self::Column(heading) => (heading.start, heading.formula_start),
        }
    }
}

/// Parses a whole rule file. A single formula without a name gets `default_name`.
///
/// What can't be parsed is told in the findings; a column whose formula has a mistake is kept without it, so that
/// the others can still be checked.
#[must_use]
pub fn parse_file(source: &Source, default_name: &str) -> (RuleFile, Vec<Diagnostic>) {
    parse_from(source, 0, default_name)
}

/// Parses what stands behind the byte `from` of `source` as a rule file of its own; spans count from the beginning of
/// the source, so that the parts of one text can be checked together.
#[must_use]
pub fn parse_from(source: &Source, from: usize, default_name: &str) -> (RuleFile, Vec<Diagnostic>) {
    let text = &source.text()[..source.part_at(from).end()];
    let mut tokens = tokenize(&text[from..]);
    tokens.iter_mut().for_each(|token| token.span = token.span.shifted(from));
    let mut findings = comments::findings(text, &tokens);
    let mut file = RuleFile::default();
    let items = find_items(text, &tokens, &mut findings);
    findings.extend(comments::lint(text, &tokens, &items));
    file.now = now::find_now(text, &tokens, &mut findings);

    let first = items.first().map_or(text.len(), Item::start);
    let unnamed = formula_between(&tokens, from, first);
    let misread = unnamed.and_then(|span| declaration(text, &tokens, &items, span));
    if let Some(error) = misread {
        findings.push(error);
    } else if let Some(span) = unnamed {
        let named = items.iter().find_map(|item| match item {
            Item::Column(heading) => Some(heading.name.span),
            _ => None,
        });
        if let Some(second) = named {
            let first_line = span.of(text).lines().next().unwrap_or_default();
            let first = Span::new(span.start as usize, span.start as usize + first_line.len());
            findings.push(SyntaxError::UnnamedColumn { first, second }.into());
        }
        let heading =
            Spanned::new(default_name.to_owned(), Span::new(span.start as usize, span.start as usize));
        file.columns.push(parse_column(text, ColumnDefinition::unnamed(heading, None), span, &mut findings));
    }
    for (index, item) in items.iter().enumerate() {
        let next = items.get(index + 1).map_or(text.len(), Item::start);
        match item {
            Item::Input { start, end }
            | Item::Blank { start, end }
            | Item::Data { start, end }
            | Item::Use { start, end }
            | Item::Decision { start, end } => {
                let line: Vec<Token> = tokens_in(&tokens, *start, *end).collect();
                match item {
                    Item::Blank { .. } => file.blanks.extend(blank::parse_blank(text, &line, &mut findings)),
                    Item::Data { .. } => file.data.extend(data::parse_data(text, &line, &mut findings)),
                    Item::Decision { .. } => {
                        file.decisions.extend(decision::parse_decision(text, &line, &mut findings));
                    }
                    Item::Use { .. } => file.uses.extend(import::parse_use(text, &line, &mut findings)),
                    _ => file.inputs.extend(input::parse_input(text, &line, &mut findings)),
                }
                let unnamed = formula_between(&tokens, *end, next);
                let misread = unnamed.and_then(|span| declaration(text, &tokens, &items, span));
                if let Some(error) = misread {
                    findings.push(error);
                } else if let Some(span) = unnamed {
                    let name = Spanned::new(
                        default_name.to_owned(),
                        Span::new(span.start as usize, span.start as usize),
                    );
                    let column = ColumnDefinition::unnamed(name, None);
                    file.columns.push(parse_column(text, column, span, &mut findings));
                }
            }
            Item::Function(signature) => {
                let formula = formula_between(&tokens, signature.formula_start, next);
                let function = function::parse_function(text, &tokens, *signature, formula, &mut findings);
                file.functions.push(function);
            }
            // Its name is kept, so that formulas that read it are not reported as well.
            Item::Unfinished { name, .. } => {
                let kept = name.clone().map(|name| ColumnDefinition::public(name, None));
                file.columns.extend(kept);
            }
            Item::Column(heading) => match formula_between(&tokens, heading.formula_start, next) {
                Some(span) => {
                    file.columns.push(parse_column(text, heading.column(), span, &mut findings));
                }
                None => findings.push(
                    SyntaxError::MissingFormula { name: heading.name.value.clone(), at: heading.name.span }
                        .into(),
                ),
            },
        }
    }
    unnamed_twice(&file, &mut findings);
    if file.columns.is_empty()
        && file.functions.is_empty()
        && file.data.is_empty()
        && file.decisions.is_empty()
        && file.uses.is_empty()
        && file.inputs.is_empty()
        && file.blanks.is_empty()
        && findings.iter().all(Diagnostic::is_warning)
    {
        let end = text.trim_end().len();
        findings.push(SyntaxError::EmptyFile { at: Span::new(end, end) }.into());
    }
    (file, findings)
}

/// Parses a single formula, as given to `-e`.
#[must_use]
pub fn parse_formula(source: &Source) -> (Option<Expr>, Vec<Diagnostic>) {
    parse_formula_from(source, 0)
}

/// Parses what follows the byte `from` of `source` as a single formula; spans count from the beginning of the source.
#[must_use]
pub fn parse_formula_from(source: &Source, from: usize) -> (Option<Expr>, Vec<Diagnostic>) {
    let text = source.text();
    let mut tokens = tokenize(&text[from..]);
    tokens.iter_mut().for_each(|token| token.span = token.span.shifted(from));
    let mut findings = comments::findings(text, &tokens);
    let Some(span) = formula_between(&tokens, from, text.len()) else {
        findings.push(SyntaxError::EmptyFile { at: Span::new(from, from) }.into());
        return (None, findings);
    };
    let (expr, found) = parse_at(text, span);
    findings.extend(found);
    (expr, findings)
}

fn parse_column(
    text: &str,
    column: ColumnDefinition,
    span: Span,
    findings: &mut Vec<Diagnostic>,
) -> ColumnDefinition {
    let (formula, found) = parse_at(text, span);
    findings.extend(found);
    ColumnDefinition { formula, ..column }
}

/// Formulas that took their name from the file can't stand beside another: theirs is the only empty name span.
fn unnamed_twice(file: &RuleFile, findings: &mut Vec<Diagnostic>) {
    let mut unnamed = file.columns.iter().filter(|column| column.name.span.start == column.name.span.end);
    let (Some(one), Some(other)) = (unnamed.next(), file.columns.get(1)) else { return };
    let told = findings
        .iter()
        .any(|finding| matches!(finding, Diagnostic::Syntax(SyntaxError::UnnamedColumn { .. })));
    if !told {
        let other = if other.name.span == one.name.span { &file.columns[0] } else { other };
        let error = SyntaxError::UnnamedColumn { first: one.name.span, second: other.name.span };
        findings.push(error.into());
    }
}

/// The error about a formula without a name, in a file with names, whose first line was meant as a declaration.
fn declaration(text: &str, tokens: &[Token], items: &[Item], formula: Span) -> Option<Diagnostic> {
    let start = formula.start as usize;
    let is_code = |token: &Token| token.kind != TokenKind::Comment;
    let line: Vec<Token> = tokens_in(tokens, start, line_end(text, start)).filter(is_code).collect();
    let has_names = items.iter().any(|item| matches!(item, Item::Column(_)));
    let found = || input::without_colon(text, &line).or_else(|| blank::without_quotes(text, &line));
    // `input D = 5` alone compares a column of that name.
    let is_line = line.last().is_some_and(|last| last.span.end == formula.end);
    let is_unread = || !is_line && !parse_at(text, formula).1.is_empty();
    (has_names || is_unread()).then(found).flatten().map(Diagnostic::from)
}

fn tokens_in(tokens: &[Token], start: usize, end: usize) -> impl Iterator<Item = Token> + '_ {
    let from = tokens.partition_point(|token| (token.span.start as usize) < start);
    tokens[from..].iter().copied().take_while(move |token| (token.span.start as usize) < end)
}

/// From the first to the last token between two bytes, comments at the ends left off.
fn formula_between(tokens: &[Token], start: usize, end: usize) -> Option<Span> {
    let is_comment = |token: &Token| matches!(token.kind, TokenKind::Comment | TokenKind::BlockComment);
    let mut inside = tokens_in(tokens, start, end).filter(|token| !is_comment(token));
    let first = inside.next()?;
    let last = inside.last().unwrap_or(first);
    Some(first.span.to(last.span))
}

/// A part of the file that is no comment.
#[derive(Clone, Copy, Debug)]
pub(super) enum Unit {
    /// `input …`
    Input(Span),
    /// `blank …`
    Blank(Span),
    /// `data …`
    Data(Span),
    /// `decision …`
    Decision(Span),
    /// `use …`
    Use(Span),
    /// A function: its signature with `:=`, and its formula.
    Function { signature: Span, formula: Span },
    /// A formula, and the `Name :=` before it; a name in a comment is no part of it.
    Column { heading: Option<Span>, formula: Span },
}

/// The inputs and columns of a file that has no mistake, in the order of the text.
pub(super) fn units(text: &str, tokens: &[Token]) -> Vec<Unit> {
    let items = find_items(text, tokens, &mut Vec::new());
    let first = items.first().map_or(text.len(), Item::start);
    let bom = if text.starts_with(BOM) { BOM.len_utf8() } else { 0 };
    let column = |heading, from, to| {
        formula_between(tokens, from, to).map(|formula| Unit::Column { heading, formula })
    };
    let mut units: Vec<Unit> = column(None, bom, first).into_iter().collect();
    for (index, item) in items.iter().enumerate() {
        let next = items.get(index + 1).map_or(text.len(), Item::start);
        match item {
            Item::Input { start, end }
            | Item::Blank { start, end }
            | Item::Data { start, end }
            | Item::Decision { start, end }
            | Item::Use { start, end } => {
                let unit = match item {
                    Item::Input { .. } => Unit::Input,
                    Item::Blank { .. } => Unit::Blank,
                    Item::Data { .. } => Unit::Data,
                    Item::Decision { .. } => Unit::Decision,
                    _ => Unit::Use,
                };
                units.extend(formula_between(tokens, *start, *end).map(unit));
                units.extend(column(None, *end, next));
            }
            Item::Function(Signature { name, formula_start, .. }) => {
                let signature = Span::new(name.start as usize, *formula_start);
                let formula = formula_between(tokens, *formula_start, next);
                units.extend(formula.map(|formula| Unit::Function { signature, formula }));
            }
            // Only a file with a mistake has one.
            Item::Unfinished { .. } => {}
            Item::Column(heading) => {
                let written = Span::new(heading.start, heading.formula_start);
                let written = Some(written).filter(|_| !heading.from_comment);
                units.extend(column(written, heading.formula_start, next));
            }
        }
    }
    units
}

/// Where the formulas of a file are, in the order of the text.
#[must_use]
pub fn formulas(text: &str) -> Vec<Span> {
    let tokens = tokenize(text);
    let formula = |unit| match unit {
        Unit::Column { formula, .. } | Unit::Function { formula, .. } => Some(formula),
        Unit::Input(input) => input::formula(text, &tokens, input),
        Unit::Blank(_) | Unit::Data(_) | Unit::Decision(_) | Unit::Use(_) => None,
    };
    units(text, &tokens).into_iter().filter_map(formula).collect()
}

/// Goes through the file line by line and finds what begins an input or a column.
fn find_items(text: &str, tokens: &[Token], findings: &mut Vec<Diagnostic>) -> Vec<Item> {
    let mut items: Vec<Item> = Vec::new();
    let mut depth = 0usize;
    let mut rest = tokens;
    let mut comment_above = None;
    let mut in_input = false;
    let mut code = FirstCode::default();
    let is_rule = tokens.iter().any(|token| token.kind == TokenKind::Operator && token.text(text) == ":=");
    while let Some(first) = rest.first() {
        let line_end = line_end(text, first.span.start as usize);
        let length = rest.iter().take_while(|token| (token.span.start as usize) < line_end).count();
        let (line, behind) = rest.split_at(length);
        let is_comment = first.kind == TokenKind::Comment;
        let found = match first.kind {
            TokenKind::Comment
                if depth == 0 && comment_above != Some(line_of(text, first.span.start as usize)) =>
            {
                let is_inside = begins_formula(&items, tokens, &mut code, first.span.start as usize);
                let heading = header::header_above(text, rest, is_inside);
                findings
                    .extend(heading.as_ref().and_then(|heading| header::invalid_range(text, &heading.name)));
                heading.map(Item::Column)
            }
            TokenKind::Comment => None,
            _ if (depth == 0 && input::is_input(text, line)) || input::is_certainly_input(text, line) => {
                Some(Item::Input { start: first.span.start as usize, end: line_end })
            }
            _ if depth == 0 && data::is_data(text, line) => {
                Some(Item::Data { start: first.span.start as usize, end: line_end })
            }
            _ if depth == 0 && decision::is_decision(text, line) => {
                Some(Item::Decision { start: first.span.start as usize, end: line_end })
            }
            _ if depth == 0 && import::is_use(text, line) => {
                Some(Item::Use { start: first.span.start as usize, end: line_end })
            }
            _ if depth == 0 && blank::is_blank(text, line) => {
                Some(Item::Blank { start: first.span.start as usize, end: line_end })
            }
            _ => {
                let signature = function::signature(text, rest).filter(|_| depth == 0);
                signature.map(Item::Function).or_else(|| {
                    let start = first.span.start as usize;
                    let is_apart =
                        is_rule && line_of(text, start) == start && !continues_header(&items, start);
                    let found = definition::definition(text, line, depth, findings).map(Item::Column);
                    let found = found.or_else(|| glued::definition(text, line, depth, findings));
                    found.or_else(|| {
                        if depth > 0 {
                            None
                        } else {
                            private::without_assignment(text, line, is_apart, findings)
                        }
                    })
                })
            }
        };
        // The formula of an input goes on for as long as its brackets are open.
        in_input &= depth > 0;
        if let Some(item) = found {
            depth = 0;
            in_input = matches!(item, Item::Input { .. } | Item::Data { .. });
            add_item(&mut items, item);
        } else if let Some(Item::Input { end, .. } | Item::Data { end, .. }) =
            items.last_mut().filter(|_| in_input)
        {
            *end = line_end;
        }
        comment_above = is_comment.then(|| line_of(text, line_end.min(text.len())).max(1));
        depth = line.iter().fold(depth, |depth, token| match token.kind {
            TokenKind::Open => depth + 1,
            TokenKind::Close => depth.saturating_sub(1),
            _ => depth,
        });
        rest = behind;
    }
    items
}

/// Whether a comment at the byte `at` is between `Name :=` and the formula of that column.
fn begins_formula(items: &[Item], tokens: &[Token], code: &mut FirstCode, at: usize) -> bool {
    let Some(Item::Column(heading)) = items.last().filter(|item| item.start() <= at) else { return false };
    !heading.from_comment && code.from(tokens, heading.formula_start) >= at
}

/// Where the code of the formula that was asked for last begins, since each comment inside it asks anew.
#[derive(Default)]
struct FirstCode {
    from: usize,
    found: Option<usize>,
}

impl FirstCode {
    /// The start of the first token from the byte `from` on that is no comment.
    fn from(&mut self, tokens: &[Token], from: usize) -> usize {
        if self.from != from {
            *self = Self { from, found: None };
        }
        *self.found.get_or_insert_with(|| {
            let first = tokens.partition_point(|token| (token.span.start as usize) < from);
            let code = tokens[first..].iter().find(|token| token.kind != TokenKind::Comment);
            code.map_or(usize::MAX, |token| token.span.start as usize)
        })
    }
}

/// Whether what begins at the byte `at` follows the comment that names a column, so that it may be a program in another
/// language that is meant as that column's formula.
fn continues_header(items: &[Item], at: usize) -> bool {
    matches!(items.last(), Some(Item::Column(heading)) if heading.from_comment && heading.formula_start <= at)
}

/// Adds an item; a header just above `Name :=` only lends its range to it.
fn add_item(items: &mut Vec<Item>, item: Item) {
    if let Item::Column(heading) = &item
        && !heading.from_comment
        && let Some(Item::Column(above)) = items.last()
        && above.from_comment
        && above.formula_start >= heading.start
    {
        let lent = above.contract.clone().filter(|_| above.name.value == heading.name.value);
        items.pop();
        let Item::Column(mut heading) = item else { return };
        heading.contract = heading.contract.or(lent);
        items.push(Item::Column(heading));
        return;
    }
    items.push(item);
}

fn line_end(text: &str, from: usize) -> usize {
    text[from..].find('\n').map_or(text.len(), |at| from + at + 1)
}

/// The byte where the line that holds `at` begins.
fn line_of(text: &str, at: usize) -> usize {
    text[..at].rfind('\n').map_or(0, |newline| newline + 1)
}
