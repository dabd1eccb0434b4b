//! Texts and numbers of rows that are not read as the number, date or condition that the rule expects.

use super::bench::{Bench, Place, Site};
use super::findings::Findings;
use super::wants::{Want, wants};
use crate::check::{Node, NodeKind};
use crate::diagnostics::RowLint;
use crate::span::Span;
use crate::syntax::{bare_or_braced, print_text};
use crate::tools::spelled::{
    Counted, Spelled, Spellings, best_format, could_be_date, count_of, listed, listed_values,
};
use crate::types::Type;
use crate::value::{Text, Value};
use std::rc::Rc;

const RANGES: [&str; 3] = ["RANGEMIN", "RANGEMID", "RANGEMAX"];
/// Functions that ask for the kind of a value before it is used.
const KIND_TESTS: [&str; 5] = ["ISNUMBER", "ISTEXT", "ISNONTEXT", "TYPE", "ISLOGICAL"];
/// Functions that recognize placeholders, or what is none.
pub(super) const PLACEHOLDER_TESTS: [&str; 3] = ["ISPLACEHOLDER", "ISEMAIL", "ISPHONE"];

/// How many placeholders a suggested `blank` line has at most.
const MOST_BLANKS: usize = 5;

/// A value of the rows at its use.
struct Use<'u, 'r> {
    bench: &'u Bench<'r>,
    site: Option<&'u Site<'r>>,
    want: Want,
    place: Place<'r>,
    /// As the rule spells it.
    name: String,
    at: Span,
    spellings: Rc<Spellings<'r>>,
}

/// Adds a finding for each place whose values are not read as what the rule expects.
pub(super) fn find<'r>(bench: &Bench<'r>, findings: &mut Findings<'r>) {
    for (id, input) in (0..).map(crate::check::InputId).zip(&bench.rules.tree().inputs) {
        let want = match input.declared {
            Type::Number => Want::Number,
            Type::Date => Want::Date,
            Type::Boolean => Want::Condition,
            _ => continue,
        };
        let Some(place) = bench.place_of_input(id) else { continue };
        let Some(spellings) = bench.spellings(&place) else { continue };
        let name = bare_or_braced(&input.name);
        Use { bench, site: None, want, place, name, at: input.span, spellings }.check(findings);
    }
    for site in &bench.sites {
        for (want, node) in wants(site, bench.clock) {
            check_node(bench, site, want, node, findings);
        }
    }
}

fn check_node<'r>(
    bench: &Bench<'r>,
    site: &Site<'r>,
    want: Want,
    node: &'r Node,
    findings: &mut Findings<'r>,
) {
    let (name, at) = (bench.written(node), node.span);
    if let Some(place) = bench.place(node, &site.scope) {
        let place = items_of(bench, place, want);
        let Some(spellings) = bench.spellings(&place) else { return };
        return Use { bench, site: Some(site), want, place, name, at, spellings }.check(findings);
    }
    let NodeKind::Call(builtin, args) = &node.kind else { return };
    if builtin.returns.ty != Type::Text || args.is_empty() {
        return;
    }
    if ["LEFT", "RIGHT", "MID"].contains(&builtin.name) {
        let is_fixed = args[1..].iter().all(|arg| matches!(arg.kind, NodeKind::Constant(_)));
        let Some(place) = bench.place(&args[0], &site.scope).filter(|_| is_fixed) else { return };
        let Some(spellings) = bench.spellings(&place) else { return };
        let (name, want) = (bench.written(&args[0]), Want::Amount);
        return Use { bench, site: Some(site), want, place, name, at, spellings }.check(findings);
    }
    let Some(domain) = bench.domain(node, &site.scope) else { return };
    let texts = domain.values.iter().filter_map(|(value, count)| match value {
        Value::Text(text) => Some((text.clone(), *count)),
        _ => None,
    });
    let spellings = Rc::new(Spellings::of_texts(bench.clock, texts.collect()));
    Use { bench, site: Some(site), want, place: domain.place.clone(), name, at, spellings }.check(findings);
}

/// The items of a place that is a list, where a list of numbers will do.
fn items_of<'r>(bench: &Bench<'r>, mut place: Place<'r>, want: Want) -> Place<'r> {
    if want == Want::Numbers && bench.shape(&place).is_some_and(|shape| shape.lists > 0) {
        place.steps.push(crate::tools::shape::ShapeStep::Item);
    }
    place
}

