//! The seed's rule gives the scores that the field expects of it.

use clayf::eval::Evaluation;
use clayf::rows::{JsonRow, Wanted, read};
use clayf::rules::Rules;
use clayf::value::Value;
use clayf::value::{Clock, json_text};

fn score_and_tier(rules: &Rules, row: &str) -> String {
    let mut read_row = JsonRow::default();
    read(row, &Wanted::new(rules.keys().to_vec(), Vec::new()), &mut read_row).expect("a row");
    let keyed: Vec<Value<'_>> = read_row.inputs.into_iter().map(Option::unwrap_or_default).collect();
    let clock = Clock::system();
    let mut inputs = Vec::new();
    rules.inputs(&keyed, &clock, &mut inputs);
    let mut evaluation = Evaluation::new(rules.tree(), &clock);
    evaluation.row(&inputs, &mut ()).iter().map(json_text).collect::<Vec<_>>().join(" ")
}

#[test]
fn golden_rows_have_their_scores() {
    let text = include_str!("../corpus/seed/score.clay");
    let rules = Rules::compile("score.clay", text).expect("the seed's rule");
    assert!(rules.warnings().is_empty(), "{}", rules.warnings());
    assert_eq!(rules.column_names().collect::<Vec<_>>(), ["ICP Score", "Lead Tier"]);
    let mut cases = include_str!("../corpus/seed/golden.txt").lines().filter(|line| !line.starts_with('#'));
    let mut count = 0;
    while let (Some(row), Some(result)) = (cases.next(), cases.next()) {
        assert_eq!(score_and_tier(&rules, row), result, "{row}");
        count += 1;
    }
    assert_eq!(count, 9);
}
