//! What is asked before anything is pushed: which properties there are, and which contacts.

use super::answer::{reason_in, sort};
use super::line::{Line, TRIES, Unanswered};
use super::request::Pushing;
use crate::table::ask::names_of;
use crate::table::import::comparable;
use crate::table::model::{Effect, Question};
use crate::value::{Value, to_text};
use std::collections::HashSet;

/// The most keys that one question names, so that it fits into an address.
const MOST_KEYS: usize = 100;

/// Why nothing can be pushed, if so: properties that are not there, or nobody to ask.
pub(super) fn preflight(effect: &Effect, pushing: &Pushing<'_>, line: &Line<'_>) -> Option<String> {
    let (question, help) = pushing.push.known_properties.as_ref()?;
    let known = match ask(question, pushing, line, &[]) {
        Ok(known) => known,
        Err(reason) => return Some(format!("{} does not say which properties it has: {reason}", line.title)),
    };
    let mapped = effect.properties.iter().map(|(name, ..)| name);
    let missing: Vec<String> =
        mapped.filter(|name| !known.contains(name)).map(|name| format!("`{name}`")).collect();
    if missing.is_empty() {
        return None;
    }
    let (noun, verb) = if missing.len() == 1 { ("property", "is") } else { ("properties", "are") };
    let help = help.as_ref().map(|help| format!("; {help}")).unwrap_or_default();
    let missing = missing.join(", ");
    Some(format!("the {noun} {missing} {verb} not in {}, so nothing was pushed{help}", line.title))
}

/// Which of these keys are there already, as keys are compared; nothing where that can't be asked.
pub(super) fn existing(
    keys: &[String],
    pushing: &Pushing<'_>,
    line: &Line<'_>,
) -> Result<Option<HashSet<String>>, String> {
    let Some(question) = &pushing.push.existing else { return Ok(None) };
    if pushing.key_name.is_empty() {
        return Ok(None);
    }
    let mut found = HashSet::new();
    for some in keys.chunks(pushing.push.batch.clamp(1, MOST_KEYS)) {
        let answer = ask(question, pushing, line, some)
            .map_err(|reason| format!("{} does not say which contacts it has: {reason}", line.title))?;
        found.extend(answer.iter().map(|key| comparable(key)));
    }
    Ok(Some(found))
}

/// The list that a question is answered with, as texts.
fn ask(
    question: &Question,
    pushing: &Pushing<'_>,
    line: &Line<'_>,
    keys: &[String],
) -> Result<Vec<String>, String> {
    let names = pushing.names(Vec::new(), keys);
    let request = pushing.build(&question.call, &names).map_err(|error| error.to_string())?;
    let answer = &pushing.push.answer;
    let response = line
        .ask(&request, TRIES, &|response| sort(answer, response, pushing.clock))
        .map_err(|Unanswered { reason, .. }| reason)?;
    if !response.is_success() {
        return Err(reason_in(&response));
    }
    let value = crate::table::ask::parsed(&response.body).unwrap_or_default();
    let names = names_of(&names, &response, value);
    let results = question.answer.eval(&names, pushing.clock);
    match results.values().first() {
        Some(Value::List(items)) => {
            Ok(items.iter().filter_map(|item| Some(to_text(item).ok()?.as_str().to_owned())).collect())
        }
        Some(Value::Error(error)) => Err(error.to_string()),
        _ => Err("the answer has no list of them".to_owned()),
    }
}
