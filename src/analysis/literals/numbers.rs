//! Numbers as text, numbers with commas, numbers joined by `&`, and numbers with more digits than a number keeps.

use super::uses::{Use, UseKind};
use crate::analysis::view::{Scope, View, builtin_of, call, number, read_name, with_role};
use crate::analysis::words::is_code;
use crate::builtins::{Role, spelled_number};
use crate::check::separators::misread;
use crate::diagnostics::{ArgumentLint, Diagnostic};
use crate::syntax::ast::{Expr, ExprKind, Spelling};
use crate::syntax::{print_number, print_text};
use crate::types::Type;
use crate::value::{is_long_whole, read_number, reads_as_range};

/// How many digits of a number are kept.
const MOST_DIGITS: usize = 15;

/// `MIN(1,000, Page Views)`, `AND(Page Views > 1,000, …)`, `[1,000, 2,500]`
pub(super) fn commas(view: &View<'_>, expr: &Expr, findings: &mut Vec<Diagnostic>) {
    let (builtin, args) = match &expr.kind {
        ExprKind::Call { args, .. } => (builtin_of(expr), args),
        ExprKind::List(items) => (None, items),
        ExprKind::And { operands, spelling: Spelling::Call }
        | ExprKind::Or { operands, spelling: Spelling::Call } => {
            // A number is no condition, so a comma before one is part of a number.
            let found = crate::check::separators::divided(view.text, operands);
            found.iter().for_each(|one| findings.push(comma(view, one)));
            return;
        }
        _ => return,
    };
    misread(view.text, builtin, args).iter().for_each(|one| findings.push(comma(view, one)));
}

fn comma(view: &View<'_>, one: &crate::check::separators::Divided) -> Diagnostic {
    let written = one.at.of(view.text).to_owned();
    let parts: Vec<&str> = written.split(',').collect();
    let parts = parts.join(" and ");
    ArgumentLint::CommaInNumber { written, at: one.at, parts, instead: one.instead.clone() }.into()
}

/// `Annual Revenue > "$1M"`, `Employee Count < "50"`, `Employees >= "51-200"`
pub(super) fn ordered<'a>(view: &View<'a>, one: &Use<'a>, scope: &Scope<'a>) -> Option<Diagnostic> {
    if !one.kind.is_order() || view.ty(one.other) == Type::Number || view.ty(one.other) == Type::Date {
        return None;
    }
    // A call that gives text, such as LEFT(Zip, 2), and a code are in alphabetical order on purpose.
    let other = view.resolve(one.other, scope);
    let name = read_name(other);
    if let Some(measured) = shown_number(view, other) {
        return shown_ordered(view, one, measured);
    }
    if name.is_none_or(is_code) || has_leading_zero(one.text) {
        return None;
    }
    let subject = view.written(one.other);
    let text = one.text.trim();
    let (reader, value) = if let Some(number) = read_number(text) {
        let is_plain = text.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b'-'));
        (if is_plain { None } else { Some("PARSENUMBER") }, number)
    } else if reads_as_range(text) {
        (Some("RANGEMIN"), leading_number(text)?)
    } else {
        (Some("PARSENUMBER"), spelled_number(text)?)
    };
    let value = print_number(value);
    let subject = reader.map_or_else(|| subject.clone(), |reader| format!("{reader}({subject})"));
    let help = match one.kind {
        UseKind::Ordered(op) => format!("write `{subject} {} {value}`", op.symbol()),
        _ => format!("compare `{subject}` with numbers, without quotes: `{value}`"),
    };
    Some(ArgumentLint::NumberAsText { written: print_text(one.text), at: one.at.span, help }.into())
}

/// The number that TEXT or FIXED shows without leading zeros.
fn shown_number<'a>(view: &View<'a>, expr: &'a Expr) -> Option<&'a Expr> {
    let (builtin, args) = call(expr)?;
    let is_plain =
        |format: &str| format.chars().all(|next| "#0.,".contains(next)) && !format.starts_with("00");
    match builtin.name {
        "FIXED" => args.first(),
        "TEXT" => {
            args.first().filter(|_| args.get(1).and_then(|format| view.literal(format)).is_some_and(is_plain))
        }
        _ => None,
    }
}

/// `TEXT(Score, "0") > "50"`
fn shown_ordered(view: &View<'_>, one: &Use<'_>, measured: &Expr) -> Option<Diagnostic> {
    let value = print_number(read_number(one.text.trim())?);
    let subject = view.written(measured);
    let help = match one.kind {
        UseKind::Ordered(op) => format!("write `{subject} {} {value}`", op.symbol()),
        _ => format!("compare `{subject}` with numbers, without quotes: `{value}`"),
    };
    Some(ArgumentLint::NumberAsText { written: print_text(one.text), at: one.at.span, help }.into())
}

