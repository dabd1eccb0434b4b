//! Snapshots that belong to nothing any more.

use super::snapshot::{Snapshot, forget_pending, is_of, path_for};
use super::{Check, Problem, Settings, Subject, Verdict, discover};
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// Snapshots whose rule file or rows are gone: removed where changes are accepted, else told.
#[must_use]
pub fn orphans(found: &discover::RuleFiles, settings: &Settings<'_>) -> Vec<Check> {
    // The folder of a file without one is the current one, whichever way it is spelled.
    let spelled = |folder: &Path| folder.strip_prefix(".").map_or_else(|_| folder.to_owned(), Path::to_owned);
    let mut folders: BTreeSet<PathBuf> = found.folders.iter().map(|folder| spelled(folder)).collect();
    let searched = folders.clone();
    folders.extend(found.files.iter().map(|file| spelled(file.parent().unwrap_or(Path::new("")))));
    let mut checks = Vec::new();
    for folder in folders {
        for (path, rule) in discover::snapshots_in(&folder).unwrap_or_default() {
            let rule = path.with_file_name(rule);
            // A file of such a name that another tool or a person wrote is none of ours.
            if !is_of(&path, &rule) {
                continue;
            }
            let is_asked_for = searched.contains(&folder) || found.files.contains(&rule);
            let Some(why) = why_orphan(&path, &rule, settings).filter(|_| is_asked_for) else { continue };
            let verdict = if settings.accept {
                match fs::remove_file(&path) {
                    Ok(()) => {
                        forget_pending(&path);
                        Verdict::Accepted(path.clone())
                    }
                    Err(error) => Verdict::Failed(Problem::Broken(format!("can't remove it: {error}"))),
                }
            } else if settings.ci {
                Verdict::Failed(Problem::Broken(why))
            } else {
                Verdict::Warned(why)
            };
            checks.push(Check { subject: Subject::Orphan(path), verdict });
        }
    }
    checks
}

fn why_orphan(path: &Path, rule: &Path, settings: &Settings<'_>) -> Option<String> {
    if !rule.exists() {
        return Some(format!("its rule file {} is gone", rule.display()));
    }
    if *path == path_for(rule, None) || !settings.rows.is_empty() {
        return None;
    }
    let rows = discover::rows_of(rule).ok()?;
    if rows.iter().any(|file| path_for(rule, Some(file)) == *path) {
        return None;
    }
    // Rows of another folder were named with --rows, and may be again.
    let input = Snapshot::read(path).ok().flatten()?.input_file?;
    let elsewhere = input.contains('/') && Path::new(&input).exists();
    (!elsewhere).then(|| format!("its rows {input} are gone, or are no longer those of {}", rule.display()))
}
