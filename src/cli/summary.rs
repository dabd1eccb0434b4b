//! What is told at the end of a run.

use super::table::{share, short};
use crate::batch::{ErrorCount, Firsts, Numbers, Options, Tally, Texts, missing_paths};
use crate::diagnostics::{Count, did_you_mean, suggest};
use crate::eval::{Warning, WarningKind};
use crate::rules::Rules;
use crate::syntax::path_text;
use crate::tools::against_rows::Comparison;
use crate::tools::explain::shown;
use crate::tools::words::{missing_column, missing_path};
use crate::value::{ErrorCode, Value};
use std::fmt::Write;

/// How many warnings are listed without a summary.
const MOST_WARNINGS: usize = 3;
/// How many texts of a column are listed.
const MOST_TEXTS: usize = 12;

/// What a person should know even if no summary was asked for: columns that were not there, errors, rows left out.
pub(super) fn notes(rules: &Rules, options: &Options, tally: &Tally) -> String {
    let mut text = String::new();
    write_repeated(&mut text, tally);
    write_missing(&mut text, rules, options, tally);
    write_outside(&mut text, rules, tally);
    write_errors(&mut text, rules, tally);
    write_late_keys(&mut text, tally);
    write_left_out(&mut text, tally);
    write_undecided(&mut text, tally);
    write_most_frequent(&mut text, rules, tally);
    text
}

/// Selected columns that are neither computed nor in the first rows.
pub(super) fn unknown_selected(rules: &Rules, tally: &Tally, names: &[String]) -> String {
    let is_known =
        |name: &String| rules.column_names().any(|column| column == name) || tally.keys.contains(name);
    let mut text = String::new();
    for name in names.iter().filter(|name| tally.written > 0 && !is_known(name)) {
        let known = tally.keys.iter().map(String::as_str).chain(rules.column_names());
        let help = did_you_mean(&suggest(name, known)).map(|help| format!("; {help}")).unwrap_or_default();
        let _ = writeln!(text, "warning: no column `{name}` in the first rows, selected all the same{help}");
    }
    text
}

/// The errors and warnings of a run without rows. That columns are empty is no news there.
pub(super) fn without_rows(rules: &Rules, tally: &Tally) -> String {
    let message = |(column, code, error): (usize, ErrorCode, &ErrorCount)| {
        format!("warning: {}: {code}: {}\n", rules.tree().columns[column].name, error.message)
    };
    let errors = tally.reported_errors().map(message);
    let warnings = tally.warnings.keys().filter(|warning| warning.kind != WarningKind::EmptyComparison);
    let warnings =
        warnings.map(|warning| match tally.outside.get(&warning.column).filter(|_| is_outside(warning)) {
            Some(result) => format!("warning: {}\n", outside(rules, warning, result)),
            None => format!("warning: {}\n", warning.describe(rules.tree())),
        });
    errors.chain(warnings).collect()
}

/// Rows, fill rates, results, warnings and errors.
pub(super) fn summary(rules: &Rules, options: &Options, tally: &Tally) -> String {
    let mut text = String::new();
    let bad = tally.bad_rows.count;
    let _ = write!(text, "{}", Count(tally.rows as usize, "row"));
    let _ = if bad > 0 { writeln!(text, ", {bad} of them left out") } else { writeln!(text) };
    write_fill_rates(&mut text, rules, tally);
    for (id, column) in rules.tree().outputs() {
        let index = id.0 as usize;
        let _ = writeln!(text, "\n{}", column.name);
        write_numbers(&mut text, &tally.numbers[index]);
        write_texts(&mut text, &tally.texts[index], tally.written);
        if tally.blanks[index] > 0 {
            let _ = writeln!(text, "  blank  {}", share(tally.blanks[index], tally.written));
        }
    }
    text.push('\n');
    let quiet = text.len();
    write_repeated(&mut text, tally);
    write_missing(&mut text, rules, options, tally);
    write_outside(&mut text, rules, tally);
    write_undecided(&mut text, tally);
    write_warnings(&mut text, rules, tally);
    write_errors(&mut text, rules, tally);
    write_left_out(&mut text, tally);
    if text.len() == quiet {
        text.push_str("no warnings, no errors\n");
    }
    text
}

