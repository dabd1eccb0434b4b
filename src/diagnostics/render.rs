//! Draws a diagnostic with its source text for a terminal.

use super::prose::{is_unseen, visible};
use super::source::{Position, Source, SourcePart};
use miette::{
    Diagnostic, GraphicalReportHandler, GraphicalTheme, LabeledSpan, MietteError, MietteSpanContents,
    Severity, SourceCode, SourceSpan, SpanContents,
};
use std::fmt;

/// How reports are drawn.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Look {
    /// Whether to use terminal colours.
    pub color: bool,
    /// The width in columns that help texts are wrapped to.
    pub width: usize,
}

impl Default for Look {
    fn default() -> Self {
        Self { color: false, width: 100 }
    }
}

/// The report of `diagnostic` over `source`: message, excerpt with labels, help.
#[must_use]
pub fn render(diagnostic: &dyn Diagnostic, source: &Source, look: Look) -> String {
    let theme = if look.color { GraphicalTheme::unicode() } else { GraphicalTheme::unicode_nocolor() };
    let handler = GraphicalReportHandler::new_themed(theme).with_width(look.width).with_links(false);
    let clipped = Clipped::new(diagnostic, source);
    let mut report = String::new();
    match handler.render_report(&mut report, &clipped) {
        Ok(()) => report,
        // The handler fails only where a label lies outside the text; the message is still worth having.
        Err(fmt::Error) => format!("{}: {diagnostic}\n", source.name()),
    }
}

/// Lines longer than this are cut down to the neighbourhood of their labels.
const LONGEST_LINE: usize = 110;
/// How many characters stay on each side of a label.
const AROUND: usize = 36;

/// A diagnostic over a source whose long lines are cut.
struct Clipped<'a> {
    diagnostic: &'a dyn Diagnostic,
    labels: Vec<LabeledSpan>,
    excerpt: Excerpt<'a>,
}

impl<'a> Clipped<'a> {
    fn new(diagnostic: &'a dyn Diagnostic, source: &'a Source) -> Self {
        let mut labels: Vec<LabeledSpan> = diagnostic.labels().into_iter().flatten().collect();
        for label in &mut labels {
            let at = source.shown_span(label.offset(), label.offset() + label.len());
            *label = LabeledSpan::new_with_span(label.label().map(ToOwned::to_owned), at);
        }
        labels.sort_by_key(LabeledSpan::offset);
        let spans: Vec<(usize, usize)> = labels.iter().map(|label| one_line(source, label)).collect();
        let mut excerpt = Excerpt { source, text: String::new(), places: Vec::new(), parts: Vec::new() };
        let moved = excerpt.fill(&spans);
        let labels = labels.iter().zip(moved).enumerate().map(|(index, (label, (start, end)))| {
            let make =
                if index == 0 { LabeledSpan::new_primary_with_span } else { LabeledSpan::new_with_span };
            make(label.label().map(|text| visible(text).into_owned()), (start, end - start))
        });
        Self { diagnostic, labels: labels.collect(), excerpt }
    }
}

/// The part of a label on its first line; a label at the end of a text follows the last visible character.
fn one_line(source: &Source, label: &LabeledSpan) -> (usize, usize) {
    let (text, part) = (source.text(), source.part_at(label.offset()));
    let last = part.start + part.text.trim_end().len();
    let start = label.offset().min(last);
    let end = (label.offset() + label.len()).clamp(start, last.max(start));
    let line_end = text[start..end].find('\n').map_or(end, |at| start + at);
    (start, line_end)
}

/// The texts that are shown, and the positions of their labels in the source.
struct Excerpt<'a> {
    source: &'a Source,
    text: String,
    places: Vec<(usize, Position)>,
    /// Where each text that has a label begins in `text`, and its name.
    parts: Vec<(usize, &'a str)>,
}

