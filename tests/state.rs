//! The state of a table's runs: money within its budgets and nothing lost, however a run ends.

#[path = "state/budgets.rs"]
mod budgets;
#[path = "state/cells.rs"]
mod cells;
#[path = "state/kills.rs"]
mod kills;
#[path = "state/model.rs"]
mod model;
#[path = "state/opening.rs"]
mod opening;
#[path = "state/outbox.rs"]
mod outbox;
#[path = "state/rows.rs"]
mod rows;
#[path = "state/support.rs"]
mod support;
