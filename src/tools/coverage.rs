//! Which results, branches and arms of a rule file decided in no row.

use super::walk;
use crate::check::{Arm, Checked, Lookup, Node, NodeKind, SiteId};
use crate::eval::Observer;
use crate::span::Span;
use crate::syntax::{TokenKind, tokenize};
use crate::value::{Value, is_empty, to_boolean};
use std::cmp::Reverse;
use std::collections::HashMap;

/// Which places decided in the rows seen so far. It only sets marks, so that looking costs little.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Marks {
    chosen: Vec<bool>,
    held: Vec<bool>,
    failed: Vec<bool>,
    none: Vec<bool>,
    /// For each data of the file, a bit for each of its rows: whether a lookup found it.
    found: Vec<Vec<u64>>,
}

impl Marks {
    /// Room for the places of `checked`; what is marked stays.
    pub fn make_room(&mut self, checked: &Checked) {
        self.resize(checked.sites.len());
        self.found.resize_with(checked.data.len(), Vec::new);
    }

    /// How many rows of the data of this index lookups found.
    fn rows_found(&self, data: usize) -> usize {
        self.found.get(data).map_or(0, |words| words.iter().map(|word| word.count_ones() as usize).sum())
    }

    fn resize(&mut self, sites: usize) {
        if self.chosen.len() < sites {
            for marks in [&mut self.chosen, &mut self.held, &mut self.failed, &mut self.none] {
                marks.resize(sites, false);
            }
        }
    }

    /// Adds what others saw.
    pub fn merge(&mut self, other: &Self) {
        self.resize(other.chosen.len());
        let pairs = [
            (&mut self.chosen, &other.chosen),
            (&mut self.held, &other.held),
            (&mut self.failed, &other.failed),
            (&mut self.none, &other.none),
        ];
        for (own, other) in pairs {
            own.iter_mut().zip(other).for_each(|(own, other)| *own |= other);
        }
        self.found.resize_with(self.found.len().max(other.found.len()), Vec::new);
        for (own, other) in self.found.iter_mut().zip(&other.found) {
            own.resize(own.len().max(other.len()), 0);
            own.iter_mut().zip(other).for_each(|(own, other)| *own |= other);
        }
    }
}

fn mark(marks: &mut [bool], site: SiteId) {
    if let Some(mark) = marks.get_mut(site.0 as usize) {
        *mark = true;
    }
}

fn is_marked(marks: &[bool], site: SiteId) -> bool {
    marks.get(site.0 as usize).copied().unwrap_or(false)
}

impl Observer for Marks {
    const SEES_COMPARISONS: bool = false;

    fn branch(&mut self, site: SiteId, _: &Value<'_>) {
        mark(&mut self.chosen, site);
    }

    fn arm(&mut self, site: SiteId, held: bool) {
        mark(if held { &mut self.held } else { &mut self.failed }, site);
    }

    fn none(&mut self, first: SiteId) {
        mark(&mut self.none, first);
    }

    fn looked_up(&mut self, lookup: &Lookup, _: &[Value<'_>], row: Option<usize>) {
        let Some((row, words)) = row.zip(self.found.get_mut(lookup.data.0 as usize)) else { return };
        if words.len() <= row / 64 {
            words.resize(row / 64 + 1, 0);
        }
        words[row / 64] |= 1 << (row % 64);
    }
}

/// What was decided and what was not.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Coverage {
    /// How many outcomes the rules have.
    pub outcomes: usize,
    /// Those that no row and no example had, in the order of the text.
    pub missed: Vec<Missed>,
    /// Sets of constants after IN, in the order of the text. Each is one outcome.
    pub sets: Vec<SetSeen>,
    /// Lookup data with keys, in the order of the text.
    pub data: Vec<DataSeen>,
}

/// Lookup data, and how many of its rows some row or example looked up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DataSeen {
    /// The file.
    pub file: String,
    /// The rows that were found.
    pub found: usize,
    /// All rows.
    pub rows: usize,
}

/// A set of constants, and how many of its members some row or example had.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SetSeen {
    /// Where its condition is.
    pub span: Span,
    /// The members that were seen.
    pub seen: usize,
    /// All members.
    pub members: usize,
}

/// An outcome that no row and no example had.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Missed {
    /// Where it stands.
    pub span: Span,
    /// What did not happen: `never chosen`.
    pub what: &'static str,
    /// Whether it is a result, so that what lies inside did not happen either.
    pub is_result: bool,
}

