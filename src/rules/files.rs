//! The files of lookup data that rule files name.

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
    fn read_text(&self, path: &str) -> io::Result<String>;
}

const NO_FOLDER: &str = "these rules are a text without a folder";

/// No files at all, for rules that are only a text.
#[derive(Clone, Copy, Debug)]
pub struct NoFiles;

impl Files for NoFiles {
    fn load(&self, declaration: &DataDeclaration) -> Result<Arc<Dataset>, Box<DataError>> {
        Err(Box::new(DataError::DataFile {
            file: declaration.file.value.clone(),
            problem: NO_FOLDER.to_owned(),
            at: declaration.file.span,
            why: "no file can be read here".to_owned(),
            help: Some("write the rule in a file, beside its data".to_owned()),
        }))
    }

    fn read_text(&self, _: &str) -> io::Result<String> {
        Err(io::Error::other(NO_FOLDER))
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
    load_data(file, files, findings);
    super::decisions::load(file, source, files, findings);
}

/// Loads the data that a rule file declares.
pub(super) fn load_data(file: &mut RuleFile, files: &dyn Files, findings: &mut Vec<Diagnostic>) {
    for declaration in &mut file.data {
        match files.load(declaration) {
            Ok(data) => declaration.loaded = Some(data),
            Err(error) => findings.push((*error).into()),
        }
    }
}
