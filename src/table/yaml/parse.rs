//! From YAML text to the tree.

use super::told::told;
use super::{Node, NodeKind};
use crate::diagnostics::TableError;
use crate::span::{Span, Spanned};
use granit_parser::{Event, Parser, ScalarStyle};
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
        at: Span::new(0, 0),
    };
    let mut document = None;
    while let Some((event, span)) = building.next()? {
        match event {
            Event::StreamStart | Event::StreamEnd | Event::DocumentStart(..) | Event::DocumentEnd => {}
            _ if document.is_some() => {
                return Err(building.problem(
                    span,
                    "a second document begins here",
                    Some("one file holds one document"),
                ));
            }
            event => document = Some(building.node(event, span, 0)?),
        }
    }
    document.ok_or_else(|| building.problem(Span::new(0, 0), "the file is empty", None))
}

struct Building<'t> {
    text: &'t str,
    events: Parser<'t, granit_parser::StrInput<'t>>,
    anchors: HashMap<usize, Node>,
    nodes: usize,
    /// The last place that was seen.
    at: Span,
}

impl<'t> Building<'t> {
    /// The next event that is part of the data.
    fn next(&mut self) -> Result<Option<(Event<'t>, Span)>, TableError> {
        match self.events.next() {
            None => Ok(None),
            Some(Ok((event, place))) => {
                let range = place.byte_range().unwrap_or_default();
                self.at = Span::new(range.start, range.end);
                Ok(Some((event, self.at)))
            }
            Some(Err(error)) => {
                let start = error.marker().byte_offset().unwrap_or(self.at.end as usize).min(self.text.len());
                let (problem, help) = told(self.text, start, &error.info());
                Err(self.problem(Span::new(start, start), &problem, help.as_deref()))
            }
        }
    }

    fn problem(&self, at: Span, problem: &str, help: Option<&str>) -> TableError {
        let problem = problem.trim_end_matches('.').to_owned();
        let mut at = at;
        // A place behind the last character can't be drawn.
        let end = self.text.trim_end().len();
        if at.start as usize >= end && end > 0 {
            let last = self.text[..end].char_indices().next_back().map_or(0, |(index, _)| index);
            at = Span::new(last, end);
        }
        TableError::InvalidYaml { problem, at, help: help.map(ToOwned::to_owned) }
    }

    fn expect(&mut self) -> Result<(Event<'t>, Span), TableError> {
        let next = self.next()?;
        next.ok_or_else(|| self.problem(self.at, "the file ends too early", None))
    }

    fn node(&mut self, event: Event<'t>, span: Span, depth: usize) -> Result<Node, TableError> {
        self.nodes += 1;
        if depth > MOST_DEPTH || self.nodes > MOST_NODES {
            let problem =
                if depth > MOST_DEPTH { "this nests too deep" } else { "the file holds too many values" };
            return Err(self.problem(span, problem, None));
        }
        let (node, anchor) = match event {
            Event::Scalar(text, style, anchor, _) => (scalar(&text, style, span), anchor),
            Event::SequenceStart(_, anchor, _) => (self.list(span, depth)?, anchor),
            Event::MappingStart(_, anchor, _) => (self.mapping(span, depth)?, anchor),
            Event::Alias(anchor) => {
                let known = self.anchors.get(&anchor).cloned();
                let mut node = known.ok_or_else(|| self.problem(span, "nothing has this anchor", None))?;
                self.nodes += size(&node);
                node.span = span;
                (node, 0)
            }
            _ => return Err(self.problem(span, "a value belongs here", None)),
        };
        if anchor != 0 {
            self.anchors.insert(anchor, node.clone());
        }
        Ok(node)
    }

    fn list(&mut self, start: Span, depth: usize) -> Result<Node, TableError> {
        let mut items = Vec::new();
        loop {
            match self.expect()? {
                (Event::SequenceEnd, end) => {
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
        loop {
            let (event, span) = self.expect()?;
            if matches!(event, Event::MappingEnd) {
                let inner = members.first().zip(members.last()).map(|(one, two)| one.0.span.to(two.1.span));
                return Ok(Node { kind: NodeKind::Mapping(members), span: around(start, inner, span) });
            }
            let key = self.node(event, span, depth + 1)?;
            let NodeKind::Scalar { text: name, .. } = key.kind else {
                let (problem, help) = told(self.text, key.span.start as usize, "a key is one word or text");
                return Err(self.problem(key.span, &problem, help.as_deref()));
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
