//! Sessions of `clayf repl` without a terminal: transcripts, pipes, and lines that must not break anything.

#![cfg(feature = "cli")]

use clayf::Clock;
use clayf::diagnostics::Look;
use clayf::repl::{
    Ahead, Inputs, Manner, Reply, Session, Vocabulary, complete, highlight, hint, is_whole, overlap,
};
use proptest::prelude::*;
use std::fs;
use std::io::Write;
use std::path::PathBuf;
use std::process::{Command, Stdio};

const PROMPT: &str = "clay> ";
/// Before the further lines of an input, in a transcript alone.
const MORE: &str = "....> ";

fn session() -> Session {
    let clock = Clock::system().stopped_at("2026-01-31T12:00:00Z").expect("a moment");
    Session::new(
        clock,
        None,
        Manner { talkative: true, look: Look { color: false, width: 80 }, width: 80 },
        |_, _, _, _| String::new(),
    )
}

/// Carries out the inputs of a transcript, and gives it with the answers that they get.
fn played(transcript: &str) -> String {
    let mut session = session();
    let mut out = String::new();
    let mut lines = transcript.lines().peekable();
    while let Some(line) = lines.next() {
        if line.starts_with("## ") || line.is_empty() {
            out.push_str(line);
            out.push('\n');
            continue;
        }
        let Some(first) = line.strip_prefix(PROMPT).or((line == PROMPT.trim_end()).then_some("")) else {
            continue;
        };
        let mut input = first.to_owned();
        out.push_str(&format!("{line}\n"));
        while let Some(more) = lines.next_if(|next| next.starts_with(MORE.trim_end())) {
            input.push('\n');
            input.push_str(more.strip_prefix(MORE).unwrap_or_default());
            out.push_str(&format!("{more}\n"));
        }
        for input in Inputs::new(input.lines().map(ToOwned::to_owned), Ahead::Always) {
            let Reply { out: result, notes, quit, .. } = session.line(&input);
            let told = format!("{result}{notes}{}", if quit { "(the end)\n" } else { "" });
            // A transcript's own blank lines stand between its parts.
            told.lines().filter(|line| !line.is_empty()).for_each(|line| out.push_str(&format!("{line}\n")));
        }
    }
    out
}

fn transcripts() -> Vec<PathBuf> {
    let entries =
        fs::read_dir("corpus/repl").expect("the folder").map(|entry| entry.expect("an entry").path());
    let mut files: Vec<PathBuf> =
        entries.filter(|path| path.extension().is_some_and(|end| end == "txt")).collect();
    files.sort();
    files
}

#[test]
fn transcripts_are_true() {
    let mut stale = Vec::new();
    for path in transcripts() {
        let text = fs::read_to_string(&path).expect("a transcript");
        let found = played(&text);
        if std::env::var_os("CLAYF_BLESS").is_some() {
            fs::write(&path, &found).expect("a writable transcript");
        } else if found != text {
            stale.push(format!("{}\n{found}", path.display()));
        }
    }
    assert!(stale.is_empty(), "these sessions go otherwise:\n{}", stale.join("\n"));
    assert!(transcripts().len() >= 15, "the transcripts are there");
}

/// Standard output, standard error and exit status of a session that is piped in.
fn piped(arguments: &[&str], input: impl AsRef<[u8]>) -> (String, String, Option<i32>) {
    let mut child = Command::new(env!("CARGO_BIN_EXE_clayf"))
        .arg("repl")
        .args(arguments)
        .env_remove("CLAYF_HISTORY")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("a process");
    // A session that can't start goes away without reading.
    let _ = child.stdin.take().expect("a pipe").write_all(input.as_ref());
    let done = child.wait_with_output().expect("an end");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("UTF-8");
    (text(done.stdout), text(done.stderr), done.status.code())
}

#[test]
fn piped_lines_give_results_alone() {
    let found = piped(
        &[],
        "1+1\n:type \"a\"\nIF(1 > 2,\n  \"yes\",\n  \"no\")\nA := 20\nA + 1\nMissing\n\"2026-01-31\"\n",
    );
    let wanted = "2\nText\n\"no\"\n21\nBlank\n\"2026-01-31\"\n";
    assert_eq!(found, (wanted.to_owned(), String::new(), Some(0)));
}

