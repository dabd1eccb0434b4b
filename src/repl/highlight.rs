//! Colours for a line as it is typed.

use super::command;
use super::scan::{Scan, is_let};
use super::vocabulary::Vocabulary;
use crate::builtins;
use crate::syntax::TokenKind;

const FUNCTION: &str = "\x1b[36m";
const COLUMN: &str = "\x1b[32m";
const LOCAL: &str = "\x1b[35m";
const NUMBER: &str = "\x1b[34m";
const TEXT: &str = "\x1b[33m";
const COMMENT: &str = "\x1b[2m";
const KEYWORD: &str = "\x1b[1m";
const MISTAKE: &str = "\x1b[31m";
const BRACKET: &str = "\x1b[1;7m";
const RESET: &str = "\x1b[0m";

/// The line with the codes of terminal colours. The bracket at the cursor and its partner stand out.
#[must_use]
pub fn highlight(vocabulary: &Vocabulary, line: &str, cursor: usize) -> String {
    let start = match command::split(line) {
        Some((name, _)) => line.find(':').map_or(0, |at| at + 1 + name.len()),
        None => 0,
    };
    let (command, formula) = line.split_at(start);
    let mut out = String::with_capacity(line.len() * 2);
    if let Some((name, _)) = command::split(command) {
        let known = command::find(name).is_some();
        push(&mut out, if known { KEYWORD } else { MISTAKE }, command);
    } else {
        out.push_str(command);
    }
    let scan = Scan::new(formula);
    let styles = styles(vocabulary, &scan, cursor.checked_sub(start));
    let mut at = 0;
    for (token, style) in scan.tokens.iter().zip(styles) {
        out.push_str(&formula[at..token.span.start as usize]);
        push(&mut out, style, token.text(formula));
        at = token.span.end as usize;
    }
    out + &formula[at..]
}

fn push(out: &mut String, style: &str, text: &str) {
    if style.is_empty() {
        out.push_str(text);
    } else {
        out.push_str(style);
        out.push_str(text);
        out.push_str(RESET);
    }
}

/// The style of each token.
fn styles(vocabulary: &Vocabulary, scan: &Scan<'_>, cursor: Option<usize>) -> Vec<&'static str> {
    let mut styles: Vec<&'static str> =
        (0..scan.tokens.len()).map(|index| own_style(vocabulary, scan, index)).collect();
    let given = scan.names_given();
    for run in scan.names() {
        let name = scan.name_of(run.clone()).unwrap_or_default();
        let style = if scan.is_key(&run) {
            ""
        } else if given.contains(&name) {
            LOCAL
        } else if vocabulary.has_column(&name) {
            COLUMN
        } else if name.eq_ignore_ascii_case("true") || name.eq_ignore_ascii_case("false") {
            NUMBER
        } else {
            ""
        };
        styles[run].fill(style);
    }
    for index in cursor.map(|cursor| brackets_at(scan, cursor)).into_iter().flatten().flatten() {
        styles[index] = BRACKET;
    }
    styles
}

/// The style of a token that is no part of a bare name.
fn own_style(vocabulary: &Vocabulary, scan: &Scan<'_>, index: usize) -> &'static str {
    let token = scan.tokens[index];
    let written = token.text(scan.text);
    match token.kind {
        TokenKind::Word if scan.is_function(index) => {
            let is_known = builtins::find(written).is_some()
                || is_let(written)
                || vocabulary.function(written).is_some()
                || scan.defines(index);
            if is_known { FUNCTION } else { MISTAKE }
        }
        TokenKind::Word if scan.is_keyword(index) => KEYWORD,
        TokenKind::Number => NUMBER,
        TokenKind::Text => TEXT,
        TokenKind::QuotedName if vocabulary.has_column(written.trim_matches(['{', '}']).trim()) => COLUMN,
        TokenKind::UnclosedText | TokenKind::CurlyText | TokenKind::BlockComment => MISTAKE,
        TokenKind::Comment => COMMENT,
        _ => "",
    }
}

/// The bracket that the cursor stands at, or else behind, and its partner.
fn brackets_at(scan: &Scan<'_>, cursor: usize) -> Option<[usize; 2]> {
    let is_bracket = |index: &usize| matches!(scan.tokens[*index].kind, TokenKind::Open | TokenKind::Close);
    let starts = |index: &usize| scan.tokens[*index].span.start as usize == cursor;
    let ends = |index: &usize| scan.tokens[*index].span.end as usize == cursor;
    let all = || (0..scan.tokens.len()).filter(is_bracket);
    let own = all().find(starts).or_else(|| all().find(ends))?;
    let is_open = scan.tokens[own].kind == TokenKind::Open;
    let mut depth = 0usize;
    let mut partner = |index: &usize| {
        let opens = scan.tokens[*index].kind == TokenKind::Open;
        depth = if opens == is_open { depth + 1 } else { depth.saturating_sub(1) };
        depth == 0
    };
    let found = if is_open {
        (own..scan.tokens.len()).filter(is_bracket).find(&mut partner)
    } else {
        (0..=own).rev().filter(is_bracket).find(&mut partner)
    };
    found.map(|found| [own, found])
}

#[cfg(test)]
mod tests {
    use super::highlight;
    use crate::repl::Vocabulary;

    /// The line with a letter before each coloured piece.
    fn marked(line: &str, cursor: usize) -> String {
        let vocabulary = Vocabulary {
            columns: vec!["Job Title".to_owned(), "Company (HQ)".to_owned()],
            ..Vocabulary::default()
        };
        let mut shown = highlight(&vocabulary, line, cursor);
        let marks = [
            ("36", "f"),
            ("32", "c"),
            ("35", "l"),
            ("34", "n"),
            ("33", "t"),
            ("2", "#"),
            ("1", "k"),
            ("31", "!"),
            ("1;7", "b"),
        ];
        for (code, mark) in marks {
            shown = shown.replace(&format!("\x1b[{code}m"), &format!("{mark}<"));
        }
        shown.replace("\x1b[0m", ">")
    }

    #[test]
    fn each_kind_has_its_colour() {
        assert_eq!(
            marked("IF(Job Title = \"VP\" AND Other, FOO(1)) # x", 42),
            "f<IF>(c<Job> c<Title> = t<\"VP\"> k<AND> Other, !<FOO>(n<1>)) #<# x>"
        );
        assert_eq!(marked("LET(a, {{Company (HQ)}}, a)", 5), "f<LET>(l<a>, c<{{Company (HQ)}}>, l<a>)");
        assert_eq!(
            marked("{Job Title: Job Title, x: {{Company (HQ)}}}", 1),
            "b<{>Job Title: c<Job> c<Title>, x: c<{{Company (HQ)}}>b<}>"
        );
        assert_eq!(marked("(1)", 0), "b<(>n<1>b<)>");
        assert_eq!(marked("([1])", 5), "b<(>[n<1>]b<)>");
        assert_eq!(marked(":type \"a", 3), "k<:type> !<\"a>");
        assert_eq!(marked(":nope 1", 3), "!<:nope> n<1>");
        assert_eq!(marked("let Rate := Job Title", 30), "k<let> Rate := c<Job> c<Title>");
    }
}
