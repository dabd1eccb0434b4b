//! How formulas use each column of the row, and which uses can't both be right.

use super::input::InputId;
use super::kinds::{Kind, KindSet};
use super::tree::Checked;
use crate::diagnostics::{CheckError, Diagnostic};
use crate::span::Span;
use crate::syntax::bare_or_braced;

/// One use of a column: what it must be for the use to be right.
#[derive(Clone, Debug)]
pub(super) struct Use {
    pub input: InputId,
    pub kinds: KindSet,
    pub at: Span,
    /// What is done with it: `compared with a number`.
    pub why: String,
}

/// Adds an error for each column with two uses that no kind of value satisfies.
pub(super) fn conflicts(checked: &Checked, findings: &mut Vec<Diagnostic>) {
    for (index, input) in checked.inputs.iter().enumerate() {
        let uses: Vec<&Use> = checked.uses.iter().filter(|one| one.input.0 as usize == index).collect();
        let mut common = KindSet::ANY;
        let Some(second) = uses.iter().find(|one| {
            common = common.and(one.kinds);
            common.is_empty()
        }) else {
            continue;
        };
        // The first use that has nothing in common with it; where only several together do, the first of all.
        let first = uses.iter().find(|one| one.kinds.and(second.kinds).is_empty()).unwrap_or(&uses[0]);
        let [earlier, later] =
            if first.at.start <= second.at.start { [first, second] } else { [second, first] };
        findings.push(
            CheckError::ConflictingUses {
                name: input.name.clone(),
                first_type: earlier.kinds.described().to_owned(),
                second_type: later.kinds.described().to_owned(),
                first: earlier.at,
                first_why: earlier.why.clone(),
                second: later.at,
                second_why: later.why.clone(),
                help: help(&input.name, earlier.kinds, later.kinds),
            }
            .into(),
        );
    }
}

fn help(name: &str, one: KindSet, two: KindSet) -> String {
    let name = bare_or_braced(name);
    let either = |kind: Kind| one.has(kind) != two.has(kind);
    let of_list = || {
        format!(
            "for one item of the list write `{name}[0]`; for the whole list as text, `TEXTJOIN(\", \", TRUE, {name})`"
        )
    };
    let conditions = [
        KindSet::of(&[Kind::Boolean, Kind::Number]),
        KindSet::of(&[Kind::Boolean, Kind::Number, Kind::List]),
    ];
    if conditions.contains(&one) || conditions.contains(&two) {
        format!("to ask whether something is there, write `ISNOTEMPTY({name})`")
    } else if either(Kind::Record) {
        format!("for one value of the record write `{name}.field`")
    } else if [one, two].contains(&KindSet::of(&[Kind::List])) {
        of_list()
    } else if either(Kind::Words) && either(Kind::Number) {
        format!(
            "to read a number in a text, write `VALUE({name})`; if it can be either, write `IF(ISNUMBER({name}), {name}, 0)`"
        )
    } else if either(Kind::List) {
        of_list()
    } else {
        "use it as one or the other".to_owned()
    }
}
