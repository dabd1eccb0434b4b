//! `data Accounts = "accounts.csv" key domain (points: Number)`, `data Points = {"Software": 30}`

use super::definition::read_name;
use super::input::unknown_type;
use crate::diagnostics::{DataError, Diagnostic};
use crate::span::{Span, Spanned};
use crate::syntax::ast::{DataColumn, DataDeclaration, DataSource};
use crate::syntax::lower::unquote;
use crate::syntax::parse::parse_at;
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
    let is_inline = |at: usize| line.get(at + 1).is_some_and(|token| is(token, "{") || is(token, "["));
    let is_declared = |at: usize| line.iter().any(|token| token.is_quoted()) || is_file(at) || is_inline(at);
    is_named && sign.is_some_and(|sign| !is(&line[sign], ":=") && is_declared(sign))
}

/// Whether a word is the ending of a file of data: `accounts.csv` without quotes.
fn is_ending(word: &str) -> bool {
    ["csv", "tsv", "json", "jsonl", "ndjson", "txt", "xlsx"].contains(&word)
}

/// Parses the tokens of one declaration.
pub(super) fn parse_data(
    text: &str,
    line: &[Token],
    findings: &mut Vec<Diagnostic>,
) -> Option<DataDeclaration> {
    let line: Vec<Token> = line.iter().copied().filter(|token| token.kind != TokenKind::Comment).collect();
    let mut reader = Reader { text, line: &line, at: 1, findings };
    let declaration = reader.declaration();
    declaration.map_err(|error| findings.push(*error)).ok().flatten()
}

/// Reads a declaration from left to right.
struct Reader<'t> {
    text: &'t str,
    line: &'t [Token],
    at: usize,
    findings: &'t mut Vec<Diagnostic>,
}

impl Reader<'_> {
    /// Nothing if the rows in the declaration can't be parsed, which is reported.
    fn declaration(&mut self) -> Result<Option<DataDeclaration>, Box<Diagnostic>> {
        let name = self.name(&["="])?.ok_or_else(|| self.expected("a name for the data"))?;
        self.sign("=")?;
        let next = self.line.get(self.at).map(|token| token.text(self.text));
        let has_own_keys = next == Some("{");
        let source = if has_own_keys || next == Some("[") { self.inline() } else { Some(self.file()?) };
        let Some(source) = source else { return Ok(None) };
        let mut keys = Vec::new();
        if !has_own_keys && self.word("key") {
            loop {
                let key = self.name(&["range", ",", "("])?;
                keys.push(key.ok_or_else(|| self.expected("the name of a column"))?);
                if !self.takes(",") {
                    break;
                }
            }
        }
        let mut range = None;
        if !has_own_keys && self.word("range") {
            let column = self.name(&["(", "key"])?;
            range = Some(column.ok_or_else(|| self.expected("the name of a column"))?);
        }
        let columns = if self.takes("(") { self.columns()? } else { Vec::new() };
        if self.at < self.line.len() {
            return Err(Box::new(self.expected(if has_own_keys && columns.is_empty() {
                "the types of columns in parentheses, or the end of the line"
            } else if columns.is_empty() && range.is_none() {
                "`key`, `range`, the types of columns in parentheses, or the end of the line"
            } else {
                "the end of the line"
            })));
        }
        let span = self.line[0].span.to(self.line[self.line.len() - 1].span);
        Ok(Some(DataDeclaration {
            name,
            source,
            folder: String::new(),
            keys,
            range,
            columns,
            span,
            loaded: None,
        }))
    }

    /// `"accounts.csv"`
    fn file(&mut self) -> Result<Spanned<DataSource>, Box<Diagnostic>> {
        let file = self.next_of(TokenKind::Text, "the file in double quotes")?;
        Ok(Spanned::new(DataSource::File(unquote(file.text(self.text))), file.span))
    }

    /// `{"Software": 30}`, `["a.com", "b.com"]`
    fn inline(&mut self) -> Option<Spanned<DataSource>> {
        let mut depth = 0usize;
        let closes = |token: &Token| {
            match token.kind {
                TokenKind::Open => depth += 1,
                TokenKind::Close => depth = depth.saturating_sub(1),
                _ => {}
            }
            depth == 0
        };
        let rest = &self.line[self.at..];
        let last = rest.iter().position(closes).unwrap_or(rest.len() - 1);
        let span = rest[0].span.to(rest[last].span);
        self.at += last + 1;
        let (values, findings) = parse_at(self.text, span);
        self.findings.extend(findings);
        values.map(|values| Spanned::new(DataSource::Inline(values), span))
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
        let is_end = |token: &Token| ends.contains(&token.text(self.text)) || token.is_quoted();
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
