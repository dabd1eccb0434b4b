//! Tables of text, aligned by the width that a terminal gives it.

use unicode_width::UnicodeWidthStr;

/// How many columns of a terminal the text takes.
#[must_use]
pub(crate) fn display_width(text: &str) -> usize {
    text.width()
}

/// The text in at most `width` columns; what does not fit is cut, and `…` says so.
pub(super) fn cut(text: &str, width: usize) -> String {
    if display_width(text) <= width {
        return text.to_owned();
    }
    let mut out = String::new();
    for next in text.chars() {
        let longer = format!("{out}{next}");
        if display_width(&longer) + 1 > width {
            break;
        }
        out = longer;
    }
    if width > 0 {
        out.push('…');
    }
    out
}

/// The lines, of which sentences that are too long are broken between words; what follows is set in by `hang`. Drawings
/// stay as they are.
pub(super) fn wrapped(text: &str, width: usize, hang: usize) -> String {
    let mut out = String::with_capacity(text.len());
    for line in text.lines() {
        if display_width(line) <= width || line.contains(['│', '·', '─', '\x1b']) {
            out.push_str(line);
        } else {
            push_wrapped(&mut out, line, width, hang);
        }
        out.push('\n');
    }
    out
}

/// The lines of a tree, broken between words; what follows stands in the same branch, set in a bit.
pub(super) fn wrapped_tree(text: &str, width: usize) -> String {
    let mut out = String::with_capacity(text.len());
    for line in text.lines() {
        let is_branch = |next: char| matches!(next, ' ' | '│' | '├' | '└' | '─');
        let end = line.find(|next: char| !is_branch(next)).unwrap_or(line.len());
        let (branch, told) = line.split_at(end);
        let below = branch.replace('├', "│").replace(['└', '─'], " ");
        let mut part = String::new();
        let room = width.saturating_sub(display_width(branch));
        push_wrapped(&mut part, told, room, 2.min(room));
        for (index, line) in part.lines().enumerate() {
            out.push_str(if index == 0 { branch } else { &below });
            out.push_str(line);
            out.push('\n');
        }
        if part.is_empty() {
            out.push_str(branch);
            out.push('\n');
        }
    }
    out
}

fn push_wrapped(out: &mut String, line: &str, width: usize, hang: usize) {
    let mut used = 0;
    for piece in line.split_inclusive(' ') {
        let needed = display_width(piece.trim_end());
        if used > hang && used + needed > width && !piece.trim().is_empty() {
            out.truncate(out.trim_end_matches(' ').len());
            out.push('\n');
            out.push_str(&" ".repeat(hang));
            used = hang;
        }
        out.push_str(piece);
        used += display_width(piece);
    }
}

/// No column is cut below this.
const NARROWEST: usize = 4;
/// What stands between two columns.
const GAP: usize = 2;

/// The rows as lines, each cell as wide as its column; the widest columns are cut until all fit into `width`. Numbers
/// stand to the right.
pub(crate) fn table(rows: &[Vec<String>], right: &[bool], width: usize) -> String {
    let count = rows.iter().map(Vec::len).max().unwrap_or(0);
    let widest = |column: usize| {
        rows.iter().filter_map(|row| row.get(column)).map(|cell| display_width(cell)).max().unwrap_or(0)
    };
    let mut widths: Vec<usize> = (0..count).map(widest).collect();
    while widths.iter().sum::<usize>() + GAP * count.saturating_sub(1) > width {
        let Some(column) = widths.iter_mut().filter(|width| **width > NARROWEST).max_by_key(|width| **width)
        else {
            break;
        };
        *column -= 1;
    }
    let mut out = String::new();
    for row in rows {
        let mut line = String::new();
        for (index, cell) in row.iter().enumerate() {
            let cell = cut(cell, widths[index]);
            let padding = " ".repeat(widths[index].saturating_sub(display_width(&cell)));
            let gap = if index > 0 { " ".repeat(GAP) } else { String::new() };
            line.push_str(&gap);
            if right.get(index) == Some(&true) {
                line.push_str(&padding);
                line.push_str(&cell);
            } else {
                line.push_str(&cell);
                line.push_str(&padding);
            }
        }
        // Columns that don't fit at all are left off at the edge.
        out.push_str(cut(line.trim_end(), width).trim_end());
        out.push('\n');
    }
    out
}

#[cfg(test)]
mod tests {
    use super::{cut, table, wrapped, wrapped_tree};

    #[test]
    fn wide_characters_take_two_columns() {
        assert_eq!(cut("東京タワー", 5), "東京…");
        assert_eq!(cut("Größe", 5), "Größe");
        assert_eq!(cut("abc", 0), "");
        let rows = [["1", "東京", "x"], ["10", "Bo", "y"]].map(|row| row.map(ToOwned::to_owned).to_vec());
        assert_eq!(table(&rows, &[true], 80), " 1  東京  x\n10  Bo    y\n");
    }

    #[test]
    fn sentences_break_between_words() {
        assert_eq!(
            wrapped("note: one two three\n│ a drawing stays\n", 12, 2),
            "note: one\n  two three\n│ a drawing stays\n"
        );
        assert_eq!(wrapped("unbreakable words", 4, 2), "unbreakable\n  words\n");
    }

    #[test]
    fn trees_break_within_their_branches() {
        let tree = "Score  35\n├─ 25  size  Employee Count > 200\n│  └─ 10  otherwise (it is empty)\n\nend\n";
        assert_eq!(wrapped_tree(tree, usize::MAX), tree);
        assert_eq!(
            wrapped_tree(tree, 24),
            "Score  35\n├─ 25  size  Employee\n│    Count > 200\n│  └─ 10  otherwise (it\n│       is empty)\n\nend\n"
        );
        assert!(!wrapped_tree(tree, 1).is_empty());
    }

    #[test]
    fn the_widest_column_is_cut_first() {
        let rows = [["a".repeat(30), "b".repeat(8)]].map(|row| row.to_vec());
        assert_eq!(table(&rows, &[], 20), "aaaaaaaaa…  bbbbbbbb\n");
    }
}
