//! What an operator or function wants of its operand: literals are checked at once, columns are remembered.

use super::Builder;
use crate::builtins::is_placeholder;
use crate::check::braces::name_inside;
use crate::check::kinds::{Kind, KindSet};
use crate::check::spelled_date::SpelledDate;
use crate::check::tree::{Node, NodeKind};
use crate::check::uses::Use;
use crate::diagnostics::CheckError;
use crate::span::Span;
use crate::syntax::ast::{Accessor, ExprKind};
use crate::syntax::{bare_or_braced, is_bare_name};
use crate::types::Type;
use crate::value::{Date, Value, reads_as_range, to_boolean};

impl Builder<'_> {
    /// `node` stands where a value of type `ty` is wanted; `why` says what for.
    pub(super) fn wants(&mut self, node: &Node, ty: Type, why: &str, place: Option<Span>) {
        let can_not = match ty {
            Type::Number => node.words || matches!(node.ty, Type::Date | Type::List | Type::Record),
            Type::Date => {
                matches!(node.ty, Type::Number | Type::Boolean | Type::List | Type::Record)
                    || self.never_a_date(node)
            }
            Type::Boolean => never_a_condition(node) || matches!(node.ty, Type::Date | Type::Record),
            Type::Text => matches!(node.ty, Type::List | Type::Record),
            Type::Any | Type::Blank | Type::List | Type::Record => false,
        };
        if can_not {
            self.mismatch(node, ty, why, place);
        }
        if ty == Type::Number {
            self.reads_cells_as_numbers(node);
        }
        if ty != Type::Any {
            self.used(node, KindSet::readable_as(ty), why);
        }
    }

    /// Remembers that the column that `node` is must be of one of these kinds for this use to be right.
    pub(super) fn used(&mut self, node: &Node, kinds: KindSet, why: &str) {
        let Some(input) = self.input_of(node) else { return };
        if kinds != KindSet::ANY && !self.rescued && !self.guarded.contains(&input) {
            self.uses.push(Use { input, kinds, at: node.span, why: why.to_owned() });
        }
    }

    /// Remembers that a formula asks what kind of value a column holds.
    pub(super) fn asks_kind(&mut self, node: &Node) {
        let input = self.input_of(node);
        self.asked.extend(input);
    }

    pub(super) fn reached_into(&mut self, base: &Node, first: &Accessor) {
        match first {
            Accessor::Field(field) => {
                let why = format!("asked for its `{}`", field.value);
                self.used(base, KindSet::of(&[Kind::Record]), &why);
            }
            Accessor::Index(index) => {
                let kinds = match index.kind {
                    ExprKind::Text(_) => KindSet::of(&[Kind::Record]),
                    ExprKind::Number(_) => KindSet::of(&[Kind::List]),
                    _ => KindSet::of(&[Kind::List, Kind::Record]),
                };
                self.used(base, kinds, "asked for one of its items");
            }
        }
    }

    pub(super) fn mismatch(&mut self, node: &Node, ty: Type, why: &str, place: Option<Span>) {
        self.mismatch_with(node, ty, why, place, mismatch_help(node, ty, why));
    }

    /// The same for a text that is compared with `other`, which is a number.
    pub(super) fn mismatch_beside(&mut self, node: &Node, why: &str, other: &Node) {
        let help = match &other.kind {
            NodeKind::Call(builtin, _) => {
                Some(format!("{} returns a number. {}", builtin.name, builtin.summary))
            }
            _ => mismatch_help(node, Type::Number, why),
        };
        self.mismatch_with(node, Type::Number, why, Some(other.span), help);
    }

    fn mismatch_with(&mut self, node: &Node, ty: Type, why: &str, place: Option<Span>, help: Option<String>) {
        let found = match &node.kind {
            NodeKind::Constant(Value::Text(text)) => format!("the text {}", crate::syntax::print_text(text)),
            NodeKind::Constant(Value::Number(number)) => {
                format!("the number {}", crate::syntax::print_number(*number))
            }
            _ => node.ty.with_article().to_owned(),
        };
        let error = CheckError::TypeMismatch {
            wanted: ty.with_article().to_owned(),
            found,
            at: node.span,
            place,
            context: why.to_owned(),
            help: self.name_in_quotes(node).or_else(|| self.record_as_name(node)).or(help),
        };
        self.findings.push(error.into());
    }

    /// A text that is exactly a name in scope: the quotes are the mistake.
    fn name_in_quotes(&self, node: &Node) -> Option<String> {
        let NodeKind::Constant(Value::Text(text)) = &node.kind else { return None };
        let text = text.as_str();
        let is_known = self.scope.iter().any(|local| local.name == text)
            || self.columns.contains_key(text)
            || self.by_name.contains_key(text);
        is_known.then(|| format!("write the name without quotes: `{}`", bare_or_braced(text)))
    }

    /// A record whose text was a name in single braces before there were records.
    fn record_as_name(&self, node: &Node) -> Option<String> {
        let NodeKind::Record(members) = &node.kind else { return None };
        let is_name = matches!(&members[..], [only] if matches!(only.node.kind, NodeKind::Input(_)));
        if !is_name {
            return None;
        }
        let name = name_inside(node.span.of(self.source)).filter(|name| name.contains(':'))?;
        // Where inputs are declared, a name that is none of them is a mistake of its own.
        (!self.file.declares_inputs_at(node.span.start as usize)).then(|| {
            format!("single braces with a colon are a record; to read the column, write `{{{{{name}}}}}`")
        })
    }

    fn never_a_date(&self, node: &Node) -> bool {
        match &node.kind {
            // An empty text and a placeholder are no mistake: they say that there is no date.
            NodeKind::Constant(Value::Text(text)) => {
                Date::read(text, &self.clock).is_none() && !text.trim().is_empty() && !is_placeholder(text)
            }
            _ => node.words,
        }
    }
}

