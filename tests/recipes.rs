//! The recipes of the page: each rule compiles without a report, is formatted, and gives what the page shows for its rows.

use clayf::Rules;
use clayf::diagnostics::Source;
use clayf::eval::Evaluation;
use clayf::rows::{JsonRow, Wanted, read};
use clayf::syntax::format_file;
use clayf::value::{Clock, Value, json_text};
use std::fs;

const PAGE: &str = "docs/recipes.md";

/// The columns of a row as one JSON object.
fn results(rules: &Rules, row: &str) -> String {
    let mut read_row = JsonRow::default();
    read(row, &Wanted::new(rules.keys().to_vec(), Vec::new()), &mut read_row).expect("a row");
    let keyed: Vec<Value<'_>> = read_row.inputs.into_iter().map(Option::unwrap_or_default).collect();
    let clock = Clock::system().stopped_at("2026-01-31T12:00:00Z").expect("a moment");
    let mut inputs = Vec::new();
    rules.inputs(&keyed, &clock, &mut inputs);
    let mut evaluation = Evaluation::new(rules.tree(), &clock);
    let values = evaluation.row(&inputs, &mut ());
    let member = |(name, value): (&str, &Value<'_>)| {
        let shown = value.as_error().map_or_else(|| json_text(value), |error| error.code.to_string());
        format!("\"{name}\": {shown}")
    };
    format!("{{{}}}", rules.column_names().zip(values).map(member).collect::<Vec<_>>().join(", "))
}

/// The text between the next fence of this kind and its end, and what follows.
fn block<'t>(text: &'t str, kind: &str) -> (&'t str, &'t str) {
    let (_, rest) = text.split_once(&format!("```{kind}\n")).expect("a block");
    rest.split_once("```\n").expect("the end of the block")
}

#[test]
fn recipes_give_what_the_page_shows() {
    let page = fs::read_to_string(PAGE).expect("the page");
    let mut sections = page.split("\n## ");
    let mut blessed = sections.next().expect("the beginning").to_owned();
    let mut count = 0;
    for section in sections {
        let title = section.lines().next().unwrap_or_default();
        let (rule, rest) = block(section, "clay");
        let (rows, rest) = block(rest, "jsonl");
        let (shown, _) = block(rest, "jsonl");
        let rules = Rules::compile("recipe.clay", rule).unwrap_or_else(|found| panic!("{title}: {found}"));
        assert!(rules.warnings().is_empty(), "{title}: {}", rules.warnings());
        let formatted = format_file(&Source::new("recipe.clay", rule), "recipe").expect("a rule");
        let found: String = rows.lines().map(|row| results(&rules, row) + "\n").collect();
        let intro = section.split_once("```clay\n").map_or("", |(intro, _)| intro);
        blessed.push_str(&format!(
            "\n## {intro}```clay\n{formatted}```\n\n```jsonl\n{rows}```\n\n```jsonl\n{found}```\n"
        ));
        if std::env::var_os("CLAYF_BLESS").is_none() {
            assert_eq!(found, shown, "{title}");
            assert_eq!(formatted, rule, "{title}");
        }
        count += 1;
    }
    assert!(count >= 9, "{count} recipes");
    if std::env::var_os("CLAYF_BLESS").is_some() {
        fs::write(PAGE, blessed).expect("a writable page");
    }
}
