//! `clayf man`: the manual pages.

use super::{Cli, Failure, report};
use crate::diagnostics::{did_you_mean, suggest};
use clap::{Args, CommandFactory};
use clap_mangen::Man;

pub(super) const EXAMPLES: &str = "\
Examples:
  clayf man > ~/.local/share/man/man1/clayf.1
  clayf man eval | man -l -                      the page of one command";

#[derive(Args, Debug)]
pub(super) struct ManArgs {
    /// The page of this command, rather than the one of clayf as a whole
    command: Option<String>,
}

/// Prints the page.
pub(super) fn manual(args: &ManArgs) -> Result<(), Failure> {
    let mut whole = Cli::command();
    // Subcommands are called by their full names only once all is built.
    whole.build();
    let man = match &args.command {
        None => Man::new(whole),
        Some(name) => {
            let found = whole.find_subcommand(name).cloned();
            Man::new(found.ok_or_else(|| unknown(&whole, name))?).title(format!("clayf-{name}"))
        }
    };
    let mut page = Vec::new();
    let made = man.source(concat!("clayf ", env!("CARGO_PKG_VERSION"))).render(&mut page);
    made.map_err(|error| Failure::Run(format!("can't make the page: {error}")))?;
    report::to_stdout(&String::from_utf8_lossy(&page))
}

fn unknown(whole: &clap::Command, name: &str) -> Failure {
    let names = || whole.get_subcommands().map(clap::Command::get_name);
    let help = did_you_mean(&suggest(name, names()));
    let help = help.unwrap_or_else(|| format!("the commands are {}", names().collect::<Vec<_>>().join(", ")));
    Failure::Usage(format!("clayf has no command `{name}`; {help}"))
}
