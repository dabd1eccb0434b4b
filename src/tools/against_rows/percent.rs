//! Rates on another scale than the rule expects: fractions from 0 to 1 compared with 20, whole numbers with 10%.

use super::bench::{Bench, Place, Site};
use super::findings::Findings;
use crate::check::{Node, NodeKind};
use crate::diagnostics::RowLint;
use crate::span::Span;
use crate::tools::shape::ShapeStep;
use crate::value::{Value, number_text, read_number};

/// Words in the name of a column that is a rate.
const RATES: [&str; 14] = [
    "rate",
    "percent",
    "pct",
    "%",
    "ratio",
    "share",
    "growth",
    "margin",
    "probability",
    "likelihood",
    "confidence",
    "conversion",
    "utilization",
    "discount",
];
/// Rows from which a column counts as a rate whatever its name.
const ENOUGH: u64 = 20;

/// The numbers at a place.
struct Numbers {
    lowest: f64,
    highest: f64,
    count: u64,
    has_fraction: bool,
    /// Whether all are text with a percent sign.
    are_percent: bool,
}

/// Adds a finding for each rate on another scale.
pub(super) fn find<'r>(bench: &Bench<'r>, findings: &mut Findings<'r>) {
    for site in &bench.sites {
        match &site.node.kind {
            NodeKind::Compare(_, sides) => {
                for (own, other) in [(&sides.0, &sides.1), (&sides.1, &sides.0)] {
                    against(bench, site, own, &[other], findings);
                }
            }
            NodeKind::Call(builtin, args) => match builtin.name {
                "BETWEEN" | "CLAMP" => {
                    against(bench, site, &args[0], &args[1..].iter().collect::<Vec<_>>(), findings);
                }
                "SCALE" => against(bench, site, &args[0], &[&args[1], &args[2]], findings),
                "ROUND" | "ROUNDUP" | "ROUNDDOWN" | "INT" | "TRUNC" => {
                    rounded(bench, site, builtin.name, args, findings);
                }
                _ => {}
            },
            NodeKind::Bucket { value, steps, .. } => {
                let limits: Vec<&Node> = steps.iter().map(|step| &step.condition).collect();
                against(bench, site, value, &limits, findings);
            }
            NodeKind::Join(parts) => {
                for pair in parts.windows(2) {
                    joined(bench, site, &pair[0], &pair[1], findings);
                }
            }
            _ => {}
        }
    }
}

/// `Open Rate & "%"`: shown as 0.35%.
fn joined<'r>(bench: &Bench<'r>, site: &Site<'r>, own: &'r Node, next: &Node, findings: &mut Findings<'r>) {
    let is_sign =
        matches!(&next.kind, NodeKind::Constant(Value::Text(text)) if text.trim_start().starts_with('%'));
    let Some(place) = bench.place(own, &site.scope).filter(|_| is_sign) else { return };
    let Some(numbers) = numbers_at(bench, &place).filter(Numbers::are_fractions) else { return };
    if is_rate(bench, &place, &numbers) && !numbers.are_percent {
        let name = bench.written(own);
        let help = format!("write `TEXT({name}, \"0%\")` or `ROUND({name} * 100) & \"%\"`");
        let problem = format!("`{}%` is shown for {0}", number_text(numbers.highest));
        add(bench, &place, name, ("a fraction", &numbers), (problem, help), site.node.span, findings);
    }
}

/// A number that is written out, and whether it has a percent sign.
fn constant(bench: &Bench<'_>, node: &Node) -> Option<(f64, bool)> {
    match &node.kind {
        NodeKind::Constant(Value::Number(number)) => Some((*number, bench.written(node).ends_with('%'))),
        _ => None,
    }
}

fn numbers_at<'r>(bench: &Bench<'r>, place: &Place<'r>) -> Option<Numbers> {
    let shape = bench.shape(place)?;
    let texts = shape.values.texts().filter(|(text, _)| !text.trim().is_empty());
    let texts: Vec<(f64, u64, bool)> = texts
        .map(|(text, count)| read_number(text).map(|number| (number, count, text.contains('%'))))
        .collect::<Option<_>>()?;
    let all = shape.values.numbers().map(|(number, count)| (number, count, false)).chain(texts);
    let mut found = Numbers {
        lowest: f64::INFINITY,
        highest: f64::NEG_INFINITY,
        count: 0,
        has_fraction: false,
        are_percent: true,
    };
    for (number, count, is_percent) in all {
        found.lowest = found.lowest.min(number);
        found.highest = found.highest.max(number);
        found.count += count;
        found.has_fraction |= number.fract() != 0.0;
        found.are_percent &= is_percent;
    }
    (found.count > 0).then_some(found)
}

