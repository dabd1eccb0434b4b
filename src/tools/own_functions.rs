//! The functions that a rule file defines or imports, with what their comments say about them.

use crate::check::Checked;
use crate::diagnostics::Source;
use crate::span::Span;
use serde_json::{Value, json};
use std::collections::HashMap;
use std::fmt::Write;

/// What opens a comment that has a meaning of its own.
const MARKS: [&str; 6] = ["allow:", "always:", "never:", "now:", "rising:", "falling:"];

/// A function of a rule file, as its author documents it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwnFunction {
    /// Its name.
    pub name: String,
    /// How it is called: `DECAYED(points: Number, step: Number = 5)`.
    pub signature: String,
    /// The comment directly above the definition, line by line.
    pub doc: Vec<String>,
    /// Its examples: `DECAYED(20, 5, "2026-01-17") => 10`.
    pub examples: Vec<String>,
    /// Where it is defined.
    pub span: Span,
}

/// The functions of a rule file, in its order, and then those that it imports.
#[must_use]
pub fn own_functions(checked: &Checked) -> Vec<OwnFunction> {
    let mut lines_of: HashMap<usize, Vec<&str>> = HashMap::new();
    let documented = checked.functions.iter().map(|function| {
        let part = checked.source.part_at(function.name.span.start as usize);
        let lines = lines_of.entry(part.start).or_insert_with(|| part.text.lines().collect());
        let (doc, examples) = comment_above(lines, &checked.source, function.name.span);
        let (name, signature) = (function.name.value.clone(), function.signature.clone());
        OwnFunction { name, signature, doc, examples, span: function.span }
    });
    documented.collect()
}

/// The lines of the comment block directly above a definition, and the examples in it.
fn comment_above(lines: &[&str], source: &Source, name: Span) -> (Vec<String>, Vec<String>) {
    let line = source.position(name.start as usize).line - 1;
    let is_comment = |line: &&&str| line.starts_with('#') || line.starts_with("//");
    let mut block: Vec<&str> =
        lines[..line.min(lines.len())].iter().rev().take_while(is_comment).copied().collect();
    block.reverse();
    let (mut doc, mut examples) = (Vec::new(), Vec::new());
    for comment in block {
        let text = comment.trim_start_matches(['#', '/']).trim();
        let opens_with =
            |mark: &str| text.get(..mark.len()).is_some_and(|start| start.eq_ignore_ascii_case(mark));
        if opens_with("example:") {
            examples.push(text["example:".len()..].trim().to_owned());
        } else if !MARKS.iter().any(|mark| opens_with(mark)) {
            doc.push(text.to_owned());
        }
    }
    (doc, examples)
}

impl OwnFunction {
    /// All about the function, as [`crate::builtins::page`] describes those of clayf.
    #[must_use]
    pub fn page(&self) -> String {
        let mut text = format!("{}\n", self.signature);
        self.doc.iter().for_each(|line| {
            let _ = writeln!(text, "{}", format!("  {line}").trim_end());
        });
        if !self.examples.is_empty() {
            text.push('\n');
        }
        self.examples.iter().for_each(|example| {
            let _ = writeln!(text, "  {example}");
        });
        text
    }

    /// The same for programs.
    #[must_use]
    pub fn json(&self, source: &Source) -> Value {
        json!({
            "name": self.name,
            "signature": self.signature,
            "summary": self.doc.join("\n"),
            "examples": self.examples,
            "file": source.part_at(self.span.start as usize).name,
            "line": source.position(self.span.start as usize).line,
        })
    }
}
