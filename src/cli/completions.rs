//! `clayf completions`: what a shell needs to complete commands and options.

use super::{Cli, Failure, report};
use clap::{Args, CommandFactory};
use clap_complete::Shell;

pub(super) const EXAMPLES: &str = "\
Examples:
  clayf completions bash > ~/.local/share/bash-completion/completions/clayf
  clayf completions zsh > ~/.zfunc/_clayf
  clayf completions fish > ~/.config/fish/completions/clayf.fish";

#[derive(Args, Debug)]
pub(super) struct CompletionsArgs {
    /// Which shell
    shell: Shell,
}

/// Prints the script.
pub(super) fn completions(args: &CompletionsArgs) -> Result<(), Failure> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut Cli::command(), "clayf", &mut script);
    report::to_stdout(&String::from_utf8_lossy(&script))
}
