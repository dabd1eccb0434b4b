//! Loops by way of a run condition: a step that is looked at again because of what it filled itself.

use crate::check::{Checked, InputFrom, InputId, Node, NodeKind};
use crate::diagnostics::{Source, TableLint};
use crate::rules::Rules;
use crate::table::config::TableFile;
use crate::table::model::Step;
use crate::table::problems::Problems;
use std::collections::HashMap;

/// What the formulas of a table read.
struct Reads<'r> {
    of_formula: HashMap<&'r str, &'r [String]>,
    steps: &'r [Step],
    /// By formula.
    names: &'r [Vec<String>],
    rules: &'r Rules,
}

/// Notes each step whose condition reads, directly or by way of formulas and other steps, what the step fills.
pub(super) fn note(
    file: &TableFile,
    source: &Source,
    steps: &[Step],
    (names, reads): (&[String], &[Vec<String>]),
    rules: &Rules,
    problems: &mut Problems,
) {
    let of_formula = names.iter().map(String::as_str).zip(reads.iter().map(Vec::as_slice)).collect();
    let graph = Reads { of_formula, steps, names: reads, rules };
    for (index, written) in file.steps.iter().enumerate() {
        let Some(path) = graph.loop_through(index) else { continue };
        let Some(condition) = &written.run_if else { continue };
        let step = &steps[index].name;
        let links: Vec<String> =
            path.windows(2).map(|pair| format!("{} reads {}", pair[0], pair[1])).collect();
        let last = path.last().cloned().unwrap_or_default();
        let lint = TableLint::GateLoop {
            message: format!("the run condition of `{step}` depends on what it fills"),
            at: condition.span,
            help: format!(
                "{}, which `{step}` fills; it is bought at most once, is kept when its condition turns false, and is in place before anything is pushed",
                if links.is_empty() {
                    format!("the condition reads {last}")
                } else {
                    format!("the condition reads {}; {}", path[0], links.join("; "))
                },
            ),
        };
        problems.add(source, lint);
    }
}

/// For each formula the columns that are no formulas and that it depends on, directly or by way of formulas.
pub(super) fn depends_on(names: &[String], reads: &[Vec<String>]) -> Vec<Vec<String>> {
    let by_name: HashMap<&str, &Vec<String>> = names.iter().map(String::as_str).zip(reads).collect();
    let of = |direct: &Vec<String>| {
        let mut open: Vec<&str> = direct.iter().map(String::as_str).collect();
        let mut found = Vec::new();
        let mut next = 0;
        while let Some(name) = open.get(next).copied() {
            next += 1;
            match by_name.get(name) {
                Some(inner) => {
                    let inner = inner.iter().map(String::as_str);
                    let new: Vec<&str> = inner.filter(|name| !open.contains(name)).collect();
                    open.extend(new);
                }
                None => found.push(name.to_owned()),
            }
        }
        found
    };
    reads.iter().map(of).collect()
}

impl Reads<'_> {
    /// The names from the condition of a step to one of the columns that it fills.
    fn loop_through(&self, index: usize) -> Option<Vec<String>> {
        let step = self.steps.get(index)?;
        let condition = step.condition.as_ref()?;
        let formula = &self.rules.tree().columns.get(condition.id.index())?.node;
        let names = self.names.get(condition.id.index())?.iter();
        let is_filled = |name: &str| step.fills.columns.iter().any(|(column, _)| column == name);
        // To ask whether the own column is still empty is how people say that nothing is bought again.
        let start = names.filter(|name| !is_filled(name) || self.reads_value(formula, name));
        let mut seen: Vec<String> = start.cloned().collect();
        let mut open: Vec<Vec<String>> = seen.iter().map(|name| vec![name.clone()]).collect();
        while let Some(path) = open.pop() {
            let name = path.last()?;
            if is_filled(name) {
                return Some(path);
            }
            for next in self.read_by(name) {
                if !seen.contains(&next) {
                    seen.push(next.clone());
                    open.push(path.iter().cloned().chain([next]).collect());
                }
            }
        }
        None
    }

    /// Whether a formula does more with a column of the row than ask whether it is empty.
    fn reads_value(&self, formula: &Node, name: &str) -> bool {
        let tree = self.rules.tree();
        let mut open = vec![(formula, false)];
        while let Some((node, is_negated)) = open.pop() {
            match &node.kind {
                NodeKind::Input(id) if reads_key(tree, *id, name) => return true,
                _ if !is_negated && asks_if_empty(node) => {}
                kind => {
                    let is_negated = is_negated || matches!(kind, NodeKind::Not(_));
                    open.extend(node.children().into_iter().map(|child| (child, is_negated)));
                }
            }
        }
        false
    }

    /// What a column depends on: the names its formula reads, or those of the condition of the step that fills it.
    fn read_by(&self, name: &str) -> Vec<String> {
        if let Some(names) = self.of_formula.get(name) {
            return names.to_vec();
        }
        let filling =
            self.steps.iter().find(|step| step.fills.columns.iter().any(|(column, _)| column == name));
        let condition = filling.and_then(|step| step.condition.as_ref());
        condition.and_then(|condition| self.names.get(condition.id.index())).cloned().unwrap_or_default()
    }
}

/// Whether an input reads this column of the row, directly or by its formula.
fn reads_key(tree: &Checked, id: InputId, name: &str) -> bool {
    match &tree.input(id).from {
        InputFrom::Path(path) => path.key == name,
        InputFrom::Formula(formula) => {
            let mut open = vec![formula];
            while let Some(node) = open.pop() {
                match &node.kind {
                    NodeKind::Input(key) if reads_key(tree, *key, name) => return true,
                    _ => open.extend(node.children()),
                }
            }
            false
        }
    }
}

/// `ISEMPTY(Column)`, `ISBLANK(Column)`, `NOT ISNOTEMPTY(Column)`
fn asks_if_empty(node: &Node) -> bool {
    let asks = |node: &Node, names: &[&str]| match &node.kind {
        NodeKind::Call(builtin, arguments) => {
            names.contains(&builtin.name)
                && matches!(arguments.as_slice(), [Node { kind: NodeKind::Input(_), .. }])
        }
        _ => false,
    };
    match &node.kind {
        NodeKind::Not(inner) => asks(inner, &["ISNOTEMPTY"]),
        _ => asks(node, &["ISEMPTY", "ISBLANK"]),
    }
}
