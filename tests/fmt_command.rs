//! `clayf fmt` as a command: files in place, folders, standard input, exit statuses.

mod common;

use common::{clayf, folder};
use std::fs;
use std::path::{Path, PathBuf};

/// Status, standard output and standard error.
type Run = (Option<i32>, String, String);

fn fmt(folder: &Path, args: &[&str], input: &[u8]) -> Run {
    let args: Vec<&str> = ["fmt"].iter().chain(args).copied().collect();
    let output = clayf(folder, &args, input);
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("UTF-8");
    (output.status.code(), text(output.stdout), text(output.stderr))
}

fn write(folder: &Path, name: &str, text: &str) -> PathBuf {
    let path = folder.join(name);
    fs::create_dir_all(path.parent().expect("a folder")).expect("a writable folder");
    fs::write(&path, text).expect("a writable file");
    path
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).expect("a file")
}

const ROUGH: &str = "A := a+b";
const SMOOTH: &str = "A := a + b\n";

#[test]
fn files_are_formatted_in_place_and_only_if_they_change() {
    let folder = folder("place");
    let rough = write(&folder, "rough.clay", ROUGH);
    let smooth = write(&folder, "smooth.clay", SMOOTH);
    let written = |path: &Path| fs::metadata(path).expect("a file").modified().expect("a time");
    let before = written(&smooth);
    let run = fmt(&folder, &["rough.clay", "smooth.clay"], b"");
    assert_eq!(run, (Some(0), String::new(), "formatted rough.clay\n".to_owned()));
    assert_eq!((read(&rough).as_str(), read(&smooth).as_str()), (SMOOTH, SMOOTH));
    assert_eq!(written(&smooth), before);
    assert_eq!(fmt(&folder, &["rough.clay"], b""), (Some(0), String::new(), String::new()));
    assert_eq!(fs::read_dir(&folder).expect("the folder").count(), 2, "nothing else is left behind");
}

#[test]
fn check_writes_nothing_and_shows_what_would_change() {
    let folder = folder("check");
    let rough = write(&folder, "rough.clay", "# note\nA := a+b\nB := 1");
    write(&folder, "smooth.clay", SMOOTH);
    let (status, out, messages) = fmt(&folder, &["--check", "rough.clay", "smooth.clay"], b"");
    assert_eq!(status, Some(1));
    assert_eq!(
        out,
        "--- rough.clay\n+++ rough.clay (formatted)\n@@ -1,3 +1,3 @@\n # note\n-A := a+b\n-B := 1\n\
        \\ No newline at end of file\n+A := a + b\n+B := 1\n"
    );
    assert!(messages.contains("1 file not formatted"), "{messages}");
    assert_eq!(read(&rough), "# note\nA := a+b\nB := 1");
    assert_eq!(fmt(&folder, &["--check", "smooth.clay"], b""), (Some(0), String::new(), String::new()));
}

#[test]
fn standard_input_goes_to_standard_output() {
    let folder = folder("stdin");
    let formatted = (Some(0), SMOOTH.to_owned(), String::new());
    assert_eq!(fmt(&folder, &[], ROUGH.as_bytes()), formatted);
    assert_eq!(fmt(&folder, &["-"], ROUGH.as_bytes()), formatted);
    let (status, out, _) = fmt(&folder, &["--check", "-"], ROUGH.as_bytes());
    assert_eq!(status, Some(1));
    assert!(out.starts_with("--- standard input\n"), "{out}");
    let (status, out, messages) = fmt(&folder, &[], b"A := (a");
    assert_eq!((status, out.as_str()), (Some(2), ""));
    assert!(messages.contains("clay::unclosed_bracket"), "{messages}");
}

#[test]
fn a_folder_names_all_rule_files_in_it() {
    let folder = folder("folder");
    for name in ["rules/b.clay", "rules/a.clay", "rules/more/c.clay", "rules/notes.txt"] {
        write(&folder, name, ROUGH);
    }
    let run = fmt(&folder, &["rules"], b"");
    let wanted = "formatted rules/a.clay\nformatted rules/b.clay\nformatted rules/more/c.clay\n";
    assert_eq!(run, (Some(0), String::new(), wanted.to_owned()));
    assert_eq!(read(&folder.join("rules/notes.txt")), ROUGH);
    let (status, _, messages) = fmt(&folder, &["rules/more", "."], b"");
    assert_eq!((status, messages.as_str()), (Some(0), ""));
}

