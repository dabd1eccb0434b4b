//! Tokens of formulas and of the languages that people know, all at once.

/// One piece of the text.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Token {
    pub kind: Kind,
    /// Its bytes in the text.
    pub start: usize,
    pub end: usize,
    /// Whether it is the first of its line.
    pub first: bool,
}

/// What a token is.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Kind {
    /// `Employee`, `and`
    Word(String),
    Number(String),
    /// A text, without its quotes.
    Text(String),
    /// The pieces of `f"{name}!"` and of templates in backticks: texts, and the text of expressions.
    Template(Vec<Piece>),
    /// A name in braces or backticks, without them.
    Name(String),
    /// `/vp/i`
    Pattern(String, String),
    /// An operator, a bracket, a separator.
    Sign(&'static str),
}

/// A piece of a template.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Piece {
    Text(String),
    Code(String),
}

/// Signs, the longest first where one begins another.
const SIGNS: [&str; 59] = [
    "...", "//", "::", "=~", "~*", "===", "!==", "<=>", "{{", "}}", "{%", "%}", "=>", "==", "!=", "<>", "<=",
    ">=", "&&", "||", "**", "??", "?.", ":=", "->", "+=", "-=", "++", "--", "=", "<", ">", "&", "+", "-",
    "*", "/", "^", "%", "!", ".", ":", ";", "|", "?", "~", "(", ")", "[", "]", "{", "}", ",", "@", "$", "≥",
    "≤", "≠", "#",
];

/// Reads the tokens of a text; nothing if it has characters that no language known here uses.
pub(super) fn tokens(text: &str) -> Option<Vec<Token>> {
    let mut reader = Reader { text, at: 0, list: Vec::new(), first: true, dashes: None };
    while reader.skip_blanks() {
        let start = reader.at;
        let kind = reader.next()?;
        let first = std::mem::take(&mut reader.first);
        reader.list.push(Token { kind, start, end: reader.at, first });
    }
    Some(reader.list)
}

/// Whether a text that begins with `//` goes on like a division by a number, rather than like a comment.
pub(super) fn divides(text: &str) -> bool {
    let Some(behind) = text.strip_prefix("//") else { return false };
    let behind = behind.trim_start_matches([' ', '\t']);
    let rest = behind.trim_start_matches(|next: char| next.is_ascii_digit() || next == '.');
    let line = rest.lines().next().unwrap_or_default().trim_start();
    rest.len() < behind.len()
        && (line.is_empty() || line.starts_with([')', ']', ',', '+', '-', '*', '/', '<', '>', '=', '&', '#']))
}

/// The text of the first comment that begins with `--`.
pub(super) fn dash_comment(text: &str) -> Option<&str> {
    let mut reader = Reader { text, at: 0, list: Vec::new(), first: true, dashes: None };
    while reader.skip_blanks() {
        let start = reader.at;
        let Some(kind) = reader.next() else { break };
        let first = std::mem::take(&mut reader.first);
        reader.list.push(Token { kind, start, end: reader.at, first });
    }
    let at = reader.dashes?;
    text[at..].lines().next().map(|line| line.trim_start_matches('-').trim())
}

struct Reader<'t> {
    text: &'t str,
    at: usize,
    list: Vec<Token>,
    first: bool,
    /// Where the first comment of SQL begins.
    dashes: Option<usize>,
}