#[test]
fn a_line_that_is_no_text_is_told_and_left_out() {
    let (out, told, status) = piped(&[], b"1 + 1\r\n\"caf\xe9\"\nA := IF(TRUE,\n2 + 2, \xff\n3 + 3");
    assert_eq!(out, "2\n6\n");
    assert!(told.contains("line 2 of standard input is not UTF-8") && told.contains("line 4"), "{told}");
    assert_eq!(status, Some(1));
}

#[test]
fn a_pipe_with_a_mistake_goes_on_and_fails() {
    let (out, told, status) = piped(&[], "IF(1,\n\n1 + 1\n:nope\n1/0\n");
    assert_eq!(out, "2\n#DIV/0!: division by 0\n");
    assert!(
        told.contains("clay::unclosed_bracket") && told.contains("there is no command `:nope`"),
        "{told}"
    );
    assert!(!told.contains('\x1b'), "no colours in a pipe");
    assert_eq!(status, Some(1));
}

#[test]
fn a_rule_file_can_be_piped_in() {
    let rules = fs::read_to_string("corpus/seed/score.clay").expect("the rules");
    let (out, told, status) =
        piped(&["--rows", "corpus/seed/leads.jsonl"], format!("{rules}\nICP Score\nLead Tier\n"));
    assert_eq!((out.as_str(), told.as_str(), status), ("100\n\"A\"\n", "", Some(0)));
}

#[test]
fn what_the_command_line_names_must_be_there() {
    assert_eq!(piped(&["missing.clay"], "1\n").2, Some(2));
    assert_eq!(piped(&["corpus/errors/unknown_function.clay"], "1\n").2, Some(2));
    assert_eq!(piped(&["--rows", "missing.jsonl"], "1\n").2, Some(1));
    assert_eq!(piped(&["--now", "soon"], "1\n").2, Some(2));
    let now = piped(&["--now", "2026-01-31T23:30:00Z", "--tz", "Europe/Berlin"], "TODAY()\n");
    assert_eq!(now.0, "2026-02-01\n");
    let csv = piped(
        &["--from", "csv", "--rows", "corpus/docs/leads.csv", "corpus/docs/leads.csv"],
        ":row 3\nZip\n",
    );
    assert!(csv.0.starts_with("row 3 of 4: Ada\n") && csv.0.ends_with("\"02134\"\n"), "{}", csv.0);
}

#[test]
fn a_file_is_read_again_when_it_changed() {
    let folder = std::env::temp_dir().join(format!("clayf-repl-{}", std::process::id()));
    fs::create_dir_all(&folder).expect("a folder");
    let (rules, rows) = (folder.join("my rules.clay"), folder.join("rows.jsonl"));
    fs::write(&rules, "Points := Size * 2").expect("a file");
    fs::write(&rows, "{\"Size\": 4}\n{\"Size\": 5}\n").expect("a file");
    let mut session = session();
    let mut line = |input: &str| session.line(input);
    assert!(!line(&format!(":load {}", rules.display())).failed);
    assert!(!line(&format!(":rows {}", rows.display())).failed);
    assert!(!line(":row 2").failed);
    assert_eq!(line("Points").out, "10 : Number\n");
    assert!(!line("Half := Points / 2").failed);
    fs::write(&rules, "Points := Size *").expect("a file");
    assert!(line(":reload").failed, "a mistake is told");
    assert_eq!(line("Half").out, "5 : Number\n");
    fs::write(&rules, "Points := Size * 4").expect("a file");
    fs::write(&rows, "{\"Size\": 4}\n{\"Size\": 6}\n").expect("a file");
    assert!(!line(":reload").failed);
    assert_eq!(line("Half").out, "12 : Number\n");
    fs::remove_dir_all(&folder).expect("no more folder");
}

#[test]
fn no_more_rows_are_held_than_said() {
    let file = std::env::temp_dir().join(format!("clayf-repl-rows-{}.jsonl", std::process::id()));
    let rows: Vec<String> = (0..10_050).map(|number| format!("{{\"n\": {number}}}")).collect();
    fs::write(&file, rows.join("\n")).expect("a file");
    let mut session = session();
    let reply = session.read_rows(&[PathBuf::from(&file)]);
    assert!(reply.notes.contains("there are more rows; the first 10000 are held"), "{}", reply.notes);
    assert!(!session.line(":row 10000").failed && session.line(":row 10001").failed);
    assert_eq!(session.line("n").out, "9999 : Number\n");
    fs::remove_file(&file).expect("no more file");
}

