//! What `clayf check` says about table files as people write them.
#![cfg(feature = "table")]

mod common;

use common::{Folder, table_findings};
use std::sync::atomic::{AtomicUsize, Ordering};

/// What is found about a table of this text, a line each: place, message and code.
fn found(text: &str) -> String {
    // Tests run at once.
    static COUNT: AtomicUsize = AtomicUsize::new(0);
    let folder = Folder::new(&format!("table-check-{}", COUNT.fetch_add(1, Ordering::Relaxed)));
    folder.write("table.yaml", text);
    let found = table_findings(&folder.path("table.yaml")).to_string();
    let before = format!("{}:", folder.path("table.yaml").display());
    found.lines().map(|line| line.strip_prefix(&before).unwrap_or(line)).collect::<Vec<_>>().join("\n")
}

#[test]
fn a_mark_before_the_text_moves_no_place() {
    let text = "tabel: A\ncolumns: [domain]\n";
    let wanted = "1:1: a table has no key `tabel` [clay::unknown_key]";
    assert_eq!(found(text), wanted);
    assert_eq!(found(&format!("\u{feff}{text}")), wanted);
}
