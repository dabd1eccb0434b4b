//! Files of rows: opening them, and telling their format.

use super::Failure;
use super::args::FormatArg;
use crate::batch::{BatchError, Input};
use crate::rows::Format;
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
            Failure::Usage(format!(
                "can't tell the format of `{shown}` by its ending; say --from jsonl, json or csv"
            ))
        })
    };
    paths.iter().map(format).collect()
}

/// Pipes and devices have no ending that tells their format.
fn is_device(path: &Path) -> bool {
    std::fs::metadata(path).is_ok_and(|data| !data.is_file() && !data.is_dir())
}

/// Opens files of rows one after the other, as they are asked for.
pub(super) fn opened(
    files: &[(PathBuf, Format)],
) -> impl Iterator<Item = Result<Input<'static>, BatchError>> + '_ {
    files.iter().map(|(path, format)| open(path, *format))
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
