//! Small tables against a vendor that answers what a test says: odd ids, odd answers, vendors that stop, what is told.
#![cfg(all(feature = "cli", unix))]
#![allow(clippy::format_collect, reason = "short texts read well in tests")]

mod common;

#[path = "table_cases/answers.rs"]
mod answers;
#[path = "table_cases/awaited.rs"]
mod awaited;
#[path = "table_cases/bench.rs"]
mod bench;
#[path = "table_cases/checks.rs"]
mod checks;
#[path = "table_cases/cleaned.rs"]
mod cleaned;
#[path = "table_cases/csv.rs"]
mod csv;
#[path = "table_cases/dedup.rs"]
mod dedup;
#[path = "table_cases/ids.rs"]
mod ids;
#[path = "table_cases/lookups.rs"]
mod lookups;
#[path = "table_cases/missing.rs"]
mod missing;
#[path = "table_cases/pace.rs"]
mod pace;
#[path = "table_cases/plans.rs"]
mod plans;
#[path = "table_cases/renamed.rs"]
mod renamed;
#[path = "table_cases/resumed.rs"]
mod resumed;
#[path = "table_cases/row_keys.rs"]
mod row_keys;
#[path = "table_cases/stopped.rs"]
mod stopped;
#[path = "table_cases/strict.rs"]
mod strict;
#[path = "table_cases/told.rs"]
mod told;
#[path = "table_cases/waiting.rs"]
mod waiting;
#[path = "table_cases/written.rs"]
mod written;
