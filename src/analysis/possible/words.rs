//! Sets of texts that read as neither a number nor a date nor a Boolean.

use crate::builtins::contains_word;
use crate::value::fold_case;
use std::hash::{Hash, Hasher};
use std::rc::Rc;

/// More texts or facts than this are not kept apart.
const MOST: usize = 600;

/// What a search asks of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Search {
    /// It contains the needle, exactly as written.
    Contains,
    /// It contains the needle, in any letter case.
    ContainsAnyCase,
    /// It contains the needle as whole words, in any letter case.
    ContainsWord,
    /// It begins with the needle.
    StartsWith,
    /// It ends with the needle.
    EndsWith,
}

/// One search for one needle.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Needle {
    /// How it is looked for.
    pub search: Search,
    /// The text that is looked for.
    pub text: Rc<str>,
}

/// A letter case that all letters of a text have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Case {
    /// Any.
    Any,
    /// No capital letters.
    Lower,
    /// Only capital letters.
    Upper,
}

/// A set of texts.
#[derive(Clone, Debug, PartialEq)]
pub enum Words {
    /// No text.
    None,
    /// One of a few texts.
    OneOf {
        /// The texts.
        texts: Rc<[Rc<str>]>,
        /// Whether their letters can have another case.
        any_case: bool,
    },
    /// Any text for which these facts hold.
    Any(Facts),
}

/// What is known of a text.
#[derive(Clone, Debug, PartialEq)]
pub struct Facts {
    /// Texts, with folded case, that it does not equal.
    pub not: Rc<[Rc<str>]>,
    /// Searches that succeed.
    pub has: Rc<[Needle]>,
    /// Searches that fail.
    pub lacks: Rc<[Needle]>,
    /// Its letter case.
    pub case: Case,
}

impl Facts {
    fn none() -> Self {
        Self { not: Rc::from([]), has: Rc::from([]), lacks: Rc::from([]), case: Case::Any }
    }

    /// Whether a text agrees with all facts; `any_case` if its letters can have another case.
    fn allow(&self, text: &str, any_case: bool) -> bool {
        let folded = fold_case(text);
        let is_exact = |needle: &&Needle| !any_case || needle.search.ignores_case();
        !self.not.iter().any(|one| **one == *folded)
            && self.has.iter().filter(is_exact).all(|needle| needle.is_in(text))
            && !self.lacks.iter().filter(is_exact).any(|needle| needle.is_in(text))
            && (any_case || self.case.fits(text))
    }
}

impl Search {
    /// Whether the letter case plays no role.
    #[must_use]
    pub fn ignores_case(self) -> bool {
        matches!(self, Self::ContainsAnyCase | Self::ContainsWord)
    }
}

impl Case {
    /// Whether a text has this case.
    #[must_use]
    pub fn fits(self, text: &str) -> bool {
        match self {
            Self::Any => true,
            Self::Lower => text.to_lowercase() == text,
            Self::Upper => text.to_uppercase() == text,
        }
    }
}

impl Needle {
    /// Whether the search succeeds in `text`. Whole words are separated by anything but letters and digits.
    #[must_use]
    pub fn is_in(&self, text: &str) -> bool {
        match self.search {
            Search::Contains => text.contains(&*self.text),
            Search::StartsWith => text.starts_with(&*self.text),
            Search::EndsWith => text.ends_with(&*self.text),
            Search::ContainsAnyCase => fold_case(text).contains(&fold_case(&self.text)),
            Search::ContainsWord => contains_word(&fold_case(text), &fold_case(&self.text)),
        }
    }

    /// Whether every text in which this search succeeds is one in which `other` succeeds.
    #[must_use]
    pub fn implies(&self, other: &Self) -> bool {
        if self == other {
            return true;
        }
        match (self.search, other.search) {
            (Search::StartsWith, Search::StartsWith | Search::Contains | Search::ContainsAnyCase)
            | (Search::EndsWith, Search::EndsWith | Search::Contains | Search::ContainsAnyCase)
            | (Search::Contains, Search::Contains | Search::ContainsAnyCase)
            | (Search::ContainsAnyCase, Search::ContainsAnyCase)
            | (Search::ContainsWord, Search::ContainsWord) => other.is_in(&self.text),
            _ => false,
        }
    }

