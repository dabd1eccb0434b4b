//! A score over a whole file, for people and for tools.

use crate::analysis::blank::Earning;
use crate::analysis::possible::Interval;
use crate::batch::bars;
use crate::cli::json::number;
use crate::cli::table::{drawn, right, share, short, table, widest};
use crate::diagnostics::{Count, Diagnostics, visible};
use crate::tools::profile::{Component, Profile};
use crate::value::{number_text, round_half_away};
use serde_json::{Map, Value as Json, json};
use std::fmt::Write;

/// The chart has at most so many bars.
const MOST_BARS: usize = 20;
/// The findings that are printed.
const MOST_FINDINGS: usize = 10;
/// The longest bar, in characters.
const LONGEST_BAR: f64 = 40.0;
/// The quantiles that are told, in percent.
const QUANTILES: [u8; 7] = [5, 10, 25, 50, 75, 90, 95];

/// The distribution and the components as text.
pub(super) fn text(score: &str, tier: Option<&str>, profile: &Profile) -> String {
    let mut text = String::new();
    let _ = writeln!(text, "{score} over {}", Count(profile.rows as usize, "row"));
    let without = profile.rows - profile.scores.count();
    if without > 0 {
        let _ = writeln!(text, "{} without a number", Count(without as usize, "row"));
    }
    if profile.scores.count() == 0 {
        return visible(&text).into_owned();
    }
    write_chart(&mut text, profile);
    let _ = writeln!(
        text,
        "\nlowest {}   mean {}   highest {}",
        short(profile.scores.lowest()),
        short(profile.scores.mean()),
        short(profile.scores.highest())
    );
    for percent in QUANTILES {
        let _ = write!(
            text,
            "{}p{percent} {}",
            if percent == QUANTILES[0] { "" } else { "   " },
            short(profile.scores.quantile(f64::from(percent) / 100.0))
        );
    }
    text.push('\n');
    if let Some(tier) = tier {
        let tiers = profile
            .tiers
            .iter()
            .map(|(name, count)| format!("{name} {}", share(*count, profile.scores.count())));
        let _ = writeln!(text, "{tier}: {}", tiers.collect::<Vec<_>>().join("   "));
    }
    write_components(&mut text, tier, profile);
    visible(&text).into_owned()
}

fn write_chart(text: &mut String, profile: &Profile) {
    let bars = bars(&profile.scores, MOST_BARS);
    let most = bars.iter().map(|bar| bar.count).max().unwrap_or(1).max(1);
    let names: Vec<String> = bars
        .iter()
        .map(|bar| {
            if bar.low == bar.high {
                short(bar.low)
            } else {
                format!("{} to {}", short(bar.low), short(bar.high))
            }
        })
        .collect();
    let width = widest(names.iter().map(String::as_str));
    text.push('\n');
    for (bar, name) in bars.iter().zip(&names) {
        let drawn = drawn(bar.count as f64 / most as f64 * LONGEST_BAR);
        let line = format!("{}  {drawn} {}", right(name, width), bar.count);
        let _ = writeln!(text, "{}", line.trim_end());
    }
}

/// The mean points of each component, over all and in each tier; those that tell tiers apart best come first.
fn write_components(text: &mut String, tier: Option<&str>, profile: &Profile) {
    let mut varying: Vec<&Component> =
        profile.components.iter().filter(|component| !component.never_varies()).collect();
    varying.sort_by(|one, other| other.separation().total_cmp(&one.separation()));
    if !varying.is_empty() {
        let mut rows = vec![header(tier, profile)];
        rows.extend(varying.iter().map(|component| cells(tier, component, profile)));
        text.push('\n');
        text.push_str(&table(&rows));
    }
    let same: Vec<String> = profile
        .components
        .iter()
        .filter(|component| component.never_varies())
        .map(|component| format!("{} (always {})", component.label, short(component.points.lowest)))
        .collect();
    if !same.is_empty() {
        let _ = writeln!(text, "\nnever varies: {}", same.join(", "));
    }
}

fn header(tier: Option<&str>, profile: &Profile) -> Vec<String> {
    let mut header = vec!["mean points".to_owned(), "all".to_owned()];
    if tier.is_some() {
        header.extend(profile.tiers.keys().cloned());
        header.push("separates".to_owned());
    }
    header
}

