//! Workflow commands of GitHub Actions, which it shows beside the lines of a pull request.

use super::{Report, words};
use crate::diagnostics::visible;
use crate::tools::coverage::Coverage;
use crate::tools::test::{FileOutcome, Problem, Subject, Verdict};
use std::path::{Path, PathBuf};

/// One command for each failure, warning, uncovered place and mutant that lives on.
pub(super) fn github(report: &Report) -> String {
    let mut text = String::new();
    for file in &report.files {
        of_file(file, &mut text);
    }
    for check in &report.orphans {
        let Subject::Orphan(path) = &check.subject else { continue };
        match &check.verdict {
            Verdict::Failed(problem) => {
                text.push_str(&command("error", Some(path), None, &words::headline(&check.subject, problem)));
            }
            Verdict::Warned(why) => {
                let message = format!("the snapshot belongs to nothing: {why}");
                text.push_str(&command("warning", Some(path), None, &message));
            }
            _ => {}
        }
    }
    for sentence in &report.too_low {
        text.push_str(&command("error", None, None, sentence));
    }
    text
}

fn of_file(file: &FileOutcome, text: &mut String) {
    let path = Some(file.path.as_path());
    for check in &file.checks {
        match &check.verdict {
            Verdict::Failed(Problem::Refused(found)) => {
                // Each mistake stands beside the line that it is on.
                for one in found.iter() {
                    let line = found.source().position(one.offset()).line;
                    let path = in_file(&file.path, found.source().other_name_at(one.offset()));
                    let path = Some(path.as_path());
                    let kind = if one.is_warning() { "warning" } else { "error" };
                    text.push_str(&command(kind, path, Some(line), &format!("{one} [{}]", one.code())));
                }
            }
            Verdict::Failed(problem) => {
                let mut message = words::headline(&check.subject, problem);
                for line in words::details(problem) {
                    message.push('\n');
                    message.push_str(&line);
                }
                text.push_str(&command("error", path, words::line(&check.subject, problem), &message));
            }
            Verdict::Warned(why) => text.push_str(&command("warning", path, None, why)),
            _ => {}
        }
    }
    for missed in file.coverage.iter().flat_map(Coverage::outermost) {
        let line = file.source.position(missed.span.start as usize).line;
        let path = in_file(&file.path, file.source.other_name_at(missed.span.start as usize));
        let path = Some(path.as_path());
        let excerpt = missed.span.of(file.source.text()).lines().next().unwrap_or_default();
        text.push_str(&command("warning", path, Some(line), &format!("{}: {excerpt}", missed.what)));
    }
    for one in file.mutation.iter().flat_map(|mutation| &mutation.survivors) {
        let note = one.note.as_ref().map(|note| format!(" ({note})")).unwrap_or_default();
        let path = in_file(&file.path, one.file.as_deref());
        let path = Some(path.as_path());
        let message = format!("no row notices {} → {}{note}", one.from, one.to);
        text.push_str(&command("warning", path, Some(one.line), &message));
    }
}

/// The file that a place is in, where it is not the rule file.
fn in_file(rule: &Path, other: Option<&str>) -> PathBuf {
    other.map_or_else(|| rule.to_owned(), PathBuf::from)
}

fn command(kind: &str, path: Option<&Path>, line: Option<usize>, message: &str) -> String {
    let mut properties = Vec::new();
    if let Some(path) = path {
        let shown = path.display().to_string().replace('\\', "/");
        properties.push(format!("file={}", property(&shown)));
        properties.extend(line.map(|line| format!("line={line}")));
    }
    properties.push(format!("title={}", property("clayf test")));
    format!("::{kind} {}::{}\n", properties.join(","), data(&visible(message)))
}

/// The text of a message: what would end the command is escaped.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// The value of a property, which `:` and `,` would end as well.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::command;
    use std::path::Path;

    #[test]
    fn what_would_end_a_command_is_escaped() {
        let text = command("error", Some(Path::new("a,b:c%\n.clay")), Some(3), "50 %\r\nmore: a, b");
        let wanted = "::error file=a%2Cb%3Ac%25%0A.clay,line=3,title=clayf test::50 %25\\u{d}%0Amore: a, b\n";
        assert_eq!(text, wanted);
    }
}
