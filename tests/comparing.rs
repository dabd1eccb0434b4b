//! Comparisons of two versions are true: what they count is what evaluating both versions gives.

mod common;

use clayf::batch::Input;
use clayf::rows::{DataFiles, Format};
use clayf::tools::diff::{Difference, RowChange, Versions};
use clayf::{Clock, Record, Rules, Value};
use common::{folder, rules};
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::{Command, Output};

const SEED: &str = "corpus/seed/score.clay";
const LEADS: &str = "corpus/seed/leads.jsonl";

fn compare(old: &Rules, new: &Rules, rows: &str) -> Difference {
    let clock = Clock::system();
    let input =
        Input { name: "rows".to_owned(), format: Format::JsonLines, reader: Box::new(rows.as_bytes()) };
    Versions::new(old, new, &clock).compare(std::iter::once(Ok(input))).expect("readable rows")
}

fn edited(edits: &[(&str, &str)]) -> Rules {
    let mut text = fs::read_to_string(SEED).expect("the seed");
    for (from, to) in edits {
        assert!(text.contains(from), "{from}");
        text = text.replace(from, to);
    }
    Rules::compile("edited.clay", &text).expect("rules")
}

#[test]
fn a_version_is_like_itself() {
    let difference = compare(&rules(SEED), &rules(SEED), &fs::read_to_string(LEADS).expect("rows"));
    assert_eq!((difference.rows, difference.changed), (574, 0));
    assert!(difference.columns.iter().all(|column| column.changed == 0 && column.movers.is_empty()));
}

#[test]
fn what_is_counted_is_what_both_versions_give() {
    let rows = fs::read_to_string(LEADS).expect("rows");
    let edits = [("Employee Count > 200, 25", "Employee Count > 150, 28"), (">= 60, \"B\"", ">= 55, \"B\"")];
    let (old, new) = (rules(SEED), edited(&edits));
    let clock = Clock::system();
    let mut changed = 0;
    let mut scores: (u64, f64) = (0, 0.0);
    let mut moves: BTreeMap<(String, String), u64> = BTreeMap::new();
    for line in rows.lines() {
        let row = Record::from_json(line).expect("a row");
        let (before, after) = (old.eval(&row, &clock), new.eval(&row, &clock));
        changed += u64::from(before.values() != after.values());
        let number = |value: &Value<'_>| if let Value::Number(number) = value { *number } else { 0.0 };
        let by = number(&after.values()[0]) - number(&before.values()[0]);
        scores = (scores.0 + u64::from(by != 0.0), scores.1.max(by));
        *moves.entry((tier(&before.values()[1]), tier(&after.values()[1]))).or_default() += 1;
    }
    let difference = compare(&old, &new, &rows);
    assert_eq!(difference.changed, changed);
    let [score, tier] = &difference.columns[..] else { panic!("two columns") };
    assert_eq!((score.changed, score.most_up), scores);
    assert_eq!(tier.moves, moves);
    assert!(score.changed > 20 && tier.changed > 20);
    let distances: Vec<f64> = score.movers.iter().map(|mover| mover.distance().abs()).collect();
    assert!(distances.len() == 10 && distances.is_sorted_by(|one, other| one >= other), "{distances:?}");
    // Each change has one thing that is to blame, or several together.
    assert_eq!((score.joint, tier.joint), (0, 0));
    assert_eq!(score.blame.values().map(|blame| blame.rows).sum::<u64>(), score.changed);
    assert_eq!(tier.blame.values().map(|blame| blame.rows).sum::<u64>(), tier.changed);
    assert_eq!(score.blame.keys().collect::<Vec<_>>(), ["size"]);
    assert_eq!(tier.blame.keys().collect::<Vec<_>>(), ["its own formula", "size in ICP Score"]);
}

/// A tier as the matrix names it.
fn tier(value: &Value<'_>) -> String {
    match value {
        Value::Text(text) => text.as_str().to_owned(),
        other => clayf::tools::explain::shown(other),
    }
}

#[test]
fn the_formula_is_to_blame_where_the_columns_alone_would_not_do() {
    let rows = "{\"Employee Count\":300}\n";
    let old =
        Rules::compile("old.clay", "S := IF(Employee Count > 200, 25, 0)\nT := IF(S >= 20, \"A\", \"B\")\n");
    let new =
        Rules::compile("new.clay", "S := IF(Employee Count > 200, 30, 0)\nT := IF(S >= 40, \"A\", \"B\")\n");
    let difference = compare(&old.expect("rules"), &new.expect("rules"), rows);
    let blame: Vec<&String> = difference.columns[1].blame.keys().collect();
    assert_eq!(blame, ["its own formula"]);
}

