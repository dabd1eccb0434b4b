//! Formulas from several places, checked as one set of rules: rule files, formulas and templates of other files.

use super::{Files, Findings, Rules, imports, stem_of};
use crate::analysis::advised;
use crate::check::{adopt, names_read};
use crate::diagnostics::{Diagnostic, Part, Source, TableError};
use crate::span::{Span, Spanned};
use crate::syntax::ast::{ColumnDefinition, Expr, ExprKind, InputDeclaration, InputSource, RuleFile};
use crate::syntax::{on_deep_stack, parse_from};
use crate::translate::Form;
use crate::types::Type;
use std::ops::Range;

/// What a formula that has no name is called while it is parsed.
const FORMULA: &str = "formula";

/// Formulas on their way to be checked together; each can read the columns of all.
#[derive(Debug)]
pub struct Formulas {
    /// All texts one after the other.
    source: Source,
    parts: Vec<Part>,
    tree: RuleFile,
    findings: Vec<Diagnostic>,
    /// Where the formulas are in the text.
    places: Vec<Range<usize>>,
}

impl Default for Formulas {
    fn default() -> Self {
        Self {
            source: Source::new(FORMULA, ""),
            parts: Vec::new(),
            tree: RuleFile::default(),
            findings: Vec::new(),
            places: Vec::new(),
        }
    }
}

/// The index of a formula among the results of the rules.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FormulaId(usize);

impl FormulaId {
    /// The index in [`super::Results::values`].
    #[must_use]
    pub fn index(self) -> usize {
        self.0
    }
}

/// A text within another file.
#[derive(Clone, Copy, Debug)]
pub struct Excerpt<'t> {
    /// The file.
    pub source: &'t Source,
    /// The text.
    pub text: &'t str,
    /// For each byte of the text, and its end, the byte of the file.
    pub places: &'t [u32],
}

impl Excerpt<'_> {
    /// The bytes `range` of the text.
    #[must_use]
    pub fn slice(self, range: std::ops::Range<usize>) -> Self {
        Self {
            source: self.source,
            text: &self.text[range.clone()],
            places: &self.places[range.start..=range.end],
        }
    }
}

