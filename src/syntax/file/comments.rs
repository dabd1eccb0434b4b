//! Comments that look like headers, examples or dates and are none, and comments that were hardly meant as such.

use super::header::{is_title, labeled_header, name_in, near_header};
use super::{Item, division, glued, line_of};
use crate::diagnostics::{Diagnostic, Lint, SyntaxError};
use crate::span::Span;
use crate::syntax::tokens::{Token, TokenKind};

/// Words for `example:` in other tools and languages.
const EXAMPLE_WORDS: [&str; 16] = [
    "example",
    "ex",
    "eg",
    "e.g",
    "test",
    "testcase",
    "test case",
    "case",
    "assert",
    "expect",
    "expected",
    "check",
    "sample",
    "given",
    "for example",
    "spec",
];
/// The arrows between a row and its result.
const ARROWS: [&str; 8] = ["=>", "->", "→", "==", "returns", "gives", "should be", "="];
/// What opens a comment that has a meaning of its own.
const MARKS: [&str; 6] = ["example:", "now:", "allow:", "always:", "never:", "rising:"];

/// The findings about all comments of a file whose inputs and columns begin at `items`.
pub(super) fn lint(text: &str, tokens: &[Token], items: &[Item]) -> Vec<Diagnostic> {
    let mut findings = Vec::new();
    let mut depth = 0usize;
    for (index, token) in tokens.iter().enumerate() {
        match token.kind {
            TokenKind::Open => depth += 1,
            TokenKind::Close => depth = depth.saturating_sub(1),
            TokenKind::Comment => {
                findings.extend(hash_date(text, *token));
                findings.extend(example(text, *token));
                if depth == 0 {
                    findings.extend(header(text, tokens, index, items));
                }
            }
            _ => {}
        }
    }
    findings
}

fn body(comment: &str) -> &str {
    comment.trim_start_matches('#').trim_start_matches('/').trim()
}

/// `#2026-01-15#`
fn hash_date(text: &str, comment: Token) -> Option<Diagnostic> {
    let inside = comment.text(text).strip_prefix('#')?;
    let (date, _) = inside.split_once('#')?;
    let is_date = date.len() >= 6
        && date.matches(['-', '/']).count() == 2
        && date.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'-' | b'/'));
    let instead = if date.find('-') == Some(4) { format!("\"{date}\"") } else { "\"2026-01-31\"".to_owned() };
    let start = comment.span.start as usize;
    let at = Span::new(start, start + date.len() + 2);
    is_date.then(|| SyntaxError::HashDate { at, instead }.into())
}

/// `# examples: {"Page Views": 5} => 10`
fn example(text: &str, comment: Token) -> Option<Diagnostic> {
    let body = body(comment.text(text));
    let is_marked =
        MARKS.iter().any(|mark| body.get(..mark.len()).is_some_and(|start| start.eq_ignore_ascii_case(mark)));
    if is_marked {
        return None;
    }
    let instead = match body.find('{').filter(|at| *at <= 24) {
        Some(open) => with_row(body, open)?,
        None => without_row(body)?,
    };
    Some(Lint::UnreadExample { at: comment.span, instead }.into())
}

/// A row in braces and its result as an example, for a comment with at most one word before the row.
fn with_row(body: &str, open: usize) -> Option<String> {
    let close = body.rfind('}').filter(|close| *close > open)?;
    let (row, rest) = (&body[open..=close], body[close + 1..].trim_start());
    let result = ARROWS.iter().find_map(|arrow| rest.strip_prefix(arrow)).map(str::trim);
    let is_row = (row.contains('"') && row.contains(':')) || row == "{}";
    let word = body[..open].trim().trim_end_matches([':', '-', '=']).trim();
    let is_word = word.is_empty() || is_example_word(word);
    let result = result.filter(|result| !result.is_empty() && is_row && is_word)?;
    Some(format!("# example: {row} => {result}"))
}

