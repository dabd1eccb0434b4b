//! The forms beyond IF: buckets, points, choices, and bodies that are evaluated for each item of a list.

use super::{Builder, Local};
use crate::builtins::{self, Builtin, Each};
use crate::check::kinds::{Kind, KindSet};
use crate::check::order::names_in;
use crate::check::tree::LocalId;
use crate::check::tree::{Addend, Arm, Branch, Node, NodeKind, SiteKind};
use crate::diagnostics::CheckError;
use crate::span::Span;
use crate::syntax::ast::{CompareOp, Expr, ExprKind, Sign};
use crate::types::Type;
use crate::value::Value;

impl<'a> Builder<'a> {
    /// `BUCKET(n, 10, "S", 200, "M", "L")`: a result for each threshold that the number lies below.
    pub(super) fn bucket(&mut self, builtin: &'static Builtin, args: &'a [Expr], span: Span) -> Node {
        let value = self.node(&args[0]);
        self.wants(&value, Type::Number, "sorted into buckets, as a number", None);
        let told = self.findings.len();
        let rest = &args[1..];
        let mut steps = Vec::with_capacity(rest.len() / 2);
        for pair in rest.chunks_exact(2) {
            let threshold = self.node(&pair[0]);
            self.wants(&threshold, Type::Number, "a threshold, as a number", None);
            let Arm { node: result, site } = self.arm(SiteKind::Branch, &pair[1]);
            steps.push(Branch { condition: threshold, result, site });
        }
        self.thresholds_first(told, args, builtin.name);
        for pair in steps.windows(2) {
            if let (Some(first), Some(second)) = (number(&pair[0].condition), number(&pair[1].condition))
                && first >= second
            {
                let [first, second] = [pair[0].condition.span, pair[1].condition.span];
                self.findings
                    .push(CheckError::ThresholdsOutOfOrder { function: builtin.name, first, second }.into());
            }
        }
        let otherwise = rest.last().filter(|_| rest.len() % 2 == 1);
        let otherwise = otherwise.map(|otherwise| Box::new(self.arm(SiteKind::Branch, otherwise)));
        let (ty, words) =
            super::call::joined_type(Branch::results(&steps).chain(otherwise.iter().map(|arm| &arm.node)));
        let words = words && otherwise.is_some();
        Node { words, ..Node::new(NodeKind::Bucket { value: Box::new(value), steps, otherwise }, span, ty) }
    }

    /// `POINTS(condition, points, …)`: a sum of branches.
    pub(super) fn points(&mut self, args: &'a [Expr], span: Span) -> Node {
        let mut addends = Vec::with_capacity(args.len() / 2);
        for pair in args.chunks_exact(2) {
            let site = self.site(SiteKind::Addend, pair[1].span);
            let condition = self.condition(&pair[0], "used as a condition");
            let Arm { node: result, site: branch_site } = self.arm(SiteKind::Branch, &pair[1]);
            self.wants(&result, Type::Number, "points, as a number", None);
            let branches = vec![Branch { condition, result, site: branch_site }];
            let otherwise = Some(Box::new(Arm {
                node: Node::new(NodeKind::Constant(Value::Number(0.0)), pair[1].span, Type::Number),
                site: self.site(SiteKind::Branch, pair[0].span),
            }));
            let choice = NodeKind::Choose { branches, otherwise, or_not_available: false };
            let choice = Box::new(Node::new(choice, pair[1].span, Type::Number));
            let node = Node::new(NodeKind::AsNumber(choice), pair[1].span, Type::Number);
            addends.push(Addend { sign: Sign::Plus, node, site });
        }
        Node::new(NodeKind::Sum(addends), span, Type::Number)
    }

