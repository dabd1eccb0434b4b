//! Columns of text and shares of a whole, as summaries show them.

use crate::repl::{self, display_width};
use crate::value::{number_text, round_half_away};

/// Rows of cells under each other: the first column to the left, the others to the right.
pub(super) fn table(rows: &[Vec<String>]) -> String {
    let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
    let right: Vec<bool> = (0..columns).map(|column| column > 0).collect();
    repl::table(rows, &right, usize::MAX)
}

/// The text with blanks behind it, up to this width on a terminal.
pub(super) fn left(text: &str, width: usize) -> String {
    format!("{text}{}", " ".repeat(width.saturating_sub(display_width(text))))
}

/// The text with blanks before it.
pub(super) fn right(text: &str, width: usize) -> String {
    format!("{}{text}", " ".repeat(width.saturating_sub(display_width(text))))
}

/// The width of the widest of these texts on a terminal.
pub(super) fn widest<'t>(texts: impl Iterator<Item = &'t str>) -> usize {
    texts.map(display_width).max().unwrap_or(0)
}

/// A number to two decimals, without zeros at their end.
pub(super) fn short(number: f64) -> String {
    number_text(round_half_away(number, 2))
}

/// `412 (72 %)`
pub(super) fn share(count: u64, all: u64) -> String {
    if all == 0 {
        return count.to_string();
    }
    format!("{count} ({} %)", number_text(percent(count, all)))
}

/// `count` of `all` in percent, to one decimal, for people; 0 of nothing.
pub(super) fn percent(count: u64, all: u64) -> f64 {
    round_half_away(exact_percent(count, all), 1)
}

/// `count` of `all` in percent, for formulas and tools; 0 of nothing.
pub(super) fn exact_percent(count: u64, all: u64) -> f64 {
    if all == 0 { 0.0 } else { count as f64 * 100.0 / all as f64 }
}

/// A bar of this many characters, to an eighth.
pub(super) fn drawn(length: f64) -> String {
    const EIGHTHS: [&str; 8] = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"];
    let eighths = (length * 8.0).round() as usize;
    format!("{}{}", "█".repeat(eighths / 8), EIGHTHS[eighths % 8])
}

#[cfg(test)]
mod tests {
    use super::table;

    #[test]
    fn wide_characters_are_counted_as_wide() {
        let row = |cells: [&str; 2]| cells.map(ToOwned::to_owned).to_vec();
        assert_eq!(table(&[row(["営業", "1"]), row(["abc", "22"])]), "営業   1\nabc   22\n");
    }
}
