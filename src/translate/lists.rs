//! Lists and records as other languages write them.

use super::expr::Expr;
use super::lexer::{Kind, Token};
use super::parser::Parser;

impl Parser<'_> {
    /// `{"US": 10}`, or `{"US", "DE"}` as a list.
    pub(super) fn record_or_list(&mut self) -> Option<Expr> {
        let start = self.at;
        self.record().or_else(|| {
            self.at = start + 1;
            self.items("}").map(Expr::List)
        })
    }

    /// `{x: Page Views}` as names with values, without a result.
    fn record(&mut self) -> Option<Expr> {
        self.take_sign("{")?;
        let mut members = Vec::new();
        while self.take_sign("}").is_none() {
            let (Kind::Word(name) | Kind::Text(name)) = self.kind(0)?.clone() else { return None };
            self.at += 1;
            self.take_sign(":")?;
            members.push((name, self.expr()?));
            let _ = self.take_sign(",");
        }
        Some(Expr::Let(members, Box::new(Expr::Null)))
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