/// Rows that could not be read.
pub(super) fn unread_rows(bad: &Firsts) -> String {
    if bad.count == 0 { String::new() } else { format!("warning: can't be read: {}\n", rows(bad)) }
}

/// Rows that could not be read, and literals that were not compared with the rows.
pub(super) fn unread(found: &Comparison) -> String {
    let mut text = unread_rows(&found.bad_rows);
    if found.is_cut {
        text.push_str(
            "note: not all texts of the rule were compared with the rows (limit: 4,000,000 comparisons)\n",
        );
    }
    text
}

fn write_fill_rates(text: &mut String, rules: &Rules, tally: &Tally) {
    // What a formula makes of columns is no column of the rows.
    let inputs = || {
        rules
            .tree()
            .inputs
            .iter()
            .enumerate()
            .filter(|(_, input)| input.path().is_some())
            .map(|(index, input)| (input.name.as_str(), index))
    };
    let width = inputs().map(|(name, _)| name.chars().count()).max().unwrap_or(0);
    if inputs().next().is_some() {
        text.push_str("\ncolumns read, and in how many rows they are filled\n");
    }
    for (name, index) in inputs() {
        let filled = share(tally.filled[index], tally.written);
        let padding = " ".repeat(width - name.chars().count());
        let _ = writeln!(text, "  {name}{padding}  {filled}");
    }
}

fn write_numbers(text: &mut String, numbers: &Numbers) {
    if numbers.count() == 0 {
        return;
    }
    let (median, rounded) = numbers.median();
    let about = if rounded { "~" } else { "" };
    let _ = writeln!(
        text,
        "  min {}  median {about}{}  mean {}  max {}",
        short(numbers.lowest()),
        short(median),
        short(numbers.mean()),
        short(numbers.highest())
    );
}

fn write_texts(text: &mut String, texts: &Texts, rows: u64) {
    let ranked = texts.ranked();
    let clip = |value: &str| value.chars().take(40).collect::<String>();
    let width =
        ranked.iter().take(MOST_TEXTS).map(|(value, _)| clip(value).chars().count()).max().unwrap_or(0);
    for (value, count) in ranked.iter().take(MOST_TEXTS) {
        let value = clip(value);
        let padding = " ".repeat(width - value.chars().count());
        let _ = writeln!(text, "  {value}{padding}  {}", share(*count, rows));
    }
    let others = texts.others() + ranked.iter().skip(MOST_TEXTS).map(|(_, count)| count).sum::<u64>();
    if others > 0 {
        let _ = writeln!(text, "  other texts  {}", share(others, rows));
    }
}

/// `3 rows (first 7, 19, 24)`
fn rows(firsts: &Firsts) -> String {
    let first: Vec<String> = firsts.rows.iter().map(ToString::to_string).collect();
    format!("{} (first {})", Count(firsts.count as usize, "row"), first.join(", "))
}

/// Columns that the header of a CSV names more than once.
pub(super) fn repeated_columns(file: &str, names: &[String]) -> String {
    let warning = |name: &String| {
        let name = if name.is_empty() { "an empty name".to_owned() } else { format!("`{name}`") };
        format!(
            "warning: {file}: the header has {name} more than once; formulas read the last of these columns\n"
        )
    };
    names.iter().map(warning).collect()
}

/// Columns that stood in no row.
fn write_missing(text: &mut String, rules: &Rules, options: &Options, tally: &Tally) {
    if tally.rows == tally.bad_rows.count {
        return;
    }
    let only = tally.keys.first().filter(|key| tally.keys.len() == 1 && key.contains([';', '\t']));
    if let Some(only) = only {
        let _ = writeln!(
            text,
            "warning: the rows have one column, `{only}`; fields of a CSV are separated by commas"
        );
    }
    for (index, input) in rules.tree().inputs.iter().enumerate() {
        // What a formula reads is an input of its own.
        let (Some(at), Some(path)) = (rules.key_of_input(index), input.path()) else { continue };
        if tally.seen[at] == 0 {
            let key = &path.key;
            let help = suggestion(rules, key, tally).map(|help| format!("; {help}")).unwrap_or_default();
            let _ = writeln!(text, "warning: {}{help}", missing_column(key));
        } else if tally.reached[index] == 0 {
            let (name, path) = (&input.name, path_text(path));
            let _ = writeln!(
                text,
                "warning: no row has `{path}`, so `{name}` was read as Blank; `clayf check --rows` shows what rows have"
            );
        }
    }
    for path in missing_paths(&options.paths, &tally.paths) {
        let _ = writeln!(text, "warning: {}; `clayf check --rows` shows what rows have", missing_path(path));
    }
}

