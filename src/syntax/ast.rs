//! The tree of a formula as its author wrote it.

use crate::data::Dataset;
use crate::span::{Span, Spanned};
use crate::types::Type;
use crate::value::{number_text, same_number};
use std::cmp::Ordering;
use std::fmt;
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
    /// The texts of all `blank "N/A", "-"` lines, which inputs read as Blank.
    pub blanks: Vec<Spanned<String>>,
    /// `# now: 2026-01-31T12:00:00Z`: the moment of its tests and examples.
    pub now: Option<Spanned<String>>,
}

impl RuleFile {
    /// The columns that formulas can read, by name, each with its index.
    pub fn readable_columns(&self) -> impl Iterator<Item = (&str, usize)> {
        let columns = self.columns.iter().enumerate().filter(|(_, column)| column.is_readable);
        columns.map(|(index, column)| (column.name.value.as_str(), index))
    }
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

/// `data Accounts = "accounts.csv" key domain range seats (points: Number)`
///
/// Two declarations are equal when they say the same, wherever they are.
#[derive(Clone, Debug)]
pub struct DataDeclaration {
    /// What formulas call it.
    pub name: Spanned<String>,
    /// The file, relative to the rule file.
    pub file: Spanned<String>,
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
        (&self.name, &self.file, &self.keys, &self.range, &self.columns)
            == (&other.name, &other.file, &other.keys, &other.range, &other.columns)
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
        let name = |name: &Spanned<String>| super::bare_or_braced(&name.value);
        let names = |list: &[Spanned<String>]| list.iter().map(name).collect::<Vec<_>>().join(", ");
        write!(f, "data {} = {}", name(&self.name), super::print_text(&self.file.value))?;
        if !self.keys.is_empty() {
            write!(f, " key {}", names(&self.keys))?;
        }
        if let Some(range) = &self.range {
            write!(f, " range {}", name(range))?;
        }
        if self.columns.is_empty() {
            return Ok(());
        }
        let typed = |column: &DataColumn| format!("{}: {}", name(&column.name), column.ty.value);
        write!(f, " ({})", self.columns.iter().map(typed).collect::<Vec<_>>().join(", "))
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

/// An expression and where it stands.
///
/// Two expressions are equal when they say the same, wherever they stand.
#[derive(Clone, Debug)]
pub struct Expr {
    /// What it is.
    pub kind: ExprKind,
    /// Where it stands, without parentheses around it.
    pub span: Span,
}

impl PartialEq for Expr {
    fn eq(&self, other: &Self) -> bool {
        self.kind == other.kind
    }
}

/// The kinds of expression.
#[derive(Clone, Debug, PartialEq)]
pub enum ExprKind {
    /// `1.5`
    Number(f64),
    /// `"Software"`
    Text(String),
    /// `TRUE`
    Boolean(bool),
    /// `Employee Count`
    Name(String),
    /// `["VP", "Director"]`
    List(Vec<Expr>),
    /// `{tier: "A", ...Company}`
    Record(Vec<RecordItem>),
    /// `-size`
    Sign {
        /// Which sign.
        op: Sign,
        /// What it stands before.
        operand: Box<Expr>,
    },
    /// `15%`
    Percent(Box<Expr>),
    /// `NOT a`, `NOT(a)`
    Not {
        /// What is negated.
        operand: Box<Expr>,
        /// Which way it was written.
        spelling: Spelling,
    },
    /// `a AND b AND c`, `AND(a, b, c)`
    And {
        /// At least one.
        operands: Vec<Expr>,
        /// Which way it was written.
        spelling: Spelling,
    },
    /// `a OR b OR c`, `OR(a, b, c)`
    Or {
        /// At least one.
        operands: Vec<Expr>,
        /// Which way it was written.
        spelling: Spelling,
    },
    /// `lhs >= rhs`
    Compare {
        /// How they are compared.
        op: Spanned<CompareOp>,
        /// The left side.
        lhs: Box<Expr>,
        /// The right side.
        rhs: Box<Expr>,
    },
    /// `needle IN ["a", "b"]`, `needle NOT IN Tags`
    In {
        /// What is looked for.
        needle: Box<Expr>,
        /// Where.
        list: Box<Expr>,
        /// Whether it is `NOT IN`.
        negated: bool,
    },
    /// `a & b & c`
    Join(Vec<Expr>),
    /// `a + b - c`; the first sign is always `+`
    Sum(Vec<(Sign, Expr)>),
    /// `a * b / c`; the first operator is always `*`
    Product(Vec<(Factor, Expr)>),
    /// `a ^ b ^ c`, left to right
    Power(Vec<Expr>),
    /// `CONTAINS(Job Title, "VP")`
    Call {
        /// Its name.
        function: Spanned<FunctionName>,
        /// The arguments.
        args: Vec<Expr>,
    },
    /// `LET(size, 30, size + 1)`
    Let {
        /// The names and their values, in order.
        bindings: Vec<Binding>,
        /// The result.
        body: Box<Expr>,
    },
    /// `company.offices[0]`
    Access {
        /// What is reached into.
        base: Box<Expr>,
        /// The steps.
        path: Vec<Accessor>,
    },
}

impl Expr {
    /// The expressions directly below, in the order of the text.
    #[must_use]
    pub fn children(&self) -> Vec<&Self> {
        match &self.kind {
            ExprKind::Number(_) | ExprKind::Text(_) | ExprKind::Boolean(_) | ExprKind::Name(_) => Vec::new(),
            ExprKind::List(items) | ExprKind::Join(items) | ExprKind::Power(items) => items.iter().collect(),
            ExprKind::Record(items) => items.iter().map(RecordItem::value).collect(),
            ExprKind::And { operands, .. } | ExprKind::Or { operands, .. } => operands.iter().collect(),
            ExprKind::Sign { operand, .. } | ExprKind::Percent(operand) | ExprKind::Not { operand, .. } => {
                vec![operand]
            }
            ExprKind::Compare { lhs, rhs, .. } | ExprKind::In { needle: lhs, list: rhs, .. } => {
                vec![lhs, rhs]
            }
            ExprKind::Sum(terms) => terms.iter().map(|(_, term)| term).collect(),
            ExprKind::Product(factors) => factors.iter().map(|(_, factor)| factor).collect(),
            ExprKind::Call { args, .. } => args.iter().collect(),
            ExprKind::Let { bindings, body } => {
                bindings.iter().map(|binding| &binding.value).chain([&**body]).collect()
            }
            ExprKind::Access { base, path } => {
                let indexes = path.iter().filter_map(|step| match step {
                    Accessor::Index(index) => Some(index),
                    Accessor::Field(_) => None,
                });
                std::iter::once(&**base).chain(indexes).collect()
            }
        }
    }
}

/// One name of a `LET` and its value.
#[derive(Clone, Debug, PartialEq)]
pub struct Binding {
    /// The name.
    pub name: Spanned<String>,
    /// Its value.
    pub value: Expr,
}

/// One item of a record that is written out.
#[derive(Clone, Debug, PartialEq)]
pub enum RecordItem {
    /// `tier: "A"`, `"Deal size": 5`
    Member {
        /// The name.
        name: Spanned<String>,
        /// Its value.
        value: Expr,
    },
    /// `...Company`: all members of another record.
    Spread(Expr),
}

impl RecordItem {
    /// The value of a member, or the record that is spread.
    #[must_use]
    pub fn value(&self) -> &Expr {
        match self {
            Self::Member { value, .. } | Self::Spread(value) => value,
        }
    }

