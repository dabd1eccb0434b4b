//! Asking about each change, one by one.

use super::{people, words};
use crate::cli::{Failure, report};
use crate::diagnostics::Look;
use crate::tools::test::snapshot::pending_path;
use crate::tools::test::{Change, FileOutcome, Problem, Subject, Verdict};
use std::io::stdin;

/// What is answered.
enum Answer {
    Accept,
    Reject,
    Skip,
    Quit,
}

/// Asks about each changed snapshot of a file; gives whether no more is to be asked.
pub(super) fn review(outcome: &mut FileOutcome, look: Look) -> Result<bool, Failure> {
    let name = words::path(&outcome.path);
    for check in &mut outcome.checks {
        let Verdict::Failed(Problem::Changed(change) | Problem::Missing(change)) = &check.verdict else {
            continue;
        };
        show(&name, &check.subject, change, look)?;
        match ask()? {
            Answer::Accept => {
                change.accept().map_err(Failure::Run)?;
                check.verdict = Verdict::Accepted(change.path.clone());
            }
            Answer::Reject => {
                // What was refused waits no longer; that there is none is fine.
                let _ = std::fs::remove_file(pending_path(&change.path));
            }
            Answer::Skip => {}
            Answer::Quit => return Ok(true),
        }
    }
    Ok(false)
}

fn show(name: &str, subject: &Subject, change: &Change, look: Look) -> Result<(), Failure> {
    let problem = Problem::Changed(Box::new(change.clone()));
    let mut text = format!("{name}: {}\n", words::headline(subject, &problem));
    for line in words::details(&problem) {
        text.push_str(&format!("  {}\n", people::painted(&line, look)));
    }
    report::to_stdout(&text)
}

fn ask() -> Result<Answer, Failure> {
    loop {
        report::to_stdout("take it over? y(es), n(o), s(kip), q(uit): ")?;
        let mut line = String::new();
        let read =
            stdin().read_line(&mut line).map_err(|error| Failure::Run(format!("can't read: {error}")))?;
        match line.trim().to_lowercase().as_str() {
            "y" | "yes" => return Ok(Answer::Accept),
            "n" | "no" => return Ok(Answer::Reject),
            "s" | "skip" => return Ok(Answer::Skip),
            "q" | "quit" => return Ok(Answer::Quit),
            // The end of the input answers nothing more.
            _ if read == 0 => return Ok(Answer::Quit),
            _ => {}
        }
    }
}
