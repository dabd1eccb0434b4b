//! Formulas typed one by one: each is parsed alone and checked beside a rule file and the columns typed before it.

use super::Rules;
use super::files::{self, Files, NoFiles};
use crate::analysis::advised;
use crate::check::names_read;
use crate::data::Dataset;
use crate::diagnostics::{Diagnostic, Diagnostics, InPart, Part, Source, SyntaxError};
use crate::syntax::ast::{FunctionDefinition, InputPath, InputSource, RuleFile};
use crate::syntax::on_deep_stack;
use crate::syntax::{TokenKind, parse_from, tokenize};
use crate::translate::Form;
use std::collections::HashSet;
use std::ops::Range;
use std::sync::Arc;

/// What a typed formula is called in reports, and the name of its column unless that is taken.
const FORMULA: &str = "formula";

/// A rule file, if there is one, and the columns that were typed since. Of columns of one name the last counts.
#[derive(Clone, Debug, Default)]
pub struct Context {
    /// All parts one after the other, each with a line end behind it.
    pub(super) text: String,
    /// The file, if there is one, and then what was typed.
    pub(super) parts: Vec<Part>,
    trees: Vec<RuleFile>,
    has_file: bool,
    /// Where lookup data is read.
    files: Option<Arc<dyn Files>>,
    /// Those of the file.
    warnings: Option<Diagnostics>,
}

/// Text that was checked in a context.
#[derive(Debug)]
pub enum Typed {
    /// Nothing but comments.
    Nothing,
    /// A formula without a name.
    Formula(Compiled),
    /// Columns, or inputs, to be kept by [`Context::define`].
    Columns(Compiled),
}

/// Rules that hold what was typed and all that it can read.
#[derive(Debug)]
pub struct Compiled {
    /// All columns, those of the context among them.
    pub rules: Rules,
    /// The typed columns, by index; of a formula its only one.
    pub columns: Vec<usize>,
    /// The names that the typed columns read themselves, each once, in the order of the text.
    pub reads: Vec<String>,
    /// What is worth a second look in the typed text.
    pub findings: Findings,
    source: Source,
    tree: RuleFile,
}

/// Findings about a typed text, each to be told within the part that it is about.
#[derive(Clone, Debug)]
pub struct Findings {
    pub(super) list: Vec<Diagnostic>,
    pub(super) parts: Vec<Part>,
}

impl Findings {
    /// Every finding within its part.
    pub fn iter(&self) -> impl Iterator<Item = InPart<'_>> {
        self.list.iter().filter_map(|one| InPart::new(one, &self.parts))
    }

    /// Whether one of them keeps the formulas from running.
    #[must_use]
    pub fn has_errors(&self) -> bool {
        self.list.iter().any(|one| !one.is_warning())
    }
}

impl Context {
    /// A context with the rule file `text`, shown as `name` in reports, whose lookup data is read from `files`.
    pub fn of_file(name: &str, text: &str, files: Arc<dyn Files>) -> Result<Self, Diagnostics> {
        let rules = Rules::compile_beside(name, text, Arc::clone(&files))?;
        let warnings = Some(rules.warnings().clone());
        let stem = std::path::Path::new(name).file_stem().map_or(name.into(), |stem| stem.to_string_lossy());
        let mut source = Source::new(name, text);
        let (mut tree, _) = on_deep_stack(text, || parse_from(&source, 0, &stem));
        files::load(&mut tree, &mut source, &*files, &mut Vec::new());
        let mut context = Self { has_file: true, warnings, files: Some(files), ..Self::default() };
        context.keep(source, tree);
        Ok(context)
    }

    /// The names of all computed columns, in the order in which they were written.
    pub fn column_names(&self) -> impl Iterator<Item = &str> {
        let merged = self.trees.iter().enumerate().flat_map(move |(index, tree)| {
            tree.columns.iter().filter(move |column| !self.is_replaced(index, &column.name.value))
        });
        merged.map(|column| column.name.value.as_str())
    }

    /// What was typed to define the columns, in its order, without the rule file.
    pub fn definitions(&self) -> impl Iterator<Item = &str> {
        self.parts.iter().skip(usize::from(self.has_file)).map(|part| part.source.text())
    }

    /// The names of all declared columns of the row.
    pub fn input_names(&self) -> impl Iterator<Item = &str> {
        let merged = self.trees.iter().enumerate().flat_map(move |(index, tree)| {
            tree.inputs.iter().filter(move |input| !self.is_replaced(index, &input.name.value))
        });
        merged.map(|input| input.name.value.as_str())
    }

