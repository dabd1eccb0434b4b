//! Tests as people read them: a line for each rule file, what failed below it, and a summary.

use super::words;
use super::{Report, coverage_of, mutation_of};
use crate::diagnostics::{Count, Look, Source, render, visible};
use crate::span::Span;
use crate::tools::coverage::{Coverage, DataSeen, SetSeen};
use crate::tools::mutate::{MOST_ROWS, Mutation};
use crate::tools::test::{Check, FileOutcome, Problem, Subject, Verdict};
use miette::{Diagnostic, LabeledSpan, Severity};
use std::fmt;

/// More labels than this make a drawing that nobody reads.
const MOST_LABELS: usize = 40;
/// More mutants than this are only counted.
const MOST_SURVIVORS: usize = 60;

const GREEN: &str = "32";
const RED: &str = "31";
const YELLOW: &str = "33";
const DIM: &str = "2";

fn paint(text: &str, code: &str, look: Look) -> String {
    if look.color { format!("\u{1b}[{code}m{text}\u{1b}[0m") } else { text.to_owned() }
}

/// What became of one file.
pub(super) fn file(outcome: &FileOutcome, look: Look) -> String {
    let mark = if outcome.has_failed() {
        paint("✗", RED, look)
    } else if outcome.checks.is_empty() {
        paint("–", YELLOW, look)
    } else {
        paint("✓", GREEN, look)
    };
    let counts = words::counts(outcome);
    let warnings = match outcome.warnings {
        0 => String::new(),
        count => format!(", {}", Count(count, "warning")),
    };
    let counts = if failed_to_compile(outcome) { String::new() } else { format!("  {counts}{warnings}") };
    let mut text = format!("{mark} {}{}\n", words::path(&outcome.path), paint(&counts, DIM, look));
    for check in &outcome.checks {
        text.push_str(&one_check(outcome, check, look));
    }
    if let Some(coverage) = &outcome.coverage {
        text.push_str(&coverage_of_file(coverage, &outcome.source, look));
    }
    if let Some(mutation) = &outcome.mutation {
        text.push_str(&mutants(outcome, mutation, look));
    }
    text
}

fn failed_to_compile(outcome: &FileOutcome) -> bool {
    let is_file = |check: &Check| check.subject == Subject::File;
    outcome.has_failed() && outcome.checks.iter().all(is_file)
}

fn one_check(outcome: &FileOutcome, check: &Check, look: Look) -> String {
    let Verdict::Failed(problem) = &check.verdict else {
        let color = if matches!(check.verdict, Verdict::Warned(_)) { YELLOW } else { GREEN };
        let remark = words::remark(&check.verdict);
        return remark.map(|remark| format!("  {}\n", paint(&remark, color, look))).unwrap_or_default();
    };
    if let Problem::Refused(found) = problem {
        let reports = found.iter().map(|one| render(one, found.source(), look));
        return reports.collect::<Vec<_>>().join("\n");
    }
    let place = match words::line(&check.subject, problem) {
        Some(line) => format!("{}:{line}: ", words::path(&outcome.path)),
        None => String::new(),
    };
    let mut text =
        format!("  {}\n", paint(&format!("{place}{}", words::headline(&check.subject, problem)), RED, look));
    for line in words::details(problem) {
        text.push_str(&format!("    {}\n", painted(&line, look)));
    }
    text
}

/// A line of a difference in its colour.
pub(super) fn painted(line: &str, look: Look) -> String {
    match line.chars().next() {
        Some('+') => paint(line, GREEN, look),
        Some('-') => paint(line, RED, look),
        _ => line.to_owned(),
    }
}

