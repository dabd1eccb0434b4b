//! Trying a rewritten formula: whether it compiles and gets no warning where it is meant to be written.

use crate::check::{Checked, check};
use crate::diagnostics::{CheckError, Diagnostic, Source};
use crate::span::{Span, Spanned};
use crate::syntax::ast::{ColumnDefinition, RuleFile};
use crate::syntax::{on_deep_stack, parse_file, parse_formula};
use std::ops::Range;

/// The findings about a rule without errors. The analysis is above this module, so it is passed in.
pub type Analysis<'a> = &'a dyn Fn(&RuleFile, &Checked) -> Vec<Diagnostic>;

/// What a text with formulas is.
#[derive(Clone, Copy, Debug)]
pub enum Form<'f> {
    /// A rule file.
    File,
    /// Formulas without names at these places, such as those of a table or a command line.
    Formulas(&'f [Range<usize>]),
}

/// Where a formula is tried.
pub(super) struct Trial<'t> {
    pub source: &'t Source,
    pub form: Form<'t>,
    /// The columns of rows, if they are known.
    pub names: &'t [String],
    /// Names of columns that are unknown in the text as it is, each of which has a report of its own.
    pub missing: &'t [String],
    pub analysis: Analysis<'t>,
}

/// What a check found.
struct Outcome {
    /// Where the errors are.
    errors: Vec<usize>,
    /// Where the warnings are.
    warnings: Vec<usize>,
    /// How many columns are read that are not known.
    unknown: usize,
    /// Whether the analysis was made, which takes a text without errors.
    is_analyzed: bool,
}

impl Trial<'_> {
    /// Whether a change of the part `range` of `formula` leaves the formula without an error, gets no warning itself,
    /// and reads no more unknown columns than before.
    pub(super) fn accepts(&self, written: &str, range: &Range<usize>, formula: &Range<usize>) -> bool {
        let text = self.source.text();
        let changed = |within: &Range<usize>| {
            format!("{}{written}{}", &text[within.start..range.start], &text[range.end..within.end])
        };
        let end = |of: usize| of + written.len() - range.len();
        let alone = || {
            let outcome = self.outcome(&changed(formula), true);
            let place = range.start - formula.start..=end(range.end - formula.start);
            outcome.errors.is_empty() && !outcome.warnings.iter().any(|at| place.contains(at))
        };
        let (outcome, before) = match self.form {
            Form::File => (self.outcome(&changed(&(0..text.len())), false), None),
            Form::Formulas(_) => (self.outcome(&changed(formula), true), Some(&text[formula.clone()])),
        };
        let shift = if before.is_some() { formula.start } else { 0 };
        let has_error = |at: &usize| (formula.start..=end(formula.end)).contains(&(at + shift));
        let has_warning = |at: &usize| (range.start..=end(range.end)).contains(&(at + shift));
        let reads_fewer = || {
            self.names.is_empty()
                || outcome.unknown == 0
                || outcome.unknown < self.outcome(before.unwrap_or(text), before.is_some()).unknown
        };
        !outcome.errors.iter().any(has_error)
            && !outcome.warnings.iter().any(has_warning)
            && reads_fewer()
            && (outcome.is_analyzed || alone())
    }

    /// Checks a text, and analyzes it if it has no error.
    fn outcome(&self, text: &str, is_formula: bool) -> Outcome {
        let name = if is_formula { "formula" } else { self.source.name() };
        let source = Source::new(name, text);
        on_deep_stack(text, || {
            let (file, findings) = if is_formula { formula_of(&source) } else { file_of(&source) };
            match check(&source, &file, findings) {
                Ok((checked, found)) => {
                    let of_values = (self.analysis)(&file, &checked);
                    let all = || found.iter().chain(&of_values);
                    let places = |is_warning: bool| {
                        let of_kind = all().filter(|one| one.is_warning() == is_warning);
                        of_kind.map(Diagnostic::offset).collect()
                    };
                    Outcome {
                        errors: places(false),
                        warnings: places(true),
                        unknown: self.unknown(&checked),
                        is_analyzed: true,
                    }
                }
                Err(found) => {
                    let is_known = |one: &Diagnostic| {
                        unknown_column(one).is_some_and(|name| self.missing.contains(&name))
                    };
                    let errors = found.iter().filter(|one| !one.is_warning() && !is_known(one));
                    Outcome {
                        errors: errors.flat_map(places).collect(),
                        warnings: Vec::new(),
                        unknown: usize::MAX,
                        is_analyzed: false,
                    }
                }
            }
        })
    }

    fn unknown(&self, checked: &Checked) -> usize {
        let is_unknown = |key: &String| !self.names.contains(key);
        let paths = checked.inputs.iter().filter_map(|input| input.path());
        paths.filter(|path| is_unknown(&path.key)).count()
    }
}

/// Where a finding is; two uses that exclude each other are two places.
pub(super) fn places(found: &Diagnostic) -> Vec<usize> {
    match found {
        Diagnostic::Check(CheckError::ConflictingUses { first, second, .. }) => {
            vec![first.start as usize, second.start as usize]
        }
        other => vec![other.offset()],
    }
}

/// The name of the column that a finding reports as unknown.
pub(super) fn unknown_column(found: &Diagnostic) -> Option<String> {
    match found {
        Diagnostic::Check(CheckError::UnknownColumn { name, .. }) => Some(name.clone()),
        _ => None,
    }
}

/// Whether a formula by itself compiles without a finding.
pub(super) fn is_clean(formula: &str, analysis: Analysis<'_>) -> bool {
    let source = Source::new("formula", formula);
    let trial = Trial { source: &source, form: Form::Formulas(&[]), names: &[], missing: &[], analysis };
    let outcome = trial.outcome(formula, true);
    outcome.errors.is_empty() && outcome.warnings.is_empty()
}

fn file_of(source: &Source) -> (RuleFile, Vec<Diagnostic>) {
    let stem = std::path::Path::new(source.name()).file_stem();
    let stem = stem.map_or_else(|| "formula".to_owned(), |stem| stem.to_string_lossy().into_owned());
    parse_file(source, &stem)
}

fn formula_of(source: &Source) -> (RuleFile, Vec<Diagnostic>) {
    let (formula, findings) = parse_formula(source);
    let name = Spanned::new("formula".to_owned(), Span::default());
    let columns = vec![ColumnDefinition::unnamed(name, formula)];
    (RuleFile { columns, ..RuleFile::default() }, findings)
}
