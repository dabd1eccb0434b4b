//! A checked rule as lints look at it: each expression with its text, its type, and what its names stand for.

use crate::builtins::{self, Builtin, ParamKind, Role};
use crate::check::{Checked, Input, Node, NodeKind, names_read};
use crate::span::Span;
use crate::syntax::ast::{Accessor, Expr, ExprKind, Factor, InputSource, RuleFile, Sign};
use crate::types::Type;
use std::collections::{HashMap, HashSet};

/// How many names are followed from one to the next.
const MOST_STEPS: usize = 8;

/// How many expressions are looked at to find out whether one varies.
const MOST_NODES: usize = 2_000;

/// A checked rule, with the tree of its text beside it.
pub(super) struct View<'a> {
    pub file: &'a RuleFile,
    pub checked: &'a Checked,
    pub text: &'a str,
    nodes: HashMap<Span, &'a Node>,
    columns: HashMap<&'a str, &'a Expr>,
    /// Every name that a formula reads or the file declares.
    names: HashSet<&'a str>,
}

/// A `LET` name or item name that is in scope.
#[derive(Clone, Copy)]
pub(super) struct Local<'a> {
    pub name: &'a str,
    /// Its value; `None` for the name of an item.
    pub value: Option<&'a Expr>,
}

/// The names in scope, the innermost last.
pub(super) type Scope<'a> = Vec<Local<'a>>;

impl<'a> View<'a> {
    pub(super) fn new(file: &'a RuleFile, checked: &'a Checked) -> Self {
        let mut nodes = HashMap::new();
        checked.columns.iter().for_each(|column| index_nodes(&column.node, &mut nodes));
        let of_inputs = checked.inputs.iter().filter_map(Input::formula);
        of_inputs.for_each(|formula| index_nodes(formula, &mut nodes));
        let formulas = || file.columns.iter().filter_map(|column| Some((column, column.formula.as_ref()?)));
        let mut names: HashSet<&str> = formulas().flat_map(|(_, formula)| names_read(formula)).collect();
        names.extend(file.columns.iter().map(|column| column.name.value.as_str()));
        names.extend(file.inputs.iter().map(|input| input.name.value.as_str()));
        let columns = formulas().map(|(column, formula)| (column.name.value.as_str(), formula)).collect();
        Self { file, checked, text: checked.source.text(), nodes, columns, names }
    }

    /// The formulas of the file, in order.
    pub(super) fn formulas(&self) -> impl Iterator<Item = &'a Expr> + use<'a> {
        self.file.columns.iter().filter_map(|column| column.formula.as_ref())
    }

    /// Calls `visit` for every expression, outermost first, with the names that are in scope there.
    pub(super) fn walk(&self, visit: &mut dyn FnMut(&'a Expr, &Scope<'a>)) {
        for input in &self.file.inputs {
            if let Some(InputSource::Formula(formula)) = &input.source {
                // Its names are keys of the row, even where a column has the same name.
                let keys = names_read(formula).into_iter();
                walk(formula, &mut keys.map(|name| Local { name, value: None }).collect(), visit);
            }
        }
        for formula in self.formulas() {
            walk(formula, &mut Vec::new(), visit);
        }
    }

    /// The source of an expression on one line, as a help text shows it.
    pub(super) fn written(&self, expr: &Expr) -> String {
        expr.span.of(self.text).split_whitespace().collect::<Vec<_>>().join(" ")
    }

