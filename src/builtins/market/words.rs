//! Words of a text without letter case, accents and signs, and lists of words that stand together.

use crate::builtins::deburr::deburr;
use crate::value::fold_case;
use std::collections::HashMap;
use std::ops::Range;

/// The words of a text, with one blank between them.
pub(super) struct Words {
    text: String,
    ranges: Vec<Range<usize>>,
}

impl Words {
    /// Words are runs of letters and digits; where a script has no blanks between words, each character is one.
    pub(super) fn of(text: &str) -> Self {
        let plain = deburr(&fold_case(text));
        let mut words = Self { text: String::with_capacity(plain.len()), ranges: Vec::new() };
        let mut joins = false;
        for next in plain.chars() {
            let is_word = next.is_alphanumeric();
            let stands_alone = is_word && has_no_blanks(next);
            if is_word {
                words.push(next, joins && !stands_alone);
            }
            joins = is_word && !stands_alone;
        }
        words.drop_and();
        words
    }

    fn push(&mut self, next: char, joins: bool) {
        let start = self.text.len();
        if let Some(last) = self.ranges.last_mut().filter(|_| joins) {
            last.end = start + next.len_utf8();
        } else {
            if start > 0 {
                self.text.push(' ');
            }
            let start = self.text.len();
            self.ranges.push(start..start + next.len_utf8());
        }
        self.text.push(next);
    }

    /// `and` is often written as `&`, which is no word.
    fn drop_and(&mut self) {
        if !self.ranges.iter().any(|range| &self.text[range.clone()] == "and") {
            return;
        }
        let old = std::mem::replace(self, Self { text: String::new(), ranges: Vec::new() });
        for word in old.iter().filter(|word| *word != "and") {
            for (index, next) in word.chars().enumerate() {
                self.push(next, index > 0);
            }
        }
    }

    /// All of them, with one blank between.
    pub(super) fn as_str(&self) -> &str {
        &self.text
    }

    /// Each of them.
    pub(super) fn iter(&self) -> impl Iterator<Item = &str> {
        self.ranges.iter().map(|range| &self.text[range.clone()])
    }

    /// How many there are.
    pub(super) fn len(&self) -> usize {
        self.ranges.len()
    }

    /// `count` words from `first` on.
    pub(super) fn part(&self, first: usize, count: usize) -> Option<&str> {
        let last = self.ranges.get(first + count.checked_sub(1)?)?;
        self.text.get(self.ranges.get(first)?.start..last.end)
    }
}

/// Whether the character belongs to a script that writes words without blanks between, or glues them together.
fn has_no_blanks(letter: char) -> bool {
    matches!(letter, '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}' | '\u{ac00}'..='\u{d7af}' | '\u{f900}'..='\u{faff}')
}

/// The entries of a data file, each with the section it stands in.
pub(super) fn entries(file: &'static str) -> impl Iterator<Item = (&'static str, &'static str)> {
    let mut section = "";
    file.lines().map(str::trim).filter_map(move |line| {
        if line.is_empty() || line.starts_with("# ") {
            return None;
        }
        if let Some(name) = line.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
            section = name;
            return None;
        }
        Some((section, line))
    })
}

/// The sections of a data file, each once, in its order.
pub(super) fn sections(file: &'static str) -> Vec<&'static str> {
    let mut names: Vec<&'static str> = Vec::new();
    for (section, _) in entries(file) {
        if !names.contains(&section) {
            names.push(section);
        }
    }
    names
}

/// Words that stand together, and what they say.
pub(super) struct Phrases {
    labels: HashMap<String, &'static str>,
    longest: usize,
}

impl Phrases {
    /// The entries of a data file with sections.
    pub(super) fn read(file: &'static str) -> Self {
        let mut phrases = Self { labels: HashMap::new(), longest: 0 };
        for (section, entry) in entries(file) {
            let words = Words::of(entry);
            phrases.longest = phrases.longest.max(words.len());
            phrases.labels.entry(words.as_str().to_owned()).or_insert(section);
        }
        phrases
    }

    /// What the whole text says.
    pub(super) fn label(&self, words: &Words) -> Option<&'static str> {
        self.labels.get(words.as_str()).copied()
    }

    /// The longest entry that begins at word `first`, and how many words it has.
    pub(super) fn at(&self, words: &Words, first: usize) -> Option<(&'static str, usize)> {
        let most = self.longest.min(words.len() - first);
        (1..=most).rev().find_map(|count| {
            let label = self.labels.get(words.part(first, count)?)?;
            Some((*label, count))
        })
    }

    /// What each find that begins before word `end` says, from left to right; finds don't overlap.
    pub(super) fn found(&self, words: &Words, end: usize) -> Vec<&'static str> {
        let mut found = Vec::new();
        let mut first = 0;
        while first < end.min(words.len()) {
            match self.at(words, first) {
                Some((label, count)) => {
                    found.push(label);
                    first += count;
                }
                None => first += 1,
            }
        }
        found
    }
}
