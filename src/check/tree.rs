//! The checked tree: what is evaluated, explained and covered.

use super::functions::Function;
use super::input::{Input, InputId};
use super::members::Members;
use super::uses::Use;
use crate::builtins::{Builtin, Each};
use crate::diagnostics::Source;
use crate::span::Span;
use crate::syntax::ast::{CompareOp, Contract, DataDeclaration, DecisionDeclaration, Factor, Sign};
use crate::types::Type;
use crate::value::Value;
use std::sync::Arc;

/// A rule file that can be run.
#[derive(Debug)]
pub struct Checked {
    /// The text it was checked from.
    pub source: Source,
    /// The columns of the row that it reads: those that are declared, then those that are not.
    pub inputs: Vec<Input>,
    /// The columns that it computes, in the order of the text.
    pub columns: Vec<Column>,
    /// The columns in an order in which each comes after those it reads.
    pub order: Vec<ColumnId>,
    /// The functions that it defines.
    pub functions: Vec<Function>,
    /// The lookup data that it declares, all of it loaded.
    pub data: Vec<DataDeclaration>,
    /// The decision tables that it declares, each of which is a private column as well.
    pub decisions: Vec<DecisionDeclaration>,
    /// Where the texts of imported files are in the source.
    pub imports: Vec<Span>,
    /// How many of the sites are those of functions. They come first, and all calls of a function share them.
    pub function_sites: usize,
    /// Whether it is the formula of a function, whose inputs are the parameters.
    pub is_function: bool,
    /// The places that coverage and explanation speak of, by [`SiteId`].
    pub sites: Vec<Site>,
    /// The texts that inputs read as Blank, in lower case and without blanks around them.
    pub blanks: Vec<String>,
    /// The moment of the file's tests and examples, in ISO 8601.
    pub now: Option<String>,
    /// How many `LET` names are in scope at most.
    pub locals: usize,
    /// How deep the deepest tree is.
    pub depth: usize,
    pub(super) uses: Vec<Use>,
}

/// A computed column.
#[derive(Debug)]
pub struct Column {
    /// Its name.
    pub name: String,
    /// The range that its results are meant to keep to.
    pub contract: Option<Contract>,
    /// Its formula.
    pub node: Node,
    /// Where its name stands.
    pub span: Span,
    /// Whether it is computed for other formulas and not written out.
    pub is_private: bool,
}

impl Column {
    /// Whether a result is outside the column's range. Blank is no result, and an error is reported as such.
    #[must_use]
    pub fn is_outside_range(&self, result: &Value<'_>) -> bool {
        let Some(contract) = self.contract else { return false };
        match result {
            Value::Blank | Value::Error(_) => false,
            Value::Number(number) => !contract.contains(*number),
            _ => true,
        }
    }

    /// The name and the range: `Score (0-100)`.
    #[must_use]
    pub fn name_with_range(&self) -> String {
        self.contract.map_or_else(|| self.name.clone(), |range| format!("{} {range}", self.name))
    }
}

/// The index of a [`Column`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ColumnId(pub u32);

/// The slot of a `LET` name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct LocalId(pub u32);

/// The index of a [`Site`]. The same text gives the same ids.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SiteId(pub u32);

impl SiteId {
    /// The place of the item at this index of a list whose first item has this place.
    #[must_use]
    pub fn of_item(self, index: usize) -> Self {
        Self(self.0 + index as u32)
    }
}

/// A place where a formula decides or adds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Site {
    /// What happens there.
    pub kind: SiteKind,
    /// Where it stands.
    pub span: Span,
    /// The column, or the input, whose formula it is part of.
    pub column: ColumnId,
}

/// What happens at a [`Site`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SiteKind {
    /// A result of IF, IFS, SWITCH, IFERROR, IFNA or COALESCE, or an item of a list.
    Branch,
    /// An operand of OR, AND or IN.
    Arm,
    /// A term of a sum.
    Addend,
    /// The value of a `LET` name.
    Binding,
    /// A lookup of a row of data.
    Lookup,
}

/// An expression whose names and functions are known.
#[derive(Debug)]
pub struct Node {
    /// What it does.
    pub kind: NodeKind,
    /// Where it stands.
    pub span: Span,
    /// What kind of value it gives.
    pub ty: Type,
    /// Whether it can only give text that reads as neither a number nor a date nor a Boolean.
    pub words: bool,
    /// The members that it can have, if it is a record whose members are all written in the file.
    pub members: Option<Arc<Members>>,
}

/// One case of IF or IFS.
#[derive(Debug)]
pub struct Branch {
    /// What decides.
    pub condition: Node,
    /// The result if it holds.
    pub result: Node,
    /// The result's place.
    pub site: SiteId,
}

/// One case of SWITCH.
#[derive(Debug)]
pub struct Case {
    /// What the value is compared with.
    pub case: Node,
    /// The result if it is equal.
    pub result: Node,
    /// The result's place.
    pub site: SiteId,
}

/// One operand of AND, OR or IN, or one value of COALESCE.
#[derive(Debug)]
pub struct Arm {
    /// The operand.
    pub node: Node,
    /// Its place.
    pub site: SiteId,
}