impl<'a> Excerpt<'a> {
    /// Copies each text that has a label, and returns where each span went. Spans are in the order of the source.
    fn fill(&mut self, spans: &[(usize, usize)]) -> Vec<(usize, usize)> {
        let mut moved = vec![(0, 0); spans.len()];
        let mut parts: Vec<SourcePart<'a>> = spans.iter().map(|span| self.source.part_at(span.0)).collect();
        parts.dedup();
        for part in parts {
            self.parts.push((self.text.len(), part.name));
            self.copy_part(part, spans, &mut moved);
        }
        self.places =
            spans.iter().zip(&moved).map(|(from, to)| (to.0, self.source.position(from.0))).collect();
        moved
    }

    /// Copies a text line by line, cutting long ones.
    fn copy_part(&mut self, part: SourcePart<'_>, spans: &[(usize, usize)], moved: &mut [(usize, usize)]) {
        let mut start = part.start;
        for line in part.text.split_inclusive('\n') {
            let end = start + line.len();
            let is_here = |at: usize| at >= start && (at < end || (at == end && end == part.end()));
            let here: Vec<usize> = (0..spans.len()).filter(|index| is_here(spans[*index].0)).collect();
            self.copy_line(line.trim_end_matches(['\n', '\r']), start, &here, spans, moved);
            self.text.push('\n');
            start = end;
        }
        if part.text.is_empty() {
            let here = spans.iter().zip(moved).filter(|(span, _)| span.0 == part.start);
            here.for_each(|(_, moved)| *moved = (self.text.len(), self.text.len()));
            self.text.push('\n');
        }
    }

    fn copy_line(
        &mut self,
        line: &str,
        line_start: usize,
        here: &[usize],
        spans: &[(usize, usize)],
        moved: &mut [(usize, usize)],
    ) {
        let kept = kept_ranges(line, here.iter().map(|index| spans[*index].0 - line_start));
        let mut map = Vec::new();
        for range in &kept {
            if range.start > 0 {
                self.text.push('…');
            }
            map.push((range.clone(), self.text.len()));
            push_visible(&mut self.text, &line[range.clone()]);
        }
        if kept.last().is_some_and(|range| range.end < line.len()) {
            self.text.push('…');
        }
        let place = |at: usize| {
            let inside = map.iter().find(|(range, _)| at >= range.start && at <= range.end);
            inside.map_or(self.text.len(), |(range, to)| to + (at - range.start))
        };
        for index in here {
            let (from, to) = spans[*index];
            let start = place((from - line_start).min(line.len()));
            moved[*index] = (start, place((to - line_start).min(line.len())).max(start));
        }
    }
}

/// Appends a part of a line; what would steer a terminal or hide is replaced by as many bytes, so that places hold.
fn push_visible(out: &mut String, part: &str) {
    for next in part.chars() {
        match next {
            '\t' => out.push(next),
            _ if !next.is_control() && !is_unseen(next) => out.push(next),
            _ => out.push_str(["?", "¿", "\u{fffd}"][next.len_utf8().clamp(1, 3) - 1]),
        }
    }
}

/// Which byte ranges of a line are shown: all of a short one, else what is near `labels`.
fn kept_ranges(line: &str, labels: impl Iterator<Item = usize>) -> Vec<std::ops::Range<usize>> {
    let whole = 0..line.len();
    if line.len() <= LONGEST_LINE || line.chars().count() <= LONGEST_LINE {
        return vec![whole];
    }
    let mut kept: Vec<std::ops::Range<usize>> = Vec::new();
    for at in labels {
        let start = step(line, at.min(line.len()), AROUND, false);
        let end = step(line, at.min(line.len()), AROUND * 2, true);
        match kept.last_mut() {
            Some(last) if start <= last.end => last.end = last.end.max(end),
            _ => kept.push(start..end),
        }
    }
    if kept.is_empty() {
        kept.push(0..step(line, 0, LONGEST_LINE, true));
    }
    kept
}

/// The byte offset `count` characters behind or before `from`.
fn step(line: &str, mut from: usize, count: usize, forward: bool) -> usize {
    while !line.is_char_boundary(from) {
        from -= 1;
    }
    if forward {
        line[from..].char_indices().nth(count).map_or(line.len(), |(at, _)| from + at)
    } else {
        line[..from].char_indices().rev().nth(count.saturating_sub(1)).map_or(0, |(at, _)| at)
    }
}

