//! Comments that look like properties and are not read as such: `# always A > 5`, `# allways: A > 5`, `# rises: A`.

use crate::check::{Checked, check};
use crate::diagnostics::{Diagnostic, Lint};
use crate::span::{Span, Spanned};
use crate::syntax::ast::{ColumnDefinition, ExprKind, RuleFile};
use crate::syntax::{Token, TokenKind, parse_at, tokenize};
use crate::types::Type;
use std::collections::BTreeSet;

/// The words that open a property, each with words for it in other tools and languages.
const WORDS: [(&str, &[&str]); 4] = [
    (
        "always",
        &[
            "always true",
            "must",
            "must be",
            "must hold",
            "invariant",
            "invariants",
            "property",
            "properties",
            "assert",
            "asserts",
            "assertion",
            "ensure",
            "ensures",
            "require",
            "requires",
            "guarantee",
            "guarantees",
            "constraint",
            "check",
            "expect",
            "prove",
        ],
    ),
    (
        "never",
        &["never true", "not", "must not", "must never", "mustn't", "forbid", "forbidden", "impossible"],
    ),
    (
        "rising",
        &[
            "rise",
            "rises",
            "raises",
            "increase",
            "increases",
            "increasing",
            "nondecreasing",
            "non-decreasing",
            "ascending",
            "grows",
            "growing",
            "monotone",
            "monotonic",
        ],
    ),
    (
        "falling",
        &[
            "fall",
            "falls",
            "decrease",
            "decreases",
            "decreasing",
            "nonincreasing",
            "non-increasing",
            "descending",
            "drops",
            "dropping",
            "declines",
            "declining",
            "shrinks",
            "shrinking",
        ],
    ),
];
/// What may end a word of a slope: `rises with: Page Views`.
const LINKS: [&str; 4] = [" with", " in", " by", " when"];
/// What is written before or after a word, such as `@always:` and `- always:`.
const DECORATION: [char; 9] = ['@', '-', '*', '!', '[', ']', '(', ')', ' '];

/// Adds a finding for each comment above a column that is meant as a property.
pub(super) fn lint(file: &RuleFile, checked: &Checked, findings: &mut Vec<Diagnostic>) {
    let text = checked.source.own_text();
    let tokens = tokenize(text);
    let spans = checked.columns.iter().flat_map(|column| [column.span, column.node.span]);
    let starts: BTreeSet<usize> = spans.map(|span| span.start as usize).collect();
    let blocks: Vec<&[Token]> = tokens.chunk_by(|one, other| is_comment(one) == is_comment(other)).collect();
    for pair in blocks.windows(2) {
        let (comments, next) = (pair[0], pair[1][0].span.start as usize);
        let end = text[next..].find('\n').map_or(text.len(), |newline| next + newline);
        if !is_comment(&comments[0]) || starts.range(next..end).next().is_none() {
            continue;
        }
        for comment in comments.iter().filter(|comment| is_on_own_line(comment, text)) {
            let Some((word, rest)) = claimed(text, *comment) else { continue };
            if is_property(file, checked, word, rest) {
                let instead = format!("# {word}: {}", rest.of(text));
                findings.push(Lint::UnreadProperty { at: comment.span, instead }.into());
            }
        }
    }
}

fn is_comment(token: &Token) -> bool {
    token.kind == TokenKind::Comment
}

fn is_on_own_line(comment: &Token, text: &str) -> bool {
    let before = &text[..comment.span.start as usize];
    let line = before.rfind('\n').map_or(0, |newline| newline + 1);
    before[line..].trim_start_matches('\u{feff}').trim().is_empty()
}

/// The word that a comment should open with, and what it claims; nothing for a comment that is read as a property.
fn claimed(text: &str, comment: Token) -> Option<(&'static str, Span)> {
    let written = comment.text(text);
    let body = written.trim_start_matches('#').trim_start_matches('/').trim();
    let before_colon = body.split_once(':');
    let is_read = |typed: &str| WORDS.iter().any(|(word, _)| typed.eq_ignore_ascii_case(word));
    if before_colon.is_some_and(|(typed, _)| is_read(typed)) {
        return None;
    }
    let with_colon = before_colon
        .and_then(|(typed, rest)| Some((meant(&typed.trim_matches(DECORATION).to_lowercase(), true)?, rest)));
    let (word, rest) = with_colon.or_else(|| {
        let (typed, rest) = body.split_once([' ', ',', ';', '='])?;
        let word = meant(&typed.trim_matches(DECORATION).to_lowercase(), false)?;
        Some((word, rest.trim_start_matches(['-', '–', '—', '=', ',', ';', ' '])))
    })?;
    let rest = rest.trim().trim_end_matches(['.', ';']);
    let start = comment.span.start as usize + written.rfind(rest).filter(|_| !rest.is_empty())?;
    Some((word, Span::new(start, start + rest.len())))
}

/// The word that is meant by a typed one. Other words for it only count before a colon.
fn meant(typed: &str, has_colon: bool) -> Option<&'static str> {
    let alone = LINKS.iter().find_map(|link| typed.strip_suffix(link)).unwrap_or(typed);
    WORDS.iter().find_map(|(word, others)| {
        let is_slope = matches!(*word, "rising" | "falling");
        let typed = if is_slope { alone } else { typed };
        let is_other = has_colon && others.contains(&typed);
        (is_other || is_near(typed, word)).then_some(*word)
    })
}

/// Whether a word is `word` with at most a slip or two.
fn is_near(typed: &str, word: &str) -> bool {
    let slips = if word.len() > 5 { 2 } else { 1 };
    typed.get(..1) == word.get(..1)
        && typed.len() + 1 >= word.len()
        && strsim::osa_distance(typed, word) <= slips
}

/// Whether what is claimed can be read: a condition about columns of the file, or the name of a column of the row.
fn is_property(file: &RuleFile, checked: &Checked, word: &str, rest: Span) -> bool {
    let (formula, found) = parse_at(checked.source.text(), rest);
    let Some(formula) = formula.filter(|_| found.is_empty()) else { return false };
    if matches!(word, "rising" | "falling") {
        let ExprKind::Name(name) = formula.kind else { return false };
        return checked.inputs.iter().any(|input| input.name == name);
    }
    let mut file = file.clone();
    let name = Spanned::new(format!("\0{word}"), rest);
    file.columns.push(ColumnDefinition::unnamed(name, Some(formula)));
    let Ok((with_claim, _)) = check(&checked.source, &file, Vec::new()) else { return false };
    let is_condition = with_claim.columns.last().is_some_and(|column| column.node.ty == Type::Boolean);
    is_condition && with_claim.inputs.len() == checked.inputs.len()
}