/// What was not covered, drawn on the source text.
fn coverage_of_file(coverage: &Coverage, source: &Source, look: Look) -> String {
    let share = format!(
        "coverage {}: {} of {}",
        words::percent(coverage.percent()),
        coverage.covered(),
        Count(coverage.outcomes, "outcome")
    );
    if coverage.missed.is_empty() {
        return format!("  {}\n{}", paint(&share, GREEN, look), sets(coverage, source));
    }
    let mut labels = labels(coverage, source);
    let more = labels.len().saturating_sub(MOST_LABELS);
    labels.truncate(MOST_LABELS);
    let mut text = String::new();
    for labels in layers(labels) {
        let drawn = render(&Uncovered { share: &share, labels }, source, look);
        // Further drawings stand below the first, under the same headline.
        let frame = drawn.lines().position(|line| line.contains("╭─")).filter(|_| !text.is_empty());
        drawn.lines().skip(frame.unwrap_or(0)).for_each(|line| text.extend([line, "\n"]));
    }
    if more > 0 {
        text.push_str(&format!("  … and {more} more that never happened\n"));
    }
    text + &sets(coverage, source)
}

/// How many members of each set of constants were seen, and how many rows of lookup data, where not all were.
fn sets(coverage: &Coverage, source: &Source) -> String {
    let partial = coverage.sets.iter().filter(|set| (1..set.members).contains(&set.seen));
    let line = |set: &SetSeen| {
        let (start, members) = (set.span.start as usize, Count(set.members, "member"));
        let line = source.position(start).line;
        let place = source
            .other_name_at(start)
            .map_or_else(|| format!("line {line}"), |file| format!("{file}:{line}"));
        format!("  {place}: {} of {members} were seen\n", set.seen)
    };
    let data = coverage.data.iter().filter(|data| data.found < data.rows);
    let rows = |data: &DataSeen| {
        format!("  {}: {} of {} were found\n", data.file, data.found, Count(data.rows, "row"))
    };
    partial.map(line).chain(data.map(rows)).collect()
}

/// What never happened at one place.
struct Label {
    span: Span,
    what: String,
}

/// The labels of what was not covered, each on its first line, which is all that is drawn of it; one for each place.
fn labels(coverage: &Coverage, source: &Source) -> Vec<Label> {
    let mut labels: Vec<Label> = Vec::new();
    for missed in coverage.outermost() {
        let shown = source.shown_span(missed.span.start as usize, missed.span.end as usize);
        let span = shown.first_line(source.text());
        // They come in the order of the text.
        let mut here = labels.iter_mut().rev().take_while(|label| label.span.start == span.start);
        match here.find(|label| label.span == span) {
            Some(label) => label.what = format!("{}; {}", label.what, missed.what),
            None => labels.push(Label { span, what: missed.what.to_owned() }),
        }
    }
    labels
}

/// Spreads labels over drawings, in each of which none lies over another: of two that do the one behind would stand
/// where the first one ends, at something else. The inner one is drawn first.
fn layers(mut labels: Vec<Label>) -> Vec<Vec<Label>> {
    labels.sort_by_key(|label| label.span.end - label.span.start);
    let mut layers: Vec<Vec<Label>> = Vec::new();
    for label in labels {
        let is_over = |other: &Label| other.span.start < label.span.end && label.span.start < other.span.end;
        match layers.iter_mut().find(|layer| !layer.iter().any(is_over)) {
            Some(layer) => layer.push(label),
            None => layers.push(vec![label]),
        }
    }
    layers
}

struct Uncovered<'c> {
    share: &'c str,
    labels: Vec<Label>,
}

impl fmt::Debug for Uncovered<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.share)
    }
}

impl fmt::Display for Uncovered<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.share)
    }
}

impl std::error::Error for Uncovered<'_> {}

impl Diagnostic for Uncovered<'_> {
    fn severity(&self) -> Option<Severity> {
        Some(Severity::Warning)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        let labels = self.labels.iter();
        Some(Box::new(labels.map(|label| LabeledSpan::new_with_span(Some(label.what.clone()), label.span))))
    }
}