impl SourceCode for Excerpt<'_> {
    fn read_span<'b>(
        &'b self,
        span: &SourceSpan,
        before: usize,
        after: usize,
    ) -> Result<Box<dyn SpanContents<'b> + 'b>, MietteError> {
        let index = self.parts.partition_point(|(start, _)| *start <= span.offset()).saturating_sub(1);
        let (start, name) = *self.parts.get(index).ok_or(MietteError::OutOfBounds)?;
        let end = self.parts.get(index + 1).map_or(self.text.len(), |(next, _)| *next);
        // A span over two texts is refused, so that miette shows each of them with its own name and lines.
        if span.offset() + span.len() > end {
            return Err(MietteError::OutOfBounds);
        }
        let inside = (span.offset() - start, span.len()).into();
        let inner = self.text[start..end].read_span(&inside, before, after)?;
        // miette counts columns in bytes of the cut line; people count characters of their own.
        let place = self.places.iter().find(|(at, _)| *at == span.offset());
        let column = place.map_or(inner.column(), |(_, position)| position.column - 1);
        Ok(Box::new(MietteSpanContents::new_named(
            name.to_owned(),
            inner.data(),
            (start + inner.span().offset(), inner.span().len()).into(),
            inner.line(),
            column,
            inner.line_count(),
        )))
    }
}

impl fmt::Debug for Clipped<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", self.diagnostic.to_string())
    }
}

impl fmt::Display for Clipped<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&visible(&self.diagnostic.to_string()))
    }
}

impl std::error::Error for Clipped<'_> {}

impl Diagnostic for Clipped<'_> {
    fn code<'b>(&'b self) -> Option<Box<dyn fmt::Display + 'b>> {
        self.diagnostic.code()
    }

    fn severity(&self) -> Option<Severity> {
        self.diagnostic.severity()
    }

    fn help<'b>(&'b self) -> Option<Box<dyn fmt::Display + 'b>> {
        let help = self.diagnostic.help()?.to_string();
        Some(Box::new(visible(&help).into_owned()))
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        Some(Box::new(self.labels.iter().cloned()))
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        Some(&self.excerpt)
    }
}

#[cfg(test)]
mod tests {
    use super::{Look, render};
    use crate::diagnostics::{Source, SyntaxError};
    use crate::span::Span;

    /// A report that points at two names of a source of two texts.
    fn report(first: &str, second: &str) -> String {
        let mut source = Source::new("score.clay", "use \"shared.clay\"\n\nRank := 1\n");
        source.append("shared.clay", "# shared\nFit := 1\nRank := 2");
        let span = |at: Option<usize>| at.map(|at| Span::new(at, at + 4)).expect("the name");
        let (first, second) = (span(source.text().find(first)), span(source.text().rfind(second)));
        render(&SyntaxError::UnnamedColumn { first, second }, &source, Look::default())
    }

    #[test]
    fn labels_in_an_appended_text_are_shown_there() {
        let report = report("Fit ", "Rank");
        let excerpt: Vec<&str> = report.lines().skip_while(|line| !line.contains("╭")).collect();
        assert!(excerpt[0].contains("[shared.clay:2:1]"), "{report}");
        assert!(excerpt[1].starts_with(" 1 │ # shared"), "{report}");
        assert!(report.contains(" 3 │ Rank := 2"), "{report}");
        assert!(!report.contains("score.clay"), "{report}");
    }

    #[test]
    fn labels_in_two_texts_are_shown_with_their_names_and_lines() {
        let report = report("Rank", "Rank");
        let first = report.find("[score.clay:3:1]").expect("the first place");
        let second = report.find("[shared.clay:3:1]").expect("the second place");
        assert!(first < second, "{report}");
        assert!(report.contains(" 3 │ Rank := 1") && report.contains(" 3 │ Rank := 2"), "{report}");
    }
}
