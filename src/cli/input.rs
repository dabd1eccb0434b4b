//! Files of rows: opening them, and telling their format.

use super::args::FormatArg;
use super::{Failure, report};
use crate::batch::{BatchError, Input, repeated_columns};
use crate::rows::Format;
use crate::tools::test::discover::{RuleFiles, search};
use std::fs::File;
use std::io::stdin;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Standard input on the command line.
const STDIN: &str = "-";

/// Files of rows with their formats; none at all is standard input.
pub(super) fn with_formats(
    paths: &[PathBuf],
    from: Option<FormatArg>,
) -> Result<Vec<(PathBuf, Format)>, Failure> {
    if paths.is_empty() {
        return with_formats(&[PathBuf::from(STDIN)], from);
    }
    // A file that is not there is told as such, whatever its name ends with.
    for path in paths.iter().filter(|path| path.as_os_str() != STDIN) {
        std::fs::metadata(path)
            .map_err(|error| Failure::Run(format!("can't read {}: {error}", path.display())))?;
    }
    let format = |path: &PathBuf| {
        let told = from.map(Format::from).or_else(|| Format::of_path(path));
        let told =
            told.or_else(|| (path.as_os_str() == STDIN || is_device(path)).then_some(Format::JsonLines));
        told.map(|format| (path.clone(), format)).ok_or_else(|| {
            let shown = path.display();
            Failure::Usage(if is_rule(path) {
                format!("`{shown}` is a rule file, and a file of rows is needed here")
            } else {
                format!("can't tell the format of `{shown}` by its ending; say --from jsonl, json or csv")
            })
        })
    };
    paths.iter().map(format).collect()
}

/// Whether a path names a rule file.
pub(super) fn is_rule(path: &Path) -> bool {
    path.extension().is_some_and(|ending| ending == "clay")
}

/// Pipes and devices have no ending that tells their format.
fn is_device(path: &Path) -> bool {
    std::fs::metadata(path).is_ok_and(|data| !data.is_file() && !data.is_dir())
}

/// The format that the ending of a file of results names; nothing for standard output, a device, or a file without an
/// ending, which are written like the rows.
pub(super) fn format_of_output(path: &Path) -> Result<Option<Format>, Failure> {
    if path.as_os_str() == STDIN || is_device(path) {
        return Ok(None);
    }
    match (Format::of_path(path), path.extension()) {
        (Some(format), _) => Ok(Some(format)),
        (None, None) => Ok(None),
        (None, Some(ending)) => Err(Failure::Usage(format!(
            "the format of {} is unknown: `.{}` is none of .jsonl, .json and .csv\n  help: add `--to jsonl`, `--to json` or `--to csv`",
            path.display(),
            ending.to_string_lossy()
        ))),
    }
}

/// Opens files of rows one after the other, as they are asked for.
pub(super) fn opened(
    files: &[(PathBuf, Format)],
) -> impl Iterator<Item = Result<Input<'static>, BatchError>> + '_ {
    files.iter().map(|(path, format)| open(path, *format))
}

/// The files that are named, and the rule files in folders that are named, in the order of their paths. Folders are
/// searched as `clayf test` searches them.
pub(super) fn rule_files(named: &[PathBuf], fail: &mut dyn FnMut(&Failure)) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for path in named {
        if !path.is_dir() {
            files.push(path.clone());
            continue;
        }
        let mut found = RuleFiles::default();
        for error in search(path, &mut found) {
            fail(&Failure::Run(error.to_string()));
        }
        found.files.sort();
        if found.files.is_empty() {
            report::line("note", &format!("no .clay file in {}", path.display()));
        }
        files.extend(found.files);
    }
    files
}

/// Warns of columns that a CSV names more than once, and returns whether there are any.
pub(super) fn note_repeated(files: &[(PathBuf, Format)]) -> Result<bool, Failure> {
    let mut is_any = false;
    for (path, format) in files.iter().filter(|(path, _)| !is_device(path) && path.as_os_str() != STDIN) {
        let repeated = open(path, *format).and_then(repeated_columns);
        let repeated = repeated.map_err(|error| Failure::Run(error.to_string()))?;
        is_any |= !repeated.is_empty();
        report::text(&super::summary::repeated_columns(&path.display().to_string(), &repeated));
    }
    Ok(is_any)
}

/// The text of a file that is read as a whole.
pub(super) fn utf8(name: &str, bytes: Vec<u8>) -> Result<String, Failure> {
    String::from_utf8(bytes).map_err(|error| {
        let valid = error.utf8_error().valid_up_to();
        let line = error.as_bytes()[..valid].iter().filter(|byte| **byte == b'\n').count() + 1;
        Failure::Usage(format!("{name} is not UTF-8 text (line {line}); save it as UTF-8"))
    })
}

/// Opens a file of rows.
pub(super) fn open(path: &Path, format: Format) -> Result<Input<'static>, BatchError> {
    if path.as_os_str() == STDIN {
        return Ok(Input { name: "standard input".to_owned(), format, reader: Box::new(stdin()) });
    }
    let name = path.display().to_string();
    match File::open(path) {
        Ok(file) => Ok(Input { name, format, reader: Box::new(file) }),
        Err(error) => Err(BatchError::Read { file: name, error: Arc::new(error) }),
    }
}

/// The bytes of all files together, where all of them are files.
pub(super) fn total_size(paths: &[(PathBuf, Format)]) -> Option<u64> {
    let sizes = paths.iter().map(|(path, _)| {
        let data = std::fs::metadata(path).ok()?;
        data.is_file().then_some(data.len())
    });
    sizes.sum()
}
