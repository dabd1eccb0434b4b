//! `clayf eval`: rules over rows.

mod formulas;
mod outputs;
mod totals;

use super::args::EvalArgs;
use super::output::Output;
use super::{Failure, STRICT, fail_if, input, progress, report, summary};
use crate::batch::{self, BatchError, Input, OnBadRow, Options, Sinks, Tally};
use crate::rows::Format;
use crate::rules::Rules;
use crate::tools::against_rows::paths_of_formulas;
use crate::value::Clock;
use formulas::Loaded;
use std::cell::Cell;
use std::fs::File;
use std::io::{IsTerminal, Write, stdin};
use std::path::PathBuf;

/// More threads than this only cost memory.
const MOST_THREADS: usize = 256;

/// Evaluates the rules over the rows and writes the results.
pub(super) fn eval(args: &EvalArgs) -> Result<(), Failure> {
    let Loaded { rules, rows, warnings } = Loaded::of(args)?;
    if args.strict && warnings > 0 {
        return Err(Failure::Usage(STRICT.to_owned()));
    }
    let fail_if = fail_if::compile(args.fail_if.as_deref())?;
    let clock = args.clock.clock()?;
    let inputs = if args.no_rows { Vec::new() } else { input::with_formats(rows, args.from)? };
    outputs::unless_overwritten(args, &inputs)?;
    let options = options(args, &rules, &inputs)?;
    let Some((tally, out)) = run(args, &rules, &clock, &options, &inputs)? else { return Ok(()) };
    let notes = notes(args, &rules, &options, &tally);
    report::text(&if args.summary { summary::summary(&rules, &options, &tally) } else { notes.clone() });
    unless_failed(args, !notes.is_empty()).map_err(|failure| unwritten(args, failure))?;
    if let Some(formula) = fail_if {
        let totals = totals::totals(&rules, &options, &tally);
        fail_if::unless_true(&formula, totals, &clock, args.fail_if.as_deref())
            .map_err(|failure| unwritten(args, failure))?;
    }
    out.finish().map_err(|error| Failure::Run(format!("can't write the results: {error}")))
}

/// The warnings of a run, a line each.
fn notes(args: &EvalArgs, rules: &Rules, options: &Options, tally: &Tally) -> String {
    if args.no_rows {
        return summary::without_rows(rules, tally);
    }
    let mut notes = match &options.output {
        batch::Output::Selected(names) => summary::unknown_selected(rules, tally, names),
        _ => String::new(),
    };
    notes.push_str(&summary::notes(rules, options, tally));
    notes
}

/// With `--strict`, fails if there was any warning.
fn unless_failed(args: &EvalArgs, has_warnings: bool) -> Result<(), Failure> {
    if args.strict && has_warnings {
        return Err(Failure::Run(STRICT.to_owned()));
    }
    Ok(())
}

/// A failure after all rows are read; a file of results is then left as it was.
fn unwritten(args: &EvalArgs, failure: Failure) -> Failure {
    match (failure, args.output.as_deref().filter(|output| !outputs::is_device(output))) {
        (Failure::Run(message), Some(output)) if output.as_os_str() != "-" => {
            Failure::Run(format!("{message}; {} was not written", output.display()))
        }
        (failure, _) => failure,
    }
}

fn options(args: &EvalArgs, rules: &Rules, inputs: &[(PathBuf, Format)]) -> Result<Options, Failure> {
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
    let chosen = match (args.to, &args.output) {
        (Some(to), _) => Some(to.into()),
        (None, Some(path)) => input::format_of_output(path)?,
        (None, None) => None,
    };
    Ok(Options {
        output,
        filter: args.condition.is_some(),
        note_lost: outputs::replaces_rows(args, inputs),
        to: chosen.or(inputs.first().map(|(_, format)| *format)).unwrap_or(Format::JsonLines),
        on_error: args.on_error.into(),
        on_bad_row,
        threads: args.threads.map_or_else(batch::processors, usize::from).min(MOST_THREADS),
        summary: args.summary || args.fail_if.is_some(),
        paths: paths_of_formulas(rules),
    })
}

/// Runs, and returns the counts and the results; nothing where the reader of the results went away.
fn run(
    args: &EvalArgs,
    rules: &Rules,
    clock: &Clock,
    options: &Options,
    inputs: &[(PathBuf, Format)],
) -> Result<Option<(Tally, Output)>, Failure> {
    if inputs.iter().any(|(path, _)| path.as_os_str() == "-") && stdin().is_terminal() {
        report::line("note", "reading rows from standard input; end it with Ctrl-D");
    }
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
    finish(args, options, result, out)
}

/// The counts of a run and its results, which are not in place yet; nothing where the reader of the results went away.
fn finish(
    args: &EvalArgs,
    options: &Options,
    result: Result<Tally, BatchError>,
    mut out: Output,
) -> Result<Option<(Tally, Output)>, Failure> {
    match result {
        Ok(tally) => {
            if options.note_lost {
                outputs::unless_lost(args, &tally)?;
            }
            match out.flush() {
                Ok(()) => Ok(Some((tally, out))),
                Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => Ok(None),
                Err(error) => Err(Failure::Run(format!("can't write the results: {error}"))),
            }
        }
        Err(error) if error.is_broken_pipe() => Ok(None),
        Err(error @ (BatchError::BadRow { .. } | BatchError::Malformed { .. })) => {
            let help = help(&error).map(|help| format!("\n  help: {help}")).unwrap_or_default();
            Err(Failure::Run(format!("{error}{help}")))
        }
        Err(error) => Err(Failure::Run(error.to_string())),
    }
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
