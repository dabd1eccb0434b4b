//! `clayf repl` at a terminal: what a person sees while keys are pressed.

#![cfg(all(unix, feature = "cli"))]

use clayf::repl::is_whole;
use expectrl::session::OsSession;
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

/// Far longer than anything takes; a test that fails waits this long.
const PATIENCE: Duration = Duration::from_secs(60);
const PROMPT: &str = "clay>";
const TAB: &str = "\t";
const ENTER: &str = "\r";
const UP: &str = "\x1b[A";
const CTRL_C: &str = "\x03";
const CTRL_D: &str = "\x04";

/// A terminal with a session in it.
struct Terminal {
    session: OsSession,
    screen: vt100::Parser,
    /// All that was written, with its codes.
    written: String,
}

impl Terminal {
    fn open(arguments: &[&str], columns: u16, environment: &[(&str, &str)]) -> Self {
        let rows = 120;
        // The terminal has its size before the session starts.
        let script = format!("until [ \"$(stty size)\" = \"{rows} {columns}\" ]; do :; done; exec \"$@\"");
        let mut command = Command::new("sh");
        command.args(["-c", &script, "sh", env!("CARGO_BIN_EXE_clayf"), "repl"]).args(arguments);
        command.env("TERM", "xterm").env("CLAYF_HISTORY", "").env_remove("NO_COLOR");
        command.envs(environment.iter().copied());
        let mut session = OsSession::spawn(command).expect("a terminal");
        session.get_process_mut().set_window_size(columns, rows).expect("a size");
        let mut terminal =
            Self { session, screen: vt100::Parser::new(rows, columns, 0), written: String::new() };
        terminal.wait("the first prompt", Self::is_at_prompt);
        terminal
    }

    /// The lines of the screen down to the last that is not empty.
    fn lines(&self) -> Vec<String> {
        let (_, columns) = self.screen.screen().size();
        let mut lines: Vec<String> =
            self.screen.screen().rows(0, columns).map(|row| row.trim_end().to_owned()).collect();
        while lines.last().is_some_and(String::is_empty) {
            lines.pop();
        }
        lines
    }

    fn text(&self) -> String {
        self.lines().join("\n")
    }

    fn is_at_prompt(&self) -> bool {
        self.lines().last().is_some_and(|last| last == PROMPT)
    }

    /// Takes what the session writes until the screen is as wanted.
    fn wait(&mut self, what: &str, is_there: impl Fn(&Self) -> bool) {
        let start = Instant::now();
        while !is_there(self) {
            assert!(start.elapsed() < PATIENCE, "{what} did not come; the screen is\n{}", self.text());
            assert!(
                self.take() || is_there(self),
                "the session ended before {what}; the screen is\n{}",
                self.text()
            );
        }
    }

    /// Takes what is written; `false` where the session has ended.
    fn take(&mut self) -> bool {
        let mut bytes = [0; 4096];
        match self.session.try_read(&mut bytes) {
            Ok(0) => return false,
            Ok(count) => {
                self.screen.process(&bytes[..count]);
                self.written.push_str(&String::from_utf8_lossy(&bytes[..count]));
            }
            Err(error) if error.kind() == ErrorKind::WouldBlock => {
                std::thread::sleep(Duration::from_millis(2));
            }
            // A terminal without a process gives an error of its own.
            Err(_) => return false,
        }
        true
    }

    fn press(&mut self, keys: &str) {
        self.session.write_all(keys.as_bytes()).expect("a session that listens");
        self.session.flush().expect("a session that listens");
    }

    /// Presses keys, and waits until the line shows this.
    fn press_for(&mut self, keys: &str, shown: &str) {
        self.press(keys);
        self.wait(shown, |terminal| terminal.lines().last().is_some_and(|last| last.contains(shown)));
    }

    /// Types a line and waits for its answer.
    fn enter(&mut self, line: &str) {
        self.press_for(line, line.trim_end());
        self.press(ENTER);
        self.wait("the answer", Self::is_at_prompt);
    }

    fn close(mut self) -> String {
        // Keys pressed before the prompt is there would not be the editor's.
        self.wait("a prompt", Self::is_at_prompt);
        self.press(CTRL_D);
        let start = Instant::now();
        while self.take() {
            assert!(start.elapsed() < PATIENCE, "Ctrl-D does not end the session");
        }
        self.written
    }
}

fn plain(arguments: &[&str]) -> Terminal {
    Terminal::open(arguments, 100, &[("NO_COLOR", "1")])
}

