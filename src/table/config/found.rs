//! What is found while one file is read.

use crate::diagnostics::{Diagnostic, Source};

/// A file and the findings about it, so far.
#[derive(Debug)]
pub struct Found {
    /// The file.
    pub source: Source,
    /// The findings, in the order in which they were made.
    pub list: Vec<Diagnostic>,
}

impl Found {
    /// Nothing found yet.
    #[must_use]
    pub fn new(source: Source) -> Self {
        Self { source, list: Vec::new() }
    }

    /// Adds a finding.
    pub fn push(&mut self, finding: impl Into<Diagnostic>) {
        self.list.push(finding.into());
    }

    /// Whether one of them keeps the file from running.
    #[must_use]
    pub fn has_errors(&self) -> bool {
        self.list.iter().any(|one| !one.is_warning())
    }
}