fn mutants(outcome: &FileOutcome, mutation: &Mutation, look: Look) -> String {
    let color = if mutation.survivors.is_empty() { GREEN } else { YELLOW };
    let share = format!("{} of {} noticed", mutation.noticed(), Count(mutation.mutants, "mutant"));
    let mut text = format!("  {}\n", paint(&share, color, look));
    if mutation.left_out > 0 {
        text.push_str(&format!("    {} more were not tried\n", mutation.left_out));
    }
    if mutation.cut {
        text.push_str(&format!("    only the first {MOST_ROWS} rows were looked at\n"));
    }
    for one in mutation.survivors.iter().take(MOST_SURVIVORS) {
        let note = one.note.as_ref().map(|note| format!("  ({})", visible(note))).unwrap_or_default();
        let file = one.file.clone().unwrap_or_else(|| words::path(&outcome.path));
        let place = format!("{file}:{}:{}", one.line, one.character);
        let edit = format!("`{}` → {}", one.from, edit(&one.to));
        text.push_str(&format!("    {place}: {}{}\n", visible(&edit), paint(&note, DIM, look)));
    }
    if mutation.survivors.len() > MOST_SURVIVORS {
        text.push_str(&format!("    … and {} more\n", mutation.survivors.len() - MOST_SURVIVORS));
    }
    text
}

/// New text in quotes; `left out`, `negated` and `swapped with …` are no text of the rule.
fn edit(to: &str) -> String {
    if to == "left out" || to == "negated" {
        return to.to_owned();
    }
    match to.strip_prefix("swapped with ") {
        Some(other) => format!("swapped with `{other}`"),
        None => format!("`{to}`"),
    }
}

/// What stands below all files.
pub(super) fn end(report: &Report, look: Look) -> String {
    let mut text = String::new();
    for check in &report.orphans {
        let Subject::Orphan(file) = &check.subject else { continue };
        text.push_str(&match &check.verdict {
            Verdict::Failed(problem) => {
                format!("{} {}\n", paint("✗", RED, look), words::headline(&check.subject, problem))
            }
            Verdict::Warned(why) => {
                let line = format!("{} belongs to nothing: {why}; --accept removes it", words::path(file));
                format!("{} {line}\n", paint("!", YELLOW, look))
            }
            verdict => {
                format!("{} {}\n", paint("✓", GREEN, look), words::remark(verdict).unwrap_or_default())
            }
        });
    }
    for sentence in &report.too_low {
        text.push_str(&format!("{} {sentence}\n", paint("✗", RED, look)));
    }
    text.push_str(&summary(report, look));
    text
}

fn summary(report: &Report, look: Look) -> String {
    let failed = report.files.iter().filter(|file| file.has_failed()).count();
    let untested = report.files.iter().filter(|file| file.checks.is_empty()).count();
    let passed = report.files.len() - failed - untested;
    let mut parts = Vec::new();
    if passed > 0 {
        parts.push(paint(&format!("{passed} passed"), GREEN, look));
    }
    if failed > 0 {
        parts.push(paint(&format!("{failed} failed"), RED, look));
    }
    if untested > 0 {
        parts.push(paint(&format!("{untested} without tests"), YELLOW, look));
    }
    let orphans = report.orphans.iter().filter(|check| matches!(check.verdict, Verdict::Failed(_))).count();
    if orphans > 0 {
        parts.push(paint(&format!("{} of nothing", Count(orphans, "snapshot")), RED, look));
    }
    if !report.too_low.is_empty() {
        parts.push(paint(&format!("{} too low", Count(report.too_low.len(), "share")), RED, look));
    }
    let mut text = format!("{}: {}\n", Count(report.files.len(), "rule file"), parts.join(", "));
    if let Some((share, covered, outcomes)) = coverage_of(&report.files).filter(|_| report.files.len() > 1) {
        text.push_str(&format!(
            "coverage {}: {covered} of {}\n",
            words::percent(share),
            Count(outcomes, "outcome")
        ));
    }
    if let Some((share, noticed, mutants)) = mutation_of(&report.files).filter(|_| report.files.len() > 1) {
        text.push_str(&format!(
            "{noticed} of {} noticed, {}\n",
            Count(mutants, "mutant"),
            words::percent(share)
        ));
    }
    let is_changed = |check: &Check| matches!(check.verdict, Verdict::Failed(Problem::Changed(_)));
    if report.files.iter().flat_map(|file| &file.checks).any(is_changed) {
        text.push_str(
            "if the new results are right, `--accept` takes them over, and `--review` asks one by one\n",
        );
    }
    text
}
