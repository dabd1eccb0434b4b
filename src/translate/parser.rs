//! Reads expressions as they are written in formulas and in other languages.

use super::dates::{unit_of, within};
use super::expr::{Expr, Op, SPREAD};
use super::functions::is_namespace;
use super::lexer::{Kind, Token, tokens};
use super::phrases::{Phrase, longest, similar, value_of};
use super::sql::converted;
use crate::syntax::bare_or_braced;

/// Expressions that nest deeper than this are not read.
const DEEPEST: usize = 60;
/// The level of `a ? b : c`.
pub(super) const CHOICE: u8 = 0;
pub(super) const COMPARISON: u8 = 4;
pub(super) const PREFIX: u8 = 9;

/// What was begun and could not be read to its end.
struct Unreadable;

type Attempt = Result<Expr, Unreadable>;

/// What was begun, as far as it could be read.
#[allow(clippy::unnecessary_wraps, reason = "that nothing was begun is another result of the callers")]
fn attempt(read: Option<Expr>) -> Option<Attempt> {
    Some(read.ok_or(Unreadable))
}

pub(super) struct Parser<'n> {
    pub(super) list: Vec<Token>,
    pub(super) at: usize,
    /// Names of columns that are known.
    pub(super) names: &'n [String],
    depth: usize,
    /// A word that ends a name in the part that is read, such as `as` in `cast(Score as int)`.
    pub(super) stop: Option<&'static str>,
}

impl<'n> Parser<'n> {
    pub(super) fn new(text: &str, names: &'n [String]) -> Option<Self> {
        Some(Self { list: tokens(text)?, at: 0, names, depth: 0, stop: None })
    }

    pub(super) fn is_done(&self) -> bool {
        self.at >= self.list.len()
    }

    pub(super) fn kind(&self, ahead: usize) -> Option<&Kind> {
        self.list.get(self.at + ahead).map(|token| &token.kind)
    }

    pub(super) fn is_sign(&self, ahead: usize, sign: &str) -> bool {
        matches!(self.kind(ahead), Some(Kind::Sign(found)) if *found == sign)
    }

    pub(super) fn is_word(&self, ahead: usize, word: &str) -> bool {
        matches!(self.kind(ahead), Some(Kind::Word(found)) if found.eq_ignore_ascii_case(word))
    }

    pub(super) fn take_sign(&mut self, sign: &str) -> Option<()> {
        self.is_sign(0, sign).then(|| self.at += 1)
    }

    pub(super) fn take_word(&mut self, word: &str) -> Option<()> {
        self.is_word(0, word).then(|| self.at += 1)
    }

    pub(super) fn word(&self, ahead: usize) -> Option<&str> {
        match self.kind(ahead)? {
            Kind::Word(word) => Some(word),
            _ => None,
        }
    }

    /// An expression up to where nothing continues it.
    pub(super) fn expr(&mut self) -> Option<Expr> {
        self.at_level(CHOICE)
    }

    pub(super) fn at_level(&mut self, least: u8) -> Option<Expr> {
        if self.depth >= DEEPEST {
            return None;
        }
        self.depth += 1;
        let found = self.prefix().and_then(|first| self.continued(first, least));
        self.depth -= 1;
        found
    }

    fn prefix(&mut self) -> Option<Expr> {
        match self.kind(0)?.clone() {
            Kind::Sign(sign) => self.prefix_sign(sign),
            Kind::Word(word) => match self.keyword(&word) {
                Some(read) => read.ok(),
                None => self.name(),
            },
            Kind::Number(number) => {
                self.at += 1;
                Some(Expr::Atom(number))
            }
            Kind::Text(text) => {
                self.at += 1;
                Some(Expr::Text(text))
            }
            Kind::Name(name) => {
                self.at += 1;
                Some(Expr::Atom(bare_or_braced(&name)))
            }
            Kind::Pattern(body, flags) => {
                self.at += 1;
                Some(Expr::Pattern { body, flags })
            }
            Kind::Template(pieces) => {
                self.at += 1;
                self.template(&pieces)
            }
        }
    }

