//! `clayf diff`: the same rows under two versions of a rule file.

mod json;
mod markdown;
mod proof;
mod text;

use super::args::{ClockArgs, FormatArg};
use super::table::short;
use super::{Failure, fail_if, input, report, revision, table};
use crate::diagnostics::Count;
use crate::rules::Rules;
use crate::tools::diff::{
    ColumnDifference, DataChange, Difference, Mover, RowChange, RowChangeKind, Versions,
};
use crate::tools::test::write_cell;
use crate::value::{Clock, Value, number_text};
use clap::{Args, ValueEnum};
use std::path::PathBuf;

pub(super) const EXAMPLES: &str = "\
Examples:
  clayf diff HEAD:score.clay score.clay leads.jsonl      what the edit since the last commit changes
  clayf diff main:score.clay score.clay leads.jsonl --format markdown
  clayf diff main:score.clay score.clay --prove          whether any row at all changes
  clayf diff old.clay new.clay leads.csv --fail-if 'changed_percent > 5 OR Lead Tier.after.A < 40'";

const NO_ROWS: &str =
    "no rows to compare: add a file of rows, or `--prove` to compare over all possible rows";

#[derive(Args, Debug)]
pub(super) struct DiffArgs {
    /// The version before: a file, or one in git such as `HEAD~1:score.clay`
    #[arg(value_name = "OLD.clay")]
    old: PathBuf,
    /// The version after
    #[arg(value_name = "NEW.clay")]
    new: PathBuf,
    /// The rows, unless --prove is given: files, or `-` for standard input
    #[arg(value_name = "ROWS", conflicts_with = "prove")]
    rows: Vec<PathBuf>,
    /// Compare the versions over all possible rows: prove that they are equivalent, or show where they differ
    #[arg(long)]
    prove: bool,
    /// How to print the result
    #[arg(long, value_name = "HOW", default_value = "text")]
    format: DiffFormat,
    /// Exit with status 1 if this formula over the totals is TRUE; `--format json` shows the totals
    #[arg(long, value_name = "FORMULA", allow_hyphen_values = true)]
    fail_if: Option<String>,
    /// The format of the rows [default: inferred from the file extension; JSON lines for standard input]
    #[arg(long, value_name = "FORMAT")]
    from: Option<FormatArg>,
    #[command(flatten)]
    clock: ClockArgs,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum DiffFormat {
    /// Human-readable text
    Text,
    /// For a comment on a pull request
    Markdown,
    /// For tools
    Json,
}

/// What a report about a comparison shows.
struct Overview<'d> {
    old: String,
    new: String,
    /// Whether the old version does not have the file.
    is_new: bool,
    difference: &'d Difference,
    removed: Vec<&'d str>,
    added: Vec<&'d str>,
    /// The score, if both versions compute it.
    score: Option<&'d str>,
    /// The lookup data that differs.
    data: Vec<DataChange>,
}

/// Compares, prints, and fails where that is asked for.
pub(super) fn diff(args: &DiffArgs) -> Result<(), Failure> {
    let earlier = revision::load_earlier(&args.old)?;
    let is_new = earlier.is_none();
    let old = match earlier {
        Some(old) => old,
        None => Rules::none(&args.old.to_string_lossy()).map_err(Failure::Rules)?,
    };
    let new = revision::load(&args.new)?;
    report::diagnostics(new.warnings());
    let fail_if = fail_if::compile(args.fail_if.as_deref())?;
    let clock = args.clock.clock()?;
    if args.prove {
        return proof::prove(args, &old, &new, &clock);
    }
    if args.rows.is_empty() {
        return Err(Failure::Usage(NO_ROWS.to_owned()));
    }
    let versions = Versions::new(&old, &new, &clock);
    let files = input::with_formats(&args.rows, args.from)?;
    input::note_repeated(&files)?;
    let inputs = input::opened(&files);
    let difference = versions.compare(inputs).map_err(|error| Failure::Run(error.to_string()))?;
    let (removed, added) = versions.unpaired();
    let overview = Overview {
        old: args.old.display().to_string(),
        new: args.new.display().to_string(),
        is_new,
        difference: &difference,
        removed,
        added,
        score: versions.score(),
        data: versions.data_changes(&difference),
    };
    report::to_stdout(&match args.format {
        DiffFormat::Text => text::text(&overview),
        DiffFormat::Markdown => markdown::markdown(&overview),
        DiffFormat::Json => format!("{}\n", json::totals(&overview)),
    })?;
    let Some(formula) = fail_if else { return Ok(()) };
    let totals = fail_if::Totals {
        json: json::totals(&overview),
        by_value: &json::BY_VALUE,
        counts: &json::COUNTS,
        new_columns: &overview.added,
    };
    fail_if::unless_true(&formula, totals, &clock, args.fail_if.as_deref())
}

