//! What `clayf check` says about table files as people write them.
#![cfg(feature = "table")]

mod common;

use common::{Folder, clayf, files_with, folder, table_findings, table_reports};
use proptest::prelude::*;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};

/// What is found about a table of this text, a line each: place, message and code.
fn found(text: &str) -> String {
    // Tests run at once.
    static COUNT: AtomicUsize = AtomicUsize::new(0);
    let folder = Folder::new(&format!("table-check-{}", COUNT.fetch_add(1, Ordering::Relaxed)));
    folder.write("table.yaml", text);
    let found = table_findings(&folder.path("table.yaml")).to_string();
    let before = format!("{}:", folder.path("table.yaml").display());
    found.lines().map(|line| line.strip_prefix(&before).unwrap_or(line)).collect::<Vec<_>>().join("\n")
}

/// The findings about a table with a phone lookup of this condition, and a score that reads the number.
fn gated(condition: &str) -> String {
    found(&format!(
        "table: T\ncolumns:\n  - step: Phone lookup\n    provider: apollo\n    run_if: {condition}\n  \
         - formula: Score\n    is: IF(ISNOTEMPTY(Phone Number), 100, LEN(domain))\n"
    ))
}

#[test]
fn a_mark_before_the_text_moves_no_place() {
    let text = "tabel: A\ncolumns: [domain]\n";
    let wanted = "1:1: a table has no key `tabel` [clay::unknown_key]";
    assert_eq!(found(text), wanted);
    assert_eq!(found(&format!("\u{feff}{text}")), wanted);
}

/// What `clayf check` says about a file of this text, and its exit status.
fn checked(name: &str, text: &str) -> (String, Option<i32>) {
    let folder = folder("table-check-file");
    std::fs::write(folder.join(name), text).expect("a writable file");
    let output = clayf(&folder, &["check", name], b"");
    (String::from_utf8(output.stderr).expect("text"), output.status.code())
}

#[test]
fn a_provider_file_is_checked_by_itself() {
    let shipped = std::fs::read_to_string("src/table/providers/hubspot.yaml").expect("the file");
    let wanted = "p.yaml: nothing wrong; a provider with 0 lookups, 1 kind of things to push\n";
    assert_eq!(checked("p.yaml", &shipped), (wanted.to_owned(), Some(0)));
    let provider = "provider: p\nbase_url: https://p.example\nlookups:\n  phone:\n    inputs: [domain]\n    \
                    request: {path: /p}\n    outputs: {phone: respons.number}\n";
    let (said, status) = checked("p.yaml", provider);
    assert_eq!(status, Some(2));
    assert!(said.contains("unknown column `respons`") && said.ends_with("p.yaml: 1 error\n"), "{said}");
}

#[test]
fn an_effect_that_does_not_run_is_listed() {
    let table = "table: T\ninputs: {email: any}\ncrm_sync:\n  provider: hubspot\n  object: contacts\n  auto_run: false\n  \
                 field_mapping: {email: \"{{email}}\"}\n";
    let (said, status) = checked("t.yaml", table);
    assert_eq!(status, Some(0), "{said}");
    assert!(said.contains("1 effect (`crm_sync` not run: `auto_run: false`)"), "{said}");
    let folder = folder("table-check-idle");
    std::fs::write(folder.join("t.yaml"), table).expect("a writable file");
    let output = clayf(&folder, &["why", "t.yaml", "1", "crm_sync"], b"");
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(2), "{said}");
    assert!(
        said.contains("the effect `crm_sync` does not run") && said.contains("`auto_run: true`"),
        "{said}"
    );
}

#[test]
fn formulas_of_other_languages_are_rewritten() {
    let table = "table: T\ninputs: {Score: Number, Contacts: List, email: Text}\ncolumns:\n  \
                 - formula: Fit\n    is: IFNULL(Score, 0) > 1\n  \
                 - formula: Work\n    is: Contacts.some(c => c.email.includes('@x'))\n  \
                 - formula: Tier\n    is: \"Score === 5 ? 'a' : 'b'\"\n";
    let (said, status) = checked("t.yaml", table);
    assert_eq!(status, Some(2), "{said}");
    let written = [
        "write `COALESCE(Score, 0) > 1`",
        "write `ANY(Contacts, c, CONTAINS(c.email, \"@x\"))`",
        "write `IF(Score = 5, \"a\", \"b\")`",
    ];
    for help in written {
        assert!(said.contains(help), "{help}: {said}");
    }
}

#[test]
fn a_provider_file_is_not_run() {
    let folder = folder("table-check-run");
    std::fs::write(folder.join("p.yaml"), "provider: p\nkind: formulas\n").expect("a writable file");
    let output = clayf(&folder, &["plan", "p.yaml", "rows.csv"], b"");
    let said = String::from_utf8(output.stderr).expect("text");
    assert!(said.contains("this is a provider file and no table"), "{said}");
    assert_eq!(output.status.code(), Some(2));
}

