//! `clayf check`: all diagnostics of a rule file, alone or against rows.

use super::args::CheckArgs;
use super::{Failure, STRICT, input, report, summary, table_file as table};
use crate::analysis::advised;
use crate::batch::first_keys;
use crate::diagnostics::{
    ArgumentLint, CheckError, Count, Diagnostic, Diagnostics, Lint, did_you_mean, suggest,
};
use crate::rows::{DataFiles, Format};
use crate::rules::{Files, Rules};
use crate::tools::against_rows::{Comparison, MissingKeys, compare};
use crate::tools::inspect::inspect;
use crate::tools::prove::{Decision, Status, try_on_rows};
use crate::translate::Form;
use crate::types::Type;
use crate::value::Clock;
use std::collections::BTreeSet;
use std::ops::Range;
use std::path::Path;
use std::sync::Arc;

/// Checks the files, one after the other, and prints what it finds. All are checked, whatever is wrong with some.
pub(super) fn check(args: &CheckArgs) -> Result<(), Failure> {
    let mut status = 0;
    let mut fail = |failure: &Failure| {
        failure.print();
        status = status.max(failure.status());
    };
    for file in input::rule_files(&args.files, &mut fail) {
        check_file(&file, args).unwrap_or_else(|failure| fail(&failure));
    }
    if status == 0 { Ok(()) } else { Err(Failure::Told(status)) }
}

fn check_file(file: &Path, args: &CheckArgs) -> Result<(), Failure> {
    if table::is_table(file) {
        return table::check_table(file, args);
    }
    let rules = load(file).map_err(|failure| with_keys(failure, args))?;
    let clock = Clock::system();
    let inspection = inspect(&rules, &clock);
    let (diagnostics, decisions) = (inspection.diagnostics, inspection.decisions);
    if diagnostics.has_errors() {
        return Err(Failure::Rules(diagnostics));
    }
    if args.rows.is_empty() {
        report::diagnostics(&diagnostics);
        undecided(&decisions);
        if diagnostics.is_empty() {
            nothing_wrong(file, &rules, &properties(&decisions));
        }
        return unless_strict(args, !diagnostics.is_empty());
    }
    let of_rule = !diagnostics.is_empty();
    let files = input::with_formats(&args.rows, args.from)?;
    let repeated = input::note_repeated(&files)?;
    let inputs = input::opened(&files);
    let found = compare(&rules, &clock, inputs).map_err(|error| Failure::Run(error.to_string()))?;
    let against = try_on_rows(&rules, &decisions, &clock, input::opened(&files));
    let against = against.map_err(|error| Failure::Run(error.to_string()))?;
    let names: Vec<String> = found.keys.iter().cloned().collect();
    let diagnostics = advised(with_rows(&rules, &found, &diagnostics, against), &names, Form::File);
    let notes = summary::unread(&found);
    if diagnostics.has_errors() {
        report::text(&notes);
        return Err(Failure::Rules(diagnostics));
    }
    report::diagnostics(&diagnostics);
    report::text(&notes);
    found.missing_keys.iter().for_each(missing_keys);
    undecided(&decisions);
    if diagnostics.is_empty() && notes.is_empty() {
        let rows = match found.rows {
            0 => "; no rows to check".to_owned(),
            rows => format!(", and fits {}", Count(rows as usize, "row")),
        };
        nothing_wrong(file, &rules, &format!("{rows}{}", properties(&decisions)));
    }
    unless_strict(args, of_rule)?;
    match found.first_bad {
        Some(first) => Err(Failure::Run(first)),
        None if args.strict && (repeated || !diagnostics.is_empty() || !notes.is_empty()) => {
            Err(Failure::Run(STRICT.to_owned()))
        }
        None => Ok(()),
    }
}

/// The failure to read a rule file, with advice that takes the columns of the rows into account.
fn with_keys(failure: Failure, args: &CheckArgs) -> Failure {
    match failure {
        Failure::Rules(found) if !args.rows.is_empty() => {
            Failure::Rules(advised(found, &keys(args), Form::File))
        }
        other => other,
    }
}

