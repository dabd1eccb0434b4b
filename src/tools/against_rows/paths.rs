//! Paths into records and lists that no row has, with what the rows have in their place.

use super::bench::{Bench, Inner, Place, Site};
use super::findings::Findings;
use super::lists::delimited;
use crate::check::{InputId, NodeKind};
use crate::diagnostics::{Count, RowLint, suggest};
use crate::span::Span;
use crate::syntax::{bare_or_braced, field_name, print_text};
use crate::tools::shape::{Shape, ShapeStep};
use crate::tools::spelled::{Spelled, quoted};

/// Names that other languages give to the number of items or characters.
const LENGTHS: [&str; 5] = ["length", "size", "count", "len", "Length"];
/// Keys that a help lists.
const MOST_KEYS: usize = 8;
/// Records from which the lack of a field is no accident.
const ENOUGH: u64 = 50;

/// A path of the rule.
struct Path<'p, 'r> {
    bench: &'p Bench<'r>,
    place: Place<'r>,
    /// As the rule spells it.
    written: String,
    at: Span,
    /// Whether the rule has something else where it is empty.
    is_optional: bool,
    /// The function that it is an argument of, for the help about lists.
    aggregate: Option<&'static str>,
    /// Whether it goes through a FILTER, so that the place has more items than the path.
    is_filtered: bool,
}

/// Adds a finding for each path that no row has.
pub(super) fn find<'r>(bench: &Bench<'r>, findings: &mut Findings<'r>) {
    for (id, input) in (0..).map(InputId).zip(&bench.rules.tree().inputs) {
        if let Some(place) = bench.place_of_input(id).filter(|place| !place.steps.is_empty()) {
            let written = spelled_path(bench, &place, place.steps.len());
            let at = input.span;
            let (is_optional, aggregate, is_filtered) = (false, None, false);
            Path { bench, place, written, at, is_optional, aggregate, is_filtered }.check(findings);
        }
    }
    for site in bench.sites.iter().chain(&bench.input_sites) {
        if !matches!(site.node.kind, NodeKind::Access { .. }) {
            continue;
        }
        let exact = bench.place(site.node, &site.scope);
        let is_filtered = exact.is_none();
        let Some(place) = exact.or_else(|| bench.place_before_filters(site.node, &site.scope)) else {
            continue;
        };
        let written = bench.written(site.node);
        let aggregate = bench.around(site).next().and_then(|outer| match &outer.node.kind {
            NodeKind::Call(builtin, _) => Some(builtin.name),
            _ => None,
        });
        let is_optional = is_optional(bench, site);
        let at = site.node.span;
        Path { bench, place, written, at, is_optional, aggregate, is_filtered }.check(findings);
    }
}

/// Where the rule reads a path that some row has.
pub(super) fn present(bench: &Bench<'_>) -> Vec<Span> {
    let mut spans = Vec::new();
    for site in bench.sites.iter().chain(&bench.input_sites) {
        let place = bench.place(site.node, &site.scope);
        let is_path = matches!(site.node.kind, NodeKind::Access { .. });
        if is_path && place.is_some_and(|place| bench.shape(&place).is_some()) {
            spans.push(site.node.span);
        }
    }
    spans
}

/// Whether the rule has something else where a path is empty, or asks whether it is.
pub(super) fn is_optional<'r>(bench: &Bench<'r>, site: &Site<'r>) -> bool {
    bench.around(site).next().is_some_and(|outer| match &outer.node.kind {
        NodeKind::Coalesce(_) | NodeKind::Rescue { .. } => true,
        NodeKind::Call(builtin, _) => ["ISEMPTY", "ISNOTEMPTY", "ISBLANK"].contains(&builtin.name),
        _ => false,
    })
}

/// Where a path ends in the rows, before it reaches its own end.
struct End<'r> {
    /// The last place that rows have.
    parent: Place<'r>,
    /// What they have there.
    shape: &'r Shape,
    /// The first step that they don't have.
    index: usize,
}

