//! What is wrong with a text that is not YAML, in the words of a person who writes tables.

use super::lines;
use crate::diagnostics::TableError;
use crate::span::Span;
use granit_parser::ErrorKind;

/// Where the parser stopped, and what it had read until then.
pub(super) struct Stop<'t> {
    pub(super) text: &'t str,
    /// The byte that it names.
    pub(super) at: usize,
    pub(super) kind: &'t ErrorKind,
    /// The byte behind the last value that it read.
    pub(super) behind: usize,
    /// The innermost bracket that is open.
    pub(super) bracket: Option<usize>,
}

/// What is said about a stop, before its places are fitted into the file.
struct Told {
    problem: String,
    why: &'static str,
    at: Span,
    opened: Option<Span>,
    help: Option<String>,
}

impl Told {
    fn new(problem: impl Into<String>, at: usize) -> Self {
        Self { problem: problem.into(), why: "here", at: Span::new(at, at), opened: None, help: None }
    }

    fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    fn opened(mut self, at: usize) -> Self {
        self.opened = Some(Span::new(at, at + 1));
        self
    }

    fn why(mut self, why: &'static str) -> Self {
        self.why = why;
        self
    }

    fn error(self, text: &str) -> TableError {
        let Self { problem, why, at, opened, help } = self;
        TableError::InvalidYaml { problem, opened, why, at: lines::drawable(text, at), help }
    }
}

/// The mistake for which the parser stopped.
pub(super) fn told(stop: &Stop<'_>) -> TableError {
    use ErrorKind as Kind;
    let told = match stop.kind {
        Kind::UnclosedQuotedScalar
        | Kind::InvalidQuotedScalarIndent
        | Kind::DocumentIndicatorInQuotedScalar => unclosed_quote(stop),
        Kind::InvalidTrailingSingleQuotedScalar => closed_early(stop, '\''),
        Kind::InvalidTrailingDoubleQuotedScalar => closed_early(stop, '"'),
        Kind::UnknownQuotedScalarEscape => unknown_escape(stop),
        Kind::TabNotAllowed
        | Kind::TabInBlockIndentation
        | Kind::TabInIndentation
        | Kind::TabInPlainScalar
        | Kind::TabAtBlockScalarStart => tab(stop),
        Kind::UnexpectedCharacter { character } if character.is_control() => odd_character(stop, *character),
        Kind::MismatchedFlowCollectionEnd { open, close } => mismatched(stop, *open, *close),
        Kind::MisplacedFlowCollectionEnd => Told::new("a bracket closes nothing", stop.at)
            .why("none is open here")
            .help("remove it, or put the whole value in quotes"),
        Kind::UnclosedFlowCollection { .. }
        | Kind::UnexpectedEofFlowSequence
        | Kind::UnexpectedEofFlowMapping
        | Kind::UnexpectedEofImplicitFlowMapping
        | Kind::ExpectedFlowMappingSeparator
        | Kind::ExpectedFlowSequenceSeparator
        | Kind::InvalidFlowScalarIndent
        | Kind::BlockEntryInFlowCollection
        | Kind::InvalidColonPlacement => bracket(stop),
        Kind::SimpleKeyExpected => keyless(stop.text, stop.at),
        Kind::MappingValueNotAllowed => second_colon(stop),
        Kind::UnknownAnchor => odd_value(stop).unwrap_or_else(|| {
            Told::new("behind `*` stands a name that nothing before it has", stop.at)
                .help("put it in quotes if it is a text")
        }),
        Kind::CommentInterceptedScalar => {
            Told::new("a comment stands within a text of several lines", stop.at)
                .help("put the text below `|`, or the comment above its key")
        }
        Kind::BlockSequenceEntryNotAllowed => list_in_line(stop),
        Kind::InvalidBlockScalarHeader => {
            Told::new("more stands behind the `|` or `>` that begins a text of several lines", stop.at)
                .help("begin the text on the next line, indented")
        }
        _ => odd_value(stop).unwrap_or_else(|| otherwise(stop)),
    };
    told.error(stop.text)
}

/// The mistake that the key at `at` is no text; mostly a reference without quotes.
pub(super) fn odd_key(text: &str, at: Span) -> TableError {
    let (key, value) = lines::key_and_value(text, at.start as usize);
    let told = match value.chars().next() {
        Some('{') if !key.is_empty() => {
            Told::new("a value that begins with `{` is a mapping of keys to YAML", at.start as usize)
                .help(lines::in_quotes(key, value))
        }
        _ => Told::new("a key has to be one word or text", at.start as usize)
            .help("put it in quotes if it is a text"),
    };
    Told { at, ..told }.error(text)
}

