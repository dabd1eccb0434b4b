//! Names of people.

use super::words::entries;
use super::{NAME, part};
use crate::builtins::registry::{Builtin, Example, Group, Returns, Run};
use crate::types::Type;
use crate::value::fold_case;
use std::collections::HashMap;
use std::ops::Range;
use std::sync::OnceLock;

pub(super) static BUILTINS: &[Builtin] = &[
    Builtin {
        name: "FIRSTNAME",
        aliases: &[],
        group: Group::Market,
        summary: "The first name in a full name, without titles; Blank if there is none.",
        params: &[NAME],
        returns: Returns::any(Type::Text).or_blank(),
        examples: &[
            Example::new(r#"FIRSTNAME("Dr. Ada Lovelace, PhD")"#, r#""Ada""#),
            Example::new(r#"FIRSTNAME("van der Berg, Jan")"#, r#""Jan""#),
            Example::new(r#"FIRSTNAME("José María García")"#, r#""José""#),
            Example::new(r#"FIRSTNAME("Prof. Dr.")"#, "null"),
            Example::new(r#"FIRSTNAME("")"#, "null"),
        ],
        run: Run::Eager(|call| part(call, |text| names(text).0)),
    },
    Builtin {
        name: "LASTNAME",
        aliases: &[],
        group: Group::Market,
        summary: "The last name in a full name, with its particles (van, de, von) and without suffixes (Jr., PhD); Blank if there is only one name.",
        params: &[NAME],
        returns: Returns::any(Type::Text).or_blank(),
        examples: &[
            Example::new(r#"LASTNAME("Ludwig van Beethoven")"#, r#""van Beethoven""#),
            Example::new(r#"LASTNAME("Martin Luther King Jr.")"#, r#""King""#),
            Example::new(r#"LASTNAME("Lovelace, Ada")"#, r#""Lovelace""#),
            Example::new(r#"LASTNAME("Søren Ærø-Ødegård")"#, r#""Ærø-Ødegård""#),
            Example::new(r#"LASTNAME("Dr. Müller")"#, r#""Müller""#),
            Example::new(r#"LASTNAME("Ada")"#, "null"),
        ],
        run: Run::Eager(|call| part(call, |text| names(text).1)),
    },
];

/// What kind of words there are apart from names; one word can be several.
#[derive(Clone, Copy, Default)]
struct Roles {
    title: bool,
    suffix: bool,
    particle: bool,
}

fn roles(word: &str) -> Roles {
    static WORDS: OnceLock<HashMap<String, Roles>> = OnceLock::new();
    let words = WORDS.get_or_init(|| {
        let mut words: HashMap<String, Roles> = HashMap::new();
        for (section, entry) in entries(include_str!("../data/person_name.txt")) {
            let roles = words.entry(fold_case(entry)).or_default();
            match section {
                "title" => roles.title = true,
                "suffix" => roles.suffix = true,
                _ => roles.particle = true,
            }
        }
        words
    });
    words.get(&fold_case(&word.replace('.', ""))).copied().unwrap_or_default()
}

/// The bytes of the words of `text[range]`.
fn words(text: &str, range: Range<usize>) -> Vec<Range<usize>> {
    let part = &text[range.clone()];
    let found = part.split(|next: char| next.is_whitespace()).filter(|word| !word.is_empty());
    found
        .map(|word| {
            let start = range.start + (word.as_ptr() as usize - part.as_ptr() as usize);
            start..start + word.len()
        })
        .collect()
}

/// The bytes of the first and of the last name.
fn names(text: &str) -> (Option<Range<usize>>, Option<Range<usize>>) {
    // `Ada Lovelace (she/her)`: what stands in parentheses is no name.
    let end = text.find(['(', '[', '|']).filter(|at| *at > 0).unwrap_or(text.len());
    let Some(comma) = text[..end].find(',') else {
        return in_order(text, stripped(text, words(text, 0..end)));
    };
    let behind_end = text[comma + 1..end].find(',').map_or(end, |next| comma + 1 + next);
    let behind = words(text, comma + 1..behind_end);
    let before = stripped(text, words(text, 0..comma));
    if behind.iter().all(|word| roles(&text[word.clone()]).suffix) {
        return in_order(text, before);
    }
    // `Last, First`
    let last = before.first().zip(before.last()).map(|(first, last)| first.start..last.end);
    (stripped(text, behind).into_iter().next(), last)
}

/// The words without titles in front and suffixes behind.
fn stripped(text: &str, mut words: Vec<Range<usize>>) -> Vec<Range<usize>> {
    let is_title = |word: &Range<usize>| roles(&text[word.clone()]).title;
    let titles = words.iter().take_while(|word| is_title(word)).count();
    words.drain(..titles);
    // A name has two words before a third can be a suffix: `Jack Ma` is no master of arts.
    while words.len() > 2 && words.last().is_some_and(|word| roles(&text[word.clone()]).suffix) {
        words.pop();
    }
    words
}

fn words_before(text: &str, end: usize) -> impl Iterator<Item = &str> {
    text[..end].split_whitespace()
}

/// First and last name of words in the order of speech.
fn in_order(text: &str, words: Vec<Range<usize>>) -> (Option<Range<usize>>, Option<Range<usize>>) {
    let mut words = words.into_iter();
    let Some(first) = words.next() else { return (None, None) };
    let rest: Vec<_> = words.collect();
    let Some(last) = rest.last() else {
        // `Dr. Müller`: a title goes with the last name.
        let has_title = words_before(text, first.start).any(|word| roles(word).title);
        return if has_title { (None, Some(first)) } else { (Some(first), None) };
    };
    let is_particle = |word: &&Range<usize>| roles(&text[(*word).clone()]).particle;
    let particles = rest[..rest.len() - 1].iter().rev().take_while(is_particle).count();
    let start = rest[rest.len() - 1 - particles].start;
    (Some(first), Some(start..last.end))
}
