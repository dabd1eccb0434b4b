//! Strict runs, conditions over totals and rows, and outputs that would destroy what is read.
#![cfg(feature = "cli")]

mod common;

use common::{Folder, clayf};
use std::process::Output;

fn run(folder: &Folder, args: &[&str]) -> (Option<i32>, String, String) {
    let Output { status, stdout, stderr } = clayf(&folder.path("."), args, b"");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("text");
    (status.code(), text(stdout), text(stderr))
}

const RULE: &str = "Score := IF(Size > 100, 10, 5)\nShare := 100 / Size\n";

fn folder(name: &str) -> Folder {
    let folder = Folder::new(&format!("strictness-{name}"));
    folder.write("score.clay", RULE);
    folder.write("good.jsonl", "{\"Size\":50}\n{\"Size\":200}\n");
    folder.write("renamed.jsonl", "{\"Seats\":50}\n{\"Seats\":200}\n");
    folder.write("text.jsonl", "{\"Size\":50}\n{\"Size\":\"many\"}\n{\"Size\":0}\n");
    folder
}

#[test]
fn a_strict_run_fails_and_writes_no_file() {
    let folder = folder("eval");
    assert_eq!(run(&folder, &["eval", "score.clay", "good.jsonl", "--strict", "-o", "out.jsonl"]).0, Some(0));
    assert!(folder.path("out.jsonl").exists());
    let before = folder.read("out.jsonl");
    for rows in ["renamed.jsonl", "text.jsonl"] {
        assert_eq!(run(&folder, &["eval", "score.clay", rows, "-o", "loose.jsonl"]).0, Some(0), "{rows}");
        let (code, _, told) = run(&folder, &["eval", "score.clay", rows, "--strict", "-o", "out.jsonl"]);
        assert_eq!(code, Some(1), "{told}");
        assert!(told.contains("--strict takes none; out.jsonl was not written"), "{told}");
        assert_eq!(folder.read("out.jsonl"), before);
    }
    // A warning about the rule itself is found before any row is read.
    folder.write("lint.clay", "Score := IF(Size > 100, 10, 10)\n");
    let (code, out, told) = run(&folder, &["eval", "lint.clay", "good.jsonl", "--strict"]);
    assert_eq!((code, out.as_str()), (Some(2), ""), "{told}");
    assert_eq!(run(&folder, &["eval", "-n", "-e", "1 / 0", "--strict"]).0, Some(1));
    assert_eq!(run(&folder, &["eval", "-n", "-e", "1 / 2", "--strict"]).0, Some(0));
}

#[test]
fn a_run_without_rows_has_warnings_too() {
    let folder = folder("without-rows");
    folder.write("range.clay", "Score (0-100) := 250 + Size\n");
    for (args, warning) in [
        (&["-e", "9007199254740993 + 1"][..], "has more digits than arithmetic keeps"),
        (&["-e", "SUM(1, \"x\" & 1)"], "holds text that is no number"),
        (&["range.clay"], "Score (0-100): 250 is outside the range"),
    ] {
        let (code, _, told) = run(&folder, &[&["eval", "-n", "--strict"], args].concat());
        assert!(code == Some(1) && told.contains(warning) && !told.contains("row"), "{args:?}: {told}");
    }
    // Each column is empty, which is why there are no rows.
    let (code, _, told) = run(&folder, &["eval", "-n", "score.clay", "-e", "Size > 100", "--strict"]);
    assert_eq!((code, told.as_str()), (Some(0), ""));
}

#[test]
fn checks_and_tests_can_be_strict() {
    let folder = folder("check");
    let check = |args: &[&str]| run(&folder, &[&["check"], args].concat()).0;
    folder.write("lint.clay", "Score := IF(Size > 100, 10, 10)\n");
    assert_eq!((check(&["lint.clay"]), check(&["lint.clay", "--strict"])), (Some(0), Some(2)));
    assert_eq!(check(&["score.clay", "--strict"]), Some(0));
    let unreadable = ["score.clay", "--rows", "text.jsonl"];
    assert_eq!(check(&unreadable), Some(0));
    assert_eq!(check(&[&unreadable[..], &["--strict"]].concat()), Some(1));
    assert_eq!(check(&["score.clay", "--strict", "--rows", "good.jsonl"]), Some(0));
    let tested = |args: &[&str]| run(&folder, &[&["test", "score.clay", "--rows"], args].concat());
    assert_eq!(tested(&["good.jsonl", "--strict"]).0, Some(0));
    for (rows, why) in
        [("renamed.jsonl", "no row has a column `Size`"), ("text.jsonl", "compared as a number")]
    {
        assert_eq!(tested(&[rows]).0, Some(0));
        let (code, told, _) = tested(&[rows, "--strict"]);
        assert!(code == Some(1) && told.contains(why), "{told}");
    }
    assert_eq!(run(&folder, &["test", "lint.clay", "--strict"]).0, Some(1));
}

