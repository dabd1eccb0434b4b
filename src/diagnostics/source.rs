//! A source of one or several named texts, and positions in them as a person counts them.

use crate::span::Span;
use std::fmt;
use std::ops::Range;
use std::sync::Arc;

/// The text of a rule file or formula, and the texts that were appended to it, such as those of imported files.
///
/// All texts share one range of offsets, so that a span alone names a place in any of them. Cheap to clone.
#[derive(Clone, Debug, PartialEq)]
pub struct Source {
    /// All texts one after the other, separated by line ends.
    text: Arc<String>,
    /// The name of each text, and the offset of its first byte.
    starts: Arc<Vec<(Arc<str>, usize)>>,
    /// The pieces of texts that were written from another text, in rising order.
    places: Arc<Vec<Written>>,
}

/// A piece of a text that was written from another text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Written {
    /// Its bytes.
    pub(crate) range: Range<usize>,
    /// The place in the other text that it was written from.
    pub(crate) place: Span,
    /// The place of what is inside of the piece, where that is another one.
    pub(crate) inner: Option<Span>,
}

/// One of the texts of a [`Source`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SourcePart<'s> {
    /// The name of the text, usually a path.
    pub name: &'s str,
    /// The offset of its first byte in the source.
    pub start: usize,
    /// The text itself.
    pub text: &'s str,
}

impl SourcePart<'_> {
    /// The offset that follows its last byte.
    #[must_use]
    pub fn end(&self) -> usize {
        self.start + self.text.len()
    }
}

impl Source {
    /// The text `text`, shown as `name` in reports.
    #[must_use]
    pub fn new(name: &str, text: &str) -> Self {
        Self {
            text: Arc::new(text.to_owned()),
            starts: Arc::new(vec![(name.into(), 0)]),
            places: Arc::default(),
        }
    }

    /// Adds a text, shown as `name` in reports, and returns the offset of its first byte.
    pub fn append(&mut self, name: &str, text: &str) -> usize {
        let whole = Arc::make_mut(&mut self.text);
        whole.push('\n');
        let start = whole.len();
        whole.push_str(text);
        Arc::make_mut(&mut self.starts).push((name.into(), start));
        start
    }

    /// Adds a text that was written from another text of this source, such as the formula of a decision table, and
    /// returns the offset of its first byte. `places` are its pieces in rising order, of which reports show the places.
    pub(crate) fn append_written(&mut self, text: &str, places: Vec<Written>) -> usize {
        let first = places.first().map_or(0, |piece| piece.place.start as usize);
        let name = self.part_at(first).name;
        let name = name.to_owned();
        let start = self.append(&name, text);
        let moved = places.into_iter().map(|piece| {
            let range = piece.range.start + start..piece.range.end + start;
            Written { range, ..piece }
        });
        Arc::make_mut(&mut self.places).extend(moved);
        start
    }

    /// Whether a byte offset is in a text that was written from another text.
    #[must_use]
    pub fn is_written(&self, offset: usize) -> bool {
        self.place_of(offset, offset).is_some()
    }

    /// The first text.
    #[must_use]
    pub fn own_text(&self) -> &str {
        self.part(0).text
    }

    /// The offset that reports show for `offset`: another one in a text that was written from another text.
    #[must_use]
    pub fn shown(&self, offset: usize) -> usize {
        self.place_of(offset, offset).map_or(offset, |at| at.start as usize)
    }

    /// The span that reports show for the range from `start` to `end`.
    #[must_use]
    pub fn shown_span(&self, start: usize, end: usize) -> Span {
        self.place_of(start, end).unwrap_or_else(|| Span::new(start, end))
    }

    /// The place of the first and of the last piece of a range; nothing in a text that was not written from another.
    fn place_of(&self, start: usize, end: usize) -> Option<Span> {
        if self.places.is_empty() {
            return None;
        }
        let own = self.starts.partition_point(|(_, begin)| *begin <= start).saturating_sub(1);
        let part = self.starts[own].1..self.starts.get(own + 1).map_or(usize::MAX, |(_, next)| *next);
        let is_here = |piece: &&Written| part.contains(&piece.range.start);
        let from = self.places.partition_point(|piece| piece.range.end <= start);
        let first = self.places.get(from).filter(is_here);
        let before = from.checked_sub(1).and_then(|last| self.places.get(last)).filter(is_here);
        let first = first.or(before)?;
        if first.range.start <= start && start < end && end <= first.range.end {
            return Some(first.inner.unwrap_or(first.place));
        }
        let until = self.places.partition_point(|piece| piece.range.start < end);
        let last = self.places[from..until.max(from)].last().unwrap_or(first);
        Some(Span { start: first.place.start, end: last.place.end.max(first.place.end) })
    }