    /// The source of an expression, with the parentheses around its first and last part.
    pub(super) fn balanced(&self, expr: &Expr) -> &'a str {
        crate::syntax::balanced(self.text, expr.span).of(self.text)
    }

    /// The type that is known of an expression.
    pub(super) fn ty(&self, expr: &Expr) -> Type {
        self.nodes.get(&expr.span).map_or(Type::Any, |node| node.ty)
    }

    /// Whether the file has a column, an input or a `LET` name of this name.
    pub(super) fn is_name(&self, name: &str, scope: &Scope<'a>) -> bool {
        self.names.contains(name) || scope.iter().any(|local| local.name == name)
    }

    /// Whether a name is that of a column or input of the file, or in scope there.
    pub(super) fn is_declared(&self, name: &str, scope: &Scope<'a>) -> bool {
        self.column(name).is_some()
            || self.file.inputs.iter().any(|input| input.name.value == name)
            || scope.iter().any(|local| local.name == name)
    }

    /// Whether an input of this name is declared with a type.
    pub(super) fn is_declared_as(&self, name: &str, ty: Type) -> bool {
        self.file.inputs.iter().any(|input| input.name.value == name && input.ty.value == ty)
    }

    /// Whether the rule is a file of columns, rather than a single formula that someone tries.
    pub(super) fn is_named_rule(&self) -> bool {
        self.file.columns.iter().any(|column| column.name.span.start < column.name.span.end) || self.is_file()
    }

    /// Whether the rule is a file, rather than what is typed at a prompt, where later lines may read what earlier ones
    /// declare.
    pub(super) fn is_file(&self) -> bool {
        self.checked.source.name() != "formula"
    }

    /// The column of the file that has this name.
    pub(super) fn column(&self, name: &str) -> Option<&'a Expr> {
        self.columns.get(name).copied()
    }

    /// The text of a literal. A text that stands in no source, such as a part of a template, is none.
    pub(super) fn literal(&self, expr: &'a Expr) -> Option<&'a str> {
        let ExprKind::Text(text) = &expr.kind else { return None };
        expr.span.of(self.text).starts_with(['"', '\'']).then_some(text.as_str())
    }

    /// The text of a literal, or of a name that stands for one.
    pub(super) fn text_of(&self, expr: &'a Expr, scope: &Scope<'a>) -> Option<&'a str> {
        self.literal(self.resolve(expr, scope))
    }

    /// What an expression stands for: names of `LET` and of computed columns are replaced by their formulas.
    pub(super) fn resolve(&self, expr: &'a Expr, scope: &Scope<'a>) -> &'a Expr {
        let mut found = expr;
        for _ in 0..MOST_STEPS {
            let ExprKind::Name(name) = &found.kind else { break };
            let local = scope.iter().rev().find(|local| local.name == name);
            let value = local.map_or_else(|| self.column(name), |local| local.value);
            let Some(value) = value else { break };
            found = value;
        }
        found
    }

    /// Whether an expression reads the row or the clock.
    pub(super) fn varies(&self, expr: &'a Expr, scope: &Scope<'a>) -> bool {
        self.varies_within(expr, scope, &mut MOST_NODES.clone())
    }

    /// Beyond the budget, an expression varies: one of that size is no literal.
    fn varies_within(&self, expr: &'a Expr, scope: &Scope<'a>, budget: &mut usize) -> bool {
        if *budget == 0 || is_clock(expr) {
            return true;
        }
        *budget -= 1;
        if let ExprKind::Name(_) = &expr.kind {
            let resolved = self.resolve(expr, scope);
            return std::ptr::eq(resolved, expr) || self.varies_within(resolved, scope, budget);
        }
        expr.children().into_iter().any(|child| self.varies_within(child, scope, budget))
    }

    /// Whether an expression reads the row; the clock alone does not count.
    pub(super) fn reads_row(&self, expr: &'a Expr, scope: &Scope<'a>) -> bool {
        !is_clock(expr) && self.varies(expr, scope)
    }
}

fn index_nodes<'a>(node: &'a Node, nodes: &mut HashMap<Span, &'a Node>) {
    nodes.insert(node.span, node);
    // The points of POINTS stand three times for one text; the innermost node is the one that was written.
    if let NodeKind::Choose { branches, otherwise, .. } = &node.kind {
        otherwise.iter().for_each(|arm| index_nodes(&arm.node, nodes));
        for branch in branches {
            index_nodes(&branch.condition, nodes);
            index_nodes(&branch.result, nodes);
        }
        return;
    }
    node.children().into_iter().for_each(|child| index_nodes(child, nodes));
}

