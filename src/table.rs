//! Whole enrichment tables: what one YAML file says, checked, and run over rows with money and state kept right.

mod compile;
pub mod config;
pub mod credits;
pub mod model;
pub mod problems;
pub mod providers;
pub mod state;
pub mod template;
pub mod yaml;

pub use compile::{ENRICHED_AT, Loaded, load};
