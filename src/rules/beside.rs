//! Formulas of a command line beside a rule file: they can read its columns.

use super::Rules;
use super::context::{Context, Findings, involved};
use crate::analysis::advised;
use crate::check::adopt;
use crate::diagnostics::{Diagnostic, Diagnostics, Part, Source};
use crate::span::{Span, Spanned};
use crate::syntax::ast::{ColumnDefinition, RuleFile};
use crate::syntax::{on_deep_stack, parse_formula_from};
use crate::translate::Form;

/// Rules with formulas beside a rule file.
#[derive(Debug)]
pub struct Beside {
    /// The columns of the file, then one column for each formula.
    pub rules: Rules,
    /// The warnings about the formulas.
    pub findings: Findings,
}

impl Context {
    /// Compiles formulas beside the rule file, each a name and a text. Of the file's columns, only those that the
    /// formulas read are computed, unless `whole`.
    pub fn compile_beside(&self, formulas: &[(&str, &str)], whole: bool) -> Result<Beside, Findings> {
        let mut source = self.source.clone();
        let mut parts = self.parts.clone();
        let mut typed = RuleFile::default();
        let mut findings = Vec::new();
        for (name, formula) in formulas {
            let start = source.append("formula", formula);
            parts.push(Part::whole(Source::new(name, formula), start));
            let (formula, found) = on_deep_stack(formula, || parse_formula_from(&source, start));
            findings.extend(found);
            let name = Spanned::new(self.free_name(name), Span::new(start, start));
            typed.columns.push(ColumnDefinition::unnamed(name, formula));
        }
        on_deep_stack(source.text(), || self.compile_parts(&source, &parts, (typed, findings), whole))
    }

    fn compile_parts(
        &self,
        source: &Source,
        parts: &[Part],
        (typed, findings): (RuleFile, Vec<Diagnostic>),
        whole: bool,
    ) -> Result<Beside, Findings> {
        let merged = self.merged_with(&typed);
        let in_parts = |list| Findings { list, parts: parts.to_vec() };
        let computed = if whole { merged.clone() } else { needed(&merged, typed.columns.len()) };
        let checked = |mut file: RuleFile| {
            let mut findings = findings.clone();
            adopt(&mut file, &mut findings);
            Rules::checked(source, &file, findings)
        };
        // A suggestion may be a column that nothing reads.
        let rules = checked(computed).or_else(|_| checked(merged));
        let errors = |one: &&Diagnostic| !one.is_warning();
        let of_formula = |part: &Part| part.start..part.start + part.source.text().len();
        let places: Vec<_> = parts[self.parts.len()..].iter().map(of_formula).collect();
        let rules = rules.map_err(|found| advised(found, &[], Form::Formulas(&places)));
        let rules = rules.map_err(|found| in_parts(found.iter().filter(errors).cloned().collect()))?;
        let is_typed = |start: usize| start >= parts.get(self.parts.len()).map_or(0, |part| part.start);
        let of_formulas = |one: &&Diagnostic| one.range().is_some_and(|range| is_typed(range.start));
        let list = rules.warnings().iter().filter(of_formulas).cloned().collect();
        Ok(Beside { findings: in_parts(list), rules })
    }

    /// A name that no column of the file has.
    fn free_name(&self, name: &str) -> String {
        let mut free = name.to_owned();
        while self.column_names().any(|known| known == free) {
            free.push('\'');
        }
        free
    }
}

impl Rules {
    /// Compiles a formula that can call the functions of these rules; its column is called `formula`. It is analyzed no
    /// further.
    pub(crate) fn compile_call(&self, formula: &str) -> Result<Self, Diagnostics> {
        let mut source = self.checked.source.clone();
        let start = source.append("formula", formula);
        let functions = self.checked.functions.iter().flat_map(|function| &function.file.functions);
        on_deep_stack(source.text(), || {
            let (formula, findings) = parse_formula_from(&source, start);
            let name = Spanned::new("formula".to_owned(), Span::new(start, start));
            let columns = vec![ColumnDefinition::unnamed(name, formula)];
            let functions = functions.cloned().collect();
            let data = self.checked.data.clone();
            let file = RuleFile { columns, functions, data, ..RuleFile::default() };
            Self::unanalyzed(&source, &file, findings)
        })
    }
}

/// The last `formulas` columns of a file, and those that they read.
fn needed(file: &RuleFile, formulas: usize) -> RuleFile {
    let first = file.columns.len() - formulas;
    let needed = involved(file, &(first..file.columns.len()).collect::<Vec<_>>());
    let kept = file.columns.iter().enumerate().filter(|(index, _)| needed.contains(index));
    RuleFile { columns: kept.map(|(_, column)| column.clone()).collect(), ..file.clone() }
}
