//! Comments that begin inside of what was meant as a name: `Deal # := 1`, `# of Employees := 5`, `Deal # > 3`.

use super::private::split_let;
use super::{Item, input};
use crate::diagnostics::{Diagnostic, Lint, SyntaxError};
use crate::span::{Span, Spanned};
use crate::syntax::format::is_bare_name;
use crate::syntax::tokens::{Token, TokenKind};

/// Whether a comment that follows a word would look like the rest of an expression: `Deal # > 3`.
pub(in crate::syntax) fn looks_like_code(written: &str) -> bool {
    let text = written.strip_prefix('#').map(str::trim_start);
    text.is_some_and(|text| text.starts_with(['=', '<', '>', '!', '+', '*', '/', '&', ')', ',']))
}

/// Comments that begin inside of what was meant as a name: `Deal # > 3`, `C#`, `a//b`.
pub(super) fn lint(text: &str, tokens: &[Token]) -> Vec<Diagnostic> {
    let mut findings = counts(text, tokens);
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

/// The item of a line such as `Deal # := 5` or `Deal # (USD) := 5`, whose `:=` is in a comment.
pub(super) fn definition(
    text: &str,
    line: &[Token],
    depth: usize,
    findings: &mut Vec<Diagnostic>,
) -> Option<Item> {
    let (comment, words) = line.split_last()?;
    let first = words.first().filter(|_| depth == 0 && comment.kind == TokenKind::Comment)?;
    let start = first.span.start as usize;
    if let Some(error) = input::commented(text, line) {
        findings.push(error.into());
        return Some(Item::Unfinished { name: None, start, end: comment.span.end as usize });
    }
    let (is_private, words) = split_let(text, words);
    let first = words.first()?;
    let (rest, formula) = comment.text(text).split_once(":=")?;
    let before = first.span.to(words[words.len() - 1].span).of(text);
    let begins_line = start == 0 || text[..start].ends_with('\n');
    let is_name = is_bare_name(before) && rest.starts_with('#') && is_end_of_name(&rest[1..]);
    if !begins_line || !is_name {
        return None;
    }
    let at = Span::new(first.span.start as usize, comment.span.start as usize + rest.trim_end().len());
    let name = at.of(text).to_owned();
    let word = if is_private { "let " } else { "" };
    let help = format!("write it in braces: `{word}{{{{{name}}}}} := {}`", formula.trim());
    findings.push(SyntaxError::InvalidColumnName { text: name.clone(), help, at }.into());
    Some(Item::Unfinished { name: Some(Spanned::new(name, at)), start, end: comment.span.end as usize })
}

/// Whether what follows `#` ends a name: a few words, or signs.
fn is_end_of_name(rest: &str) -> bool {
    let rest = rest.trim();
    rest.split_whitespace().count() <= 2 && !rest.contains(['.', ';', ',', '"', '\'', '=', '#'])
}

/// `# of Employees := a + 1`, `Size := # of Employees * 2`: names of numbers, which begin with `#`.
fn counts(text: &str, tokens: &[Token]) -> Vec<Diagnostic> {
    let comments = tokens.iter().enumerate().filter(|(_, token)| token.kind == TokenKind::Comment);
    let count = |(index, comment): (usize, &Token)| {
        let written = comment.text(text);
        let rest = written.strip_prefix("# of ").or_else(|| written.strip_prefix("#of "))?;
        let before = index.checked_sub(1).map(|before| tokens[before]);
        let before = before
            .filter(|before| !text[before.span.end as usize..comment.span.start as usize].contains('\n'));
        let (end, after) = match before {
            None => {
                let end = rest.find(":=")?;
                (end, &rest[end..])
            }
            Some(before) => {
                let is_value =
                    matches!(before.kind, TokenKind::Operator | TokenKind::Open | TokenKind::Comma);
                let end = rest.find(|next: char| "=<>!+-*/&),".contains(next)).filter(|_| is_value)?;
                (end, "")
            }
        };
        let name = written[..written.len() - rest.len() + end].trim();
        let instead = format!("{{{{{name}}}}} {after}");
        let help = format!("a name with `#` in it is written in braces: `{}`", instead.trim());
        // In the middle of a formula, `# of course` is a comment.
        let starts_name = before.is_none() || rest.starts_with(char::is_uppercase);
        let is_name = starts_name && is_bare_name(rest[..end].trim());
        is_name.then(|| Lint::GluedComment { opener: "#", help, at: comment.span }.into())
    };
    comments.filter_map(count).collect()
}
