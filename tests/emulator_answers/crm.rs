//! The CRMs: what they take, what they refuse, and what they hold afterwards.

use crate::calls::{get, patch, post, start};
use crate::emulator::{Emulator, FaultKind, FaultPlan, Settings};
use serde_json::{Value, json};

const OLD: &str = "crm/v3/objects/contacts";
const NEW: &str = "crm/objects/2026-09/contacts";

fn input(email: &str, properties: &Value) -> Value {
    json!({"id": email, "idProperty": "email", "properties": properties})
}

fn hubspot(emulator: &Emulator, path: &str, body: &Value) -> (u16, Value) {
    post(&format!("{}/{path}", emulator.url("hubspot")), body)
}

#[test]
fn a_contact_is_created_once() {
    let emulator = start();
    let contact = json!({"properties": {"email": "mira@bright-forge.example", "firstname": "Mira"}});
    let (status, body) = hubspot(&emulator, OLD, &contact);
    assert_eq!(status, 201);
    let (status, again) = hubspot(&emulator, NEW, &contact);
    assert_eq!(status, 409);
    let words = format!("Contact already exists. Existing ID: {}", body["id"].as_str().expect("an id"));
    assert_eq!(again["message"], words);
    assert_eq!(emulator.contacts("hubspot").len(), 1);
}

#[test]
fn a_contact_is_updated_by_email() {
    let emulator = start();
    let url = format!("{}/{OLD}/mira%40bright-forge.example?idProperty=email", emulator.url("hubspot"));
    let change = json!({"properties": {"jobtitle": "CTO"}});
    assert_eq!(patch(&url, &change).0, 404);
    hubspot(&emulator, OLD, &json!({"properties": {"email": "mira@bright-forge.example"}}));
    assert_eq!(patch(&url, &change).1["properties"]["jobtitle"], "CTO");
    let contact = &emulator.contacts("hubspot")[0];
    assert_eq!((contact.updates, contact.history.len(), contact.text("jobtitle")), (1, 2, Some("CTO")));
    assert_eq!(get(&url).1["properties"]["jobtitle"], "CTO");
}

#[test]
fn an_upsert_creates_and_updates() {
    let emulator = start();
    let path = format!("{NEW}/batch/upsert");
    let batch = |title: &str| {
        let emails = ["a@x.example", "b@x.example"];
        json!({"inputs": emails.map(|email| input(email, &json!({"jobtitle": title})))})
    };
    let (status, body) = hubspot(&emulator, &path, &batch("CTO"));
    assert_eq!((status, &body["results"][1]["new"]), (200, &json!(true)));
    let (_, body) = hubspot(&emulator, &path, &batch("CEO"));
    assert_eq!(body["results"][1]["new"], false);
    assert_eq!(emulator.contacts("hubspot").len(), 2);
}

#[test]
fn a_batch_is_refused_as_a_whole() {
    let emulator = start();
    let upsert =
        |inputs: Vec<Value>| hubspot(&emulator, &format!("{OLD}/batch/upsert"), &json!({"inputs": inputs}));
    let one = |email: &str| input(email, &json!({"firstname": "A"}));
    let (status, body) = upsert(vec![one("a@x.example"), one("A@x.example")]);
    assert_eq!(status, 400);
    assert!(body["message"].as_str().expect("text").starts_with("Duplicate IDs found"), "{body}");
    assert_eq!(upsert((0..101).map(|number| one(&format!("a{number}@x.example"))).collect()).0, 400);
    assert_eq!(upsert(Vec::new()).0, 400);
    assert_eq!(upsert(vec![one("a@x.example")]).0, 200);
    let stolen = input("b@x.example", &json!({"email": "a@x.example"}));
    assert_eq!(upsert(vec![one("c@x.example"), stolen]).0, 409);
    assert_eq!(emulator.contacts("hubspot").len(), 1);
}

#[test]
fn custom_properties_are_refused_until_they_are_created() {
    let emulator = start();
    let contact = |email: &str| json!({"properties": {"email": email, "clay_icp_score": 85}});
    let (status, body) = hubspot(&emulator, OLD, &contact("a@x.example"));
    assert_eq!((status, &body["errors"][0]["code"]), (400, &json!("PROPERTY_DOESNT_EXIST")));
    let url = format!("{}/crm/v3/properties/contacts", emulator.url("hubspot"));
    assert_eq!(get(&format!("{url}/clay_icp_score")).0, 404);
    let property = json!({"name": "clay_icp_score", "label": "Score", "type": "number", "fieldType": "number",
        "groupName": "contactinformation"});
    assert_eq!(post(&url, &property).0, 201);
    assert_eq!(post(&url, &property).0, 409);
    assert_eq!(get(&format!("{url}/clay_icp_score")).0, 200);
    assert_eq!(hubspot(&emulator, OLD, &contact("a@x.example")).1["properties"]["clay_icp_score"], "85");
    assert_eq!(hubspot(&emulator, OLD, &contact("a@")).0, 400);
}

#[test]
fn contacts_are_read_in_a_batch() {
    let emulator = start();
    hubspot(&emulator, OLD, &json!({"properties": {"email": "a@x.example"}}));
    let ask = |emails: &[&str]| {
        let inputs: Vec<_> = emails.iter().map(|email| json!({"id": email})).collect();
        let body = json!({"idProperty": "email", "properties": ["email"], "inputs": inputs});
        hubspot(&emulator, &format!("{OLD}/batch/read"), &body)
    };
    assert_eq!(ask(&["a@x.example"]).0, 200);
    let (status, body) = ask(&["a@x.example", "b@x.example"]);
    assert_eq!((status, &body["numErrors"]), (207, &json!(1)));
    assert_eq!(body["errors"][0]["context"]["ids"], json!(["b@x.example"]));
}

