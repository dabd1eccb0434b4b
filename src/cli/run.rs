//! `clayf run`: a whole table over rows.

mod effects;
mod means;
mod page;
mod results;
mod state_file;
mod summary;
mod view;

pub(super) use state_file::{note_renamed, open_to_read, path_of_state, warn_of_other_table};

use super::args::{ClockArgs, FormatArg, OnBadRowArg};
use super::output::Output;
use super::{Failure, STRICT, input, report, table_file};
use crate::batch::BatchError;
use crate::diagnostics::{Count, did_you_mean};
use crate::rows::Format;
use crate::table::import::{MissingColumn, OnBadRow, SharedKeys, import};
use crate::table::model::Table;
use crate::table::report::{Doubts, Gathering, Report};
use crate::table::run::{Live, Means, RunError, Time};
use crate::table::state::{Resumed, Run, RunId, Store};
use crate::table::sync::{Mode, SyncReport, sync};
use clap::Args;
use std::io::Write;
use std::num::NonZeroUsize;
use std::path::PathBuf;

pub(super) const EXAMPLES: &str = "\
Examples:
  clayf run outbound.yaml leads.jsonl                    every lead, with the columns of the table
  clayf run outbound.yaml leads.csv -o done.csv --report out.html
  clayf run outbound.yaml leads.jsonl --effects crm.jsonl    what would be sent to the CRM
  clayf run outbound.yaml leads.jsonl --sync             send it
  clayf run outbound.yaml leads.jsonl --record calls.jsonl
  clayf run outbound.yaml leads.jsonl --replay calls.jsonl";

#[derive(Args, Debug)]
#[allow(clippy::struct_excessive_bools, reason = "each is an option of the command line")]
pub(in crate::cli) struct RunArgs {
    /// The table file
    #[arg(value_name = "TABLE.yaml")]
    table: PathBuf,
    /// The rows: files, or `-` for standard input, which is read if none is named
    #[arg(value_name = "ROWS")]
    rows: Vec<PathBuf>,
    /// The format of the rows [default: inferred from the file extension; JSON lines for standard input]
    #[arg(long, value_name = "FORMAT")]
    from: Option<FormatArg>,
    /// The format of the results; else told by the ending of -o, else that of the rows
    #[arg(long, value_name = "FORMAT")]
    to: Option<FormatArg>,
    /// Write the results to a file, which is replaced once all went well
    #[arg(short = 'o', value_name = "FILE")]
    output: Option<PathBuf>,
    /// Where cells, charges and what was sent are kept; if not said, in TABLE.state beside the table
    #[arg(long, value_name = "FILE")]
    state: Option<PathBuf>,
    /// Write a page with what the run found and what it cost
    #[arg(long, value_name = "FILE.html")]
    report: Option<PathBuf>,
    /// Say nothing at the end
    #[arg(short, long)]
    quiet: bool,
    /// Fail if there is any warning, and push no row that has one, as with `strict: true` in the table
    #[arg(long)]
    strict: bool,
    /// Send effects, rather than only count them
    #[arg(long)]
    sync: bool,
    /// Write the requests that --sync would send, one JSON object a line
    #[arg(long, value_name = "FILE", conflicts_with = "sync")]
    effects: Option<PathBuf>,
    /// Keep each call and its answer, without keys
    #[arg(long, value_name = "FILE", conflicts_with = "replay")]
    record: Option<PathBuf>,
    /// Answer calls from a recording and open no connection
    #[arg(long, value_name = "FILE")]
    replay: Option<PathBuf>,
    /// Call providers although the table names recordings
    #[arg(long, conflicts_with = "replay")]
    live: bool,
    /// A file of KEY=VALUE lines, for keys that the environment does not hold
    #[arg(long, value_name = "FILE")]
    keys: Option<PathBuf>,
    /// Call addresses of private networks too
    #[arg(long)]
    allow_private: bool,
    /// How many calls are under way at once; else as the table says, else 16
    #[arg(long, value_name = "N")]
    concurrency: Option<NonZeroUsize>,
    #[command(flatten)]
    clock: ClockArgs,
    /// What to do about a row that can't be read
    #[arg(long, value_name = "HOW", default_value = "fail")]
    on_bad_row: OnBadRowArg,
    /// Keep the rows that are skipped, byte for byte
    #[arg(long, value_name = "FILE")]
    rejects: Option<PathBuf>,
}

