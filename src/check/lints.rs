//! Formulas that run, but read a column that was hardly meant.

use super::braces::record_inside;
use super::order::names_in;
use super::tree::Checked;
use crate::diagnostics::{Diagnostic, Lint};
use crate::span::Span;
use crate::syntax::ast::{ColumnDefinition, CompareOp, Expr, ExprKind, RuleFile};
use crate::syntax::bare_or_braced;
use std::collections::HashMap;

/// Files with more columns than this are not searched for slips of the finger.
const MOST_NAMES: usize = 500;

/// Adds what is worth a second look.
pub(super) fn lint(file: &RuleFile, checked: &Checked, findings: &mut Vec<Diagnostic>) {
    let mut counts: HashMap<&str, (usize, Span)> = HashMap::new();
    let mut locals: Vec<&str> = Vec::new();
    for formula in file.columns.iter().filter_map(|column| column.formula.as_ref()) {
        names_in(formula, &mut Vec::new(), &mut |name, at| counts.entry(name).or_insert((0, at)).0 += 1);
        let_names(formula, &mut locals);
        findings.extend(comparison_as_name(formula).map(Diagnostic::from));
    }
    for column in &file.columns {
        findings.extend(keyword_in_name(column, &counts).map(Diagnostic::from));
    }
    // Comparing every name with every other takes time that only a file made by a program would cost.
    if checked.inputs.len() > MOST_NAMES {
        return;
    }
    let is_known =
        |name: &str| counts.contains_key(name) || file.inputs.iter().any(|input| input.name.value == name);
    for input in checked.inputs.iter().filter(|_| file.inputs.is_empty()) {
        let Some((count, at)) = counts.get(input.name.as_str()).copied() else { continue };
        let written = at.of(checked.source.text());
        let instead = sentence(&input.name)
            .or_else(|| operators_inside(&input.name, &is_known))
            .or_else(|| record_inside(written, &is_known));
        if let Some(instead) = instead {
            findings.push(Lint::SentenceAsName { name: input.name.clone(), instead, at }.into());
            continue;
        }
        // A column that reads the name can't be meant by it: that would be a cycle.
        let is_own = |column: &&ColumnDefinition| {
            column
                .formula
                .as_ref()
                .is_some_and(|formula| formula.span.start <= at.start && at.end <= formula.span.end)
        };
        let others_columns = file.columns.iter().filter(|column| !is_own(column));
        let columns = others_columns.map(|column| (column.name.value.as_str(), "the column"));
        let others =
            counts.iter().filter(|(_, (other, _))| *other > count).map(|(name, _)| (*name, "the column"));
        let names = locals.iter().map(|name| (*name, "the LET name")).chain(columns).chain(others);
        // LET names are often those of the columns in lower case.
        let same_word =
            |other: &str, what: &str| what.contains("LET") && other.eq_ignore_ascii_case(&input.name);
        let near = names.filter(|(other, what)| is_slip(&input.name, other) && !same_word(other, what));
        let mut near: Vec<_> = near.collect();
        near.sort_unstable();
        if let Some((near, what)) = near.first() {
            findings
                .push(Lint::NearName { name: input.name.clone(), near: (*near).to_owned(), what, at }.into());
        }
    }
}

/// `Score = IF(…)` as a whole formula: `:=` was probably meant.
fn comparison_as_name(formula: &Expr) -> Option<Lint> {
    let ExprKind::Compare { op, lhs, rhs } = &formula.kind else { return None };
    let (ExprKind::Name(name), ExprKind::Call { .. } | ExprKind::Let { .. }) = (&lhs.kind, &rhs.kind) else {
        return None;
    };
    let is_branch = match &rhs.kind {
        ExprKind::Call { function, .. } => {
            matches!(function.value.to_ascii_uppercase().as_str(), "IF" | "IFS" | "SWITCH")
        }
        _ => true,
    };
    (op.value == CompareOp::Equal && is_branch)
        .then(|| Lint::ComparisonAsName { name: name.clone(), at: op.span })
}

/// `var Tier := 5`, `Column Score := 5`: the first word is a keyword of other languages, and no formula reads the name.
fn keyword_in_name(column: &ColumnDefinition, counts: &HashMap<&str, (usize, Span)>) -> Option<Lint> {
    let name = column.name.value.as_str();
    let (keyword, rest) = name.split_once(' ')?;
    let keywords =
        ["var", "let", "const", "def", "set", "dim", "formula", "field", "column", "Column", "COLUMN"];
    let is_written = column.name.span.start < column.name.span.end;
    (is_written && keywords.contains(&keyword) && !counts.contains_key(name)).then(|| Lint::KeywordInName {
        name: name.to_owned(),
        keyword: keyword.to_owned(),
        at: column.name.span,
        instead: bare_or_braced(rest),
    })
}

/// All names that LETs in `expr` give.
fn let_names<'e>(expr: &'e Expr, found: &mut Vec<&'e str>) {
    if let ExprKind::Let { bindings, body } = &expr.kind {
        found.extend(bindings.iter().map(|binding| binding.name.value.as_str()));
        bindings.iter().for_each(|binding| let_names(&binding.value, found));
        let_names(body, found);
    }
}

/// Whether one name is a slip of the finger away from the other: one letter, or only the letter case.
fn is_slip(name: &str, other: &str) -> bool {
    if name == other || name.len() < 4 {
        return false;
    }
    let digits = |text: &str| text.chars().filter(char::is_ascii_digit).collect::<String>();
    digits(name) == digits(other)
        && (name.eq_ignore_ascii_case(other) || strsim::osa_distance(name, other) == 1)
}

/// `Work Email is not empty` as a formula.
fn sentence(name: &str) -> Option<String> {
    let endings = [
        (" is not empty", "ISNOTEMPTY"),
        (" is not blank", "ISNOTEMPTY"),
        (" is empty", "ISEMPTY"),
        (" is blank", "ISEMPTY"),
    ];
    endings.iter().find_map(|(ending, function)| {
        let subject = name.strip_suffix(ending)?;
        Some(format!("{function}({})", bare_or_braced(subject)))
    })
}

/// `Work Email and Phone Number` as a formula, where both sides are names of their own.
pub(super) fn operators_inside(name: &str, is_known: &dyn Fn(&str) -> bool) -> Option<String> {
    ["and", "or", "And", "Or"].iter().find_map(|word| {
        let (left, right) = name.split_once(&format!(" {word} "))?;
        (is_known(left) && is_known(right)).then(|| format!("{left} {} {right}", word.to_uppercase()))
    })
}