#[test]
fn a_strict_test_that_fails_counts_rows_once_and_writes_no_first_snapshot() {
    let folder = folder("first-snapshot");
    folder.write("range.clay", "Middle := RANGEMID(Size)\n");
    folder.write("range.rows.csv", "Size,Size,,\n1,a,,\n2,b,,\n");
    let snapshot = "range.clay.rows.csv.snap";
    let (code, told, noted) = run(&folder, &["test", "range.clay", "--strict"]);
    assert_eq!(code, Some(1), "{told}");
    for why in ["2 rows\n", "the header has `Size` more than once", "an empty name more than once"] {
        assert!(told.contains(why), "{why}: {told}");
    }
    assert!(noted.contains("range.rows.csv: the header has `Size` more than once"), "{noted}");
    assert!(!folder.path(snapshot).exists());
    assert_eq!(run(&folder, &["test", "range.clay"]).0, Some(0));
    assert!(folder.path(snapshot).exists());
    let (code, told, _) = run(&folder, &["test", "range.clay", "--strict"]);
    assert!(code == Some(1) && told.contains("range.clay  2 rows\n"), "{told}");
}

#[test]
fn a_date_that_is_not_read_is_reported_as_a_date() {
    let folder = folder("declared-date");
    folder.write("due.clay", "input Due: Date\nNext := Due + 1\n");
    folder.write("due.jsonl", "{\"Due\":\"2026-13-1\"}\n");
    let (_, _, told) = run(&folder, &["eval", "due.clay", "due.jsonl", "--summary"]);
    assert!(told.contains("\"2026-13-1\" in column `Due` is not a date"), "{told}");
}

#[test]
fn a_formula_over_the_totals_decides() {
    let folder = folder("fail-if");
    let status = |rows: &str, formula: &str| {
        let (code, _, told) =
            run(&folder, &["eval", "score.clay", rows, "-o", "out.jsonl", "--fail-if", formula]);
        (code, told)
    };
    assert_eq!(status("good.jsonl", "errors_percent > 1 OR missing_columns > 0").0, Some(0));
    std::fs::remove_file(folder.path("out.jsonl")).expect("removed");
    let (code, told) = status("renamed.jsonl", "errors_percent > 1 OR missing_columns > 0");
    assert!(code == Some(1) && told.contains("--fail-if is TRUE"), "{told}");
    assert!(!folder.path("out.jsonl").exists());
    for (formula, is_true) in [
        ("rows = 3 AND written = 3 AND bad_rows = 0", true),
        ("errors = 2 AND ROUND(errors_percent) = 67", true),
        ("warnings = 1 AND outside_range = 0", true),
        ("Share.errors = 2 AND Share.min = 2 AND Score.errors = 0", true),
        ("Score.blank > 0 OR Score.max > 10", false),
        ("Size.filled_percent < 100", false),
    ] {
        assert_eq!(status("text.jsonl", formula).0, Some(i32::from(is_true)), "{formula}");
    }
    let (code, told) = status("good.jsonl", "eror_percent > 1");
    assert!(code == Some(2) && told.contains("did you mean"), "{told}");
    assert_eq!(status("good.jsonl", "Score.eror > 1").0, Some(2));
}

#[test]
fn a_formula_over_the_totals_reads_those_of_a_formula() {
    let folder = folder("fail-if-formula");
    let status = |fail_if: &str| run(&folder, &["eval", "good.jsonl", "-e", "1 / 0", "--fail-if", fail_if]);
    let (code, _, told) = status("formula.errors > 0");
    assert!(code == Some(1) && told.contains("--fail-if is TRUE: formula.errors > 0"), "{told}");
    assert_eq!(status("formula.errors > 2").0, Some(0));
}

