//! The spelling that rows have in place of a literal that none matches.

use super::test::{How, Test};
use super::texts;
use crate::check::NodeKind;
use crate::span::Span;
use crate::syntax::print_text;
use crate::tools::against_rows::bench::Bench;
use crate::tools::against_rows::domain::Domain;
use crate::tools::spelled::quoted;
use crate::value::{Value, fold_case};
use std::collections::{BTreeMap, HashSet};

/// Signs between which a literal is taken to be several.
const SEPARATORS: [&str; 3] = [",", ";", "|"];

/// From this length on, a text that begins a longer word is no accident.
const LONG: usize = 5;

/// What rows have in place of a literal.
pub(super) struct Near {
    /// `; "VP" in 3`
    pub(super) instead: String,
    pub(super) help: String,
}

/// A test that a literal does not match in any row, with what is known of the column.
pub(super) struct Nearby<'n, 'r> {
    pub(super) bench: &'n Bench<'r>,
    pub(super) test: &'n Test<'r>,
    pub(super) domain: &'n Domain<'r>,
    /// The literals of all tests of the column that some row matches, without letter case.
    pub(super) found: &'n HashSet<String>,
    /// All literals of these tests.
    pub(super) known: &'n HashSet<String>,
}

impl Nearby<'_, '_> {
    /// What the rows have in place of the literal.
    pub(super) fn of(&self, (text, _): &(&str, Span)) -> Option<Near> {
        // The author spells it in several ways, and one of them occurs.
        if self.found.contains(&fold_case(text)) {
            return None;
        }
        if let How::Pattern(_) = self.test.how {
            return self.pattern(text);
        }
        self.letter_case(text)
            .or_else(|| self.white_space(text))
            .or_else(|| self.several(text))
            .or_else(|| self.country(text))
            .or_else(|| self.misspelt(text))
    }

    fn subject(&self) -> String {
        self.bench.written(self.test.subject)
    }

