//! Charts as inline SVG: bars of parts, and columns of a histogram, each with a title that says what it shows.

use super::markup::escaped;
use crate::batch::Bar;
use crate::cli::table::short;
use std::fmt::Write;

/// The width of all charts, in their own units.
const WIDTH: f64 = 600.0;
/// How high a bar is.
const BAR: f64 = 14.0;
/// How high the columns of a histogram are.
const HIGH: f64 = 140.0;

/// A piece of a bar.
pub(super) struct Part {
    /// How long it is.
    pub(super) amount: f64,
    /// The class that gives it its colour.
    pub(super) class: String,
    /// What it stands for.
    pub(super) title: String,
}

/// A piece of a bar, if there is any.
pub(super) fn part(amount: f64, class: &str, title: String) -> Part {
    Part { amount, class: class.to_owned(), title }
}

/// The parts side by side in a bar as long as `whole`, of which a mark may stand somewhere.
pub(super) fn bar(title: &str, parts: &[Part], whole: f64, mark: Option<(f64, String)>) -> String {
    let mut out = format!(
        "<svg class=\"bar\" viewBox=\"0 0 {WIDTH} {BAR}\" preserveAspectRatio=\"none\" role=\"img\">\
         <title>{}</title><rect class=\"track\" width=\"{WIDTH}\" height=\"{BAR}\"/>",
        escaped(title)
    );
    let scale = if whole > 0.0 { WIDTH / whole } else { 0.0 };
    let mut left = 0.0;
    for part in parts.iter().filter(|part| part.amount > 0.0) {
        let width = part.amount * scale;
        let _ = write!(
            out,
            "<rect class=\"{}\" x=\"{left:.2}\" width=\"{width:.2}\" height=\"{BAR}\"><title>{}</title></rect>",
            part.class,
            escaped(&part.title)
        );
        left += width;
    }
    if let Some((at, told)) = mark {
        let x = (at * scale).clamp(1.5, WIDTH - 1.5);
        let _ = write!(
            out,
            "<rect class=\"mark\" x=\"{:.2}\" width=\"3\" height=\"{BAR}\"><title>{}</title></rect>",
            x - 1.5,
            escaped(&told)
        );
    }
    out.push_str("</svg>");
    out
}

/// One line of a chart: a name, a bar, and what it comes to.
pub(super) fn line(name: &str, class: &str, bar: &str, value: &str) -> String {
    format!(
        "<div class=\"line {class}\"><span class=\"name\">{}</span>{bar}<span class=\"value\">{}</span></div>\n",
        escaped(name),
        escaped(value)
    )
}

/// What the colours of a chart stand for: classes and names.
pub(super) fn legend(entries: &[(String, String)]) -> String {
    let mut out = "<ul class=\"legend\">".to_owned();
    for (class, name) in entries {
        let _ = write!(
            out,
            "<li><svg viewBox=\"0 0 10 10\" aria-hidden=\"true\"><rect class=\"{class}\" width=\"10\" height=\"10\"/></svg>{}</li>",
            escaped(name)
        );
    }
    out.push_str("</ul>\n");
    out
}

/// The bars of a histogram as columns, with the numbers where they begin below.
pub(super) fn histogram(title: &str, bars: &[Bar]) -> String {
    let most = bars.iter().map(|bar| bar.count).max().unwrap_or(1).max(1) as f64;
    let step = WIDTH / bars.len().max(1) as f64;
    let mut out = format!(
        "<svg class=\"histogram\" viewBox=\"0 -16 {WIDTH} {:.0}\" role=\"img\"><title>{}</title>",
        HIGH + 38.0,
        escaped(title)
    );
    for (index, bar) in bars.iter().enumerate() {
        let (left, high) = (index as f64 * step, bar.count as f64 / most * HIGH);
        let range = if bar.low == bar.high {
            short(bar.low)
        } else {
            format!("{} to below {}", short(bar.low), short(bar.high))
        };
        let _ = write!(
            out,
            "<rect class=\"found\" x=\"{:.2}\" y=\"{:.2}\" width=\"{:.2}\" height=\"{high:.2}\"><title>{range}: {}</title></rect>",
            left + step * 0.06,
            HIGH - high,
            step * 0.88,
            bar.count
        );
        let middle = left + step / 2.0;
        if bar.count > 0 {
            let _ =
                write!(out, "<text x=\"{middle:.2}\" y=\"{:.2}\">{}</text>", HIGH - high - 4.0, bar.count);
        }
        let _ = write!(
            out,
            "<text class=\"axis\" x=\"{middle:.2}\" y=\"{:.0}\">{}</text>",
            HIGH + 16.0,
            short(bar.low)
        );
    }
    out.push_str("</svg>\n");
    out
}
