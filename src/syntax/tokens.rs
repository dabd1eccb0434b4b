//! A flat, tolerant reading of the text: brackets, strings, comments and words, whether or not they make sense.
//!
//! The grammar decides what a formula is; tokens find where formulas begin and end, bound the nesting before
//! the grammar runs, and tell what stands where it failed.

use crate::span::Span;
use pest::unicode::{SPACE_SEPARATOR, XID_CONTINUE, XID_START};

/// One piece of the text. Blanks and line ends lie between tokens.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Token {
    /// What it is.
    pub kind: TokenKind,
    /// Where it stands.
    pub span: Span,
}

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenKind {
    /// `Employee`, `AND`
    Word,
    /// `1.5e3`
    Number,
    /// `5k`, `3rd`
    NumberWord,
    /// `"Software"`
    Text,
    /// `"Software` up to the end of its line
    UnclosedText,
    /// `“Software”`
    CurlyText,
    /// `{{Company (HQ)}}`, `{Email}`
    QuotedName,
    /// `{{Company (HQ)` up to the end of its line
    UnclosedName,
    /// `{1, 2}`
    BraceList,
    /// `{1: a}`: braces that hold neither a name nor a record
    BracedColon,
    /// `#N/A` where a value is expected
    ErrorCode,
    /// `(`, `[`, the `{` of a record
    Open,
    /// `)`, `]`, `}`
    Close,
    /// `,`
    Comma,
    /// `+`, `>=`, `:=`, and what looks like an operator
    Operator,
    /// `# …`, `// …`
    Comment,
    /// `/* … */`
    BlockComment,
    /// Any other character
    Unknown,
}

/// Operators and look-alikes, the longest first where one begins another.
const OPERATORS: [&str; 38] = [
    "...", "===", "!==", "<=>", "=>", "=<", "==", "!=", "<>", "<=", ">=", "&&", "||", "**", "??", "?.", ":=",
    "->", "=~", "++", "--", "=", "<", ">", "&", "+", "-", "*", "/", "^", "%", "!", ".", ":", ";", "|", "?",
    "~",
];

/// Reads all tokens of `text`; spans count from its beginning.
#[must_use]
pub fn tokenize(text: &str) -> Vec<Token> {
    let mut tokens = Vec::new();
    let mut at = 0;
    while let Some(first) = text[at..].chars().next() {
        // Editors put a byte-order mark before a file; anywhere else it is a mistake.
        let is_mark = at == 0 && first == '\u{feff}';
        if first.is_whitespace() || SPACE_SEPARATOR(first) || is_mark {
            at += first.len_utf8();
            continue;
        }
        let (kind, length) = match error_code(text, at, tokens.last()) {
            Some(length) => (TokenKind::ErrorCode, length),
            None => token_at(text, at, first, tokens.last().copied()),
        };
        tokens.push(Token { kind, span: Span::new(at, at + length) });
        at += length;
    }
    tokens
}

fn token_at(text: &str, at: usize, first: char, previous: Option<Token>) -> (TokenKind, usize) {
    let rest = &text[at..];
    match first {
        '#' => (TokenKind::Comment, line_length(rest)),
        '/' if rest.starts_with("//") => (TokenKind::Comment, line_length(rest)),
        '/' if rest.starts_with("/*") => {
            (TokenKind::BlockComment, rest.find("*/").map_or(line_length(rest), |at| at + 2))
        }
        '"' | '\'' => quoted_text(rest, first),
        '“' | '”' | '„' | '‘' | '’' | '«' | '»' => curly_text(rest, first),
        // Behind a point, braces hold the name of a field.
        '{' if previous.is_some_and(|before| matches!(before.text(text), "." | "?.")) => braced(rest),
        '{' if !rest.starts_with("{{") && opens_record(rest) => (TokenKind::Open, 1),
        '{' => outside_of_records(braced(rest), rest),
        '(' | '[' => (TokenKind::Open, 1),
        ')' | ']' | '}' => (TokenKind::Close, 1),
        ',' => (TokenKind::Comma, 1),
        _ if first.is_ascii_digit()
            || (first == '.' && rest[1..].starts_with(|next: char| next.is_ascii_digit())) =>
        {
            number(rest)
        }
        _ if first == '_' || XID_START(first) => (TokenKind::Word, word_length(rest)),
        _ => match OPERATORS.iter().find(|operator| rest.starts_with(**operator)) {
            // `--x` and `++x` are two signs; only the pair that ends an operand looks like another language's.
            Some(operator) if matches!(*operator, "++" | "--") => (TokenKind::Operator, 1),
            Some(operator) => (TokenKind::Operator, operator.len()),
            None => (TokenKind::Unknown, first.len_utf8()),
        },
    }
}

/// The error codes of spreadsheets.
const ERROR_CODES: [&str; 7] = ["#N/A", "#VALUE!", "#DIV/0!", "#NUM!", "#REF!", "#NAME?", "#NULL!"];

