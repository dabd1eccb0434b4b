//! The set of values that a part of a rule can have.

mod flags;
mod intervals;
mod words;

use flags::flag_of;
pub use flags::{Flags, error_flag, sample};
pub use intervals::{Interval, Intervals};
pub use words::{Case, Facts, Needle, Search, Words};

use crate::types::Type;
use crate::value::{Clock, Date, Value, is_empty, json_text, read_number, to_boolean};
use std::hash::{Hash, Hasher};
use std::rc::Rc;

/// A set of values.
#[derive(Clone, Debug)]
pub struct Possible {
    /// Kinds of few values.
    pub flags: Flags,
    /// Numbers.
    pub numbers: Intervals,
    /// Texts that read as these numbers.
    pub number_texts: Intervals,
    /// Dates, as seconds since 1970 in UTC.
    pub dates: Intervals,
    /// Texts that read as these dates.
    pub date_texts: Intervals,
    /// Other texts that are not empty.
    pub words: Words,
    /// The value, if it is the only one.
    pub exact: Option<Rc<Value<'static>>>,
}

/// Two sets are equal when they hold the same values, in the same spelling where that is known.
impl PartialEq for Possible {
    fn eq(&self, other: &Self) -> bool {
        self.flags == other.flags
            && self.numbers == other.numbers
            && self.number_texts == other.number_texts
            && self.dates == other.dates
            && self.date_texts == other.date_texts
            && self.words == other.words
            && match (self.spelling(), other.spelling()) {
                (None, None) => true,
                (Some(one), Some(two)) => one.ty() == two.ty() && json_text(one) == json_text(two),
                _ => false,
            }
    }
}

impl Possible {
    /// No value at all.
    #[must_use]
    pub fn none() -> Self {
        Self {
            flags: Flags::NONE,
            numbers: Intervals::none(),
            number_texts: Intervals::none(),
            dates: Intervals::none(),
            date_texts: Intervals::none(),
            words: Words::None,
            exact: None,
        }
    }

    /// Every value, errors included.
    #[must_use]
    pub fn any() -> Self {
        Self { flags: Flags::VALUES | Flags::ERRORS, dates: Intervals::all(), ..Self::of_row() }
    }

    /// Every value that a row can have.
    #[must_use]
    pub fn of_row() -> Self {
        Self {
            flags: Flags::VALUES,
            numbers: Intervals::all(),
            number_texts: Intervals::all(),
            dates: Intervals::none(),
            date_texts: Intervals::all(),
            words: Words::any(),
            exact: None,
        }
    }

    /// Every value of a type, without Blank and errors.
    #[must_use]
    pub fn of_type(ty: Type) -> Self {
        let none = Self::none();
        match ty {
            Type::Any => Self { flags: Flags::VALUES, ..Self::any() },
            Type::Blank => Self::flags(Flags::BLANK),
            Type::Boolean => Self::flags(Flags::BOOLEANS),
            Type::Number => Self::numbers(Intervals::all()),
            Type::Text => Self::texts(),
            Type::Date => Self { dates: Intervals::all(), ..none },
            Type::List => Self::flags(Flags::NO_ITEMS | Flags::ITEMS),
            Type::Record => Self::flags(Flags::NO_MEMBERS | Flags::MEMBERS),
        }
    }

    /// Every text.
    #[must_use]
    pub fn texts() -> Self {
        Self {
            flags: Flags::NO_TEXT | Flags::SPACE | Flags::BOOLEAN_TEXTS,
            number_texts: Intervals::all(),
            date_texts: Intervals::all(),
            words: Words::any(),
            ..Self::none()
        }
    }

    /// These kinds of value.
    #[must_use]
    pub fn flags(flags: Flags) -> Self {
        Self { flags, ..Self::none() }
    }

    /// These numbers.
    #[must_use]
    pub fn numbers(numbers: Intervals) -> Self {
        Self { numbers, ..Self::none() }
    }

    /// These texts.
    #[must_use]
    pub fn words(words: Words) -> Self {
        Self { words, ..Self::none() }
    }

    /// This value alone.
    #[must_use]
    pub fn exactly(value: &Value<'_>, clock: &Clock) -> Self {
        // Sets of numbers have no more digits than arithmetic, so that any number has to stand for such a value.
        if matches!(value, Value::Digits(_)) {
            return Self::of_type(Type::Number);
        }
        let owned = value.clone().into_owned();
        let mut set = Self::none();
        match &owned {
            Value::Number(number) => set.numbers = Intervals::point(*number),
            Value::Date(date) => set.dates = Intervals::point(moment(date)),
            Value::Text(text) => set = Self::of_text(text, clock),
            other => set.flags = flag_of(other),
        }
        Self { exact: Some(Rc::new(owned)), ..set }
    }

