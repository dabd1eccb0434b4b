//! The arguments of one call, read as the kinds of value the function wants.

use super::Builtin;
use super::market::is_placeholder;
use crate::types::Type;
use crate::value::{
    Clock, Date, ErrorValue, Incomparable, Misfit, Text, Value, has_more_digits, is_empty, order, to_boolean,
    to_date, to_number, to_text,
};
use std::cell::RefCell;
use std::cmp::Ordering;
use std::sync::Arc;

/// Text results longer than this are refused, so that no formula can use up the memory.
pub(crate) const LONGEST_TEXT: usize = 16 << 20;

/// One call of a function, its arguments evaluated.
pub struct Call<'c, 'v> {
    builtin: &'static Builtin,
    args: &'c [Value<'v>],
    clock: &'c Clock,
    /// Names where argument `n` came from, for messages: ``column `Employee Count` ``.
    origin: &'c dyn Fn(usize) -> Option<String>,
    /// What was met that does not keep the call from having a result, and in which argument.
    notes: RefCell<Vec<(Note, usize)>>,
}

/// Something in an argument that is counted as a warning.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Note {
    /// Text that was skipped, since it is no number.
    SkippedText,
    /// Text that could not be read, which counts as Blank.
    UnreadText,
    /// An error that a count takes as one value.
    CountedError,
    /// A whole number with more digits than arithmetic keeps.
    LostDigits,
    /// A comparison that is FALSE, since the two values have no order.
    Incomparable(Incomparable),
}

/// Why a call has no result. Small, since every builtin returns it.
#[derive(Clone, Debug, PartialEq)]
pub struct CallError(pub Arc<ErrorValue>);

impl From<ErrorValue> for CallError {
    fn from(error: ErrorValue) -> Self {
        Self(Arc::new(error))
    }
}

