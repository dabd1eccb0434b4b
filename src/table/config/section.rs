//! A mapping of a YAML file being read key by key; keys that nobody asked for are mistakes.

use super::found::Found;
use super::{amounts, hint};
use crate::diagnostics::{TableError, did_you_mean, suggest};
use crate::span::{Span, Spanned};
use crate::table::credits::Credits;
use crate::table::yaml::{Node, NodeKind, Scalar};
use std::time::Duration;

/// One or two mappings that say something about the same thing; each key may stand in one of them.
#[derive(Debug)]
pub(crate) struct Section<'n> {
    /// What it is called in messages: `` `email_waterfall` ``.
    pub(crate) name: String,
    /// Where it stands.
    pub(crate) span: Span,
    /// Where its name stands, if it has one.
    pub(crate) title: Option<Span>,
    members: Vec<&'n (Spanned<String>, Node)>,
    asked: Vec<&'static str>,
    /// Whether it is no mapping, which was told.
    is_unfit: bool,
}

impl<'n> Section<'n> {
    /// Reads a mapping; anything else is told and is read as an empty one.
    pub(crate) fn of(name: &str, node: &'n Node, found: &mut Found) -> Self {
        let mut section = Self {
            name: name.to_owned(),
            span: node.span,
            title: None,
            members: Vec::new(),
            asked: Vec::new(),
            is_unfit: false,
        };
        section.add(node, found);
        section
    }

    /// The same section, of a name that stands at `title`, where what is missing in it is told.
    pub(crate) fn titled(mut self, title: Span) -> Self {
        self.title = Some(title);
        self
    }

    /// Adds the keys of a further mapping; one that is there already is a mistake.
    pub(crate) fn add(&mut self, node: &'n Node, found: &mut Found) {
        match &node.kind {
            NodeKind::Mapping(members) => {
                for member in members {
                    let earlier = self.members.iter().find(|known| known.0.value == member.0.value);
                    if let Some(earlier) = earlier {
                        // Of two mappings the one that stands later in the file may have been added first.
                        let (one, two) = (earlier.0.span, member.0.span);
                        let (first, second) = if one.start < two.start { (one, two) } else { (two, one) };
                        found.push(TableError::DuplicateKey { key: member.0.value.clone(), first, second });
                    } else {
                        self.members.push(member);
                    }
                }
            }
            _ if node.is_null() => {}
            _ => {
                self.is_unfit = true;
                found.push(unfit(&self.name, "a mapping of keys", node));
            }
        }
    }

    /// The value of a key, unless it is null.
    pub(crate) fn take(&mut self, key: &'static str) -> Option<&'n Node> {
        self.asked.push(key);
        let member = self.members.iter().find(|member| member.0.value == key)?;
        Some(&member.1).filter(|node| !node.is_null())
    }

    /// Where the key stands, if it does.
    pub(crate) fn place_of(&self, key: &str) -> Option<Span> {
        self.members.iter().find(|member| member.0.value == key).map(|member| member.0.span)
    }

    /// Whether the key stands there with a value, of whatever kind.
    pub(crate) fn has(&self, key: &str) -> bool {
        self.members.iter().any(|member| member.0.value == key && !member.1.is_null())
    }

    /// The members whose keys nobody asked for yet, which count as asked for from here on.
    pub(crate) fn rest(&mut self) -> Vec<&'n (Spanned<String>, Node)> {
        let asked = std::mem::take(&mut self.asked);
        let (rest, known) = self.members.iter().partition(|member| !asked.contains(&member.0.value.as_str()));
        self.members = known;
        self.asked = asked;
        rest
    }

    /// A text.
    pub(crate) fn text(&mut self, key: &'static str, found: &mut Found) -> Option<Spanned<String>> {
        let node = self.take(key)?;
        text(&format!("`{key}`"), node, found)
    }

    /// The name of an environment variable. What is none is not repeated: it may be the key itself.
    pub(crate) fn variable(&mut self, key: &'static str, found: &mut Found) -> Option<Spanned<String>> {
        let name = self.text(key, found)?;
        let is_sign = |one: char| one.is_ascii_alphanumeric() || one == '_';
        if name.value.chars().all(is_sign) && !name.value.is_empty() {
            return Some(name);
        }
        found.push(TableError::UnfitValue {
            what: format!("`{key}`"),
            wanted: "the name of an environment variable".to_owned(),
            found: "something else".to_owned(),
            at: name.span,
            help: Some(format!("keep the key itself out of the file: `{key}: VENDOR_API_KEY`")),
        });
        None
    }

    /// A formula: a text, or a value such as `true` that is one as written.
    pub(crate) fn formula(&mut self, key: &'static str, found: &mut Found) -> Option<Spanned<String>> {
        self.text(key, found)
    }

