//! `clayf eval` over rows, byte for byte: formats, rows as they really come, bad rows, files and exit statuses.

mod common;

use common::folder;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

/// What a run gave.
#[derive(Debug, PartialEq)]
struct Run {
    status: Option<i32>,
    out: Vec<u8>,
    messages: String,
}

fn clayf(folder: &Path, args: &[&str], input: &[u8]) -> Run {
    let output = common::clayf(folder, args, input);
    let messages = String::from_utf8_lossy(&output.stderr).into_owned();
    Run { status: output.status.code(), out: output.stdout, messages }
}

/// Runs `args` over `input` and compares standard output; the status is 0.
fn gives(args: &[&str], input: impl AsRef<[u8]>, wanted: impl AsRef<[u8]>) {
    let folder = folder("gives");
    fs::write(folder.join("next.clay"), "S := a + 1\n").expect("a rule file");
    fs::write(folder.join("two.clay"), "S := a + 1\nT := IF(S > 2, \"x,y\", b)\n").expect("a rule file");
    let run = clayf(&folder, args, input.as_ref());
    let shown = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    assert_eq!(shown(&run.out), shown(wanted.as_ref()), "{args:?}: {}", run.messages);
    assert_eq!(run.status, Some(0), "{args:?}: {}", run.messages);
}

#[test]
fn rows_keep_their_bytes() {
    let eval = ["eval", "next.clay", "-"];
    gives(&eval, "{\"a\":1}\n", "{\"a\":1,\"S\":2}\n");
    gives(&eval, "{ \"z\" : 1.0e+2, \"a\" : 1 }\n", "{ \"z\" : 1.0e+2, \"a\" : 1,\"S\":2 }\n");
    gives(&eval, "{}\n{ }\n", "{\"S\":1}\n{\"S\":1 }\n");
    gives(&eval, "{\"a\":1}\r\n{\"a\":2}\r\n", "{\"a\":1,\"S\":2}\r\n{\"a\":2,\"S\":3}\r\n");
    gives(&eval, "\u{feff}{\"a\":1}", "{\"a\":1,\"S\":2}\n");
    gives(&eval, "{\"a\":1}\n\n  \n{\"a\":2}", "{\"a\":1,\"S\":2}\n{\"a\":2,\"S\":3}\n");
    gives(&eval, "", "");
}

#[test]
fn a_column_that_is_there_is_replaced_where_it_stands() {
    let eval = ["eval", "next.clay", "-"];
    gives(&eval, "{\"S\":9,\"a\":1}\n", "{\"S\":2,\"a\":1}\n");
    // Of a key that stands twice the last counts; replaced, it comes out once.
    gives(&eval, "{\"a\":1,\"S\":9,\"a\":5,\"S\":8}\n", "{\"a\":1,\"a\":5,\"S\":6}\n");
    gives(&eval, "{\"\\u0053\":9,\"a\":1}\n", "{\"\\u0053\":2,\"a\":1}\n");
}

#[test]
fn odd_values_pass_through_and_are_read() {
    gives(
        &["eval", "next.clay", "-"],
        "{\"a\":1,\"z\":1e999,\"q\":\"\\ud800\"}\n",
        "{\"a\":1,\"z\":1e999,\"q\":\"\\ud800\",\"S\":2}\n",
    );
    gives(&["eval", "-e", "LEN(a)", "-"], "{\"a\":\"\\ud800x\"}\n", "2\n");
    let kept = r##"{"error": "#NUM!", "message": "1e999 in column `a` is too large for a number"}"##;
    gives(&["eval", "--on-error", "keep", "-e", "a", "-"], "{\"a\":1e999}\n", format!("{kept}\n"));
    gives(&["eval", "-e", "a", "-"], "{\"a\":12345678901234567890}\n", "12345678901234567890\n");
}

