//! From the grammar's pairs to the tree.

use super::ast::{
    Accessor, Binding, CompareOp, Expr, ExprKind, Factor, FunctionName, RecordItem, Sign, Spelling,
};
use super::parse::Rule;
use super::precedence::{Chain, DEEPEST_TREE, Infix, Operand, Prefix};
use crate::diagnostics::{CheckError, Count, Diagnostic, SyntaxError};
use crate::span::{Span, Spanned};
use pest::iterators::Pair;

/// Lowers pairs of one formula; spans count from the beginning of `source`, where the formula starts at `offset`.
pub(super) struct Lowering<'a> {
    pub source: &'a str,
    pub offset: usize,
    pub findings: Vec<Diagnostic>,
}

impl Lowering<'_> {
    fn span(&self, pair: &Pair<'_, Rule>) -> Span {
        let span = pair.as_span();
        Span::new(span.start(), span.end()).shifted(self.offset)
    }

    /// An `expression` of the grammar.
    pub(super) fn expression(&mut self, pair: Pair<'_, Rule>) -> Operand {
        let at = self.span(&pair);
        let mut findings = Vec::new();
        let mut chain = Chain::new(self.source, &mut findings);
        for part in pair.into_inner() {
            let span = self.span(&part);
            match part.as_rule() {
                Rule::prefix => chain.push_prefix(prefix(part.as_str()), span),
                Rule::operator => {
                    if let Some(infix) = part.into_inner().next().and_then(|operator| infix(&operator)) {
                        chain.push_infix(infix, span);
                    }
                }
                Rule::percent => {
                    let Some(last) = chain.last_operand() else { continue };
                    if last.depth < DEEPEST_TREE {
                        percent(last, span);
                    } else {
                        self.findings
                            .push(SyntaxError::NestedTooDeeply { limit: DEEPEST_TREE, at: span }.into());
                        break;
                    }
                }
                Rule::access => {
                    let accessor = self.accessor(part);
                    if let (Some(last), Some((accessor, depth))) = (chain.last_operand(), accessor) {
                        access(last, accessor, span, depth);
                    }
                }
                _ => {
                    let operand = self.operand(part);
                    chain.push_operand(operand);
                }
            }
        }
        let operand = chain.finish();
        self.findings.append(&mut findings);
        operand.unwrap_or(Operand {
            expr: Expr { kind: ExprKind::Number(0.0), span: at },
            depth: 1,
            closed: true,
        })
    }

    fn operand(&mut self, pair: Pair<'_, Rule>) -> Operand {
        let span = self.span(&pair);
        let leaf = |kind| Operand { expr: Expr { kind, span }, depth: 1, closed: true };
        match pair.as_rule() {
            Rule::number => leaf(self.number(pair.as_str(), span)),
            Rule::text => leaf(ExprKind::Text(unquote(pair.as_str()))),
            Rule::quoted_name => leaf(ExprKind::Name(unbrace(pair.as_str()))),
            Rule::slash_name => leaf(ExprKind::Name(bare_name(&pair.as_str()[1..]))),
            Rule::name => leaf(name_or_boolean(pair.as_str())),
            Rule::parenthesised => {
                let inner = pair.into_inner().next().map(|inner| self.expression(inner));
                inner.map_or_else(
                    || leaf(ExprKind::Number(0.0)),
                    |operand| Operand { closed: true, ..operand },
                )
            }
            Rule::list => {
                let (items, depth) = self.expressions(pair);
                Operand { expr: Expr { kind: ExprKind::List(items), span }, depth: depth + 1, closed: true }
            }
            Rule::record => {
                let (items, depth) = self.record(pair);
                Operand { expr: Expr { kind: ExprKind::Record(items), span }, depth: depth + 1, closed: true }
            }
            _ => self.call(pair, span),
        }
    }

    /// The items of a record, and the depth of the deepest.
    fn record(&mut self, pair: Pair<'_, Rule>) -> (Vec<RecordItem>, usize) {
        let mut deepest = 0;
        let mut items = Vec::new();
        for item in pair.into_inner() {
            let mut inner = item.into_inner();
            let (Some(first), second) = (inner.next(), inner.next()) else { continue };
            let name = second.is_some().then(|| Spanned::new(member_name(&first), self.span(&first)));
            let value = self.expression(second.unwrap_or(first));
            deepest = deepest.max(value.depth);
            items.push(match name {
                Some(name) => RecordItem::Member { name, value: value.expr },
                None => RecordItem::Spread(value.expr),
            });
        }
        (items, deepest)
    }

    fn number(&mut self, written: &str, at: Span) -> ExprKind {
        let number = written.parse::<f64>().unwrap_or(f64::INFINITY);
        if number.is_finite() {
            return ExprKind::Number(number);
        }
        let shown = written.chars().take(30).collect();
        self.findings.push(SyntaxError::NumberTooLarge { number: shown, at }.into());
        ExprKind::Number(0.0)
    }

    /// All expressions inside, and the depth of the deepest.
    fn expressions(&mut self, pair: Pair<'_, Rule>) -> (Vec<Expr>, usize) {
        let mut deepest = 0;
        let inner = pair.into_inner().filter(|inner| inner.as_rule() == Rule::expression);
        let exprs = inner
            .map(|inner| {
                let operand = self.expression(inner);
                deepest = deepest.max(operand.depth);
                operand.expr
            })
            .collect();
        (exprs, deepest)
    }

    fn accessor(&mut self, pair: Pair<'_, Rule>) -> Option<(Accessor, usize)> {
        let inner = pair.into_inner().next()?;
        let span = self.span(&inner);
        Some(match inner.as_rule() {
            Rule::expression => {
                let operand = self.expression(inner);
                (Accessor::Index(operand.expr), operand.depth)
            }
            Rule::quoted_name => (Accessor::Field(Spanned::new(unbrace(inner.as_str()), span)), 1),
            _ => (Accessor::Field(Spanned::new(inner.as_str().to_owned(), span)), 1),
        })
    }

    /// A call, or what is written as one: AND, OR, NOT, LET, TRUE, FALSE.
    fn call(&mut self, pair: Pair<'_, Rule>, span: Span) -> Operand {
        let function = pair.clone().into_inner().next();
        let function =
            function.map(|name| Spanned::new(FunctionName(name.as_str().to_owned()), self.span(&name)));
        let function = function.unwrap_or(Spanned::new(FunctionName(String::new()), span));
        let (mut args, depth) = self.expressions(pair);
        let kind = match (function.value.to_ascii_uppercase().as_str(), args.len()) {
            ("AND", 1..) => ExprKind::And { operands: args, spelling: Spelling::Call },
            ("OR", 1..) => ExprKind::Or { operands: args, spelling: Spelling::Call },
            ("NOT", 1) => ExprKind::Not { operand: Box::new(args.remove(0)), spelling: Spelling::Call },
            ("TRUE", 0) => ExprKind::Boolean(true),
            ("FALSE", 0) => ExprKind::Boolean(false),
            ("LET", _) => self.let_node(&function, args, span),
            _ => ExprKind::Call { function, args },
        };
        Operand { expr: Expr { kind, span }, depth: depth + 1, closed: true }
    }

    /// `LET(name, value, …, result)`: parsed as a call, since a grammar rule of its own would parse expressions twice.
    fn let_node(&mut self, function: &Spanned<FunctionName>, mut args: Vec<Expr>, span: Span) -> ExprKind {
        let count = args.len();
        let body = if count % 2 == 1 && count >= 3 { args.pop() } else { None };
        let Some(body) = body else {
            let help = match args.iter().rev().nth(1).map(|name| &name.kind) {
                Some(ExprKind::Name(name)) => format!("add the result behind the last pair: `…, {name})`"),
                _ => "write `LET(size, Employee Count, size + 1)`".to_owned(),
            };
            let at = args.last().map_or(span, |last| last.span);
            let count = format!("{} given", Count(count, "argument"));
            self.findings.push(CheckError::LetWithoutResult { at, count, help }.into());
            return ExprKind::Call { function: function.clone(), args };
        };
        let mut bindings = Vec::with_capacity(args.len() / 2);
        let mut args = args.into_iter();
        while let (Some(name), Some(value)) = (args.next(), args.next()) {
            let written = if let ExprKind::Name(written) = name.kind {
                written
            } else {
                self.findings.push(CheckError::LetNeedsName { at: name.span }.into());
                String::new()
            };
            bindings.push(Binding { name: Spanned::new(written, name.span), value });
        }
        ExprKind::Let { bindings, body: Box::new(body) }
    }
}

