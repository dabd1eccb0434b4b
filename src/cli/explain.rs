//! `clayf explain`: why a row got its values, and what would change them.

mod json;
mod top;
mod tree;

use super::args::{ClockArgs, FormatArg};
use super::{Failure, check, input, report};
use crate::analysis::blank::earnings;
use crate::analysis::values::{Rows, Values};
use crate::check::ColumnId;
use crate::diagnostics::{Count, Diagnostic, Diagnostics, did_you_mean, suggest};
use crate::rules::Rules;
use crate::tools::against_rows::{about, compare};
use crate::tools::explain::{Part, explain as explain_row};
use crate::tools::find::{Lead, Leads, Which, find};
use crate::tools::nearby::{Nearby, nearby};
use crate::tools::profile::profile;
use crate::tools::score::{gives_number, is_read, scoring, tier_of};
use crate::value::{Clock, Value};
use clap::Args;
use std::path::PathBuf;

pub(super) const EXAMPLES: &str = "\
Examples:
  clayf explain score.clay leads.jsonl --row 7
  clayf explain score.clay leads.jsonl --where 'Lead Tier = \"A\" AND ISEMPTY(Work Email)'
  clayf explain score.clay leads.jsonl --row 7 --column 'ICP Score' --json
  clayf explain score.clay leads.jsonl --top     the distribution over all rows
  clayf explain score.clay                       the empty row";

/// Rows that are explained if not said otherwise.
const MOST_ROWS: usize = 10;
/// More columns than this are not moved: each is searched for.
const MOST_GOALS: usize = 3;

#[derive(Args, Debug)]
pub(super) struct ExplainArgs {
    /// The rule file
    #[arg(value_name = "FILE.clay")]
    file: PathBuf,
    /// The rows: files, or `-` for standard input; the empty row if there are none
    #[arg(value_name = "ROWS")]
    rows: Vec<PathBuf>,
    /// Explain the row of this number, from 1
    #[arg(long, value_name = "N", conflicts_with = "condition")]
    row: Option<u64>,
    /// Explain the rows for which this formula holds; it may use computed columns
    #[arg(long = "where", value_name = "FORMULA", allow_hyphen_values = true)]
    condition: Option<String>,
    /// Tell how the score is distributed over all rows, and which of its components tell the tiers apart
    #[arg(long, conflicts_with_all = ["row", "condition"])]
    top: bool,
    /// Explain this column only
    #[arg(long, value_name = "NAME")]
    column: Option<String>,
    /// Explain at most so many rows
    #[arg(long, value_name = "N", default_value_t = MOST_ROWS)]
    limit: usize,
    /// Print JSON, a row a line
    #[arg(long)]
    json: bool,
    /// The format of the rows [default: inferred from the file extension; JSON lines for standard input]
    #[arg(long, value_name = "FORMAT")]
    from: Option<FormatArg>,
    #[command(flatten)]
    clock: ClockArgs,
}

/// One row with all that is said of it.
struct Explained<'v> {
    lead: &'v Lead,
    columns: Vec<(ColumnId, Part<'v>)>,
    nearby: Vec<Nearby<'v>>,
}

/// Explains the rows that are asked for.
pub(super) fn explain(args: &ExplainArgs) -> Result<(), Failure> {
    let rules = check::load(&args.file)?;
    report::diagnostics(rules.warnings());
    let clock = args.clock.clock()?;
    let columns = columns(&rules, args.column.as_deref())?;
    if args.top {
        return whole_file(args, &rules, &clock, &columns);
    }
    let goals = goals(&rules, &columns);
    let leads = leads(args, &rules, &clock)?;
    let mut text = String::new();
    for lead in &leads.leads {
        let mut inputs = Vec::new();
        rules.inputs(&lead.keyed, &clock, &mut inputs);
        let parts = explain_row(&rules, &clock, &inputs, &columns);
        let explained = Explained {
            lead,
            columns: columns.iter().copied().zip(parts).collect(),
            nearby: goals.iter().map(|goal| moves(&rules, &clock, &inputs, *goal, &columns)).collect(),
        };
        if args.json {
            text.push_str(&json::line(&rules, &explained));
        } else {
            if !text.is_empty() {
                text.push('\n');
            }
            text.push_str(&tree::tree(&rules, &explained));
        }
    }
    report::to_stdout(&text)?;
    let more = leads.count as usize - leads.leads.len();
    if more > 0 {
        report::line(
            "note",
            &format!("{} like these; --limit says how many are explained", Count(more, "more row")),
        );
    }
    Ok(())
}

