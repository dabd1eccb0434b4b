//! A finding whose help shows the author's own formula, rewritten.

use super::Diagnostic;
use std::fmt;

/// A finding, and what to write instead.
#[derive(Clone, Debug, PartialEq)]
pub struct Advised {
    found: Box<Diagnostic>,
    help: String,
}

impl Advised {
    /// The finding with this help in place of its own.
    #[must_use]
    pub fn new(found: Diagnostic, help: String) -> Self {
        Self { found: Box::new(found.original()), help }
    }

    /// The finding with its own help.
    #[must_use]
    pub fn into_found(self) -> Diagnostic {
        *self.found
    }
}

impl fmt::Display for Advised {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.found.fmt(f)
    }
}

impl std::error::Error for Advised {}

impl miette::Diagnostic for Advised {
    fn code<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        miette::Diagnostic::code(&*self.found)
    }

    fn severity(&self) -> Option<miette::Severity> {
        miette::Diagnostic::severity(&*self.found)
    }

    fn help<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        Some(Box::new(&self.help))
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = miette::LabeledSpan> + '_>> {
        miette::Diagnostic::labels(&*self.found)
    }
}
