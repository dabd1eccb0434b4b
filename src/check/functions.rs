//! The functions that a rule file defines. Each is checked once by itself, as a rule whose inputs are its parameters;
//! every call is then replaced by its formula, so that whatever reads the checked tree sees what a call computes.

use super::build::build_function;
use super::order::calls_in;
use super::tree::{Checked, Site, SiteId, SiteKind};
use super::uses;
use crate::builtins;
use crate::diagnostics::{Diagnostic, FunctionError, Source};
use crate::span::{Span, Spanned};
use crate::syntax::ast::{
    ColumnDefinition, DataDeclaration, FunctionDefinition, InputDeclaration, Parameter, RuleFile,
};
use crate::types::Type;
use miette::LabeledSpan;
use std::cell::{Cell, RefCell};
use std::collections::{HashMap, HashSet};

/// More expressions than this do not come from calls of functions in one file.
pub(super) const MOST_EXPANDED: usize = 500_000;

/// A function of the file that can be called.
#[derive(Debug)]
pub struct Function {
    /// Its name as it is defined.
    pub name: Spanned<String>,
    /// How it is called: `DECAYED(points: Number, step: Number = 5)`.
    pub signature: String,
    /// From its name to the end of its formula.
    pub span: Span,
    /// Its formula as a rule file whose inputs are the parameters.
    pub file: RuleFile,
    /// The same, checked.
    pub checked: Checked,
}

impl Function {
    /// Whether a place of the text is part of its definition.
    #[must_use]
    pub fn contains(&self, at: usize) -> bool {
        (self.span.start as usize..self.span.end as usize).contains(&at)
    }
}

/// The functions of a file while its formulas are checked.
pub(super) struct Functions<'a> {
    pub definitions: &'a [FunctionDefinition],
    /// The lookup data of the file, which functions can read.
    pub data: &'a [DataDeclaration],
    /// By their names in upper case; of two with one name, the first.
    by_name: HashMap<String, usize>,
    /// For each, the functions of the file that it calls, and where.
    calls: Vec<Vec<(usize, Span)>>,
    /// Those that call themselves, so that their calls can't be replaced.
    recursive: HashSet<usize>,
    /// Those with an error of their own, or that call one with an error: what follows from it is not reported.
    broken: HashSet<usize>,
    /// How many expressions calls of functions have been replaced by.
    expanded: Cell<usize>,
    /// The sites of all functions, which every call of a function shares.
    sites: RefCell<Vec<Site>>,
    site_at: RefCell<HashMap<(Span, SiteKind), SiteId>>,
}

impl<'a> Functions<'a> {
    /// The definitions of a file, with what is wrong with their names and parameters.
    pub(super) fn of(file: &'a RuleFile, findings: &mut Vec<Diagnostic>) -> Self {
        let definitions = &file.functions;
        let mut by_name: HashMap<String, usize> = HashMap::new();
        for (index, definition) in definitions.iter().enumerate() {
            let name = &definition.name;
            let upper = name.value.to_ascii_uppercase();
            if is_builtin(&upper) {
                findings.push(FunctionError::BuiltinRedefined { name: upper, at: name.span }.into());
                continue;
            }
            if let Some(first) = by_name.get(&upper) {
                findings.push(duplicate("function", &definitions[*first].name, name).into());
                continue;
            }
            by_name.insert(upper, index);
            parameters(&definition.params, findings);
        }
        let mut functions = Self {
            definitions,
            data: &file.data,
            by_name,
            calls: Vec::new(),
            recursive: HashSet::new(),
            broken: HashSet::new(),
            expanded: Cell::new(0),
            sites: RefCell::default(),
            site_at: RefCell::default(),
        };
        functions.calls = definitions.iter().map(|definition| functions.calls_of(definition)).collect();
        functions.find_cycles(findings);
        functions
    }

    /// The index of the function that a call means.
    pub(super) fn find(&self, name: &str) -> Option<usize> {
        self.by_name.get(&name.to_ascii_uppercase()).copied()
    }