/// `run_if: "ISNOTEMPTY(domain)` and nothing that closes it.
fn unclosed_quote(stop: &Stop<'_>) -> Told {
    let is_there = stop.text[stop.at..].starts_with(['"', '\'']);
    let at = if is_there { Some(stop.at) } else { lines::quote_from(stop.text, stop.behind) };
    let at = at.unwrap_or(stop.at);
    let quote = stop.text[at..].chars().next().unwrap_or('"');
    Told { at: Span::new(at, at + 1), ..Told::new("a text in quotes is not closed", at) }
        .why("opened here")
        .help(where_it_ends(quote))
}

fn where_it_ends(quote: char) -> String {
    let inner = if quote == '"' { "\\\"" } else { "''" };
    format!("write `{quote}` where the text ends; one that belongs to it is written `{inner}`")
}

/// `is: "IF(Industry = "SaaS", 1, 2)"`, or a text that the quote of a later one closes.
fn closed_early(stop: &Stop<'_>, quote: char) -> Told {
    let closing = stop.text[..stop.at].rfind(quote);
    let opening = closing.and_then(|closing| lines::opening_of(stop.text, stop.behind, closing));
    let (Some(opening), Some(closing)) = (opening, closing) else {
        return Told::new("a text in quotes ends, and more stands behind it", stop.at);
    };
    if stop.text[opening..closing].contains('\n') {
        let told = Told::new("a text in quotes is not closed on its line", closing);
        return Told { at: Span::new(closing, closing + 1), ..told }
            .opened(opening)
            .why("ends only here")
            .help(where_it_ends(quote));
    }
    let (key, value) = lines::key_and_value(stop.text, opening);
    let other = if quote == '"' { '\'' } else { '"' };
    let is_whole_value =
        stop.bracket.is_none() && !value.is_empty() && stop.text[opening..].starts_with(value);
    let help = match is_whole_value {
        true if value.contains(other) => {
            format!("write the text without quotes, on the line below `{key} |`")
        }
        true => format!("put all of it in quotes: `{key} {other}…{other}`"),
        false => where_it_ends(quote),
    };
    let told = Told::new("a text in quotes ends, and more stands behind it", closing);
    Told { at: Span::new(closing, closing + 1), ..told }.opened(opening).why("ends here").help(help)
}

fn unknown_escape(stop: &Stop<'_>) -> Told {
    let known = |next: Option<char>| next.is_none_or(|next| "0abtnvfre \"/\\N_LPxuU\n\t\r".contains(next));
    let mut at = stop.at;
    // An escape takes two characters, so that the second backslash of `\\` begins none.
    let mut chars = stop.text[stop.at..].char_indices().peekable();
    while let Some((index, found)) = chars.next() {
        let next = if found == '\\' { chars.next().map(|(_, next)| next) } else { None };
        if !known(next) {
            at = stop.at + index;
            break;
        }
    }
    let help = "in double quotes a backslash is written twice: `\\\\d`; in single quotes, or below `|`, once";
    Told::new("a backslash in double quotes begins an escape that YAML does not know", at).help(help)
}

fn tab(stop: &Stop<'_>) -> Told {
    let at = lines::indenting_tab(stop.text, stop.at).unwrap_or(stop.at);
    Told::new("a line is indented with a tab", at).help("indent with blanks")
}

fn odd_character(stop: &Stop<'_>, character: char) -> Told {
    let at = stop.text[stop.at..].find(character).map_or(stop.at, |index| stop.at + index);
    Told::new(format!("the character U+{:04X} can't stand in it", u32::from(character)), at)
        .help("remove it; a table is a text file")
}

fn mismatched(stop: &Stop<'_>, open: char, close: char) -> Told {
    let wanted = closing(open);
    let at = stop.bracket.and_then(|bracket| lines::end_of_bracket(stop.text, bracket)).unwrap_or(stop.at);
    let told = Told::new(format!("`{open}` is closed with `{close}`"), at).why("closed here");
    let told = told.help(format!("write `{wanted}` here"));
    Told { opened: stop.bracket.map(|at| Span::new(at, at + 1)), ..told }
}

fn closing(open: char) -> char {
    if open == '[' { ']' } else { '}' }
}

