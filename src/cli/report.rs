//! What is written to standard error.

use super::Failure;
use crate::diagnostics::{Count, Diagnostics, Look, render, visible};
use crate::rules::Findings;
use crate::table::problems::Problems;
use std::io::{ErrorKind, IsTerminal, Write, stderr, stdout};

/// The look that fits standard error: colours on a terminal, unless `NO_COLOR` is set.
pub(super) fn look() -> Look {
    Look { color: stderr().is_terminal() && !no_color(), ..Look::default() }
}

/// Whether what goes to standard output may be coloured.
pub(super) fn stdout_has_color() -> bool {
    stdout().is_terminal() && !no_color()
}

fn no_color() -> bool {
    std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty())
}

/// The look that fits standard output, likewise.
pub(super) fn stdout_look() -> Look {
    Look { color: stdout_has_color(), ..Look::default() }
}

/// More reports than this are only counted: whoever mends these will run the check again.
const MOST_REPORTS: usize = 25;

/// The reports, and how many there were.
pub(super) fn diagnostics(diagnostics: &Diagnostics) {
    let look = look();
    let mut text = String::new();
    for one in diagnostics.iter().take(MOST_REPORTS) {
        text.push_str(&render(one, diagnostics.source(), look));
        text.push('\n');
    }
    let errors = diagnostics.iter().filter(|one| !one.is_warning()).count();
    let warnings = diagnostics.iter().count() - errors;
    text.push_str(&counts(diagnostics.source().name(), errors, warnings));
    print(&text);
}

/// Prints the reports about formulas of the command line, and returns how many there were.
pub(super) fn findings(findings: &Findings) -> usize {
    let look = look();
    let count = findings.iter().count();
    let mut text = String::new();
    for one in findings.iter().take(MOST_REPORTS) {
        text.push_str(&render(&one, one.source(), look));
        text.push('\n');
    }
    let (errors, warnings) = if findings.has_errors() { (count, 0) } else { (0, count) };
    text.push_str(&counts("the command line", errors, warnings));
    print(&text);
    count
}

/// The reports about a table, file by file, and how many there were.
pub(super) fn problems(name: &str, problems: &Problems) {
    let look = look();
    let (mut text, mut errors, mut warnings) = (String::new(), 0, 0);
    problems.tell(|problem| {
        if errors + warnings < MOST_REPORTS {
            text.push_str(&render(problem.diagnostic, problem.source, look));
            text.push('\n');
        }
        *(if problem.is_warning() { &mut warnings } else { &mut errors }) += 1;
    });
    text.push_str(&counts(name, errors, warnings));
    print(&text);
}

/// That a table has warnings, for commands that have more to say.
pub(super) fn warnings_of(name: &str, problems: &Problems) {
    let mut count = 0;
    problems.tell(|_| count += 1);
    if count > 0 {
        line("note", &format!("{}; `clayf check {name}` tells", Count(count, "warning")));
    }
}

/// The line behind the reports.
fn counts(name: &str, errors: usize, warnings: usize) -> String {
    let hidden = (errors + warnings).saturating_sub(MOST_REPORTS);
    let more = if hidden > 0 { format!("… and {hidden} more\n") } else { String::new() };
    let counted = match (errors, warnings) {
        (0, 0) => return more,
        (0, _) => Count(warnings, "warning").to_string(),
        (_, 0) => Count(errors, "error").to_string(),
        _ => format!("{}, {}", Count(errors, "error"), Count(warnings, "warning")),
    };
    format!("{more}{name}: {counted}\n")
}

/// `error: …`, `warning: …`
pub(super) fn line(kind: &str, message: &str) {
    print(&visible(&format!("{kind}: {message}\n")));
}

/// Standard error that can't be written to is no reason to fail.
pub(super) fn print(text: &str) {
    let _ = stderr().write_all(text.as_bytes());
}

/// Writes to standard output; a reader that went away is no failure.
pub(super) fn to_stdout(text: &str) -> Result<(), Failure> {
    to_reader(text).map(|_| ())
}

/// Writes to standard output; `false` where its reader went away, so that there is no use in going on.
pub(super) fn to_reader(text: &str) -> Result<bool, Failure> {
    let mut out = stdout();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(false),
        Err(error) => Err(Failure::Run(format!("can't write: {error}"))),
    }
}

/// Text that may hold what a row holds.
pub(super) fn text(text: &str) {
    print(&visible(text));
}