#[test]
fn every_format_becomes_every_other() {
    let from_to =
        |from: &'static str, to: &'static str| ["eval", "two.clay", "-", "--from", from, "--to", to];
    let jsonl = "{\"a\":1,\"b\":\"q\\\"é\"}\n{\"b\":null,\"a\":2,\"c\":[1, 2]}\n";
    let json = "[ {\"a\":1,\"b\":\"q\\\"é\"},\n {\"b\":null,\n\"a\":2,\"c\":[1, 2]} ]";
    let csv = "a,b\n1,\"q\"\"é\"\n2,\n";
    gives(
        &from_to("jsonl", "jsonl"),
        jsonl,
        "{\"a\":1,\"b\":\"q\\\"é\",\"S\":2,\"T\":\"q\\\"é\"}\n{\"b\":null,\"a\":2,\"c\":[1, 2],\"S\":3,\"T\":\"x,y\"}\n",
    );
    gives(
        &from_to("jsonl", "json"),
        jsonl,
        "[\n{\"a\":1,\"b\":\"q\\\"é\",\"S\":2,\"T\":\"q\\\"é\"},\n{\"b\":null,\"a\":2,\"c\":[1, 2],\"S\":3,\"T\":\"x,y\"}\n]\n",
    );
    gives(&from_to("jsonl", "csv"), jsonl, "a,b,S,T\n1,\"q\"\"é\",2,\"q\"\"é\"\n2,,3,\"x,y\"\n");
    gives(
        &from_to("json", "jsonl"),
        json,
        "{\"a\":1,\"b\":\"q\\\"é\",\"S\":2,\"T\":\"q\\\"é\"}\n{\"b\":null, \"a\":2,\"c\":[1, 2],\"S\":3,\"T\":\"x,y\"}\n",
    );
    gives(
        &from_to("json", "json"),
        json,
        "[\n{\"a\":1,\"b\":\"q\\\"é\",\"S\":2,\"T\":\"q\\\"é\"},\n{\"b\":null,\n\"a\":2,\"c\":[1, 2],\"S\":3,\"T\":\"x,y\"}\n]\n",
    );
    gives(&from_to("json", "csv"), json, "a,b,S,T\n1,\"q\"\"é\",2,\"q\"\"é\"\n2,,3,\"x,y\"\n");
    gives(&from_to("csv", "csv"), csv, "a,b,S,T\n1,\"q\"\"é\",2,\"q\"\"é\"\n2,,3,\"x,y\"\n");
    gives(
        &from_to("csv", "jsonl"),
        csv,
        "{\"a\":1,\"b\":\"q\\\"é\",\"S\":2,\"T\":\"q\\\"é\"}\n{\"a\":2,\"b\":null,\"S\":3,\"T\":\"x,y\"}\n",
    );
    gives(
        &from_to("csv", "json"),
        csv,
        "[\n{\"a\":1,\"b\":\"q\\\"é\",\"S\":2,\"T\":\"q\\\"é\"},\n{\"a\":2,\"b\":null,\"S\":3,\"T\":\"x,y\"}\n]\n",
    );
    gives(&from_to("json", "json"), "[]", "[]\n");
    gives(&from_to("json", "json"), "{\"a\":1}", "[\n{\"a\":1,\"S\":2,\"T\":null}\n]\n");
}

#[test]
fn csv_keeps_its_bytes() {
    let eval = ["eval", "next.clay", "-", "--from", "csv"];
    gives(&eval, "a,z\r\n1,\"x, y\"\r\n", "a,z,S\r\n1,\"x, y\",2\r\n");
    gives(&eval, "\u{feff}a,z\n1,02134\n", "\u{feff}a,z,S\n1,02134,2\n");
    gives(&eval, "S,a\n old ,1\n", "S,a\n2,1\n");
    // A name that stands twice: the last counts, and both stay.
    gives(&eval, "a,a\n1,2\n", "a,a,S\n1,2,3\n");
    gives(
        &["eval", "-e", "ISTEXT(z)", "-", "--from", "csv"],
        "z\n02134\n+1 415\n80\n",
        "true\ntrue\nfalse\n",
    );
}

#[test]
fn columns_are_selected_in_order() {
    let rows = "{\"b\":\"q\",\"a\":1}\n{\"a\":2}\n";
    gives(
        &["eval", "next.clay", "-", "--select", "S,b"],
        rows,
        "{\"S\":2,\"b\":\"q\"}\n{\"S\":3,\"b\":null}\n",
    );
    gives(&["eval", "next.clay", "-", "--select", "b, S", "--to", "csv"], rows, "b,S\nq,2\n,3\n");
}

