//! A table file: its columns in their order, its steps and effects, its money.

use super::effect::EffectFile;
use super::found::Found;
use super::hint;
use super::section::{Section, is_first, merge_key, text, unfit, unfit_or, without_repeated};
use super::step::StepFile;
use crate::diagnostics::{TableError, did_you_mean, suggest};
use crate::span::Spanned;
use crate::table::credits::Credits;
use crate::table::yaml::{Node, NodeKind};
use crate::types::Type;
use std::time::Duration;

/// A table, with its formulas and templates as texts.
#[derive(Clone, Debug)]
pub struct TableFile {
    /// What it is called.
    pub name: Option<Spanned<String>>,
    /// The rule files whose columns are its formula columns.
    pub rules: Vec<Spanned<String>>,
    /// The declared columns of the rows; nothing where any column is allowed.
    pub inputs: Option<Vec<(Spanned<String>, Type)>>,
    /// What tells one row from another; all of it where that is not said.
    pub row_key: Option<Spanned<String>>,
    /// Further provider files and folders of them.
    pub provider_files: Vec<Spanned<String>>,
    /// Providers that are defined in the table itself.
    pub providers: Vec<Node>,
    /// Recorded answers that are given instead of calling anyone.
    pub recordings: Option<Spanned<String>>,
    /// The most that may be spent.
    pub budget: BudgetFile,
    /// When a result is too old, for steps that don't say.
    pub refresh: Option<Spanned<Duration>>,
    /// How many calls are under way at once.
    pub concurrency: Option<Spanned<u32>>,
    /// Whether rows with warnings are not pushed.
    pub strict: bool,
    /// Which of several effects on a CRM runs.
    pub crm: Option<Spanned<String>>,
    /// The names of `columns`, in their order.
    pub columns: Vec<Spanned<String>>,
    /// The steps, in the order in which they are looked at.
    pub steps: Vec<StepFile>,
    /// The effects.
    pub effects: Vec<EffectFile>,
    /// Formula columns that are defined in the table itself.
    pub formulas: Vec<FormulaFile>,
    /// Formula columns that the table names, and that rule files define.
    pub placed: Vec<Spanned<String>>,
}

/// The most that may be spent.
#[derive(Clone, Debug, Default)]
pub struct BudgetFile {
    /// In one run.
    pub run: Option<Spanned<Credits>>,
    /// In one calendar month.
    pub month: Option<Spanned<Credits>>,
    /// For one row.
    pub row: Option<Spanned<Credits>>,
}

/// `formula: Lead Tier` with `is: IF(…)`
#[derive(Clone, Debug)]
pub struct FormulaFile {
    /// The column's name.
    pub name: Spanned<String>,
    /// The formula.
    pub formula: Spanned<String>,
}

/// One entry of `columns`, or a section that no entry names.
enum Entry<'n> {
    /// The name of an input, a formula or a section.
    Name(Spanned<String>),
    /// A step or effect that is said more of, or a formula.
    More { kind: EntryKind, name: Spanned<String>, node: &'n Node },
}