    fn function(&self) -> &'static str {
        match self.test.how {
            How::Equal => "=",
            How::Function(builtin) | How::Turned(builtin) | How::Pattern(builtin) => builtin.name,
        }
    }

    /// Whether a text has the literal, as a whole word where it is looked for anywhere: "Director" has no "cto".
    fn could_be_meant(&self, lower: &str, folded: &str) -> bool {
        match self.function() {
            "CONTAINS" | "CONTAINSALL" | "FIND" if !self.domain.is_list => has_word(lower, folded),
            _ => lower.contains(folded),
        }
    }

    /// The function that changed the letters of the subject: `LOWER`.
    fn recasing(&self) -> Option<&'static str> {
        let NodeKind::Call(builtin, _) = &self.test.subject.kind else { return None };
        ["LOWER", "UPPER", "PROPER"].contains(&builtin.name).then_some(builtin.name)
    }

    /// The same letters in upper or lower case.
    fn letter_case(&self, text: &str) -> Option<Near> {
        let folded = fold_case(text);
        let is_list = self.domain.is_list;
        let mut spellings = BTreeMap::new();
        for (value, count) in texts(self.domain) {
            let lower = fold_case(value);
            if self.could_be_meant(&lower, &folded)
                && self.test.is_met(self.bench, &Value::borrowed(&lower), &folded, is_list)
            {
                *spellings.entry(spelling_of(value, &folded)).or_default() += count;
            }
        }
        let best = most(&spellings)?;
        let (name, literal) = (self.subject(), print_text(text));
        let help = if let Some(recasing) = self.recasing() {
            format!("write `{}`, as {recasing} returns it", print_text(&best))
        } else {
            self.without_case(&name, &literal, text)
        };
        Some(Near { instead: instead(&spellings), help })
    }

    /// The same test without regard to letter case.
    fn without_case(&self, name: &str, literal: &str, text: &str) -> String {
        let lower = print_text(&text.to_lowercase());
        match self.function() {
            "CONTAINS" => {
                format!(
                    "write `CONTAINSWORD({name}, {literal})` for whole words, or `ICONTAINS({name}, {literal})`"
                )
            }
            "EXACT" => format!("write `{name} = {literal}`, which ignores letter case"),
            "FIND" => format!("write `SEARCH({literal}, {name})`, which ignores letter case"),
            function => {
                let all: Vec<String> =
                    self.test.literals.iter().map(|(text, _)| print_text(&text.to_lowercase())).collect();
                let all = if all.len() > 4 { format!("{lower}, …") } else { all.join(", ") };
                format!("to ignore letter case, write `{function}(LOWER({name}), {all})`")
            }
        }
    }

    /// The same text with white space around it.
    fn white_space(&self, text: &str) -> Option<Near> {
        let mut spellings = BTreeMap::new();
        for (value, count) in texts(self.domain).filter(|(value, _)| value.trim() != *value) {
            if self.test.is_met(self.bench, &Value::borrowed(value.trim()), text, self.domain.is_list) {
                *spellings.entry(value.to_owned()).or_default() += count;
            }
        }
        most(&spellings)?;
        let name = self.subject();
        let written = self.bench.written(self.test.node).replacen(&name, &format!("TRIM({name})"), 1);
        Some(Near { instead: instead(&spellings), help: format!("write `{written}`") })
    }

    /// Several texts in one pair of quotes.
    fn several(&self, text: &str) -> Option<Near> {
        let separator = SEPARATORS.into_iter().find(|separator| text.contains(separator))?;
        let parts: Vec<&str> = text.split(separator).map(str::trim).filter(|part| !part.is_empty()).collect();
        let mut spellings = BTreeMap::new();
        for (value, count) in texts(self.domain) {
            let met = |part: &&&str| {
                self.test.is_met(self.bench, &Value::borrowed(value), part, self.domain.is_list)
            };
            if let Some(part) = parts.iter().find(met) {
                *spellings.entry((*part).to_owned()).or_default() += count;
            }
        }
        if parts.len() < 2 || spellings.is_empty() {
            return None;
        }
        let listed: Vec<String> = parts.iter().map(|part| print_text(part)).collect();
        let (listed, name) = (listed.join(", "), self.subject());
        let help = match self.function() {
            "=" => format!("write `{name} IN [{listed}]`"),
            function @ ("FIND" | "SEARCH" | "EXACT" | "INCLUDES") => {
                let _ = function;
                format!("write `CONTAINS({name}, {listed})`")
            }
            function => format!("write `{function}({name}, {listed})`"),
        };
        Some(Near { instead: instead(&spellings), help })
    }

    /// Another name of the same country.
    fn country(&self, text: &str) -> Option<Near> {
        let code = |text: &str| match self.bench.call("COUNTRYCODE", &[Value::borrowed(text)]) {
            Some(Value::Text(code)) if !code.is_empty() => Some(code.as_str().to_owned()),
            _ => None,
        };
        if self.function() != "=" {
            return None;
        }
        let own = code(text)?;
        let mut spellings = BTreeMap::new();
        for (value, count) in texts(self.domain).filter(|(value, _)| code(value).as_ref() == Some(&own)) {
            *spellings.entry(value.to_owned()).or_default() += count;
        }
        most(&spellings)?;
        let name = self.subject();
        let code = print_text(&own);
        let help = match &self.test.subject.kind {
            NodeKind::Call(builtin, _) if builtin.name == "COUNTRYCODE" => format!("write `{code}`"),
            _ => format!("to compare countries by their codes, write `COUNTRYCODE({name}) = {code}`"),
        };
        Some(Near { instead: instead(&spellings), help })
    }

    /// A text that differs in a letter or in the signs between words.
    fn misspelt(&self, text: &str) -> Option<Near> {
        let folded = fold_case(text);
        let words = folded.split_whitespace().count();
        let whole = matches!(self.test.how, How::Equal) || ["EXACT", "INCLUDES"].contains(&self.function());
        let mut spellings = BTreeMap::new();
        for (value, count) in texts(self.domain) {
            if !self.bench.spend(2) {
                return None;
            }
            let near = if whole || self.domain.is_list {
                is_near(&folded, &fold_case(value)).then(|| value.to_owned())
            } else {
                windows(value, words)
                    .into_iter()
                    .find(|part| is_near(&folded, &fold_case(part)))
                    .map(ToOwned::to_owned)
            };
            if let Some(near) = near.filter(|near| !self.known.contains(&fold_case(near))) {
                *spellings.entry(near).or_default() += count;
            }
        }
        let best = most(&spellings)?;
        Some(Near { instead: instead(&spellings), help: format!("write `{}`", print_text(&best)) })
    }

    /// A pattern that matches only without letter case.
    fn pattern(&self, pattern: &str) -> Option<Near> {
        if pattern.starts_with("(?i)") {
            return None;
        }
        let relaxed = format!("(?i){pattern}");
        let mut spellings = BTreeMap::new();
        for (value, count) in texts(self.domain) {
            let args = [Value::borrowed(value), Value::borrowed(&relaxed)];
            if !self.bench.spend(1) {
                return None;
            }
            if !self.test.is_met(self.bench, &args[0], &relaxed, false) {
                continue;
            }
            let spelling = match self.bench.call("REGEXEXTRACT", &args) {
                Some(Value::Text(found)) if !found.is_empty() => found.as_str().to_owned(),
                _ => value.to_owned(),
            };
            if !has_word(value, &spelling) {
                continue;
            }
            *spellings.entry(spelling).or_default() += count;
        }
        most(&spellings)?;
        let help = match self.recasing() {
            Some(recasing) => {
                format!(
                    "write `{}`, or spell it as {recasing} returns it: `{}`",
                    print_text(&relaxed),
                    print_text(&pattern.to_lowercase())
                )
            }
            None => format!("to ignore letter case, write `{}`", print_text(&relaxed)),
        };
        Some(Near { instead: instead(&spellings), help })
    }
}