impl<'r> Path<'_, 'r> {
    fn check(&self, findings: &mut Findings<'r>) {
        let Some(root) = self.bench.shapes.get(self.place.key) else { return };
        let mut shape = root;
        for (index, step) in self.place.steps.iter().enumerate() {
            if let Some(inner) = shape.inside(std::slice::from_ref(step)) {
                shape = inner;
                continue;
            }
            let steps = self.place.steps[..index].to_vec();
            let end = End { parent: Place { steps, ..self.place.clone() }, shape, index };
            match step {
                ShapeStep::Field(name) if self.is_filtered => self.missing_after_filter(&end, name, findings),
                ShapeStep::Item if self.is_filtered => {}
                ShapeStep::Field(name) => self.missing_field(&end, name, findings),
                ShapeStep::Item => self.no_list(&end, findings),
            }
            return;
        }
    }

    /// Whether a step is a position that the rule writes, such as `[0]`, rather than each item of a list in turn.
    fn is_position(&self, index: usize) -> bool {
        let own = self.place.inner.as_ref().map_or(0, Vec::len);
        let from = self.place.steps.len() - own.min(self.place.steps.len());
        let step = index.checked_sub(from).and_then(|at| self.place.inner.as_ref()?.get(at));
        matches!(step, Some(Inner::Index(_)))
    }

    fn add(
        &self,
        parent: &Place<'r>,
        what: String,
        problem: String,
        help: Option<String>,
        findings: &mut Findings<'r>,
    ) {
        let mut place = parent.clone();
        place.steps.clone_from(&self.place.steps);
        findings.add(&place, RowLint::UnknownPath { what, problem, at: self.at, help });
    }

    fn missing_field(&self, end: &End<'r>, name: &'r str, findings: &mut Findings<'r>) {
        let shape = end.shape;
        let filled = shape.records - shape.hollow.min(shape.records);
        if filled > 0 {
            self.no_such_field(end, name, findings);
        } else if shape.lists > 0 {
            self.field_of_list(end, name, findings);
        } else if shape.texts > shape.values.empty_texts() {
            self.field_of_text(end, name, findings);
        }
    }

    /// Only fields are reported: a suggested path to another place would leave the FILTER out.
    fn missing_after_filter(&self, end: &End<'r>, name: &'r str, findings: &mut Findings<'r>) {
        let (shape, rest) = (end.shape, &self.place.steps[end.index..]);
        let is_elsewhere = matches!(nearest(shape, name, rest), Some((Near::Path(_) | Near::Above, _)));
        if shape.records > shape.hollow && !is_elsewhere {
            self.no_such_field(end, name, findings);
        }
    }

    /// The records have other fields.
    fn no_such_field(&self, end: &End<'r>, name: &'r str, findings: &mut Findings<'r>) {
        let (parent, shape, index) = (&end.parent, end.shape, end.index);
        let near = nearest(shape, name, &self.place.steps[index..]).or_else(|| {
            if self.is_filtered {
                return None;
            }
            let above =
                self.bench.shapes.get(self.place.key)?.inside(&self.place.steps[..index.checked_sub(1)?])?;
            let found = above.inside(&self.place.steps[index..])?;
            Some((Near::Above, found.count))
        });
        if near.is_none() && (shape.fields_cut || self.is_optional && shape.records < ENOUGH) {
            return;
        }
        let noun = if parent.is_in_list() { "list item" } else { "row" };
        let have = |count: u64| {
            format!("{} {}", Count(count as usize, noun), if count == 1 { "has" } else { "have" })
        };
        let help = match near {
            Some((Near::Field(own), count)) => {
                let (old, new) = (format!(".{}", field_name(name)), format!(".{}", field_name(own)));
                let in_brackets = format!("[{}]", print_text(name));
                let written = if self.written.contains(&old) {
                    self.written.replacen(&old, &new, 1)
                } else {
                    let written = self.written.replace(&format!("['{name}']"), &in_brackets);
                    written.replacen(&in_brackets, &format!("[{}]", print_text(own)), 1)
                };
                format!("write `{written}`; {} the field `{own}`", have(count))
            }
            Some((Near::Path(steps), count)) => {
                let found = spelled_steps(&spelled_path(self.bench, parent, index), &steps);
                format!("write `{found}`; {} it", have(count))
            }
            Some((Near::Above, count)) => {
                let outer = spelled_path(self.bench, parent, index.saturating_sub(1));
                let found = spelled_steps(&outer, &self.place.steps[index..]);
                format!("write `{found}`; {} it", have(count))
            }
            None => format!("write one of the fields that are there: {}", keys_of(shape)),
        };
        let all = Count(shape.records as usize, noun);
        let what = if parent.is_in_list() {
            format!("none of {all} has the field `{name}`")
        } else {
            format!("none of {all} with `{}` has the field `{name}`", spelled_path(self.bench, parent, index))
        };
        self.add(parent, what, "no such field in these rows".to_owned(), Some(help), findings);
    }

    fn field_of_list(&self, end: &End<'r>, name: &'r str, findings: &mut Findings<'r>) {
        let (parent, shape, index) = (&end.parent, end.shape, end.index);
        let base = spelled_path(self.bench, parent, index);
        let rest = &self.place.steps[index..];
        let help = if LENGTHS.contains(&name) {
            format!("to count the items, write `COUNTA({base})`")
        } else {
            let inner = shape.items.as_deref().and_then(|items| items.inside(rest));
            let field =
                if inner.is_some() { spelled_steps("", rest) } else { format!(".{}", field_name(name)) };
            let mapped = format!("MAP({base}, item, item{field})");
            match self.aggregate {
                Some(function) => format!("write `{function}({mapped})`"),
                None => format!("write `{base}[0]{field}` for the first item, or `{mapped}` for all of them"),
            }
        };
        let rows = self.bench.share(parent, shape.lists);
        self.add(
            parent,
            format!("`{base}` is a list in {rows}"),
            "a list has no fields".to_owned(),
            Some(help),
            findings,
        );
    }

    fn field_of_text(&self, end: &End<'r>, name: &'r str, findings: &mut Findings<'r>) {
        let (parent, shape, index) = (&end.parent, end.shape, end.index);
        if self.bench.reads_json(parent) {
            return;
        }
        let base = spelled_path(self.bench, parent, index);
        let Some(spellings) = self.bench.spellings(parent) else { return };
        let example = shape.values.ranked().into_iter().find_map(|(value, _)| match value {
            crate::value::Value::Text(text) if !text.trim().is_empty() => Some(quoted(&text)),
            _ => None,
        });
        let is_json = spellings.count(&[Spelled::Json]) > 0;
        let rest = spelled_steps("", &self.place.steps[index..]);
        let emails = || shape.values.texts().any(|(text, _)| self.bench.holds("ISEMAIL", text));
        let help = if is_json {
            format!("write `PARSEJSON({base}){rest}`")
        } else if LENGTHS.contains(&name) {
            format!("to count the characters, write `LEN({base})`")
        } else if emails() && name.to_lowercase().contains("domain") {
            format!("write `EMAILDOMAIN({base})`")
        } else if emails() && ["user", "local", "name"].iter().any(|part| name.to_lowercase().contains(part))
        {
            format!("write `EMAILUSER({base})`")
        } else if name.to_lowercase().contains("domain") || name == "host" || name == "hostname" {
            format!("write `ROOTDOMAIN({base})`")
        } else {
            format!("write `{base}` for the whole text")
        };
        let rows = self.bench.share(parent, spellings.filled());
        let what = format!("`{base}` is text in {rows}: {}", example.unwrap_or_default());
        let problem =
            if is_json { "JSON text has no fields until it is parsed" } else { "a text has no fields" };
        self.add(parent, what, problem.to_owned(), Some(help), findings);
    }

    /// `hq[0].city` where `hq` is a record.
    fn position_in_record(&self, end: &End<'r>, findings: &mut Findings<'r>) {
        let (parent, shape, index) = (&end.parent, end.shape, end.index);
        let base = spelled_path(self.bench, parent, index);
        let rest = &self.place.steps[index + 1..];
        let is_there = !rest.is_empty() && shape.inside(rest).is_some();
        let help = if is_there {
            format!("write `{}`", spelled_steps(&base, rest))
        } else {
            format!("write one of the fields that are there: {}", keys_of(shape))
        };
        let rows = self.bench.share(parent, shape.records);
        let what = format!("`{base}` is a record in {rows}");
        self.add(parent, what, "a record has no positions".to_owned(), Some(help), findings);
    }

    /// `Tech[0]` where rows have one text.
    fn no_list(&self, end: &End<'r>, findings: &mut Findings<'r>) {
        let (parent, shape, index) = (&end.parent, end.shape, end.index);
        if shape.lists == 0 && shape.records > shape.hollow && self.is_position(index) {
            return self.position_in_record(end, findings);
        }
        if shape.lists > 0 || !self.written.ends_with(']') {
            return;
        }
        let Some((delimiter, texts)) = delimited(shape) else { return };
        let base = spelled_path(self.bench, parent, index);
        let rows = self.bench.share(parent, shape.filled());
        let values = crate::tools::spelled::listed(&texts);
        let help = Some(format!("write `SPLIT({base}, {})`", print_text(delimiter)));
        let mut place = parent.clone();
        place.steps.truncate(index);
        findings.add(&place, RowLint::TextAsList { name: base, rows, values, at: self.at, help });
    }
}