fn has_leading_zero(text: &str) -> bool {
    text.len() > 1 && text.starts_with('0') && !text.starts_with("0.")
}

/// The number that a range begins with: 51 for `51-200`.
fn leading_number(text: &str) -> Option<f64> {
    let start = text.find(|next: char| next.is_ascii_digit())?;
    let digits: String = text[start..]
        .chars()
        .take_while(|next| next.is_ascii_digit() || *next == ',')
        .filter(|next| *next != ',')
        .collect();
    digits.parse().ok()
}

/// `Record ID = 1234567890123456`, which is compared at 15 digits. From 2^53 on, all digits count.
pub(super) fn long(view: &View<'_>, expr: &Expr) -> Option<Diagnostic> {
    let ExprKind::Number(number) = &expr.kind else { return None };
    let written = expr.span.of(view.text);
    let is_whole = written.bytes().all(|byte| byte.is_ascii_digit());
    let digits = written.trim_start_matches('0').trim_end_matches('0').len();
    (is_whole && digits > MOST_DIGITS && !is_long_whole(written)).then(|| {
        ArgumentLint::LongNumber {
            digits: written.trim_start_matches('0').len(),
            at: expr.span,
            rounded: print_number(crate::value::decimal_of(*number)),
            instead: format!("\"{written}\""),
        }
        .into()
    })
}

/// `Fit & Engagement > 45`, where both are numbers.
pub(super) fn joined<'a>(view: &View<'a>, expr: &'a Expr, scope: &Scope<'a>) -> Option<Diagnostic> {
    let (one, two) = match &expr.kind {
        ExprKind::Compare { op, lhs, rhs } if op.value.is_ordering() => (&**lhs, &**rhs),
        _ => return None,
    };
    let (joined, at) = match (number(one), number(two)) {
        (None, Some(_)) => (view.resolve(one, scope), one),
        (Some(_), None) => (view.resolve(two, scope), two),
        _ => return None,
    };
    let ExprKind::Join(parts) = &joined.kind else { return None };
    let all_numbers = parts.iter().all(|part| view.ty(part) == Type::Number);
    all_numbers.then(|| {
        let parts: Vec<String> = parts.iter().map(|part| view.written(part)).collect();
        ArgumentLint::JoinedNumbers { at: at.span, instead: parts.join(" + ") }.into()
    })
}

/// `VALUE("1.250,50")`, `RANGEMID("1.000-5.000")`
pub(super) fn spelling<'a>(view: &View<'a>, expr: &'a Expr, scope: &Scope<'a>) -> Option<Diagnostic> {
    let (builtin, args) = call(expr)?;
    let (_, arg) = with_role(builtin, args, Role::Spelled).next()?;
    let text = view.text_of(arg, scope)?;
    let numbers: Vec<&str> = text
        .split(|next: char| !(next.is_ascii_digit() || matches!(next, '.' | ',')))
        .filter(|part| !part.is_empty())
        .collect();
    if !numbers.iter().any(|number| has_dot_groups(number)) {
        return None;
    }
    let plain = |number: &str| number.replace('.', "").replace(',', ".");
    let instead: Vec<String> = numbers.iter().map(|number| plain(number)).collect();
    let instead = instead.join("-");
    let written = print_text(text);
    let is_number = text.trim().bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b','));
    let help = if is_number {
        format!("write `NUMBERVALUE({written}, \",\", \".\")`")
    } else {
        format!("write `{}({})`", builtin.name, print_text(&text.replace('.', "").replace(',', ".")))
    };
    Some(ArgumentLint::NumberSpelling { function: builtin.name, written, instead, at: arg.span, help }.into())
}

/// `1.000`, `1.250,50`: groups of three digits after dots. `3.141` alone is a decimal.
fn has_dot_groups(number: &str) -> bool {
    let (whole, has_decimals) = number.split_once(',').map_or((number, false), |(whole, _)| (whole, true));
    let groups: Vec<&str> = whole.split('.').collect();
    let is_grouped = groups.len() > 1
        && (1..=3).contains(&groups[0].len())
        && groups[1..].iter().all(|group| group.len() == 3);
    let is_round = groups[1..].contains(&"000");
    is_grouped && (has_decimals || groups.len() > 2 || is_round)
}
