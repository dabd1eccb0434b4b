//! `--fail-if`: a formula over the totals of a comparison decides the exit status.

use super::{Told, json};
use crate::check::{Checked, LocalId, Node, NodeKind, Step};
use crate::cli::Failure;
use crate::diagnostics::{did_you_mean, suggest};
use crate::rules::Rules;
use crate::syntax::bare_or_braced;
use crate::value::{Clock, Record, Value, to_boolean};
use std::collections::HashMap;

/// Fails if `formula` holds over the totals.
pub(super) fn unless_holds(
    formula: &Rules,
    told: &Told<'_>,
    clock: &Clock,
    written: Option<&str>,
) -> Result<(), Failure> {
    let totals = json::totals(told).to_string();
    let record = Record::from_json(&totals).map_err(|error| Failure::Run(error.to_string()))?;
    let written = written.unwrap_or_default();
    unless_unknown(formula, &record)?;
    let result = formula.eval(&record, clock);
    let value = &result.values()[0];
    if let Value::Error(error) = value {
        return Err(Failure::Run(format!("--fail-if is {error}")));
    }
    match to_boolean(value) {
        Ok(false) => Ok(()),
        Ok(true) => Err(Failure::Run(format!("--fail-if holds: {written}"))),
        Err(_) => Err(Failure::Usage(format!("--fail-if gives neither TRUE nor FALSE: {written}"))),
    }
}

/// Fails if `formula` asks for totals that there are none of: a name that is misspelt would never hold.
fn unless_unknown(formula: &Rules, totals: &Record<'_>) -> Result<(), Failure> {
    let unknown = |name: &str, of: &str, known: &Record<'_>| {
        let names = || known.members().iter().map(|(name, _)| name.as_str());
        let help = did_you_mean(&suggest(name, names()));
        let help = help.unwrap_or_else(|| format!("there are {}", names().collect::<Vec<_>>().join(", ")));
        Err(Failure::Usage(format!("--fail-if: {of} no `{name}`; {help}")))
    };
    if let Some(name) = formula.keys().iter().find(|key| totals.get(key).is_none()) {
        return unknown(name, "the totals have", totals);
    }
    for (path, steps) in paths(formula) {
        let mut value = totals.get(path);
        let mut of = path.to_owned();
        let mut of_rows = false;
        for step in steps {
            let Some(Value::Record(known)) = value else {
                return Err(Failure::Usage(format!("--fail-if: `{of}` has nothing inside, so no `{step}`")));
            };
            value = known.get(step);
            let by_rows = of_rows;
            of_rows |= json::BY_VALUE.contains(&step);
            let slip = |name: &str| name.to_lowercase() == step.to_lowercase();
            if value.is_none() && by_rows && !known.members().iter().any(|(name, _)| slip(name)) {
                // Named by the rows: a tier that none has is no mistake, but one in other letter case is.
                break;
            }
            if value.is_none() {
                return unknown(step, &format!("`{of}` has"), known);
            }
            of = format!("{of}.{}", bare_or_braced(step));
        }
    }
    Ok(())
}

/// The columns that a formula reaches into, each with the names of the fields.
fn paths(formula: &Rules) -> Vec<Path<'_>> {
    let mut reaching = Reaching { tree: formula.tree(), names: HashMap::new(), found: Vec::new() };
    formula.on_own_stack(|| reaching.tree.columns.iter().for_each(|column| reaching.look(&column.node)));
    reaching.found
}

/// The key of a column, and the names of fields within it.
type Path<'f> = (&'f str, Vec<&'f str>);

struct Reaching<'f> {
    tree: &'f Checked,
    /// What `LET` names stand for, where that is a column or lies within one.
    names: HashMap<LocalId, Path<'f>>,
    found: Vec<Path<'f>>,
}

impl<'f> Reaching<'f> {
    fn look(&mut self, node: &'f Node) {
        match &node.kind {
            NodeKind::Let { bindings, body } => {
                for (name, arm) in bindings {
                    self.look(&arm.node);
                    match self.path(&arm.node) {
                        Some(path) => self.names.insert(*name, path),
                        None => self.names.remove(name),
                    };
                }
                self.look(body);
            }
            NodeKind::Each { list_and_body, local, .. } => {
                self.look(&list_and_body.0);
                self.names.remove(local);
                self.look(&list_and_body.1);
            }
            _ => {
                self.found.extend(self.path(node));
                node.children().into_iter().for_each(|child| self.look(child));
            }
        }
    }

    fn path(&self, node: &'f Node) -> Option<Path<'f>> {
        match &node.kind {
            NodeKind::Input(input) => Some((&self.tree.input(*input).path.key, Vec::new())),
            NodeKind::Local(name) => self.names.get(name).cloned(),
            NodeKind::Access { base, steps } => {
                let (key, mut path) = self.path(base)?;
                path.extend(steps.iter().map_while(|step| match step {
                    Step::Field(name) => Some(name.as_str()),
                    Step::Index(_) => None,
                }));
                Some((key, path))
            }
            _ => None,
        }
    }
}