#[test]
fn a_formula_gives_its_value_alone() {
    gives(&["eval", "-n", "-e", "-2^2"], "", "4\n");
    gives(&["eval", "-e", "-2^2", "-n"], "", "4\n");
    gives(&["eval", "-e", "a & \"!\"", "-"], "{\"a\":1}\n{}\n", "\"1!\"\n\"!\"\n");
    gives(&["eval", "-n", "next.clay"], "", "{\"S\":1}\n");
    gives(&["eval", "-n", "--now", "2026-01-31", "-e", "TODAY()"], "", "\"2026-01-31\"\n");
    gives(
        &["eval", "-n", "--tz", "+02:00", "--now", "2026-01-31T23:30:00Z", "-e", "TODAY()"],
        "",
        "\"2026-02-01\"\n",
    );
}

/// Ten rows, the seventh of which is broken in a way of its own.
fn ten_rows(seventh: &[u8]) -> Vec<u8> {
    let mut rows = Vec::new();
    for row in 1..=10 {
        if row == 7 {
            rows.extend_from_slice(seventh);
        } else {
            rows.extend_from_slice(format!("{{\"a\":{row}}}").as_bytes());
        }
        rows.push(b'\n');
    }
    rows
}

#[test]
fn a_bad_row_stops_the_run_or_is_set_aside() {
    let folder = folder("bad-row");
    let deep = "[".repeat(200) + &"]".repeat(200);
    let bad: [(&[u8], usize, &str); 7] = [
        (b"{\"a\":7,}", 8, "not valid JSON"),
        (b"{\"a\":\"\xff\"}", 7, "not valid UTF-8"),
        (b"[7]", 1, "not a JSON object but a list"),
        (b"{\"a\":7} {\"a\":8}", 9, "not valid JSON"),
        (b"{\"a\":07}", 7, "not valid JSON"),
        (b"{\"x\":\"a\tb\"}", 8, "not valid JSON"),
        (&format!("{{\"x\":{deep}}}").into_bytes(), 133, "nested more than 128 levels deep"),
    ];
    for (seventh, column, problem) in bad {
        fs::write(folder.join("rows.jsonl"), ten_rows(seventh)).expect("a file");
        let run = clayf(&folder, &["eval", "-e", "a", "rows.jsonl"], b"");
        assert_eq!(run.status, Some(1), "{}", run.messages);
        let place = format!("rows.jsonl:7:{column}: {problem}");
        assert!(run.messages.contains(&place), "wanted {place}: {}", run.messages);
        assert_eq!(run.out, b"1\n2\n3\n4\n5\n6\n");
        let skip = ["eval", "-e", "a", "rows.jsonl", "--on-bad-row", "skip", "--rejects", "rejects"];
        let run = clayf(&folder, &skip, b"");
        assert_eq!((run.status, run.out.as_slice()), (Some(0), &b"1\n2\n3\n4\n5\n6\n8\n9\n10\n"[..]));
        assert_eq!(fs::read(folder.join("rejects")).expect("the rejects"), [seventh, b"\n"].concat());
    }
}

#[test]
fn the_number_of_threads_changes_nothing() {
    let folder = folder("threads");
    let rows: String = (0..60_000)
        .map(|row| ["{\"a\":", &row.to_string(), ",\"pad\":\"", &"x".repeat(row % 90), "\"}\n"].concat())
        .collect();
    fs::write(folder.join("rows.jsonl"), rows).expect("a file");
    let run = |threads: &str| {
        clayf(
            &folder,
            &["eval", "-e", "IF(a > 59990, 1/0, a)", "rows.jsonl", "--summary", "--threads", threads],
            b"",
        )
    };
    let one = run("1");
    assert_eq!(one.status, Some(0));
    assert_eq!(one, run("2"));
    assert_eq!(one, run("7"));
}

