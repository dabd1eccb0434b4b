//! Rule files as they were: `HEAD~1:score.clay` names the file in a git revision.

use super::{Failure, check};
use crate::rules::Rules;
use std::path::Path;
use std::process::Command;

/// Reads and compiles a rule file, or a version of it in git where there is no file of that name.
pub(super) fn load(name: &Path) -> Result<Rules, Failure> {
    let text = name.to_string_lossy();
    if name.exists() {
        return check::load(name);
    }
    let is_drive = |name: &str| cfg!(windows) && name.len() == 1 && name != "@";
    match text.split_once(':').filter(|(name, path)| !is_drive(name) && !name.is_empty() && !path.is_empty())
    {
        Some((revision, path)) => {
            let bytes = from_git(revision, path)?;
            check::compile(name, bytes)
        }
        None => check::load(name),
    }
}

/// The bytes of a file in a revision; the path counts from the folder one is in, unless it begins with `/`.
fn from_git(revision: &str, path: &str) -> Result<Vec<u8>, Failure> {
    let from_root = path.strip_prefix('/');
    let object = match from_root {
        Some(path) => format!("{revision}:{path}"),
        None => format!("{revision}:./{}", path.strip_prefix("./").unwrap_or(path)),
    };
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