/// Runs the table.
pub(super) fn run(args: &RunArgs) -> Result<(), Failure> {
    let mut loaded = table_file::load(&args.table)?;
    report::warnings_of(&args.table.display().to_string(), &loaded.warnings);
    if args.strict && !loaded.warnings.is_empty() {
        return Err(Failure::Usage(STRICT.to_owned()));
    }
    loaded.table.strict |= args.strict;
    let table = &loaded.table;
    if args.rejects.is_some() && args.on_bad_row == OnBadRowArg::Fail {
        return Err(Failure::Usage(
            "--rejects keeps the rows that `--on-bad-row skip` leaves out; add that".to_owned(),
        ));
    }
    let inputs = input::with_formats(&args.rows, args.from)?;
    let repeated = input::note_repeated(&inputs)?;
    let (clock, time) = args.clock.with_time()?;
    check_outputs(args)?;
    results::format(args, &inputs)?;
    let sources = means::sources(args, table)?;
    let caller = means::caller(args, table, &sources)?;
    let path = path_of_state(&args.table, args.state.as_deref(), sources.is_replay());
    let store = Store::open(&path).map_err(|error| Failure::Run(error.to_string()))?;
    warn_of_other_table(&args.table, &store)?;
    let began = store.begin_run(&time.text()).map_err(|error| Failure::Run(error.to_string()))?;
    store
        .name_table(began.id, &state_file::name_of(&args.table))
        .map_err(|error| Failure::Run(error.to_string()))?;
    note_renamed(table, &store)?;
    let live = Live::default();
    if let Err(failure) = import_rows(args, table, &store, began.id, &clock, &inputs) {
        // Nothing was bought yet, so that there is nothing to go on with.
        if !began.continued {
            store.finish_run(began.id, &time.text()).map_err(|error| Failure::Run(error.to_string()))?;
        }
        return Err(failure);
    }
    let began = if began.continued { resume(&store, &began, &time)? } else { began };
    let run = began.id;
    let means = Means {
        transport: caller.transport(),
        secrets: sources.secrets(),
        clock: &clock,
        time: &time,
        concurrency: args.concurrency.map_or(table.concurrency, usize::from).min(1000),
        live: &live,
    };
    let pushed = view::watch((&live, args.quiet), table.budget.run, || {
        crate::table::run::run(table, &store, run, means).map_err(failure)?;
        push(args, table, &store, run, means)
    })?;
    let gathering =
        Gathering { table, store: &store, run: &began, clock: &clock, time: &time, live: Some(&live) };
    let found = results::write(args, gathering, &inputs, &pushed)?;
    tell(args, &found, &pushed)?;
    caller.is_recorded()?;
    if args.strict && (repeated || found.doubts.rows > 0) {
        return Err(Failure::Run(STRICT.to_owned()));
    }
    if pushed.is_sound() && pushed.failed().next().is_none() { Ok(()) } else { Err(Failure::Told(1)) }
}

/// Tells files that could not be written at the end, before anything is bought.
fn check_outputs(args: &RunArgs) -> Result<(), Failure> {
    let paths = [&args.output, &args.report, &args.effects, &args.rejects];
    paths.into_iter().flatten().try_for_each(|path| Output::check(path))
}

/// Goes on with a run that was interrupted, or begins a new one where it had none of these rows.
fn resume(store: &Store, began: &Run, time: &Time) -> Result<Run, Failure> {
    let resumed = store.resume(began, &time.text()).map_err(|error| Failure::Run(error.to_string()))?;
    let Resumed { run, rows, of_it } = resumed;
    let started = &began.started;
    let note = if of_it == 0 {
        format!(
            "the run of {started} was interrupted and had none of these rows: it is over, and a new one begins"
        )
    } else {
        let rows = Count(rows as usize, "row");
        format!(
            "going on with the run of {started}, which was interrupted: it had {of_it} of {rows}, and its budget counts \
             what was spent then"
        )
    };
    report::line("note", &note);
    Ok(run)
}

