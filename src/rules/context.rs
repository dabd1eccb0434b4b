//! Formulas typed one by one: each is parsed alone and checked beside a rule file and the columns typed before it.

use super::Rules;
use super::files::{Files, NoFiles};
use super::{imports, stem_of};
use crate::analysis::advised;
use crate::check::{adopt, names_read};
use crate::data::Dataset;
use crate::diagnostics::{Diagnostic, Diagnostics, InPart, Part, Source, SyntaxError};
use crate::syntax::ast::{DecisionDeclaration, FunctionDefinition, InputPath, InputSource, RuleFile};
use crate::syntax::on_deep_stack;
use crate::syntax::{TokenKind, tokenize};
use crate::translate::Form;
use std::collections::HashSet;
use std::ops::Range;
use std::sync::Arc;

/// What a typed formula is called in reports, and the name of its column unless that is taken.
const FORMULA: &str = "formula";

/// A rule file, if there is one, and the columns that were typed since. Of columns of one name the last counts.
#[derive(Clone, Debug)]
pub struct Context {
    /// All parts one after the other.
    pub(super) source: Source,
    /// The file, if there is one, and then what was typed.
    pub(super) parts: Vec<Part>,
    trees: Vec<RuleFile>,
    has_file: bool,
    /// Where lookup data is read.
    files: Option<Arc<dyn Files>>,
    /// Those of the file.
    warnings: Option<Diagnostics>,
}

impl Default for Context {
    fn default() -> Self {
        Self {
            source: Source::new(FORMULA, ""),
            parts: Vec::new(),
            trees: Vec::new(),
            has_file: false,
            files: None,
            warnings: None,
        }
    }
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
    /// Where the typed text begins in it.
    start: usize,
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
    /// A context without a rule file, in which what is typed can name files.
    #[must_use]
    pub fn with_files(files: Arc<dyn Files>) -> Self {
        Self { files: Some(files), ..Self::default() }
    }

    /// A context with the rule file `text`, shown as `name` in reports, whose lookup data is read from `files`.
    pub fn of_file(name: &str, text: &str, files: Arc<dyn Files>) -> Result<Self, Diagnostics> {
        let rules = Rules::compile_beside(name, text, Arc::clone(&files))?;
        let warnings = Some(rules.warnings().clone());
        let mut context = Self { has_file: true, warnings, ..Self::default() };
        let mut source = context.source.clone();
        let start = source.append(name, text);
        let tree = imports::read_file(&mut source, start, &stem_of(name), &*files, &mut Vec::new());
        context.files = Some(files);
        context.keep(source, start, None, tree);
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
        self.parts.iter().skip(usize::from(self.has_file)).map(|part| part.source.part_at(0).text)
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
        let declared = self.files_of_names().flat_map(|tree| &tree.data);
        declared.filter_map(|data| Some((data.name.value.as_str(), data.loaded.as_deref()?)))
    }

    /// The decision tables that are declared.
    pub fn decisions(&self) -> impl Iterator<Item = &DecisionDeclaration> {
        self.files_of_names().flat_map(|tree| &tree.decisions)
    }

    /// The parts and the files that they import.
    fn files_of_names(&self) -> impl Iterator<Item = &RuleFile> {
        let imports = self.trees.iter().flat_map(|tree| &tree.imports);
        self.trees.iter().chain(imports.map(|import| &import.file))
    }

    /// The names of what formulas can read of the imported files: private columns and inputs.
    pub fn imported_names(&self) -> impl Iterator<Item = &str> {
        let imports = self.trees.iter().flat_map(|tree| &tree.imports);
        imports.flat_map(|import| {
            let private = import.file.columns.iter().filter(|column| column.is_private);
            let inputs = import.file.inputs.iter().map(|input| &input.name);
            private.map(|column| &column.name).chain(inputs).map(|name| name.value.as_str())
        })
    }

    /// Whether a function is defined.
    #[must_use]
    pub fn defines_functions(&self) -> bool {
        self.files_of_names().any(|tree| !tree.functions.is_empty())
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
        let mut source = self.source.clone();
        let from = source.append(FORMULA, typed);
        let mut findings = Vec::new();
        let files = self.files.as_deref().unwrap_or(&NoFiles);
        let tree = imports::read_file(&mut source, from, FORMULA, files, &mut findings);
        let mut parts = self.parts.clone();
        parts.push(Part::whole(source.since(from), from));
        on_deep_stack(source.text(), || {
            let mut tree = tree;
            let declares = !tree.data.is_empty()
                || !tree.uses.is_empty()
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
    pub fn define(&mut self, columns: &Compiled) {
        let name = columns.tree.columns.first().map(|column| column.name.value.as_str());
        let name = name.or_else(|| columns.tree.inputs.first().map(|input| input.name.value.as_str()));
        let name = name.or_else(|| columns.tree.data.first().map(|data| data.name.value.as_str()));
        let name = name.or_else(|| columns.tree.functions.first().map(|one| one.name.value.as_str()));
        self.keep(columns.source.clone(), columns.start, name, columns.tree.clone());
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
        let mut merged = self.merged_with(&typed);
        let start = parts.last().map_or(0, |part| part.start);
        let places = formulas_in(&source, start);
        let columns = merged.columns.len() - typed.columns.len()..merged.columns.len();
        let mut findings = findings;
        adopt(&mut merged, &mut findings);
        let rules = Rules::checked(&source, &merged, findings).map_err(|found| Findings {
            list: advised(found, &[], Form::Formulas(&places))
                .iter()
                .filter(|one| !one.is_warning() || is_typed(one))
                .cloned()
                .collect(),
            parts: parts.to_vec(),
        })?;
        let columns: Vec<usize> = columns.collect();
        let mut reads: Vec<String> = Vec::new();
        for name in typed.columns.iter().filter_map(|column| column.formula.as_ref()).flat_map(names_read) {
            if !reads.iter().any(|known| known == name) {
                reads.push(name.to_owned());
            }
        }
        let list = rules.warnings().iter().filter(|one| is_typed(one)).cloned().collect();
        let findings = Findings { list, parts: parts.to_vec() };
        Ok(Compiled { rules, columns, reads, findings, source, start, tree: typed })
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
            merged.uses.extend(tree.uses.iter().cloned());
            for import in &tree.imports {
                if !merged.imports.iter().any(|known| known.id == import.id) {
                    merged.imports.push(import.clone());
                }
            }
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

    /// Keeps the last part of a source, which begins at `start`, with the files that it imports.
    fn keep(&mut self, source: Source, start: usize, name: Option<&str>, tree: RuleFile) {
        let part = source.since(start);
        let part = name.map_or(part.clone(), |name| part.named(name));
        self.parts.push(Part::whole(part, start));
        self.trees.push(tree);
        self.source = source;
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

/// Where the formulas of the text that begins at `from` are in a source.
fn formulas_in(source: &Source, from: usize) -> Vec<Range<usize>> {
    let part = source.part_at(from);
    let found = crate::syntax::formulas(part.text).into_iter();
    let found: Vec<_> = found.map(|span| from + span.start as usize..from + span.end as usize).collect();
    if found.is_empty() { std::iter::once(from..part.end()).collect() } else { found }
}