#[test]
fn rows_are_chosen_by_a_formula_over_all_columns() {
    let folder = folder("where");
    let (code, out, _) =
        run(&folder, &["eval", "score.clay", "good.jsonl", "--where", "Score = 10 AND Size > 1"]);
    assert_eq!((code, out.as_str()), (Some(0), "{\"Size\":200,\"Score\":10,\"Share\":0.5}\n"));
    let (_, out, told) = run(&folder, &["eval", "score.clay", "text.jsonl", "--where", "Share > 1"]);
    assert_eq!(out, "{\"Size\":50,\"Score\":5,\"Share\":2}\n");
    assert!(told.contains("--where could not be evaluated for 2 rows (first 2, 3)"), "{told}");
    let (code, _, told) = run(&folder, &["eval", "score.clay", "good.jsonl", "--where", "Score >"]);
    assert!(code == Some(2) && told.contains("--where:1:"), "{told}");
    // In CSV as well, and with the condition's own columns only.
    folder.write("rows.csv", "Size,Name\n50,Ada\n200,Bo\n");
    let args = ["eval", "score.clay", "rows.csv", "--where", "Name = \"Bo\"", "--select", "Name,Score"];
    assert_eq!(run(&folder, &args).1, "Name,Score\nBo,10\n");
}

#[test]
fn warnings_that_decide_about_a_row_are_counted_where_it_is_left_out() {
    let folder = folder("decisive");
    folder.write("one.clay", "input E: Number = PARSENUMBER(e)\ninput Raw: Any = e\nNothing := Raw = 1\ninput Size: Number\nLarge := E > 5\nOther := Size > 1\n");
    folder.write("rows.jsonl", "{\"e\":\"about 40\",\"Size\":\"x\"}\n{\"e\":\"7\",\"Size\":2}\n");
    let eval = |args: &[&str]| run(&folder, &[&["eval", "one.clay", "rows.jsonl"], args].concat());
    for condition in ["Raw > 5", "E > 5", "Large"] {
        let (code, out, told) = eval(&["--where", condition, "--select", "e"]);
        assert_eq!((code, out.as_str()), (Some(0), "{\"e\":\"7\"}\n"), "{condition}");
        assert!(told.contains(": 1 row (first 1)") && !told.contains("Other"), "{condition}: {told}");
        assert_eq!(eval(&["--where", condition, "--strict"]).0, Some(1), "{condition}");
        assert_eq!(eval(&["--where", condition, "--fail-if", "warnings > 0"]).0, Some(1), "{condition}");
    }
    // What the condition does not depend on is counted in rows that are written.
    assert_eq!(eval(&["--where", "ISNUMBER(Size)", "--strict"]).0, Some(0));
}

#[test]
fn warnings_of_the_formulas_of_inputs_are_reported_everywhere() {
    let folder = folder("inputs");
    folder.write("rev.clay", "input Rev: Number = PARSENUMBER(revenue)\nLarge := NOT ISEMPTY(Rev)\n");
    folder.write("rows.jsonl", "{\"revenue\":\"about 40\"}\n");
    let warning = "Rev: `revenue` holds text that could not be read, which counts as Blank: 1 row (first 1)";
    let eval = ["eval", "rev.clay", "rows.jsonl"];
    for more in [&[][..], &["--summary"], &["--strict"], &["-e", "Large"], &["--fail-if", "rows = 0"]] {
        let (code, _, told) = run(&folder, &[&eval, more].concat());
        assert_eq!(code, Some(i32::from(more == ["--strict"])), "{more:?}: {told}");
        assert!(told.contains(warning), "{more:?}: {told}");
    }
    let (code, out, _) = run(&folder, &["test", "rev.clay", "--rows", "rows.jsonl", "--strict"]);
    assert!(code == Some(1) && out.contains(warning), "{out}");
}

#[test]
fn a_formula_can_read_the_columns_of_a_rule_file() {
    let folder = folder("beside");
    let eval = |args: &[&str]| run(&folder, &[&["eval"], args].concat());
    assert_eq!(eval(&["score.clay", "good.jsonl", "-e", "Score * 2"]).1, "10\n20\n");
    assert_eq!(eval(&["score.clay", "good.jsonl", "-e", "Score * 2", "--where", "Size > 100"]).1, "20\n");
    assert_eq!(eval(&["-n", "score.clay", "-e", "Score"]).1, "5\n");
    // A column that the formula does not read is not computed.
    let (code, out, told) = eval(&["score.clay", "text.jsonl", "-e", "Size", "--on-error", "fail"]);
    assert_eq!((code, out.as_str(), told.as_str()), (Some(0), "50\n\"many\"\n0\n", ""));
    folder.write("inputs.clay", "input Size: Number = s\nScore := Size + 1\n");
    let (code, _, told) = eval(&["-n", "inputs.clay", "-e", "Scroe"]);
    assert!(code == Some(2) && told.contains("did you mean `Score`"), "{told}");
}

