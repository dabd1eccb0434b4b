//! A rule file from its text to results: parse, check, evaluate.

use crate::analysis::{advised, allow::Allowances, analyze};
use crate::check::{Checked, Function, adopt, check, unused};
use crate::diagnostics::{Diagnostic, Diagnostics, Source, SourcePart};
use crate::eval::{Evaluation, Observer, Warning};
use crate::span::{Span, Spanned};
use crate::syntax::ast::{ColumnDefinition, RuleFile};
use crate::syntax::{on_deep_stack, parse_formula};
use crate::translate::Form;
use crate::types::Type;
use crate::value::{Clock, Record, Value};

use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;

mod beside;
mod context;
mod data_table;
mod decisions;
mod files;
mod formulas;
mod imports;
mod inline_data;
pub(crate) mod inputs;

pub use beside::Beside;
pub use context::{Compiled, Context, Findings, Typed};
pub(crate) use data_table::{DataTable, Mixed};
pub use files::{Files, NoFiles, normalized};
pub use formulas::{Excerpt, FormulaId, Formulas, Piece};

/// Bytes of stack that going down the deepest tree needs, with room to spare.
const WALK_STACK: usize = 256 << 20;
/// Bytes of stack that taking the deepest tree apart needs, with room to spare.
const DROP_STACK: usize = 64 << 20;

/// A checked rule file, ready for rows.
#[derive(Debug)]
pub struct Rules {
    checked: Checked,
    warnings: Diagnostics,
    /// The keys of a row that are read, each once.
    keys: Vec<String>,
    /// For each input, the index of its key; nothing for one that has a formula.
    key_of_input: Vec<Option<usize>>,
    /// Whether an input has a formula.
    computes_inputs: bool,
    /// Where its lookup data and its imports are read, for versions of it that are compiled later.
    files: Arc<dyn Files>,
}

impl Rules {
    /// Parses and checks the rule file `text`; `name` is shown in reports, and names a single formula without a name.
    ///
    /// Gives all that is wrong with the file in one go.
    pub fn compile(name: &str, text: &str) -> Result<Self, Diagnostics> {
        Self::compile_beside(name, text, Arc::new(NoFiles))
    }

    /// The same for a rule file that reads lookup data from `files`.
    pub fn compile_beside(name: &str, text: &str, files: Arc<dyn Files>) -> Result<Self, Diagnostics> {
        Self::compile_with(name, text, files, Self::checked)
    }

    /// The same without the analysis of values, which reports what is probably a mistake.
    pub fn compile_unanalyzed(name: &str, text: &str, files: Arc<dyn Files>) -> Result<Self, Diagnostics> {
        Self::compile_with(name, text, files, Self::unanalyzed)
    }

    /// Compiles another version of these rules, with other text in a range of the rule file or of the formula of a
    /// decision table, without the analysis of values.
    pub(crate) fn recompile(&self, range: Range<usize>, replacement: &str) -> Result<Self, Diagnostics> {
        let own = self.own_text();
        let mut text = own.text.to_owned();
        let is_own = range.end <= own.end();
        if is_own {
            text.replace_range(range.clone(), replacement);
        }
        let mut source = Source::new(own.name, &text);
        let mut findings = Vec::new();
        let file = imports::read_file(&mut source, 0, &stem_of(own.name), &*self.files, &mut findings);
        on_deep_stack(&text, || {
            let mut file = file;
            if !is_own {
                decisions::edit(&mut file, &mut source, &self.checked, range, replacement, &mut findings);
            }
            adopt(&mut file, &mut findings);
            let mut rules = Self::unanalyzed(&source, &file, findings)?;
            rules.files = Arc::clone(&self.files);
            Ok(rules)
        })
    }

    /// Where its imports and its lookup data are read.
    pub(crate) fn files(&self) -> &Arc<dyn Files> {
        &self.files
    }

    /// Rules without a column: the earlier version of a rule file that is new.
    pub fn none(name: &str) -> Result<Self, Diagnostics> {
        Self::unanalyzed(&Source::new(name, ""), &RuleFile::default(), Vec::new())
    }

    fn compile_with(
        name: &str,
        text: &str,
        files: Arc<dyn Files>,
        checked: impl FnOnce(&Source, &RuleFile, Vec<Diagnostic>) -> Result<Self, Diagnostics>,
    ) -> Result<Self, Diagnostics> {
        let mut source = Source::new(name, text);
        let mut findings = Vec::new();
        let file = imports::read_file(&mut source, 0, &stem_of(name), &*files, &mut findings);
        on_deep_stack(source.text(), || {
            let mut file = file;
            findings.extend(unused(&file, text).into_iter().map(Diagnostic::from));
            adopt(&mut file, &mut findings);
            let compiled = checked(&source, &file, findings);
            let mut rules = compiled.map_err(|found| advised(found, &[], Form::File))?;
            rules.files = files;
            Ok(rules)
        })
    }

