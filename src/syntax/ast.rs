//! The tree of a rule file as its author wrote it.

mod decision;
mod expr;

pub use decision::{
    ConditionColumn, DecisionDeclaration, DecisionRow, DecisionTable, Literal, LiteralValue, Policy, Test,
    TestItem,
};
pub use expr::{
    Accessor, Binding, CompareOp, Expr, ExprKind, Factor, FunctionName, RecordItem, Sign, Spelling,
};

use crate::data::Dataset;
use crate::span::{Span, Spanned};
use crate::types::Type;
use crate::value::{number_text, same_number};
use std::fmt;
use std::path::Path;
use std::sync::Arc;

/// A whole rule file.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct RuleFile {
    /// `input NAME: TYPE = FORMULA`, in the order of the text.
    pub inputs: Vec<InputDeclaration>,
    /// `NAME := FORMULA` and `let NAME := FORMULA`, in the order of the text.
    pub columns: Vec<ColumnDefinition>,
    /// `NAME(parameter: TYPE, …) := FORMULA`, in the order of the text.
    pub functions: Vec<FunctionDefinition>,
    /// `data NAME = "FILE" key COLUMN`, in the order of the text.
    pub data: Vec<DataDeclaration>,
    /// `decision NAME = "FILE"`, in the order of the text.
    pub decisions: Vec<DecisionDeclaration>,
    /// The texts of all `blank "N/A", "-"` lines, which inputs read as Blank.
    pub blanks: Vec<Spanned<String>>,
    /// `use "FILE"`, in the order of the text.
    pub uses: Vec<UseDeclaration>,
    /// The imported files, each once, in the order of their texts in the source.
    pub imports: Vec<Import>,
    /// `# now: 2026-01-31T12:00:00Z`: the moment of its tests and examples.
    pub now: Option<Spanned<String>>,
}

impl RuleFile {
    /// The columns that formulas can read, by name, each with its index.
    pub fn readable_columns(&self) -> impl Iterator<Item = (&str, usize)> {
        let columns = self.columns.iter().enumerate().filter(|(_, column)| column.is_readable);
        columns.map(|(index, column)| (column.name.value.as_str(), index))
    }

    /// The imported file whose text has this offset.
    #[must_use]
    pub fn import_at(&self, offset: usize) -> Option<&Import> {
        let after = self.imports.partition_point(|import| import.text.start as usize <= offset);
        self.imports[..after].last().filter(|import| import.text.contains(offset))
    }

    /// Whether the file that has this offset declares inputs, so that any other name there is a mistake.
    #[must_use]
    pub fn declares_inputs_at(&self, offset: usize) -> bool {
        match self.import_at(offset) {
            Some(import) => !import.file.inputs.is_empty(),
            None => self.inputs.iter().any(|input| self.import_at(input.name.span.start as usize).is_none()),
        }
    }
}

/// `use "shared.clay"`
///
/// Two declarations are equal when they name the same path, wherever they are.
#[derive(Clone, Debug)]
pub struct UseDeclaration {
    /// The file, relative to the one that contains the line.
    pub file: Spanned<String>,
    /// The whole declaration.
    pub span: Span,
    /// What identifies the file, once it is read.
    pub id: Option<String>,
}

impl PartialEq for UseDeclaration {
    fn eq(&self, other: &Self) -> bool {
        self.file == other.file
    }
}

/// `use "shared.clay"`
impl fmt::Display for UseDeclaration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "use {}", super::print_text(&self.file.value))
    }
}

/// A file that a rule file imports, directly or through other imported files.
#[derive(Clone, Debug, PartialEq)]
pub struct Import {
    /// What identifies the file, however its path is written.
    pub id: String,
    /// Its path from the folder of the rule file, for messages.
    pub name: String,
    /// Where its text is in the source.
    pub text: Span,
    /// What it declares and defines.
    pub file: RuleFile,
}

/// `input Last Activity: Date "MM/DD/YYYY" = last_activity`
#[derive(Clone, Debug, PartialEq)]
pub struct InputDeclaration {
    /// What formulas call it.
    pub name: Spanned<String>,
    /// What its values are.
    pub ty: Spanned<Type>,
    /// How the row spells its dates, where that is declared.
    pub format: Option<Spanned<String>>,
    /// What its values come from; the key of its own name if not declared.
    pub source: Option<InputSource>,
}

