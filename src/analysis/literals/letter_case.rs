//! Texts that are searched in the result of LOWER, UPPER or PROPER, and can't be there.

use super::uses::{Use, UseKind};
use crate::analysis::view::{Scope, View, call};
use crate::builtins::{Builtin, Role};
use crate::diagnostics::{ArgumentLint, Diagnostic};
use crate::syntax::ast::Expr;
use crate::syntax::print_text;
use regex_syntax::hir::{Class, Hir, HirKind};

/// What a function does to the letters of a text.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Letters {
    Lower,
    Upper,
    Proper,
}

/// The finding for a text that the letter case of what is searched rules out.
pub(super) fn lint<'a>(view: &View<'a>, one: &Use<'a>, scope: &Scope<'a>) -> Option<Diagnostic> {
    let UseKind::Search(role) = one.kind else { return None };
    let (function, letters) = letters_of(view, one.other, scope)?;
    let instead = match letters {
        Letters::Lower => one.text.to_lowercase(),
        Letters::Upper => one.text.to_uppercase(),
        Letters::Proper => proper(one.text),
    };
    let is_possible = match role {
        Role::Needle | Role::Same => {
            one.text == instead || (letters == Letters::Proper && may_be_proper(one.text))
        }
        Role::Pattern => letters == Letters::Proper || pattern_fits(one.text, letters),
        _ => true,
    };
    if is_possible {
        return None;
    }
    let help = if role == Role::Pattern {
        // Lowering a pattern would change its classes: `\S` and `\s` are opposites.
        let is_plain = !one.text.contains('\\');
        let text = if is_plain { instead } else { format!("(?i){}", one.text) };
        format!("write `{}`", print_text(&text))
    } else {
        format!("write `{}`", print_text(&instead))
    };
    Some(ArgumentLint::LetterCase { function: function.name, at: one.at.span, help }.into())
}

/// The function that gives the searched text its letter case; TRIM and the like leave it as it is.
fn letters_of<'a>(view: &View<'a>, expr: &'a Expr, scope: &Scope<'a>) -> Option<(&'static Builtin, Letters)> {
    let mut expr = view.resolve(expr, scope);
    for _ in 0..4 {
        let (builtin, args) = call(expr)?;
        let letters = match builtin.name {
            "LOWER" => Letters::Lower,
            "UPPER" => Letters::Upper,
            "PROPER" => Letters::Proper,
            "TRIM" | "CLEAN" | "LEFT" | "RIGHT" | "MID" | "DEBURR" => {
                expr = view.resolve(args.first()?, scope);
                continue;
            }
            _ => return None,
        };
        return Some((builtin, letters));
    }
    None
}

/// `VP` as PROPER writes it: `Vp`.
fn proper(text: &str) -> String {
    let mut after_letter = false;
    let mut out = String::new();
    for next in text.chars() {
        if after_letter {
            out.extend(next.to_lowercase());
        } else {
            out.extend(next.to_uppercase());
        }
        after_letter = next.is_alphabetic();
    }
    out
}

/// Whether a part of a text in the case of PROPER can be this; its first letter may be inside of a word.
fn may_be_proper(text: &str) -> bool {
    let written = proper(text);
    let skip = |text: &str| text.chars().skip(1).collect::<String>();
    skip(&written) == skip(text)
}

/// Whether a text without capitals (or without small letters) can match a pattern.
fn pattern_fits(pattern: &str, letters: Letters) -> bool {
    regex_syntax::parse(pattern).map_or(true, |hir| fits(&hir, letters))
}

fn fits(hir: &Hir, letters: Letters) -> bool {
    let keeps = |next: char| match letters {
        Letters::Lower => !next.is_uppercase(),
        _ => !next.is_lowercase(),
    };
    match hir.kind() {
        HirKind::Empty | HirKind::Look(_) | HirKind::Class(Class::Bytes(_)) => true,
        HirKind::Literal(literal) => {
            std::str::from_utf8(&literal.0).map_or(true, |text| text.chars().all(keeps))
        }
        HirKind::Class(Class::Unicode(class)) => {
            class.ranges().iter().any(|range| keeps(range.start()) || keeps(range.end()))
        }
        HirKind::Repetition(repetition) => repetition.min == 0 || fits(&repetition.sub, letters),
        HirKind::Capture(capture) => fits(&capture.sub, letters),
        // One alternative that can't match is a mistake, whatever the others do.
        HirKind::Concat(parts) | HirKind::Alternation(parts) => parts.iter().all(|part| fits(part, letters)),
    }
}

#[cfg(test)]
mod tests {
    use super::{Letters, may_be_proper, pattern_fits, proper};

    #[test]
    fn patterns_with_capitals_match_nothing_in_small_letters() {
        for pattern in ["VP|Head", "^VP$", "vp|Head", "[A-Z]{2}"] {
            assert!(!pattern_fits(pattern, Letters::Lower), "{pattern}");
        }
        for pattern in ["vp|head", "(?i)VP", "[A-Za-z]+", "\\S+", "V?p", "\\Bx"] {
            assert!(pattern_fits(pattern, Letters::Lower), "{pattern}");
        }
    }

    #[test]
    fn proper_has_a_capital_at_the_start_of_each_word() {
        assert_eq!(proper("VP of sales"), "Vp Of Sales");
        assert!(may_be_proper("ales") && may_be_proper("Sales") && may_be_proper(" Of "));
        assert!(!may_be_proper("VP") && !may_be_proper("of sales"));
    }
}
