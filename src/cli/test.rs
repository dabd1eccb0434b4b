//! `clayf test`: tests of rule files, told to people or to machines.

mod github;
mod json;
mod junit;
mod people;
mod review;
mod words;

use super::args::FormatArg;
use super::{Failure, input, report};
use crate::batch;
use crate::diagnostics::{Diagnostics, Look, render};
use crate::tools::test::discover::{RuleFiles, rule_files};
use crate::tools::test::{Check, FileOutcome, Moment, Settings, Verdict, orphans, test_file};
use clap::{Args, ValueEnum};
use std::io::{IsTerminal, stdin, stdout};
use std::num::NonZeroUsize;
use std::path::PathBuf;

pub(super) const EXAMPLES: &str = "\
Examples:
  clayf test                         every rule file in this folder and those inside it
  clayf test score.clay --accept     the new results are what is wanted: keep them
  clayf test --coverage --fail-under 90
  clayf test score.clay --mutate     would the rows notice a mistake in the rule?
  clayf test --format github         in a workflow";

#[allow(clippy::struct_excessive_bools, reason = "each is a switch of the command line")]
#[derive(Args, Debug)]
pub(super) struct TestArgs {
    /// Rule files, and folders to search for them
    #[arg(value_name = "PATHS", default_value = ".")]
    pub(super) paths: Vec<PathBuf>,
    /// Rows for all rule files, instead of those beside each
    #[arg(long, value_name = "ROWS", num_args = 1..)]
    pub(super) rows: Vec<PathBuf>,
    /// The format of --rows [default: inferred from the file extension]
    #[arg(long, value_name = "FORMAT", requires = "rows")]
    pub(super) from: Option<FormatArg>,
    /// Take over what changed: rewrite snapshots, remove those that belong to nothing
    #[arg(long, conflicts_with = "review")]
    pub(super) accept: bool,
    /// Ask about each change
    #[arg(long)]
    pub(super) review: bool,
    /// Show which branches and arms no row and no example decided
    #[arg(long)]
    pub(super) coverage: bool,
    /// Put small mistakes into the rules, and show which ones no row and no example notices
    #[arg(long)]
    pub(super) mutate: bool,
    /// Fail if less than N per cent are covered, or of the mistakes noticed
    #[arg(long, value_name = "N")]
    pub(super) fail_under: Option<f64>,
    /// Fail if there is any warning about a rule file or its rows
    #[arg(long)]
    pub(super) strict: bool,
    /// How results are printed
    #[arg(long, value_name = "FORMAT", default_value = "people")]
    pub(super) format: ReportFormat,
    /// The value of `NOW()` and `TODAY()`, in ISO 8601 [default: `# now:` in the rule file, or the moment that a
    /// snapshot keeps]
    #[arg(long, value_name = "ISO")]
    pub(super) now: Option<String>,
    /// The time zone of dates without an offset; UTC if not said
    #[arg(long, value_name = "ZONE", allow_hyphen_values = true)]
    pub(super) tz: Option<String>,
    /// How many threads to use; all processors if not said
    #[arg(long, value_name = "N")]
    pub(super) threads: Option<NonZeroUsize>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum ReportFormat {
    /// A line for each rule file, and what failed
    People,
    /// One JSON object
    Json,
    #[value(help = "JUnit XML")]
    Junit,
    /// Workflow commands of GitHub Actions
    Github,
}

/// More threads than this only cost memory.
const MOST_THREADS: usize = 256;

/// All that was tested.
#[derive(Debug)]
struct Report {
    files: Vec<FileOutcome>,
    orphans: Vec<Check>,
    /// Shares that are lower than asked for, as sentences.
    too_low: Vec<String>,
}

impl Report {
    fn has_failed(&self) -> bool {
        let failed = |check: &Check| matches!(check.verdict, Verdict::Failed(_));
        self.files.iter().any(FileOutcome::has_failed)
            || self.orphans.iter().any(failed)
            || !self.too_low.is_empty()
    }
}

/// Runs the tests and prints what came of them.
pub(super) fn test(args: &TestArgs) -> Result<(), Failure> {
    let found = checked_arguments(args)?;
    if let Some(rule) = args.rows.iter().find(|path| input::is_rule(path)) {
        let shown = rule.display();
        return Err(Failure::Usage(format!(
            "{shown} is a rule file, and --rows takes all that stands behind it: `clayf test {shown} --rows leads.jsonl`"
        )));
    }
    let rows = if args.rows.is_empty() { Vec::new() } else { input::with_formats(&args.rows, args.from)? };
    if rows.iter().any(|(path, _)| path.as_os_str() == "-") {
        return Err(Failure::Usage(
            "rows from standard input have no name for a snapshot; name a file".to_owned(),
        ));
    }
    let moment = Moment { now: args.now.clone(), tz: args.tz.clone() };
    moment.clock().map_err(|error| Failure::Usage(error.to_string()))?;
    let settings = Settings {
        rows,
        moment,
        accept: args.accept,
        strict: args.strict,
        ci: is_ci(),
        threads: args.threads.map_or_else(batch::processors, usize::from).min(MOST_THREADS),
        coverage: args.coverage,
        mutate: args.mutate,
        report: &plain_reports,
    };
    let look = report::stdout_look();
    let mut report = Report { files: Vec::new(), orphans: Vec::new(), too_low: Vec::new() };
    let mut quit = false;
    for path in &found.files {
        let mut outcome = test_file(path, &settings);
        for (file, repeated) in &outcome.repeated {
            report::text(&super::summary::repeated_columns(&file.display().to_string(), repeated));
        }
        if args.review && !quit {
            quit = review::review(&mut outcome, look)?;
        }
        if args.format == ReportFormat::People {
            report::to_stdout(&people::file(&outcome, look))?;
        }
        report.files.push(outcome);
    }
    report.orphans = orphans(&found, &settings);
    if args.strict {
        report.orphans.iter_mut().for_each(Check::take_no_warning);
    }
    report.too_low = too_low(args, &report.files);
    report::to_stdout(&match args.format {
        ReportFormat::People => people::end(&report, look),
        ReportFormat::Json => json::json(&report),
        ReportFormat::Junit => junit::junit(&report),
        ReportFormat::Github => github::github(&report),
    })?;
    if report.has_failed() { Err(Failure::Told(1)) } else { Ok(()) }
}

fn checked_arguments(args: &TestArgs) -> Result<RuleFiles, Failure> {
    let usage = |message: &str| Err(Failure::Usage(message.to_owned()));
    if args.fail_under.is_some() && !args.coverage && !args.mutate {
        return usage("--fail-under needs a share to look at: add --coverage or --mutate");
    }
    if args.fail_under.is_some_and(|share| !(0.0..=100.0).contains(&share)) {
        return usage("--fail-under takes per cent, from 0 to 100");
    }
    if args.review && args.format != ReportFormat::People {
        return usage("--review asks people; leave out --format");
    }
    if args.review && !(stdin().is_terminal() && stdout().is_terminal()) {
        return usage("--review asks at a terminal, and there is none; --accept takes over all changes");
    }
    rule_files(&args.paths).map_err(|error| Failure::Usage(error.to_string()))
}

/// Whether this runs where nobody looks at what is written: `CI` is set.
fn is_ci() -> bool {
    std::env::var("CI")
        .is_ok_and(|value| !value.is_empty() && value != "0" && !value.eq_ignore_ascii_case("false"))
}

/// Reports as snapshots hold them.
fn plain_reports(found: &Diagnostics) -> String {
    let reports: Vec<String> = found.iter().map(|one| render(one, found.source(), Look::default())).collect();
    reports.join("\n")
}

/// The covered share of all files, and how many outcomes they have.
fn coverage_of(files: &[FileOutcome]) -> Option<(f64, usize, usize)> {
    let all = || files.iter().filter_map(|file| file.coverage.as_ref());
    all().next()?;
    let (covered, outcomes) =
        all().fold((0, 0), |(covered, all), one| (covered + one.covered(), all + one.outcomes));
    Some((share(covered, outcomes), covered, outcomes))
}

/// The noticed share of all mutants, and how many there are.
fn mutation_of(files: &[FileOutcome]) -> Option<(f64, usize, usize)> {
    let all = || files.iter().filter_map(|file| file.mutation.as_ref());
    all().next()?;
    let (noticed, mutants) =
        all().fold((0, 0), |(noticed, all), one| (noticed + one.noticed(), all + one.mutants));
    Some((share(noticed, mutants), noticed, mutants))
}

fn share(part: usize, whole: usize) -> f64 {
    if whole == 0 { 100.0 } else { part as f64 * 100.0 / whole as f64 }
}

fn too_low(args: &TestArgs, files: &[FileOutcome]) -> Vec<String> {
    let Some(wanted) = args.fail_under else { return Vec::new() };
    let shares = [
        (coverage_of(files), "of the outcomes are covered"),
        (mutation_of(files), "of the mutants are noticed"),
    ];
    let low = shares.into_iter().filter_map(|(share, what)| {
        let (share, _, _) = share.filter(|(share, ..)| *share < wanted)?;
        Some(format!("{} {what}; --fail-under asks for {}", words::percent(share), words::percent(wanted)))
    });
    low.collect()
}
