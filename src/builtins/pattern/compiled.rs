//! Patterns compiled once, and what is wrong with those that can't be.

use crate::builtins::Rejected;
use regex::{Regex, RegexBuilder};
use regex_syntax::ast::ErrorKind;
use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

/// The most memory that a compiled pattern may take, in bytes.
const LARGEST: usize = 4 << 20;

/// How many compiled patterns a thread keeps. Rules hold a handful; more come only from patterns made of columns.
const KEPT: usize = 32;

/// Patterns longer than this are not meant, and an error message about one would help nobody.
const LONGEST: usize = 64 << 10;

type Compiled = Result<Rc<Regex>, String>;

thread_local! {
    // Failures are kept as well: a pattern that is too large is as slow to refuse as to compile.
    static CACHE: RefCell<HashMap<String, Compiled>> = RefCell::new(HashMap::new());
}

/// The pattern, compiled now or before, or what is wrong with it.
pub(super) fn compiled(pattern: &str) -> Compiled {
    CACHE.with_borrow_mut(|cache| {
        if let Some(known) = cache.get(pattern) {
            return known.clone();
        }
        let new = compile(pattern).map(Rc::new).map_err(|rejected| rejected.problem);
        if cache.len() >= KEPT {
            cache.clear();
        }
        cache.insert(pattern.to_owned(), new.clone());
        new
    })
}

/// Says what is wrong with a pattern that is written out.
pub(super) fn check(pattern: &str) -> Result<(), Rejected> {
    compile(pattern).map(drop)
}

fn compile(pattern: &str) -> Result<Regex, Rejected> {
    let all = 0..pattern.len();
    if pattern.len() > LONGEST {
        return Err(rejected(all, "it is too long", None));
    }
    if let Err(error) = regex_syntax::parse(pattern) {
        return Err(syntax(&error, all));
    }
    RegexBuilder::new(pattern).size_limit(LARGEST).dfa_size_limit(LARGEST).build().map_err(|_| {
        rejected(all, "it would take too much memory", Some("large counts such as `{1000}` multiply"))
    })
}

fn rejected(range: std::ops::Range<usize>, problem: &str, help: Option<&str>) -> Rejected {
    Rejected { range, problem: problem.to_owned(), help: help.map(str::to_owned) }
}

fn syntax(error: &regex_syntax::Error, all: std::ops::Range<usize>) -> Rejected {
    match error {
        regex_syntax::Error::Parse(error) => {
            let span = error.span();
            let help = match error.kind() {
                ErrorKind::UnsupportedLookAround => Some(
                    "matching in linear time has no look-around; match what stands beside it, and extract a group",
                ),
                ErrorKind::UnsupportedBackreference => {
                    Some("matching in linear time has no back-references; write out the alternatives")
                }
                ErrorKind::GroupUnclosed => {
                    Some("close the group with `)`, or write `\\(` for the sign itself")
                }
                ErrorKind::GroupUnopened => Some("write `\\)` for the sign itself"),
                ErrorKind::ClassUnclosed => {
                    Some("close the class with `]`, or write `\\[` for the sign itself")
                }
                ErrorKind::RepetitionMissing => Some("put a backslash before the sign to mean itself"),
                _ => None,
            };
            rejected(span.start.offset..span.end.offset, &lower(&error.kind().to_string()), help)
        }
        regex_syntax::Error::Translate(error) => {
            let span = error.span();
            rejected(span.start.offset..span.end.offset, &lower(&error.kind().to_string()), None)
        }
        _ => rejected(all, "it can't be read", None),
    }
}

/// Messages here begin in lower case, and have one line.
fn lower(message: &str) -> String {
    let mut chars = message.chars();
    let first = chars.next().map(|first| first.to_ascii_lowercase());
    first.into_iter().chain(chars).map(|next| if next == '\n' { ' ' } else { next }).collect()
}

#[cfg(test)]
mod tests {
    use super::{KEPT, check, compiled};

    #[test]
    fn mistakes_have_a_place() {
        for (pattern, range, problem) in [
            ("a(b", 1..2, "unclosed group"),
            ("x(?=y)", 1..4, "look-around, including look-ahead and look-behind, is not supported"),
            ("(a)\\1", 3..5, "backreferences are not supported"),
            ("[a", 0..1, "unclosed character class"),
        ] {
            let rejected = check(pattern).expect_err(pattern);
            assert_eq!((rejected.range, rejected.problem.as_str()), (range, problem), "{pattern}");
        }
    }

    #[test]
    fn large_patterns_are_refused() {
        assert!(check("(?:a{1000}){1000}").is_err());
        assert!(check(&"a".repeat(1 << 20)).is_err());
        assert!(check(&"(".repeat(5000)).is_err());
    }

    #[test]
    fn the_cache_is_bounded() {
        for number in 0..KEPT * 3 {
            assert!(compiled(&format!("a{number}")).is_ok());
        }
        assert!(super::CACHE.with_borrow(std::collections::HashMap::len) <= KEPT);
    }
}
