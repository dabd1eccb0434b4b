//! Vendors of data and the model: shapes, statuses and bills.

use crate::calls::{asked, get, people, post, someone, start, without_key};
use crate::emulator::{Emulator, RateLimit, Settings, Vendor};
use serde_json::{Value, json};
use std::collections::HashMap;
use std::time::Duration;

#[test]
fn without_a_key_each_refuses_in_its_own_way() {
    let emulator = start();
    for vendor in Vendor::ALL.into_iter().filter(|vendor| *vendor != Vendor::Hook) {
        assert_eq!(without_key(&emulator.url(vendor.name())).0, 401, "{vendor:?}");
    }
    let (_, kind, words) = without_key(&format!("{}/organizations/enrich", emulator.url("apollo")));
    assert!(kind.starts_with("text/plain") && words.starts_with("Invalid API key"), "{kind} {words}");
}

#[test]
fn configured_keys_are_the_only_ones() {
    let keys = HashMap::from([(Vendor::Hunter, vec!["right".to_owned()])]);
    let emulator = Emulator::start(Settings { keys, ..Settings::default() });
    assert_eq!(get(&format!("{}/email-finder?domain=a.example", emulator.url("hunter"))).0, 401);
}

#[test]
fn apollo_bills_matches_only() {
    let emulator = start();
    let universe = emulator.universe();
    let url = |person| format!("{}/people/match?{}", emulator.url("apollo"), asked(person));
    let known = someone(universe, |person| universe.email(Vendor::Apollo, person).is_some());
    let (status, body) = post(&url(&known), &Value::Null);
    assert_eq!((status, &body["person"]["email"]), (200, &json!(known.email)));
    assert_eq!(body["person"]["title"], known.title);
    assert!(body["person"]["organization"]["estimated_num_employees"].is_number());

    let unknown = someone(universe, |person| !universe.knows_person(Vendor::Apollo, person));
    assert_eq!(post(&url(&unknown), &Value::Null), (200, json!({"person": null})));
    assert_eq!(emulator.ledger().credits(Vendor::Apollo), 1);
}

#[test]
fn apollo_takes_ten_at_once_and_no_more() {
    let emulator = start();
    let details = |count| {
        let people = people(emulator.universe()).take(count);
        let people = people.map(|person| {
            json!({"first_name": person.first_name, "last_name": person.last_name, "domain": person.domain})
        });
        json!({"details": people.collect::<Vec<_>>()})
    };
    let url = format!("{}/people/bulk_match", emulator.url("apollo"));
    let (status, body) = post(&url, &details(10));
    assert_eq!((status, body["matches"].as_array().map(Vec::len)), (200, Some(10)));
    assert_eq!(post(&url, &details(11)).1["error_code"], "RECORD_LIMIT_EXCEEDED");
}

#[test]
fn a_phone_number_comes_later() {
    let emulator =
        Emulator::start(Settings { phone_delay: Duration::from_millis(300), ..Settings::default() });
    let universe = emulator.universe();
    let person = someone(universe, |person| universe.phone(person).is_some());
    let url = emulator.url("apollo");
    let (_, body) =
        post(&format!("{url}/people/match?{}&reveal_phone_number=true", asked(&person)), &Value::Null);
    let request = body["request_id"].as_str().expect("a request id").to_owned();
    let result = || get(&format!("{url}/webhook_result/{request}"));
    assert_eq!(result().0, 202);
    std::thread::sleep(Duration::from_millis(350));
    let (status, body) = result();
    assert_eq!(status, 200);
    assert_eq!(body["people"][0]["phone_numbers"][0]["sanitized_number"], person.phone);
    assert_eq!(emulator.ledger().credits(Vendor::Apollo), 9);
    assert_eq!(get(&format!("{url}/webhook_result/none")).0, 404);
}

#[test]
fn hunter_finds_and_verifies() {
    let emulator = start();
    let universe = emulator.universe();
    let url = emulator.url("hunter");
    let known = someone(universe, |person| universe.email(Vendor::Hunter, person).is_some());
    let (status, body) = get(&format!("{url}/email-finder?{}", asked(&known)));
    assert_eq!((status, &body["data"]["email"]), (200, &json!(known.email)));
    let unknown = someone(universe, |person| universe.email(Vendor::Hunter, person).is_none());
    assert_eq!(get(&format!("{url}/email-finder?{}", asked(&unknown))).1["data"]["email"], Value::Null);
    assert_eq!(emulator.ledger().credits(Vendor::Hunter), 1);

    for _ in 0..2 {
        let (_, body) = get(&format!("{url}/email-verifier?email={}", known.email));
        assert_eq!(body["data"]["status"], universe.email_status(&known.email).0);
    }
    assert_eq!(emulator.ledger().credits(Vendor::Hunter), 2, "the same address counts once");
    let (status, body) = get(&format!("{url}/email-finder?first_name=A&last_name=B"));
    assert_eq!((status, &body["errors"][0]["id"]), (400, &json!("wrong_params")));
}