    /// One text, or a list of them.
    pub(crate) fn texts(&mut self, key: &'static str, found: &mut Found) -> Vec<Spanned<String>> {
        let Some(node) = self.take(key) else { return Vec::new() };
        let what = format!("`{key}`");
        match &node.kind {
            NodeKind::List(items) => items.iter().filter_map(|item| text(&what, item, found)).collect(),
            _ => text(&what, node, found).into_iter().collect(),
        }
    }

    /// Keys with texts.
    pub(crate) fn texts_by_key(
        &mut self,
        key: &'static str,
        found: &mut Found,
    ) -> Vec<(Spanned<String>, Spanned<String>)> {
        let members = self.nodes_by_key(key, found);
        members
            .into_iter()
            .filter_map(|(name, node)| Some((name.clone(), text(&format!("`{}`", name.value), node, found)?)))
            .collect()
    }

    /// Keys with values of any kind.
    pub(crate) fn nodes_by_key(
        &mut self,
        key: &'static str,
        found: &mut Found,
    ) -> Vec<(&'n Spanned<String>, &'n Node)> {
        let Some(node) = self.take(key) else { return Vec::new() };
        let NodeKind::Mapping(members) = &node.kind else {
            let is_list = matches!(node.kind, NodeKind::List(_));
            let help = is_list
                .then(|| "write `key: value` on a line each, without `- ` and without `[…]`".to_owned());
            found.push(unfit_or(&format!("`{key}`"), "a mapping of keys", node, help));
            return Vec::new();
        };
        members.iter().map(|(name, value)| (name, value)).collect()
    }

    /// An amount of credits.
    pub(crate) fn credits(&mut self, key: &'static str, found: &mut Found) -> Option<Spanned<Credits>> {
        let wanted = "an amount of credits: a number from 0, with three decimals at most";
        self.read_or(key, wanted, hint::number, found, |node| match node.scalar()? {
            Scalar::Number(number) => Credits::from_number(number),
            _ => None,
        })
    }

    /// A whole number from `low` to `high`.
    pub(crate) fn count(
        &mut self,
        key: &'static str,
        (low, high): (u32, u32),
        found: &mut Found,
    ) -> Option<Spanned<u32>> {
        let wanted = format!("a whole number from {low} to {high}");
        self.read_or(key, &wanted, hint::number, found, |node| match node.scalar()? {
            Scalar::Number(number) if number.fract() == 0.0 => {
                let within = (f64::from(low)..=f64::from(high)).contains(&number);
                within.then_some(number as u32)
            }
            _ => None,
        })
    }

    /// `true` or `false`.
    pub(crate) fn boolean(&mut self, key: &'static str, found: &mut Found) -> Option<bool> {
        let value =
            self.read_or(key, "`true` or `false`", hint::boolean, found, |node| match node.scalar()? {
                Scalar::Boolean(value) => Some(value),
                _ => None,
            });
        value.map(|value| value.value)
    }

    /// A share: `70%`, `~70%`, `0.7`.
    pub(crate) fn share(&mut self, key: &'static str, found: &mut Found) -> Option<Spanned<f64>> {
        self.read_or(key, "a share such as `70%`", hint::share, found, |node| amounts::share(node.text()?))
    }

    /// A time: `90 days`, `30s`.
    pub(crate) fn duration(&mut self, key: &'static str, found: &mut Found) -> Option<Spanned<Duration>> {
        self.read_or(key, "a time such as `90 days` or `30 seconds`", hint::duration, found, |node| {
            amounts::duration(node.text()?)
        })
    }

    /// A time in which something can happen: `30s`.
    pub(crate) fn some_time(&mut self, key: &'static str, found: &mut Found) -> Option<Spanned<Duration>> {
        self.read_or(key, "a time such as `30 seconds`", hint::some_time, found, |node| {
            amounts::duration(node.text()?).filter(|time| !time.is_zero())
        })
    }

    /// One of a few words.
    pub(crate) fn word<T: Copy>(
        &mut self,
        key: &'static str,
        words: &[(&str, T)],
        found: &mut Found,
    ) -> Option<T> {
        let all: Vec<String> = words.iter().map(|(word, _)| format!("`{word}`")).collect();
        let wanted = format!("one of {}", all.join(", "));
        let value = self.read(key, &wanted, found, |node| {
            let text = node.text()?;
            words.iter().find(|(word, _)| word.eq_ignore_ascii_case(text)).map(|(_, value)| *value)
        });
        value.map(|value| value.value)
    }

