//! The results of the market functions on a column, where its name or its values show that they apply.

use crate::tools::shape::Shape;
use crate::tools::spelled::{call, holds};
use crate::value::{Clock, Value, is_empty};
use std::collections::HashMap;

/// Results of one function that are listed.
const MOST_RESULTS: usize = 8;

/// Parts of column names, and the functions that apply to such a column.
const BY_NAME: [(&[&str], &[&str]); 4] = [
    (&["title", "position", "role"], &["SENIORITY", "DEPARTMENT"]),
    (&["industry"], &["INDUSTRY"]),
    (&["country"], &["COUNTRYCODE"]),
    (&["employee", "headcount", "company size"], &["HEADCOUNTBAND"]),
];

/// The results of the functions that apply, the most frequent first.
pub(super) fn results(clock: &Clock, name: &str, shape: &Shape) -> Vec<(&'static str, Vec<(String, u64)>)> {
    let lower = name.to_lowercase().replace('_', " ");
    let fits = |parts: &&[&str]| parts.iter().any(|part| lower.contains(part));
    let named = BY_NAME.iter().filter(|(parts, _)| fits(parts)).flat_map(|(_, functions)| *functions);
    let mut results: Vec<(&'static str, Vec<(String, u64)>)> = named
        .map(|function| (*function, counted(shape, |value| Some(result(clock, function, value)))))
        .collect();
    let emails: u64 =
        texts(shape).filter(|(text, _)| holds(clock, "ISEMAIL", text)).map(|(_, count)| count).sum();
    let all: u64 = texts(shape).map(|(_, count)| count).sum();
    if emails > 0 && emails * 2 >= all {
        results.push(("email", counted(shape, |value| email_kind(clock, value))));
    }
    results.retain(|(_, list)| !list.is_empty());
    results
}

fn texts(shape: &Shape) -> impl Iterator<Item = (&str, u64)> {
    shape.values.texts().filter(|(text, _)| !text.trim().is_empty())
}

fn counted(shape: &Shape, result: impl Fn(&Value<'_>) -> Option<String>) -> Vec<(String, u64)> {
    let mut counts: HashMap<String, u64> = HashMap::new();
    for (value, count) in shape.values.ranked() {
        if let Some(result) = result(&value).filter(|_| !is_empty(&value)) {
            *counts.entry(result).or_default() += count;
        }
    }
    let mut counts: Vec<(String, u64)> = counts.into_iter().collect();
    counts.sort_by(|one, other| other.1.cmp(&one.1).then(one.0.cmp(&other.0)));
    let others: u64 = counts.iter().skip(MOST_RESULTS).map(|(_, count)| count).sum();
    counts.truncate(MOST_RESULTS);
    if others > 0 {
        counts.push(("other".to_owned(), others));
    }
    counts
}

/// What a function returns for a value; `none` where that is empty or an error.
fn result(clock: &Clock, function: &str, value: &Value<'_>) -> String {
    match call(clock, function, std::slice::from_ref(value)) {
        Some(Value::Text(text)) if !text.trim().is_empty() => text.as_str().to_owned(),
        _ => "none".to_owned(),
    }
}

fn email_kind(clock: &Clock, value: &Value<'_>) -> Option<String> {
    let Value::Text(text) = value else { return None };
    let kind = if holds(clock, "ISPLACEHOLDER", text) {
        "placeholder"
    } else if !holds(clock, "ISEMAIL", text) {
        "not an email"
    } else if holds(clock, "ISFREEMAIL", text) {
        "free mail"
    } else {
        "business"
    };
    Some(kind.to_owned())
}
