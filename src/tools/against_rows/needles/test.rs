//! The tests of a rule that set a value against texts that are written out.

use crate::builtins::{Builtin, Call, Run};
use crate::check::{Node, NodeKind};
use crate::span::Span;
use crate::syntax::ast::CompareOp;
use crate::tools::against_rows::bench::{Bench, Scope, Site};
use crate::tools::against_rows::domain::Domain;
use crate::value::{Date, Value, equal, read_number, to_boolean};

/// A value set against texts.
pub(super) struct Test<'r> {
    pub(super) subject: &'r Node,
    pub(super) scope: Scope<'r>,
    pub(super) literals: Vec<(&'r str, Span)>,
    pub(super) how: How,
    /// The whole test.
    pub(super) node: &'r Node,
    pub(super) at: Span,
}

/// How a value is set against a text.
#[derive(Clone, Copy)]
pub(super) enum How {
    /// As `=` does.
    Equal,
    /// By a function of the value and the text.
    Function(&'static Builtin),
    /// By a function of the text and the value.
    Turned(&'static Builtin),
    /// By a regular expression.
    Pattern(&'static Builtin),
}

/// The tests that a node makes.
pub(super) fn tests<'r>(site: &Site<'r>) -> Vec<Test<'r>> {
    let test = |subject, literals: Vec<(&'r str, Span)>, how| {
        let scope = site.scope.clone();
        (!literals.is_empty()).then_some(Test {
            subject,
            scope,
            literals,
            how,
            node: site.node,
            at: site.node.span,
        })
    };
    match &site.node.kind {
        NodeKind::Compare(CompareOp::Equal | CompareOp::NotEqual, sides) => {
            let (left, right) = (&sides.0, &sides.1);
            let pair = |own, other| test(own, literals([other]), How::Equal);
            pair(left, right).or_else(|| pair(right, left)).into_iter().collect()
        }
        NodeKind::InArms { needle, arms, .. } => {
            set_against(needle, arms.iter().map(|arm| &arm.node).collect(), test)
        }
        NodeKind::Switch { value, cases, .. } => {
            set_against(value, cases.iter().map(|case| &case.case).collect(), test)
        }
        NodeKind::InList { needle_and_list, .. } => {
            let (needle, list) = (&needle_and_list.0, &needle_and_list.1);
            // A text in place of a list is a list of one.
            let turned = || test(needle, literals([list]), How::Equal);
            test(list, literals([needle]), How::Equal).or_else(turned).into_iter().collect()
        }
        NodeKind::Call(builtin, args) => called(builtin, args)
            .and_then(|(subject, texts, how)| test(subject, texts, how))
            .into_iter()
            .collect(),
        _ => Vec::new(),
    }
}

/// A value beside texts, or a text beside values.
fn set_against<'r>(
    one: &'r Node,
    others: Vec<&'r Node>,
    test: impl Fn(&'r Node, Vec<(&'r str, Span)>, How) -> Option<Test<'r>>,
) -> Vec<Test<'r>> {
    let own = literals([one]);
    if own.is_empty() {
        return test(one, literals(others), How::Equal).into_iter().collect();
    }
    let values = others.into_iter().filter(|other| !matches!(other.kind, NodeKind::Constant(_)));
    values.filter_map(|value| test(value, own.clone(), How::Equal)).collect()
}

type Called<'r> = (&'r Node, Vec<(&'r str, Span)>, How);

fn called<'r>(builtin: &'static Builtin, args: &'r [Node]) -> Option<Called<'r>> {
    let (first, rest) = args.split_first()?;
    match builtin.name {
        "CONTAINS" | "ICONTAINS" | "CONTAINSWORD" | "CONTAINSALL" | "STARTSWITH" | "ENDSWITH"
        | "INCLUDES" => {
            let needles = rest.iter().flat_map(|needle| match &needle.kind {
                NodeKind::List(items, _) => items.iter().collect(),
                _ => vec![needle],
            });
            Some((first, literals(needles), How::Function(builtin)))
        }
        "FIND" | "SEARCH" => Some((rest.first()?, literals([first]), How::Turned(builtin))),
        "EXACT" => {
            let second = rest.first()?;
            let (subject, literal) =
                if literals([first]).is_empty() { (first, second) } else { (second, first) };
            Some((subject, literals([literal]), How::Function(builtin)))
        }
        "REGEXMATCH" | "REGEXEXTRACT" => {
            let pattern = rest.first()?;
            Some((first, literals([pattern]), How::Pattern(builtin)))
        }
        _ => None,
    }
}

/// The texts among nodes that are not empty.
fn literals<'r>(nodes: impl IntoIterator<Item = &'r Node>) -> Vec<(&'r str, Span)> {
    let text = |node: &'r Node| match &node.kind {
        NodeKind::Constant(Value::Text(text)) if !text.trim().is_empty() => Some((text.as_str(), node.span)),
        _ => None,
    };
    nodes.into_iter().filter_map(text).collect()
}

impl<'r> Test<'r> {
    /// Whether each literal matches a value.
    pub(super) fn matched(&self, bench: &Bench<'r>, domain: &Domain<'r>) -> Vec<bool> {
        let literals = self.literals.iter();
        literals.map(|(text, _)| self.is_matched(bench, domain, text)).collect()
    }

    fn is_matched(&self, bench: &Bench<'r>, domain: &Domain<'r>, text: &str) -> bool {
        // Words equal a text of the same letters, and nothing else.
        let is_words = read_number(text).is_none()
            && Date::read(text, bench.clock).is_none()
            && to_boolean(&Value::borrowed(text)).is_err();
        if matches!(self.how, How::Equal) && is_words {
            return domain.has_text(text);
        }
        domain.values.iter().any(|(value, _)| self.is_met(bench, value, text, domain.is_list))
    }

    /// Whether a value meets a literal, or whether it can't be known since too much was compared.
    pub(super) fn is_met(&self, bench: &Bench<'r>, value: &Value<'_>, text: &str, is_list: bool) -> bool {
        if !bench.spend(1) {
            return true;
        }
        let value = if is_list && !matches!(self.how, How::Equal) {
            Value::list(vec![value.clone()])
        } else {
            value.clone()
        };
        let text = Value::borrowed(text);
        match self.how {
            How::Equal => equal(&value, &text, bench.clock),
            How::Function(builtin) | How::Pattern(builtin) => holds(bench, builtin, &[value, text]),
            How::Turned(builtin) => holds(bench, builtin, &[text, value]),
        }
    }
}

/// Whether a function finds something.
fn holds(bench: &Bench<'_>, builtin: &'static Builtin, args: &[Value<'_>]) -> bool {
    let call = Call::new(builtin, args, bench.clock, &|_| None);
    let result = match builtin.run {
        Run::Eager(run) | Run::SeesErrors(run) => run(&call),
        Run::Form(_) => return false,
    };
    match result {
        Ok(Value::Boolean(held)) => held,
        Ok(Value::Number(_)) => true,
        Ok(Value::Text(text)) => !text.is_empty(),
        _ => false,
    }
}
