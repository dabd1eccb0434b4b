//! The files of lookup data that rule files name.

use super::inline_data;
use crate::data::Dataset;
use crate::diagnostics::{DataError, Diagnostic, Source};
use crate::syntax::ast::{DataDeclaration, RuleFile};
use std::fmt::Debug;
use std::sync::Arc;

/// Reads the files that a rule file names. Formulas do no input: data is loaded before a rule file is checked.
pub trait Files: Debug + Send + Sync {
    /// The data of a declaration, indexed as it asks for.
    fn load(&self, declaration: &DataDeclaration) -> Result<Arc<Dataset>, Box<DataError>>;
}

/// No files at all, for rules that are only a text.
#[derive(Clone, Copy, Debug)]
pub struct NoFiles;

impl Files for NoFiles {
    fn load(&self, declaration: &DataDeclaration) -> Result<Arc<Dataset>, Box<DataError>> {
        Err(Box::new(DataError::DataFile {
            file: declaration.label().to_owned(),
            problem: "these rules are a text without a folder".to_owned(),
            at: declaration.source.span,
            why: "no file can be read here".to_owned(),
            help: Some("write the rule in a file, beside its data".to_owned()),
        }))
    }
}

/// Loads the data that a rule file declares, and reports what can't be loaded.
pub(super) fn load(file: &mut RuleFile, source: &Source, files: &dyn Files, findings: &mut Vec<Diagnostic>) {
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
}