#[test]
fn a_formula_without_a_name_reads_the_columns_of_the_row() {
    let folder = folder("unnamed");
    folder.write("x.clay", "x.size + formula\n");
    folder.write("rows.jsonl", "{\"formula\":1,\"x\":{\"size\":2}}\n");
    let eval = |args: &[&str]| run(&folder, &[&["eval"], args].concat());
    for (args, wanted) in [
        (&["-e", "formula + 1", "rows.jsonl"][..], "2\n"),
        (&["-e", "formula + 1", "rows.jsonl", "--where", "formula = 1"], "2\n"),
        (&["x.clay", "-e", "formula + 1", "rows.jsonl"], "2\n"),
        (&["x.clay", "rows.jsonl", "--where", "formula = 1"], "{\"formula\":1,\"x\":3}\n"),
    ] {
        let (code, out, told) = eval(args);
        assert_eq!((code, out.as_str(), told.as_str()), (Some(0), wanted, ""), "{args:?}");
    }
}

#[test]
fn results_do_not_replace_rows_that_would_lose_columns() {
    let folder = folder("replace");
    let rows = "{\"Size\":50,\"Name\":\"Ada\"}\n{\"Size\":200,\"City\":\"Rome\"}\n";
    folder.write("rows.jsonl", rows);
    folder.write("rows.csv", "Size,Name\n50,Ada\n");
    for args in [
        &["rows.jsonl", "--select", "Size,Score", "-o", "rows.jsonl"][..],
        &["rows.jsonl", "--select", "Size,Name,Score", "-o", "./rows.jsonl"],
        &["rows.jsonl", "--to", "csv", "-o", "rows.jsonl"],
        &["rows.csv", "--select", "Score", "-o", "rows.csv"],
        &["rows.jsonl", "-e", "Size", "-o", "rows.jsonl"],
        &["rows.jsonl", "--where", "Size > 100", "-o", "rows.jsonl"],
        &["rows.csv", "--where", "TRUE", "-o", "rows.csv"],
    ] {
        let (code, _, told) = run(&folder, &[&["eval", "score.clay"], args].concat());
        assert_eq!(code, Some(2), "{args:?}: {told}");
        assert_eq!(folder.read("rows.jsonl"), rows, "{args:?}");
        assert_eq!(folder.read("rows.csv"), "Size,Name\n50,Ada\n", "{args:?}");
    }
    // Nothing is lost here.
    let whole = ["eval", "score.clay", "rows.csv", "--select", "Name,Size,Score", "-o", "rows.csv"];
    assert_eq!(run(&folder, &whole).0, Some(0));
    assert_eq!(folder.read("rows.csv"), "Name,Size,Score\nAda,50,5\n");
    assert_eq!(run(&folder, &["eval", "score.clay", "rows.jsonl", "-o", "rows.jsonl"]).0, Some(0));
    assert!(folder.read("rows.jsonl").contains("\"City\":\"Rome\",\"Score\":10"));
}

#[test]
fn results_do_not_replace_rows_that_they_lack() {
    let folder = folder("replace-rows");
    let rows = "{\"Size\":50}\n{\"Size\":200}\nSize: 7\n";
    let replace = ["eval", "score.clay", "rows.jsonl", "-o", "rows.jsonl", "--on-bad-row", "skip"];
    for (args, lacks) in [
        (&["--where", "Size > 10", "--rejects", "bad.txt"][..], "with those that --where selects"),
        (&["--where", "Size > 100"], "with those that --where selects"),
        (&[], "lack 1 of 3 rows"),
    ] {
        folder.write("rows.jsonl", rows);
        let (code, _, told) = run(&folder, &[&replace[..], args].concat());
        assert!(code == Some(2) && told.contains(lacks), "{args:?}: {told}");
        assert_eq!(folder.read("rows.jsonl"), rows, "{args:?}");
    }
    // Nothing is lost here.
    let kept = ["--rejects", "bad.txt"];
    assert_eq!(run(&folder, &[&replace[..], &kept].concat()).0, Some(0));
    assert_eq!(folder.read("rows.jsonl").lines().count(), 2);
    assert_eq!(folder.read("bad.txt"), "Size: 7\n");
}