    fn prefix_sign(&mut self, sign: &str) -> Option<Expr> {
        match sign {
            "!" | "~" => {
                self.at += 1;
                Some(self.at_level(PREFIX)?.negated())
            }
            "-" => {
                self.at += 1;
                let operand = self.at_level(PREFIX)?;
                // The power of other languages binds more tightly than a sign.
                let has_power = self.is_sign(0, "**");
                let operand = if has_power { self.continued(operand, Op::Times.level())? } else { operand };
                Some(Expr::Negate(Box::new(operand)))
            }
            "..." => {
                self.at += 1;
                Some(Expr::call(SPREAD, vec![self.at_level(PREFIX)?]))
            }
            "+" | "@" | "$" => {
                self.at += 1;
                self.at_level(PREFIX)
            }
            "(" => self.arrow().or_else(|| {
                self.at += 1;
                let inner = self.expr()?;
                if self.is_sign(0, ",") {
                    let mut items = vec![inner];
                    while self.take_sign(",").is_some() {
                        items.push(self.expr()?);
                    }
                    self.take_sign(")")?;
                    return Some(Expr::List(items));
                }
                self.take_sign(")")?;
                Some(inner)
            }),
            "[" if self.is_sign(1, "@") => {
                self.at += 1;
                self.cell_of_row()
            }
            "[" => {
                self.at += 1;
                let start = self.at;
                let mut items = self.items("]")?;
                // `[t.upper() for t in Tags]` is the list itself.
                let goes_through = || self.list[start..self.at].iter().any(|token| token.is_word("for"));
                Some(if items.len() == 1 && goes_through() { items.remove(0) } else { Expr::List(items) })
            }
            "{" => self.record_or_list(),
            "{{" => self.filtered(),
            _ => None,
        }
    }

    /// Expressions with commas between them, up to the closing sign.
    pub(super) fn items(&mut self, close: &str) -> Option<Vec<Expr>> {
        let mut items = Vec::new();
        while self.take_sign(close).is_none() {
            // `IF(a > 5, 10, ELSE "x")`
            if (self.is_word(0, "else") || self.is_word(0, "then")) && !self.is_sign(1, ",") {
                self.at += 1;
            }
            let item = self.expr()?;
            items.push(self.comprehension(item)?);
            if self.take_sign(",").is_none() && self.take_sign(";").is_none() {
                self.take_sign(close)?;
                break;
            }
        }
        Some(items)
    }

    /// What a word begins that is no name; nothing if it is one.
    fn keyword(&mut self, word: &str) -> Option<Attempt> {
        let next_is_call = self.is_sign(1, "(");
        let lower = word.to_lowercase();
        let constant = |text: &str| Some(Ok(Expr::Atom(text.to_owned())));
        match lower.as_str() {
            "not" if !next_is_call || !self.is_adjacent(1) || word != "NOT" => {
                self.at += 1;
                attempt(self.at_level(3).map(Expr::negated))
            }
            "case" if !next_is_call => attempt(self.case()),
            "cast" | "safe_cast" | "try_cast" if next_is_call => attempt(self.cast()),
            "extract" if next_is_call && self.is_word(3, "from") => attempt(self.extract()),
            "position" if next_is_call && self.is_word(3, "in") => attempt(self.position()),
            "substring" if next_is_call && self.has_part() => attempt(self.substring()),
            "function" if next_is_call => attempt(self.function_value()),
            "async" if self.is_sign(1, "(") || self.is_sign(2, "=>") => {
                self.at += 1;
                attempt(self.prefix())
            }
            "new" if self.word(1).is_some() => {
                self.at += 1;
                attempt(self.name())
            }
            "typeof" => {
                self.at += 1;
                attempt(self.at_level(PREFIX).map(|value| Expr::call("typeof", vec![value])))
            }
            "lambda" if !next_is_call => attempt(self.lambda()),
            "date" | "timestamp" if matches!(self.kind(1), Some(Kind::Text(_))) => {
                self.at += 1;
                attempt(self.prefix())
            }
            "interval" => attempt(self.interval()),
            "var" | "let" if self.is_sign(2, "=") => attempt(self.bindings()),
            _ if self.word(1).is_some_and(|next| !is_reserved(next)) && !self.is_phrase_at(1) => None,
            "true" => {
                self.at += 1;
                if next_is_call {
                    self.at += 2;
                }
                constant("TRUE")
            }
            "false" => {
                self.at += 1;
                if next_is_call {
                    self.at += 2;
                }
                constant("FALSE")
            }
            "null" | "none" | "undefined" | "nil" | "nan" if !next_is_call => {
                self.at += 1;
                Some(Ok(Expr::Null))
            }
            _ if self.is_sign(1, "=>") => {
                self.at += 2;
                let names = vec![word.to_owned()];
                attempt(self.arrow_body().map(|body| Expr::Lambda(names, Box::new(body))))
            }
            _ => None,
        }
    }

    /// Whether the token begins where the one before it ends.
    fn is_adjacent(&self, ahead: usize) -> bool {
        let at = self.at + ahead;
        at > 0 && self.list.get(at).is_some_and(|token| token.start == self.list[at - 1].end)
    }

    fn is_phrase_at(&self, ahead: usize) -> bool {
        self.phrase(ahead).is_some()
    }

