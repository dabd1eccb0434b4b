//! Templates: filters as in Liquid, `{% if %}`, and texts with expressions in them.

use super::expr::{Expr, Op};
use super::lexer::Piece;
use super::parser::Parser;

impl Parser<'_> {
    /// `{{ Name | default: "there" }}`
    pub(super) fn filtered(&mut self) -> Option<Expr> {
        self.at += 1;
        let mut value = self.at_level(1)?;
        while self.take_sign("|").is_some() {
            let name = self.word(0)?.to_owned();
            self.at += 1;
            let args = if self.take_sign("(").is_some() {
                self.items(")")?
            } else if self.take_sign(":").is_some() {
                let mut args = vec![self.at_level(1)?];
                while self.take_sign(",").is_some() {
                    args.push(self.at_level(1)?);
                }
                args
            } else {
                Vec::new()
            };
            value = Expr::Method(Box::new(value), name, args);
        }
        self.take_sign("}}")?;
        Some(value)
    }

    /// The pieces of a template, joined.
    pub(super) fn template(&mut self, pieces: &[Piece]) -> Option<Expr> {
        let mut parts = Vec::new();
        for piece in pieces {
            parts.push(match piece {
                Piece::Text(text) => Expr::Text(text.clone()),
                // `{Score:.2f}` has a format.
                Piece::Code(code) if code.contains(':') && !code.contains('?') => return None,
                Piece::Code(code) => {
                    let mut inner = Parser::new(code, self.names)?;
                    let part = inner.expr()?;
                    inner.is_done().then_some(part)?
                }
            });
        }
        parts.into_iter().reduce(|left, right| Expr::binary(Op::Join, left, right))
    }

    /// `let x = 1; …`, `VAR x = 1 RETURN …`
    pub(super) fn bindings(&mut self) -> Option<Expr> {
        let mut bindings = Vec::new();
        while self.is_sign(2, "=") && ["var", "let", "const"].iter().any(|word| self.is_word(0, word)) {
            let name = self.word(1)?.to_owned();
            self.at += 3;
            bindings.push((name, self.expr()?));
            let _ = self.take_sign(";");
        }
        let _ = self.take_word("return");
        let result = self.expr()?;
        let _ = self.take_sign(";");
        Some(Expr::Let(bindings, Box::new(result)))
    }

    /// `{% if a %} 10 {% else %} 0 {% endif %}`
    pub(super) fn template_if(&mut self) -> Option<Expr> {
        self.take_sign("{%")?;
        self.at += 1;
        let mut args = vec![self.expr()?];
        self.take_sign("%}")?;
        args.push(self.template_text()?);
        self.take_sign("{%")?;
        if self.is_word(0, "elsif") || self.is_word(0, "elif") {
            self.at -= 1;
            args.push(self.template_if()?);
            return Some(Expr::call("IF", args));
        }
        if self.take_word("else").is_some() {
            self.take_sign("%}")?;
            args.push(self.template_text()?);
            self.take_sign("{%")?;
        }
        self.take_word("endif")?;
        self.take_sign("%}")?;
        Some(Expr::call("IF", args))
    }

    /// What a template writes: text without quotes, or a number.
    fn template_text(&mut self) -> Option<Expr> {
        Some(match self.expr()? {
            Expr::Atom(text) if text.parse::<f64>().is_err() && !text.starts_with('{') => Expr::Text(text),
            other => other,
        })
    }
}
