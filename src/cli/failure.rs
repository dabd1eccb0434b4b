//! Why a command ended early, and the exit status that says so.

use super::report;
use crate::diagnostics::Diagnostics;

/// What ends a command.
#[derive(Debug)]
pub(super) enum Failure {
    /// The data or the run failed: status 1.
    Run(String),
    /// What failed was told already, as the result: status 1.
    Told,
    /// The command line, or a file that it names as a rule, is wrong: status 2.
    Usage(String),
    /// The rule file is wrong: status 2.
    Rules(Diagnostics),
}

impl Failure {
    pub(super) fn status(&self) -> u8 {
        match self {
            Self::Run(_) | Self::Told => 1,
            Self::Usage(_) | Self::Rules(_) => 2,
        }
    }

    /// Tells standard error.
    pub(super) fn print(&self) {
        match self {
            Self::Run(message) | Self::Usage(message) => report::line("error", message),
            Self::Told => {}
            Self::Rules(diagnostics) => report::diagnostics(diagnostics),
        }
    }
}
