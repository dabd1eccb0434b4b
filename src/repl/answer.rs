//! What a formula gives: for the current row, or as a table over the first rows.

use super::rows::Rows;
use super::session::{Current, Reply, Session};
use super::show::{cell, result_line, type_line};
use super::table::{table, wrapped_tree};
use crate::check::{ColumnId, NodeKind};
use crate::diagnostics::{Count, did_you_mean, suggest, visible};
use crate::eval::{Evaluation, Warning, WarningKind};
use crate::rules::{Compiled, Rules, Typed};
use crate::syntax::bare_or_braced;
use crate::value::Value;
use std::collections::{BTreeMap, HashSet};

/// How many rows a table shows.
const TABLE_ROWS: usize = 10;

/// All that was computed for one row.
pub(super) struct Computed {
    /// The computed columns, by index.
    pub(super) columns: Vec<Value<'static>>,
    /// The columns of the row that the rules read, by index.
    pub(super) inputs: Vec<Value<'static>>,
    pub(super) warnings: Vec<Warning>,
}

impl Session {
    /// Computes a formula, or keeps a column.
    pub(super) fn answer(&mut self, typed: &str) -> Reply {
        match self.context.compile(typed) {
            Err(findings) => Reply::failure(self.reports(&findings)),
            Ok(Typed::Nothing) => Reply::default(),
            Ok(Typed::Formula(formula)) => self.result(&formula, typed),
            Ok(Typed::Columns(columns)) => {
                self.context.define(&columns);
                self.defined(&columns)
            }
        }
    }

    /// The static type of a formula.
    pub(super) fn type_of(&self, typed: &str) -> Reply {
        match self.context.compile(typed) {
            Err(findings) => Reply::failure(self.reports(&findings)),
            Ok(Typed::Formula(formula)) => {
                let value = matches!(self.current, Current::Row(_)).then(|| self.value(&formula, 0).0);
                let ty = formula.rules.tree().columns[formula.columns[0]].node.ty;
                let out = type_line(ty, value.as_ref());
                Reply { out, notes: self.reports(&formula.findings), ..Reply::default() }
            }
            Ok(_) => Reply::error("`:type` takes a formula, such as `:type LEN(Name)`"),
        }
    }

    /// Why a formula gives what it gives in the current row.
    pub(super) fn explain(&self, typed: &str) -> Reply {
        if self.current == Current::First {
            return Reply::error("`:explain` explains one row\n  help: choose one first: `:row 1`");
        }
        match self.context.compile(typed) {
            Err(findings) => Reply::failure(self.reports(&findings)),
            Ok(Typed::Formula(formula)) => {
                let rules = &formula.rules;
                let computed = self.compute(rules, self.current_row().unwrap_or(0));
                // A formula that is a mere column is explained as that column is.
                let own = formula.columns[0];
                let column = match rules.tree().columns[own].node.kind {
                    NodeKind::Column(id) => id,
                    _ => ColumnId(own as u32),
                };
                let out = (self.explain)(rules, &self.clock, &computed.inputs, column);
                let out = wrapped_tree(&out, self.manner.width);
                let notes = self.reports(&formula.findings) + &self.missing_columns(&formula.reads);
                Reply { out, notes, ..Reply::default() }
            }
            Ok(_) => Reply::error(
                "`:explain` takes a formula or the name of a column, such as `:explain ICP Score`",
            ),
        }
    }

    /// The value of typed column `index` in the current row, and the warnings on the way.
    pub(super) fn value(&self, compiled: &Compiled, index: usize) -> (Value<'static>, Vec<Warning>) {
        let row = if let Current::Row(row) = self.current { row } else { 0 };
        let mut computed = self.compute(&compiled.rules, row);
        let value = computed.columns.swap_remove(compiled.columns[index]);
        (value, computed.warnings)
    }

