//! Operators and functions that mean something else in other languages.

use crate::analysis::advised::of_suggestion;
use crate::analysis::view::{Scope, View, call, number, with_role};
use crate::builtins::{Builtin, Role, Run, Values};
use crate::diagnostics::{ArgumentLint, Diagnostic, Lint};
use crate::span::Span;
use crate::syntax::ast::{CompareOp, Expr, ExprKind, Sign};
use crate::translate;
use crate::types::Type;
use crate::value::{Clock, Value, to_date, to_number};

/// The finding for an expression that is valid, and hardly what its author meant; `guarded` if an error in it has another
/// result, as in IFERROR.
pub(super) fn lint<'a>(
    view: &View<'a>,
    expr: &'a Expr,
    scope: &Scope<'a>,
    guarded: bool,
) -> Option<Diagnostic> {
    let at = expr.span;
    if let ExprKind::Name(name) = &expr.kind {
        return is_undeclared(view, expr, scope).then(|| misread_name(view, name, expr)).flatten();
    }
    if let Some(help) = comment(view, expr) {
        let (what, why) = ("`--` does not begin a comment", "the text after it is subtracted twice");
        return Some(ArgumentLint::OperatorHabit { what, why, at, help, name: None }.into());
    }
    if let Some(name) = distinct(view, expr) {
        let (what, why) = DISTINCT;
        let help = translate::about_all_rows().to_owned();
        return Some(ArgumentLint::OperatorHabit { what, why, at, help, name: Some(name.to_owned()) }.into());
    }
    let searched = searched(view, expr, scope).filter(|_| !guarded);
    let (what, why) = meaning(view, expr, scope).or(searched.as_ref().map(|_| POSITION))?;
    let instead = match searched {
        Some(instead) => instead,
        None => translate::corrected(&crate::syntax::print(expr), &of_suggestion)?,
    };
    let verb = if matches!(expr.kind, ExprKind::Join(_)) { "use AND:" } else { "write" };
    let help = format!("{verb} `{instead}`");
    let name = nothing_in(expr);
    Some(ArgumentLint::OperatorHabit { what, why, at, help, name }.into())
}

/// The help for `10 -- high traffic`, which is read as a column that is subtracted twice.
fn comment(view: &View<'_>, expr: &Expr) -> Option<String> {
    let ExprKind::Sum(terms) = &expr.kind else { return None };
    let is_comment = |(sign, term): &(Sign, Expr)| {
        let ExprKind::Sign { op: Sign::Minus, operand } = &term.kind else { return false };
        *sign == Sign::Minus && matches!(operand.kind, ExprKind::Name(_))
    };
    terms.iter().any(is_comment).then(|| translate::about_comment(view.balanced(expr))).flatten()
}

/// What the expression means here, and what follows from that.
fn meaning<'a>(view: &View<'a>, expr: &'a Expr, scope: &Scope<'a>) -> Option<(&'static str, &'static str)> {
    match &expr.kind {
        ExprKind::Join(operands)
            if operands.iter().all(|one| is_condition(view, one, scope))
                && operands.iter().any(|one| matches!(one.kind, ExprKind::Compare { .. })) =>
        {
            Some(("`&` joins text", "the text of TRUE and FALSE, such as `TRUEFALSE`"))
        }
        ExprKind::Or { operands, .. }
            if operands[1..].iter().any(is_value)
                || operands.iter().any(is_cased)
                || matches!(operands[0].kind, ExprKind::Text(_)) =>
        {
            Some(("OR is TRUE or FALSE, never one of its sides", "TRUE or FALSE"))
        }
        ExprKind::And { operands, .. } if operands.iter().any(is_between) => {
            Some(("`BETWEEN … AND` is not an operator here", "AND of two values"))
        }
        ExprKind::Compare { op, lhs, rhs } => {
            let is_missing = |side| is_nothing(side) && is_undeclared(view, side, scope);
            // A name in brackets that is put in order is an error of its own.
            let is_ordered_name = !matches!(op.value, CompareOp::Equal | CompareOp::NotEqual)
                && is_list_of(lhs, &|item| matches!(item.kind, ExprKind::Name(_)));
            let is_property = is_list_of_name(lhs) && is_value(rhs) && !is_ordered_name;
            if is_property {
                Some(IN_BRACKETS)
            } else {
                (is_missing(lhs) || is_missing(rhs)).then_some(NOTHING)
            }
        }
        ExprKind::Sum(terms) if terms.iter().any(|(_, term)| is_added_text(term)) => {
            Some(("`+` adds numbers and does not join text", "a text is added as a number"))
        }
        ExprKind::Call { .. } => test_of_both(view, expr, scope).or_else(|| property_in_brackets(expr)),
        _ => None,
    }
}

const NOTHING: (&str, &str) = ("a formula has no NULL", "read as a column of that name");
const POSITION: (&str, &str) =
    ("this search is an error where it finds nothing, not FALSE", "a position, or #VALUE!");

