//! Decision tables: what each cell matches, which rows decide, and what is reported about them.

#[path = "common/author.rs"]
mod author;

use author::Dice;
use clayf::diagnostics::{Diagnostics, Look, render};
use clayf::rows::DataFiles;
use clayf::value::{Value, json_text};
use clayf::{Clock, Record, Rules};
use proptest::prelude::*;
use std::io;

/// Rules with the table `text` in the file `t.csv`.
fn compile(rules: &str, text: &str) -> Result<Rules, Diagnostics> {
    let text = text.to_owned();
    let files = DataFiles::new(move |path| {
        if path == "t.csv" { Ok(text.clone().into_bytes()) } else { Err(io::ErrorKind::NotFound.into()) }
    });
    Rules::compile_beside("rule.clay", rules, files)
}

fn codes(rules: &str, text: &str) -> Vec<String> {
    let found = compile(rules, text).map_or_else(|found| found, |rules| rules.warnings().clone());
    found.iter().map(|one| one.code().trim_start_matches("clay::").to_owned()).collect()
}

/// The value of the column `Result` for a row.
fn value(rules: &Rules, row: &str) -> String {
    let clock = Clock::system().stopped_at("2026-01-31T12:00:00Z").expect("a moment");
    let row = Record::from_json(row).expect("a row");
    json_text(rules.eval(&row, &clock).get("Result").expect("a column"))
}

/// Whether a cell matches a value of the input `x`.
fn matches(cell: &str, x: &str) -> bool {
    let table = format!("x,result: r\n\"{}\",yes\n-,no\n", cell.replace('"', "\"\""));
    let rules = compile("decision T = \"t.csv\"\nResult := T.r", &table);
    let rules = rules.unwrap_or_else(|found| panic!("{cell}: {found}"));
    value(&rules, &format!("{{\"x\": {x}}}")) == "\"yes\""
}

#[test]
fn cells_match_what_they_say() {
    let cases: &[(&str, &[&str], &[&str])] = &[
        ("-", &["null", "5", "\"a\""], &[]),
        ("", &["null", "5", "\"a\""], &[]),
        (" – ", &["null", "5"], &[]),
        ("US", &["\"US\"", "\"us\""], &["null", "\"USA\"", "\"\""]),
        ("\"US\"", &["\"us\""], &["null"]),
        ("'US'", &["\"us\""], &["null"]),
        ("“US”", &["\"us\""], &["\"“US”\""]),
        ("US, CA", &["\"US\"", "\"ca\""], &["\"US, CA\"", "null"]),
        ("\"US, CA\", MX", &["\"US, CA\"", "\"MX\""], &["\"US\""]),
        ("<> US, CA", &["\"DE\"", "null", "5"], &["\"us\"", "\"CA\""]),
        ("!= US", &["\"DE\""], &["\"us\""]),
        ("≠ US", &["\"DE\""], &["\"us\""]),
        ("= US", &["\"us\""], &["\"DE\""]),
        ("100", &["100", "\"100\"", "100.0"], &["101", "null", "\"a\""]),
        ("-5", &["-5"], &["5", "null"]),
        ("12%", &["0.12", "\"12%\""], &["12"]),
        ("1e3", &["1000"], &["1"]),
        (">= 100", &["100", "1e9", "\"100\""], &["99.9", "null", "\"\"", "\"big\""]),
        ("≥100", &["100"], &["99"]),
        ("< 100", &["99", "-1"], &["100", "null"]),
        ("50..200", &["50", "200", "125.5"], &["49.9", "200.1", "null"]),
        ("[50..200)", &["50", "199.9"], &["200"]),
        ("(50..200]", &["200", "50.1"], &["50"]),
        ("-5..-1", &["-5", "-3"], &["0"]),
        ("< 10, 50..200, 500", &["5", "50", "500"], &["10", "201", "null"]),
        ("5, US", &["5", "\"us\""], &["6"]),
        ("TRUE", &["true", "\"true\""], &["false", "null"]),
        ("false", &["false"], &["true", "null"]),
        ("12345678901234567", &["12345678901234567"], &["12345678901234568", "12345678901234566"]),
        ("<= 12345678901234567", &["12345678901234567"], &["12345678901234568"]),
        ("1, 12345678901234567", &["1", "12345678901234567"], &["12345678901234568"]),
        ("-12345678901234567", &["-12345678901234567"], &["-12345678901234568"]),
        (
            "2026-01-31",
            &["\"2026-01-31\"", "\"2026-01-31T23:59:59Z\""],
            &["\"2026-02-01\"", "\"2026-01-30T23:59:59Z\"", "null"],
        ),
        (
            "US, 2026-01-31, 2026-03-01",
            &["\"us\"", "\"2026-01-31T15:00:00Z\"", "\"2026-03-01\""],
            &["\"2026-02-01\"", "null"],
        ),
        (
            "<> 2026-01-31, 2026-03-01",
            &["\"2026-02-01\"", "\"DE\"", "null"],
            &["\"2026-01-31T15:00:00Z\"", "\"2026-03-01\""],
        ),
        ("<= 2026-01-31", &["\"2026-01-31T23:59:59Z\""], &["\"2026-02-01\"", "null"]),
        ("> 2026-01-31", &["\"2026-02-01\""], &["\"2026-01-31T23:59:59Z\"", "null"]),
        ("< 2026-01-31", &["\"2026-01-30T23:59:59Z\""], &["\"2026-01-31\""]),
        ("[2026-01-01..2026-01-31)", &["\"2026-01-30T23:59:59Z\""], &["\"2026-01-31T00:00:00Z\""]),
        (
            "(2026-01-01..2026-01-31]",
            &["\"2026-01-31T15:00:00Z\""],
            &["\"2026-01-01T15:00:00Z\"", "\"2026-02-01\""],
        ),
        (">= 2026-01-31", &["\"2026-01-31\"", "\"2026-01-31T10:00:00Z\""], &["\"2026-01-30\"", "null"]),
        ("2026-01-01..2026-01-31", &["\"2026-01-15\"", "\"2026-01-31T15:00:00Z\""], &["\"2026-02-01\""]),
        ("ISEMPTY", &["null", "\"\"", "\" \"", "[]"], &["0", "\"a\"", "false"]),
        ("isnotempty()", &["0", "\"a\""], &["null", "\" \""]),
        ("02134", &["\"02134\""], &["\"2134\""]),
        ("big, \"51-200\"", &["\"51-200\""], &["51"]),
        ("acme.com", &["\"ACME.com\""], &["null"]),
        ("O'Brien, Health & Beauty", &["\"o'brien\"", "\"health & beauty\""], &["\"O\""]),
    ];
    for (cell, wanted, unwanted) in cases {
        wanted.iter().for_each(|x| assert!(matches(cell, x), "{cell} matches {x}"));
        unwanted.iter().for_each(|x| assert!(!matches(cell, x), "{cell} does not match {x}"));
    }
}

