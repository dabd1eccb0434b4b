//! Where results may be written: never over what they need, or over rows that would be lost or lose columns.

use crate::batch::Tally;
use crate::cli::Failure;
use crate::cli::args::EvalArgs;
use crate::cli::input::is_rule;
use crate::diagnostics::Count;
use crate::rows::Format;
use same_file::Handle;
use std::path::{Path, PathBuf};

/// Whether the results replace a file of rows that they come from.
pub(super) fn replaces_rows(args: &EvalArgs, inputs: &[(PathBuf, Format)]) -> bool {
    let output = args.output.as_deref().filter(|output| !is_device(output));
    output.is_some_and(|output| inputs.iter().any(|(input, _)| is_same(output, input)))
}

pub(super) fn is_device(path: &Path) -> bool {
    std::fs::metadata(path).is_ok_and(|data| !data.is_file())
}

/// Whether both lead to one file, also by links or as standard input.
fn is_same(one: &Path, other: &Path) -> bool {
    let open = |path: &Path| if path.as_os_str() == "-" { Handle::stdin() } else { Handle::from_path(path) };
    one == other || open(one).is_ok_and(|one| open(other).is_ok_and(|other| one == other))
}

/// Refuses results that lack rows, or columns of the rows, that they replace. Rows that can't be read are not lost where
/// `--rejects` keeps them.
pub(super) fn unless_lost(args: &EvalArgs, tally: &Tally) -> Result<(), Failure> {
    let Some(output) = args.output.as_deref() else { return Ok(()) };
    let kept = tally.written + if args.rejects.is_some() { tally.bad_rows.count } else { 0 };
    if kept < tally.rows {
        return Err(Failure::Usage(format!(
            "the results lack {} of {}, and would replace {}; nothing was written\n  help: name another file after -o",
            tally.rows - kept,
            Count(tally.rows as usize, "row"),
            output.display()
        )));
    }
    if tally.late_keys.is_empty() { Ok(()) } else { Err(lost_columns(output, tally)) }
}

fn lost_columns(output: &Path, tally: &Tally) -> Failure {
    const SHOWN: usize = 3;
    let names: Vec<String> = tally.late_keys.keys().take(SHOWN).map(|key| format!("`{key}`")).collect();
    let more = tally.late_keys.len() - names.len();
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    Failure::Usage(format!(
        "the results lack columns of the rows in {}, which they would replace: {}{more}; nothing was written\n  help: name another file after -o",
        output.display(),
        names.join(", ")
    ))
}

/// Refuses destinations that would destroy what is read, or each other. Results may replace the rows they came from
/// if they have all rows and columns: they are put in place at the end.
pub(super) fn unless_overwritten(args: &EvalArgs, inputs: &[(PathBuf, Format)]) -> Result<(), Failure> {
    let same = is_same;
    let rules = args.files.first().filter(|file| args.formula.is_none() || is_rule(file));
    let refuse = |option: &str, path: &Path, what: &str| {
        Err(Failure::Usage(format!("{option} {} would overwrite {what}; name another file", path.display())))
    };
    if let (Some(output), Some(rules)) = (&args.output, rules)
        && same(output, rules)
    {
        return refuse("-o", output, "the rule file");
    }
    if let (Some(output), Some(_)) = (&args.output, &args.formula)
        && replaces_rows(args, inputs)
    {
        return refuse("-o", output, "the rows with the values of one formula");
    }
    if let (Some(output), Some(_)) = (&args.output, &args.condition)
        && replaces_rows(args, inputs)
    {
        return refuse("-o", output, "the rows with those that --where selects");
    }
    let Some(rejects) = &args.rejects else { return Ok(()) };
    if rules.is_some_and(|rules| same(rejects, rules)) {
        return refuse("--rejects", rejects, "the rule file");
    }
    if inputs.iter().any(|(input, _)| same(rejects, input)) {
        return refuse("--rejects", rejects, "the rows it is to come from");
    }
    if !is_device(rejects) && args.output.as_ref().is_some_and(|output| same(rejects, output)) {
        return refuse("--rejects", rejects, "the results");
    }
    Ok(())
}