const QUERY: (&str, &str) = ("a formula has no queries", "read as the name of one column");

const IN_BRACKETS: (&str, &str) =
    ("square brackets make a list, not the value of a property", "a list of one item");

const DISTINCT: (&str, &str) =
    ("COUNT counts values of one row", "`DISTINCT` is read as part of the name of a column");

/// A name that is an expression in words: `Industry IS NULL`, `Score is greater than 50`, `Name | upcase`.
fn misread_name(view: &View<'_>, name: &str, expr: &Expr) -> Option<Diagnostic> {
    let is_braced = is_braced(view, expr);
    if is_nothing(expr) && !is_braced {
        let help = translate::about_name(name, &[])?;
        let (what, why) = NOTHING;
        let name = Some(name.to_owned());
        return Some(ArgumentLint::OperatorHabit { what, why, at: expr.span, help, name }.into());
    }
    let is_formula = view.formulas().any(|formula| formula.span == expr.span);
    if !is_braced && !is_formula && name.starts_with("SELECT ") && name.contains(" FROM ") {
        let (what, why) = QUERY;
        let help = "list the values in square brackets, as in `Country IN [\"US\", \"DE\"]`".to_owned();
        let name = Some(name.to_owned());
        return Some(ArgumentLint::OperatorHabit { what, why, at: expr.span, help, name }.into());
    }
    let instead = match (is_braced, translate::ends_in_filter(name)) {
        (_, true) => translate::corrected(&format!("{{{{{name}}}}}"), &of_suggestion),
        (true, false) => None,
        (false, false) => translate::expression_in(name, &of_suggestion),
    };
    let (name, at) = (name.to_owned(), expr.span);
    Some(Lint::SentenceAsName { name, instead: instead?, at }.into())
}

/// A name in braces is a name, whatever words it has.
fn is_braced(view: &View<'_>, expr: &Expr) -> bool {
    expr.span.of(view.text).starts_with('{')
}

/// Whether a name is neither declared nor that of a column or LET.
fn is_undeclared<'a>(view: &View<'a>, expr: &'a Expr, scope: &Scope<'a>) -> bool {
    let ExprKind::Name(name) = &expr.kind else { return false };
    let is_declared = view.file.inputs.iter().any(|input| input.name.value == *name);
    let is_local = scope.iter().any(|local| local.name == name);
    !(is_declared || is_local || view.column(name).is_some())
}

/// `DISTINCT Country` in `COUNT(DISTINCT Country)`
fn distinct<'a>(view: &View<'_>, expr: &'a Expr) -> Option<&'a str> {
    let (builtin, [arg]) = call(expr)? else { return None };
    let ExprKind::Name(name) = &arg.kind else { return None };
    let is_count = matches!(builtin.name, "COUNT" | "COUNTA");
    (is_count && name.starts_with("DISTINCT ") && !is_braced(view, arg)).then_some(name)
}

/// The name in a comparison such as `Email = null`.
fn nothing_in(expr: &Expr) -> Option<String> {
    let ExprKind::Compare { lhs, rhs, .. } = &expr.kind else { return None };
    [lhs, rhs].into_iter().find_map(|side| match &side.kind {
        ExprKind::Name(name) if is_nothing(side) => Some(name.clone()),
        _ => None,
    })
}

/// `Score BETWEEN 10`, the part of `Score BETWEEN 10 AND 50` before AND.
fn is_between(expr: &Expr) -> bool {
    matches!(&expr.kind, ExprKind::Name(name) if name.split(' ').any(|word| word.eq_ignore_ascii_case("between")))
}

/// `NULL`, `undefined`
fn is_nothing(expr: &Expr) -> bool {
    matches!(&expr.kind, ExprKind::Name(name) if matches!(name.as_str(), "NULL" | "null" | "None" | "undefined" | "nil"))
}

/// Whether an expression is TRUE or FALSE.
fn is_condition<'a>(view: &View<'a>, expr: &'a Expr, scope: &Scope<'a>) -> bool {
    view.ty(view.resolve(expr, scope)) == Type::Boolean
}

/// A number or text that is no condition by itself.
fn is_value(expr: &Expr) -> bool {
    matches!(expr.kind, ExprKind::Number(_) | ExprKind::Text(_))
}

/// A text that reads as neither a number nor a date.
fn is_word(expr: &Expr) -> bool {
    let ExprKind::Text(text) = &expr.kind else { return false };
    let has_letters = text.chars().any(char::is_alphabetic);
    let is_read = || {
        to_number(&Value::borrowed(text)).is_ok() || to_date(&Value::borrowed(text), &Clock::system()).is_ok()
    };
    text.trim().is_empty() || (has_letters && !is_read())
}

