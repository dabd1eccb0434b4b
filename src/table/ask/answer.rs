//! From an answer to what it means: found, not found, later, try again, stop.

use super::record;
use super::shape::mismatch;
use crate::table::digits::read_exact;
use crate::table::http::Response;
use crate::table::model::{Check, Lookup};
use crate::value::{Clock, Record, Value, is_empty, json_text, to_boolean};

/// What an answer means.
#[derive(Clone, Debug, PartialEq)]
pub enum Meaning {
    /// It has what was asked for: the outputs, as the text of a JSON object.
    Found(String),
    /// There is nothing.
    NotFound,
    /// The answer comes later, and is fetched by another call.
    Awaiting,
    /// Ask the same again later; asking again costs nothing.
    Later,
    /// Too fast.
    RateLimited,
    /// Nothing more is to be had from this provider.
    OutOfCredits,
    /// The key is wrong.
    Unauthorized,
    /// A passing fault.
    Passing,
    /// It has something of another shape than was asked for, and why.
    Misshapen,
    /// A fault that will not pass.
    Failed,
}

/// Whether the provider counts the call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Billed {
    /// It does.
    Yes,
    /// It does not.
    No,
    /// Nobody knows.
    Unknown,
}

/// An answer, read.
#[derive(Clone, Debug, PartialEq)]
pub struct Answered {
    /// What it means.
    pub meaning: Meaning,
    /// Whether the call is counted.
    pub billed: Billed,
    /// The status.
    pub status: u16,
    /// What the provider says, in a few words; for faults.
    pub reason: String,
}

/// Reads the answer to a lookup that was given `inputs`.
#[must_use]
pub fn read_answer(lookup: &Lookup, inputs: &Record<'_>, response: &Response, clock: &Clock) -> Answered {
    let body = parsed(&response.body);
    let unread = if body.is_none() { Unread::of(&response.body) } else { None };
    let value = body.unwrap_or_else(|| Value::borrowed(&response.body));
    let names = names_of(inputs, response, value.clone());
    let results = lookup.answer.rules.eval(&names, clock);
    let values = results.values();
    let holds = |id: crate::rules::FormulaId| values.get(id.index()).is_some_and(is_true);
    let answered = |meaning: Meaning, billed: Billed| Answered {
        meaning,
        billed,
        status: response.status,
        reason: reason_of(&value, response),
    };
    if let Some((check, _)) = lookup.answer.checks.iter().find(|(_, id)| holds(*id)) {
        // An answer that says where the result is to be fetched says more than its status.
        if *check == Check::Later && lookup.answer.is_later.is_some_and(holds) {
            return answered(Meaning::Awaiting, Billed::Unknown);
        }
        return match check {
            Check::OutOfCredits => answered(Meaning::OutOfCredits, Billed::No),
            Check::RateLimited => answered(Meaning::RateLimited, Billed::No),
            Check::Unauthorized => answered(Meaning::Unauthorized, Billed::No),
            Check::Later => answered(Meaning::Later, Billed::Unknown),
            Check::NoMatch => answered(Meaning::NotFound, billed_without_match(lookup)),
            Check::Retryable => answered(Meaning::Passing, billed_of_fault(response.status)),
        };
    }
    if !response.is_success() {
        return answered(Meaning::Failed, billed_of_fault(response.status));
    }
    // It answered, and so it may have counted the call; only what it said is lost.
    let lost = |meaning: Meaning, reason: &str| Answered {
        reason: reason.to_owned(),
        ..answered(meaning, Billed::Unknown)
    };
    match unread {
        Some(Unread::CutOff) => return lost(Meaning::Passing, "the answer was cut off"),
        Some(Unread::Broken) => return lost(Meaning::Failed, "the answer is not JSON"),
        Some(Unread::Text) | None => {}
    }
    if lookup.answer.is_later.is_some_and(holds) {
        return answered(Meaning::Awaiting, Billed::Unknown);
    }
    let found = sorted(lookup, values);
    if found.is_some()
        && let Some(problem) = misshapen(lookup, inputs, values)
    {
        return Answered { reason: problem, ..answered(Meaning::Misshapen, Billed::Yes) };
    }
    match (found, unread) {
        (Some(outputs), _) => answered(Meaning::Found(outputs), Billed::Yes),
        // Words that nobody expected are a fault, and not the news that there is nothing.
        (None, Some(_)) => {
            lost(Meaning::Failed, &format!("the answer is not JSON: {}", reason_of(&value, response)))
        }
        (None, None) => answered(Meaning::NotFound, billed_without_match(lookup)),
    }
}

/// Why an answer is no JSON.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Unread {
    /// It ends too early.
    CutOff,
    /// It was to be JSON, or is a page for people.
    Broken,
    /// It is text, which formulas can read.
    Text,
}

impl Unread {
    /// Nothing where there is nothing to read.
    fn of(body: &str) -> Option<Self> {
        let body = without_mark(body);
        Some(match body.trim_start().as_bytes().first()? {
            b'{' | b'[' | b'"' => match serde_json::from_str::<serde::de::IgnoredAny>(body) {
                Err(error) if error.is_eof() => Self::CutOff,
                _ => Self::Broken,
            },
            b'<' => Self::Broken,
            _ => Self::Text,
        })
    }
}