    /// Parses the rule file again, with its data and its imports, which are not adopted yet.
    pub(crate) fn read_again(&self, findings: &mut Vec<Diagnostic>) -> (Source, RuleFile) {
        let own = self.own_text();
        let mut source = Source::new(own.name, own.text);
        let file = imports::read_file(&mut source, 0, &stem_of(own.name), &*self.files, findings);
        (source, file)
    }

    /// The same as a further text of a source.
    pub(crate) fn read_into(&self, source: &mut Source) -> RuleFile {
        let own = self.own_text();
        let start = source.append(own.name, own.text);
        imports::read_file(source, start, &stem_of(own.name), &*self.files, &mut Vec::new())
    }

    /// The text of the rule file itself, without its imports.
    pub(crate) fn own_text(&self) -> SourcePart<'_> {
        self.checked.source.part_at(0)
    }

    /// Parses and checks a single formula; its column is called `formula`.
    pub fn compile_formula(text: &str) -> Result<Self, Diagnostics> {
        Self::compile_formula_as("formula", text)
    }

    /// The same with a name of one's own for its column.
    pub(crate) fn compile_formula_as(name: &str, text: &str) -> Result<Self, Diagnostics> {
        let source = Source::new("formula", text);
        on_deep_stack(text, || {
            let (formula, findings) = parse_formula(&source);
            let name = Spanned::new(name.to_owned(), Span::default());
            let columns = vec![ColumnDefinition::unnamed(name, formula)];
            let place = 0..text.len();
            Self::checked(&source, &RuleFile { columns, ..RuleFile::default() }, findings)
                .map_err(|found| advised(found, &[], Form::Formulas(&[place])))
        })
    }

    fn checked(source: &Source, file: &RuleFile, findings: Vec<Diagnostic>) -> Result<Self, Diagnostics> {
        let mut rules = Self::unanalyzed(source, file, findings)?;
        rules.warnings = analyzed(source, file, &rules.checked, &rules.warnings)?;
        Ok(rules)
    }

    /// Checks a parsed file without the analysis of its values.
    pub(crate) fn unanalyzed(
        source: &Source,
        file: &RuleFile,
        findings: Vec<Diagnostic>,
    ) -> Result<Self, Diagnostics> {
        let (checked, warnings) = check(source, file, findings)?;
        let mut keys: Vec<String> = Vec::new();
        let mut by_name: HashMap<&str, usize> = HashMap::new();
        let key_of_input = checked.inputs.iter().map(|input| {
            let key = &input.path()?.key;
            Some(*by_name.entry(key).or_insert_with(|| {
                keys.push(key.clone());
                keys.len() - 1
            }))
        });
        let key_of_input: Vec<Option<usize>> = key_of_input.collect();
        let computes_inputs = key_of_input.contains(&None);
        Ok(Self { checked, warnings, keys, key_of_input, computes_inputs, files: Arc::new(NoFiles) })
    }

    /// What is worth a second look.
    #[must_use]
    pub fn warnings(&self) -> &Diagnostics {
        &self.warnings
    }

    /// The checked tree.
    #[must_use]
    pub fn tree(&self) -> &Checked {
        &self.checked
    }

    /// Whether a formula nests so deep that evaluating it takes a stack larger than a thread's usual one.
    #[must_use]
    pub fn is_deep(&self) -> bool {
        self.checked.depth > 64
    }

    /// Runs `work`, which goes down the tree, on a stack that is deep enough for it.
    pub(crate) fn on_own_stack<T>(&self, work: impl FnOnce() -> T) -> T {
        if self.is_deep() { stacker::maybe_grow(WALK_STACK / 2, WALK_STACK, work) } else { work() }
    }

    /// The keys of a row that the rules read, each once.
    #[must_use]
    pub fn keys(&self) -> &[String] {
        &self.keys
    }

    /// For the input of this index, the index of the key it is found under; nothing if a formula computes it.
    #[must_use]
    pub fn key_of_input(&self, input: usize) -> Option<usize> {
        self.key_of_input[input]
    }

    /// Whether each input is just the value of its key, so that nothing has to be looked up or converted.
    #[must_use]
    pub fn inputs_are_keys(&self) -> bool {
        if !self.checked.blanks.is_empty() {
            return false;
        }
        let is_key = |(index, key): (usize, &Option<usize>)| {
            let input = &self.checked.inputs[index];
            *key == Some(index) && input.own_key().is_some() && input.declared == Type::Any
        };
        self.keys.len() == self.key_of_input.len() && self.key_of_input.iter().enumerate().all(is_key)
    }

    /// The names of the computed columns that are written out, in the order of the file.
    pub fn output_names(&self) -> impl Iterator<Item = &str> {
        self.checked.outputs().map(|(_, column)| column.name.as_str())
    }

    /// The names of all computed columns, private ones included, in the order of the file.
    #[must_use]
    pub fn column_names(&self) -> impl ExactSizeIterator<Item = &str> {
        self.checked.columns.iter().map(|column| column.name.as_str())
    }

    /// Computes all columns for one row.
    #[must_use]
    pub fn eval<'v>(&'v self, row: &Record<'v>, clock: &'v Clock) -> Results<'v> {
        self.eval_observed(row, clock, &mut ())
    }

    /// Computes all columns for one row, telling `observer` what is decided and added.
    pub fn eval_observed<'v, O: Observer>(
        &'v self,
        row: &Record<'v>,
        clock: &'v Clock,
        observer: &mut O,
    ) -> Results<'v> {
        let keyed: Vec<Value<'v>> =
            self.keys.iter().map(|key| row.get(key).cloned().unwrap_or_default()).collect();
        self.eval_keyed(&keyed, clock, observer)
    }

    /// Computes all columns for the row that has these values under [`Self::keys`].
    pub fn eval_keyed<'v, O: Observer>(
        &'v self,
        keyed: &[Value<'v>],
        clock: &'v Clock,
        observer: &mut O,
    ) -> Results<'v> {
        let mut inputs = Vec::new();
        let mut evaluation = Evaluation::new(&self.checked, clock);
        self.inputs_observed(&mut evaluation, keyed, &mut inputs, observer);
        let values = evaluation.row(&inputs, observer).to_vec();
        let warnings = evaluation.warnings().to_vec();
        Results { rules: self, values, warnings }
    }
}

