//! `--fail-if`: a formula over the totals of a run or a comparison decides the exit status.

mod paths;

use super::{Failure, report};
use crate::diagnostics::{did_you_mean, suggest};
use crate::rules::Rules;
use crate::syntax::bare_or_braced;
use crate::tools::diff::OTHER_VALUES;
use crate::value::{Clock, Record, Value, to_boolean};
use paths::{Path, paths};
use serde_json::{Map, Value as Json};
use std::sync::LazyLock;

/// What the formula is called. No formula can spell it, since the totals of `-e` are those of a column `formula`.
const NAME: &str = "\0--fail-if";

/// The totals that a formula is evaluated over.
pub(super) struct Totals<'t> {
    /// An object: totals by name, and those of each column under the column's name.
    pub(super) json: Json,
    /// The totals of a column whose members are named after values of the column.
    pub(super) by_value: &'static [&'static str],
    /// Those of them that count rows.
    pub(super) counts: &'static [&'static str],
    /// Columns without totals, since nothing is known of them yet. They are Blank.
    pub(super) new_columns: &'t [&'t str],
}

/// Compiles the formula of `--fail-if`.
pub(super) fn compile(written: Option<&str>) -> Result<Option<Rules>, Failure> {
    written.map(|text| Rules::compile_formula_as(NAME, text)).transpose().map_err(Failure::Rules)
}

/// Fails if `formula` is TRUE over the totals.
pub(super) fn unless_true(
    formula: &Rules,
    mut totals: Totals<'_>,
    clock: &Clock,
    written: Option<&str>,
) -> Result<(), Failure> {
    for warning in unless_unknown(formula, &mut totals)? {
        report::line("warning", &format!("--fail-if: {warning}"));
    }
    let totals = totals.json.to_string();
    let record = Record::from_json(&totals).map_err(|error| Failure::Run(error.to_string()))?;
    let written = written.unwrap_or_default();
    let result = formula.eval(&record, clock);
    let value = &result.values()[0];
    if let Value::Error(error) = value {
        return Err(Failure::Run(format!("--fail-if is {error}")));
    }
    match to_boolean(value) {
        Ok(false) => Ok(()),
        Ok(true) => Err(Failure::Run(format!("--fail-if is TRUE: {written}"))),
        Err(_) => Err(Failure::Usage(format!("--fail-if is neither TRUE nor FALSE: {written}"))),
    }
}

/// Fails if `formula` asks for totals that there are none of: a name that is misspelt would never hold. What it counts
/// that no row has is put among the totals as 0, and told if it may be a slip.
fn unless_unknown(formula: &Rules, totals: &mut Totals<'_>) -> Result<Vec<String>, Failure> {
    let known = members(&totals.json);
    let mut warnings = Vec::new();
    for name in formula.keys().iter().filter(|key| !known.contains_key(*key)) {
        if !totals.new_columns.contains(&name.as_str()) {
            return Err(unknown(name, "the totals have", known));
        }
        warnings.push(format!("the column `{name}` is new, so its totals are Blank"));
    }
    // Nothing is known of values if there are no rows.
    let has_rows = totals.json["rows"] != 0;
    let mut missing = Vec::new();
    for path in paths(formula).into_iter().filter(|(key, _)| known.contains_key(*key)) {
        if let Some(counted) = Counted::at(&path, totals)? {
            warnings.extend(counted.warning()?.filter(|one| has_rows && !warnings.contains(one)));
            missing.push((counted.end, path));
        }
    }
    missing.iter().for_each(|(end, path)| count_as_none(&mut totals.json, path, *end));
    Ok(warnings)
}

fn unknown(name: &str, of: &str, known: &Map<String, Json>) -> Failure {
    let names = || known.keys().map(String::as_str);
    let help = did_you_mean(&suggest(name, names()));
    let help = help.unwrap_or_else(|| format!("there are {}", names().collect::<Vec<_>>().join(", ")));
    Failure::Usage(format!("--fail-if: {of} no `{name}`; {help}"))
}

/// That there is nothing within a total.
fn empty(total: &str, name: &str) -> Failure {
    Failure::Usage(format!("--fail-if: `{total}` has nothing inside, so no `{name}`"))
}

