//! `JUnit` XML, which most servers that run tests can show.

use super::{Report, words};
use crate::diagnostics::Diagnostic;
use crate::diagnostics::{Diagnostics, Look, render};
use crate::tools::test::{Check, Problem, Verdict};

/// A suite for each rule file, a case for each of its tests, and for each mistake where it does not compile.
pub(super) fn junit(report: &Report) -> String {
    let mut suites = String::new();
    let (mut tests, mut failures) = (0, 0);
    let mut add = |name: &str, cases: &[Case]| {
        let failed = cases.iter().filter(|case| case.failure.is_some()).count();
        tests += cases.len();
        failures += failed;
        suites.push_str(&format!(
            "  <testsuite name=\"{}\" tests=\"{}\" failures=\"{failed}\" errors=\"0\" skipped=\"0\">\n",
            escaped(name),
            cases.len()
        ));
        cases.iter().for_each(|case| suites.push_str(&case.to_xml(name)));
        suites.push_str("  </testsuite>\n");
    };
    for file in &report.files {
        let cases: Vec<Case> = file.checks.iter().flat_map(Case::all).collect();
        add(&words::path(&file.path), &cases);
    }
    let mut others: Vec<Case> = report.orphans.iter().flat_map(Case::all).collect();
    others.extend(report.too_low.iter().map(|sentence| Case {
        name: "--fail-under".to_owned(),
        line: None,
        failure: Some((sentence.clone(), Vec::new())),
        output: None,
    }));
    if !others.is_empty() {
        add("clayf test", &others);
    }
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"clayf test\" tests=\"{tests}\" failures=\"{failures}\" errors=\"0\">\n{suites}</testsuites>\n"
    )
}

struct Case {
    name: String,
    line: Option<usize>,
    failure: Option<(String, Vec<String>)>,
    /// What it has to say although it did not fail.
    output: Option<String>,
}

impl Case {
    /// What became of a test: one case, or one for each mistake of a file that does not compile.
    fn all(check: &Check) -> Vec<Self> {
        match &check.verdict {
            Verdict::Failed(Problem::Refused(found)) => Self::mistakes(found),
            _ => vec![Self::new(check)],
        }
    }

    /// Mistakes fail; a warning is told in a case that does not.
    fn mistakes(found: &Diagnostics) -> Vec<Self> {
        let case = |one: &Diagnostic| {
            let place = found.source().position(one.offset());
            let message = format!("{one} [{}]", one.code());
            let report = render(one, found.source(), Look::default());
            let report: Vec<String> = report.lines().map(ToOwned::to_owned).collect();
            let other = found.source().other_name_at(one.offset());
            let name = match other {
                Some(file) => format!("compiles, {file}:{place}, {}", one.code()),
                None => format!("compiles, line {place}, {}", one.code()),
            };
            let (failure, output) =
                if one.is_warning() { (None, Some(message)) } else { (Some((message, report)), None) };
            let line = other.is_none().then_some(place.line);
            Self { name, line, failure, output }
        };
        found.iter().map(case).collect()
    }

    fn new(check: &Check) -> Self {
        let failed = match &check.verdict {
            Verdict::Failed(problem) => Some(problem),
            _ => None,
        };
        let of_problem =
            |problem: &Problem| (words::headline(&check.subject, problem), words::details(problem));
        Self {
            name: words::subject(&check.subject),
            line: failed.and_then(|problem| words::line(&check.subject, problem)),
            failure: failed.map(of_problem),
            output: None,
        }
    }

    fn to_xml(&self, file: &str) -> String {
        let line = self.line.map(|line| format!(" line=\"{line}\"")).unwrap_or_default();
        let file = escaped(file);
        let start = format!(
            "    <testcase classname=\"{file}\" name=\"{}\" file=\"{file}\"{line}",
            escaped(&self.name)
        );
        match (&self.failure, &self.output) {
            (None, None) => format!("{start}/>\n"),
            (None, Some(output)) => {
                format!("{start}>\n      <system-out>{}</system-out>\n    </testcase>\n", escaped(output))
            }
            (Some((message, details)), _) => format!(
                "{start}>\n      <failure message=\"{}\">{}</failure>\n    </testcase>\n",
                escaped(message),
                escaped(&details.join("\n"))
            ),
        }
    }
}

/// Text for XML; characters that XML does not know are shown by their number.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for next in text.chars() {
        match next {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\n' => out.push_str("&#10;"),
            '\t' => out.push_str("&#9;"),
            _ if next.is_control() || matches!(next, '\u{fffe}' | '\u{ffff}') => {
                out.push_str(&format!("\\u{{{:x}}}", u32::from(next)));
            }
            _ => out.push(next),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::escaped;

    #[test]
    fn nothing_breaks_the_xml() {
        assert_eq!(
            escaped("a<b> & \"c\"\u{0}\n\u{ffff}"),
            "a&lt;b&gt; &amp; &quot;c&quot;\\u{0}&#10;\\u{ffff}"
        );
    }
}
