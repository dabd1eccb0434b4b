//! From a table file to a table that can be run: providers and lookups found, formulas checked, costs and loops noted.

mod call;
mod catalog;
mod costs;
mod effect;
mod file;
mod loops;
mod provider;
mod scope;
mod step;

use super::config::{Found, TableFile};
use super::credits::Credits;
use super::model::{Budget, Column, ColumnKind, Condition, Effect, Step, Table};
use super::problems::Problems;
use super::yaml::Node;
use crate::diagnostics::{Source, TableError, TableLint, did_you_mean, suggest};
use crate::rows::DataFiles;
use crate::rules::{FormulaId, Rules};
use crate::span::Spanned;
use crate::syntax::bare_or_braced;
use crate::types::Type;
use catalog::Catalog;
use file::folder_of;
pub use file::{Checked, Loaded, check, load};
use scope::Scope;
use std::path::{Path, PathBuf};

/// The column that holds when the row was last enriched.
pub const ENRICHED_AT: &str = "_clay_enriched_at";

/// How many calls are under way at once, for tables that don't say.
const CONCURRENCY: usize = 16;

/// Compiles a table file that was read.
fn compile(path: &Path, source: &Source, root: &Node) -> Result<Loaded, Problems> {
    let mut problems = Problems::default();
    let mut found = Found::new(source.clone());
    let file = TableFile::read(root, &mut found);
    problems.add_file(found);
    let folder = folder_of(path);
    let catalog = Catalog::open(&file, source, &folder, &mut problems);
    let table = Compiling { file: &file, source, folder: &folder, catalog, problems: &mut problems }.table();
    match table {
        Some(table) if !problems.has_errors() => Ok(Loaded { table, warnings: problems }),
        _ => Err(problems),
    }
}

/// Something is wrong with a part, which was told.
#[derive(Clone, Copy, Debug)]
struct Broken;

struct Compiling<'c> {
    file: &'c TableFile,
    source: &'c Source,
    folder: &'c Path,
    catalog: Catalog,
    problems: &'c mut Problems,
}

