//! The cells of a decision table: conditions and results.

use super::literal::{self, Known};
use crate::data::csv::{FieldSpan, field_text};
use crate::diagnostics::DecisionError;
use crate::span::{Span, Spanned};
use crate::syntax::ast::{CompareOp, Literal, LiteralValue, Test, TestItem};
use crate::value::{Clock, order};
use std::borrow::Cow;
use std::cmp::Ordering;
use std::ops::Range;

/// The text of a cell without quotes and outer blanks, and its place.
pub(super) struct Content<'s> {
    pub(super) text: Cow<'s, str>,
    pub(super) span: Span,
    raw: &'s str,
}

impl<'s> Content<'s> {
    /// The content of the field at these bytes of `source`.
    pub(super) fn new(source: &'s str, field: FieldSpan) -> Self {
        let mut raw = &source[field.clone()];
        let mut start = field.start;
        let mut text = field_text(raw);
        if raw.starts_with('"') {
            raw = &raw[1..];
            raw = raw.strip_suffix('"').unwrap_or(raw);
            start += 1;
        }
        let leading = raw.len() - raw.trim_start().len();
        raw = raw.trim();
        start += leading;
        text = match text {
            Cow::Borrowed(text) => Cow::Borrowed(text.trim()),
            Cow::Owned(text) => Cow::Owned(text.trim().to_owned()),
        };
        Self { text, span: Span::new(start, start + raw.len()), raw }
    }

    /// The place of a part of the text. In a quoted cell, a quote takes two bytes of the file.
    pub(super) fn place(&self, part: Range<usize>) -> Span {
        let start = self.span.start as usize;
        if self.raw.len() == self.text.len() {
            return Span::new(start + part.start, start + part.end);
        }
        // Text after a closing quote is malformed, and has no places of its own.
        if self.raw.len() != self.text.len() + self.text.matches('"').count() {
            return self.span;
        }
        let at = |wanted: usize| {
            let quotes = self.text[..wanted].bytes().filter(|byte| *byte == b'"').count();
            (start + wanted + quotes).min(self.span.end as usize)
        };
        Span::new(at(part.start), at(part.end))
    }

    fn error(&self, part: Range<usize>, problem: &str, why: &'static str, help: String) -> DecisionError {
        DecisionError::DecisionCell { problem: problem.to_owned(), at: self.place(part), why, help }
    }
}

/// The signs of comparisons, the longer ones first.
const SIGNS: [(&str, CompareOp); 11] = [
    (">=", CompareOp::GreaterOrEqual),
    ("<=", CompareOp::LessOrEqual),
    ("<>", CompareOp::NotEqual),
    ("!=", CompareOp::NotEqual),
    ("==", CompareOp::Equal),
    ("≥", CompareOp::GreaterOrEqual),
    ("≤", CompareOp::LessOrEqual),
    ("≠", CompareOp::NotEqual),
    (">", CompareOp::Greater),
    ("<", CompareOp::Less),
    ("=", CompareOp::Equal),
];

/// The dashes that are a condition for every value, and a result that is Blank.
fn is_dash(text: &str) -> bool {
    matches!(text, "" | "-" | "–" | "—")
}

/// Reads a cell of a column of conditions.
pub(super) fn condition(cell: &Content<'_>) -> Result<Test, DecisionError> {
    if is_dash(&cell.text) {
        return Ok(Test::Any);
    }
    match cell.text.trim_end_matches("()").to_ascii_uppercase().as_str() {
        "ISEMPTY" => return Ok(Test::Empty),
        "ISNOTEMPTY" => return Ok(Test::NotEmpty),
        _ => {}
    }
    let items = items(&cell.text);
    if let Some(part) = grouped_number(&cell.text, &items) {
        let written = cell.text[part.clone()].replace(',', "");
        let help = format!("write `{written}` for one number, or a blank after the comma for several values");
        return Err(cell.error(part, "ambiguous comma in a number", "one number or several values", help));
    }
    let (sign, _) = sign_of(&cell.text[items[0].clone()]);
    if sign == Some(CompareOp::NotEqual) {
        return none_of(cell, &items);
    }
    items.into_iter().map(|part| item(cell, part)).collect::<Result<_, _>>().map(Test::AnyOf)
}

