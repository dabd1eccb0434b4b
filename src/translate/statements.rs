//! Statements of other languages that compute one value: `if` blocks, `switch`, functions, queries, templates.

use super::expr::{Expr, Op};
use super::lexer::Kind;
use super::parser::Parser;
use crate::syntax::bare_or_braced;

/// The words that define a variable or a constant.
const DEFINING: [&str; 3] = ["const", "let", "var"];

/// A value, and the name that the text gives it.
#[derive(Debug)]
pub(super) struct Program {
    pub name: Option<String>,
    /// Whether the text defines a variable or a constant.
    pub is_private: bool,
    pub value: Expr,
}

impl Program {
    fn named(name: Option<String>, value: Expr) -> Self {
        Self { name, is_private: false, value }
    }
}

impl Parser<'_> {
    /// The whole text as one value.
    pub(super) fn program(&mut self) -> Option<Program> {
        let start = self.at;
        let forms: [fn(&mut Self) -> Option<Program>; 6] = [
            Self::query,
            Self::function,
            Self::definition,
            Self::assignment,
            Self::unnamed_statement,
            Self::unnamed_expr,
        ];
        for form in forms {
            self.at = start;
            if let Some(program) = form(self) {
                while self.take_sign(";").is_some() {}
                if self.is_done() {
                    return Some(program);
                }
            }
        }
        None
    }

    fn unnamed_statement(&mut self) -> Option<Program> {
        self.statement().map(|value| Program::named(None, value))
    }

    fn unnamed_expr(&mut self) -> Option<Program> {
        let value = match self.expr()? {
            // `() => Score * 2`
            Expr::Lambda(params, body) if params.is_empty() => *body,
            // `lead => lead.score * 2` is a function of the row; `Score => 5` is a comparison.
            Expr::Lambda(params, body) => {
                let read = read_from(&params, (*body).clone());
                let is_used = |part: &Expr| matches!(part, Expr::Atom(name) if params.contains(name));
                if read == *body && !body.has(&is_used) {
                    return None;
                }
                read
            }
            value => value,
        };
        if self.take_word("as").is_some() {
            let name = self.word(0)?.to_owned();
            self.at += 1;
            return Some(Program::named(Some(name), value));
        }
        Some(Program::named(None, value))
    }

    /// `SELECT Score * 2 AS Double FROM leads`
    fn query(&mut self) -> Option<Program> {
        self.take_word("select")?;
        let outer = self.stop.replace("as");
        let value = self.expr();
        self.stop = outer;
        let value = value?;
        let name = if self.take_word("as").is_some() {
            let name = self.word(0)?.to_owned();
            self.at += 1;
            Some(name)
        } else {
            None
        };
        if self.take_word("from").is_some() {
            self.at += 1;
        }
        let value = if self.take_word("where").is_some() {
            Expr::call("IF", vec![self.expr()?, value])
        } else {
            value
        };
        Some(Program::named(name, value))
    }

    /// `def score(row): return …`, `function score(row) { return …; }`, `const score = (row) => …`
    fn function(&mut self) -> Option<Program> {
        let (name, params) = if self.take_word("def").is_some() || self.take_word("function").is_some() {
            let name = self.word(0)?.to_owned();
            self.at += 1;
            self.take_sign("(")?;
            (name, self.params()?)
        } else {
            DEFINING.iter().find_map(|word| self.take_word(word))?;
            let name = self.word(0)?.to_owned();
            self.at += 1;
            self.take_sign("=")?;
            let Expr::Lambda(params, body) = self.expr()? else { return None };
            return Some(Program::named(Some(name), read_from(&params, *body)));
        };
        let is_block = self.take_sign("{").is_some();
        if !is_block {
            self.take_sign(":")?;
        }
        let body = self.statement().or_else(|| self.expr())?;
        let _ = self.take_sign(";");
        if is_block {
            self.take_sign("}")?;
        }
        Some(Program::named(Some(name), read_from(&params, body)))
    }

    /// `const RATE = 0.2;`
    fn definition(&mut self) -> Option<Program> {
        DEFINING.iter().find_map(|word| self.take_word(word))?;
        let name = self.word(0)?.to_owned();
        self.at += 1;
        self.take_sign("=")?;
        let value = self.expr()?;
        while self.take_sign(";").is_some() {}
        if self.is_done() {
            return Some(Program { name: Some(name), is_private: true, value });
        }
        // Of several definitions, the last is the result.
        let rest = self.definition()?;
        let value = Expr::Let(vec![(name, value)], Box::new(rest.value));
        Some(Program { value, ..rest })
    }

    fn params(&mut self) -> Option<Vec<String>> {
        let mut params = Vec::new();
        while self.take_sign(")").is_none() {
            params.push(self.word(0)?.to_owned());
            self.at += 1;
            let _ = self.take_sign(",");
        }
        Some(params)
    }

    /// `score++`, `score += 5`
    fn assignment(&mut self) -> Option<Program> {
        let name = self.word(0)?.to_owned();
        self.at += 1;
        let own = Expr::Atom(bare_or_braced(&name));
        let sign = match self.kind(0)? {
            Kind::Sign(sign) => *sign,
            _ => return None,
        };
        self.at += 1;
        let (op, by) = match sign {
            "++" => (Op::Plus, Expr::Atom("1".to_owned())),
            "--" => (Op::Minus, Expr::Atom("1".to_owned())),
            "+=" => (Op::Plus, self.expr()?),
            "-=" => (Op::Minus, self.expr()?),
            // `tier = "A" if Score > 50 else "B"`; a comparison has no choice on its right side.
            "=" if !self.is_sign(1, "(") => {
                let value =
                    self.expr().filter(|value| matches!(value, Expr::Call(name, _) if name == "IF"))?;
                return Some(Program::named(Some(name), value));
            }
            _ => return None,
        };
        Some(Program::named(Some(format!("new_{name}")), Expr::binary(op, own, by)))
    }

    /// A statement that is no expression, or `return` with one.
    fn statement(&mut self) -> Option<Expr> {
        if self.take_word("return").is_some() {
            return self.expr();
        }
        if self.is_word(0, "if") {
            return self.if_statement();
        }
        if self.is_word(0, "switch") {
            return self.switch_statement();
        }
        if self.is_sign(0, "{%") {
            return self.template_if();
        }
        if DEFINING.iter().any(|word| self.is_word(0, word)) {
            return self.bindings();
        }
        None
    }

    /// `if (a) { 10 } else { 0 }`, `if a: 10`, `IF a THEN 10 ELSE 0 END`
    fn if_statement(&mut self) -> Option<Expr> {
        self.at += 1;
        let start = self.at;
        let in_parentheses = self.take_sign("(").is_some();
        let condition = self.expr()?;
        // `IF(a THEN b ELSE c)` has all of it in parentheses, `if (a) b` the condition alone.
        let is_call = in_parentheses && self.is_word(0, "then");
        if in_parentheses && !is_call {
            self.at = start;
        }
        let condition = if is_call {
            condition
        } else {
            self.at = start;
            self.expr()?
        };
        if matches!(condition, Expr::List(_)) {
            return None;
        }
        let _ = self.take_word("then").or_else(|| self.take_sign(":"));
        let mut args = vec![condition, self.block()?];
        if self.is_word(0, "elif") || self.is_word(0, "elseif") {
            args.push(self.if_statement()?);
        } else if self.take_word("else").is_some() {
            let _ = self.take_sign(":");
            args.push(if self.is_word(0, "if") { self.if_statement()? } else { self.block()? });
        } else if self.is_word(0, "return") {
            // `if (a) return 10; return 5;`
            args.push(self.block()?);
        }
        if self.take_word("end").is_some() {
            let _ = self.take_word("if");
        }
        if is_call {
            self.take_sign(")")?;
        }
        Some(Expr::call("IF", args))
    }

    /// `{ return 10; }`, or the value alone.
    pub(super) fn block(&mut self) -> Option<Expr> {
        let is_block = self.take_sign("{").is_some();
        let value = self.statement().or_else(|| self.expr())?;
        let _ = self.take_sign(";");
        if is_block {
            self.take_sign("}")?;
        }
        Some(value)
    }

    /// `switch (x) { case "US": 10; default: 0 }`
    fn switch_statement(&mut self) -> Option<Expr> {
        self.at += 1;
        let mut args = vec![self.expr()?];
        self.take_sign("{")?;
        while self.take_word("case").is_some() {
            args.push(self.expr()?);
            self.take_sign(":")?;
            args.push(self.case_result()?);
        }
        let has_default = self.take_word("default").is_some();
        if has_default {
            self.take_sign(":")?;
        }
        args.push(if has_default { self.case_result()? } else { Expr::Text(String::new()) });
        self.take_sign("}")?;
        Some(Expr::call("SWITCH", args))
    }

    fn case_result(&mut self) -> Option<Expr> {
        let _ = self.take_word("return");
        let value = self.expr()?;
        let _ = self.take_sign(";");
        if self.take_word("break").is_some() {
            let _ = self.take_sign(";");
        }
        Some(value)
    }
}

/// The body of a function of the row: `row["Page Views"]` and `row.score` are columns.
fn read_from(params: &[String], body: Expr) -> Expr {
    body.mapped(&|expr| {
        let is_row = |object: &Expr| matches!(object, Expr::Atom(name) if params.contains(name));
        match expr {
            Expr::Index(object, name) if is_row(&object) => match *name {
                Expr::Text(name) => Expr::Atom(bare_or_braced(&name)),
                other => Expr::Index(object, Box::new(other)),
            },
            Expr::Field(object, name) if is_row(&object) => Expr::Atom(bare_or_braced(&name)),
            Expr::Method(object, method, mut args) if is_row(&object) && method == "get" => {
                if let Some(Expr::Text(name)) = args.first() {
                    args[0] = Expr::Atom(bare_or_braced(name));
                }
                if args.len() == 1 { args.remove(0) } else { Expr::call("COALESCE", args) }
            }
            other => other,
        }
    })
}