fn cells(tier: Option<&str>, component: &Component, profile: &Profile) -> Vec<String> {
    let mut cells = vec![component.label.clone(), one_decimal(component.points.mean())];
    if tier.is_some() {
        let mean = |tier: &String| {
            component.by_tier.get(tier).map(|spread| one_decimal(spread.mean())).unwrap_or_default()
        };
        cells.extend(profile.tiers.keys().map(mean));
        cells.push(format!("{} %", number_text((component.separation() * 100.0).round())));
    }
    cells
}

/// What an empty value of each column of the row earns, compared with other values.
pub(super) fn blanks(earnings: &[Earning]) -> String {
    let is_known = |one: &&Earning| {
        let ends = [one.blank.low, one.blank.high, one.filled.low, one.filled.high];
        ends.iter().all(|end| end.is_finite()) && one.blank != one.filled
    };
    let mut rows = vec![["points", "if empty", "otherwise"].map(ToOwned::to_owned).to_vec()];
    let range = |interval: &Interval| {
        let (low, high) = (short(interval.low), short(interval.high));
        if interval.low < interval.high { format!("{low} to {high}") } else { low }
    };
    for one in earnings.iter().filter(is_known) {
        let most = if one.earns_most() { "  earns the most if empty" } else { "" };
        rows.push(vec![one.input.clone(), range(&one.blank), format!("{}{most}", range(&one.filled))]);
    }
    if rows.len() == 1 { String::new() } else { format!("\n{}", table(&rows)) }
}

/// The findings about the rows, a line each.
pub(super) fn findings(findings: &Diagnostics, command: &str) -> String {
    if findings.is_empty() {
        return String::new();
    }
    let mut text = "\nwhat does not fit these rows\n".to_owned();
    for finding in findings.iter().take(MOST_FINDINGS) {
        let (source, at) = (findings.source(), finding.offset());
        let line = source.position(at).line;
        let place = match source.other_name_at(at) {
            Some(file) => format!("{file}:{line}"),
            None => format!("line {line}"),
        };
        let _ = writeln!(text, "  {place}: {finding}");
    }
    let more = findings.iter().count().saturating_sub(MOST_FINDINGS);
    if more > 0 {
        let _ = writeln!(text, "  … and {more} more");
    }
    let _ = writeln!(text, "  for help with each, run `{command}`");
    visible(&text).into_owned()
}

/// The same as one JSON object.
pub(super) fn json(
    score: &str,
    tier: Option<&str>,
    profile: &Profile,
    earnings: &[Earning],
    findings: &Diagnostics,
) -> String {
    let scores = &profile.scores;
    let quantiles: Map<String, Json> = QUANTILES
        .into_iter()
        .map(|percent| (format!("p{percent}"), number(scores.quantile(f64::from(percent) / 100.0))))
        .collect();
    let components = profile.components.iter().map(|component| {
        let by_tier: Map<String, Json> =
            component.by_tier.iter().map(|(tier, spread)| (tier.clone(), number(spread.mean()))).collect();
        json!({
            "label": component.label,
            "mean": number(component.points.mean()),
            "lowest": number(component.points.lowest),
            "highest": number(component.points.highest),
            "mean_by_tier": by_tier,
            "separation": number(component.separation()),
        })
    });
    let distribution = bars(&profile.scores, MOST_BARS)
        .into_iter()
        .map(|bar| json!({ "from": number(bar.low), "to": number(bar.high), "rows": bar.count }));
    let mut line = json!({
        "column": score,
        "rows": profile.rows,
        "numbers": scores.count(),
        "lowest": number(scores.lowest()),
        "mean": number(scores.mean()),
        "highest": number(scores.highest()),
        "quantiles": quantiles,
        "distribution": distribution.collect::<Vec<_>>(),
        "tier": tier,
        "tiers": profile.tiers,
        "components": components.collect::<Vec<_>>(),
        "blank": earnings.iter().map(crate::cli::json::earning).collect::<Vec<_>>(),
        "findings": crate::cli::json::findings(findings),
    })
    .to_string();
    line.push('\n');
    line
}

fn one_decimal(number: f64) -> String {
    format!("{:.1}", round_half_away(number, 1))
}