    /// Whatever `read` makes of the value; where it makes nothing, that is told.
    pub(crate) fn read<T>(
        &mut self,
        key: &'static str,
        wanted: &str,
        found: &mut Found,
        read: impl FnOnce(&'n Node) -> Option<T>,
    ) -> Option<Spanned<T>> {
        self.read_or(key, wanted, |_, _| None, found, read)
    }

    /// The same; `hint` may say what to type in place of the value.
    fn read_or<T>(
        &mut self,
        key: &'static str,
        wanted: &str,
        hint: impl FnOnce(&str, &Node) -> Option<String>,
        found: &mut Found,
        read: impl FnOnce(&'n Node) -> Option<T>,
    ) -> Option<Spanned<T>> {
        let node = self.take(key)?;
        let value = read(node);
        if value.is_none() {
            found.push(unfit_or(&format!("`{key}`"), wanted, node, hint(key, node)));
        }
        Some(Spanned::new(value?, node.span))
    }

    /// Tells that a key is missing, unless its value or the section is there and was told to be wrong.
    pub(crate) fn missing(&self, key: &str, help: &str, found: &mut Found) {
        if self.is_unfit || self.has(key) {
            return;
        }
        found.push(TableError::MissingKey {
            section: self.name.clone(),
            key: key.to_owned(),
            at: self.title.unwrap_or_else(|| self.span.first_line(found.source.text())),
            help: help.to_owned(),
        });
    }

    /// Tells the keys that nobody asked for.
    pub(crate) fn finish(self, found: &mut Found) {
        for (key, _) in self.members.iter().copied() {
            if self.asked.contains(&key.value.as_str()) {
                continue;
            }
            let near = did_you_mean(&suggest(&key.value, self.asked.iter().copied()));
            let help = merge_key(&key.value)
                .or_else(|| number_key(&key.value))
                .or(near)
                .or_else(|| hint::synonym(&key.value, &self.asked))
                .or_else(|| {
                    let mut keys: Vec<String> = self.asked.iter().map(|key| format!("`{key}`")).collect();
                    keys.sort();
                    keys.dedup();
                    Some(format!("its keys are {}", keys.join(", ")))
                });
            found.push(TableError::UnknownKey {
                section: self.name.clone(),
                key: key.value.clone(),
                at: key.span,
                help,
            });
        }
    }
}

/// A text; a list or mapping is told.
pub(crate) fn text(what: &str, node: &Node, found: &mut Found) -> Option<Spanned<String>> {
    let read = node.text().map(|text| Spanned::new(text.to_owned(), node.span));
    if read.is_none() {
        let help = "put all of it in quotes if it is one text".to_owned();
        found.push(unfit_or(what, "text", node, Some(help)));
    }
    read
}

/// Whether `name` is none of `known`; one that is there already is told.
pub(crate) fn is_first<'k>(
    what: &'static str,
    help: &'static str,
    name: &Spanned<String>,
    known: impl IntoIterator<Item = &'k Spanned<String>>,
    found: &mut Found,
) -> bool {
    let Some(first) = known.into_iter().find(|known| known.value == name.value) else { return true };
    let (first, second) = (first.span, name.span);
    found.push(TableError::ListedTwice { what, name: name.value.clone(), first, second, help });
    false
}

/// The names of a list, each once; one that stands in it again is told.
pub(crate) fn without_repeated(
    what: &'static str,
    names: Vec<Spanned<String>>,
    found: &mut Found,
) -> Vec<Spanned<String>> {
    let mut kept = Vec::new();
    for name in names {
        if is_first(what, "keep one of them, or write the name that is meant", &name, &kept, found) {
            kept.push(name);
        }
    }
    kept
}

/// The finding that a value is of another kind than wanted.
pub(crate) fn unfit(what: &str, wanted: &str, node: &Node) -> TableError {
    unfit_or(what, wanted, node, None)
}

/// What to write in place of a key that merges mappings in other programs.
pub(crate) fn merge_key(key: &str) -> Option<String> {
    let help =
        "mappings are not merged: write the keys out; a single value may be an alias (`run_if: *name`)";
    (key == "<<").then(|| help.to_owned())
}

/// What to write in place of `1,000` in braces, where `000` is a key.
fn number_key(key: &str) -> Option<String> {
    let is_number = key.starts_with(|first: char| first.is_ascii_digit());
    is_number.then(|| "a number has no `,` between its digits: `1000`".to_owned())
}

/// The same, with what to type instead.
pub(crate) fn unfit_or(what: &str, wanted: &str, node: &Node, help: Option<String>) -> TableError {
    TableError::UnfitValue {
        what: what.to_owned(),
        wanted: wanted.to_owned(),
        found: node.described(),
        at: node.span,
        help,
    }
}
