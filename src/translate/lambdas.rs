//! Functions without names, what goes through lists, and records: `t => …`, `lambda t: …`, `[t for t in Tags]`, `{a: 1}`.

use super::expr::Expr;
use super::parser::{CHOICE, Parser};

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
