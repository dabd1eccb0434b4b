//! Builds the checked tree of each formula.

mod call;
mod data;
mod forms;
mod functions;
mod inputs;
mod operators;
mod order;
mod records;
mod searches;
mod wants;

pub(crate) use call::clock_of_others;
pub(super) use functions::build_function;

use super::braces::record_inside;
use super::functions::Functions;
use super::input::{Input, InputId, folded};
use super::members::{self, Members};
use super::tree::{Arm, Branch};
use super::tree::{Checked, Column, ColumnId, DataId, LocalId, Node, NodeKind, Site, SiteId, SiteKind, Step};
use super::uses::Use;
use crate::diagnostics::{CheckError, Diagnostic, Source, did_you_mean, suggest};
use crate::span::Span;
use crate::syntax::ast::{Accessor, Expr, ExprKind, FunctionDefinition, RuleFile};
use crate::types::Type;
use crate::value::{Clock, Value, read_number, with_digits_of};
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

/// Builds the tree of every column; `order` has each after those it reads.
pub(super) fn build(
    source: &Source,
    file: &RuleFile,
    functions: &Functions<'_>,
    order: &[usize],
    findings: &mut Vec<Diagnostic>,
) -> Checked {
    let mut builder = Builder::new(source.text(), file, functions, findings);
    let mut nodes: Vec<Option<Node>> = file.columns.iter().map(|_| None).collect();
    for index in order {
        builder.column = ColumnId(*index as u32);
        builder.bound = 0;
        let Some(formula) = &file.columns[*index].formula else { continue };
        let node = builder.node(formula);
        builder.types.insert(*index, (node.ty, node.words));
        builder.items.extend(builder.items_of(&node).map(|items| (*index, items)));
        builder.column_data.extend(whole_data_of(&node).map(|data| (*index, data)));
        builder.members.extend(node.members.clone().map(|members| (*index, members)));
        nodes[*index] = Some(node);
    }
    builder.finish(source, file, order, nodes)
}

/// The lookup data that a formula is as a whole.
fn whole_data_of(node: &Node) -> Option<DataId> {
    match node.kind {
        NodeKind::Data(id) => Some(id),
        _ => None,
    }
}

/// What is known while formulas are read.
struct Builder<'a> {
    source: &'a str,
    file: &'a RuleFile,
    findings: &'a mut Vec<Diagnostic>,
    columns: HashMap<&'a str, ColumnId>,
    inputs: Vec<Input>,
    by_name: HashMap<String, InputId>,
    /// The type of each column that is built, and whether it can only be words.
    types: HashMap<usize, (Type, bool)>,
    /// The members of each column that is built, where they are known.
    members: HashMap<usize, Arc<Members>>,
    /// The members of the items of each column that is a list, where they are known.
    items: HashMap<usize, Arc<Members>>,
    /// Columns of data that are reported to have numbers and texts.
    mixed: HashSet<(DataId, usize)>,
    /// The lookup data that columns are only other names for.
    column_data: HashMap<usize, DataId>,
    column: ColumnId,
    scope: Vec<Local<'a>>,
    /// How many names the formula has bound so far, and how many a formula binds at most.
    bound: u32,
    most_bound: u32,
    depth: usize,
    deepest: usize,
    sites: Vec<Site>,
    uses: Vec<Use>,
    /// Columns that a formula asks for their kind: they are mixed on purpose.
    asked: HashSet<InputId>,
    /// Columns whose uses tell nothing at this place, since a condition before it sorted them out.
    guarded: Vec<InputId>,
    /// Whether errors at this place are expected and replaced.
    rescued: bool,
    clock: Clock,
    /// Whether names are keys of the row, as in the formulas of inputs.
    reads_keys: bool,
    raw_by_key: HashMap<String, InputId>,
    functions: &'a Functions<'a>,
    /// The function that is checked by itself, if one is.
    own_function: Option<&'a FunctionDefinition>,
    /// How many names of `scope` a formula does not see, since they are those of the formula that calls its function.
    hidden: usize,
    /// How many calls of functions the formula is part of.
    open_calls: usize,
}