#[test]
fn ambiguous_cells_are_reported() {
    let cells = [
        "50-200",
        "50 to 200",
        "10,001+",
        "1,000",
        "$5",
        "10k",
        "01/31/2026",
        "31.1.2026",
        "2026-02-30",
        "empty",
        "not empty",
        "any",
        "*",
        "else",
        "not US",
        "US or CA",
        "US; CA",
        "US | CA",
        "50..",
        "..50",
        "200..50",
        "\"a\", 200..50",
        "5...6",
        "[5..5)",
        "(5..5]",
        "[2026-01-31..2026-01-31)",
        "(2026-01-31..2026-02-01)",
        "50+",
        "[50..200",
        "50..US",
        "1..2026-01-31",
        "> big",
        ">= \"M\"",
        "US, <> CA",
        "<> US, <> CA",
        "\"US",
        "US\"",
        "\"US\" CA",
        "\"\"",
        "> 100 and < 200",
        "ISEMPTY(x)",
        "CONTAINS(x, \"a\")",
        "US,,CA",
        ">",
    ];
    for cell in cells {
        let table = format!("x,result: r\n\"{}\",1\n-,2\n", cell.replace('"', "\"\""));
        let found = codes("decision T = \"t.csv\"\nResult := T.r", &table);
        let is_cell = |code: &String| code == "decision_cell";
        assert!(!found.is_empty() && found.iter().all(is_cell), "{cell}: {found:?}");
    }
}

