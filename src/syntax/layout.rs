//! The canonical layout of rule files: lines, indentation, blank lines and comments.

mod branches;
mod build;
mod comments;
mod page;
mod piece;
mod write;

use super::ast::{Expr, RuleFile};
use super::file::{BOM, parse_file};
use super::on_deep_stack;
use super::tokens::{Token, TokenKind, tokenize};
use crate::diagnostics::{Diagnostic, Source};

/// Why a file was not formatted.
#[derive(Clone, Debug, PartialEq)]
pub enum FormatError {
    /// It has mistakes; these are all findings of the parser.
    Syntax(Vec<Diagnostic>),
    /// The formatted text would not say the same, or not stay as it is: a mistake of the formatter.
    Unfaithful,
}

/// A comment can move once to where it stays; more rounds than this only a mistake would take.
const MOST_ROUNDS: usize = 6;

/// The rule file in its canonical layout, with the line ends that most of its lines have.
///
/// The result parses to the same file and holds the same comments in the same order. Formatting it again changes
/// nothing.
pub fn format_file(source: &Source, default_name: &str) -> Result<String, FormatError> {
    on_deep_stack(source.text(), || {
        let (file, findings) = parse_file(source, default_name);
        if findings.iter().any(|finding| !finding.is_warning()) {
            return Err(FormatError::Syntax(findings));
        }
        let tokens = tokenize(source.text());
        let wanted = comments(source.text(), &tokens);
        let mut formatted = page::page(source.text(), &tokens, &file);
        let mut is_settled = false;
        for _ in 0..MOST_ROUNDS {
            let (read, tokens) = read_again(source, &formatted, default_name, &file, &wanted)?;
            let next = page::page(&formatted, &tokens, &read);
            is_settled = next == formatted;
            if is_settled {
                break;
            }
            formatted = next;
        }
        if !is_settled {
            return Err(FormatError::Unfaithful);
        }
        Ok(if ends_with_crlf(source.text()) { formatted.replace('\n', "\r\n") } else { formatted })
    })
}

/// Parses what was formatted, and makes sure that it says what the source says.
fn read_again(
    source: &Source,
    formatted: &str,
    default_name: &str,
    file: &RuleFile,
    wanted: &[&str],
) -> Result<(RuleFile, Vec<Token>), FormatError> {
    let (read, findings) = parse_file(&Source::new(source.name(), formatted), default_name);
    let tokens = tokenize(formatted);
    let is_faithful = findings.iter().all(Diagnostic::is_warning)
        && read == *file
        && comments(formatted, &tokens) == wanted;
    if is_faithful { Ok((read, tokens)) } else { Err(FormatError::Unfaithful) }
}

/// The formula on one line.
pub(super) fn one_line(expr: &Expr) -> String {
    let piece = build::Builder::new("", &[]).expr(expr, 0);
    let mut writer = write::Writer::default();
    writer.flat(&piece);
    writer.out
}

fn comments<'a>(text: &'a str, tokens: &[Token]) -> Vec<&'a str> {
    let comments = tokens.iter().filter(|token| token.kind == TokenKind::Comment);
    comments.map(|token| token.text(text).trim_end()).collect()
}

/// Whether most lines end as on Windows.
fn ends_with_crlf(text: &str) -> bool {
    let all = text.trim_start_matches(BOM).matches('\n').count();
    text.matches("\r\n").count() * 2 > all
}