fn walk<'a>(expr: &'a Expr, scope: &mut Scope<'a>, visit: &mut dyn FnMut(&'a Expr, &Scope<'a>)) {
    visit(expr, scope);
    let outer = scope.len();
    match &expr.kind {
        ExprKind::Let { bindings, body } => {
            for binding in bindings {
                walk(&binding.value, scope, visit);
                scope.push(Local { name: &binding.name.value, value: Some(&binding.value) });
            }
            walk(body, scope, visit);
        }
        ExprKind::Call { args, .. } => {
            let builtin = builtin_of(expr);
            for (index, arg) in args.iter().enumerate() {
                let param = builtin.and_then(|builtin| builtin.param_of(index, args.len()));
                match &arg.kind {
                    ExprKind::Name(name) if param.is_some_and(|param| param.kind == ParamKind::Binding) => {
                        scope.push(Local { name, value: None });
                    }
                    _ => walk(arg, scope, visit),
                }
            }
        }
        _ => expr.children().into_iter().for_each(|child| walk(child, scope, visit)),
    }
    scope.truncate(outer);
}

/// The function that a call names.
pub(super) fn builtin_of(expr: &Expr) -> Option<&'static Builtin> {
    let ExprKind::Call { function, .. } = &expr.kind else { return None };
    builtins::find(&function.value)
}

/// The function and the arguments of a call.
pub(super) fn call(expr: &Expr) -> Option<(&'static Builtin, &[Expr])> {
    let ExprKind::Call { args, .. } = &expr.kind else { return None };
    Some((builtin_of(expr)?, args))
}

/// The arguments of a call that play a part, in order.
pub(super) fn with_role<'e>(
    builtin: &'static Builtin,
    args: &'e [Expr],
    role: Role,
) -> impl Iterator<Item = (usize, &'e Expr)> + use<'e> {
    args.iter().enumerate().filter(move |(index, _)| {
        builtin.param_of(*index, args.len()).is_some_and(|param| param.role == role)
    })
}

/// Whether an expression is a call of a function without parameters that gives a date: `TODAY()` or `NOW()`.
pub(super) fn is_clock(expr: &Expr) -> bool {
    builtin_of(expr).is_some_and(|builtin| builtin.params.is_empty() && builtin.returns.ty == Type::Date)
}

/// The number that an expression of literals gives.
pub(super) fn number(expr: &Expr) -> Option<f64> {
    match &expr.kind {
        ExprKind::Number(number) => Some(*number),
        ExprKind::Sign { op, operand } => {
            let number = number(operand)?;
            Some(if *op == Sign::Minus { -number } else { number })
        }
        ExprKind::Percent(operand) => Some(number(operand)? / 100.0),
        ExprKind::Product(factors) => factors.iter().try_fold(1.0, |product, (op, factor)| {
            let factor = number(factor)?;
            Some(if *op == Factor::Divide { product / factor } else { product * factor })
        }),
        ExprKind::Sum(terms) => terms.iter().try_fold(0.0, |sum, (sign, term)| {
            let term = number(term)?;
            Some(if *sign == Sign::Minus { sum - term } else { sum + term })
        }),
        _ => None,
    }
}

/// Whether an expression is made of literals alone.
pub(super) fn is_literal(expr: &Expr) -> bool {
    match &expr.kind {
        ExprKind::Text(_) | ExprKind::Boolean(_) => true,
        ExprKind::List(items) => items.iter().all(is_literal),
        ExprKind::Record(items) => items.iter().all(|item| is_literal(item.value())),
        _ => number(expr).is_some(),
    }
}

/// The name of the column or field that an expression reads.
pub(super) fn read_name(expr: &Expr) -> Option<&str> {
    match &expr.kind {
        ExprKind::Name(name) => Some(name),
        ExprKind::Access { path, .. } => match path.last()? {
            Accessor::Field(field) => Some(&field.value),
            Accessor::Index(_) => None,
        },
        _ => None,
    }
}