#[test]
fn results_are_values() {
    let of = |cell: &str| {
        let table = format!("x,result: r\n1,\"{}\"\n-,no\n", cell.replace('"', "\"\""));
        let rules = compile("decision T = \"t.csv\"\nResult := T.r", &table);
        value(&rules.unwrap_or_else(|found| panic!("{cell}: {found}")), "{\"x\": 1}")
    };
    assert_eq!(of("Ada"), "\"Ada\"");
    assert_eq!(of("\"12\""), "\"12\"");
    assert_eq!(of("12"), "12");
    assert_eq!(of("12345678901234567"), "12345678901234567");
    assert_eq!(of("12.5%"), "0.125");
    assert_eq!(of("true"), "true");
    assert_eq!(of("-"), "null");
    assert_eq!(of(""), "null");
    assert_eq!(of("2026-01-31"), "\"2026-01-31\"");
    assert_eq!(of("Ada, Ben or Cyd; see below > 5"), "\"Ada, Ben or Cyd; see below > 5\"");
    assert_eq!(of("50-200"), "\"50-200\"");
    assert_eq!(of("02134"), "\"02134\"");
    let found = |cell: &str| {
        codes("decision T = \"t.csv\"\nResult := T.r", &format!("x,result: r\n1,{cell}\n-,no\n"))
    };
    for cell in ["=x + 1", "$5", "\"1,200\"", "1/31/2026", "\"\"\"a\"\", \"\"b\"\"\""] {
        assert_eq!(found(cell), ["decision_cell"], "{cell}");
    }
}

#[test]
fn files_are_read_as_spreadsheets_write_them() {
    let rules = "decision T = \"t.csv\"\nResult := T.{{Deal Size}}";
    let of =
        |text: &str, row: &str| value(&compile(rules, text).unwrap_or_else(|found| panic!("{found}")), row);
    // A byte order mark, CRLF, empty rows and columns at the end, and a quoted header.
    let text =
        "\u{feff}\"Country\" , RESULT: Deal Size,# why,\r\nUS,5,\"a, \"\"b\"\"\",\r\n,,,\r\n-,1,,\r\n,,,\r\n";
    assert_eq!(of(text, "{\"Country\": \"US\"}"), "5");
    assert_eq!(of(text, "{\"Country\": \"DE\"}"), "1");
    assert_eq!(of("Country,=> Deal Size\nUS,5\n-,1\n", "{\"Country\": \"US\"}"), "5");
    assert_eq!(of("Country,-> Deal Size\nUS,5\n-,1\n", "{\"Country\": \"US\"}"), "5");
    // No row matches.
    assert_eq!(of("Country,result: Deal Size\nUS,5\n", "{\"Country\": \"DE\"}"), "null");
    let codes = |text: &str| codes(rules, text);
    assert_eq!(codes(""), ["decision_header"]);
    // A formula that its comma splits is reported once.
    let split = "CONTAINSWORD(Industry, \"SaaS\"),result: Deal Size\nTRUE,5\n-,1\n";
    assert_eq!(codes(split), ["decision_header"]);
    assert_eq!(codes("Country,result: Deal Size\n"), ["decision_header"]);
    assert_eq!(codes("Country,result: Deal Size\nUS,\"5\n"), ["decision_cell"]);
    assert_eq!(codes("Country,result:\nUS,5\n"), ["decision_header"]);
    assert_eq!(codes("Country,result: Deal Size\nUS,5,6\n"), ["decision_row"]);
    assert_eq!(codes("Country,result: Deal Size\nUS\n"), ["decision_row"]);
}

#[test]
fn headers_are_columns_or_formulas() {
    let rules = "decision T = \"t.csv\"\nSize := IF(n > 10, \"L\", \"S\")\nResult := T.r";
    let of =
        |text: &str, row: &str| value(&compile(rules, text).unwrap_or_else(|found| panic!("{found}")), row);
    assert_eq!(of("Size,result: r\nL,1\nS,2\n", "{\"n\": 50}"), "1");
    assert_eq!(of("n + 1,n,result: r\n> 5,< 9,1\n-,-,2\n", "{\"n\": 5}"), "1");
    assert_eq!(of("{{Deal #}},result: r\n> 5,1\n-,2\n", "{\"Deal #\": 6}"), "1");
    assert_eq!(of("n,n,result: r\n> 5,< 9,1\n-,-,2\n", "{\"n\": 9}"), "2");
    assert_eq!(codes(rules, "n +,result: r\n> 5,1\n-,2\n"), ["missing_operand"]);
    assert_eq!(codes(rules, "Result,result: r\n> 5,1\n-,2\n"), ["column_cycle"]);
    let declared = format!("input n: Number\n{rules}");
    assert_eq!(codes(&declared, "m,Size,result: r\n> 5,-,1\n> 4,-,1\n-,-,2\n"), ["unknown_column"]);
}

