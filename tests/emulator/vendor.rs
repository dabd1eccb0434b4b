//! The vendors there are, and what each of them answers on its own terms.

use super::ask::{Ask, Reply, Route};
use super::{apollo, clearbit, hook, hubspot, hunter, openai, people_data_labs, salesforce};
use axum::http::HeaderMap;

/// One vendor that the emulator stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Vendor {
    Apollo,
    Hunter,
    Clearbit,
    PeopleDataLabs,
    OpenAi,
    HubSpot,
    Salesforce,
    Hook,
}

impl Vendor {
    pub(crate) const ALL: [Self; 8] = [
        Self::Apollo,
        Self::Hunter,
        Self::Clearbit,
        Self::PeopleDataLabs,
        Self::OpenAi,
        Self::HubSpot,
        Self::Salesforce,
        Self::Hook,
    ];

    /// The name it has in paths, in settings and in the ledger.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Apollo => "apollo",
            Self::Hunter => "hunter",
            Self::Clearbit => "clearbit",
            Self::PeopleDataLabs => "pdl",
            Self::OpenAi => "openai",
            Self::HubSpot => "hubspot",
            Self::Salesforce => "salesforce",
            Self::Hook => "hook",
        }
    }

    pub(crate) fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|vendor| vendor.name() == name)
    }

    /// What stands behind the name in its base URL.
    pub(crate) fn base(self) -> &'static str {
        match self {
            Self::Apollo => "/api/v1",
            Self::Hunter | Self::Clearbit => "/v2",
            Self::PeopleDataLabs => "/v5",
            Self::OpenAi => "/v1",
            Self::HubSpot | Self::Salesforce | Self::Hook => "",
        }
    }

    /// Whether it counts requests, and not what was found, against a quota.
    pub(crate) fn counts_requests(self) -> bool {
        matches!(self, Self::HubSpot | Self::Salesforce | Self::Hook)
    }

    pub(crate) fn manners(self) -> &'static dyn Manners {
        match self {
            Self::Apollo => &apollo::Apollo,
            Self::Hunter => &hunter::Hunter,
            Self::Clearbit => &clearbit::Clearbit,
            Self::PeopleDataLabs => &people_data_labs::PeopleDataLabs,
            Self::OpenAi => &openai::OpenAi,
            Self::HubSpot => &hubspot::HubSpot,
            Self::Salesforce => &salesforce::Salesforce,
            Self::Hook => &hook::Hook,
        }
    }
}

/// How a vendor reads a request and how it words its refusals.
pub(crate) trait Manners: Sync {
    /// The key that came along, where this vendor looks for one; `Some("")` where it wants none.
    fn key<'a>(&self, headers: &'a HeaderMap) -> Option<&'a str> {
        bearer(headers)
    }

    /// Which endpoint is asked, for what, and what answers it.
    fn route(&self, ask: &Ask) -> Route;

    /// The key is missing or wrong.
    fn unauthorized(&self) -> Reply;

    /// Too many requests for now; the seconds to wait, where the answer is to name them.
    fn rate_limited(&self, retry_after: Option<u64>) -> Reply;

    /// The credits or the day's requests are used up: asking again does not help.
    fn out_of_credits(&self) -> Reply;
}

/// The token of `Authorization: Bearer …`.
pub(crate) fn bearer(headers: &HeaderMap) -> Option<&str> {
    header(headers, "authorization")?.strip_prefix("Bearer ")
}

pub(crate) fn header<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name)?.to_str().ok()
}