#[test]
fn asking_whether_the_own_column_is_empty_is_no_loop() {
    for condition in [
        "ISEMPTY(Phone Number)",
        "ISBLANK(Phone Number) AND ISNOTEMPTY(domain)",
        "domain = 1 OR NOT(ISNOTEMPTY(Phone Number))",
        "IF(domain = 1, ISEMPTY({Phone Number}), NOT ISNOTEMPTY(Phone Number))",
    ] {
        assert_eq!(gated(condition), "", "{condition}");
    }
    for condition in [
        "ISNOTEMPTY(Phone Number)",
        "NOT ISEMPTY(Phone Number)",
        "ISEMPTY(Phone Number) OR LEN(Phone Number) < 5",
        "ISEMPTY(Phone Number & domain)",
        "ISEMPTY(Phone Number) AND Score >= 50",
    ] {
        assert!(gated(condition).ends_with("[clay::gate_loop]"), "{condition}: {}", gated(condition));
    }
}

#[test]
fn a_loop_by_way_of_the_formula_of_an_input_is_found() {
    let folder = Folder::new("table-check-input-loop");
    folder.write(
        "rules.clay",
        "input Dial: Text = TRIM(Phone Number)\ninput domain: Text\ninput first_name: Text\ninput last_name: Text\nScore := IF(LEN(Dial) > 5, 100, LEN(domain))\n",
    );
    let table = "table: T\nrules: rules.clay\ninputs: {domain: any, first_name: any, last_name: any, Phone Number: any}\ncolumns:\n  - step: Phone lookup\n    provider: apollo\n    run_if: CONDITION\n";
    for (condition, is_loop) in [
        ("Score > 50", true),
        ("ISNOTEMPTY(Dial)", true),
        ("ISEMPTY(Dial)", false),
        ("ISEMPTY(Phone Number)", false),
        ("domain = \"a.com\"", false),
    ] {
        folder.write("table.yaml", &table.replace("CONDITION", condition));
        let found = table_findings(&folder.path("table.yaml")).to_string();
        assert_eq!(found.contains("[clay::gate_loop]"), is_loop, "{condition}: {found}");
    }
}

#[test]
fn a_key_without_a_value_is_told() {
    for (text, wanted) in [
        (
            "columns:\n  - step: company\n    provider:\n    run_if: true\n",
            "2:11: `company` needs `provider` [clay::missing_key]",
        ),
        ("columns:\n  - formula: Tier\n    is:\n", "2:14: `Tier` needs `is` [clay::missing_key]"),
    ] {
        assert_eq!(found(text), wanted);
    }
}

/// What is found about a table with one e-mail step of these lines.
fn step(lines: &str) -> String {
    found(&format!(
        "inputs: [first_name, last_name, domain]\ncolumns:\n  - step: email\n    provider: hunter\n    run_if: true\n    {lines}\n"
    ))
}

#[test]
fn fills_may_have_the_names_of_outputs() {
    for fills in
        ["email: LOWER(email)", "email: email", "status: email & \"\"", "score: \"{{score}}\"", "score: true"]
    {
        assert_eq!(step(&format!("fills: {{{fills}}}")), "", "{fills}");
    }
    assert!(step("fills: {email: Work Email}").contains("unknown output `Work Email`"));
}

#[test]
fn texts_that_are_meant_as_texts_are_not_told() {
    for prompt in [
        "One line.",
        "Give JSON: {\\\"name\\\": \\\"…\\\"}",
        "Hi {{IF(ISNOTEMPTY({domain}), domain, 1)}}",
        "LEN",
        "{{domain}} {x}",
    ] {
        let text = format!(
            "inputs: [domain]\ncolumns:\n  - ai: Opener\n    run_if: true\n    prompt: \"{prompt}\"\n"
        );
        assert_eq!(found(&text), "", "{prompt}");
    }
}

/// Signs that mean something to YAML or to formulas, and some of several bytes.
const SIGNS: [&str; 24] = [
    "\"", "'", "{", "}", "[", "]", ": ", ":", "- ", "\n", "\n  ", "\t", " #", "!", "&a ", "*a", "|", "{{",
    "}}", "ß", "…", "\u{a0}", "\r\n", "\\",
];

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    /// Whatever a slip of the keyboard does to a table, something can be said and drawn about it.
    #[test]
    fn no_slip_makes_a_report_fail(
        file in any::<prop::sample::Index>(),
        edits in prop::collection::vec((any::<prop::sample::Index>(), 0..12_usize, 0..SIGNS.len()), 1..4),
    ) {
        let files = files_with("corpus/errors/tables", "yaml");
        let mut text = std::fs::read_to_string(file.get(&files)).expect("a table");
        for (place, removed, sign) in edits {
            let mut at: Vec<usize> = text.char_indices().map(|(at, _)| at).collect();
            at.push(text.len());
            let from = place.index(at.len());
            let to = (from + removed).min(at.len() - 1);
            text.replace_range(at[from]..at[to], SIGNS[sign]);
        }
        let Err(found) = clayf::table::check(Path::new("corpus/errors/tables/table.yaml"), &text) else {
            return Ok(());
        };
        prop_assert!(!table_reports(&found).is_empty(), "nothing said about {text}");
    }
}

