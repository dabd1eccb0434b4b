//! Files that a run is to write: told before anything is bought where they can't be written, else at the end.

use crate::bench::{Bench, ONE_STEP, body, told};

const ROWS: &str = "{\"domain\":\"a\"}\n";

fn bench(name: &str) -> Bench {
    let bench = Bench::new(name, ONE_STEP, |_, _| body(r#"{"plan":"gold"}"#));
    bench.folder.write("rows.jsonl", ROWS);
    bench
}

#[cfg(target_os = "linux")]
#[test]
fn a_recording_that_is_not_whole_is_told() {
    let bench = bench("written-record");
    let output = bench.run(ROWS, &["--record", "/dev/full"]);
    assert_eq!(output.status.code(), Some(1));
    let error = "error: can't write the recording /dev/full: No space left on device (os error 28); calls of this run are \
                 missing in it\n";
    assert!(told(&output).ends_with(error), "{}", told(&output));
    assert!(bench.folder.read("out.jsonl").contains("gold"), "the results are there all the same");
    let again = bench.results(ROWS, &[]);
    assert!(again[0]["Plan"] == "gold" && bench.vendor.asked().len() == 1);
}

#[test]
fn a_file_that_cannot_be_written_is_told_before_anything_is_bought() {
    let bench = bench("written-where");
    bench.folder.write("a-folder/old", "");
    for option in ["-o", "--report", "--effects", "--rejects"] {
        for (path, why) in [
            ("no-folder/x", "No such file or directory (os error 2)"),
            ("a-folder", "it is a folder; name a file in it"),
            ("new-folder/", "it is a folder; name a file in it"),
        ] {
            let output =
                bench.clayf(&["run", "table.yaml", "rows.jsonl", "--on-bad-row", "skip", option, path]);
            assert_eq!(output.status.code(), Some(1), "{option} {path}");
            let error = format!("error: can't write {path}: {why}\n");
            assert!(told(&output).ends_with(&error), "{option}: {}", told(&output));
        }
    }
    assert_eq!(bench.vendor.asked().len(), 0);
    assert!(!bench.folder.path("table.state").exists());
}

#[test]
fn a_file_is_replaced_once_the_new_one_is_whole() {
    let bench = bench("written-replaced");
    for name in ["out.jsonl", "report.html", "effects.jsonl", "rejects.txt"] {
        bench.folder.write(name, "old");
    }
    let all = [
        "--report",
        "report.html",
        "--effects",
        "effects.jsonl",
        "--on-bad-row",
        "skip",
        "--rejects",
        "rejects.txt",
    ];
    // A state that can't be opened ends the run when all files were looked at.
    let output = bench.run(ROWS, &[&all[..], &["--state", "no-folder/x.state"]].concat());
    assert_eq!(output.status.code(), Some(1), "{}", told(&output));
    assert!(bench.folder.read("out.jsonl") == "old" && bench.folder.read("rejects.txt") == "old");
    let output = bench.run("{\"domain\":\"a\"}\nbroken\n", &all);
    assert!(output.status.success(), "{}", told(&output));
    assert_eq!(bench.folder.read("rejects.txt"), "broken\n");
    assert!(
        bench.folder.read("out.jsonl").contains("gold") && bench.folder.read("report.html").contains("<html")
    );
    let left = std::fs::read_dir(bench.folder.path(".")).expect("the folder");
    assert!(left.flatten().all(|entry| !entry.file_name().to_string_lossy().ends_with(".partial")));
}

#[test]
fn the_report_is_about_all_rows_though_their_reader_went_away() {
    let bench =
        Bench::new("written-pipe", "table: Pipe\ncolumns:\n  - formula: Double\n    is: n * 2\n", |_, _| {
            body("")
        });
    let rows: String = (0..5000).map(|row| format!("{{\"n\":{row}}}\n")).collect();
    bench.folder.write("rows.jsonl", &rows);
    let output = std::process::Command::new("sh")
        .args(["-c", "\"$0\" run table.yaml rows.jsonl --now 2026-03-02T09:00:00Z | head -n 1"])
        .arg(env!("CARGO_BIN_EXE_clayf"))
        .current_dir(bench.folder.path("."))
        .output()
        .expect("a shell");
    assert_eq!(String::from_utf8_lossy(&output.stdout), "{\"n\":0,\"Double\":0}\n");
    let whole = bench.run(&rows, &["--state", "whole.state", "--now", "2026-03-02T09:00:00Z"]);
    assert!(told(&whole).contains("9998"), "the largest number is told: {}", told(&whole));
    assert_eq!(told(&output), told(&whole));
}
