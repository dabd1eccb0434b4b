//! Whole tables against the emulator of vendors: every value right, nothing bought twice, no budget overspent.
#![cfg(all(feature = "cli", unix))]
#![allow(
    clippy::format_collect,
    clippy::type_complexity,
    reason = "short texts and tuples read well in tests"
)]

mod common;
mod emulator;

#[path = "table_run/awkward.rs"]
mod awkward;
#[path = "table_run/bench.rs"]
mod bench;
#[path = "table_run/bought.rs"]
mod bought;
#[path = "table_run/budgets.rs"]
mod budgets;
#[path = "table_run/kills.rs"]
mod kills;
#[path = "table_run/oracle.rs"]
mod oracle;
#[path = "table_run/random.rs"]
mod random;
#[path = "table_run/rate.rs"]
mod rate;
#[path = "table_run/secrets.rs"]
mod secrets;
#[path = "table_run/throughput.rs"]
mod throughput;
#[path = "table_run/values.rs"]
mod values;