/// Why one column has its value in the row whose inputs these are, and what would change it.
pub(super) fn one_column(rules: &Rules, clock: &Clock, inputs: &[Value<'_>], id: ColumnId) -> String {
    let goal = goals(rules, &[id]).first().copied().unwrap_or(id);
    let nearby = moves(rules, clock, inputs, goal, &[id]);
    let parts = explain_row(rules, clock, inputs, &[id]);
    parts.first().map(|part| tree::one_column(rules, id, part, &nearby)).unwrap_or_default()
}

/// What would move the goal; where nothing does, and one column is asked for, what would move that.
fn moves<'v>(
    rules: &'v Rules,
    clock: &'v Clock,
    inputs: &[Value<'v>],
    goal: ColumnId,
    columns: &[ColumnId],
) -> Nearby<'v> {
    let found = nearby(rules, clock, inputs, goal);
    match columns {
        [only] if found.outcomes.is_empty() && *only != goal => nearby(rules, clock, inputs, *only),
        _ => found,
    }
}

/// `--top`: the score over all rows.
fn whole_file(args: &ExplainArgs, rules: &Rules, clock: &Clock, columns: &[ColumnId]) -> Result<(), Failure> {
    if args.rows.is_empty() {
        return Err(Failure::Usage(
            "--top tells of rows; name them: `clayf explain score.clay leads.jsonl --top`".to_owned(),
        ));
    }
    let tree = rules.tree();
    // A tier may be made of a private score.
    let all: Vec<ColumnId> = all_columns(rules).collect();
    let scoring = scoring(rules, if args.column.is_some() { columns } else { &all });
    let Some(score) = scoring.score.or(columns.first().copied()) else { return Ok(()) };
    let tier = scoring.tier.or_else(|| tier_of(rules, score));
    let files = input::with_formats(&args.rows, args.from)?;
    input::note_repeated(&files)?;
    let inputs = input::opened(&files);
    let profile =
        profile(rules, clock, score, tier, inputs).map_err(|error| Failure::Run(error.to_string()))?;
    let findings = findings_of(args, rules, clock, score)?;
    let earnings = earnings(&Values::new(tree, Rows::Any), tree.column(score));
    let (score, tier) = (&tree.column(score).name, tier.map(|tier| tree.column(tier).name.as_str()));
    report::to_stdout(&if args.json {
        top::json(score, tier, &profile, &earnings, &findings)
    } else {
        let mut text = top::text(score, tier, &profile);
        text.push_str(&top::blanks(&earnings));
        text.push_str(&top::findings(&findings, &check_command(args)));
        text
    })
}

/// What does not fit the rows in the formulas that the score is made of. Standard input cannot be read twice.
fn findings_of(
    args: &ExplainArgs,
    rules: &Rules,
    clock: &Clock,
    score: ColumnId,
) -> Result<Diagnostics, Failure> {
    let files = input::with_formats(&args.rows, args.from)?;
    let source = rules.warnings().source().clone();
    if files.iter().any(|(path, _)| !path.is_file()) {
        return Ok(Diagnostics::new(source, Vec::new()));
    }
    let found =
        compare(rules, clock, input::opened(&files)).map_err(|error| Failure::Run(error.to_string()))?;
    Ok(Diagnostics::new(source, about(rules, &found.findings, score)))
}

/// The command that prints the findings in full.
fn check_command(args: &ExplainArgs) -> String {
    let rows: Vec<String> = args.rows.iter().map(|path| path.display().to_string()).collect();
    format!("clayf check {} --rows {}", args.file.display(), rows.join(" "))
}