/// Reads a cell of a column of results.
pub(super) fn result(cell: &Content<'_>) -> Result<Option<Literal>, DecisionError> {
    if is_dash(&cell.text) {
        return Ok(None);
    }
    let whole = 0..cell.text.len();
    if cell.text.starts_with('=') {
        let help = "write the formula in the rule file, and a text here that it reads".to_owned();
        return Err(cell.error(whole, "a result is a value, not a formula", "a formula", help));
    }
    match literal::read(&cell.text) {
        Ok(known) => Ok(Some(to_literal(cell, whole, known))),
        // A longer text is what it appears to be.
        Err(problem) if problem.is_only_of_conditions => {
            let value = LiteralValue::Text(cell.text.clone().into_owned());
            Ok(Some(Literal { value, span: cell.span, is_plain: true }))
        }
        Err(problem) => Err(cell.error(whole, &problem.message, problem.why, problem.help)),
    }
}

/// The ranges between commas that are outside of quotes, without outer blanks. There is at least one.
fn items(text: &str) -> Vec<Range<usize>> {
    let mut items = Vec::new();
    let mut start = 0;
    let mut quote = None;
    for (at, next) in text.char_indices() {
        match (quote, next) {
            (Some(open), _) if open == next => quote = None,
            (None, '"' | '“') => quote = Some(if next == '"' { '"' } else { '”' }),
            // An apostrophe inside of a word is not a quote.
            (None, '\'')
                if text[start..at].trim().trim_start_matches(['<', '>', '=', '!']).trim().is_empty() =>
            {
                quote = Some('\'');
            }
            (None, ',') => {
                items.push(trimmed(text, start..at));
                start = at + 1;
            }
            _ => {}
        }
    }
    items.push(trimmed(text, start..text.len()));
    items
}

fn trimmed(text: &str, part: Range<usize>) -> Range<usize> {
    let written = &text[part.clone()];
    let start = part.start + (written.len() - written.trim_start().len());
    start..(start + written.trim().len())
}

/// `1,000`: digits, a comma without a blank, and three digits.
fn grouped_number(text: &str, items: &[Range<usize>]) -> Option<Range<usize>> {
    let is_group = |part: &Range<usize>| {
        text.len() >= part.end
            && part.len() >= 3
            && text[part.clone()].bytes().take(3).all(|byte| byte.is_ascii_digit())
            && !text[part.clone()].as_bytes().get(3).is_some_and(u8::is_ascii_digit)
    };
    items.windows(2).find_map(|pair| {
        let (one, two) = (&pair[0], &pair[1]);
        let ends_in_digit = text[one.clone()].ends_with(|last: char| last.is_ascii_digit());
        (ends_in_digit && one.end + 1 == two.start && is_group(two)).then(|| {
            let digits = text[one.clone()].bytes().rev().take_while(u8::is_ascii_digit).count();
            one.end - digits..two.start + 3
        })
    })
}

/// The sign that a text begins with, and what follows it.
fn sign_of(text: &str) -> (Option<CompareOp>, &str) {
    let found = SIGNS.iter().find_map(|(sign, op)| Some((*op, text.strip_prefix(sign)?)));
    found.map_or((None, text), |(op, rest)| (Some(op), rest.trim_start()))
}

/// `<> "US", "CA"`
fn none_of(cell: &Content<'_>, items: &[Range<usize>]) -> Result<Test, DecisionError> {
    let mut literals = Vec::new();
    for (index, part) in items.iter().enumerate() {
        let written = &cell.text[part.clone()];
        let (sign, rest) = sign_of(written);
        if index > 0 && sign.is_some() {
            let help = "write `<>` once, before all values: `<> \"US\", \"CA\"`".to_owned();
            return Err(cell.error(
                part.clone(),
                "`<>` excludes all values of the cell",
                "another sign",
                help,
            ));
        }
        literals.push(value(cell, part.end - rest.len()..part.end)?);
    }
    Ok(Test::NoneOf(literals))
}

/// One of the alternatives of a condition.
fn item(cell: &Content<'_>, part: Range<usize>) -> Result<TestItem, DecisionError> {
    let written = &cell.text[part.clone()];
    let (sign, rest) = sign_of(written);
    let operand = part.end - rest.len()..part.end;
    match sign {
        None => match range(cell, &part)? {
            Some(range) => Ok(range),
            None => value(cell, part).map(TestItem::Is),
        },
        Some(CompareOp::Equal) => value(cell, operand).map(TestItem::Is),
        Some(CompareOp::NotEqual) => {
            let help =
                "write `<>` first, before all values that are excluded: `<> \"US\", \"CA\"`".to_owned();
            Err(cell.error(part, "`<>` after another condition", "excludes a value", help))
        }
        Some(op) => ordered(cell, operand, op.symbol()).map(|literal| TestItem::Compare(op, literal)),
    }
}

