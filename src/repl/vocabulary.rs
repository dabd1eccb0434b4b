//! The names that formulas of a session can use.

use crate::tools::own_functions::OwnFunction;
use crate::value::Value;
use std::collections::HashMap;

/// Records nested deeper than this are not searched for fields.
const DEEPEST: usize = 6;
/// The number of items of a list that are searched for fields.
const MOST_ITEMS: usize = 20;

/// What the editor knows of the session while a line is typed.
#[derive(Clone, Debug, Default)]
pub struct Vocabulary {
    /// The columns of the row and the computed ones, each once.
    pub columns: Vec<String>,
    /// The fields of the records in the rows.
    pub fields: Fields,
    /// The functions that the rule file or the session defines.
    pub functions: Vec<OwnFunction>,
}

impl Vocabulary {
    /// Whether there is a column of this name.
    #[must_use]
    pub fn has_column(&self, name: &str) -> bool {
        self.columns.iter().any(|column| column == name)
    }

    /// The function of this name that the session defines, in any letter case.
    #[must_use]
    pub fn function(&self, name: &str) -> Option<&OwnFunction> {
        self.functions.iter().find(|function| function.name.eq_ignore_ascii_case(name))
    }
}

/// The fields of records, by the path of each record: a column's name, then the names of fields.
#[derive(Clone, Debug, Default)]
pub struct Fields(HashMap<Vec<String>, Vec<String>>);

impl Fields {
    /// Adds the fields of the records in a value of a column. Items of a list count as the list itself.
    pub fn add(&mut self, column: &str, value: &Value<'_>) {
        self.add_at(&mut vec![column.to_owned()], value);
    }

    fn add_at(&mut self, path: &mut Vec<String>, value: &Value<'_>) {
        match value {
            Value::Record(record) if path.len() <= DEEPEST => {
                for (name, inner) in record.members() {
                    let names = self.0.entry(path.clone()).or_default();
                    if !names.iter().any(|known| known == name.as_str()) {
                        names.push(name.as_str().to_owned());
                    }
                    path.push(name.as_str().to_owned());
                    self.add_at(path, inner);
                    path.pop();
                }
            }
            Value::List(items) => items.iter().take(MOST_ITEMS).for_each(|item| self.add_at(path, item)),
            _ => {}
        }
    }

    /// The fields of the record at a path, in the order of the rows.
    #[must_use]
    pub fn at(&self, path: &[String]) -> &[String] {
        self.0.get(path).map_or(&[], Vec::as_slice)
    }
}
