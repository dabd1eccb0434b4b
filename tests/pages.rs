//! Pages that are made from the code are what the code makes. `CLAYF_BLESS=1` writes them.

mod common;

use clayf::builtins::{self, Builtin};
use clayf::diagnostics::{Look, render};
use common::{files_with, findings, findings_with_rows, table_findings, table_reports};
use std::fs;
use std::path::{Path, PathBuf};

/// Compares a page with what it should be, or writes it.
fn page(path: &str, wanted: &str) {
    if std::env::var_os("CLAYF_BLESS").is_some() {
        fs::write(path, wanted).expect("a writable page");
    }
    let found = fs::read_to_string(path).unwrap_or_default();
    assert!(found == wanted, "{path} is stale; `CLAYF_BLESS=1 cargo test --test pages` writes it anew");
}

#[test]
fn the_page_of_errors_shows_every_example() {
    let mut files: Vec<PathBuf> = fs::read_dir("corpus/errors")
        .expect("the folder")
        .map(|entry| entry.expect("an entry").path())
        .collect();
    files.retain(|file| file.extension().is_some_and(|ending| ending == "clay"));
    files.sort();
    let mut text = "# Mistakes, and what clayf says\n\nEach mistake has a code that stays the same from version to version. \
        The examples are the files in `corpus/errors/`; this page is made from them.\n"
        .to_owned();
    for file in files {
        let found = findings(&file);
        let code = file.file_stem().expect("a stem").to_string_lossy().into_owned();
        let reports: Vec<String> =
            found.iter().map(|one| render(one, found.source(), Look::default())).collect();
        let trimmed: Vec<&str> =
            reports.iter().flat_map(|report| report.lines()).map(str::trim_end).collect();
        text.push_str(&format!("\n## {code}\n\n```text\n{}\n```\n", trimmed.join("\n")));
    }
    text.push_str("\n# Mistakes that rows show\n\nThe examples are the files in `corpus/errors/rows/`, checked against the rows beside them with `clayf check FILE --rows ROWS`.\n");
    for file in files_with("corpus/errors/rows", "clay") {
        let found = findings_with_rows(&file);
        let code = file.file_stem().expect("a stem").to_string_lossy().into_owned();
        let reports: Vec<String> =
            found.iter().map(|one| render(one, found.source(), Look::default())).collect();
        let trimmed: Vec<&str> =
            reports.iter().flat_map(|report| report.lines()).map(str::trim_end).collect();
        text.push_str(&format!("\n## {code}\n\n```text\n{}\n```\n", trimmed.join("\n")));
    }
    text.push_str(
        "\n# Mistakes in tables\n\nThe examples are the files in `corpus/errors/tables/`. Formulas in a table get the messages above as well.\n",
    );
    for file in files_with("corpus/errors/tables", "yaml") {
        let code = file.file_stem().expect("a stem").to_string_lossy().into_owned();
        let reports = table_reports(&table_findings(&file)).join("\n");
        let lines: Vec<&str> = reports.lines().map(str::trim_end).collect();
        text.push_str(&format!("\n## {code}\n\n```text\n{}\n```\n", lines.join("\n")));
    }
    page("docs/errors.md", &text);
}

#[test]
fn the_page_of_functions_holds_the_registry() {
    let mut text = "# Functions\n\nThis page is made from the registry; each example is run as a test, with the clock at \
        2026-01-31T12:00:00Z. `clayf functions NAME` shows one of them, `clayf functions --json` all of them for tools.\n"
        .to_owned();
    let mut all: Vec<&Builtin> = builtins::all().collect();
    all.sort_by_key(|builtin| builtin.group);
    let mut group = None;
    for builtin in all {
        if group != Some(builtin.group) {
            text.push_str(&format!("\n# {}\n", builtin.group.title()));
            group = Some(builtin.group);
        }
        text.push_str(&format!(
            "\n## {}\n\n`{builtin}` → {}\n\n{}\n",
            builtin.name, builtin.returns, builtin.summary
        ));
        if !builtin.aliases.is_empty() {
            text.push_str(&format!("\nAlso called {}.\n", builtin.aliases.join(", ")));
        }
        if let Some(values) = builtin.returns.in_words() {
            text.push_str(&format!("\nReturns {values}.\n"));
        }
        if !builtin.params.is_empty() {
            text.push('\n');
        }
        for param in builtin.params {
            text.push_str(&format!("- `{}` ({}): {}\n", param.name, param.ty, param.doc));
        }
        text.push_str("\n| formula | result |\n|---|---|\n");
        for example in builtin.examples {
            let cell = |text: &str| text.replace('|', "\\|");
            text.push_str(&format!("| `{}` | `{}` |\n", cell(example.formula), cell(example.result)));
        }
    }
    page("docs/functions.md", &text);
}