/// `contains([properties.jobtitle], "VP")`
fn property_in_brackets(expr: &Expr) -> Option<(&'static str, &'static str)> {
    let (builtin, [subject, wanted]) = call(expr)? else { return None };
    let is_search = matches!(builtin.name, "CONTAINS" | "ICONTAINS" | "CONTAINSWORD");
    (is_search && is_list_of_name(subject) && is_value(wanted)).then_some(IN_BRACKETS)
}

/// `[Amount]`, `[properties.amount]`
fn is_list_of_name(expr: &Expr) -> bool {
    is_list_of(expr, &|item| match &item.kind {
        ExprKind::Name(_) => true,
        ExprKind::Access { base, .. } => matches!(base.kind, ExprKind::Name(_)),
        _ => false,
    })
}

/// Whether an expression is a list of one item that is as asked.
fn is_list_of(expr: &Expr, is_wanted: &dyn Fn(&Expr) -> bool) -> bool {
    matches!(&expr.kind, ExprKind::List(items) if matches!(items.as_slice(), [item] if is_wanted(item)))
}

/// Whether an operand of `+` is a text: a word, one of several, or a result of UPPER.
fn is_added_text(expr: &Expr) -> bool {
    let is_chosen = |(builtin, args): (&Builtin, &[Expr])| {
        let results = args.get(1..).unwrap_or_default();
        builtin.name == "IF" && results.len() == 2 && results.iter().all(is_word)
    };
    // One of a few words, as SENIORITY returns.
    let is_listed = |(builtin, _): (&Builtin, &[Expr])| {
        matches!(builtin.returns.values, Values::Texts(_) | Values::Known(_))
    };
    let is_spaced =
        |(builtin, args): (&Builtin, &[Expr])| builtin.name == "CONCAT" && args.iter().any(is_word);
    is_word(expr)
        || is_cased(expr)
        || call(expr).is_some_and(|call| is_chosen(call) || is_listed(call) || is_spaced(call))
}

/// Whether an expression changes letters, which neither a number nor a condition has.
fn is_cased(expr: &Expr) -> bool {
    call(expr).is_some_and(|(builtin, _)| matches!(builtin.name, "UPPER" | "LOWER" | "PROPER"))
}

/// `ISNOTEMPTY(Email AND Phone)`
fn test_of_both<'a>(
    view: &View<'a>,
    expr: &'a Expr,
    scope: &Scope<'a>,
) -> Option<(&'static str, &'static str)> {
    let (builtin, [arg]) = call(expr)? else { return None };
    let (ExprKind::And { operands, .. } | ExprKind::Or { operands, .. }) = &arg.kind else { return None };
    let is_test = builtin.returns.ty == Type::Boolean && builtin.most() == Some(1) && builtin.name != "NOT";
    (is_test && !operands.iter().any(|one| is_condition(view, one, scope)))
        .then_some(("this tests the result of AND or OR, not each of its sides", "one test of TRUE or FALSE"))
}

/// What to write for a call in which a condition is `FIND("VP", Job Title)`.
fn searched<'a>(view: &View<'a>, expr: &'a Expr, scope: &Scope<'a>) -> Option<String> {
    let (builtin, args) = call(expr)?;
    let mut conditions = with_role(builtin, args, Role::Condition);
    let (found, parts) = conditions.find_map(|(_, condition)| {
        let (search, parts) = call(position_in(view.resolve(condition, scope)))?;
        let is_search = matches!(search.name, "FIND" | "SEARCH") && parts.len() == 2;
        is_search.then_some((condition, (search.name, parts)))
    })?;
    let (name, parts) = parts;
    let function = if name == "FIND" { "CONTAINS" } else { "ICONTAINS" };
    let instead = format!("{function}({}, {})", view.written(&parts[1]), view.written(&parts[0]));
    let whole = view.written(expr);
    Some(whole.replacen(&view.written(found), &instead, 1))
}

/// The argument of a call in which an error has another result: `IF(SEARCH("vp", Title), 1, 0)` in
/// `IFERROR(IF(SEARCH("vp", Title), 1, 0), 0)`.
pub(super) fn guarded(expr: &Expr) -> Option<Span> {
    let (builtin, args) = call(expr)?;
    let replaces_errors = builtin.name == "IFERROR" || matches!(builtin.run, Run::SeesErrors(_));
    args.first().filter(|_| replaces_errors).map(|value| value.span)
}

/// `FIND("VP", Job Title)` in `FIND("VP", Job Title) > 0`, which asks whether it is found.
fn position_in(condition: &Expr) -> &Expr {
    match &condition.kind {
        ExprKind::Compare { op, lhs, rhs } => {
            let is_least = match op.value {
                CompareOp::Greater => number(rhs) == Some(0.0),
                CompareOp::GreaterOrEqual => number(rhs) == Some(1.0),
                _ => false,
            };
            if is_least { lhs } else { condition }
        }
        _ => condition,
    }
}
