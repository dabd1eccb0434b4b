//! Where something stands in a source text.

/// A half-open byte range into one source text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct Span {
    /// Byte offset of the first byte.
    pub start: u32,
    /// Byte offset behind the last byte.
    pub end: u32,
}

impl Span {
    /// The range `start..end`. Offsets beyond 4 GiB saturate; sources are refused long before.
    #[must_use]
    pub fn new(start: usize, end: usize) -> Self {
        let clamp = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        Self { start: clamp(start), end: clamp(end) }
    }

    /// The smallest range that covers both.
    #[must_use]
    pub fn to(self, other: Self) -> Self {
        Self { start: self.start.min(other.start), end: self.end.max(other.end) }
    }

    /// The same range, `offset` bytes further on.
    #[must_use]
    pub fn shifted(self, offset: usize) -> Self {
        Self::new(self.start as usize + offset, self.end as usize + offset)
    }

    /// Whether a byte offset is in the range, or just after it.
    #[must_use]
    pub fn contains(self, offset: usize) -> bool {
        (self.start as usize..=self.end as usize).contains(&offset)
    }

    /// The range as an index into the text.
    #[must_use]
    pub fn range(self) -> std::ops::Range<usize> {
        self.start as usize..self.end as usize
    }

    /// The part of the range on its first line of `source`.
    #[must_use]
    pub fn first_line(self, source: &str) -> Self {
        let line = self.of(source).lines().next().unwrap_or_default();
        Self::new(self.start as usize, self.start as usize + line.len())
    }

    /// The text that the range covers, or `""` where it does not fit `source`.
    #[must_use]
    pub fn of(self, source: &str) -> &str {
        source.get(self.range()).unwrap_or_default()
    }
}

impl From<Span> for miette::SourceSpan {
    fn from(span: Span) -> Self {
        let range = span.range();
        (range.start, range.len()).into()
    }
}

/// A value together with where it stands. Two are equal when they hold the same, wherever they stand.
#[derive(Clone, Debug)]
pub struct Spanned<T> {
    /// What stands there.
    pub value: T,
    /// Where.
    pub span: Span,
}

impl<T> Spanned<T> {
    /// `value`, standing at `span`.
    pub fn new(value: T, span: Span) -> Self {
        Self { value, span }
    }
}

impl<T: PartialEq> PartialEq for Spanned<T> {
    fn eq(&self, other: &Self) -> bool {
        self.value == other.value
    }
}
