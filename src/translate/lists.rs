//! Lists and records as other languages write them.

use super::expr::{Expr, Op};
use super::lexer::{Kind, Token};
use super::parser::{COMPARISON, PREFIX, Parser};
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

    /// The part of a list or text in brackets: `x[0]`, `x[0:3]`, `Leads[@Score]`.
    pub(super) fn part_of(&mut self, object: Expr) -> Option<Expr> {
        if self.is_sign(0, "@") {
            return self.cell_of_row();
        }
        let start = if self.is_sign(0, ":") { None } else { Some(self.expr()?) };
        if self.take_sign(":").is_none() {
            self.take_sign("]")?;
            return Some(Expr::Index(Box::new(object), Box::new(start?)));
        }
        let end = if self.is_sign(0, "]") { None } else { Some(self.expr()?) };
        self.take_sign("]")?;
        slice(object, start, end)
    }

    /// `@[Job Title]]` and `@Score]` of a spreadsheet's table, after the first bracket.
    pub(super) fn cell_of_row(&mut self) -> Option<Expr> {
        self.take_sign("@")?;
        let in_brackets = self.take_sign("[").is_some();
        let name = self.at_level(PREFIX)?;
        if in_brackets {
            self.take_sign("]")?;
        }
        self.take_sign("]")?;
        matches!(name, Expr::Atom(_)).then_some(name)
    }

    /// The value of a phrase such as `contains any of`, or several: `"VP", "CEO"`, `["VP", "CEO"]`.
    pub(super) fn texts(&mut self) -> Option<Vec<Expr>> {
        Some(match self.at_level(COMPARISON)? {
            Expr::List(list) => list,
            one @ Expr::Text(_) => self.more_texts(one),
            other => vec![other],
        })
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

/// `x[1:3]` of Python, whose positions count from 0, as a part of a text.
fn slice(object: Expr, start: Option<Expr>, end: Option<Expr>) -> Option<Expr> {
    let length = Expr::call("LEN", vec![object.clone()]);
    let method = |args| Expr::Method(Box::new(object.clone()), "slice".to_owned(), args);
    Some(match (start, end) {
        (None, None) => object,
        (None, Some(Expr::Negate(count))) => {
            Expr::call("LEFT", vec![object, Expr::binary(Op::Minus, length, *count)])
        }
        (None, Some(end)) => Expr::call("LEFT", vec![object, end]),
        (Some(start), None) => method(vec![start]),
        (Some(Expr::Negate(_)), Some(_)) => return None,
        (Some(start), Some(Expr::Negate(count))) => {
            let first = Expr::binary(Op::Plus, start.clone(), Expr::Atom("1".to_owned()));
            let left_out = Expr::binary(Op::Plus, start, *count);
            Expr::call("MID", vec![object, first, Expr::binary(Op::Minus, length, left_out)])
        }
        (Some(start), Some(end)) => method(vec![start, end]),
    })
}
