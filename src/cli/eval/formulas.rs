//! What `clayf eval` computes: a rule file, the formula of `-e`, and the condition of `--where`.

use crate::check::Function;
use crate::cli::args::EvalArgs;
use crate::cli::input::is_rule;
use crate::cli::{Failure, check, report};
use crate::rows::{DataFiles, Format};
use crate::rules::{Context, Rules};
use crate::syntax::bare_or_braced;
use std::path::{Path, PathBuf};

/// The name of the condition's column in reports.
const CONDITION: &str = "--where";
/// The name of the column of `-e`.
const FORMULA: &str = "formula";

/// What is computed, and the rows.
pub(super) struct Loaded<'a> {
    /// The columns of the file, then the formula of `-e`, then the condition of `--where`; each if there is one.
    pub(super) rules: Rules,
    /// The files of rows.
    pub(super) rows: &'a [PathBuf],
    /// The number of warnings about the formulas.
    pub(super) warnings: usize,
}

impl<'a> Loaded<'a> {
    /// Reads and compiles what the command line names, and prints warnings.
    pub(super) fn of(args: &'a EvalArgs) -> Result<Self, Failure> {
        let (file, rows) = rule_and_rows(args)?;
        let formula = args.formula.as_deref().map(|text| (FORMULA, text));
        let condition = args.condition.as_deref().map(|text| (CONDITION, text));
        let (rules, warnings) = match (file, formula, condition) {
            (Some(file), None, None) => compiled(with_columns(file, check::load(file)?)?),
            (None, Some((_, text)), None) => compiled(Rules::compile_formula(text).map_err(Failure::Rules)?),
            _ => beside(file, &formula.into_iter().chain(condition).collect::<Vec<_>>(), formula.is_none())?,
        };
        Ok(Self { rules, rows, warnings })
    }
}

/// The rules of a file that computes something.
fn with_columns(file: &Path, rules: Rules) -> Result<Rules, Failure> {
    if rules.column_names().len() > 0 {
        return Ok(rules);
    }
    let file = file.display();
    let call = |function: &Function| {
        let params: Vec<String> =
            function.file.inputs.iter().map(|input| bare_or_braced(&input.name.value)).collect();
        format!("{}({})", function.name.value, params.join(", "))
    };
    Err(Failure::Usage(match rules.tree().functions.first().map(call) {
        Some(call) => format!(
            "{file} defines functions and computes no column\n  help: call one: `-e '{call}'`, or add a column to the file"
        ),
        None => format!("{file} computes no column\n  help: add one to the file: `NAME := FORMULA`"),
    }))
}

/// Prints the warnings of rules, and counts them.
fn compiled(rules: Rules) -> (Rules, usize) {
    report::diagnostics(rules.warnings());
    let warnings = rules.warnings().iter().count();
    (rules, warnings)
}

/// Formulas beside a rule file; `whole` if all columns of the file are computed.
fn beside(file: Option<&Path>, formulas: &[(&str, &str)], whole: bool) -> Result<(Rules, usize), Failure> {
    let context = match file {
        Some(file) => {
            let (name, text) = check::text_of(file)?;
            Context::of_file(&name, &text, DataFiles::beside(file)).map_err(Failure::Rules)?
        }
        None => Context::default(),
    };
    let of_file = context.warnings().map_or(0, |warnings| {
        report::diagnostics(warnings);
        warnings.iter().count()
    });
    let compiled = context.compile_beside(formulas, whole).map_err(|findings| {
        report::findings(&findings);
        Failure::Told(2)
    })?;
    let of_formulas = report::findings(&compiled.findings);
    Ok((compiled.rules, of_file + of_formulas))
}

/// The rule file, if there is one, and the files of rows.
fn rule_and_rows(args: &EvalArgs) -> Result<(Option<&Path>, &[PathBuf]), Failure> {
    let first = args.files.split_first();
    if args.formula.is_some() && !first.is_some_and(|(file, _)| is_rule(file)) {
        if let Some((file, rows)) = first.filter(|(_, rows)| rows.iter().any(|path| is_rule(path))) {
            unless_swapped(file, rows)?;
        }
        if args.no_rows && !args.files.is_empty() {
            return Err(Failure::Usage("-n reads no rows; leave out the files, or leave out -n".to_owned()));
        }
        if let (Some((file, rows)), Some(_)) = (first, rule_among(&args.files)) {
            unless_swapped(file, rows)?;
        }
        return Ok((None, &args.files));
    }
    let Some((file, rows)) = first else {
        return Err(Failure::Usage(
            "name a rule file, or give a formula with -e; see `clayf eval --help`".to_owned(),
        ));
    };
    if args.no_rows && !rows.is_empty() {
        return Err(Failure::Usage(
            "-n reads no rows; leave out the files of rows, or leave out -n".to_owned(),
        ));
    }
    unless_swapped(file, rows)?;
    Ok((Some(file), rows))
}

/// The first of these files that is a rule file.
fn rule_among(files: &[PathBuf]) -> Option<&PathBuf> {
    files.iter().find(|path| is_rule(path))
}

/// Refuses a file of rows in the place of the rule file.
fn unless_swapped(file: &Path, rows: &[PathBuf]) -> Result<(), Failure> {
    if Format::of_path(file).is_none() {
        return Ok(());
    }
    let shown = file.display();
    let rule = rule_among(rows).map_or_else(|| "score.clay".to_owned(), |rule| rule.display().to_string());
    Err(Failure::Usage(format!(
        "`{shown}` is a file of rows; name the rule file before it: `clayf eval {rule} {shown}`"
    )))
}