/// The values that a column takes, in order, if they are few enough for a matrix.
fn tiers(column: &ColumnDifference) -> Option<Vec<&str>> {
    const MOST: usize = 12;
    let mut names: Vec<&str> =
        column.moves.keys().flat_map(|(from, to)| [from.as_str(), to.as_str()]).collect();
    names.sort_unstable();
    names.dedup();
    (1..=MOST).contains(&names.len()).then_some(names)
}

/// Rows of cells: a header, then a row for each value before; the last column counts all.
fn matrix(column: &ColumnDifference, names: &[&str]) -> Vec<Vec<String>> {
    let count = |from: &str, to: &str| {
        column.moves.get(&(from.to_owned(), to.to_owned())).copied().unwrap_or_default()
    };
    let shown = |count: u64| if count == 0 { "·".to_owned() } else { count.to_string() };
    let mut header = vec![String::new()];
    header.extend(names.iter().map(|name| format!("to {name}")));
    header.push("before".to_owned());
    let mut rows = vec![header];
    for from in names {
        let counts: Vec<u64> = names.iter().map(|to| count(from, to)).collect();
        let mut row = vec![format!("from {from}")];
        row.extend(counts.iter().map(|count| shown(*count)));
        row.push(shown(counts.iter().sum()));
        rows.push(row);
    }
    let mut after = vec!["after".to_owned()];
    after.extend(names.iter().map(|to| shown(names.iter().map(|from| count(from, to)).sum())));
    after.push(String::new());
    rows.push(after);
    rows
}

/// `changed in 37 rows (6.4 %): 30 up, 7 down`
fn changes(column: &ColumnDifference, rows: u64) -> String {
    if column.changed == 0 {
        return "unchanged".to_owned();
    }
    // A few of very many are not none.
    let share = match table::percent(column.changed, rows) {
        0.0 => "under 0.1".to_owned(),
        share => number_text(share),
    };
    let mut text = format!("changed in {} ({share} %)", Count(column.changed as usize, "row"));
    let ways = [(column.up, "up", column.most_up), (column.down, "down", column.most_down)];
    let ways: Vec<String> = ways
        .iter()
        .filter(|(count, _, _)| *count > 0)
        .map(|(count, way, most)| format!("{count} {way} (by {} at most)", short(most.abs())))
        .collect();
    if !ways.is_empty() {
        text.push_str(&format!(": {}", ways.join(", ")));
    }
    text
}

/// What made the differences, the most frequent first: a name, rows, points.
fn blame(column: &ColumnDifference) -> Vec<(&str, u64, f64)> {
    let mut blame: Vec<(&str, u64, f64)> =
        column.blame.iter().map(|(name, blame)| (name.as_str(), blame.rows, blame.points)).collect();
    blame.sort_by(|one, other| other.1.cmp(&one.1).then(one.0.cmp(other.0)));
    blame
}

/// The first of what made the differences, and the others in words, so that an edit of hundreds of components is reported
/// in a few lines and its points still add up.
fn most_blamed(column: &ColumnDifference) -> (Vec<(&str, u64, f64)>, Option<String>) {
    const MOST: usize = 12;
    let mut names = blame(column);
    let others = names.split_off(names.len().min(MOST));
    let points: f64 = others.iter().map(|(_, _, points)| points).sum();
    let rest = format!(
        "{} more{}",
        others.len(),
        if points == 0.0 { String::new() } else { format!(", {} points", signed(points)) }
    );
    (names, (!others.is_empty()).then_some(rest))
}

