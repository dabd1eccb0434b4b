//! Dates of rows at their uses: formats that fit no row, times of day that are not there, empty dates in sums.

use super::bench::{Bench, Site};
use super::findings::Findings;
use crate::check::{Addend, Node, NodeKind};
use crate::diagnostics::RowLint;
use crate::syntax::ast::{CompareOp, Sign};
use crate::tools::spelled::{Counted, Spelled, best_format, count_of, listed, quoted, reads_as};
use crate::tools::words::shown;
use crate::types::Type;
use crate::value::{Date, Text, Value, is_empty};

/// Functions that ask whether something is there.
const EMPTINESS: [&str; 4] = ["ISEMPTY", "ISNOTEMPTY", "ISBLANK", "ISDATE"];

/// Adds the findings about dates.
pub(super) fn find<'r>(bench: &Bench<'r>, findings: &mut Findings<'r>) {
    for site in &bench.sites {
        match &site.node.kind {
            NodeKind::Call(builtin, args) => match builtin.name {
                "BETWEEN" => {
                    let others: Vec<&Node> = args[1..].iter().collect();
                    date_as_text(bench, site, &args[0], &others, findings);
                }
                "DATETIME_PARSE" => format(bench, site, args, findings),
                "HOUR" | "MINUTE" | "SECOND" => {
                    time_of_day(bench, site, builtin.name, &args[0], findings);
                }
                _ => {}
            },
            NodeKind::Sum(addends) => empty_date(bench, site, addends, findings),
            NodeKind::Compare(_, sides) => {
                date_as_text(bench, site, &sides.0, &[&sides.1], findings);
                date_as_text(bench, site, &sides.1, &[&sides.0], findings);
            }
            NodeKind::InArms { needle, arms, .. } => {
                let others: Vec<&Node> = arms.iter().map(|arm| &arm.node).collect();
                date_as_text(bench, site, needle, &others, findings);
            }
            _ => {}
        }
    }
}

/// `DATETIME_PARSE(Created Date, "mm/dd/yy")` where rows have years of four digits.
fn format<'r>(bench: &Bench<'r>, site: &Site<'r>, args: &'r [Node], findings: &mut Findings<'r>) {
    let [text, format] = args else { return };
    let NodeKind::Constant(Value::Text(written)) = &format.kind else { return };
    let Some(place) = bench.place(text, &site.scope) else { return };
    let Some(spellings) = bench.spellings(&place) else { return };
    let mut texts: Counted<'r> = [Spelled::OtherDate, Spelled::Date, Spelled::Number]
        .into_iter()
        .flat_map(|one| spellings.list(one))
        .collect();
    texts.retain(|(text, _)| !reads_as(bench.clock, text, written));
    if texts.is_empty() {
        return;
    }
    let name = bench.written(text);
    let is_iso = texts.iter().all(|(text, _)| Date::read(text, bench.clock).is_some());
    let help = if is_iso {
        Some(format!("these are dates as they are: write `{name}`"))
    } else {
        best_format(bench.clock, &texts)
            .map(|(best, _)| format!("write `DATETIME_PARSE({name}, \"{best}\")`"))
    };
    let (rows, values) = (bench.share(&place, count_of(&texts)), listed(&texts));
    let format_text = format!("`{}`", quoted(written));
    findings.add(&place, RowLint::DateFormat { format: format_text, rows, values, at: format.span, help });
}

/// `Created Date = "Jan 2026"` where rows have dates.
fn date_as_text<'r>(
    bench: &Bench<'r>,
    site: &Site<'r>,
    own: &'r Node,
    others: &[&Node],
    findings: &mut Findings<'r>,
) {
    let Some(place) = bench.place(own, &site.scope) else { return };
    let literal = others.iter().find_map(|other| match &other.kind {
        NodeKind::Constant(value @ Value::Text(text)) => {
            let is_date = text.contains(['-', ':']) && Date::read(text, bench.clock).is_some();
            (!is_empty(value) && !is_date).then_some(text.as_str())
        }
        _ => None,
    });
    let (Some(literal), Some(spellings), Some(shape)) =
        (literal, bench.spellings(&place), bench.shape(&place))
    else {
        return;
    };
    let dates = spellings.count(&[Spelled::Date]);
    let is_only_dates = dates > 0 && spellings.filled() == dates && shape.filled() == dates;
    if !is_only_dates || bench.has_warning(site.node.span) {
        return;
    }
    let name = bench.written(own);
    let read = best_format(bench.clock, &vec![(Text::Borrowed(literal), 1)]);
    let parsed = read.and_then(|(format, _)| {
        bench
            .call("DATETIME_PARSE", &[Value::borrowed(literal.trim()), Value::borrowed(&format)])
            .map(Value::into_owned)
    });
    let help = Some(match &parsed {
        Some(date)
            if is_month(literal) && matches!(site.node.kind, NodeKind::Compare(CompareOp::Equal, _)) =>
        {
            let month = shown(date);
            let month = month.get(..7).unwrap_or(&month);
            format!("for the whole month, write `TEXT({name}, \"yyyy-mm\") = \"{month}\"`")
        }
        Some(date) => format!("write the date as `\"{}\"`", shown(date)),
        None => format!(
            "write a date such as `\"2026-01-31\"` or `TODAY() - 30`, or compare a part of it: `MONTH({name}) = 1`"
        ),
    });
    let is_iso = reads_like_iso(literal);
    let problem = if is_iso { "is a day that does not exist" } else { "is not" };
    let (rows, literal) = (bench.share(&place, dates), format!("{} {problem}", quoted(literal)));
    findings.add(&place, RowLint::DateAsText { name, rows, literal, at: site.node.span, help });
}

