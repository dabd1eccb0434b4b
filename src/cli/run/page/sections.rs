//! The sections of the page, each from its part of the report.

use super::chart::{bar, histogram, legend, line, part};
use super::markup::{numbers, paragraph, section, table, words};
use crate::batch::equal_bars;
use crate::cli::run::summary::{duration, effect_numbers, few_texts, rate, scope};
use crate::cli::table::{share, short};
use crate::diagnostics::Count;
use crate::table::credits::Credits;
use crate::table::report::{ColumnReport, ColumnSource, Report};
use std::time::Duration;

/// About how many columns a histogram has.
const HISTOGRAM: usize = 20;

/// How well each column is filled.
pub(super) fn filled(report: &Report) -> String {
    let mut out = String::new();
    for column in report.columns.iter().filter(|column| column.rows > 0) {
        let told = share(column.filled, column.rows);
        let class = if column.is_suspicious() { "alarm" } else { "" };
        let fill = if column.source == ColumnSource::Input { "came" } else { "found" };
        let part = part(column.filled as f64, fill, format!("filled in {told}"));
        let drawn = bar(&format!("{}: filled in {told}", column.name), &[part], column.rows as f64, None);
        out.push_str(&line(&column.name, class, &drawn, &told));
        out.push_str(&doubt(report, column));
    }
    if out.is_empty() {
        return out;
    }
    let worked_on = Count(report.rows.worked_on() as usize, "row");
    let note = paragraph("note", &format!("Of the {worked_on} that were worked on."));
    let entries = [("came", "what rows came with"), ("found", "what the table added")];
    let entries = entries.map(|(class, name)| (class.to_owned(), name.to_owned()));
    section("How well columns are filled", &format!("{note}{}{out}", legend(&entries)))
}

fn doubt(report: &Report, column: &ColumnReport) -> String {
    let mut out = String::new();
    if column.is_suspicious() {
        let step = match column.source {
            ColumnSource::Step(step) => report.steps.get(step),
            _ => None,
        };
        let though = match (step, column.results) {
            (Some(step), Some(results)) => format!(", though {} has {results} results", step.name),
            _ => String::new(),
        };
        out.push_str(&paragraph("alarm", &format!("{} is blank on every row{though}.", column.name)));
    }
    if let Some(error) = &column.first_error {
        let rows = Count(column.errors as usize, "row");
        out.push_str(&paragraph(
            "alarm",
            &format!("{} is an error on {rows}; the first: {error}", column.name),
        ));
    }
    out
}

/// What formulas gave: tiers as bars, numbers as histograms.
pub(super) fn formulas(report: &Report) -> String {
    let formulas = report.columns.iter().filter(|column| column.source == ColumnSource::Formula);
    formulas.map(|column| section(&column.name, &format!("{}{}", spread(column), tiers(column)))).collect()
}

fn spread(column: &ColumnReport) -> String {
    let numbers = &column.numbers;
    if numbers.count() == 0 {
        return String::new();
    }
    let (median, is_about) = numbers.median();
    let about = if is_about { "about " } else { "" };
    let told = format!(
        "Lowest {}, median {about}{}, mean {}, highest {}, over {}.",
        short(numbers.lowest()),
        short(median),
        short(numbers.mean()),
        short(numbers.highest()),
        Count(numbers.count() as usize, "row"),
    );
    let drawn =
        histogram(&format!("How often {} gave which number", column.name), &equal_bars(numbers, HISTOGRAM));
    format!("{}{drawn}", paragraph("note", &told))
}

fn tiers(column: &ColumnReport) -> String {
    let texts = few_texts(column);
    let most = texts.iter().map(|(_, count)| *count).max().unwrap_or(0);
    let one = |(text, count): &(&str, u64)| {
        let told = share(*count, column.rows);
        let part = part(*count as f64, "found", format!("{text}: {told}"));
        line(text, "", &bar(&format!("{text}: {told}"), &[part], most as f64, None), &told)
    };
    texts.iter().map(one).collect()
}

