//! `clayf eval`: rules over rows.

use super::args::EvalArgs;
use super::output::Output;
use super::{Failure, check, input, progress, report, summary};
use crate::batch::{self, BatchError, Input, OnBadRow, Options, Sinks, Tally};
use crate::rows::Format;
use crate::rules::Rules;
use crate::value::Clock;
use std::cell::Cell;
use std::fs::File;
use std::io::{IsTerminal, Write, stdin};
use std::path::{Path, PathBuf};

/// More threads than this only cost memory.
const MOST_THREADS: usize = 256;

/// Evaluates the rules over the rows and writes the results.
pub(super) fn eval(args: &EvalArgs) -> Result<(), Failure> {
    let (rules, rows) = rules_and_rows(args)?;
    report::diagnostics(rules.warnings());
    let clock = args.clock.clock()?;
    let inputs = if args.no_rows { Vec::new() } else { input::with_formats(rows, args.from)? };
    let options = options(args, &inputs)?;
    let tally = run(args, &rules, &clock, &options, &inputs)?;
    let Some(tally) = tally else { return Ok(()) };
    if let batch::Output::Selected(names) = &options.output {
        report::text(&summary::unknown_selected(&rules, &tally, names));
    }
    if args.summary {
        report::text(&summary::summary(&rules, &tally));
    } else if args.no_rows {
        report::text(&summary::errors(&rules, &tally));
    } else {
        report::text(&summary::notes(&rules, &tally));
    }
    Ok(())
}

fn rules_and_rows(args: &EvalArgs) -> Result<(Rules, &[PathBuf]), Failure> {
    if let Some(formula) = &args.formula {
        if args.no_rows && !args.files.is_empty() {
            return Err(Failure::Usage("-n reads no rows; leave out the files, or leave out -n".to_owned()));
        }
        return Ok((Rules::compile_formula(formula).map_err(Failure::Rules)?, &args.files));
    }
    let Some((file, rows)) = args.files.split_first() else {
        return Err(Failure::Usage(
            "name a rule file, or give a formula with -e; see `clayf eval --help`".to_owned(),
        ));
    };
    if args.no_rows && !rows.is_empty() {
        return Err(Failure::Usage(
            "-n reads no rows; leave out the files of rows, or leave out -n".to_owned(),
        ));
    }
    if rows.is_empty() && !args.no_rows && Format::of_path(file).is_some() {
        let shown = file.display();
        let message = format!(
            "`{shown}` is a file of rows; name the rule file before it: `clayf eval score.clay {shown}`"
        );
        return Err(Failure::Usage(message));
    }
    Ok((check::load(file)?, rows))
}

fn options(args: &EvalArgs, inputs: &[(PathBuf, Format)]) -> Result<Options, Failure> {
    let on_bad_row = OnBadRow::from(args.on_bad_row);
    if args.rejects.is_some() && on_bad_row == OnBadRow::Fail {
        return Err(Failure::Usage(
            "--rejects keeps the rows that `--on-bad-row skip` leaves out; add that".to_owned(),
        ));
    }
    let output = if args.formula.is_some() {
        batch::Output::Values
    } else if args.select.is_empty() {
        batch::Output::Rows
    } else {
        let names = args.select.iter().map(|name| name.trim()).filter(|name| !name.is_empty());
        batch::Output::Selected(names.map(ToOwned::to_owned).collect())
    };
    let told = args.to.map(Format::from).or_else(|| args.output.as_deref().and_then(Format::of_path));
    Ok(Options {
        output,
        to: told.or(inputs.first().map(|(_, format)| *format)).unwrap_or(Format::JsonLines),
        on_error: args.on_error.into(),
        on_bad_row,
        threads: args.threads.map_or_else(batch::processors, usize::from).min(MOST_THREADS),
        summary: args.summary,
    })
}

