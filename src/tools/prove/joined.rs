//! Two versions of a rule file as one, so that both are analyzed over the same row.

use crate::builtins::{self, Builtin, ParamKind};
use crate::check::{Checked, adopt, names_read};
use crate::diagnostics::Source;
use crate::rules::Rules;
use crate::span::{Span, Spanned};
use crate::syntax::ast::{
    Accessor, ColumnDefinition, DataDeclaration, Expr, ExprKind, FunctionDefinition, InputDeclaration,
    InputPath, InputSource, RuleFile,
};
use crate::syntax::on_deep_stack;
use crate::types::Type;
use std::collections::{BTreeSet, HashSet};

/// Two versions in one set of rules.
#[derive(Debug)]
pub(super) struct Joined {
    pub(super) rules: Rules,
    /// The columns that both compute.
    pub(super) columns: Vec<Shared>,
}

/// A column that both versions compute.
#[derive(Debug)]
pub(super) struct Shared {
    pub(super) name: String,
    /// Its index in the old version, and in the new one, among the columns of the joined rules.
    pub(super) old: usize,
    pub(super) new: usize,
    /// The names that its formula reads, if that is the same in both versions.
    pub(super) unchanged: Option<Vec<String>>,
}

/// Joins two versions that compile; nothing where they differ in what all their formulas can read.
pub(super) fn join(old: &Rules, new: &Rules) -> Option<Joined> {
    if differing(old, new).is_some() {
        return None;
    }
    let longer = [old, new].map(|rules| rules.tree().source.text()).into_iter().max_by_key(|text| text.len());
    on_deep_stack(longer.unwrap_or_default(), || {
        let mut source = Source::new("both versions", "");
        let [mut file, mut later] = [old, new].map(|rules| {
            let mut file = rules.read_into(&mut source);
            adopt(&mut file, &mut Vec::new());
            file
        });
        let columns = shared_columns(&file, &later);
        declare_all(&mut file);
        declare_all(&mut later);
        let differing = differing_inputs(&file, &later);
        rename(&mut file, "\0old ", &differing);
        rename(&mut later, "\0new ", &differing);
        later.inputs.retain(|input| !file.inputs.iter().any(|known| known.name.value == input.name.value));
        file.inputs.extend(later.inputs);
        let before = file.columns.len();
        file.columns.extend(later.columns);
        let columns = columns.into_iter().map(|one| Shared { new: one.new + before, ..one }).collect();
        let rules = Rules::unanalyzed(&source, &file, Vec::new()).ok()?;
        Some(Joined { rules, columns })
    })
}

/// What two versions have that formulas of both can't read together, as one names it: texts that are read as Blank,
/// functions and lookup data, where they differ.
#[must_use]
pub fn differing(old: &Rules, new: &Rules) -> Option<&'static str> {
    let (old, new) = (old.tree(), new.tree());
    let blanks = |tree: &Checked| -> BTreeSet<String> { tree.blanks.iter().cloned().collect() };
    let functions = |tree: &Checked| -> Vec<FunctionDefinition> {
        tree.functions.iter().flat_map(|function| function.file.functions.clone()).collect()
    };
    let is_same = |one: &DataDeclaration, two: &DataDeclaration| {
        one == two
            && one.loaded.as_deref().zip(two.loaded.as_deref()).is_some_and(|(one, two)| one.equals(two))
    };
    let has_same_data = old.data.len() == new.data.len()
        && old.data.iter().zip(&new.data).all(|(one, two)| is_same(one, two));
    if blanks(old) != blanks(new) {
        Some("their `blank` lines list different texts")
    } else if functions(old) != functions(new) {
        Some("their functions differ")
    } else if !has_same_data {
        Some("their lookup data differs")
    } else {
        None
    }
}

fn shared_columns(old: &RuleFile, new: &RuleFile) -> Vec<Shared> {
    let is_output = |column: &ColumnDefinition, name: &str| !column.is_private && column.name.value == name;
    let position = |name: &str| old.columns.iter().position(|column| is_output(column, name));
    let outputs = new.columns.iter().enumerate().filter(|(_, column)| !column.is_private);
    let shared = outputs.filter_map(|(index, column)| {
        let name = &column.name.value;
        let before = position(name)?;
        let unchanged = unchanged_reads(old, new, column);
        Some(Shared { name: name.clone(), old: before, new: index, unchanged })
    });
    shared.collect()
}

/// The names that a column reads, through private columns as well, if none of these formulas differs in the old version.
fn unchanged_reads(old: &RuleFile, new: &RuleFile, column: &ColumnDefinition) -> Option<Vec<String>> {
    let mut names: Vec<String> = Vec::new();
    let mut open = vec![column];
    while let Some(column) = open.pop() {
        let formula = column.formula.as_ref()?;
        let is_same = |other: &&ColumnDefinition| other.name.value == column.name.value;
        old.columns.iter().find(is_same).filter(|other| other.formula.as_ref() == Some(formula))?;
        for name in names_read(formula).into_iter().map(ToOwned::to_owned) {
            let is_private = |one: &&ColumnDefinition| one.is_private && one.name.value == name;
            if !names.contains(&name) {
                open.extend(new.columns.iter().filter(is_private));
                names.push(name);
            }
        }
    }
    Some(names)
}

