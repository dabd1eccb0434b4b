//! Formulas that run, but read a column that was hardly meant.

use super::braces::record_inside;
use super::input::Input;
use super::names_read;
use super::order::names_in;
use super::tree::Checked;
use crate::diagnostics::{Diagnostic, Lint};
use crate::span::Span;
use crate::syntax::ast::{
    ColumnDefinition, CompareOp, Expr, ExprKind, InputDeclaration, InputSource, RuleFile,
};
use crate::syntax::{balanced, bare_or_braced, path_text, print};
use std::collections::HashMap;

/// Files with more columns than this are not searched for slips of the finger.
const MOST_NAMES: usize = 500;

/// Words of other languages before the name of a constant or a variable.
const CONSTANTS: [&str; 4] = ["let", "LET", "const", "var"];
/// Further words that are hardly meant as part of a column's name.
const KEYWORDS: [&str; 8] = ["def", "set", "dim", "formula", "field", "column", "Column", "COLUMN"];

/// Adds what is worth a second look.
pub(super) fn lint(file: &RuleFile, checked: &Checked, findings: &mut Vec<Diagnostic>) {
    let mut counts: HashMap<&str, (usize, Span)> = HashMap::new();
    let mut locals: Vec<&str> = Vec::new();
    let text = checked.source.text();
    for formula in file.columns.iter().filter_map(|column| column.formula.as_ref()) {
        names_in(formula, &mut Vec::new(), &mut |name, at| counts.entry(name).or_insert((0, at)).0 += 1);
        let_names(formula, &mut locals);
        findings.extend(comparison_as_name(formula, text).map(Diagnostic::from));
    }
    let is_file = checked.source.name() != "formula";
    let is_unnamed = |column: &&ColumnDefinition| is_file && column.name.span.start == column.name.span.end;
    let unnamed = file.columns.iter().filter(is_unnamed);
    for formula in unnamed.filter_map(|column| column.formula.as_ref()) {
        findings.extend(computed_name(file, formula, &counts).map(Diagnostic::from));
    }
    for column in &file.columns {
        let found = if is_braced(column.name.span, text) { None } else { keyword_in_name(column, &counts) };
        findings.extend(found.map(Diagnostic::from));
    }
    inputs_as_keys(file, checked.source.text(), findings);
    // Comparing every name with every other takes time that only a file made by a program would cost.
    if checked.inputs.len() > MOST_NAMES {
        return;
    }
    let is_known =
        |name: &str| counts.contains_key(name) || file.inputs.iter().any(|input| input.name.value == name);
    let is_declared = |input: &Input| file.inputs.iter().any(|other| other.name.value == input.name);
    for input in checked.inputs.iter().filter(|input| !is_declared(input)) {
        let Some((count, at)) = counts.get(input.name.as_str()).copied() else { continue };
        if file.declares_inputs_at(at.start as usize) {
            continue;
        }
        let written = at.of(checked.source.text());
        // A name in braces is a name, whatever words it has, unless it is a record in another notation.
        let is_braced = written.starts_with('{');
        let instead = if is_braced {
            record_inside(written, &is_known)
        } else {
            sentence(&input.name).or_else(|| operators_inside(&input.name, &is_known))
        };
        if let Some(instead) = instead {
            findings.push(Lint::SentenceAsName { name: input.name.clone(), instead, at }.into());
            continue;
        }
        if is_braced {
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

/// Keys that formulas of inputs read, where another input has that name and does not read the key itself.
fn inputs_as_keys(file: &RuleFile, text: &str, findings: &mut Vec<Diagnostic>) {
    let inputs: HashMap<&str, &InputDeclaration> =
        file.inputs.iter().map(|input| (input.name.value.as_str(), input)).collect();
    for input in &file.inputs {
        let Some(InputSource::Formula(formula)) = &input.source else { continue };
        names_in(formula, &mut Vec::new(), &mut |name, at| {
            let other = inputs.get(name).filter(|other| other.name.value != input.name.value);
            let instead = match other.and_then(|other| other.source.as_ref()) {
                Some(InputSource::Path(path)) if path.key != name => path_text(path),
                Some(InputSource::Formula(source)) if !names_read(source).contains(&name) => {
                    let written = balanced(text, source.span).of(text);
                    written.split_whitespace().collect::<Vec<_>>().join(" ")
                }
                _ => return,
            };
            findings.push(Lint::InputAsKey { name: name.to_owned(), instead, at }.into());
        });
    }
}

/// Whether a name is written in braces, so that all of it is meant as the name.
fn is_braced(name: Span, text: &str) -> bool {
    name.of(text).starts_with('{')
}

/// `Score = IF(…)` and `let limit = 5` as whole formulas: `:=` was probably meant.
fn comparison_as_name(formula: &Expr, text: &str) -> Option<Lint> {
    let ExprKind::Compare { op, lhs, rhs } = &formula.kind else { return None };
    let ExprKind::Name(name) = &lhs.kind else { return None };
    if op.value == CompareOp::Equal
        && !is_braced(lhs.span, text)
        && let Some(own) = defined_name(name)
    {
        let help =
            format!("to define a private column, write `let {} := {}`", bare_or_braced(own), shown(rhs));
        return Some(Lint::ComparisonAsName { name: name.clone(), help, at: op.span });
    }
    let is_branch = match &rhs.kind {
        ExprKind::Call { function, .. } => {
            matches!(function.value.to_ascii_uppercase().as_str(), "IF" | "IFS" | "SWITCH")
        }
        ExprKind::Let { .. } => true,
        _ => false,
    };
    let help = format!("to name the column, write `{} := {}`", bare_or_braced(name), shown(rhs));
    (op.value == CompareOp::Equal && is_branch).then(|| Lint::ComparisonAsName {
        name: name.clone(),
        help,
        at: op.span,
    })
}

/// `Score = a + 1` as the only formula of a file: a comparison with a computed value is hardly meant.
fn computed_name(file: &RuleFile, formula: &Expr, counts: &HashMap<&str, (usize, Span)>) -> Option<Lint> {
    let ExprKind::Compare { op, lhs, rhs } = &formula.kind else { return None };
    let ExprKind::Name(name) = &lhs.kind else { return None };
    let computes = matches!(rhs.kind, ExprKind::Sum(_) | ExprKind::Product(_) | ExprKind::Join(_));
    let is_read_once = counts.get(name.as_str()).is_some_and(|(count, _)| *count == 1);
    let is_declared = file.inputs.iter().any(|input| input.name.value == *name);
    if op.value != CompareOp::Equal || !computes || !is_read_once || is_declared {
        return None;
    }
    let help = format!("to name the column, write `{} := {}`", bare_or_braced(name), shown(rhs));
    Some(Lint::ComparisonAsName { name: name.clone(), help, at: op.span })
}

/// A formula as it is printed, if it fits in a help.
fn shown(formula: &Expr) -> String {
    let printed = print(formula);
    if printed.len() <= 80 && !printed.contains('\n') { printed } else { "…".to_owned() }
}

/// The name that `let x = 5` and `const x = 5` define in other languages.
fn defined_name(name: &str) -> Option<&str> {
    let (word, own) = name.split_once(' ')?;
    CONSTANTS.contains(&word).then_some(own)
}

/// `var Tier := 5`, `Column Score := 5`: the first word is a keyword of other languages, and no formula reads the name.
fn keyword_in_name(column: &ColumnDefinition, counts: &HashMap<&str, (usize, Span)>) -> Option<Lint> {
    let name = column.name.value.as_str();
    let (keyword, rest) = name.split_once(' ')?;
    let is_keyword = CONSTANTS.contains(&keyword) || KEYWORDS.contains(&keyword);
    let is_written = !column.is_private && column.name.span.start < column.name.span.end;
    // `input tokens` can be a column; where formulas read `tokens` alone, it is a declaration.
    let declares = keyword == "input" && counts.contains_key(rest);
    if !is_written || counts.contains_key(name) || !(declares || is_keyword) {
        return None;
    }
    let instead = bare_or_braced(rest);
    let help = if declares {
        let formula = column.formula.as_ref().map(print).unwrap_or_default();
        format!("to declare an input, write `{name}: Any = {formula}`")
    } else if CONSTANTS.contains(&keyword) {
        let private = format!("or `let {instead} := …` for a column that is not written out");
        format!("write the name without `{keyword}`: `{instead} := …`, {private}")
    } else {
        format!("write the name without `{keyword}`: `{instead} := …`")
    };
    Some(Lint::KeywordInName {
        name: name.to_owned(),
        keyword: keyword.to_owned(),
        at: column.name.span,
        help,
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