impl Entry<'_> {
    fn name(&self) -> &Spanned<String> {
        match self {
            Self::Name(name) | Self::More { name, .. } => name,
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum EntryKind {
    Step,
    Ai,
    Effect,
    Formula,
}

const KINDS: [(&str, EntryKind); 4] = [
    ("step", EntryKind::Step),
    ("ai", EntryKind::Ai),
    ("effect", EntryKind::Effect),
    ("formula", EntryKind::Formula),
];

impl TableFile {
    /// Reads a table from its YAML; what is wrong is told, and left out.
    #[must_use]
    pub fn read(root: &Node, found: &mut Found) -> Self {
        let mut section = Section::of("a table", root, found);
        let mut table = Self {
            name: section.text("table", found),
            rules: without_repeated("rule file", section.texts("rules", found), found),
            inputs: inputs(&mut section, found),
            row_key: section.text("row_key", found),
            provider_files: Vec::new(),
            providers: Vec::new(),
            recordings: section.text("recordings", found),
            budget: budget(&mut section, found),
            refresh: section.duration("refresh", found),
            concurrency: section.count("concurrency", (1, 1000), found),
            strict: section.boolean("strict", found).unwrap_or(false),
            crm: section.text("crm", found),
            columns: Vec::new(),
            steps: Vec::new(),
            effects: Vec::new(),
            formulas: Vec::new(),
            placed: Vec::new(),
        };
        table.read_providers(&mut section, found);
        let entries = section.take("columns").map(|node| entries(node, found)).unwrap_or_default();
        section.take("about");
        let sections = sections(section, found);
        table.read_entries(entries, &sections, found);
        table.unlisted(&sections, found);
        table
    }

    fn read_providers(&mut self, section: &mut Section<'_>, found: &mut Found) {
        let Some(node) = section.take("providers") else { return };
        let items: &[Node] = match &node.kind {
            NodeKind::List(items) => items,
            _ => std::slice::from_ref(node),
        };
        for item in items {
            match &item.kind {
                NodeKind::Mapping(_) => self.providers.push(item.clone()),
                _ => self.provider_files.extend(text("`providers`", item, found)),
            }
        }
    }

    fn read_entries(
        &mut self,
        entries: Vec<Entry<'_>>,
        sections: &[(Spanned<String>, &Node)],
        found: &mut Found,
    ) {
        let section_of =
            |name: &str| sections.iter().find(|(known, _)| known.value == name).map(|(_, node)| *node);
        for entry in entries {
            let help = "a column, step or effect has one place: keep one of them";
            if !is_first("column", help, entry.name(), &self.columns, found) {
                continue;
            }
            self.columns.push(entry.name().clone());
            let (kind, name, own) = match entry {
                Entry::Name(name) => {
                    let Some(node) = section_of(&name.value) else { continue };
                    (kind_of_section(node), name, None)
                }
                Entry::More { kind, name, node } => (kind, name, Some(node)),
            };
            let title = format!("`{}`", name.value);
            let mut section = match (section_of(&name.value), own) {
                (Some(node), own) => {
                    let mut section = Section::of(&title, node, found);
                    own.into_iter().for_each(|own| section.add(own, found));
                    section
                }
                (None, Some(own)) => Section::of(&title, own, found),
                (None, None) => continue,
            };
            for (word, _) in KINDS {
                section.take(word);
            }
            let section = section.titled(name.span);
            self.add(kind, name, section, found);
        }
    }

    /// Sections that `columns` does not name come behind those that it does, in the order of the file.
    fn unlisted(&mut self, sections: &[(Spanned<String>, &Node)], found: &mut Found) {
        for (name, node) in sections {
            if self.columns.iter().any(|column| column.value == name.value) {
                continue;
            }
            self.columns.push(name.clone());
            let section = Section::of(&format!("`{}`", name.value), node, found).titled(name.span);
            self.add(kind_of_section(node), name.clone(), section, found);
        }
    }

    fn add(&mut self, kind: EntryKind, name: Spanned<String>, mut section: Section<'_>, found: &mut Found) {
        match kind {
            EntryKind::Effect => self.effects.push(EffectFile::read(name, section, found)),
            EntryKind::Formula => {
                let formula = section.formula("is", found);
                match formula {
                    Some(formula) => self.formulas.push(FormulaFile { name, formula }),
                    // Such an entry only says where a column of the rule files stands.
                    None if section.place_of("is").is_none() => self.placed.push(name),
                    None if !section.has("is") => section.missing("is", "write its formula: `is: …`", found),
                    None => {}
                }
                section.finish(found);
            }
            EntryKind::Step | EntryKind::Ai => {
                let step = StepFile::read(name, section, kind == EntryKind::Ai, found);
                self.steps.push(step);
            }
        }
    }
}

/// Whether a section is a step, or pushes something somewhere.
fn kind_of_section(node: &Node) -> EntryKind {
    let NodeKind::Mapping(members) = &node.kind else { return EntryKind::Step };
    let has = |key: &str| members.iter().any(|(name, _)| name.value == key);
    let pushes = has("trigger") || has("field_mapping") || has("url") || (has("type") && !has("provider"));
    if pushes {
        EntryKind::Effect
    } else if has("prompt") {
        EntryKind::Ai
    } else {
        EntryKind::Step
    }
}

fn inputs(section: &mut Section<'_>, found: &mut Found) -> Option<Vec<(Spanned<String>, Type)>> {
    let node = section.take("inputs")?;
    let inputs = match &node.kind {
        NodeKind::List(items) => {
            let names = items.iter().filter_map(|item| text("an input", item, found)).collect();
            without_repeated("input", names, found).into_iter().map(|name| (name, Type::Any)).collect()
        }
        NodeKind::Mapping(members) => members
            .iter()
            .filter_map(|(name, node)| {
                let ty = if node.is_null() { Some(Type::Any) } else { node.text().and_then(Type::named) };
                if ty.is_none() {
                    let names: Vec<&str> = Type::ALL.iter().map(|ty| ty.name()).collect();
                    found.push(unfit_or(
                        &format!("the type of `{}`", name.value),
                        &format!("one of {}", names.join(", ")),
                        node,
                        hint::type_name(node),
                    ));
                }
                Some((name.clone(), ty?))
            })
            .collect(),
        NodeKind::Scalar { .. } => {
            let wanted = "a list of column names, or a mapping of names to types";
            found.push(unfit_or("`inputs`", wanted, node, hint::list("inputs", node)));
            return None;
        }
    };
    Some(inputs)
}

fn budget(section: &mut Section<'_>, found: &mut Found) -> BudgetFile {
    let Some(node) = section.take("budget") else { return BudgetFile::default() };
    if node.text().is_some() {
        return BudgetFile { run: section.credits("budget", found), ..BudgetFile::default() };
    }
    let mut inner = Section::of("`budget`", node, found);
    let budget = BudgetFile {
        run: inner.credits("run", found),
        month: inner.credits("month", found),
        row: inner.credits("row", found),
    };
    inner.finish(found);
    budget
}

fn entries<'n>(node: &'n Node, found: &mut Found) -> Vec<Entry<'n>> {
    let NodeKind::List(items) = &node.kind else {
        let in_a_list =
            || "write `- ` before each name, and `- step: NAME` above the keys of a step".to_owned();
        let help = hint::list("columns", node).unwrap_or_else(in_a_list);
        found.push(unfit_or("`columns`", "a list", node, Some(help)));
        return Vec::new();
    };
    items.iter().filter_map(|item| entry(item, found)).collect()
}

