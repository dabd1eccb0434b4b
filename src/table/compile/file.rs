//! A file on its way to be compiled: what kind it is, and its YAML.

use crate::diagnostics::{Source, TableError};
use crate::table::config::{Found, ProviderFile};
use crate::table::model::{Provider, Table};
use crate::table::problems::Problems;
use crate::table::yaml::{self, Node, NodeKind};
use std::path::{Path, PathBuf};

/// A table, and what is worth a second look in it.
#[derive(Debug)]
pub struct Loaded {
    /// The table.
    pub table: Table,
    /// The warnings.
    pub warnings: Problems,
}

/// What a file that was checked is.
#[derive(Debug)]
pub enum Checked {
    /// A table.
    Table(Box<Loaded>),
    /// A provider, which a table may name, and what is worth a second look in it.
    Provider(Box<Provider>, Problems),
}

/// Reads and checks the table or provider file `text`, found at `path`.
pub fn check(path: &Path, text: &str) -> Result<Checked, Problems> {
    let (source, root) = read(path, text)?;
    if !is_provider(&root) {
        return super::compile(path, &source, &root).map(|loaded| Checked::Table(Box::new(loaded)));
    }
    let mut problems = Problems::default();
    let mut found = Found::new(source.clone());
    let file = ProviderFile::read(&root, &mut found);
    problems.add_file(found);
    let provider =
        file.and_then(|file| super::provider::provider(&file, &source, &folder_of(path), &mut problems));
    match provider {
        Some(provider) if !problems.has_errors() => Ok(Checked::Provider(Box::new(provider), problems)),
        _ => Err(problems),
    }
}

/// Reads and checks the table file `text`, found at `path`. Files that it names resolve against its folder.
///
/// Gives all that is wrong in one go.
pub fn load(path: &Path, text: &str) -> Result<Loaded, Problems> {
    let (source, root) = read(path, text)?;
    if is_provider(&root) {
        let help = "name it in a table, as in `providers: file.yaml`; `clayf check` checks it by itself";
        return Err(unfit(&source, "this is a provider file and no table", "a provider's name", &root, help));
    }
    super::compile(path, &source, &root)
}

/// The text and the YAML of a file that is a table or a provider.
fn read(path: &Path, text: &str) -> Result<(Source, Node), Problems> {
    let text = yaml::without_mark(text);
    let source = Source::new(&path.display().to_string(), text);
    let root = yaml::parse(text).map_err(|error| {
        let mut problems = Problems::default();
        problems.add(&source, error);
        problems
    })?;
    let help = match &root.kind {
        NodeKind::Mapping(_) => return Ok((source, root)),
        NodeKind::List(_) => "write `columns:` above the list, and indent it",
        NodeKind::Scalar { .. } => {
            "a table begins with `table: …`; formulas alone belong in a file that ends in `.clay`"
        }
    };
    Err(unfit(&source, "this is no table, which is a mapping of keys", "this", &root, help))
}

fn unfit(source: &Source, problem: &str, why: &str, root: &Node, help: &str) -> Problems {
    let at = match &root.kind {
        NodeKind::Mapping(members) => members.iter().find(|member| member.0.value == PROVIDER),
        _ => None,
    };
    let at = at.map_or(root.span, |(_, name)| name.span).first_line(source.text());
    let mut problems = Problems::default();
    let (problem, why, help) = (problem.to_owned(), why.to_owned(), help.to_owned());
    problems.add(source, TableError::UnfitFile { problem, why, at, help });
    problems
}

/// The key that names a provider.
pub(super) const PROVIDER: &str = "provider";

/// Whether a file has what only providers have.
fn is_provider(root: &Node) -> bool {
    let has = |key: &str| has_key(root, key);
    let is_table = has("table") || has("columns");
    let is_named = has(PROVIDER) && (has("base_url") || has("kind") || has("auth"));
    !is_table && (has("lookups") || has("pushes") || is_named)
}

pub(super) fn has_key(root: &Node, key: &str) -> bool {
    let NodeKind::Mapping(members) = &root.kind else { return false };
    members.iter().any(|(name, _)| name.value == key)
}

/// The folder against which paths in a file resolve.
pub(super) fn folder_of(path: &Path) -> PathBuf {
    path.parent().map_or_else(PathBuf::new, Path::to_path_buf)
}
