//! The command line: what is typed, what is printed, and the exit status.

mod args;
mod check;
mod completions;
mod diff;
mod dlq;
mod eval;
mod explain;
mod fail_if;
mod failure;
mod fmt;
mod functions;
mod input;
mod json;
mod manual;
mod output;
mod plan;
mod profile;
mod progress;
mod prove;
mod repl;
mod report;
mod revision;
mod run;
mod summary;
mod table;
mod table_file;
mod test;
mod why;

pub use args::Cli;
use args::Command;
use clap::Parser;
use failure::{Failure, STRICT};
use std::process::ExitCode;

/// Runs the command line that the process was started with.
#[must_use]
pub fn main() -> ExitCode {
    // A panic is a mistake of clayf itself, and is told as one.
    match run(Cli::parse().command) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            failure.print();
            ExitCode::from(failure.status())
        }
    }
}

fn run(command: Command) -> Result<(), Failure> {
    match command {
        Command::Eval(args) => eval::eval(&args),
        Command::Check(args) => check::check(&args),
        Command::Completions(args) => completions::completions(&args),
        Command::Man(args) => manual::manual(&args),
        Command::Diff(args) => diff::diff(&args),
        Command::Explain(args) => explain::explain(&args),
        Command::Prove(args) => prove::prove(&args),
        Command::Fmt(args) => fmt::fmt(&args),
        Command::Test(args) => test::test(&args),
        Command::Functions(args) => functions::functions(&args),
        Command::Repl(args) => repl::repl(&args),
        Command::Run(args) => run::run(&args),
        Command::Plan(args) => plan::plan(&args),
        Command::Profile(args) => profile::profile(&args),
        Command::Why(args) => why::why(&args),
        Command::Dlq(args) => dlq::dlq(&args),
    }
}