/// A report as a picture of a terminal.
fn svg(report: &str) -> String {
    let lines: Vec<&str> = report.trim_end().lines().collect();
    let width = lines.iter().map(|line| line.chars().count()).max().unwrap_or(0) * 84 / 10 + 40;
    let height = lines.len() * 20 + 36;
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" viewBox=\"0 0 {width} {height}\">\n\
        <rect width=\"100%\" height=\"100%\" rx=\"8\" fill=\"#1e1e2e\"/>\n\
        <g font-family=\"ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace\" font-size=\"14\" xml:space=\"preserve\">\n"
    );
    for (index, line) in lines.iter().enumerate() {
        let color = match line.trim_start() {
            start if start.starts_with("clay::") || start.starts_with('×') => "#f38ba8",
            start if start.starts_with('·') => "#cba6f7",
            start if start.starts_with("help:") => "#94e2d5",
            start if start.starts_with(['╭', '╰']) => "#7f849c",
            _ => "#cdd6f4",
        };
        let escaped = line.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
        svg.push_str(&format!(
            "<text x=\"20\" y=\"{}\" fill=\"{color}\">{escaped}</text>\n",
            index * 20 + 32
        ));
    }
    svg + "</g>\n</svg>\n"
}

#[test]
fn the_picture_of_a_report_is_true() {
    let found = findings(Path::new("corpus/errors/conflicting_uses.clay"));
    let reports: Vec<String> = found.iter().map(|one| render(one, found.source(), Look::default())).collect();
    page("docs/error-report.svg", &svg(&reports.join("\n")));
}

#[test]
fn the_page_of_habits_shows_every_function_of_other_languages() {
    use clayf::translate::functions::{HABITS, Language};
    let title = |language: Language| match language {
        Language::Spreadsheets => "Excel and Google Sheets",
        Language::Airtable => "Airtable and Notion",
        Language::HubSpot => "HubSpot and e-mail templates",
        Language::Salesforce => "Salesforce",
        Language::Sql => "SQL",
        Language::JavaScript => "JavaScript",
        Language::Python => "Python",
        Language::PowerPlatform => "Power Fx and DAX",
        Language::Market => "Other names",
    };
    let mut text = "# Coming from other languages\n\nWhat to write in place of functions of other languages. `clayf check` gives the same advice, with your own \
        formula rewritten: `IFNULL(Industry, \"none\")` gets the help ``write `COALESCE(Industry, \"none\")` ``. In the tables, `_1` is the first argument, \
        `_0` is the value that a method is called on, and `_all` are all arguments. This page is generated from the table that `clayf check` uses.\n"
        .to_owned();
    for (language, habits) in HABITS {
        text.push_str(&format!("\n## {}\n\n| there | here |\n|---|---|\n", title(*language)));
        for habit in *habits {
            let names: Vec<String> = habit.names.iter().map(|name| format!("`{name}`")).collect();
            let written: Vec<String> = habit.instead.iter().map(|one| format!("`{one}`")).collect();
            let mut here = written;
            here.dedup();
            let here = if here.is_empty() { habit.advice.replace("_1", "value") } else { here.join(" or ") };
            text.push_str(&format!("| {} | {} |\n", names.join(", "), here.replace('|', "\\|")));
        }
    }
    page("docs/coming-from.md", &text);
}