/// A part of a template.
#[derive(Clone, Copy, Debug)]
pub enum Piece<'t> {
    /// Text that stays as it is.
    Text(&'t str),
    /// `{{Company (HQ)}}` where a column has exactly this name.
    Column(Excerpt<'t>),
    /// `{{UPPER(first_name)}}`
    Formula(Excerpt<'t>),
}

impl Formulas {
    /// Declares a column of the row, so that names which are not declared are mistakes.
    pub fn declare(&mut self, name: &str, ty: Type) {
        if self.declares(name) {
            return;
        }
        let name = Spanned::new(name.to_owned(), Span::default());
        self.tree.inputs.push(InputDeclaration {
            name,
            ty: Spanned::new(ty, Span::default()),
            format: None,
            source: None,
        });
    }

    /// Whether a column of the row is declared, by this name.
    #[must_use]
    pub fn declares(&self, name: &str) -> bool {
        self.tree.inputs.iter().any(|input| input.name.value == name)
    }

    /// Whether any column of the row is declared.
    #[must_use]
    pub fn has_declarations(&self) -> bool {
        !self.tree.inputs.is_empty()
    }

    /// The names of the computed columns so far, in the order in which they were added.
    pub fn column_names(&self) -> impl Iterator<Item = &str> {
        self.tree.columns.iter().map(|column| column.name.value.as_str())
    }

    /// The formulas so far whose results are columns, with their names; private columns are left out.
    pub fn outputs(&self) -> impl Iterator<Item = (String, FormulaId)> {
        let columns = self.tree.columns.iter().enumerate().filter(|(_, column)| !column.is_private);
        columns.map(|(index, column)| (column.name.value.clone(), FormulaId(index)))
    }

    /// Whether a private column has this name.
    #[must_use]
    pub fn is_private(&self, name: &str) -> bool {
        self.tree.columns.iter().any(|column| column.is_private && column.name.value == name)
    }

    /// Adds the columns and inputs of a rule file, whose imports are read from `files`.
    pub fn add_file(&mut self, source: &Source, files: &dyn Files) {
        let from = self.source.append(source.name(), source.text());
        let stem = stem_of(source.name());
        let tree = imports::read_file(&mut self.source, from, &stem, files, &mut self.findings);
        self.parts.push(Part::whole(self.source.since(from), from));
        let formulas = crate::syntax::formulas(source.text()).into_iter();
        self.places.extend(formulas.map(|span| from + span.start as usize..from + span.end as usize));
        for input in tree.inputs {
            self.tree.inputs.retain(|declared| declared.name.value != input.name.value);
            self.tree.inputs.push(input);
        }
        self.tree.blanks.extend(tree.blanks);
        self.tree.imports.extend(tree.imports);
        self.tree.functions.extend(tree.functions);
        self.tree.data.extend(tree.data);
        self.tree.columns.extend(tree.columns);
    }

    /// Adds a column, which the other formulas can read by its name.
    pub fn add_column(&mut self, name: &str, excerpt: Excerpt<'_>) -> FormulaId {
        let formula = self.formula(name, excerpt);
        self.add(name.to_owned(), formula)
    }

    /// Adds one formula that no other can read; `name` says in messages what it is.
    pub fn add_formula(&mut self, name: &str, excerpt: Excerpt<'_>) -> FormulaId {
        let formula = self.formula(name, excerpt);
        let hidden = self.hidden(name);
        self.add(hidden, formula)
    }

    /// Adds a template: a single reference is the value it refers to, anything else is text.
    pub fn add_template(&mut self, name: &str, pieces: &[Piece<'_>]) -> FormulaId {
        let mut operands: Vec<Option<Expr>> = pieces.iter().map(|piece| self.piece(name, *piece)).collect();
        let is_text = matches!(pieces, [] | [Piece::Text(_)]);
        let formula = if operands.len() == 1 && !is_text {
            operands.pop().flatten()
        } else {
            let span = operands.iter().flatten().map(|operand| operand.span).reduce(Span::to);
            let join = |operands: Vec<Expr>| match <[Expr; 1]>::try_from(operands) {
                Ok([only]) => only,
                Err(operands) if operands.is_empty() => text_literal(""),
                Err(operands) => Expr { kind: ExprKind::Join(operands), span: span.unwrap_or_default() },
            };
            operands.into_iter().collect::<Option<Vec<Expr>>>().map(join)
        };
        let hidden = self.hidden(name);
        self.add(hidden, formula)
    }

    /// For each formula, the columns and the keys of the row that it reads, each once.
    #[must_use]
    pub fn reads(&self) -> Vec<Vec<String>> {
        let of = |column: &ColumnDefinition| {
            let names = column.formula.as_ref().map(names_read).unwrap_or_default();
            let mut keys: Vec<String> = Vec::new();
            for key in names.into_iter().flat_map(|name| self.read_by(name)) {
                if !keys.iter().any(|known| known == key) {
                    keys.push(key.to_owned());
                }
            }
            keys
        };
        self.tree.columns.iter().map(of).collect()
    }

    /// What a name reads: the keys of an input, and otherwise the column of this name.
    fn read_by<'n>(&'n self, name: &'n str) -> Vec<&'n str> {
        let input = self.tree.inputs.iter().find(|input| input.name.value == name);
        match input.and_then(|input| input.source.as_ref()) {
            Some(InputSource::Path(path)) => vec![path.key.as_str()],
            Some(InputSource::Formula(formula)) => names_read(formula),
            None => vec![name],
        }
    }

    /// Checks all of them together.
    pub fn finish(self) -> Result<(Rules, Findings), Findings> {
        let Self { source, parts, mut tree, mut findings, places } = self;
        adopt(&mut tree, &mut findings);
        let names: Vec<String> = if tree.inputs.is_empty() {
            Vec::new()
        } else {
            let declared = tree.inputs.iter().map(|input| &input.name.value);
            declared.chain(tree.columns.iter().map(|column| &column.name.value)).cloned().collect()
        };
        on_deep_stack(source.text(), || match Rules::checked(&source, &tree, findings) {
            Ok(rules) => {
                let list = rules.warnings().iter().cloned().collect();
                Ok((rules, Findings { list, parts }))
            }
            Err(found) => {
                let found = advised(found, &names, Form::Formulas(&places));
                Err(Findings { list: found.iter().cloned().collect(), parts })
            }
        })
    }

    /// A name that no formula can spell, so that it hides none.
    fn hidden(&self, name: &str) -> String {
        format!("\0{} {name}", self.tree.columns.len())
    }

    fn add(&mut self, name: String, formula: Option<Expr>) -> FormulaId {
        let at = formula.as_ref().map_or(self.source.text().len(), |formula| formula.span.start as usize);
        let name = Spanned::new(name, Span::new(at, at));
        self.tree.columns.push(ColumnDefinition::public(name, formula));
        FormulaId(self.tree.columns.len() - 1)
    }

    fn piece(&mut self, name: &str, piece: Piece<'_>) -> Option<Expr> {
        match piece {
            Piece::Text(text) => Some(text_literal(text)),
            Piece::Formula(excerpt) => self.formula(name, excerpt),
            Piece::Column(excerpt) => {
                let start = self.append(excerpt.text, |start| {
                    Part::excerpt(excerpt.source.clone(), start, excerpt.places)
                });
                let span = Span::new(start, start + excerpt.text.len());
                Some(Expr { kind: ExprKind::Name(excerpt.text.to_owned()), span })
            }
        }
    }

    /// Parses a text that is to be one formula without a name.
    fn formula(&mut self, name: &str, excerpt: Excerpt<'_>) -> Option<Expr> {
        let part = |start| Part::excerpt(excerpt.source.clone(), start, excerpt.places);
        let start = self.append(excerpt.text, part);
        self.places.push(start..start + excerpt.text.len());
        let (mut tree, found) = on_deep_stack(excerpt.text, || parse_from(&self.source, start, FORMULA));
        self.findings.extend(found);
        let is_unnamed = |column: &ColumnDefinition| column.name.span.start == column.name.span.end;
        if tree.inputs.is_empty()
            && tree.blanks.is_empty()
            && tree.columns.iter().all(is_unnamed)
            && tree.columns.len() <= 1
        {
            return tree.columns.pop().and_then(|column| column.formula);
        }
        let error = TableError::UnfitValue {
            what: format!("the {name}"),
            wanted: "one formula".to_owned(),
            found: "a rule file with named columns".to_owned(),
            at: Span::new(start, start + excerpt.text.len()),
            help: Some("keep named columns in a file of their own, which `rules:` names".to_owned()),
        };
        self.findings.push(error.into());
        None
    }

    /// Puts a text behind the others, and gives the byte with which it begins.
    fn append(&mut self, text: &str, part: impl FnOnce(usize) -> Part) -> usize {
        let start = self.source.append(FORMULA, text);
        self.parts.push(part(start));
        start
    }
}

fn text_literal(text: &str) -> Expr {
    Expr { kind: ExprKind::Text(text.to_owned()), span: Span::default() }
}