struct Local<'a> {
    id: LocalId,
    name: &'a str,
    ty: Type,
    words: bool,
    /// The column that it is only another name for.
    alias: Option<InputId>,
    /// The lookup data that it is only another name for.
    data: Option<DataId>,
    /// The members of a record, where they are known.
    members: Option<Arc<Members>>,
    /// The members of the records of a list, where they are known.
    items: Option<Arc<Members>>,
}

impl<'a> Local<'a> {
    /// A name of which nothing is known.
    fn named(name: &'a str) -> Self {
        Self {
            id: LocalId(0),
            name,
            ty: Type::Any,
            words: false,
            alias: None,
            data: None,
            members: None,
            items: None,
        }
    }
}

impl<'a> Builder<'a> {
    fn new(
        source: &'a str,
        file: &'a RuleFile,
        functions: &'a Functions<'a>,
        findings: &'a mut Vec<Diagnostic>,
    ) -> Self {
        let mut builder = Self {
            source,
            file,
            findings,
            columns: file.readable_columns().map(|(name, index)| (name, ColumnId(index as u32))).collect(),
            inputs: Vec::new(),
            by_name: HashMap::new(),
            types: HashMap::new(),
            members: HashMap::new(),
            items: HashMap::new(),
            mixed: HashSet::new(),
            column_data: HashMap::new(),
            column: ColumnId(0),
            scope: Vec::new(),
            bound: 0,
            most_bound: 0,
            depth: 0,
            deepest: 0,
            sites: functions.sites(),
            uses: Vec::new(),
            asked: HashSet::new(),
            guarded: Vec::new(),
            rescued: false,
            clock: Clock::system(),
            reads_keys: false,
            raw_by_key: HashMap::new(),
            functions,
            own_function: None,
            hidden: 0,
            open_calls: 0,
        };
        builder.declare_inputs();
        builder
    }

    fn finish(self, source: &Source, file: &RuleFile, order: &[usize], nodes: Vec<Option<Node>>) -> Checked {
        let mut inputs = self.inputs;
        let asked = self.asked;
        let is_declared = |one: &Use| one.why.starts_with("declared");
        let uses: Vec<Use> =
            self.uses.into_iter().filter(|one| is_declared(one) || !asked.contains(&one.input)).collect();
        for one in &uses {
            let kinds = &mut inputs[one.input.0 as usize].kinds;
            *kinds = kinds.and(one.kinds);
        }
        let columns = file.columns.iter().zip(nodes).map(|(column, node)| Column {
            name: column.name.value.clone(),
            contract: column.contract.as_ref().map(|contract| contract.value),
            node: node
                .unwrap_or_else(|| Node::new(NodeKind::Constant(Value::Blank), column.name.span, Type::Any)),
            span: column.name.span,
            is_private: column.is_private,
        });
        Checked {
            source: source.clone(),
            inputs,
            columns: columns.collect(),
            functions: Vec::new(),
            data: self.functions.data.to_vec(),
            decisions: file.decisions.clone(),
            imports: file.imports.iter().map(|import| import.text).collect(),
            function_sites: self.functions.sites().len(),
            is_function: self.own_function.is_some(),
            order: order.iter().map(|index| ColumnId(*index as u32)).collect(),
            sites: self.sites,
            blanks: file.blanks.iter().map(|text| folded(&text.value)).collect(),
            now: file.now.as_ref().map(|now| now.value.clone()),
            locals: self.most_bound as usize,
            depth: self.deepest,
            uses,
        }
    }

    fn site(&mut self, kind: SiteKind, span: Span) -> SiteId {
        let site = Site { kind, span, column: self.column };
        if self.own_function.is_some() {
            return self.functions.add_site(site);
        }
        if self.open_calls > 0
            && let Some(id) = self.functions.site(kind, span)
        {
            return id;
        }
        self.sites.push(site);
        SiteId(self.sites.len() as u32 - 1)
    }

    /// The place of the first of these items of a list; those of the others follow it.
    fn sites_of(&mut self, items: impl Iterator<Item = Span>) -> SiteId {
        let mut first = None;
        for span in items {
            let site = self.site(SiteKind::Branch, span);
            first.get_or_insert(site);
        }
        first.unwrap_or(SiteId(self.sites.len() as u32))
    }

