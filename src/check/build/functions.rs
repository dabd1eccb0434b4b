//! Calls of functions of the file: each becomes a LET that binds the arguments to the parameters, with the formula of
//! the function for its result.

use super::{Builder, Local};
use crate::check::functions::{Functions, MOST_EXPANDED};
use crate::check::tree::{Argument, Checked, Node, NodeKind, SiteKind};
use crate::diagnostics::{Count, Diagnostic, FunctionError, Source};
use crate::span::Span;
use crate::syntax::NESTING_LIMIT;
use crate::syntax::ast::{Expr, FunctionDefinition, Parameter, RuleFile};
use crate::types::Type;
use crate::value::{Value, is_empty};

/// The name of a parameter while the arguments after it are built, which do not see it.
const UNNAMED: &str = "\0";

/// Builds the formula of a function, whose parameters are the inputs of `file`.
pub(in crate::check) fn build_function(
    source: &Source,
    file: &RuleFile,
    definition: &FunctionDefinition,
    functions: &Functions<'_>,
    findings: &mut Vec<Diagnostic>,
) -> Checked {
    let mut builder = Builder::new(source.text(), file, functions, findings);
    builder.own_function = Some(definition);
    for param in &definition.params {
        if let Some(default) = &param.default {
            let arm = builder.arm(SiteKind::Binding, default);
            builder.wants_parameter(&arm.node, definition, param);
        }
    }
    let node = file.columns[0].formula.as_ref().map(|formula| builder.node(formula));
    builder.finish(source, file, &[0], vec![node])
}

impl<'a> Builder<'a> {
    /// A call of the function of this index.
    pub(super) fn own_call(&mut self, index: usize, name: Span, args: &'a [Expr], span: Span) -> Node {
        let definition = &self.functions.definitions[index];
        if let Some(error) = wrong_count(definition, name, args, span) {
            self.findings.push(error.into());
            return self.nothing_of(args, Type::Any, span);
        }
        if !self.functions.can_expand(index) {
            return self.nothing_of(args, Type::Any, span);
        }
        if self.functions.is_full() || self.depth >= NESTING_LIMIT {
            let limit = MOST_EXPANDED;
            self.findings.push(FunctionError::FunctionsTooLarge { limit, at: span }.into());
            return Node::new(NodeKind::Constant(Value::Blank), span, Type::Any);
        }
        let outer = self.scope.len();
        let hidden = self.hidden;
        let mut bindings = Vec::with_capacity(definition.params.len());
        for (position, param) in definition.params.iter().enumerate() {
            let mut arm = match (args.get(position), &param.default) {
                (Some(arg), _) => self.arm(SiteKind::Binding, arg),
                (None, Some(default)) => {
                    self.in_function(definition, outer, |builder| builder.arm(SiteKind::Binding, default))
                }
                // The number of arguments is right, so that each without a default is given.
                (None, None) => continue,
            };
            self.wants_parameter(&arm.node, definition, param);
            arm.node = read_as_declared(arm.node, definition, param);
            let ty = param
                .ty
                .as_ref()
                .map_or(arm.node.ty, |ty| if ty.value == Type::Any { arm.node.ty } else { ty.value });
            let words = arm.node.words;
            let data = super::whole_data_of(&arm.node);
            bindings.push((self.bind(Local { ty, words, data, ..Local::named(UNNAMED) }), arm));
        }
        let before = self.findings.len();
        let body = definition
            .body
            .as_ref()
            .map(|body| self.in_function(definition, outer, |builder| builder.node(body)));
        let found = self.findings.split_off(before);
        self.report_in_call(index, &found, span);
        self.scope.truncate(outer);
        self.hidden = hidden;
        let Some(body) = body else { return Node::new(NodeKind::Constant(Value::Blank), span, Type::Any) };
        let (ty, words) = (body.ty, body.words);
        Node { words, ..Node::new(NodeKind::Let { bindings, body: Box::new(body) }, span, ty) }
    }

    /// Builds a part of a function, which sees the parameters bound so far, from slot `first` on, and nothing else.
    fn in_function<T>(
        &mut self,
        definition: &'a FunctionDefinition,
        first: usize,
        build: impl FnOnce(&mut Self) -> T,
    ) -> T {
        let hidden = std::mem::replace(&mut self.hidden, first);
        for (local, param) in self.scope[first..].iter_mut().zip(&definition.params) {
            local.name = &param.name.value;
        }
        self.open_calls += 1;
        let result = build(self);
        self.open_calls -= 1;
        self.hidden = hidden;
        for local in &mut self.scope[first..] {
            local.name = UNNAMED;
        }
        result
    }