/// `50..200`, `[50..200)`
fn range(cell: &Content<'_>, part: &Range<usize>) -> Result<Option<TestItem>, DecisionError> {
    let written = &cell.text[part.clone()];
    if written.starts_with(['"', '\'', '“']) {
        return Ok(None);
    }
    let Some(dots) = written.find("..") else { return Ok(None) };
    let (opens, closes) = (written.starts_with(['(', '[', ']']), written.ends_with([')', ']', '[']));
    if opens != closes {
        let help = "write `50..200`, or `[50..200)` for a range without 200".to_owned();
        return Err(cell.error(part.clone(), "a range with one bracket", "one bracket is missing", help));
    }
    let inside = usize::from(opens);
    let low_part = trimmed(&cell.text, part.start + inside..part.start + dots);
    let high_part = trimmed(&cell.text, part.start + dots + 2..part.end - inside);
    let [from, to] = [&low_part, &high_part].map(|end| &cell.text[end.clone()]);
    if let Some(to) = to.strip_prefix('.') {
        let to = to.trim_start_matches('.').trim_start();
        let help = format!("write two dots: `{from}..{to}`");
        return Err(cell.error(part.clone(), "a range with more than two dots", "not two dots", help));
    }
    if from.is_empty() || to.is_empty() {
        let (sign, end) = if to.is_empty() { (">=", from) } else { ("<=", to) };
        let help =
            if end.is_empty() { "write `50..200`".to_owned() } else { format!("write `{sign} {end}`") };
        return Err(cell.error(part.clone(), "a range with one end", "one end is missing", help));
    }
    let low = ordered(cell, low_part.clone(), "..")?;
    let high = ordered(cell, high_part.clone(), "..")?;
    let above = if written.starts_with(['(', ']']) { CompareOp::Greater } else { CompareOp::GreaterOrEqual };
    let below = if written.ends_with([')', '[']) { CompareOp::Less } else { CompareOp::LessOrEqual };
    if let Some((problem, why, help)) = empty_range([&low, &high], [from, to], [above, below]) {
        return Err(cell.error(part.clone(), problem, why, help));
    }
    Ok(Some(TestItem::Between { low, high, above, below }))
}

/// What is wrong with a range that contains no value: the problem, its reason, and what to write instead.
fn empty_range(
    [low, high]: [&Literal; 2],
    [from, to]: [&str; 2],
    [above, below]: [CompareOp; 2],
) -> Option<(&'static str, &'static str, String)> {
    let is_open = above == CompareOp::Greater || below == CompareOp::Less;
    if low.value.is_number() != high.value.is_number() {
        let help = "write two numbers, or two dates".to_owned();
        return Some(("a range from a number to a date", "two kinds of value", help));
    }
    // Without its ends, a range of two days in a row has none: each end is a whole day.
    if let (LiteralValue::Date(first), LiteralValue::Date(last)) = (&low.value, &high.value)
        && (above, below) == (CompareOp::Greater, CompareOp::Less)
        && first.day_number() + 1 == last.day_number()
    {
        let help = format!("write `{from}..{to}` for these two days");
        return Some(("a range that contains no value", "excludes both of its days", help));
    }
    let (why, help) = match order(&low.value.value(), &high.value.value(), &Clock::system()) {
        Ok(Ordering::Greater) => ("ends below its beginning", format!("write `{to}..{from}`")),
        Ok(Ordering::Equal) if is_open => (
            "excludes the only value from its beginning to its end",
            format!("write `{from}` for this value"),
        ),
        _ => return None,
    };
    Some(("a range that contains no value", why, help))
}

/// A number or date, of which there is an order.
fn ordered(cell: &Content<'_>, part: Range<usize>, sign: &str) -> Result<Literal, DecisionError> {
    let literal = value(cell, part.clone())?;
    if literal.value.is_number() || matches!(literal.value, LiteralValue::Date(_)) {
        return Ok(literal);
    }
    let help = if sign == ".." {
        "write numbers or dates: `50..200`, `2026-01-01..2026-01-31`".to_owned()
    } else {
        format!("write a number or a date after `{sign}`; write two bounds as `50..200`")
    };
    Err(cell.error(part, "neither a number nor a date", "expected a number or a date", help))
}

/// A single value.
fn value(cell: &Content<'_>, part: Range<usize>) -> Result<Literal, DecisionError> {
    match literal::read(&cell.text[part.clone()]) {
        Ok(known) => Ok(to_literal(cell, part, known)),
        Err(problem) => Err(cell.error(part, &problem.message, problem.why, problem.help)),
    }
}

fn to_literal(cell: &Content<'_>, part: Range<usize>, known: Known) -> Literal {
    let Spanned { value, span } = Spanned::new(known.value, cell.place(part));
    Literal { value, span, is_plain: known.is_plain }
}
