//! `clayf functions`: the reference of all functions, read from the registry.

use super::args::FunctionsArgs;
use super::{Failure, report};
use crate::builtins::{self, Builtin, ParamKind};
use serde_json::{Value, json};
use std::fmt::Write;

/// Lists all functions, or tells all about some.
pub(super) fn functions(args: &FunctionsArgs) -> Result<(), Failure> {
    let chosen: Vec<&'static Builtin> = if args.names.is_empty() {
        builtins::all().collect()
    } else {
        args.names
            .iter()
            .map(|name| builtins::named(name).map_err(Failure::Usage))
            .collect::<Result<_, _>>()?
    };
    let text = if args.json {
        let entries: Vec<Value> = chosen.iter().map(|builtin| entry(builtin)).collect();
        format!("{:#}\n", Value::from(entries))
    } else if args.names.is_empty() {
        list()
    } else {
        chosen.iter().map(|builtin| builtins::page(builtin)).collect::<Vec<_>>().join("\n")
    };
    report::to_stdout(&text)
}

/// One line a function, by group.
fn list() -> String {
    let mut all: Vec<&Builtin> = builtins::all().collect();
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