#[test]
fn tables_can_collect_all_rows() {
    let rules = "decision T = \"t.csv\" collect\nResult := MAP(T, one, one.r)";
    let rules = compile(rules, "n,result: r\n> 5,1\n> 7,2\n< 3,3\n").expect("rules");
    assert!(rules.warnings().is_empty(), "{}", rules.warnings());
    assert_eq!(value(&rules, "{\"n\": 9}"), "[1,2]");
    assert_eq!(value(&rules, "{\"n\": 6}"), "[1]");
    assert_eq!(value(&rules, "{\"n\": 4}"), "[]");
}

#[test]
fn rows_are_compared_with_each_other() {
    let of = |rules: &str, text: &str| codes(&format!("{rules}\nResult := T.r"), text);
    let first = "decision T = \"t.csv\"";
    let none: [&str; 0] = [];
    assert_eq!(of(first, "n,result: r\n< 5,1\n>= 5,2\nISEMPTY,3\n"), none);
    assert_eq!(of(first, "n,result: r\n< 5,1\n>= 5,2\n"), ["uncovered_case"]);
    assert_eq!(of(first, "n,result: r\n< 5,1\n>= 5,2\n-,3\n"), none);
    // Whole numbers have no gap between them, and others do.
    assert_eq!(of(first, "n,result: r\n<= 4,1\n>= 5,2\nISEMPTY,3\n"), none);
    assert_eq!(of(first, "n,result: r\n<= 4.5,1\n>= 5,2\nISEMPTY,3\n"), ["uncovered_case"]);
    assert_eq!(
        of(&format!("{first}\nn := m * 1.5"), "n,result: r\n<= 4,1\n>= 5,2\nISEMPTY,3\n"),
        ["uncovered_case"]
    );
    // What is known of a column counts.
    let size = format!("{first}\nn := IF(m > 5, \"A\", \"B\")");
    assert_eq!(of(&size, "n,result: r\nA,1\nB,2\n"), none);
    assert_eq!(of(&size, "n,result: r\nA,1\n"), ["uncovered_case"]);
    assert_eq!(of(&format!("{size}\nm2 := 1"), "n,result: r\nA,1\nC,3\nB,2\n"), ["never_equal"]);
    // Only together do two rows match all of a third.
    assert_eq!(of(first, "n,t,result: r\n<= 5,-,1\n> 5,-,2\nISNOTEMPTY,US,3\n-,-,4\n"), none);
    assert_eq!(
        of(
            &format!("input n: Number\ninput t: Text\n{first}"),
            "n,t,result: r\n<= 5,-,1\n> 5,-,2\nISNOTEMPTY,US,3\n-,-,4\n"
        ),
        ["unreachable_row"]
    );
    let allowed = format!("# allow: uncovered_case, not needed\n{first}");
    assert_eq!(of(&allowed, "n,result: r\n< 5,1\n"), none);
    let allowed = format!("# allow: unreachable_row, on purpose\n{first}");
    assert_eq!(of(&allowed, "n,result: r\n< 5,1\n< 4,2\n-,3\n"), none);
    assert_eq!(of(&allowed, "n,result: r\n< 5,1\n-,3\n"), ["unused_allow"]);
    // A comment counts for one table.
    let second = format!("# allow: uncovered_case, not needed\n{first}\ndecision U = \"t.csv\"\nu := U.r");
    assert_eq!(of(&second, "n,result: r\n< 5,1\n"), ["uncovered_case"]);
    // Alternatives are not a formula without brackets.
    assert_eq!(of(first, "n,result: r\n\"< 10, 50..200, 500\",A\n-,B\n"), none);
    let unique = "decision T = \"t.csv\" unique";
    let dates = format!("input d: Date\n{unique}");
    assert_eq!(of(&dates, "d,result: r\n<= 2025-12-31,a\n>= 2026-01-01,b\nISEMPTY,c\n"), none);
    assert_eq!(of(&dates, "d,result: r\n<= 2025-12-31,a\n> 2026-01-01,b\nISEMPTY,c\n"), ["uncovered_case"]);
    assert_eq!(
        of(&dates, "d,result: r\n<= 2025-12-31,a\n>= 2025-12-31,b\nISEMPTY,c\n"),
        ["overlapping_rows"]
    );
    let ids = "n,result: r\n<= 12345678901234567,1\n>= 12345678901234568,2\nISEMPTY,3\n";
    assert_eq!(of(unique, ids), none);
    assert_eq!(of(unique, &ids.replace("568", "569")), ["uncovered_case"]);
    assert_eq!(of(unique, &ids.replace("568", "567")), ["overlapping_rows"]);
    assert_eq!(of(unique, "n,result: r\n< 5,1\n>= 5,2\nISEMPTY,3\n"), none);
    assert_eq!(of(unique, "n,result: r\n<= 5,1\n>= 5,2\nISEMPTY,3\n"), ["overlapping_rows"]);
    assert_eq!(of(unique, "n,t,result: r\n<= 5,US,1\n>= 5,<> US,2\n-,-,3\n"), ["overlapping_rows"]);
}

