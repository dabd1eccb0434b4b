//! Which column of a rule file a comment belongs to.

use crate::check::{Checked, Column, ColumnId};
use crate::syntax::Token;

/// The lines of a rule file, to find the columns that its comments belong to.
pub(super) struct Owners<'t> {
    checked: &'t Checked,
    lines: Vec<&'t str>,
    /// The offset of each line.
    starts: Vec<usize>,
}

impl<'t> Owners<'t> {
    /// The lines of the file itself, without those of its imports.
    pub(super) fn of(checked: &'t Checked) -> Self {
        let text = checked.source.part_at(0).text;
        let breaks = text.match_indices('\n').map(|(newline, _)| newline + 1);
        let starts = std::iter::once(0).chain(breaks).collect();
        Self { checked, lines: text.split('\n').collect(), starts }
    }

    /// The column that a comment belongs to: the one defined directly below the comment's block of lines; otherwise
    /// the last one defined above it; otherwise the first.
    pub(super) fn owner(&self, comment: Token) -> ColumnId {
        let is_own =
            |(_, column): &(ColumnId, &Column)| !self.checked.is_imported(column.span.start as usize);
        let columns = || (0..).map(ColumnId).zip(&self.checked.columns).filter(is_own);
        let defined_at = |line: usize| columns().find(|(_, column)| self.line_at(column.span.start) == line);
        let (at, line) = (comment.span.start, self.line_at(comment.span.start));
        let mut below = line + 1;
        while self.is_comment(below) && defined_at(below).is_none() {
            below += 1;
        }
        let directly_below = defined_at(below).filter(|_| self.is_comment(line));
        let above = columns().filter(|(_, column)| column.span.start <= at);
        let above = above.max_by_key(|(_, column)| column.span.start);
        let first = columns().min_by_key(|(_, column)| column.span.start);
        directly_below.or(above).or(first).map_or(ColumnId(0), |(id, _)| id)
    }

    /// The function that is defined directly below the block of lines that a comment is part of, by its index.
    pub(super) fn function_below(&self, comment: Token) -> Option<usize> {
        let line = self.line_at(comment.span.start);
        let below =
            (line..self.lines.len()).find(|line| !self.is_comment(*line)).filter(|below| *below > line)?;
        let functions = &self.checked.functions;
        functions.iter().position(|function| {
            let at = function.name.span.start;
            !self.checked.is_imported(at as usize) && self.line_at(at) == below
        })
    }

    fn line_at(&self, offset: u32) -> usize {
        self.starts.partition_point(|start| *start <= offset as usize).saturating_sub(1)
    }

    fn is_comment(&self, line: usize) -> bool {
        let text = self.lines.get(line).map_or("", |line| line.trim_start_matches('\u{feff}').trim_start());
        text.starts_with('#') || text.starts_with("//")
    }
}
