//! Comments of other languages, and comments that begin inside of a name.

use crate::diagnostics::{Diagnostic, Lint, SyntaxError};
use crate::syntax::tokens::{Token, TokenKind};

/// Comments of other languages, and comments that were hardly meant as such.
pub(super) fn comment_findings(text: &str, tokens: &[Token]) -> Vec<Diagnostic> {
    let block_comments = tokens.iter().filter(|token| token.kind == TokenKind::BlockComment);
    let errors = block_comments.map(|token| SyntaxError::BlockComment { at: token.span }.into());
    errors.chain(glued_comments(text, tokens)).chain(super::division::lint(text, tokens)).collect()
}

/// Whether a comment behind a word would look like the rest of an expression: `Deal # > 3`.
pub(in crate::syntax) fn looks_like_code(written: &str) -> bool {
    let behind = written.strip_prefix('#').map(str::trim_start);
    behind.is_some_and(|behind| behind.starts_with(['=', '<', '>', '!', '+', '*', '/', '&', ')', ',']))
}

/// Comments that begin inside of what was meant as a name: `Deal # > 3`, `C#`, `a//b`.
fn glued_comments(text: &str, tokens: &[Token]) -> Vec<Diagnostic> {
    let mut findings = Vec::new();
    for pair in tokens.windows(2) {
        let [before, comment] = [pair[0], pair[1]];
        let same_line = !text[before.span.end as usize..comment.span.start as usize].contains('\n');
        if comment.kind != TokenKind::Comment || !same_line || before.kind == TokenKind::Comment {
            continue;
        }
        let written = comment.text(text);
        let opener = if written.starts_with('#') { "#" } else { "//" };
        let is_word = matches!(before.kind, TokenKind::Word | TokenKind::NumberWord);
        let glued = before.span.end == comment.span.start && (is_word || before.kind == TokenKind::Close);
        let runs_on = is_word && looks_like_code(written);
        if glued || runs_on {
            let word = before.text(text);
            let gap = if glued { "" } else { " " };
            let help = if opener == "#" && is_word {
                format!(
                    "a name with `#` in it is written in braces: `{{{{{word}{gap}#}}}}`; for a comment, put a blank before `#`"
                )
            } else {
                format!("for a comment, put a blank before `{opener}`; to divide, write one `/`")
            };
            findings.push(Lint::GluedComment { opener, help, at: comment.span }.into());
        }
    }
    findings
}
