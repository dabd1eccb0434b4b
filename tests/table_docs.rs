//! What the pages about tables and providers show is true: each file in them loads, each key is told, and the reference
//! architecture's snippets run as they are.
#![cfg(feature = "table")]

mod common;

use clayf::table::config::{BackendFile, Found, ProviderFile, PushFile};
use clayf::table::{providers, yaml};
use common::{Folder, bless, files_with, table_codes, table_findings};
use std::collections::BTreeSet;
use std::fmt::Write;
use std::fs;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};

/// The blocks of YAML on a page.
fn blocks(page: &str) -> Vec<String> {
    let text = fs::read_to_string(page).expect("a page");
    let fenced = text.split("```").skip(1).step_by(2);
    fenced.filter_map(|block| block.strip_prefix("yaml\n")).map(ToOwned::to_owned).collect()
}

/// The codes of what is found about a table of this text, in a folder that has the files of `beside`.
fn codes_of(text: &str, beside: &[(&str, &str)]) -> Vec<String> {
    // Tests run at once.
    static COUNT: AtomicUsize = AtomicUsize::new(0);
    let folder = Folder::new(&format!("table-docs-{}", COUNT.fetch_add(1, Ordering::Relaxed)));
    beside.iter().for_each(|(name, text)| folder.write(name, text));
    folder.write("table.yaml", text);
    let found = table_findings(&folder.path("table.yaml"));
    let codes = table_codes(&found);
    assert!(!found.has_errors() || codes == ["clay::two_crms"], "{found}\n{text}");
    codes
}

/// A provider file, read.
fn provider(name: &str, text: &str) -> ProviderFile {
    let root = yaml::parse(text).unwrap_or_else(|error| panic!("{name}: {error}"));
    let mut found = Found::new(clayf::diagnostics::Source::new(name, text));
    let file = ProviderFile::read(&root, &mut found);
    assert!(!found.has_errors(), "{name}: {:?}", found.list);
    file.expect("a name")
}

/// A table that asks everything of a provider and pushes all that can be pushed.
fn table_of(file: &ProviderFile) -> String {
    let name = &file.name.value;
    let mut table = "table: All of it\nproviders: provider.yaml\n".to_owned();
    for lookup in &file.lookups {
        let output = &lookup.outputs.first().expect("an output").0.value;
        let lookup = &lookup.name.value;
        let _ = write!(
            table,
            "step_{lookup}:\n  provider: {name}\n  lookup: {lookup}\n  run_if: true\n  fills: {{{lookup} of it: {output}}}\n"
        );
    }
    for push in &file.pushes {
        let push = &push.name.value;
        let _ = write!(
            table,
            "effect_{push}:\n  provider: {name}\n  object: {push}\n  trigger: true\n  url: https://crm.example/v1/a/b\n  \
             dedup_key: key\n  field_mapping: {{key: \"{{{{key}}}}\"}}\n"
        );
    }
    table
}

#[test]
fn files_on_the_pages_load() {
    let mut tables = 0;
    for page in ["docs/tables.md", "docs/providers.md"] {
        for block in blocks(page) {
            if block.starts_with("provider:") {
                let file = provider(page, &block);
                let rows = match &file.backend {
                    BackendFile::File { path } => path.value.as_str(),
                    _ => "none.jsonl",
                };
                let beside = [("provider.yaml", block.as_str()), (rows, "")];
                assert_eq!(codes_of(&table_of(&file), &beside), Vec::<String>::new(), "{block}");
            } else {
                assert!(block.starts_with("table:"), "{page}: neither a table nor a provider:\n{block}");
                let codes = codes_of(&block, &[]);
                // The page says so of the last one.
                let wanted: &[&str] =
                    if block.contains("native_crm_action") { &["clay::unconditional_cost"] } else { &[] };
                assert_eq!(codes, wanted, "{block}");
                tables += 1;
            }
        }
    }
    assert!(tables > 4, "{tables}");
}

#[test]
fn the_recording_on_the_page_is_the_one_that_is_replayed() {
    let recording = fs::read_to_string("docs/providers.in/calls.jsonl").expect("the recording");
    let first = recording.lines().next().expect("a line");
    assert!(
        fs::read_to_string("docs/providers.md")
            .expect("the page")
            .contains(&format!("```json\n{first}\n```"))
    );
}

#[test]
fn shipped_providers_load_with_all_that_they_can_do() {
    for (name, text) in providers::SHIPPED {
        let file = provider(name, text);
        assert_eq!(codes_of(&table_of(&file), &[("provider.yaml", text)]), Vec::<String>::new(), "{name}");
    }
}

/// The keys that are read by the methods of a section in this source.
fn keys(source: &str) -> BTreeSet<String> {
    let readers = [
        "text(",
        "texts(",
        "formula(",
        "credits(",
        "share(",
        "duration(",
        "count(",
        "boolean(",
        "word(",
        "take(",
        "nodes_by_key(",
        "texts_by_key(",
    ];
    let mut keys = BTreeSet::new();
    for owner in ["section.", "inner."] {
        for rest in source.split(owner).skip(1) {
            let Some(rest) = readers.iter().find_map(|reader| rest.strip_prefix(reader)) else { continue };
            keys.extend(
                rest.trim_start()
                    .strip_prefix('"')
                    .and_then(|rest| rest.split('"').next())
                    .map(ToOwned::to_owned),
            );
        }
    }
    keys
}