    /// The kind of text that this text is.
    fn of_text(text: &str, clock: &Clock) -> Self {
        let value = Value::borrowed(text);
        let none = Self::none();
        if text.is_empty() {
            Self::flags(Flags::NO_TEXT)
        } else if is_empty(&value) {
            Self::flags(Flags::SPACE)
        } else if let Some(number) = read_number(text) {
            Self { number_texts: Intervals::point(number), ..none }
        } else if let Ok(truth) = to_boolean(&value) {
            Self::flags(if truth { Flags::TRUE_TEXT } else { Flags::FALSE_TEXT })
        } else if let Some(date) = Date::read(text, clock) {
            Self { date_texts: Intervals::point(moment(&date)), ..none }
        } else {
            Self::words(Words::one_of([text]))
        }
    }

    /// The texts of a list, spelled exactly so.
    #[must_use]
    pub fn of_texts(texts: &[&str], clock: &Clock) -> Self {
        let is_word = |text: &&&str| !Self::of_text(text, clock).words.is_empty();
        let words = Self::words(Words::one_of(texts.iter().filter(is_word).copied()));
        let others = texts.iter().filter(|text| !is_word(text));
        others.fold(words, |all, text| all.join(&Self::of_text(text, clock)))
    }

    /// The only value, if it is one of several that the other members do not tell apart, such as `"5"` and `"5.0"`.
    fn spelling(&self) -> Option<&Value<'static>> {
        self.exact
            .as_deref()
            .filter(|value| matches!(value, Value::Text(_) | Value::List(_) | Value::Record(_)))
    }

    /// A number that is the same for equal sets, and rarely the same for others.
    #[must_use]
    pub fn digest(&self) -> u64 {
        let mut hasher = Digest::default();
        self.flags.hash(&mut hasher);
        for set in [&self.numbers, &self.number_texts, &self.dates, &self.date_texts] {
            for piece in set.pieces() {
                (piece.low.to_bits(), piece.high.to_bits()).hash(&mut hasher);
                (piece.low_open, piece.high_open).hash(&mut hasher);
            }
            0_u8.hash(&mut hasher);
        }
        self.words.hash_into(&mut hasher);
        hasher.finish()
    }

    /// Whether no value is in it.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.flags.is_empty()
            && self.numbers.is_empty()
            && self.number_texts.is_empty()
            && self.dates.is_empty()
            && self.date_texts.is_empty()
            && self.words.is_empty()
    }

    /// The values in both.
    #[must_use]
    pub fn meet(&self, other: &Self) -> Self {
        let met = Self {
            flags: self.flags & other.flags,
            numbers: self.numbers.meet(&other.numbers),
            number_texts: self.number_texts.meet(&other.number_texts),
            dates: self.dates.meet(&other.dates),
            date_texts: self.date_texts.meet(&other.date_texts),
            words: self.words.meet(&other.words),
            exact: None,
        };
        let exact = self.exact.as_ref().or(other.exact.as_ref()).cloned();
        if met.is_empty() { met } else { Self { exact, ..met } }
    }

    /// The values in either.
    #[must_use]
    pub fn join(&self, other: &Self) -> Self {
        if self.is_empty() || other.is_empty() {
            return if self.is_empty() { other.clone() } else { self.clone() };
        }
        Self {
            flags: self.flags | other.flags,
            numbers: self.numbers.join(&other.numbers),
            number_texts: self.number_texts.join(&other.number_texts),
            dates: self.dates.join(&other.dates),
            date_texts: self.date_texts.join(&other.date_texts),
            words: self.words.join(&other.words),
            exact: self.exact.clone().filter(|_| self.exact == other.exact),
        }
    }

    /// The same values and these.
    #[must_use]
    pub fn with(mut self, flags: Flags) -> Self {
        if (self.flags | flags) != self.flags {
            self.exact = None;
        }
        self.flags = self.flags | flags;
        self
    }

    /// The same values without these.
    #[must_use]
    pub fn without(mut self, flags: Flags) -> Self {
        self.flags = self.flags & !flags;
        if self.is_empty() {
            self.exact = None;
        }
        self
    }

    /// The errors in it.
    #[must_use]
    pub fn errors(&self) -> Flags {
        self.flags & Flags::ERRORS
    }

    /// The values that are no error.
    #[must_use]
    pub fn without_errors(self) -> Self {
        self.without(Flags::ERRORS)
    }

    /// Whether there is text in it that is not empty.
    #[must_use]
    pub fn has_filled_text(&self) -> bool {
        self.flags.has(Flags::BOOLEAN_TEXTS)
            || !self.number_texts.is_empty()
            || !self.date_texts.is_empty()
            || !self.words.is_empty()
    }

    /// The types of the values in it that are no error.
    #[must_use]
    pub fn types(&self) -> Vec<Type> {
        let has = |ty: &Type| match ty {
            Type::Number => !self.numbers.is_empty(),
            Type::Text => self.has_filled_text() || self.flags.has(Flags::NO_TEXT | Flags::SPACE),
            Type::Boolean => self.flags.has(Flags::BOOLEANS),
            Type::Date => !self.dates.is_empty(),
            Type::List => self.flags.has(Flags::NO_ITEMS | Flags::ITEMS),
            Type::Record => self.flags.has(Flags::NO_MEMBERS | Flags::MEMBERS),
            Type::Blank => self.flags.has(Flags::BLANK),
            Type::Any => false,
        };
        Type::ALL.into_iter().filter(has).collect()
    }

    /// Whether all of it is empty values.
    #[must_use]
    pub fn is_always_empty(&self) -> bool {
        !self.is_empty() && self.clone().without(Flags::EMPTY).is_empty()
    }

    /// The only value, where there is one.
    #[must_use]
    pub fn as_exact(&self) -> Option<Value<'static>> {
        if let Some(exact) = &self.exact {
            return Some((**exact).clone());
        }
        let only = |set: &Self| *self == *set;
        for (flag, value) in [
            (Flags::BLANK, Value::Blank),
            (Flags::NO_TEXT, Value::borrowed("")),
            (Flags::TRUE, Value::Boolean(true)),
            (Flags::FALSE, Value::Boolean(false)),
        ] {
            if only(&Self::flags(flag)) {
                return Some(value);
            }
        }
        if let Some(number) = self.numbers.as_point()
            && only(&Self::numbers(self.numbers.clone()))
        {
            return Some(Value::Number(number));
        }
        match self.words.exact() {
            Some([text]) if only(&Self::words(self.words.clone())) => {
                Some(Value::text(Rc::clone(text).as_ref()))
            }
            _ => None,
        }
    }

    /// The values in it, if they are few: Blank, TRUE, FALSE, numbers and texts.
    #[must_use]
    pub fn listed(&self, most: usize) -> Option<Vec<Value<'static>>> {
        if let Some(exact) = self.as_exact() {
            return Some(vec![exact]);
        }
        let simple = Flags::BLANK | Flags::NO_TEXT | Flags::BOOLEANS;
        let rest = [&self.number_texts, &self.dates, &self.date_texts];
        if !(self.flags & !simple).is_empty() || rest.iter().any(|part| !part.is_empty()) {
            return None;
        }
        let mut values: Vec<Value<'static>> =
            self.flags.each().filter_map(|flag| Self::flags(flag).as_exact()).collect();
        values.extend(self.numbers.points()?.into_iter().map(Value::Number));
        values.extend(self.words.exact()?.iter().map(|text| Value::text(&**text)));
        (values.len() <= most).then_some(values)
    }

    /// Whether a value is in it; where that can't be decided of texts, it is.
    #[must_use]
    pub fn contains(&self, value: &Value<'_>, clock: &Clock) -> bool {
        let single = match value {
            Value::Digits(digits) => {
                digits.parse().map_or_else(|_| Self::none(), |number| Self::numbers(Intervals::point(number)))
            }
            _ => Self::exactly(value, clock),
        };
        let numbers =
            |own: &Intervals, other: &Intervals| other.as_point().is_some_and(|point| own.contains(point));
        self.flags.has(single.flags)
            || numbers(&self.numbers, &single.numbers)
            || numbers(&self.number_texts, &single.number_texts)
            || numbers(&self.dates, &single.dates)
            || numbers(&self.date_texts, &single.date_texts)
            || !self.words.meet(&single.words).is_empty()
    }
}

/// A quick hasher. It need not resist hostile keys: they come from the rule file alone.
#[derive(Default)]
struct Digest(u64);

impl Hasher for Digest {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for chunk in bytes.chunks(8) {
            let word = chunk.iter().fold(0_u64, |word, byte| (word << 8) | u64::from(*byte));
            self.write_u64(word);
        }
    }

    fn write_u64(&mut self, word: u64) {
        self.0 = (self.0.rotate_left(5) ^ word).wrapping_mul(0x517c_c1b7_2722_0a95);
    }
}

/// A date as seconds since 1970 in UTC; a mere day counts as its midnight.
#[must_use]
pub fn moment(date: &Date) -> f64 {
    date.unix_seconds()
}