/// One term of a sum.
#[derive(Debug)]
pub struct Addend {
    /// Whether it is added or taken off.
    pub sign: Sign,
    /// The term.
    pub node: Node,
    /// Its place.
    pub site: SiteId,
}

/// The index of declared data.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct DataId(pub u32);

/// `Accounts[domain].points`: the row with these keys, or one of its cells.
#[derive(Debug)]
pub struct Lookup {
    /// Where it is looked up.
    pub data: DataId,
    /// The values of the key columns, and then of the thresholds.
    pub keys: Vec<Node>,
    /// The column whose cell is the result; the whole row if none.
    pub column: Option<usize>,
    /// The lookup's place.
    pub site: SiteId,
}

/// An argument that a parameter with a type reads.
#[derive(Debug)]
pub struct Argument {
    /// What the call gives.
    pub value: Node,
    /// The declared type.
    pub ty: Type,
    /// The parameter in a message: `` `points` of DECAYED ``.
    pub place: String,
}

/// One item of a record that is written out.
#[derive(Debug)]
pub struct Member {
    /// Its name; nothing for `...other`, which adds the members of a record.
    pub name: Option<String>,
    /// Its value, or that record.
    pub node: Node,
}

/// One step into a record or list.
#[derive(Debug)]
pub enum Step {
    /// `.city`
    Field(String),
    /// `[0]`
    Index(Node),
}

