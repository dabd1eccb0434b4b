//! A rule file from its text to results: parse, check, evaluate.

use crate::analysis::{allow::Allowances, analyze};
use crate::check::{Checked, Input, check};
use crate::diagnostics::{Diagnostics, Source};
use crate::eval::{Evaluation, Observer, Warning};
use crate::span::{Span, Spanned};
use crate::syntax::ast::{ColumnDefinition, PathStep, RuleFile};
use crate::syntax::{on_deep_stack, parse_file, parse_formula};
use crate::translate::advised;
use crate::types::Type;
use crate::value::{
    Clock, ErrorValue, Record, Value, read_json, to_boolean, to_date, to_exact_number, to_text,
};

use std::collections::HashMap;

mod beside;
mod context;
mod formulas;

pub use beside::Beside;
pub use context::{Compiled, Context, Findings, Typed};
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
    /// For each input, the index of its key.
    key_of_input: Vec<usize>,
}

impl Rules {
    /// Parses and checks the rule file `text`; `name` is shown in reports, and names a single formula without a name.
    ///
    /// Gives all that is wrong with the file in one go.
    pub fn compile(name: &str, text: &str) -> Result<Self, Diagnostics> {
        Self::compile_with(name, text, Self::checked)
    }

    /// The same without the analysis of values: for versions that a program made of a rule file.
    pub(crate) fn compile_unanalyzed(name: &str, text: &str) -> Result<Self, Diagnostics> {
        Self::compile_with(name, text, Self::unanalyzed)
    }

    /// Rules without a column: the earlier version of a rule file that is new.
    pub fn none(name: &str) -> Result<Self, Diagnostics> {
        Self::unanalyzed(&Source::new(name, ""), &RuleFile::default(), Vec::new())
    }

    fn compile_with(
        name: &str,
        text: &str,
        checked: impl FnOnce(&Source, &RuleFile, Vec<crate::diagnostics::Diagnostic>) -> Result<Self, Diagnostics>,
    ) -> Result<Self, Diagnostics> {
        let stem = std::path::Path::new(name).file_stem().map_or(name.into(), |stem| stem.to_string_lossy());
        let source = Source::new(name, text);
        on_deep_stack(text, || {
            let (file, findings) = parse_file(&source, &stem);
            checked(&source, &file, findings)
        })
    }

    /// Parses and checks a single formula; its column is called `formula`.
    pub fn compile_formula(text: &str) -> Result<Self, Diagnostics> {
        let source = Source::new("formula", text);
        on_deep_stack(text, || {
            let (formula, findings) = parse_formula(&source);
            let name = Spanned::new("formula".to_owned(), Span::default());
            let columns = vec![ColumnDefinition { name, contract: None, formula }];
            Self::checked(&source, &RuleFile { inputs: Vec::new(), columns }, findings)
        })
    }

    fn checked(
        source: &Source,
        file: &RuleFile,
        findings: Vec<crate::diagnostics::Diagnostic>,
    ) -> Result<Self, Diagnostics> {
        let mut rules = Self::unanalyzed(source, file, findings)?;
        rules.warnings = analyzed(source, file, &rules.checked, &rules.warnings)?;
        Ok(rules)
    }