impl<'t> Reader<'t> {
    fn rest(&self) -> &'t str {
        &self.text[self.at..]
    }

    /// Goes to the next token; false at the end.
    fn skip_blanks(&mut self) -> bool {
        loop {
            let rest = self.rest();
            let Some(next) = rest.chars().next() else { return false };
            if next.is_whitespace() || next == '\u{feff}' {
                self.first |= next == '\n';
                self.at += next.len_utf8();
            } else if self.begins_comment() {
                if rest.starts_with("--") {
                    self.dashes.get_or_insert(self.at);
                }
                self.at += rest.find('\n').unwrap_or(rest.len());
            } else if rest.starts_with("/*") {
                self.at += rest.find("*/").map_or(rest.len(), |end| end + 2);
            } else {
                return true;
            }
        }
    }

    /// `# …`, `// …`, and SQL's `-- …`
    fn begins_comment(&self) -> bool {
        let rest = self.rest();
        let after_operand = self.list.last().is_some_and(Token::ends_operand);
        let is_dashes = rest.starts_with("-- ") && (after_operand || self.first || self.is_after_separator());
        let is_slashes = rest.starts_with("//") && !(after_operand && divides(rest));
        rest.starts_with('#') || is_slashes || is_dashes
    }

    fn is_after_separator(&self) -> bool {
        self.list.last().is_some_and(|last| matches!(last.kind, Kind::Sign("(" | "," | ";")))
    }

    fn next(&mut self) -> Option<Kind> {
        let rest = self.rest();
        let first = rest.chars().next()?;
        let prefixed = first.is_ascii_alphabetic() && rest[1..].starts_with(['"', '\'']);
        if prefixed && matches!(first, 'f' | 'F' | 'r' | 'R' | 'b' | 'u') {
            self.at += 1;
            return if matches!(first, 'f' | 'F') { self.template('{') } else { self.quoted() };
        }
        match first {
            '"' | '\'' | '“' | '‘' => self.quoted(),
            '`' if self.is_template() => self.template('$'),
            '`' => {
                let end = rest[1..].find('`')?;
                self.at += end + 2;
                Some(Kind::Name(rest[1..=end].to_owned()))
            }
            '/' if !self.list.last().is_some_and(Token::ends_operand) => self.pattern(),
            '{' => self.braced().or_else(|| self.sign()),
            _ if first.is_ascii_digit() => Some(self.number()),
            _ if first == '_' || first.is_alphabetic() => {
                let length = rest.find(|next: char| !(next == '_' || next.is_alphanumeric()));
                let length = length.unwrap_or(rest.len());
                self.at += length;
                Some(Kind::Word(rest[..length].to_owned()))
            }
            _ => self.sign(),
        }
    }

    fn sign(&mut self) -> Option<Kind> {
        let rest = self.rest();
        let sign = SIGNS.iter().find(|sign| rest.starts_with(**sign))?;
        self.at += sign.len();
        Some(Kind::Sign(sign))
    }

    fn number(&mut self) -> Kind {
        let rest = self.rest();
        let is_part = |(at, next): (usize, char)| {
            next.is_ascii_digit()
                || (matches!(next, '.' | '_') && rest[at + 1..].starts_with(|c: char| c.is_ascii_digit()))
        };
        let mut length = rest.char_indices().take_while(|one| is_part(*one)).count();
        // `864e5`
        let exponent =
            rest[length..].strip_prefix(['e', 'E']).map(|rest| rest.trim_start_matches(['+', '-']));
        let digits = exponent.map_or(0, |rest| rest.chars().take_while(char::is_ascii_digit).count());
        let after = exponent.and_then(|rest| rest[digits..].chars().next());
        if let Some(rest) = exponent.filter(|_| digits > 0 && !after.is_some_and(char::is_alphanumeric)) {
            length = self.text.len() - self.at - rest.len() + digits;
        }
        self.at += length;
        Kind::Number(rest[..length].replace('_', ""))
    }

    /// A text in quotes, where a backslash or a doubled quote escapes.
    fn quoted(&mut self) -> Option<Kind> {
        let rest = self.rest();
        let open = rest.chars().next()?;
        let close = match open {
            '“' => '”',
            '‘' => '’',
            other => other,
        };
        let mut text = String::new();
        let mut at = open.len_utf8();
        loop {
            let next = rest[at..].chars().next().filter(|next| *next != '\n')?;
            let doubled = rest[at + next.len_utf8()..].starts_with(close);
            at += match next {
                '\\' => escaped(&rest[at..], close, &mut text)?,
                _ if next == close && !doubled => {
                    self.at += at + next.len_utf8();
                    return Some(Kind::Text(text));
                }
                _ => {
                    text.push(next);
                    if next == close { 2 * next.len_utf8() } else { next.len_utf8() }
                }
            };
        }
    }

    /// Whether backticks enclose a template rather than a name.
    fn is_template(&self) -> bool {
        self.rest()[1..].split_once('`').is_some_and(|(inside, _)| inside.contains("${"))
    }

    /// `f"Hi {name}"`, or a text in backticks with `${name}`.
    fn template(&mut self, mark: char) -> Option<Kind> {
        let rest = self.rest();
        let quote = rest.chars().next()?;
        let open = if mark == '$' { "${" } else { "{" };
        let (mut at, mut text, mut pieces) = (quote.len_utf8(), String::new(), Vec::new());
        loop {
            let part = &rest[at..];
            let next = part.chars().next()?;
            at += if next == '\\' {
                escaped(part, quote, &mut text)?
            } else if let Some(code) = part.strip_prefix(open) {
                let length = code.find('}')?;
                pieces.push(Piece::Text(std::mem::take(&mut text)));
                pieces.push(Piece::Code(code[..length].to_owned()));
                open.len() + length + 1
            } else if next == quote {
                break;
            } else {
                text.push(next);
                next.len_utf8()
            };
        }
        self.at += at + quote.len_utf8();
        pieces.push(Piece::Text(text));
        pieces.retain(|piece| *piece != Piece::Text(String::new()));
        Some(Kind::Template(pieces))
    }

    fn pattern(&mut self) -> Option<Kind> {
        let rest = self.rest();
        let mut escaped = false;
        let mut end = None;
        for (at, next) in rest.char_indices().skip(1) {
            match next {
                '\n' => break,
                '/' if !escaped => {
                    end = Some(at);
                    break;
                }
                _ => escaped = next == '\\' && !escaped,
            }
        }
        let Some(end) = end else { return self.sign() };
        let flags: String = rest[end + 1..].chars().take_while(char::is_ascii_lowercase).collect();
        self.at += end + 1 + flags.len();
        Some(Kind::Pattern(rest[1..end].to_owned(), flags))
    }

    /// `{{Company (HQ)}}`, `{Email}`; nothing for a block, a filter or a record.
    fn braced(&mut self) -> Option<Kind> {
        let rest = self.rest();
        let (open, close) = if rest.starts_with("{{") { ("{{", "}}") } else { ("{", "}") };
        let inside = rest[open.len()..].split_once(close)?.0;
        let is_code = inside.contains(['|', ':', ';', '{', '\n', '\'', '"', '%'])
            || (open == "{" && inside.contains(','))
            || (open == "{{" && inside.contains('('))
            || inside.trim().is_empty();
        let is_number = inside.trim().parse::<f64>().is_ok();
        let is_block = open == "{" && self.list.last().is_some_and(Token::opens_block);
        if is_code || is_number || is_block {
            return None;
        }
        self.at += open.len() + inside.len() + close.len();
        Some(Kind::Name(inside.trim().to_owned()))
    }
}