fn entry<'n>(node: &'n Node, found: &mut Found) -> Option<Entry<'n>> {
    let NodeKind::Mapping(members) = &node.kind else {
        if node.is_null() {
            found.push(unfit("a column", "a name", node));
            return None;
        }
        return text("a column", node, found).map(Entry::Name);
    };
    if let Some(mistake) = formula_as_name(members) {
        found.push(mistake);
        return None;
    }
    for (word, kind) in KINDS {
        let Some((_, value)) = members.iter().find(|(key, _)| key.value == word) else { continue };
        let name = text(&format!("`{word}`"), value, found)?;
        return Some(Entry::More { kind, name, node });
    }
    let wanted = "a name, or a mapping with `step:`, `ai:`, `formula:` or `effect:`";
    found.push(unfit_or("a column", wanted, node, hint::entry(node)));
    None
}

/// `name: Tier` with `formula: IF(…)`, which has the name and the formula under other keys.
fn formula_as_name(members: &[(Spanned<String>, Node)]) -> Option<TableError> {
    let member = |key: &str| members.iter().find(|(name, _)| name.value == key);
    let (key, name) = member("name").or_else(|| member("column"))?;
    let (_, formula) = member("formula").filter(|_| member("is").is_none())?;
    let (title, formula) = (name.text()?, formula.text()?);
    Some(TableError::UnknownKey {
        section: "a formula column".to_owned(),
        key: key.value.clone(),
        at: key.span,
        help: Some(format!(
            "its name stands in `formula`, its formula in `is`: `formula: {title}`, `is: {formula}`"
        )),
    })
}

/// Where a list of steps belongs.
fn steps_help(key: &str) -> Option<String> {
    let is_list_of_steps = ["steps", "step", "enrichments", "formulas", "effects"].contains(&key);
    is_list_of_steps.then(|| {
        "list them below `columns`, as `- step: NAME`, `- formula: NAME`, `- effect: NAME`".to_owned()
    })
}

/// The keys of the table that are no settings: each is a step or an effect.
fn sections<'n>(mut section: Section<'n>, found: &mut Found) -> Vec<(Spanned<String>, &'n Node)> {
    let mut sections = Vec::new();
    for (name, node) in section.rest() {
        if matches!(node.kind, NodeKind::Mapping(_)) {
            sections.push((name.clone(), node));
        } else {
            let known = [
                "table",
                "rules",
                "inputs",
                "row_key",
                "providers",
                "recordings",
                "budget",
                "refresh",
                "concurrency",
                "crm",
                "columns",
                "about",
            ];
            let near = || did_you_mean(&suggest(&name.value, known));
            let help = merge_key(&name.value).or_else(|| steps_help(&name.value)).or_else(near);
            let help = help.or_else(|| Some("a step or an effect is a mapping of keys".to_owned()));
            found.push(TableError::UnknownKey {
                section: "a table".to_owned(),
                key: name.value.clone(),
                at: name.span,
                help,
            });
        }
    }
    sections
}