/// The columns of the rows, as far as they can be read.
fn keys(args: &CheckArgs) -> Vec<String> {
    let Ok(files) = input::with_formats(&args.rows, args.from) else { return Vec::new() };
    first_keys(input::opened(&files)).map(|keys| keys.into_iter().collect()).unwrap_or_default()
}

/// With `--strict`, fails if the file by itself has warnings.
pub(super) fn unless_strict(args: &CheckArgs, has_warnings: bool) -> Result<(), Failure> {
    if args.strict && has_warnings { Err(Failure::Usage(STRICT.to_owned())) } else { Ok(()) }
}

/// How many properties are proved, for the line that says that nothing is wrong.
fn properties(decisions: &[Decision]) -> String {
    let proved = decisions.iter().filter(|one| matches!(one.status, Status::Proved)).count();
    match proved {
        0 => String::new(),
        1 => "; 1 property proved".to_owned(),
        _ => format!("; {proved} properties proved"),
    }
}

/// The properties that could be neither proved nor refuted, and why.
fn undecided(decisions: &[Decision]) {
    for one in decisions.iter().filter(|one| matches!(one.status, Status::Undecided)) {
        let text = &one.property.text;
        report::line("note", &format!("not decided: `{text}` ({})", one.method));
    }
}

/// `note: 12 of 20 lookups in accounts.csv found nothing: "x.com" (5 rows), "y.com" (3 rows), and 4 more keys`
fn missing_keys(missing: &MissingKeys) {
    let mut keys: Vec<String> =
        missing.keys.iter().map(|(key, rows)| format!("{key} ({})", Count(*rows as usize, "row"))).collect();
    if missing.more > 0 {
        keys.push(format!("and {}", Count(missing.more, "more key")));
    }
    let lookups = Count(missing.asked as usize, "lookup");
    let text =
        format!("{} of {lookups} in {} found nothing: {}", missing.missing, missing.file, keys.join(", "));
    report::line("note", &text);
}

fn nothing_wrong(file: &Path, rules: &Rules, rows: &str) {
    let all = rules.column_names().len();
    let private = all - rules.output_names().count();
    let private = if private > 0 { format!(" ({private} private)") } else { String::new() };
    let columns = format!("{}{private}", Count(all, "column"));
    let read = rules.tree().inputs.iter().filter(|input| input.path().is_some());
    let inputs = Count(read.count(), "column");
    let file = file.display();
    let functions = rules.tree().functions.len();
    let summary = match (rules.tree().columns.len(), functions) {
        (0, 1..) => format!("{} and no columns", Count(functions, "function")),
        _ => format!("{columns} computed from {inputs} of the row{rows}"),
    };
    report::text(&format!("{file}: nothing wrong; {summary}\n"));
}

