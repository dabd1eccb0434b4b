//! What the reference table has to find for a lead, worked out from the universe alone.

use crate::emulator::leads::Lead;
use crate::emulator::{Company, Person, Universe, Vendor};
use serde_json::{Value, json};

/// The columns of a lead that follow from the universe.
pub(crate) fn expected(universe: &Universe, lead: &Lead) -> Value {
    let company = universe.company(&lead.domain);
    let person = universe.person(&lead.first_name, &lead.last_name, &lead.domain);
    let (name, employees, industry) = company_of(universe, company.as_ref());
    let (title, profile) = person_of(universe, person.as_ref(), lead);
    let (email, winner) = email_of(universe, person.as_ref());
    let points = |phone: &Value| {
        size(&employees)
            + field(&industry)
            + seniority(&title)
            + if email.is_null() { 0 } else { 10 }
            + if phone.is_null() { 0 } else { 5 }
    };
    let phone = person.filter(|_| points(&Value::Null) >= 80).and_then(|person| universe.phone(&person));
    let phone = json!(phone);
    let score = points(&phone);
    let tier = match score {
        80.. => "A",
        60.. => "B",
        40.. => "C",
        _ => "D",
    };
    json!({
        "Company Name": name, "Employee Count": employees, "Industry": industry,
        "Job Title": title, "LinkedIn URL": profile,
        "Work Email": email, "Email Provider": winner,
        "Phone Number": phone, "ICP Score": score, "Lead Tier": tier,
    })
}

/// Clearbit, else Apollo, each in its own words.
fn company_of(universe: &Universe, company: Option<&Company>) -> (Value, Value, Value) {
    let by = |vendor| company.filter(|company| universe.knows_company(vendor, company));
    match (by(Vendor::Clearbit), by(Vendor::Apollo)) {
        (Some(known), _) => (json!(known.name), json!(known.employees), json!(known.industry.clearbit)),
        (None, Some(known)) => (json!(known.name), json!(known.employees), json!(known.industry.apollo)),
        (None, None) => (Value::Null, Value::Null, Value::Null),
    }
}

/// Apollo by name, else People Data Labs by profile or, without one, by name; the latter in lower case.
fn person_of(universe: &Universe, person: Option<&Person>, lead: &Lead) -> (Value, Value) {
    let Some(person) = person else { return (Value::Null, Value::Null) };
    if universe.knows_person(Vendor::Apollo, person) {
        return (json!(person.title), json!(person.linkedin_url));
    }
    let found = if lead.linkedin_url.is_empty() {
        Some(person.clone())
    } else {
        universe.person_of_profile(&lead.linkedin_url)
    };
    match found.filter(|found| universe.knows_person(Vendor::PeopleDataLabs, found)) {
        Some(found) => {
            let profile = found.linkedin_url.trim_start_matches("https://www.");
            (json!(proper(found.title)), json!(profile))
        }
        None => (Value::Null, Value::Null),
    }
}

/// Apollo, else Hunter, and who it was.
fn email_of(universe: &Universe, person: Option<&Person>) -> (Value, Value) {
    let by = |vendor| universe.email(vendor, person?);
    match (by(Vendor::Apollo), by(Vendor::Hunter)) {
        (Some(email), _) => (json!(email), json!("apollo")),
        (None, Some(email)) => (json!(email), json!("hunter")),
        (None, None) => (Value::Null, Value::Null),
    }
}

fn size(employees: &Value) -> u32 {
    match employees.as_u64().unwrap_or(0) {
        1001.. => 30,
        201.. => 25,
        51.. => 15,
        11.. => 5,
        _ => 0,
    }
}

fn field(industry: &Value) -> u32 {
    match industry.as_str().unwrap_or_default().to_lowercase().as_str() {
        "software" | "technology" | "saas" | "information technology" => 30,
        "financial services" | "healthcare" => 20,
        _ => 10,
    }
}

fn seniority(title: &Value) -> u32 {
    let title = title.as_str().unwrap_or_default();
    let any = |words: &[&str]| words.iter().any(|word| title.contains(word));
    if any(&["CEO", "CTO", "VP", "C-Suite"]) {
        25
    } else if any(&["Director", "Head of"]) {
        20
    } else if title.contains("Manager") {
        10
    } else {
        5
    }
}

/// `vp of sales` as `Vp Of Sales`.
fn proper(title: &str) -> String {
    let mut starts = true;
    let cased = title.chars().flat_map(|letter| {
        let cased: Vec<char> =
            if starts { letter.to_uppercase().collect() } else { letter.to_lowercase().collect() };
        starts = !letter.is_alphabetic();
        cased
    });
    cased.collect()
}
