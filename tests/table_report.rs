//! What people see at the end of a table's run: the summary and the page, held to what the rows and files say.
#![cfg(feature = "table")]

mod common;

use common::{Folder, clayf};

const TABLE: &str = r#"
table: Leads <b>
inputs: [domain, name]
budget: {run: 6}
providers:
  - provider: first
    kind: file
    file: first.jsonl
    lookups:
      email:
        inputs: [domain]
        credits: 2
        charge: match
        coverage: 50%
        equal: {domain: domain}
        outputs: {email: response.email}
  - provider: second
    kind: file
    file: second.jsonl
    lookups:
      email:
        inputs: [domain]
        credits: 1
        charge: lookup
        equal: {domain: domain}
        outputs: {email: response.email}
columns:
  - step: email
    lookup: email
    providers: [first, second]
    run_if: ISNOTEMPTY(domain)
    winner: Source
    fills: {Email: email}
  - formula: Tier
    is: IF(ISNOTEMPTY(Email), "A<i>", "B")
  - formula: Score
    is: LEN(name)
"#;

/// Four rows: one that the first file has, one of the second, one of neither, one without a domain.
fn folder(name: &str) -> Folder {
    let folder = Folder::new(name);
    folder.write("table.yaml", TABLE);
    folder.write("first.jsonl", "{\"domain\":\"a.example\",\"email\":\"x@a.example\"}\n");
    folder.write("second.jsonl", "{\"domain\":\"b.example\",\"email\":\"<script>alert(1)</script>\"}\n");
    folder.write(
        "rows.jsonl",
        "{\"domain\":\"a.example\",\"name\":\"Ada\"}\n{\"domain\":\"b.example\",\"name\":\"<script>\"}\n\
         {\"domain\":\"c.example\",\"name\":\"Cy\"}\n{\"domain\":\"\",\"name\":\"Dee\"}\n",
    );
    folder
}

fn run(folder: &Folder) -> String {
    let args =
        ["run", "table.yaml", "rows.jsonl", "-o", "out.jsonl", "--report", "out.html", "--now", "2026-11-02"];
    let output = clayf(&folder.path(""), &args, b"");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[test]
fn the_summary_counts_what_happened() {
    let told = run(&folder("report-summary"));
    let line = |start: &str| {
        let found = told.lines().find(|line| line.trim_start().starts_with(start));
        found
            .unwrap_or_else(|| panic!("no line {start:?} in\n{told}"))
            .split_whitespace()
            .collect::<Vec<_>>()
            .join(" ")
    };
    // The first is charged for its one match, the second for both of its lookups.
    assert_eq!(line("first"), "first 3 1 33 % 50 % 2 2");
    assert_eq!(line("second"), "second 2 1 50 % 1 2");
    assert_eq!(line("budget of the run"), "budget of the run 4 of 6 66.7 % █████████████▍");
    assert!(line("Email").contains("50 %"), "{told}");
    assert!(told.contains("4 rows"), "{told}");
}

#[test]
fn the_page_stands_alone_and_shows_text_as_text() {
    let folder = folder("report-page");
    run(&folder);
    let page = folder.read("out.html");
    assert!(page.starts_with("<!DOCTYPE html>"));
    assert!(
        page.contains("Leads &lt;b&gt;") && page.contains("A&lt;i&gt;"),
        "what rows hold is shown as text"
    );
    for outside in ["<script", "http://", "https://", "url(", "@import", "<b>", "<i>"] {
        let rest = page.replace("http://www.w3.org/2000/svg", "");
        assert!(!rest.contains(outside), "the page holds {outside}");
    }
    for tag in ["section", "table", "svg", "div", "main", "body", "html"] {
        let opened = page.matches(&format!("<{tag}>")).count() + page.matches(&format!("<{tag} ")).count();
        assert_eq!(
            opened,
            page.matches(&format!("</{tag}>")).count(),
            "<{tag}> is closed as often as opened"
        );
    }
}

#[test]
fn a_page_that_can_not_be_written_is_told() {
    let folder = folder("report-full");
    let args = ["run", "table.yaml", "rows.jsonl", "-o", "out.jsonl", "--report", "missing/out.html"];
    let output = clayf(&folder.path(""), &args, b"");
    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&output.stderr).contains("can't write missing/out.html"));
}