    fn arm(&mut self, kind: SiteKind, expr: &'a Expr) -> Arm {
        let site = self.site(kind, expr.span);
        Arm { node: self.node(expr), site }
    }

    fn node(&mut self, expr: &'a Expr) -> Node {
        self.functions.count(usize::from(self.open_calls > 0));
        self.depth += 1;
        self.deepest = self.deepest.max(self.depth);
        let mut node = self.node_of(expr);
        self.depth -= 1;
        if node.members.is_none() {
            node.members = members::of_parts(&node.kind).or_else(|| self.members_of_item(&node));
        }
        node
    }

    fn node_of(&mut self, expr: &'a Expr) -> Node {
        let span = expr.span;
        match &expr.kind {
            ExprKind::Number(number) => {
                let written = span.of(self.source);
                let value = with_digits_of(written, *number);
                Node::new(NodeKind::Constant(value), span, Type::Number)
            }
            ExprKind::Boolean(boolean) => {
                Node::new(NodeKind::Constant(Value::Boolean(*boolean)), span, Type::Boolean)
            }
            ExprKind::Text(text) => self.text(text, span),
            ExprKind::Name(name) => self.name(name, span),
            ExprKind::List(items) => {
                let first = self.sites_of(items.iter().map(|item| item.span));
                let items = items.iter().map(|item| self.node(item)).collect();
                Node::new(NodeKind::List(items, first), span, Type::List)
            }
            ExprKind::Record(items) => self.record(items, span),
            ExprKind::Let { bindings, body } => {
                let outer = self.scope.len();
                let bindings = bindings
                    .iter()
                    .map(|binding| {
                        let arm = self.arm(SiteKind::Binding, &binding.value);
                        let alias = self.input_of(&arm.node);
                        let (data, items) = (whole_data_of(&arm.node), self.items_of(&arm.node));
                        let Node { ty, words, members, .. } = &arm.node;
                        let (ty, words, members) = (*ty, *words, members.clone());
                        (
                            self.bind(Local {
                                ty,
                                words,
                                alias,
                                data,
                                members,
                                items,
                                ..Local::named(&binding.name.value)
                            }),
                            arm,
                        )
                    })
                    .collect();
                let body = Box::new(self.node(body));
                self.scope.truncate(outer);
                let (ty, words) = (body.ty, body.words);
                Node { words, ..Node::new(NodeKind::Let { bindings, body }, span, ty) }
            }
            ExprKind::Access { base, path } if let Some(id) = self.data_of(base) => {
                self.data_access(id, base.span, path, span)
            }
            ExprKind::Access { base, path } => {
                let base = self.node(base);
                self.reached_into(&base, &path[0]);
                self.looked_up_in_choice(&base, &path[0], span);
                let members = self.members_at(&base, path);
                let steps = path.iter().map(|accessor| match accessor {
                    Accessor::Field(name) => Step::Field(name.value.clone()),
                    Accessor::Index(index) => Step::Index(self.node(index)),
                });
                let steps = steps.collect();
                let node = Node::new(NodeKind::Access { base: Box::new(base), steps }, span, Type::Any);
                Node { members, ..node }
            }
            ExprKind::Call { function, args } => self.call(function, args, span),
            _ => self.operator(expr),
        }
    }

    /// Brings a name into scope. Each name of a formula has a slot of its own, since a `LET` name is computed when it is
    /// first read, with other names bound by then.
    fn bind(&mut self, local: Local<'a>) -> LocalId {
        let id = LocalId(self.bound);
        self.bound += 1;
        self.most_bound = self.most_bound.max(self.bound);
        self.scope.push(Local { id, ..local });
        id
    }

    fn text(&self, text: &str, span: Span) -> Node {
        let value = Value::text(text);
        let reads_otherwise = read_number(text).is_some()
            || crate::value::to_boolean(&value).is_ok()
            || crate::value::to_date(&value, &self.clock).is_ok();
        let words = !text.trim().is_empty() && !reads_otherwise;
        Node { words, ..Node::new(NodeKind::Constant(value), span, Type::Text) }
    }