fn never_a_condition(node: &Node) -> bool {
    match &node.kind {
        NodeKind::Constant(value @ Value::Text(_)) => to_boolean(value).is_err(),
        _ => node.words,
    }
}

/// The help for a date in another spelling, where a date may be meant.
fn spelled_date(text: &str, wanted: Type, why: &str) -> Option<String> {
    let is_date = wanted == Type::Date || why.starts_with("added or subtracted");
    SpelledDate::read(text).filter(|_| is_date).map(|date| date.help())
}

fn mismatch_help(node: &Node, wanted: Type, why: &str) -> Option<String> {
    let text = match &node.kind {
        NodeKind::Constant(Value::Text(text)) => text.as_str(),
        _ => "",
    };
    let looks_like_column = is_bare_name(text) && text.starts_with(char::is_uppercase);
    let help = match wanted {
        Type::Record => "`...` adds the members of a record, as in `{...Company, tier: \"A\"}`",
        _ if node.ty == Type::Record => "a field of a record is read with a point, as in `Company.name`",
        Type::Number if why.starts_with("added") && looks_like_column => {
            return Some(format!(
                "if the column is meant, write its name without quotes: `{text}`; to join text, write `&`"
            ));
        }
        Type::Number if why.starts_with("added") && node.ty == Type::Text => {
            "to join text, write `&` instead of `+`"
        }
        Type::Date | Type::Number if let Some(date) = spelled_date(text, wanted, why) => return Some(date),
        Type::Number | Type::Boolean | Type::Date if looks_like_column => {
            return Some(format!("if the column is meant, write its name without quotes: `{text}`"));
        }
        Type::Number if reads_as_range(text) => {
            "it is a range; RANGEMIN, RANGEMID or RANGEMAX read one number from it"
        }
        Type::Number if node.ty == Type::Date => "subtract two dates for the days between them",
        Type::Number if node.ty == Type::List => "SUM, MAX, AVERAGE and COUNT take a list",
        Type::Number => "numbers are written without quotes and units: `200`",
        Type::Date => "dates are written as text in the form \"2026-01-31\"",
        Type::Boolean => "did you mean ISNOTEMPTY(…), or a comparison with `=`?",
        Type::Text if node.ty == Type::List => "TEXTJOIN(\", \", TRUE, …) joins the items of a list",
        _ => return None,
    };
    Some(help.to_owned())
}