    /// `REASONS(condition, text, …)`: the list of `IF(condition, text)` without its empty items.
    pub(super) fn reasons(&mut self, args: &'a [Expr], span: Span) -> Node {
        let mut items = Vec::with_capacity(args.len() / 2);
        let first = self.sites_of(args.chunks_exact(2).map(|pair| pair[1].span));
        for pair in args.chunks_exact(2) {
            let condition = self.condition(&pair[0], "used as a condition");
            let Arm { node: result, site } = self.arm(SiteKind::Branch, &pair[1]);
            let (at, ty, members) = (result.span, result.ty, result.members.clone());
            let branches = vec![Branch { condition, result, site }];
            let choice = NodeKind::Choose { branches, otherwise: None, or_not_available: false };
            items.push(Node { members, ..Node::new(choice, at, Type::Blank.or(ty)) });
        }
        call_of("COMPACT", Node::new(NodeKind::List(items, first), span, Type::List), span)
    }

    /// `SUMIF(list, name, condition, value)`: `SUM(MAP(FILTER(list, name, condition), name, value))`.
    pub(super) fn aggregate_if(
        &mut self,
        aggregate: &str,
        builtin: &'static Builtin,
        args: &'a [Expr],
        span: Span,
    ) -> Node {
        let kept = self.each(Each::Filter, builtin, &args[..3], span);
        let (Some(value), NodeKind::Each { local, .. }) = (args.get(3), &kept.kind) else {
            return call_of(aggregate, kept, span);
        };
        let (local, name) =
            (*local, if let ExprKind::Name(name) = &args[1].kind { name.as_str() } else { "" });
        let members = self.items_of(&kept);
        self.scope.push(Local { id: local, members, ..Local::named(name) });
        let body = self.node(value);
        self.scope.pop();
        let list_and_body = Box::new((kept, body));
        let mapped = NodeKind::Each { each: Each::Map, list_and_body, local };
        call_of(aggregate, Node::new(mapped, span, Type::List), span)
    }

    pub(super) fn choose_by_index(&mut self, args: &'a [Expr], span: Span) -> Node {
        let index = self.node(&args[0]);
        self.wants(&index, Type::Number, "counts the values, as a number", None);
        let arms: Vec<Arm> = args[1..].iter().map(|arg| self.arm(SiteKind::Branch, arg)).collect();
        let (ty, words) = super::call::joined_type(arms.iter().map(|arm| &arm.node));
        Node { words, ..Node::new(NodeKind::Pick { index: Box::new(index), arms }, span, ty) }
    }

    /// `IN(value, a, b)` is `value IN [a, b]`.
    pub(super) fn in_call(&mut self, args: &'a [Expr], span: Span) -> Node {
        let needle = Box::new(self.node(&args[0]));
        if let [list] = &args[1..]
            && !matches!(
                list.kind,
                ExprKind::Text(_) | ExprKind::Number(_) | ExprKind::Boolean(_) | ExprKind::List(_)
            )
        {
            let list = self.node(list);
            self.searched_as_list(&list, &args[0], false, span);
            let needle_and_list = Box::new((*needle, list));
            return Node::new(NodeKind::InList { needle_and_list, negated: false }, span, Type::Boolean);
        }
        let items = args[1..].iter().flat_map(|arg| match &arg.kind {
            ExprKind::List(items) => items.as_slice(),
            _ => std::slice::from_ref(arg),
        });
        let mut arms = Vec::new();
        for item in items {
            let arm = self.arm(SiteKind::Arm, item);
            self.compared(CompareOp::Equal, &needle, &arm.node);
            arms.push(arm);
        }
        Node::new(NodeKind::InArms { needle, arms, negated: false }, span, Type::Boolean)
    }