#[test]
fn tab_completes_names() {
    let mut terminal = plain(&["corpus/seed/score.clay", "--rows", "corpus/seed/leads.jsonl"]);
    terminal.press_for("1 + Employee Cou", "Employee Cou");
    terminal.press_for(TAB, "1 + Employee Count");
    terminal.press(ENTER);
    terminal.wait("the sum", |terminal| terminal.text().contains("\n5001 : Number"));
    terminal.press_for("substit", "substit");
    terminal.press_for(TAB, "SUBSTITUTE(  # SUBSTITUTE(text, old, new");
    terminal.press(CTRL_C);
    terminal.wait("a new line", Terminal::is_at_prompt);
    terminal.enter(":set {{Company (HQ)}} \"Acme\"");
    terminal.press_for("LEN({{Comp", "LEN({{Comp");
    // Two columns begin with this; the list shows them.
    terminal.press(TAB);
    terminal.press(TAB);
    terminal.wait("the list", |terminal| terminal.text().contains("{{Company Name}}  {{Company (HQ)}}"));
    terminal.press_for("(", "LEN({{Company (");
    terminal.press_for(TAB, "LEN({{Company (HQ)}}");
    terminal.press(")\r");
    terminal.wait("the length", |terminal| terminal.text().ends_with("4 : Number\nclay>"));
    terminal.press_for(":relo", ":relo");
    terminal.press_for(TAB, ":reload");
    terminal.press(CTRL_C);
    terminal.wait("a new line", Terminal::is_at_prompt);
    terminal.press_for(":load corpus/seed/sc", "seed/sc");
    terminal.press_for(TAB, ":load corpus/seed/score.clay");
    terminal.press(CTRL_C);
    terminal.close();
}

#[test]
fn an_open_bracket_goes_on_with_the_next_line() {
    let mut terminal = plain(&[]);
    terminal.press_for("IF(1 > 2,\r", "");
    terminal.press_for("\"yes\",\r\"no\")", "\"no\")");
    terminal.press(ENTER);
    terminal.wait("the answer", |terminal| terminal.text().ends_with("\"no\" : Text\nclay>"));
    // An empty line ends what can't be ended otherwise.
    terminal.press("IF(1,\r\r");
    terminal.wait("the mistake", |terminal| terminal.text().contains("clay::unclosed_bracket"));
    terminal.wait("a prompt", Terminal::is_at_prompt);
    // And so does a column below, which is carried out as well.
    terminal.press("A := IF(1,\rB := 21 * 2\r");
    terminal.wait("the column", |terminal| terminal.text().ends_with("B = 42 : Number\nclay>"));
    terminal.enter("B + 1");
    assert!(terminal.text().ends_with("clay> B + 1\n43 : Number\nclay>"), "{}", terminal.text());
    terminal.enter("\"abc");
    assert!(terminal.text().contains("clay::unclosed_text"), "{}", terminal.text());
    terminal.close();
}

#[test]
fn a_file_can_be_pasted() {
    let mut terminal = plain(&["--rows", "corpus/seed/leads.jsonl"]);
    let rules = std::fs::read_to_string("corpus/seed/score.clay").expect("the rules");
    terminal.press(&format!("\x1b[200~{rules}\x1b[201~"));
    terminal.wait("the text", |terminal| terminal.text().contains("IF(ICP Score >= 40"));
    terminal.press(ENTER);
    terminal.wait("the columns", |terminal| {
        terminal.text().contains("ICP Score = 100 : Number\nLead Tier = \"A\" : Text")
    });
    terminal.wait("a prompt", Terminal::is_at_prompt);
    terminal.close();
}

