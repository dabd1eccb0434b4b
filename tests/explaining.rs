//! Explanations are true: points add up to the score, what is said to decide does, and every change that is offered
//! has the effect that is claimed.

mod common;

use clayf::check::ColumnId;
use clayf::eval::Evaluation;
use clayf::tools::explain::{Part, explain, shown};
use clayf::tools::nearby::{Change, nearby};
use clayf::value::Text;
use clayf::{Clock, Record, Rules, Value};
use common::{bless, cases, inputs, rules};
use proptest::prelude::*;
use std::process::Command;

const RULES: [(&str, &str); 5] = [
    ("corpus/seed/score.clay", "corpus/seed/leads.jsonl"),
    ("corpus/explain/capped.clay", "corpus/explain/capped.rows.jsonl"),
    ("corpus/explain/weights.clay", "corpus/explain/weights.rows.jsonl"),
    ("corpus/explain/dates.clay", "corpus/explain/dates.rows.jsonl"),
    ("corpus/explain/nested.clay", "corpus/explain/nested.rows.jsonl"),
];

fn clock() -> Clock {
    Clock::system().stopped_at("2026-01-31T12:00:00Z").expect("a moment")
}

fn columns(rules: &Rules) -> Vec<ColumnId> {
    (0..rules.column_names().len()).map(|index| ColumnId(index as u32)).collect()
}

/// Fails unless the points of each sum are those of its parts.
fn adds_up(part: &Part<'_>, row: usize) {
    if let (Some(points), false) = (part.points, part.parts.is_empty()) {
        let sum: f64 = part.parts.iter().map(|part| part.points.expect("points of a part of a sum")).sum();
        assert!(
            (points - sum).abs() <= 1e-9 * points.abs().max(1.0),
            "row {row}: {} is {points}, its parts {sum}",
            part.label
        );
    }
    part.parts.iter().for_each(|part| adds_up(part, row));
}

#[test]
fn points_add_up_to_the_score_on_every_row() {
    let clock = clock();
    let mut sums = 0;
    for (file, rows) in RULES {
        let rules = rules(file);
        let rows = std::fs::read_to_string(rows).expect("rows");
        for (row, inputs) in inputs(&rules, &clock, &rows).iter().enumerate() {
            let values = Evaluation::new(rules.tree(), &clock).row(inputs, &mut ()).to_vec();
            let parts = explain(&rules, &clock, inputs, &columns(&rules));
            for (part, value) in parts.iter().zip(&values) {
                assert_eq!(part.value, *value, "row {}", row + 1);
                adds_up(part, row + 1);
                sums += usize::from(!part.parts.is_empty());
            }
        }
    }
    // A formula that is not taken apart adds up, too: there must be many that are.
    assert!(sums > 574, "{sums}");
}

#[test]
fn every_score_of_the_seed_is_taken_apart_by_its_names() {
    let (rules, clock) = (rules(RULES[0].0), clock());
    let rows = std::fs::read_to_string(RULES[0].1).expect("rows");
    for inputs in inputs(&rules, &clock, &rows) {
        let parts = explain(&rules, &clock, &inputs, &[ColumnId(0)]);
        let names: Vec<&str> = parts[0].parts.iter().map(|part| part.label.as_str()).collect();
        assert_eq!(names, ["size", "industry", "title", "data"]);
        assert!(parts[0].leaves().iter().all(|leaf| leaf.because.len() == 1));
    }
}

#[test]
fn all_points_of_the_empty_row_come_by_default() {
    let (rules, clock) = (rules(RULES[0].0), clock());
    let blank = vec![Value::Blank; rules.tree().inputs.len()];
    let part = &explain(&rules, &clock, &blank, &[ColumnId(0)])[0];
    assert_eq!(part.points_by_default(), (15.0, vec!["Industry", "Job Title"]));
}