/// What was probably meant in place of a field that no row has.
enum Near<'r> {
    /// Another field of the same records.
    Field(&'r str),
    /// A path through one of their fields.
    Path(Vec<ShapeStep<'r>>),
    /// The same path from the record around them.
    Above,
}

/// The fields of records, the most frequent first.
fn keys_of(shape: &Shape) -> String {
    let mut keys: Vec<(&String, u64)> = shape.fields.iter().map(|(key, field)| (key, field.count)).collect();
    keys.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    let shown: Vec<String> = keys.iter().take(MOST_KEYS).map(|(key, _)| format!("`{key}`")).collect();
    shown.join(", ")
}

/// The field or path that was probably meant, and how many have it.
fn nearest<'r>(shape: &'r Shape, name: &str, path: &[ShapeStep<'r>]) -> Option<(Near<'r>, u64)> {
    let squashed = |text: &str| -> String {
        text.chars().filter(|next| next.is_alphanumeric()).flat_map(char::to_lowercase).collect()
    };
    let names = || shape.fields.keys().map(String::as_str);
    let same = names().find(|key| squashed(key) == squashed(name));
    if let Some(near) = same.or_else(|| suggest(name, names()).into_iter().next()) {
        return Some((Near::Field(near), shape.fields.get(near)?.count));
    }
    // One level deeper, as it is or in place of the record around it.
    let deeper = |rest: &[ShapeStep<'r>]| {
        shape.fields.iter().find_map(|(key, field)| {
            let found = field.inside(rest).filter(|_| !rest.is_empty() && field.records > 0)?;
            let steps = std::iter::once(ShapeStep::Field(key.as_str())).chain(rest.iter().copied());
            Some((Near::Path(steps.collect()), found.count))
        })
    };
    deeper(path).or_else(|| deeper(&path[1..]))
}

/// The path of a place up to one of its steps, as formulas spell it.
pub(super) fn spelled_path<'r>(bench: &Bench<'r>, place: &Place<'r>, count: usize) -> String {
    let key = bare_or_braced(&bench.rules.keys()[place.key]);
    spelled_steps(&key, &place.steps[..count])
}

fn spelled_steps(base: &str, steps: &[ShapeStep<'_>]) -> String {
    steps.iter().fold(base.to_owned(), |path, step| match step {
        ShapeStep::Field(name) => format!("{path}.{}", field_name(name)),
        ShapeStep::Item => format!("{path}[0]"),
    })
}