/// What the values of an input come from.
#[derive(Clone, Debug, PartialEq)]
pub enum InputSource {
    /// `company.offices[0].city`
    Path(InputPath),
    /// `PARSENUMBER(annual_revenue)`, a formula whose names are keys of the row
    Formula(Expr),
}

/// `company.offices[0].city`: a key of the row, then steps into its value.
#[derive(Clone, Debug, PartialEq)]
pub struct InputPath {
    /// The key of the row.
    pub key: String,
    /// The steps from there.
    pub steps: Vec<PathStep>,
}

/// One step of an [`InputPath`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PathStep {
    /// `.city`
    Field(String),
    /// `[0]`
    Index(usize),
}

/// `ICP Score (0-100) := …`
#[derive(Clone, Debug, PartialEq)]
pub struct ColumnDefinition {
    /// The column's name; its span is that of the whole file's first formula where the name comes from the file.
    pub name: Spanned<String>,
    /// The range that its results keep to.
    pub contract: Option<Spanned<Contract>>,
    /// The formula, or nothing where it did not parse.
    pub formula: Option<Expr>,
    /// Whether formulas can read it: one without a written name only has a name for messages and results.
    pub is_readable: bool,
    /// Whether it is computed for other formulas and not written out: `let NAME := FORMULA`.
    pub is_private: bool,
}

impl ColumnDefinition {
    /// A column that is written out and has no range.
    #[must_use]
    pub fn public(name: Spanned<String>, formula: Option<Expr>) -> Self {
        Self { name, contract: None, formula, is_readable: true, is_private: false }
    }

    /// The same without a name that formulas could read.
    #[must_use]
    pub fn unnamed(name: Spanned<String>, formula: Option<Expr>) -> Self {
        Self { is_readable: false, ..Self::public(name, formula) }
    }
}

/// `data Accounts = "accounts.csv" key domain range seats (points: Number)`, `data Points = {"Software": 30}`
///
/// Two declarations are equal when they say the same, wherever they are.
#[derive(Clone, Debug)]
pub struct DataDeclaration {
    /// What formulas call it.
    pub name: Spanned<String>,
    /// Where its rows are written.
    pub source: Spanned<DataSource>,
    /// The folder of an imported rule file, relative to that of the rule file that imports it. Otherwise empty.
    pub folder: String,
    /// The columns that a lookup gives values for.
    pub keys: Vec<Spanned<String>>,
    /// The column of thresholds.
    pub range: Option<Spanned<String>>,
    /// Columns with a declared type.
    pub columns: Vec<DataColumn>,
    /// The whole declaration.
    pub span: Span,
    /// The rows, once the file is read.
    pub loaded: Option<Arc<Dataset>>,
}

impl PartialEq for DataDeclaration {
    fn eq(&self, other: &Self) -> bool {
        (&self.name, &self.source, &self.keys, &self.range, &self.columns)
            == (&other.name, &other.source, &other.keys, &other.range, &other.columns)
    }
}

/// Where the rows of lookup data are written.
#[derive(Clone, Debug, PartialEq)]
pub enum DataSource {
    /// `"accounts.csv"`, relative to the rule file
    File(String),
    /// `{"Software": 30}`, `["a.com", "b.com"]`
    Inline(Expr),
}

impl DataDeclaration {
    /// The path of the file with its rows, relative to the rule file that is run.
    #[must_use]
    pub fn path(&self) -> Option<String> {
        let path = Path::new(&self.folder).join(self.file()?);
        Some(path.to_string_lossy().into_owned())
    }

    /// The file with its rows, relative to the rule file that declares it.
    #[must_use]
    pub fn file(&self) -> Option<&str> {
        match &self.source.value {
            DataSource::File(file) => Some(file),
            DataSource::Inline(_) => None,
        }
    }

    /// The rows, if the rule file contains them.
    #[must_use]
    pub fn inline(&self) -> Option<&Expr> {
        match &self.source.value {
            DataSource::File(_) => None,
            DataSource::Inline(values) => Some(values),
        }
    }