    /// `ANY(list, name, condition)` and its kin: the name stands for each item in turn.
    pub(super) fn each(
        &mut self,
        each: Each,
        builtin: &'static Builtin,
        args: &'a [Expr],
        span: Span,
    ) -> Node {
        if let Some(error) = item_name_first(self.source, builtin, args) {
            self.findings.push(error.into());
            return Node::new(NodeKind::Constant(Value::Blank), span, builtin.returns.ty);
        }
        let list = self.node(&args[0]);
        self.used(&list, KindSet::of(&[Kind::List]), &format!("gone through by {}", builtin.name));
        let name = if let ExprKind::Name(name) = &args[1].kind {
            name.as_str()
        } else {
            let example = format!("{}(Tech Stack, t, STARTSWITH(t, \"AWS\"))", builtin.name);
            self.findings
                .push(CheckError::NameNeeded { function: builtin.name, example, at: args[1].span }.into());
            ""
        };
        let members = self.items_of(&list);
        let local = self.bind(Local { members, ..Local::named(name) });
        let body = self.node(&args[2]);
        if !matches!(each, Each::Map | Each::Keyed) {
            self.wants(&body, Type::Boolean, "a condition for each item", None);
        }
        self.scope.pop();
        let ty = match each {
            Each::Any | Each::All => Type::Boolean,
            Each::CountIf => Type::Number,
            Each::Filter | Each::Map | Each::Keyed => Type::List,
        };
        Node::new(NodeKind::Each { each, list_and_body: Box::new((list, body)), local }, span, ty)
    }

    /// `SORTBY(list, name, key, descending)` and its kin: a function of the pairs of key and item.
    pub(super) fn keyed(
        &mut self,
        of_pairs: &'static Builtin,
        builtin: &'static Builtin,
        args: &'a [Expr],
        span: Span,
    ) -> Node {
        let pairs = self.each(Each::Keyed, builtin, &args[..3], args[0].span.to(args[2].span));
        let mut nodes = vec![pairs];
        if let Some(descending) = args.get(3) {
            nodes.push(self.condition(descending, "whether the order is descending"));
        }
        Node::new(NodeKind::Call(of_pairs, nodes), span, builtin.returns.ty)
    }

    /// `REDUCE(list, start, total, name, formula)`
    pub(super) fn reduce(&mut self, builtin: &'static Builtin, args: &'a [Expr], span: Span) -> Node {
        let list = self.node(&args[0]);
        self.used(&list, KindSet::of(&[Kind::List]), "gone through by REDUCE");
        let start = self.node(&args[1]);
        let outer = self.scope.len();
        let [total, item] = [&args[2], &args[3]].map(|name| self.item_name(name, builtin));
        let formula = self.node(&args[4]);
        self.scope.truncate(outer);
        let list_start_formula = Box::new([list, start, formula]);
        Node::new(NodeKind::Reduce { list_start_formula, total, item }, span, Type::Any)
    }

    /// Brings a name for items into scope.
    fn item_name(&mut self, name: &'a Expr, builtin: &'static Builtin) -> LocalId {
        let name = if let ExprKind::Name(name) = &name.kind {
            name.as_str()
        } else {
            let example = builtin.examples.first().map_or("", |example| example.formula).to_owned();
            self.findings
                .push(CheckError::NameNeeded { function: builtin.name, example, at: name.span }.into());
            ""
        };
        self.bind(Local::named(name))
    }
}

/// A call of the builtin of this name with one argument.
fn call_of(name: &str, argument: Node, span: Span) -> Node {
    match builtins::find(name) {
        Some(builtin) => {
            let ty = builtin.returns.ty;
            Node::new(NodeKind::Call(builtin, vec![argument]), span, ty)
        }
        None => argument,
    }
}

/// `ANY(t, Tags, t = "webinar")`: the condition reads the first name and not the second.
fn item_name_first(source: &str, builtin: &'static Builtin, args: &[Expr]) -> Option<CheckError> {
    let [item, list, body] = args else { return None };
    let (ExprKind::Name(first), ExprKind::Name(second)) = (&item.kind, &list.kind) else { return None };
    let mut read = (false, false);
    names_in(body, &mut Vec::new(), &mut |name, _| {
        read.0 |= name == first;
        read.1 |= name == second;
    });
    (read == (true, false) && first != second).then(|| {
        let [item, list, body] = [item, list, body].map(|arg| arg.span.of(source));
        let instead = format!("{}({list}, {item}, {body})", builtin.name);
        CheckError::ItemNameFirst { function: builtin.name, at: args[0].span.to(args[1].span), instead }
    })
}

fn number(node: &Node) -> Option<f64> {
    match &node.kind {
        NodeKind::Constant(Value::Number(number)) => Some(*number),
        NodeKind::Negate(inner) => number(inner).map(|number| -number),
        _ => None,
    }
}
