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

    /// Tells of a text that is the name of a column or a call of a function, and of a name in single braces.
    pub(super) fn check_constant(&mut self, what: &str, source: &Source, node: &Node) {
        let Some(Scalar::Text(text)) = node.scalar() else { return };
        let whole = Some(text.trim()).filter(|text| self.knows(text) || is_call(text));
        let whole = whole.map(|text| (text, node.span));
        let Some((text, at)) = whole.or_else(|| self.single_braced(source, text, node.span)) else { return };
        let (what, text) = (what.to_owned(), text.to_owned());
        let mut found = Found::new(source.clone());
        found.push(TableLint::ConstantTemplate { what, text, at });
        self.found.push(found);
    }

    /// The first column whose name stands in single braces, and where it does with them.
    fn single_braced<'t>(&self, source: &Source, text: &'t str, span: Span) -> Option<(&'t str, Span)> {
        // Within a reference single braces are right.
        let outside = segments(text).ok()?.into_iter().filter_map(|segment| match segment {
            Segment::Text(range) => Some(range),
            Segment::Reference(_) => None,
        });
        for range in outside {
            let start = range.start;
            for (open, _) in text[range.clone()].match_indices('{') {
                let inner = text[range.clone()].get(open + 1..)?;
                let Some(name) = inner.split('}').next().filter(|name| self.knows(name)) else { continue };
                let places = places(source.text(), span, text);
                let (from, to) = (start + open, start + open + name.len() + 2);
                let place = |at: usize| places.get(at).map_or(0, |place| *place as usize);
                return Some((name, Span::new(place(from), place(to))));
            }
        }
        None
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
        let place = |at: usize| places.get(at).map_or(0, |place| *place as usize);
        let error = match segments(&text.value) {
            Ok(segments) => match segments.iter().find_map(|segment| empty_reference(&text.value, segment)) {
                None => return Some((segments, places)),
                Some(range) => {
                    TableError::EmptyReference { at: Span::new(place(range.start), place(range.end)) }
                }
            },
            Err(at) => {
                let (start, end) = (place(at.start as usize), place(at.end as usize));
                TableError::UnclosedReference { at: Span::new(start, end) }
            }
        };
        let mut found = Found::new(source.clone());
        found.push(error);
        self.found.push(found);
        None
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

/// Where a reference stands, with its braces, that holds nothing or what other programs write there: `{{#if domain}}`.
fn empty_reference(text: &str, segment: &Segment) -> Option<std::ops::Range<usize>> {
    let Segment::Reference(range) = segment else { return None };
    let inside = text[range.clone()].trim();
    let is_empty = inside.is_empty() || inside.starts_with(['#', '/', '^', '>']);
    is_empty.then(|| range.start.saturating_sub(2)..(range.end + 2).min(text.len()))
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