#[test]
fn what_several_components_did_together_adds_up() {
    let rows = fs::read_to_string(LEADS).expect("rows");
    let edits = [
        ("Employee Count > 200, 25", "Employee Count > 150, 28"),
        (" 20, IF(\n", " 12, IF(\n"),
        (">= 60, \"B\"", ">= 55, \"B\""),
    ];
    let (old, new) = (rules(SEED), edited(&edits));
    let difference = compare(&old, &new, &rows);
    let [score, tier] = &difference.columns[..] else { panic!("two columns") };
    let clock = Clock::system();
    let by = |line: &str| {
        let row = Record::from_json(line).expect("a row");
        let [before, after] = [&old, &new].map(|rules| rules.eval(&row, &clock).values()[0].clone());
        let [Value::Number(before), Value::Number(after)] = [before, after] else { return 0.0 };
        after - before
    };
    let moved: f64 = rows.lines().map(by).sum();
    let blamed: f64 = score.blame.values().map(|blame| blame.points).sum();
    assert!(moved == blamed && moved != 0.0, "{moved} {blamed}");
    assert!(score.joint > 0 && tier.joint > 0, "{} {}", score.joint, tier.joint);
    assert!(score.blame.values().map(|blame| blame.rows).sum::<u64>() >= score.changed + score.joint);
    for mover in &score.movers {
        let because: f64 = mover.because.iter().map(|(_, by)| by).sum();
        assert_eq!(because, mover.distance(), "{mover:?}");
    }
}

#[test]
fn hundreds_of_components_are_told_in_a_few_lines() {
    let folder = folder("many-components");
    let rule = |points: u32| {
        let terms: Vec<String> = (0..100).map(|term| format!("IF(A > {term}, {points}, 0)")).collect();
        format!("S := {}\n", terms.join(" + "))
    };
    fs::write(folder.join("old.clay"), rule(1)).expect("written");
    fs::write(folder.join("new.clay"), rule(3)).expect("written");
    fs::write(folder.join("rows.jsonl"), "{\"A\":200}\n").expect("written");
    let told = |format: &str| {
        let output = clayf(&folder, &["diff", "old.clay", "new.clay", "rows.jsonl", "--format", format]);
        String::from_utf8_lossy(&output.stdout).into_owned()
    };
    let text = told("text");
    assert_eq!(text.matches("  by IF(").count(), 12, "{text}");
    assert!(text.contains("  by 88 more, +176 points\n  by several of these together in 1 row\n"), "{text}");
    assert!(text.contains("97 more +194"), "{text}");
    let markdown = told("markdown");
    assert!(
        markdown.contains(", 88 more, +176 points; by several of these together in 1 row\n"),
        "{markdown}"
    );
    assert_eq!(told("json").matches("\"points\":2").count(), 100);
}

#[test]
fn columns_and_formula_that_moved_a_column_together_are_told_together() {
    let old = "P := A\nQ := B\nM := MAX(P, Q, 3)\nT := IFS(M > 8, \"A\", M > 5, \"B\", TRUE, \"C\")\n";
    let new =
        "P := A + 4\nQ := B + 5\nM := MAX(P, Q, 6)\nT := IFS(M > 8, \"A\", M > 3, \"B\", TRUE, \"C\")\n";
    let [old, new] = [old, new].map(|text| Rules::compile("both.clay", text).expect("rules"));
    let difference = compare(&old, &new, "{\"A\":1,\"B\":5}\n");
    let because = |column: usize| difference.columns[column].movers[0].because.clone();
    let owned =
        |all: &[(&str, f64)]| all.iter().map(|(name, by)| ((*name).to_owned(), *by)).collect::<Vec<_>>();
    // From 5 to 10: the new formula alone makes 6 of the old columns.
    assert_eq!(because(2), owned(&[("P and Q", 4.0), ("its own formula", 1.0)]));
    // From C to A: the new formula alone makes B of the old number.
    assert_eq!(because(3), owned(&[("M", 5.0), ("its own formula", 0.0)]));
    // Two terms of one name are one thing.
    assert_eq!(
        blamed("S := A + A + B\n", "S := A * 2 + A * 2 + B\n", "{\"A\":3}\n"),
        owned(&[("A * 2", 6.0)])
    );
}