/// What is known of the rules, what the rows show, and an error for each column that no row has.
pub(super) fn with_rows(
    rules: &Rules,
    found: &Comparison,
    known: &Diagnostics,
    against: Vec<Diagnostic>,
) -> Diagnostics {
    // Words that are a column of the rows are no expression.
    let is_column = |one: &Diagnostic| one.misread_name().is_some_and(|name| found.keys.contains(name));
    // A field that the rows have is no property of another language.
    let ends_there = |range: Range<usize>| found.paths.iter().any(|path| path.end as usize == range.end);
    let is_field = |one: &Diagnostic| {
        matches!(one, Diagnostic::Argument(ArgumentLint::LengthField { .. }))
            && one.range().is_some_and(ends_there)
    };
    let known = known.iter().filter(|one| !is_key_of(one, &found.keys) && !is_column(one) && !is_field(one));
    let mut list: Vec<Diagnostic> = known.chain(&found.findings).cloned().chain(against).collect();
    let source = rules.warnings().source();
    let good_rows = found.rows - found.bad_rows.count;
    for (index, input) in rules.tree().inputs.iter().enumerate() {
        let (Some(at), Some(path)) = (rules.key_of_input(index), input.path()) else { continue };
        let seen = found.shapes.get(at).map_or(0, |shape| shape.count);
        // A name such as `Today` is reported as what it is meant to be.
        let is_reported = || {
            let at = input.span.start as usize;
            let is_at = |one: &Diagnostic| one.range().is_some_and(|range| range.contains(&at));
            let explains = |one: &Diagnostic| {
                matches!(one, Diagnostic::Argument(_) | Diagnostic::Check(CheckError::RecordForName { .. }))
            };
            list.iter().any(|one| explains(one) && is_at(one))
        };
        if seen == 0 && good_rows > 0 && !is_reported() {
            let key = &path.key;
            let free = found
                .keys
                .iter()
                .map(String::as_str)
                .filter(|name| !rules.keys().iter().any(|key| key == name));
            // The line of an input means a key of the row, and nothing else.
            let is_declared = input.is_raw
                || input.declared != Type::Any
                || input.own_key().is_none_or(|key| key != input.name);
            let columns = rules.column_names().take(if is_declared { 0 } else { usize::MAX });
            let dotted = found
                .keys
                .iter()
                .find(|name| name.strip_prefix(key).is_some_and(|rest| rest.starts_with('.')));
            let dotted =
                dotted.map(|name| format!("the rows have a column `{name}`; write `{{{{{name}}}}}`"));
            let used = found.keys.iter().map(String::as_str);
            let help = dotted
                .or_else(|| did_you_mean(&suggest(key, free.chain(columns))))
                .or_else(|| did_you_mean(&suggest(key, used)))
                .or_else(|| {
                    let after = source.text().get(input.span.end as usize..).unwrap_or_default();
                    let can_be_text = !is_declared && !key.contains(' ') && !after.starts_with(['.', '[']);
                    can_be_text.then(|| format!("if the text is meant, put it in quotes: `\"{key}\"`"))
                });
            let why = format!("none of {} has it", Count(good_rows as usize, "row"));
            let error = CheckError::UnknownColumn { name: key.clone(), at: input.span, why, help };
            list.push(error.into());
        }
    }
    Diagnostics::new(source.clone(), list)
}

/// Whether a finding is about the name of an input that the rows have as a key as well, so that the key may be meant.
fn is_key_of(finding: &Diagnostic, keys: &BTreeSet<String>) -> bool {
    matches!(finding, Diagnostic::Lint(Lint::InputAsKey { name, .. }) if keys.contains(name))
}

/// Reads and compiles a rule file.
pub(super) fn load(path: &Path) -> Result<Rules, Failure> {
    let (name, text) = text_of(path)?;
    Rules::compile_beside(&name, &text, DataFiles::beside(path)).map_err(Failure::Rules)
}

/// Refuses a file of another kind where a rule file is wanted, rather than read its lines as formulas.
pub(super) fn unless_other(path: &Path) -> Result<(), Failure> {
    table::refuse(path)?;
    if Format::of_path(path).is_some() {
        let shown = path.display();
        return Err(Failure::Usage(format!("{shown} is a file of rows, not a rule file (`.clay`)")));
    }
    Ok(())
}

/// The name and text of a rule file.
pub(super) fn text_of(path: &Path) -> Result<(String, String), Failure> {
    unless_other(path)?;
    let shown = path.display();
    let bytes = std::fs::read(path).map_err(|error| {
        let is_formula = path.extension().is_none() && shown.to_string().contains([' ', '(', '"', '=']);
        let help = if is_formula { "\n  help: a formula on the command line follows -e" } else { "" };
        Failure::Usage(format!("can't read {shown}: {error}{help}"))
    })?;
    let name = shown.to_string();
    let text = input::utf8(&name, bytes)?;
    Ok((name, text))
}

/// Compiles the bytes of a rule file, whose data is in `files`.
pub(super) fn compile(path: &Path, bytes: Vec<u8>, files: Arc<dyn Files>) -> Result<Rules, Failure> {
    let name = path.display().to_string();
    let text = input::utf8(&name, bytes)?;
    Rules::compile_beside(&name, &text, files).map_err(Failure::Rules)
}