#[test]
fn the_history_outlives_a_session() {
    let folder = std::env::temp_dir().join(format!("clayf-history-{}", std::process::id()));
    let place = [("XDG_STATE_HOME", folder.to_str().expect("UTF-8")), ("NO_COLOR", "1")];
    // The variable of the tests is taken away by an `env` in between.
    let open = |extra: &[(&str, &str)]| {
        let environment: Vec<(&str, &str)> = place.iter().chain(extra).copied().collect();
        Terminal::open(&[], 100, &environment)
    };
    let file = folder.join("deep/er/lines");
    let named = [("CLAYF_HISTORY", file.to_str().expect("UTF-8"))];
    let mut terminal = open(&named);
    terminal.enter("40 + 2");
    terminal.press("LEN(\r\"four\")\r");
    terminal.wait("the answer", |terminal| terminal.text().ends_with("4 : Number\nclay>"));
    terminal.close();
    let mut terminal = open(&named);
    terminal.press_for(UP, "\"four\")");
    assert!(terminal.text().contains("clay> LEN(\n\"four\")"), "{}", terminal.text());
    terminal.press(CTRL_C);
    terminal.wait("a prompt", Terminal::is_at_prompt);
    terminal.press(UP);
    terminal.press(UP);
    terminal.press_for(UP, "clay> 40 + 2");
    terminal.press(ENTER);
    terminal.wait("the answer", |terminal| terminal.text().ends_with("42 : Number\nclay>"));
    terminal.close();
    let kept = std::fs::read_to_string(&file).expect("a history");
    assert!(kept.contains("40 + 2"), "{kept}");
    std::fs::remove_dir_all(&folder).expect("no more folder");
}

#[test]
fn a_history_that_cant_be_kept_is_no_reason_to_stop() {
    let mut terminal =
        Terminal::open(&[], 100, &[("CLAYF_HISTORY", "Cargo.toml/history"), ("NO_COLOR", "1")]);
    assert!(
        terminal.text().contains("note: the history is not kept: Cargo.toml/history"),
        "{}",
        terminal.text()
    );
    terminal.enter("1 + 1");
    assert!(terminal.text().contains("2 : Number"), "{}", terminal.text());
    terminal.close();
}

#[test]
fn ctrl_c_drops_the_line_and_ctrl_d_ends() {
    let mut terminal = plain(&[]);
    terminal.press_for("IF(1,\r2,", "2,");
    terminal.press(CTRL_C);
    terminal.wait("a prompt", Terminal::is_at_prompt);
    terminal.enter("1 + 1");
    assert!(terminal.text().ends_with("2 : Number\nclay>"), "{}", terminal.text());
    terminal.close();
    let mut terminal = plain(&[]);
    terminal.press(":q\r");
    let start = Instant::now();
    while terminal.take() {
        assert!(start.elapsed() < PATIENCE, ":q does not end the session");
    }
}

#[test]
fn lines_are_coloured_unless_they_must_not_be() {
    let mut terminal = Terminal::open(&["--rows", "corpus/docs/leads.jsonl"], 100, &[]);
    terminal.enter("LEN(Job Title) + FOO(1)");
    let written = terminal.close();
    for piece in [
        "\x1b[36mLEN\x1b[0m",
        "\x1b[32mJob\x1b[0m \x1b[32mTitle\x1b[0m",
        "\x1b[31mFOO\x1b[0m",
        "\x1b[34m1\x1b[0m",
    ] {
        assert!(written.contains(piece), "{piece:?} is not in {written:?}");
    }
    let mut terminal = plain(&["--rows", "corpus/docs/leads.jsonl"]);
    terminal.enter("LEN(Job Title) + FOO(1)");
    let written = terminal.close();
    let colour = written.split("\x1b[").skip(1).find(|code| {
        code.trim_start_matches(|next: char| next.is_ascii_digit() || next == ';').starts_with('m')
    });
    assert_eq!(colour, None, "{written:?}");
}

#[test]
fn the_signature_stands_behind_an_open_call() {
    let mut terminal = plain(&[]);
    terminal.press_for("LEFT(", "LEFT(  # LEFT(text, [count])  text: The text.");
    terminal.press_for("\"abc\", ", "# LEFT(text, [count])  count: How many; 1 if left out.");
    terminal.press("2)\r");
    terminal.wait("the answer", |terminal| {
        terminal.text().ends_with("clay> LEFT(\"abc\", 2)\n\"ab\" : Text\nclay>")
    });
    terminal.close();
}