/// Reads what a file or formulas give: `response` is the row that was found, or Blank.
#[must_use]
pub fn read_local(lookup: &Lookup, inputs: &Record<'_>, response: Value<'_>, clock: &Clock) -> Answered {
    let is_missing = matches!(response, Value::Blank) && lookup.equal.is_some();
    let response_record = Response { status: 200, headers: Vec::new(), body: String::new() };
    let names = names_of(inputs, &response_record, response);
    let results = lookup.answer.rules.eval(&names, clock);
    let found = if is_missing { None } else { sorted(lookup, results.values()) };
    let (meaning, billed) = match found {
        Some(outputs) => (Meaning::Found(outputs), Billed::Yes),
        None => (Meaning::NotFound, billed_without_match(lookup)),
    };
    Answered { meaning, billed, status: 200, reason: String::new() }
}

/// Why an output of an answer that matches is not of the shape that an input says, if so.
fn misshapen(lookup: &Lookup, inputs: &Record<'_>, values: &[Value<'_>]) -> Option<String> {
    let wanted = |(output, input): &(String, String)| match inputs.get(input) {
        Some(Value::Record(schema)) => Some((output.clone(), schema.clone())),
        _ => None,
    };
    let (output, schema) = lookup.answer.conforms.iter().find_map(wanted)?;
    let (_, id) = lookup.answer.outputs.iter().find(|(name, _)| *name == output)?;
    let problem = mismatch(values.get(id.index()).unwrap_or(&Value::Blank), &schema)?;
    Some(format!("not of the shape that was asked for: {problem}"))
}

/// The outputs of an answer that matches, without those that are errors or blank.
fn sorted(lookup: &Lookup, values: &[Value<'_>]) -> Option<String> {
    let outputs = lookup.answer.outputs.iter().filter_map(|(name, id)| {
        let value = values.get(id.index())?;
        (!matches!(value, Value::Error(_) | Value::Blank)).then(|| (name.clone(), value.clone()))
    });
    let outputs: Vec<(String, Value<'_>)> = outputs.collect();
    let matches = match lookup.answer.found {
        Some(id) => values.get(id.index()).is_some_and(is_true),
        None => outputs.iter().any(|(_, value)| !is_empty(value)),
    };
    matches.then(|| json_text(&Value::Record(record(outputs).into())))
}

fn billed_without_match(lookup: &Lookup) -> Billed {
    if lookup.charge_matches_only { Billed::No } else { Billed::Yes }
}

/// A gateway that gives up may have passed the call on.
fn billed_of_fault(status: u16) -> Billed {
    if matches!(status, 502 | 504 | 408 | 524) { Billed::Unknown } else { Billed::No }
}

/// The value of a formula as a condition; an error is none.
pub(crate) fn is_true(value: &Value<'_>) -> bool {
    to_boolean(value).is_ok_and(|holds| holds)
}

/// The names that formulas over an answer see.
pub(crate) fn names_of<'v>(inputs: &Record<'v>, response: &'v Response, value: Value<'v>) -> Record<'v> {
    let mut members = inputs.members().to_vec();
    let headers =
        response.headers.iter().map(|(name, value)| (name.clone(), Value::borrowed(value.as_str())));
    let more = record([
        ("status".to_owned(), Value::Number(f64::from(response.status))),
        ("headers".to_owned(), Value::Record(record(headers).into())),
        ("response".to_owned(), value),
    ]);
    members.extend(more.members().iter().cloned());
    Record::new(members)
}

/// The body as a value, if it is JSON.
pub(crate) fn parsed(body: &str) -> Option<Value<'_>> {
    let body = without_mark(body);
    if body.trim().is_empty() {
        return None;
    }
    read_exact(body).ok()
}

/// The text without the mark of a byte order that some programs begin it with.
fn without_mark(body: &str) -> &str {
    body.strip_prefix('\u{feff}').unwrap_or(body)
}

/// What the provider says about a fault, wherever it says it, on one line.
pub(crate) fn reason_of(value: &Value<'_>, response: &Response) -> String {
    let said = match value {
        Value::Record(body) => said_in(body),
        Value::List(items) => match items.first() {
            Some(Value::Record(first)) => said_in(first),
            _ => None,
        },
        _ => None,
    };
    let said = said.unwrap_or_else(|| {
        // A page for people says little that is worth keeping.
        let body = response.body.trim();
        if body.starts_with('<') { String::new() } else { body.to_owned() }
    });
    let line: String = said.split_whitespace().collect::<Vec<_>>().join(" ");
    line.chars().take(300).collect()
}

fn said_in(body: &Record<'_>) -> Option<String> {
    for name in ["message", "error_message", "error", "errors", "details", "type"] {
        match body.get(name) {
            Some(Value::Text(text)) => return Some(text.as_str().to_owned()),
            Some(Value::Record(inner)) => return said_in(inner),
            Some(Value::List(items)) => {
                if let Some(Value::Record(inner)) = items.first() {
                    return said_in(inner);
                }
            }
            _ => {}
        }
    }
    None
}