/// The name of a record's member, without its quotes.
fn member_name(pair: &Pair<'_, Rule>) -> String {
    if pair.as_rule() == Rule::text { unquote(pair.as_str()) } else { bare_name(pair.as_str()) }
}

fn prefix(written: &str) -> Prefix {
    match written {
        "+" => Prefix::Sign(Sign::Plus),
        "-" => Prefix::Sign(Sign::Minus),
        _ => Prefix::Not,
    }
}

fn infix(operator: &Pair<'_, Rule>) -> Option<Infix> {
    Some(match operator.as_rule() {
        Rule::or => Infix::Or,
        Rule::and => Infix::And,
        Rule::not_in => Infix::In { negated: true },
        Rule::r#in => Infix::In { negated: false },
        Rule::join => Infix::Join,
        Rule::plus => Infix::Sum(Sign::Plus),
        Rule::minus => Infix::Sum(Sign::Minus),
        Rule::times => Infix::Product(Factor::Times),
        Rule::divide => Infix::Product(Factor::Divide),
        Rule::power => Infix::Power,
        Rule::compare => Infix::Compare(match operator.as_str() {
            "=" | "==" => CompareOp::Equal,
            "!=" | "<>" => CompareOp::NotEqual,
            "<" => CompareOp::Less,
            "<=" => CompareOp::LessOrEqual,
            ">" => CompareOp::Greater,
            _ => CompareOp::GreaterOrEqual,
        }),
        _ => return None,
    })
}

