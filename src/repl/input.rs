//! Takes lines apart into inputs: formulas, columns and commands, each of one line or more.

use super::validate::{is_whole, open_brackets};
use crate::syntax::{Token, TokenKind, names_column, tokenize};
use std::collections::VecDeque;

/// Whether the line behind a whole formula is looked at, which may carry it on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ahead {
    /// All lines are there.
    Always,
    /// Only behind a column, so that who writes a formula and waits for the answer gets it.
    BehindColumns,
}

/// The inputs of a run of lines.
#[derive(Debug)]
pub struct Inputs<L> {
    lines: L,
    put_back: VecDeque<String>,
    ahead: Ahead,
}

impl<L: Iterator<Item = String>> Inputs<L> {
    /// The inputs of `lines`, which have no line ends.
    pub fn new(lines: L, ahead: Ahead) -> Self {
        Self { lines, put_back: VecDeque::new(), ahead }
    }

    fn take(&mut self) -> Option<String> {
        self.put_back.pop_front().or_else(|| self.lines.next())
    }

    /// Takes the line behind a whole formula where that carries the formula on.
    fn take_carried_on(&mut self, text: &str) -> Option<String> {
        let is_column = || begins_item(text.lines().next().unwrap_or_default()) && !is_command(text);
        if is_command(text) || (self.ahead == Ahead::BehindColumns && !is_column()) {
            return None;
        }
        let next = self.take()?;
        if carries_on(text, &next) {
            return Some(next);
        }
        self.put_back.push_front(next);
        None
    }

    /// Looks for the end of brackets beyond an empty line; where they don't end, the lines are left for what follows.
    fn beyond_empty_line(&mut self, text: &str) -> Option<String> {
        let mut longer = format!("{text}\n");
        let mut taken = Vec::new();
        while let Some(next) = self.take() {
            let begins = begins_item(&next);
            taken.push(next);
            if begins {
                break;
            }
            longer.push('\n');
            longer.push_str(&taken[taken.len() - 1]);
            if !taken[taken.len() - 1].trim().is_empty() && is_whole(&longer) {
                return Some(longer);
            }
        }
        taken.into_iter().rev().for_each(|line| self.put_back.push_front(line));
        None
    }
}

impl<L: Iterator<Item = String>> Iterator for Inputs<L> {
    type Item = String;

    fn next(&mut self) -> Option<String> {
        let mut text = loop {
            let line = self.take()?;
            if !line.trim().is_empty() {
                break line;
            }
        };
        loop {
            let more = if is_whole(&text) { self.take_carried_on(&text) } else { self.take() };
            let Some(more) = more else { return Some(text) };
            if more.trim().is_empty() {
                let is_open = open_brackets(&text, &tokenize(&text)).is_some_and(|open| open > 0);
                let longer = if is_open { self.beyond_empty_line(&text) } else { None };
                match longer {
                    Some(longer) => text = longer,
                    None => return Some(text),
                }
            } else if begins_item(&more) && !is_header(&text) {
                self.put_back.push_front(more);
                return Some(text);
            } else {
                text.push('\n');
                text.push_str(&more);
            }
        }
    }
}

/// Whether what is typed is to be carried out: it is whole, or a whole command or column stands below a bracket that was
/// left open.
#[must_use]
pub fn has_ended(text: &str) -> bool {
    let begins_anew = || {
        let below = text.rsplit_once('\n').filter(|(above, _)| !is_header(above));
        below.is_some_and(|(_, last)| begins_item(last) && is_whole(last))
    };
    is_whole(text) || begins_anew()
}

fn is_command(line: &str) -> bool {
    line.trim_start().starts_with(':')
}

/// Whether so far there are only comments, the first of which names a column.
fn is_header(text: &str) -> bool {
    let tokens = tokenize(text);
    tokens.iter().all(|token| token.kind == TokenKind::Comment)
}

/// Whether a line begins a command or a column, so that what stands above it has ended.
fn begins_item(line: &str) -> bool {
    let tokens = tokenize(line);
    let Some(first) = tokens.first() else { return false };
    let assigns = |token: &Token| token.kind == TokenKind::Operator && token.text(line) == ":=";
    is_command(line)
        || tokens.iter().any(assigns)
        || (first.kind == TokenKind::Comment && names_column(first.text(line)))
}

/// Whether `line` can only go on with the formula above it: it begins with an operator, or is set in more deeply.
fn carries_on(text: &str, line: &str) -> bool {
    let tokens = tokenize(line);
    let Some(first) = tokens.first().filter(|first| first.kind != TokenKind::Comment) else { return false };
    if begins_item(line) {
        return false;
    }
    let written = first.text(line);
    let is_operator = match written {
        // A sign stands directly before its operand.
        "+" | "-" => line[first.span.end as usize..].starts_with([' ', '\t']),
        "AND" | "OR" | "IN" => true,
        _ => first.kind == TokenKind::Operator && written != "!",
    };
    let indent = |line: &str| line.len() - line.trim_start_matches([' ', '\t']).len();
    is_operator || indent(line) > indent(text)
}

#[cfg(test)]
mod tests {
    use super::{Ahead, Inputs, has_ended};

    fn inputs(text: &str, ahead: Ahead) -> Vec<String> {
        Inputs::new(text.lines().map(ToOwned::to_owned), ahead).collect()
    }

    #[test]
    fn each_input_ends_where_it_is_whole() {
        let text = "1 + 1\nIF(TRUE,\n  1,\n\n  2)\n:type \"a\"\n\n2 *\n3\n-1\n";
        let wanted = ["1 + 1", "IF(TRUE,\n  1,\n\n  2)", ":type \"a\"", "2 *\n3", "-1"];
        assert_eq!(inputs(text, Ahead::Always), wanted);
        assert_eq!(inputs(text, Ahead::BehindColumns), wanted);
    }

    #[test]
    fn a_column_goes_on_with_lines_that_begin_with_an_operator() {
        let text = "# Column: Points\n# a remark\nIF(a, 1, 0)\n  + 2\n+ 3\nTier := 1\n\n  + 2\n5";
        let wanted = ["# Column: Points\n# a remark\nIF(a, 1, 0)\n  + 2\n+ 3", "Tier := 1", "  + 2", "5"];
        assert_eq!(inputs(text, Ahead::BehindColumns), wanted);
    }

    #[test]
    fn a_column_below_an_open_bracket_is_carried_out() {
        for text in ["A := IF(1,\nB := 2", "IF(1,\n:row 2", "1 + 1", "# Column: X\n1"] {
            assert!(has_ended(text), "{text}");
        }
        for text in
            ["A := IF(1,", "A := IF(1,\nB := IF(", "A := IF(1,\n2", "IF(1,\n# Column: X", "# Column: X"]
        {
            assert!(!has_ended(text), "{text}");
        }
    }

    #[test]
    fn an_open_bracket_does_not_swallow_what_follows() {
        assert_eq!(inputs("IF(1,\n\n1 + 1\n", Ahead::Always), ["IF(1,", "1 + 1"]);
        assert_eq!(
            inputs("IF(1,\n:row 2\nA := (\n\n\nB := 2", Ahead::Always),
            ["IF(1,", ":row 2", "A := (", "B := 2"]
        );
    }
}
