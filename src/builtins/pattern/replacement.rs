//! The text that stands for a match: `$2, $1`.

use crate::builtins::LONGEST_TEXT;
use regex::Captures;

/// A replacement, read once and written for each match.
pub(super) struct Replacement<'r> {
    pieces: Vec<Piece<'r>>,
}

enum Piece<'r> {
    Text(&'r str),
    Numbered(usize),
    Named(&'r str),
}

impl<'r> Replacement<'r> {
    /// Reads `$1`, `${name}` and `$$`. Unlike the regex crate, and like spreadsheets, `$1a` is group 1 and an `a`.
    pub(super) fn parse(text: &'r str) -> Self {
        let mut pieces = Vec::new();
        let mut rest = text;
        while let Some(at) = rest.find('$') {
            pieces.push(Piece::Text(&rest[..at]));
            let (piece, behind) = reference(&rest[at + 1..]);
            pieces.push(piece);
            rest = behind;
        }
        pieces.push(Piece::Text(rest));
        Self { pieces }
    }

    /// Writes the replacement of one match; a group that took no part, or isn't there, is empty.
    pub(super) fn append(&self, captures: &Captures<'_>, to: &mut String) {
        for piece in &self.pieces {
            // Many references to a long match grow fast; the caller refuses what is too long.
            if to.len() > LONGEST_TEXT {
                return;
            }
            to.push_str(match piece {
                Piece::Text(text) => text,
                Piece::Numbered(number) => captures.get(*number).map_or("", |group| group.as_str()),
                Piece::Named(name) => captures.name(name).map_or("", |group| group.as_str()),
            });
        }
    }
}

/// What a `$` in front of `text` means, and what follows.
fn reference(text: &str) -> (Piece<'_>, &str) {
    if let Some(behind) = text.strip_prefix('$') {
        return (Piece::Text("$"), behind);
    }
    if let Some((name, behind)) = text.strip_prefix('{').and_then(|rest| rest.split_once('}')) {
        let piece = name.parse().map_or(Piece::Named(name), Piece::Numbered);
        return (piece, behind);
    }
    // No pattern that is meant has more than 99 groups.
    let digits = text.bytes().take(2).take_while(u8::is_ascii_digit).count();
    match text[..digits].parse() {
        Ok(number) => (Piece::Numbered(number), &text[digits..]),
        Err(_) => (Piece::Text("$"), text),
    }
}