/// Pieces of lines, right and wrong.
fn piece() -> impl Strategy<Value = String> {
    let known = prop::sample::select(vec![
        "IF(",
        "LET(",
        "LET(size, 30, ",
        "CONTAINS(",
        "ANY(Tags, t, ",
        ")",
        "(",
        "[",
        "]",
        "{{",
        "}}",
        "{{Company (HQ)}}",
        "Employee Cou",
        "Größe",
        "東京",
        "🦀",
        "e\u{301}",
        "\u{200b}",
        "\"",
        "'",
        "“",
        "\\",
        ",",
        " ",
        "  ",
        "\n",
        "\t",
        "#",
        "# Lead Tier Column\n",
        "//",
        ":",
        ":type ",
        ":rows ",
        ":load corpus/",
        ":set ",
        ":help ",
        ":row ",
        ":=",
        "A := ",
        "input X: Number",
        "1",
        "1.5e3",
        "5k",
        "AND",
        " OR ",
        "NOT",
        "+",
        "-",
        "=",
        ">=",
        "%",
        ".",
        "\u{0}",
        "\u{1b}[31m",
        "\u{feff}",
        "\r",
    ]);
    prop_oneof![8 => known.prop_map(ToOwned::to_owned), 1 => any::<char>().prop_map(String::from)]
}

proptest! {
    #[test]
    fn the_editor_helps_at_every_cursor(pieces in prop::collection::vec(piece(), 0..14)) {
        let line = pieces.concat();
        let names = ["Employee Count", "Company (HQ)", "Größe", "東京", "Lead Tier", "e\u{301}t\u{e9}"];
        let vocabulary = Vocabulary { columns: names.map(ToOwned::to_owned).to_vec(), ..Vocabulary::default() };
        let _ = is_whole(&line);
        for cursor in (0..=line.len()).filter(|at| line.is_char_boundary(*at)) {
            let coloured = highlight(&vocabulary, &line, cursor);
            if !line.contains('\x1b') {
                prop_assert_eq!(without_colours(&coloured), line.clone());
            }
            let _ = hint(&vocabulary, &line, cursor, 40);
            let (start, found) = complete(&vocabulary, &line, cursor);
            prop_assert!(start <= cursor && line.is_char_boundary(start));
            for one in found {
                let repeated = overlap(&one.replacement, &line[cursor..]);
                prop_assert!(line.is_char_boundary(cursor + repeated));
            }
        }
    }

    #[test]
    fn a_session_answers_anything(pieces in prop::collection::vec(piece(), 0..14)) {
        let text = pieces.concat();
        let mut session = session();
        for input in Inputs::new(text.lines().map(ToOwned::to_owned), Ahead::Always) {
            let reply = session.line(&input);
            prop_assert!(!reply.out.contains('\u{1b}') && !reply.notes.contains('\u{1b}'), "{:?}", reply);
        }
        let _ = session.vocabulary();
    }

    #[test]
    fn no_line_is_lost_or_given_twice(pieces in prop::collection::vec(piece(), 0..14)) {
        let text = pieces.concat();
        let lines = || text.lines().map(ToOwned::to_owned);
        for ahead in [Ahead::Always, Ahead::BehindColumns] {
            let given: Vec<String> = Inputs::new(lines(), ahead).collect();
            let given: Vec<&str> = given.iter().flat_map(|input| input.split('\n')).filter(|line| !line.trim().is_empty()).collect();
            let wanted: Vec<String> = lines().filter(|line| !line.trim().is_empty()).collect();
            prop_assert_eq!(given, wanted);
        }
    }
}

fn without_colours(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, behind)) = rest.split_once("\x1b[") {
        out.push_str(before);
        rest = behind.trim_start_matches(|next: char| next.is_ascii_digit() || next == ';');
        rest = rest.strip_prefix('m').unwrap_or(rest);
    }
    out + rest
}
