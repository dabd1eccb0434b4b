//! What an entry of the registry says, and finding one by its name.

pub(crate) use super::returns::Returns;
use super::{
    Call, CallError, characters, conversion, items, keyed, list, logic, market, math, number, pattern, test,
    text, text_edit, time,
};
use crate::types::Type;
use crate::value::Value;
use std::collections::HashMap;
use std::fmt;
use std::sync::OnceLock;

/// A function that formulas can call. This entry is the only place that knows it.
#[derive(Debug)]
pub struct Builtin {
    /// The canonical name, in upper case.
    pub name: &'static str,
    /// Other names that are read as the same function.
    pub aliases: &'static [&'static str],
    /// Where it stands in the reference.
    pub group: Group,
    /// One sentence: what it gives.
    pub summary: &'static str,
    /// The parameters, in order.
    pub params: &'static [Param],
    /// The values that it returns.
    pub returns: Returns,
    /// Calls and their results; each is run as a test.
    pub examples: &'static [Example],
    /// How it is computed.
    pub run: Run,
}

/// A chapter of the reference.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Group {
    /// Branches and conditions.
    Logic,
    /// Questions about a value's kind.
    Test,
    /// Text.
    Text,
    /// Patterns.
    Regex,
    /// Numbers.
    Number,
    /// From one kind of value to another.
    Conversion,
    /// Dates and times.
    Time,
    /// Lists and records.
    List,
    /// People, companies, addresses.
    Market,
}

impl Group {
    /// The chapter's title.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::Logic => "Logic",
            Self::Test => "Tests",
            Self::Text => "Text",
            Self::Regex => "Regular expressions",
            Self::Number => "Numbers",
            Self::Conversion => "Conversion",
            Self::Time => "Dates and times",
            Self::List => "Lists and records",
            Self::Market => "Go-to-market",
        }
    }
}

/// One parameter.
#[derive(Debug)]
pub struct Param {
    /// The name in the signature.
    pub name: &'static str,
    /// What kind of value is wanted.
    pub ty: Type,
    /// What it means.
    pub doc: &'static str,
    /// Whether it may be left out or repeated.
    pub kind: ParamKind,
    /// Looks at a text that is written out in the formula, before any row is read.
    pub check: Option<LiteralCheck>,
    /// The part that the argument plays in the call.
    pub role: Role,
}

/// The part that an argument plays in a call. It shows which arguments belong in which order, and how a literal is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Any value.
    Value,
    /// The value that is searched, tested or changed.
    Subject,
    /// The number that is rounded, limited or compared.
    Measured,
    /// The list that is searched or joined.
    List,
    /// An item that the list may contain.
    Member,
    /// A text to search for, in the same letter case.
    Needle,
    /// A text to search for, in any letter case.
    LooseNeedle,
    /// A text to search for, in any letter case, with the wildcards `*` and `?`.
    Wildcards,
    /// A regular expression.
    Pattern,
    /// One of two texts that are compared in the same letter case.
    Same,
    /// The format of a date or number.
    Format,
    /// The text between the parts.
    Separator,
    /// The text that replaces another.
    Replacement,
    /// A number as it is spelled in text.
    Spelled,
    /// A number of characters.
    Count,
    /// A number of repetitions.
    Times,
    /// A number of decimal places, or a step to round to.
    Digits,
    /// A position, from 1.
    Position,
    /// The lowest value of a range.
    Low,
    /// The highest value of a range.
    High,
    /// Another bound.
    Bound,
    /// A condition that selects a result.
    Condition,
    /// The result that a condition selects.
    Result,
    /// The result where no condition selects another.
    Otherwise,
    /// The value of SWITCH, or of IN.
    Compared,
    /// A value that it is compared with.
    Candidate,
    /// A value that may be an error.
    Rescued,
    /// The replacement for an error.
    Fallback,
    /// A value that is used unless it is empty.
    Tried,
    /// The first of two dates.
    Start,
    /// The second of two dates.
    End,
    /// A date.
    Moment,
    /// The year of a date; the month and the day follow.
    Year,
}

/// Says what is wrong with a text that is written out, if anything is.
pub type LiteralCheck = fn(&str) -> Result<(), Rejected>;

/// What is wrong with a text that is written out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rejected {
    /// Which bytes of the text.
    pub range: std::ops::Range<usize>,
    /// What is wrong, in lower case without a full stop.
    pub problem: String,
    /// What to write instead.
    pub help: Option<String>,
}

