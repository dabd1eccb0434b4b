//! The emulator of vendors answers as they do, and its ledger tells the truth.
#![cfg(feature = "table")]

mod emulator;

#[path = "emulator_answers/calls.rs"]
mod calls;
#[path = "emulator_answers/crm.rs"]
mod crm;
#[path = "emulator_answers/faults.rs"]
mod faults;
#[path = "emulator_answers/universe.rs"]
mod universe;
#[path = "emulator_answers/vendors.rs"]
mod vendors;
