//! Whole enrichment tables: what one YAML file says, checked, and run over rows with money and state kept right.

pub mod credits;
pub mod http;
