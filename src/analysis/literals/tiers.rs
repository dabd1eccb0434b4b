//! Tiers and grades that are compared by the alphabet.

use super::uses::{Use, UseKind};
use crate::analysis::view::{Scope, View, read_name};
use crate::analysis::words::{is_date, is_tier};
use crate::builtins::Role;
use crate::diagnostics::{ArgumentLint, Diagnostic};
use crate::syntax::ast::{CompareOp, Expr, ExprKind};
use crate::syntax::print_text;
use crate::types::Type;
use std::collections::BTreeSet;

/// Tiers by words, the lowest first.
const LADDERS: [&[&str]; 12] = [
    &["very low", "low", "medium", "high", "very high", "critical"],
    &["low", "mid", "high"],
    &["cold", "warm", "hot"],
    &["bronze", "silver", "gold", "platinum", "diamond"],
    &["free", "starter", "basic", "pro", "business", "enterprise"],
    &["micro", "small", "medium", "large", "enterprise"],
    &["smb", "mid-market", "enterprise"],
    &["xs", "s", "m", "l", "xl", "xxl"],
    &["ic", "manager", "director", "head", "vp", "c_suite"],
    &["poor", "fair", "good", "excellent"],
    &["subscriber", "lead", "mql", "sql", "opportunity", "customer"],
    &["1-10", "11-50", "51-200", "201-500", "501-1000", "1001-5000", "5001-10000", "10001+"],
];

/// The finding for a tier that is compared for order.
pub(super) fn lint<'a>(view: &View<'a>, one: &Use<'a>, scope: &Scope<'a>) -> Option<Diagnostic> {
    let op = match one.kind {
        UseKind::Ordered(op) => op,
        UseKind::Bound => CompareOp::GreaterOrEqual,
        _ => return None,
    };
    let text = one.text.trim();
    let other = view.resolve(one.other, scope);
    let mut values = BTreeSet::new();
    let is_closed = texts_of(other, &mut values, 0) && values.len() > 1 && values.contains(text);
    let name = read_name(one.other).or_else(|| read_name(other));
    let is_letter = is_grade(text) && (name.is_some_and(is_tier) || is_closed);
    let gives_words = read_name(other).is_none() && view.ty(other) == Type::Text;
    let is_size = text.len() > 2
        || (gives_words && text.len() > 1)
        || name.is_some_and(|name| is_tier(name) || name.to_lowercase().contains("size"));
    let numbered = numbered(text).filter(|_| name.is_none_or(|name| !is_date(name)));
    let ladder = LADDERS.iter().find(|ladder| is_size && ladder.contains(&text.to_lowercase().as_str()));
    if !(is_letter || ladder.is_some() || numbered.is_some() || is_closed) {
        return None;
    }
    let counted = match (numbered, ladder.filter(|_| !is_letter)) {
        (Some(numbered), _) => numbered.counted(op),
        (None, Some(ladder)) => above(ladder, text, op),
        (None, None) => letters(text, op),
    };
    let known: Vec<&str> =
        counted.iter().map(String::as_str).filter(|tier| !is_closed || values.contains(tier)).collect();
    let tiers: Vec<String> = if known.is_empty() {
        vec![text.to_owned()]
    } else {
        known.into_iter().map(ToOwned::to_owned).collect()
    };
    let tiers: Vec<String> = tiers.iter().map(|tier| print_text(tier)).collect();
    let help = format!("list the tiers that count: `{} IN [{}]`", view.written(one.other), tiers.join(", "));
    let why = format!("`{}` means {} {} in the alphabet", op.symbol(), side(op), print_text(text));
    Some(ArgumentLint::TextOrder { at: one.at.span, why, help }.into())
}

fn side(op: CompareOp) -> &'static str {
    match op {
        CompareOp::Greater => "after",
        CompareOp::GreaterOrEqual => "at or after",
        CompareOp::Less => "before",
        _ => "at or before",
    }
}

