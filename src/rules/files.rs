//! The files of lookup data that rule files name.

use super::inline_data;
use crate::data::Dataset;
use crate::diagnostics::{DataError, Diagnostic, Source};
use crate::syntax::ast::{DataDeclaration, RuleFile};
use std::fmt::Debug;
use std::io;
use std::sync::Arc;

/// Reads the files that a rule file names. Formulas do no input: data is loaded before a rule file is checked.
pub trait Files: Debug + Send + Sync {
    /// The data of a declaration, indexed as it asks for.
    fn load(&self, declaration: &DataDeclaration) -> Result<Arc<Dataset>, Box<DataError>>;

    /// The text of a file, without a byte order mark. `path` is relative to the folder of the rule file.
    ///
    /// A file that is not UTF-8 has the error kind `InvalidData`, and a message that names its line.
    fn read_text(&self, path: &str) -> io::Result<Arc<str>>;

    /// What identifies a file, however its path is written. `path` is relative to the folder of the rule file.
    fn id(&self, path: &str) -> String {
        normalized(path)
    }

    /// What identifies the rule file itself.
    fn own_id(&self) -> Option<String> {
        None
    }
}

/// A path without `.`, and without a folder that `..` leaves again.
#[must_use]
pub fn normalized(path: &str) -> String {
    let mut parts: Vec<&str> = Vec::new();
    for part in path
        .split('/')
        .enumerate()
        .filter(|(index, part)| *index == 0 || !part.is_empty())
        .map(|(_, part)| part)
    {
        match (part, parts.last()) {
            (".", _) => {}
            ("..", Some(last)) if *last != ".." && !last.is_empty() => drop(parts.pop()),
            _ => parts.push(part),
        }
    }
    parts.join("/")
}

const NO_FOLDER: &str = "these rules are a text without a folder";

/// No files at all, for rules that are only a text.
#[derive(Clone, Copy, Debug)]
pub struct NoFiles;

impl Files for NoFiles {
    fn load(&self, declaration: &DataDeclaration) -> Result<Arc<Dataset>, Box<DataError>> {
        Err(Box::new(DataError::DataFile {
            file: declaration.label(),
            problem: NO_FOLDER.to_owned(),
            at: declaration.source.span,
            why: "no file can be read here".to_owned(),
            help: Some("write the rule in a file, beside its data".to_owned()),
        }))
    }

    fn read_text(&self, _: &str) -> io::Result<Arc<str>> {
        Err(io::Error::new(io::ErrorKind::Unsupported, NO_FOLDER))
    }
}

/// Loads the data and the decision tables that a rule file declares, and reports what can't be loaded. The texts of
/// decision tables are appended to `source`.
pub(super) fn load(
    file: &mut RuleFile,
    source: &mut Source,
    files: &dyn Files,
    findings: &mut Vec<Diagnostic>,
) {
    for declaration in &mut file.data {
        let loaded = match declaration.inline() {
            Some(values) => inline_data::dataset(declaration, values, source).map(Arc::new),
            None => files.load(declaration),
        };
        match loaded {
            Ok(data) => declaration.loaded = Some(data),
            Err(error) => findings.push((*error).into()),
        }
    }
    super::decisions::load(file, source, files, findings);
}
