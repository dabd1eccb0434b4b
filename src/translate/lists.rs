//! Lists and records as other languages write them.

use super::expr::Expr;
use super::lexer::{Kind, Token};
use super::parser::Parser;
use crate::syntax::bare_or_braced;

impl Parser<'_> {
    /// `{"US": 10}`, or `{"US", "DE"}` as a list.
    pub(super) fn record_or_list(&mut self) -> Option<Expr> {
        let start = self.at;
        self.record().or_else(|| {
            self.at = start + 1;
            self.items("}").map(Expr::List)
        })
    }

    /// `{x: Page Views, y, ...rest}`
    fn record(&mut self) -> Option<Expr> {
        self.take_sign("{")?;
        let mut members = Vec::new();
        while self.take_sign("}").is_none() {
            if self.take_sign("...").is_some() {
                members.push((None, self.expr()?));
            } else {
                members.push(self.member()?);
            }
            if self.take_sign(",").is_none() {
                self.take_sign("}")?;
                break;
            }
        }
        Some(Expr::Record(members))
    }

    /// `x: 1`, `"x": 1`, `1: 2`, or `x` for `x: x`.
    fn member(&mut self) -> Option<(Option<String>, Expr)> {
        let (Kind::Word(mut name) | Kind::Text(mut name) | Kind::Number(mut name)) = self.kind(0)?.clone()
        else {
            return None;
        };
        let is_word = matches!(self.kind(0), Some(Kind::Word(_)));
        self.at += 1;
        while let Some(word) = self.word(0).filter(|_| is_word).map(ToOwned::to_owned) {
            name = format!("{name} {word}");
            self.at += 1;
        }
        let value = match self.take_sign(":") {
            Some(()) => self.expr()?,
            None if !is_word => return None,
            None => Expr::Atom(bare_or_braced(&name)),
        };
        Some((Some(name), value))
    }

    /// `"VP", "CEO"` up to the end, after `is one of`.
    pub(super) fn more_texts(&mut self, first: Expr) -> Vec<Expr> {
        let mut list = vec![first];
        let rest = &self.list[self.at.min(self.list.len())..];
        let is_pair = |pair: &[Token]| matches!(pair, [comma, text] if comma.kind == Kind::Sign(",") && matches!(text.kind, Kind::Text(_)));
        if rest.chunks(2).all(is_pair) {
            let texts = rest.iter().filter_map(|token| match &token.kind {
                Kind::Text(text) => Some(Expr::Text(text.clone())),
                _ => None,
            });
            list.extend(texts);
            self.at = self.list.len();
        }
        list
    }
}