    /// Whether no text satisfies both searches.
    #[must_use]
    pub fn excludes(&self, other: &Self) -> bool {
        let (one, two) = (&*self.text, &*other.text);
        match (self.search, other.search) {
            (Search::StartsWith, Search::StartsWith) => !one.starts_with(two) && !two.starts_with(one),
            (Search::EndsWith, Search::EndsWith) => !one.ends_with(two) && !two.ends_with(one),
            _ => false,
        }
    }
}

impl Words {
    /// Any text.
    #[must_use]
    pub fn any() -> Self {
        Self::Any(Facts::none())
    }

    /// One of these texts, spelled exactly so.
    #[must_use]
    pub fn one_of<'t>(texts: impl IntoIterator<Item = &'t str>) -> Self {
        let texts: Vec<Rc<str>> = texts.into_iter().map(Rc::from).collect();
        if texts.is_empty() { Self::None } else { Self::OneOf { texts: texts.into(), any_case: false } }
    }

    /// This text in any letter case.
    #[must_use]
    pub fn folded(text: &str) -> Self {
        Self::OneOf { texts: Rc::from([Rc::from(text)]), any_case: true }
    }

    /// Feeds the set to a hasher; equal sets feed the same.
    pub fn hash_into(&self, hasher: &mut impl Hasher) {
        match self {
            Self::None => 0_u8.hash(hasher),
            Self::OneOf { texts, any_case } => (1_u8, texts, any_case).hash(hasher),
            Self::Any(facts) => (2_u8, &facts.not, &facts.has, &facts.lacks).hash(hasher),
        }
    }

    /// Whether there is no text in it.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        matches!(self, Self::None)
    }

    /// The texts, if they are few and spelled exactly so.
    #[must_use]
    pub fn exact(&self) -> Option<&[Rc<str>]> {
        match self {
            Self::None => Some(&[]),
            Self::OneOf { texts, any_case: false } => Some(texts),
            _ => None,
        }
    }

    /// The texts in both.
    #[must_use]
    pub fn meet(&self, other: &Self) -> Self {
        match (self, other) {
            (Self::None, _) | (_, Self::None) => Self::None,
            (Self::OneOf { texts, any_case }, Self::Any(facts))
            | (Self::Any(facts), Self::OneOf { texts, any_case }) => {
                keep(texts, *any_case, |text| facts.allow(text, *any_case))
            }
            (
                Self::OneOf { texts: one, any_case: one_case },
                Self::OneOf { texts: two, any_case: two_case },
            ) => {
                let (kept, others, any_case) = if *one_case && !two_case {
                    (two, one, false)
                } else {
                    (one, two, *one_case && *two_case)
                };
                let folds = *one_case || *two_case;
                let others: std::collections::HashSet<String> = others
                    .iter()
                    .map(|text| if folds { fold_case(text) } else { text.to_string() })
                    .collect();
                keep(kept, any_case, |text| {
                    others.contains(&if folds { fold_case(text) } else { text.to_owned() })
                })
            }
            (Self::Any(one), Self::Any(two)) => Self::both(one, two),
        }
    }

    fn both(one: &Facts, two: &Facts) -> Self {
        let case = if one.case == Case::Any { two.case } else { one.case };
        let merged = Facts {
            not: union(&one.not, &two.not),
            has: union(&one.has, &two.has),
            lacks: union(&one.lacks, &two.lacks),
            case,
        };
        let clash = |has: &Needle| {
            merged.lacks.iter().any(|lacks| has.implies(lacks))
                || merged.has.iter().any(|other| has.excludes(other))
        };
        if merged.has.iter().any(clash) { Self::None } else { Self::Any(merged) }
    }

    /// The texts in either; what is known of only one of them is lost.
    #[must_use]
    pub fn join(&self, other: &Self) -> Self {
        match (self, other) {
            (Self::None, words) | (words, Self::None) => words.clone(),
            _ if self == other => self.clone(),
            (Self::OneOf { texts: one, any_case }, Self::OneOf { texts: two, any_case: other_case })
                if one.len() + two.len() <= MOST =>
            {
                Self::OneOf { texts: union(one, two), any_case: *any_case || *other_case }
            }
            _ => Self::any(),
        }
    }

    /// Whether some text is in both.
    #[must_use]
    pub fn overlaps(&self, other: &Self) -> bool {
        // Texts are equal whatever their letter case is, so what depends on it is left out.
        let of_any_case = |needles: &Rc<[Needle]>| -> Rc<[Needle]> {
            needles.iter().filter(|needle| needle.search.ignores_case()).cloned().collect()
        };
        let folded = |words: &Self| match words {
            Self::OneOf { texts, .. } => Self::OneOf { texts: Rc::clone(texts), any_case: true },
            Self::Any(facts) => Self::Any(Facts {
                not: Rc::clone(&facts.not),
                has: of_any_case(&facts.has),
                lacks: of_any_case(&facts.lacks),
                ..Facts::none()
            }),
            Self::None => Self::None,
        };
        !folded(self).meet(&folded(other)).is_empty()
    }

    /// The texts that do not equal this one, whatever its letter case.
    #[must_use]
    pub fn without(&self, text: &str) -> Self {
        let folded = fold_case(text);
        match self {
            Self::None => Self::None,
            Self::OneOf { texts, any_case } => keep(texts, *any_case, |one| fold_case(one) != folded),
            Self::Any(facts) => {
                Self::Any(Facts { not: union(&facts.not, &[Rc::from(folded)]), ..facts.clone() })
            }
        }
    }

    /// The texts in which a search succeeds, or fails.
    #[must_use]
    pub fn searched(&self, needle: &Needle, found: bool) -> Self {
        let needles: Rc<[Needle]> = Rc::from([needle.clone()]);
        let fact = if found {
            Facts { has: needles, ..Facts::none() }
        } else {
            Facts { lacks: needles, ..Facts::none() }
        };
        // An empty needle is never found.
        if needle.text.is_empty() {
            return if found { Self::None } else { self.clone() };
        }
        match self {
            Self::Any(facts) if !found && facts.has.iter().any(|has| has.implies(needle)) => Self::None,
            Self::Any(facts) if found && facts.lacks.iter().any(|lacks| needle.implies(lacks)) => Self::None,
            Self::Any(facts) if found && !facts.case.fits(&needle.text) && !needle.search.ignores_case() => {
                Self::None
            }
            _ => self.meet(&Self::Any(fact)),
        }
    }

    /// The texts with this letter case.
    #[must_use]
    pub fn with_case(&self, case: Case) -> Self {
        match self {
            Self::Any(facts) => Self::Any(Facts { case, ..facts.clone() }),
            other => other.clone(),
        }
    }
}

fn keep(texts: &Rc<[Rc<str>]>, any_case: bool, wanted: impl Fn(&str) -> bool) -> Words {
    let kept: Vec<Rc<str>> = texts.iter().filter(|text| wanted(text)).cloned().collect();
    match kept.len() {
        0 => Words::None,
        _ if kept.len() == texts.len() => Words::OneOf { texts: Rc::clone(texts), any_case },
        _ => Words::OneOf { texts: kept.into(), any_case },
    }
}

/// All of both, each once. Beyond a bound the later ones are dropped, which only forgets facts.
fn union<T: Clone + PartialEq>(one: &Rc<[T]>, two: &[T]) -> Rc<[T]> {
    let new: Vec<&T> = two.iter().filter(|item| !one.contains(item)).collect();
    if new.is_empty() || one.len() + new.len() > MOST {
        return if one.is_empty() { Rc::from(two) } else { Rc::clone(one) };
    }
    one.iter().chain(new).cloned().collect()
}
