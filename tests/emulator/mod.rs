//! An emulator of the vendors that tables call, for tests and for trying things out.
//!
//! One server stands for all of them, each under its own path. Who exists and which vendor knows whom follows
//! from a seed and the request alone; what was asked, billed and written is kept, so that a test can compare a run
//! with what the vendors saw of it.
#![allow(dead_code, unused_imports, reason = "each test uses its own part")]

mod apollo;
mod ask;
mod clearbit;
mod contacts;
mod faults;
mod hash;
mod hook;
mod hubspot;
mod hubspot_batch;
mod hubspot_properties;
mod hunter;
pub(crate) mod leads;
mod ledger;
mod limits;
mod names;
mod openai;
mod people_data_labs;
mod salesforce;
mod salesforce_rows;
mod server;
mod settings;
mod soql;
mod universe;
mod vendor;
mod wire;
mod world;

pub(crate) use contacts::{Contact, Write};
pub(crate) use faults::{FaultKind, FaultPlan};
pub(crate) use hook::Push;
pub(crate) use ledger::{Entry, Ledger, Outcome};
pub(crate) use limits::RateLimit;
pub(crate) use settings::Settings;
pub(crate) use universe::{Company, Coverage, Industry, Person, Universe};
pub(crate) use vendor::Vendor;

use std::net::Ipv4Addr;
use std::sync::Arc;
use tokio::runtime::{Builder, Runtime};
use world::World;

/// A running emulator; dropping it closes its port and its connections.
pub(crate) struct Emulator {
    world: Arc<World>,
    port: u16,
    runtime: Option<Runtime>,
}

impl Emulator {
    /// Starts on threads of its own, so that tests may block.
    pub(crate) fn start(settings: Settings) -> Self {
        let runtime = Builder::new_multi_thread().worker_threads(2).enable_all().build().expect("threads");
        let address = (Ipv4Addr::LOCALHOST, settings.port);
        let listener = runtime.block_on(tokio::net::TcpListener::bind(address)).expect("a free port");
        let port = listener.local_addr().expect("a bound port").port();
        let world = Arc::new(World::new(settings));
        runtime.spawn(server::serve(wire::Cuttable(listener), Arc::clone(&world)));
        Self { world, port, runtime: Some(runtime) }
    }

    /// The base URL that stands in for a vendor's own, such as `http://127.0.0.1:4000/apollo/api/v1`; without the
    /// version for `hubspot` and `salesforce`, whose paths carry it.
    pub(crate) fn url(&self, vendor: &str) -> String {
        let vendor = Vendor::named(vendor).unwrap_or_else(|| panic!("`{vendor}` is no vendor"));
        format!("{}/{}{}", self.origin(), vendor.name(), vendor.base())
    }

    /// Scheme, host and port.
    pub(crate) fn origin(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// A copy of what was asked so far.
    pub(crate) fn ledger(&self) -> Ledger {
        self.world.book.copy()
    }

    /// A copy of the contacts of `hubspot` or the records of `salesforce`, in the order of their creation.
    pub(crate) fn contacts(&self, crm: &str) -> Vec<Contact> {
        match crm {
            "hubspot" => self.world.hubspot().all().to_vec(),
            "salesforce" => self.world.salesforce().all().to_vec(),
            _ => panic!("`{crm}` is no CRM"),
        }
    }

    /// What was pushed to the hook, in order.
    pub(crate) fn pushes(&self) -> Vec<Push> {
        self.world.pushes().clone()
    }

    /// Who exists and which vendor knows whom.
    pub(crate) fn universe(&self) -> &Universe {
        &self.world.universe
    }

    /// The most requests that a vendor had at once.
    pub(crate) fn peak_in_flight(&self, vendor: Vendor) -> usize {
        self.world.limits.peak(vendor)
    }

    /// Forgets all that happened; who exists stays.
    pub(crate) fn reset(&self) {
        self.world.reset();
    }
}

impl Drop for Emulator {
    fn drop(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}