/// The values that the formula of a header can have are all that rows are compared for.
#[test]
fn headers_have_only_the_values_that_they_can_have() {
    let of = |rules: &str, text: &str| {
        codes(&format!("{rules}\ndecision T = \"t.csv\" unique\nResult := T.r"), text)
    };
    let none: [&str; 0] = [];
    let truths = ["\"CONTAINSWORD(Job Title, \"\"VP\"\")\"", "ISEMPTY(e)", "n >= 50"];
    for header in truths {
        assert_eq!(of("", &format!("{header},result: r\nTRUE,1\nFALSE,2\n")), none, "{header}");
        assert_eq!(of("", &format!("{header},result: r\nTRUE,1\n")), ["uncovered_case"], "{header}");
    }
    assert_eq!(of("", "LEN(x),result: r\n>= 10,1\n0..9,2\n"), none);
    let bucket = "\"BUCKET(n, 40, \"\"C\"\", 70, \"\"B\"\", \"\"A\"\")\",result: r\nA,1\nB,2\nC,3\n";
    assert_eq!(of("", &format!("{bucket}ISEMPTY,4\n")), none);
    assert_eq!(of("", bucket), ["uncovered_case"]);
    let data =
        "data D = {\"a\": {tier: \"x\"}, \"b\": {tier: \"y\"}}\nlet Row := D[k]\nKnown := ISNOTEMPTY(Row)";
    for header in ["D[k].tier", "Row.tier"] {
        assert_eq!(of(data, &format!("{header},result: r\nx,1\ny,2\nISEMPTY,3\n")), none, "{header}");
        assert_eq!(of(data, &format!("{header},result: r\nx,1\ny,2\n")), ["uncovered_case"], "{header}");
    }
    let bands = "s,result: r\n>= 80,1\n0..79,2\n< 0,3\nISEMPTY,4\n";
    assert_eq!(of("let s := ROUND(n * 10, 0)", bands), none);
    assert_eq!(of("let s := ROUND(n * 10, 1)", bands), ["uncovered_case"]);
}

/// A header that is computed from another has no values that contradict it.
#[test]
fn values_of_dependent_headers_belong_together() {
    let of = |policy: &str, text: &str| {
        let size = "input n: Number\nlet Size := IF(n >= 100, \"L\", \"S\")";
        codes(&format!("{size}\ndecision T = \"t.csv\"{policy}\nResult := T.r"), text)
    };
    let none: [&str; 0] = [];
    assert_eq!(of("", "n,Size,result: r\n>= 100,L,1\n< 100,S,2\nISEMPTY,S,3\n"), none);
    assert_eq!(of("", "n,Size,result: r\n-,L,1\n< 50,S,2\nISEMPTY,S,3\n"), ["uncovered_case"]);
    assert_eq!(of(" unique", "n,Size,result: r\n>= 100,-,1\n-,S,2\n"), none);
    assert_eq!(of(" unique", "n,Size,result: r\n>= 99,-,1\n-,S,2\n"), ["overlapping_rows"]);
}

/// Cells of few values, so that rows overlap.
const NUMBER_CELLS: [&str; 10] =
    ["-", "-", "< 5", ">= 5", "5", "3..7", "(3..7)", "<> 5", "ISEMPTY", "< 3, 7"];
const TEXT_CELLS: [&str; 8] = ["-", "US", "us, CA", "<> US", "ISNOTEMPTY", "CA", "\"x\"", "<> us, ca"];

