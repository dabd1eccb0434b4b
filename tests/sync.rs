//! What rows are pushed to: each contact once, whatever goes wrong, and nothing where nothing changed.
#![cfg(feature = "table")]

mod common;
mod emulator;

#[path = "sync/generic.rs"]
mod generic;
#[path = "sync/hubspot.rs"]
mod hubspot;
#[path = "sync/interrupted.rs"]
mod interrupted;
#[path = "sync/salesforce.rs"]
mod salesforce;
#[path = "sync/support.rs"]
mod support;
