//! What texts of rows spell: amounts of money, ranges, Yes and No, dates in other spellings, placeholders.

use super::shape::Shape;
use super::words::shown;
use crate::builtins::{Call, Run, find};
use crate::value::{Clock, Date, Text, Value, read_number};

/// Distinct texts of a place that are looked at.
const MOST_TEXTS: usize = 2_000;
/// Texts longer than this spell neither a number nor a date.
const LONGEST: usize = 60;
/// Values that a message lists.
const LISTED: usize = 3;
/// The longest text that a message shows.
const SHOWN: usize = 40;

/// What a text spells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Spelled {
    /// Nothing visible.
    Empty,
    /// `1,200`, as VALUE reads it.
    Number,
    /// `$1.2M`
    Money,
    /// `51-200`
    Range,
    /// `true`
    Boolean,
    /// `Yes`
    YesNo,
    /// `2026-01-31`
    Date,
    /// `01/31/2026`
    OtherDate,
    /// `N/A`
    Placeholder,
    /// `{"city": "Austin"}`
    Json,
    /// Anything else.
    Words,
}

/// The formats in which dates are written other than in ISO 8601; of two that read the same texts the first counts.
const DATE_FORMATS: [&str; 24] = [
    "mm/dd/yyyy",
    "dd/mm/yyyy",
    "dd.mm.yyyy",
    "mm-dd-yyyy",
    "dd-mm-yyyy",
    "yyyy/mm/dd",
    "yyyy-mm-dd",
    "yyyy-mm",
    "yyyy.mm.dd",
    "mmm d, yyyy",
    "mmmm d, yyyy",
    "d mmm yyyy",
    "d mmmm yyyy",
    "d-mmm-yyyy",
    "mmm yyyy",
    "mm/yyyy",
    "mm/dd/yy",
    "dd/mm/yy",
    "dd.mm.yy",
    "d-mmm-yy",
    "ddd, d mmm yyyy",
    "dddd, mmmm d, yyyy",
    "ddd mmm d yyyy",
    "yyyymmdd",
];

/// How a time follows a date.
const TIMES: [&str; 7] =
    ["", " hh:mm", " hh:mm:ss", " h:mm AM/PM", " h:mm:ss AM/PM", ", hh:mm", ", h:mm AM/PM"];

/// Texts with their counts.
pub(super) type Counted<'r> = Vec<(Text<'r>, u64)>;

/// What a text spells.
pub(super) fn spelled(clock: &Clock, text: &str) -> Spelled {
    if text.chars().all(char::is_whitespace) {
        return Spelled::Empty;
    }
    if read_number(text).is_some() {
        return Spelled::Number;
    }
    if text.len() > LONGEST {
        return if is_json(clock, text) { Spelled::Json } else { Spelled::Words };
    }
    if Date::read(text, clock).is_some() {
        return Spelled::Date;
    }
    let is_boolean = |text: &str| text.eq_ignore_ascii_case("true") || text.eq_ignore_ascii_case("false");
    let reads = |function: &str| read(clock, function, &[Value::borrowed(text)]);
    let has_digit = text.contains(|next: char| next.is_ascii_digit());
    match text.trim() {
        trimmed if is_boolean(trimmed) => Spelled::Boolean,
        _ if holds(clock, "ISPLACEHOLDER", text) => Spelled::Placeholder,
        _ if reads("TOBOOLEAN") => Spelled::YesNo,
        _ if has_digit && reads("PARSENUMBER") => Spelled::Money,
        _ if has_digit && reads("RANGEMID") => Spelled::Range,
        _ if has_digit && other_date(clock, text) => Spelled::OtherDate,
        _ if is_json(clock, text) => Spelled::Json,
        _ => Spelled::Words,
    }
}

fn is_json(clock: &Clock, text: &str) -> bool {
    text.trim_start().starts_with(['{', '['])
        && matches!(
            call(clock, "PARSEJSON", &[Value::borrowed(text)]),
            Some(Value::Record(_) | Value::List(_))
        )
}

fn other_date(clock: &Clock, text: &str) -> bool {
    could_be_date(text) && formats().any(|format| reads_as(clock, text, &format))
}

fn formats() -> impl Iterator<Item = String> {
    DATE_FORMATS.iter().flat_map(|date| TIMES.iter().map(move |time| format!("{date}{time}")))
}

/// Whether the text has numbers between two signs of one kind, or the name of a month; trying all formats is slow.
pub(super) fn could_be_date(text: &str) -> bool {
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    let has_signs = ['/', '.', '-'].iter().any(|sign| text.matches(*sign).count() == 2);
    let lower = text.to_ascii_lowercase();
    let months = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
    let has_month = months.iter().any(|month| lower.contains(month));
    (3..=17).contains(&digits) && (has_signs || has_month || text.contains('/'))
}

/// Whether `DATETIME_PARSE` reads the text in this format.
pub(super) fn reads_as(clock: &Clock, text: &str, format: &str) -> bool {
    has_year_of(format, text)
        && read(clock, "DATETIME_PARSE", &[Value::borrowed(text.trim()), Value::borrowed(format)])
}

/// Whether a text has four digits in a row where the format has a year of four digits: `yyyy` also reads years of two
/// digits, but `26-1-5` may begin with the year.
fn has_year_of(format: &str, text: &str) -> bool {
    let has_long_number = || text.as_bytes().windows(4).any(|four| four.iter().all(u8::is_ascii_digit));
    !format.contains("yyyy") || has_long_number()
}