/// The rows that are asked for.
fn leads(args: &ExplainArgs, rules: &Rules, clock: &Clock) -> Result<Leads, Failure> {
    let formula =
        args.condition.as_deref().map(Rules::compile_formula).transpose().map_err(Failure::Rules)?;
    if args.rows.is_empty() {
        if args.row.is_some() || formula.is_some() {
            return Err(Failure::Usage(
                "name the rows: `clayf explain score.clay leads.jsonl --row 7`".to_owned(),
            ));
        }
        let lead = Lead { row: 0, label: None, keyed: vec![Value::Blank; rules.keys().len()] };
        return Ok(Leads { leads: vec![lead], count: 1, ..Leads::default() });
    }
    let which = match (args.row, &formula) {
        (Some(0), _) => return Err(Failure::Usage("rows count from 1".to_owned())),
        (Some(row), _) => Which::Number(row),
        (None, Some(formula)) => Which::Where(formula),
        (None, None) => {
            return Err(Failure::Usage(
                "say which rows: --row N, --where FORMULA, or --top for all of them together".to_owned(),
            ));
        }
    };
    let files = input::with_formats(&args.rows, args.from)?;
    input::note_repeated(&files)?;
    let inputs = input::opened(&files);
    let leads =
        find(rules, clock, which, args.limit, inputs).map_err(|error| Failure::Run(error.to_string()))?;
    if let Some(formula) = &formula {
        report::diagnostics(formula.warnings());
        note_unknown(rules, formula, &leads);
        note_unanswered(&leads);
    }
    if leads.count == 0 {
        let rows = Count(leads.rows as usize, "row");
        return Err(Failure::Run(match args.row {
            Some(row) => format!("there is no row {row}; there are {rows}"),
            None => format!("the formula of --where holds for none of {rows}"),
        }));
    }
    Ok(leads)
}

/// Tells of columns that a condition names and no row has.
fn note_unknown(rules: &Rules, formula: &Rules, leads: &Leads) {
    for key in formula.keys() {
        let is_known = rules.column_names().any(|name| name == key) || leads.keys.contains(key);
        // A name that is an expression in words is reported as that.
        let is_reported = formula.tree().inputs.iter().any(|input| {
            let at = input.span.start as usize;
            let is_there = |one: &Diagnostic| one.range().is_some_and(|range| range.contains(&at));
            input.own_key() == Some(key) && formula.warnings().iter().any(is_there)
        });
        if !is_known && !is_reported && leads.rows > 0 {
            let known = leads.keys.iter().map(String::as_str).chain(rules.column_names());
            let help = did_you_mean(&suggest(key, known)).map(|help| format!("; {help}")).unwrap_or_default();
            report::line(
                "warning",
                &format!("--where: no column `{key}` in the first rows, read as Blank{help}"),
            );
        }
    }
}

/// Tells of rows that are left out since a condition can't be told of them.
fn note_unanswered(leads: &Leads) {
    if let Some((row, why)) = &leads.first_unanswered {
        let rows = Count(leads.unanswered as usize, "row");
        let message = format!("--where can't be told of {rows}, left out (first row {row}): {why}");
        report::line("warning", &message);
    }
}

/// The column of this name, private or not; without a name, all columns that are written out. The columns of a file
/// that writes none out are all explained.
fn columns(rules: &Rules, name: Option<&str>) -> Result<Vec<ColumnId>, Failure> {
    let Some(name) = name else {
        let outputs: Vec<ColumnId> = rules.tree().outputs().map(|(id, _)| id).collect();
        return Ok(if outputs.is_empty() { all_columns(rules).collect() } else { outputs });
    };
    let found: Vec<ColumnId> =
        all_columns(rules).filter(|id| rules.tree().column(*id).name == name).collect();
    if found.is_empty() {
        let help = did_you_mean(&suggest(name, rules.column_names()));
        let names: Vec<&str> = rules.column_names().collect();
        let help = help.unwrap_or_else(|| format!("it computes {}", names.join(", ")));
        return Err(Failure::Usage(format!("the rule file computes no column `{name}`; {help}")));
    }
    Ok(found)
}

fn all_columns(rules: &Rules) -> impl Iterator<Item = ColumnId> {
    (0..rules.tree().columns.len()).map(|index| ColumnId(index as u32))
}

/// The columns whose other values are looked for: those that no other reads. Of a single column that is a number, the
/// tier that is made of it.
fn goals(rules: &Rules, columns: &[ColumnId]) -> Vec<ColumnId> {
    if let [only] = columns {
        let tier = tier_of(rules, *only).filter(|_| gives_number(rules, *only));
        return vec![tier.unwrap_or(*only)];
    }
    columns.iter().copied().filter(|id| !is_read(rules, *id)).take(MOST_GOALS).collect()
}
