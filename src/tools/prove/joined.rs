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
        let functions = differing_functions(&file, &later);
        let columns = shared_columns(&file, &later, &functions);
        declare_all(&mut file);
        declare_all(&mut later);
        let inputs = differing_inputs(&file, &later, &functions);
        rename(&mut file, "\0old ", &inputs, &functions);
        rename(&mut later, "\0new ", &inputs, &functions);
        later.functions.retain(|function| !file.functions.iter().any(|known| known.name == function.name));
        file.functions.extend(later.functions);
        later.inputs.retain(|input| !file.inputs.iter().any(|known| known.name.value == input.name.value));
        file.inputs.extend(later.inputs);
        let before = file.columns.len();
        file.columns.extend(later.columns);
        let columns = columns.into_iter().map(|one| Shared { new: one.new + before, ..one }).collect();
        let rules = Rules::unanalyzed(&source, &file, Vec::new()).ok()?;
        Some(Joined { rules, columns })
    })
}

/// What two versions have that formulas of both can't read together, as one names it: texts that are read as Blank and
/// lookup data, where they differ.
#[must_use]
pub fn differing(old: &Rules, new: &Rules) -> Option<&'static str> {
    let (old, new) = (old.tree(), new.tree());
    let blanks = |tree: &Checked| -> BTreeSet<String> { tree.blanks.iter().cloned().collect() };
    let is_same = |one: &DataDeclaration, two: &DataDeclaration| {
        one == two
            && one.loaded.as_deref().zip(two.loaded.as_deref()).is_some_and(|(one, two)| one.equals(two))
    };
    let has_same_data = old.data.len() == new.data.len()
        && old.data.iter().zip(&new.data).all(|(one, two)| is_same(one, two));
    if blanks(old) != blanks(new) {
        Some("their `blank` lines list different texts")
    } else if !has_same_data {
        Some("their lookup data differs")
    } else {
        None
    }
}

/// The names of functions that are not the same in both versions, or call one that is not, in upper case.
fn differing_functions(old: &RuleFile, new: &RuleFile) -> HashSet<String> {
    let key = |function: &FunctionDefinition| function.name.value.to_ascii_uppercase();
    let is_in = |file: &RuleFile, function: &FunctionDefinition| file.functions.contains(function);
    let all = || old.functions.iter().chain(&new.functions);
    let mut found: HashSet<String> =
        all().filter(|one| !(is_in(old, one) && is_in(new, one))).map(key).collect();
    loop {
        let calls = |one: &&FunctionDefinition| {
            let defaults = one.params.iter().filter_map(|param| param.default.as_ref());
            one.body.iter().chain(defaults).any(|formula| calls_any(formula, &found))
        };
        let callers: Vec<String> =
            all().filter(calls).map(key).filter(|name| !found.contains(name)).collect();
        if callers.is_empty() {
            return found;
        }
        found.extend(callers);
    }
}

/// Whether a formula calls one of these functions.
fn calls_any(formula: &Expr, functions: &HashSet<String>) -> bool {
    let mut open = vec![formula];
    while let Some(expr) = open.pop() {
        if let ExprKind::Call { function, .. } = &expr.kind
            && functions.contains(&function.value.to_ascii_uppercase())
        {
            return true;
        }
        open.extend(expr.children());
    }
    false
}

fn shared_columns(old: &RuleFile, new: &RuleFile, functions: &HashSet<String>) -> Vec<Shared> {
    let is_output = |column: &ColumnDefinition, name: &str| !column.is_private && column.name.value == name;
    let position = |name: &str| old.columns.iter().position(|column| is_output(column, name));
    let outputs = new.columns.iter().enumerate().filter(|(_, column)| !column.is_private);
    let shared = outputs.filter_map(|(index, column)| {
        let name = &column.name.value;
        let before = position(name)?;
        let unchanged = unchanged_reads(old, new, column, functions);
        Some(Shared { name: name.clone(), old: before, new: index, unchanged })
    });
    shared.collect()
}

/// The names that a column reads, through private columns as well, if none of these formulas differs in the old version
/// or calls one of the functions that do.
fn unchanged_reads(
    old: &RuleFile,
    new: &RuleFile,
    column: &ColumnDefinition,
    functions: &HashSet<String>,
) -> Option<Vec<String>> {
    let mut names: Vec<String> = Vec::new();
    let mut open = vec![column];
    while let Some(column) = open.pop() {
        let formula = column.formula.as_ref().filter(|formula| !calls_any(formula, functions))?;
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
fn differing_inputs(old: &RuleFile, new: &RuleFile, functions: &HashSet<String>) -> HashSet<String> {
    let differs = |input: &&InputDeclaration| {
        if matches!(&input.source, Some(InputSource::Formula(formula)) if calls_any(formula, functions)) {
            return true;
        }
        let other = new.inputs.iter().find(|other| other.name.value == input.name.value);
        other.is_some_and(|other| {
            other.ty.value != input.ty.value || other.format != input.format || other.source != input.source
        })
    };
    old.inputs.iter().filter(differs).map(|input| input.name.value.clone()).collect()
}

/// Gives the columns of a version, and the inputs and functions that differ, names of their own.
fn rename(file: &mut RuleFile, prefix: &str, differing: &HashSet<String>, functions: &HashSet<String>) {
    rename_functions(file, prefix, functions);
    let mut own: HashSet<String> = file.columns.iter().map(|column| column.name.value.clone()).collect();
    own.extend(differing.iter().cloned());
    for input in file.inputs.iter_mut().filter(|input| differing.contains(&input.name.value)) {
        let key = input.name.value.clone();
        input.source.get_or_insert(InputSource::Path(InputPath { key, steps: Vec::new() }));
        input.name.value = format!("{prefix}{}", input.name.value);
    }
    for column in &mut file.columns {
        if let Some(formula) = &mut column.formula {
            rename_in(formula, &mut Renaming { prefix, own: &own, functions, bound: Vec::new() });
        }
        column.name.value = format!("{prefix}{}", column.name.value);
    }
}

/// Gives these functions names of their own, where they are defined and where functions and inputs call them.
fn rename_functions(file: &mut RuleFile, prefix: &str, functions: &HashSet<String>) {
    let own = HashSet::new();
    let mut in_formula = |formula: &mut Expr| {
        rename_in(formula, &mut Renaming { prefix, own: &own, functions, bound: Vec::new() });
    };
    for input in &mut file.inputs {
        if let Some(InputSource::Formula(formula)) = &mut input.source {
            in_formula(formula);
        }
    }
    for function in &mut file.functions {
        let defaults = function.params.iter_mut().filter_map(|param| param.default.as_mut());
        function.body.iter_mut().chain(defaults).for_each(&mut in_formula);
        if functions.contains(&function.name.value.to_ascii_uppercase()) {
            function.name.value = format!("{prefix}{}", function.name.value);
        }
    }
}

struct Renaming<'r> {
    prefix: &'r str,
    own: &'r HashSet<String>,
    /// The functions that get names of their own, in upper case.
    functions: &'r HashSet<String>,
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
            if names.functions.contains(&function.value.to_ascii_uppercase()) {
                function.value.0 = format!("{}{}", names.prefix, function.value.0);
            }
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
