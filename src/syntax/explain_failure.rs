//! Says what went wrong where the grammar stopped, in the words of the person who typed it.

use super::tokens::{Token, TokenKind};
use crate::diagnostics::{SyntaxError, is_unseen};
use crate::span::Span;

mod amounts;
mod names;
mod records;
mod texts;

/// The tokens around a failure.
struct Failure<'a> {
    source: &'a str,
    tokens: Vec<Token>,
    /// The token that can't stand where it does; `tokens.len()` at the end of the formula.
    index: usize,
    formula: Span,
}

/// Explains why the formula at `formula` does not parse at byte `at` of `source`.
pub(super) fn explain_failure(source: &str, tokens: &[Token], formula: Span, at: usize) -> SyntaxError {
    let tokens: Vec<Token> =
        tokens.iter().copied().filter(|token| token.kind != TokenKind::Comment).collect();
    let index = tokens.iter().position(|token| token.span.end as usize > at).unwrap_or(tokens.len());
    let failure = Failure { source, tokens, index, formula };
    failure
        .record_item()
        .or_else(|| failure.if_then_else())
        .or_else(|| failure.by_token())
        .unwrap_or_else(|| failure.unexpected())
}

impl Failure<'_> {
    fn token(&self, index: usize) -> Option<Token> {
        self.tokens.get(index).copied()
    }

    fn text(&self, index: usize) -> &str {
        self.token(index).map_or("", |token| token.text(self.source))
    }

    fn kind(&self, index: usize) -> Option<TokenKind> {
        self.token(index).map(|token| token.kind)
    }

    fn previous(&self) -> Option<Token> {
        self.token(self.index.checked_sub(1)?)
    }

    fn at(&self) -> Span {
        let end = self.formula.end as usize;
        self.token(self.index).map_or(Span::new(end, end), |token| token.span)
    }

    /// The source between two spans, both included.
    fn between(&self, first: Span, last: Span) -> &str {
        first.to(last).of(self.source)
    }

    fn by_token(&self) -> Option<SyntaxError> {
        if let Some(error) = self.amount().or_else(|| self.like()).or_else(|| self.prefixed_text()) {
            return Some(error);
        }
        let Some(token) = self.token(self.index) else { return self.missing_operand() };
        match token.kind {
            TokenKind::NumberWord => Some(self.number_runs_into_word(token)),
            TokenKind::Unknown => Some(self.unexpected_character(token)),
            TokenKind::Operator => self.operator(token),
            TokenKind::Comma => self.comma(token),
            TokenKind::Close => self.missing_operand(),
            TokenKind::Open => self.opening(token).or_else(|| self.missing_separator(token)),
            _ => self.lowercase_operator(token).or_else(|| self.missing_separator(token)),
        }
    }

    /// `IF cond THEN a ELSE b`, with or without parentheses around the condition.
    fn if_then_else(&self) -> Option<SyntaxError> {
        let is = |index: usize, word: &str| self.text(index).eq_ignore_ascii_case(word);
        let start = (0..self.tokens.len()).find(|index| is(*index, "IF"))?;
        let then = (start..self.tokens.len()).find(|index| is(*index, "THEN"))?;
        let help = format!("write `{}`", self.as_calls(start, then, self.tokens.len())?);
        Some(SyntaxError::IfThenElse { at: self.tokens[then].span, help })
    }

    /// The tokens `start..end` of an IF … THEN … ELSE as nested calls. One level of text for each ELSE IF.
    fn as_calls(&self, mut start: usize, mut then: usize, end: usize) -> Option<String> {
        let is = |index: usize, word: &str| self.text(index).eq_ignore_ascii_case(word);
        let slice = |from: usize, to: usize| {
            let (first, last) = (self.token(from)?, self.token(to.checked_sub(1)?)?);
            (from < to)
                .then(|| self.between(first.span, last.span).split_whitespace().collect::<Vec<_>>().join(" "))
        };
        let mut written = String::new();
        for depth in 1..=8 {
            let condition = slice(start + 1, then)?;
            let condition =
                condition.strip_prefix('(').and_then(|rest| rest.strip_suffix(')')).unwrap_or(&condition);
            let Some(otherwise) = (then..end).find(|index| is(*index, "ELSE")) else {
                written.push_str(&format!("IF({condition}, {}{}", slice(then + 1, end)?, ")".repeat(depth)));
                return Some(written);
            };
            written.push_str(&format!("IF({condition}, {}, ", slice(then + 1, otherwise)?));
            if !is(otherwise + 1, "IF") {
                written.push_str(&slice(otherwise + 1, end)?);
                written.push_str(&")".repeat(depth));
                return Some(written);
            }
            start = otherwise + 1;
            then = (start..end).find(|index| is(*index, "THEN"))?;
        }
        None
    }

    fn number_runs_into_word(&self, token: Token) -> SyntaxError {
        let written = token.text(self.source);
        let split = written.find(|next: char| !next.is_ascii_digit() && next != '.').unwrap_or(written.len());
        let (number, word) = written.split_at(split);
        let factor = match word {
            "k" | "K" => Some(1e3),
            "m" | "M" => Some(1e6),
            "bn" | "B" | "b" => Some(1e9),
            _ => None,
        };
        let joined = written.replace('_', "");
        let help = match (factor, number.parse::<f64>()) {
            _ if word.starts_with('_') && joined.parse::<f64>().is_ok() => {
                format!("write the digits without `_`: `{joined}`")
            }
            (Some(factor), Ok(amount)) => {
                format!("write the number out: `{}`", super::print_number(amount * factor))
            }
            _ => format!(
                "a name that starts with a digit is written in braces: `{{{{{}}}}}`",
                self.words_from(self.index)
            ),
        };
        SyntaxError::NumberRunsIntoWord {
            number: number.to_owned(),
            word: word.to_owned(),
            help,
            at: token.span,
        }
    }

    /// The words from a token on that would make one name.
    fn words_from(&self, index: usize) -> &str {
        let is_word =
            |kind| matches!(kind, Some(TokenKind::Word | TokenKind::NumberWord | TokenKind::Number));
        let mut last = index;
        while is_word(self.kind(last + 1)) && !matches!(self.text(last + 1), "AND" | "OR" | "NOT" | "IN") {
            last += 1;
        }
        self.between(self.tokens[index].span, self.tokens[last].span)
    }

    fn unexpected_character(&self, token: Token) -> SyntaxError {
        let character = token.text(self.source).chars().next().unwrap_or(' ');
        let shown = if character.is_control() || is_unseen(character) {
            format!("U+{:04X}, which can't be seen", u32::from(character))
        } else {
            format!("`{character}`")
        };
        let help = match character {
            '≥' => Some("write `>=`".to_owned()),
            '≤' => Some("write `<=`".to_owned()),
            '≠' => Some("write `<>`".to_owned()),
            '×' => Some("write `*`".to_owned()),
            '÷' => Some("write `/`".to_owned()),
            '–' | '—' | '−' => {
                Some("write `-` for minus, or put a name with a dash in braces: `{{Deal–Size}}`".to_owned())
            }
            '，' => Some("write `,`".to_owned()),
            '（' | '）' => Some("write `(` and `)`".to_owned()),
            _ if let Some(help) = self.currency(token) => Some(help),
            _ => Some(format!(
                "a name with signs in it is written in braces: `{{{{{}}}}}`",
                self.signed_name()
            )),
        };
        SyntaxError::UnexpectedCharacter { shown, at: token.span, help }
    }

    fn operator(&self, token: Token) -> Option<SyntaxError> {
        let found = token.text(self.source);
        let at = token.span;
        let unknown = |help: &str| {
            Some(SyntaxError::UnknownOperator { found: found.to_owned(), help: help.to_owned(), at })
        };
        match found {
            "=" | "==" if self.index == 0 => Some(SyntaxError::LeadingEquals { at }),
            ":" if self.words_before(self.index)
                == self.between(self.tokens[0].span, self.tokens[self.index.max(1) - 1].span) =>
            {
                unknown(&format!(
                    "to name a column, write `{} := {}`",
                    self.words_before(self.index),
                    self.rest_of_line()
                ))
            }
            ";" => Some(SyntaxError::SemicolonSeparator { at }),
            "=>" => Some(SyntaxError::ReversedComparison { found: found.to_owned(), instead: ">=", at }),
            "=<" => Some(SyntaxError::ReversedComparison { found: found.to_owned(), instead: "<=", at }),
            "===" => unknown("write `=`"),
            "!==" => unknown("write `<>`"),
            "<=>" => unknown("write `=`, `<` or `>`"),
            "**" => unknown("write `^`"),
            "??" => unknown("write `COALESCE(first, second)`"),
            "|" => unknown("write `OR` between conditions, `&` to join text"),
            ":" => unknown("there are no ranges of cells: a column's name is its value in the current row"),
            "?" if self.ends_name() => {
                let first = self.words_before(self.index);
                let start = Span::new(at.start as usize - first.len(), at.end as usize);
                Some(SyntaxError::NameNeedsBraces { name: format!("{first}?"), at: start })
            }
            "?" => unknown("write `IF(condition, then, else)`"),
            ":=" => unknown("`:=` follows the name of a column at the start of a line; write `=` to compare"),
            "=~" | "~" | "->" => unknown("formulas compare with `=`, `<>`, `<`, `<=`, `>`, `>=`"),
            "." => self.method(),
            "!" => unknown("write `NOT` before a condition, `<>` for not equal"),
            _ => self.missing_operand(),
        }
    }

    /// `.includes(`: the grammar stops at the point or behind it.
    fn method(&self) -> Option<SyntaxError> {
        let point = if self.text(self.index) == "." { self.index } else { self.index.checked_sub(1)? };
        let is_call = self.kind(point + 1) == Some(TokenKind::Word) && self.text(point + 2) == "(";
        if self.text(point) != "." || !is_call {
            return None;
        }
        let method = self.text(point + 1);
        let subject = self.words_before(point);
        let function = match method {
            "includes" | "contains" | "indexOf" => "CONTAINS",
            "startsWith" => "STARTSWITH",
            "endsWith" => "ENDSWITH",
            "toLowerCase" => "LOWER",
            "toUpperCase" => "UPPER",
            "trim" => "TRIM",
            "split" => "SPLIT",
            "replace" | "replaceAll" => "SUBSTITUTE",
            "slice" | "substring" | "substr" => "MID",
            _ => "",
        };
        let arguments = self.arguments_of(point + 2);
        let separator = if arguments.is_empty() { "" } else { ", " };
        let help = match function {
            "" => "call a function with the value as its first argument; to list the functions, run `clayf functions`"
                .to_owned(),
            "MID" => format!("write `MID({subject}, start, count)`; positions count from 1"),
            _ => format!("write `{function}({subject}{separator}{arguments})`"),
        };
        Some(SyntaxError::MethodCall {
            method: method.to_owned(),
            at: self.tokens[point].span.to(self.tokens[point + 1].span),
            help,
        })
    }

    /// The name that ends just before a token.
    fn words_before(&self, index: usize) -> &str {
        let is_part = |kind| {
            matches!(
                kind,
                Some(TokenKind::Word | TokenKind::Number | TokenKind::NumberWord | TokenKind::QuotedName)
            )
        };
        let keyword = |at: usize| matches!(self.text(at), "AND" | "OR" | "NOT" | "IN");
        let mut first = index;
        while first > 0 && is_part(self.kind(first - 1)) && !keyword(first - 1) {
            first -= 1;
        }
        if first == index {
            return "value";
        }
        self.between(self.tokens[first].span, self.tokens[index - 1].span)
    }

    /// The text between a bracket and its partner.
    fn arguments_of(&self, open: usize) -> &str {
        let Some(close) = self.partner(open) else { return "" };
        let inside = self.tokens[open].span.end as usize..self.tokens[close].span.start as usize;
        self.source.get(inside).unwrap_or_default().trim()
    }

    fn partner(&self, open: usize) -> Option<usize> {
        let mut depth = 0usize;
        for (index, token) in self.tokens.iter().enumerate().skip(open) {
            match token.kind {
                TokenKind::Open => depth += 1,
                TokenKind::Close if depth <= 1 => return Some(index),
                TokenKind::Close => depth -= 1,
                _ => {}
            }
        }
        None
    }

    fn comma(&self, token: Token) -> Option<SyntaxError> {
        let Some(previous) = self.previous() else {
            return Some(SyntaxError::EmptyArgument { at: token.span });
        };
        if matches!(previous.kind, TokenKind::Comma | TokenKind::Open) {
            return Some(SyntaxError::EmptyArgument { at: token.span });
        }
        if !previous.ends_operand(self.source) {
            return self.missing_operand();
        }
        let after_in = self.innermost_open().is_some_and(|open| open > 0 && self.text(open - 1) == "IN");
        let help = if after_in {
            "a list after IN is written in square brackets: `IN [\"a\", \"b\"]`"
        } else {
            "commas separate the arguments of a function and the items of a list"
        };
        Some(SyntaxError::StrayComma { help, at: token.span })
    }

    fn innermost_open(&self) -> Option<usize> {
        let mut open = Vec::new();
        for (index, token) in self.tokens[..self.index.min(self.tokens.len())].iter().enumerate() {
            match token.kind {
                TokenKind::Open => open.push(index),
                TokenKind::Close => {
                    open.pop();
                }
                _ => {}
            }
        }
        open.pop()
    }

    /// An operator without a value on one side.
    fn missing_operand(&self) -> Option<SyntaxError> {
        let previous = self.previous();
        let operator_before = previous.filter(|token| {
            !token.ends_operand(self.source) && matches!(token.kind, TokenKind::Operator | TokenKind::Word)
        });
        if let Some(before) = operator_before {
            let operator = before.text(self.source).to_owned();
            return Some(SyntaxError::MissingOperand { operator, side: "right", at: before.span });
        }
        let token = self.token(self.index)?;
        let is_operator =
            token.kind == TokenKind::Operator || matches!(self.text(self.index), "AND" | "OR" | "IN");
        let nothing_before =
            previous.is_none_or(|before| matches!(before.kind, TokenKind::Open | TokenKind::Comma));
        (is_operator && nothing_before).then(|| SyntaxError::MissingOperand {
            operator: token.text(self.source).to_owned(),
            side: "left",
            at: token.span,
        })
    }

    /// `Company (HQ)` and `IF (`: a name, a blank, a parenthesis.
    fn opening(&self, token: Token) -> Option<SyntaxError> {
        let previous = self.previous().filter(|previous| previous.kind == TokenKind::Word)?;
        if let Some(method) = self.method() {
            return Some(method);
        }
        let name = self.words_before(self.index);
        let is_lower = |word: &str| matches!(word.to_ascii_uppercase().as_str(), "AND" | "OR" | "NOT" | "IN");
        if is_lower(previous.text(self.source)) {
            return self.lowercase_at(previous);
        }
        let close = self.partner(self.index);
        let has_sign = close.is_some_and(|close| {
            self.tokens[self.index..close].iter().any(|token| token.kind == TokenKind::Unknown)
        });
        let looks_like_function =
            !has_sign && name.chars().all(|next| next.is_ascii_uppercase() || next.is_ascii_digit());
        if looks_like_function || self.arguments_of(self.index).contains([',', '"']) {
            return Some(SyntaxError::SpaceBeforeParenthesis {
                name: name.to_owned(),
                at: previous.span.to(token.span),
            });
        }
        let close = close.map_or(token.span, |close| self.tokens[close].span);
        let start = close.end as usize - self.between(token.span, close).len();
        let first = Span::new(previous.span.end as usize - name.len(), start);
        let name = first.to(close).of(self.source).to_owned();
        Some(SyntaxError::NameNeedsBraces { name, at: first.to(close) })
    }

    fn lowercase_operator(&self, token: Token) -> Option<SyntaxError> {
        self.lowercase_at(token)
            .or_else(|| self.previous().and_then(|previous| self.lowercase_at(previous)))
            .filter(|_| token.kind != TokenKind::Number)
    }

    /// `and`, `or`, `not`, `in` where the upper-case word would be an operator.
    fn lowercase_at(&self, token: Token) -> Option<SyntaxError> {
        let word = token.text(self.source);
        let upper = word.to_ascii_uppercase();
        let is_operator = matches!(upper.as_str(), "AND" | "OR" | "NOT" | "IN") && upper != word;
        (token.kind == TokenKind::Word && is_operator)
            .then_some(SyntaxError::LowercaseOperator { upper, at: token.span })
    }

    /// Two values side by side.
    fn missing_separator(&self, token: Token) -> Option<SyntaxError> {
        let previous = self.previous()?;
        if self.text(self.index - 1) == "%" {
            let remainder = match self.words_before(self.index - 1) {
                "value" => "MOD(Score, 10)".to_owned(),
                _ if token.kind == TokenKind::Open => "MOD(Score, 10)".to_owned(),
                dividend => format!("MOD({dividend}, {})", self.words_from(self.index)),
            };
            let help = format!("`%` divides by a hundred; for the remainder, write `{remainder}`");
            return Some(SyntaxError::UnknownOperator { found: "%".to_owned(), help, at: previous.span });
        }
        if matches!(previous.text(self.source), "." | "?.") {
            return self.method();
        }
        if !previous.ends_operand(self.source) {
            return None;
        }
        if let Some(error) = self.function_between(previous, token) {
            return Some(error);
        }
        let open = self.innermost_open();
        if open.is_none() && self.source[previous.span.end as usize..token.span.start as usize].contains('\n')
        {
            return Some(SyntaxError::UnnamedColumn { first: self.first_line(), second: token.span });
        }
        let in_call = open.is_some_and(|open| {
            matches!(self.text(open), "[" | "{")
                || (open > 0 && self.tokens[open - 1].span.end == self.tokens[open].span.start)
        });
        let what = if in_call { "a comma or an operator" } else { "an operator" };
        let [left, right] = [previous, token].map(|token| clip(token.text(self.source)));
        let help = if in_call {
            format!("write `{left}, {right}`, or an operator such as `=` or `&` between them")
        } else {
            format!("write an operator such as `&`, `=` or `AND` between `{left}` and `{right}`")
        };
        Some(SyntaxError::MissingSeparator {
            what,
            found: self.described(),
            before: previous.span,
            at: token.span,
            help,
        })
    }

    /// `Job Title CONTAINS "VP"`: a function's name where an operator would stand.
    fn function_between(&self, previous: Token, token: Token) -> Option<SyntaxError> {
        let function = previous.text(self.source);
        let subject = self.words_before(self.index).strip_suffix(function)?.trim_end();
        let is_name = function.len() > 2 && function.chars().all(|next| next.is_ascii_uppercase());
        let is_verb =
            matches!(function, "contains" | "includes" | "startswith" | "endswith" | "like" | "matches");
        if previous.kind != TokenKind::Word || subject.is_empty() || !(is_name || is_verb) {
            return None;
        }
        let function = match function {
            "contains" | "includes" | "like" | "matches" | "LIKE" => "CONTAINS".to_owned(),
            other => other.to_ascii_uppercase(),
        };
        let argument = clip(token.text(self.source));
        Some(SyntaxError::UnknownOperator {
            found: previous.text(self.source).to_owned(),
            help: format!("write it as a function: `{function}({subject}, {argument})`"),
            at: previous.span,
        })
    }

    fn first_line(&self) -> Span {
        let start = self.formula.start as usize;
        let line = self.formula.of(self.source).lines().next().unwrap_or_default();
        Span::new(start, start + line.trim_end().len())
    }

    /// The token in a sentence.
    fn described(&self) -> String {
        let shown = clip(self.text(self.index));
        match self.kind(self.index) {
            None => "end of the formula".to_owned(),
            Some(TokenKind::Text) => format!("the text {shown}"),
            Some(TokenKind::Number) => format!("the number {shown}"),
            Some(TokenKind::Word) => format!("the word `{shown}`"),
            Some(_) => format!("`{shown}`"),
        }
    }

    fn unexpected(&self) -> SyntaxError {
        let wanted = match self.previous() {
            Some(previous) if previous.ends_operand(self.source) => "an operator, a comma or the end",
            _ => "a value: a column, a number, a text or a function",
        };
        SyntaxError::UnexpectedToken { found: self.described(), wanted, at: self.at() }
    }
}

fn clip(text: &str) -> String {
    if text.chars().count() <= 30 {
        text.to_owned()
    } else {
        text.chars().take(29).chain("…".chars()).collect()
    }
}