impl<'c, 'v> Call<'c, 'v> {
    /// A call of `builtin` with `args`; `origin` says where an argument came from.
    pub fn new(
        builtin: &'static Builtin,
        args: &'c [Value<'v>],
        clock: &'c Clock,
        origin: &'c dyn Fn(usize) -> Option<String>,
    ) -> Self {
        Self { builtin, args, clock, origin, notes: RefCell::default() }
    }

    /// The function's name.
    #[must_use]
    pub fn name(&self) -> &'static str {
        self.builtin.name
    }

    /// What was noted during the call, with the argument that each note is about.
    #[must_use]
    pub fn into_notes(self) -> Vec<(Note, usize)> {
        self.notes.into_inner()
    }

    /// Counts a warning about argument `index`, once.
    pub fn note(&self, note: Note, index: usize) {
        let mut notes = self.notes.borrow_mut();
        if !notes.contains(&(note, index)) {
            notes.push((note, index));
        }
    }

    /// Counts a warning about each argument that is an error, for functions that take it as one value.
    pub(super) fn note_errors(&self) {
        for (index, value) in self.args.iter().enumerate() {
            if value.as_error().is_some() {
                self.note(Note::CountedError, index);
            }
        }
    }

    /// Blank for a text in argument `index` that the function can't read; counted as a warning, unless the text is
    /// empty or a placeholder such as `N/A`. A value of another kind is an error: it `problem`.
    pub(super) fn unread(&self, index: usize, problem: &str) -> Result<Value<'v>, CallError> {
        match self.value(index) {
            empty if is_empty(empty) => {}
            Value::Text(text) if is_placeholder(text) => {}
            Value::Text(_) => self.note(Note::UnreadText, index),
            Value::Error(error) => return Err(CallError(error.clone())),
            _ => return Err(self.fail(index, problem)),
        }
        Ok(Value::Blank)
    }

    /// Argument `index` as a date, or nothing for text that is none; see [`Self::unread`].
    pub(super) fn date_if_readable(&self, index: usize) -> Result<Option<Date>, CallError> {
        match to_date(self.value(index), self.clock) {
            Ok(date) => Ok(Some(date)),
            Err(_) => self.unread(index, "must be a date").map(|_| None),
        }
    }

    /// The order of two arguments as `<` sees it; nothing, and a warning, where they have none.
    pub(super) fn order(&self, one: usize, two: usize) -> Option<Ordering> {
        let (left, right) = (self.value(one), self.value(two));
        match order(left, right, self.clock) {
            Ok(ordering) => Some(ordering),
            Err(reason) => {
                let index = if reason.is_due_to_second(left, right) { two } else { one };
                self.note(Note::Incomparable(reason), index);
                None
            }
        }
    }

    /// The clock of the run.
    #[must_use]
    pub fn clock(&self) -> &'c Clock {
        self.clock
    }

    /// All arguments as they are.
    #[must_use]
    pub fn args(&self) -> &'c [Value<'v>] {
        self.args
    }

    /// Argument `index` as it is; Blank where it was left out.
    #[must_use]
    pub fn value(&self, index: usize) -> &'c Value<'v> {
        self.args.get(index).unwrap_or(&Value::Blank)
    }

    /// Whether argument `index` was written.
    #[must_use]
    pub fn has(&self, index: usize) -> bool {
        index < self.args.len()
    }

    /// Argument `index` as a number.
    pub fn number(&self, index: usize) -> Result<f64, CallError> {
        self.note_lost_digits(self.value(index), index);
        to_number(self.value(index)).map_err(|misfit| self.misfit(index, Type::Number, misfit))
    }

    /// Counts a warning where a value has digits that computing with it loses.
    pub(super) fn note_lost_digits(&self, value: &Value<'v>, index: usize) {
        if has_more_digits(value) {
            self.note(Note::LostDigits, index);
        }
    }

    /// Argument `index` as a number, or `default` where it was left out.
    pub fn number_or(&self, index: usize, default: f64) -> Result<f64, CallError> {
        if self.has(index) { self.number(index) } else { Ok(default) }
    }

    /// Argument `index` as a count of things: a number cut to a whole one, not below `lowest`.
    pub fn count_or(&self, index: usize, lowest: usize, default: usize) -> Result<usize, CallError> {
        let number = self.number_or(index, default as f64)?.trunc();
        if number < lowest as f64 {
            return Err(self.fail(index, &format!("must be at least {lowest}")));
        }
        Ok(number.min(u32::MAX.into()) as usize)
    }

    /// Argument `index` as text.
    pub fn text(&self, index: usize) -> Result<Text<'v>, CallError> {
        to_text(self.value(index)).map_err(|misfit| self.misfit(index, Type::Text, misfit))
    }

    /// Argument `index` as a condition.
    pub fn boolean(&self, index: usize) -> Result<bool, CallError> {
        to_boolean(self.value(index)).map_err(|misfit| self.misfit(index, Type::Boolean, misfit))
    }

    /// Argument `index` as a date.
    pub fn date(&self, index: usize) -> Result<Date, CallError> {
        to_date(self.value(index), self.clock).map_err(|misfit| self.misfit(index, Type::Date, misfit))
    }

    /// The arguments from `first` on, lists opened up, with the index of the argument each came from.
    pub fn items_from(&self, first: usize) -> impl Iterator<Item = (usize, &'c Value<'v>)> + use<'c, 'v> {
        let args = self.args;
        args.iter().enumerate().skip(first).flat_map(|(index, value)| {
            let items = match value {
                Value::List(items) => &items[..],
                single => std::slice::from_ref(single),
            };
            items.iter().map(move |item| (index, item))
        })
    }

    /// The numbers among the arguments from `first` on, lists opened up: empties are skipped, and so is text that is
    /// no number, with a warning.
    pub fn numbers_from(&self, first: usize) -> Result<Vec<f64>, CallError> {
        self.numbers_of(self.items_from(first))
    }

    /// The same for argument `index` alone.
    pub fn numbers_in(&self, index: usize) -> Result<Vec<f64>, CallError> {
        self.numbers_of(self.items_from(index).take_while(|(from, _)| *from == index))
    }

    fn numbers_of(&self, items: impl Iterator<Item = (usize, &'c Value<'v>)>) -> Result<Vec<f64>, CallError>
    where
        'v: 'c,
    {
        let mut numbers = Vec::new();
        for (index, item) in items {
            self.note_lost_digits(item, index);
            match item {
                _ if is_empty(item) => {}
                Value::Error(error) => return Err(CallError(error.clone())),
                Value::Text(_) => match to_number(item) {
                    Ok(number) => numbers.push(number),
                    Err(_) => self.note(Note::SkippedText, index),
                },
                _ => numbers.push(
                    to_number(item).map_err(|misfit| self.misfit_of(index, item, Type::Number, misfit))?,
                ),
            }
        }
        Ok(numbers)
    }

    /// `#VALUE!`: argument `index` can't be what it is.
    #[must_use]
    pub fn fail(&self, index: usize, problem: &str) -> CallError {
        let param = self.builtin.param_of(index, self.args.len()).map_or("argument", |param| param.name);
        let found = ErrorValue::shown(self.value(index), (self.origin)(index).as_deref());
        ErrorValue::value(format!("{}: `{param}` {problem}, and {found} is not", self.builtin.name)).into()
    }

    pub(super) fn misfit(&self, index: usize, wanted: Type, misfit: Misfit) -> CallError {
        self.misfit_of(index, self.value(index), wanted, misfit)
    }

    pub(super) fn misfit_of(
        &self,
        index: usize,
        value: &Value<'v>,
        wanted: Type,
        misfit: Misfit,
    ) -> CallError {
        if let Value::Error(error) = value {
            return CallError(error.clone());
        }
        let param = self.builtin.param_of(index, self.args.len()).map_or("argument", |param| param.name);
        let place = format!("`{param}` of {}", self.builtin.name);
        ErrorValue::misfit(value, (self.origin)(index).as_deref(), wanted, misfit, Some(&place)).into()
    }
}

/// The text as a value, or `#VALUE!` where it is too long to be meant.
pub(crate) fn limited(text: String) -> Result<Value<'static>, CallError> {
    if text.len() > LONGEST_TEXT {
        return Err(too_long());
    }
    Ok(Value::text(text))
}

/// The error of a text that would be too long.
pub(crate) fn too_long() -> CallError {
    ErrorValue::value(format!("the text would be longer than {} MB", LONGEST_TEXT >> 20)).into()
}