    /// The phrase between values that begins at a token.
    fn phrase(&self, ahead: usize) -> Option<(Phrase, usize)> {
        let words: Vec<String> =
            (ahead..ahead + 6).map_while(|ahead| self.word(ahead).map(ToOwned::to_owned)).collect();
        let (phrase, count) = longest(&words)?;
        // What is not followed by a value is part of a name.
        let next = self.kind(ahead + count);
        let has_value = match next {
            Some(Kind::Sign(sign)) => matches!(*sign, "(" | "[" | "-" | "{{" | "!" | "{"),
            Some(_) => true,
            None => false,
        };
        (phrase.is_test() || has_value).then_some((phrase, count))
    }

    /// A column's name of one or more words, or the call of a function.
    fn name(&mut self) -> Option<Expr> {
        if let Some(known) = self.known_name() {
            return Some(known);
        }
        let mut words = vec![self.word(0)?.to_owned()];
        self.at += 1;
        loop {
            let next = match self.kind(0) {
                Some(Kind::Word(word)) if !self.is_phrase_at(0) && !self.ends_name(word) => word.clone(),
                Some(Kind::Number(number)) if !number.contains('.') => number.clone(),
                _ => break,
            };
            if self.list[self.at].first {
                break;
            }
            words.push(next);
            self.at += 1;
        }
        if self.is_sign(0, "(") {
            let joined = words.concat().to_ascii_uppercase();
            let is_call = words.len() == 1 || crate::builtins::find(&joined).is_some();
            if is_call && (self.is_adjacent(0) || words.len() == 1) {
                let name = if words.len() == 1 { words.remove(0) } else { joined };
                self.at += 1;
                return Some(Expr::Call(name, self.items(")")?));
            }
            return None;
        }
        Some(match words.join(" ").as_str() {
            "CURRENT_DATE" | "today" => Expr::call("TODAY", Vec::new()),
            "CURRENT_TIMESTAMP" | "now" => Expr::call("NOW", Vec::new()),
            name => Expr::Atom(bare_or_braced(name)),
        })
    }

    fn ends_name(&self, word: &str) -> bool {
        is_reserved(word) || self.stop.is_some_and(|stop| word.eq_ignore_ascii_case(stop))
    }

    /// The longest known name of several words, or with signs, that begins here.
    fn known_name(&mut self) -> Option<Expr> {
        let fits = |name: &&String| {
            let parts: Vec<&str> = name.split(' ').collect();
            parts.len() > 1 && parts.iter().enumerate().all(|(at, part)| self.word(at) == Some(part))
        };
        let name = self.names.iter().filter(fits).max_by_key(|name| name.len())?.clone();
        self.at += name.split(' ').count();
        Some(Expr::Atom(bare_or_braced(&name)))
    }

    fn continued(&mut self, first: Expr, least: u8) -> Option<Expr> {
        let mut left = first;
        loop {
            if let Some(next) = self.postfix(&left) {
                left = next.ok()?;
            } else if let Some((phrase, count)) = self.phrase(0).filter(|(phrase, _)| phrase.level() > least)
            {
                self.at += count;
                left = self.after_phrase(phrase, left)?;
            } else if let Some((op, level)) = self.operator().filter(|(_, level)| *level > least) {
                self.at += 1;
                let right = self.at_level(if op == Op::Power { level - 1 } else { level })?;
                left = Expr::binary(op, left, right);
            } else if least < COMPARISON && ["~", "=~", "~*"].iter().any(|sign| self.is_sign(0, sign)) {
                let any_case = self.is_sign(0, "~*");
                self.at += 1;
                let right = match self.at_level(COMPARISON)? {
                    Expr::Text(body) if any_case => Expr::Pattern { body, flags: "i".to_owned() },
                    other => other,
                };
                left = Expr::call("REGEXMATCH", vec![left, right]);
            } else if least == CHOICE && self.take_sign("?").is_some() {
                let then = self.expr()?;
                self.take_sign(":")?;
                let otherwise = self.expr()?;
                left = Expr::call("IF", vec![left, then, otherwise]);
            } else if least == CHOICE && self.is_word(0, "if") {
                self.at += 1;
                let condition = self.at_level(CHOICE + 1)?;
                self.take_word("else")?;
                let otherwise = self.expr()?;
                left = Expr::call("IF", vec![condition, left, otherwise]);
            } else {
                return Some(left);
            }
        }
    }

    fn operator(&self) -> Option<(Op, u8)> {
        let Some(Kind::Sign(sign)) = self.kind(0) else { return None };
        let op = Op::of_sign(sign)?;
        let level = if op == Op::Default { 1 } else { op.level() };
        Some((op, level))
    }

