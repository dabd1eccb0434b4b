//! The comments of a text, handed out in the order of the text.

use super::piece::{OwnLine, Remark};
use crate::syntax::file::{looks_like_code, names_column};
use crate::syntax::tokens::{Token, TokenKind};

/// The comments between two places, told apart by where they stand.
#[derive(Debug, Default)]
pub(super) struct Lead {
    /// On the line of what stands before them.
    pub behind: Vec<Remark>,
    /// On lines of their own.
    pub own: Vec<OwnLine>,
    /// Whether a blank line stands between the last of them, or what is before, and what follows.
    pub blank: bool,
}

/// Goes through the comments of a text once.
#[derive(Debug)]
pub(super) struct Comments<'a> {
    text: &'a str,
    tokens: &'a [Token],
    /// The places of the comments among the tokens.
    places: Vec<usize>,
    next: usize,
    /// How many brackets stand open around what is being read.
    pub depth: usize,
    /// How many at most, since the formula began.
    pub deepest: usize,
    /// Whether a comment would stand outside of all brackets, on its own line, and read as a column's header.
    pub reads_as_header: bool,
    /// Whether the formula has had a comment: a second one may find the end of its line taken.
    has_comment: bool,
}

impl<'a> Comments<'a> {
    pub(super) fn new(text: &'a str, tokens: &'a [Token]) -> Self {
        let is_comment = |place: &usize| tokens[*place].kind == TokenKind::Comment;
        let places = (0..tokens.len()).filter(is_comment).collect();
        Self {
            text,
            tokens,
            places,
            next: 0,
            depth: 0,
            deepest: 0,
            reads_as_header: false,
            has_comment: false,
        }
    }

    /// Begins a formula at the byte `start`, again if need be.
    pub(super) fn rewind(&mut self, start: u32, depth: usize) {
        self.next = self.places.partition_point(|place| self.tokens[*place].span.end <= start);
        self.depth = depth;
        self.deepest = depth;
        self.reads_as_header = false;
        self.has_comment = false;
    }

    /// Goes into a bracket.
    pub(super) fn enter(&mut self) {
        self.depth += 1;
        self.deepest = self.deepest.max(self.depth);
    }

    /// The token that begins at the byte `at`.
    pub(super) fn token_at(&self, at: u32) -> Option<Token> {
        let index = self.tokens.partition_point(|token| token.span.start < at);
        self.tokens.get(index).copied().filter(|token| token.span.start == at)
    }

