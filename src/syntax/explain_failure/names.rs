//! Names with signs in them, and names before `:`.

use super::Failure;
use crate::syntax::tokens::TokenKind;

/// A formula that is longer than this is left out of a help.
const LONGEST: usize = 80;

impl Failure<'_> {
    /// Whether the sign at which the grammar stopped directly follows a word, and no `:` follows as after a condition.
    pub(super) fn ends_name(&self) -> bool {
        let is_adjacent = self
            .previous()
            .is_some_and(|previous| previous.kind == TokenKind::Word && previous.span.end == self.at().start);
        let has_choice = self.tokens.iter().skip(self.index).any(|token| token.text(self.source) == ":");
        is_adjacent && !has_choice
    }

    /// The words around the sign at which the grammar stopped, as the name that they would be.
    pub(super) fn signed_name(&self) -> String {
        let is_word = |kind| matches!(kind, Some(TokenKind::Word));
        let is_operator = |at: usize| matches!(self.text(at), "AND" | "OR" | "NOT" | "IN");
        let before = self.index.checked_sub(1).filter(|at| is_word(self.kind(*at)) && !is_operator(*at));
        let has_after = is_word(self.kind(self.index + 1)) && !is_operator(self.index + 1);
        if before.is_none() && !has_after {
            return "Any & Name".to_owned();
        }
        let words = self.words_before(self.index);
        let end = self.at().end as usize;
        let start =
            before.map_or(self.at().start as usize, |last| self.tokens[last].span.end as usize - words.len());
        let after = if has_after {
            let rest = self.words_from(self.index + 1);
            self.tokens[self.index + 1].span.start as usize + rest.len()
        } else {
            end
        };
        self.source.get(start..after).unwrap_or(words).to_owned()
    }

    /// What follows the sign at which the grammar stopped, on its line.
    pub(super) fn rest_of_line(&self) -> &str {
        let rest = self.source.get(self.at().end as usize..self.formula.end as usize).unwrap_or_default();
        let line = rest.trim_start().lines().next().unwrap_or_default().trim_end();
        if line.is_empty() || line.len() > LONGEST { "…" } else { line }
    }
}
