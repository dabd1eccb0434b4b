//! The tree of one formula.

use crate::span::{Span, Spanned};
use std::cmp::Ordering;

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
