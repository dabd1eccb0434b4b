//! The sessions in the documentation are what a person would see, and the tables of formulas give what they say.

use clayf::diagnostics::LINTS;
use clayf::eval::Evaluation;
use clayf::rows::{JsonRow, Wanted, read};
use clayf::value::json_text;
use clayf::{Clock, Rules, Value};
use std::fs;
use std::process::Command;

#[test]
fn sessions_are_true() {
    let cases = trycmd::TestCases::new();
    cases.case("README.md").case("docs/*.md");
    // Widths of terminals and colours must not matter.
    cases.env("NO_COLOR", "1").env("COLUMNS", "100");
    // The pages tell what a person sees; where they tell of CI, they say so.
    cases.env("CI", "");
    // Pages that change files do it in a copy of the folder of their name.
    let folders = std::env::var_os("PATH").unwrap_or_default();
    for tool in ["cat", "sed"] {
        let path =
            std::env::split_paths(&folders).map(|folder| folder.join(tool)).find(|path| path.is_file());
        cases.register_bin(tool, path.expect("a usual tool").as_path());
    }
}

/// The result of a formula as the tables write it.
fn result(formula: &str, row: &str) -> String {
    let clock = Clock::system().stopped_at("2026-01-31T12:00:00Z").expect("a moment");
    match Rules::compile_formula(formula) {
        Err(found) => {
            let first = found.iter().find(|one| !one.is_warning()).expect("an error");
            format!("refused {}", first.code().trim_start_matches("clay::"))
        }
        Ok(rules) => {
            let mut read_row = JsonRow::default();
            read(row, &Wanted::new(rules.keys().to_vec(), Vec::new()), &mut read_row).expect("a row");
            let keyed: Vec<Value<'_>> = read_row.inputs.into_iter().map(Option::unwrap_or_default).collect();
            let mut inputs = Vec::new();
            rules.inputs(&keyed, &clock, &mut inputs);
            let mut evaluation = Evaluation::new(rules.tree(), &clock);
            let value = &evaluation.row(&inputs, &mut ())[0];
            value.as_error().map_or_else(|| json_text(value), |error| error.code.to_string())
        }
    }
}

/// The two cells of a line of a two-column table whose cells are code.
fn table_case(line: &str) -> Option<(String, String)> {
    let inside = line.trim().strip_prefix("| `")?.strip_suffix("` |")?;
    let (formula, result) = inside.split_once("` | `")?;
    (!result.contains("` |")).then(|| (formula.replace("\\|", "|"), result.replace("\\|", "|")))
}

#[test]
fn tables_of_formulas_are_true() {
    let mut count = 0;
    for entry in fs::read_dir("docs").expect("the folder") {
        let path = entry.expect("an entry").path();
        if path.extension().is_none_or(|ending| ending != "md") {
            continue;
        }
        let text = fs::read_to_string(&path).expect("a page");
        let mut in_table = false;
        for line in text.lines() {
            in_table = line.starts_with("| formula | result |") || (in_table && line.starts_with('|'));
            let Some((formula, wanted)) = table_case(line).filter(|_| in_table) else { continue };
            assert_eq!(result(&formula, "{}"), wanted, "{}: {formula}", path.display());
            count += 1;
        }
    }
    assert!(count > 0, "the pages have tables of formulas");
}

/// The codes that are reported for the formula of a column.
fn reported(formula: &str) -> Vec<String> {
    let code = |one: &clayf::diagnostics::Diagnostic| one.code().trim_start_matches("clay::").to_owned();
    match Rules::compile("rule.clay", &format!("Column := {formula}\n")) {
        Ok(rules) => rules.warnings().iter().map(code).collect(),
        Err(found) => found.iter().map(code).collect(),
    }
}

/// The cells of a line of a table, without their backticks, and the codes of links without their addresses.
fn cells(line: &str) -> Vec<String> {
    let line = line.replace("\\|", "\u{1}");
    let cell = |cell: &str| {
        let text = cell.trim().split("](").next().unwrap_or_default();
        text.trim_start_matches('[').trim_matches('`').replace('\u{1}', "|")
    };
    line.trim_matches('|').split('|').map(cell).collect()
}

