//! What the commands do that show something.

use super::command::{Action, help};
use super::rows::{Rows, files_named};
use super::session::{Current, Reply, Session};
use super::show::cell;
use super::table::table;
use crate::builtins;
use crate::diagnostics::{Count, visible};
use crate::rules::{Compiled, Typed};
use crate::syntax::ast::DecisionDeclaration;
use crate::tools::lead;
use crate::value::Value;
use std::path::Path;

impl Session {
    /// Carries out a command with what stands behind it.
    pub(super) fn act(&mut self, action: Action, rest: &str) -> Reply {
        match action {
            Action::Help if rest.is_empty() => Reply::result(help(self.manner.width)),
            Action::Help => self.help_on(rest),
            Action::Type if rest.is_empty() => {
                Reply::error("`:type` takes a formula, such as `:type LEN(Name)`")
            }
            Action::Type => self.type_of(rest),
            Action::Explain => self.explain(rest),
            Action::Columns => self.columns(),
            Action::Rows if rest.is_empty() => self.about_rows(),
            Action::Rows => self.read_rows(&files_named(rest)),
            Action::Row => self.row(rest),
            Action::Set => self.set(rest),
            Action::Unset => self.unset(rest),
            Action::Load if rest.is_empty() => self.about_file(),
            Action::Load => self.load(Path::new(rest.trim_matches(['"', '\'']))),
            Action::Reload => self.reload(),
            Action::Quit => Reply { quit: true, ..Reply::default() },
        }
    }

    /// The rules of the context alone.
    pub(super) fn whole(&self) -> Option<Compiled> {
        match self.context.compile("TRUE") {
            Ok(Typed::Formula(compiled)) => Some(compiled),
            _ => None,
        }
    }

    /// `:row N`, `:row *`, `:row`
    fn row(&mut self, written: &str) -> Reply {
        let Some(rows) = &self.rows else {
            return Reply::error(
                "there are no rows\n  help: `:rows FILE` reads some, `:set NAME VALUE` makes one",
            );
        };
        let count = rows.len();
        match written.parse::<usize>() {
            _ if written == "*" => {
                self.current = Current::First;
                let note = format!("formulas are shown for the first {}\n", Count(count.min(10), "row"));
                return if self.manner.talkative { Reply::note(note) } else { Reply::default() };
            }
            Ok(number) if (1..=count).contains(&number) => self.current = Current::Row(number - 1),
            Err(_) if written.is_empty() => {}
            _ => {
                let range = if count == 1 { "1".to_owned() } else { format!("from 1 to {count}") };
                return Reply::error(&format!(
                    "there is no row `{written}`\n  help: `:row N` takes a number, here {range}; `:row *` takes the first ten"
                ));
            }
        }
        match self.current {
            Current::Row(row) => self.show_row(row),
            Current::First => Reply::result(format!("the first {}\n", Count(count.min(10), "row"))),
        }
    }

    fn show_row(&self, row: usize) -> Reply {
        let Some(rows) = &self.rows else { return Reply::default() };
        let label =
            lead::label(|key| rows.get(row, key)).map(|label| format!(": {label}")).unwrap_or_default();
        let mut out = visible(&format!("row {} of {}{label}\n", row + 1, rows.len())).into_owned();
        let cells = rows.keys().iter().filter_map(|key| {
            let value = rows.get(row, key)?;
            Some(vec![format!("  {}", visible(key)), cell(value)])
        });
        out += &table(&cells.collect::<Vec<_>>(), &[], self.manner.width);
        Reply::result(out)
    }

    /// The page of a function.
    fn help_on(&self, name: &str) -> Reply {
        let name = name.trim_end_matches(['(', ')']);
        if let Some(own) = self.vocabulary().function(name) {
            return Reply::result(own.page());
        }
        let named = |decision: &&DecisionDeclaration| decision.name.value.eq_ignore_ascii_case(name);
        if let Some(page) = self.context.decisions().filter(named).last().and_then(decision_page) {
            return Reply::result(page);
        }
        match builtins::named(name) {
            Ok(builtin) => Reply::result(builtins::page(builtin)),
            Err(message) => Reply::error(&message),
        }
    }

    /// Computed columns and those of the row, with types and the values of the current row.
    fn columns(&self) -> Reply {
        let Some(whole) = self.whole() else { return Reply::default() };
        let tree = whole.rules.tree();
        let row = if let Current::Row(row) = self.current { Some(row) } else { None };
        let computed = self.compute(&whole.rules, row.unwrap_or(0));
        let mut lines = Vec::new();
        let count = tree.columns.len() - whole.columns.len();
        let mut push = |name: &str, ty: &str, value: Option<&Value<'_>>| {
            let value = value.filter(|_| row.is_some()).map(cell).unwrap_or_default();
            lines.push(vec![format!("  {}", visible(name)), ty.to_owned(), value]);
        };
        for (column, value) in tree.columns.iter().zip(&computed.columns).take(count) {
            let ty = if row.is_some() && column.node.ty == crate::types::Type::Any {
                value.ty()
            } else {
                column.node.ty
            };
            let ty = if column.is_private { format!("{}, private", ty.name()) } else { ty.name().to_owned() };
            push(&column.name, &ty, Some(value));
        }
        for (input, value) in tree.inputs.iter().zip(&computed.inputs).filter(|(input, _)| !input.is_raw) {
            let ty = if row.is_some() && input.declared == crate::types::Type::Any {
                value.ty()
            } else {
                input.declared
            };
            push(&input.name, ty.name(), Some(value));
        }
        let is_read = |key: &String| {
            tree.inputs.iter().any(|input| !input.is_raw && input.path().is_some_and(|path| path.key == *key))
                || tree.columns.iter().any(|column| column.name == *key)
        };
        let keys = self.rows.iter().flat_map(Rows::keys).filter(|key| !is_read(key));
        for key in keys {
            let value = self.rows.as_ref().and_then(|rows| rows.get(row?, key)).cloned().unwrap_or_default();
            push(key, if row.is_some() { value.ty().name() } else { "Any" }, Some(&value));
        }
        if lines.is_empty() {
            return Reply::error(
                "there are no columns yet\n  help: `:rows FILE` and `:load FILE.clay` bring some, `Name := formula` makes one",
            );
        }
        let (top, below) = lines.split_at(count);
        let drawn = table(&lines, &[], self.manner.width);
        let mut drawn = drawn.lines();
        let mut out = String::new();
        for (title, part) in [("computed", top), ("of the row", below)] {
            if !part.is_empty() {
                out.push_str(&format!("{title}\n"));
                drawn.by_ref().take(part.len()).for_each(|line| out.push_str(&format!("{line}\n")));
            }
        }
        Reply::result(out)
    }
}

/// The declaration of a decision table, the number of its rows, its conditions and its results.
fn decision_page(decision: &DecisionDeclaration) -> Option<String> {
    let table = decision.loaded.as_ref()?;
    let conditions: Vec<&str> = table.conditions.iter().map(|column| column.header.value.as_str()).collect();
    let results: Vec<&str> = table.results.iter().map(|result| result.value.as_str()).collect();
    Some(format!(
        "{decision}\n  {} with conditions on {}\n  results: {}\n",
        Count(table.rows.len(), "row"),
        conditions.join(", "),
        results.join(", ")
    ))
}
