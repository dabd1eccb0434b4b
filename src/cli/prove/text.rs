//! A proof as text.

use crate::analysis::blank::Earning;
use crate::analysis::possible::Interval;
use crate::diagnostics::Count;
use crate::syntax::print_number;
use crate::tools::prove::{ColumnProof, Decision, Proof, Reached, Status};
use crate::types::Type;
use crate::value::{Value, json_text};
use std::fmt::Write;

/// More values than this are not printed one by one.
const MOST_VALUES: usize = 40;
/// For more values than this, no rows are shown.
const MOST_ROWS: usize = 12;

/// The whole proof.
pub(super) fn proof(proof: &Proof) -> String {
    let mut text = String::new();
    for column in &proof.columns {
        write_column(&mut text, column);
        text.push('\n');
    }
    if !proof.properties.is_empty() {
        text.push_str("properties\n");
        for decision in &proof.properties {
            write_decision(&mut text, decision);
        }
    }
    format!("{}\n", text.trim_end())
}

fn write_column(text: &mut String, column: &ColumnProof) {
    let word = if column.is_private { "let " } else { "" };
    let _ = writeln!(text, "{word}{}  {}", column.name, summary(column));
    if let Some(values) = column.values.as_deref().filter(|all| all.len() > 1) {
        write_values(text, values);
    }
    for value in &column.unreachable {
        let _ = writeln!(text, "  {value} is never reached");
    }
    for error in &column.errors {
        let Some(found) = error.error.as_error() else { continue };
        let _ = writeln!(text, "  can be {}: {}", found.code, found.message);
        let _ = writeln!(text, "    {}", error.witness.json());
    }
    for blank in column.blank.iter().filter(|one| is_interesting(&one.earning)) {
        let Earning { input, blank: empty, filled, .. } = &blank.earning;
        let results = blank.results.as_ref().filter(|results| *results != empty);
        let results = results.map(|all| format!(" ({} in all)", range(all))).unwrap_or_default();
        let _ = writeln!(text, "  {input}: {} if empty{results}, {} otherwise", range(empty), range(filled));
    }
    for (word, inputs) in [("rises", &column.rises), ("falls", &column.falls)] {
        if !inputs.is_empty() {
            let _ = writeln!(text, "  {word} with {}", inputs.join(", "));
        }
    }
}

/// Whether an empty value makes a difference that is known.
fn is_interesting(earning: &Earning) -> bool {
    earning.blank.low.is_finite() && earning.blank.high.is_finite() && earning.blank != earning.filled
}

fn range(interval: &Interval) -> String {
    match (interval.low.is_finite(), interval.high.is_finite()) {
        (true, true) if interval.low < interval.high => {
            format!("{} to {}", print_number(interval.low), print_number(interval.high))
        }
        (true, true) => print_number(interval.low),
        (true, false) => format!("{} or more", print_number(interval.low)),
        (false, true) => format!("{} or less", print_number(interval.high)),
        (false, false) => "any number".to_owned(),
    }
}

fn summary(column: &ColumnProof) -> String {
    if let Some(values) = &column.values {
        let count = Count(values.len(), "value");
        return match values.as_slice() {
            [] => "always an error".to_owned(),
            [only] => format!("always {}", json_text(&only.value)),
            _ => match column.min.zip(column.max) {
                Some((min, max)) if min < max => format!("{count} {}{}", ends(min, max), others(column)),
                _ => count.to_string(),
            },
        };
    }
    let numbers = match (column.min, column.max) {
        (Some(min), Some(max)) => ends(min, max),
        (Some(min), None) => format!("{} or more", print_number(min)),
        (None, Some(max)) => format!("{} or less", print_number(max)),
        (None, None) => return "any value".to_owned(),
    };
    format!("{numbers}{}", others(column))
}

/// `from 0 to 49`
fn ends(min: f64, max: f64) -> String {
    if min < max { format!("from {} to {}", print_number(min), print_number(max)) } else { print_number(min) }
}

/// What the column can be besides a number: `, text, or Blank`.
fn others(column: &ColumnProof) -> String {
    let word = |ty: &Type| if *ty == Type::Blank { "Blank" } else { ty.with_article() };
    let mut words: Vec<&str> = column.types.iter().filter(|ty| **ty != Type::Number).map(word).collect();
    words.sort_by_key(|word| *word == "Blank");
    match words.as_slice() {
        [] => String::new(),
        [only] => format!(", or {only}"),
        [before @ .., last] => format!(", {}, or {last}", before.join(", ")),
    }
}

fn write_values(text: &mut String, values: &[Reached]) {
    if values.len() > MOST_ROWS {
        let shown: Vec<String> = values.iter().take(MOST_VALUES).map(|one| json_text(&one.value)).collect();
        let more = if values.len() > MOST_VALUES { ", …" } else { "" };
        let _ = writeln!(text, "  {}{more}", shown.join(", "));
        for one in [values.first(), values.last()].into_iter().flatten() {
            let _ = writeln!(text, "  {}  {}", json_text(&one.value), one.witness.json());
        }
        return;
    }
    let width = values.iter().map(|one| json_text(&one.value).chars().count()).max().unwrap_or(0);
    for one in values {
        let value = match &one.value {
            Value::Blank => "Blank".to_owned(),
            other => json_text(other),
        };
        let _ = writeln!(text, "  {value:width$}  {}", one.witness.json());
    }
}

fn write_decision(text: &mut String, decision: &Decision) {
    let mark = match decision.status {
        Status::Proved => "✓ proved   ",
        Status::Refuted { .. } => "✗ refuted  ",
        Status::Undecided => "? undecided",
    };
    let _ =
        writeln!(text, "  {mark}  {}  {}  ({})", decision.column, decision.property.text, decision.method);
    if let Status::Refuted { case, before } = &decision.status {
        for one in before.iter().chain([case]) {
            let _ = writeln!(text, "    {} for {}", one.result, one.row.json());
        }
    }
}
