//! Names of companies.

use super::NAME;
use super::words::{Words, entries};
use crate::builtins::registry::{Builtin, Example, Group, Returns, Run};
use std::collections::HashSet;
use std::sync::OnceLock;

pub(super) static BUILTINS: &[Builtin] = &[Builtin {
    name: "COMPANYNAME",
    aliases: &[],
    group: Group::Market,
    summary: "A company's name without its legal forms: Inc, LLC, Ltd, GmbH & Co. KG, S.à r.l., 株式会社 and others.",
    params: &[NAME],
    returns: Returns::normal(),
    examples: &[
        Example::new(r#"COMPANYNAME("Stripe, Inc.")"#, r#""Stripe""#),
        Example::new(r#"COMPANYNAME("Müller Maschinenbau GmbH & Co. KG")"#, r#""Müller Maschinenbau""#),
        Example::new(r#"COMPANYNAME("Acme Holdings Pty. Ltd.")"#, r#""Acme Holdings""#),
        Example::new(r#"COMPANYNAME("Foyer S.à r.l.")"#, r#""Foyer""#),
        Example::new(r#"COMPANYNAME("株式会社メルカリ")"#, r#""メルカリ""#),
        Example::new(r#"COMPANYNAME("GmbH")"#, r#""GmbH""#),
        Example::new(r#"COMPANYNAME("")"#, r#""""#),
    ],
    run: Run::Eager(|call| {
        let text = call.text(0)?;
        let name = bare(&text);
        let start = name.as_ptr() as usize - text.as_ptr() as usize;
        Ok(text.slice(start..start + name.len()).into())
    }),
}];

/// The most words of a legal form.
const LONGEST: usize = 8;

/// Forms are taken off this often; names with more of them are no names.
const MOST_FORMS: usize = 8;

struct Forms {
    end: HashSet<String>,
    front: HashSet<String>,
    glued: Vec<&'static str>,
}

fn forms() -> &'static Forms {
    static FORMS: OnceLock<Forms> = OnceLock::new();
    FORMS.get_or_init(|| {
        let mut forms = Forms { end: HashSet::new(), front: HashSet::new(), glued: Vec::new() };
        for (section, entry) in entries(include_str!("../data/legal_form.txt")) {
            match section {
                "glued" => forms.glued.push(entry),
                "front" => drop(forms.front.insert(Words::of(entry).as_str().to_owned())),
                _ => drop(forms.end.insert(Words::of(entry).as_str().to_owned())),
            }
        }
        forms
    })
}

/// The name without its forms, as a part of the text; a name that is nothing but forms stays.
fn bare(text: &str) -> &str {
    let mut name = tidy(text);
    for _ in 0..MOST_FORMS {
        let shorter = [without_end(name), without_front(name), without_glued(name)]
            .into_iter()
            .flatten()
            .find(|shorter| shorter.chars().any(char::is_alphanumeric));
        match shorter {
            Some(shorter) => name = shorter,
            None => break,
        }
    }
    name
}

/// White space and the signs that join a form to the name.
fn tidy(name: &str) -> &str {
    let is_joint =
        |next: char| next.is_whitespace() || matches!(next, ',' | ';' | '-' | '–' | '&' | '+' | '|' | '/');
    name.trim_matches(is_joint)
}

/// Where the last words of the name begin, last first.
fn last_words(name: &str) -> impl Iterator<Item = usize> {
    let is_gap = |next: char| next.is_whitespace() || next == ',';
    let starts = name
        .char_indices()
        .rev()
        .filter(move |(at, next)| !is_gap(*next) && name[..*at].chars().next_back().is_none_or(is_gap));
    starts.map(|(at, _)| at).take(LONGEST)
}

fn without_end(name: &str) -> Option<&str> {
    let starts: Vec<usize> = last_words(name).filter(|at| *at > 0).collect();
    let is_form = |at: &usize| forms().end.contains(Words::of(&name[*at..]).as_str());
    starts.into_iter().rev().find(is_form).map(|at| tidy(&name[..at]))
}

fn without_front(name: &str) -> Option<&str> {
    let (first, rest) = name.split_once(char::is_whitespace)?;
    forms().front.contains(Words::of(first).as_str()).then(|| tidy(rest))
}

fn without_glued(name: &str) -> Option<&str> {
    let glued = forms().glued.iter();
    glued.flat_map(|form| [name.strip_prefix(form), name.strip_suffix(form)]).flatten().next().map(tidy)
}
