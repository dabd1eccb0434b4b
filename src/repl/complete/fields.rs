//! The fields of a record that can follow a dot: `Apollo.organization.name`.

use super::super::scan::Scan;
use super::super::vocabulary::Vocabulary;
use super::{Candidate, begins, holds};
use crate::syntax::{TokenKind, field_name};

/// The byte from which on the text is replaced, and the fields that can be there. Nothing where the text does not end
/// with a dot, or with a dot and a part of a name.
pub(super) fn fields(vocabulary: &Vocabulary, scan: &Scan<'_>) -> Option<(usize, Vec<Candidate>)> {
    let (start, dot) = typed_field(scan)?;
    let typed = &scan.text[start..];
    let mut records = record_paths(scan, dot).into_iter().map(|path| vocabulary.fields.at(&path));
    let names = records.find(|names| !names.is_empty()).unwrap_or_default();
    let of = |matches: fn(&str, &str) -> bool| -> Vec<Candidate> {
        let found = names.iter().filter(|name| matches(name, typed));
        found.map(|name| Candidate::new(field_name(name))).collect()
    };
    let begun = of(begins);
    Some((start, if begun.is_empty() { of(holds) } else { begun }))
}

/// Where the name of a field begins that ends the text, and the index of the dot before it.
fn typed_field(scan: &Scan<'_>) -> Option<(usize, usize)> {
    let last = scan.tokens.len().checked_sub(1)?;
    let token = scan.tokens[last];
    if token.span.end as usize != scan.text.len() {
        return None;
    }
    if is_dot(scan, last) {
        return Some((scan.text.len(), last));
    }
    let dot = last.checked_sub(1).filter(|dot| is_dot(scan, *dot))?;
    (token.kind == TokenKind::Word).then_some((token.span.start as usize, dot))
}

fn is_dot(scan: &Scan<'_>, index: usize) -> bool {
    let token = scan.tokens[index];
    token.kind == TokenKind::Operator && matches!(token.text(scan.text), "." | "?.")
}

/// The paths that can end before the dot at token `dot`: a column and fields. A bare name has several words, so each
/// word of the run can be its first; the longest name is first.
fn record_paths(scan: &Scan<'_>, dot: usize) -> Vec<Vec<String>> {
    let mut steps: Vec<String> = Vec::new();
    let mut end = dot;
    loop {
        end = before_indexes(scan, end);
        let Some(last) = end.checked_sub(1) else { return Vec::new() };
        if let Some(before) = last.checked_sub(1).filter(|before| is_dot(scan, *before)) {
            let Some(name) = scan.name_of(last..end) else { return Vec::new() };
            steps.push(name);
            end = before;
            continue;
        }
        let names = first_tokens(scan, last).into_iter().filter_map(|first| scan.name_of(first..end));
        let with_steps = |name: String| std::iter::once(name).chain(steps.iter().rev().cloned()).collect();
        return names.map(with_steps).collect();
    }
}

/// The end of what comes before the brackets at the end, such as `[0]`.
fn before_indexes(scan: &Scan<'_>, mut end: usize) -> usize {
    while end.checked_sub(1).is_some_and(|last| scan.tokens[last].text(scan.text) == "]") {
        let open = (0..end).rev().find(|index| scan.tokens[*index].text(scan.text) == "[");
        let Some(open) = open else { return 0 };
        end = open;
    }
    end
}

/// The tokens at which a name that ends with token `last` can begin.
fn first_tokens(scan: &Scan<'_>, last: usize) -> Vec<usize> {
    let mut first = last;
    while first > 0 && scan.is_word(first) && scan.blanks_before(first) && scan.is_word(first - 1) {
        first -= 1;
    }
    (first..=last).collect()
}