impl<'r> Use<'_, 'r> {
    fn check(&self, findings: &mut Findings<'r>) {
        match self.want {
            Want::Number | Want::Numbers | Want::Amount => self.number(findings),
            Want::NumberOrDate => {
                self.number(findings);
                self.date(findings);
            }
            Want::Date => self.date(findings),
            Want::Condition => self.condition(findings),
        }
    }

    fn list(&self, spelled: Spelled) -> Counted<'r> {
        self.spellings.list(spelled)
    }

    fn rows(&self, list: &Counted<'_>) -> String {
        self.bench.share(&self.place, count_of(list))
    }

    /// Whether the formula calls one of these functions on the same place.
    fn is_guarded(&self, names: &[&str]) -> bool {
        self.bench.calls_on(&self.place, names, self.site.map(|site| site.column))
    }

    fn number(&self, findings: &mut Findings<'r>) {
        if self.is_guarded(&KIND_TESTS) {
            return;
        }
        let (mut ranges, money) = (self.list(Spelled::Range), self.list(Spelled::Money));
        if self.is_guarded(&RANGES) {
            ranges.clear();
        }
        let (name, at) = (self.name.clone(), self.at);
        if !ranges.is_empty() {
            let (rows, values) = (self.rows(&ranges), listed(&ranges));
            let help = Some(format!(
                "to read one number from each range, write `RANGEMIN({name})`, `RANGEMID({name})` or `RANGEMAX({name})`"
            ));
            findings.add(&self.place, RowLint::RangeText { name: name.clone(), rows, values, at, help });
        }
        let reads_money =
            self.want == Want::Amount || self.is_guarded(&["PARSENUMBER"]) || self.is_guarded(&RANGES);
        if ranges.is_empty() && !money.is_empty() && !reads_money {
            let (rows, values) = (self.rows(&money), listed(&money));
            let declared = self.declared("Number", &|place| format!("PARSENUMBER({place})"));
            let written = declared.unwrap_or_else(|| format!("PARSENUMBER({name})"));
            let help = Some(format!("to read the amounts, write `{written}`"));
            findings.add(&self.place, RowLint::MoneyText { name, rows, values, at, help });
        }
        self.yes_or_no(findings);
        self.placeholder(findings);
    }

    fn date(&self, findings: &mut Findings<'r>) {
        let dates = self.list(Spelled::OtherDate);
        let mut all = dates.clone();
        // Days that no calendar has are read in no format.
        all.extend(self.list(Spelled::Words).into_iter().filter(|(text, _)| could_be_date(text)));
        let (name, at) = (self.name.clone(), self.at);
        if !dates.is_empty() && !self.is_guarded(&["DATETIME_PARSE", "ISDATE"]) {
            let (rows, values) = (self.rows(&all), listed(&all));
            let parsed = |format: &str| {
                let declared = self.declared(&format!("Date \"{format}\""), &ToOwned::to_owned);
                declared.unwrap_or_else(|| format!("DATETIME_PARSE({name}, \"{format}\")"))
            };
            let help = best_format(self.bench.clock, &dates).map(|(format, second)| {
                let second = second.map(|second| format!("; if the day comes first, `{}`", parsed(&second)));
                let own = parsed(&format);
                let is_declared = own.starts_with("input ");
                let in_formula = is_declared
                    .then(|| format!("; in a formula, `DATETIME_PARSE({name}, \"{format}\")` reads it"));
                let in_formula = in_formula.unwrap_or_default();
                format!("write `{own}`{}{in_formula}", second.unwrap_or_default())
            });
            findings.add(&self.place, RowLint::DateText { name, rows, values, at, help });
        }
        if self.want == Want::Date {
            self.date_number(findings);
            self.placeholder(findings);
        }
    }

    /// A number where a date is expected.
    fn date_number(&self, findings: &mut Findings<'r>) {
        let Some(shape) = self.bench.shape(&self.place) else { return };
        let mut numbers: Vec<(Value<'r>, u64)> = shape.values.ranked();
        let read = |value: &Value<'_>| match value {
            Value::Number(number) => Some(*number),
            Value::Text(text) => crate::value::read_number(text),
            _ => None,
        };
        numbers.retain(|(value, _)| read(value).is_some());
        let all: Vec<f64> = numbers.iter().filter_map(|(value, _)| read(value)).collect();
        if all.is_empty() || self.is_guarded(&["DATETIME_PARSE", "ISDATE"]) {
            return;
        }
        let name = self.name.clone();
        // Small numbers may well be days.
        let Some((unit, help)) = unit_of(&all, &name) else { return };
        let rows = self.bench.share(&self.place, numbers.iter().map(|(_, count)| count).sum());
        let values = listed_values(&numbers);
        findings.add(
            &self.place,
            RowLint::DateNumber { name, unit: unit.to_owned(), rows, values, at: self.at, help },
        );
    }

    fn condition(&self, findings: &mut Findings<'r>) {
        self.yes_or_no(findings);
        self.placeholder(findings);
    }

    /// The declaration that reads the place as `ty`, where the place is a declared input; `source` makes its formula.
    fn declared(&self, ty: &str, source: &dyn Fn(&str) -> String) -> Option<String> {
        let input = self.place.whole_input().filter(|_| self.site.is_none())?;
        if self.place.is_in_list() {
            return None;
        }
        let place = super::paths::spelled_path(self.bench, &self.place, self.place.steps.len());
        let name = bare_or_braced(&self.bench.rules.tree().input(input).name);
        let source = source(&place);
        Some(if source == name {
            format!("input {name}: {ty}")
        } else {
            format!("input {name}: {ty} = {source}")
        })
    }

    fn yes_or_no(&self, findings: &mut Findings<'r>) {
        let words = self.list(Spelled::YesNo);
        if words.is_empty() || self.is_guarded(&["TOBOOLEAN"]) {
            return;
        }
        let is_true = |text: &&(Text<'r>, u64)| self.bench.holds("TOBOOLEAN", &text.0);
        let yes = words.iter().find(is_true).map_or("Yes", |(text, _)| text.as_str());
        let (name, at) = (self.name.clone(), self.at);
        let help = Some(format!("write `TOBOOLEAN({name})` or `{name} = \"{yes}\"`"));
        let (rows, values) = (self.rows(&words), listed(&words));
        findings.add(&self.place, RowLint::YesNoText { name, rows, values, at, help });
    }

    fn placeholder(&self, findings: &mut Findings<'r>) {
        let placeholders = self.list(Spelled::Placeholder);
        let is_tested = self.bench.calls_on(&self.place, &PLACEHOLDER_TESTS, None);
        if placeholders.is_empty() || is_tested || self.want == Want::Amount {
            return;
        }
        let (name, at) = (self.name.clone(), self.at);
        let problem = match self.want {
            Want::Date => "a date is expected here",
            Want::Condition => "TRUE or FALSE is expected here",
            _ => "a number is expected here",
        };
        let help = if self.site.is_none() {
            let texts = placeholders.iter().take(MOST_BLANKS).map(|(text, _)| print_text(text.trim()));
            let texts: Vec<String> = texts.collect();
            format!("to read these texts as Blank, add the line `blank {}`", texts.join(", "))
        } else {
            format!("to leave placeholders out, write `IF(ISPLACEHOLDER({name}), \"\", {name})`")
        };
        let help = Some(help);
        let (rows, values) = (self.rows(&placeholders), listed(&placeholders));
        let problem = problem.to_owned();
        findings.add(&self.place, RowLint::PlaceholderText { name, rows, values, problem, at, help });
    }
}

/// What numbers in place of dates count, and how to make dates of them.
fn unit_of(numbers: &[f64], name: &str) -> Option<(&'static str, Option<String>)> {
    let all = |lowest: f64, highest: f64| numbers.iter().all(|number| (lowest..highest).contains(number));
    let (unit, help) = if all(1e11, 1e13) {
        ("a number of milliseconds since 1970", format!("write `DATE(1970, 1, 1) + {name} / 86400000`"))
    } else if all(19_000_101.0, 21_001_232.0) {
        ("a number", format!("write `DATETIME_PARSE(TOTEXT({name}), \"yyyymmdd\")`"))
    } else if all(1e8, 1e10) {
        ("a number of seconds since 1970", format!("write `DATE(1970, 1, 1) + {name} / 86400`"))
    } else if all(10_000.0, 80_000.0) {
        ("a serial number of a spreadsheet", format!("write `DATE(1899, 12, 30) + {name}`"))
    } else {
        return None;
    };
    Some((unit, Some(help)))
}