    /// What the token that begins at the byte `at` says.
    pub(super) fn written_at(&self, at: u32, kind: TokenKind) -> Option<&'a str> {
        Some(self.token_at(at).filter(|token| token.kind == kind)?.text(self.text))
    }

    /// Whether `(` stands before the token that begins at the byte `at`.
    pub(super) fn is_behind_parenthesis(&self, at: u32) -> bool {
        let index = self.tokens.partition_point(|token| token.span.start < at);
        let mut before = self.tokens[..index].iter().rev();
        let before = before.find(|token| token.kind != TokenKind::Comment);
        before.is_some_and(|before| before.text(self.text) == "(")
    }

    /// The source between two bytes.
    pub(super) fn between(&self, start: u32, end: u32) -> &'a str {
        self.text.get(start as usize..end as usize).unwrap_or_default()
    }

    /// Takes the comments before the byte `at`, where an item begins.
    pub(super) fn lead(&mut self, at: u32) -> Lead {
        let mut lead = self.take(at);
        lead.blank = self.blank_above_item(at);
        lead
    }

    /// Takes the comments before the byte `at`.
    pub(super) fn take(&mut self, at: u32) -> Lead {
        let mut lead = Lead::default();
        while let Some(place) = self.place_before(at) {
            let comment = self.tokens[place];
            let text = comment.text(self.text).trim_end();
            let trails = self.trails(place) && lead.own.is_empty();
            let is_risky = !trails || self.has_comment || looks_like_code(text);
            self.reads_as_header |= self.depth == 0 && is_risky && names_column(text);
            self.has_comment = true;
            if trails {
                lead.behind.push(self.remark(place, text));
            } else {
                lead.own.push(OwnLine { text: text.to_owned(), blank: self.blank_above(place) });
            }
        }
        lead
    }

    /// Takes the comments before the byte `at`, where no line should break.
    pub(super) fn strays(&mut self, at: u32) -> Vec<Remark> {
        let mut strays = Vec::new();
        while let Some(place) = self.place_before(at) {
            let text = self.tokens[place].text(self.text).trim_end();
            self.reads_as_header |= self.depth == 0 && names_column(text);
            self.has_comment = true;
            strays.push(self.remark(place, text));
        }
        strays
    }

    fn place_before(&mut self, at: u32) -> Option<usize> {
        let place = *self.places.get(self.next)?;
        let is_before = self.tokens[place].span.start < at;
        self.next += usize::from(is_before);
        is_before.then_some(place)
    }

    fn remark(&self, place: usize, text: &str) -> Remark {
        let before = place.checked_sub(1).map(|before| self.tokens[before].kind);
        let already = matches!(before, Some(TokenKind::Word | TokenKind::NumberWord)) && self.on_line(place);
        Remark { text: text.to_owned(), behind_word: already || !looks_like_code(text) }
    }

    /// Whether the comment stands on the line of the code before it.
    fn trails(&self, place: usize) -> bool {
        let Some(before) = place.checked_sub(1).map(|before| self.tokens[before]) else { return false };
        before.kind != TokenKind::Comment && self.on_line(place)
    }

    fn on_line(&self, place: usize) -> bool {
        !self.gap_above(place).contains(['\n', '\r'])
    }

    /// What stands between a token and the one before it.
    fn gap_above(&self, place: usize) -> &'a str {
        let before = place.checked_sub(1).map_or(0, |before| self.tokens[before].span.end);
        self.between(before, self.tokens[place].span.start)
    }

    fn blank_above(&self, place: usize) -> bool {
        self.gap_above(place).matches('\n').count() > 1
    }

    /// The same for an item, whose parentheses are no part of it.
    fn blank_above_item(&self, at: u32) -> bool {
        let mut place = self.tokens.partition_point(|token| token.span.start < at);
        while place > 0 && self.tokens[place - 1].text(self.text) == "(" {
            place -= 1;
        }
        place < self.tokens.len() && self.blank_above(place)
    }

    /// Takes the comment behind the last token of a formula or input, which ends at the byte `end`, on its line.
    pub(super) fn behind_end(&mut self, end: u32) -> Option<Remark> {
        let place = *self.places.get(self.next)?;
        let follows = place.checked_sub(1).is_some_and(|before| self.tokens[before].span.end == end);
        if !follows || !self.trails(place) {
            return None;
        }
        self.next += 1;
        Some(self.remark(place, self.tokens[place].text(self.text).trim_end()))
    }

    /// The end of the last comment that was taken, or `end` if that is further on.
    pub(super) fn end_of_taken(&self, end: u32) -> u32 {
        let last = self.next.checked_sub(1).map(|last| self.tokens[self.places[last]].span.end);
        end.max(last.unwrap_or(0))
    }

    /// Takes the comments before the byte `at`, each on its own line.
    pub(super) fn own_lines(&mut self, at: u32) -> Vec<OwnLine> {
        let mut own = Vec::new();
        while let Some(place) = self.place_before(at) {
            let text = self.tokens[place].text(self.text).trim_end().to_owned();
            own.push(OwnLine { text, blank: self.blank_above(place) });
        }
        own
    }

    /// Whether a blank line stands above the token at the byte `at`.
    pub(super) fn blank_above_token(&self, at: u32) -> bool {
        let place = self.tokens.partition_point(|token| token.span.start < at);
        place < self.tokens.len() && self.blank_above(place)
    }
}

/// The places of all brackets and their partners, in the order of the text.
pub(super) fn bracket_pairs(tokens: &[Token]) -> Vec<(u32, u32)> {
    let mut pairs = Vec::new();
    let mut open: Vec<usize> = Vec::new();
    for token in tokens {
        match token.kind {
            TokenKind::Open => {
                open.push(pairs.len());
                pairs.push((token.span.start, token.span.start));
            }
            TokenKind::Close => {
                if let Some(index) = open.pop() {
                    pairs[index].1 = token.span.start;
                }
            }
            _ => {}
        }
    }
    pairs
}
