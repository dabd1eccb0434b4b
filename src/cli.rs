//! The command line: what is typed, what is printed, and the exit status.

mod args;
mod check;
mod eval;
mod failure;
mod functions;
mod input;
mod output;
mod progress;
mod report;
mod summary;
mod test;

pub use args::Cli;
use args::Command;
use clap::Parser;
use failure::Failure;
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
        Command::Test(args) => test::test(&args),
        Command::Functions(args) => functions::functions(&args),
    }
}