/// Runs, and gives what was counted; nothing where the reader of the results went away.
fn run(
    args: &EvalArgs,
    rules: &Rules,
    clock: &Clock,
    options: &Options,
    inputs: &[(PathBuf, Format)],
) -> Result<Option<Tally>, Failure> {
    if inputs.iter().any(|(path, _)| path.as_os_str() == "-") && stdin().is_terminal() {
        report::line("note", "reading rows from standard input; end it with Ctrl-D");
    }
    unless_overwritten(args, inputs)?;
    let mut out = Output::open(args.output.as_deref())?;
    let mut rejects = args.rejects.as_deref().map(|path| {
        File::create(path).map_err(|error| Failure::Run(format!("can't write {}: {error}", path.display())))
    });
    let mut rejects = rejects.take().transpose()?;
    let bar = progress::bar(input::total_size(inputs));
    let (before, within) = (Cell::new(0), Cell::new(0));
    let progress = |read: u64| {
        within.set(read);
        bar.set_position(before.get() + read);
    };
    let files = inputs.iter().map(|(path, format)| {
        before.set(before.get() + within.replace(0));
        input::open(path, *format)
    });
    let empty_row = args.no_rows.then(|| {
        Ok(Input {
            name: "the empty row".to_owned(),
            format: Format::JsonLines,
            reader: Box::new(&b"{}\n"[..]),
        })
    });
    let mut sinks = Sinks {
        out: &mut out,
        rejects: rejects.as_mut().map(|file| file as &mut (dyn Write + Send)),
        progress: &progress,
    };
    let result = batch::run(rules, clock, options, files.chain(empty_row), &mut sinks);
    bar.finish_and_clear();
    finish(result, out)
}

fn finish(result: Result<Tally, BatchError>, out: Output) -> Result<Option<Tally>, Failure> {
    match result {
        Ok(tally) => match out.finish() {
            Ok(()) => Ok(Some(tally)),
            Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => Ok(None),
            Err(error) => Err(Failure::Run(format!("can't write the results: {error}"))),
        },
        Err(error) if error.is_broken_pipe() => Ok(None),
        Err(error @ (BatchError::BadRow { .. } | BatchError::Malformed { .. })) => {
            let help = help(&error).map(|help| format!("\n  help: {help}")).unwrap_or_default();
            Err(Failure::Run(format!("{error}{help}")))
        }
        Err(error) => Err(Failure::Run(error.to_string())),
    }
}

/// Refuses destinations that would destroy what is read, or each other. Results may replace the rows they came from:
/// they are put in place at the end.
fn unless_overwritten(args: &EvalArgs, inputs: &[(PathBuf, Format)]) -> Result<(), Failure> {
    let same = |one: &Path, other: &Path| {
        one == other
            || one.canonicalize().is_ok_and(|one| other.canonicalize().is_ok_and(|other| one == other))
    };
    let rules = args.files.first().filter(|_| args.formula.is_none());
    let refuse = |option: &str, path: &Path, what: &str| {
        Err(Failure::Usage(format!("{option} {} would overwrite {what}; name another file", path.display())))
    };
    if let (Some(output), Some(rules)) = (&args.output, rules)
        && same(output, rules)
    {
        return refuse("-o", output, "the rule file");
    }
    let Some(rejects) = &args.rejects else { return Ok(()) };
    if rules.is_some_and(|rules| same(rejects, rules)) {
        return refuse("--rejects", rejects, "the rule file");
    }
    if inputs.iter().any(|(input, _)| same(rejects, input)) {
        return refuse("--rejects", rejects, "the rows it is to come from");
    }
    let is_device = std::fs::metadata(rejects).is_ok_and(|data| !data.is_file());
    if !is_device && args.output.as_ref().is_some_and(|output| same(rejects, output)) {
        return refuse("--rejects", rejects, "the results");
    }
    Ok(())
}

/// What to do about rows that can't be read.
fn help(error: &BatchError) -> Option<&'static str> {
    match error {
        BatchError::BadRow { line: 1, problem, .. } if problem.ends_with("but a list") => {
            Some("if the file is one array of rows, say `--from json`")
        }
        BatchError::BadRow { .. } => {
            Some("`--on-bad-row skip` goes on without such rows, and `--rejects FILE` keeps them")
        }
        BatchError::Malformed { problem, .. } if problem.contains("behind") => {
            Some("if each line is a row of its own, say `--from jsonl`")
        }
        _ => None,
    }
}