#[test]
fn the_index_of_checks_is_true() {
    let page = fs::read_to_string("docs/checking.md").expect("the page");
    let (_, index) = page.split_once("\n## Index\n").expect("the index");
    for lint in LINTS {
        assert!(index.contains(&format!("[{lint}](errors.md#{lint})")), "{lint} is not in the index");
    }
    let formulas = index.lines().filter(|line| line.starts_with("| `") && line.ends_with("` |"));
    let mut count = 0;
    for line in formulas {
        let cells = cells(line);
        let [typed, code, instead] = cells.as_slice() else { panic!("three cells: {line}") };
        if typed.contains(":=") || !fs::exists(format!("corpus/errors/{code}.clay")).expect("a folder") {
            continue;
        }
        assert!(reported(typed).contains(code), "{typed}: {:?}, not {code}", reported(typed));
        assert_eq!(reported(instead), Vec::<String>::new(), "{instead}");
        count += 1;
    }
    assert!(count > 20, "{count} formulas");
}

#[test]
fn the_corpus_of_the_language_is_true() {
    let mut failures = Vec::new();
    let mut count = 0;
    for entry in fs::read_dir("corpus/language").expect("the folder") {
        let path = entry.expect("an entry").path();
        let text = fs::read_to_string(&path).expect("a file of cases");
        let mut row = "{}";
        for (index, line) in text.lines().enumerate() {
            if line.trim().is_empty() || line.starts_with("##") {
                continue;
            }
            if let Some(rest) =
                line.strip_prefix("row").filter(|rest| rest.is_empty() || rest.starts_with(" {"))
            {
                row = if rest.is_empty() { "{}" } else { rest.trim() };
                continue;
            }
            let (formula, wanted) = line
                .split_once("  -->  ")
                .unwrap_or_else(|| panic!("{}:{}: not a case", path.display(), index + 1));
            let found = result(formula.trim(), row);
            if found != wanted.trim() {
                failures.push(format!(
                    "{}:{}: {formula}\n  wanted {wanted}\n  found  {found}",
                    path.display(),
                    index + 1
                ));
            }
            count += 1;
        }
    }
    assert!(failures.is_empty(), "{} of {count} cases fail:\n{}", failures.len(), failures.join("\n"));
}

/// Hooks, workflows and scripts in the pages are not run, but the commands and options in them exist.
#[test]
fn commands_in_scripts_exist() {
    let help = |command: &str| {
        let output = Command::new(env!("CARGO_BIN_EXE_clayf")).args([command, "--help"]).output();
        let output = output.expect("the program runs");
        assert!(output.status.success(), "there is no command `{command}`");
        String::from_utf8(output.stdout).expect("text")
    };
    let mut count = 0;
    for entry in fs::read_dir("docs").expect("the folder") {
        let path = entry.expect("an entry").path();
        let Ok(text) = fs::read_to_string(&path) else { continue };
        // Only what stands between the fences of scripts, which are every second piece.
        for block in text.split("```").skip(1).step_by(2) {
            if !block.starts_with("sh\n") && !block.starts_with("yaml\n") {
                continue;
            }
            for call in block.split("clayf ").skip(1) {
                // A call goes on over the lines of a folded text, up to a blank line or the next key.
                let call = call.split("\n\n").next().unwrap_or_default();
                let call = call.split(['>', '|', '#']).next().unwrap_or_default();
                let call = call.split("\n      - ").next().unwrap_or_default();
                let mut words = call.split_whitespace();
                let Some(command) =
                    words.next().filter(|word| word.chars().all(|next| next.is_ascii_lowercase()))
                else {
                    continue;
                };
                let help = help(command);
                for option in words.filter(|word| word.starts_with("--")) {
                    assert!(
                        help.contains(&format!("{option} ")) || help.contains(&format!("{option}\n")),
                        "{}: clayf {command} has no {option}",
                        path.display()
                    );
                }
                count += 1;
            }
        }
    }
    assert!(count > 10, "{count}");
}
