//! The commands of a session: what they are called, what they take, and what a line says.

use super::table::wrapped;
use crate::diagnostics::{did_you_mean, suggest};

/// What a line asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Action {
    Help,
    Type,
    Row,
    Rows,
    Load,
    Reload,
    Columns,
    Explain,
    Set,
    Unset,
    Quit,
}

/// What stands behind a command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Argument {
    Nothing,
    Function,
    Formula,
    Row,
    File,
    Files,
    Column,
}

/// One command.
#[derive(Debug)]
pub(super) struct Command {
    pub(super) action: Action,
    /// Its name, and then other names for it.
    pub(super) names: &'static [&'static str],
    /// How what stands behind it is written.
    pub(super) usage: &'static str,
    pub(super) argument: Argument,
    pub(super) summary: &'static str,
}

const fn command(
    action: Action,
    names: &'static [&'static str],
    usage: &'static str,
    argument: Argument,
    summary: &'static str,
) -> Command {
    Command { action, names, usage, argument, summary }
}

/// All of them, in the order of `:help`.
pub(super) static COMMANDS: [Command; 11] = [
    command(Action::Type, &["type", "t"], "FORMULA", Argument::Formula, "the type of a formula's result"),
    command(
        Action::Explain,
        &["explain"],
        "FORMULA",
        Argument::Formula,
        "why the result is what it is, and what would change it",
    ),
    command(Action::Columns, &["columns"], "", Argument::Nothing, "all columns, their types and values"),
    command(
        Action::Rows,
        &["rows"],
        "FILE...",
        Argument::Files,
        "read rows; the first becomes the current one",
    ),
    command(
        Action::Row,
        &["row"],
        "N|*",
        Argument::Row,
        "show row N and compute with it; `*`: the first ten rows",
    ),
    command(Action::Set, &["set"], "NAME VALUE", Argument::Column, "set a cell of the current row"),
    command(Action::Unset, &["unset"], "NAME", Argument::Column, "take a cell out of the current row"),
    command(Action::Load, &["load"], "FILE.clay", Argument::File, "use the columns of a rule file"),
    command(Action::Reload, &["reload"], "", Argument::Nothing, "read the rule file and the rows again"),
    command(
        Action::Help,
        &["help", "h", "?"],
        "[FUNCTION]",
        Argument::Function,
        "this list, or all about a function",
    ),
    command(Action::Quit, &["quit", "q", "exit"], "", Argument::Nothing, "leave; so does Ctrl-D"),
];

/// Splits `:name rest` into the name and the rest; nothing where the line is no command.
pub(super) fn split(line: &str) -> Option<(&str, &str)> {
    let behind = line.trim_start().strip_prefix(':')?;
    let end = behind.find(char::is_whitespace).unwrap_or(behind.len());
    Some((&behind[..end], behind[end..].trim()))
}

/// The command of this name, in any letter case.
pub(super) fn find(name: &str) -> Option<&'static Command> {
    let is_it = |command: &&Command| command.names.iter().any(|known| known.eq_ignore_ascii_case(name));
    COMMANDS.iter().find(is_it)
}

/// The command that a line names without its colon: `quit`, `exit`, `help`.
pub(super) fn bare(line: &str) -> Option<&'static Command> {
    let word = line.trim();
    let is_bare = ["quit", "exit", "help"].iter().any(|name| name.eq_ignore_ascii_case(word));
    is_bare.then(|| find(word)).flatten()
}

/// What to say about a command that is none.
pub(super) fn unknown(name: &str) -> String {
    let names = || COMMANDS.iter().map(|command| command.names[0]);
    let lower = name.to_lowercase();
    let begun: Vec<&str> = names().filter(|known| !lower.is_empty() && known.starts_with(&lower)).collect();
    let near = if begun.is_empty() { suggest(&lower, names()) } else { begun };
    let near: Vec<String> = near.iter().take(3).map(|name| format!(":{name}")).collect();
    let near: Vec<&str> = near.iter().map(String::as_str).collect();
    let help = did_you_mean(&near).unwrap_or_else(|| "`:help` lists the commands".to_owned());
    format!("there is no command `:{name}`\n  help: {help}")
}

/// The list that `:help` shows.
pub(super) fn help(screen: usize) -> String {
    let mut text = wrapped(
        "A formula is computed for the current row; `Name := formula` keeps it as a column for later formulas, \
            and `let Name := formula` as a private one.\n\n",
        screen,
        0,
    );
    let usage = |command: &Command| format!(":{} {}", command.names[0], command.usage).trim_end().to_owned();
    let width = COMMANDS.iter().map(|command| usage(command).len()).max().unwrap_or(0);
    for command in &COMMANDS {
        let line = format!("  {:width$}  {}\n", usage(command), command.summary);
        text.push_str(&wrapped(&line, screen, width + 4));
    }
    let keys = "\nTab completes names. A formula goes on while a bracket is open or an operator ends its line; \
        an empty line ends it. Ctrl-C drops what is typed.\n";
    text + &wrapped(keys, screen.min(100), 0)
}