impl Coverage {
    /// What `marks` say about the rules they were made with.
    #[must_use]
    pub fn new(checked: &Checked, marks: &Marks) -> Self {
        // An import is covered by the tests of its own file.
        let source = checked.source.part_at(0).text;
        let is_imported = |at: Span| checked.is_imported(at.start as usize);
        let mut outcomes = Outcomes {
            checked,
            source,
            closings: closings(source),
            marks,
            count: 0,
            missed: Vec::new(),
            sets: Vec::new(),
        };
        // Calls contain the formulas of their functions, which count once.
        let is_own =
            |node: &&Node| !checked.is_in_function(node.span.start as usize) && !is_imported(node.span);
        walk::nodes(checked).filter(is_own).for_each(|node| outcomes.of(node));
        for function in checked.functions.iter().filter(|function| !is_imported(function.span)) {
            let is_own = |node: &&Node| function.contains(node.span.start as usize);
            walk::nodes(&function.checked).filter(is_own).for_each(|node| outcomes.of(node));
        }
        outcomes.missed.sort_by_key(|missed| (missed.span.start, Reverse(missed.span.end), missed.what));
        outcomes.sets.sort_by_key(|set| set.span.start);
        let declared = checked.data.iter().enumerate().filter(|(_, data)| !is_imported(data.span));
        let data = declared.filter_map(|(index, declaration)| {
            let rows = declaration.loaded.as_deref().filter(|data| data.is_indexed())?.len();
            Some(DataSeen { file: declaration.label(), found: marks.rows_found(index), rows })
        });
        let data = data.collect();
        Self { outcomes: outcomes.count, missed: outcomes.missed, sets: outcomes.sets, data }
    }

    /// What was missed, without what lies inside a result that was.
    pub fn outermost(&self) -> impl Iterator<Item = &Missed> {
        let mut end = 0;
        // A result stands before all that lies inside it.
        self.missed.iter().filter(move |missed| {
            let is_inside = missed.span.end <= end;
            if missed.is_result && !is_inside {
                end = missed.span.end;
            }
            !is_inside
        })
    }

    /// How many outcomes some row or example had.
    #[must_use]
    pub fn covered(&self) -> usize {
        self.outcomes - self.missed.len()
    }

    /// The share that was covered, from 0 to 100; rules without outcomes are covered.
    #[must_use]
    pub fn percent(&self) -> f64 {
        if self.outcomes == 0 { 100.0 } else { self.covered() as f64 * 100.0 / self.outcomes as f64 }
    }
}

struct Outcomes<'o> {
    checked: &'o Checked,
    source: &'o str,
    /// Where each bracket that opens is closed.
    closings: HashMap<usize, usize>,
    marks: &'o Marks,
    count: usize,
    missed: Vec<Missed>,
    sets: Vec<SetSeen>,
}

