//! `clayf repl`: formulas typed one by one, or piped in.

use super::args::{ClockArgs, FormatArg};
use super::explain::one_column;
use super::{Failure, check, report};
use crate::diagnostics::Look;
use crate::repl::{Ahead, Editor, Inputs, Manner, Reply, Session, Typed, history_file};
use clap::Args;
use std::cell::Cell;
use std::io::{BufRead, IsTerminal, stdin, stdout};
use std::path::PathBuf;

#[derive(Args, Debug)]
pub(super) struct ReplArgs {
    /// A rule file, whose columns formulas can use
    #[arg(value_name = "FILE.clay")]
    file: Option<PathBuf>,
    /// Rows to compute with: files
    #[arg(long, value_name = "ROWS", num_args = 1..)]
    rows: Vec<PathBuf>,
    /// The format of the rows [default: inferred from the file extension]
    #[arg(long, value_name = "FORMAT")]
    from: Option<FormatArg>,
    #[command(flatten)]
    clock: ClockArgs,
}

/// The narrowest and the widest that reports are drawn.
const REPORT_WIDTH: std::ops::RangeInclusive<usize> = 40..=100;

/// Starts a session and carries out what is typed until it ends.
pub(super) fn repl(args: &ReplArgs) -> Result<(), Failure> {
    let is_terminal = stdin().is_terminal() && stdout().is_terminal();
    let manner = |width: usize| Manner {
        talkative: is_terminal,
        look: Look {
            color: report::look().color && is_terminal,
            width: width.clamp(*REPORT_WIDTH.start(), *REPORT_WIDTH.end()),
        },
        width,
    };
    let mut session =
        Session::new(args.clock.clock()?, args.from.map(Into::into), manner(usize::MAX), one_column);
    if is_terminal {
        let (mut editor, problem) = Editor::new(history_file(|name| std::env::var_os(name)))
            .map_err(|error| Failure::Run(format!("can't use the terminal: {error}")))?;
        session.set_manner(manner(editor.width()));
        start(args, &mut session)?;
        if let Some(problem) = problem {
            report::line("note", &problem);
        }
        return typed(args, &mut session, &mut editor, manner);
    }
    start(args, &mut session)?;
    piped(args, &mut session)
}

/// Reads the files that the command line names; a session does not begin without them.
fn start(args: &ReplArgs, session: &mut Session) -> Result<(), Failure> {
    if let Some(file) = &args.file {
        check::unless_other(file)?;
        let reply = session.load(file);
        report::print(&reply.notes);
        if reply.failed {
            return Err(Failure::Told(2));
        }
    }
    if !args.rows.is_empty() {
        let reply = session.read_rows(&args.rows);
        report::print(&reply.notes);
        if reply.failed {
            return Err(Failure::Told(1));
        }
    }
    Ok(())
}

/// A session at a terminal, which always ends well.
fn typed(
    args: &ReplArgs,
    session: &mut Session,
    editor: &mut Editor,
    manner: impl Fn(usize) -> Manner,
) -> Result<(), Failure> {
    report::print(&session.greeting());
    loop {
        let input = match editor.read(session.vocabulary()).map_err(Failure::Run)? {
            Typed::Input(input) => input,
            Typed::Dropped => continue,
            Typed::End => return Ok(()),
        };
        session.set_manner(manner(editor.width()));
        // What is pasted may hold several inputs.
        for input in Inputs::new(input.lines().map(ToOwned::to_owned), Ahead::Always) {
            session.set_clock(args.clock.clock()?);
            let reply = session.line(&input);
            if !tell(&reply)? || reply.quit {
                return Ok(());
            }
        }
    }
}

/// A session without a terminal: no prompt, one line a result; it fails where an input did.
fn piped(args: &ReplArgs, session: &mut Session) -> Result<(), Failure> {
    let mut failed = None;
    let any_failed = Cell::new(false);
    let read = stdin().lock().split(b'\n').zip(1..).map_while(|(line, number)| match line {
        Ok(bytes) => Some(text_of(bytes, number).unwrap_or_else(|| {
            any_failed.set(true);
            // An empty line ends what stands open above.
            String::new()
        })),
        Err(error) => {
            failed = Some(Failure::Run(format!("can't read standard input: {error}")));
            None
        }
    });
    for input in Inputs::new(read, Ahead::BehindColumns) {
        session.set_clock(args.clock.clock()?);
        let reply = session.line(&input);
        if !tell(&reply)? {
            return Ok(());
        }
        any_failed.set(any_failed.get() || reply.failed);
        if reply.quit {
            break;
        }
    }
    match failed {
        Some(failure) => Err(failure),
        None if any_failed.get() => Err(Failure::Told(1)),
        None => Ok(()),
    }
}

/// A line of standard input without its end; tells of one that is no text.
fn text_of(mut bytes: Vec<u8>, number: usize) -> Option<String> {
    bytes.pop_if(|last| *last == b'\r');
    let text = String::from_utf8(bytes);
    if text.is_err() {
        report::line("error", &format!("line {number} of standard input is not UTF-8 text, and is left out"));
    }
    text.ok()
}

/// `false` where nobody reads the results any more.
fn tell(reply: &Reply) -> Result<bool, Failure> {
    let is_read = report::to_reader(&reply.out)?;
    report::print(&reply.notes);
    Ok(is_read)
}
