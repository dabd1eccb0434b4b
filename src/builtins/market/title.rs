//! Job titles: their level and their department.

use super::TITLE;
use super::words::{Phrases, Words};
use crate::builtins::registry::{Builtin, Example, Group, Run};
use crate::types::Type;
use crate::value::{Value, is_empty};
use std::sync::OnceLock;

/// The levels, highest first.
const LEVELS: [&str; 6] = ["c_suite", "founder", "vp", "head", "director", "manager"];

/// The most words between `Chief` and `Officer`.
const MOST_BETWEEN: usize = 5;

pub(super) static BUILTINS: &[Builtin] = &[
    Builtin {
        name: "SENIORITY",
        aliases: &[],
        group: Group::Market,
        summary: "The level of a job title: c_suite, founder, vp, head, director, manager or ic, by whole words of many languages. Of several the highest counts; Blank for an empty title.",
        params: &[TITLE],
        returns: Type::Text,
        examples: &[
            Example::new(r#"SENIORITY("Vice President, Sales")"#, r#""vp""#),
            Example::new(r#"SENIORITY("Director of Sales")"#, r#""director""#),
            Example::new(r#"SENIORITY("Chief Happiness Officer")"#, r#""c_suite""#),
            Example::new(r#"SENIORITY("Assistant to the CEO")"#, r#""ic""#),
            Example::new(r#"SENIORITY("Geschäftsführerin")"#, r#""c_suite""#),
            Example::new(r#"SENIORITY("営業部長")"#, r#""director""#),
            Example::new(r#"SENIORITY("Independent Contractor")"#, r#""ic""#),
            Example::new(r#"SENIORITY("")"#, "null"),
        ],
        run: Run::Eager(|call| {
            if is_empty(call.value(0)) {
                return Ok(Value::Blank);
            }
            Ok(seniority(&call.text(0)?).into())
        }),
    },
    Builtin {
        name: "DEPARTMENT",
        aliases: &[],
        group: Group::Market,
        summary: "The department of a job title: sales, marketing, engineering, product, design, data, finance, hr, legal, it, support, operations, admin or executive; the first that the title names. Blank if it names none.",
        params: &[TITLE],
        returns: Type::Text,
        examples: &[
            Example::new(r#"DEPARTMENT("VP of Sales")"#, r#""sales""#),
            Example::new(r#"DEPARTMENT("Product Marketing Manager")"#, r#""marketing""#),
            Example::new(r#"DEPARTMENT("Vertriebsleiterin DACH")"#, r#""sales""#),
            Example::new(r#"DEPARTMENT("Founder & CEO")"#, r#""executive""#),
            Example::new(r#"DEPARTMENT("Manager")"#, "null"),
            Example::new(r#"DEPARTMENT("")"#, "null"),
        ],
        run: Run::Eager(|call| Ok(department(&call.text(0)?).map_or(Value::Blank, Value::from))),
    },
];

fn seniority(title: &str) -> &'static str {
    static PHRASES: OnceLock<Phrases> = OnceLock::new();
    let phrases = PHRASES.get_or_init(|| Phrases::read(include_str!("../data/seniority.txt")));
    let words = Words::of(title);
    let found = phrases.found(&words);
    if found.contains(&"assistant") {
        return "ic";
    }
    let has_officer = chief_officer(&words).then_some("c_suite");
    let of_rank = |level: &&'static str| found.contains(level) || has_officer == Some(*level);
    LEVELS.into_iter().find(of_rank).unwrap_or("ic")
}

/// `Chief … Officer`, with a few words between.
fn chief_officer(words: &Words) -> bool {
    let mut since = None;
    for (index, word) in words.iter().enumerate() {
        match word {
            "chief" => since = Some(index),
            "officer" if since.is_some_and(|chief| index - chief <= MOST_BETWEEN + 1) => return true,
            _ => {}
        }
    }
    false
}

fn department(title: &str) -> Option<&'static str> {
    static PHRASES: OnceLock<Phrases> = OnceLock::new();
    let phrases = PHRASES.get_or_init(|| Phrases::read(include_str!("../data/department.txt")));
    let found = phrases.found(&Words::of(title));
    found.iter().find(|label| **label != "executive").or(found.first()).copied()
}