/// The length of an error code at a place where a value is expected and can end: `IFNA(#N/A, 1)`. Anywhere else, `#`
/// begins a comment.
fn error_code(text: &str, at: usize, previous: Option<&Token>) -> Option<usize> {
    let rest = &text[at..];
    let ends_value = |rest: &str| rest.is_empty() || rest.starts_with([',', ')', ']', '\n', '\r']);
    let is_code = |code: &&str| {
        rest.get(..code.len()).is_some_and(|start| start.eq_ignore_ascii_case(code))
            && ends_value(rest[code.len()..].trim_start_matches([' ', '\t']))
    };
    let length = if rest.starts_with('#') {
        ERROR_CODES.iter().find(|code| is_code(code))?.len()
    } else {
        return None;
    };
    let previous = previous.filter(|previous| !text[previous.span.end as usize..at].contains('\n'))?;
    let expects_value = matches!(previous.kind, TokenKind::Open | TokenKind::Comma | TokenKind::Operator)
        && !previous.ends_operand(text);
    expects_value.then_some(length)
}

/// The bytes up to the line's end.
fn line_length(rest: &str) -> usize {
    rest.find(['\n', '\r']).unwrap_or(rest.len())
}

fn word_length(rest: &str) -> usize {
    rest.find(|next: char| !XID_CONTINUE(next)).unwrap_or(rest.len())
}

fn quoted_text(rest: &str, quote: char) -> (TokenKind, usize) {
    let mut chars = rest.char_indices().skip(1).peekable();
    while let Some((at, next)) = chars.next() {
        match next {
            '\n' | '\r' => break,
            '\\' => {
                chars.next_if(|(_, escaped)| !matches!(escaped, '\n' | '\r'));
            }
            _ if next == quote && chars.next_if(|(_, doubled)| *doubled == quote).is_none() => {
                return (TokenKind::Text, at + 1);
            }
            _ => {}
        }
    }
    (TokenKind::UnclosedText, line_length(rest).max(1))
}

fn curly_text(rest: &str, first: char) -> (TokenKind, usize) {
    let ends = |next: char| matches!(next, '”' | '“' | '’' | '‘' | '»' | '"' | '\'' | '\n' | '\r');
    let behind = &rest[first.len_utf8()..];
    let closing = behind.find(ends).and_then(|at| Some((at, behind[at..].chars().next()?)));
    let closing = closing.filter(|(_, quote)| !matches!(quote, '\n' | '\r'));
    let inside = closing.map_or(0, |(at, quote)| at + quote.len_utf8());
    (TokenKind::CurlyText, first.len_utf8() + inside)
}

fn braced(rest: &str) -> (TokenKind, usize) {
    let (open, close) = if rest.starts_with("{{") { (2, "}}") } else { (1, "}") };
    // The line is walked only as far as the name reaches.
    let mut end = open;
    loop {
        match rest[end..].find(['}', '\n', '\r']).map(|at| end + at) {
            Some(at) if rest[at..].starts_with(close) => {
                end = at;
                break;
            }
            Some(at) if rest[at..].starts_with('}') => end = at + 1,
            Some(_) | None => return (TokenKind::UnclosedName, rest[..line_length(rest)].trim_end().len()),
        }
    }
    let inside = &rest[open..end];
    let kind =
        if open == 1 && is_literal_list(inside) { TokenKind::BraceList } else { TokenKind::QuotedName };
    (kind, end + close.len())
}

/// Whether `{` opens a record: `}`, `...`, or a key and a colon follow, as the grammar has it. Where its line or the
/// text ends instead, it can open nothing else.
fn opens_record(rest: &str) -> bool {
    let inside = behind_gap(&rest[1..]);
    let gap = &rest[1..rest.len() - inside.len()];
    let ends_line = inside.is_empty() || gap.contains(['\n', '\r']);
    if ends_line || inside.starts_with('}') || inside.starts_with("...") {
        return true;
    }
    let behind_key = behind_gap(&inside[key_length(inside)..]);
    behind_key.len() < inside.len() && behind_key.starts_with(':') && !behind_key.starts_with(":=")
}

/// The length of the words or the text that begin `inside`, if there are any.
fn key_length(inside: &str) -> usize {
    match inside.chars().next() {
        Some(quote @ ('"' | '\'')) => match quoted_text(inside, quote) {
            (TokenKind::Text, length) => length,
            _ => 0,
        },
        Some(first) if first == '_' || XID_START(first) => {
            inside.find(|next: char| !XID_CONTINUE(next) && !is_blank(next)).unwrap_or(inside.len())
        }
        _ => 0,
    }
}

fn is_blank(next: char) -> bool {
    next == '\t' || SPACE_SEPARATOR(next)
}

/// What follows blanks, line ends and comments.
fn behind_gap(mut rest: &str) -> &str {
    loop {
        let inside = rest.trim_start_matches(|next: char| matches!(next, '\r' | '\n') || is_blank(next));
        if !inside.starts_with('#') && !inside.starts_with("//") {
            return inside;
        }
        rest = &inside[line_length(inside)..];
    }
}

