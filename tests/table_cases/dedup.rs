//! Rows of one contact: which are skipped before anything is spent, and which only where they are pushed.

use crate::bench::{Bench, body};
use clayf::table::state::RowStatus;

const ONE: &str = r#"
table: One
inputs: [email, domain]
row_key: "{{email}} {{domain}}"
providers:
  - provider: mine
    base_url: {url}
    lookups:
      plan:
        inputs: [email]
        credits: 2
        request: {path: /plan, query: {of: "{{email}}"}}
        outputs: {plan: response.plan}
columns:
  - step: Plan
    provider: mine
    run_if: ISNOTEMPTY(email)
    fills: {Plan: plan}
contact_push:
  url: {url}/contact
  dedup_key: email
  field_mapping: {email: "{{email}}"}
"#;

/// What was asked or pushed below a path, in no order.
fn asked(bench: &Bench, path: &str) -> Vec<String> {
    let asked = bench.vendor.asked().into_iter().filter(|asked| asked.target.starts_with(path));
    let mut told: Vec<String> =
        asked.map(|asked| if asked.body.is_empty() { asked.target } else { asked.body }).collect();
    told.sort();
    told
}

#[test]
fn what_only_folding_makes_the_same_are_two_contacts() {
    let bench = Bench::new("sharp-s", ONE, |_, _| body(r#"{"plan":"gold"}"#));
    let rows = "{\"email\":\"strasse@x.com\"}\n{\"email\":\"straße@x.com\"}\n{\"email\":\"\u{200b}STRASSE@x.com \"}\n";
    bench.results(rows, &["--sync"]);
    assert_eq!(asked(&bench, "/contact"), [r#"{"email":"strasse@x.com"}"#, r#"{"email":"straße@x.com"}"#]);
    assert_eq!(asked(&bench, "/plan").len(), 2, "the third is the first");
}

/// The same table with a push that is known by something else.
fn with_company(keyed: &str) -> String {
    format!(
        "{ONE}company_push:\n  url: {{url}}/company\n{keyed}  field_mapping: {{domain: \"{{{{domain}}}}\"}}\n"
    )
}

const ROWS: &str = "{\"email\":\"a@x.com\",\"domain\":\"x.com\"}\n{\"email\":\"A@x.com\",\"domain\":\"y.com\"}\n\
                    {\"email\":\"b@x.com\",\"domain\":\"x.com\"}\n{\"email\":\"b@x.com\",\"domain\":\"y.com\"}\n";

#[test]
fn a_row_is_skipped_only_where_no_effect_needs_it() {
    let bench =
        Bench::new("two-effects", &with_company("  dedup_key: domain\n"), |_, _| body(r#"{"plan":"gold"}"#));
    bench.results(ROWS, &["--sync"]);
    assert_eq!(asked(&bench, "/contact"), [r#"{"email":"a@x.com"}"#, r#"{"email":"b@x.com"}"#]);
    assert_eq!(asked(&bench, "/company"), [r#"{"domain":"x.com"}"#, r#"{"domain":"y.com"}"#]);
    assert_eq!(asked(&bench, "/plan").len(), 3, "the last row has nothing new for either");
    let store = bench.store();
    let run = store.last_run().expect("runs").expect("a run");
    let last = store.rows(run, 3, 1).expect("rows").remove(0);
    let reason = "the same email as row 3, the same domain as row 2".to_owned();
    assert_eq!(last.status, RowStatus::Skipped { reason });
}

#[test]
fn an_effect_without_a_key_needs_every_row() {
    let bench = Bench::new("one-keyless", &with_company(""), |_, _| body(r#"{"plan":"gold"}"#));
    bench.results(ROWS, &["--sync"]);
    assert_eq!((asked(&bench, "/contact").len(), asked(&bench, "/company").len()), (2, 4));
}
