//! Columns whose every text a formula fails to read, where nothing else explains it.

use super::bench::{Bench, Place, Site};
use super::findings::Findings;
use super::wants::{Want, wants};
use crate::check::{ColumnId, InputId, Node, NodeKind};
use crate::diagnostics::RowLint;
use crate::eval::{Warning, WarningKind};
use crate::tools::shape::Shape;
use crate::tools::spelled::{Spelled, listed};
use crate::types::Type;
use crate::value::{Value, is_empty};
use std::collections::BTreeMap;

/// A text that only functions of dates read.
const A_MOMENT: &str = "2026-01-31T12:00:00Z";

/// The number of rows in which a formula could not read the text of an input.
#[derive(Debug, Default)]
pub(super) struct Unread(BTreeMap<(ColumnId, InputId), u64>);

impl Unread {
    /// Counts the warnings of one row.
    pub(super) fn add(&mut self, warnings: &[Warning]) {
        let is_unread = |kind| {
            matches!(
                kind,
                WarningKind::UnreadText | WarningKind::SkippedText | WarningKind::UnreadableComparison
            )
        };
        let mut found: Vec<(ColumnId, InputId)> = warnings
            .iter()
            .filter(|warning| is_unread(warning.kind))
            .filter_map(|warning| Some((warning.column, warning.input?)))
            .collect();
        found.sort_unstable();
        found.dedup();
        for place in found {
            *self.0.entry(place).or_default() += 1;
        }
    }

    /// Adds the counts of other rows.
    pub(super) fn merge(&mut self, block: Self) {
        for (place, count) in block.0 {
            *self.0.entry(place).or_default() += count;
        }
    }
}

/// Adds a finding for each input of which a formula reads no text of any row.
pub(super) fn find<'r>(bench: &Bench<'r>, unread: &Unread, findings: &mut Findings<'r>) {
    for ((column, input), count) in &unread.0 {
        let Some(place) = bench.place_of_input(*input).filter(|place| !findings.has(place)) else { continue };
        let Some(shape) = bench.shape(&place) else { continue };
        if *count < shape.filled() || !is_all_text(shape) {
            continue;
        }
        let Some(spellings) = bench.spellings(&place) else { continue };
        // Placeholders are not read on purpose.
        let words = spellings.list(Spelled::Words);
        let sites = bench.sites.iter().chain(&bench.input_sites).filter(|site| site.column == *column);
        let Some((node, wanted)) = sites.into_iter().find_map(|site| wanted(bench, site, &place)) else {
            continue;
        };
        if words.is_empty() {
            continue;
        }
        let lint = RowLint::UnexpectedKind {
            name: bench.written(node),
            wanted: wanted.to_owned(),
            found: "unreadable text".to_owned(),
            rows: bench.share(&place, *count),
            values: format!(": {}", listed(&words)),
            at: node.span,
            help: None,
        };
        findings.add(&place, lint);
    }
}

fn is_all_text(shape: &Shape) -> bool {
    shape.filled() > 0 && shape.texts - shape.values.empty_texts() == shape.filled()
}

/// Returns the node of a site that reads the place, and what is expected of it.
fn wanted<'r>(bench: &Bench<'r>, site: &Site<'r>, place: &Place<'r>) -> Option<(&'r Node, &'static str)> {
    let reads = |node: &'r Node| bench.place(node, &site.scope).is_some_and(|own| own.is(place));
    let expected = wants(site, bench.clock).into_iter().find(|(_, node)| reads(node));
    if let Some((want, node)) = expected {
        let wanted = match want {
            Want::Date => "a date",
            Want::NumberOrDate => "a number or date",
            Want::Condition => return None,
            Want::Number | Want::Numbers | Want::Amount => "a number",
        };
        return Some((node, wanted));
    }
    let NodeKind::Call(builtin, args) = &site.node.kind else { return None };
    let node = args.iter().find(|arg| reads(arg))?;
    let gives_value = |text: &str| {
        let value = Value::Text(text.to_owned().into());
        let result = bench.value_with(site.node, node, &site.scope, value);
        result.is_some_and(|result| !is_empty(&result) && result.as_error().is_none())
    };
    let shape = bench.shape(place)?;
    let (first, _) = shape.values.texts().find(|(text, _)| !text.trim().is_empty())?;
    if gives_value(first) {
        return None;
    }
    let wanted = match builtin.returns.ty {
        Type::Date => "a date",
        _ if gives_value(A_MOMENT) => "a number or date",
        _ => "a number",
    };
    Some((node, wanted))
}
