//! Rule files as they were: `HEAD~1:score.clay` names the file in a git revision.

use super::{Failure, check};
use crate::rows::DataFiles;
use crate::rules::Rules;
use std::io;
use std::path::Path;
use std::process::Command;

/// Reads and compiles a rule file, or a version of it in git where there is no file of that name.
pub(super) fn load(name: &Path) -> Result<Rules, Failure> {
    match parts(name) {
        Some((revision, path)) => {
            let bytes = from_git(&revision, &path)?;
            let folder = Path::new(&path).parent().unwrap_or(Path::new("")).to_owned();
            // The data and the imports as they were, beside the rule file as it was.
            let own = Path::new(&path).file_name().unwrap_or_default().to_string_lossy().into_owned();
            let files = DataFiles::of_rule_file(&own, move |file| {
                let path = folder.join(file).to_string_lossy().replace('\\', "/");
                from_git(&revision, &path).map_err(|failure| match failure {
                    Failure::Usage(message) => io::Error::other(message),
                    _ => io::ErrorKind::NotFound.into(),
                })
            });
            check::compile(name, bytes, files)
        }
        None => check::load(name),
    }
}

/// The rules of an earlier version. `None` where the revision exists and has no such file: the rule file is new.
pub(super) fn load_earlier(name: &Path) -> Result<Option<Rules>, Failure> {
    match parts(name) {
        Some((revision, path)) if lacks(&revision, &path) => Ok(None),
        _ => load(name).map(Some),
    }
}

/// The revision and the path in a name such as `HEAD~1:score.clay`; nothing for a file on disk.
fn parts(name: &Path) -> Option<(String, String)> {
    if name.exists() {
        return None;
    }
    let text = name.to_string_lossy();
    let is_drive = |name: &str| cfg!(windows) && name.len() == 1 && name != "@";
    let (revision, path) = text.split_once(':')?;
    let is_revision = !is_drive(revision) && !revision.is_empty() && !path.is_empty();
    is_revision.then(|| (revision.to_owned(), path.to_owned()))
}

/// The name of a file in a revision as git reads it. The path is relative to the current folder, unless it begins
/// with `/`.
fn object(revision: &str, path: &str) -> String {
    match path.strip_prefix('/') {
        Some(path) => format!("{revision}:{path}"),
        None => format!("{revision}:./{}", path.strip_prefix("./").unwrap_or(path)),
    }
}

/// Whether a revision exists, and has nothing at a path.
fn lacks(revision: &str, path: &str) -> bool {
    let succeeds = |args: &[&str]| Command::new("git").args(args).output().map(|done| done.status.success());
    let tree = format!("{revision}^{{tree}}");
    let is_rule = Path::new(path).extension().is_some_and(|ending| ending == "clay");
    is_rule
        && succeeds(&["rev-parse", "--verify", "--quiet", "--end-of-options", &tree]).unwrap_or(false)
        && !succeeds(&["cat-file", "-e", &object(revision, path)]).unwrap_or(true)
}

/// The bytes of a file in a revision.
fn from_git(revision: &str, path: &str) -> Result<Vec<u8>, Failure> {
    let object = object(revision, path);
    let output = Command::new("git").args(["cat-file", "blob", &object]).output();
    let shown = format!("{revision}:{path}");
    let output = output.map_err(|error| {
        Failure::Usage(format!("can't read {shown}: there is no such file, and git can't be run: {error}"))
    })?;
    if output.status.success() {
        return Ok(output.stdout);
    }
    let said = String::from_utf8_lossy(&output.stderr);
    let said = said.lines().next().unwrap_or_default().trim_start_matches("fatal: ");
    Err(Failure::Usage(format!(
        "can't read {shown}: there is no such file, and git says: {said}\n  help: a revision is written `HEAD~1:score.clay`, with the path from this folder"
    )))
}
