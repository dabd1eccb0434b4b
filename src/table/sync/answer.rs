//! From the answer to a push to what became of each of its items.

use super::line::Sort;
use crate::rules::FormulaId;
use crate::table::ask::{is_true, names_of, parsed, reason_of, record};
use crate::table::failure::FailureClass;
use crate::table::http::Response;
use crate::table::model::{Check, PushAnswer};
use crate::value::{Clock, Record, Value, to_text};

/// What became of one item.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Fate {
    /// It was written.
    Written {
        /// Its number in the CRM.
        id: Option<String>,
        /// Whether it was not there before, where the answer says.
        created: Option<bool>,
    },
    /// It was refused, and why.
    Refused(String),
    /// The answer says nothing of it, though it may say something of others.
    Silent(Option<String>),
}

/// What an answer about items says.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Reading {
    /// One of them spoils the whole call, and why.
    Divide(String),
    /// All of them were refused, and why.
    Refused(String),
    /// What became of each, in their order.
    Fates(Vec<Fate>),
}

/// What an answer means before it is read, and what it says about a fault.
pub(super) fn sort(answer: &PushAnswer, response: &Response, clock: &Clock) -> (Sort, String) {
    let body = parsed(&response.body);
    let is_sound = body.is_some() || response.body.trim().is_empty();
    let value = body.unwrap_or_else(|| Value::borrowed(&response.body));
    let reason = said(response, &reason_of(&value, response));
    let names = names_of(&Record::default(), response, value);
    let results = answer.whole.eval(&names, clock);
    let holds = |id: FormulaId| results.values().get(id.index()).is_some_and(is_true);
    let check = answer.checks.iter().find(|(_, id)| holds(*id)).map(|(check, _)| *check);
    let sort = match check {
        Some(Check::OutOfCredits) => Sort::Stop(FailureClass::OutOfCredits),
        Some(Check::Unauthorized) => Sort::Stop(FailureClass::Unauthorized),
        Some(Check::RateLimited) => Sort::TooFast,
        Some(Check::Later | Check::Retryable) => Sort::Passing,
        _ if response.status >= 500 => Sort::Passing,
        // It was carried out; only what became of it is lost.
        _ if response.is_success() && !is_sound => Sort::Passing,
        _ => Sort::Answered,
    };
    (sort, reason)
}

/// What an answer to a call for one row means, in general.
pub(super) fn sort_generic(response: &Response) -> (Sort, String) {
    let sort = match response.status {
        401 => Sort::Stop(FailureClass::Unauthorized),
        429 => Sort::TooFast,
        408 | 425 | 500.. => Sort::Passing,
        _ => Sort::Answered,
    };
    (sort, reason_in(response))
}

/// What an answer says about a fault, with its status.
pub(super) fn reason_in(response: &Response) -> String {
    said(response, &reason_of(&parsed(&response.body).unwrap_or_default(), response))
}

fn said(response: &Response, reason: &str) -> String {
    let separator = if reason.is_empty() { "" } else { ": " };
    format!("status {}{separator}{reason}", response.status)
}

/// Reads the answer to a push of so many items.
pub(super) fn read(answer: &PushAnswer, response: &Response, count: usize, clock: &Clock) -> Reading {
    let value = parsed(&response.body).unwrap_or_default();
    let names = names_of(&Record::default(), response, value);
    let results = answer.whole.eval(&names, clock);
    let value_of = |id: Option<FormulaId>| id.and_then(|id| results.values().get(id.index()));
    let reason = || {
        let item = OneItem::new(answer, response, Value::Blank, clock);
        item.text(answer.reason).map_or_else(|| reason_in(response), |reason| said(response, &reason))
    };
    if value_of(answer.divide).is_some_and(is_true) {
        return Reading::Divide(reason());
    }
    if !response.is_success() {
        return Reading::Refused(format!(
            "{} ({})",
            reason(),
            FailureClass::of_status(response.status).word()
        ));
    }
    let items = |list: Option<&Value<'_>>| match list {
        Some(Value::List(items)) => items.iter().map(|item| item.clone().into_owned()).collect(),
        _ => Vec::new(),
    };
    let mut fates = Fates { answer, response, clock, of_items: vec![None; count], unplaced: None };
    items(value_of(answer.results))
        .into_iter()
        .enumerate()
        .for_each(|(place, item)| fates.result(place, item));
    items(value_of(answer.errors)).into_iter().for_each(|item| fates.error(item));
    let unplaced = fates.unplaced;
    let fate = |fate: Option<Fate>| fate.unwrap_or_else(|| Fate::Silent(unplaced.clone()));
    Reading::Fates(fates.of_items.into_iter().map(fate).collect())
}

/// The fates that are known so far.
struct Fates<'f> {
    answer: &'f PushAnswer,
    response: &'f Response,
    clock: &'f Clock,
    of_items: Vec<Option<Fate>>,
    /// What is said of an item without saying of which.
    unplaced: Option<String>,
}

impl Fates<'_> {
    fn result(&mut self, place: usize, value: Value<'static>) {
        let item = OneItem::new(self.answer, self.response, value, self.clock);
        let place = match self.answer.trace {
            Some(_) => item.place(self.answer.trace),
            None => Some(place),
        };
        let is_written = self.answer.ok.is_none_or(|id| item.holds(id));
        let fate = if is_written {
            let created = self.answer.created.map(|id| item.holds(id));
            Fate::Written { id: item.text(self.answer.id), created }
        } else {
            Fate::Refused(item.reason())
        };
        self.settle(place, fate);
    }

    fn error(&mut self, value: Value<'static>) {
        let item = OneItem::new(self.answer, self.response, value, self.clock);
        let reason = item.reason();
        match item.place(self.answer.error_trace) {
            Some(place) => self.settle(Some(place), Fate::Refused(reason)),
            None => self.unplaced = Some(reason),
        }
    }

    fn settle(&mut self, place: Option<usize>, fate: Fate) {
        if let Some(known) = place.and_then(|place| self.of_items.get_mut(place)) {
            *known = Some(fate);
        }
    }
}

/// One item of an answer, with the results of the formulas over it.
struct OneItem {
    values: Vec<Value<'static>>,
    reason: Option<FormulaId>,
}

impl OneItem {
    fn new(answer: &PushAnswer, response: &Response, item: Value<'static>, clock: &Clock) -> Self {
        let names = record([("item".to_owned(), item)]);
        let names = names_of(&names, response, parsed(&response.body).unwrap_or_default());
        let results = answer.item.eval(&names, clock);
        let values = results.values().iter().map(|value| value.clone().into_owned()).collect();
        Self { values, reason: answer.reason }
    }

    fn holds(&self, id: FormulaId) -> bool {
        self.values.get(id.index()).is_some_and(is_true)
    }

    fn text(&self, id: Option<FormulaId>) -> Option<String> {
        let text = to_text(self.values.get(id?.index())?).ok()?;
        (!text.as_str().is_empty()).then(|| text.as_str().chars().take(300).collect())
    }

    fn reason(&self) -> String {
        self.text(self.reason).unwrap_or_else(|| "refused without a reason".to_owned())
    }

    fn place(&self, id: Option<FormulaId>) -> Option<usize> {
        self.text(id)?.parse().ok()
    }
}
