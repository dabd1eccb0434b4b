//! TEXTBEFORE and TEXTAFTER: cutting a text at one of its delimiters.

use crate::builtins::text::byte_of;
use crate::builtins::text::search::fold;
use crate::builtins::{Call, CallError};
use crate::types::Type;
use crate::value::{ErrorValue, Text, Value, to_text};
use std::ops::Range;

/// Which part of the text is wanted.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Side {
    Before,
    After,
}

/// The part of the text before or behind the delimiter that the arguments ask for.
pub(super) fn around<'v>(call: &Call<'_, 'v>, side: Side) -> Result<Value<'v>, CallError> {
    let text = call.text(0)?;
    let instance = call.number_or(2, 1.0)?.floor();
    let (ignores_case, end_counts) = (switch(call, 3)?, switch(call, 4)?);
    let beyond = !text.is_empty() && instance.abs() > text.chars().count() as f64;
    if instance == 0.0 || beyond {
        return Err(call.fail(2, "must not be 0 or beyond the text's length"));
    }
    let delimiters = delimiters(call, ignores_case)?;
    let folded: String;
    let searched = if ignores_case {
        folded = fold_each(&text);
        &folded
    } else {
        text.as_str()
    };
    let number = instance.abs().min(u32::MAX.into()) as usize;
    let Some(found) = delimiter_at(searched, &delimiters, number, instance > 0.0, end_counts) else {
        return if call.has(5) { Ok(call.value(5).clone()) } else { Err(not_found(call)) };
    };
    // Folding keeps the number of characters, not that of bytes.
    let original = |at: usize| if ignores_case { byte_of(&text, searched[..at].chars().count()) } else { at };
    Ok(match side {
        Side::Before => text.slice(0..original(found.start)),
        Side::After => text.slice(original(found.end)..text.len()),
    }
    .into())
}

fn not_found(call: &Call<'_, '_>) -> CallError {
    let shown = |index| ErrorValue::shown(call.value(index), None);
    ErrorValue::not_available(format!("{} is not in {}", shown(1), shown(0))).into()
}

/// An argument that is 0 or 1.
fn switch(call: &Call<'_, '_>, index: usize) -> Result<bool, CallError> {
    match call.number_or(index, 0.0)?.trunc() {
        0.0 => Ok(false),
        1.0 => Ok(true),
        _ => Err(call.fail(index, "must be 0 or 1")),
    }
}

fn delimiters<'v>(call: &Call<'_, 'v>, ignores_case: bool) -> Result<Vec<Text<'v>>, CallError> {
    let items = match call.value(1) {
        Value::List(items) => &items[..],
        single => std::slice::from_ref(single),
    };
    let read = |item: &Value<'v>| {
        let text = to_text(item).map_err(|misfit| call.misfit_of(1, item, Type::Text, misfit))?;
        Ok(if ignores_case { fold_each(&text).into() } else { text })
    };
    items.iter().map(read).collect()
}

fn fold_each(text: &str) -> String {
    text.chars().map(fold).collect()
}

/// Where delimiter `number` stands, counted from the start or from the end.
fn delimiter_at(
    text: &str,
    delimiters: &[Text<'_>],
    number: usize,
    forwards: bool,
    end_counts: bool,
) -> Option<Range<usize>> {
    let outer_end = if forwards { text.len()..text.len() } else { 0..0 };
    // An empty delimiter stands at once where the search begins.
    if delimiters.iter().any(|delimiter| delimiter.is_empty()) {
        return Some(if forwards { 0..0 } else { text.len()..text.len() });
    }
    let mut next: Vec<Option<Range<usize>>> = vec![Some(outer_start(text, forwards)); delimiters.len()];
    let mut from = outer_start(text, forwards).start;
    let mut is_first = true;
    for passed in 0..number {
        for (delimiter, next) in delimiters.iter().zip(&mut next) {
            // Each delimiter is looked for again only once the search has passed where it stood last.
            let passed_by =
                next.as_ref().is_some_and(|at| if forwards { at.start < from } else { at.end > from });
            if passed_by || is_first {
                *next = find(text, delimiter, from, forwards);
            }
        }
        is_first = false;
        let found = next.iter().flatten();
        let nearest = if forwards {
            found.min_by_key(|at| (at.start, std::cmp::Reverse(at.end)))
        } else {
            found.max_by_key(|at| (at.end, std::cmp::Reverse(at.start)))
        };
        let Some(nearest) = nearest.cloned() else {
            return (end_counts && passed + 1 == number).then_some(outer_end);
        };
        if passed + 1 == number {
            return Some(nearest);
        }
        from = if forwards { nearest.end } else { nearest.start };
    }
    None
}

fn outer_start(text: &str, forwards: bool) -> Range<usize> {
    if forwards { 0..0 } else { text.len()..text.len() }
}

fn find(text: &str, delimiter: &str, from: usize, forwards: bool) -> Option<Range<usize>> {
    let at = if forwards { text[from..].find(delimiter)? + from } else { text[..from].rfind(delimiter)? };
    Some(at..at + delimiter.len())
}
