//! `*`, `%` and `?` as wildcards, where they match only themselves.

use super::uses::{Use, UseKind};
use crate::analysis::view::View;
use crate::builtins::Role;
use crate::diagnostics::{ArgumentLint, Diagnostic};
use crate::syntax::ast::CompareOp;
use crate::syntax::print_text;

/// A text with wildcards: the characters between them, and on which sides they are.
struct Wildcards<'t> {
    sign: char,
    core: &'t str,
    before: bool,
    after: bool,
    inside: bool,
}

/// The finding for a text with wildcards.
pub(super) fn lint(view: &View<'_>, one: &Use<'_>) -> Option<Diagnostic> {
    let is_pattern = one.kind == UseKind::Search(Role::Pattern);
    let is_same = one.kind == UseKind::Search(Role::Same);
    if !(one.kind.is_equality() || one.kind.is_needle() || is_pattern || is_same) {
        return None;
    }
    let found = read(one.text, one.kind)?;
    if is_pattern && (found.sign != '%' || found.inside) {
        return None;
    }
    let function = match (one.kind, one.call) {
        (_, Some((builtin, _))) => builtin.name.to_owned(),
        (UseKind::Equal(op), _) => format!("`{}`", op.symbol()),
        _ => "IN".to_owned(),
    };
    let help = if one.kind.is_equality() || is_same {
        for_equality(view, one, &found)
    } else {
        for_search(view, one, &found)
    };
    Some(ArgumentLint::WildcardText { function, at: one.at.span, wildcard: found.sign, help }.into())
}

fn read(text: &str, kind: UseKind) -> Option<Wildcards<'_>> {
    let trimmed = text.trim();
    let star = starred(trimmed, '*').or_else(|| starred(trimmed, '%'));
    let star = star.filter(|found| !(found.sign == '%' && is_percentage(trimmed)));
    star.or_else(|| {
        let is_one_letter =
            kind.is_equality() && !trimmed.contains(['/', '=', ' ']) && joins_letters(trimmed, '?');
        is_one_letter.then_some(Wildcards {
            sign: '?',
            core: trimmed,
            before: false,
            after: false,
            inside: true,
        })
    })
}

fn starred(text: &str, sign: char) -> Option<Wildcards<'_>> {
    let core = text.trim_matches(sign).trim();
    let (before, after) = (text.starts_with(sign), text.ends_with(sign));
    let inside = core.contains(sign);
    let is_wild = before || after || (sign == '*' && joins_letters(core, sign));
    // A row of stars is an ornament.
    let has_row = text.contains("**") || text.contains("%%");
    // A single letter with a star is a grade: `A*`. Two signs inside are emphasis or a formula.
    let is_text = core.chars().filter(|next| next.is_alphanumeric()).count() > 1;
    let is_emphasis = core.contains(['*', '(', '|', '[', '\\'])
        && sign == '*'
        && core.matches(sign).count() != 1
        && core.contains(sign);
    (is_wild
        && !has_row
        && !text.contains(".*")
        && is_text
        && !is_emphasis
        && !core.contains(['\\', '[', '(']))
    .then_some(Wildcards { sign, core, before, after, inside })
}

/// `50%`: digits before a per cent sign.
fn is_percentage(text: &str) -> bool {
    text.trim_end_matches('%').trim_end().ends_with(|last: char| last.is_ascii_digit())
        && !text.starts_with('%')
}

/// `Bo?se`: one `?` between two letters.
fn joins_letters(text: &str, sign: char) -> bool {
    let Some((left, right)) = text.split_once(sign) else { return false };
    left.ends_with(char::is_alphabetic) && right.starts_with(char::is_alphabetic) && !right.contains(sign)
}

/// `Job Title = "*VP*"` as a call.
fn for_equality(view: &View<'_>, one: &Use<'_>, found: &Wildcards<'_>) -> String {
    let (subject, core) = (view.written(one.other), print_text(found.core));
    let is_item = one.call.is_some_and(|(builtin, _)| builtin.name == "INCLUDES")
        || one.other.span.start > one.at.span.start && one.kind == UseKind::Member;
    if is_item {
        return format!("write `ANY({subject}, item, ICONTAINS(item, {core}))`");
    }
    let is_negated = one.kind == UseKind::Equal(CompareOp::NotEqual);
    let not = if is_negated { "NOT " } else { "" };
    let call = match (found.inside, found.before, found.after) {
        (true, before, after) => {
            let any = if found.sign == '?' { "." } else { ".*" };
            let core = found.core.replace('.', "\\.").replace(found.sign, any);
            let (start, end) = (if before { "" } else { "^" }, if after { "" } else { "$" });
            format!("REGEXMATCH({subject}, {})", print_text(&format!("(?i){start}{core}{end}")))
        }
        (_, true, false) => format!("ENDSWITH({subject}, {core})"),
        (_, false, true) => format!("STARTSWITH({subject}, {core})"),
        _ => format!("ICONTAINS({subject}, {core})"),
    };
    format!("write `{not}{call}`")
}

/// `ENDSWITH(Email, "*.edu")` without the wildcard.
fn for_search(view: &View<'_>, one: &Use<'_>, found: &Wildcards<'_>) -> String {
    let subject = view.written(one.other);
    let name = one.call.map_or("CONTAINS", |(builtin, _)| builtin.name);
    let is_words = one.kind == UseKind::Search(Role::LooseNeedle);
    if found.inside {
        let core = found.core.replace(found.sign, ".*");
        return format!("write `REGEXMATCH({subject}, {})`", print_text(&core));
    }
    // A word with a wildcard is a part of a word, which only ICONTAINS finds.
    let name = if is_words { "ICONTAINS" } else { name };
    format!("write `{name}({subject}, {})`", print_text(found.core))
}
