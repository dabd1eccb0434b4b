//! People Data Labs: people and companies in lower case, 404 free of charge, 402 when credits are gone.

use super::ask::{Ask, Reply, Route};
use super::ledger::Outcome;
use super::universe::{Company, Person, Universe};
use super::vendor::{Manners, Vendor, header};
use super::world::World;
use axum::http::HeaderMap;
use serde_json::{Value, json};

pub(crate) struct PeopleDataLabs;

impl Manners for PeopleDataLabs {
    fn key<'a>(&self, headers: &'a HeaderMap) -> Option<&'a str> {
        header(headers, "x-api-key")
    }

    fn route(&self, ask: &Ask) -> Route {
        match ask.target() {
            ("GET", path) if path == ["person", "enrich"] => {
                let names = ["first_name", "last_name", "name", "company", "email", "profile"];
                let parts: Vec<_> = names.into_iter().filter_map(|name| ask.param(name)).collect();
                Route::new("person/enrich", parts.join(" ").to_lowercase(), person)
            }
            ("GET", path) if path == ["company", "enrich"] => {
                Route::new("company/enrich", ask.param("website").unwrap_or_default().to_lowercase(), company)
            }
            (_, path) => Route::new("unknown", path.join("/"), |_, _| {
                error(404, Outcome::Invalid, "not_found", "The requested path does not exist")
            }),
        }
    }

    fn unauthorized(&self) -> Reply {
        error(
            401,
            Outcome::Unauthorized,
            "authentication_error",
            "Request contained a missing or invalid key",
        )
    }

    fn rate_limited(&self, _: Option<u64>) -> Reply {
        let message = "An error occurred due to requests hitting the API too quick";
        error(429, Outcome::RateLimited, "rate_limit_error", message)
    }

    fn out_of_credits(&self) -> Reply {
        let message = "You have hit your account maximum for person enrichment (all matches used)";
        error(402, Outcome::OutOfCredits, "payment_required", message).header("x-totallimit-remaining", &0)
    }
}

fn error(status: u16, outcome: Outcome, kind: &str, message: &str) -> Reply {
    Reply::json(status, outcome, &json!({"status": status, "error": {"type": kind, "message": message}}))
}

fn no_match() -> Reply {
    error(404, Outcome::NotFound, "not_found", "No records were found matching your request")
}

/// The request names nobody.
struct TooLittle;

/// The person by profile, else by e-mail, else by name and the company's domain.
fn wanted(universe: &Universe, ask: &Ask) -> Result<Option<Person>, TooLittle> {
    if let Some(profile) = ask.param("profile") {
        return Ok(universe.person_of_profile(profile));
    }
    if let Some(email) = ask.param("email") {
        return Ok(universe.person_of_email(email));
    }
    let names = match (ask.param("first_name"), ask.param("last_name")) {
        (Some(first), Some(last)) => Some((first, last)),
        _ => ask.param("name").and_then(|name| name.split_once(' ')),
    };
    let ((first, last), company) = names.zip(ask.param("company")).ok_or(TooLittle)?;
    Ok(universe.person(first, last, company))
}

fn person(world: &World, ask: &Ask) -> Reply {
    let Ok(found) = wanted(&world.universe, ask) else {
        let message = "The request needs a profile, an email, or a name and a company";
        return error(400, Outcome::Invalid, "invalid_request_error", message);
    };
    let Some(person) = found.filter(|found| world.universe.knows_person(Vendor::PeopleDataLabs, found))
    else {
        return no_match();
    };
    let likelihood = 6 + world.universe.draw(&["likelihood", &person.linkedin_url]) % 5;
    let least = ask.param("min_likelihood").and_then(|least| least.parse().ok()).unwrap_or(0);
    if likelihood < least {
        return no_match();
    }
    let body =
        json!({"status": 200, "likelihood": likelihood, "data": person_json(&world.universe, &person)});
    Reply::json(200, Outcome::Done, &body).billed(1)
}

fn company(world: &World, ask: &Ask) -> Reply {
    let Some(website) = ask.param("website") else {
        return error(400, Outcome::Invalid, "invalid_request_error", "The request needs a website");
    };
    let company = world.universe.company(website);
    match company.filter(|company| world.universe.knows_company(Vendor::PeopleDataLabs, company)) {
        Some(company) => Reply::json(200, Outcome::Done, &company_json(&company)).billed(1),
        None => no_match(),
    }
}

fn person_json(universe: &Universe, person: &Person) -> Value {
    let (first, last) = (person.first_name.to_lowercase(), person.last_name.to_lowercase());
    let company = universe.company(&person.domain);
    json!({
        "id": format!("{}_0000", person.id(Vendor::PeopleDataLabs)),
        "full_name": format!("{first} {last}"),
        "first_name": first,
        "last_name": last,
        "linkedin_url": person.linkedin_url.trim_start_matches("https://www."),
        "job_title": person.title.to_lowercase(),
        "job_company_name": company.as_ref().map(|company| company.name.to_lowercase()),
        "job_company_website": person.domain,
        "job_company_industry": company.as_ref().map(|company| company.industry.pdl),
        "work_email": null,
        "phone_numbers": [],
    })
}

/// A company stands at the top, not under `data` as a person does.
fn company_json(company: &Company) -> Value {
    json!({
        "status": 200,
        "id": company.id(Vendor::PeopleDataLabs),
        "name": company.name.to_lowercase(),
        "website": company.domain,
        "industry": company.industry.pdl,
        "employee_count": company.employees,
        "founded": company.founded,
        "location": {"locality": company.city.to_lowercase(), "region": company.state.to_lowercase()},
        "likelihood": 9,
    })
}