/// `1 row changed, 2 added: moved 12 rows`
fn data_changes(data: &DataChange) -> String {
    let counts = [(data.changed, "changed"), (data.added, "added"), (data.removed, "removed")];
    let mut what: Vec<String> = Vec::new();
    for (count, word) in counts.into_iter().filter(|(count, _)| *count > 0) {
        let count = if what.is_empty() { Count(count, "row").to_string() } else { count.to_string() };
        what.push(format!("{count} {word}"));
    }
    // Rows may be the same under columns of other names.
    let what = if what.is_empty() { "other columns".to_owned() } else { what.join(", ") };
    let moved = match data.moved {
        0 => "no row moved".to_owned(),
        1 => "1 row moved".to_owned(),
        rows => format!("{rows} rows moved"),
    };
    format!("{what}; {moved}")
}

/// `points 30 → 40, label "S" → "M"`, `added`
fn row_change(row: &RowChange) -> String {
    const MOST: usize = 3;
    match &row.kind {
        RowChangeKind::Added => "added".to_owned(),
        RowChangeKind::Removed => "removed".to_owned(),
        RowChangeKind::Changed(cells) => {
            let cell = |(name, before, after): &(String, Value<'_>, Value<'_>)| {
                format!("{name} {}", step(before, after))
            };
            let mut shown: Vec<String> = cells.iter().take(MOST).map(cell).collect();
            if cells.len() > MOST {
                shown.push(format!("{} more", cells.len() - MOST));
            }
            shown.join(", ")
        }
    }
}

/// Says in how many rows several things made the difference, since their rows do not add up to those that changed.
fn joint(column: &ColumnDifference) -> Option<String> {
    (column.joint > 0)
        .then(|| format!("by several of these together in {}", Count(column.joint as usize, "row")))
}

/// The score if it changed, else the first column of numbers that did, or the first of any.
fn main_column<'d>(overview: &Overview<'d>) -> Option<&'d ColumnDifference> {
    let changed = || overview.difference.columns.iter().filter(|column| column.changed > 0);
    let score = changed().find(|column| Some(column.name.as_str()) == overview.score);
    let moves = |column: &&ColumnDifference| column.movers.iter().any(|mover| mover.distance() != 0.0);
    score.or_else(|| changed().find(moves)).or_else(|| changed().next())
}

/// `85 → 100`
fn step(before: &Value<'_>, after: &Value<'_>) -> String {
    format!("{} → {}", value_of(before), value_of(after))
}

/// What moved a row: components with their points, and the other columns that changed.
fn details(mover: &Mover) -> (String, String) {
    const MOST: usize = 3;
    let signed = |(name, by): &(String, f64)| {
        if *by == 0.0 { name.clone() } else { format!("{name} {}", signed(*by)) }
    };
    let mut because: Vec<String> = mover.because.iter().take(MOST).map(signed).collect();
    let more = mover.because.get(MOST..).unwrap_or_default();
    if !more.is_empty() {
        because.push(signed(&(format!("{} more", more.len()), more.iter().map(|(_, by)| by).sum())));
    }
    let others: Vec<String> =
        mover.others.iter().map(|(name, before, after)| format!("{name} {}", step(before, after))).collect();
    (because.join(", "), others.join(", "))
}

fn value_of(value: &Value<'_>) -> String {
    match value {
        Value::Number(number) => short(*number),
        Value::Text(_) => {
            let mut cell = String::new();
            write_cell(&mut cell, value, &Clock::system());
            cell.chars().take(40).collect()
        }
        other => crate::tools::explain::shown(other),
    }
}

fn signed(number: f64) -> String {
    if number > 0.0 { format!("+{}", short(number)) } else { short(number) }
}