/// `examples: Page Views = 5 => 10` as an example.
fn without_row(body: &str) -> Option<String> {
    let (word, rest) = body.split_once(':')?;
    let (row, result) = rest.split_once("=>").or_else(|| rest.split_once("->"))?;
    let is_row = row.contains(['=', ':']) && is_example_word(word.trim());
    is_row.then(|| format!("# example: {} => {}", as_row(row), result.trim()))
}

fn is_example_word(word: &str) -> bool {
    let lower = word.to_lowercase();
    let lower =
        lower.trim_end_matches(|next: char| next.is_ascii_digit() || matches!(next, ' ' | '#' | '.' | ')'));
    let singular = lower.strip_suffix('s').unwrap_or(lower);
    EXAMPLE_WORDS.iter().any(|known| lower == *known || singular == *known)
        || (lower.len() > 4 && strsim::osa_distance(lower, "example") <= 2)
}

/// `Page Views = 5, Country = "US"` as JSON.
fn as_row(text: &str) -> String {
    let members = text.split(',').map(|member| {
        let (name, value) = member.split_once(['=', ':']).unwrap_or((member, "1"));
        format!("\"{}\": {}", name.trim(), value.trim())
    });
    format!("{{{}}}", members.collect::<Vec<_>>().join(", "))
}

/// A header that names no column: `# Columns: Fit Score`, or one with a blank line below it.
fn header(text: &str, tokens: &[Token], index: usize, items: &[Item]) -> Option<Diagnostic> {
    let comment = tokens[index];
    let written = comment.text(text);
    let body = body(written);
    let is_proper = name_in(body).is_some() && (body.contains(':') || is_title(body));
    let near = near_header(body);
    let name = if is_proper { name_in(body)? } else { near? };
    let start = comment.span.start as usize;
    let is_own_line = text[line_of(text, start)..start].trim_start_matches('\u{feff}').trim().is_empty();
    let next = tokens[index..].iter().find(|token| token.kind != TokenKind::Comment)?;
    let names_one = items.iter().any(|item| {
        let (from, to) = item.heading_range();
        (from..to.max(from + 1)).contains(&(next.span.start as usize)) || from == start
    });
    let is_header = items.iter().any(|item| match item {
        Item::Column(heading) => heading.from_comment && heading.formula_start == next.span.start as usize,
        _ => false,
    });
    // Of two headers above one formula, the first names it.
    let is_second = items.iter().any(|item| match item {
        Item::Column(heading) => {
            heading.from_comment
                && heading.start < start
                && heading.formula_start == next.span.start as usize
                && labeled_header(body).is_some_and(|name| !name.eq_ignore_ascii_case(&heading.name.value))
        }
        _ => false,
    });
    if !is_own_line || (names_one || is_header) && !is_second {
        return None;
    }
    let why = if is_second {
        "the formula takes its name from the header above this one"
    } else if !is_proper {
        "not a form of header"
    } else if text[start..next.span.start as usize].contains("\n\n")
        || has_blank_line(&text[start..next.span.start as usize])
    {
        "a blank line separates it from the formula"
    } else {
        "no formula is directly below it"
    };
    let help = if is_second {
        format!("for this name, remove the other header and write `# Column: {name}`")
    } else {
        format!("write `# Column: {name}` in the comment directly above the formula, or `{name} := …`")
    };
    Some(Lint::UnreadHeader { at: comment.span, why, help }.into())
}

fn has_blank_line(text: &str) -> bool {
    let mut lines = text.split('\n');
    lines.next_back();
    lines.any(|line| line.trim().is_empty())
}

/// Comments of other languages, and comments that were hardly meant as such.
pub(super) fn findings(text: &str, tokens: &[Token]) -> Vec<Diagnostic> {
    let block_comments = tokens.iter().filter(|token| token.kind == TokenKind::BlockComment);
    let errors = block_comments.map(|token| SyntaxError::BlockComment { at: token.span }.into());
    errors.chain(glued::lint(text, tokens)).chain(division::lint(text, tokens)).collect()
}
