//! The providers that a table can ask: those that ship with clayf, those of its files, and its own.

use super::file::{PROVIDER, has_key};
use super::provider::provider;
use crate::diagnostics::{Source, TableError, did_you_mean, suggest};
use crate::span::Spanned;
use crate::table::config::{Found, ProviderFile, TableFile};
use crate::table::model::Provider;
use crate::table::problems::Problems;
use crate::table::providers;
use crate::table::yaml;
use std::path::{Path, PathBuf};

/// Providers by name. Those that a table uses are compiled, each once.
#[derive(Debug)]
pub(super) struct Catalog {
    entries: Vec<Entry>,
    compiled: Vec<Provider>,
}

#[derive(Debug)]
struct Entry {
    file: ProviderFile,
    source: Source,
    folder: PathBuf,
    compiled: Compiled,
}

/// What became of a provider file.
#[derive(Clone, Copy, Debug)]
enum Compiled {
    /// Nobody asked for it.
    NotYet,
    /// Its index among the compiled.
    At(usize),
    /// Something is wrong with it, which was told.
    Broken,
}

impl Catalog {
    /// Reads all provider files. One of a table's own hides one of the same name that ships with clayf.
    pub(super) fn open(table: &TableFile, source: &Source, folder: &Path, problems: &mut Problems) -> Self {
        let mut catalog = Self { entries: Vec::new(), compiled: Vec::new() };
        for node in &table.providers {
            let mut found = Found::new(source.clone());
            let file = ProviderFile::read(node, &mut found);
            problems.add_file(found);
            catalog.entries.extend(file.map(|file| Entry::new(file, source.clone(), folder)));
        }
        for path in &table.provider_files {
            let files = files_at(&folder.join(&path.value));
            if files.is_empty() {
                let (file, at) = (folder.join(&path.value).display().to_string(), path.span);
                let problem = "the folder holds no provider files".to_owned();
                let help = Some("a provider file ends in `.yaml` or `.yml`".to_owned());
                problems.add(source, TableError::UnreadableFile { file, problem, at, help });
            }
            for file in files {
                let read = file.and_then(|file| Ok((std::fs::read_to_string(&file)?, file)));
                match read {
                    Ok((text, file)) => catalog.add_text(&file, &text, problems),
                    Err(error) => {
                        let shown = folder.join(&path.value).display().to_string();
                        let is_shipped = providers::SHIPPED.iter().any(|(name, _)| {
                            Path::new(name).file_stem().is_some_and(|stem| stem == path.value.as_str())
                        });
                        let help = Some(if is_shipped {
                            format!("`{}` ships with clayf: steps name it without this", path.value)
                        } else {
                            "paths begin at the folder of the table file".to_owned()
                        });
                        let (problem, at) = (super::why_unreadable(&error), path.span);
                        problems.add(source, TableError::UnreadableFile { file: shown, problem, at, help });
                    }
                }
            }
        }
        for (name, text) in providers::SHIPPED {
            catalog.add_text(Path::new(name), text, problems);
        }
        catalog
    }

    fn add_text(&mut self, path: &Path, text: &str, problems: &mut Problems) {
        let text = yaml::without_mark(text);
        let source = Source::new(&path.display().to_string(), text);
        let mut found = Found::new(source.clone());
        let file = match yaml::parse(text) {
            Ok(node) if !has_key(&node, PROVIDER) => {
                let help = "a provider file begins with `provider: NAME`; rule files are named under `rules`";
                let at = node.span.first_line(text);
                let (problem, why) = ("this is no provider file".to_owned(), "no `provider`".to_owned());
                found.push(TableError::UnfitFile { problem, why, at, help: help.to_owned() });
                None
            }
            Ok(node) => ProviderFile::read(&node, &mut found),
            Err(error) => {
                found.push(error);
                None
            }
        };
        problems.add_file(found);
        let folder = path.parent().map_or_else(PathBuf::new, Path::to_path_buf);
        self.entries.extend(file.map(|file| Entry::new(file, source, &folder)));
    }