    /// The names of all functions, as they are defined.
    pub(super) fn names(&self) -> impl Iterator<Item = &'a str> {
        self.definitions.iter().map(|definition| definition.name.value.as_str())
    }

    /// Whether a call can be replaced by the formula of the function. One that is wrong by itself is reported there.
    pub(super) fn can_expand(&self, index: usize) -> bool {
        let is_wrong = self.recursive.contains(&index) || self.broken.contains(&index);
        !is_wrong && self.definitions[index].body.is_some()
    }

    /// Counts expressions that calls have been replaced by.
    pub(super) fn count(&self, expressions: usize) {
        self.expanded.set(self.expanded.get() + expressions);
    }

    /// Whether [`MOST_EXPANDED`] is exceeded.
    pub(super) fn is_full(&self) -> bool {
        self.expanded.get() > MOST_EXPANDED
    }

    /// The site at a place of a function: the same one in all calls.
    pub(super) fn site(&self, kind: SiteKind, span: Span) -> Option<SiteId> {
        self.site_at.borrow().get(&(span, kind)).copied()
    }

    /// Adds a site of a function, unless it is there.
    pub(super) fn add_site(&self, site: Site) -> SiteId {
        *self.site_at.borrow_mut().entry((site.span, site.kind)).or_insert_with(|| {
            let mut sites = self.sites.borrow_mut();
            sites.push(site);
            SiteId(sites.len() as u32 - 1)
        })
    }

    /// The sites of all functions, by their ids.
    pub(super) fn sites(&self) -> Vec<Site> {
        self.sites.borrow().clone()
    }

    /// Checks each function by itself, and adds what is found.
    pub(super) fn check(&mut self, source: &Source, findings: &mut Vec<Diagnostic>) -> Vec<Function> {
        let mut checked: Vec<(usize, Function)> = Vec::new();
        for index in self.callees_first() {
            let definition = &self.definitions[index];
            let mut found = Vec::new();
            let file = as_rule_file(definition);
            let tree = build_function(source, &file, definition, self, &mut found);
            uses::conflicts(&tree, &mut found);
            let calls_broken = self.calls[index].iter().any(|(to, _)| !self.can_expand(*to));
            if calls_broken || found.iter().any(|one| !one.is_warning()) {
                self.broken.insert(index);
            }
            findings.append(&mut found);
            let (name, span) = (definition.name.clone(), definition.span);
            let signature = definition.signature();
            checked.push((index, Function { name, signature, span, file, checked: tree }));
        }
        checked.sort_by_key(|(index, _)| *index);
        checked.into_iter().map(|(_, function)| function).collect()
    }

    /// The functions of the file that a definition calls, and where.
    fn calls_of(&self, definition: &FunctionDefinition) -> Vec<(usize, Span)> {
        let defaults = definition.params.iter().filter_map(|param| param.default.as_ref());
        let mut calls = Vec::new();
        for formula in definition.body.iter().chain(defaults) {
            calls_in(formula, &mut |name, at| calls.extend(self.find(name).map(|index| (index, at))));
        }
        calls
    }

    /// The functions that can be expanded, each after those it calls.
    fn callees_first(&self) -> Vec<usize> {
        let mut order = Vec::new();
        let mut done = HashSet::new();
        let mut own: Vec<usize> = self.by_name.values().copied().collect();
        own.sort_unstable();
        for start in own {
            let mut path = vec![(start, 0)];
            while let Some((index, next)) = path.last_mut() {
                let (index, call) = (*index, self.calls[*index].get(*next));
                *next += 1;
                match call {
                    Some((to, _)) if self.can_expand(*to) && !done.contains(to) => path.push((*to, 0)),
                    Some(_) => {}
                    None => {
                        path.pop();
                        if done.insert(index) && self.can_expand(index) {
                            order.push(index);
                        }
                    }
                }
            }
        }
        order
    }

    /// Reports each function that calls itself, by way of others or not.
    fn find_cycles(&mut self, findings: &mut Vec<Diagnostic>) {
        for start in 0..self.definitions.len() {
            if self.recursive.contains(&start) {
                continue;
            }
            if let Some(path) = path_back(&self.calls, start) {
                findings.push(self.cycle(&path).into());
                self.recursive.extend(path.iter().map(|(from, _, _)| *from));
            }
        }
    }

    fn cycle(&self, path: &[(usize, usize, Span)]) -> FunctionError {
        let name = |index: usize| self.definitions[index].name.value.as_str();
        let arrow = |(from, to, at): &(usize, usize, Span)| {
            LabeledSpan::new_with_span(Some(format!("{} calls {}", name(*from), name(*to))), *at)
        };
        let message = if let [(own, ..)] = path {
            format!("function {} calls itself", name(*own))
        } else {
            let names: Vec<&str> = path.iter().map(|(from, ..)| name(*from)).collect();
            format!("functions call each other in a circle: {} → {}", names.join(" → "), names[0])
        };
        FunctionError::FunctionCycle { message, arrows: path.iter().map(arrow).collect() }
    }
}

/// The shortest path of calls from a function back to itself: caller, function called, and where.
fn path_back(calls: &[Vec<(usize, Span)>], start: usize) -> Option<Vec<(usize, usize, Span)>> {
    let mut reached_by: HashMap<usize, (usize, Span)> = HashMap::new();
    let mut waiting = std::collections::VecDeque::from([start]);
    while let Some(from) = waiting.pop_front() {
        for (to, at) in &calls[from] {
            if reached_by.contains_key(to) {
                continue;
            }
            reached_by.insert(*to, (from, *at));
            waiting.push_back(*to);
        }
    }
    let mut path = Vec::new();
    let mut to = start;
    loop {
        let (from, at) = reached_by.get(&to)?;
        path.push((*from, to, *at));
        to = *from;
        if to == start {
            path.reverse();
            return Some(path);
        }
    }
}

/// Names that calls of clayf have, those of operators among them.
fn is_builtin(upper: &str) -> bool {
    builtins::find(upper).is_some() || matches!(upper, "TRUE" | "FALSE" | "IN")
}

fn duplicate(what: &'static str, first: &Spanned<String>, second: &Spanned<String>) -> FunctionError {
    FunctionError::DuplicateFunction {
        what,
        name: second.value.clone(),
        first: first.span,
        second: second.span,
    }
}

fn parameters(params: &[Parameter], findings: &mut Vec<Diagnostic>) {
    let mut seen: HashMap<&str, &Spanned<String>> = HashMap::new();
    let mut has_optional = false;
    for param in params {
        if let Some(first) = seen.insert(&param.name.value, &param.name) {
            findings.push(duplicate("parameter", first, &param.name).into());
        }
        if has_optional && param.default.is_none() {
            let (name, at) = (param.name.value.clone(), param.name.span);
            findings.push(FunctionError::RequiredAfterOptional { name, at }.into());
        }
        has_optional |= param.default.is_some();
    }
}

/// A function as a rule file: its parameters as inputs, and its formula as the only column.
fn as_rule_file(definition: &FunctionDefinition) -> RuleFile {
    let input = |param: &Parameter| InputDeclaration {
        name: param.name.clone(),
        ty: param.ty.clone().unwrap_or(Spanned::new(Type::Any, param.name.span)),
        format: None,
        source: None,
    };
    RuleFile {
        inputs: definition.params.iter().map(input).collect(),
        columns: vec![ColumnDefinition::public(definition.name.clone(), definition.body.clone())],
        functions: vec![definition.clone()],
        ..RuleFile::default()
    }
}