/// How often a parameter takes an argument.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ParamKind {
    /// Once.
    Required,
    /// Once or not at all.
    Optional,
    /// Once or more; neighbours that repeat do so together, in turn.
    Repeated,
    /// Once, as a bare name that stands for each item while the argument behind it is evaluated.
    Binding,
}

/// A call and what it gives, as JSON, or an error's code.
#[derive(Debug)]
pub struct Example {
    /// The formula.
    pub formula: &'static str,
    /// Its result.
    pub result: &'static str,
}

/// How a function is computed.
pub enum Run {
    /// From its arguments; an argument that is an error is the result.
    Eager(for<'c, 'v> fn(&Call<'c, 'v>) -> Result<Value<'v>, CallError>),
    /// From its arguments, errors among them.
    SeesErrors(for<'c, 'v> fn(&Call<'c, 'v>) -> Result<Value<'v>, CallError>),
    /// By the evaluator, which decides which arguments are evaluated at all.
    Form(Form),
}

/// Functions that evaluate only some of their arguments.
#[derive(Clone, Copy, Debug)]
pub enum Form {
    /// `IF(condition, then, else)`
    If,
    /// `IFS(condition, result, …)`
    Ifs,
    /// `SWITCH(value, case, result, …, default)`
    Switch,
    /// `AND(…)`
    And,
    /// `OR(…)`
    Or,
    /// `NOT(…)`
    Not,
    /// `IFERROR(value, fallback)`
    IfError,
    /// `IFNA(value, fallback)`
    IfNa,
    /// `COALESCE(…)`
    Coalesce,
    /// `BUCKET(number, threshold, result, …, else)`
    Bucket,
    /// `POINTS(condition, points, …)`
    Points,
    /// `REASONS(condition, text, …)`
    Reasons,
    /// `SUMIF(list, name, condition, value)`
    SumIf,
    /// `AVERAGEIF(list, name, condition, value)`
    AverageIf,
    /// `CHOOSE(index, …)`
    Choose,
    /// `IN(value, …)`
    In,
    /// `LET(name, value, …, result)`, which is a node of its own once it is parsed
    Let,
    /// `ANY(list, name, condition)` and its kin
    Each(Each),
    /// `SORTBY(list, name, key)` and its kin: a function of pairs of a key and an item
    Keyed(&'static Builtin),
    /// `REDUCE(list, start, total, name, formula)`
    Reduce,
}

/// What is made of a body that is evaluated for each item of a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Each {
    /// Whether it holds for any item.
    Any,
    /// Whether it holds for all items.
    All,
    /// For how many items it holds.
    CountIf,
    /// The items it holds for.
    Filter,
    /// Its values.
    Map,
    /// Pairs of its value and the item.
    Keyed,
}

impl fmt::Debug for Run {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Eager(_) => f.write_str("Eager"),
            Self::SeesErrors(_) => f.write_str("SeesErrors"),
            Self::Form(form) => form.fmt(f),
        }
    }
}

impl Param {
    /// A parameter that needs an argument.
    #[must_use]
    pub const fn required(name: &'static str, ty: Type, doc: &'static str) -> Self {
        Self { name, ty, doc, kind: ParamKind::Required, check: None, role: Role::Value }
    }

    /// A parameter that may be left out.
    #[must_use]
    pub const fn optional(name: &'static str, ty: Type, doc: &'static str) -> Self {
        Self { name, ty, doc, kind: ParamKind::Optional, check: None, role: Role::Value }
    }

    /// A name that the arguments behind it can use, such as the `t` of `ANY(Tech Stack, t, t = "AWS")`.
    #[must_use]
    pub const fn binding(name: &'static str, doc: &'static str) -> Self {
        Self { name, ty: Type::Any, doc, kind: ParamKind::Binding, check: None, role: Role::Value }
    }

    /// The same parameter, whose argument is looked at by `check` where it is a text that is written out.
    #[must_use]
    pub const fn checked(self, check: LiteralCheck) -> Self {
        Self { check: Some(check), ..self }
    }

    /// The same parameter, with the part that its argument plays.
    #[must_use]
    pub const fn role(self, role: Role) -> Self {
        Self { role, ..self }
    }

    /// A parameter that takes one argument or more.
    #[must_use]
    pub const fn repeated(name: &'static str, ty: Type, doc: &'static str) -> Self {
        Self { name, ty, doc, kind: ParamKind::Repeated, check: None, role: Role::Value }
    }
}