#[test]
fn every_key_is_on_its_page() {
    let pages =
        [("docs/tables.md", &["table", "step", "effect"][..]), ("docs/providers.md", &["provider"][..])];
    let mut count = 0;
    for (page, parts) in pages {
        let text = fs::read_to_string(page).expect("a page");
        for part in parts {
            let source = fs::read_to_string(format!("src/table/config/{part}.rs")).expect("a source");
            for key in keys(&source) {
                let is_told =
                    [format!("`{key}`"), format!("`{key}:"), format!("`{{{key}"), format!(", {key}")];
                assert!(is_told.iter().any(|told| text.contains(told)), "{page} says nothing of `{key}`");
                count += 1;
            }
        }
    }
    assert!(count > 80, "{count}");
}

/// What a lookup or push is good for, as the page says it.
fn lines_of(file: &ProviderFile) -> String {
    let title = &file.title.as_ref().unwrap_or(&file.name).value;
    let mut lines = String::new();
    let names =
        |names: Vec<&str>| names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
    for lookup in &file.lookups {
        let inputs: Vec<String> = lookup
            .inputs
            .iter()
            .map(|input| format!("`{}{}`", input.name.value, if input.required { "" } else { "?" }))
            .collect();
        let credits =
            lookup.credits.as_ref().map_or_else(|| "0".to_owned(), |credits| credits.value.to_string());
        let charge = if lookup.charge_matches_only { "match" } else { "lookup" };
        let _ = writeln!(
            lines,
            "| {title} | `{}` | {} | {} | {} | {credits} a {charge} |",
            lookup.name.value,
            inputs.join(", "),
            names(lookup.outputs.iter().map(|(name, _)| name.value.as_str()).collect()),
            names(lookup.fills.iter().map(|(name, _)| name.value.as_str()).collect()),
        );
    }
    let batch = |push: &PushFile| format!("{} in a call", push.batch);
    for push in &file.pushes {
        let key = push
            .key
            .as_ref()
            .map_or_else(|| "what the effect says".to_owned(), |key| format!("`{}`", key.value));
        let _ = writeln!(
            lines,
            "| {title} | push `{}` | known by {key} | | | {} |",
            push.name.value,
            batch(push)
        );
    }
    lines
}

#[test]
fn the_page_lists_what_ships() {
    let (begin, end) = ("<!-- providers -->\n", "<!-- end of providers -->");
    let page = Path::new("docs/providers.md");
    let text = fs::read_to_string(page).expect("the page");
    let (before, rest) = text.split_once(begin).expect("a mark");
    let (_, behind) = rest.split_once(end).expect("a mark");
    let mut table =
        "| provider | lookup | given | gives | fills | credits |\n|---|---|---|---|---|---|\n".to_owned();
    let files = files_with("src/table/providers", "yaml");
    for file in &files {
        let text = fs::read_to_string(file).expect("a provider");
        table.push_str(&lines_of(&provider(&file.display().to_string(), &text)));
    }
    assert_eq!(files.len(), providers::SHIPPED.len());
    bless(page, &format!("{before}{begin}{table}{end}{behind}"));
}

/// The snippets of the reference architecture, as they are written there.
fn snippets() -> String {
    let table = fs::read_to_string("corpus/outbound/table.yaml").expect("the table");
    let begin = table.find("# Recommended waterfall configuration").expect("the snippets");
    table[begin..].to_owned()
}

#[test]
fn the_snippets_of_the_reference_architecture_load_unchanged() {
    let snippets = snippets();
    assert_eq!(codes_of(&format!("table: Leads\n{snippets}"), &[]), ["clay::two_crms"]);
    let alone = codes_of(&format!("table: Leads\ncrm: crm_sync\n{snippets}"), &[]);
    // None of its three lookups has a run condition.
    assert_eq!(alone, ["clay::unconditional_cost"; 3]);
    let scored = format!("table: Leads\ncrm: native_crm_action\nrules: score.clay\n{snippets}");
    let score = fs::read_to_string("corpus/seed/score.clay").expect("the rules");
    assert_eq!(codes_of(&scored, &[("score.clay", &score)]), ["clay::unconditional_cost"; 3]);
    // With run conditions and columns only the loop is left: score, phone, score.
    let whole = table_findings(Path::new("corpus/outbound/table.yaml"));
    assert_eq!(table_codes(&whole), ["clay::gate_loop"]);
}

#[test]
fn every_class_of_failure_is_on_the_page() {
    let page = std::fs::read_to_string("docs/tables.md").expect("the page");
    for class in clayf::table::failure::FailureClass::ALL {
        assert!(page.contains(&format!("`{}`", class.word())), "{class:?}");
    }
}
