//! `clayf diff --prove`: two versions over all possible rows.

use super::{DiffArgs, DiffFormat};
use crate::cli::json::value;
use crate::cli::{Failure, report};
use crate::diagnostics::Count;
use crate::rules::Rules;
use crate::tools::prove::{Comparison, Difference, Equivalence, compare, differing};
use crate::value::Clock;
use serde_json::{Value as Json, json};
use std::fmt::Write;

/// More regions than this are only counted.
const MOST_REGIONS: usize = 20;

/// Prints whether the versions are equivalent, or where they differ.
pub(super) fn prove(args: &DiffArgs, old: &Rules, new: &Rules, clock: &Clock) -> Result<(), Failure> {
    if args.fail_if.is_some() {
        return Err(Failure::Usage("--fail-if needs rows; with --prove, read the JSON instead".to_owned()));
    }
    let Some(comparisons) = compare(old, new, clock) else {
        let why = differing(old, new).map(|why| format!(": {why}")).unwrap_or_default();
        return Err(Failure::Run(format!(
            "the versions can't be analyzed together{why}\n  help: compare them over rows: `clayf diff OLD NEW ROWS`"
        )));
    };
    let names = |rules: &Rules| rules.output_names().map(ToOwned::to_owned).collect::<Vec<_>>();
    let (old_names, new_names) = (names(old), names(new));
    let missing = |from: &[String], other: &[String]| -> Vec<String> {
        from.iter().filter(|name| !other.contains(name)).cloned().collect()
    };
    let (removed, added) = (missing(&old_names, &new_names), missing(&new_names, &old_names));
    let printed = match args.format {
        DiffFormat::Json => {
            let columns: Vec<Json> = comparisons.iter().map(comparison_json).collect();
            let all = json!({ "columns": columns, "removed": removed, "added": added });
            format!("{}\n", serde_json::to_string_pretty(&all).unwrap_or_default())
        }
        DiffFormat::Text | DiffFormat::Markdown => text(args, &comparisons, &removed, &added),
    };
    report::to_stdout(&printed)
}

fn text(args: &DiffArgs, comparisons: &[Comparison], removed: &[String], added: &[String]) -> String {
    let mut text = format!("{} → {}, all rows\n", args.old.display(), args.new.display());
    for (word, names) in [("removed", removed), ("added", added)] {
        if !names.is_empty() {
            let _ = writeln!(text, "{word}: {}", names.join(", "));
        }
    }
    for comparison in comparisons {
        let column = &comparison.column;
        match &comparison.outcome {
            Equivalence::Equivalent { method } => {
                let _ = writeln!(text, "\n{column}  equivalent ({method})");
            }
            Equivalence::Undecided { reason } => {
                let _ = writeln!(text, "\n{column}  not decided: {reason}");
            }
            Equivalence::Different { regions } if !comparison.follows.is_empty() => {
                let _ = writeln!(text, "\n{column}  differs where {} does", comparison.follows.join(" or "));
                write_changes(&mut text, regions);
            }
            Equivalence::Different { regions } => {
                let _ = writeln!(text, "\n{column}  differs in {}", Count(regions.len(), "region"));
                regions.iter().take(MOST_REGIONS).for_each(|region| write_region(&mut text, region));
                if regions.len() > MOST_REGIONS {
                    let _ = writeln!(text, "  and {} more", Count(regions.len() - MOST_REGIONS, "region"));
                }
            }
        }
    }
    text
}

/// Each change once, with the smallest row.
fn write_changes(text: &mut String, regions: &[Difference]) {
    let mut seen: Vec<String> = Vec::new();
    for region in regions {
        let change = region.change_in_words();
        if seen.len() < MOST_REGIONS && !seen.contains(&change) {
            let _ = writeln!(text, "  {change}  {}", region.row);
            seen.push(change);
        }
    }
}

fn write_region(text: &mut String, region: &Difference) {
    let _ = writeln!(text, "  {}: {}", region.region, region.change_in_words());
    let _ = writeln!(text, "    {}", region.row);
}

fn comparison_json(comparison: &Comparison) -> Json {
    let (status, regions, reason) = match &comparison.outcome {
        Equivalence::Equivalent { method } => ("equivalent", Vec::new(), method.clone()),
        Equivalence::Undecided { reason } => ("undecided", Vec::new(), reason.clone()),
        Equivalence::Different { regions } => {
            ("different", regions.iter().map(region_json).collect(), String::new())
        }
    };
    json!({ "column": comparison.column, "status": status, "method": reason, "follows": comparison.follows, "regions": regions })
}

fn region_json(region: &Difference) -> Json {
    let row: Json = serde_json::from_str(&region.row).unwrap_or(Json::Null);
    json!({
        "region": region.region,
        "is_whole": region.is_whole,
        "change": region.change,
        "row": row,
        "old": value(&region.old),
        "new": value(&region.new),
    })
}
