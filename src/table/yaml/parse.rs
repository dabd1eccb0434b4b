//! From YAML text to the tree.

use super::told::{Stop, odd_key, told};
use super::{Node, NodeKind, lines};
use crate::diagnostics::TableError;
use crate::span::{Span, Spanned};
use granit_parser::{ErrorKind, Event, Parser, ScalarStyle};
use std::collections::HashMap;

/// Deeper nesting than any table needs.
const MOST_DEPTH: usize = 64;
/// Aliases repeat what they stand for; this bounds what a short text can grow to.
const MOST_NODES: usize = 200_000;

/// Reads the one document of a YAML text.
pub fn parse(text: &str) -> Result<Node, TableError> {
    let mut building = Building {
        text,
        events: Parser::new_from_str(text),
        anchors: HashMap::new(),
        nodes: 0,
        behind: 0,
        brackets: Vec::new(),
    };
    let mut document = None;
    while let Some((event, span)) = building.next()? {
        match event {
            Event::StreamStart | Event::StreamEnd | Event::DocumentStart(..) | Event::DocumentEnd => {}
            _ if document.is_some() => {
                let help = "one file holds one table or provider; remove the `---` above this";
                return Err(building.unfit(
                    "the file holds two documents",
                    "the second begins here",
                    span,
                    help,
                ));
            }
            event => document = Some(building.node(event, span, 0)?),
        }
    }
    let help = "a table says at least what it is called and what its columns are: `table: …`, `columns: […]`";
    document.ok_or_else(|| building.unfit("the file is empty", "nothing stands here", Span::new(0, 0), help))
}

struct Building<'t> {
    text: &'t str,
    events: Parser<'t, granit_parser::StrInput<'t>>,
    anchors: HashMap<usize, Node>,
    nodes: usize,
    /// The byte behind the last value that was read.
    behind: usize,
    /// Where the brackets stand that are open, the innermost last.
    brackets: Vec<usize>,
}

impl<'t> Building<'t> {
    /// The next event that is part of the data.
    fn next(&mut self) -> Result<Option<(Event<'t>, Span)>, TableError> {
        match self.events.next() {
            None => Ok(None),
            Some(Ok((event, place))) => {
                let range = place.byte_range().unwrap_or_default();
                self.behind = range.end.min(self.text.len());
                Ok(Some((event, Span::new(range.start, range.end))))
            }
            Some(Err(error)) => {
                let at = error.marker().byte_offset().unwrap_or(self.behind).min(self.text.len());
                Err(self.stopped(at, error.kind()))
            }
        }
    }

    fn stopped(&self, at: usize, kind: &ErrorKind) -> TableError {
        if matches!(kind, ErrorKind::RecursionLimitExceeded) {
            return self.too_deep(Span::new(at, at));
        }
        let bracket = self.brackets.last().copied();
        told(&Stop { text: self.text, at, kind, behind: self.behind, bracket })
    }

    fn unfit(&self, problem: &str, why: &str, at: Span, help: &str) -> TableError {
        TableError::UnfitFile {
            problem: problem.to_owned(),
            why: why.to_owned(),
            at: lines::drawable(self.text, at),
            help: help.to_owned(),
        }
    }

    fn too_deep(&self, at: Span) -> TableError {
        let why = format!("this goes beyond level {MOST_DEPTH}");
        self.unfit(
            "the file is nested too deep",
            &why,
            at,
            "no key of a table or provider needs more than a few levels",
        )
    }

    fn expect(&mut self) -> Result<(Event<'t>, Span), TableError> {
        let next = self.next()?;
        next.ok_or_else(|| self.stopped(self.behind, &ErrorKind::UnexpectedEof))
    }

    fn node(&mut self, event: Event<'t>, span: Span, depth: usize) -> Result<Node, TableError> {
        self.nodes += 1;
        if depth > MOST_DEPTH {
            return Err(self.too_deep(span));
        }
        if self.nodes > MOST_NODES {
            let why = format!("this goes beyond {MOST_NODES} values");
            let help = "aliases (`*name`) count with all that they stand for";
            return Err(self.unfit("the file holds too many values", &why, span, help));
        }
        let (node, anchor) = match event {
            Event::Scalar(text, style, anchor, tag) => {
                self.check_reading(&text, style, tag.is_some(), span)?;
                (scalar(&text, style, span), anchor)
            }
            Event::SequenceStart(_, anchor, _) => (self.list(span, depth)?, anchor),
            Event::MappingStart(_, anchor, _) => (self.mapping(span, depth)?, anchor),
            Event::Alias(anchor) => {
                let known = self.anchors.get(&anchor).cloned();
                let unknown = || self.stopped(span.start as usize, &ErrorKind::UnknownAnchor);
                let mut node = known.ok_or_else(unknown)?;
                self.nodes += size(&node);
                node.span = span;
                (node, 0)
            }
            _ => return Err(self.stopped(span.start as usize, &ErrorKind::ExpectedNodeContent)),
        };
        if anchor != 0 {
            self.anchors.insert(anchor, node.clone());
        }
        Ok(node)
    }