    /// What messages call the data: its file, or its name if the rule file contains the rows.
    #[must_use]
    pub fn label(&self) -> String {
        self.path().unwrap_or_else(|| self.name.value.clone())
    }

    /// The same in a sentence: `` `Points` ``.
    pub(crate) fn quoted(&self) -> String {
        self.path().unwrap_or_else(|| format!("`{}`", self.name.value))
    }

    /// What follows the source: ` key domain (points: Number)`.
    #[must_use]
    pub(crate) fn options(&self) -> String {
        let name = |name: &Spanned<String>| super::bare_or_braced(&name.value);
        let mut options = String::new();
        if !self.keys.is_empty() {
            let keys: Vec<String> = self.keys.iter().map(name).collect();
            options += &format!(" key {}", keys.join(", "));
        }
        if let Some(range) = &self.range {
            options += &format!(" range {}", name(range));
        }
        if !self.columns.is_empty() {
            let typed = |column: &DataColumn| format!("{}: {}", name(&column.name), column.ty.value);
            let columns: Vec<String> = self.columns.iter().map(typed).collect();
            options += &format!(" ({})", columns.join(", "));
        }
        options
    }
}

/// `points: Number`
#[derive(Clone, Debug, PartialEq)]
pub struct DataColumn {
    /// The name of the column.
    pub name: Spanned<String>,
    /// What its values are.
    pub ty: Spanned<Type>,
}

/// `data Accounts = "accounts.csv" key domain (points: Number)`
impl fmt::Display for DataDeclaration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let source = match &self.source.value {
            DataSource::File(file) => super::print_text(file),
            DataSource::Inline(values) => super::print(values),
        };
        write!(f, "data {} = {source}{}", super::bare_or_braced(&self.name.value), self.options())
    }
}

/// `DECAYED(points: Number, since: Date) := …`
///
/// Two definitions are equal when they say the same, wherever they are.
#[derive(Clone, Debug)]
pub struct FunctionDefinition {
    /// Its name as it is written; calls may use any letter case.
    pub name: Spanned<String>,
    /// Its parameters, in order.
    pub params: Vec<Parameter>,
    /// Its formula, or nothing where that did not parse.
    pub body: Option<Expr>,
    /// From its name to the end of its formula.
    pub span: Span,
}

impl PartialEq for FunctionDefinition {
    fn eq(&self, other: &Self) -> bool {
        (&self.name, &self.params, &self.body) == (&other.name, &other.params, &other.body)
    }
}

impl FunctionDefinition {
    /// How it is called: `DECAYED(points: Number, step: Number = 5)`.
    #[must_use]
    pub fn signature(&self) -> String {
        let params: Vec<String> = self.params.iter().map(Parameter::to_string).collect();
        format!("{}({})", self.name.value, params.join(", "))
    }
}

/// `step: Number = 5`
#[derive(Clone, Debug, PartialEq)]
pub struct Parameter {
    /// What the formula of the function calls it.
    pub name: Spanned<String>,
    /// The type of its arguments, if one is declared.
    pub ty: Option<Spanned<Type>>,
    /// The value of an argument that a call leaves out.
    pub default: Option<Expr>,
}

/// `step: Number = 5`
impl fmt::Display for Parameter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&super::bare_or_braced(&self.name.value))?;
        if let Some(ty) = &self.ty {
            write!(f, ": {}", ty.value)?;
        }
        self.default.as_ref().map_or(Ok(()), |default| write!(f, " = {}", super::print(default)))
    }
}

/// `(0-100)`: the lowest and highest result, both included.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Contract {
    /// The lowest result.
    pub low: f64,
    /// The highest result.
    pub high: f64,
}

impl Contract {
    /// Whether a number is within the range; numbers are compared at 15 significant digits, as formulas compare them.
    #[must_use]
    pub fn contains(self, number: f64) -> bool {
        (self.low <= number || same_number(self.low, number))
            && (number <= self.high || same_number(number, self.high))
    }
}

/// `(0-100)`
impl fmt::Display for Contract {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "({}-{})", number_text(self.low), number_text(self.high))
    }
}
