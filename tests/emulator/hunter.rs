//! Hunter: e-mails by name and domain, and whether they can be delivered; 403 is "too fast", 429 "used up".

use super::ask::{Ask, Reply, Route};
use super::ledger::Outcome;
use super::vendor::{Manners, Vendor, header};
use super::world::World;
use axum::http::HeaderMap;
use serde_json::{Value, json};

pub(crate) struct Hunter;

impl Manners for Hunter {
    fn key<'a>(&self, headers: &'a HeaderMap) -> Option<&'a str> {
        header(headers, "x-api-key")
    }

    fn route(&self, ask: &Ask) -> Route {
        match ask.target() {
            ("GET", path) if path == ["email-finder"] => {
                let names = ["first_name", "last_name", "full_name", "domain"];
                let parts: Vec<_> = names.into_iter().filter_map(|name| ask.param(name)).collect();
                Route::new("email-finder", parts.join(" ").to_lowercase(), find)
            }
            ("GET", path) if path == ["email-verifier"] => {
                let email = ask.param("email").unwrap_or_default().to_lowercase();
                Route::new("email-verifier", email, verify)
            }
            (_, path) => Route::new("unknown", path.join("/"), |_, _| {
                error(404, Outcome::Invalid, "not_found", "No such path")
            }),
        }
    }

    fn unauthorized(&self) -> Reply {
        error(401, Outcome::Unauthorized, "authentication_failed", "No user found for the API key supplied")
    }

    fn rate_limited(&self, _: Option<u64>) -> Reply {
        error(403, Outcome::RateLimited, "rate_limit_reached", "You have reached the rate limit")
    }

    fn out_of_credits(&self) -> Reply {
        error(429, Outcome::OutOfCredits, "usage_limit_reached", "You have reached your usage limit")
    }
}

fn error(status: u16, outcome: Outcome, id: &str, details: &str) -> Reply {
    Reply::json(status, outcome, &json!({"errors": [{"id": id, "code": status, "details": details}]}))
}

fn missing(parameter: &str) -> Reply {
    error(400, Outcome::Invalid, "wrong_params", &format!("You are missing the {parameter} parameter"))
}

fn find(world: &World, ask: &Ask) -> Reply {
    let Some(domain) = ask.param("domain") else { return missing("domain") };
    let names = match (ask.param("first_name"), ask.param("last_name")) {
        (Some(first), Some(last)) => Some((first, last)),
        _ => ask.param("full_name").and_then(|name| name.split_once(' ')),
    };
    let Some((first, last)) = names else {
        return missing(if ask.param("first_name").is_some() { "last_name" } else { "first_name" });
    };
    let person = world.universe.person(first, last, domain);
    let email = person.as_ref().and_then(|person| world.universe.email(Vendor::Hunter, person));
    let found = email.is_some();
    let (status, score) = email.as_deref().map_or((None, None), |email| {
        let (status, score) = world.universe.email_status(email);
        (Some(status), Some(score))
    });
    let known = person.filter(|_| found);
    let body = json!({
        "data": {
            "first_name": first,
            "last_name": last,
            "email": email,
            "score": score,
            "domain": domain,
            "accept_all": status == Some("accept_all"),
            "position": known.as_ref().map(|person| person.title),
            "linkedin_url": known.as_ref().map(|person| &person.linkedin_url),
            "phone_number": null,
            "company": world.universe.company(domain).map(|company| company.name),
            "sources": sources(found, domain),
            "verification": {"date": found.then_some("2026-04-12"), "status": status},
        },
        "meta": {"params": {"first_name": first, "last_name": last, "domain": domain}},
    });
    let outcome = if found { Outcome::Done } else { Outcome::NotFound };
    Reply::json(200, outcome, &body).billed(u32::from(found))
}

fn sources(found: bool, domain: &str) -> Vec<Value> {
    let uri = format!("https://{domain}/team");
    found.then(|| json!({"domain": domain, "uri": uri, "still_on_page": true})).into_iter().collect()
}

fn verify(world: &World, ask: &Ask) -> Reply {
    let Some(email) = ask.param("email") else { return missing("email") };
    let (status, score) = world.universe.email_status(email);
    let result = match status {
        "valid" => "deliverable",
        "invalid" => "undeliverable",
        _ => "risky",
    };
    let body = json!({
        "data": {
            "status": status,
            "result": result,
            "score": score,
            "email": email,
            "regexp": true,
            "gibberish": false,
            "disposable": false,
            "webmail": false,
            "mx_records": status != "invalid",
            "smtp_server": status != "invalid",
            "smtp_check": status == "valid",
            "accept_all": status == "accept_all",
            "block": false,
            "sources": [],
        },
        "meta": {"params": {"email": email}},
    });
    // Asking for the same address again counts once.
    let first = world.asked_before(&format!("verify {}", email.to_lowercase())) == 0;
    Reply::json(200, Outcome::Done, &body).billed(u32::from(first))
}