#[test]
fn a_file_is_replaced_only_when_all_went_well() {
    let folder = folder("replace");
    fs::write(folder.join("next.clay"), "S := a + 1\n").expect("a rule file");
    fs::write(folder.join("rows.jsonl"), "{\"a\":1}\n{\"a\":2}\n").expect("a file");
    let run = clayf(&folder, &["eval", "next.clay", "rows.jsonl", "-o", "rows.jsonl"], b"");
    assert_eq!(run.status, Some(0), "{}", run.messages);
    assert_eq!(fs::read(folder.join("rows.jsonl")).expect("rows"), b"{\"a\":1,\"S\":2}\n{\"a\":2,\"S\":3}\n");
    fs::write(folder.join("bad.jsonl"), "{\"a\":1}\nx\n").expect("a file");
    let run = clayf(&folder, &["eval", "next.clay", "bad.jsonl", "-o", "rows.jsonl"], b"");
    assert_eq!(run.status, Some(1));
    assert_eq!(fs::read(folder.join("rows.jsonl")).expect("rows"), b"{\"a\":1,\"S\":2}\n{\"a\":2,\"S\":3}\n");
    assert_eq!(fs::read_dir(&folder).expect("the folder").count(), 3, "nothing is left behind");
}

#[test]
fn statuses_tell_data_from_rules() {
    let folder = folder("status");
    fs::write(folder.join("next.clay"), "S := a + 1\n").expect("a rule file");
    fs::write(folder.join("wrong.clay"), "S := a +\n").expect("a rule file");
    fs::write(folder.join("rows.jsonl"), "{\"a\":\"x\"}\n").expect("a file");
    let status = |args: &[&str]| clayf(&folder, args, b"").status;
    assert_eq!(status(&["eval", "next.clay", "rows.jsonl"]), Some(0));
    assert_eq!(status(&["eval", "next.clay", "rows.jsonl", "--on-error", "fail"]), Some(1));
    assert_eq!(status(&["eval", "next.clay", "missing.jsonl"]), Some(1));
    assert_eq!(status(&["eval", "wrong.clay", "rows.jsonl"]), Some(2));
    assert_eq!(status(&["eval", "missing.clay", "rows.jsonl"]), Some(2));
    assert_eq!(status(&["eval", "next.clay", "rows.jsonl", "--no-such-option"]), Some(2));
    assert_eq!(status(&["eval", "next.clay", "rows.jsonl", "--now", "soon"]), Some(2));
    assert_eq!(status(&["check", "next.clay"]), Some(0));
    assert_eq!(status(&["check", "wrong.clay"]), Some(2));
    assert_eq!(status(&["check", "next.clay", "--rows", "missing.jsonl"]), Some(1));
}

#[test]
fn results_outside_the_range_of_their_column_are_counted() {
    let folder = folder("range");
    let messages = |rule: &str, args: &[&str]| {
        fs::write(folder.join("rule.clay"), rule).expect("a rule file");
        let rows = "{\"a\":150}\n{\"a\":100}\n{\"a\":null}\n{\"a\":-0.5}\n{\"a\":\"x\"}\n{\"a\":101}\n{\"a\":0.57}\n";
        fs::write(folder.join("rows.jsonl"), rows).expect("a file");
        let run =
            clayf(&folder, &[&["eval", "rule.clay", "rows.jsonl", "-o", "out.jsonl"], args].concat(), b"");
        assert_eq!(run.status, Some(0), "{}", run.messages);
        run.messages
    };
    for (rule, wanted) in [
        ("S (0-100) := a + 0", "warning: S (0-100): 150 is outside the range: 3 rows (first 1, 4, 6)"),
        ("S (-1-150) := a + 0", ""),
        ("S (0-57) := IF(a < 1, a * 100, 7)", "warning: S (0-57): -50 is outside the range: 1 row (first 4)"),
        ("S (1-3) := IF(a = 101, \"A\", 2)", "warning: S (1-3): \"A\" is outside the range: 1 row (first 6)"),
        (
            "S (1-3) := IF(a = 101, TRUE, IF(a = 150, [a]))",
            "warning: S (1-3): [150] is outside the range: 2 rows (first 1, 6)",
        ),
        (
            "S (1-3) := IF(a = 101, DATE(2026, 1, 31))",
            "warning: S (1-3): 2026-01-31 is outside the range: 1 row (first 6)",
        ),
    ] {
        let found = messages(rule, &["--threads", "3"]);
        let outside: Vec<&str> = found.lines().filter(|line| line.contains("range")).collect();
        assert_eq!(outside.join("\n"), wanted, "{rule}");
        assert!(messages(rule, &["--summary"]).contains(wanted), "{rule}");
    }
}

