//! Apollo: people and organizations by query, no match as 200, phone numbers that come later.

use super::ask::{Ask, Reply, Route, text};
use super::ledger::Outcome;
use super::universe::{Company, Person, Universe};
use super::vendor::{Manners, Vendor, header};
use super::world::World;
use axum::http::HeaderMap;
use serde_json::{Value, json};
use std::time::Instant;

const DATA_CREDITS: u32 = 1;
const PHONE_CREDITS: u32 = 8;
const MOST_IN_BULK: usize = 10;

pub(crate) struct Apollo;

/// A phone number on its way.
pub(crate) struct PhoneJob {
    ready: Instant,
    person: String,
    number: Option<String>,
}

impl Manners for Apollo {
    fn key<'a>(&self, headers: &'a HeaderMap) -> Option<&'a str> {
        header(headers, "x-api-key")
    }

    fn route(&self, ask: &Ask) -> Route {
        match ask.target() {
            ("POST", path) if path == ["people", "match"] => {
                Route::new("people/match", person_key(ask), person)
            }
            ("POST", path) if path == ["people", "bulk_match"] => {
                Route::new("people/bulk_match", ask.json["details"].to_string(), people)
            }
            ("GET", path) if path == ["organizations", "enrich"] => {
                let domain = ask.param("domain").unwrap_or_default().to_lowercase();
                Route::new("organizations/enrich", domain, organization)
            }
            ("GET", path) if path.len() == 2 && path[0] == "webhook_result" => {
                Route::new("webhook_result", path[1].to_owned(), phone_result)
            }
            (_, path) => {
                Route::new("unknown", path.join("/"), |_, _| Reply::text(404, Outcome::Invalid, "Not Found"))
            }
        }
    }

    fn unauthorized(&self) -> Reply {
        let words = "Invalid API key. The emulator wants one in the header x-api-key.";
        Reply::text(401, Outcome::Unauthorized, words)
    }

    fn rate_limited(&self, retry_after: Option<u64>) -> Reply {
        let message =
            "The maximum number of api calls allowed is 600 times per hour. Please upgrade your plan.";
        Reply::json(429, Outcome::RateLimited, &json!({"message": message}))
            .header("x-rate-limit-hourly", &600)
            .header("x-hourly-requests-left", &0)
            .retry_after(retry_after)
    }

    fn out_of_credits(&self) -> Reply {
        let error = "Your plan has insufficient credits. Please upgrade your plan.";
        let body = json!({"error": error, "error_code": "API_INACCESSIBLE"});
        Reply::json(403, Outcome::OutOfCredits, &body)
    }
}

fn person_key(ask: &Ask) -> String {
    let names = ["first_name", "last_name", "domain", "email", "linkedin_url", "reveal_phone_number"];
    let parts = names.into_iter().filter_map(|name| ask.param(name));
    parts.collect::<Vec<_>>().join(" ").to_lowercase()
}

/// The person that was asked for, if Apollo knows one: by name and domain, else by e-mail, else by profile.
fn wanted<'a>(universe: &Universe, member: impl Fn(&str) -> Option<&'a str>) -> Option<Person> {
    let named = || {
        let (first, last) = match (member("first_name"), member("last_name")) {
            (Some(first), Some(last)) => (first, last),
            _ => member("name")?.split_once(' ')?,
        };
        universe.person(first, last, member("domain")?)
    };
    let found = named()
        .or_else(|| universe.person_of_email(member("email")?))
        .or_else(|| universe.person_of_profile(member("linkedin_url")?))?;
    universe.knows_person(Vendor::Apollo, &found).then_some(found)
}

fn person(world: &World, ask: &Ask) -> Reply {
    let Some(person) = wanted(&world.universe, |name| ask.param(name)) else {
        return Reply::json(200, Outcome::NotFound, &json!({"person": null}));
    };
    let mut body = json!({"person": person_json(&world.universe, &person)});
    if ask.param("reveal_phone_number") != Some("true") {
        return Reply::json(200, Outcome::Done, &body).billed(DATA_CREDITS);
    }
    let number = world.universe.phone(&person);
    let phone_credits = if number.is_some() { PHONE_CREDITS } else { 0 };
    let request = format!("phone-{}", person.id(Vendor::Apollo));
    body["request_id"] = json!(request);
    let ready = Instant::now() + world.settings.phone_delay;
    let job = PhoneJob { ready, person: person.id(Vendor::Apollo), number };
    world.phones().entry(request).or_insert(job);
    Reply::json(200, Outcome::Done, &body).billed(DATA_CREDITS + phone_credits)
}