    /// The name of the first text.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.starts[0].0
    }

    /// The same source, whose first text is called `name`.
    #[must_use]
    pub fn named(mut self, name: &str) -> Self {
        Arc::make_mut(&mut self.starts)[0].0 = name.into();
        self
    }

    /// All texts, one after the other.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Every text, in the order in which they were added.
    pub fn parts(&self) -> impl Iterator<Item = SourcePart<'_>> {
        (0..self.starts.len()).map(|index| self.part(index))
    }

    /// The text that a byte offset is in; an offset just after a text belongs to that text.
    #[must_use]
    pub fn part_at(&self, offset: usize) -> SourcePart<'_> {
        let offset = self.shown(offset);
        let after = self.starts.partition_point(|(_, start)| *start <= offset);
        self.part(after.saturating_sub(1))
    }

    /// The name of the text that a byte offset is in, if it is not the first.
    #[must_use]
    pub fn other_name_at(&self, offset: usize) -> Option<&str> {
        Some(self.part_at(offset)).filter(|part| part.start > 0).map(|part| part.name)
    }

    /// The same source, with names as they are seen from the folder of the first text.
    #[must_use]
    pub fn in_own_folder(mut self) -> Self {
        let end = self.name().rfind(['/', '\\']).map_or(0, |at| at + 1);
        let folder = self.name()[..end].to_owned();
        for (name, _) in Arc::make_mut(&mut self.starts) {
            *name = name.strip_prefix(&*folder).unwrap_or(name).into();
        }
        self
    }

    /// The texts from the one that is at a byte offset on, as a source of their own.
    #[must_use]
    pub fn since(&self, offset: usize) -> Self {
        let mut parts = self.parts().skip_while(|part| part.end() < offset);
        let first = parts.next().unwrap_or_else(|| self.part_at(offset));
        let mut source = Self::new(first.name, first.text);
        for part in parts {
            source.append(part.name, part.text);
        }
        let span = |at: Span| Span::new(at.start as usize - first.start, at.end as usize - first.start);
        let places =
            self.places.iter().filter(|piece| piece.range.start >= first.start).map(|piece| Written {
                range: piece.range.start - first.start..piece.range.end - first.start,
                place: span(piece.place),
                inner: piece.inner.map(span),
            });
        source.places = Arc::new(places.collect());
        source
    }

    fn part(&self, index: usize) -> SourcePart<'_> {
        let (name, start) = &self.starts[index];
        // A line end separates a text from the next.
        let end = self.starts.get(index + 1).map_or(self.text.len(), |(_, next)| next - 1);
        SourcePart { name, start: *start, text: &self.text[*start..end] }
    }

    /// The line and column of a byte offset within its text.
    #[must_use]
    pub fn position(&self, offset: usize) -> Position {
        let offset = self.shown(offset);
        let part = self.part_at(offset);
        let mut inside = (offset - part.start).min(part.text.len());
        while !part.text.is_char_boundary(inside) {
            inside -= 1;
        }
        let before = &part.text[..inside];
        let line_start = before.rfind('\n').map_or(0, |at| at + 1);
        Position {
            line: before.bytes().filter(|byte| *byte == b'\n').count() + 1,
            column: before[line_start..].chars().count() + 1,
        }
    }
}

/// A place in a text: both count from 1, columns in characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Position {
    /// The line.
    pub line: usize,
    /// The character within the line.
    pub column: usize,
}

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.line, self.column)
    }
}

#[cfg(test)]
mod tests {
    use super::{Position, Source, SourcePart};

    /// A source of three texts: one without a final line end, an empty one, and one with two lines.
    fn source() -> (Source, [usize; 2]) {
        let mut source = Source::new("a.clay", "A := 1");
        let starts = [source.append("b.clay", ""), source.append("c.clay", "C := 3\nÄ := 4\n")];
        (source, starts)
    }

    #[test]
    fn appended_texts_are_separated_by_a_line_end() {
        let (source, starts) = source();
        assert_eq!(source.text(), "A := 1\n\nC := 3\nÄ := 4\n");
        assert_eq!(starts, [7, 8]);
        assert_eq!(source.name(), "a.clay");
        let names: Vec<_> = source.parts().map(|part| part.name).collect();
        assert_eq!(names, ["a.clay", "b.clay", "c.clay"]);
    }

    #[test]
    fn a_clone_keeps_its_texts() {
        let (source, _) = source();
        let mut longer = source.clone();
        longer.append("d.clay", "D := 5");
        assert_eq!(source.parts().count(), 3);
        assert_eq!(longer.parts().last().map(|part| part.text), Some("D := 5"));
    }

    #[test]
    fn an_offset_belongs_to_its_text() {
        let (source, _) = source();
        let first = SourcePart { name: "a.clay", start: 0, text: "A := 1" };
        assert_eq!(source.part_at(0), first);
        assert_eq!(source.part_at(first.end()), first, "the end of a text belongs to it");
        assert_eq!(source.part_at(7), SourcePart { name: "b.clay", start: 7, text: "" });
        let last = SourcePart { name: "c.clay", start: 8, text: "C := 3\nÄ := 4\n" };
        assert_eq!(source.part_at(8), last);
        assert_eq!(source.part_at(1000), last);
    }

    #[test]
    fn the_last_texts_are_a_source_of_their_own() {
        let (source, starts) = source();
        let last = source.since(starts[0]);
        assert_eq!(last.text(), "\nC := 3\nÄ := 4\n");
        assert_eq!(last.position(starts[1] - starts[0]), Position { line: 1, column: 1 });
        assert_eq!(source.since(0), source);
    }

    #[test]
    fn names_can_be_seen_from_the_folder_of_the_first() {
        let mut source = Source::new("rules/score.clay", "A := 1");
        let start = source.append("rules/lib/shared.clay", "B := 2");
        source.append("/etc/rules.clay", "C := 3");
        assert_eq!(source.other_name_at(5), None);
        assert_eq!(source.other_name_at(start), Some("rules/lib/shared.clay"));
        let names: Vec<String> = source.in_own_folder().parts().map(|part| part.name.to_owned()).collect();
        assert_eq!(names, ["score.clay", "lib/shared.clay", "/etc/rules.clay"]);
    }

    #[test]
    fn lines_and_columns_count_within_a_text() {
        let (source, _) = source();
        let at = |offset| source.position(offset).to_string();
        assert_eq!(source.position(5), Position { line: 1, column: 6 });
        assert_eq!(at(6), "1:7");
        assert_eq!(at(7), "1:1");
        assert_eq!(at(8), "1:1");
        assert_eq!(at(13), "1:6");
        // `Ä` has two bytes.
        assert_eq!([at(15), at(16), at(17)], ["2:1", "2:1", "2:2"]);
        assert_eq!(at(1000), "3:1");
    }
}