    /// Computes all columns for one row.
    pub(super) fn compute(&self, rules: &Rules, row: usize) -> Computed {
        let get = |key: &String| {
            self.rows.as_ref().and_then(|rows| rows.get(row, key)).cloned().unwrap_or_default()
        };
        let keyed: Vec<Value<'_>> = rules.keys().iter().map(get).collect();
        let mut inputs = Vec::new();
        let mut evaluation = Evaluation::new(rules.tree(), &self.clock);
        rules.inputs_in(&mut evaluation, &keyed, &mut inputs);
        let columns = evaluation.row(&inputs, &mut ()).iter().cloned().map(Value::into_owned).collect();
        let warnings = evaluation.warnings().to_vec();
        Computed { columns, inputs: inputs.into_iter().map(Value::into_owned).collect(), warnings }
    }

    fn result(&mut self, formula: &Compiled, typed: &str) -> Reply {
        let mut notes = self.reports(&formula.findings);
        let first = self.rows.as_ref().filter(|_| self.current == Current::First);
        let out = if let Some(rows) = first {
            let (out, warnings) = self.first_rows(formula, rows);
            notes += &warnings;
            out
        } else {
            let (value, warnings) = self.value(formula, 0);
            notes += &warning_notes(formula, &once_each(warnings), None);
            result_line(&value, &self.manner)
        };
        let told =
            |name: &String| formula.findings.iter().any(|one| one.to_string().contains(&format!("`{name}`")));
        let untold: Vec<String> = formula.reads.iter().filter(|name| !told(name)).cloned().collect();
        notes += &self.missing_columns(&untold);
        notes += &self.hints(formula, typed);
        Reply { out, notes, ..Reply::default() }
    }

    fn defined(&self, columns: &Compiled) -> Reply {
        let mut notes = self.reports(&columns.findings) + &self.missing_columns(&columns.reads);
        let mut out = String::new();
        for (index, name) in columns.names().enumerate().filter(|_| self.manner.talkative) {
            if self.current == Current::First {
                out.push_str(&format!("{} is kept\n", visible(name)));
            } else {
                let (value, _) = self.value(columns, index);
                out.push_str(&format!("{} = {}", visible(name), result_line(&value, &self.manner)));
            }
        }
        if matches!(self.current, Current::Row(_)) && !columns.columns.is_empty() {
            let (_, warnings) = self.value(columns, 0);
            notes += &warning_notes(columns, &once_each(warnings), None);
        }
        Reply { out, notes, ..Reply::default() }
    }

    /// A table of the first rows: number, the columns that the formula reads, the result.
    fn first_rows(&self, formula: &Compiled, rows: &Rows) -> (String, String) {
        let count = rows.len().min(TABLE_ROWS);
        let tree = formula.rules.tree();
        let mut lines = vec![vec!["row".to_owned()]];
        lines[0].extend(formula.reads.iter().map(|name| visible(name).into_owned()));
        lines[0].push("result".to_owned());
        let mut numeric = vec![true; lines[0].len()];
        let mut counts: BTreeMap<Warning, usize> = BTreeMap::new();
        let mut first_error = None;
        for row in 0..count {
            let computed = self.compute(&formula.rules, row);
            computed.warnings.iter().for_each(|warning| *counts.entry(*warning).or_default() += 1);
            let read = formula.reads.iter().map(|name| {
                let column = tree.columns.iter().position(|column| column.name == *name);
                let input = || tree.inputs.iter().position(|input| input.name == *name);
                column
                    .map(|index| &computed.columns[index])
                    .or_else(|| input().map(|index| &computed.inputs[index]))
            });
            if let Some(Value::Error(error)) = computed.columns.get(formula.columns[0]) {
                first_error.get_or_insert_with(|| {
                    visible(&format!("note: row {}: {error}\n", row + 1)).into_owned()
                });
            }
            let values = read.chain([computed.columns.get(formula.columns[0])]);
            let mut line = vec![(row + 1).to_string()];
            for (index, value) in values.enumerate() {
                let value = value.unwrap_or(&Value::Blank);
                numeric[index + 1] &=
                    matches!(value, Value::Number(_) | Value::Digits(_) | Value::Blank | Value::Error(_));
                line.push(cell(value));
            }
            lines.push(line);
        }
        let mut out = table(&lines, &numeric, self.manner.width);
        if rows.len() > count {
            out.push_str(&format!("… {} more\n", rows.len() - count));
        }
        (out, first_error.unwrap_or_default() + &warning_notes(formula, &counts, Some(count)))
    }

