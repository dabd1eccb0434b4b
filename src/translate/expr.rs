//! Expressions of other languages, and how a formula writes them.

use crate::syntax::print_text;

/// An expression as another language means it. Calls can still have names that formulas don't know.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Expr {
    /// A name or number, as a formula writes it.
    Atom(String),
    /// A text, without its quotes.
    Text(String),
    /// `/vp/i`
    Pattern {
        body: String,
        flags: String,
    },
    /// `null`, `None`, `undefined`
    Null,
    /// `LEN(x)`, `Math.max(a, b)`
    Call(String, Vec<Expr>),
    /// `x.includes("vp")`
    Method(Box<Expr>, String, Vec<Expr>),
    /// `x.length`
    Field(Box<Expr>, String),
    /// `x[0]`
    Index(Box<Expr>, Box<Expr>),
    Not(Box<Expr>),
    Negate(Box<Expr>),
    /// `5%`
    Percent(Box<Expr>),
    Binary(Op, Box<Expr>, Box<Expr>),
    /// `x IN [a, b]`
    In {
        value: Box<Expr>,
        list: Vec<Expr>,
        negated: bool,
    },
    List(Vec<Expr>),
    /// `{a: 1, b, ...c}`: names with values, and other records without a name.
    Record(Vec<(Option<String>, Expr)>),
    /// `x => x + 1`
    Lambda(Vec<String>, Box<Expr>),
    /// `30 days`
    Span {
        number: Box<Expr>,
        unit: String,
    },
    /// `LET(name, value, …, result)`
    Let(Vec<(String, Expr)>, Box<Expr>),
}

/// The name of the call that stands for `...Tags`, the items of a list in their place.
pub(super) const SPREAD: &str = "...";

/// An operator between two expressions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Op {
    Or,
    And,
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    /// `??`: the left side, or the right one where it is empty.
    Default,
    /// `||` of other languages: OR, a default, or joined text.
    Bars,
    Join,
    Plus,
    Minus,
    Times,
    Over,
    /// `a // b`
    WholeOver,
    /// `a % b`
    Remainder,
    Power,
}

impl Op {
    /// The operator that a sign is in any of the languages.
    pub(super) fn of_sign(sign: &str) -> Option<Self> {
        Some(match sign {
            "||" => Self::Bars,
            "|" => Self::Or,
            "&&" => Self::And,
            "??" => Self::Default,
            "=" | "==" | "===" => Self::Equal,
            "!=" | "<>" | "!==" | "≠" => Self::NotEqual,
            "<" => Self::Less,
            "<=" | "≤" => Self::LessOrEqual,
            ">" => Self::Greater,
            ">=" | "≥" => Self::GreaterOrEqual,
            "&" => Self::Join,
            "+" => Self::Plus,
            "-" => Self::Minus,
            "*" => Self::Times,
            "/" => Self::Over,
            "//" => Self::WholeOver,
            "%" => Self::Remainder,
            "^" | "**" => Self::Power,
            _ => return None,
        })
    }

    /// What a formula writes.
    fn symbol(self) -> &'static str {
        match self {
            Self::Or | Self::Bars => "OR",
            Self::And => "AND",
            Self::Equal => "=",
            Self::NotEqual => "<>",
            Self::Less => "<",
            Self::LessOrEqual => "<=",
            Self::Greater => ">",
            Self::GreaterOrEqual => ">=",
            Self::Join | Self::Default => "&",
            Self::Plus => "+",
            Self::Minus => "-",
            Self::Times | Self::Remainder => "*",
            Self::Over | Self::WholeOver => "/",
            Self::Power => "^",
        }
    }

    /// How tightly a formula binds it.
    pub(super) fn level(self) -> u8 {
        match self {
            Self::Or | Self::Bars => 1,
            Self::And => 2,
            Self::Equal
            | Self::NotEqual
            | Self::Less
            | Self::LessOrEqual
            | Self::Greater
            | Self::GreaterOrEqual => 4,
            Self::Join | Self::Default => 5,
            Self::Plus | Self::Minus => 6,
            Self::Times | Self::Over | Self::WholeOver | Self::Remainder => 7,
            Self::Power => 8,
        }
    }

    /// The comparison with its sides exchanged.
    pub(super) fn mirrored(self) -> Self {
        match self {
            Self::Less => Self::Greater,
            Self::LessOrEqual => Self::GreaterOrEqual,
            Self::Greater => Self::Less,
            Self::GreaterOrEqual => Self::LessOrEqual,
            other => other,
        }
    }

    pub(super) fn is_comparison(self) -> bool {
        self.level() == 4
    }
}