/// What is claimed of rows is true of all values that the cells tell apart.
#[test]
fn claims_about_rows_are_true() {
    const VALUES: [&str; 14] =
        ["null", "\"\"", "2", "3", "4", "5", "6", "7", "9", "\"US\"", "\"CA\"", "\"x\"", "true", "false"];
    let mut dice = Dice(0x5eed_0fde_c1de);
    let mut seen = [0; 3];
    for _ in 0..60 {
        let count = 2 + dice.below(4);
        let rows: Vec<String> = (0..count)
            .map(|row| {
                let [x, y] =
                    [dice.of(&NUMBER_CELLS), dice.of(&TEXT_CELLS)].map(|cell| cell.replace('"', "\"\""));
                format!("\"{x}\",\"{y}\",{}\n", row + 2)
            })
            .collect();
        let table = format!("x,y,result: line\n{}", rows.concat());
        let rule = |policy: &str| {
            format!(
                "decision T = \"t.csv\"{policy}\nResult := {}",
                if policy == " collect" { "MAP(T, one, one.line)" } else { "T.line" }
            )
        };
        let rules = compile(&rule(""), &table).unwrap_or_else(|found| panic!("{table}{found}"));
        let all = compile(&rule(" collect"), &table).expect("the same rows");
        let (mut first, mut overlaps, mut is_covered) = (std::collections::BTreeSet::new(), false, true);
        for x in VALUES {
            for y in VALUES {
                let row = format!("{{\"x\": {x}, \"y\": {y}}}");
                let decided = value(&rules, &row);
                let matching = value(&all, &row);
                let lines: Vec<&str> =
                    matching.trim_matches(['[', ']']).split(',').filter(|line| !line.is_empty()).collect();
                assert_eq!(decided, lines.first().map_or("null", |line| *line), "{table}{row}");
                overlaps |= lines.len() > 1;
                is_covered &= !lines.is_empty();
                first.insert(decided);
            }
        }
        for one in rules.warnings().iter() {
            match one.code().as_str() {
                "clay::unreachable_row" => {
                    let report = render(one, rules.warnings().source(), Look::default());
                    let range = one.range().expect("labels");
                    let last = rules.warnings().source().position(range.end).line;
                    assert!(!first.contains(&last.to_string()), "{table}{report}");
                    seen[0] += 1;
                }
                "clay::uncovered_case" => {
                    assert!(!is_covered, "{table}{one}");
                    let witness = one.to_string().trim_start_matches("no row matches ").to_owned();
                    assert_eq!(value(&rules, &witness), "null", "{table}{one}");
                    seen[1] += 1;
                }
                _ => {}
            }
        }
        let unique = compile(&rule(" unique"), &table);
        let is_reported = unique
            .as_ref()
            .is_err_and(|found| found.iter().any(|one| one.code() == "clay::overlapping_rows"));
        if overlaps {
            assert!(is_reported, "{table}");
        }
        if let Err(found) = &unique {
            for one in found.iter().filter(|one| one.code() == "clay::overlapping_rows") {
                let witness = one.to_string().split(" match ").nth(1).expect("a witness").to_owned();
                let matching = value(&all, &witness);
                assert!(matching.contains(','), "{table}{one}: {matching}");
                seen[2] += 1;
            }
        }
    }
    assert!(seen.iter().all(|count| *count > 10), "{seen:?}");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, ..ProptestConfig::default() })]

    /// Any text is read as a table or has findings, all of which can be drawn.
    #[test]
    fn any_text_is_a_table_or_has_findings(pieces in prop::collection::vec(prop::sample::select(PIECES.to_vec()), 0..24), policy in 0..3usize) {
        let text = format!("x,result: r\n{}", pieces.concat());
        let rule = format!("decision T = \"t.csv\"{}\nResult := T.r", ["", " unique", " collect"][policy]);
        let found = match compile(&rule, &text) {
            Ok(rules) => {
                let row = Record::from_json("{\"x\": 5}").expect("a row");
                let clock = Clock::system();
                prop_assert!(rules.eval(&row, &clock).get("Result").is_some_and(|value| !matches!(value, Value::Error(_))));
                rules.warnings().clone()
            }
            Err(found) => {
                prop_assert!(found.has_errors());
                found
            }
        };
        for one in found.iter() {
            prop_assert!(render(one, found.source(), Look::default()).contains(&one.code()));
        }
    }
}

const PIECES: [&str; 40] = [
    ",",
    ",",
    ",",
    "\n",
    "\n",
    "\n",
    "\r\n",
    "\"",
    "\"\"",
    "\"\"\"",
    "'",
    "“",
    "”",
    "-",
    "5",
    "100",
    "1,000",
    "..",
    "50..200",
    "[",
    ")",
    ">=",
    "<>",
    "=",
    "US",
    "Ä",
    "\u{feff}",
    "2026-01-31",
    "TRUE",
    "ISEMPTY",
    "empty",
    "#",
    "{",
    "}",
    "\\",
    "%",
    " ",
    "result: q",
    "x",
    "\t",
];