/// A list or mapping in brackets that is not closed, or in which a comma is missing.
fn bracket(stop: &Stop<'_>) -> Told {
    let named = stop.text[stop.at..].starts_with(['[', '{']).then_some(stop.at);
    let line = lines::start(stop.text, stop.at);
    let near = || lines::open_bracket(stop.text, stop.behind.min(line), stop.at);
    let Some(opened) = stop.bracket.or(named).or_else(near) else {
        return odd_value(stop).unwrap_or_else(|| otherwise(stop));
    };
    let open = stop.text[opened..].chars().next().unwrap_or('[');
    let what = if open == '[' { "a list in brackets" } else { "a mapping in braces" };
    let help = format!("write `{}` where it ends", closing(open));
    if opened == stop.at {
        let told = Told::new(format!("{what} is not closed"), opened).why("opened here").help(help);
        return Told { at: Span::new(opened, opened + 1), ..told };
    }
    if stop.text[opened..stop.at].contains('\n') {
        let told = Told::new(format!("{what} is not closed"), stop.at).opened(opened);
        return told.why("not closed before this").help(help);
    }
    let told = Told::new(format!("{what} has no `,` between two of its values"), stop.at).opened(opened);
    told.help("write `,` between them, or put quotes around what is one text")
}

/// `provider:clearbit`, `columns` without a colon, a line that is indented with odd blanks.
fn keyless(text: &str, at: usize) -> Told {
    let start = lines::start(text, at);
    let line = lines::line(text, at);
    if line.trim_start_matches([' ', '\t']).starts_with(char::is_whitespace) {
        let inside = line.find(|one: char| one.is_whitespace() && one != ' ').unwrap_or(0);
        return Told::new("a line is indented with a character that only looks like a blank", start + inside)
            .help("indent with the blanks of the space bar");
    }
    let written = line.trim().trim_start_matches("- ");
    let from = start + line.find(written).unwrap_or(0);
    if lines::is_below_block_mark(text, start) {
        let told = Told::new("the text below `|` or `>` is not indented", from);
        return Told { at: Span::new(from, from + written.len()), ..told }
            .help("indent it deeper than the key above it");
    }
    let told = Told::new("a key and its value have no `:` with a blank behind it between them", from);
    let is_word = |key: &str| key.chars().all(|one| one.is_alphanumeric() || one == '_');
    let help = match written.split_once([':', ' ']) {
        Some((key, value)) if is_word(key) => format!("write `{key}: {}`", lines::clipped(value.trim())),
        Some(_) => "write `key: value`, or indent what belongs to the line above it".to_owned(),
        None => format!("write `{written}:`, or `- ` before what is an item of a list"),
    };
    Told { at: Span::new(from, from + written.len()), ..told }.help(help)
}

/// A colon where there can be no key: in a value, behind a line without a key, or in a line too far to the right.
fn second_colon(stop: &Stop<'_>) -> Told {
    let start = lines::start(stop.text, stop.at);
    let before = stop.text[start..stop.at].trim_start().trim_start_matches("- ");
    if before.contains(": ") {
        let (key, value) = lines::key_and_value(stop.text, stop.at);
        return Told::new("a `:` with a blank behind it makes a key of what stands before it", stop.at)
            .help(lines::in_quotes(key, value));
    }
    if let Some(line) = lines::keyless_above(stop.text, start) {
        return keyless(stop.text, line);
    }
    let key = stop.at - before.len();
    let told = Told::new("this line does not belong to those above it", key);
    Told { at: Span::new(key, stop.at), ..told }.help("what belongs together begins in the same column")
}

/// `columns: - domain`
fn list_in_line(stop: &Stop<'_>) -> Told {
    Told::new("a list does not begin on the line of its key", stop.at)
        .help("write each item on a line of its own, or all of them in brackets: `[…, …]`; put a text that begins with `-` in quotes")
}

/// A value that begins with a sign which means something to YAML.
fn odd_value(stop: &Stop<'_>) -> Option<Told> {
    let (key, value) = lines::key_and_value(stop.text, stop.at);
    let first = value.chars().next()?;
    let what = match first {
        '{' => "a mapping of keys",
        '[' => "a list",
        '*' => "the name of an anchor",
        '&' => "an anchor",
        '!' => "a tag",
        '%' | '@' | '`' | '|' | '>' => "no text",
        _ => return None,
    };
    let problem = format!("a value that begins with `{first}` is {what} to YAML");
    Some(Told::new(problem, stop.at).help(lines::in_quotes(key, value)))
}

fn otherwise(stop: &Stop<'_>) -> Told {
    match stop.kind {
        ErrorKind::ExpectedBlockMappingKey
        | ErrorKind::ExpectedBlockSequenceEntry
        | ErrorKind::ExpectedDocumentStart
        | ErrorKind::UnexpectedEofBlockMapping
        | ErrorKind::UnexpectedEofBlockSequence
        | ErrorKind::InvalidIndentation => Told::new("this line does not belong to those above it", stop.at)
            .help("what belongs together begins in the same column"),
        kind => Told::new(kind.to_string().trim_end_matches('.'), stop.at),
    }
}

