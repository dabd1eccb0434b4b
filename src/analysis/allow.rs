//! `# allow: CODE, reason`: comments that silence a lint on the line below, or in the whole column below.

use crate::check::Checked;
use crate::diagnostics::{AllowLint, Diagnostic, LINTS, ROW_LINTS, did_you_mean, suggest};
use crate::span::Span;
use crate::syntax::{Token, TokenKind, tokenize};
use std::ops::Range;

/// The word that opens such a comment.
const MARK: &str = "allow:";
/// The prefix of every code, which the comment may leave out.
const PREFIX: &str = "clay::";

/// The `# allow:` comments of a rule file.
#[derive(Debug, Default)]
pub struct Allowances {
    list: Vec<Allowance>,
    /// The bytes of each decision table, and the byte of its declaration, whose comments count for the table.
    tables: Vec<(Range<usize>, usize)>,
}

#[derive(Debug)]
struct Allowance {
    /// The code without its prefix.
    code: String,
    has_reason: bool,
    /// The bytes in which it silences findings.
    silenced: Range<usize>,
    at: Span,
}

impl Allowances {
    /// Reads the comments of the file that `checked` was built from.
    #[must_use]
    pub fn of(checked: &Checked) -> Self {
        let text = checked.source.own_text();
        let tokens = tokenize(text);
        let comments = tokens.iter().enumerate().filter(|(_, token)| token.kind == TokenKind::Comment);
        let list = comments.filter_map(|(index, comment)| {
            let (code, reason) = allowed(comment.text(text))?;
            let next = tokens[index..].iter().find(|token| token.kind != TokenKind::Comment);
            let silenced = next.map_or(0..0, |next| silenced_by(checked, text, *next));
            Some(Allowance {
                code: code.to_lowercase(),
                has_reason: !reason.is_empty(),
                silenced,
                at: comment.span,
            })
        });
        let tables = checked.decisions.iter().filter_map(|decision| {
            // The formula follows the text of the table.
            let formula = decision.formula?;
            let table = checked.source.part_at(formula.start as usize);
            Some((table.start..formula.end as usize, decision.span.start as usize))
        });
        Self { list: list.collect(), tables: tables.collect() }
    }

    /// Removes the findings that a comment silences, and returns for each comment whether it silenced any.
    pub fn silence(&self, findings: &mut Vec<Diagnostic>) -> Vec<bool> {
        let mut used = vec![false; self.list.len()];
        findings.retain(|finding| {
            let code = finding.code();
            let code = code.trim_start_matches(PREFIX);
            let offset = finding.offset();
            let table = self.tables.iter().find(|(table, _)| table.contains(&offset));
            let offset = table.map_or(offset, |(_, declared)| *declared);
            let is_silenced = |one: &Allowance| one.code == code && one.silenced.contains(&offset);
            let mut silencing = self.list.iter().zip(&mut used).filter(|(one, _)| is_silenced(one));
            let Some((_, used)) = silencing.next().filter(|_| finding.is_lint()) else { return true };
            *used = true;
            false
        });
        used
    }

    /// Returns a lint for each comment that names no lint, gives no reason, or silenced nothing.
    #[must_use]
    pub fn without_effect(&self, used: &[bool]) -> Vec<Diagnostic> {
        let without = self.list.iter().zip(used).filter_map(|(one, used)| {
            let known = || LINTS.iter().chain(ROW_LINTS).copied();
            let unknown = |problem: String, why, help| {
                Some(AllowLint::UnknownAllow { problem, at: one.at, why, help }.into())
            };
            if one.code.is_empty() {
                let help = "add the code of the report and a reason: `# allow: CODE, REASON`".to_owned();
                return unknown("`# allow:` without a code".to_owned(), "the code is missing", Some(help));
            }
            if !known().any(|code| code == one.code) {
                let problem = format!("there is no lint `{}`", one.code);
                let help = did_you_mean(&suggest(&one.code, known()));
                return unknown(problem, "silences nothing", help);
            }
            if !one.has_reason {
                let help = format!("add a reason: `# allow: {}, REASON`", one.code);
                return unknown(
                    "`# allow:` without a reason".to_owned(),
                    "the reason is missing",
                    Some(help),
                );
            }
            let is_decided = !ROW_LINTS.contains(&one.code.as_str());
            (!used && is_decided)
                .then(|| AllowLint::UnusedAllow { code: one.code.clone(), at: one.at }.into())
        });
        without.collect()
    }
}

/// The code and the reason of a comment that opens with `allow:`.
fn allowed(comment: &str) -> Option<(&str, &str)> {
    let body = comment.trim_start_matches('#').trim_start_matches('/').trim();
    let rest = body.get(MARK.len()..).filter(|_| body[..MARK.len()].eq_ignore_ascii_case(MARK))?;
    let (code, reason) = rest.split_once(',').unwrap_or((rest, ""));
    let code = code.trim();
    let has_prefix = code.get(..PREFIX.len()).is_some_and(|start| start.eq_ignore_ascii_case(PREFIX));
    Some((if has_prefix { &code[PREFIX.len()..] } else { code }, reason.trim()))
}

/// The whole column or function where `next`, the first token below the comment, begins one; otherwise the line of `next`.
fn silenced_by(checked: &Checked, text: &str, next: Token) -> Range<usize> {
    let start = next.span.start as usize;
    let line_end = text[start..].find('\n').map_or(text.len(), |at| start + at);
    let begins = |at: Span| (start..line_end).contains(&(at.start as usize));
    let column = checked.columns.iter().find(|column| {
        begins(column.span)
            || column.node.span.start as usize == start
            || column.span.start == next.span.start
    });
    let function = checked.functions.iter().find(|function| begins(function.name.span));
    let end = column.map(|column| column.node.span.end).or(function.map(|function| function.span.end));
    // The formula of a decision table is in another text.
    let end = end.map(|end| end as usize).filter(|end| *end <= text.len());
    let end = end.map_or(line_end, |end| end.max(line_end));
    start..end
}
