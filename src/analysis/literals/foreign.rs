//! Words, fields and positions of other languages that are read as columns and fields, and are Blank in every row.

use crate::analysis::advised::of_suggestion;
use crate::analysis::view::{Scope, View, call, number};
use crate::diagnostics::{ArgumentLint, Diagnostic, Lint};
use crate::span::Span;
use crate::syntax::ast::{Accessor, Expr, ExprKind, InputDeclaration, InputSource};
use crate::syntax::print;
use crate::translate;
use crate::types::Type;

/// Methods of other languages that are hardly fields of a record.
const METHODS: [&str; 24] = [
    "upper",
    "lower",
    "upcase",
    "downcase",
    "casefold",
    "toUpperCase",
    "toLowerCase",
    "uppercase",
    "lowercase",
    "strip",
    "trim",
    "capitalize",
    "titleize",
    "toString",
    "getFullYear",
    "getMonth",
    "getDate",
    "getHours",
    "isdigit",
    "isnumeric",
    "isna",
    "isnull",
    "notna",
    "notnull",
];

/// Fields that other languages have for the number of items of a list.
const LENGTHS: [&str; 4] = ["length", "Length", "size", "count"];

/// The finding for an expression that is valid, and can't be what its author meant.
pub(super) fn lint<'a>(view: &View<'a>, expr: &'a Expr, scope: &Scope<'a>) -> Option<Diagnostic> {
    match &expr.kind {
        ExprKind::Call { .. } => {
            otherwise(view, expr, scope).or_else(|| unit(view, expr, scope)).or_else(|| comprehension(expr))
        }
        ExprKind::List(_) => comprehension(expr),
        ExprKind::Access { base, path } => {
            let [step] = path.as_slice() else { return None };
            match step {
                Accessor::Field(field) => property(view, expr, base, &field.value, scope),
                Accessor::Index(index) => position(view, expr, base, index, scope)
                    .or_else(|| looked_up(view, expr, base))
                    .or_else(|| member(view, expr, base, index, scope)),
            }
        }
        _ => operand(view, expr, scope),
    }
}

/// The finding for an operation on a name that is an expression in words, such as `City is null and Score > 3`, of which
/// the name is only a part.
fn operand(view: &View<'_>, expr: &Expr, scope: &Scope<'_>) -> Option<Diagnostic> {
    let name = misread_operand(view, expr, scope, MOST_LEVELS)?;
    let ExprKind::Name(words) = &name.kind else { return None };
    let instead = translate::corrected(view.balanced(expr), &of_suggestion)?;
    Some(Lint::SentenceAsName { name: words.clone(), instead, at: name.span }.into())
}

/// How many operators are looked into for such a name.
const MOST_LEVELS: usize = 4;

/// The first operand that is such a name, directly or as an operand of another operator.
fn misread_operand<'e>(
    view: &View<'_>,
    expr: &'e Expr,
    scope: &Scope<'_>,
    levels: usize,
) -> Option<&'e Expr> {
    let is_operation = matches!(
        expr.kind,
        ExprKind::Compare { .. }
            | ExprKind::Sum(_)
            | ExprKind::Product(_)
            | ExprKind::Power(_)
            | ExprKind::Join(_)
            | ExprKind::And { .. }
            | ExprKind::Or { .. }
            | ExprKind::In { .. }
    );
    if !is_operation || levels == 0 {
        return None;
    }
    let is_misread = |part: &Expr| {
        matches!(&part.kind, ExprKind::Name(name) if !view.is_declared(name, scope)
            && !part.span.of(view.text).starts_with('{')
            && name.contains(' ')
            && translate::is_sentence(name))
    };
    let children = expr.children();
    let direct = children.iter().copied().find(|part| is_misread(part));
    direct.or_else(|| children.into_iter().find_map(|part| misread_operand(view, part, scope, levels - 1)))
}

/// The finding for `input Half: Number = Score DIV 2`, whose source is read as one key of the row.
pub(super) fn key(view: &View<'_>, input: &InputDeclaration) -> Option<Diagnostic> {
    let Some(InputSource::Path(path)) = &input.source else { return None };
    let instead = translate::expression_in(&path.key, &of_suggestion).filter(|_| path.steps.is_empty())?;
    let after = input.name.span.end as usize;
    let at = after + view.text.get(after..)?.find(&path.key)?;
    // A name in braces is meant as one.
    if view.text[..at].ends_with('{') {
        return None;
    }
    let at = Span::new(at, at + path.key.len());
    Some(Lint::SentenceAsName { name: path.key.clone(), instead, at }.into())
}

fn finding(what: &'static str, why: &'static str, at: Span, instead: &str) -> Diagnostic {
    ArgumentLint::OperatorHabit { what, why, at, help: format!("write `{instead}`"), name: None }.into()
}