#[test]
fn a_reader_that_goes_away_ends_the_run_quietly() {
    let folder = folder("pipe");
    let rows = "{\"a\":1}\n".repeat(300_000);
    fs::write(folder.join("rows.jsonl"), rows).expect("a file");
    let mut child = Command::new(env!("CARGO_BIN_EXE_clayf"))
        .args(["eval", "-e", "a", "rows.jsonl"])
        .current_dir(&folder)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program");
    drop(child.stdout.take());
    let output = child.wait_with_output().expect("an end");
    assert_eq!((output.status.code(), output.stderr.as_slice()), (Some(0), &b""[..]));
}

#[test]
fn the_second_csv_is_written_in_the_order_of_the_first() {
    let folder = folder("two-csv");
    fs::write(folder.join("next.clay"), "S := a + 1\n").expect("a rule file");
    fs::write(folder.join("one.csv"), "a,b\n1,x\n").expect("a file");
    fs::write(folder.join("two.csv"), "b,a\ny,2\n").expect("a file");
    let run = clayf(&folder, &["eval", "next.clay", "one.csv", "two.csv"], b"");
    assert_eq!(String::from_utf8_lossy(&run.out), "a,b,S\n1,x,2\n2,y,3\n");
}

#[test]
fn nothing_of_several_files_is_lost_in_silence() {
    let folder = folder("several");
    fs::write(folder.join("next.clay"), "S := a + 1\n").expect("a rule file");
    fs::write(folder.join("empty.csv"), "").expect("a file");
    fs::write(folder.join("one.csv"), "a\n1\n").expect("a file");
    fs::write(folder.join("two.csv"), "a,c\n2,x\n").expect("a file");
    let run = clayf(&folder, &["eval", "next.clay", "empty.csv", "one.csv", "two.csv"], b"");
    assert_eq!(String::from_utf8_lossy(&run.out), "a,S\n1,2\n2,3\n");
    assert!(run.messages.contains("`c` is not in the first row"), "{}", run.messages);

    fs::write(folder.join("bad1.jsonl"), "bad").expect("a file");
    fs::write(folder.join("bad2.jsonl"), "bad2\n{\"a\":1}\n").expect("a file");
    let skip =
        ["eval", "-e", "a", "bad1.jsonl", "bad2.jsonl", "--on-bad-row", "skip", "--rejects", "rejects"];
    assert_eq!(clayf(&folder, &skip, b"").out, b"1\n");
    assert_eq!(fs::read(folder.join("rejects")).expect("the rejects"), b"bad\nbad2\n");
}

#[test]
fn what_is_read_is_never_overwritten() {
    let folder = folder("overwrite");
    fs::write(folder.join("next.clay"), "S := a + 1\n").expect("a rule file");
    fs::write(folder.join("rows.jsonl"), "{\"a\":1}\n").expect("a file");
    let refused = [
        ["next.clay", "rows.jsonl", "-o", "next.clay"].as_slice(),
        &["next.clay", "rows.jsonl", "--on-bad-row", "skip", "--rejects", "rows.jsonl"],
        &["next.clay", "rows.jsonl", "--on-bad-row", "skip", "--rejects", "next.clay"],
    ];
    for args in refused {
        let run = clayf(&folder, &[&["eval"], args].concat(), b"");
        assert_eq!(run.status, Some(2), "{args:?}: {}", run.messages);
        assert!(run.messages.contains("would overwrite"), "{}", run.messages);
    }
    assert_eq!(fs::read(folder.join("rows.jsonl")).expect("rows"), b"{\"a\":1}\n");
    assert_eq!(fs::read(folder.join("next.clay")).expect("rules"), b"S := a + 1\n");
}
