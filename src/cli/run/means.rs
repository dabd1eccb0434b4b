//! Who makes the calls of a run: the network, the network and a recorder, or a recording.

use super::{Failure, RunArgs};
use crate::table::http::{Guard, Http, Recorder, Redactor, Replayer, Secret, Secrets, Settings, Transport};
use crate::table::model::Table;
use crate::table::run::{hosts, key_names};
use std::path::PathBuf;

/// Where answers come from.
pub(super) enum Sources {
    /// From providers, with these keys.
    Providers(Secrets),
    /// From a recording.
    Recording(PathBuf),
}

impl Sources {
    pub(super) fn is_replay(&self) -> bool {
        matches!(self, Self::Recording(_))
    }

    pub(super) fn secrets(&self) -> Option<&Secrets> {
        match self {
            Self::Providers(secrets) => Some(secrets),
            Self::Recording(_) => None,
        }
    }
}

/// Where the answers of a run come from.
pub(super) fn sources(args: &RunArgs, table: &Table) -> Result<Sources, Failure> {
    let recordings = table.recordings.as_ref().filter(|_| !args.live && args.record.is_none());
    if let Some(path) = args.replay.as_ref().or(recordings) {
        return Ok(Sources::Recording(path.clone()));
    }
    let secrets = match &args.keys {
        Some(path) => Secrets::with_file(path).map_err(|error| Failure::Usage(error.to_string()))?,
        None => Secrets::of_environment(),
    };
    // A key that is missing is told before anything begins.
    for name in key_names(table, args.sync) {
        secrets.get(&name).map_err(|error| Failure::Usage(error.to_string()))?;
    }
    Ok(Sources::Providers(secrets))
}

/// Who makes the calls of a run.
pub(super) enum Caller {
    Plain(Box<dyn Transport>),
    Recorded(Box<Recorder<Http>>),
}

impl Caller {
    pub(super) fn transport(&self) -> &dyn Transport {
        match self {
            Self::Plain(transport) => transport.as_ref(),
            Self::Recorded(recorder) => recorder.as_ref(),
        }
    }

    /// Whether each call that was to be recorded was.
    pub(super) fn is_recorded(&self) -> Result<(), Failure> {
        let Self::Recorded(recorder) = self else { return Ok(()) };
        let told = |error| Failure::Run(format!("{error}; calls of this run are missing in it"));
        recorder.trouble().map_err(told)
    }
}

/// Who makes the calls.
pub(super) fn caller(args: &RunArgs, table: &Table, sources: &Sources) -> Result<Caller, Failure> {
    let usage = |error: &dyn std::fmt::Display| Failure::Usage(error.to_string());
    let secrets = match sources {
        Sources::Recording(path) => {
            let replayer = Replayer::open(path, Redactor::default()).map_err(|error| usage(&error))?;
            return Ok(Caller::Plain(Box::new(replayer)));
        }
        Sources::Providers(secrets) => secrets,
    };
    let guard = Guard::new(hosts(table), args.allow_private).map_err(|error| usage(&error))?;
    let http = Http::new(guard, Settings::default());
    let Some(path) = &args.record else { return Ok(Caller::Plain(Box::new(http))) };
    let keys: Vec<Secret> = key_names(table, true).iter().filter_map(|name| secrets.get(name).ok()).collect();
    let recorder = Recorder::new(http, path, Redactor::new(&keys)).map_err(|error| usage(&error))?;
    Ok(Caller::Recorded(Box::new(recorder)))
}