fn people(world: &World, ask: &Ask) -> Reply {
    let details = ask.json["details"].as_array().map(Vec::as_slice).unwrap_or_default();
    if details.len() > MOST_IN_BULK {
        let message = "cannot enrich more than 10 in a single request";
        let body =
            json!({"status": "failed", "error_code": "RECORD_LIMIT_EXCEEDED", "error_message": message});
        return Reply::json(400, Outcome::Invalid, &body);
    }
    let found = details.iter().map(|detail| wanted(&world.universe, |name| text(detail, name)));
    let found: Vec<_> = found.collect();
    let matches: Vec<Value> = found
        .iter()
        .map(|person| person.as_ref().map_or(Value::Null, |person| person_json(&world.universe, person)))
        .collect();
    let enriched = found.iter().flatten().count() as u32;
    let body = json!({
        "status": "success",
        "total_requested_enrichments": details.len(),
        "unique_enriched_records": enriched,
        "missing_records": details.len() - enriched as usize,
        "credits_consumed": enriched * DATA_CREDITS,
        "matches": matches,
    });
    let outcome = if enriched == 0 { Outcome::NotFound } else { Outcome::Done };
    Reply::json(200, outcome, &body).billed(enriched * DATA_CREDITS)
}

fn organization(world: &World, ask: &Ask) -> Reply {
    let Some(domain) = ask.param("domain") else {
        return Reply::json(422, Outcome::Invalid, &json!({"error": "domain is missing"}));
    };
    match world.universe.company(domain).filter(|found| world.universe.knows_company(Vendor::Apollo, found)) {
        Some(found) => {
            let body = json!({"organization": organization_json(&found)});
            Reply::json(200, Outcome::Done, &body).billed(DATA_CREDITS)
        }
        None => Reply::json(200, Outcome::NotFound, &json!({"organization": null})),
    }
}

fn phone_result(world: &World, ask: &Ask) -> Reply {
    let phones = world.phones();
    let Some(job) = phones.get(&ask.path[1]) else {
        return Reply::json(404, Outcome::NotFound, &json!({"error": "no such request"}));
    };
    if Instant::now() < job.ready {
        return Reply::json(202, Outcome::Pending, &json!({"status": "pending"}));
    }
    let numbers: Vec<_> = job
        .number
        .iter()
        .map(|number| json!({"raw_number": number, "sanitized_number": number, "status_cd": "valid_number"}))
        .collect();
    let found = usize::from(!numbers.is_empty());
    let outcome = if found == 1 { Outcome::Done } else { Outcome::NotFound };
    let body = json!({
        "status": "success",
        "total_requested_enrichments": 1,
        "unique_enriched_records": found,
        "missing_records": 1 - found,
        "credits_consumed": found as u32 * PHONE_CREDITS,
        "people": [{"id": job.person, "status": "success", "phone_numbers": numbers}],
    });
    Reply::json(200, outcome, &body)
}

fn person_json(universe: &Universe, person: &Person) -> Value {
    let company = universe.company(&person.domain).map_or(Value::Null, |company| organization_json(&company));
    let email = universe.email(Vendor::Apollo, person);
    json!({
        "id": person.id(Vendor::Apollo),
        "first_name": person.first_name,
        "last_name": person.last_name,
        "name": format!("{} {}", person.first_name, person.last_name),
        "linkedin_url": person.linkedin_url,
        "title": person.title,
        "email_status": email.as_ref().map(|_| "verified"),
        "email": email,
        "headline": person.title,
        "organization_id": company["id"],
        "employment_history": [{"title": person.title, "current": true, "organization_name": company["name"]}],
        "country": "United States",
        "organization": company,
    })
}

fn organization_json(company: &Company) -> Value {
    json!({
        "id": company.id(Vendor::Apollo),
        "name": company.name,
        "website_url": format!("http://www.{}", company.domain),
        "primary_domain": company.domain,
        "industry": company.industry.apollo,
        "estimated_num_employees": company.employees,
        "technology_names": company.technologies,
        "founded_year": company.founded,
        "city": company.city,
        "state": company.state,
        "country": "United States",
    })
}
