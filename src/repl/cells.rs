//! Cells of the current row: `:set` and `:unset`.

use super::rows::Rows;
use super::session::{Current, Reply, Session};
use super::show::result_line;
use crate::diagnostics::{did_you_mean, suggest, visible};
use crate::rules::Typed;
use crate::syntax::{TokenKind, tokenize};
use crate::value::{Value, read_json};

impl Session {
    /// `:set NAME VALUE`
    pub(super) fn set(&mut self, written: &str) -> Reply {
        let Some((name, value)) = self.name_and_rest(written).filter(|(_, value)| !value.is_empty()) else {
            return Reply::error("`:set` takes a name and a value, such as `:set Employee Count 250`");
        };
        if self.current == Current::First {
            return Reply::error("`:set` changes one row\n  help: choose one first: `:row 1`");
        }
        let mut notes = String::new();
        let value = if let Ok(value) = read_json(&value) {
            value.into_owned()
        } else {
            match self.context.compile(&value) {
                Err(findings) => return Reply::failure(self.reports(&findings)),
                Ok(Typed::Formula(formula)) => {
                    notes = self.reports(&formula.findings);
                    self.value(&formula, 0).0
                }
                Ok(_) => return Reply::error("a cell takes a value or a formula without a name"),
            }
        };
        if let Value::Error(error) = &value {
            return Reply::error(&format!("the value is {error}"));
        }
        let row = self.current_row().unwrap_or(0);
        let line = result_line(&value, &self.manner);
        self.rows.get_or_insert_with(Rows::empty_row).set(row, &name, Some(value));
        if self.context.column_names().any(|column| column == name) {
            notes.push_str(&visible(&format!(
                "note: formulas read the computed column `{name}`, not this cell\n"
            )));
        }
        let out = if self.manner.talkative { format!("{} = {line}", visible(&name)) } else { String::new() };
        Reply { out, notes, ..Reply::default() }
    }

    pub(super) fn unset(&mut self, written: &str) -> Reply {
        let name = self.name_and_rest(written).map(|(name, _)| name).unwrap_or_default();
        let row = self.current_row();
        match (&mut self.rows, row) {
            (Some(rows), Some(row)) if rows.get(row, &name).is_some() => {
                rows.set(row, &name, None);
                Reply::default()
            }
            (Some(rows), Some(row)) => {
                let names = rows.keys().iter().filter(|key| rows.get(row, key).is_some());
                let help = did_you_mean(&suggest(&name, names.map(String::as_str)));
                let help = help.map(|help| format!("\n  help: {help}")).unwrap_or_default();
                Reply::error(&format!("the row has no cell `{name}`{help}"))
            }
            _ => Reply::error("there is no current row\n  help: `:row N` takes one"),
        }
    }

    /// Splits `Employee Count 250` into the name of a column, known or new, and what follows it.
    fn name_and_rest(&self, written: &str) -> Option<(String, String)> {
        let behind = |rest: &str| {
            let rest = rest.trim_start();
            let rest = rest.strip_prefix(":=").or_else(|| rest.strip_prefix('=')).unwrap_or(rest);
            rest.trim().to_owned()
        };
        let known = self.vocabulary().columns;
        let begins = |name: &&String| {
            let rest = written.strip_prefix(name.as_str());
            rest.is_some_and(|rest| {
                rest.is_empty() || rest.starts_with(|next: char| next.is_whitespace() || next == '=')
            })
        };
        if let Some(name) = known.iter().filter(begins).max_by_key(|name| name.len()) {
            return Some((name.clone(), behind(&written[name.len()..])));
        }
        let tokens = tokenize(written);
        let first = tokens.first()?;
        if matches!(first.kind, TokenKind::QuotedName | TokenKind::Text) {
            let name = first.text(written).trim_matches(['{', '}', '"', '\'']).trim();
            return Some((name.to_owned(), behind(&written[first.span.end as usize..])));
        }
        let is_call = |index: usize| {
            tokens
                .get(index + 1)
                .is_some_and(|next| next.text(written) == "(" && next.span.start == tokens[index].span.end)
        };
        let is_value =
            |text: &str| ["true", "false"].contains(&text.to_ascii_lowercase().as_str()) || text == "null";
        let is_name = |index: &usize| {
            let token = tokens[*index];
            token.kind == TokenKind::Word
                && !is_call(*index)
                && (*index == 0 || !is_value(token.text(written)))
        };
        let mut words: Vec<usize> = (0..tokens.len()).take_while(is_name).collect();
        // In `Twice Employee Count * 2` the value begins with a column that is known.
        let spelled = |words: &[usize]| {
            words.iter().map(|index| tokens[*index].text(written)).collect::<Vec<_>>().join(" ")
        };
        let value_from = (1..words.len()).find(|from| known.contains(&spelled(&words[*from..])));
        words.truncate(value_from.unwrap_or(words.len()));
        let last = tokens[*words.last()?].span.end as usize;
        Some((spelled(&words), behind(&written[last..])))
    }
}