#[test]
fn a_lookup_gives_something_whatever_is_asked() {
    let provider = |lookup: &str| {
        let text = format!(
            "provider: p\nkind: file\nfile: p.yaml\nlookups:\n  phone:\n    inputs: [domain]\n    equal: {{domain: domain}}\n{lookup}"
        );
        checked("p.yaml", &text).0
    };
    assert!(provider("").contains("the lookup `phone` needs `outputs`"), "{}", provider(""));
    for enough in ["    outputs: {phone: response.phone}\n", "    match: ISNOTEMPTY(response.phone)\n"] {
        assert!(provider(enough).contains("nothing wrong"), "{}", provider(enough));
    }
}

#[test]
fn addresses_that_nobody_may_call_are_told() {
    let base = |url: &str| {
        found(&format!(
            "providers:\n  - provider: mine\n    base_url: {url}\n    lookups:\n      plan:\n        inputs: [domain]\n        \
             request: {{path: /p}}\n        outputs: {{plan: response.plan}}\ncolumns:\n  - step: Plan\n    provider: mine\n    \
             run_if: true\n    fills: {{Plan: plan}}\n"
        ))
    };
    for url in [
        "https://127.1",
        "http://127.1",
        "https://[fe80::1]",
        "https://169.254.169.254/latest",
        "https://0.0.0.0",
        "https://[::ffff:127.0.0.1]",
        "https://224.0.0.1",
        "https://mine.example:99999",
        "https://a@mine.example",
    ] {
        assert!(base(&format!("\"{url}\"")).ends_with("[clay::unfit_url]"), "{url}: {}", base(url));
    }
    for url in [
        "https://10.0.0.5",
        "https://[fd00::1]:8443/v1",
        "https://192.168.1.2",
        "https://127.0.0.1",
        "http://localhost:9/v1",
        "http://[::1]:9",
        "https://mine.example/v1/",
        "https://8.8.8.8",
    ] {
        assert_eq!(base(&format!("\"{url}\"")), "", "{url}");
    }
}

#[test]
fn a_table_is_not_read_as_formulas() {
    let folder = folder("table-check-eval");
    std::fs::write(folder.join("t.yaml"), "table: T\ncolumns: [a]\n").expect("a writable file");
    std::fs::write(folder.join("r.jsonl"), "{}\n").expect("a writable file");
    for command in [&["eval", "t.yaml", "r.jsonl"][..], &["explain", "t.yaml", "r.jsonl"], &["fmt", "t.yaml"]]
    {
        let output = clayf(&folder, command, b"");
        let said = String::from_utf8(output.stderr).expect("text");
        assert!(said.starts_with("error: t.yaml is a table or provider file, and no rule file\n"), "{said}");
        assert_eq!(output.status.code(), Some(2));
    }
}

#[test]
fn a_plan_without_steps_costs_nothing() {
    let folder = folder("table-check-plan");
    std::fs::write(folder.join("t.yaml"), "table: T\ncolumns: [a]\n").expect("a writable file");
    let output = clayf(&folder, &["plan", "t.yaml", "-"], b"{}\n");
    let said = String::from_utf8(output.stdout).expect("text");
    assert!(said.contains(" 0          0          0\n"), "{said}");
}

#[test]
fn a_provider_without_a_name_is_told_as_one() {
    let provider = "base_url: https://p.example\nauth: P_KEY\ntimeout: 30\nlookups:\n  phone:\n    inputs: [domain]\n    \
                    request: {path: /p}\n    outputs: {phone: response.number}\n";
    let (said, _) = checked("p.yaml", provider);
    for wanted in [
        "a provider needs `provider`",
        "`auth` has to be a mapping of keys",
        "help: say of what: `timeout: 30 seconds`",
        "p.yaml: 3 errors\n",
    ] {
        assert!(said.contains(wanted), "{said}");
    }
}

#[test]
fn a_crm_is_given_what_it_suggests_of_columns_that_there_are() {
    let table = "table: T\ninputs: [Work Email, first_name]\nnative_crm_action:\n  type: \"HubSpot: Create/Update Contact\"\n  \
                 dedup: \"Match on email\"\n";
    assert_eq!(found(table), "");
    assert!(found(&table.replace("Work Email, ", "")).contains("unknown dedup key `email`"));
}