impl Compiling<'_> {
    fn table(mut self) -> Option<Table> {
        let mut scope = Scope::default();
        self.add_rules(&mut scope);
        let steps = self.found_steps();
        self.declare(&mut scope, &steps);
        self.add_formulas(&mut scope, &steps);
        // Conditions and templates come behind the columns that people see.
        let shown: Vec<(String, FormulaId)> = scope.formulas.outputs().collect();
        let row_key = self.file.row_key.as_ref().map(|text| {
            self.check_row_key(text);
            scope.template("row key", self.source, text)
        });
        let steps: Vec<_> = steps.iter().map(|found| self.step(found, &mut scope)).collect();
        let effects = self.effects(&mut scope);
        let reads = scope.formulas.reads();
        let formula_names: Vec<String> = scope.formulas.column_names().map(ToOwned::to_owned).collect();
        let rules = scope.finish(self.problems);
        let steps = steps.into_iter().collect::<Option<Vec<_>>>()?;
        let effects = effects?;
        let rules = rules?;
        self.check_conditions(&rules, &steps, &effects);
        loops::note(self.file, self.source, &steps, (&formula_names, &reads), &rules, self.problems);
        costs::note(self.file, self.source, &steps, self.problems);
        let columns = self.columns(&steps, &shown);
        let (name, budget, recordings) = (self.name(), self.budget(), self.recordings());
        Some(Table {
            name,
            reads: loops::depends_on(&formula_names, &reads),
            columns,
            steps,
            effects,
            idle_effects: self.idle_effects(),
            providers: self.catalog.into_providers(),
            row_key,
            budget,
            strict: self.file.strict,
            concurrency: self.file.concurrency.as_ref().map_or(CONCURRENCY, |count| count.value as usize),
            recordings,
            rules,
        })
    }

    /// A recording that is not there may still be made, so that it is no mistake.
    fn recordings(&mut self) -> Option<PathBuf> {
        let named = self.file.recordings.as_ref()?;
        let path = self.folder.join(&named.value);
        if !path.exists() {
            let lint = TableLint::MissingRecording { file: path.display().to_string(), at: named.span };
            self.problems.add(self.source, lint);
        }
        Some(path)
    }

    fn name(&self) -> String {
        let stem = Path::new(self.source.name()).file_stem().map(|stem| stem.to_string_lossy().into_owned());
        self.file.name.as_ref().map(|name| name.value.clone()).or(stem).unwrap_or_default()
    }

    fn budget(&self) -> Budget {
        let amount = |amount: &Option<Spanned<Credits>>| amount.as_ref().map(|amount| amount.value);
        let budget = &self.file.budget;
        Budget { run: amount(&budget.run), month: amount(&budget.month), row: amount(&budget.row) }
    }

    fn add_rules(&mut self, scope: &mut Scope) {
        for path in &self.file.rules {
            let full = self.folder.join(&path.value);
            let shown = full.display().to_string();
            let problem = match std::fs::read(&full) {
                Ok(bytes) => match String::from_utf8(bytes) {
                    Ok(text) => {
                        scope.formulas.add_file(&Source::new(&shown, &text), &*DataFiles::beside(&full));
                        continue;
                    }
                    Err(_) => "it is not UTF-8 text".to_owned(),
                },
                Err(error) => why_unreadable(&error),
            };
            let help = Some("paths begin at the folder of the table file".to_owned());
            self.problems
                .add(self.source, TableError::UnreadableFile { file: shown, problem, at: path.span, help });
        }
    }

    /// With a key that is the same for all rows each of them would be skipped as a repeated one.
    fn check_row_key(&mut self, text: &Spanned<String>) {
        if text.value.contains("{{") {
            return;
        }
        let error = TableError::UnfitValue {
            what: "`row_key`".to_owned(),
            wanted: "a template that tells one row from another".to_owned(),
            found: format!("the text `{}` for all of them", text.value),
            at: text.span,
            help: Some(format!("write the column in braces: `row_key: \"{{{{{}}}}}\"`", text.value)),
        };
        self.problems.add(self.source, error);
    }

    /// Makes the names of all columns known before any template is read.
    fn declare(&mut self, scope: &mut Scope, steps: &[step::FoundStep<'_>]) {
        let rule_columns: Vec<String> = scope.formulas.column_names().map(ToOwned::to_owned).collect();
        rule_columns.iter().for_each(|name| scope.know(name));
        self.file.formulas.iter().for_each(|formula| scope.know(&formula.name.value));
        self.check_placed(&rule_columns);
        self.check_private(scope);
        self.check_fills(steps, &rule_columns);
        let fills: Vec<&str> = steps.iter().flat_map(step::FoundStep::columns).collect();
        let is_strict = self.file.inputs.is_some() || scope.formulas.has_declarations();
        for (name, ty) in self.file.inputs.iter().flatten() {
            if scope.knows(&name.value) && !scope.formulas.declares(&name.value) {
                self.filled_twice(&name.value, None, name.span);
                continue;
            }
            scope.declare(&name.value, *ty);
        }
        for name in fills.into_iter().chain([ENRICHED_AT]) {
            if is_strict {
                scope.declare(name, Type::Any);
            } else {
                scope.know(name);
            }
        }
        let known: Vec<&str> = scope.names().collect();
        for name in &self.file.columns {
            let is_section = steps.iter().any(|step| step.file.name.value == name.value)
                || self.file.effects.iter().any(|effect| effect.name.value == name.value);
            if is_strict && !is_section && !scope.knows(&name.value) {
                let sections = self.file.steps.iter().map(|step| step.name.value.as_str());
                let help = did_you_mean(&suggest(&name.value, known.iter().copied().chain(sections)));
                let help = help.or_else(|| Some("add it to `inputs` if rows come with it".to_owned()));
                self.problems.add(
                    self.source,
                    TableError::UnknownName {
                        what: "column",
                        name: name.value.clone(),
                        at: name.span,
                        why: "no input, step or formula has this name".to_owned(),
                        help,
                    },
                );
            }
        }
    }

    /// A formula that has to stand in a rule file does.
    fn check_placed(&mut self, rule_columns: &[String]) {
        for name in self.file.placed.iter().filter(|name| !rule_columns.contains(&name.value)) {
            let error = TableError::MissingKey {
                section: format!("the formula column `{}`", name.value),
                key: "is".to_owned(),
                at: name.span,
                help: "write its formula: `is: …`, or name the file that has it: `rules: score.clay`"
                    .to_owned(),
            };
            self.problems.add(self.source, error);
        }
    }

    /// Reports private columns of rule files that the table names as its columns.
    fn check_private(&mut self, scope: &Scope) {
        let named = self.file.columns.iter().chain(&self.file.placed);
        for name in named.filter(|name| scope.formulas.is_private(&name.value)) {
            let error = TableError::UnknownName {
                what: "column",
                name: name.value.clone(),
                at: name.span,
                why: "private in the rule file".to_owned(),
                help: Some(format!(
                    "define it without `let` in the rule file: `{} := …`",
                    bare_or_braced(&name.value)
                )),
            };
            self.problems.add(self.source, error);
        }
    }

    /// No step fills the column of a formula.
    fn check_fills(&mut self, steps: &[step::FoundStep<'_>], rule_columns: &[String]) {
        for (name, at) in steps.iter().flat_map(|step| step.places(self.source)) {
            let own = self.file.formulas.iter().find(|formula| formula.name.value == name);
            if let Some(formula) = own {
                let (first, second) = (formula.name.span.min(at), formula.name.span.max(at));
                self.filled_twice(name, Some(first), second);
            } else if rule_columns.iter().any(|column| column == name) {
                let help = "a rule file has a formula of this name; a column comes from one place".to_owned();
                let error = TableError::FilledTwice { name: name.to_owned(), first: None, second: at, help };
                self.problems.add(self.source, error);
            }
        }
    }

    fn filled_twice(&mut self, name: &str, first: Option<crate::span::Span>, second: crate::span::Span) {
        let is_step = self.file.steps.iter().any(|step| step.name.span == second);
        let help = "a column comes from one place: the row, a step, or a formula".to_owned()
            + if is_step { "; `fills` says which columns a step fills" } else { "" };
        self.problems
            .add(self.source, TableError::FilledTwice { name: name.to_owned(), first, second, help });
    }

    fn add_formulas(&mut self, scope: &mut Scope, steps: &[step::FoundStep<'_>]) {
        let given: Vec<String> = scope.formulas.column_names().map(ToOwned::to_owned).collect();
        let filled: Vec<&str> = steps.iter().flat_map(step::FoundStep::columns).collect();
        for formula in &self.file.formulas {
            if filled.contains(&formula.name.value.as_str()) {
                // That was told with the place of the step.
                continue;
            }
            if given.contains(&formula.name.value) || scope.formulas.declares(&formula.name.value) {
                self.filled_twice(&formula.name.value, None, formula.name.span);
                continue;
            }
            scope.column(&formula.name.value, self.source, &formula.formula);
        }
    }

    fn check_conditions(&mut self, rules: &Rules, steps: &[Step], effects: &[Effect]) {
        let conditions = steps.iter().filter_map(|step| Some((&step.name, step.condition.as_ref()?)));
        let triggers = effects.iter().filter_map(|effect| Some((&effect.name, effect.trigger.as_ref()?)));
        let texts = self.file.steps.iter().filter_map(|step| Some((&step.name.value, step.run_if.as_ref()?)));
        let triggers_written = self
            .file
            .effects
            .iter()
            .filter_map(|effect| Some((&effect.name.value, effect.trigger.as_ref()?)));
        let places: Vec<_> = texts.chain(triggers_written).collect();
        for (name, condition) in conditions.chain(triggers) {
            let ty = type_of(rules, condition.id);
            if matches!(ty, Type::Text | Type::Date | Type::List | Type::Record) {
                let at = places
                    .iter()
                    .find(|(known, _)| *known == name)
                    .map_or_else(Default::default, |(_, text)| text.span);
                let error = TableError::UnfitFormula {
                    what: format!("the condition of `{name}`"),
                    wanted: "TRUE or FALSE",
                    found: ty.with_article(),
                    at,
                    help: Some("compare it with something, or ask `ISNOTEMPTY(…)`".to_owned()),
                };
                self.problems.add(self.source, error);
            }
        }
    }

    /// What a run adds to its rows: in the order of `columns`, then what that does not name.
    fn columns(&self, steps: &[Step], shown: &[(String, FormulaId)]) -> Vec<Column> {
        let mut columns: Vec<Column> = Vec::new();
        let mut add = |name: &str, kind: ColumnKind| {
            if !columns.iter().any(|column| column.name == name) {
                columns.push(Column { name: name.to_owned(), kind });
            }
        };
        let of_step = |index: usize, add: &mut dyn FnMut(&str, ColumnKind)| {
            let step: &Step = &steps[index];
            let columns = step.fills.columns.iter().enumerate();
            columns.for_each(|(column, (name, _))| add(name, ColumnKind::Fill(index, column)));
            step.winner.iter().for_each(|name| add(name, ColumnKind::Winner(index)));
        };
        for name in &self.file.columns {
            let step = steps.iter().position(|step| step.name == name.value);
            let formula = shown.iter().find(|(known, _)| *known == name.value);
            if name.value == ENRICHED_AT {
                add(&name.value, ColumnKind::EnrichedAt);
            } else if let Some(index) = step {
                of_step(index, &mut add);
            } else if let Some((name, id)) = formula {
                add(name, ColumnKind::Formula(*id));
            } else if !self.file.effects.iter().any(|effect| effect.name.value == name.value) {
                let fill = steps.iter().enumerate().find_map(|(index, step)| {
                    let fills = step.fills.columns.iter().position(|(column, _)| *column == name.value);
                    let wins = step.winner.as_ref() == Some(&name.value);
                    let fill = fills.map(|column| ColumnKind::Fill(index, column));
                    fill.or(wins.then_some(ColumnKind::Winner(index)))
                });
                add(&name.value, fill.unwrap_or(ColumnKind::Input));
            }
        }
        (0..steps.len()).for_each(|index| of_step(index, &mut add));
        shown.iter().for_each(|(name, id)| add(name, ColumnKind::Formula(*id)));
        columns
    }
}

/// The type that a formula gives.
fn type_of(rules: &Rules, id: FormulaId) -> Type {
    rules.tree().columns.get(id.index()).map_or(Type::Any, |column| column.node.ty)
}

/// Why a file can't be read, in the same words on every system where it is just not there.
fn why_unreadable(error: &std::io::Error) -> String {
    match error.kind() {
        std::io::ErrorKind::NotFound => "there is no such file".to_owned(),
        std::io::ErrorKind::IsADirectory => "it is a folder".to_owned(),
        _ => error.to_string(),
    }
}

fn condition(id: FormulaId, text: &Spanned<String>) -> Condition {
    Condition { id, text: text.value.trim().to_owned() }
}
