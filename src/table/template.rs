//! Templates: text and trees of values in which `{{…}}` stands for a column or a formula.

use crate::rules::FormulaId;
use crate::span::Span;
use crate::value::{ErrorValue, Record, Text, Value, to_text};
use std::sync::Arc;

/// A piece of a template, by its bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Segment {
    /// Text that stays as it is.
    Text(std::ops::Range<usize>),
    /// What stands between `{{` and `}}`, blanks around it left off.
    Reference(std::ops::Range<usize>),
}

/// Divides a template; where a reference is not closed, gives the place of its `{{`.
pub(crate) fn segments(template: &str) -> Result<Vec<Segment>, Span> {
    let mut segments = Vec::new();
    let mut at = 0;
    while let Some(opened) = template[at..].find("{{").map(|offset| at + offset) {
        if opened > at {
            segments.push(Segment::Text(at..opened));
        }
        let closed = end_of_reference(template, opened + 2).ok_or(Span::new(opened, opened + 2))?;
        let inner = &template[opened + 2..closed];
        let start = opened + 2 + (inner.len() - inner.trim_start().len());
        segments.push(Segment::Reference(start..start + inner.trim().len()));
        at = closed + 2;
    }
    if at < template.len() {
        segments.push(Segment::Text(at..template.len()));
    }
    Ok(segments)
}

/// Where the `}}` of a reference stands; texts in quotes and names in braces may hold braces.
fn end_of_reference(template: &str, from: usize) -> Option<usize> {
    let mut quote = None;
    let mut depth = 0usize;
    let mut rest = template[from..].char_indices().peekable();
    while let Some((at, next)) = rest.next() {
        match (quote, next) {
            (Some(_), '\\') => {
                rest.next();
            }
            (Some(open), _) => quote = quote.filter(|_| open != next),
            (None, '"') => quote = Some('"'),
            // An apostrophe inside of a word is none that begins a text.
            (None, '\'') if !template[..from + at].ends_with(char::is_alphanumeric) => quote = Some('\''),
            (None, '{') => depth += 1,
            (None, '}') if depth > 0 => depth -= 1,
            (None, '}') if template[from + at..].starts_with("}}") => return Some(from + at),
            _ => {}
        }
    }
    // A quote that is never closed was none: a name may hold one.
    template[from..].find("}}").map(|offset| from + offset)
}