#[test]
fn an_unknown_ending_of_results_needs_a_format() {
    let folder = folder("endings");
    let (code, _, told) = run(&folder, &["eval", "score.clay", "good.jsonl", "-o", "out.xlsx"]);
    assert!(code == Some(2) && told.contains("add `--to jsonl`"), "{told}");
    assert!(!folder.path("out.xlsx").exists());
    for args in [&["-o", "out.txt", "--to", "csv"][..], &["-o", "out"], &["-o", "/dev/null"]] {
        let args = [&["eval", "score.clay", "good.jsonl"], args].concat();
        assert_eq!(run(&folder, &args).0, Some(0), "{args:?}");
    }
    assert_eq!(folder.read("out.txt"), "Size,Score,Share\n50,5,2\n200,10,0.5\n");
}

#[test]
fn swapped_files_are_reported_in_one_line() {
    let folder = folder("swapped");
    let (code, _, told) = run(&folder, &["eval", "good.jsonl", "score.clay"]);
    assert_eq!((code, told.lines().count()), (Some(2), 1), "{told}");
    assert!(told.contains("`clayf eval score.clay good.jsonl`"), "{told}");
    let (code, _, told) = run(&folder, &["eval", "good.jsonl", "-e", "Size", "score.clay"]);
    assert!(code == Some(2) && told.contains("`clayf eval score.clay good.jsonl`"), "{told}");
    for command in ["check", "explain", "fmt", "prove", "repl"] {
        let (code, _, told) = run(&folder, &[command, "good.jsonl"]);
        assert_eq!((code, told.lines().count()), (Some(2), 1), "{told}");
        assert!(told.contains("is a file of rows"), "{told}");
    }
    for args in [&["profile", "score.clay"][..], &["eval", "score.clay", "good.jsonl", "score.clay"]] {
        let (code, _, told) = run(&folder, args);
        assert!(code == Some(2) && told.contains("`score.clay` is a rule file"), "{told}");
    }
}

#[test]
fn the_name_of_an_input_in_another_inputs_formula_may_be_a_key_of_the_rows() {
    let folder = folder("keys");
    folder.write("keys.clay", "input B: Number = PARSENUMBER(raw_b)\ninput A: Number = B * 2\nX := A + B\n");
    folder.write("with.jsonl", "{\"raw_b\":\"1\",\"B\":5}\n");
    folder.write("without.jsonl", "{\"raw_b\":\"1\"}\n");
    let check = |args: &[&str]| run(&folder, &[&["check", "keys.clay"], args].concat()).2;
    assert!(check(&[]).contains("`PARSENUMBER(raw_b)`"));
    assert!(check(&["--rows", "without.jsonl"]).contains("clay::input_as_key"));
    assert!(check(&["--rows", "with.jsonl"]).contains("nothing wrong"));
}

#[test]
fn a_folder_is_checked_as_it_is_formatted() {
    let folder = folder("folders");
    folder.write("more/bad.clay", "X := FOO(1)\n");
    let (code, _, told) = run(&folder, &["check", "."]);
    assert_eq!(code, Some(2), "{told}");
    assert!(told.contains("score.clay: nothing wrong") && told.contains("bad.clay: 1 error"), "{told}");
}

#[test]
fn functions_are_found_by_words_in_their_summary() {
    let folder = folder("functions");
    let (code, out, _) = run(&folder, &["functions", "email"]);
    assert!(code == Some(0) && out.contains("ISEMAIL") && out.contains("EMAILDOMAIN"), "{out}");
    assert!(run(&folder, &["functions", "median"]).1.starts_with("MEDIAN("), "a name is described");
    let (code, _, told) = run(&folder, &["functions", "nothingofthekind"]);
    assert!(code == Some(2) && told.contains("there is no function"), "{told}");
    assert!(run(&folder, &["functions", "e-mail", "--json"]).1.contains("\"ISEMAIL\""));
}