/// The format that reads the most of these dates, and a second one that reads just as many.
pub(super) fn best_format(clock: &Clock, dates: &Counted<'_>) -> Option<(String, Option<String>)> {
    let sample: Vec<&(Text<'_>, u64)> = dates.iter().take(200).collect();
    let mut best: Option<(u64, String, Option<String>)> = None;
    for format in formats() {
        let read = sample.iter().filter(|(text, _)| reads_as(clock, text, &format));
        let count: u64 = read.map(|(_, count)| count).sum();
        match &mut best {
            Some((most, _, second)) if count == *most => {
                second.get_or_insert(format);
            }
            Some((most, ..)) if count < *most => {}
            _ if count > 0 => best = Some((count, format, None)),
            _ => {}
        }
    }
    best.map(|(_, format, second)| (format, second))
}

/// What the texts at one place spell.
#[derive(Default)]
pub(super) struct Spellings<'r> {
    of: Vec<(Spelled, Counted<'r>)>,
}

impl<'r> Spellings<'r> {
    /// Reads the texts of a shape.
    pub(super) fn of(clock: &Clock, shape: &'r Shape) -> Self {
        let texts = shape.values.texts().map(|(text, count)| (Text::Borrowed(text), count));
        Self::of_texts(clock, texts.collect())
    }

    /// Reads texts, the most frequent first.
    pub(super) fn of_texts(clock: &Clock, mut texts: Counted<'r>) -> Self {
        texts.sort_by(|one, other| other.1.cmp(&one.1).then(one.0.as_str().cmp(&other.0)));
        let mut spellings = Self::default();
        for (text, count) in texts.into_iter().take(MOST_TEXTS) {
            let spelled = spelled(clock, &text);
            match spellings.of.iter_mut().find(|(known, _)| *known == spelled) {
                Some((_, list)) => list.push((text, count)),
                None => spellings.of.push((spelled, vec![(text, count)])),
            }
        }
        spellings
    }

    /// The texts that spell this.
    pub(super) fn list(&self, spelled: Spelled) -> Counted<'r> {
        self.of.iter().find(|(known, _)| *known == spelled).map(|(_, list)| list.clone()).unwrap_or_default()
    }

    /// How many values spell one of these.
    pub(super) fn count(&self, spelled: &[Spelled]) -> u64 {
        let among = self.of.iter().filter(|(known, _)| spelled.contains(known));
        among.map(|(_, list)| count_of(list)).sum()
    }

    /// How many texts are not empty.
    pub(super) fn filled(&self) -> u64 {
        self.of.iter().filter(|(known, _)| *known != Spelled::Empty).map(|(_, list)| count_of(list)).sum()
    }
}

/// How many values these are.
pub(super) fn count_of(list: &Counted<'_>) -> u64 {
    list.iter().map(|(_, count)| count).sum()
}

/// The first values of a list with their counts: `"51-200" (212), "1-10" (44) and 5 more`.
pub(super) fn listed(list: &Counted<'_>) -> String {
    let first = list.iter().take(LISTED).map(|(text, count)| with_count(&quoted(text), *count));
    and_more(&first.collect::<Vec<_>>(), list.len())
}

/// The first values of any kind with their counts.
pub(super) fn listed_values(values: &[(Value<'_>, u64)]) -> String {
    let first = values.iter().take(LISTED).map(|(value, count)| {
        let text = match value {
            Value::Text(text) => quoted(text),
            other => shown(other),
        };
        with_count(&text, *count)
    });
    and_more(&first.collect::<Vec<_>>(), values.len())
}

fn with_count(text: &str, count: u64) -> String {
    if count > 1 { format!("{text} ({count})") } else { text.to_owned() }
}

fn and_more(shown: &[String], all: usize) -> String {
    let more = all - shown.len();
    let list = shown.join(", ");
    if more > 0 { format!("{list} and {more} more") } else { list }
}

/// A text in quotes, cut where it is long.
pub(super) fn quoted(text: &str) -> String {
    let mut shown: String = text.chars().take(SHOWN).collect();
    if shown.len() < text.len() {
        shown.push('…');
    }
    format!("\"{}\"", crate::diagnostics::visible_line(&shown))
}

/// The result of a function for these arguments, unless it is an error.
pub(super) fn call<'v>(clock: &Clock, name: &str, args: &[Value<'v>]) -> Option<Value<'v>> {
    let builtin = find(name)?;
    let call = Call::new(builtin, args, clock, &|_| None);
    match builtin.run {
        Run::Eager(run) | Run::SeesErrors(run) => run(&call).ok(),
        Run::Form(_) => None,
    }
}

/// Whether a function reads a value from its arguments: the result is neither an error nor Blank.
fn read(clock: &Clock, name: &str, args: &[Value<'_>]) -> bool {
    call(clock, name, args).is_some_and(|value| !matches!(value, Value::Error(_) | Value::Blank))
}

/// Whether a function of one text is TRUE of it.
pub(super) fn holds(clock: &Clock, name: &str, text: &str) -> bool {
    matches!(call(clock, name, &[Value::borrowed(text)]), Some(Value::Boolean(true)))
}