#[test]
fn what_tests_leave_out_of_folders_is_left_out_here() {
    let folder = folder("left-out");
    let paths = [".hidden/a.clay", "target/b.clay", "node_modules/c.clay", "old/d.clay", "kept/e.clay"];
    let paths = paths.map(|path| write(&folder, path, ROUGH));
    write(&folder, ".clayfignore", "old\n");
    let run = fmt(&folder, &["."], b"");
    assert_eq!(run, (Some(0), String::new(), "formatted kept/e.clay\n".to_owned()));
    assert!(paths[..4].iter().all(|path| read(path) == ROUGH));
    // What is named is formatted, wherever it lies.
    assert_eq!(fmt(&folder, &["target/b.clay"], b"").0, Some(0));
    assert_eq!(read(&paths[1]), SMOOTH);
}

#[test]
fn a_file_that_fails_does_not_keep_others_from_being_formatted() {
    let folder = folder("fails");
    let broken = write(&folder, "broken.clay", "A := SUM(1,\nB :=  2");
    let unknown = write(&folder, "unknown.clay", "A := NOSUCH(a)+\"x\"*2");
    let rough = write(&folder, "rough.clay", ROUGH);
    fs::write(folder.join("bytes.clay"), b"A := \"\xff\"").expect("a writable file");
    let files = ["broken.clay", "missing.clay", "bytes.clay", "unknown.clay", "rough.clay"];
    let (status, out, messages) = fmt(&folder, &files, b"");
    assert_eq!((status, out.as_str()), (Some(2), ""));
    assert_eq!(read(&broken), "A := SUM(1,\nB :=  2");
    assert_eq!(read(&unknown), "A := NOSUCH(a) + \"x\" * 2\n", "only the syntax matters");
    assert_eq!(read(&rough), SMOOTH);
    for part in [
        "clay::unclosed_bracket",
        "can't read missing.clay",
        "bytes.clay is not UTF-8",
        "formatted rough.clay",
    ] {
        assert!(messages.contains(part), "{part} in {messages}");
    }
}

#[cfg(unix)]
#[test]
fn permissions_and_links_stay() {
    use std::os::unix::fs::{PermissionsExt, symlink};
    let folder = folder("modes");
    let path = write(&folder, "rough.clay", ROUGH);
    fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).expect("the mode");
    symlink("rough.clay", folder.join("link.clay")).expect("a link");
    assert_eq!(fmt(&folder, &["link.clay"], b"").0, Some(0));
    assert_eq!(read(&path), SMOOTH);
    assert_eq!(fs::metadata(&path).expect("a file").permissions().mode() & 0o777, 0o640);
    assert!(folder.join("link.clay").is_symlink());
}

#[cfg(unix)]
#[test]
fn a_folder_that_can_not_be_written_to_is_told() {
    use std::os::unix::fs::PermissionsExt;
    let folder = folder("readonly");
    let path = write(&folder, "locked/rough.clay", ROUGH);
    let locked = folder.join("locked");
    fs::set_permissions(&locked, fs::Permissions::from_mode(0o555)).expect("the mode");
    // Who may write everywhere finds nothing to test.
    if fs::write(locked.join("probe"), "").is_err() {
        let (status, _, messages) = fmt(&folder, &["locked/rough.clay"], b"");
        assert_eq!(status, Some(1));
        assert!(messages.contains("can't write locked/rough.clay"), "{messages}");
        assert_eq!(read(&path), ROUGH);
    }
    fs::set_permissions(&locked, fs::Permissions::from_mode(0o755)).expect("the mode");
}

/// Depth is bounded, length is not; neither may cost more than its share of room.
#[test]
fn deep_and_long_formulas_are_formatted() {
    let folder = folder("deep");
    let nested = |open: &str, close: &str, count: usize| {
        format!("X := {}2{}\n", open.repeat(count), close.repeat(count))
    };
    let cases = [
        nested("IF(a, 1, ", ")", 1_999),
        nested("SUM(b, ", ")", 1_000),
        nested("LET(a, b, ", ")", 500),
        nested("[ # c\n", "]", 500),
        nested("(a OR b AND ", ")", 1_001),
        nested("-", "", 1_999),
        nested("((", "))", 999),
        format!("X := {}\n", vec!["1"; 5_000].join("+")),
        format!("X := a{}\n", ".b".repeat(5_000)),
    ];
    for case in cases {
        let (status, out, messages) = fmt(&folder, &[], case.as_bytes());
        assert_eq!(status, Some(0), "{case:.40}: {messages:.300}");
        assert!(out.len() < case.len() * 20 + 1_000, "{case:.40} becomes {} bytes", out.len());
    }
}