impl Outcomes<'_> {
    fn add(&mut self, covered: bool, span: Span, what: &'static str) {
        self.count += 1;
        if !covered {
            self.missed.push(Missed { span, what, is_result: false });
        }
    }

    /// A result that can be chosen.
    fn result(&mut self, site: SiteId, span: Span, what: &'static str) {
        self.count += 1;
        if !is_marked(&self.marks.chosen, site) {
            self.missed.push(Missed { span, what, is_result: true });
        }
    }

    /// The case that no result is chosen, or that no arm decides.
    fn none(&mut self, first: Option<SiteId>, span: Span, what: &'static str) {
        if let Some(first) = first {
            self.add(is_marked(&self.marks.none, first), span, what);
        }
    }

    /// The result if none of the others is chosen, or, where there is no such result, the case itself.
    fn otherwise(&mut self, arm: Option<&Arm>, first: Option<SiteId>, node: &Node, what: &'static str) {
        match arm {
            Some(arm) => self.result(arm.site, arm.node.span, "never chosen"),
            None => self.none(first, self.name_of(node), what),
        }
    }

    /// Arms of which the first that holds (or, for AND, fails) decides.
    fn arms(&mut self, arms: &[Arm], node: &Node, words: [&'static str; 2], is_and: bool) {
        let marks = if is_and { &self.marks.failed } else { &self.marks.held };
        let decided: Vec<bool> = arms.iter().map(|arm| is_marked(marks, arm.site)).collect();
        for (arm, decided) in arms.iter().zip(decided) {
            self.add(decided, arm.node.span, words[0]);
        }
        self.none(arms.first().map(|arm| arm.site), self.name_of(node), words[1]);
    }

    /// A set of constants: one outcome if the value is a member, and one if it is not.
    fn set(&mut self, arms: &[Arm], node: &Node) {
        let seen = arms.iter().filter(|arm| is_marked(&self.marks.held, arm.site)).count();
        self.add(seen > 0, node.span, "never equal to a member");
        self.none(arms.first().map(|arm| arm.site), self.name_of(node), "never equal to none");
        self.sets.push(SetSeen { span: node.span, seen, members: arms.len() });
    }

    fn of(&mut self, node: &Node) {
        match &node.kind {
            NodeKind::Or(arms) => {
                self.arms(arms, node, ["never the first that holds", "never all FALSE"], false);
            }
            NodeKind::And(arms) => {
                self.arms(arms, node, ["never the first that fails", "never all TRUE"], true);
            }
            NodeKind::InArms { arms, .. }
                if arms.len() > 1 && arms.iter().all(|arm| is_constant(&arm.node)) =>
            {
                self.set(arms, node);
            }
            NodeKind::InArms { arms, .. } => {
                self.arms(arms, node, ["never the one that is equal", "never equal to none"], false);
            }
            NodeKind::Choose { branches, otherwise, .. } => {
                // A decision table that leaves a case out has a warning, and a complete one has no such case.
                for branch in
                    branches.iter().filter(|branch| !self.checked.is_about_no_row(branch.result.span))
                {
                    self.result(branch.site, branch.result.span, "never chosen");
                }
                let last = branches.last().map(|branch| branch.condition.span);
                match otherwise {
                    // The other side of POINTS is 0 and stands nowhere.
                    Some(arm) if branches.iter().any(|branch| branch.result.span == arm.node.span) => {
                        let covered = is_marked(&self.marks.chosen, arm.site);
                        self.add(covered, last.unwrap_or(node.span), "never FALSE");
                    }
                    Some(arm) => self.result(arm.site, arm.node.span, "never chosen"),
                    // `IFS(…, TRUE, x)` is how people write "otherwise".
                    None if branches.iter().any(|branch| is_always_true(&branch.condition)) => {}
                    None => {
                        let first = branches.first().map(|branch| branch.site);
                        let what =
                            if branches.len() == 1 { "never FALSE" } else { "some condition always holds" };
                        let span =
                            if branches.len() == 1 { last.unwrap_or(node.span) } else { self.name_of(node) };
                        self.none(first, span, what);
                    }
                }
            }
            NodeKind::Switch { cases, otherwise, .. } => {
                for case in cases {
                    self.result(case.site, case.result.span, "never chosen");
                }
                let first = cases.first().map(|case| case.site);
                self.otherwise(otherwise.as_deref(), first, node, "some case is always equal");
            }
            NodeKind::Bucket { steps, otherwise, .. } => {
                for step in steps {
                    self.result(step.site, step.result.span, "never chosen");
                }
                let first = steps.first().map(|step| step.site);
                self.otherwise(otherwise.as_deref(), first, node, "always below some threshold");
            }
            NodeKind::Pick { arms, .. } => {
                for arm in arms {
                    self.result(arm.site, arm.node.span, "never chosen");
                }
            }
            NodeKind::Rescue { value, fallback, .. } => {
                self.result(value.site, value.node.span, "never without an error");
                self.result(fallback.site, fallback.node.span, "never needed");
            }
            NodeKind::Coalesce(arms) => {
                for arm in arms {
                    self.result(arm.site, arm.node.span, "never the first that is filled");
                }
                if !arms.iter().any(|arm| is_never_empty(&arm.node)) {
                    self.none(arms.first().map(|arm| arm.site), self.name_of(node), "never all empty");
                }
            }
            _ => self.picked(node),
        }
    }

    /// The items of a list that is written out, of which one is picked by its position.
    fn picked(&mut self, node: &Node) {
        let Some((items, first)) = node.picked_from() else { return };
        for (index, item) in items.iter().enumerate() {
            self.result(first.of_item(index), item.span, "never chosen");
        }
    }

    /// The name of the function of a call, since the whole call holds the arms as well; an operator has none.
    fn name_of(&self, node: &Node) -> Span {
        let (start, end) = (node.span.start as usize, node.span.end as usize);
        let text = node.span.of(self.source);
        let name = text.find(|next: char| !next.is_alphanumeric() && next != '_').unwrap_or(text.len());
        let bracket = end - text[name..].trim_start().len();
        // `OR(a) AND OR(b)` is no call: the bracket behind its first word is closed before its end.
        if name > 0 && self.closings.get(&bracket) == Some(&end) {
            return Span::new(start, start + name);
        }
        node.span
    }
}

fn is_constant(node: &Node) -> bool {
    matches!(node.kind, NodeKind::Constant(_))
}

/// Whether a condition holds in any row.
fn is_always_true(condition: &Node) -> bool {
    matches!(&condition.kind, NodeKind::Constant(value) if to_boolean(value) == Ok(true))
}

/// Whether a value is there in any row.
fn is_never_empty(node: &Node) -> bool {
    matches!(&node.kind, NodeKind::Constant(value) if !is_empty(value))
}

/// For each bracket that opens in the text, the end of the one that closes it.
fn closings(source: &str) -> HashMap<usize, usize> {
    let mut closings = HashMap::new();
    let mut open = Vec::new();
    for token in tokenize(source) {
        match token.kind {
            TokenKind::Open => open.push(token.span.start as usize),
            TokenKind::Close => closings.extend(open.pop().map(|start| (start, token.span.end as usize))),
            _ => {}
        }
    }
    closings
}