/// Of braces that hold no record, those with a colon hold no name either.
fn outside_of_records((kind, length): (TokenKind, usize), rest: &str) -> (TokenKind, usize) {
    let has_colon = !rest.starts_with("{{") && rest[..length].contains(':');
    let kind = if kind == TokenKind::QuotedName && has_colon { TokenKind::BracedColon } else { kind };
    (kind, length)
}

/// Whether braces hold literals, as a spreadsheet's array constant does.
fn is_literal_list(inside: &str) -> bool {
    let is_literal = |item: &str| {
        let item = item.trim();
        let is_text = |quote: char| item.len() > 1 && item.starts_with(quote) && item.ends_with(quote);
        is_text('"') || is_text('\'') || item.parse::<f64>().is_ok() || matches!(item, "TRUE" | "FALSE")
    };
    !inside.trim().is_empty() && inside.split([',', ';']).all(is_literal)
}

fn number(rest: &str) -> (TokenKind, usize) {
    let bytes = rest.as_bytes();
    let digits = |mut at: usize| {
        while bytes.get(at).is_some_and(u8::is_ascii_digit) {
            at += 1;
        }
        at
    };
    let mut end = digits(0);
    if bytes.get(end) == Some(&b'.') {
        end = digits(end + 1);
    }
    if matches!(bytes.get(end), Some(b'e' | b'E')) {
        let sign = usize::from(matches!(bytes.get(end + 1), Some(b'+' | b'-')));
        if bytes.get(end + 1 + sign).is_some_and(u8::is_ascii_digit) {
            end = digits(end + 1 + sign);
        }
    }
    match word_length(&rest[end..]) {
        0 => (TokenKind::Number, end),
        glued => (TokenKind::NumberWord, end + glued),
    }
}

impl Token {
    /// What the token says in `text`.
    #[must_use]
    pub fn text(self, text: &str) -> &str {
        self.span.of(text)
    }

    /// Whether it is a text in quotes, also one that is not closed or has typographic quotes.
    #[must_use]
    pub fn is_quoted(self) -> bool {
        matches!(self.kind, TokenKind::Text | TokenKind::UnclosedText | TokenKind::CurlyText)
    }

    /// Whether a value can end with this token.
    #[must_use]
    pub fn ends_operand(self, text: &str) -> bool {
        match self.kind {
            TokenKind::Word => !matches!(self.text(text), "AND" | "OR" | "NOT" | "IN"),
            TokenKind::Operator => self.text(text) == "%",
            TokenKind::Number
            | TokenKind::NumberWord
            | TokenKind::Text
            | TokenKind::CurlyText
            | TokenKind::QuotedName
            | TokenKind::BraceList
            | TokenKind::BracedColon
            | TokenKind::ErrorCode
            | TokenKind::Close => true,
            _ => false,
        }
    }

    /// Whether a value can begin with this token.
    #[must_use]
    pub fn starts_operand(self, text: &str) -> bool {
        match self.kind {
            TokenKind::Word => !matches!(self.text(text), "AND" | "OR" | "IN"),
            TokenKind::Number
            | TokenKind::NumberWord
            | TokenKind::Text
            | TokenKind::CurlyText
            | TokenKind::QuotedName
            | TokenKind::BraceList
            | TokenKind::BracedColon
            | TokenKind::ErrorCode
            | TokenKind::Open => true,
            _ => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{TokenKind, tokenize};

    #[test]
    fn every_kind_is_told_apart() {
        let text = r#"IF(Größe >= 1.5e3, "a""b" & {{C (HQ)}} # end"#;
        let shown: Vec<(TokenKind, &str)> =
            tokenize(text).iter().map(|token| (token.kind, token.text(text))).collect();
        assert_eq!(
            shown,
            [
                (TokenKind::Word, "IF"),
                (TokenKind::Open, "("),
                (TokenKind::Word, "Größe"),
                (TokenKind::Operator, ">="),
                (TokenKind::Number, "1.5e3"),
                (TokenKind::Comma, ","),
                (TokenKind::Text, r#""a""b""#),
                (TokenKind::Operator, "&"),
                (TokenKind::QuotedName, "{{C (HQ)}}"),
                (TokenKind::Comment, "# end"),
            ]
        );
    }

    #[test]
    fn unclosed_things_end_with_their_line() {
        let kinds = |text: &str| tokenize(text).iter().map(|token| token.kind).collect::<Vec<_>>();
        assert_eq!(kinds("\"abc\nx"), [TokenKind::UnclosedText, TokenKind::Word]);
        assert_eq!(kinds("{{abc\nx"), [TokenKind::UnclosedName, TokenKind::Word]);
        assert_eq!(kinds("{1; \"a\"}"), [TokenKind::BraceList]);
        assert_eq!(kinds("f(#N/A, 1)")[2], TokenKind::ErrorCode);
        assert_eq!(kinds("a #N/A, 1"), [TokenKind::Word, TokenKind::Comment]);
        assert_eq!(kinds("f(\n#N/A, 1")[2], TokenKind::Comment);
        assert_eq!(kinds("5k 3"), [TokenKind::NumberWord, TokenKind::Number]);
    }
}