    /// A `LET` name, a column of the file, or a column of the row, in this order.
    fn name(&mut self, name: &str, span: Span) -> Node {
        let visible = &self.scope[self.hidden..];
        if let Some(index) = visible.iter().rposition(|local| local.name == name) {
            let index = self.hidden + index;
            let Local { id, ty, words, ref members, .. } = self.scope[index];
            let members = members.clone();
            return Node { words, members, ..Node::new(NodeKind::Local(id), span, ty) };
        }
        if let Some(id) = self.data_named(name).filter(|_| !self.is_parameter(name)) {
            return Self::whole_data(id, span);
        }
        if self.open_calls > 0 || self.own_function.is_some() && !self.by_name.contains_key(name) {
            return self.unseen_in_function(name, span);
        }
        if self.reads_keys {
            return self.key(name, span);
        }
        if let Some(id) = self.columns.get(name) {
            let (ty, words) = self.types.get(&(id.0 as usize)).copied().unwrap_or((Type::Any, false));
            let members = self.members.get(&(id.0 as usize)).cloned();
            return Node { words, members, ..Node::new(NodeKind::Column(*id), span, ty) };
        }
        let known = self.by_name.get(name).copied();
        let id = known.unwrap_or_else(|| {
            if self.file.declares_inputs_at(span.start as usize) {
                let error = self.unknown_column(name, span);
                self.findings.push(error.into());
            }
            let id = self.add_key(name, span);
            self.by_name.insert(name.to_owned(), id);
            id
        });
        Node::new(NodeKind::Input(id), span, self.inputs[id.0 as usize].declared)
    }

    fn unknown_column(&self, name: &str, at: Span) -> CheckError {
        let locals = self.scope.iter().map(|local| local.name);
        let own = self.column.0 as usize;
        let others = self.file.readable_columns().filter(|(_, index)| *index != own);
        // Formulas that none can read have names that none can spell.
        let columns = others.map(|(name, _)| name).filter(|name| !name.starts_with('\0'));
        let inputs = self.file.inputs.iter().map(|input| input.name.value.as_str());
        let names: Vec<&str> = locals.chain(columns).chain(inputs).collect();
        let help = super::lints::operators_inside(name, &|part| names.contains(&part))
            .or_else(|| record_inside(at.of(self.source), &|part| names.contains(&part)))
            .map(|instead| format!("write `{instead}`"))
            .or_else(|| habit_of_others(name, &names))
            .or_else(|| did_you_mean(&suggest(name, names.iter().copied())));
        let (why, else_help) = if self.file.inputs.iter().any(|input| input.name.span != Span::default()) {
            let declared = format!("declare it: `input {}: Any`", crate::syntax::bare_or_braced(name));
            ("not declared as an input", Some(declared))
        } else {
            ("nothing here has this name", names_in_words(&names))
        };
        let help = help.or(else_help);
        CheckError::UnknownColumn { name: name.to_owned(), at, why: why.to_owned(), help }
    }

    /// The column of the row that a node is, directly or by a `LET` name.
    fn input_of(&self, node: &Node) -> Option<InputId> {
        match node.kind {
            NodeKind::Input(id) => Some(id),
            NodeKind::Local(id) => self.scope.iter().find(|local| local.id == id)?.alias,
            _ => None,
        }
    }
}

/// What to write in place of a name that is none here and means something in other languages.
fn habit_of_others(name: &str, names: &[&str]) -> Option<String> {
    if ["null", "nil", "none", "undefined"].contains(&name.to_lowercase().as_str()) {
        return Some("whether something is empty is asked with `ISEMPTY(…)` and `ISNOTEMPTY(…)`".to_owned());
    }
    let (record, _) = name.split_once('.')?;
    names.contains(&record).then(|| format!("braces make one name of it, dots and all: write `{name}`"))
}

/// The names that a formula sees, where they are few.
fn names_in_words(names: &[&str]) -> Option<String> {
    let quoted: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    (1..=12).contains(&names.len()).then(|| format!("the names here are {}", quoted.join(", ")))
}

impl Node {
    pub(super) fn new(kind: NodeKind, span: Span, ty: Type) -> Self {
        Self { kind, span, ty, words: false, members: None }
    }
}

impl Branch {
    pub(super) fn results(branches: &[Self]) -> impl Iterator<Item = &Node> {
        branches.iter().map(|branch| &branch.result)
    }
}
