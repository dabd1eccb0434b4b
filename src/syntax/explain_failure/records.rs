//! Mistakes between the braces of a record: what is no `name: value`.

use super::{Failure, TokenKind};
use crate::diagnostics::SyntaxError;
use crate::syntax::format::print_text;
use std::ops::Range;

/// A longer record is not written out in a help text.
const LONGEST: usize = 100;

/// The parts of one item of a record, as places of tokens.
struct Item {
    /// The key: words or a text; empty where it is neither.
    key: Range<usize>,
    /// Behind the colon, or what stands in its place.
    value: Range<usize>,
    has_colon: bool,
    /// The place of a second colon, before which a comma is missing.
    second: Option<usize>,
}

impl Failure<'_> {
    /// `{a = 1}`, `{a: 1, b}`, `{a: 1 b: 2}`, `{a: }`, `{5: 1, …`
    pub(super) fn record_item(&self) -> Option<SyntaxError> {
        let open = self.innermost_open().filter(|open| self.text(*open) == "{")?;
        let range = self.items(open).into_iter().find(|range| self.index <= range.end)?;
        let item = self.item(&range)?;
        // Beyond the key, only a comma that is missing before the next one is told of here.
        let is_before_next_key =
            item.second.is_some_and(|second| (second - 1..=second).contains(&self.index));
        if self.index > item.value.start && !is_before_next_key {
            return None;
        }
        let first = self.tokens[range.start];
        let help = self.corrected(open, &range);
        if item.key.is_empty() {
            let key = first.text(self.source).to_owned();
            return Some(SyntaxError::InvalidKey { key, at: first.span, help });
        }
        let key = self.tokens[item.key.start].span.to(self.tokens[item.key.end - 1].span);
        let name = key.of(self.source).to_owned();
        match item.second {
            Some(second) if is_before_next_key => {
                let (before, at) = (self.tokens[second - 2].span, self.tokens[second - 1].span);
                let found = format!("`{}:`", at.of(self.source));
                Some(SyntaxError::MissingSeparator { what: "a comma", found, before, at, help })
            }
            _ if !item.has_colon => Some(SyntaxError::MissingColon { key: name, at: key, help }),
            _ if item.value.is_empty() => Some(SyntaxError::MissingMemberValue { key: name, at: key, help }),
            _ => None,
        }
    }

    /// The items between `{` and `}`, as places of tokens, the commas left out.
    fn items(&self, open: usize) -> Vec<Range<usize>> {
        let mut items = Vec::new();
        let (mut start, mut depth) = (open + 1, 0usize);
        for index in open + 1..=self.tokens.len() {
            match self.kind(index) {
                Some(TokenKind::Open) => depth += 1,
                Some(TokenKind::Close) if depth > 0 => depth -= 1,
                None | Some(TokenKind::Close) => {
                    items.push(start..index);
                    return items;
                }
                Some(TokenKind::Comma) if depth == 0 => {
                    items.push(start..index);
                    start = index + 1;
                }
                Some(_) => {}
            }
        }
        items
    }

    fn item(&self, range: &Range<usize>) -> Option<Item> {
        if range.is_empty() || self.text(range.start) == "..." {
            return None;
        }
        let is_word = |index: &usize| {
            matches!(self.kind(*index), Some(TokenKind::Word | TokenKind::Number | TokenKind::NumberWord))
        };
        let key_end = match self.kind(range.start) {
            Some(TokenKind::Text) => range.start + 1,
            Some(TokenKind::Word) => range.clone().find(|index| !is_word(index)).unwrap_or(range.end),
            Some(TokenKind::Number | TokenKind::NumberWord | TokenKind::QuotedName) => range.start,
            _ => return None,
        };
        let behind = if key_end == range.start { range.start + 1 } else { key_end };
        let has_colon = behind < range.end && self.text(behind) == ":";
        let replaces_colon =
            behind < range.end && matches!(self.text(behind), "=" | "==" | ":=" | "=>" | "->");
        let value = behind + usize::from(has_colon || replaces_colon)..range.end;
        let second = self.second_colon(&value).filter(|_| has_colon);
        Some(Item { key: range.start..key_end, value, has_colon, second })
    }

    /// A colon within a value, behind a word or a text that can be a key.
    fn second_colon(&self, value: &Range<usize>) -> Option<usize> {
        let mut depth = 0usize;
        value.clone().find(|index| {
            match self.kind(*index) {
                Some(TokenKind::Open) => depth += 1,
                Some(TokenKind::Close) => depth = depth.saturating_sub(1),
                _ => {}
            }
            let is_key = |index: usize| matches!(self.kind(index), Some(TokenKind::Word | TokenKind::Text));
            depth == 0 && self.text(*index) == ":" && *index > value.start + 1 && is_key(index - 1)
        })
    }

    /// The record with all of its items as they can stand, or the one item where the record is long.
    fn corrected(&self, open: usize, range: &Range<usize>) -> String {
        let items: Vec<String> = self.items(open).iter().map(|item| self.corrected_item(item)).collect();
        let items: Vec<&str> = items.iter().map(String::as_str).filter(|item| !item.is_empty()).collect();
        let record = format!("{{{}}}", items.join(", "));
        if record.len() <= LONGEST {
            return format!("write `{record}`");
        }
        format!("write `{}`", self.corrected_item(range))
    }

    fn corrected_item(&self, range: &Range<usize>) -> String {
        let Some(item) = self.item(range) else { return self.text_of(range) };
        let key = match self.kind(range.start) {
            _ if !item.key.is_empty() => self.text_of(&item.key),
            Some(TokenKind::QuotedName) => print_text(self.text(range.start).trim_matches(['{', '}']).trim()),
            _ => print_text(self.text(range.start)),
        };
        let value = match item.second {
            Some(second) => {
                let (value, next) = (item.value.start..second - 1, second - 1..range.end);
                format!("{}, {}", self.text_of(&value), self.corrected_item(&next))
            }
            None if !item.value.is_empty() => self.text_of(&item.value),
            None if item.has_colon || self.kind(range.start) != Some(TokenKind::Word) => "\"\"".to_owned(),
            None => key.clone(),
        };
        format!("{key}: {value}")
    }

    /// The source of these tokens on one line.
    fn text_of(&self, range: &Range<usize>) -> String {
        if range.is_empty() {
            return String::new();
        }
        let written = self.between(self.tokens[range.start].span, self.tokens[range.end - 1].span);
        written.lines().map(str::trim).collect::<Vec<_>>().join(" ")
    }
}
