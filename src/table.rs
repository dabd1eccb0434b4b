//! Whole enrichment tables: what one YAML file says, checked, and run over rows with money and state kept right.

pub mod ask;
mod compile;
pub mod config;
pub mod credits;
pub(crate) mod digits;
pub mod doubts;
pub mod export;
pub mod failure;
pub mod http;
pub mod import;
pub mod model;
pub mod plan;
pub mod problems;
pub mod providers;
pub mod report;
pub mod run;
pub mod state;
pub mod sync;
pub mod template;
pub mod yaml;

pub use compile::{Checked, ENRICHED_AT, Loaded, check, load};
