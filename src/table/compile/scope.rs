//! The formulas and templates of one scope, on their way to rules.

use crate::builtins;
use crate::diagnostics::{Source, TableError, TableLint};
use crate::rules::{Excerpt, FormulaId, Formulas, Piece, Rules};
use crate::span::{Span, Spanned};
use crate::table::config::Found;
use crate::table::problems::Problems;
use crate::table::template::{Member, Segment, Tree, UrlPiece, UrlTemplate, segments};
use crate::table::yaml::{Node, NodeKind, Scalar, places};
use crate::types::Type;
use crate::value::Value;
use std::collections::HashSet;

/// Formulas that see the same names.
#[derive(Debug, Default)]
pub(super) struct Scope {
    pub(super) formulas: Formulas,
    /// The names of columns, which a reference in a template may spell as they are.
    columns: HashSet<String>,
    found: Vec<Found>,
}

impl Scope {
    /// A scope with these names and no others.
    pub(super) fn of<'n>(names: impl IntoIterator<Item = (&'n str, Type)>) -> Self {
        let mut scope = Self::default();
        for (name, ty) in names {
            scope.declare(name, ty);
        }
        scope
    }

    /// Declares a name: names that are not declared are mistakes from here on.
    pub(super) fn declare(&mut self, name: &str, ty: Type) {
        self.formulas.declare(name, ty);
        self.know(name);
    }

    /// Makes a name one that references may spell as it is.
    pub(super) fn know(&mut self, name: &str) {
        self.columns.insert(name.to_owned());
    }

    /// Whether a column has exactly this name.
    pub(super) fn knows(&self, name: &str) -> bool {
        self.columns.contains(name)
    }

    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.columns.iter().map(String::as_str)
    }

    /// Adds a formula that stands in `source`; `what` says in messages what it is.
    pub(super) fn formula(&mut self, what: &str, source: &Source, text: &Spanned<String>) -> FormulaId {
        let places = places(source.text(), text.span, &text.value);
        self.formulas.add_formula(what, Excerpt { source, text: &text.value, places: &places })
    }

    /// Adds a column that the others can read.
    pub(super) fn column(&mut self, name: &str, source: &Source, text: &Spanned<String>) -> FormulaId {
        let places = places(source.text(), text.span, &text.value);
        self.formulas.add_column(name, Excerpt { source, text: &text.value, places: &places })
    }

    /// A value with templates in its leaves.
    pub(super) fn tree(&mut self, what: &str, source: &Source, node: &Node) -> Tree {
        match &node.kind {
            NodeKind::List(items) => {
                Tree::List(items.iter().map(|item| self.tree(what, source, item)).collect())
            }
            NodeKind::Mapping(members) => {
                let member = |(name, value): &(Spanned<String>, Node)| {
                    let tree = self.tree(what, source, value);
                    match name.value.as_str() {
                        "..." => Member::Spread(tree),
                        _ => Member::Named(name.value.clone(), tree),
                    }
                };
                Tree::Mapping(members.iter().map(member).collect())
            }
            NodeKind::Scalar { text, .. } if text.contains("{{") => {
                let text = Spanned::new(text.clone(), node.span);
                self.template(what, source, &text)
            }
            NodeKind::Scalar { .. } => Tree::Constant(match node.scalar() {
                Some(Scalar::Boolean(value)) => Value::Boolean(value),
                Some(Scalar::Number(number)) => Value::Number(number),
                Some(Scalar::Text(text)) => Value::text(text),
                Some(Scalar::Null) | None => Value::Blank,
            }),
        }
    }

    /// Tells of a text without a reference that is the name of a column or a call of a function.
    pub(super) fn check_constant(&mut self, what: &str, key: &str, source: &Source, node: &Node) {
        let Some(Scalar::Text(text)) = node.scalar() else { return };
        let text = text.trim();
        if text.contains("{{") || !(self.knows(text) || is_call(text)) {
            return;
        }
        let mut found = Found::new(source.clone());
        found.push(TableLint::ConstantTemplate {
            what: what.to_owned(),
            key: key.to_owned(),
            text: text.to_owned(),
            at: node.span,
        });
        self.found.push(found);
    }

    /// A text with references.
    pub(super) fn template(&mut self, what: &str, source: &Source, text: &Spanned<String>) -> Tree {
        let Some((segments, places)) = self.segments(source, text) else {
            return Tree::Constant(Value::Blank);
        };
        let excerpt = Excerpt { source, text: &text.value, places: &places };
        let pieces: Vec<Piece<'_>> =
            segments.into_iter().map(|segment| piece(&self.columns, excerpt, segment)).collect();
        Tree::Formula(self.formulas.add_template(what, &pieces))
    }

    /// An address with references.
    pub(super) fn url(&mut self, what: &str, source: &Source, text: &Spanned<String>) -> UrlTemplate {
        let Some((segments, places)) = self.segments(source, text) else { return UrlTemplate::default() };
        let excerpt = Excerpt { source, text: &text.value, places: &places };
        let mut pieces = Vec::new();
        for (index, segment) in segments.into_iter().enumerate() {
            pieces.push(match piece(&self.columns, excerpt, segment) {
                Piece::Text(text) => UrlPiece::Text(text.to_owned()),
                reference => {
                    let id = self.formulas.add_template(what, &[reference]);
                    if index == 0 { UrlPiece::Base(id) } else { UrlPiece::Escaped(id) }
                }
            });
        }
        UrlTemplate { pieces }
    }

    fn segments(&mut self, source: &Source, text: &Spanned<String>) -> Option<(Vec<Segment>, Vec<u32>)> {
        let places = places(source.text(), text.span, &text.value);
        match segments(&text.value) {
            Ok(segments) => Some((segments, places)),
            Err(at) => {
                let place = |at: u32| places.get(at as usize).map_or(0, |place| *place as usize);
                let mut found = Found::new(source.clone());
                found.push(TableError::UnclosedReference { at: Span::new(place(at.start), place(at.end)) });
                self.found.push(found);
                None
            }
        }
    }

    /// Checks all formulas; what is wrong goes to `problems`.
    pub(super) fn finish(self, problems: &mut Problems) -> Option<Rules> {
        self.found.into_iter().for_each(|found| problems.add_file(found));
        match self.formulas.finish() {
            Ok((rules, warnings)) => {
                problems.add_formulas(warnings);
                Some(rules)
            }
            Err(findings) => {
                problems.add_formulas(findings);
                None
            }
        }
    }
}

/// `NORMDOMAIN(website)`
fn is_call(text: &str) -> bool {
    let name = text.split('(').next().unwrap_or_default().trim();
    text.ends_with(')') && text.len() > name.len() && builtins::find(name).is_some()
}

/// A reference is a column if one has exactly that name, else a formula.
fn piece<'t>(columns: &HashSet<String>, excerpt: Excerpt<'t>, segment: Segment) -> Piece<'t> {
    match segment {
        Segment::Text(range) => Piece::Text(&excerpt.text[range]),
        Segment::Reference(range) => {
            let part = excerpt.slice(range);
            if columns.contains(part.text) { Piece::Column(part) } else { Piece::Formula(part) }
        }
    }
}
