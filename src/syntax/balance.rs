//! Spans that leave out the parentheses around their ends.

use super::{TokenKind, tokenize};
use crate::span::Span;

/// The span with the brackets that its text closes but does not open, and the other way round: the span of a formula
/// leaves out the parentheses around its first and last operand.
#[must_use]
pub fn balanced(source: &str, span: Span) -> Span {
    let (mut start, mut end) = (span.start as usize, span.end as usize);
    let (mut open, mut unopened) = (0usize, 0usize);
    for token in tokenize(span.of(source)) {
        match token.kind {
            TokenKind::Open => open += 1,
            TokenKind::Close if open == 0 => unopened += 1,
            TokenKind::Close => open -= 1,
            _ => {}
        }
    }
    for _ in 0..unopened {
        let before = source[..start].trim_end();
        start = before.strip_suffix(['(', '[', '{']).map_or(start, str::len);
    }
    for _ in 0..open {
        let behind = &source[end..];
        let inner = behind.trim_start();
        let is_closed = inner.starts_with([')', ']', '}']);
        end += if is_closed { behind.len() - inner.len() + 1 } else { 0 };
    }
    Span::new(start, end)
}
