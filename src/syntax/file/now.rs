//! `# now: 2026-01-31T12:00:00Z`

use super::line_of;
use crate::diagnostics::{Diagnostic, SyntaxError};
use crate::span::{Span, Spanned};
use crate::syntax::tokens::{Token, TokenKind};
use crate::value::Clock;

/// What opens the comment.
const MARK: &str = "now";

/// The moment that a comment on a line of its own gives for the tests and examples of the file.
pub(super) fn find_now(
    text: &str,
    tokens: &[Token],
    findings: &mut Vec<Diagnostic>,
) -> Option<Spanned<String>> {
    let mut found: Option<Spanned<String>> = None;
    for moment in tokens.iter().filter_map(|token| moment_of(text, *token)) {
        let written = moment.of(text);
        let problem = if !is_moment(written) {
            // `# Now: the tiers` is prose.
            if (written.is_empty() || written.contains(' ')) && !looks_like_date(written) {
                continue;
            }
            "not a moment in ISO 8601"
        } else if !text[..moment.start as usize].trim_end().ends_with(':') {
            "a colon is missing after `now`"
        } else if found.is_some() {
            "a second moment for this file"
        } else {
            found = Some(Spanned::new(written.to_owned(), moment));
            continue;
        };
        findings.push(SyntaxError::InvalidNow { problem, at: moment }.into());
    }
    found
}

fn is_moment(written: &str) -> bool {
    Clock::system().stopped_at(written).is_ok()
}

/// Whether a text begins like a date of any spelling: with three numbers and a sign after each of the first two.
fn looks_like_date(written: &str) -> bool {
    let mut rest = written.trim_start_matches(['"', '\'']);
    for is_last in [false, false, true] {
        let after = rest.trim_start_matches(|next: char| next.is_ascii_digit());
        if after.len() == rest.len() {
            return false;
        }
        match after.strip_prefix(['-', '/', '.']) {
            Some(next) => rest = next,
            None => return is_last,
        }
    }
    true
}

/// Where the moment of a comment is, if the comment gives one.
fn moment_of(text: &str, token: Token) -> Option<Span> {
    if token.kind != TokenKind::Comment {
        return None;
    }
    let start = token.span.start as usize;
    let is_own_line = text[line_of(text, start)..start].trim_start_matches(super::BOM).trim().is_empty();
    if !is_own_line {
        return None;
    }
    let written = token.text(text);
    let body = written.trim_start_matches(['#', '/']).trim_start();
    let after = body.get(MARK.len()..).filter(|_| body[..MARK.len()].eq_ignore_ascii_case(MARK))?;
    // Without the colon, only a date shows that the comment is more than prose.
    let moment = match after.strip_prefix(':') {
        Some(moment) => moment.trim(),
        None => Some(after.trim()).filter(|date| after.starts_with(' ') && is_moment(date))?,
    };
    let after_mark = written.len() - body.len() + MARK.len();
    let at = written[after_mark..].find(moment).map_or(after_mark, |at| after_mark + at);
    Some(Span::new(start + at, start + at + moment.len()))
}
