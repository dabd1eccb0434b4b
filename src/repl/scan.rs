//! What stands in a text that may be half typed: runs of words, the calls around a place, names given by LET.

use crate::builtins::{self, ParamKind};
use crate::syntax::{Token, TokenKind, tokenize};
use std::ops::Range;

/// A text and its tokens.
pub(super) struct Scan<'t> {
    pub(super) text: &'t str,
    pub(super) tokens: Vec<Token>,
}

/// A call, or another bracket, that is open at some place.
pub(super) struct Open<'t> {
    /// What is called; nothing for a mere bracket.
    pub(super) function: Option<&'t str>,
    /// Which argument it is at, from 0.
    pub(super) argument: usize,
    /// The names that it has given so far.
    pub(super) names: Vec<String>,
    /// The first token of the argument.
    first: usize,
}

impl<'t> Scan<'t> {
    pub(super) fn new(text: &'t str) -> Self {
        Self { text, tokens: tokenize(text) }
    }

    /// The calls and brackets that are open at the byte `at`, the outermost first.
    pub(super) fn open_at(&self, at: usize) -> Vec<Open<'t>> {
        self.walk(at, &mut |_| {})
    }

    /// All names that LET and its kin give anywhere.
    pub(super) fn names_given(&self) -> Vec<String> {
        let mut all = Vec::new();
        for open in self.walk(self.text.len(), &mut |closed| all.extend_from_slice(&closed.names)) {
            all.extend(open.names);
        }
        all
    }

    fn walk(&self, at: usize, closed: &mut dyn FnMut(&Open<'t>)) -> Vec<Open<'t>> {
        let mut open: Vec<Open<'t>> = Vec::new();
        for (index, token) in self.tokens.iter().enumerate() {
            if token.span.end as usize > at {
                break;
            }
            match token.kind {
                TokenKind::Open => {
                    let function = self.function_before(index);
                    open.push(Open { function, argument: 0, names: Vec::new(), first: index + 1 });
                }
                TokenKind::Close => {
                    if let Some(call) = open.pop() {
                        closed(&call);
                    }
                }
                TokenKind::Comma => {
                    if let Some(call) = open.last_mut() {
                        let name = self.name_of(call.first..index).filter(|_| gives_name(call));
                        call.names.extend(name);
                        call.argument += 1;
                        call.first = index + 1;
                    }
                }
                _ => {}
            }
        }
        open
    }

    /// The name of the function whose opening bracket is token `index`.
    fn function_before(&self, index: usize) -> Option<&'t str> {
        let bracket = self.tokens[index];
        let before = self.tokens[index.checked_sub(1)?];
        let is_call = before.kind == TokenKind::Word
            && before.span.end == bracket.span.start
            && bracket.text(self.text) == "(";
        is_call.then(|| before.text(self.text))
    }

    /// Whether token `index` is the name of a function that is called.
    pub(super) fn is_function(&self, index: usize) -> bool {
        index + 1 < self.tokens.len() && self.function_before(index + 1).is_some()
    }

    /// Whether a token is the name of a function that the text defines: `NAME(parameters) :=`.
    pub(super) fn defines(&self, index: usize) -> bool {
        index == 0 && self.tokens.iter().any(|token| token.text(self.text) == ":=")
    }

    /// The runs of words that are names of columns or of LET, as ranges of tokens.
    pub(super) fn names(&self) -> Vec<Range<usize>> {
        let mut runs: Vec<Range<usize>> = Vec::new();
        for (index, token) in self.tokens.iter().enumerate() {
            if !self.is_word(index) {
                continue;
            }
            match runs.last_mut() {
                Some(run) if run.end == index && self.blanks_before(index) => run.end += 1,
                _ if token.kind == TokenKind::Word => runs.push(index..index + 1),
                _ => {}
            }
        }
        runs
    }

    /// Whether a run of tokens is the key of a record's member: `{tier: …`.
    pub(super) fn is_key(&self, run: &Range<usize>) -> bool {
        let text = |index: usize| self.tokens.get(index).map(|token| token.text(self.text));
        let before = run.start.checked_sub(1).and_then(text);
        text(run.end) == Some(":") && matches!(before, Some("{" | ","))
    }

    /// Whether a token can be a word of a name.
    pub(super) fn is_word(&self, index: usize) -> bool {
        let token = self.tokens[index];
        let is_word = matches!(token.kind, TokenKind::Word | TokenKind::Number | TokenKind::NumberWord);
        let is_plain = token.text(self.text).bytes().all(|byte| !matches!(byte, b'.' | b'+' | b'-'));
        is_word && is_plain && !self.is_keyword(index) && !self.is_function(index)
    }

    pub(super) fn is_keyword(&self, index: usize) -> bool {
        matches!(self.tokens[index].text(self.text), "AND" | "OR" | "NOT" | "IN")
            || self.begins_private(index)
    }

    /// Whether a token is the `let` of `let Name := …`.
    fn begins_private(&self, index: usize) -> bool {
        let is_first = index == 0 || !self.is_on_line_of(index - 1, index);
        let is_name = |token: &Token| matches!(token.kind, TokenKind::Word | TokenKind::QuotedName);
        is_first
            && self.tokens[index].text(self.text) == "let"
            && self.tokens.get(index + 1).is_some_and(is_name)
            && self.is_on_line_of(index, index + 1)
    }

    fn is_on_line_of(&self, one: usize, other: usize) -> bool {
        !self.text[self.tokens[one].span.end as usize..self.tokens[other].span.start as usize].contains('\n')
    }

    /// Whether only blanks of one line stand between a token and the one before it.
    pub(super) fn blanks_before(&self, index: usize) -> bool {
        let Some(before) = index.checked_sub(1).map(|before| self.tokens[before]) else { return false };
        let between = &self.text[before.span.end as usize..self.tokens[index].span.start as usize];
        !between.is_empty() && !between.contains(['\n', '\r'])
    }

    /// The name that a range of tokens spells, where it is one.
    pub(super) fn name_of(&self, range: Range<usize>) -> Option<String> {
        let code = |index: &usize| self.tokens[*index].kind != TokenKind::Comment;
        let inside: Vec<usize> = range.filter(code).collect();
        let words: Vec<&str> = inside.iter().map(|index| self.tokens[*index].text(self.text)).collect();
        if let [quoted] = inside[..]
            && self.tokens[quoted].kind == TokenKind::QuotedName
        {
            return Some(words[0].trim_matches(['{', '}']).trim().to_owned());
        }
        let is_name = !inside.is_empty() && inside.iter().all(|index| self.is_word(*index));
        is_name.then(|| words.join(" "))
    }
}

impl Open<'_> {
    /// The names that can be used where the call is at: a LET name not yet in its own value.
    pub(super) fn names_in_scope(&self) -> &[String] {
        let in_value = self.function.is_some_and(is_let) && self.argument % 2 == 1;
        &self.names[..self.names.len().saturating_sub(usize::from(in_value))]
    }
}

/// Whether a function is LET, whose names and values take turns.
pub(super) fn is_let(function: &str) -> bool {
    function.eq_ignore_ascii_case("LET")
}

/// Whether the argument that a call is at gives a name.
fn gives_name(call: &Open<'_>) -> bool {
    let Some(function) = call.function else { return false };
    if is_let(function) {
        return call.argument.is_multiple_of(2);
    }
    builtins::find(function)
        .and_then(|builtin| builtin.params.get(call.argument))
        .is_some_and(|param| param.kind == ParamKind::Binding)
}