/// Sends what rows at rest have for effects, or shows it.
fn push(
    args: &RunArgs,
    table: &Table,
    store: &Store,
    run: RunId,
    means: Means<'_>,
) -> Result<SyncReport, Failure> {
    if args.sync {
        return sync(table, store, run, means, Mode::Send).map_err(failure);
    }
    let Some(path) = &args.effects else {
        return sync(table, store, run, means, Mode::DryRun(None)).map_err(failure);
    };
    let mut out = std::io::BufWriter::new(Output::open(Some(path))?);
    let report = sync(table, store, run, means, Mode::DryRun(Some(&mut out))).map_err(failure)?;
    let told =
        |error: &dyn std::fmt::Display| Failure::Run(format!("can't write {}: {error}", path.display()));
    let out = out.into_inner().map_err(|error| told(&error))?;
    out.finish().map_err(|error| told(&error))?;
    Ok(report)
}

/// Tells what the run found and what it cost.
fn tell(args: &RunArgs, found: &Report, pushed: &SyncReport) -> Result<(), Failure> {
    if args.quiet {
        effects::problems(pushed);
    } else {
        report::text(&summary::text(found, &args.table));
        effects::hints(pushed);
        effects::failures(pushed);
    }
    doubts(&found.doubts);
    args.report.as_deref().map_or(Ok(()), |path| page::write(found, &args.table, path))
}

/// Warns of rows whose formulas have warnings or errors.
fn doubts(doubts: &Doubts) {
    if let Some((row, first)) = &doubts.first {
        let count = Count(doubts.rows as usize, "row");
        report::line("warning", &format!("{count} with warnings in formulas; the first, row {row}: {first}"));
    }
}

fn import_rows(
    args: &RunArgs,
    table: &Table,
    store: &Store,
    run: RunId,
    clock: &crate::value::Clock,
    inputs: &[(PathBuf, Format)],
) -> Result<(), Failure> {
    let mut rejects = args.rejects.as_deref().map(|path| Output::open(Some(path))).transpose()?;
    let on_bad = match args.on_bad_row {
        OnBadRowArg::Fail => OnBadRow::Fail,
        OnBadRowArg::Skip => OnBadRow::Skip(rejects.as_mut().map(|file| file as &mut dyn Write)),
    };
    let imported = import(table, store, run, clock, input::opened(inputs), on_bad).map_err(failure)?;
    let kept = rejects.map_or(Ok(()), Output::finish);
    kept.map_err(|error| Failure::Run(format!("can't write the rejected rows: {error}")))?;
    if let Some(first) = &imported.first_bad {
        let count = Count(imported.rejected as usize, "row");
        report::line("warning", &format!("{count} left out that can't be read; the first: {first}"));
    }
    missing_columns(&imported.missing);
    shared_keys(imported.shared.as_ref());
    // Nothing is bought yet.
    let is_doubtful = !imported.missing.is_empty()
        || args.strict && (imported.first_bad.is_some() || imported.shared.is_some());
    if table.strict && is_doubtful {
        let why =
            if args.strict { STRICT } else { "the table is strict, and no row has a column that it reads" };
        return Err(Failure::Run(why.to_owned()));
    }
    Ok(())
}

/// Warns of columns that a table reads and no row has.
pub(super) fn missing_columns(missing: &[MissingColumn]) {
    for MissingColumn { name, similar } in missing {
        let help = did_you_mean(&similar.iter().map(String::as_str).collect::<Vec<_>>());
        let help = help.map(|help| format!("; {help}")).unwrap_or_default();
        report::line("warning", &format!("no row has a column `{name}`, which is read as Blank{help}"));
    }
}

/// Warns of rows that their `row_key` does not tell apart.
pub(super) fn shared_keys(shared: Option<&SharedKeys>) {
    let Some(SharedKeys { rows, position, key }) = shared else { return };
    let (count, have) = (Count(*rows as usize, "row"), if *rows == 1 { "has" } else { "have" });
    report::line(
        "warning",
        &format!(
            "{count} {have} the `row_key` of an earlier row, the first of them row {position}, `{key}`; what was bought \
             stays by their order: rows of one key that change places swap it"
        ),
    );
}

/// What ended a run early.
pub(super) fn failure(error: RunError) -> Failure {
    match error {
        RunError::Rows(error @ BatchError::BadRow { .. }) => {
            Failure::Run(format!("{error}\n  help: `--on-bad-row skip` leaves such rows out"))
        }
        error => Failure::Run(error.to_string()),
    }
}