#[test]
fn a_narrow_terminal_cuts_tables_and_wraps_lines() {
    let mut terminal = Terminal::open(
        &["corpus/seed/score.clay", "--rows", "corpus/seed/leads.jsonl"],
        40,
        &[("NO_COLOR", "1")],
    );
    // A formula that is longer than a line.
    terminal.press("CONTAINS(Company Name, \"an\", \"el\", \"il\", \"um\")\r");
    terminal.wait("the answer", |terminal| terminal.text().ends_with("\ntrue : Boolean\nclay>"));
    // A signature without room behind the line stands below it, and goes away with it.
    terminal.press_for("LEFT(Company Name & \"…\", ", "# LEFT(text, [count])  count: Number");
    assert!(terminal.text().contains("clay> LEFT(Company Name & \"…\",\n# LEFT"), "{}", terminal.text());
    terminal.press("2)\r");
    terminal.wait("the answer", |terminal| {
        terminal.text().ends_with("clay> LEFT(Company Name & \"…\", 2)\n\"Va\" : Text\nclay>")
    });
    terminal.enter(":row *");
    terminal.enter("LEN(Company Name & LinkedIn URL)");
    let text = terminal.text();
    assert!(text.contains("\nrow  Company Name   LinkedIn URL  result\n"), "{text}");
    assert!(text.contains("\n… 564 more"), "{text}");
    terminal.enter(":row 1");
    terminal.enter(":explain ICP Score");
    let text = terminal.text();
    assert!(text.contains("\n├─ 25  title     CONTAINS(Job Title,\n│"), "{text}");
    assert!(text.contains("\nno change of a single field was found\n  that raises ICP Score"), "{text}");
    terminal.enter(":row *");
    // A wider window is noticed.
    terminal.session.get_process_mut().set_window_size(100, 120).expect("a new size");
    terminal.screen.screen_mut().set_size(120, 100);
    terminal.enter("LEN(Company Name)  ");
    terminal.enter("LEN(LinkedIn URL) ");
    assert!(
        terminal.text().contains("https://www.linkedin.com/in/nadine-okonkwo-bell-7gk2xw"),
        "{}",
        terminal.text()
    );
    terminal.close();
}

/// The blocks of a page that show a session.
fn sessions(page: &Path) -> Vec<Vec<String>> {
    let text = std::fs::read_to_string(page).expect("a page");
    let blocks = text.split("\n```repl\n").skip(1).map(|rest| rest.split("\n```").next().unwrap_or_default());
    blocks.map(|block| block.lines().map(ToOwned::to_owned).collect()).collect()
}

/// Types the inputs of a session on a page, and gives what is on the screen at its end.
fn screen_after(block: &[String]) -> String {
    let command = block[0].strip_prefix("$ clayf repl").expect("a session begins with its command");
    let mut terminal = plain(&command.split_whitespace().collect::<Vec<_>>());
    let mut lines = block[1..].iter();
    while let Some(line) = lines.next() {
        let Some(keys) = line.strip_prefix("clay> ") else { continue };
        let mut input = if let Some(begun) = keys.strip_suffix("<Tab>") {
            completed(&mut terminal, begun, lines.next().expect("what Tab makes of it"))
        } else {
            terminal.press_for(keys, keys.trim_end());
            keys.to_owned()
        };
        terminal.press(ENTER);
        while !is_whole(&input) {
            let more = lines.next().expect("the rest of an input");
            terminal.press_for(more, more.trim_start());
            terminal.press(ENTER);
            input = format!("{input}\n{more}");
        }
        terminal.wait("the answer", Terminal::is_at_prompt);
    }
    let mut seen = terminal.lines();
    assert_eq!(seen.pop().as_deref(), Some(PROMPT));
    terminal.close();
    seen.join("\n")
}

/// Presses Tab behind what is begun, which gives the beginning of the line `wanted`, and types the rest of it.
fn completed(terminal: &mut Terminal, begun: &str, wanted: &str) -> String {
    // The line, without the signature behind it.
    let line = |terminal: &Terminal| {
        let last = terminal.lines().pop().unwrap_or_default();
        last.split("  # ").next().unwrap_or_default().to_owned()
    };
    terminal.press_for(begun, begun);
    terminal.press(TAB);
    let before = format!("clay> {begun}");
    terminal.wait("the completion", |terminal| {
        let shown = line(terminal);
        shown != before && wanted.starts_with(&shown)
    });
    let rest = wanted[line(terminal).len()..].to_owned();
    terminal.press_for(&rest, wanted);
    wanted.strip_prefix("clay> ").expect("a line at the prompt").to_owned()
}

#[test]
fn the_sessions_on_the_page_are_what_a_person_sees() {
    let page = PathBuf::from("docs/repl.md");
    let blocks = sessions(&page);
    assert!(blocks.len() >= 3, "the page has sessions");
    for block in blocks {
        let wanted: Vec<&str> =
            block[1..].iter().filter(|line| !line.ends_with("<Tab>")).map(|line| line.trim_end()).collect();
        let seen = screen_after(&block);
        assert!(seen == wanted.join("\n"), "{}: this session ends otherwise:\n{seen}", block[0]);
    }
}
