//! Functions without names, what goes through lists, and records: `t => …`, `lambda t: …`, `[t for t in Tags]`, `{a: 1}`.

use super::expr::Expr;
use super::lexer::Kind;
use super::parser::{CHOICE, Parser};
use crate::syntax::bare_or_braced;

impl Parser<'_> {
    /// `(a, b) => body`
    pub(super) fn arrow(&mut self) -> Option<Expr> {
        let start = self.at;
        let found = self.arrow_at();
        if found.is_none() {
            self.at = start;
        }
        found
    }

    fn arrow_at(&mut self) -> Option<Expr> {
        self.take_sign("(")?;
        let mut names = Vec::new();
        while let Some(name) = self.word(0).map(ToOwned::to_owned) {
            names.push(name);
            self.at += 1;
            let _ = self.take_sign(",");
        }
        self.take_sign(")")?;
        self.take_sign("=>")?;
        Some(Expr::Lambda(names, Box::new(self.expr()?)))
    }

    /// `function(t) { return t.length; }` as a value.
    pub(super) fn function_value(&mut self) -> Option<Expr> {
        self.at += 2;
        let mut names = Vec::new();
        while self.take_sign(")").is_none() {
            names.push(self.word(0)?.to_owned());
            self.at += 1;
            let _ = self.take_sign(",");
        }
        self.take_sign("{")?;
        let _ = self.take_word("return");
        let body = self.expr()?;
        let _ = self.take_sign(";");
        self.take_sign("}")?;
        Some(Expr::Lambda(names, Box::new(body)))
    }

    /// `for t in Tags if t <> ""` after the value of each item.
    pub(super) fn comprehension(&mut self, value: Expr) -> Option<Expr> {
        if self.take_word("for").is_none() {
            return Some(value);
        }
        let name = self.word(0)?.to_owned();
        self.at += 1;
        self.take_word("in")?;
        let mut list = self.at_level(CHOICE + 1)?;
        let own = Expr::Atom(name.clone());
        if self.take_word("if").is_some() {
            list = Expr::call("FILTER", vec![list, own.clone(), self.at_level(CHOICE + 1)?]);
        }
        Some(if value == own { list } else { Expr::call("MAP", vec![list, own, value]) })
    }

    /// `{x: Page Views, y, ...rest}`
    pub(super) fn record(&mut self) -> Option<Expr> {
        self.take_sign("{")?;
        let mut members = Vec::new();
        while self.take_sign("}").is_none() {
            if self.take_spread().is_some() {
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

    fn take_spread(&mut self) -> Option<()> {
        let is_spread = (0..3).all(|ahead| self.is_sign(ahead, "."));
        is_spread.then(|| self.at += 3)
    }

    /// `x: 1`, `"x": 1`, `1: 2`, or `x` for `x: x`.
    fn member(&mut self) -> Option<(Option<String>, Expr)> {
        let (Kind::Word(mut name) | Kind::Text(mut name) | Kind::Number(mut name)) = self.kind(0)?.clone()
        else {
            return None;
        };
        let is_text = matches!(self.kind(0), Some(Kind::Text(_)));
        self.at += 1;
        while let Some(word) = self.word(0).filter(|_| !is_text).map(ToOwned::to_owned) {
            name = format!("{name} {word}");
            self.at += 1;
        }
        let value = match self.take_sign(":") {
            Some(()) => self.expr()?,
            None if is_text => return None,
            None => Expr::Atom(bare_or_braced(&name)),
        };
        Some((Some(name), value))
    }

    /// `lambda x: body`
    pub(super) fn lambda(&mut self) -> Option<Expr> {
        self.at += 1;
        let mut names = Vec::new();
        while let Some(name) = self.word(0).map(ToOwned::to_owned) {
            names.push(name);
            self.at += 1;
            let _ = self.take_sign(",");
        }
        self.take_sign(":")?;
        Some(Expr::Lambda(names, Box::new(self.expr()?)))
    }
}
