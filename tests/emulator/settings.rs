//! How an emulator is set up.

use super::faults::FaultPlan;
use super::limits::RateLimit;
use super::universe::Coverage;
use super::vendor::Vendor;
use std::collections::HashMap;
use std::time::Duration;

/// All that can be chosen; `Settings::default()` is a quick and faultless world.
#[derive(Clone, Debug)]
pub(crate) struct Settings {
    /// 0 takes a free port.
    pub(crate) port: u16,
    /// Decides who exists, and which vendor knows whom.
    pub(crate) seed: u64,
    pub(crate) coverage: Coverage,
    pub(crate) faults: FaultPlan,
    /// How long each answer takes.
    pub(crate) latency: Duration,
    /// How long after it was asked for a phone number is there.
    pub(crate) phone_delay: Duration,
    /// The share of companies for which Clearbit answers 202 once or twice before it has them.
    pub(crate) clearbit_queued: f64,
    /// The share of prompts that the model refuses.
    pub(crate) refusals: f64,
    /// Keys that are accepted; of a vendor that is not listed, any.
    pub(crate) keys: HashMap<Vendor, Vec<String>>,
    pub(crate) limits: HashMap<Vendor, RateLimit>,
    /// What may be spent before a vendor says that it is used up: credits, and requests to a CRM.
    pub(crate) quotas: HashMap<Vendor, u64>,
    /// Custom properties that `HubSpot` has from the start.
    pub(crate) hubspot_properties: Vec<String>,
    /// Custom fields that `Salesforce` has, all of them external ids.
    pub(crate) salesforce_fields: Vec<String>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            port: 0,
            seed: 1,
            coverage: Coverage::default(),
            faults: FaultPlan::none(),
            latency: Duration::ZERO,
            phone_delay: Duration::from_millis(50),
            clearbit_queued: 0.0,
            refusals: 0.0,
            keys: HashMap::new(),
            limits: HashMap::new(),
            quotas: HashMap::new(),
            hubspot_properties: Vec::new(),
            salesforce_fields: vec!["Clay_Key__c".to_owned()],
        }
    }
}