/// Declares every column of the row that formulas read.
fn declare_all(file: &mut RuleFile) {
    let mut names: Vec<String> = Vec::new();
    for formula in file.columns.iter().filter_map(|column| column.formula.as_ref()) {
        names.extend(names_read(formula).into_iter().map(ToOwned::to_owned));
    }
    names.sort();
    names.dedup();
    let is_data = |name: &String| file.data.iter().any(|data| data.name.value == *name);
    let is_column =
        |name: &String| file.columns.iter().any(|column| column.name.value == *name) || is_data(name);
    names.retain(|name| !is_column(name) && !file.inputs.iter().any(|input| input.name.value == *name));
    for name in names {
        let name = Spanned::new(name, Span::default());
        file.inputs.push(InputDeclaration {
            name,
            ty: Spanned::new(Type::Any, Span::default()),
            format: None,
            source: None,
        });
    }
}

/// The inputs that the versions read in different ways.
fn differing_inputs(old: &RuleFile, new: &RuleFile) -> HashSet<String> {
    let differs = |input: &&InputDeclaration| {
        let other = new.inputs.iter().find(|other| other.name.value == input.name.value);
        other.is_some_and(|other| {
            other.ty.value != input.ty.value || other.format != input.format || other.source != input.source
        })
    };
    old.inputs.iter().filter(differs).map(|input| input.name.value.clone()).collect()
}

/// Gives the columns of a version, and the inputs that differ, names of their own.
fn rename(file: &mut RuleFile, prefix: &str, differing: &HashSet<String>) {
    let mut own: HashSet<String> = file.columns.iter().map(|column| column.name.value.clone()).collect();
    own.extend(differing.iter().cloned());
    for input in file.inputs.iter_mut().filter(|input| differing.contains(&input.name.value)) {
        let key = input.name.value.clone();
        input.source.get_or_insert(InputSource::Path(InputPath { key, steps: Vec::new() }));
        input.name.value = format!("{prefix}{}", input.name.value);
    }
    for column in &mut file.columns {
        if let Some(formula) = &mut column.formula {
            rename_in(formula, &mut Renaming { prefix, own: &own, bound: Vec::new() });
        }
        column.name.value = format!("{prefix}{}", column.name.value);
    }
}

struct Renaming<'r> {
    prefix: &'r str,
    own: &'r HashSet<String>,
    /// The LET names in scope, and the names of items.
    bound: Vec<String>,
}

fn rename_in(expr: &mut Expr, names: &mut Renaming<'_>) {
    match &mut expr.kind {
        ExprKind::Name(name) => {
            if names.own.contains(name.as_str()) && !names.bound.iter().any(|bound| bound == name) {
                *name = format!("{}{name}", names.prefix);
            }
        }
        ExprKind::Number(_) | ExprKind::Text(_) | ExprKind::Boolean(_) => {}
        ExprKind::List(items)
        | ExprKind::Join(items)
        | ExprKind::Power(items)
        | ExprKind::And { operands: items, .. }
        | ExprKind::Or { operands: items, .. } => items.iter_mut().for_each(|item| rename_in(item, names)),
        ExprKind::Record(items) => items.iter_mut().for_each(|item| rename_in(item.value_mut(), names)),
        ExprKind::Sign { operand, .. } | ExprKind::Percent(operand) | ExprKind::Not { operand, .. } => {
            rename_in(operand, names);
        }
        ExprKind::Compare { lhs, rhs, .. } => {
            rename_in(lhs, names);
            rename_in(rhs, names);
        }
        ExprKind::In { needle, list, .. } => {
            rename_in(needle, names);
            rename_in(list, names);
        }
        ExprKind::Sum(terms) => terms.iter_mut().for_each(|(_, term)| rename_in(term, names)),
        ExprKind::Product(factors) => factors.iter_mut().for_each(|(_, factor)| rename_in(factor, names)),
        ExprKind::Call { function, args } => {
            rename_call(args, builtins::find(&function.value), names);
        }
        ExprKind::Let { bindings, body } => {
            let outer = names.bound.len();
            for binding in bindings {
                rename_in(&mut binding.value, names);
                names.bound.push(binding.name.value.clone());
            }
            rename_in(body, names);
            names.bound.truncate(outer);
        }
        ExprKind::Access { base, path } => {
            rename_in(base, names);
            for accessor in path {
                if let Accessor::Index(index) = accessor {
                    rename_in(index, names);
                }
            }
        }
    }
}

/// The arguments of a call; the name of an item is bound in those after it.
fn rename_call(args: &mut [Expr], builtin: Option<&'static Builtin>, names: &mut Renaming<'_>) {
    let outer = names.bound.len();
    let is_binding = |index: usize| {
        let param = builtin.and_then(|builtin| builtin.params.get(index));
        param.is_some_and(|param| param.kind == ParamKind::Binding)
    };
    for (index, arg) in args.iter_mut().enumerate() {
        match &arg.kind {
            ExprKind::Name(name) if is_binding(index) => names.bound.push(name.clone()),
            _ => rename_in(arg, names),
        }
    }
    names.bound.truncate(outer);
}
