//! Which column of a rule file is its score, and which the tier that is made of it, told before any row is read.

use super::reads::{columns_read, numbers_read, read_through_private};
use super::walk;
use crate::check::{Checked, Column, ColumnId, Node, NodeKind};
use crate::rules::Rules;
use crate::types::Type;

/// More nodes than this are not looked at to tell whether a formula gives a number.
const MOST_STEPS: usize = 500;

/// The column that scores rows, and the column that makes tiers of it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Scoring {
    /// The score; nothing where no column gives numbers.
    pub score: Option<ColumnId>,
    /// The tier; nothing where no other column is made of the score.
    pub tier: Option<ColumnId>,
}

/// The score and the tier among `columns`: a tier that no other column reads, with the number that it reads; where
/// there is none, the number that no other column reads.
#[must_use]
pub fn scoring(rules: &Rules, columns: &[ColumnId]) -> Scoring {
    let tree = rules.tree();
    let is_number = |id: &ColumnId| gives_number(rules, *id);
    let score_of = |tier: ColumnId| {
        let numbers = numbers_read(tree, tier, &|id| is_number(&id));
        numbers.into_iter().find(|id| columns.contains(id))
    };
    let tiers = all(rules).filter(|id| !is_number(id)).filter_map(|id| Some((id, score_of(id)?)));
    let tiers: Vec<(ColumnId, ColumnId)> = tiers.collect();
    let last = tiers.iter().find(|(tier, _)| !is_read(rules, *tier));
    if let Some((tier, score)) = last.or(tiers.first()).copied() {
        return Scoring { score: Some(score), tier: Some(tier) };
    }
    let mut numbers = columns.iter().copied().filter(is_number);
    let first = numbers.clone().next();
    Scoring { score: numbers.find(|id| !is_read(rules, *id)).or(first), tier: None }
}

/// The written column that makes something other than a number of `score`.
#[must_use]
pub fn tier_of(rules: &Rules, score: ColumnId) -> Option<ColumnId> {
    let tree = rules.tree();
    let outputs = tree.outputs().map(|(id, _)| id).filter(|id| *id != score);
    let mut readers = outputs.filter(|id| read_through_private(tree, *id).contains(&score));
    readers.find(|id| !gives_number(rules, *id))
}

/// Whether another column reads this one.
#[must_use]
pub fn is_read(rules: &Rules, column: ColumnId) -> bool {
    all(rules)
        .any(|other| other != column && columns_read(&rules.tree().column(other).node).contains(&column))
}

fn all(rules: &Rules) -> impl Iterator<Item = ColumnId> {
    (0..rules.tree().columns.len()).map(|index| ColumnId(index as u32))
}

/// Whether a column gives numbers, as far as the file says: by its range, its formula, or one that compares it. By its
/// type `MIN(100, A + B)` may be a date, since dates can be added to and compared as well; it is meant as a number.
#[must_use]
pub fn gives_number(rules: &Rules, column: ColumnId) -> bool {
    let tree = rules.tree();
    let Column { node, contract, .. } = tree.column(column);
    contract.is_some()
        || adds(tree, node, &mut { MOST_STEPS })
        || (node.ty == Type::Any && walk::nodes(tree).any(|node| orders(node, column)))
}

/// Whether a formula is made to give a number.
fn adds(tree: &Checked, node: &Node, steps: &mut usize) -> bool {
    let Some(left) = steps.checked_sub(1) else { return false };
    *steps = left;
    if node.ty != Type::Any {
        return node.ty == Type::Number;
    }
    match &node.kind {
        NodeKind::Column(id) => adds(tree, &tree.column(*id).node, steps),
        NodeKind::Let { body, .. } => adds(tree, body, steps),
        NodeKind::Sum(addends) => addends.iter().all(|addend| addend.node.ty != Type::Date),
        NodeKind::Call(builtin, args) => {
            matches!(builtin.name, "MIN" | "MAX") && any_adds(tree, &args.iter().collect::<Vec<_>>(), steps)
        }
        _ => any_adds(tree, &results(node), steps),
    }
}

/// Whether one of these gives a number, and the others may.
fn any_adds(tree: &Checked, nodes: &[&Node], steps: &mut usize) -> bool {
    nodes.iter().all(|node| matches!(node.ty, Type::Any | Type::Number | Type::Blank))
        && nodes.iter().any(|node| adds(tree, node, steps))
}

/// What a choice can give.
fn results(node: &Node) -> Vec<&Node> {
    let (mut nodes, otherwise): (Vec<&Node>, _) = match &node.kind {
        NodeKind::Choose { branches, otherwise, .. }
        | NodeKind::Bucket { steps: branches, otherwise, .. } => {
            (branches.iter().map(|branch| &branch.result).collect(), otherwise.as_deref())
        }
        NodeKind::Switch { cases, otherwise, .. } => {
            (cases.iter().map(|case| &case.result).collect(), otherwise.as_deref())
        }
        NodeKind::Rescue { value, fallback, .. } => (vec![&value.node], Some(&**fallback)),
        NodeKind::Coalesce(arms) | NodeKind::Pick { arms, .. } => {
            (arms.iter().map(|arm| &arm.node).collect(), None)
        }
        _ => (Vec::new(), None),
    };
    nodes.extend(otherwise.map(|arm| &arm.node));
    nodes
}

/// Whether a node puts the column in order with a number.
fn orders(node: &Node, column: ColumnId) -> bool {
    let is_column = |node: &Node| matches!(node.kind, NodeKind::Column(id) if id == column);
    match &node.kind {
        NodeKind::Compare(op, sides) if op.is_ordering() => {
            let (one, other) = &**sides;
            (is_column(one) && other.ty == Type::Number) || (is_column(other) && one.ty == Type::Number)
        }
        NodeKind::Bucket { value, .. } => is_column(value),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::scoring;
    use crate::check::ColumnId;
    use crate::rules::Rules;

    /// The names of the score and of the tier of a rule file.
    fn names(text: &str) -> (String, String) {
        let rules = Rules::compile("score.clay", text).expect("rules");
        let columns: Vec<ColumnId> = (0..rules.tree().columns.len() as u32).map(ColumnId).collect();
        let found = scoring(&rules, &columns);
        let name =
            |id: Option<ColumnId>| id.map(|id| rules.tree().column(id).name.clone()).unwrap_or_default();
        (name(found.score), name(found.tier))
    }

    #[test]
    fn the_score_is_the_number_that_the_tier_reads() {
        let tier = "Tier := IF(Score >= 50, \"A\", \"B\")\n";
        let scores = [
            "Score := MIN(100, A + B)\n",
            "Score := A\n",
            "Score := COALESCE(Override, A + B)\n",
            "Score (0-100) := Given.score\n",
            "Score := IF(A > 5, MAX(0, B - 1), 0)\n",
            "Score := LET(x, A, x + 1)\n",
        ];
        for score in scores {
            let text = format!(
                "Size := A * 2\nBand := IF(Size > 5, \"L\", \"S\")\nLabel := Band & \"!\"\n{score}{tier}"
            );
            assert_eq!(names(&text), ("Score".to_owned(), "Tier".to_owned()), "{score}");
        }
    }

    #[test]
    fn without_a_tier_the_last_number_is_the_score() {
        let named = |score: &str, tier: &str| (score.to_owned(), tier.to_owned());
        assert_eq!(names("Base := A * 2\nScore := MIN(9, Base)\nName := LOWER(B)\n"), named("Score", ""));
        assert_eq!(names("Name := LOWER(B)\nDue := TODAY() + A\n"), named("", ""));
    }
}