/// Adds what an escape at the beginning of a text is, and gives its length.
fn escaped(rest: &str, close: char, text: &mut String) -> Option<usize> {
    let next = rest[1..].chars().next()?;
    match next {
        'n' => text.push('\n'),
        't' => text.push('\t'),
        'u' => {
            let code = rest.get(2..6).and_then(|digits| u32::from_str_radix(digits, 16).ok());
            if let Some(read) = code.and_then(char::from_u32) {
                text.push(read);
                return Some(6);
            }
            text.push_str("\\u");
        }
        _ if next == close || next == '\\' || next == '`' => text.push(next),
        _ => text.extend(['\\', next]),
    }
    Some(1 + next.len_utf8())
}

impl Token {
    /// Whether it is this word, as it is written here.
    pub(super) fn is_word(&self, word: &str) -> bool {
        matches!(&self.kind, Kind::Word(written) if written == word)
    }

    /// Whether an operator can follow it.
    pub(super) fn ends_operand(&self) -> bool {
        match &self.kind {
            Kind::Word(word) => !matches!(word.as_str(), "return" | "in" | "and" | "or" | "not" | "case"),
            Kind::Sign(sign) => matches!(*sign, ")" | "]" | "}" | "}}"),
            _ => true,
        }
    }

    /// Whether `{` after it begins a block of statements.
    fn opens_block(&self) -> bool {
        match &self.kind {
            Kind::Sign(sign) => matches!(*sign, ")" | "=>"),
            Kind::Word(word) => word == "else",
            _ => false,
        }
    }
}