/// A value with formulas in its leaves, which stand among the results of rules.
#[derive(Clone, Debug)]
pub enum Tree {
    /// What YAML wrote as a number, `true`, `null` or text.
    Constant(Value<'static>),
    /// The result of a formula.
    Formula(FormulaId),
    /// Values in order.
    List(Vec<Tree>),
    /// Values under names; those that are blank are left out.
    Mapping(Vec<Member>),
}

/// A member of a [`Tree::Mapping`].
#[derive(Clone, Debug)]
pub enum Member {
    /// `name: value`
    Named(String, Tree),
    /// `...: value`: all members of a record.
    Spread(Tree),
}

impl Tree {
    /// The value that the tree makes with these results; an error in a leaf is the error of the whole.
    pub fn fill(&self, results: &[Value<'_>]) -> Result<Value<'static>, Arc<ErrorValue>> {
        match self {
            Self::Constant(value) => Ok(value.clone()),
            Self::Formula(id) => match results.get(id.index()) {
                Some(Value::Error(error)) => Err(error.clone()),
                Some(value) => Ok(value.clone().into_owned()),
                None => Ok(Value::Blank),
            },
            Self::List(items) => {
                items.iter().map(|item| item.fill(results)).collect::<Result<_, _>>().map(Value::list)
            }
            Self::Mapping(members) => {
                let mut record = Vec::new();
                for member in members {
                    match member {
                        Member::Named(name, tree) => add(&mut record, name, tree.fill(results)?),
                        Member::Spread(tree) => {
                            if let Value::Record(inner) = tree.fill(results)? {
                                spread(&mut record, &inner, members);
                            }
                        }
                    }
                }
                Ok(Value::Record(Record::new(record).into()))
            }
        }
    }
}

/// Adds the members of a record, but for those that the template names: what it says itself is not for a row to change.
fn spread(record: &mut Vec<(Text<'static>, Value<'static>)>, inner: &Record<'static>, members: &[Member]) {
    let is_named =
        |name: &str| members.iter().any(|member| matches!(member, Member::Named(own, _) if own == name));
    for (name, value) in inner.members() {
        let is_known = record.iter().any(|(known, _)| known.as_str() == name.as_str());
        if !is_known && !is_named(name.as_str()) {
            add(record, name.as_str(), value.clone());
        }
    }
}

fn add(record: &mut Vec<(Text<'static>, Value<'static>)>, name: &str, value: Value<'static>) {
    if !matches!(value, Value::Blank) {
        record.push((Text::Shared(name.into()), value));
    }
}

/// An address with formulas in it; what they give is escaped, so that no value can leave its place.
#[derive(Clone, Debug, Default)]
pub struct UrlTemplate {
    /// The pieces, in order.
    pub pieces: Vec<UrlPiece>,
}

/// A piece of a [`UrlTemplate`].
#[derive(Clone, Debug)]
pub enum UrlPiece {
    /// As it is.
    Text(String),
    /// A value, escaped.
    Escaped(FormulaId),
    /// An address that this one begins with.
    Base(FormulaId),
}

impl UrlTemplate {
    /// What it begins with, as it is written.
    #[must_use]
    pub fn written(&self) -> Option<&str> {
        match self.pieces.first() {
            Some(UrlPiece::Text(text)) => Some(text),
            _ => None,
        }
    }

    /// Whether a value says where it leads.
    #[must_use]
    pub fn is_led(&self) -> bool {
        matches!(self.pieces.first(), Some(UrlPiece::Base(_)))
    }

    /// The address with these results.
    pub fn fill(&self, results: &[Value<'_>]) -> Result<String, Arc<ErrorValue>> {
        let mut url = String::new();
        for piece in &self.pieces {
            match piece {
                UrlPiece::Text(text) => url.push_str(text),
                UrlPiece::Escaped(id) => url.push_str(&escaped(&text_of(results, *id)?)),
                UrlPiece::Base(id) => url.push_str(text_of(results, *id)?.trim_end_matches('/')),
            }
        }
        Ok(url)
    }
}

fn text_of(results: &[Value<'_>], id: FormulaId) -> Result<String, Arc<ErrorValue>> {
    let value = results.get(id.index()).unwrap_or(&Value::Blank);
    as_text(value)
}

/// The value as text, as addresses and headers spell it: `true` in small letters, lists and records as JSON.
pub fn as_text(value: &Value<'_>) -> Result<String, Arc<ErrorValue>> {
    match value {
        Value::Error(error) => Err(error.clone()),
        Value::Boolean(value) => Ok(value.to_string()),
        value => match to_text(value) {
            Ok(text) => Ok(text.as_str().to_owned()),
            Err(_) => Ok(crate::value::json_text(value)),
        },
    }
}

/// The text with everything but letters, digits and `-._~` as `%` and its bytes, as an address needs it.
#[must_use]
pub fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~') {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::{Segment, escaped, segments};

    fn shown(template: &str) -> Vec<String> {
        let show = |segment: Segment| match segment {
            Segment::Text(range) => format!("text {}", &template[range]),
            Segment::Reference(range) => format!("reference {}", &template[range]),
        };
        segments(template).expect("closed").into_iter().map(show).collect()
    }

    #[test]
    fn references_end_where_their_braces_do() {
        assert_eq!(shown("Hi {{ first_name }}!"), ["text Hi ", "reference first_name", "text !"]);
        assert_eq!(shown(r#"{{IF(a, "}}", {Company (HQ)})}}"#), [r#"reference IF(a, "}}", {Company (HQ)})"#]);
        assert_eq!(shown("{{Owner's name}}"), ["reference Owner's name"]);
        assert_eq!(shown("no reference } { }}"), ["text no reference } { }}"]);
        assert!(segments("Hello {{first_name").is_err());
    }

    #[test]
    fn a_value_can_not_leave_its_place_in_an_address() {
        assert_eq!(escaped("a/b?c=d&e#f ü%"), "a%2Fb%3Fc%3Dd%26e%23f%20%C3%BC%25");
        assert_eq!(escaped("../.."), "..%2F..");
    }
}