/// The expression with its arguments replaced, as it is written.
fn with_args(expr: &Expr, args: Vec<Expr>) -> String {
    let mut expr = expr.clone();
    if let ExprKind::Call { args: own, .. } = &mut expr.kind {
        *own = args;
    }
    print(&expr)
}

/// `IFS(a > 5, 10, ELSE, 2)`, `SWITCH(Country, "US", 1, DEFAULT, 3)`, `IF(a > 5, 10, ELSE 0)`
fn otherwise(view: &View<'_>, expr: &Expr, scope: &Scope<'_>) -> Option<Diagnostic> {
    let (builtin, args) = call(expr)?;
    if !matches!(builtin.name, "IF" | "IFS" | "SWITCH") {
        return None;
    }
    let mut instead = args.to_vec();
    let last = args.len().checked_sub(2).filter(|last| *last > 0);
    let keyword = last.map(|at| &args[at]).filter(|arg| is_keyword(builtin.name, arg));
    let mut at = keyword.map(|arg| arg.span);
    if let (Some(last), Some(_)) = (last, keyword) {
        if builtin.name == "SWITCH" {
            instead.remove(last);
        } else {
            instead[last].kind = ExprKind::Boolean(true);
        }
    }
    for arg in &mut instead {
        if let Some(rest) = behind_keyword(arg) {
            at = at.or(Some(arg.span));
            arg.kind = rest;
        }
    }
    let at = at?;
    let is_declared = |arg: &Expr| matches!(&arg.kind, ExprKind::Name(name) if arg.span == at && view.is_declared(name, scope));
    if args.iter().any(is_declared) {
        return None;
    }
    let what = "a formula has no word such as ELSE";
    Some(finding(what, "read as a column", at, &with_args(expr, instead)))
}

/// Whether an argument is a word for the remaining cases. `Default` can be a column with TRUE and FALSE in it.
fn is_keyword(function: &str, arg: &Expr) -> bool {
    let ExprKind::Name(name) = &arg.kind else { return false };
    match function {
        "IFS" => matches!(name.as_str(), "ELSE" | "Else" | "else" | "OTHERWISE" | "otherwise" | "DEFAULT"),
        "SWITCH" => matches!(name.to_ascii_lowercase().as_str(), "else" | "otherwise" | "default"),
        _ => false,
    }
}

/// What follows the keyword in `ELSE 0`, `THEN Score`.
fn behind_keyword(arg: &Expr) -> Option<ExprKind> {
    let ExprKind::Name(name) = &arg.kind else { return None };
    let rest = ["ELSE ", "else ", "THEN ", "then "].iter().find_map(|word| name.strip_prefix(word))?;
    Some(rest.parse().map_or_else(|_| ExprKind::Name(rest.to_owned()), ExprKind::Number))
}

/// `DATEADD(day, 7, Created)`, `DATEDIF(Created, TODAY(), days)`
fn unit(view: &View<'_>, expr: &Expr, scope: &Scope<'_>) -> Option<Diagnostic> {
    let (builtin, [first, _, last]) = call(expr)? else { return None };
    let is_unit = |arg: &Expr| matches!(&arg.kind, ExprKind::Name(name) if translate::is_unit(name) && !view.is_declared(name, scope));
    let takes_unit = builtin.params.last().is_some_and(|param| param.name == "unit");
    let at = match (is_unit(first), is_unit(last)) {
        (_, true) => last.span,
        (true, false) if !matches!(last.kind, ExprKind::Text(_)) => first.span,
        _ => return None,
    };
    let instead = translate::corrected(&print(expr), &of_suggestion).filter(|_| takes_unit)?;
    let what = "the unit is a text, and the last argument";
    Some(finding(what, "read as a column", at, &instead))
}

/// `[t for t in Tags if t <> "x"]`, `SUM(d.amount for d in Deals)`
fn comprehension(expr: &Expr) -> Option<Diagnostic> {
    let (ExprKind::List(items) | ExprKind::Call { args: items, .. }) = &expr.kind else { return None };
    let [item] = items.as_slice() else { return None };
    let is_comprehension = |expr: &Expr| matches!(&expr.kind, ExprKind::Name(name) if goes_through(name));
    // The condition after `if` can be a comparison, of which the name is the left side.
    let mut inner = item;
    while let ExprKind::Compare { lhs, .. } = &inner.kind {
        inner = lhs;
    }
    let instead = Some(inner)
        .filter(|inner| is_comprehension(inner))
        .and_then(|_| translate::corrected(&print(expr), &of_suggestion))?;
    let what = "a formula goes through a list with FILTER and MAP";
    Some(finding(what, "read as one column", inner.span, &instead))
}