#[test]
fn a_name_that_is_twice_in_a_header_is_reported() {
    let folder = folder("headers");
    folder.write("rows.csv", "Size,Name,Size\n1,Ada,200\n");
    let warning = "rows.csv: the header has `Size` more than once; formulas read the last of these columns";
    let (code, out, told) = run(&folder, &["eval", "score.clay", "rows.csv", "-e", "Size"]);
    assert_eq!((code, out.as_str()), (Some(0), "200\n"));
    assert!(told.contains(warning), "{told}");
    assert_eq!(run(&folder, &["eval", "score.clay", "rows.csv", "--strict"]).0, Some(1));
    for args in [
        &["check", "score.clay", "--rows", "rows.csv"][..],
        &["profile", "rows.csv"],
        &["explain", "score.clay", "rows.csv", "--row", "1"],
        &["explain", "score.clay", "rows.csv", "--top"],
        &["diff", "score.clay", "score.clay", "rows.csv"],
    ] {
        let (_, _, told) = run(&folder, args);
        assert_eq!(told.matches(warning).count(), 1, "{args:?}: {told}");
    }
    folder.write("unnamed.csv", "Size,,\n1,2,3\n");
    let (_, _, told) = run(&folder, &["eval", "score.clay", "unnamed.csv"]);
    assert!(told.contains("the header has an empty name more than once"), "{told}");
}

#[test]
fn a_column_that_no_row_has_is_near_one_that_is_read() {
    let folder = folder("near");
    folder.write("paths.clay", "Size := company.size\nSeats := compny.seats + qqq.seats\n");
    folder.write("paths.jsonl", "{\"company\":{\"size\":5,\"seats\":7}}\n");
    let (_, _, told) = run(&folder, &["check", "paths.clay", "--rows", "paths.jsonl"]);
    assert!(told.contains("did you mean `company`?") && !told.contains("put it in quotes"), "{told}");
}

#[test]
fn lists_and_records_survive_a_csv() {
    let folder = folder("nested");
    folder.write("tags.clay", "First := Tags[0]\nCity := Office.city\nTag Count := COUNTA(Tags)\n");
    let rows = "{\"Tags\":[\"a, b\",\"say \\\"x\\\"\"],\"Office\":{\"city\":\"Rome\",\"n\":[1,{\"m\":null}]}}\n{\"Tags\":[],\"Office\":{}}\n";
    folder.write("rows.jsonl", rows);
    let (_, direct, _) = run(&folder, &["eval", "tags.clay", "rows.jsonl"]);
    assert_eq!(run(&folder, &["eval", "tags.clay", "rows.jsonl", "-o", "rows.csv"]).0, Some(0));
    let (_, back, _) = run(&folder, &["eval", "tags.clay", "rows.csv", "--to", "jsonl"]);
    assert_eq!(back, direct);
    // What only looks like JSON is text.
    folder.write("text.csv", "Tags,Office\n[Draft] Acme,{Acme}\n\"[1, 2\",\"{\"\"a\"\": 1} b\"\n");
    let (_, out, _) = run(&folder, &["eval", "-e", "ISTEXT(Tags) AND ISTEXT(Office)", "text.csv"]);
    assert_eq!(out, "true\ntrue\n");
}

#[test]
fn declared_lists_and_records_are_insisted_on() {
    let folder = folder("insist");
    folder.write(
        "tags.clay",
        "input Tags: List\ninput Office: Record\nFirst := Tags[0]\nCity := Office.city\n",
    );
    folder.write("rows.jsonl", "{\"Tags\":\"[1, 2]\",\"Office\":\"{\\\"city\\\":\\\"Rome\\\"}\"}\n{\"Tags\":\"a, b\",\"Office\":5}\n{}\n");
    let (code, out, told) = run(&folder, &["eval", "tags.clay", "rows.jsonl", "--select", "First,City"]);
    assert_eq!(code, Some(0));
    assert_eq!(
        out,
        "{\"First\":1,\"City\":\"Rome\"}\n{\"First\":null,\"City\":null}\n{\"First\":null,\"City\":null}\n"
    );
    assert!(
        told.contains("First: #VALUE! in 1 row (first 2): \"a, b\" in column `Tags` is not a list"),
        "{told}"
    );
}

