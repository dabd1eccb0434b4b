//! `clayf profile`: the columns of rows, for people and for tools.

use super::args::FormatArg;
use super::json::{number, value};
use super::table::share;
use super::{Failure, check, input, report, summary};
use crate::diagnostics::{Count, Diagnostics, visible, visible_line};
use crate::tools::against_rows::compare;
use crate::tools::row_profile::{ColumnProfile, RowProfile, profile_of, row_profile};
use crate::value::{Clock, Value, number_text};
use clap::Args;
use serde_json::{Map, Value as Json, json};
use std::fmt::Write;
use std::path::PathBuf;

pub(super) const EXAMPLES: &str = "\
Examples:
  clayf profile leads.jsonl
  clayf profile leads.csv --json
  clayf profile leads.jsonl --rule score.clay    only the columns that the rule reads, and what does not fit";

/// The longest value that is shown.
const LONGEST: usize = 40;

#[derive(Args, Debug)]
pub(super) struct ProfileArgs {
    /// The rows: files, or `-` for standard input
    #[arg(value_name = "ROWS", required = true)]
    rows: Vec<PathBuf>,
    /// Profile only the columns that this rule file reads, and compare it with the rows
    #[arg(long, value_name = "FILE")]
    rule: Option<PathBuf>,
    /// Print JSON
    #[arg(long)]
    json: bool,
    /// The format of the rows [default: inferred from the file extension; JSON lines for standard input]
    #[arg(long, value_name = "FORMAT")]
    from: Option<FormatArg>,
}

/// Profiles the columns of the rows, and prints what does not fit the rule.
pub(super) fn profile(args: &ProfileArgs) -> Result<(), Failure> {
    let files = input::with_formats(&args.rows, args.from)?;
    input::note_repeated(&files)?;
    let inputs = input::opened(&files);
    let clock = Clock::system();
    let failed = |error: crate::batch::BatchError| Failure::Run(error.to_string());
    let (profile, findings) = match &args.rule {
        None => (row_profile(&clock, None, inputs).map_err(failed)?, None),
        Some(rule) => {
            let rules = check::load(rule)?;
            let found = compare(&rules, &clock, inputs).map_err(failed)?;
            let findings = check::with_rows(&rules, &found, rules.warnings(), Vec::new());
            (profile_of(&clock, rules.keys(), &found), Some(findings))
        }
    };
    report::to_stdout(&if args.json { as_json(&profile, findings.as_ref()) } else { as_text(&profile) })?;
    report::text(&summary::unread_rows(&profile.bad_rows));
    if let Some(findings) = findings.filter(|_| !args.json) {
        if findings.has_errors() {
            return Err(Failure::Rules(findings));
        }
        report::diagnostics(&findings);
    }
    profile.first_bad.map_or(Ok(()), |first| Err(Failure::Run(first)))
}

fn as_text(profile: &RowProfile) -> String {
    let mut text = String::new();
    let columns = Count(profile.columns.len(), "column");
    let _ = writeln!(text, "{}, {columns}", Count(profile.rows as usize, "row"));
    for column in &profile.columns {
        text.push('\n');
        write_column(&mut text, column, profile.rows);
    }
    visible(&text).into_owned()
}

fn write_column(text: &mut String, column: &ColumnProfile, rows: u64) {
    let more = if column.has_more { "more than " } else { "" };
    let _ = writeln!(text, "{}", column.name);
    let _ = write!(text, "  filled {}", share(column.filled, rows));
    let _ = if column.distinct > 0 {
        writeln!(text, "   distinct {more}{}", column.distinct)
    } else {
        writeln!(text)
    };
    let kinds = column.kinds.iter().map(|(kind, count)| format!("{kind} {count}"));
    write_line(text, "kinds", &kinds.collect::<Vec<_>>());
    if let Some([lowest, median, highest]) = column.numbers {
        let about = if column.has_more { "~" } else { "" };
        let [lowest, median, highest] = [lowest, median, highest].map(number_text);
        let _ = writeln!(text, "  numbers       min {lowest}   median {about}{median}   max {highest}");
    }
    let top = column.top.iter().map(|(value, count)| format!("{} {count}", shown(value)));
    write_line(text, "top", &top.collect::<Vec<_>>());
    for (function, results) in &column.functions {
        let results = results.iter().map(|(result, count)| format!("{result} {count}"));
        write_line(text, function, &results.collect::<Vec<_>>());
    }
    for advice in &column.advice {
        let _ = writeln!(text, "  {advice}");
    }
}

fn write_line(text: &mut String, name: &str, parts: &[String]) {
    if !parts.is_empty() {
        let _ = writeln!(text, "  {name:<13} {}", parts.join("   "));
    }
}

/// A value on one line, cut where it is long.
fn shown(value: &Value<'_>) -> String {
    let Value::Text(text) = value else { return crate::value::json_text(value) };
    let mut cut: String = text.chars().take(LONGEST).collect();
    if cut.len() < text.len() {
        cut.push('…');
    }
    format!("\"{}\"", visible_line(&cut))
}

fn as_json(profile: &RowProfile, findings: Option<&Diagnostics>) -> String {
    let columns: Vec<Json> = profile.columns.iter().map(column_json).collect();
    let mut whole = json!({ "rows": profile.rows, "bad_rows": profile.bad_rows.count, "columns": columns });
    if let (Some(findings), Json::Object(members)) = (findings, &mut whole) {
        members.insert("findings".to_owned(), super::json::findings(findings));
    }
    format!("{whole:#}\n")
}

fn column_json(column: &ColumnProfile) -> Json {
    let counts = |list: &[(String, u64)]| -> Map<String, Json> {
        list.iter().map(|(name, count)| (name.clone(), json!(count))).collect()
    };
    let kinds: Map<String, Json> =
        column.kinds.iter().map(|(kind, count)| ((*kind).to_owned(), json!(count))).collect();
    let top: Vec<Json> =
        column.top.iter().map(|(top, count)| json!({ "value": value(top), "count": count })).collect();
    let functions: Map<String, Json> =
        column.functions.iter().map(|(name, list)| ((*name).to_owned(), counts(list).into())).collect();
    json!({
        "name": column.name,
        "count": column.count,
        "filled": column.filled,
        "distinct": column.distinct,
        "distinct_is_complete": !column.has_more,
        "kinds": kinds,
        "top": top,
        "min": column.numbers.map(|[lowest, ..]| number(lowest)),
        "median": column.numbers.map(|[_, median, _]| number(median)),
        "max": column.numbers.map(|[.., highest]| number(highest)),
        "functions": functions,
        "advice": column.advice,
    })
}
