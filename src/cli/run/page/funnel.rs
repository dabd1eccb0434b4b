//! The waterfalls: what became of the rows at each provider, and what each step cost by provider.

use super::chart::{bar, legend, line, part};
use super::markup::{escaped, paragraph};
use crate::cli::run::summary::rate;
use crate::cli::table::short;
use crate::table::report::{AskReport, Report, StepReport};

/// The colours of outcomes, in the order in which they stand in a bar.
const OUTCOMES: [(&str, &str); 5] = [
    ("found", "found"),
    ("rejected", "rejected by the check"),
    ("none", "nothing found"),
    ("skipped", "not asked"),
    ("failed", "failed"),
];
/// How many colours providers have.
const COLORS: usize = 6;

/// A funnel for each step.
pub(super) fn funnels(report: &Report) -> String {
    if report.steps.is_empty() {
        return String::new();
    }
    let entries = OUTCOMES.map(|(class, name)| (class.to_owned(), name.to_owned()));
    let steps: String = report.steps.iter().map(funnel).collect();
    let note = "A bar is as long as the rows that got to the provider. The mark is the share of answers that the table \
                expects it to find, of what the ones before leave.";
    format!("{}{}{steps}", paragraph("note", note), legend(&entries))
}

fn funnel(step: &StepReport) -> String {
    let mut out = format!("<h3>{}</h3>\n", escaped(&step.name));
    let told = told(step);
    out.push_str(&paragraph("note", &told));
    let asks: Vec<&AskReport> = step.asks.iter().filter(|ask| !ask.is_check).collect();
    let whole = asks.iter().map(|ask| ask.outcomes.reached()).max().unwrap_or(0) as f64;
    if whole > 0.0 {
        asks.iter().for_each(|ask| out.push_str(&ask_line(ask, whole)));
    }
    out
}

/// `Found for 235 of 278 rows (85 %; the table expects 83 %), 2.16 credits each.`
fn told(step: &StepReport) -> String {
    let cells = &step.cells;
    if cells.due() == 0 {
        return "Due for no row.".to_owned();
    }
    let mut told = format!("Found for {} of the {} rows that it was due for", cells.success, cells.due());
    let expects = step.combined_coverage.map(|share| format!("; the table expects {}", rate(Some(share))));
    if step.answered > 0 {
        let of = if step.answered == cells.due() {
            String::new()
        } else {
            format!(" of the {} answers", step.answered)
        };
        told.push_str(&format!(" ({}{of}{})", rate(step.hit_rate()), expects.unwrap_or_default()));
    }
    if let Some(each) = step.cost_per_result() {
        told.push_str(&format!(", {} credits a result", short(each)));
    }
    if step.kept > 0 {
        told.push_str(&format!("; {} of the results are from earlier runs", step.kept));
    }
    if cells.held > 0 {
        told.push_str(&format!("; {} held back by a budget", cells.held));
    }
    told.push('.');
    told
}

fn ask_line(ask: &AskReport, whole: f64) -> String {
    let outcomes = &ask.outcomes;
    let counts =
        [outcomes.found, outcomes.rejected, outcomes.not_found, outcomes.not_asked(), outcomes.failed];
    let parts: Vec<_> = OUTCOMES
        .iter()
        .zip(counts)
        .map(|((class, name), count)| part(count as f64, class, format!("{}: {count} {name}", ask.title)))
        .collect();
    let told: Vec<String> = OUTCOMES
        .iter()
        .zip(counts)
        .filter(|(_, count)| *count > 0)
        .map(|((_, name), count)| format!("{count} {name}"))
        .collect();
    let mark = ask.expected.filter(|_| outcomes.answered() > 0).map(|share| {
        (share * outcomes.answered() as f64, format!("the table expects {}", rate(Some(share))))
    });
    let value = format!("{} of {}", outcomes.found, outcomes.answered());
    let value = match outcomes.hit_rate() {
        Some(share) => format!("{value}, {}", rate(Some(share))),
        None => value,
    };
    line(&ask.title, "", &bar(&format!("{}: {}", ask.title, told.join(", ")), &parts, whole, mark), &value)
}

/// The credits of each step, stacked by provider.
pub(super) fn credits(report: &Report) -> String {
    let most = report.steps.iter().map(|step| step.spent().total().as_number()).fold(0.0, f64::max);
    if most <= 0.0 {
        return String::new();
    }
    let mut providers: Vec<(String, String)> = Vec::new();
    let mut lines = String::new();
    for step in report.steps.iter().filter(|step| step.spent().total().as_number() > 0.0) {
        let mut parts = Vec::new();
        for ask in step.asks.iter().filter(|ask| ask.spent.total().as_number() > 0.0) {
            let known = providers.iter().position(|(_, title)| *title == ask.title);
            let index = known.unwrap_or_else(|| {
                providers.push((format!("p{}", providers.len() % COLORS), ask.title.clone()));
                providers.len() - 1
            });
            let spent = ask.spent.total();
            parts.push(part(spent.as_number(), &providers[index].0, format!("{}: {spent}", ask.title)));
        }
        let spent = step.spent().total().to_string();
        let drawn = bar(&format!("{}: {spent} credits", step.name), &parts, most, None);
        lines.push_str(&line(&step.name, "", &drawn, &spent));
    }
    format!("{}{lines}", legend(&providers))
}