/// Whether a name reads `t for t in Tags`.
fn goes_through(name: &str) -> bool {
    let words: Vec<&str> = name.split(' ').collect();
    words.windows(3).enumerate().any(|(at, three)| {
        let [first, item, last] = three else { return false };
        *first == "for" && *last == "in" && words[..at].contains(item)
    })
}

/// `NOW().year`, `Full Name.upper`
fn property<'a>(
    view: &View<'a>,
    expr: &Expr,
    base: &'a Expr,
    field: &str,
    scope: &Scope<'a>,
) -> Option<Diagnostic> {
    let what = match view.ty(view.resolve(base, scope)) {
        Type::Date => "a date has no fields",
        Type::Text => "a text has no fields",
        Type::List if LENGTHS.contains(&field) && !matches!(base.kind, ExprKind::Name(_)) => {
            "a list has no fields"
        }
        Type::Any if METHODS.contains(&field) && is_only_field(view, base, scope) => "a text has no fields",
        _ => return None,
    };
    let instead = translate::property(view.balanced(base), field)?;
    Some(finding(what, "Blank in every row", expr.span, &instead))
}

/// Whether a column of the row is not known to be a record: no declaration says so, and no other field of it is read.
fn is_only_field(view: &View<'_>, base: &Expr, scope: &Scope<'_>) -> bool {
    let ExprKind::Name(name) = &base.kind else { return false };
    let mut fields = Vec::new();
    view.walk(&mut |expr, _| {
        if let ExprKind::Access { base, path } = &expr.kind
            && matches!(&base.kind, ExprKind::Name(other) if other == name)
            && let Some(Accessor::Field(field)) = path.first()
            && !fields.contains(&field.value.as_str())
        {
            fields.push(field.value.as_str());
        }
    });
    fields.len() == 1
        && !scope.iter().any(|local| local.name == name)
        && !view.is_declared_as(name, Type::Record)
}

/// `Tags[-1]`, and `Name[0]` of a text
fn position<'a>(
    view: &View<'a>,
    expr: &Expr,
    base: &'a Expr,
    index: &Expr,
    scope: &Scope<'a>,
) -> Option<Diagnostic> {
    let index = number(index).filter(|index| index.fract() == 0.0)?;
    let ty = view.ty(view.resolve(base, scope));
    let written = view.balanced(base);
    if index >= 0.0 {
        let instead = format!("MID({written}, {}, 1)", index + 1.0);
        return (ty == Type::Text)
            .then(|| finding("a text has no items", "Blank in every row", expr.span, &instead));
    }
    let item = if index == -1.0 { format!("LAST({written})") } else { format!("AT({written}, {index})") };
    let from_end = format!("RIGHT({written}, {})", -index);
    let character = if index == -1.0 { from_end } else { format!("LEFT({from_end}, 1)") };
    let help = match ty {
        Type::Text => format!("write `{character}`"),
        Type::List => format!("write `{item}`"),
        _ => format!("for an item of a list, write `{item}`; for a character of a text, `{character}`"),
    };
    let (what, why) = ("positions in brackets count from 0, and never from the end", "Blank in every row");
    Some(ArgumentLint::OperatorHabit { what, why, at: expr.span, help, name: None }.into())
}

/// `Country in ["US"]`, whose brackets take an item of a column `Country in`.
fn member(view: &View<'_>, expr: &Expr, base: &Expr, index: &Expr, scope: &Scope<'_>) -> Option<Diagnostic> {
    let ExprKind::Name(name) = &base.kind else { return None };
    let is_operator = name.split(' ').count() > 1
        && name.rsplit(' ').next().is_some_and(|last| last.eq_ignore_ascii_case("in"));
    let is_value = matches!(index.kind, ExprKind::Text(_)) || number(index).is_some();
    let written = expr.span.of(view.text);
    let is_apart = written.split('[').next().is_some_and(|before| before.ends_with(char::is_whitespace));
    if !is_operator || !is_value || !is_apart || view.is_declared(name, scope) {
        return None;
    }
    let instead = translate::corrected(view.balanced(expr), &of_suggestion)?;
    let (what, why) = ("operators are upper case: `IN`", "read as an item of the column of this name");
    let help = format!("write `{instead}`");
    let (at, name) = (base.span, Some(name.clone()));
    Some(ArgumentLint::OperatorHabit { what, why, at, help, name }.into())
}

/// `{'US': 10, 'DE': 5}[Country]`
fn looked_up(view: &View<'_>, expr: &Expr, base: &Expr) -> Option<Diagnostic> {
    let ExprKind::Name(name) = &base.kind else { return None };
    let is_record = name.starts_with(['\'', '"']) && (name.contains("':") || name.contains("\":"));
    let instead = is_record.then(|| translate::corrected(view.balanced(expr), &of_suggestion)).flatten()?;
    Some(finding("braces mark a column's name", "read as one column", base.span, &instead))
}