    /// A note for each of these names that is a column of no row.
    pub(super) fn missing_columns(&self, names: &[String]) -> String {
        let Some(rows) = self.rows.as_ref().filter(|rows| !rows.files.is_empty()) else {
            return String::new();
        };
        let declared: Vec<&str> = self.context.input_names().collect();
        let is_known = |name: &str| {
            rows.keys().iter().any(|key| key == name)
                || self.context.column_names().any(|column| column == name)
                || self.context.imported_names().any(|imported| imported == name)
                || self.context.data().any(|(data, _)| data == name)
                || declared.contains(&name)
        };
        let mut notes = String::new();
        for name in names.iter().filter(|name| !is_known(name)) {
            let known = rows.keys().iter().map(String::as_str).chain(self.context.column_names());
            let help =
                did_you_mean(&suggest(name, known)).map(|help| format!("; {help}")).unwrap_or_default();
            notes.push_str(&format!("note: no row has a column `{name}`, which is read as Blank{help}\n"));
        }
        visible(&notes).into_owned()
    }

    /// What a person who just started may not know.
    fn hints(&mut self, formula: &Compiled, typed: &str) -> String {
        if !self.manner.talkative || self.rows.is_some() {
            return String::new();
        }
        let word = typed.trim();
        let is_input = |name: &&String| formula.rules.tree().inputs.iter().any(|input| input.name == **name);
        if super::command::find(word).is_some() && formula.reads.iter().any(|name| name == word) {
            return format!("note: `{word}` is read as a column; the command is `:{word}`\n");
        }
        let Some(first) = formula.reads.iter().find(is_input).filter(|_| !self.told_of_rows) else {
            return String::new();
        };
        self.told_of_rows = true;
        let name = visible(&bare_or_braced(first)).into_owned();
        format!(
            "note: there are no rows, so `{name}` is Blank; `:rows FILE` reads some, `:set {name} VALUE` sets it\n"
        )
    }
}

/// The warnings that have a part in the result, each once; `rows` is how many rows were looked at, if several.
fn warning_notes(compiled: &Compiled, counts: &BTreeMap<Warning, usize>, rows: Option<usize>) -> String {
    let tree = compiled.rules.tree();
    let mut notes = String::new();
    let own: Vec<ColumnId> = compiled.columns.iter().map(|index| ColumnId(*index as u32)).collect();
    let involved: HashSet<ColumnId> = own.iter().flat_map(|column| tree.involved_in(*column)).collect();
    for (warning, count) in counts.iter().filter(|(warning, _)| involved.contains(&warning.column)) {
        let message = match warning.kind {
            WarningKind::OutsideRange => {
                format!("{}: {}", tree.column(warning.column).name_with_range(), warning.what(tree))
            }
            _ if own.contains(&warning.column) => warning.what(tree),
            _ => warning.describe(tree),
        };
        let often = rows.map(|rows| format!(": {count} of {}", Count(rows, "row"))).unwrap_or_default();
        notes.push_str(&format!("note: {message}{often}\n"));
    }
    visible(&notes).into_owned()
}

/// Warnings of one row.
fn once_each(warnings: Vec<Warning>) -> BTreeMap<Warning, usize> {
    warnings.into_iter().map(|warning| (warning, 1)).collect()
}
