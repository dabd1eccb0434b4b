//! `clayf fmt`: rule files in the one canonical layout.

use super::output::Output;
use super::{Failure, check, input, report};
use crate::diagnostics::{Count, Diagnostics, Source};
use crate::syntax::{FormatError, format_file};
use clap::Args;
use similar::{ChangeTag, TextDiff};
use std::io::{Read, Write, stdin};
use std::path::{Path, PathBuf};

#[derive(Args, Debug)]
pub(super) struct FmtArgs {
    /// Rule files, or folders with them; standard input to standard output if none is named
    #[arg(value_name = "FILE")]
    files: Vec<PathBuf>,
    /// Write nothing; show what would change, and fail if anything would
    #[arg(long)]
    check: bool,
}

/// Standard input on the command line, and what reports call it.
const STDIN: &str = "-";
const STDIN_NAME: &str = "standard input";
/// The lines around a change that a diff shows.
const CONTEXT: usize = 3;

/// What became of the files.
#[derive(Debug, Default)]
struct Outcome {
    /// How many differ from their canonical layout.
    changed: usize,
    /// The highest exit status of those that failed.
    status: u8,
}

/// Formats each file in place, or says with `--check` how it would change. One that fails does not keep the others
/// from being formatted.
pub(super) fn fmt(args: &FmtArgs) -> Result<(), Failure> {
    let mut outcome = Outcome::default();
    let files = if args.files.is_empty() {
        vec![PathBuf::from(STDIN)]
    } else {
        input::rule_files(&args.files, &mut |failure| outcome.fail(failure))
    };
    for path in &files {
        let done =
            if path.as_os_str() == STDIN { standard_input(args.check) } else { file(path, args.check) };
        match done {
            Ok(changed) => outcome.changed += usize::from(changed),
            Err(failure) => outcome.fail(&failure),
        }
    }
    match outcome.status {
        0 if args.check && outcome.changed > 0 => {
            let what = Count(outcome.changed, "file");
            report::line("note", &format!("{what} not formatted; `clayf fmt` without --check formats them"));
            Err(Failure::Told(1))
        }
        0 => Ok(()),
        status => Err(Failure::Told(status)),
    }
}

impl Outcome {
    /// Tells the failure and remembers its status.
    fn fail(&mut self, failure: &Failure) {
        failure.print();
        self.status = self.status.max(failure.status());
    }
}

/// Formats a file; gives whether it was not in the canonical layout.
fn file(path: &Path, check: bool) -> Result<bool, Failure> {
    let (name, text) = check::text_of(path)?;
    let stem = path.file_stem().map_or(String::new(), |stem| stem.to_string_lossy().into_owned());
    let formatted = formatted(&name, &text, &stem)?;
    if formatted == text {
        return Ok(false);
    }
    if check {
        report::to_stdout(&diff(&name, &text, &formatted))?;
    } else {
        let unwritable = |error| Failure::Run(format!("can't write {name}: {error}"));
        let mut output = Output::open(Some(path))?;
        output.write_all(formatted.as_bytes()).map_err(unwritable)?;
        output.finish().map_err(unwritable)?;
        report::text(&format!("formatted {name}\n"));
    }
    Ok(true)
}

/// Formats standard input to standard output.
fn standard_input(check: bool) -> Result<bool, Failure> {
    let mut bytes = Vec::new();
    let read = stdin().read_to_end(&mut bytes);
    read.map_err(|error| Failure::Run(format!("can't read {STDIN_NAME}: {error}")))?;
    let text = input::utf8(STDIN_NAME, bytes)?;
    let formatted = formatted(STDIN_NAME, &text, "formula")?;
    let changed = formatted != text;
    if !check {
        report::to_stdout(&formatted)?;
    } else if changed {
        report::to_stdout(&diff(STDIN_NAME, &text, &formatted))?;
    }
    Ok(changed)
}

fn formatted(name: &str, text: &str, default_name: &str) -> Result<String, Failure> {
    let source = Source::new(name, text);
    format_file(&source, default_name).map_err(|error| match error {
        FormatError::Syntax(findings) => Failure::Rules(Diagnostics::new(source, findings)),
        FormatError::Unfaithful => Failure::Run(format!(
            "formatting {name} would change what it says, so it is left as it is\n  help: this is a mistake in clayf; please report it with the file"
        )),
    })
}

/// A unified diff, in colours on a terminal.
fn diff(name: &str, old: &str, new: &str) -> String {
    let color = report::stdout_has_color();
    let painted = |code: &str, line: &str| {
        if color { format!("\u{1b}[{code}m{line}\u{1b}[0m") } else { line.to_owned() }
    };
    let diff = TextDiff::from_lines(old, new);
    let mut out = format!(
        "{}\n{}\n",
        painted("1", &format!("--- {name}")),
        painted("1", &format!("+++ {name} (formatted)"))
    );
    for hunk in diff.unified_diff().context_radius(CONTEXT).iter_hunks() {
        out.push_str(&painted("36", &hunk.header().to_string()));
        out.push('\n');
        for change in hunk.iter_changes() {
            let (mark, code) = match change.tag() {
                ChangeTag::Delete => ("-", "31"),
                ChangeTag::Insert => ("+", "32"),
                ChangeTag::Equal => (" ", "0"),
            };
            let line = format!("{mark}{}", change.value().trim_end_matches('\n'));
            out.push_str(&if code == "0" { line } else { painted(code, &line) });
            out.push('\n');
            if !change.value().ends_with('\n') {
                out.push_str("\\ No newline at end of file\n");
            }
        }
    }
    out
}