    /// Refuses what YAML reads and leaves out: a tag, and a comment in the middle of a formula.
    fn check_reading(
        &self,
        text: &str,
        style: ScalarStyle,
        is_tagged: bool,
        span: Span,
    ) -> Result<(), TableError> {
        let start = span.start as usize;
        let (key, value) = lines::key_and_value(self.text, start);
        if is_tagged {
            let problem = "a value that begins with `!` is a tag to YAML";
            return Err(misread(
                problem,
                "this is not read",
                lines::tag_before(self.text, start),
                (key, value),
            ));
        }
        let end = span.end as usize;
        if style == ScalarStyle::Plain && lines::is_cut_by_comment(self.text, text, end) {
            let mark = self.text[end..].find('#').map_or(end, |index| end + index);
            let problem = "a `#` with a blank before it begins a comment";
            return Err(misread(problem, "what stands from here on is not read", mark, (key, value)));
        }
        Ok(())
    }

    /// Notes the bracket of a list or mapping that begins at `start`, if it has one, and gives how many were open before.
    fn opened(&mut self, start: Span) -> usize {
        let before = self.brackets.len();
        let at = start.start as usize;
        if self.text.get(at..).is_some_and(|rest| rest.starts_with(['[', '{'])) {
            self.brackets.push(at);
        }
        before
    }

    fn list(&mut self, start: Span, depth: usize) -> Result<Node, TableError> {
        let mut items = Vec::new();
        let depth_of_brackets = self.opened(start);
        loop {
            match self.expect()? {
                (Event::SequenceEnd, end) => {
                    self.brackets.truncate(depth_of_brackets);
                    let span = around(
                        start,
                        items
                            .first()
                            .zip(items.last())
                            .map(|(one, two): (&Node, &Node)| one.span.to(two.span)),
                        end,
                    );
                    return Ok(Node { kind: NodeKind::List(items), span });
                }
                (event, span) => items.push(self.node(event, span, depth + 1)?),
            }
        }
    }

    fn mapping(&mut self, start: Span, depth: usize) -> Result<Node, TableError> {
        let mut members: Vec<(Spanned<String>, Node)> = Vec::new();
        let mut places: HashMap<String, Span> = HashMap::new();
        let depth_of_brackets = self.opened(start);
        loop {
            let (event, span) = self.expect()?;
            if matches!(event, Event::MappingEnd) {
                self.brackets.truncate(depth_of_brackets);
                let inner = members.first().zip(members.last()).map(|(one, two)| one.0.span.to(two.1.span));
                return Ok(Node { kind: NodeKind::Mapping(members), span: around(start, inner, span) });
            }
            let key = self.node(event, span, depth + 1)?;
            let NodeKind::Scalar { text: name, .. } = key.kind else {
                return Err(odd_key(self.text, key.span));
            };
            if let Some(first) = places.insert(name.clone(), key.span) {
                return Err(TableError::DuplicateKey { key: name, first, second: key.span });
            }
            let (event, span) = self.expect()?;
            let value = self.node(event, span, depth + 1)?;
            members.push((Spanned::new(name, key.span), value));
        }
    }
}

fn misread(problem: &str, why: &'static str, at: usize, (key, value): (&str, &str)) -> TableError {
    let negated = value.strip_prefix('!').filter(|rest| rest.contains('(') && rest.ends_with(')'));
    let help = match negated {
        _ if key.is_empty() => "put all of it in quotes".to_owned(),
        Some(rest) => format!("what does not hold is written `{key} NOT({rest})`"),
        None => lines::in_quotes(key, value),
    };
    TableError::MisreadYaml { problem: problem.to_owned(), why, at: Span::new(at, at + 1), help }
}

/// From the first to the last value; of an empty collection its brackets.
fn around(start: Span, inner: Option<Span>, end: Span) -> Span {
    inner.unwrap_or_else(|| start.to(end))
}

fn scalar(text: &str, style: ScalarStyle, span: Span) -> Node {
    Node { kind: NodeKind::Scalar { text: text.to_owned(), plain: style == ScalarStyle::Plain }, span }
}

fn size(node: &Node) -> usize {
    match &node.kind {
        NodeKind::Scalar { .. } => 1,
        NodeKind::List(items) => 1 + items.iter().map(size).sum::<usize>(),
        NodeKind::Mapping(members) => 1 + members.iter().map(|(_, value)| 1 + size(value)).sum::<usize>(),
    }
}

#[cfg(test)]
mod tests {
    use super::parse;
    use crate::diagnostics::TableError;

    #[test]
    fn what_is_nested_too_deep_is_told_and_overflows_nothing() {
        let count = 20_000;
        let steps = |line: &str| -> String {
            let lines: Vec<String> = (0..3000).map(|level| format!("{}{line}", " ".repeat(level))).collect();
            lines.join("\n")
        };
        let brackets = format!("a: {}{}", "[".repeat(count), "]".repeat(count));
        let texts = [
            "[".repeat(count),
            "{".repeat(count),
            "{a: ".repeat(count),
            "a: ".to_owned() + &"[{b: ".repeat(count),
            "- ".repeat(count),
            "? ".repeat(count),
            "[\n".repeat(count),
            brackets,
            steps("a:"),
            steps("-"),
        ];
        for text in texts {
            let Err(TableError::UnfitFile { problem, .. }) = parse(&text) else {
                panic!("{}", &text[..40]);
            };
            assert_eq!(problem, "the file is nested too deep");
        }
    }

    #[test]
    fn what_yaml_would_leave_out_is_refused() {
        for text in ["run_if: !ISEMPTY(a)", "run_if: Tag = \"a #b\"", "is: IF(a, 1, #N/A)"] {
            assert!(matches!(parse(text), Err(TableError::MisreadYaml { .. })), "{text}");
        }
        for text in ["run_if: ISEMPTY(a) # it's empty", "is: 'Tag = \"a #b\"'", "is: a#(b"] {
            assert!(parse(text).is_ok(), "{text}");
        }
    }
}