/// Whether numbers are a rate, by their percent signs, their count, or the name under which rows have them.
fn is_rate(bench: &Bench<'_>, place: &Place<'_>, numbers: &Numbers) -> bool {
    let field = place.steps.iter().rev().find_map(|step| match step {
        ShapeStep::Field(name) => Some(*name),
        ShapeStep::Item => None,
    });
    let key = bench.rules.keys().get(place.key).map_or("", String::as_str);
    let name = field.unwrap_or(key).to_lowercase();
    numbers.are_percent || numbers.count >= ENOUGH || RATES.iter().any(|word| name.contains(word))
}

impl Numbers {
    fn are_fractions(&self) -> bool {
        self.has_fraction && self.lowest >= 0.0 && self.highest <= 1.0
    }
}

/// A value beside numbers that are written out.
fn against<'r>(
    bench: &Bench<'r>,
    site: &Site<'r>,
    own: &'r Node,
    limits: &[&Node],
    findings: &mut Findings<'r>,
) {
    let Some(place) = bench.place(own, &site.scope) else { return };
    let limits: Vec<(f64, bool)> = limits.iter().filter_map(|limit| constant(bench, limit)).collect();
    let Some(highest) = limits.iter().map(|(number, _)| *number).reduce(f64::max) else { return };
    let Some(numbers) = numbers_at(bench, &place) else { return };
    let name = bench.written(own);
    let percent = limits.iter().any(|(_, is_percent)| *is_percent);
    if numbers.are_fractions() && (2.0..=100.0).contains(&highest) && is_rate(bench, &place, &numbers) {
        let found = if numbers.are_percent { "a percentage read as a fraction" } else { "a fraction" };
        let help = match &site.node.kind {
            NodeKind::Call(builtin, _) if builtin.name == "SCALE" => {
                format!("write `{name} * 100` for percent")
            }
            _ => {
                let written = number_text(highest);
                format!("write `{written}%`, or compare `{name} * 100`")
            }
        };
        let problem = format!("{} is more than any row has", number_text(highest));
        add(bench, &place, name, (found, &numbers), (problem, help), site.node.span, findings);
    } else if percent && highest <= 1.0 && highest > 0.0 && numbers.highest > 1.0 && !numbers.has_fraction {
        let written = number_text(crate::value::round_half_away(highest * 100.0, 9));
        let help = format!("write `{written}` without `%`, or `{name} / 100`");
        let problem = format!("`{written}%` is {}", number_text(highest));
        add(bench, &place, name, ("a whole number", &numbers), (problem, help), site.node.span, findings);
    }
}

/// `ROUND(Open Rate)`: 0 or 1 for every row.
fn rounded<'r>(
    bench: &Bench<'r>,
    site: &Site<'r>,
    function: &str,
    args: &'r [Node],
    findings: &mut Findings<'r>,
) {
    let digits = args.get(1).map_or(Some(0.0), |node| constant(bench, node).map(|(number, _)| number));
    let Some(place) = bench.place(&args[0], &site.scope).filter(|_| digits == Some(0.0)) else { return };
    let Some(numbers) = numbers_at(bench, &place).filter(Numbers::are_fractions) else { return };
    let name = bench.written(&args[0]);
    if is_rate(bench, &place, &numbers) {
        let help = format!("for percent, write `{function}({name} * 100)` or `TEXT({name}, \"0%\")`");
        let problem = "0 or 1 for every row".to_owned();
        add(bench, &place, name, ("a fraction", &numbers), (problem, help), site.node.span, findings);
    }
}

fn add<'r>(
    bench: &Bench<'r>,
    place: &Place<'r>,
    name: String,
    (found, numbers): (&str, &Numbers),
    (problem, help): (String, String),
    at: Span,
    findings: &mut Findings<'r>,
) {
    let (lowest, highest) = (number_text(numbers.lowest), number_text(numbers.highest));
    let rows = bench.share(place, numbers.count);
    let found = found.to_owned();
    let lint = RowLint::PercentScale { name, found, lowest, highest, rows, problem, at, help: Some(help) };
    findings.add(place, lint);
}
