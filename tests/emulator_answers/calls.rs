//! Calls to an emulator, and people to ask for.

use crate::emulator::{Emulator, Person, Settings, Universe, leads};
use serde_json::Value;

/// A status, and a body as JSON; null where it is none.
pub(crate) type Answer = (u16, Value);

pub(crate) fn start() -> Emulator {
    Emulator::start(Settings::default())
}

fn agent() -> ureq::Agent {
    ureq::Agent::new_with_config(ureq::Agent::config_builder().http_status_as_error(false).build())
}

/// A request with every vendor's key in it.
pub(crate) fn call(method: &str, url: &str, body: Option<&Value>) -> Result<Answer, ureq::Error> {
    let request = ureq::http::Request::builder().method(method).uri(url);
    let request = request.header("authorization", "Bearer any").header("x-api-key", "any");
    let request = request.header("content-type", "application/json");
    let bytes = body.map(Value::to_string).unwrap_or_default();
    let mut response = agent().run(request.body(bytes).expect("a request"))?;
    let status = response.status().as_u16();
    let text = response.body_mut().read_to_string()?;
    Ok((status, serde_json::from_str(&text).unwrap_or_default()))
}

pub(crate) fn get(url: &str) -> Answer {
    call("GET", url, None).expect("an answer")
}

pub(crate) fn post(url: &str, body: &Value) -> Answer {
    call("POST", url, Some(body)).expect("an answer")
}

pub(crate) fn patch(url: &str, body: &Value) -> Answer {
    call("PATCH", url, Some(body)).expect("an answer")
}

/// Without any key; the status, the content type and the body as text.
pub(crate) fn without_key(url: &str) -> (u16, String, String) {
    let mut response = agent().get(url).call().expect("an answer");
    let kind = response.headers().get("content-type").and_then(|kind| kind.to_str().ok());
    let kind = kind.unwrap_or_default().to_owned();
    (response.status().as_u16(), kind, response.body_mut().read_to_string().expect("text"))
}

/// Whole leads as people, each once.
pub(crate) fn people(universe: &Universe) -> impl Iterator<Item = Person> {
    let leads = leads::leads(universe, 5, 2000);
    leads.into_iter().filter_map(|lead| universe.person(&lead.first_name, &lead.last_name, &lead.domain))
}

/// The first person of whom this holds.
pub(crate) fn someone(universe: &Universe, holds: impl Fn(&Person) -> bool) -> Person {
    people(universe).find(holds).expect("there is someone")
}

/// `first_name=…&last_name=…&domain=…`
pub(crate) fn asked(person: &Person) -> String {
    format!("first_name={}&last_name={}&domain={}", person.first_name, person.last_name, person.domain)
}
