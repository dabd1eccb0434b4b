//! Names of columns that need braces, where they are written without.

use crate::syntax::is_bare_name;

/// The text with each known name that needs braces in braces; nothing if there is none in it.
pub(super) fn quoted(text: &str, names: &[String]) -> Option<String> {
    let mut special: Vec<&str> = names.iter().map(String::as_str).filter(|name| needs_braces(name)).collect();
    special.sort_by_key(|name| std::cmp::Reverse(name.len()));
    let mut written = String::new();
    let mut rest = text;
    let mut found = false;
    let mut before = None;
    while let Some(first) = rest.chars().next() {
        let skipped = quoted_length(rest, first);
        if skipped > 0 {
            written.push_str(&rest[..skipped]);
            before = rest[..skipped].chars().next_back();
            rest = &rest[skipped..];
            continue;
        }
        let name = special.iter().find(|name| begins_with(rest, name, before));
        let length = name.map_or(first.len_utf8(), |name| name.len());
        match name {
            Some(name) => {
                found = true;
                written.push_str(&format!("{{{{{name}}}}}"));
            }
            None => written.push(first),
        }
        before = rest[..length].chars().next_back();
        rest = &rest[length..];
    }
    found.then_some(written)
}

/// Whether a name can't be written bare, and has something besides signs.
fn needs_braces(name: &str) -> bool {
    !is_bare_name(name) && !name.trim().is_empty() && !name.contains(['{', '}', '\n'])
}

/// The only known name that has all the words of another, or the same words in another spelling.
pub(super) fn near<'n>(name: &str, names: &'n [String]) -> Option<&'n str> {
    let wanted = words(name);
    if wanted.is_empty() {
        return None;
    }
    if names.iter().any(|one| one == name) {
        return None;
    }
    let same = names.iter().find(|one| words(one) == wanted);
    let mut wider = names.iter().filter(|one| {
        let words = words(one);
        wanted.iter().all(|word| words.contains(word))
    });
    let only = wider.next().filter(|_| wider.next().is_none());
    same.or(only).map(String::as_str)
}

/// The words of a name in lower case, without the ending of custom fields.
fn words(name: &str) -> Vec<String> {
    let name = name.trim_end_matches("__c");
    let mut spaced = String::new();
    let mut after_lower = false;
    for next in name.chars() {
        if next.is_uppercase() && after_lower {
            spaced.push(' ');
        }
        after_lower = next.is_lowercase();
        spaced.push(if next.is_alphanumeric() { next } else { ' ' });
    }
    spaced.split_whitespace().map(str::to_lowercase).collect()
}

/// Whether the text begins with the name, and neither side of it runs on as a word.
fn begins_with(text: &str, name: &str, before: Option<char>) -> bool {
    let is_word = |next: char| next.is_alphanumeric() || next == '_';
    let Some(rest) = text.strip_prefix(name) else { return false };
    let starts = !name.starts_with(is_word) || !before.is_some_and(is_word);
    let ends = !name.ends_with(is_word) || !rest.starts_with(is_word);
    starts && ends
}

/// The bytes of a text in quotes or a name in braces at the beginning.
fn quoted_length(text: &str, first: char) -> usize {
    let close = match first {
        '"' | '\'' | '`' => first,
        '{' => '}',
        _ => return 0,
    };
    let end = text[1..].find(close).map_or(0, |at| at + 2);
    if first == '{' && text[..end].starts_with("{{") && text[end..].starts_with('}') { end + 1 } else { end }
}
