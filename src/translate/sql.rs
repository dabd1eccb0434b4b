//! Expressions that only SQL has: `CASE`, `CAST`, `EXTRACT`, `INTERVAL`.

use super::expr::{Expr, Op};
use super::lexer::Kind;
use super::parser::Parser;

impl Parser<'_> {
    /// `CASE WHEN a THEN b … ELSE c END`, `CASE x WHEN 1 THEN …`
    pub(super) fn case(&mut self) -> Option<Expr> {
        self.at += 1;
        let subject = if self.is_word(0, "when") { None } else { Some(self.at_level(1)?) };
        let mut args: Vec<Expr> = subject.clone().into_iter().collect();
        while self.take_word("when").is_some() {
            args.push(self.expr()?);
            self.take_word("then")?;
            args.push(self.expr()?);
        }
        let otherwise = if self.take_word("else").is_some() { Some(self.expr()?) } else { None };
        // A statement that is typed in haste has no END.
        let ends = self.is_done() || self.is_sign(0, ")") || self.is_sign(0, ",");
        if self.take_word("end").is_none() && !ends {
            return None;
        }
        // Without ELSE, what no case fits is NULL.
        let nothing = || Expr::Text(String::new());
        if subject.is_some() {
            args.push(otherwise.unwrap_or_else(nothing));
            return Some(Expr::call("SWITCH", args));
        }
        Some(match (args.len(), otherwise) {
            (2, otherwise) => {
                args.extend(otherwise);
                Expr::call("IF", args)
            }
            (_, otherwise) => {
                args.extend([Expr::Atom("TRUE".to_owned()), otherwise.unwrap_or_else(nothing)]);
                Expr::call("IFS", args)
            }
        })
    }

    /// `CAST(x AS INT)`, `try_cast(x as int)`
    pub(super) fn cast(&mut self) -> Option<Expr> {
        let is_safe = !self.is_word(0, "cast");
        self.at += 2;
        let value = self.before("as")?;
        let ty = self.type_name()?;
        self.take_sign(")")?;
        let value = converted(value, &ty)?;
        // What can't be converted is NULL.
        Some(if is_safe && matches!(value, Expr::Call(..)) {
            Expr::call("IFERROR", vec![value, Expr::Text(String::new())])
        } else {
            value
        })
    }

    /// An expression, and the word after it.
    pub(super) fn before(&mut self, word: &'static str) -> Option<Expr> {
        let outer = self.stop.replace(word);
        let value = self.expr();
        self.stop = outer;
        self.take_word(word)?;
        value
    }

    /// The name of a type of SQL, without its size.
    pub(super) fn type_name(&mut self) -> Option<String> {
        let ty = self.word(0)?.to_lowercase();
        self.at += 1;
        let _ = self.take_word("precision").or_else(|| self.take_word("varying"));
        if self.take_sign("(").is_some() {
            self.items(")")?;
        }
        Some(ty)
    }

    /// `EXTRACT(YEAR FROM Created At)`
    pub(super) fn extract(&mut self) -> Option<Expr> {
        let part = self.word(2)?.to_ascii_uppercase();
        self.at += 4;
        let value = self.expr()?;
        self.take_sign(")")?;
        let known = ["YEAR", "MONTH", "DAY", "HOUR", "MINUTE", "SECOND"].contains(&part.as_str());
        if part == "EPOCH" {
            return Some(seconds(value));
        }
        known.then(|| Expr::Call(part, vec![value]))
    }

    /// `POSITION('a' IN Name)`
    pub(super) fn position(&mut self) -> Option<Expr> {
        self.at += 2;
        let Kind::Text(wanted) = self.kind(0)?.clone() else { return None };
        self.at += 2;
        let value = self.expr()?;
        self.take_sign(")")?;
        let found = Expr::call("FIND", vec![Expr::Text(wanted), value]);
        Some(Expr::call("IFERROR", vec![found, Expr::Atom("0".to_owned())]))
    }

    /// Whether `FROM` follows the value of a call, as in `SUBSTRING(x FROM 1 FOR 3)`.
    pub(super) fn has_part(&self) -> bool {
        let words = (2..).map_while(|ahead| self.word(ahead));
        words.skip(1).any(|word| word.eq_ignore_ascii_case("from"))
    }

    /// `SUBSTRING(x FROM 1 FOR 3)`
    pub(super) fn substring(&mut self) -> Option<Expr> {
        self.at += 2;
        let value = self.expr()?;
        self.take_word("from")?;
        let start = self.expr()?;
        let length = match self.take_word("for") {
            Some(()) => self.expr()?,
            None => Expr::call("LEN", vec![value.clone()]),
        };
        self.take_sign(")")?;
        Some(Expr::call("MID", vec![value, start, length]))
    }

    /// `INTERVAL '30 days'`, `INTERVAL 30 DAY`
    pub(super) fn interval(&mut self) -> Option<Expr> {
        self.at += 1;
        let (number, unit) = match self.kind(0)?.clone() {
            Kind::Text(text) => {
                let (number, unit) = match text.split_once(' ') {
                    Some((number, unit)) => (number.to_owned(), Some(unit.to_owned())),
                    None => (text, None),
                };
                (number.parse::<f64>().is_ok().then_some(Expr::Atom(number))?, unit)
            }
            Kind::Number(number) => (Expr::Atom(number), None),
            _ => return None,
        };
        self.at += 1;
        let unit = if let Some(unit) = unit {
            unit
        } else {
            let unit = self.word(0)?.to_owned();
            self.at += 1;
            unit
        };
        Some(Expr::Span { number: Box::new(number), unit })
    }
}