/// What is to blame for the changes of a score, with the points of all rows.
fn blamed(old: &str, new: &str, rows: &str) -> Vec<(String, f64)> {
    let [old, new] = [old, new].map(|text| Rules::compile("score.clay", text).expect("rules"));
    let difference = compare(&old, &new, rows);
    let blame = difference.columns[0].movers.iter().flat_map(|mover| mover.because.clone());
    let mut all: BTreeMap<String, f64> = BTreeMap::new();
    blame.for_each(|(name, by)| *all.entry(name).or_default() += by);
    all.into_iter().collect()
}

/// An old score, a new one, and what is to blame.
type Edit<'e> = (&'e str, &'e str, &'e [(&'e str, f64)]);

#[test]
fn terms_without_names_are_told_wherever_they_stand() {
    let rows = "{\"A\":6,\"B\":6,\"C\":6,\"D\":9}\n{\"A\":1,\"B\":9,\"C\":0,\"D\":9}\n";
    let three = "S := POINTS(A > 5, 10, B > 5, 20, C > 5, 30)\n";
    let cases: [Edit<'_>; 8] = [
        // Put in, taken out, moved.
        (three, "S := POINTS(D > 5, 7, A > 5, 10, B > 5, 20, C > 5, 30)\n", &[("D > 5", 14.0)]),
        (three, "S := POINTS(B > 5, 20, C > 5, 30)\n", &[("A > 5", -10.0)]),
        (three, "S := POINTS(C > 5, 30, A > 5, 10, B > 5, 21)\n", &[("B > 5", 2.0)]),
        (three, "S := POINTS(C>5, 30, A > 5, 11, B > 5, 20)\n", &[("A > 5", 1.0)]),
        // An edited condition beside a new one.
        (
            three,
            "S := POINTS(D > 5, 7, A > 0, 10, B > 5, 20, C > 5, 30)\n",
            &[("A > 0", 10.0), ("D > 5", 14.0)],
        ),
        // Points that changed under a condition that did not.
        (
            "S := IF(A > 5, 10, 0) + IF(B > 5, 20, 0)\n",
            "S := IF(D > 5, 1, 0) + IF(A > 5, 15, 0) + IF(B > 5, 20, 0)\n",
            &[("IF(A > 5, 15, 0)", 5.0), ("IF(D > 5, 1, 0)", 2.0)],
        ),
        // A sum within a sum.
        (three, "S := POINTS(A > 5, 10, B > 5, 20, C > 5, 30) + D\n", &[("D", 18.0)]),
        // A new name for an old term.
        (
            "S := LET(size, IF(A > 5, 10, 0), other, B, size + other)\n",
            "S := LET(company size, IF(A > 5, 10, 0), other, B + 1, other + company size)\n",
            &[("other", 2.0)],
        ),
    ];
    for (old, new, wanted) in cases {
        let wanted: Vec<(String, f64)> = wanted.iter().map(|(name, by)| ((*name).to_owned(), *by)).collect();
        assert_eq!(blamed(old, new, rows), wanted, "{new}");
    }
}

#[test]
fn only_numbers_move_by_points() {
    let rows = "{\"A\":1}\n{\"A\":0}\n";
    let points = [
        ("Zip := \"94105\"\n", "Zip := \"12\"\n"),
        ("Zip := \"\"\n", "Zip := \"12\"\n"),
        ("S := A\n", "S := IF(A = 7, 5)\n"),
        ("S := 5\n", "S := 10 / 0\n"),
        ("Z := \"1\"\nS := Z\n", "Z := \"500\"\nS := Z\n"),
    ];
    for (old, new) in points {
        let blame = blamed(old, new, rows);
        assert!(blame.len() == 1 && blame[0].1 == 0.0, "{new}: {blame:?}");
    }
}

#[test]
fn the_score_is_told_first_of_the_columns_that_changed() {
    let folder = folder("main-column");
    let rule = |weight| {
        format!(
            "Base := A * {weight}\nBonus := B\nScore := MIN(100, Base + Bonus)\nTier := IF(Score > 10, \"A\", \"B\")\n"
        )
    };
    fs::write(folder.join("old.clay"), rule(1)).expect("written");
    fs::write(folder.join("new.clay"), rule(2)).expect("written");
    fs::write(folder.join("rows.jsonl"), "{\"A\":4,\"B\":4}\n").expect("written");
    let output = clayf(&folder, &["diff", "old.clay", "new.clay", "rows.jsonl"]);
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(text.contains("largest moves of Score"), "{text}");
}

fn clayf(folder: &Path, args: &[&str]) -> Output {
    common::clayf(folder, args, b"")
}

fn git(folder: &Path, args: &[&str]) {
    let identity = ["-c", "user.name=Ada", "-c", "user.email=ada@example.com", "-c", "commit.gpgsign=false"];
    let done = Command::new("git").args(identity).args(args).current_dir(folder).output().expect("git runs");
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
}

#[test]
fn the_old_version_may_be_a_revision() {
    let folder = folder("revisions");
    fs::create_dir_all(folder.join("rules")).expect("a folder");
    fs::write(folder.join("rules/score.clay"), "S := A + 1\n").expect("written");
    fs::write(folder.join("rows.jsonl"), "{\"A\":1}\n{\"A\":2}\n").expect("written");
    git(&folder, &["init", "-q"]);
    git(&folder, &["add", "."]);
    git(&folder, &["commit", "-qm", "one"]);
    fs::write(folder.join("rules/score.clay"), "S := A + IF(A > 1, 2, 1)\n").expect("written");
    let by_path = clayf(&folder, &["diff", "HEAD:rules/score.clay", "rules/score.clay", "rows.jsonl"]);
    let text = String::from_utf8_lossy(&by_path.stdout).into_owned();
    assert!(text.contains("S  changed in 1 row (50 %): 1 up"), "{text}");
    assert_eq!(by_path.status.code(), Some(0));
    // Paths count from the folder one is in; with a slash, from the top.
    let rules = folder.join("rules");
    for old in ["HEAD:score.clay", "HEAD:./score.clay", "HEAD:/rules/score.clay"] {
        let output = clayf(&rules, &["diff", old, "score.clay", "../rows.jsonl"]);
        assert_eq!(output.status.code(), Some(0), "{old}: {}", String::from_utf8_lossy(&output.stderr));
    }
    git(&folder, &["branch", "b"]);
    for old in ["@:rules/score.clay", "b:rules/score.clay"] {
        let output = clayf(&folder, &["diff", old, "rules/score.clay", "rows.jsonl"]);
        assert_eq!(output.status.code(), Some(0), "{old}: {}", String::from_utf8_lossy(&output.stderr));
    }
    let output = clayf(&folder, &["diff", "HEAD~7:rules/score.clay", "rules/score.clay", "rows.jsonl"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&output.stderr).contains("git says"), "{output:?}");
    let output = clayf(&folder, &["diff", "HEAD:--help", "rules/score.clay", "rows.jsonl"]);
    assert_eq!(output.status.code(), Some(2));
}

#[test]
fn a_rule_file_that_the_revision_lacks_is_new() {
    let folder = folder("new-rule");
    fs::write(folder.join("rows.jsonl"), "{\"A\":1}\n{\"A\":2}\n").expect("written");
    git(&folder, &["init", "-q"]);
    git(&folder, &["add", "."]);
    git(&folder, &["commit", "-qm", "one"]);
    fs::write(folder.join("score.clay"), "S := A + 1\n").expect("written");
    let diff = |more: &[&str]| {
        let output = clayf(&folder, &[&["diff", "HEAD:score.clay", "score.clay"], more].concat());
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        (output.status.code(), text(&output.stdout), text(&output.stderr))
    };
    let (code, text, _) = diff(&["rows.jsonl"]);
    assert_eq!(code, Some(0));
    assert!(
        text.starts_with("score.clay is new: HEAD:score.clay does not exist; 2 rows\nnew: S\n"),
        "{text}"
    );
    let (code, text, _) = diff(&["rows.jsonl", "--format", "markdown"]);
    assert!(code == Some(0) && text.contains("### score.clay is new"), "{text}");
    let (code, text, _) = diff(&["rows.jsonl", "--format", "json"]);
    assert!(code == Some(0) && text.contains("\"is_new\":true"), "{text}");
    assert_eq!(diff(&["--prove"]).0, Some(0));
    // The documented conditions of a pull request.
    assert_eq!(diff(&["rows.jsonl", "--fail-if", "changed_percent > 10"]).0, Some(0));
    let (code, _, told) = diff(&["rows.jsonl", "--fail-if", "changed > 0 OR S.after.A < 40"]);
    assert!(code == Some(0) && told.contains("the column `S` is new"), "{told}");
    assert_eq!(diff(&["rows.jsonl", "--fail-if", "T.after.A < 40"]).0, Some(2));
    // Only an old version can be missing, and only in a revision that is there.
    let output = clayf(&folder, &["diff", "score.clay", "HEAD:score.clay", "rows.jsonl"]);
    assert_eq!(output.status.code(), Some(2));
    let output = clayf(&folder, &["diff", "nowhere:score.clay", "score.clay", "rows.jsonl"]);
    assert_eq!(output.status.code(), Some(2));
}

#[test]
fn a_formula_over_the_totals_decides_the_exit_status() {
    let folder = folder("totals");
    fs::write(folder.join("old.clay"), "S := A\nT := IF(S > 1, \"A\", \"B\")\n").expect("written");
    fs::write(folder.join("new.clay"), "S := A * 2\nT := IF(S > 1, \"A\", \"B\")\n").expect("written");
    fs::write(folder.join("rows.jsonl"), "{\"A\":1}\n{\"A\":0}\n").expect("written");
    let status = |formula: &str| {
        let output = clayf(&folder, &["diff", "old.clay", "new.clay", "rows.jsonl", "--fail-if", formula]);
        (output.status.code(), String::from_utf8_lossy(&output.stderr).into_owned())
    };
    assert_eq!(status("changed > 1").0, Some(0));
    assert_eq!(status("changed = 1").0, Some(1));
    assert_eq!(status("changed_percent >= 50 AND T.after.A = 1 AND T.moves.B.A = 1").0, Some(1));
    assert_eq!(status("S.most_up > 1").0, Some(0));
    let (code, told) = status("chnaged = 1");
    assert_eq!(code, Some(2));
    assert!(told.contains("did you mean `changed`"), "{told}");
    for slip in
        ["T.chnged > 0", "T.changed > 0 OR S.chnged > 0", "IF(TRUE, T.chnged) > 0", "LET(t, T, t.chnged > 0)"]
    {
        let (code, told) = status(slip);
        assert_eq!(code, Some(2), "{slip}");
        assert!(told.contains("no `chnged`; did you mean `changed`"), "{told}");
    }
    assert_eq!(status("T.changed.rows > 0").0, Some(2));
    // A tier that no row has any more counts as 0, and one that no row ever had is no slip.
    assert_eq!(status("T.before.A < 1").0, Some(1));
    assert_eq!(status("T.after.Z > 0").0, Some(0));
    let (code, told) = status("T.after.a < 40");
    assert_eq!(code, Some(2));
    assert!(told.contains("did you mean `A`"), "{told}");
    assert_eq!(status("changed +").0, Some(2));
    assert_eq!(status("\"text\"").0, Some(2));
    assert_eq!(status("1 / 0").0, Some(1));
}

#[test]
fn tiers_that_no_row_has_are_told_and_count_as_0() {
    let folder = folder("untold-tiers");
    let tier = "Lead Tier := IF(S > 1, \"A\", \"B\")\n";
    fs::write(folder.join("old.clay"), format!("S := A\n{tier}")).expect("written");
    fs::write(folder.join("new.clay"), format!("S := A * 2\n{tier}")).expect("written");
    fs::write(folder.join("rows.jsonl"), "{\"A\":1}\n{\"A\":0}\n").expect("written");
    let status = |formula: &str| {
        let output = clayf(&folder, &["diff", "old.clay", "new.clay", "rows.jsonl", "--fail-if", formula]);
        (output.status.code(), String::from_utf8_lossy(&output.stderr).into_owned())
    };
    let ways = [
        "Lead Tier.after.AA > 0",
        "Lead Tier[\"after\"][\"AA\"] > 0",
        "GET(Lead Tier, \"after.AA\") > 0",
        "GET(Lead Tier.after, \"AA\", 5) > 0",
        "LET(name, \"AA\", Lead Tier.after[name]) > 0",
        "LET(after, GET(Lead Tier, \"after\"), after.AA + after.AA) > 0",
        "Lead Tier.moves.A.AA > 0 OR Lead Tier.after.B > 5",
        "LET(moves, Lead Tier.moves.AA, moves.B) > 0",
    ];
    for formula in ways {
        let (code, told) = status(formula);
        assert_eq!(code, Some(0), "{formula}: {told}");
        let of_no_row =
            "warning: --fail-if: `AA` is the `Lead Tier` of no row, before or after, so it counts as 0 in ";
        assert_eq!(told.matches(of_no_row).count(), 1, "{formula}: {told}");
        assert!(told.contains("; there are A, B"), "{formula}: {told}");
    }
    // A tier that nobody has is fewer than 40; what rows may come to have at any time is no slip.
    assert_eq!(status("Lead Tier.after.AA < 40").0, Some(1));
    assert_eq!(status("Lead Tier.after.blank > 0 OR Lead Tier.moves.A.B > 0"), (Some(0), String::new()));
    let (code, told) = status("S.after.A > 0 OR GET(S.moves, \"A.B\") > 0");
    assert_eq!(code, Some(0));
    for total in ["after", "moves"] {
        let numbers =
            format!("`S` has only numbers, which `{total}` does not tell apart, so `A` counts as 0 there");
        assert!(told.contains(&numbers), "{told}");
    }
    for slip in
        ["GET(Lead Tier, \"chnged\") > 0", "Lead Tier[\"chnged\"] > 0", "GET(Lead Tier.after, \"a\") > 0"]
    {
        let (code, told) = status(slip);
        assert!(code == Some(2) && told.contains("did you mean"), "{slip}: {told}");
    }
}

#[test]
fn a_value_among_too_many_is_not_counted() {
    let folder = folder("too-many-tiers");
    fs::write(folder.join("old.clay"), "N := \"n\" & A\n").expect("written");
    fs::write(folder.join("new.clay"), "N := \"n\" & A\n").expect("written");
    let rows: Vec<String> = (0..700).map(|row| format!("{{\"A\":{row}}}\n")).collect();
    fs::write(folder.join("rows.jsonl"), rows.concat()).expect("written");
    let output =
        clayf(&folder, &["diff", "old.clay", "new.clay", "rows.jsonl", "--fail-if", "N.after.n500 = 0"]);
    let told = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(told.contains("`N` has so many values that `n500` is not told apart in `after`"), "{told}");
    assert_eq!(output.status.code(), Some(2));
}

#[test]
fn the_matrix_counts_rows_that_become_errors() {
    let folder = folder("errors-in-matrix");
    fs::write(folder.join("old.clay"), "S := IF(a = 1, 5, 1/0)\n").expect("written");
    fs::write(folder.join("new.clay"), "S := 1/0 + a\n").expect("written");
    fs::write(folder.join("rows.jsonl"), "{\"a\":1}\n{\"a\":2}\n{\"a\":3}\n").expect("written");
    let output = clayf(&folder, &["diff", "old.clay", "new.clay", "rows.jsonl", "--format", "json"]);
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(text.contains("\"after\":{\"#DIV/0!\":3,\"(number)\":0}"), "{text}");
    assert!(text.contains("\"(number)\":{\"#DIV/0!\":1}"), "{text}");
}

#[test]
fn values_that_look_alike_stay_apart() {
    let folder = folder("look-alikes");
    fs::write(folder.join("old.clay"), "S := IF(a = 1, TRUE, b)\n").expect("written");
    fs::write(folder.join("new.clay"), "S := IF(a = 1, \"true\", \"\")\n").expect("written");
    fs::write(folder.join("rows.jsonl"), "{\"a\":1}\n{\"a\":2}\n").expect("written");
    let output = clayf(&folder, &["diff", "old.clay", "new.clay", "rows.jsonl"]);
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    for part in ["from TRUE", "to \"true\"", "from blank", "to \"\"", "true → \"true\""] {
        assert!(text.contains(part), "{part}: {text}");
    }
}

#[test]
fn shares_are_rounded_only_where_they_are_printed() {
    let folder = folder("shares");
    fs::write(folder.join("old.clay"), "S := 0\n").expect("written");
    fs::write(folder.join("new.clay"), "S := IF(a = 1, 1, 0)\n").expect("written");
    let rows: Vec<String> = (1..=3000).map(|a| format!("{{\"a\":{a}}}")).collect();
    let rows = rows.join("\n");
    fs::write(folder.join("rows.jsonl"), rows).expect("written");
    let args = ["diff", "old.clay", "new.clay", "rows.jsonl", "--fail-if", "changed_percent > 0.03"];
    let output = clayf(&folder, &args);
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(text.contains("changed in 1 row (under 0.1 %)"), "{text}");
    assert_eq!(output.status.code(), Some(1));
}

#[test]
fn columns_called_like_totals_stand_apart() {
    let folder = folder("totals-as-columns");
    fs::write(folder.join("old.clay"), "rows := A\nchanged := A\nS := A\n").expect("written");
    fs::write(folder.join("new.clay"), "rows := A + 1\nchanged := A\nS := A\n").expect("written");
    fs::write(folder.join("rows.jsonl"), "{\"A\":1}\n").expect("written");
    let args = ["diff", "old.clay", "new.clay", "rows.jsonl", "--format", "json", "--fail-if"];
    let output =
        clayf(&folder, &[&args[..], &["columns.rows.up = 1 AND columns.changed.changed = 0"]].concat());
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(text.contains("\"rows\":1,") && text.contains("\"S\":{"), "{text}");
    assert_eq!(output.status.code(), Some(1), "{}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn columns_that_only_one_version_has_are_named() {
    let old = Rules::compile("old.clay", "S := A\nGone := B\n").expect("rules");
    let new = Rules::compile("new.clay", "S := A\nCame := C\n").expect("rules");
    let clock = Clock::system();
    let versions = Versions::new(&old, &new, &clock);
    assert_eq!(versions.unpaired(), (vec!["Gone"], vec!["Came"]));
}

#[test]
fn a_share_is_compared_as_it_is_and_rounded_only_for_people() {
    let folder = common::folder("exact-share");
    let rows: Vec<String> = (0..10_000).map(|n| format!("{{\"n\":{n}}}")).collect();
    std::fs::write(folder.join("rows.jsonl"), rows.join("\n")).expect("a writable file");
    for (changed, formula) in [(1003, "changed_percent > 10"), (3, "changed_percent > 0")] {
        for (name, result) in [("old.clay", 1), ("new.clay", 2)] {
            let text = format!("S := IF(n < {changed}, {result}, 0)");
            std::fs::write(folder.join(name), text).expect("a writable file");
        }
        let args = ["diff", "old.clay", "new.clay", "rows.jsonl", "--fail-if", formula];
        let output = common::clayf(&folder, &args, b"");
        assert_eq!(output.status.code(), Some(1), "{formula} of {changed}");
        let told = String::from_utf8_lossy(&output.stdout).into_owned();
        assert!(!told.contains("(0 %)"), "{told}");
    }
}

fn with_data(text: &str, csv: &'static str) -> Rules {
    let files = DataFiles::new(move |_| Ok(csv.as_bytes().to_vec()));
    Rules::compile_beside("rule.clay", text, files).unwrap_or_else(|found| panic!("{found}"))
}

const LOOKUPS: &str = "data Points = \"points.csv\" key industry\n\
    data Sizes = {S: 1, M: 2}\n\
    Score := COALESCE(Points[Industry].points, 0) + COALESCE(Sizes[Size], 0)\n\
    Tier := IF(Score >= 30, \"A\", \"B\")\n";
const POINTS: &str = "industry,points,owner\nSoftware,30,Ada\nRetail,10,Ben\nSpace,7,Cy\n";
const INDUSTRIES: &str = "{\"Industry\": \"software\", \"Size\": \"S\"}\n{\"Industry\": \"SOFTWARE\", \"Size\": \"M\"}\n\
    {\"Industry\": \"Retail\", \"Size\": \"M\"}\n{\"Industry\": \"Space\"}\n{\"Industry\": \"Energy\"}\n{}\n";

/// What moved a column, and what each row of changed data moved.
fn data_and_blame(old: &Rules, new: &Rules) -> (Vec<String>, Vec<(String, u64, f64)>) {
    let difference = compare(old, new, INDUSTRIES);
    let clock = Clock::system();
    let changes = Versions::new(old, new, &clock).data_changes(&difference);
    let row = |data: &str, row: &RowChange| format!("{data} {} moved {}", row.key, row.moved);
    let rows =
        changes.iter().flat_map(|data| data.rows.iter().map(move |one| row(&data.label, one))).collect();
    let blame =
        difference.columns[0].blame.iter().map(|(name, blame)| (name.clone(), blame.rows, blame.points));
    (rows, blame.collect())
}

#[test]
fn changed_data_is_named_with_the_rows_that_it_moved() {
    const LATER: &str = "industry,points,owner\nSoftware,25,Ada\nretail,10,Cy\nEnergy,5,Cy\n";
    let (old, new) = (with_data(LOOKUPS, POINTS), with_data(LOOKUPS, LATER));
    let (rows, blame) = data_and_blame(&old, &new);
    let wanted = [
        "points.csv \"Software\" moved 2",
        "points.csv \"Energy\" moved 1",
        "points.csv \"Space\" moved 1",
        "points.csv \"retail\" moved 0",
    ];
    assert_eq!(rows, wanted);
    assert_eq!(blame, [("points.csv".to_owned(), 4, -12.0)]);
    let (rows, blame) = data_and_blame(&old, &with_data(LOOKUPS, POINTS));
    assert_eq!((rows, blame), (Vec::new(), Vec::new()));
}

#[test]
fn data_and_formulas_that_both_changed_are_told_apart() {
    const LATER: &str = "industry,points,owner\nSoftware,25,Ada\nRetail,10,Ben\nSpace,7,Cy\n";
    let edited = LOOKUPS.replace("Size], 0)", "Size], 4)").replace("M: 2", "M: 3");
    let (rows, blame) = data_and_blame(&with_data(LOOKUPS, POINTS), &with_data(&edited, LATER));
    assert_eq!(rows, ["points.csv \"Software\" moved 2", "Sizes \"M\" moved 2"]);
    let wanted = [
        ("COALESCE(Sizes[Size], 4)".to_owned(), 3, 12.0),
        ("Sizes".to_owned(), 1, 1.0),
        ("points.csv".to_owned(), 1, -5.0),
        ("points.csv and Sizes".to_owned(), 1, -4.0),
    ];
    assert_eq!(blame, wanted);
}

#[test]
fn changed_data_is_named_if_no_row_moved() {
    let folder = folder("diff_data");
    fs::write(folder.join("old.clay"), "data Rivals = [\"a.com\", \"b.com\"]\nRival := Domain IN Rivals\n")
        .expect("a file");
    fs::write(folder.join("new.clay"), "data Rivals = [\"b.com\", \"c.com\"]\nRival := Domain IN Rivals\n")
        .expect("a file");
    fs::write(folder.join("rows.jsonl"), "{\"Domain\": \"b.com\"}\n").expect("a file");
    let output = clayf(&folder, &["diff", "old.clay", "new.clay", "rows.jsonl"]);
    let shown = String::from_utf8(output.stdout).expect("UTF-8");
    assert!(shown.contains("Rivals  1 row added, 1 removed; no row moved\n"), "{shown}");
    assert!(shown.contains("  \"c.com\"  added\n  \"a.com\"  removed\n"), "{shown}");
    let output = clayf(&folder, &["diff", "old.clay", "new.clay", "rows.jsonl", "--format", "json"]);
    let totals: serde_json::Value = serde_json::from_slice(&output.stdout).expect("JSON");
    assert_eq!(totals["changed_data"][0]["data"], "Rivals");
    assert_eq!(totals["changed_data"][0]["moved"], 0);
    fs::remove_dir_all(folder).expect("a folder");
}

#[test]
fn versions_with_other_functions_are_compared_over_all_rows() {
    const OLD: &str = "BAND(n) := IFS(n > 100, 70, n > 50, 40, TRUE, 5)\n\
        TWICE(n) := BAND(n) * 2\nSAME(n) := n & \"!\"\n\
        Score := BAND(Size) + IF(Country = \"US\", 5, 0)\nDouble := TWICE(Size)\nText := SAME(Name)\n\
        Tier := IF(Score > 70, \"A\", \"B\")\n";
    let folder = folder("diff_functions");
    let proved = |new: &str| {
        fs::write(folder.join("old.clay"), OLD).expect("a file");
        fs::write(folder.join("new.clay"), new).expect("a file");
        let output = clayf(&folder, &["diff", "old.clay", "new.clay", "--prove"]);
        String::from_utf8(output.stdout).expect("UTF-8")
    };
    let shown = proved(&OLD.replace("100, 70", "100, 71"));
    for part in [
        "Score  differs in 1 region\n  Size above 100: +1\n",
        "Double  differs in 1 region\n  Size above 100: +2\n",
        "Text  equivalent",
        "Tier  differs where Score does\n",
    ] {
        assert!(shown.contains(part), "{part}: {shown}");
    }
    let shown =
        proved(&OLD.replace("IFS(n > 100, 70, n > 50, 40, TRUE, 5)", "IF(n > 50, IF(n > 100, 70, 40), 5)"));
    assert_eq!(shown.matches("equivalent").count(), 4, "{shown}");
    fs::remove_dir_all(folder).expect("a folder");
}
