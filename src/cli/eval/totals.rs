//! The totals of a run, for `--fail-if`.

use crate::batch::{Options, Tally, missing_paths};
use crate::cli::fail_if::Totals;
use crate::cli::json::number;
use crate::cli::table::exact_percent;
use crate::eval::WarningKind;
use crate::rules::Rules;
use serde_json::{Map, Value as Json, json};

/// Columns with the name of a total are under this name.
const APART: &str = "columns";

/// The totals of all rows, then those of each column under its name.
pub(super) fn totals(rules: &Rules, options: &Options, tally: &Tally) -> Totals<'static> {
    let rows = tally.written;
    let share = |count: u64| number(exact_percent(count, rows));
    let is_missing = |index: &usize| {
        rules.key_of_input(*index).is_some_and(|key| tally.seen[key] == 0) || tally.reached[*index] == 0
    };
    let missing = (0..tally.reached.len())
        .filter(|index| tally.rows > tally.bad_rows.count && is_missing(index))
        .count()
        + missing_paths(&options.paths, &tally.paths).count();
    let outside = tally.warnings.iter().filter(|(warning, _)| warning.kind == WarningKind::OutsideRange);
    let mut totals = Map::new();
    let mut add = |name: &str, value: Json| totals.insert(name.to_owned(), value);
    add("rows", tally.rows.into());
    add("bad_rows", tally.bad_rows.count.into());
    add("bad_rows_percent", number(exact_percent(tally.bad_rows.count, tally.rows)));
    add("written", rows.into());
    add("errors", tally.error_rows.into());
    add("errors_percent", share(tally.error_rows));
    add("warnings", tally.warning_rows.into());
    // Rows that `--where` leaves out can have warnings as well.
    add("warnings_percent", number(exact_percent(tally.warning_rows, tally.rows - tally.bad_rows.count)));
    add("outside_range", outside.map(|(_, firsts)| firsts.count).sum::<u64>().into());
    add("missing_columns", missing.into());
    let mut apart = Map::new();
    let columns = rules.column_names().enumerate().map(|(index, name)| (name, computed(tally, index)));
    let inputs = rules.tree().inputs.iter().enumerate().map(|(index, input)| {
        let filled = tally.filled.get(index).copied().unwrap_or_default();
        (input.name.as_str(), json!({ "filled": filled, "filled_percent": share(filled) }))
    });
    for (name, of_column) in columns.chain(inputs) {
        let place = if totals.contains_key(name) || name == APART { &mut apart } else { &mut totals };
        place.insert(name.to_owned(), of_column);
    }
    if !apart.is_empty() {
        totals.insert(APART.to_owned(), apart.into());
    }
    Totals { json: totals.into(), by_value: &[], counts: &[], new_columns: &[] }
}

/// The totals of a computed column.
fn computed(tally: &Tally, index: usize) -> Json {
    let share = |count: u64| number(exact_percent(count, tally.written));
    let errors: u64 = tally.errors.of(index).map(|(_, error)| error.firsts.count).sum();
    let blank = tally.blanks.get(index).copied().unwrap_or_default();
    let numbers = tally.numbers.get(index).filter(|numbers| numbers.count() > 0);
    json!({
        "errors": errors,
        "errors_percent": share(errors),
        "blank": blank,
        "blank_percent": share(blank),
        "min": numbers.map(|numbers| number(numbers.lowest())),
        "max": numbers.map(|numbers| number(numbers.highest())),
        "mean": numbers.map(|numbers| number(numbers.mean())),
        "median": numbers.map(|numbers| number(numbers.median().0)),
    })
}