/// The budgets, and what nobody knows the outcome of.
pub(super) fn budgets(report: &Report) -> String {
    let money = &report.money;
    let mut out = String::new();
    for budget in &money.budgets {
        let (spent, most) = (budget.spent.as_number(), budget.most.as_number());
        let told = format!("{} of {}", budget.spent, budget.most);
        let name = scope(&budget.scope);
        let drawn =
            bar(&format!("{name}: {told}"), &[part(spent.min(most), "found", told.clone())], most, None);
        out.push_str(&line(&name, "", &drawn, &told));
    }
    if money.unknown > 0 {
        let calls = Count(money.unknown as usize, "call");
        let told = format!(
            "Nobody knows how {calls} ended; the {} credits reserved for them count as spent.",
            money.spent.unknown
        );
        let rows: Vec<Vec<String>> = money
            .unknown_charges
            .iter()
            .map(|charge| {
                let position =
                    charge.position.map_or_else(|| "–".to_owned(), |position| position.to_string());
                vec![position, charge.step.clone(), charge.provider.clone(), charge.credits.to_string()]
            })
            .collect();
        let heads = [numbers("Row"), words("Step"), words("Provider"), numbers("Credits")];
        let more = money.unknown as usize - rows.len();
        let caption = if more > 0 {
            format!("The first {}", rows.len())
        } else {
            "Calls of unknown outcome".to_owned()
        };
        out.push_str(&paragraph("note", &told));
        out.push_str(&format!(
            "<details><summary>Which</summary>\n{}</details>\n",
            table(&caption, &heads, &rows)
        ));
    }
    out
}

/// What failed for good.
pub(super) fn dead(report: &Report, table_file: &str) -> String {
    if report.dead.is_empty() {
        return String::new();
    }
    let rows: Vec<Vec<String>> = report
        .dead
        .iter()
        .map(|group| {
            let (cells, position) = (group.cells.to_string(), group.position.to_string());
            vec![group.step.clone(), group.class.clone(), cells, position, group.reason.clone()]
        })
        .collect();
    let heads = [words("Step"), words("Kind"), numbers("Cells"), numbers("First row"), words("Why")];
    let note = paragraph("note", &format!("`clayf dlq list {table_file}` lists each of them."));
    section(
        "Dead letters",
        &format!("{}{note}", table("What failed for good, by step and kind", &heads, &rows)),
    )
}

/// What effects did, or would do.
pub(super) fn effects(report: &Report) -> String {
    let mut out = String::new();
    for effect in &report.effects {
        let rows: Vec<Vec<String>> = effect_numbers(effect)
            .into_iter()
            .map(|(count, what)| vec![what.to_owned(), count.to_string()])
            .collect();
        out.push_str(&table(&effect.name, &[words("Rows"), numbers("Count")], &rows));
        for problem in &effect.problems {
            out.push_str(&paragraph("alarm", problem));
        }
    }
    section("Effects", &out)
}

/// How providers held up the run.
pub(super) fn waits(report: &Report) -> String {
    if report.waits.is_empty() {
        return String::new();
    }
    let waited = |time: Duration| if time.is_zero() { "–".to_owned() } else { duration(time) };
    let row = |waits: &crate::table::report::ProviderWaits| {
        vec![waits.provider.clone(), waits.again.to_string(), waited(waits.waited)]
    };
    let rows: Vec<Vec<String>> = report.waits.iter().map(row).collect();
    let heads =
        [words("Provider"), numbers("Calls made again"), numbers("Waits for its rate limit, added up")];
    section("Retries and waits", &table("How providers held up the run", &heads, &rows))
}

/// What each step found and cost, as numbers.
pub(super) fn step_table(report: &Report) -> String {
    let mut rows = Vec::new();
    for step in &report.steps {
        let cells = &step.cells;
        let amount = |credits: Credits| credits.to_string();
        rows.push(vec![
            step.name.clone(),
            cells.due().to_string(),
            cells.success.to_string(),
            rate(step.hit_rate()),
            cells.no_data.to_string(),
            cells.error.to_string(),
            (cells.not_due + cells.came_with).to_string(),
            amount(step.spent().total()),
            step.cost_per_result().map(short).unwrap_or_default(),
        ]);
    }
    let heads = ["Due", "Found", "Hit rate", "None", "Failed", "Not due", "Credits", "Per result"];
    let heads: Vec<_> = std::iter::once(words("Step")).chain(heads.into_iter().map(numbers)).collect();
    table("Cells of each step, and credits of this run", &heads, &rows)
}