/// The level of an expression that needs no parentheses anywhere.
const ATOM: u8 = 10;

impl Expr {
    pub(super) fn call(name: &str, args: Vec<Self>) -> Self {
        Self::Call(name.to_owned(), args)
    }

    pub(super) fn binary(op: Op, left: Self, right: Self) -> Self {
        Self::Binary(op, Box::new(left), Box::new(right))
    }

    pub(super) fn negated(self) -> Self {
        match self {
            Self::Not(inner) => *inner,
            Self::In { value, list, negated } => Self::In { value, list, negated: !negated },
            Self::Call(name, args) if name == "ISEMPTY" => Self::call("ISNOTEMPTY", args),
            Self::Call(name, args) if name == "ISNOTEMPTY" => Self::call("ISEMPTY", args),
            other => Self::Not(Box::new(other)),
        }
    }

    /// Whether it is TRUE or FALSE by its form.
    pub(super) fn is_condition(&self) -> bool {
        match self {
            Self::Not(_) | Self::In { .. } => true,
            Self::Atom(text) => matches!(text.as_str(), "TRUE" | "FALSE"),
            Self::Binary(op, left, right) => match op {
                Op::Or | Op::And => true,
                Op::Bars => left.is_condition() && right.is_condition(),
                _ => op.is_comparison(),
            },
            Self::Call(name, _) => crate::builtins::find(name)
                .is_some_and(|builtin| builtin.returns.ty == crate::types::Type::Boolean),
            _ => false,
        }
    }

    /// Whether it is text by its form.
    pub(super) fn is_text(&self) -> bool {
        match self {
            Self::Text(_) | Self::Binary(Op::Join, ..) => true,
            Self::Call(name, args) if name == "IF" && args.len() == 3 => args[1..].iter().all(Self::is_text),
            Self::Call(name, _) => crate::builtins::find(name)
                .is_some_and(|builtin| builtin.returns.ty == crate::types::Type::Text),
            _ => false,
        }
    }

    /// Whether it is a list by its form.
    pub(super) fn is_list(&self) -> bool {
        match self {
            Self::List(_) => true,
            Self::Call(name, _) => crate::builtins::find(name)
                .is_some_and(|builtin| builtin.returns.ty == crate::types::Type::List),
            _ => false,
        }
    }

    /// Whether nothing about its form keeps it from being text.
    pub(super) fn can_be_text(&self) -> bool {
        match self {
            Self::Call(name, _) => crate::builtins::find(name).is_none_or(|builtin| {
                matches!(builtin.returns.ty, crate::types::Type::Text | crate::types::Type::Any)
            }),
            Self::Atom(text) => text.parse::<f64>().is_err() && !matches!(text.as_str(), "TRUE" | "FALSE"),
            Self::Text(_) | Self::Field(..) | Self::Index(..) | Self::Binary(Op::Join, ..) => true,
            _ => false,
        }
    }

    fn pattern_as_text(self) -> Self {
        match self {
            Self::Pattern { body, flags } => Self::Text(pattern(&body, &flags)),
            other => other,
        }
    }

    /// The text of the formula; nothing where it has no counterpart.
    pub(super) fn written(&self) -> Option<String> {
        self.at(0)
    }

