//! The tree of a formula as its author wrote it.

use crate::span::{Span, Spanned};
use crate::types::Type;
use crate::value::{number_text, same_number};
use std::cmp::Ordering;
use std::fmt;

/// A whole rule file.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct RuleFile {
    /// `input NAME: TYPE = FORMULA`, in the order of the text.
    pub inputs: Vec<InputDeclaration>,
    /// `NAME := FORMULA`, in the order of the text.
    pub columns: Vec<ColumnDefinition>,
    /// The texts of all `blank "N/A", "-"` lines, which inputs read as Blank.
    pub blanks: Vec<Spanned<String>>,
    /// `# now: 2026-01-31T12:00:00Z`: the moment of its tests and examples.
    pub now: Option<Spanned<String>>,
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

impl fmt::Display for InputPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&super::bare_or_braced(&self.key))?;
        self.steps.iter().try_for_each(|step| match step {
            PathStep::Field(name) if name.contains(' ') => write!(f, ".{{{{{name}}}}}"),
            PathStep::Field(name) => write!(f, ".{}", super::bare_or_braced(name)),
            PathStep::Index(index) => write!(f, "[{index}]"),
        })
    }
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