    /// Checks a parsed file without the analysis of its values.
    pub(crate) fn unanalyzed(
        source: &Source,
        file: &RuleFile,
        findings: Vec<crate::diagnostics::Diagnostic>,
    ) -> Result<Self, Diagnostics> {
        let (checked, warnings) = check(source, file, findings).map_err(|found| advised(found, &[]))?;
        let mut keys: Vec<String> = Vec::new();
        let mut by_name: HashMap<&str, usize> = HashMap::new();
        let key_of_input = checked.inputs.iter().map(|input| {
            *by_name.entry(&input.path.key).or_insert_with(|| {
                keys.push(input.path.key.clone());
                keys.len() - 1
            })
        });
        let key_of_input = key_of_input.collect();
        Ok(Self { checked, warnings, keys, key_of_input })
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

    /// For the input of this index, the index of the key it is found under.
    #[must_use]
    pub fn key_of_input(&self, input: usize) -> usize {
        self.key_of_input[input]
    }

    /// Whether each input is just the value of its key, so that nothing has to be looked up or converted.
    #[must_use]
    pub fn inputs_are_keys(&self) -> bool {
        let is_key = |(index, key): (usize, &usize)| {
            let input = &self.checked.inputs[index];
            *key == index && input.path.steps.is_empty() && input.declared == Type::Any
        };
        self.keys.len() == self.key_of_input.len() && self.key_of_input.iter().enumerate().all(is_key)
    }

    /// The names of the computed columns, in the order of the file.
    #[must_use]
    pub fn column_names(&self) -> impl ExactSizeIterator<Item = &str> {
        self.checked.columns.iter().map(|column| column.name.as_str())
    }

    /// The values of all inputs, from those of [`Self::keys`] in a row: paths are followed, and a value is read as
    /// the type that its input is declared with, where it can be.
    pub fn inputs<'v>(&self, keyed: &[Value<'v>], clock: &Clock, inputs: &mut Vec<Value<'v>>) {
        inputs.clear();
        for (input, key) in self.checked.inputs.iter().zip(&self.key_of_input) {
            let value = keyed.get(*key).unwrap_or(&Value::Blank);
            let value =
                if input.path.steps.is_empty() { value.clone() } else { reach(value, &input.path.steps) };
            inputs.push(match input.declared {
                Type::Any => value,
                Type::List | Type::Record => nested(value, input),
                declared => read_as(value, declared, clock),
            });
        }
    }

    /// For each input, whether the row has what its path leads to, given the values of [`Self::keys`]. An input without
    /// steps is always reached: its key is looked up elsewhere.
    pub(crate) fn reached(&self, keyed: &[Value<'_>]) -> impl Iterator<Item = bool> {
        self.checked.inputs.iter().zip(&self.key_of_input).map(|(input, key)| {
            let mut value = keyed.get(*key).unwrap_or(&Value::Blank);
            input.path.steps.iter().all(|step| {
                let inner = match (step, value) {
                    (PathStep::Field(name), Value::Record(record)) => record.get(name),
                    (PathStep::Index(index), Value::List(items)) => items.get(*index),
                    _ => None,
                };
                inner.map(|inner| value = inner).is_some()
            })
        })
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
        self.inputs(keyed, clock, &mut inputs);
        let mut evaluation = Evaluation::new(&self.checked, clock);
        let values = evaluation.row(&inputs, observer).to_vec();
        let warnings = evaluation.warnings().to_vec();
        Results { rules: self, values, warnings }
    }
}

/// Analyzes a checked file, and returns all warnings about it that no comment silences, or all that is wrong.
fn analyzed(
    source: &Source,
    file: &RuleFile,
    checked: &Checked,
    warnings: &Diagnostics,
) -> Result<Diagnostics, Diagnostics> {
    let mut findings = warnings.iter().cloned().collect();
    analyze(file, checked, &mut findings);
    let allowances = Allowances::of(checked);
    let used = allowances.silence(&mut findings);
    findings.extend(allowances.without_effect(&used));
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

/// Follows a declared path; what isn't there is Blank.
pub(crate) fn reach<'v>(value: &Value<'v>, steps: &[PathStep]) -> Value<'v> {
    let mut value = value.clone();
    for step in steps {
        value = match (step, &value) {
            (PathStep::Field(name), Value::Record(record)) => record.get(name).cloned().unwrap_or_default(),
            (PathStep::Index(index), Value::List(items)) => items.get(*index).cloned().unwrap_or_default(),
            (_, Value::Error(_)) => value,
            _ => Value::Blank,
        };
    }
    value
}

/// The value as its declared type, or as it is where it does not read as one; Blank stays Blank.
pub(crate) fn read_as<'v>(value: Value<'v>, ty: Type, clock: &Clock) -> Value<'v> {
    if crate::value::is_empty(&value) {
        return value;
    }
    let read = match ty {
        Type::Number => to_exact_number(&value).ok(),
        Type::Boolean => to_boolean(&value).ok().map(Value::Boolean),
        Type::Text => to_text(&value).ok().map(Value::Text),
        Type::Date => to_date(&value, clock).ok().map(Value::Date),
        Type::Any | Type::Blank | Type::List | Type::Record => None,
    };
    read.unwrap_or(value)
}

/// The list or record that an input is declared as: the value itself, or what its text spells in JSON. Any other value
/// is an error, since functions of lists would take it as one item.
fn nested<'v>(value: Value<'v>, input: &Input) -> Value<'v> {
    let ty = input.declared;
    if crate::value::is_empty(&value) || value.ty() == ty || value.as_error().is_some() {
        return value;
    }
    if let Value::Text(text) = &value
        && let Some(spelled) = read_json(text.as_str()).ok().filter(|spelled| spelled.ty() == ty)
    {
        return spelled.into_owned();
    }
    let origin = format!("column `{}`", input.name);
    let kind = if ty == Type::List { "list" } else { "record" };
    let help = format!("`input {}: {}` takes a {kind}, or text that is one in JSON", input.name, ty.name());
    ErrorValue::value(format!("{} is not a {kind}: {help}", ErrorValue::shown(&value, Some(&origin)))).into()
}

impl Drop for Rules {
    /// A deep tree is taken apart on a stack that is deep enough for it.
    fn drop(&mut self) {
        if self.checked.depth > 200 {
            let columns = std::mem::take(&mut self.checked.columns);
            stacker::maybe_grow(DROP_STACK / 2, DROP_STACK, || drop(columns));
        }
    }
}