#[test]
fn text_of_digits_and_nothing_at_all_are_no_points() {
    let text = "Zip := IF(A > 5, \"94105\", \"\")\nNone := IF(A > 50, 1)\nCut := LEFT(A + A, 2)\nSum := A + \"12\"\n";
    let (rules, clock) = (Rules::compile("text.clay", text).expect("rules"), clock());
    let parts = explain(&rules, &clock, &[Value::Number(6.0)], &columns(&rules));
    let points: Vec<Option<f64>> = parts.iter().map(|part| part.points).collect();
    assert_eq!(points, [None, None, None, Some(18.0)]);
    assert!(parts[2].parts.is_empty());
    // Within a sum a text counts as the number that it reads as.
    adds_up(&parts[3], 1);
    assert_eq!(parts[3].parts.len(), 2);
}

/// The columns of the row with one input changed.
fn with_change<'v>(
    rules: &'v Rules,
    clock: &'v Clock,
    inputs: &[Value<'v>],
    change: &Change<'v>,
    to: &Value<'v>,
) -> Vec<Value<'v>> {
    let mut changed = inputs.to_vec();
    change.field.set(&mut changed, to.clone());
    Evaluation::new(rules.tree(), clock).row(&changed, &mut ()).to_vec()
}

#[test]
fn every_change_that_is_offered_does_what_is_said() {
    let clock = clock();
    for (file, rows) in RULES {
        let rules = rules(file);
        let rows = std::fs::read_to_string(rows).expect("rows");
        let all = inputs(&rules, &clock, &rows);
        let mut changes = 0;
        // Of the many leads every fifth: each is searched for hundreds of values.
        for inputs in all.iter().step_by(if all.len() > 100 { 5 } else { 1 }) {
            for goal in columns(&rules) {
                let before = Evaluation::new(rules.tree(), &clock).row(inputs, &mut ()).to_vec();
                let near = nearby(&rules, &clock, inputs, goal);
                let slot = goal.0 as usize;
                for change in near.outcomes.iter().flat_map(|outcome| &outcome.changes) {
                    let after = with_change(&rules, &clock, inputs, change, &change.to);
                    assert_eq!(after, change.results, "{change:?}");
                    assert_ne!(after[slot], before[slot], "{change:?}");
                    for other in &change.or {
                        let after = with_change(&rules, &clock, inputs, change, other);
                        assert_eq!(after[slot], change.results[slot], "{change:?} {other:?}");
                    }
                    changes += 1;
                }
            }
        }
        assert!(changes > 5, "{file}: only {changes} changes");
    }
}

#[test]
fn a_change_of_a_whole_number_is_the_smallest() {
    let (rules, clock) = (rules(RULES[0].0), clock());
    let rows = std::fs::read_to_string(RULES[0].1).expect("rows");
    let mut seen = 0;
    for inputs in inputs(&rules, &clock, &rows).iter().step_by(3) {
        let near = nearby(&rules, &clock, inputs, ColumnId(1));
        for change in near.outcomes.iter().flat_map(|outcome| &outcome.changes) {
            let (Value::Number(from), Value::Number(to)) = (&change.from, &change.to) else { continue };
            let closer = Value::Number(to + (from - to).signum());
            let after = with_change(&rules, &clock, inputs, change, &closer);
            assert_ne!(after[1], change.results[1], "{change:?}");
            seen += 1;
        }
    }
    assert!(seen > 50, "{seen}");
}