/// The members of an object.
fn members(json: &Json) -> &Map<String, Json> {
    static NONE: LazyLock<Map<String, Json>> = LazyLock::new(Map::new);
    json.as_object().unwrap_or(&NONE)
}

/// Rows that are counted by a value of a column, where there are none of them.
struct Counted<'c> {
    /// What the column is called in a formula.
    column: String,
    /// `after`
    total: &'c str,
    /// The values that are asked for: one, or of `moves` two.
    values: &'c [&'c str],
    /// Where in the path the last of them stands that there can be.
    end: usize,
    /// How many rows have each value that is told apart.
    known: &'c Map<String, Json>,
}

impl<'c> Counted<'c> {
    /// What a path counts, if that is not among the totals.
    fn at(path: &'c Path<'_>, totals: &'c Totals<'_>) -> Result<Option<Self>, Failure> {
        let (key, steps) = path;
        let mut value = &totals.json[*key];
        let mut column = value;
        let mut of = bare_or_braced(key);
        let mut by_rows: Option<(String, usize)> = None;
        for (index, step) in steps.iter().enumerate() {
            let Json::Object(known) = value else {
                return Err(empty(&of, step));
            };
            let is_slip = |name: &String| name.to_lowercase() == step.to_lowercase();
            match (known.get(*step), &by_rows) {
                (Some(inner), _) => {
                    if by_rows.is_none() && totals.by_value.contains(step) {
                        by_rows = Some((of.clone(), index));
                        column = value;
                    }
                    value = inner;
                }
                (None, Some((name, at))) if !known.keys().any(is_slip) => {
                    let total = steps[*at];
                    return if totals.counts.contains(&total) {
                        Self::new(name, members(&column["before"]), (steps, *at))
                    } else {
                        Ok(None)
                    };
                }
                (None, _) => return Err(unknown(step, &format!("`{of}` has"), known)),
            }
            of = format!("{of}.{}", bare_or_braced(step));
        }
        Ok(None)
    }

    /// Rows that are counted by the values that stand behind the step `at`.
    fn new(
        column: &str,
        known: &'c Map<String, Json>,
        (steps, at): (&'c [&'c str], usize),
    ) -> Result<Option<Self>, Failure> {
        let (total, values) = (steps[at], &steps[at + 1..]);
        let most = if total == "moves" { 2 } else { 1 };
        match values.get(most) {
            Some(beyond) => Err(empty(&format!("{column}.{}", steps[at..=at + most].join(".")), beyond)),
            None => Ok(Some(Self { column: column.to_owned(), total, values, end: at + most, known })),
        }
    }

    /// That a value may be a slip: no row has it, and it is none that any column may come to have.
    fn warning(&self) -> Result<Option<String>, Failure> {
        let is_known =
            |value: &str| self.known.contains_key(value) || value == "blank" || value.starts_with('#');
        let Some(value) = self.values.iter().find(|value| !is_known(value)) else { return Ok(None) };
        let Self { column, total, .. } = self;
        if self.known.contains_key(OTHER_VALUES) {
            return Err(Failure::Usage(format!(
                "--fail-if: `{column}` has so many values that `{value}` is not told apart in `{total}`"
            )));
        }
        if self.known.is_empty() {
            return Ok(Some(format!(
                "`{column}` has only numbers, which `{total}` does not tell apart, so `{value}` counts as 0 there"
            )));
        }
        let mut names: Vec<&str> = self.known.keys().map(String::as_str).collect();
        names.sort_unstable();
        let help = did_you_mean(&suggest(value, names.iter().copied()));
        let help = help.unwrap_or_else(|| format!("there are {}", names.join(", ")));
        Ok(Some(format!(
            "`{value}` is the `{column}` of no row, before or after, so it counts as 0 in `{total}`; {help}"
        )))
    }
}

/// Puts 0 where a path leads, whose last name is the one at `end`, and an object for each name before it.
fn count_as_none(totals: &mut Json, (key, steps): &Path<'_>, end: usize) {
    let mut value = &mut totals[*key];
    for (index, step) in steps.iter().enumerate() {
        let Json::Object(known) = value else { return };
        let none = if index == end { Json::from(0) } else { Json::Object(Map::new()) };
        value = known.entry(*step).or_insert(none);
    }
}
