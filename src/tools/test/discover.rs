//! Which rule files are tested, and with which rows.

use crate::diagnostics::Source;
use crate::rows::Format;
use crate::syntax::parse_file;
use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{self, BufReader, Read};
use std::path::{Path, PathBuf};

/// Folders that hold no one's rules.
const SKIPPED: [&str; 2] = ["target", "node_modules"];
/// A file in a folder that names what is left out there.
const IGNORE_FILE: &str = ".clayfignore";

/// The rule files below some paths.
#[derive(Clone, Debug, Default)]
pub struct RuleFiles {
    /// Each once, in the order of their names.
    pub files: Vec<PathBuf>,
    /// The folders that were searched.
    pub folders: Vec<PathBuf>,
}

/// Why no rule files can be had.
#[derive(Debug, thiserror::Error)]
pub enum DiscoverError {
    /// A path that is not there, or can't be read.
    #[error("can't read {}: {error}", .path.display())]
    Unreadable {
        /// The path.
        path: PathBuf,
        /// Why.
        error: io::Error,
    },
    /// A file that is none.
    #[error("`{}` is not a rule file (`.clay`); files of rows are named with --rows", .0.display())]
    NotARule(PathBuf),
    /// Nothing was found.
    #[error("no rule file (`.clay`) in {0}")]
    None(String),
}

/// All rule files that `paths` name: files themselves, and what lies in folders and those inside them.
pub fn rule_files(paths: &[PathBuf]) -> Result<RuleFiles, DiscoverError> {
    let mut found = RuleFiles::default();
    for path in paths {
        let unreadable = |error| DiscoverError::Unreadable { path: path.clone(), error };
        if fs::metadata(path).map_err(unreadable)?.is_dir() {
            if let Some(error) = search(path, &mut found).into_iter().next() {
                return Err(error);
            }
        } else if path.extension().is_some_and(|ending| ending == "clay") {
            found.files.push(path.clone());
        } else {
            return Err(DiscoverError::NotARule(path.clone()));
        }
    }
    found.files.sort();
    found.files.dedup();
    found.folders.sort();
    found.folders.dedup();
    if found.files.is_empty() {
        let shown: Vec<String> = paths.iter().map(|path| format!("`{}`", path.display())).collect();
        return Err(DiscoverError::None(shown.join(", ")));
    }
    Ok(found)
}

/// Adds the rule files in a folder and those inside it, but for what is hidden or ignored. Gives an error for each
/// folder that can't be read.
pub fn search(root: &Path, found: &mut RuleFiles) -> Vec<DiscoverError> {
    let mut errors = Vec::new();
    let mut waiting = vec![root.to_owned()];
    while let Some(folder) = waiting.pop() {
        let entries = entries(&folder).unwrap_or_else(|error| {
            errors.push(DiscoverError::Unreadable { path: folder.clone(), error });
            Vec::new()
        });
        for (name, path) in entries {
            // A link to a folder could lead back up; one to a file is as good as the file.
            if path.is_symlink() && path.is_dir() {
                continue;
            }
            if path.is_dir() {
                if !SKIPPED.contains(&name.as_str()) {
                    waiting.push(path);
                }
            } else if path.extension().is_some_and(|ending| ending == "clay") {
                found.files.push(path);
            }
        }
        found.folders.push(folder);
    }
    errors
}

/// What a folder holds, by name, but for what is hidden or ignored there. The path of `.` is left off.
fn entries(folder: &Path) -> io::Result<Vec<(String, PathBuf)>> {
    let ignored = fs::read_to_string(folder.join(IGNORE_FILE)).unwrap_or_default();
    let patterns: Vec<&str> = ignored
        .lines()
        .map(|line| line.trim().trim_end_matches('/'))
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
        .collect();
    let mut kept = Vec::new();
    for entry in fs::read_dir(if folder.as_os_str().is_empty() { Path::new(".") } else { folder })? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if name.starts_with('.') || patterns.iter().any(|pattern| matches(pattern, &name)) {
            continue;
        }
        let path = folder.join(entry.file_name());
        kept.push((name, path.strip_prefix(".").map(Path::to_owned).unwrap_or(path)));
    }
    kept.sort();
    Ok(kept)
}

/// Whether a name is what a pattern says; `*` stands for anything.
fn matches(pattern: &str, name: &str) -> bool {
    let mut parts = pattern.split('*');
    let Some(mut rest) = name.strip_prefix(parts.next().unwrap_or_default()) else { return false };
    let parts: Vec<&str> = parts.collect();
    let Some((last, middle)) = parts.split_last() else { return rest.is_empty() };
    for part in middle {
        let Some(at) = rest.find(part) else { return false };
        rest = &rest[at + part.len()..];
    }
    rest.ends_with(last)
}

