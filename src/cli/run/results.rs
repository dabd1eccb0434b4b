//! The results of a run: its rows written in their order, and the report gathered from them on the way.

use super::{Failure, RunArgs, failure};
use crate::cli::input;
use crate::cli::output::Output;
use crate::rows::Format;
use crate::table::export::export_seen;
use crate::table::report::{Gathering, Report};
use crate::table::run::RunError;
use crate::table::sync::SyncReport;
use std::io::{BufWriter, ErrorKind};
use std::path::PathBuf;

/// Writes the rows, ends the run, and gives what it found.
pub(super) fn write(
    args: &RunArgs,
    gathering: Gathering<'_>,
    inputs: &[(PathBuf, Format)],
    pushed: &SyncReport,
) -> Result<Report, Failure> {
    let Gathering { table, store, run, clock, time, .. } = gathering;
    let mut gathered = gathering.begin().map_err(failure)?;
    let mut out = BufWriter::new(Output::open(args.output.as_deref())?);
    let to = format(args, inputs)?;
    let written = export_seen(table, store, (run.id, clock), to, &mut out, |at, row, layout, results| {
        gathered.add(&at.status, row, layout, results);
    });
    store.finish_run(run.id, &time.text()).map_err(|error| Failure::Run(error.to_string()))?;
    let effects = pushed.effects.clone();
    match written {
        Ok(_) => {}
        // Whoever reads the rows has seen enough of them; the report is about all.
        Err(RunError::Write { error, .. }) if error.kind() == ErrorKind::BrokenPipe => {
            return gathering.report(effects).map_err(failure);
        }
        Err(error) => return Err(failure(error)),
    }
    let told = |error: std::io::Error| Failure::Run(format!("can't write the results: {error}"));
    let out = out.into_inner().map_err(|error| told(error.into_error()))?;
    out.finish().map_err(told)?;
    gathered.report(effects).map_err(failure)
}

/// The format that `--to` names, or else that of the file, or else that of the rows.
pub(super) fn format(args: &RunArgs, inputs: &[(PathBuf, Format)]) -> Result<Format, Failure> {
    let named = match (args.to, &args.output) {
        (Some(to), _) => Some(to.into()),
        (None, Some(path)) => input::format_of_output(path)?,
        (None, None) => None,
    };
    Ok(named.or(inputs.first().map(|(_, format)| *format)).unwrap_or(Format::JsonLines))
}
