//! Regular expressions where text is searched, delimiters and flags in patterns, patterns that match everything.

use super::uses::{Use, UseKind};
use crate::analysis::view::{View, read_name};
use crate::analysis::words::is_web_address;
use crate::builtins::Role;
use crate::diagnostics::{ArgumentLint, Diagnostic};
use crate::syntax::print_text;
use crate::types::Type;
use regex::Regex;

/// Amounts that end with a dollar sign and are no patterns.
const CURRENCIES: [&str; 12] =
    ["US$", "USD$", "A$", "AU$", "AUD$", "CA$", "CAD$", "NZ$", "HK$", "S$", "R$", "C$"];

/// The finding for a pattern where text is searched exactly as written.
pub(super) fn as_text(view: &View<'_>, one: &Use<'_>) -> Option<Diagnostic> {
    let is_separator = one.kind == UseKind::Search(Role::Separator);
    let is_found = if one.kind.is_needle() {
        has_syntax(one.text) || is_anchored(one.text) || alternatives(one.text).is_some()
    } else if one.kind.is_equality() {
        has_syntax(one.text) || (is_anchored(one.text) && one.text.starts_with('^'))
    } else {
        is_separator && has_syntax(one.text)
    };
    is_found.then(|| {
        let function = one.call.map_or_else(|| "`=`".to_owned(), |(builtin, _)| builtin.name.to_owned());
        let help = as_text_help(view, one);
        ArgumentLint::RegexAsText { function, at: one.at.span, help }.into()
    })
}

fn as_text_help(view: &View<'_>, one: &Use<'_>) -> String {
    let subject = view.written(one.other);
    let text = print_text(one.text);
    if let Some((builtin, args)) = one.call {
        // What replaces or divides has a counterpart that reads patterns.
        if builtin.returns.ty == Type::Text
            && builtin.params.iter().any(|param| param.role == Role::Replacement)
        {
            let new = args.get(2).map_or_else(|| "\"\"".to_owned(), |arg| view.written(arg));
            return format!("write `REGEXREPLACE({subject}, {text}, {new})`");
        }
        if one.kind == UseKind::Search(Role::Separator) {
            return format!("write `{}(REGEXREPLACE({subject}, {text}, \";\"), \";\")`", builtin.name);
        }
        if let Some(parts) = alternatives(one.text).filter(|_| !has_syntax(one.text)) {
            let parts: Vec<String> = parts.iter().map(|part| print_text(part)).collect();
            return format!("write `{}({subject}, {})`", builtin.name, parts.join(", "));
        }
    }
    let without_any = one.text.trim_start_matches(".*").trim_end_matches(".*");
    let core = without_any.trim_start_matches('^').trim_end_matches('$').replace("\\.", ".");
    let core = core.as_str();
    let is_plain = !has_syntax(core) && !core.contains(['|', '\\', '*', '+', '?']);
    match (without_any.starts_with('^'), without_any.ends_with('$')) {
        (false, false) if is_plain && without_any != one.text => {
            let name = one.call.map_or("ICONTAINS", |(builtin, _)| builtin.name);
            format!("write `{name}({subject}, {})`", print_text(core))
        }
        (true, false) if is_plain => format!("write `STARTSWITH({subject}, {})`", print_text(core)),
        (false, true) if is_plain => format!("write `ENDSWITH({subject}, {})`", print_text(core)),
        _ => format!("write `REGEXMATCH({subject}, {text})`"),
    }
}

/// `\d`, `.*`, `[^0-9]`, `(VP|CEO)`
fn has_syntax(text: &str) -> bool {
    let classes =
        ["\\d", "\\w", "\\s", "\\b", "\\D", "\\W", "\\S", "\\B", "[^", "[0-9", "[a-z", "[A-Z", "(?i", "(?:"];
    let any = text.contains(".*") || text.contains(".+");
    let group = text.split_once('(').is_some_and(|(_, rest)| {
        rest.split_once(')').is_some_and(|(inside, _)| inside.contains('|') && !inside.contains(" | "))
    });
    let class = text.len() > 2
        && text.starts_with('[')
        && text.ends_with(']')
        && text.contains([',', ';'])
        && !text.contains(char::is_alphanumeric);
    any || group || class || classes.iter().any(|class| text.contains(class))
}

