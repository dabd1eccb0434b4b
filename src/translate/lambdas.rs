//! Functions without names, what goes through lists, and records: `t => …`, `lambda t: …`, `[t for t in Tags]`, `{a: 1}`.

use super::expr::Expr;
use super::lexer::Kind;
use super::parser::{CHOICE, Parser};

/// The name of a parameter of which only fields are named.
const FIELDS_OF: &str = "item";

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
        let (mut names, mut fields) = (Vec::new(), None);
        if let Some(read) = self.fields() {
            names.push(FIELDS_OF.to_owned());
            fields = Some(read);
        }
        while let Some(name) = self.word(0).map(ToOwned::to_owned) {
            names.push(name);
            self.at += 1;
            let _ = self.take_sign(",");
        }
        self.take_sign(")")?;
        self.take_sign("=>")?;
        let body = self.arrow_body()?;
        Some(Expr::Lambda(
            names,
            Box::new(match fields {
                Some(fields) => with_fields(body, &fields),
                None => body,
            }),
        ))
    }

    /// `{ return a; }` or an expression, after `=>`.
    pub(super) fn arrow_body(&mut self) -> Option<Expr> {
        let start = self.at;
        if self.is_sign(0, "{")
            && let Some(body) = self.block()
        {
            return Some(body);
        }
        self.at = start;
        self.expr()
    }

    /// The fields of the parameter `{type, name: own}`: each with the name that the body gives it.
    fn fields(&mut self) -> Option<Vec<(String, String)>> {
        let start = self.at;
        let found = self.fields_at();
        if found.is_none() {
            self.at = start;
        }
        found
    }

    fn fields_at(&mut self) -> Option<Vec<(String, String)>> {
        // `{Score}` alone is read as a name in braces.
        if let Some(Kind::Name(name)) = self.kind(0).cloned() {
            self.at += 1;
            let _ = self.take_sign(",");
            return Some(vec![(name.clone(), name)]);
        }
        self.take_sign("{")?;
        let mut found = Vec::new();
        while self.take_sign("}").is_none() {
            let field = self.word(0)?.to_owned();
            self.at += 1;
            let own = if self.take_sign(":").is_some() {
                let own = self.word(0)?.to_owned();
                self.at += 1;
                own
            } else {
                field.clone()
            };
            if self.take_sign("=").is_some() {
                self.expr()?;
            }
            found.push((field, own));
            let _ = self.take_sign(",");
        }
        let _ = self.take_sign(",");
        Some(found)
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
        self.at -= 1;
        Some(Expr::Lambda(names, Box::new(self.block()?)))
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
        // The names in `k in Job Title` are read from a list of texts to find.
        let value = value.mapped(&|part| match part {
            Expr::Call(function, args) if function == "INCLUDES" && args.get(1) == Some(&own) => {
                Expr::call("CONTAINS", args)
            }
            other => other,
        });
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

/// The body of a function whose parameter is written as its fields: `({type}) => type = "demo"`.
fn with_fields(body: Expr, fields: &[(String, String)]) -> Expr {
    body.mapped(&|part| match &part {
        Expr::Atom(name) => match fields.iter().find(|(_, own)| own == name) {
            Some((field, _)) => Expr::Field(Box::new(Expr::Atom(FIELDS_OF.to_owned())), field.clone()),
            None => part,
        },
        _ => part,
    })
}
