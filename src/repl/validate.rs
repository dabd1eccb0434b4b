//! Whether what is typed is whole, or goes on with the next line.

use super::command::{self, Argument};
use crate::syntax::{Token, TokenKind, names_column, tokenize};

/// Operators that have something behind them; of other languages' operators nothing more is awaited.
const AWAITING: [&str; 19] =
    ["+", "-", "*", "/", "^", "&", "=", "==", "<>", "!=", "<", "<=", ">", ">=", "&&", "||", "!", ":=", "."];

/// Whether `text` is whole as it is: right, wrong beyond repair by further lines, or ended by an empty line.
#[must_use]
pub fn is_whole(text: &str) -> bool {
    let ended = text.rsplit_once('\n').is_some_and(|(_, last)| last.trim().is_empty());
    if ended || text.trim().is_empty() {
        return true;
    }
    match command::split(text) {
        Some((name, rest)) => match command::find(name).map(|command| command.argument) {
            Some(Argument::Formula | Argument::Column) => formula_is_whole(rest),
            _ => true,
        },
        None => formula_is_whole(text),
    }
}

fn formula_is_whole(text: &str) -> bool {
    let tokens = tokenize(text);
    let is_broken = |token: &Token| {
        matches!(token.kind, TokenKind::UnclosedText | TokenKind::UnclosedName | TokenKind::CurlyText)
    };
    if tokens.iter().any(is_broken) {
        return true;
    }
    let Some(last) = tokens.iter().rev().find(|token| token.kind != TokenKind::Comment) else {
        // A comment that names a column has its formula below it; any other stands for itself.
        return !tokens.first().is_some_and(|first| names_column(first.text(text)));
    };
    match open_brackets(text, &tokens) {
        None => true,
        Some(open) if open > 0 => false,
        Some(_) => !awaits_more(text, *last),
    }
}

/// How many brackets are open at the end; nothing where one is closed that was not opened.
pub(super) fn open_brackets(text: &str, tokens: &[Token]) -> Option<usize> {
    let mut open: Vec<&str> = Vec::new();
    for token in tokens {
        match (token.kind, token.text(text)) {
            (TokenKind::Open, bracket) => open.push(bracket),
            (TokenKind::Close, bracket) => {
                let opened = open.pop()?;
                let closes = match opened {
                    "(" => ")",
                    "{" => "}",
                    _ => "]",
                };
                if bracket != closes {
                    return None;
                }
            }
            _ => {}
        }
    }
    Some(open.len())
}

/// Whether something has to follow the last token of a line.
fn awaits_more(text: &str, last: Token) -> bool {
    match last.kind {
        TokenKind::Comma => true,
        TokenKind::Operator => AWAITING.contains(&last.text(text)),
        TokenKind::Word => matches!(last.text(text), "AND" | "OR" | "NOT" | "IN"),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::is_whole;

    #[test]
    fn a_formula_goes_on_while_something_is_open() {
        let open = [
            "IF(a,",
            "LET(size, 30,",
            "1 +",
            "1,",
            "a AND",
            "Tier :=",
            "[1,\n2",
            "{a: 1,",
            "{",
            "# Lead Tier Column",
            ":type IF(",
            "NOT",
            "1 + # more",
        ];
        for text in open {
            assert!(!is_whole(text), "{text}");
        }
    }

    #[test]
    fn what_no_line_can_mend_is_whole() {
        let whole = [
            "",
            "1",
            "50%",
            "IF(a, 1, 2)",
            "\"abc",
            "IF(\"abc, 1",
            "{{Com",
            ")",
            "(1]",
            "IF(a,\n",
            "1 +\n  ",
            "# just a remark",
            ":rows a(",
            ":help IF(",
            "a ;",
            "(“x",
        ];
        for text in whole {
            assert!(is_whole(text), "{text}");
        }
    }
}
