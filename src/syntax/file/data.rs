//! `data Accounts = "accounts.csv" key domain (points: Number)`

use super::definition::read_name;
use super::input::unknown_type;
use crate::diagnostics::{DataError, Diagnostic};
use crate::span::{Span, Spanned};
use crate::syntax::ast::{DataColumn, DataDeclaration};
use crate::syntax::bare_or_braced;
use crate::syntax::lower::unquote;
use crate::syntax::tokens::{Token, TokenKind};
use crate::types::Type;

/// Whether a line declares lookup data, or tries to: `data`, a name, `=`, and something that no comparison has there.
pub(super) fn is_data(text: &str, line: &[Token]) -> bool {
    let is = |token: &Token, word: &str| token.text(text) == word;
    let Some(first) = line.first().filter(|first| is(first, "data")) else { return false };
    let sign =
        line.iter().position(|token| is(token, "=") || is(token, ":=") || token.kind == TokenKind::Text);
    let is_named = sign.is_some_and(|sign| sign > 1) && line[1].span.start > first.span.end;
    let is_file =
        |at: usize| line[at..].windows(2).any(|pair| is(&pair[0], ".") && is_ending(pair[1].text(text)));
    let is_record = |at: usize| line.get(at + 1).is_some_and(|token| is(token, "{"));
    let is_declared = |at: usize| line.iter().any(is_source) || is_file(at) || is_record(at);
    is_named && sign.is_some_and(|sign| !is(&line[sign], ":=") && is_declared(sign))
}

/// Whether a word is the ending of a file of data: `accounts.csv` without quotes.
fn is_ending(word: &str) -> bool {
    ["csv", "tsv", "json", "jsonl", "ndjson", "txt", "xlsx"].contains(&word)
}

fn is_source(token: &Token) -> bool {
    matches!(token.kind, TokenKind::Text | TokenKind::UnclosedText | TokenKind::CurlyText)
}

/// Parses the tokens of one declaration.
pub(super) fn parse_data(
    text: &str,
    line: &[Token],
    findings: &mut Vec<Diagnostic>,
) -> Option<DataDeclaration> {
    let line: Vec<Token> = line.iter().copied().filter(|token| token.kind != TokenKind::Comment).collect();
    Reader { text, line: &line, at: 1 }.declaration().map_err(|error| findings.push(*error)).ok()
}

/// Reads a declaration from left to right.
struct Reader<'t> {
    text: &'t str,
    line: &'t [Token],
    at: usize,
}

impl Reader<'_> {
    fn declaration(&mut self) -> Result<DataDeclaration, Box<Diagnostic>> {
        let name = self.name(&["="])?.ok_or_else(|| self.expected("a name for the data"))?;
        self.sign("=")?;
        if self.line.get(self.at).is_some_and(|token| token.text(self.text) == "{") {
            return Err(Box::new(self.record(&name.value)));
        }
        let file = self.next_of(TokenKind::Text, "the file in double quotes")?;
        let file = Spanned::new(unquote(file.text(self.text)), file.span);
        let mut keys = Vec::new();
        if self.word("key") {
            loop {
                let key = self.name(&["range", ",", "("])?;
                keys.push(key.ok_or_else(|| self.expected("the name of a column"))?);
                if !self.takes(",") {
                    break;
                }
            }
        }
        let mut range = None;
        if self.word("range") {
            let column = self.name(&["(", "key"])?;
            range = Some(column.ok_or_else(|| self.expected("the name of a column"))?);
        }
        let columns = if self.takes("(") { self.columns()? } else { Vec::new() };
        if self.at < self.line.len() {
            return Err(Box::new(self.expected(if columns.is_empty() && range.is_none() {
                "`key`, `range`, the types of columns in parentheses, or the end of the line"
            } else {
                "the end of the line"
            })));
        }
        let span = self.line[0].span.to(self.line[self.line.len() - 1].span);
        let folder = String::new();
        Ok(DataDeclaration { name, file, folder, keys, range, columns, span, loaded: None })
    }

    /// `{Software: 30}` where the file should be.
    fn record(&self, name: &str) -> Diagnostic {
        let (open, last) = (self.line[self.at], self.line[self.line.len() - 1]);
        let at = open.span.to(last.span);
        let is_whole = last.kind == TokenKind::Close;
        let record = if is_whole { at.of(self.text).to_owned() } else { "{…}".to_owned() };
        DataError::InlineData { name: bare_or_braced(name), record, at }.into()
    }

    /// `points: Number, since: Date "MM/DD/YYYY")`
    fn columns(&mut self) -> Result<Vec<DataColumn>, Box<Diagnostic>> {
        let mut columns = Vec::new();
        loop {
            if self.takes(")") {
                return Ok(columns);
            }
            let name = self.name(&[":"])?.ok_or_else(|| self.expected("the name of a column"))?;
            self.sign(":")?;
            let written = self.next_of(TokenKind::Word, "a type, such as Number")?;
            let ty = Type::named(written.text(self.text));
            let ty =
                ty.ok_or_else(|| Box::new(unknown_type(written.text(self.text), written.span).into()))?;
            columns.push(DataColumn { name, ty: Spanned::new(ty, written.span) });
            if !self.takes(",") {
                self.sign(")")?;
                return Ok(columns);
            }
        }
    }

    /// The name that ends before one of these words or signs.
    fn name(&mut self, ends: &[&str]) -> Result<Option<Spanned<String>>, Box<Diagnostic>> {
        let rest = &self.line[self.at..];
        let is_end = |token: &Token| ends.contains(&token.text(self.text)) || is_source(token);
        let length = rest.iter().position(is_end).unwrap_or(rest.len());
        if length == 0 {
            return Ok(None);
        }
        let name = read_name(self.text, &rest[..length]).ok_or_else(|| self.expected("a name"))?;
        self.at += length;
        Ok(Some(name))
    }

    fn word(&mut self, word: &str) -> bool {
        self.takes(word)
    }

    fn takes(&mut self, sign: &str) -> bool {
        let is_it = self.line.get(self.at).is_some_and(|token| token.text(self.text) == sign);
        self.at += usize::from(is_it);
        is_it
    }

    fn sign(&mut self, sign: &'static str) -> Result<(), Box<Diagnostic>> {
        let wanted = match sign {
            "=" => "`=` and a file",
            ":" => "`:` and a type",
            _ => "`)`, or `,` and another column",
        };
        if self.takes(sign) { Ok(()) } else { Err(self.expected(wanted).into()) }
    }

    fn next_of(&mut self, kind: TokenKind, wanted: &'static str) -> Result<Token, Box<Diagnostic>> {
        let token = self.line.get(self.at).copied().filter(|token| token.kind == kind);
        let token = token.ok_or_else(|| self.expected(wanted))?;
        self.at += 1;
        Ok(token)
    }

    fn expected(&self, wanted: &'static str) -> Diagnostic {
        let end = self.line.last().map_or(0, |last| last.span.end as usize);
        let at = self.line.get(self.at).map_or(Span::new(end, end), |token| token.span);
        DataError::InvalidData { wanted, at }.into()
    }
}