#[test]
fn a_field_that_is_filled_is_tried_with_all_that_it_is_compared_with() {
    let cases: Vec<String> =
        (0..80).map(|case| format!("\"c{case}\", \"{}\"", if case == 79 { "A" } else { "B" })).collect();
    let many = format!("T := SWITCH(Code, {}, \"B\")\n", cases.join(", "));
    let wanted: [(&str, &str, &str); 9] = [
        // A range, whose middle is compared with a number.
        ("T := IF(RANGEMID(Size) > 517, \"A\", \"B\")\n", r#"{"Size":"51-200"}"#, "518"),
        (
            "T := IF(CONTAINS(Size, \"+\") OR VALUE(Size) = 517, \"A\", \"B\")\n",
            r#"{"Size":"40"}"#,
            "\"+\" 517",
        ),
        // Text where the row has a number, and the other way round.
        ("T := IF(Zip IN [\"02134\", \"02135\"], \"A\", \"B\")\n", r#"{"Zip":94105}"#, "\"02134\" \"02135\""),
        // A day that is written as text.
        ("T := IF(Founded = \"2021-03-04\", \"A\", \"B\")\n", r#"{"Founded":"2020-05-01"}"#, "2021-03-04"),
        // Under another name, or in another column.
        (
            "T := LET(good, [\"SaaS\", \"Retail\"], IF(Industry IN good, \"A\", \"B\"))\n",
            r#"{"Industry":"Law"}"#,
            "\"SaaS\" \"Retail\"",
        ),
        (
            "Best := \"SaaS\"\nT := IF(TRIM(LOWER(Industry)) = LOWER(Best), \"A\", \"B\")\n",
            r#"{"Industry":"Law"}"#,
            "",
        ),
        (
            "Best := \"SaaS\"\nT := LET(own, TRIM(Industry), IF(own = Best, \"A\", \"B\"))\n",
            r#"{"Industry":"Law"}"#,
            "\"SaaS\"",
        ),
        ("Level := 73\nT := IF(company.level = Level, \"A\", \"B\")\n", r#"{"company":{"level":5}}"#, "73"),
        // The last of many.
        (&many, r#"{"Code":"c5"}"#, "\"c79\""),
    ];
    let clock = clock();
    for (text, row, wanted) in wanted {
        let rules = Rules::compile("filled.clay", text).expect("rules");
        let inputs = &inputs(&rules, &clock, row)[0];
        let near = nearby(&rules, &clock, inputs, ColumnId(rules.tree().columns.len() as u32 - 1));
        let mut found = Vec::new();
        for change in near.outcomes.iter().flat_map(|outcome| &outcome.changes) {
            for to in std::iter::once(&change.to).chain(&change.or) {
                assert_eq!(
                    with_change(&rules, &clock, inputs, change, to).last(),
                    change.results.last(),
                    "{text}"
                );
                found.push(shown(to));
            }
        }
        assert_eq!(found.join(" "), wanted, "{text}");
    }
}

#[test]
fn values_with_line_breaks_stay_on_their_line() {
    let folder = common::Folder::new("explaining-lines");
    folder.write(
        "odd.clay",
        "Points := LET(note, IF(CONTAINS(Note, \"x\"), 5, 1), note + IF(Tags = \"a\", 1, 0))\nDays := VALUE(Note)\nName := Note\n",
    );
    let row = r#"{"name":"A\u007fda\nB","Note":"x\n\ty\r\u007f \"q\"","Tags":["a\nb","\u007f\u200b"]}"#;
    folder.write("odd.jsonl", &format!("{row}\n"));
    let output = common::clayf(&folder.path(""), &["explain", "odd.clay", "odd.jsonl", "--row", "1"], b"");
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let note = r#""x\n\ty\r\u007f \"q\"""#;
    for line in [
        r"row 1: A\u007fda B",
        &format!(r#"├─ 5  note  CONTAINS(Note, "x") (Note is {note})"#),
        r#"└─ 0  Tags = "a" is FALSE (Tags is ["a\nb","\u007f\u200b"])"#,
        &format!("Days  #VALUE!  VALUE(Note) (Note is {note})  "),
        &format!("Name  {note}  Note"),
        &format!("    Note  {note} → empty"),
    ] {
        assert!(text.lines().any(|own| own.starts_with(line)), "{line}: {text}");
    }
    assert!(!text.contains("u{") && text.chars().all(|next| next == '\n' || !next.is_control()), "{text:?}");
}

/// Each `corpus/explain/NAME.clay` over its rows, as people see it, is `NAME.explained`.
#[test]
fn explanations_read_well() {
    for path in cases("corpus/explain") {
        let output = Command::new(env!("CARGO_BIN_EXE_clayf"))
            .args(["explain", "--now", "2026-01-31T12:00:00Z", "--where", "TRUE"])
            .args([&path, &path.with_extension("rows.jsonl")])
            .output()
            .expect("the program runs");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        bless(&path.with_extension("explained"), &String::from_utf8_lossy(&output.stdout));
    }
}

fn told(args: &[&str]) -> (Option<i32>, String) {
    let output = common::clayf(std::path::Path::new("."), args, b"");
    let text = [output.stdout, output.stderr].concat();
    (output.status.code(), String::from_utf8_lossy(&text).into_owned())
}

const CAPPED: [&str; 3] = ["explain", "corpus/explain/capped.clay", "corpus/explain/capped.rows.jsonl"];

#[test]
fn a_whole_file_is_told_of_its_score() {
    // The score is the number that the tier reads, whatever stands before it and whatever caps it.
    let (status, text) =
        told(&["explain", "corpus/explain/tiers.clay", "corpus/explain/tiers.rows.jsonl", "--top"]);
    assert!(
        status == Some(0) && text.starts_with("Score over 2 rows") && text.contains("\nTier: A 1"),
        "{text}"
    );
    let (_, text) = told(&[
        "explain",
        "corpus/explain/tiers.clay",
        "corpus/explain/tiers.rows.jsonl",
        "--row",
        "1",
        "--column",
        "Score",
    ]);
    assert!(text.contains("what would move Tier"), "{text}");
    let (status, text) = told(&["explain", "corpus/explain/tiers.clay", "--top"]);
    assert!(status == Some(2) && text.contains("name them"), "{text}");
}

#[test]
fn a_condition_that_is_an_error_is_told() {
    let (status, text) = told(&[&CAPPED[..], &["--where", "1 / 0 > Visits"]].concat());
    assert!(status == Some(1) && text.contains("(first row 1): #DIV/0!: division by 0"), "{text}");
    let (status, text) = told(&[&CAPPED[..], &["--where", "Country"]].concat());
    assert!(status == Some(1) && text.contains("is neither TRUE nor FALSE"), "{text}");
}

#[test]
fn names_that_use_names_twice_are_explained_in_time() {
    let mut text = "X0 := A + 1\n".to_owned();
    for level in 1..60 {
        text.push_str(&format!("X{level} := X{} + X{}\n", level - 1, level - 1));
    }
    text.push_str("Y := ROUND(X59 * X58 * X57, 0)\n");
    let (rules, clock) = (Rules::compile("doubling.clay", &text).expect("rules"), clock());
    let inputs = vec![Value::Number(1.0); rules.tree().inputs.len()];
    for part in explain(&rules, &clock, &inputs, &columns(&rules)) {
        adds_up(&part, 1);
    }
    assert!(!nearby(&rules, &clock, &inputs, ColumnId(60)).outcomes.is_empty());
}

#[test]
fn a_rule_of_thousands_of_terms_over_empty_fields_is_explained_in_time() {
    let term = |term: usize| format!("IF(F{term} > G{term}, {}, 0)", term % 3 + 1);
    let terms: Vec<String> = (0..5_000).map(term).collect();
    let rules = Rules::compile("long.clay", &format!("X := {}\n", terms.join(" + "))).expect("rules");
    let (clock, blank) = (clock(), vec![Value::Blank; rules.tree().inputs.len()]);
    let start = std::time::Instant::now();
    let near = nearby(&rules, &clock, &blank, ColumnId(0));
    assert_eq!(near.left_out.of_fields, 10_000);
    // It takes some seconds, and took two minutes when each warning was looked for among all others.
    assert!(start.elapsed().as_secs() < 40, "{:?}", start.elapsed());
}

#[test]
fn what_is_left_out_of_long_rules_is_told() {
    let terms = |count: usize, fields: usize| {
        let term = |term: usize| format!("IF(F{} > {}, 1, 0)", term % fields, term * 3);
        (0..count).map(term).collect::<Vec<_>>().join(" + ")
    };
    let folder = common::Folder::new("explaining-long");
    folder.write("rows.jsonl", "{\"F0\": 5}\n");
    let told = |text: &str| {
        folder.write("long.clay", text);
        let output =
            common::clayf(&folder.path(""), &["explain", "long.clay", "rows.jsonl", "--row", "1"], b"");
        String::from_utf8_lossy(&output.stdout).into_owned()
    };
    let text = told(&format!("Score := {}\nTier := IF(Score > 1, \"A\", \"B\")\n", terms(300, 1)));
    assert!(text.contains("of 1 field only 400 values were tried; the rules compare with more"), "{text}");
    let text = told(&format!("Score := {}\n", terms(300, 100)));
    assert!(text.contains("    and by 50 more changes\n") && !text.contains("only"), "{text}");
    let text = told(&format!("Score := {}\n", terms(3_000, 3_000)));
    assert!(text.lines().filter(|line| line.contains(" terms are told apart")).count() == 0, "{text}");
    assert_eq!(text.matches("├─ ").count(), 2_999);
    assert!(text.contains(" of 3000 fields were tried, since the rules are long"), "{text}");
    let text = told(&format!("Score := {}\n", terms(10_001, 1)));
    assert!(text.contains("1 sum stands whole: no more than 10000 terms are told apart"), "{text}");
}

#[test]
fn the_deepest_formulas_are_explained() {
    let depth = 1_500;
    let chain = format!("{}0{}", "IF(A > 5, 1, ".repeat(depth), ")".repeat(depth));
    let sum = format!("{}1{}", "(1 + A * (".repeat(depth / 2), "))".repeat(depth / 2));
    let nots = format!("Z := {}(A > 5)", "NOT ".repeat(depth));
    let text = format!("X := {chain}\nY := {sum}\n{nots}\n");
    let (rules, clock) = (Rules::compile("deep.clay", &text).expect("rules"), clock());
    let inputs = vec![Value::Number(1.0)];
    for part in explain(&rules, &clock, &inputs, &columns(&rules)) {
        adds_up(&part, 1);
        assert_eq!(part.because.len().max(part.parts.len().min(1)), 1, "{}", part.label);
    }
    for goal in columns(&rules) {
        assert!(!nearby(&rules, &clock, &inputs, goal).outcomes.is_empty());
    }
}

/// Formulas that give numbers, of the kinds that scores are made of.
fn points() -> impl Strategy<Value = String> {
    let field = prop_oneof![Just("A"), Just("B"), Just("C")].prop_map(ToOwned::to_owned);
    let leaf = prop_oneof![(0..40u32).prop_map(|number| number.to_string()), field];
    leaf.prop_recursive(4, 40, 3, |inner| {
        let two = (inner.clone(), inner.clone());
        let three = (inner.clone(), inner.clone(), inner.clone());
        prop_oneof![
            three.clone().prop_map(|(a, b, c)| format!("({a} + {b} - {c})")),
            two.clone().prop_map(|(a, b)| format!("({a} * {b})")),
            inner.clone().prop_map(|a| format!("(2 * {a} * 0.5)")),
            inner.clone().prop_map(|a| format!("(-{a})")),
            inner.clone().prop_map(|a| format!("({a})%")),
            (condition(), inner.clone(), inner.clone()).prop_map(|(c, a, b)| format!("IF({c}, {a}, {b})")),
            (condition(), inner.clone()).prop_map(|(c, a)| format!("IF({c}, {a})")),
            (condition(), inner.clone(), condition(), inner.clone())
                .prop_map(|(c, a, d, b)| format!("IFS({c}, {a}, {d}, {b}, TRUE, 3)")),
            three.clone().prop_map(|(a, b, c)| format!("LET(n, {a}, m, n + {b}, n + m - {c})")),
            two.clone().prop_map(|(a, b)| format!("LET(n, LET(n, {a}, n + 1), n + {b})")),
            two.clone().prop_map(|(a, b)| format!("ROUND({a} + {b}, 1)")),
            two.clone().prop_map(|(a, b)| format!("MIN(50, {a} + {b})")),
            two.clone().prop_map(|(a, b)| format!("SUM({a}, {b}, 1)")),
            (condition(), condition()).prop_map(|(c, d)| format!("POINTS({c}, 5, {d}, 7)")),
            two.clone().prop_map(|(a, b)| format!("IFERROR({a} / {b}, 4)")),
            two.clone().prop_map(|(a, b)| format!("COALESCE({a}, {b})")),
            two.clone().prop_map(|(a, b)| format!("BUCKET(A, 10, {a}, 30, {b}, 9)")),
            two.clone().prop_map(|(a, b)| format!("SWITCH(B, 1, {a}, \"x\", {b}, 8)")),
            two.prop_map(|(a, b)| format!("CHOOSE(2, {a}, {b})")),
        ]
    })
}

fn condition() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![
        (0..40u32).prop_map(|number| format!("A > {number}")),
        (0..40u32).prop_map(|number| format!("B <= {number}")),
        Just("ISEMPTY(C)".to_owned()),
        Just("C IN [1, \"x\"]".to_owned()),
        Just("ANY([A, B], x, x > 5)".to_owned()),
    ];
    leaf.prop_recursive(2, 6, 2, |inner| {
        let two = (inner.clone(), inner.clone());
        prop_oneof![
            two.clone().prop_map(|(a, b)| format!("({a} OR {b})")),
            two.prop_map(|(a, b)| format!("({a} AND {b})")),
            inner.prop_map(|a| format!("NOT({a})")),
        ]
    })
}

fn cell() -> impl Strategy<Value = Value<'static>> {
    prop_oneof![
        3 => (0..60u32).prop_map(|number| Value::Number(f64::from(number))),
        1 => Just(Value::Blank),
        1 => Just(Value::borrowed("x")),
        1 => Just(Value::borrowed("12")),
    ]
}

/// Fails unless everything that is said to have held did, and nothing that is said to have failed.
fn reasons_are_true(part: &Part<'_>, rules: &Rules, row: &Record<'_>, clock: &Clock) {
    for reason in &part.because {
        let sides = [(&reason.held, true), (&reason.failed, false)];
        for (condition, held) in
            sides.iter().flat_map(|(list, held)| list.iter().map(move |one| (one, *held)))
        {
            // A condition over names of the formula can't be asked on its own.
            let whole =
                !condition.text.contains('…') && condition.text.starts_with(|next| "ABCI(N".contains(next));
            let Ok(alone) = Rules::compile_formula(&condition.text) else { continue };
            if !whole || alone.keys().iter().any(|key| !["A", "B", "C"].contains(&key.as_str())) {
                continue;
            }
            if let Value::Boolean(value) = alone.eval(row, clock).values()[0] {
                assert_eq!(value, held, "{} in {}", condition.text, rules.tree().source.text());
            }
        }
    }
    part.parts.iter().for_each(|part| reasons_are_true(part, rules, row, clock));
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_score_is_explained_truly(x in points(), y in points(), cells in [cell(), cell(), cell()]) {
        let text = format!("X := {x}\nY := X + {y}\nZ := IF(Y > 20, \"a\", \"b\")\n");
        let clock = clock();
        let Ok(rules) = Rules::compile("random.clay", &text) else { return Ok(()) };
        let members = ["A", "B", "C"].into_iter().zip(&cells).map(|(name, cell)| (Text::Borrowed(name), cell.clone()));
        let row = Record::new(members.collect());
        let keyed: Vec<Value<'_>> = rules.keys().iter().map(|key| row.get(key).cloned().unwrap_or_default()).collect();
        let mut inputs = Vec::new();
        rules.inputs(&keyed, &clock, &mut inputs);
        let values = rules.eval(&row, &clock);
        for (part, value) in explain(&rules, &clock, &inputs, &columns(&rules)).iter().zip(values.values()) {
            prop_assert_eq!(&part.value, value);
            adds_up(part, 1);
            reasons_are_true(part, &rules, &row, &clock);
        }
        for change in nearby(&rules, &clock, &inputs, ColumnId(2)).outcomes.iter().flat_map(|one| &one.changes) {
            let after = with_change(&rules, &clock, &inputs, change, &change.to);
            prop_assert_eq!(&after, &change.results);
            prop_assert_ne!(&after[2], &values.values()[2]);
        }
    }
}

/// What `clayf explain` prints about a column of one row.
fn printed(name: &str, rule: &str, row: &str, column: &str) -> String {
    let folder = common::Folder::new(&format!("explaining-{name}"));
    folder.write("rule.clay", rule);
    folder.write("rows.jsonl", row);
    let args =
        ["explain", "rule.clay", "rows.jsonl", "--row", "1", "--column", column, "--now", "2026-01-31"];
    let output = common::clayf(&folder.path("."), &args, b"");
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("text")
}

#[test]
fn a_tier_of_two_scores_has_no_order_and_names_the_score_that_moves() {
    let rule = "Fit := IF(Seats > 100, 40, 10)\nEngagement := Clicks * 10\n\
                Grade := IFS(Fit >= 40 AND Engagement >= 40, \"A1\", Fit >= 40, \"A2\", TRUE, \"B\")\n";
    let text = printed("grade", rule, "{\"Seats\":200,\"Clicks\":1}\n", "Grade");
    assert!(text.contains("Clicks  1 → 4  Engagement 40"), "{text}");
    assert!(text.contains("Seats  200 → 100  Fit 10"), "{text}");
    assert!(!text.contains("  up") && !text.contains("  down"), "{text}");
}

#[test]
fn only_what_a_field_is_compared_with_is_tried() {
    let rule = "Next := IF(CONTAINSWORD(Job Title, \"vp\"), \"SDR now\", IF(REGEXMATCH(Job Title, \"^head of\"), \"A1\", \
                TEXT(Created, \"m/d/yyyy\")))\n";
    let row = "{\"Job Title\":\"Doctor\",\"Created\":\"2026-01-05\"}\n";
    let text = printed("compared", rule, row, "Next");
    for wrong in ["→ \"A1\"", "→ \"SDR now\"", "→ \"^head of\"", "→ \"m/d/yyyy\"", "empty or empty"] {
        assert!(!text.contains(wrong), "{wrong}: {text}");
    }
    let rule = "Title Points := IF(CONTAINSWORD(Job Title, \"vp\"), 10, 0)\n";
    let text = printed("needle", rule, row, "Title Points");
    assert!(text.contains("\"Doctor\" → \"vp\"  Title Points 10"), "{text}");
    // Days are tried as well, whether they are compared with a text or with the clock.
    let rule = "Recent := IF(DAYSSINCE(Created) <= 5, 10, 0)\n";
    assert!(printed("days", rule, row, "Recent").contains("\"2026-01-05\" → 2026-01-26"));
    let rule = "Late := IF(Created >= \"2026-06-01\", 10, 0)\n";
    assert!(printed("day", rule, row, "Late").contains("\"2026-01-05\" → 2026-06-01"));
}

#[test]
fn points_and_sums_of_conditions_are_broken_down() {
    let row = "{\"Seats\":20,\"Clicks\":5,\"Events\":[{\"type\":\"demo\"},{\"type\":\"x\"}]}\n";
    let of = |formula: &str| printed("broken-down", &format!("A := {formula}\n"), row, "A");
    let text = of("POINTS(Seats > 100, 10, Seats > 50, 5)");
    assert!(text.contains("0  Seats > 100 is FALSE (Seats is 20)\n"), "{text}");
    assert!(text.contains("0  Seats > 50 is FALSE (Seats is 20)\n"), "{text}");
    let text = of("SUM(Seats > 10, Clicks > 7)");
    assert!(
        text.contains("├─ 1  Seats > 10 (Seats is 20)\n└─ 0  Clicks > 7 is FALSE (Clicks is 5)\n"),
        "{text}"
    );
    let text = of("MAX(IF(Seats > 10, 10, 0), IF(Clicks > 3, 20, 0))");
    assert!(
        text.contains("IF(Clicks > 3, 20, 0) is the largest") && text.contains("then Clicks > 3"),
        "{text}"
    );
    let text = of("SUM(MAP(Events, e, IF(e.type = \"demo\", 10, 1)))");
    assert!(text.contains("├─ 10  item 1 of 2: {\"type\":\"demo\"}  e.type = \"demo\"\n"), "{text}");
    assert!(text.contains("└─  1  item 2 of 2: {\"type\":\"x\"}     otherwise\n"), "{text}");
    let many = of("SUM(MAP(SEQUENCE(20), n, n))");
    assert!(many.contains("├─  16  item 16 of 20: 16"), "{many}");
    assert!(many.contains("├─  20  item 20 of 20: 20") && many.contains("└─ 120  15 others\n"), "{many}");
}