    /// The names of declared columns with the places in a row that they are read from.
    pub fn input_paths(&self) -> impl Iterator<Item = (&str, &InputPath)> {
        let inputs = self.trees.iter().flat_map(|tree| &tree.inputs);
        inputs.filter_map(|input| match input.source.as_ref()? {
            InputSource::Path(path) => Some((input.name.value.as_str(), path)),
            InputSource::Formula(_) => None,
        })
    }

    /// What is worth a second look in the rule file.
    #[must_use]
    pub fn warnings(&self) -> Option<&Diagnostics> {
        self.warnings.as_ref()
    }

    /// The lookup data that is declared, each with its name.
    pub fn data(&self) -> impl Iterator<Item = (&str, &Dataset)> {
        let declared = self.trees.iter().flat_map(|tree| &tree.data);
        declared.filter_map(|data| Some((data.name.value.as_str(), data.loaded.as_deref()?)))
    }

    /// Whether a function is defined.
    #[must_use]
    pub fn defines_functions(&self) -> bool {
        self.trees.iter().any(|tree| !tree.functions.is_empty())
    }

    /// Whether columns of the row have to be declared.
    #[must_use]
    pub fn declares_inputs(&self) -> bool {
        self.trees.iter().any(|tree| !tree.inputs.is_empty())
    }

    /// Parses `typed` alone and checks it beside the rest.
    pub fn compile(&self, typed: &str) -> Result<Typed, Findings> {
        let is_code = |kind: TokenKind| !matches!(kind, TokenKind::Comment);
        if !tokenize(typed).iter().any(|token| is_code(token.kind)) {
            return Ok(Typed::Nothing);
        }
        let from = self.text.len();
        let mut source = Source::new(FORMULA, &format!("{}{typed}", self.text));
        let mut parts = self.parts.clone();
        parts.push(Part::whole(Source::new(FORMULA, typed), from));
        let text = source.text().to_owned();
        on_deep_stack(&text, || {
            let (mut tree, mut findings) = parse_from(&source, from, FORMULA);
            files::load(&mut tree, &mut source, self.files.as_deref().unwrap_or(&NoFiles), &mut findings);
            let declares = !tree.data.is_empty()
                || !tree.decisions.is_empty()
                || !tree.inputs.is_empty()
                || !tree.blanks.is_empty()
                || !tree.functions.is_empty();
            if declares {
                // Inputs may be declared before any formula is there.
                findings.retain(|one| !matches!(one, Diagnostic::Syntax(SyntaxError::EmptyFile { .. })));
            }
            let is_formula = !declares
                && tree.columns.len() == 1
                && tree.columns.iter().all(|column| column.name.span.start == column.name.span.end);
            if is_formula {
                self.name_formula(&mut tree);
            }
            let compiled = self.compile_tree(source.clone(), tree, findings, &parts)?;
            Ok(if is_formula { Typed::Formula(compiled) } else { Typed::Columns(compiled) })
        })
    }

    /// Keeps what was compiled last, so that later formulas can read its columns.
    pub fn define(&mut self, columns: &Compiled, typed: &str) {
        let name = columns.tree.columns.first().map(|column| column.name.value.as_str());
        let name = name.or_else(|| columns.tree.inputs.first().map(|input| input.name.value.as_str()));
        let name = name.or_else(|| columns.tree.data.first().map(|data| data.name.value.as_str()));
        let name = name.or_else(|| columns.tree.functions.first().map(|one| one.name.value.as_str()));
        let part = Source::new(name.unwrap_or(FORMULA), typed);
        self.keep(part, columns.tree.clone());
    }

    /// A computed column must not take the name that a formula happens to be given.
    fn name_formula(&self, tree: &mut RuleFile) {
        for column in &mut tree.columns {
            while self.column_names().any(|name| name == column.name.value) {
                column.name.value.push('\'');
            }
        }
    }

