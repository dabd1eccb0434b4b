//! Clearbit: companies by domain, some of which are looked up first and answered by 202 until then.

use super::ask::{Ask, Reply, Route};
use super::hash::{mix, unit};
use super::ledger::Outcome;
use super::universe::Company;
use super::vendor::{Manners, Vendor};
use super::world::World;
use serde_json::{Value, json};
use std::time::{SystemTime, UNIX_EPOCH};

pub(crate) struct Clearbit;

impl Manners for Clearbit {
    fn route(&self, ask: &Ask) -> Route {
        match ask.target() {
            ("GET", path) if path == ["companies", "find"] => {
                let domain = ask.param("domain").unwrap_or_default().to_lowercase();
                Route::new("company", domain, company)
            }
            (_, path) => Route::new("unknown", path.join("/"), |_, _| {
                error(404, Outcome::Invalid, "unknown_route", "There is no such route")
            }),
        }
    }

    fn unauthorized(&self) -> Reply {
        error(401, Outcome::Unauthorized, "auth_required", "Authentication is required for this action.")
    }

    fn rate_limited(&self, retry_after: Option<u64>) -> Reply {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |now| now.as_secs());
        // Clearbit has no Retry-After; it names the second from which there is room.
        let refused = error(429, Outcome::RateLimited, "rate_limit", "Too many requests")
            .header("x-ratelimit-limit", &600)
            .header("x-ratelimit-remaining", &0);
        match retry_after {
            Some(seconds) => refused.header("x-ratelimit-reset", &(now + seconds)),
            None => refused,
        }
    }

    fn out_of_credits(&self) -> Reply {
        error(402, Outcome::OutOfCredits, "over_quota", "Your account is over its quota.")
    }
}

fn error(status: u16, outcome: Outcome, kind: &str, message: &str) -> Reply {
    Reply::json(status, outcome, &json!({"error": {"type": kind, "message": message}}))
}

fn company(world: &World, ask: &Ask) -> Reply {
    let Some(domain) = ask.param("domain") else {
        return error(422, Outcome::Invalid, "params_invalid", "A domain is required.");
    };
    let Some(company) = world.universe.company(domain) else {
        return error(422, Outcome::Invalid, "params_invalid", "Invalid domain.");
    };
    if !world.universe.knows_company(Vendor::Clearbit, &company) {
        return error(404, Outcome::NotFound, "unknown_record", "Unknown company.");
    }
    if world.asked_before(&format!("clearbit {}", company.domain)) < queued(world, &company) {
        return Reply::text(202, Outcome::Pending, "");
    }
    Reply::json(200, Outcome::Done, &company_json(&company)).header("x-api-version", &"2019-12-19").billed(1)
}

/// How often 202 comes before the record.
fn queued(world: &World, company: &Company) -> u32 {
    let draw = world.universe.draw(&["queued", &company.domain]);
    if unit(draw) < world.settings.clearbit_queued { 1 + (mix(draw) % 2) as u32 } else { 0 }
}

fn company_json(company: &Company) -> Value {
    json!({
        "id": company.id(Vendor::Clearbit),
        "name": company.name,
        "legalName": format!("{}, Inc.", company.name),
        "domain": company.domain,
        "category": {
            "sector": company.industry.sector,
            "industryGroup": company.industry.group,
            "industry": company.industry.clearbit,
            "subIndustry": company.industry.clearbit,
        },
        "tags": ["B2B", company.industry.sector],
        "foundedYear": company.founded,
        "geo": {
            "city": company.city,
            "stateCode": company.state_code,
            "country": "United States",
            "countryCode": "US",
        },
        "type": "private",
        "phone": null,
        "metrics": {
            "employees": company.employees,
            "employeesRange": range(company.employees),
            "raised": null,
            "annualRevenue": null,
            "estimatedAnnualRevenue": null,
        },
        "indexedAt": "2026-01-02T04:21:11.456Z",
        "tech": company.technologies,
        "parent": {"domain": null},
        "ultimateParent": {"domain": null},
    })
}

fn range(employees: u32) -> &'static str {
    match employees {
        0..=10 => "1-10",
        11..=50 => "11-50",
        51..=250 => "51-250",
        251..=1000 => "251-1K",
        1001..=5000 => "1K-5K",
        5001..=10000 => "5K-10K",
        _ => "10K-50K",
    }
}