#[test]
fn a_batch_can_do_nothing_and_say_nothing() {
    let faults = FaultPlan::only(FaultKind::EmptyResults, 1.0);
    let emulator = Emulator::start(Settings { faults, ..Settings::default() });
    let batch = json!({"inputs": [input("a@x.example", &json!({"firstname": "A"}))]});
    let (status, body) = hubspot(&emulator, &format!("{OLD}/batch/upsert"), &batch);
    assert_eq!((status, &body["results"]), (200, &json!([])));
    assert!(emulator.contacts("hubspot").is_empty());
}

#[test]
fn a_created_batch_reports_each_conflict_by_its_trace() {
    let emulator = start();
    let path = format!("{OLD}/batch/create");
    hubspot(&emulator, OLD, &json!({"properties": {"email": "a@x.example"}}));
    let plain = |email: &str| json!({"properties": {"email": email}});
    let traced = |email: &str| json!({"properties": {"email": email}, "objectWriteTraceId": email});
    let inputs = json!({"inputs": [plain("a@x.example"), plain("b@x.example")]});
    assert_eq!(hubspot(&emulator, &path, &inputs).0, 409);
    let inputs = json!({"inputs": [traced("a@x.example"), traced("b@x.example")]});
    let (status, body) = hubspot(&emulator, &path, &inputs);
    assert_eq!((status, &body["errors"][0]["context"]["objectWriteTraceId"]), (207, &json!(["a@x.example"])));
    assert_eq!(emulator.contacts("hubspot").len(), 2);
}

fn salesforce(emulator: &Emulator) -> String {
    format!("{}/services/data/v68.0", emulator.url("salesforce"))
}

#[test]
fn a_record_is_upserted_by_external_id() {
    let emulator = start();
    let url = format!("{}/sobjects/Contact/Clay_Key__c/a%40x.example", salesforce(&emulator));
    let record = json!({"LastName": "Moreau", "Email": "a@x.example"});
    let (status, body) = patch(&url, &record);
    assert_eq!((status, &body["created"]), (201, &json!(true)));
    assert_eq!(patch(&url, &record).0, 200);
    let unknown = patch(&url, &json!({"Score__c": 85}));
    assert_eq!((unknown.0, &unknown.1[0]["errorCode"]), (400, &json!("INVALID_FIELD")));
    let missing = patch(&format!("{url}2"), &json!({"Email": "b@x.example"}));
    assert_eq!((missing.0, &missing.1[0]["errorCode"]), (400, &json!("REQUIRED_FIELD_MISSING")));
    assert_eq!(emulator.contacts("salesforce").len(), 1);
}

#[test]
fn rows_of_a_collection_fail_one_by_one() {
    let emulator = start();
    let url = format!("{}/composite/sobjects/Contact/Clay_Key__c", salesforce(&emulator));
    let row = |key: &str, name: &str, email: &str| json!({"attributes": {"type": "Contact"}, "Clay_Key__c": key, "LastName": name, "Email": email});
    let rows =
        [row("1", "Moreau", "a@x.example"), row("2", "", "b@x.example"), row("3", "Raman", "A@x.example")];
    let (status, body) = patch(&url, &json!({"allOrNone": false, "records": rows}));
    assert_eq!(status, 200);
    assert_eq!(body[0]["success"], true);
    assert_eq!(body[1]["errors"][0]["statusCode"], "REQUIRED_FIELD_MISSING");
    assert_eq!(body[2]["errors"][0]["statusCode"], "DUPLICATES_DETECTED");

    let rows = [row("4", "Keller", "c@x.example"), row("5", "", "d@x.example")];
    let (_, body) = patch(&url, &json!({"allOrNone": true, "records": rows}));
    assert_eq!(body[0]["errors"][0]["statusCode"], "ALL_OR_NONE_OPERATION_ROLLED_BACK");
    assert_eq!(emulator.contacts("salesforce").len(), 1);
    let many: Vec<_> = (0..201).map(|number| row(&number.to_string(), "A", "")).collect();
    assert_eq!(patch(&url, &json!({"records": many})).0, 400);
}

#[test]
fn records_are_queried() {
    let emulator = start();
    let url = salesforce(&emulator);
    for (name, email) in [("O'Malley", "a@x.example"), ("Moreau", "b@x.example")] {
        assert_eq!(
            post(&format!("{url}/sobjects/Contact"), &json!({"LastName": name, "Email": email})).0,
            201
        );
    }
    let query = |condition: &str| {
        let text = format!("SELECT Id, Email FROM Contact WHERE {condition}").replace(' ', "+");
        get(&format!("{url}/query?q={}", text.replace('\'', "%27").replace('\\', "%5C")))
    };
    let (status, body) = query("Email IN ('A@x.example', 'none@x.example')");
    assert_eq!(
        (status, &body["totalSize"], &body["records"][0]["Email"]),
        (200, &json!(1), &json!("a@x.example"))
    );
    assert_eq!(query(r"LastName = 'O\'Malley'").1["totalSize"], 1);
    assert_eq!(query("Email LIKE 'a'").1[0]["errorCode"], "MALFORMED_QUERY");
}
