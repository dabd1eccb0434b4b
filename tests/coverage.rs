//! Coverage names exactly what no row decided: `corpus/coverage/NAME.clay`, its rows, and `NAME.coverage`.

mod common;

use clayf::Rules;
use clayf::diagnostics::Source;
use clayf::span::Span;
use clayf::tools::coverage::{Coverage, Marks};
use common::{Tested, bless, cases, tested};
use std::path::Path;

/// The line and character of a span, with the name of the file where it is not the rule file.
fn place(source: &Source, span: Span) -> String {
    let start = span.start as usize;
    let at = source.position(start);
    source.other_name_at(start).map_or_else(|| at.to_string(), |file| format!("{file}:{at}"))
}

/// `5 of 6`, then a line for each place that was missed: where, its text, what never happened; and a line for each set.
fn shown(rules: &Rules, coverage: &Coverage) -> String {
    let mut text = format!("{} of {}\n", coverage.covered(), coverage.outcomes);
    let source = &rules.tree().source;
    for missed in &coverage.missed {
        let at = place(source, missed.span);
        let written = missed.span.of(source.text()).split_whitespace().collect::<Vec<_>>().join(" ");
        text.push_str(&format!("{at} `{written}` {}\n", missed.what));
    }
    for set in &coverage.sets {
        text.push_str(&format!("{} {} of {} members\n", place(source, set.span), set.seen, set.members));
    }
    text
}

#[test]
fn what_is_missed_is_named() {
    let mut count = 0;
    for path in cases("corpus/coverage") {
        let Tested { rules, outcome } = tested(&path, true, false);
        let coverage = outcome.coverage.expect("asked for");
        bless(&path.with_extension("coverage"), &shown(&rules, &coverage));
        count += 1;
    }
    assert!(count >= 15, "there are {count} cases");
}

#[test]
fn the_leads_of_the_seed_decide_everything() {
    let Tested { rules, outcome } = tested(Path::new("corpus/seed/score.clay"), true, false);
    let coverage = outcome.coverage.expect("asked for");
    // 4 + 2 + 2 + 3 results of the nested IFs of size, industry and title with their elses, 4 of data, 4 tiers;
    // 12 arms and 4 times "all FALSE".
    assert_eq!(shown(&rules, &coverage), "44 of 44\n");
}

#[test]
fn deep_rules_are_covered_in_linear_time() {
    let depth = 1_990;
    let text = format!("X := {}A{}\n", "IFS(A > 5, 1, B > 3, ".repeat(depth), ")".repeat(depth));
    let rules = Rules::compile("deep.clay", &text).expect("rules");
    let start = std::time::Instant::now();
    let coverage = Coverage::new(rules.tree(), &Marks::default());
    assert_eq!((coverage.outcomes, coverage.covered()), (3 * depth, 0));
    assert!(start.elapsed().as_millis() < 2_000, "{:?}", start.elapsed());
}

#[test]
fn one_lead_leaves_the_rest_open() {
    let text = std::fs::read_to_string("corpus/seed/score.clay").expect("the rule");
    let folder = common::Folder::new("coverage-one-lead");
    folder.write("score.clay", &text);
    folder.write(
        "score.rows.jsonl",
        "{\"Employee Count\": 250, \"Industry\": \"SaaS\", \"Job Title\": \"VP\"}\n",
    );
    let Tested { rules, outcome } = tested(&folder.path("score.clay"), true, false);
    let shown = shown(&rules, &outcome.coverage.expect("asked for"));
    insta::assert_snapshot!(shown);
}

#[test]
fn an_arm_is_marked_where_it_stands() {
    let folder = common::Folder::new("coverage-arms");
    folder.write("score.clay", "X := IF(Industry = \"SaaS\" OR Industry = \"Retail\", 1)\n");
    folder.write("score.rows.jsonl", "{\"Industry\": \"SaaS\"}\n");
    let output = common::clayf(&folder.path(""), &["test", "--coverage"], b"");
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    // The arm lies within the whole condition, which has a label as well: each has a drawing of its own.
    let (_, drawn) = text.split_once("  ⚠ coverage 40 %: 2 of 5 outcomes\n").expect("the share");
    let wanted = "   \
   ╭─[score.clay:1:30]
 1 │ X := IF(Industry = \"SaaS\" OR Industry = \"Retail\", 1)
   ·                              ─────────┬─────────
   ·                                       ╰── never the first that holds
   ╰────
   ╭─[score.clay:1:9]
 1 │ X := IF(Industry = \"SaaS\" OR Industry = \"Retail\", 1)
   ·         ────────────────────┬───────────────────
   ·                             ╰── never FALSE; never all FALSE
   ╰────
1 rule file: 1 passed
";
    assert_eq!(drawn, wanted, "{text}");
}