    fn wants_parameter(&mut self, node: &Node, definition: &FunctionDefinition, param: &Parameter) {
        // An empty text is how a call leaves a value open.
        let is_empty = matches!(&node.kind, NodeKind::Constant(value) if is_empty(value));
        if let Some(ty) = param.ty.as_ref().filter(|_| !is_empty) {
            let (name, function) = (&param.name.value, &definition.name.value);
            let why = format!("`{name}` of {function} is {}", ty.value.with_article());
            self.wants(node, ty.value, &why, Some(ty.span));
        }
    }

    /// Reports an error that only the arguments of this call cause: the function by itself has none.
    fn report_in_call(&mut self, index: usize, found: &[Diagnostic], call: Span) {
        let function = &self.functions.definitions[index].name.value;
        if found.iter().any(is_too_large) {
            let limit = MOST_EXPANDED;
            self.findings.push(FunctionError::FunctionsTooLarge { limit, at: call }.into());
            return;
        }
        let Some(error) = found.iter().find(|one| !one.is_warning()) else { return };
        let function = function.clone();
        self.findings.push(mismatch_in_call(error, function, call).into());
    }

    /// A name in a function that is not a parameter.
    pub(super) fn unseen_in_function(&mut self, name: &str, at: Span) -> Node {
        if let Some(own) = self.own_function.filter(|_| self.open_calls == 0) {
            let function = own.name.value.clone();
            let help = super::did_you_mean(&super::suggest(
                name,
                own.params.iter().map(|param| param.name.value.as_str()),
            ));
            let help = help.unwrap_or_else(|| {
                let parameter = crate::syntax::bare_or_braced(name);
                let params = own.params.iter().map(|param| param.name.value.clone());
                let params: Vec<String> = params.chain([parameter]).collect();
                format!(
                    "pass it as an argument, with a parameter for it: `{function}({}) := …`",
                    params.join(", ")
                )
            });
            let name = name.to_owned();
            self.findings.push(FunctionError::ColumnInFunction { function, name, at, help }.into());
        }
        Node::new(NodeKind::Constant(Value::Blank), at, Type::Any)
    }
}

/// An error inside of a function as an error of a call.
fn mismatch_in_call(error: &Diagnostic, function: String, call: Span) -> FunctionError {
    if let Diagnostic::Function(FunctionError::ArgumentMismatch { problem, at, why, .. }) = error {
        let (problem, at, why) = (problem.clone(), *at, why.clone());
        return FunctionError::ArgumentMismatch { function, problem, call, at, why };
    }
    let label = miette::Diagnostic::labels(error).and_then(|mut labels| labels.next());
    let at = label.as_ref().map_or(call, |label| Span::new(label.offset(), label.offset() + label.len()));
    let why = label.and_then(|label| label.label().map(ToOwned::to_owned)).unwrap_or_default();
    FunctionError::ArgumentMismatch { function, problem: error.to_string(), call, at, why }
}

fn is_too_large(finding: &Diagnostic) -> bool {
    matches!(finding, Diagnostic::Function(FunctionError::FunctionsTooLarge { .. }))
}

/// The argument read as its parameter's type, where it may be of another.
fn read_as_declared(node: Node, definition: &FunctionDefinition, param: &Parameter) -> Node {
    let ty = param.ty.as_ref().map_or(Type::Any, |ty| ty.value);
    if matches!(ty, Type::Any | Type::Blank | Type::List)
        || matches!(node.ty, own if own == ty || own == Type::Blank)
    {
        return node;
    }
    let place = format!("`{}` of {}", param.name.value, definition.name.value);
    let span = node.span;
    Node::new(NodeKind::Argument(Box::new(Argument { value: node, ty, place })), span, ty)
}

/// Too few or too many arguments.
fn wrong_count(
    definition: &FunctionDefinition,
    name: Span,
    args: &[Expr],
    span: Span,
) -> Option<FunctionError> {
    let (most, fewest) =
        (definition.params.len(), definition.params.iter().filter(|param| param.default.is_none()).count());
    let count = args.len();
    if (fewest..=most).contains(&count) {
        return None;
    }
    let limit = if count < fewest { fewest } else { most };
    let bound = match (fewest == most, count < fewest) {
        (true, _) => "",
        (false, true) => "at least ",
        (false, false) => "at most ",
    };
    let wanted =
        if limit == 0 { "no arguments".to_owned() } else { format!("{bound}{}", Count(limit, "argument")) };
    let found = match count {
        0 => "none is given".to_owned(),
        1 => "1 is given".to_owned(),
        _ => format!("{count} are given"),
    };
    let (at, problem) = match definition.params.get(count) {
        Some(missing) if count < fewest => {
            let end = Span::new(span.end as usize - 1, span.end as usize);
            (end, format!("`{}` is missing", missing.name.value))
        }
        _ => (args.get(most).map_or(name, |extra| extra.span), "this one is too many".to_owned()),
    };
    let (function, signature) = (definition.name.value.clone(), definition.signature());
    Some(FunctionError::ArgumentCount { function, wanted, found, at, problem, signature })
}
