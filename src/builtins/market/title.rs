//! Job titles: their level and their department.

use super::TITLE;
use super::place::is_placeholder;
use super::words::{Phrases, Words, sections};
use crate::builtins::registry::{Builtin, Example, Group, Returns, Run};
use crate::value::Value;
use std::sync::OnceLock;

/// The words that name each department.
const DEPARTMENTS: &str = include_str!("../data/department.txt");

/// The levels that words name, highest first.
const LEVELS: [&str; 6] = ["c_suite", "founder", "vp", "head", "director", "manager"];

/// Every level, highest first.
const SENIORITIES: [&str; 7] = ["c_suite", "founder", "vp", "head", "director", "manager", "ic"];

/// Every department.
fn departments() -> &'static [&'static str] {
    static NAMES: OnceLock<Vec<&'static str>> = OnceLock::new();
    NAMES.get_or_init(|| sections(DEPARTMENTS))
}

/// The most words between `Chief` and `Officer`.
const MOST_BETWEEN: usize = 5;

pub(super) static BUILTINS: &[Builtin] = &[
    Builtin {
        name: "SENIORITY",
        aliases: &[],
        group: Group::Market,
        summary: "The level of a job title: c_suite, founder, vp, head, director, manager or ic, by whole words of many languages. Of several the highest counts; Blank for an empty title or a placeholder.",
        params: &[TITLE],
        returns: Returns::texts(|| &SENIORITIES).or_blank(),
        examples: &[
            Example::new(r#"SENIORITY("Vice President, Sales")"#, r#""vp""#),
            Example::new(r#"SENIORITY("Director of Sales")"#, r#""director""#),
            Example::new(r#"SENIORITY("Chief Happiness Officer")"#, r#""c_suite""#),
            Example::new(r#"SENIORITY("Assistant to the CEO")"#, r#""ic""#),
            Example::new(r#"SENIORITY("Geschäftsführerin")"#, r#""c_suite""#),
            Example::new(r#"SENIORITY("営業部長")"#, r#""director""#),
            Example::new(r#"SENIORITY("Independent Contractor")"#, r#""ic""#),
            Example::new(r#"SENIORITY("")"#, "null"),
            Example::new(r#"SENIORITY("N/A")"#, "null"),
        ],
        run: Run::Eager(|call| {
            let title = call.text(0)?;
            let is_missing = title.trim().is_empty() || is_placeholder(&title);
            Ok(if is_missing { Value::Blank } else { seniority(&title).into() })
        }),
    },
    Builtin {
        name: "DEPARTMENT",
        aliases: &[],
        group: Group::Market,
        summary: "The department of a job title: sales, marketing, engineering, product, design, data, finance, hr, legal, it, support, operations, admin or executive; the first that the title names. Blank if it names none.",
        params: &[TITLE],
        returns: Returns::texts(departments).or_blank(),
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
    let words = Words::of(&joined_initials(title));
    let end = end_of_own(&words);
    let found = phrases.found(&words, end);
    let assists = matches!(words.iter().last(), Some("assistant" | "assistenz" | "assistentin"));
    if assists || found.contains(&"assistant") {
        return "ic";
    }
    let has_officer = chief_officer(&words, end).then_some("c_suite");
    let is_there = |level: &&'static str| found.contains(level) || has_officer == Some(*level);
    LEVELS.into_iter().find(is_there).unwrap_or("ic")
}

/// How many words speak of the person: behind `to the` or `office of` stands somebody else.
fn end_of_own(words: &Words) -> usize {
    let is_turn = |place: &usize| matches!(words.part(*place, 2), Some("to the" | "to ceo" | "office of"));
    (0..words.len()).find(is_turn).unwrap_or(words.len())
}

/// `C.E.O.` is `CEO`: a point behind a single letter goes.
fn joined_initials(title: &str) -> String {
    let mut joined = String::with_capacity(title.len());
    let mut letters = 0;
    for next in title.chars() {
        if next == '.' && letters == 1 {
            letters = 0;
            continue;
        }
        letters = if next.is_alphanumeric() { letters + 1 } else { 0 };
        joined.push(next);
    }
    joined
}

/// `Chief … Officer`, with a few words between.
fn chief_officer(words: &Words, end: usize) -> bool {
    let mut since = None;
    for (index, word) in words.iter().enumerate().take(end) {
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
    let phrases = PHRASES.get_or_init(|| Phrases::read(DEPARTMENTS));
    let words = Words::of(&joined_initials(title));
    let found = phrases.found(&words, words.len());
    found.iter().find(|label| **label != "executive").or(found.first()).copied()
}

#[cfg(test)]
mod tests {
    use super::{department, seniority};

    #[test]
    fn levels_are_found_in_whole_words() {
        for (title, level) in [
            ("C.T.O.", "c_suite"),
            ("Doctor", "ic"),
            ("Independent Contractor", "ic"),
            ("Senior Vice President", "vp"),
            ("President & COO", "c_suite"),
            ("EA to the CEO", "ic"),
            ("Chief of Staff to the CEO", "head"),
            ("Director, Office of the CTO", "director"),
            ("Vice President's Assistant", "ic"),
            ("Assistant Vice President", "vp"),
            ("Product Owner", "ic"),
            ("Owner", "founder"),
            ("Directrice Marketing", "director"),
            ("Gerente de Ventas", "manager"),
            ("Amministratore Delegato", "c_suite"),
            ("Hoofd Verkoop", "head"),
            ("Försäljningschef", "head"),
            ("Kierownik sprzedaży", "manager"),
            ("副社長", "vp"),
            ("市场总监", "director"),
        ] {
            assert_eq!(seniority(title), level, "{title}");
        }
    }

    #[test]
    fn departments_are_the_first_named() {
        for (title, wanted) in [
            ("Engineering Manager, Data Platform", Some("engineering")),
            ("President, Sales", Some("sales")),
            ("Directeur des ressources humaines", Some("hr")),
            ("営業部長", Some("sales")),
            ("Independent Contractor", None),
        ] {
            assert_eq!(department(title), wanted, "{title}");
        }
    }
}