    fn after_phrase(&mut self, phrase: Phrase, left: Expr) -> Option<Expr> {
        let call = |name: &str, args| Expr::call(name, args);
        let maybe_not = |expr: Expr, negated: bool| if negated { expr.negated() } else { expr };
        Some(match phrase {
            Phrase::Test(name) => call(name, vec![left]),
            Phrase::Truth(truth) => Expr::binary(Op::Equal, left, Expr::Atom(truth.to_owned())),
            Phrase::Operator(op) => {
                let right = self.at_level(op.level())?;
                match self.days_ago(op, &left, &right) {
                    Some(found) => found,
                    None => Expr::binary(op, left.clone(), value_of(&left, right, self.names)),
                }
            }
            Phrase::Function { name, negated } => {
                let args = std::iter::once(left).chain(self.texts()?).collect();
                maybe_not(call(name, args), negated)
            }
            Phrase::Xor => {
                let right = self.at_level(phrase.level())?;
                call("XOR", vec![left, right])
            }
            Phrase::Every(name) => {
                let texts = self.texts()?.into_iter();
                let each = texts.map(|text| call(name, vec![left.clone(), text]));
                each.reduce(|one, other| Expr::binary(Op::And, one, other))?
            }
            Phrase::Within { next } => {
                let number = self.at_level(COMPARISON)?;
                let unit = unit_of(&Expr::Atom(self.word(0)?.to_owned()))?;
                self.at += 1;
                within(left, number, &unit, next)
            }
            Phrase::Exchanged(name) => {
                let right = self.at_level(COMPARISON)?;
                call(name, vec![right, left])
            }
            Phrase::Like { negated, any_case } => maybe_not(self.like(left, any_case)?, negated),
            Phrase::Similar { negated } => {
                let right = self.at_level(COMPARISON)?;
                maybe_not(similar(left, &right)?, negated)
            }
            Phrase::In { negated } => {
                let right = self.at_level(COMPARISON)?;
                let list = match right {
                    Expr::List(list) => list,
                    one @ Expr::Text(_) => self.more_texts(one),
                    other => {
                        let is_text = matches!(left, Expr::Text(_)) || matches!(other, Expr::Method(..));
                        let function = if is_text { "CONTAINS" } else { "INCLUDES" };
                        let found = call(function, vec![other, left]);
                        return Some(maybe_not(found, negated));
                    }
                };
                Expr::In { value: Box::new(left), list, negated }
            }
            Phrase::Between { negated } => {
                let low = self.at_level(COMPARISON)?;
                self.take_word("and")?;
                let high = self.at_level(COMPARISON)?;
                maybe_not(call("BETWEEN", vec![left, low, high]), negated)
            }
        })
    }

    /// What follows a value directly; nothing if none of it does.
    fn postfix(&mut self, left: &Expr) -> Option<Attempt> {
        if (self.is_sign(0, ".") || self.is_sign(0, "?.")) && self.word(1).is_some() {
            let name = self.word(1)?.to_owned();
            self.at += 2;
            if self.is_sign(0, "(") {
                self.at += 1;
                let Some(args) = self.items(")") else { return Some(Err(Unreadable)) };
                let namespace = match left {
                    Expr::Atom(object) if is_namespace(object) => Some(object),
                    _ => None,
                };
                return Some(Ok(match namespace {
                    Some(object) => Expr::Call(format!("{object}.{name}"), args),
                    None => Expr::Method(Box::new(left.clone()), name, args),
                }));
            }
            return Some(Ok(Expr::Field(Box::new(left.clone()), name)));
        }
        if self.take_sign("::").is_some() {
            return attempt(self.type_name().and_then(|ty| converted(left.clone(), &ty)));
        }
        if self.is_sign(0, "[") && self.is_adjacent(0) {
            self.at += 1;
            return attempt(self.part_of(left.clone()));
        }
        if self.is_sign(0, "%") && matches!(left, Expr::Atom(_)) {
            let ends = match self.kind(1) {
                None => true,
                Some(Kind::Sign(sign)) => !matches!(*sign, "(" | "-" | "["),
                Some(_) => false,
            };
            if ends {
                self.at += 1;
                return Some(Ok(Expr::Percent(Box::new(left.clone()))));
            }
        }
        None
    }
}

/// Words that end a name wherever they are.
fn is_reserved(word: &str) -> bool {
    matches!(
        word,
        "THEN"
            | "ELSE"
            | "END"
            | "WHEN"
            | "then"
            | "else"
            | "end"
            | "when"
            | "if"
            | "AS"
            | "FROM"
            | "WHERE"
            | "RETURN"
            | "VAR"
            | "for"
            | "elif"
            | "return"
            | "ORDER"
            | "from"
    )
}