/// The kinds of node.
#[derive(Debug)]
pub enum NodeKind {
    /// A literal.
    Constant(Value<'static>),
    /// A column of the row.
    Input(InputId),
    /// A computed column.
    Column(ColumnId),
    /// A `LET` name.
    Local(LocalId),
    /// Lookup data as a list of its rows
    Data(DataId),
    /// A row of data, or a cell of it
    Lookup(Box<Lookup>),
    /// `[a, b]`, and the place of its first item; those of the others follow it.
    List(Vec<Node>, SiteId),
    /// `{a: 1, ...b}`
    Record(Vec<Member>),
    /// `-a`
    Negate(Box<Node>),
    /// `a%`
    Percent(Box<Node>),
    /// The points of POINTS, which are a number whatever they stand beside
    AsNumber(Box<Node>),
    /// An argument of a function of the file, read as the type of its parameter
    Argument(Box<Argument>),
    /// `a + b - c`
    Sum(Vec<Addend>),
    /// `a * b / c`
    Product(Vec<(Factor, Node)>),
    /// `a ^ b`
    Power(Vec<Node>),
    /// `a & b`
    Join(Vec<Node>),
    /// `a >= b`
    Compare(CompareOp, Box<(Node, Node)>),
    /// `a IN [b, c]`: the arms of a list that is written out.
    InArms {
        /// What is looked for.
        needle: Box<Node>,
        /// Where.
        arms: Vec<Arm>,
        /// Whether it is `NOT IN`.
        negated: bool,
    },
    /// `a IN Tags`
    InList {
        /// What is looked for, and where.
        needle_and_list: Box<(Node, Node)>,
        /// Whether it is `NOT IN`.
        negated: bool,
    },
    /// `NOT a`
    Not(Box<Node>),
    /// `a AND b`
    And(Vec<Arm>),
    /// `a OR b`
    Or(Vec<Arm>),
    /// IF and IFS
    Choose {
        /// The cases, in order.
        branches: Vec<Branch>,
        /// The result if none holds.
        otherwise: Option<Box<Arm>>,
        /// Whether that is #N/A where nothing is said, as for IFS, rather than Blank.
        or_not_available: bool,
    },
    /// SWITCH
    Switch {
        /// What is compared.
        value: Box<Node>,
        /// The cases, in order.
        cases: Vec<Case>,
        /// The result if it equals none.
        otherwise: Option<Box<Arm>>,
    },
    /// IFERROR and IFNA
    Rescue {
        /// What may be an error.
        value: Box<Arm>,
        /// What stands in for it.
        fallback: Box<Arm>,
        /// Whether only #N/A is replaced.
        only_not_available: bool,
    },
    /// COALESCE
    Coalesce(Vec<Arm>),
    /// BUCKET
    Bucket {
        /// What is sorted.
        value: Box<Node>,
        /// Thresholds, rising, and the result below each.
        steps: Vec<Branch>,
        /// The result at or above all.
        otherwise: Option<Box<Arm>>,
    },
    /// CHOOSE
    Pick {
        /// Which, from 1.
        index: Box<Node>,
        /// The values.
        arms: Vec<Arm>,
    },
    /// ANY, ALL, COUNTIF, FILTER, MAP, and the pairs of SORTBY and its kin
    Each {
        /// What is made of the body's values.
        each: Each,
        /// What is gone through, and what is evaluated for each item.
        list_and_body: Box<(Node, Node)>,
        /// The item.
        local: LocalId,
    },
    /// REDUCE
    Reduce {
        /// What is gone through, the total before it, and the formula of the total with an item.
        list_start_formula: Box<[Node; 3]>,
        /// The total so far.
        total: LocalId,
        /// The item.
        item: LocalId,
    },
    /// LET
    Let {
        /// The names and their values.
        bindings: Vec<(LocalId, Arm)>,
        /// The result.
        body: Box<Node>,
    },
    /// `company.offices[0]`
    Access {
        /// What is reached into.
        base: Box<Node>,
        /// The steps.
        steps: Vec<Step>,
    },
    /// A function that takes its arguments evaluated.
    Call(&'static Builtin, Vec<Node>),
}

impl NodeKind {
    /// Whether its result is that of one of its parts, chosen by the others.
    #[must_use]
    pub fn is_choice(&self) -> bool {
        matches!(
            self,
            Self::Choose { .. }
                | Self::Switch { .. }
                | Self::Rescue { .. }
                | Self::Coalesce(_)
                | Self::Bucket { .. }
                | Self::Pick { .. }
        )
    }
}

impl Node {
    /// Whether it is a call of a function of the file: a `LET` of the arguments whose result is elsewhere in the text.
    #[must_use]
    pub fn is_own_call(&self) -> bool {
        let NodeKind::Let { body, .. } = &self.kind else { return false };
        body.span.start < self.span.start || body.span.end > self.span.end
    }

    /// The items of a list that is written out, of which this picks one by its position, and the place of the first.
    #[must_use]
    pub fn picked_from(&self) -> Option<(&[Self], SiteId)> {
        let list = match &self.kind {
            NodeKind::Access { base, steps } if matches!(steps.first(), Some(Step::Index(_))) => base,
            NodeKind::Call(builtin, args) if builtin.name == "AT" => args.first()?,
            _ => return None,
        };
        match &list.kind {
            NodeKind::List(items, first) => Some((items, *first)),
            _ => None,
        }
    }

    /// The nodes directly below, in the order of the text.
    #[must_use]
    pub fn children(&self) -> Vec<&Self> {
        match &self.kind {
            NodeKind::Constant(_)
            | NodeKind::Input(_)
            | NodeKind::Column(_)
            | NodeKind::Local(_)
            | NodeKind::Data(_) => Vec::new(),
            NodeKind::Lookup(lookup) => lookup.keys.iter().collect(),
            NodeKind::List(nodes, _)
            | NodeKind::Power(nodes)
            | NodeKind::Join(nodes)
            | NodeKind::Call(_, nodes) => nodes.iter().collect(),
            NodeKind::Record(members) => members.iter().map(|member| &member.node).collect(),
            NodeKind::Negate(node)
            | NodeKind::Percent(node)
            | NodeKind::AsNumber(node)
            | NodeKind::Not(node) => vec![node],
            NodeKind::Argument(argument) => vec![&argument.value],
            NodeKind::Sum(addends) => addends.iter().map(|addend| &addend.node).collect(),
            NodeKind::Product(factors) => factors.iter().map(|(_, node)| node).collect(),
            NodeKind::Compare(_, pair)
            | NodeKind::InList { needle_and_list: pair, .. }
            | NodeKind::Each { list_and_body: pair, .. } => vec![&pair.0, &pair.1],
            NodeKind::Reduce { list_start_formula, .. } => list_start_formula.iter().collect(),
            NodeKind::And(arms) | NodeKind::Or(arms) | NodeKind::Coalesce(arms) => nodes_of(arms).collect(),
            NodeKind::InArms { needle: first, arms, .. } | NodeKind::Pick { index: first, arms } => {
                std::iter::once(&**first).chain(nodes_of(arms)).collect()
            }
            NodeKind::Choose { branches, otherwise, .. } => {
                with_branches(None, branches, otherwise.as_deref())
            }
            NodeKind::Bucket { value, steps, otherwise } => {
                with_branches(Some(value), steps, otherwise.as_deref())
            }
            NodeKind::Switch { value, cases, otherwise } => {
                let mut nodes = vec![&**value];
                cases.iter().for_each(|case| nodes.extend([&case.case, &case.result]));
                nodes.extend(otherwise.iter().map(|arm| &arm.node));
                nodes
            }
            NodeKind::Rescue { value, fallback, .. } => vec![&value.node, &fallback.node],
            NodeKind::Let { bindings, body } => {
                bindings.iter().map(|(_, arm)| &arm.node).chain([&**body]).collect()
            }
            NodeKind::Access { base, steps } => {
                let indexes = steps.iter().filter_map(|step| match step {
                    Step::Index(node) => Some(node),
                    Step::Field(_) => None,
                });
                std::iter::once(&**base).chain(indexes).collect()
            }
        }
    }
}

fn nodes_of(arms: &[Arm]) -> impl Iterator<Item = &Node> {
    arms.iter().map(|arm| &arm.node)
}

fn with_branches<'n>(
    value: Option<&'n Node>,
    branches: &'n [Branch],
    otherwise: Option<&'n Arm>,
) -> Vec<&'n Node> {
    let mut nodes: Vec<&Node> = value.into_iter().collect();
    branches.iter().for_each(|branch| nodes.extend([&branch.condition, &branch.result]));
    nodes.extend(otherwise.map(|arm| &arm.node));
    nodes
}