impl Example {
    /// `formula` gives `result`.
    #[must_use]
    pub const fn new(formula: &'static str, result: &'static str) -> Self {
        Self { formula, result }
    }
}

impl Builtin {
    fn count(&self, kind: ParamKind) -> usize {
        self.params.iter().filter(|param| param.kind == kind).count()
    }

    /// The fewest arguments a call can have.
    #[must_use]
    pub fn fewest(&self) -> usize {
        self.count(ParamKind::Required) + self.count(ParamKind::Repeated) + self.count(ParamKind::Binding)
    }

    /// The most arguments a call can have, or nothing where there is no limit.
    #[must_use]
    pub fn most(&self) -> Option<usize> {
        (self.count(ParamKind::Repeated) == 0).then_some(self.params.len())
    }

    /// Whether a call can have this many arguments.
    #[must_use]
    pub fn takes(&self, count: usize) -> bool {
        count >= self.fewest()
            && self.most().is_none_or(|most| count <= most)
            && !self.leaves_partner_out(count)
    }

    /// Whether a call with `count` arguments, at least [`Self::fewest`], leaves a repeated group incomplete.
    #[must_use]
    pub fn leaves_partner_out(&self, count: usize) -> bool {
        let group = self.count(ParamKind::Repeated);
        group > 1
            && self.count(ParamKind::Optional) == 0
            && !(count - self.count(ParamKind::Required)).is_multiple_of(group)
    }

    /// The parameter that takes argument `index` of `count`.
    #[must_use]
    pub fn param_of(&self, index: usize, count: usize) -> Option<&'static Param> {
        let group = self.count(ParamKind::Repeated);
        if group == 0 {
            return self.params.get(index);
        }
        let before = self.params.iter().position(|param| param.kind == ParamKind::Repeated)?;
        if index < before {
            return self.params.get(index);
        }
        let round = (index - before) % group;
        let is_trailing = round == 0 && index + 1 == count && group > 1 && before + group < self.params.len();
        self.params.get(if is_trailing { before + group } else { before + round })
    }
}

/// The signature: `LEFT(text, [count])`, `IFS(condition, result, …)`.
impl fmt::Display for Builtin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}(", self.name)?;
        for (index, param) in self.params.iter().enumerate() {
            let separator = if index > 0 { ", " } else { "" };
            match param.kind {
                ParamKind::Optional => write!(f, "{separator}[{}]", param.name)?,
                _ => write!(f, "{separator}{}", param.name)?,
            }
            let ends_group = param.kind == ParamKind::Repeated
                && self.params.get(index + 1).is_none_or(|next| next.kind != ParamKind::Repeated);
            if ends_group {
                f.write_str(", …")?;
            }
        }
        f.write_str(")")
    }
}

/// Every function, by group and then in the order of its file.
pub fn all() -> impl Iterator<Item = &'static Builtin> {
    let files = [
        logic::BUILTINS,
        test::BUILTINS,
        text::BUILTINS,
        text_edit::BUILTINS,
        characters::BUILTINS,
        pattern::BUILTINS,
        number::BUILTINS,
        math::BUILTINS,
        math::combine::BUILTINS,
        math::ranked::BUILTINS,
        conversion::BUILTINS,
        conversion::spelled::BUILTINS,
        time::BUILTINS,
        time::parts::BUILTINS,
        time::span::BUILTINS,
        time::work::BUILTINS,
        time::clock_time::BUILTINS,
        time::decay::BUILTINS,
        time::written::BUILTINS,
        list::BUILTINS,
        keyed::BUILTINS,
        items::BUILTINS,
    ];
    files.into_iter().chain(market::CHAPTERS.iter().copied()).flatten()
}

/// Every name that can be called, aliases included.
pub fn names() -> impl Iterator<Item = &'static str> {
    all().flat_map(|builtin| std::iter::once(builtin.name).chain(builtin.aliases.iter().copied()))
}

/// The function of this name, in any letter case.
#[must_use]
pub fn find(name: &str) -> Option<&'static Builtin> {
    static BY_NAME: OnceLock<HashMap<&'static str, &'static Builtin>> = OnceLock::new();
    let by_name = BY_NAME.get_or_init(|| {
        let named = |builtin: &'static Builtin| {
            std::iter::once(builtin.name)
                .chain(builtin.aliases.iter().copied())
                .map(move |name| (name, builtin))
        };
        all().flat_map(named).collect()
    });
    by_name.get(name.to_ascii_uppercase().as_str()).copied()
}
