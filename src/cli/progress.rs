//! A progress bar on standard error, where that is a terminal and there is much to read.

use indicatif::{ProgressBar, ProgressStyle};
use std::io::{IsTerminal, stderr};

/// Below this many bytes a run is over before a bar could be read.
const LARGE: u64 = 16 << 20;

/// A bar for `total` bytes, or nothing to see.
pub(super) fn bar(total: Option<u64>) -> ProgressBar {
    match total {
        Some(total) if total >= LARGE && stderr().is_terminal() => {
            let bar = ProgressBar::new(total);
            let style = ProgressStyle::with_template(
                "{bar:30} {percent:>3} %  {bytes}/{total_bytes}  {bytes_per_sec}  {eta} left",
            );
            style.map_or(bar.clone(), |style| bar.with_style(style))
        }
        _ => ProgressBar::hidden(),
    }
}