/// The name of a file without its ending, which a formula without a name gets.
fn stem_of(name: &str) -> String {
    let stem = std::path::Path::new(name).file_stem();
    stem.map_or_else(|| name.to_owned(), |stem| stem.to_string_lossy().into_owned())
}

/// Analyzes a checked file, and returns all warnings about it that no comment silences, or all that is wrong.
fn analyzed(
    source: &Source,
    file: &RuleFile,
    checked: &Checked,
    warnings: &Diagnostics,
) -> Result<Diagnostics, Diagnostics> {
    let (in_functions, mut findings): (Vec<Diagnostic>, Vec<Diagnostic>) =
        warnings.iter().cloned().partition(|finding| checked.is_in_function(finding.offset()));
    analyze(file, checked, &mut findings);
    // What is true of a function for all arguments is found in the function itself, not in its calls.
    findings.retain(|finding| !checked.is_in_function(finding.offset()));
    let is_own = |function: &&Function| file.import_at(function.span.start as usize).is_none();
    for function in checked.functions.iter().filter(is_own) {
        let mut found: Vec<Diagnostic> =
            in_functions.iter().filter(|finding| function.contains(finding.offset())).cloned().collect();
        analyze(&function.file, &function.checked, &mut found);
        findings.extend(found.into_iter().filter(|finding| function.contains(finding.offset())));
    }
    let allowances = Allowances::of(checked);
    let used = allowances.silence(&mut findings);
    findings.extend(allowances.without_effect(&used));
    findings.retain(|one| !one.is_warning() || file.import_at(one.offset()).is_none());
    let findings = Diagnostics::new(source.clone(), findings);
    if findings.has_errors() { Err(findings) } else { Ok(findings) }
}

/// The columns computed for one row.
#[derive(Debug)]
pub struct Results<'v> {
    rules: &'v Rules,
    values: Vec<Value<'v>>,
    warnings: Vec<Warning>,
}

impl<'v> Results<'v> {
    /// The value of the column of this name.
    #[must_use]
    pub fn get(&self, column: &str) -> Option<&Value<'v>> {
        let index = self.rules.column_names().position(|name| name == column)?;
        self.values.get(index)
    }

    /// The values, in the order of the file.
    #[must_use]
    pub fn values(&self) -> &[Value<'v>] {
        &self.values
    }

    /// The warnings that the formulas met.
    #[must_use]
    pub fn warnings(&self) -> &[Warning] {
        &self.warnings
    }

    /// Names and values, in the order of the file.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Value<'v>)> {
        self.rules.column_names().zip(&self.values)
    }
}

impl Drop for Rules {
    /// A deep tree is taken apart on a stack that is deep enough for it.
    fn drop(&mut self) {
        if self.checked.depth > 200 {
            let columns = std::mem::take(&mut self.checked.columns);
            let inputs = std::mem::take(&mut self.checked.inputs);
            stacker::maybe_grow(DROP_STACK / 2, DROP_STACK, || drop((columns, inputs)));
        }
    }
}
