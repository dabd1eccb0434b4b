//! All that was found about a table: in its own file, in those of its providers, and in its formulas.

use super::config::Found;
use crate::diagnostics::{Diagnostic, Source};
use crate::rules::Findings;
use crate::span::Span;

/// Findings about several files.
#[derive(Debug, Default)]
pub struct Problems {
    files: Vec<Found>,
    formulas: Vec<Findings>,
}

/// One finding, the file it is about, and whether the table runs all the same.
#[derive(Clone, Copy)]
pub struct Problem<'p> {
    /// What was found.
    pub diagnostic: &'p dyn miette::Diagnostic,
    /// The file that its places are in.
    pub source: &'p Source,
}

impl Problem<'_> {
    /// Whether the table still runs.
    #[must_use]
    pub fn is_warning(&self) -> bool {
        self.diagnostic.severity() == Some(miette::Severity::Warning)
    }

    /// The byte that the report points at first.
    #[must_use]
    pub fn offset(&self) -> usize {
        let labels = self.diagnostic.labels();
        labels.and_then(|labels| labels.map(|label| label.offset()).min()).unwrap_or(0)
    }
}

impl Problems {
    /// Adds what was found in a file.
    pub fn add_file(&mut self, found: Found) {
        if let Some(known) = self.files.iter_mut().find(|known| known.source.name() == found.source.name()) {
            known.list.extend(found.list);
        } else {
            self.files.push(found);
        }
    }

    /// Adds a finding about a file.
    pub fn add(&mut self, source: &Source, finding: impl Into<Diagnostic>) {
        let mut found = Found::new(source.clone());
        found.push(finding);
        self.add_file(found);
    }

    /// Adds what was found in formulas.
    pub fn add_formulas(&mut self, findings: Findings) {
        self.formulas.push(findings);
    }

    /// Whether nothing was found.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.files.iter().all(|found| found.list.is_empty())
            && self.formulas.iter().all(|found| found.iter().next().is_none())
    }

    /// Whether something keeps the table from running.
    #[must_use]
    pub fn has_errors(&self) -> bool {
        self.files.iter().any(Found::has_errors) || self.formulas.iter().any(Findings::has_errors)
    }

    /// Whether something that stands within `part` of a file keeps the table from running.
    #[must_use]
    pub fn has_errors_within(&self, source: &Source, part: Span) -> bool {
        let own = self.files.iter().filter(|found| found.source.name() == source.name());
        own.flat_map(|found| found.list.iter().map(|one| Problem { diagnostic: one, source: &found.source }))
            .any(|problem| !problem.is_warning() && part.range().contains(&problem.offset()))
    }

    /// Gives each finding to `tell`, file by file and in the order of the text.
    pub fn tell(&self, mut tell: impl FnMut(Problem<'_>)) {
        let in_parts: Vec<_> = self.formulas.iter().flat_map(Findings::iter).collect();
        let own = self.files.iter().flat_map(|found| {
            found.list.iter().map(|one| Problem { diagnostic: one, source: &found.source })
        });
        let parts = in_parts.iter().map(|one| Problem { diagnostic: one, source: one.source() });
        let mut all: Vec<Problem<'_>> = own.chain(parts).collect();
        let first = self.files.first().map(|found| found.source.name().to_owned()).unwrap_or_default();
        let file = |problem: &Problem<'_>| (problem.source.name() != first, problem.source.name().to_owned());
        all.sort_by_key(|problem| (file(problem), problem.offset()));
        all.dedup_by_key(|problem| {
            (problem.source.name().to_owned(), problem.offset(), problem.diagnostic.to_string())
        });
        all.into_iter().for_each(&mut tell);
    }
}

/// One line each: place, message and code.
impl std::fmt::Display for Problems {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut lines = Vec::new();
        self.tell(|problem| {
            let code = problem.diagnostic.code().map(|code| code.to_string()).unwrap_or_default();
            let at = problem.source.position(problem.offset());
            lines.push(format!("{}:{at}: {} [{code}]", problem.source.name(), problem.diagnostic));
        });
        f.write_str(&crate::diagnostics::visible(&lines.join("\n")))
    }
}

impl std::error::Error for Problems {}
