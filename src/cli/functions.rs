//! `clayf functions`: the reference of all functions, read from the registry.

use super::args::FunctionsArgs;
use super::{Failure, check, report};
use crate::builtins::{self, Builtin, ParamKind};
use crate::diagnostics::Source;
use crate::tools::own_functions::{OwnFunction, own_functions};
use serde_json::{Value, json};
use std::fmt::Write;
use std::path::Path;

/// What a name on the command line stands for.
enum Found {
    /// The function of this name.
    One(&'static Builtin),
    /// The functions that have the text in their name or summary.
    Matching(Vec<&'static Builtin>),
    /// The functions that a rule file defines.
    Own(Source, Vec<OwnFunction>),
}

/// Lists all functions, describes those that are named, or lists those that a word finds.
pub(super) fn functions(args: &FunctionsArgs) -> Result<(), Failure> {
    let found: Vec<Found> = if args.names.is_empty() {
        vec![Found::Matching(builtins::all().collect())]
    } else {
        args.names.iter().map(|name| find(name)).collect::<Result<_, _>>()?
    };
    let text = if args.json {
        let entries: Vec<Value> = found.iter().flat_map(entries).collect();
        format!("{:#}\n", Value::from(entries))
    } else {
        let pages = found.iter().map(|found| match found {
            Found::One(builtin) => builtins::page(builtin),
            Found::Matching(builtins) => list(builtins),
            Found::Own(source, own) if own.is_empty() => {
                format!("{} defines no functions\n", source.name())
            }
            Found::Own(_, own) => own.iter().map(OwnFunction::page).collect::<Vec<_>>().join("\n"),
        });
        pages.collect::<Vec<_>>().join("\n")
    };
    report::to_stdout(&text)
}

fn entries(found: &Found) -> Vec<Value> {
    match found {
        Found::One(builtin) => vec![entry(builtin)],
        Found::Matching(builtins) => builtins.iter().map(|builtin| entry(builtin)).collect(),
        Found::Own(source, own) => own.iter().map(|function| function.json(source)).collect(),
    }
}

/// The functions of a rule file, the function of this name, or those that a word finds.
fn find(name: &str) -> Result<Found, Failure> {
    if Path::new(name).extension().is_some_and(|ending| ending == "clay") {
        let rules = check::load(Path::new(name))?;
        return Ok(Found::Own(rules.tree().source.clone(), own_functions(rules.tree())));
    }
    builtins::named(name).map(Found::One).or_else(|problem| match builtins::search(name) {
        found if found.is_empty() => Err(Failure::Usage(problem)),
        found => Ok(Found::Matching(found)),
    })
}

/// One line for each function, by group.
fn list(builtins: &[&Builtin]) -> String {
    let mut all = builtins.to_vec();
    all.sort_by_key(|builtin| builtin.group);
    let width = all.iter().map(|builtin| builtin.name.len()).max().unwrap_or(0);
    let mut text = String::new();
    let mut group = None;
    for builtin in all {
        if group != Some(builtin.group) {
            let gap = if group.is_some() { "\n" } else { "" };
            let _ = writeln!(text, "{gap}{}", builtin.group.title());
            group = Some(builtin.group);
        }
        let _ = writeln!(text, "  {:width$}  {}", builtin.name, builtin.summary);
    }
    text
}

fn entry(builtin: &Builtin) -> Value {
    let kind = |kind: ParamKind| match kind {
        ParamKind::Required => "required",
        ParamKind::Optional => "optional",
        ParamKind::Repeated => "repeated",
        ParamKind::Binding => "binding",
    };
    let params = builtin.params.iter().map(|param| {
        json!({ "name": param.name, "type": param.ty.name(), "kind": kind(param.kind), "doc": param.doc })
    });
    let examples = builtin
        .examples
        .iter()
        .map(|example| json!({ "formula": example.formula, "result": example.result }));
    json!({
        "name": builtin.name,
        "aliases": builtin.aliases,
        "group": builtin.group.title(),
        "signature": builtin.to_string(),
        "summary": builtin.summary,
        "params": params.collect::<Vec<_>>(),
        "returns": builtin.returns.ty.name(),
        "values": builtin.returns.texts_to_compare(),
        "examples": examples.collect::<Vec<_>>(),
    })
}
