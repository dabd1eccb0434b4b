//! The decision tables that rule files name: read, and added as private columns.

use super::files::Files;
use super::imports::shown;
use crate::check::Checked;
use crate::diagnostics::{CheckError, DecisionError, Diagnostic, Source, did_you_mean, suggest};
use crate::span::Span;
use crate::syntax::ast::{DecisionDeclaration, RuleFile};
use crate::syntax::{bare_or_braced, decision};
use std::io;
use std::ops::Range;
use std::sync::Arc;

/// A decision table may have this many bytes.
const MOST_BYTES: usize = 8 << 20;

/// Reads the decision tables that a rule file declares, and adds a private column for each. Its formula, and the text of
/// the table, become texts of `source`.
pub(super) fn load(
    file: &mut RuleFile,
    source: &mut Source,
    files: &dyn Files,
    findings: &mut Vec<Diagnostic>,
) {
    for index in 0..file.decisions.len() {
        write(&mut file.decisions[index], source, files, findings);
    }
    let unknown: Vec<bool> = file.decisions.iter().map(|one| has_unknown_name(one, file, findings)).collect();
    for (declaration, has_unknown) in file.decisions.iter_mut().zip(unknown) {
        // A name that is unknown is reported once, at its header.
        declaration.formula = declaration.formula.filter(|_| !has_unknown);
        file.columns.push(declaration.column(source.text(), findings));
    }
}

/// Replaces the text in a range of the formula of a decision table of `known`, another version of the rules.
pub(super) fn edit(
    file: &mut RuleFile,
    source: &mut Source,
    known: &Checked,
    range: Range<usize>,
    replacement: &str,
    findings: &mut Vec<Diagnostic>,
) {
    for declaration in &known.decisions {
        let Some(formula) = declaration
            .formula
            .filter(|formula| (formula.start as usize..=formula.end as usize).contains(&range.start))
        else {
            continue;
        };
        let from = formula.start as usize;
        let mut text = formula.of(known.source.text()).to_owned();
        text.replace_range(range.start - from..range.end - from, replacement);
        let start = source.append(&declaration.file.value, &text);
        let formula = Some(Span::new(start, start + text.len()));
        let edited = DecisionDeclaration { formula, ..declaration.clone() }.column(source.text(), findings);
        let columns = file.columns.iter_mut().filter(|column| column.name == edited.name);
        columns.for_each(|column| column.formula.clone_from(&edited.formula));
    }
}

/// Reads a table, and appends its text and its formula to the source.
fn write(
    declaration: &mut DecisionDeclaration,
    source: &mut Source,
    files: &dyn Files,
    findings: &mut Vec<Diagnostic>,
) {
    let text = match text_of(declaration, files) {
        Ok(text) => text,
        Err(error) => return findings.push(error.into()),
    };
    let declared_in = source.part_at(declaration.span.start as usize).name;
    let name = shown(declared_in, &declaration.file.value);
    let start = source.append(&name, &text);
    let Some(table) = decision::read(source.text(), start, findings) else { return };
    let formula = decision::write(&table, declaration.policy);
    let start = source.append_written(&formula.text, formula.places);
    declaration.loaded = Some(Arc::new(table));
    declaration.formula = Some(Span::new(start, start + formula.text.len()));
}

/// Whether a header is a name that a file with declared inputs does not have. Each is a finding.
fn has_unknown_name(
    declaration: &DecisionDeclaration,
    file: &RuleFile,
    findings: &mut Vec<Diagnostic>,
) -> bool {
    let Some(table) = declaration.loaded.as_ref().filter(|_| !file.inputs.is_empty()) else { return false };
    let names: Vec<&str> = (file.inputs.iter().map(|input| &input.name))
        .chain(file.columns.iter().filter(|column| column.is_readable).map(|column| &column.name))
        .chain(file.decisions.iter().map(|decision| &decision.name))
        .map(|name| name.value.as_str())
        .collect();
    let before = findings.len();
    for column in &table.conditions {
        let Some(name) = column.name.as_deref().filter(|name| !names.contains(name)) else { continue };
        let help = did_you_mean(&suggest(name, names.iter().copied()));
        let help = help.or_else(|| Some(format!("declare it: `input {}: Any`", bare_or_braced(name))));
        let why = "not declared as an input".to_owned();
        findings.push(
            CheckError::UnknownColumn { name: name.to_owned(), at: column.header.span, why, help }.into(),
        );
    }
    findings.len() > before
}

fn text_of(declaration: &DecisionDeclaration, files: &dyn Files) -> Result<Arc<str>, DecisionError> {
    let file = &declaration.file;
    let error = |problem: &str, why: String, help: &str| DecisionError::DecisionFile {
        file: file.value.clone(),
        problem: problem.to_owned(),
        at: file.span,
        why,
        help: help.to_owned(),
    };
    let is_csv = std::path::Path::new(&file.value)
        .extension()
        .is_some_and(|ending| ending.eq_ignore_ascii_case("csv"));
    if !is_csv {
        let why = "the name does not end in `.csv`".to_owned();
        return Err(error("not a CSV file", why, "save the table as CSV, in UTF-8, and write its name here"));
    }
    let text = files.read_text(&declaration.path()).map_err(|failed| match failed.kind() {
        io::ErrorKind::NotFound => error(
            "there is no such file",
            "not found".to_owned(),
            "write the path relative to the folder of the rule file",
        ),
        io::ErrorKind::InvalidData => error("not text", failed.to_string(), "save the table as CSV in UTF-8"),
        _ => error(
            "the file can't be read",
            failed.to_string(),
            "write the path of a CSV file that can be read",
        ),
    })?;
    if text.len() > MOST_BYTES {
        let why = format!("larger than {} MiB", MOST_BYTES >> 20);
        return Err(error(
            "the file is too large",
            why,
            "split the table, or declare it as lookup data: `data NAME = \"FILE\" key COLUMN`",
        ));
    }
    Ok(text)
}
