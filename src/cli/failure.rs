//! Why a command ended early, and the exit status that says so.

use super::report;
use crate::diagnostics::Diagnostics;
use crate::table::problems::Problems;

/// Why a command with `--strict` fails.
pub(super) const STRICT: &str = "there are warnings, and --strict takes none";

/// What ends a command.
#[derive(Debug)]
pub(super) enum Failure {
    /// The data or the run failed: status 1.
    Run(String),
    /// The command line, or a file that it names as a rule, is wrong: status 2.
    Usage(String),
    /// The rule file is wrong: status 2.
    Rules(Diagnostics),
    /// The table file of this name, or one that it names, is wrong: status 2.
    Table(String, Box<Problems>),
    /// Told already; the status is left.
    Told(u8),
}

impl Failure {
    pub(super) fn status(&self) -> u8 {
        match self {
            Self::Run(_) => 1,
            Self::Usage(_) | Self::Rules(_) | Self::Table(..) => 2,
            Self::Told(status) => *status,
        }
    }

    /// Tells standard error.
    pub(super) fn print(&self) {
        match self {
            Self::Run(message) | Self::Usage(message) => report::line("error", message),
            Self::Rules(diagnostics) => report::diagnostics(diagnostics),
            Self::Table(name, problems) => report::problems(name, problems),
            Self::Told(_) => {}
        }
    }
}