#[test]
fn the_most_frequent_warnings_are_shown_and_the_others_counted() {
    let folder = folder("frequent");
    folder.write("many.clay", "X := (A > 1) + (B > 1) + (C > 1) + (D > 1)\n");
    folder.write("many.jsonl", "{\"A\":null,\"B\":null,\"C\":null,\"D\":null}\n{\"A\":1,\"B\":null,\"C\":null,\"D\":null}\n{\"A\":1,\"B\":1,\"C\":null,\"D\":null}\n");
    let (_, _, told) = run(&folder, &["eval", "many.clay", "many.jsonl"]);
    let lines: Vec<&str> = told.lines().collect();
    assert_eq!(lines.len(), 4, "{told}");
    assert!(lines[0].contains("`C`") && lines[1].contains("`D`") && lines[2].contains("`B`"), "{told}");
    assert_eq!(lines[3], "note: 1 more warning, each in 1 row at most; `--summary` lists them");
}

#[test]
fn paths_are_counted_where_they_lead() {
    let folder = folder("paths");
    folder.write(
        "paths.clay",
        "input City: Text = company.city\ninput Zip: Text = company.zpi\nX := City & Zip\n",
    );
    folder.write(
        "rows.jsonl",
        "{\"company\":{\"city\":\"Rome\"}}\n{\"company\":{\"zip\":\"1\"}}\n{\"company\":null}\n{}\n",
    );
    let (_, _, told) = run(&folder, &["eval", "paths.clay", "rows.jsonl", "--summary", "-o", "/dev/null"]);
    assert!(told.contains("  City  1 (25 %)") && told.contains("  Zip   0 (0 %)"), "{told}");
    assert!(told.contains("no row has `company.zpi`, so `Zip` was read as Blank"), "{told}");
    // A path that some rows lack is not a column that is missing, and a wrong path is not either.
    let (code, _, told) = run(&folder, &["check", "paths.clay", "--rows", "rows.jsonl"]);
    assert!(code == Some(0) && !told.contains("unknown column"), "{told}");
    assert!(told.contains("has the field `zpi`") && told.contains("`company.zip`"), "{told}");
    // A column with a dot in its name is not a record.
    folder.write("dots.csv", "company.city\nRome\n");
    folder.write("dots.clay", "input City: Text = company.city\nX := City\n");
    let (_, _, told) = run(&folder, &["check", "dots.clay", "--rows", "dots.csv"]);
    assert!(told.contains("write `{{company.city}}`"), "{told}");
}

#[test]
fn fields_of_items_that_no_row_has_are_reported() {
    let folder = folder("items");
    folder.write(
        "items.clay",
        "Demo := ANY(events, e, e.tpye = \"demo\")\nPoints := SUM(MAP(events, e, e.piont))\n",
    );
    folder.write("rows.jsonl", "{\"events\":[{\"type\":\"demo\",\"point\":1}]}\n{\"events\":[]}\n");
    let (_, _, told) = run(&folder, &["check", "items.clay", "--rows", "rows.jsonl"]);
    assert!(told.contains("write `e.type`") && told.contains("write `e.point`"), "{told}");
}

#[test]
fn a_path_that_no_row_has_is_a_warning_of_every_command() {
    let folder = folder("paths");
    folder.write("rows.jsonl", "{\"c\":{\"hq\":{\"city\":\"Rome\"}},\"e\":[{\"type\":\"demo\"}]}\n");
    let fails = |rule: &str| {
        folder.write("path.clay", rule);
        let eval = |args: &[&str]| run(&folder, &[&["eval", "path.clay", "rows.jsonl"], args].concat()).0;
        let test = run(&folder, &["test", "path.clay", "--rows", "rows.jsonl", "--strict"]).0;
        [eval(&["--strict"]), eval(&["--fail-if", "missing_columns > 0"]), test]
    };
    for rule in [
        "A := IF(c.hq.cty = \"Rome\", 10, 0)",
        "input C: Text = UPPER(c.hq.cty)\nA := C",
        "input C: Text = c.hq.cty\nA := C",
        "A := IF(ANY(e, one, one.tpye = \"demo\"), 10, 0)",
        "A := c.hq[0].city",
    ] {
        assert_eq!(fails(rule), [Some(1); 3], "{rule}");
    }
    for rule in [
        "A := IF(COALESCE(c.hq.cty, \"\") = \"Rome\", 10, 0)",
        "A := IF(ISNOTEMPTY(c.hq.cty), c.hq.cty, 0)",
        "A := IF(ANY(e, one, one.type = \"demo\"), 10, 0)",
    ] {
        assert_eq!(&fails(rule)[..2], [Some(0); 2], "{rule}");
    }
}

