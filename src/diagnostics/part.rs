//! A diagnostic over a text of several parts, told within the part that it is about.

use super::{Diagnostic, Source};
use miette::LabeledSpan;
use std::fmt;
use std::sync::Arc;

/// One part of a longer text, and where its reader finds it.
#[derive(Clone, Debug)]
pub struct Part {
    /// The text that the reader knows, and its name.
    pub source: Source,
    /// The byte of the longer text with which the part begins.
    pub start: usize,
    length: usize,
    /// For each byte of the part, and its end, the byte of `source`; nothing where they are the same.
    places: Option<Arc<[u32]>>,
}

impl Part {
    /// A part that is the whole of `source`.
    #[must_use]
    pub fn whole(source: Source, start: usize) -> Self {
        let length = source.text().len();
        Self { source, start, length, places: None }
    }

    /// A part whose bytes, and its end, stand at `places` in `source`.
    #[must_use]
    pub fn excerpt(source: Source, start: usize, places: &[u32]) -> Self {
        Self { source, start, length: places.len().saturating_sub(1), places: Some(places.into()) }
    }

    /// Whether the byte `at` of the longer text lies in it.
    fn holds(&self, at: usize) -> bool {
        (self.start..=self.start + self.length).contains(&at)
    }

    /// The byte of the source for the byte `at` of the longer text.
    #[must_use]
    pub fn place(&self, at: usize) -> usize {
        let inside = at.saturating_sub(self.start).min(self.length);
        match &self.places {
            Some(places) => places.get(inside).map_or(0, |place| *place as usize),
            None => at.saturating_sub(self.start),
        }
    }
}

/// A diagnostic whose labels count from the beginning of one part. Labels in other parts are told in its help.
#[derive(Debug)]
pub struct InPart<'d> {
    diagnostic: &'d Diagnostic,
    source: &'d Source,
    own: usize,
    labels: Vec<LabeledSpan>,
    elsewhere: Vec<String>,
}

impl<'d> InPart<'d> {
    /// Tells `diagnostic` within the last of `parts` that it has a label in. There is at least one part.
    #[must_use]
    pub fn new(diagnostic: &'d Diagnostic, parts: &'d [Part]) -> Option<Self> {
        let labels: Vec<LabeledSpan> = miette::Diagnostic::labels(diagnostic).into_iter().flatten().collect();
        let part_of = |label: &LabeledSpan| parts.iter().rposition(|part| part.holds(label.offset()));
        let own = labels.iter().filter_map(part_of).max().unwrap_or(parts.len().checked_sub(1)?);
        let part = parts.get(own)?;
        let (mut inside, mut elsewhere) = (Vec::new(), Vec::new());
        for label in labels {
            match part_of(&label) {
                Some(index) if index != own => {
                    let other = &parts[index];
                    let at = other.place(label.offset());
                    let (name, place) = (other.source.part_at(at).name, other.source.position(at));
                    let text = label.label().unwrap_or("the other place");
                    elsewhere.push(format!("at {name}:{place}: {text}"));
                }
                _ => {
                    let text = label.label().map(ToOwned::to_owned);
                    let start = part.place(label.offset());
                    let end = part.place(label.offset() + label.len());
                    inside.push(LabeledSpan::new(text, start, end.saturating_sub(start)));
                }
            }
        }
        Some(Self { diagnostic, source: &part.source, own, labels: inside, elsewhere })
    }

    /// Whether it is told within the last of `parts`.
    #[must_use]
    pub fn is_in_last(&self, parts: &[Part]) -> bool {
        self.own + 1 == parts.len()
    }

    /// The part that it is told within.
    #[must_use]
    pub fn source(&self) -> &Source {
        self.source
    }
}

impl fmt::Display for InPart<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.diagnostic.fmt(f)
    }
}

impl std::error::Error for InPart<'_> {}

impl miette::Diagnostic for InPart<'_> {
    fn code<'b>(&'b self) -> Option<Box<dyn fmt::Display + 'b>> {
        miette::Diagnostic::code(self.diagnostic)
    }

    fn severity(&self) -> Option<miette::Severity> {
        self.diagnostic.severity()
    }

    fn help<'b>(&'b self) -> Option<Box<dyn fmt::Display + 'b>> {
        let own = self.diagnostic.help().map(|help| help.to_string());
        let lines: Vec<String> = self.elsewhere.iter().cloned().chain(own).collect();
        (!lines.is_empty()).then(|| Box::new(lines.join("\n")) as Box<dyn fmt::Display>)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        Some(Box::new(self.labels.iter().cloned()))
    }
}