    /// The index of the provider of this name among the compiled, and its file; an unknown name is told.
    pub(super) fn find(
        &mut self,
        name: &Spanned<String>,
        source: &Source,
        problems: &mut Problems,
    ) -> Option<(usize, &ProviderFile, &Source)> {
        let folded = name.value.trim().to_lowercase().replace([' ', '-'], "_");
        let Some(index) = self
            .entries
            .iter()
            .position(|entry| entry.file.name.value == folded || entry.file.name.value == name.value)
        else {
            let names: Vec<&str> = self.entries.iter().map(|entry| entry.file.name.value.as_str()).collect();
            let help = did_you_mean(&suggest(&name.value, names.iter().copied())).or_else(|| {
                let names: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
                Some(format!("there are {}; `providers:` names files of others", names.join(", ")))
            });
            let why = "no provider has this name".to_owned();
            let (what, name, at) = ("provider", name.value.clone(), name.span);
            problems.add(source, TableError::UnknownName { what, name, at, why, help });
            return None;
        };
        if matches!(self.entries[index].compiled, Compiled::NotYet) {
            let entry = &self.entries[index];
            let compiled = provider(&entry.file, &entry.source, &entry.folder, problems);
            self.entries[index].compiled = compiled.map_or(Compiled::Broken, |provider| {
                self.compiled.push(provider);
                Compiled::At(self.compiled.len() - 1)
            });
        }
        let entry = &self.entries[index];
        match entry.compiled {
            Compiled::At(at) => Some((at, &entry.file, &entry.source)),
            Compiled::NotYet | Compiled::Broken => None,
        }
    }

    /// The names of providers that serve an address by one of their pushes, with the push's name.
    pub(super) fn serving(&self, url: &str) -> Option<(String, String)> {
        self.entries.iter().find_map(|entry| {
            let push = entry
                .file
                .pushes
                .iter()
                .find(|push| push.serves.iter().any(|pattern| matches_pattern(&pattern.value, url)))?;
            Some((entry.file.name.value.clone(), push.name.value.clone()))
        })
    }

    /// A provider that was found before.
    pub(super) fn compiled(&self, index: usize) -> &Provider {
        &self.compiled[index]
    }

    /// The providers that were asked for.
    pub(super) fn into_providers(self) -> Vec<Provider> {
        self.compiled
    }
}

impl Entry {
    fn new(file: ProviderFile, source: Source, folder: &Path) -> Self {
        Self { file, source, folder: folder.to_path_buf(), compiled: Compiled::NotYet }
    }
}

/// The file, or the YAML files of the folder in the order of their names.
fn files_at(path: &Path) -> Vec<std::io::Result<PathBuf>> {
    if !path.is_dir() {
        return vec![Ok(path.to_path_buf())];
    }
    let entries = match std::fs::read_dir(path) {
        Ok(entries) => entries,
        Err(error) => return vec![Err(error)],
    };
    let mut files: Vec<PathBuf> = entries.filter_map(|entry| Some(entry.ok()?.path())).collect();
    files.retain(|file| file.extension().is_some_and(|ending| ending == "yaml" || ending == "yml"));
    files.sort();
    files.into_iter().map(Ok).collect()
}

/// Whether an address is of a pattern in which `*` stands for anything between slashes.
fn matches_pattern(pattern: &str, url: &str) -> bool {
    let (pattern, url) = (pattern.trim_end_matches('/'), url.trim_end_matches('/'));
    let (mut patterns, mut parts) = (pattern.split('/'), url.split('/'));
    loop {
        match (patterns.next(), parts.next()) {
            (None, None) => return true,
            (Some(pattern), Some(part)) if part_matches(pattern, part) => {}
            _ => return false,
        }
    }
}

fn part_matches(pattern: &str, part: &str) -> bool {
    match pattern.split_once('*') {
        None => pattern == part,
        Some((before, behind)) => {
            part.len() >= before.len() + behind.len() && part.starts_with(before) && part.ends_with(behind)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::matches_pattern;

    #[test]
    fn a_star_stands_for_one_part() {
        let pattern = "https://*.salesforce.com/services/data/*/sobjects/*/*";
        assert!(matches_pattern(
            pattern,
            "https://acme.my.salesforce.com/services/data/v68.0/sobjects/Contact/Key__c"
        ));
        assert!(!matches_pattern(
            pattern,
            "https://salesforce.com.evil.example/services/data/v68.0/sobjects/Contact/Key__c"
        ));
        assert!(!matches_pattern(pattern, "https://acme.my.salesforce.com/services/data"));
    }
}