/// `EXTRACT(EPOCH FROM x)`: the seconds of a difference, or since the beginning of 1970.
pub(super) fn seconds(value: Expr) -> Expr {
    let days = match value {
        difference @ Expr::Binary(Op::Minus, ..) => difference,
        date => {
            let [year, month, day] = ["1970", "1", "1"].map(|number| Expr::Atom(number.to_owned()));
            Expr::binary(Op::Minus, date, Expr::call("DATE", vec![year, month, day]))
        }
    };
    Expr::binary(Op::Times, days, Expr::Atom("86400".to_owned()))
}

/// A value converted to a type of SQL.
pub(super) fn converted(value: Expr, ty: &str) -> Option<Expr> {
    let function = match ty {
        "int" | "integer" | "bigint" | "smallint" | "tinyint" | "signed" | "unsigned" | "int32" | "int64" => {
            return Some(Expr::call("TRUNC", vec![Expr::call("VALUE", vec![value])]));
        }
        "float" | "double" | "decimal" | "numeric" | "number" | "real" | "float64" | "bignumeric"
        | "money" => "VALUE",
        "text" | "varchar" | "string" | "char" | "character" | "nvarchar" | "nchar" => "TOTEXT",
        "boolean" | "bool" => "TOBOOLEAN",
        "date" | "timestamp" | "datetime" if matches!(value, Expr::Text(_)) => return Some(value),
        "date" => "DATEVALUE",
        // A date keeps its time.
        "timestamp" | "datetime" | "datetime2" | "timestamptz" | "smalldatetime" => return Some(value),
        "json" | "jsonb" | "variant" => "PARSEJSON",
        _ => return None,
    };
    Some(Expr::call(function, vec![value]))
}

/// `CONVERT(int, x)`, or `CONVERT(x, SIGNED)` with the type last.
pub(super) fn of_convert(one: &Expr, two: &Expr) -> Option<Expr> {
    let name = |expr: &Expr| match expr {
        Expr::Atom(name) | Expr::Call(name, _) => Some(name.to_lowercase()),
        _ => None,
    };
    let to = |value: &Expr, ty: &Expr| converted(value.clone(), &name(ty)?);
    to(two, one).or_else(|| to(one, two))
}