    /// The same, in parentheses where what surrounds it binds more tightly.
    fn at(&self, least: u8) -> Option<String> {
        let (text, level) = self.parts()?;
        Some(if level < least { format!("({text})") } else { text })
    }

    fn parts(&self) -> Option<(String, u8)> {
        Some(match self {
            Self::Atom(text) => (text.clone(), ATOM),
            Self::Text(text) => (print_text(text), ATOM),
            Self::Null => ("\"\"".to_owned(), ATOM),
            Self::Call(name, args) if name.starts_with("REGEX") => {
                let args: Vec<Self> = args.iter().cloned().map(Self::pattern_as_text).collect();
                (format!("{name}({})", listed(&args)?), ATOM)
            }
            Self::Call(name, args) => (format!("{name}({})", listed(args)?), ATOM),
            Self::Field(object, name) => {
                (format!("{}.{}", object.at(ATOM)?, crate::syntax::bare_or_braced(name)), ATOM)
            }
            Self::Index(object, index) => (format!("{}[{}]", object.at(ATOM)?, index.at(0)?), ATOM),
            Self::Not(inner) => (format!("NOT {}", inner.at(3)?), 3),
            Self::Negate(inner) => (format!("-{}", inner.at(9)?), 9),
            Self::Percent(inner) => (format!("{}%", inner.at(ATOM)?), 9),
            Self::Binary(op, left, right) => binary(*op, left, right)?,
            Self::In { value, list, negated } => {
                let not = if *negated { "NOT " } else { "" };
                (format!("{} {not}IN [{}]", value.at(5)?, listed(list)?), 4)
            }
            Self::List(items) => (format!("[{}]", listed(items)?), ATOM),
            Self::Record(members) => (record(members)?, ATOM),
            Self::Let(bindings, result) => {
                let mut parts = Vec::new();
                for (name, value) in bindings {
                    parts.push(format!("{name}, {}", value.at(0)?));
                }
                parts.push(result.at(0)?);
                (format!("LET({})", parts.join(", ")), ATOM)
            }
            // Only functions of patterns read one; elsewhere it would be a text.
            Self::Pattern { .. } | Self::Method(..) | Self::Lambda(..) | Self::Span { .. } => return None,
        })
    }
}

fn binary(op: Op, left: &Expr, right: &Expr) -> Option<(String, u8)> {
    let level = op.level();
    // A comparison does not run on; of the others, the right side of the same level keeps its parentheses unless the
    // order makes no difference.
    let is_same = matches!(op, Op::Or | Op::And | Op::Join | Op::Plus | Op::Times);
    let left = left.at(if op.is_comparison() { level + 1 } else { level })?;
    let right = right.at(if is_same { level } else { level + 1 })?;
    Some((format!("{left} {} {right}", op.symbol()), level))
}

fn record(members: &[(Option<String>, Expr)]) -> Option<String> {
    let member = |(name, value): &(Option<String>, Expr)| {
        let value = value.at(0)?;
        Some(match name {
            Some(name) => format!("{}: {value}", crate::syntax::member_name(name)),
            None => format!("...{value}"),
        })
    };
    let written: Option<Vec<String>> = members.iter().map(member).collect();
    Some(format!("{{{}}}", written?.join(", ")))
}

fn listed(items: &[Expr]) -> Option<String> {
    let written: Option<Vec<String>> = items.iter().map(|item| item.at(0)).collect();
    Some(written?.join(", "))
}

/// A regular expression with its flags in front.
fn pattern(body: &str, flags: &str) -> String {
    let kept: String = flags.chars().filter(|flag| "imsx".contains(*flag)).collect();
    let body = body.replace("\\/", "/");
    if kept.is_empty() { body } else { format!("(?{kept}){body}") }
}