#[test]
fn errors_of_different_causes_are_counted_apart() {
    let folder = folder("causes");
    folder.write("sum.clay", "X := A + B\n");
    folder.write("rows.jsonl", "{\"A\":\"x\",\"B\":1}\n{\"A\":1,\"B\":\"y\"}\n{\"A\":\"z\",\"B\":1}\n");
    let (_, _, told) = run(&folder, &["eval", "sum.clay", "rows.jsonl"]);
    assert!(told.contains("X: #VALUE! in 2 rows (first 1, 3): \"x\" in column `A`"), "{told}");
    assert!(told.contains("X: #VALUE! in 1 row (first 2): \"y\" in column `B`"), "{told}");
}

#[test]
fn rows_of_which_all_are_errors_do_not_fit() {
    let folder = folder("errors");
    folder.write("answer.clay", "Yes := TOBOOLEAN(Answer)\nTwice := Yes\n");
    folder.write("rows.jsonl", "{\"Answer\":\"call me\"}\n{\"Answer\":\"later\"}\n");
    let (code, _, told) = run(&folder, &["check", "answer.clay", "--rows", "rows.jsonl"]);
    assert_eq!(code, Some(0));
    assert!(
        told.contains("`Yes` is an error in 2 of 2 rows (first 1, 2)") && !told.contains("fits"),
        "{told}"
    );
    assert!(!told.contains("`Twice` is an error"), "{told}");
}

#[test]
fn a_header_may_be_any_line_of_its_comment() {
    let folder = folder("header");
    folder.write(
        "seats.clay",
        "# Points for the seats column\n# (asked of sales in May)\n# Column: Seat Points\n# example: {\"Seats\": 200} => 10\nIF(Seats > 100, 10, 0)\n\n# What it means\n# Seat Tier Column\nIF(Seat Points > 5, \"A\", \"B\")\n",
    );
    let (code, out, told) = run(&folder, &["eval", "-n", "seats.clay"]);
    assert_eq!((code, out.as_str()), (Some(0), "{\"Seat Points\":0,\"Seat Tier\":\"B\"}\n"), "{told}");
    assert_eq!(run(&folder, &["test", "seats.clay"]).0, Some(0));
    assert_eq!(run(&folder, &["fmt", "--check", "seats.clay"]).0, Some(0));
}

#[test]
fn points_in_lists_are_mutated_and_sets_are_one_condition() {
    let folder = folder("sets");
    folder.write("list.clay", "A := AT([0, 10, 20], Level)\n");
    folder.write("rows.jsonl", "{\"Level\":2,\"Country\":\"DE\"}\n{\"Level\":2,\"Country\":\"IT\"}\n");
    let (_, told, _) = run(&folder, &["test", "list.clay", "--mutate", "--rows", "rows.jsonl"]);
    assert!(told.contains("1 of 3 mutants noticed") && told.contains("`20` → `21`"), "{told}");
    folder.write("set.clay", "A := IF(Country IN [\"US\", \"DE\", \"FR\"], 10, 0)\n");
    let (_, told, _) = run(&folder, &["test", "set.clay", "--coverage", "--rows", "rows.jsonl"]);
    assert!(told.contains("100 %: 4 of 4 outcomes\n  line 1: 1 of 3 members were seen"), "{told}");
}

#[test]
fn a_column_that_only_the_choice_of_rows_reads_can_be_missing() {
    let folder = folder("where-missing");
    let eval = |more: &[&str]| {
        run(&folder, &[&["eval", "score.clay", "good.jsonl", "--where", "Siz = 1"], more].concat())
    };
    let (code, _, told) = eval(&["--strict"]);
    assert!(code == Some(1) && told.contains("no row has a column `Siz`"), "{told}");
    assert_eq!(eval(&["--fail-if", "missing_columns > 0"]).0, Some(1));
    assert_eq!(eval(&["--fail-if", "missing_columns > 1"]).0, Some(0));
}

#[test]
fn what_a_declared_input_reads_fits_the_rows() {
    let folder = folder("declared");
    let text =
        "input N: Number = n\nA := N > 5\ninput L: List\nB := JOIN(L, \",\")\ninput R: Record\nC := R.a\n";
    folder.write("declared.clay", text);
    folder.write("declared.jsonl", "{\"n\":\"7\",\"L\":\"[1,2]\",\"R\":\"{\\\"a\\\":1}\"}\n");
    let (code, out, told) = run(&folder, &["check", "declared.clay", "--rows", "declared.jsonl", "--strict"]);
    assert!(code == Some(0), "{out}{told}");
}