fn suggestion(rules: &Rules, key: &str, tally: &Tally) -> Option<String> {
    let used: Vec<&str> = rules.keys().iter().map(String::as_str).collect();
    let free = tally.keys.iter().map(String::as_str).filter(|key| !used.contains(key));
    did_you_mean(&suggest(key, free))
}

fn write_repeated(text: &mut String, tally: &Tally) {
    for (file, names) in &tally.repeated {
        text.push_str(&repeated_columns(file, names));
    }
}

/// Results outside the range of their column.
fn write_outside(text: &mut String, rules: &Rules, tally: &Tally) {
    for (warning, firsts) in &tally.warnings {
        if let Some(result) = tally.outside.get(&warning.column).filter(|_| is_outside(warning)) {
            let _ = writeln!(text, "warning: {}: {}", outside(rules, warning, result), rows(firsts));
        }
    }
}

fn outside(rules: &Rules, warning: &Warning, result: &Value<'_>) -> String {
    let column = rules.tree().column(warning.column).name_with_range();
    format!("{column}: {} is outside the range", shown(result))
}

fn is_outside(warning: &Warning) -> bool {
    warning.kind == WarningKind::OutsideRange
}

fn write_warnings(text: &mut String, rules: &Rules, tally: &Tally) {
    for (warning, firsts) in tally.warnings.iter().filter(|(warning, _)| !is_outside(warning)) {
        write_warning(text, rules, warning, firsts);
    }
    write_late_keys(text, tally);
}

/// The warnings that affect the most rows, and how many others there are.
fn write_most_frequent(text: &mut String, rules: &Rules, tally: &Tally) {
    let mut all: Vec<_> = tally.warnings.iter().filter(|(warning, _)| !is_outside(warning)).collect();
    all.sort_by_key(|(_, firsts)| std::cmp::Reverse(firsts.count));
    let others = all.split_off(all.len().min(MOST_WARNINGS));
    all.into_iter().for_each(|(warning, firsts)| write_warning(text, rules, warning, firsts));
    if let Some((_, most)) = others.first() {
        let rows = Count(most.count as usize, "row");
        let _ = writeln!(
            text,
            "note: {}, each in {rows} at most; `--summary` lists them",
            Count(others.len(), "more warning")
        );
    }
}

fn write_warning(text: &mut String, rules: &Rules, warning: &Warning, firsts: &Firsts) {
    let _ = writeln!(text, "warning: {}: {}", warning.describe(rules.tree()), rows(firsts));
}

/// Rows for which the condition of `--where` is neither TRUE nor FALSE.
fn write_undecided(text: &mut String, tally: &Tally) {
    let ErrorCount { firsts, message } = &tally.undecided;
    if firsts.count > 0 {
        let _ = writeln!(text, "warning: --where could not be evaluated for {}: {message}", rows(firsts));
    }
}

/// Columns that the header of a CSV lacks.
fn write_late_keys(text: &mut String, tally: &Tally) {
    for (key, firsts) in &tally.late_keys {
        let _ = writeln!(
            text,
            "warning: the column `{key}` is not in the first row and was left out: {}",
            rows(firsts)
        );
    }
}

fn write_errors(text: &mut String, rules: &Rules, tally: &Tally) {
    for (column, code, error) in tally.reported_errors() {
        let name = &rules.tree().columns[column].name;
        let _ = writeln!(text, "warning: {name}: {code} in {}: {}", rows(&error.firsts), error.message);
    }
}

fn write_left_out(text: &mut String, tally: &Tally) {
    if tally.bad_rows.count > 0 {
        let _ = writeln!(text, "warning: left out, since they can't be read: {}", rows(&tally.bad_rows));
    }
}