/// The files of rows that a rule file is tested with: `NAME.rows.jsonl` and its kin beside `NAME.clay`, else every
/// file of rows in its folder that is neither another rule's own nor lookup data of a rule there. Of `.json` only lists of
/// records are rows.
pub fn rows_of(rule: &Path) -> io::Result<Vec<PathBuf>> {
    let stem = rule.file_stem().unwrap_or_default().to_string_lossy();
    let mut own = Vec::new();
    let mut shared = Vec::new();
    let folder = rule.parent().unwrap_or(Path::new(""));
    let entries = entries(folder)?;
    let data = declared_data(&entries);
    let is_data = |path: &Path| path.canonicalize().is_ok_and(|path| data.contains(&path));
    for (name, path) in entries {
        if Format::of_path(&path).is_none() || path.is_dir() || is_data(&path) {
            continue;
        }
        let bare = Path::new(&name).file_stem().unwrap_or_default().to_string_lossy();
        match bare.strip_suffix(".rows") {
            Some(owner) if owner == stem => own.push(path),
            Some(_) => {}
            None if Format::of_path(&path) == Some(Format::Json) && !lists_records(&path) => {}
            None => shared.push(path),
        }
    }
    Ok(if own.is_empty() { shared } else { own })
}

/// The files of lookup data and decision tables that the rule files among the entries of a folder declare, and those that their imports do.
fn declared_data(entries: &[(String, PathBuf)]) -> BTreeSet<PathBuf> {
    let is_rule = |path: &PathBuf| path.extension().is_some_and(|ending| ending == "clay");
    let mut open: Vec<PathBuf> =
        entries.iter().map(|(_, path)| path).filter(|path| is_rule(path)).cloned().collect();
    let (mut read, mut data) = (BTreeSet::new(), BTreeSet::new());
    while let Some(path) = open.pop() {
        if !path.canonicalize().is_ok_and(|id| read.insert(id)) {
            continue;
        }
        let text = fs::read_to_string(&path).unwrap_or_default();
        let (file, _) = parse_file(&Source::new("rule.clay", &text), "rule");
        let folder = path.parent().unwrap_or(Path::new(""));
        open.extend(file.uses.iter().map(|one| folder.join(&one.file.value)));
        let files = file.data.iter().map(|one| &one.file);
        let files = files.chain(file.decisions.iter().map(|one| &one.file));
        data.extend(files.filter_map(|file| folder.join(&file.value).canonicalize().ok()));
    }
    data
}

/// Whether a file of JSON is a list of records, or may be one: of JSON there is more than rows in most folders.
fn lists_records(path: &Path) -> bool {
    let Ok(file) = File::open(path) else { return true };
    let text = BufReader::new(file).bytes().map_while(Result::ok);
    // A file may begin with the mark of UTF-8.
    let mut signs = text.filter(|byte| !byte.is_ascii_whitespace() && !matches!(byte, 0xef | 0xbb | 0xbf));
    signs.next() == Some(b'[') && matches!(signs.next(), Some(b'{' | b']'))
}

/// The snapshots in a folder, each with the name of the rule file that it belongs to.
pub(super) fn snapshots_in(folder: &Path) -> io::Result<BTreeSet<(PathBuf, String)>> {
    let mut found = BTreeSet::new();
    for (name, path) in entries(folder)? {
        let Some(bare) = name.strip_suffix(".snap") else { continue };
        // `score.clay.snap` and `score.clay.leads.jsonl.snap`; other tools' snapshots have other names.
        let is_rule = Path::new(bare).extension().is_some_and(|ending| ending == "clay");
        let rule = is_rule.then_some(bare).or_else(|| {
            let end = bare.find(".clay.")? + ".clay".len();
            Format::of_path(Path::new(bare)).map(|_| &bare[..end])
        });
        if let Some(rule) = rule.filter(|_| path.is_file()) {
            found.insert((path.clone(), rule.to_owned()));
        }
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::matches;

    #[test]
    fn a_star_stands_for_anything() {
        assert!(matches("*", "score.clay") && matches("a*.clay", "a1.clay") && matches("a.clay", "a.clay"));
        assert!(matches("*b*d", "abcd") && !matches("*b*e", "abcd") && !matches("a", "ab"));
    }
}