/// `^VP`, `VP$`
fn is_anchored(text: &str) -> bool {
    let starts = text.strip_prefix('^').is_some_and(|rest| rest.starts_with(char::is_alphanumeric));
    let ends =
        text.strip_suffix('$').is_some_and(|rest| rest.len() > 1 && rest.ends_with(char::is_alphabetic));
    starts || (ends && !CURRENCIES.contains(&text) && !text.contains(' '))
}

/// `VP|Head|Chief`: words with bars between them, without spaces around the bars.
fn alternatives(text: &str) -> Option<Vec<&str>> {
    let parts: Vec<&str> = text.split('|').collect();
    let is_word = |part: &&str| part.trim() == *part && part.contains(char::is_alphanumeric);
    (parts.len() > 1 && parts.iter().all(is_word) && !text.contains("||")).then_some(parts)
}

/// The finding for delimiters and flags, or for a pattern that matches every text.
pub(super) fn pattern(view: &View<'_>, one: &Use<'_>) -> Option<Diagnostic> {
    if one.kind != UseKind::Search(Role::Pattern) {
        return None;
    }
    delimiters(one).or_else(|| matches_all(view, one))
}

/// `/vp/i`, `/^vp$/`, `/vp/` in a title
fn delimiters(one: &Use<'_>) -> Option<Diagnostic> {
    let inside = one.text.strip_prefix('/')?;
    let (body, flags) = inside.rsplit_once('/')?;
    let has_flags = !flags.is_empty() && flags.chars().all(|flag| "gimsuyx".contains(flag));
    let is_anchored = body.starts_with('^') || (body.ends_with('$') && !body.ends_with("\\$"));
    let is_path = body.contains('/') && !body.contains("\\/");
    // `/pricing/` is part of an address.
    let name = read_name(one.other);
    let is_pattern = is_anchored || name.is_some_and(|name| !is_web_address(name));
    if body.is_empty() || is_path || !(has_flags || (flags.is_empty() && is_pattern)) {
        return None;
    }
    let kept: String = flags.chars().filter(|flag| "imsx".contains(*flag)).collect();
    let mode = if kept.is_empty() { String::new() } else { format!("(?{kept})") };
    let instead = print_text(&format!("{mode}{}", body.replace("\\/", "/")));
    Some(ArgumentLint::RegexDelimiters { at: one.at.span, instead }.into())
}

/// `VP|`, `.*` where the question is whether the pattern is found.
fn matches_all(view: &View<'_>, one: &Use<'_>) -> Option<Diagnostic> {
    let (builtin, _) = one.call.filter(|(builtin, _)| builtin.returns.ty == Type::Boolean)?;
    let pattern = Regex::new(one.text).ok()?;
    // What matches nothing but odd characters as well as the empty text matches every text.
    if !pattern.is_match("") || !pattern.is_match("\u{1}~\u{2}") {
        return None;
    }
    let subject = view.written(one.other);
    let parts: Vec<&str> = one.text.split('|').filter(|part| !part.is_empty()).collect();
    let without = parts.join("|");
    let still_all = Regex::new(&without).map_or(true, |pattern| pattern.is_match(""));
    let has_empty = one.text.split('|').any(str::is_empty);
    let (why, help) = if has_empty && !still_all {
        let help =
            format!("remove the empty alternative: `{}({subject}, {})`", builtin.name, print_text(&without));
        ("an empty alternative of `|` matches every text", help)
    } else {
        ("matches the empty text, which is in every text", format!("write `ISNOTEMPTY({subject})`"))
    };
    Some(ArgumentLint::PatternMatchesAll { at: one.at.span, why, help }.into())
}