impl Expr {
    /// The expression with `change` made to each part, the innermost first.
    pub(super) fn mapped(self, change: &dyn Fn(Self) -> Self) -> Self {
        let all = |list: Vec<Self>| list.into_iter().map(|one| one.mapped(change)).collect();
        let one = |inner: Box<Self>| Box::new(inner.mapped(change));
        change(match self {
            Self::Call(name, args) => Self::Call(name, all(args)),
            Self::Method(object, name, args) => Self::Method(one(object), name, all(args)),
            Self::Field(object, name) => Self::Field(one(object), name),
            Self::Index(object, index) => Self::Index(one(object), one(index)),
            Self::Not(inner) => Self::Not(one(inner)),
            Self::Negate(inner) => Self::Negate(one(inner)),
            Self::Percent(inner) => Self::Percent(one(inner)),
            Self::Binary(op, left, right) => Self::Binary(op, one(left), one(right)),
            Self::In { value, list, negated } => Self::In { value: one(value), list: all(list), negated },
            Self::List(items) => Self::List(all(items)),
            Self::Record(members) => {
                let members = members.into_iter().map(|(name, value)| (name, value.mapped(change)));
                Self::Record(members.collect())
            }
            Self::Lambda(names, body) => Self::Lambda(names, one(body)),
            Self::Span { number, unit } => Self::Span { number: one(number), unit },
            Self::Let(bindings, result) => {
                let bindings = bindings.into_iter().map(|(name, value)| (name, value.mapped(change)));
                Self::Let(bindings.collect(), one(result))
            }
            other => other,
        })
    }
}

impl Expr {
    /// Whether a part of the expression is as asked.
    pub(super) fn has(&self, is_wanted: &dyn Fn(&Self) -> bool) -> bool {
        let found = std::cell::Cell::new(false);
        let _ = self.clone().mapped(&|part| {
            found.set(found.get() || is_wanted(&part));
            part
        });
        found.get()
    }

    /// `null`, `BLANK()`: no value at all.
    pub(super) fn is_missing(&self) -> bool {
        match self {
            Self::Null => true,
            Self::Call(name, args) => args.is_empty() && name.eq_ignore_ascii_case("BLANK"),
            _ => false,
        }
    }

    /// An expression without a counterpart, which is never written.
    pub(super) fn without_counterpart() -> Self {
        Self::Let(Vec::new(), Box::new(Self::Null))
    }

    pub(super) fn is_without_counterpart(&self) -> bool {
        *self == Self::without_counterpart()
    }

    /// The names that lambdas, LET and the functions of lists give within the expression.
    pub(super) fn bound_names(&self) -> Vec<String> {
        let found = std::cell::RefCell::new(Vec::new());
        let _ = self.clone().mapped(&|part| {
            match &part {
                Self::Lambda(names, _) => found.borrow_mut().extend(names.iter().cloned()),
                Self::Let(bindings, _) => {
                    found.borrow_mut().extend(bindings.iter().map(|(name, _)| name.clone()));
                }
                Self::Call(name, args) => found.borrow_mut().extend(bindings_of(name, args)),
                _ => {}
            }
            part
        });
        found.into_inner()
    }
}

/// The names that a call of `ANY(list, name, condition)` and its kin, or of LET, gives.
fn bindings_of(name: &str, args: &[Expr]) -> Vec<String> {
    let atom = |arg: &Expr| match arg {
        Expr::Atom(name) => Some(name.clone()),
        _ => None,
    };
    let upper = name.to_ascii_uppercase();
    if upper == "LET" {
        return args.iter().step_by(2).filter_map(atom).collect();
    }
    let Some(builtin) = crate::builtins::find(&upper) else { return Vec::new() };
    let is_binding = |param: &&crate::builtins::Param| param.kind == crate::builtins::ParamKind::Binding;
    builtin
        .params
        .iter()
        .zip(args)
        .filter(|(param, _)| is_binding(param))
        .filter_map(|(_, arg)| atom(arg))
        .collect()
}