#[test]
fn limits_and_quotas_have_each_vendors_own_status() {
    let limit = RateLimit { most: 1, per: Duration::from_secs(60) };
    let limits = Vendor::ALL.map(|vendor| (vendor, limit)).into();
    let slow = Emulator::start(Settings { limits, ..Settings::default() });
    let quotas = Vendor::ALL.map(|vendor| (vendor, 0)).into();
    let spent = Emulator::start(Settings { quotas, ..Settings::default() });
    for (vendor, too_fast, used_up) in [
        (Vendor::Apollo, 429, 403),
        (Vendor::Hunter, 403, 429),
        (Vendor::Clearbit, 429, 402),
        (Vendor::PeopleDataLabs, 429, 402),
        (Vendor::OpenAi, 429, 429),
        (Vendor::HubSpot, 429, 429),
        (Vendor::Salesforce, 503, 403),
    ] {
        get(&slow.url(vendor.name()));
        assert_eq!(get(&slow.url(vendor.name())).0, too_fast, "{vendor:?}");
        assert_eq!(get(&spent.url(vendor.name())).0, used_up, "{vendor:?}");
    }
    assert_eq!(slow.ledger().busiest(Vendor::Apollo, Duration::from_secs(60)), 2);
}

#[test]
fn clearbit_looks_some_companies_up_first() {
    let emulator = Emulator::start(Settings { clearbit_queued: 1.0, ..Settings::default() });
    let universe = emulator.universe();
    let companies = (0..).filter_map(|number| universe.company(&format!("firm-{number}.example")));
    let (known, unknown): (Vec<_>, Vec<_>) =
        companies.take(50).partition(|company| universe.knows_company(Vendor::Clearbit, company));
    let find = |domain: &str| get(&format!("{}/companies/find?domain={domain}", emulator.url("clearbit")));
    assert_eq!(find(&known[0].domain), (202, Value::Null));
    let (_, body) =
        (0..2).map(|_| find(&known[0].domain)).find(|(status, _)| *status == 200).expect("a record");
    assert_eq!(body["category"]["industry"], known[0].industry.clearbit);
    assert_eq!(body["metrics"]["employees"], known[0].employees);
    assert_eq!(find(&unknown[0].domain).0, 404);
    assert_eq!(emulator.ledger().credits(Vendor::Clearbit), 1);
}

#[test]
fn people_data_labs_speaks_in_lower_case_and_does_not_bill_404() {
    let emulator = start();
    let universe = emulator.universe();
    let url = |query: &str| format!("{}/person/enrich?{query}", emulator.url("pdl"));
    let known = someone(universe, |person| universe.knows_person(Vendor::PeopleDataLabs, person));
    let (status, body) = get(&url(&asked(&known).replace("domain=", "company=")));
    assert_eq!((status, &body["data"]["job_title"]), (200, &json!(known.title.to_lowercase())));
    let by_profile = get(&url(&format!("profile={}", known.linkedin_url)));
    assert_eq!(by_profile.1["data"]["id"], body["data"]["id"]);
    let unknown = someone(universe, |person| !universe.knows_person(Vendor::PeopleDataLabs, person));
    assert_eq!(get(&url(&asked(&unknown).replace("domain=", "company="))).0, 404);
    assert_eq!(get(&url("first_name=Mira")).0, 400);
    assert_eq!(emulator.ledger().credits(Vendor::PeopleDataLabs), 2);
}

fn chat(emulator: &Emulator, extra: &Value) -> Value {
    let mut body =
        json!({"model": "small", "messages": [{"role": "user", "content": "Write an opener for Mira."}]});
    for (name, value) in extra.as_object().into_iter().flatten() {
        body[name] = value.clone();
    }
    post(&format!("{}/chat/completions", emulator.url("openai")), &body).1["choices"][0].clone()
}

#[test]
fn the_model_says_the_same_to_the_same() {
    let emulator = start();
    let said = chat(&emulator, &Value::Null);
    assert_eq!(said, chat(&emulator, &Value::Null));
    assert_eq!(said["finish_reason"], "stop");
    let cut = chat(&emulator, &json!({"max_completion_tokens": 2}));
    assert_eq!(
        (&cut["finish_reason"], cut["message"]["content"].as_str().map(str::len)),
        (&json!("length"), Some(8))
    );
    let shy = Emulator::start(Settings { refusals: 1.0, ..Settings::default() });
    assert!(chat(&shy, &Value::Null)["message"]["refusal"].is_string());
}

#[test]
fn the_model_fills_a_schema() {
    let emulator = start();
    let schema = json!({"type": "object", "properties": {
        "opener": {"type": "string"},
        "fit": {"type": "integer", "minimum": 1, "maximum": 5},
        "tone": {"enum": ["warm", "dry"]},
        "facts": {"type": "array", "items": {"type": "string"}},
    }});
    let format = json!({"type": "json_schema", "json_schema": {"name": "opener", "schema": schema}});
    let said = chat(&emulator, &json!({"response_format": format}));
    let said: Value = serde_json::from_str(said["message"]["content"].as_str().expect("text")).expect("JSON");
    assert!(said["opener"].is_string() && said["facts"][0].is_string(), "{said}");
    assert!((1..=5).contains(&said["fit"].as_i64().expect("a number")), "{said}");
    assert!(["warm", "dry"].contains(&said["tone"].as_str().expect("a text")), "{said}");
}

#[test]
fn the_hook_keeps_what_is_pushed() {
    let emulator = start();
    assert_eq!(post(&format!("{}/leads", emulator.url("hook")), &json!({"a": 1})).0, 200);
    let pushes = emulator.pushes();
    assert_eq!((pushes[0].path.as_str(), &pushes[0].body), ("leads", &json!({"a": 1})));
}