/// Whether a text has the form of a date in ISO 8601.
fn reads_like_iso(text: &str) -> bool {
    let form: String = text.chars().map(|next| if next.is_ascii_digit() { '0' } else { next }).collect();
    form == "0000-00-00"
}

/// Whether a date without a day was written.
fn is_month(text: &str) -> bool {
    let numbers = text.split(|next: char| !next.is_ascii_digit()).filter(|part| !part.is_empty()).count();
    let has_name = text.contains(char::is_alphabetic);
    numbers + usize::from(has_name) == 2
}

/// `HOUR(Created Date)` where no row has a time.
fn time_of_day<'r>(
    bench: &Bench<'r>,
    site: &Site<'r>,
    function: &str,
    node: &'r Node,
    findings: &mut Findings<'r>,
) {
    let Some(place) = bench.place(node, &site.scope) else { return };
    let Some(spellings) = bench.spellings(&place) else { return };
    let dates = spellings.list(Spelled::Date);
    let has_time = |text: &str| Date::read(text, bench.clock).is_some_and(|date| date.has_time());
    if dates.is_empty() || dates.iter().any(|(text, _)| has_time(text)) {
        return;
    }
    let (name, function) = (bench.written(node), function.to_owned());
    let help = Some(format!("read a column that has times, or leave out `{}`", bench.written(site.node)));
    let (rows, values) = (bench.share(&place, count_of(&dates)), listed(&dates));
    findings.add(&place, RowLint::DateWithoutTime { name, function, rows, values, at: node.span, help });
}

/// `Last Activity Date + 30` where some rows have no date: the result is the number 30.
fn empty_date<'r>(bench: &Bench<'r>, site: &Site<'r>, addends: &'r [Addend], findings: &mut Findings<'r>) {
    let others_are_known = |own: &Addend| {
        addends.iter().filter(|other| !std::ptr::eq(*other, own)).all(|other| is_known(&other.node))
    };
    for addend in addends.iter().filter(|addend| others_are_known(addend)) {
        let Some(place) = bench.place(&addend.node, &site.scope) else { continue };
        let (Some(shape), Some(spellings)) = (bench.shape(&place), bench.spellings(&place)) else { continue };
        let empty = bench.rows.saturating_sub(shape.filled());
        let are_dates = spellings.filled() > 0 && spellings.count(&[Spelled::Date]) == spellings.filled();
        let is_date_off =
            addend.sign == Sign::Minus && addends.iter().any(|other| other.node.ty == Type::Date);
        if place.is_in_list()
            || empty == 0
            || !are_dates
            || shape.numbers > 0
            || is_guarded(bench, site, &place)
        {
            continue;
        }
        let Some(result) = result_of_empty(bench, site, &addend.node) else { continue };
        let name = bench.written(&addend.node);
        let whole = bench.written(site.node);
        let rows = bench.share(&place, empty);
        let help = Some(format!("write `IF(ISEMPTY({name}), \"\", {whole})`"));
        let result = if is_date_off { format!("{result}, as if 0 days were taken off") } else { result };
        findings.add(&place, RowLint::EmptyDate { name, rows, result, at: addend.node.span, help });
    }
}

/// Whether a term is the same for every row.
fn is_known(node: &Node) -> bool {
    crate::tools::walk::within(node)
        .all(|inner| !matches!(inner.kind, NodeKind::Input(_) | NodeKind::Column(_) | NodeKind::Local(_)))
}

/// Whether the formula asks if the date is there, or takes something else where it is not.
fn is_guarded<'r>(bench: &Bench<'r>, site: &Site<'r>, place: &super::bench::Place<'r>) -> bool {
    let compares_with_nothing = bench.sites.iter().filter(|other| other.column == site.column).any(|other| {
        let NodeKind::Compare(_, sides) = &other.node.kind else { return false };
        let is_nothing = |node: &Node| matches!(&node.kind, NodeKind::Constant(value) if is_empty(value));
        [(&sides.0, &sides.1), (&sides.1, &sides.0)].into_iter().any(|(own, nothing)| {
            is_nothing(nothing) && bench.place(own, &other.scope).is_some_and(|own| own.is(place))
        })
    });
    let is_decided = |site: &Site<'r>| matches!(site.node.kind, NodeKind::And(_));
    compares_with_nothing
        || bench.calls_on(place, &EMPTINESS, Some(site.column))
        || bench.around(site).any(is_decided)
}

/// The result where the date is empty, unless that is an error or empty as well.
fn result_of_empty<'r>(bench: &Bench<'r>, site: &Site<'r>, node: &'r Node) -> Option<String> {
    let value = bench.value_with(site.node, node, &site.scope, Value::Blank)?;
    let is_wrong = !is_empty(&value) && !matches!(value, Value::Error(_));
    is_wrong.then(|| match &value {
        Value::Number(_) => format!("the number {}", shown(&value)),
        Value::Date(_) => format!("the date {}", shown(&value)),
        _ => shown(&value),
    })
}