    fn compile_tree(
        &self,
        source: Source,
        typed: RuleFile,
        findings: Vec<Diagnostic>,
        parts: &[Part],
    ) -> Result<Compiled, Findings> {
        let is_typed = |one: &Diagnostic| InPart::new(one, parts).is_some_and(|one| one.is_in_last(parts));
        let merged = self.merged_with(&typed);
        let places = formulas_after(source.text(), self.text.len());
        let first = merged.columns.len() - typed.columns.len();
        let rules = Rules::checked(&source, &merged, findings).map_err(|found| Findings {
            list: advised(found, &[], Form::Formulas(&places))
                .iter()
                .filter(|one| !one.is_warning() || is_typed(one))
                .cloned()
                .collect(),
            parts: parts.to_vec(),
        })?;
        let columns: Vec<usize> = (first..merged.columns.len()).collect();
        let mut reads: Vec<String> = Vec::new();
        for name in typed.columns.iter().filter_map(|column| column.formula.as_ref()).flat_map(names_read) {
            if !reads.iter().any(|known| known == name) {
                reads.push(name.to_owned());
            }
        }
        let list = rules.warnings().iter().filter(|one| is_typed(one)).cloned().collect();
        let findings = Findings { list, parts: parts.to_vec() };
        Ok(Compiled { rules, columns, reads, findings, source, tree: typed })
    }

    /// All trees as one file, in which of columns of one name only the last stands.
    pub(super) fn merged_with(&self, typed: &RuleFile) -> RuleFile {
        let is_typed = |name: &str| names(typed).any(|typed| typed == name);
        let mut merged = RuleFile::default();
        for (index, tree) in self.trees.iter().enumerate() {
            let stays = |name: &str| !is_typed(name) && !self.is_replaced(index, name);
            merged.inputs.extend(tree.inputs.iter().filter(|input| stays(&input.name.value)).cloned());
            merged.columns.extend(tree.columns.iter().filter(|column| stays(&column.name.value)).cloned());
            let kept = |function: &&FunctionDefinition| {
                let later = self.trees[index + 1..].iter().chain([typed]);
                !later.flat_map(|tree| &tree.functions).any(|other| other.name.value == function.name.value)
            };
            merged.functions.extend(tree.functions.iter().filter(kept).cloned());
        }
        for tree in self.trees.iter().chain([typed]) {
            merged.blanks.extend(tree.blanks.iter().cloned());
            merged.data.extend(tree.data.iter().cloned());
            merged.now = merged.now.or_else(|| tree.now.clone());
        }
        merged.inputs.extend(typed.inputs.iter().cloned());
        merged.columns.extend(typed.columns.iter().cloned());
        merged.functions.extend(typed.functions.iter().cloned());
        merged
    }

    /// Whether a part behind the one of this index gives the name anew.
    fn is_replaced(&self, index: usize, name: &str) -> bool {
        self.trees[index + 1..].iter().any(|later| names(later).any(|given| given == name))
    }

    fn keep(&mut self, source: Source, tree: RuleFile) {
        let start = self.text.len();
        self.text.push_str(source.text());
        self.text.push('\n');
        self.parts.push(Part::whole(source, start));
        self.trees.push(tree);
    }
}

impl Compiled {
    /// The text that the spans of the rules point into.
    #[must_use]
    pub fn source(&self) -> &Source {
        &self.source
    }

    /// The names of the typed columns.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.tree.columns.iter().map(|column| column.name.value.as_str())
    }
}

/// All names that a part gives.
fn names(tree: &RuleFile) -> impl Iterator<Item = &str> {
    let inputs = tree.inputs.iter().map(|input| input.name.value.as_str());
    inputs.chain(tree.columns.iter().map(|column| column.name.value.as_str()))
}

/// The columns `from` and all that they read, directly or by way of others.
pub(super) fn involved(file: &RuleFile, from: &[usize]) -> HashSet<usize> {
    let mut found: HashSet<usize> = HashSet::new();
    let mut open: Vec<usize> = from.to_vec();
    while let Some(index) = open.pop() {
        if !found.insert(index) {
            continue;
        }
        let Some(formula) = &file.columns[index].formula else { continue };
        let reads = names_read(formula);
        let read = |name: &str| reads.contains(&name);
        open.extend((0..file.columns.len()).filter(|other| read(&file.columns[*other].name.value)));
    }
    found
}

/// Where the formulas of what follows `from` are in a text.
pub(super) fn formulas_after(text: &str, from: usize) -> Vec<Range<usize>> {
    let found = crate::syntax::formulas(&text[from..]).into_iter();
    let found: Vec<_> = found.map(|span| from + span.start as usize..from + span.end as usize).collect();
    if found.is_empty() { std::iter::once(from..text.len()).collect() } else { found }
}