#[cfg(test)]
mod tests {
    use crate::diagnostics::{Source, TableError};
    use crate::table::yaml::parse;

    /// Where the report points, and what it says, without what all of them begin with.
    fn said(text: &str) -> String {
        let Err(TableError::InvalidYaml { problem, opened, at, .. }) = parse(text) else { panic!("{text}") };
        let place = Source::new("table.yaml", text).position(opened.unwrap_or(at).start as usize);
        format!("{place} {problem}")
    }

    #[test]
    fn a_quote_that_is_not_closed_is_told_where_it_opens() {
        let not_closed = "a text in quotes is not closed";
        for quote in ['"', '\''] {
            for (text, place) in [
                ("about: Qabc\n", "1:8"),
                ("about: Qabc", "1:8"),
                ("about: Qabc\r\ncolumns:\r\n  - a\r\n", "1:8"),
                ("about: Qabc\n---\nx: 1\n", "1:8"),
                ("s:\n  run_if: QISEMPTY(a)\n  fills: {a: b}\n", "2:11"),
                ("columns:\n  - Qdomain\n  - name\n", "2:5"),
                ("Qcolumns:\n  - a\n", "1:1"),
                ("inputs: [Qdomain, name]\ncolumns: [a]\n", "1:10"),
                ("inputs: [domain, Qname]\ncolumns: [a]\n", "1:18"),
                ("budget: {run: Q10, row: 5}\ncolumns: [a]\n", "1:15"),
            ] {
                let text = text.replace('Q', &quote.to_string());
                assert_eq!(said(&text), format!("{place} {not_closed}"), "{text}");
            }
        }
    }

    #[test]
    fn a_quote_that_a_later_text_closes_is_told_where_it_opens() {
        let not_closed = "a text in quotes is not closed on its line";
        for (text, place) in [
            ("row_key: \"{{a}}\ns:\n  run_if: a = \"b\"\n", "1:10"),
            ("a: b # it's\nabout: 'the leads\nis: 'IF(a, 1, 2)'\n", "2:8"),
            ("columns:\n  - \"a\"\n  - \"b\n  - \"c\"\n", "3:5"),
        ] {
            assert_eq!(said(text), format!("{place} {not_closed}"), "{text}");
        }
        let goes_on = "a text in quotes ends, and more stands behind it";
        for (text, place) in [
            ("inputs: [\"a, \"b\"]\n", "1:10"),
            ("{\"table\": \"A, \"columns\": [\"a\"]}\n", "1:11"),
            ("is: \"IF(a = \"b\", 1, 2)\"\n", "1:5"),
        ] {
            assert_eq!(said(text), format!("{place} {goes_on}"), "{text}");
        }
    }

    #[test]
    fn brackets_are_told_where_they_open() {
        for (text, wanted) in [
            ("inputs: [a, b\ncolumns:\n  - a\n", "1:9 a list in brackets is not closed"),
            ("budget: {run: 1, row: 2\ncolumns: [a]\n", "1:9 a mapping in braces is not closed"),
            ("columns: [a, b\n", "1:10 a list in brackets is not closed"),
            ("inputs: [a, {b: c}, d}\n", "1:9 `[` is closed with `}`"),
            ("inputs: [a]]\n", "1:12 a bracket closes nothing"),
            ("budget: {run: 1 row: 2}\n", "1:9 a mapping in braces has no `,` between two of its values"),
        ] {
            assert_eq!(said(text), wanted, "{text}");
        }
    }

    #[test]
    fn lines_without_a_key_are_told_themselves() {
        let no_colon = "a key and its value have no `:` with a blank behind it between them";
        for (text, place) in [
            ("table: A\ns:\n  provider:hunter\n  run_if: a\n", "3:3"),
            ("table: A\ns:\n  provider hunter\n  run_if: a\n", "3:3"),
            ("inputs:[a]\ncolumns:\n  - a\n", "1:1"),
        ] {
            assert_eq!(said(text), format!("{place} {no_colon}"), "{text}");
        }
        let odd = "a line is indented with a character that only looks like a blank";
        assert_eq!(said("columns:\n\u{a0} - a\n"), format!("2:1 {odd}"));
        let text = "the text below `|` or `>` is not indented";
        assert_eq!(said("s:\n  is: |\n  IF(n > 3, 1, 2)\n"), format!("3:3 {text}"));
        let tab = "a line is indented with a tab";
        assert_eq!(said("s:\n  provider: hunter\n\trun_if: a\n"), format!("3:1 {tab}"));
        let apart = "this line does not belong to those above it";
        assert_eq!(said("columns:\n  - step: s\n     provider: hunter\n"), format!("3:6 {apart}"));
    }
}