/// `; "VP" in 3 rows`
fn instead(spellings: &BTreeMap<String, u64>) -> String {
    let mut ranked: Vec<(&String, &u64)> = spellings.iter().collect();
    ranked.sort_by(|one, other| other.1.cmp(one.1).then(one.0.cmp(other.0)));
    let shown = ranked.iter().take(3).map(|(text, count)| format!("`{}` in {count}", quoted(text)));
    format!("; {}", shown.collect::<Vec<_>>().join(", "))
}

/// The most frequent spelling.
fn most(spellings: &BTreeMap<String, u64>) -> Option<String> {
    spellings.iter().max_by_key(|(_, count)| **count).map(|(text, _)| text.clone())
}

/// The part of a text that is the literal but for letter case.
fn spelling_of(value: &str, folded: &str) -> String {
    let starts = value.char_indices().map(|(at, _)| at);
    let length = folded.chars().count();
    let parts = starts.map(|at| {
        let end = value[at..].char_indices().nth(length).map_or(value.len(), |(end, _)| at + end);
        &value[at..end]
    });
    parts.into_iter().find(|part| fold_case(part) == folded).unwrap_or(value).to_owned()
}

/// Whether a part of the text begins and ends where a word does; a long part may begin a longer word.
fn has_word(text: &str, part: &str) -> bool {
    let is_word = |next: char| next.is_alphanumeric();
    text.match_indices(part).any(|(at, _)| {
        let (before, after) = (text[..at].chars().next_back(), text[at + part.len()..].chars().next());
        let begins = !part.starts_with(is_word) || !before.is_some_and(is_word);
        let ends = !part.ends_with(is_word) || part.len() >= LONG || !after.is_some_and(is_word);
        begins && ends
    })
}

/// Every run of so many words.
fn windows(text: &str, words: usize) -> Vec<&str> {
    let starts: Vec<usize> =
        text.split_whitespace().map(|word| word.as_ptr() as usize - text.as_ptr() as usize).collect();
    let ends: Vec<usize> = starts
        .iter()
        .map(|start| start + text[*start..].find(char::is_whitespace).unwrap_or(text.len() - start))
        .collect();
    let runs =
        (0..starts.len()).filter_map(|first| Some((starts[first], *ends.get(first + words.max(1) - 1)?)));
    runs.map(|(start, end)| &text[start..end]).collect()
}

/// Whether two texts without letter case differ in a letter of many, or only in the signs between words. Texts with
/// other digits are other texts.
pub(super) fn is_near(one: &str, other: &str) -> bool {
    let squashed = |text: &str| -> String { text.chars().filter(|next| next.is_alphanumeric()).collect() };
    let digits = |text: &str| -> String { text.chars().filter(|next| next.is_numeric()).collect() };
    if one == other || digits(one) != digits(other) {
        return false;
    }
    let (first, second) = (squashed(one), squashed(other));
    if first == second {
        return !first.is_empty();
    }
    let length = first.chars().count().min(second.chars().count());
    let limit = match length {
        0..5 => 0,
        5..9 => 1,
        _ => 2,
    };
    first.chars().next() == second.chars().next()
        && first.len().abs_diff(second.len()) <= 4 * limit
        && strsim::osa_distance(&first, &second) <= limit
}

#[cfg(test)]
mod tests {
    use super::{has_word, is_near, windows};

    #[test]
    fn near_texts_differ_in_a_letter_of_many() {
        for (one, other) in
            [("sofware", "software"), ("mid-market", "mid market"), ("saas", "saa-s"), ("managr", "manager")]
        {
            assert!(is_near(one, other), "{one} {other}");
        }
        for (one, other) in
            [("us", "uk"), ("tier 1", "tier 2"), ("vp", "vp"), ("gmail.com", "email.com"), ("lead", "load")]
        {
            assert!(!is_near(one, other), "{one} {other}");
        }
    }

    #[test]
    fn a_word_is_whole() {
        assert!(has_word("the cto", "cto") && has_word("managers", "manager") && has_word("a.com", ".com"));
        assert!(!has_word("director", "cto") && !has_word("svp", "vp") && !has_word("ctos", "cto"));
    }

    #[test]
    fn windows_are_runs_of_words() {
        assert_eq!(windows(" VP of  Sales ", 2), ["VP of", "of  Sales"]);
        assert_eq!(windows("VP", 2), [""; 0]);
    }
}
