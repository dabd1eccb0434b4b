//! Rows of one contact: which are skipped before anything is spent, and which only where they are pushed.

use crate::bench::{Bench, body};

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