fn percent(operand: &mut Operand, at: Span) {
    let placeholder = Expr { kind: ExprKind::Boolean(false), span: at };
    let inner = std::mem::replace(&mut operand.expr, placeholder);
    let span = inner.span.to(at);
    operand.expr = Expr { kind: ExprKind::Percent(Box::new(inner)), span };
    operand.depth += 1;
    operand.closed = true;
}

fn access(operand: &mut Operand, accessor: Accessor, at: Span, depth: usize) {
    operand.expr.span = operand.expr.span.to(at);
    if let ExprKind::Access { path, .. } = &mut operand.expr.kind
        && !operand.closed
    {
        path.push(accessor);
        operand.depth = operand.depth.max(depth + 1);
        return;
    }
    let placeholder = Expr { kind: ExprKind::Boolean(false), span: at };
    let span = operand.expr.span;
    let mut base = std::mem::replace(&mut operand.expr, placeholder);
    base.span.end = base.span.end.min(at.start);
    operand.expr = Expr { kind: ExprKind::Access { base: Box::new(base), path: vec![accessor] }, span };
    operand.depth = operand.depth.max(depth) + 1;
    // An access that is not closed takes the next step into the same node.
    operand.closed = false;
}

/// The words of a bare name, one blank between them.
pub(super) fn bare_name(written: &str) -> String {
    written.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn name_or_boolean(written: &str) -> ExprKind {
    let name = bare_name(written);
    if name.eq_ignore_ascii_case("true") {
        ExprKind::Boolean(true)
    } else if name.eq_ignore_ascii_case("false") {
        ExprKind::Boolean(false)
    } else {
        ExprKind::Name(name)
    }
}

/// The name in `{{…}}` or `{…}`, without the blanks at its ends.
pub(super) fn unbrace(written: &str) -> String {
    let inside = written.strip_prefix("{{").and_then(|rest| rest.strip_suffix("}}"));
    inside.or_else(|| written.strip_prefix('{')?.strip_suffix('}')).unwrap_or(written).trim().to_owned()
}

/// The text between quotes: doubled quotes and the few known escapes are read, other backslashes stay.
pub(super) fn unquote(written: &str) -> String {
    let quote = written.chars().next().unwrap_or('"');
    let inside = &written[1..written.len() - 1];
    let mut text = String::with_capacity(inside.len());
    let mut rest = inside;
    while let Some(at) = rest.find(['\\', quote]) {
        text.push_str(&rest[..at]);
        rest = &rest[at..];
        if let Some(behind) = rest.strip_prefix(quote) {
            text.push(quote);
            rest = behind.strip_prefix(quote).unwrap_or(behind);
        } else {
            let (read, length) = escape(rest);
            text.push_str(&read);
            rest = &rest[length..];
        }
    }
    text.push_str(rest);
    text
}

/// What an escape at the beginning of `rest` says, and how many bytes it takes.
fn escape(rest: &str) -> (String, usize) {
    let known = match rest.as_bytes().get(1) {
        Some(b'\\') => "\\",
        Some(b'"') => "\"",
        Some(b'\'') => "'",
        Some(b'n') => "\n",
        Some(b'r') => "\r",
        Some(b't') => "\t",
        Some(b'u') => return unicode_escape(rest).unwrap_or(("\\".to_owned(), 1)),
        _ => return ("\\".to_owned(), 1),
    };
    (known.to_owned(), 2)
}

/// `\u00e9`, or a pair of surrogates; a surrogate alone reads as U+FFFD.
fn unicode_escape(rest: &str) -> Option<(String, usize)> {
    let unit = |at: usize| -> Option<u16> {
        let digits = rest.get(at..at + 6)?.strip_prefix("\\u")?;
        digits.bytes().all(|byte| byte.is_ascii_hexdigit()).then(|| u16::from_str_radix(digits, 16).ok())?
    };
    let first = unit(0)?;
    if (0xd800..0xdc00).contains(&first)
        && let Some(second) = unit(6).filter(|second| (0xdc00..0xe000).contains(second))
    {
        return Some((String::from_utf16_lossy(&[first, second]), 12));
    }
    Some((String::from_utf16_lossy(&[first]), 6))
}