    /// The same, to be changed.
    pub fn value_mut(&mut self) -> &mut Expr {
        match self {
            Self::Member { value, .. } | Self::Spread(value) => value,
        }
    }
}

/// One step into a record or list.
#[derive(Clone, Debug, PartialEq)]
pub enum Accessor {
    /// `.city`, `?.city`, `.{{any name}}`
    Field(Spanned<String>),
    /// `[0]`
    Index(Expr),
}

/// The name of a function as written. Two are equal when they differ only in letter case.
#[derive(Clone, Debug)]
pub struct FunctionName(pub String);

impl PartialEq for FunctionName {
    fn eq(&self, other: &Self) -> bool {
        self.0.eq_ignore_ascii_case(&other.0)
    }
}

impl std::ops::Deref for FunctionName {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

/// Whether an operator was written between its operands or as a function.
///
/// Both are one node of the tree, so all spellings are equal.
#[derive(Clone, Copy, Debug)]
pub enum Spelling {
    /// `a AND b`
    Infix,
    /// `AND(a, b)`
    Call,
}

impl PartialEq for Spelling {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

/// `+` or `-`
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sign {
    /// `+`
    Plus,
    /// `-`
    Minus,
}

/// `*` or `/`
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Factor {
    /// `*`
    Times,
    /// `/`
    Divide,
}

/// The comparisons.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CompareOp {
    /// `=`, `==`
    Equal,
    /// `<>`, `!=`
    NotEqual,
    /// `<`
    Less,
    /// `<=`
    LessOrEqual,
    /// `>`
    Greater,
    /// `>=`
    GreaterOrEqual,
}

impl CompareOp {
    /// The canonical spelling.
    #[must_use]
    pub fn symbol(self) -> &'static str {
        match self {
            Self::Equal => "=",
            Self::NotEqual => "<>",
            Self::Less => "<",
            Self::LessOrEqual => "<=",
            Self::Greater => ">",
            Self::GreaterOrEqual => ">=",
        }
    }

    /// Whether it asks for an order, not just for sameness.
    #[must_use]
    pub fn is_ordering(self) -> bool {
        !matches!(self, Self::Equal | Self::NotEqual)
    }

    /// Whether it is true of two values in this order.
    #[must_use]
    pub fn is_true_of(self, ordering: Ordering) -> bool {
        match self {
            Self::Equal => ordering.is_eq(),
            Self::NotEqual => ordering.is_ne(),
            Self::Less => ordering.is_lt(),
            Self::LessOrEqual => ordering.is_le(),
            Self::Greater => ordering.is_gt(),
            Self::GreaterOrEqual => ordering.is_ge(),
        }
    }

    /// The operator for the same comparison with its sides exchanged.
    #[must_use]
    pub fn mirrored(self) -> Self {
        match self {
            Self::Less => Self::Greater,
            Self::LessOrEqual => Self::GreaterOrEqual,
            Self::Greater => Self::Less,
            Self::GreaterOrEqual => Self::LessOrEqual,
            Self::Equal | Self::NotEqual => self,
        }
    }
}