/// `A`, `B+`
fn is_grade(text: &str) -> bool {
    let mut chars = text.chars();
    chars.next().is_some_and(|first| first.is_ascii_alphabetic()) && matches!(chars.as_str(), "" | "+" | "-")
}

/// `Tier 2`, `P1`: a tier with a number, of which 1 is the highest.
#[derive(Clone, Copy)]
struct Numbered<'a> {
    /// What is in front of the number.
    word: &'a str,
    number: u32,
}

/// Words for tiers that are numbered from the highest.
const NUMBERED: [&str; 7] = ["tier", "grade", "priority", "class", "rank", "p", "t"];
/// The lowest tier that is taken for granted where tiers are numbered.
const LOWEST: u32 = 4;

fn numbered(text: &str) -> Option<Numbered<'_>> {
    let word = text.trim_end_matches(|c: char| c.is_ascii_digit());
    let number = text[word.len()..].parse().ok().filter(|number| (1..=9).contains(number))?;
    let is_tier = NUMBERED.contains(&word.trim_end_matches([' ', '-', '_']).to_lowercase().as_str());
    is_tier.then_some(Numbered { word, number })
}

impl Numbered<'_> {
    /// The tiers that `op` means, where 1 is the highest.
    fn counted(self, op: CompareOp) -> Vec<String> {
        let numbers = match op {
            CompareOp::Greater => 1..self.number,
            CompareOp::GreaterOrEqual => 1..self.number + 1,
            CompareOp::Less => self.number + 1..LOWEST.max(self.number + 1) + 1,
            _ => self.number..LOWEST.max(self.number) + 1,
        };
        numbers.map(|number| format!("{}{number}", self.word)).collect()
    }
}

/// The steps of a ladder that `op` means, as if the ladder were the order.
fn above(ladder: &[&str], text: &str, op: CompareOp) -> Vec<String> {
    let Some(at) = ladder.iter().position(|step| step.eq_ignore_ascii_case(text)) else { return Vec::new() };
    let range = match op {
        CompareOp::Greater => at + 1..ladder.len(),
        CompareOp::GreaterOrEqual => at..ladder.len(),
        CompareOp::Less => 0..at,
        _ => 0..at + 1,
    };
    // The tiers are spelled as the text is.
    let spelled = |step: &str| {
        if text.starts_with(char::is_uppercase) && text != text.to_uppercase() {
            step[..1].to_uppercase() + &step[1..]
        } else if text == text.to_uppercase() {
            step.to_uppercase()
        } else {
            step.to_owned()
        }
    };
    ladder[range].iter().map(|step| spelled(step)).collect()
}

/// The grades that `op` means where A is the best.
fn letters(text: &str, op: CompareOp) -> Vec<String> {
    let Some(letter) = text.bytes().next() else { return Vec::new() };
    let range = match op {
        CompareOp::Greater => b'A'..letter,
        CompareOp::GreaterOrEqual => b'A'..letter + 1,
        CompareOp::Less => letter + 1..b'E',
        _ => letter..b'E',
    };
    range.map(|letter| char::from(letter).to_string()).collect()
}

/// Collects the texts that an expression of branches can give; false if it can give anything else.
fn texts_of<'e>(expr: &'e Expr, found: &mut BTreeSet<&'e str>, depth: usize) -> bool {
    match &expr.kind {
        ExprKind::Text(text) => {
            found.insert(text);
            true
        }
        ExprKind::Call { args, .. } if depth < 40 => {
            let Some((builtin, _)) = crate::analysis::view::call(expr) else { return false };
            let role = |index: usize| builtin.param_of(index, args.len()).map(|param| param.role);
            let mut results = args
                .iter()
                .enumerate()
                .filter(|(index, _)| matches!(role(*index), Some(Role::Result | Role::Otherwise)));
            let mut any = false;
            let all = results.all(|(_, result)| {
                any = true;
                texts_of(result, found, depth + 1)
            });
            any && all
        }
        _ => false,
    }
}
