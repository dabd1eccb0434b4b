//! The report as one page that stands alone: HTML, its style and its charts, without a script and without a request.

mod chart;
mod funnel;
mod markup;
mod sections;

use super::summary::{duration, row_states};
use crate::cli::Failure;
use crate::cli::output::Output;
use crate::table::report::{Facts, Report};
use markup::{escaped, paragraph, section, tile};
use std::io::Write;
use std::path::Path;

/// Writes the page to a file. `table` is the table's.
pub(super) fn write(report: &Report, table: &Path, path: &Path) -> Result<(), Failure> {
    let failed = |error| Failure::Run(format!("can't write {}: {error}", path.display()));
    let mut out = Output::open(Some(path))?;
    out.write_all(page(report, table).as_bytes()).map_err(failed)?;
    out.finish().map_err(failed)
}

fn page(report: &Report, table: &Path) -> String {
    let file = table.file_name().unwrap_or_default().to_string_lossy();
    let title = escaped(&report.facts.table);
    let credits = format!("{}{}", funnel::credits(report), sections::budgets(report));
    let steps = if report.steps.is_empty() { String::new() } else { sections::step_table(report) };
    let body = [
        format!("<header>\n<h1>{title}</h1>\n{}</header>\n", headline(report)),
        rows(report),
        section("Waterfalls", &format!("{}{steps}", funnel::funnels(report))),
        section("Credits", &credits),
        sections::formulas(report),
        sections::filled(report),
        sections::effects(report),
        sections::dead(report, &file),
        sections::waits(report),
        footer(&report.facts, &file),
    ]
    .concat();
    format!(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"color-scheme\" content=\"light dark\">\n<title>{title}</title>\n<style>\n{}</style>\n</head>\n\
         <body>\n<main>\n{body}</main>\n</body>\n</html>\n",
        include_str!("page/style.css")
    )
}

/// The few numbers that are read first.
fn headline(report: &Report) -> String {
    let counts = report.rows.counts;
    let mut tiles = tile(counts.input(), "rows", &format!("{} done", counts.done));
    let spent = &report.money.spent;
    if !report.steps.is_empty() {
        let unknown = (report.money.unknown > 0).then(|| format!("{} of unknown outcome", spent.unknown));
        tiles.push_str(&tile(spent.total(), "credits", &unknown.unwrap_or_default()));
    }
    // The waterfall with the most providers is what people ask about first.
    let main = report
        .steps
        .iter()
        .filter(|step| step.answered > 0)
        .rev()
        .max_by_key(|step| (step.asks.len(), step.combined_coverage.is_some()));
    if let Some(step) = main {
        let each =
            step.cost_per_result().map(|each| format!("{} credits each", crate::cli::table::short(each)));
        tiles.push_str(&tile(
            step.cells.success,
            &format!("found by {}", step.name),
            &each.unwrap_or_default(),
        ));
    }
    let dead: u64 = report.dead.iter().map(|group| group.cells).sum();
    if dead > 0 {
        tiles.push_str(&tile(dead, "dead letters", &format!("{} rows", counts.dead)));
    }
    format!("<dl class=\"tiles\">\n{tiles}</dl>\n")
}

/// The states of the rows, which add up to the input.
fn rows(report: &Report) -> String {
    let states = row_states(report);
    let parts: Vec<String> = states.iter().map(|(count, state)| format!("{count} {state}")).collect();
    if parts.is_empty() {
        return section("Rows", &paragraph("note", "The input has no rows."));
    }
    let mut out =
        paragraph("", &format!("{} in the input = {}.", report.rows.counts.input(), parts.join(" + ")));
    for skipped in &report.rows.skipped {
        out.push_str(&paragraph("note", &format!("Skipped: {} rows, {}.", skipped.rows, skipped.reason)));
    }
    section("Rows", &out)
}

fn footer(facts: &Facts, file: &str) -> String {
    let mut told =
        vec![format!("Table {file}"), format!("run {}", facts.run), format!("started {}", facts.started)];
    if facts.continued {
        told.push("interrupted and continued".to_owned());
    }
    if let Some(took) = facts.took {
        told.push(format!("took {}", duration(took)));
    }
    told.push(format!("clayf {}", env!("CARGO_PKG_VERSION")));
    format!("<footer>{}</footer>\n", escaped(&told.join(" · ")))
}
