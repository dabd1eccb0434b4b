//! A JSON array split into its elements as its bytes come in, in bounded memory.

mod element;
mod position;
#[cfg(test)]
mod tests;

use position::Position;

pub use element::{ArrayError, Element};

/// Finds the elements of an array in a file that is fed to it piece by piece.
#[derive(Clone, Debug, Default)]
pub struct Splitter {
    state: State,
    position: Position,
    /// Where the element that has begun begins.
    pending: Option<Element>,
    /// Whether the file is one object.
    is_object: bool,
}

/// What has been read last.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum State {
    /// Nothing.
    #[default]
    Start,
    /// The `[`.
    Open,
    /// A comma.
    Comma,
    /// Part of a number or word.
    Word,
    /// Part of a list or record that is open this many times.
    Nested(usize),
    /// Part of a string inside lists and records that are open this many times.
    String { depth: usize, escaped: bool },
    /// A whole element.
    Element,
    /// The `]`, or all of a single object.
    End,
}

impl Splitter {
    /// Takes the next bytes of the file, without a byte order mark, and appends the elements that end in them.
    pub fn feed(&mut self, bytes: &[u8], elements: &mut Vec<Element>) -> Result<(), ArrayError> {
        let mut at = 0;
        while at < bytes.len() {
            at = match self.state {
                State::Nested(depth) => self.nested(bytes, at, depth, elements),
                State::String { depth, escaped } => self.string(bytes, at, depth, escaped, elements),
                State::Word => self.word(bytes, at, elements),
                _ => self.between(bytes, at)?,
            };
        }
        self.position.move_to(bytes, bytes.len());
        self.position.next_piece(bytes.len());
        Ok(())
    }

    /// Checks that the array was closed, and appends nothing more.
    pub fn finish(&mut self) -> Result<(), ArrayError> {
        let problem = match self.state {
            State::End => return Ok(()),
            State::Start => "the file is empty; a JSON file holds an array of rows",
            _ if self.is_object => "the file ends before the `}` that closes its object",
            _ => "the file ends before the `]` that closes its array",
        };
        Err(self.position.error(problem))
    }

    /// The byte of the file at which an element begins whose end has not been seen.
    #[must_use]
    pub fn pending_start(&self) -> Option<usize> {
        self.pending.as_ref().map(|element| element.range.start)
    }

    /// The line on which that element begins, from 1.
    #[must_use]
    pub fn pending_line(&self) -> Option<usize> {
        self.pending.as_ref().map(|element| element.line)
    }

    /// Reads one byte between elements, or the first of one.
    fn between(&mut self, bytes: &[u8], at: usize) -> Result<usize, ArrayError> {
        let byte = bytes[at];
        self.state = match (self.state, byte) {
            (_, b' ' | b'\t' | b'\n' | b'\r') => self.state,
            (State::Start, b'[') => State::Open,
            (State::Start, b'{') => {
                self.is_object = true;
                return Ok(self.begin(bytes, at));
            }
            (State::Open | State::Element, b']') => State::End,
            (State::Element, b',') => State::Comma,
            (State::Open | State::Comma, first) if !matches!(first, b',' | b']' | b'}' | b':') => {
                return Ok(self.begin(bytes, at));
            }
            (state, found) => {
                self.position.move_to(bytes, at);
                return Err(self.position.error(self.misplaced(state, found)));
            }
        };
        Ok(at + 1)
    }

    fn misplaced(&self, state: State, found: u8) -> &'static str {
        match (state, found) {
            (State::Start, _) => "not a JSON array of rows: expected `[`",
            (State::Open, b',') => "a comma before the first row",
            (State::Comma, b',') => "two commas with no row between them",
            (State::Comma, b']') => "a comma with no row behind it",
            (State::Open | State::Comma, _) => "expected a row",
            (State::End, _) if self.is_object => "text behind the closing `}` of the object",
            (State::End, _) => "text behind the closing `]`",
            _ => "expected `,` or `]` behind the row",
        }
    }

    fn begin(&mut self, bytes: &[u8], at: usize) -> usize {
        self.position.move_to(bytes, at);
        self.pending = Some(self.position.element_start());
        self.state = match bytes[at] {
            b'{' | b'[' => State::Nested(1),
            b'"' => State::String { depth: 0, escaped: false },
            _ => State::Word,
        };
        at + 1
    }

    /// Ends the element before byte `end` of this piece.
    fn end_element(&mut self, end: usize, elements: &mut Vec<Element>) -> usize {
        let end_in_file = self.position.in_file(end);
        elements.extend(
            self.pending.take().map(|start| Element { range: start.range.start..end_in_file, ..start }),
        );
        self.state = if self.is_object { State::End } else { State::Element };
        end
    }

    /// Reads inside lists and records up to the next string, or to the end of the element.
    fn nested(&mut self, bytes: &[u8], at: usize, depth: usize, elements: &mut Vec<Element>) -> usize {
        let mut depth = depth;
        for (ahead, byte) in bytes[at..].iter().enumerate() {
            match byte {
                b'"' => {
                    self.state = State::String { depth, escaped: false };
                    return at + ahead + 1;
                }
                b'{' | b'[' => depth += 1,
                b'}' | b']' if depth == 1 => return self.end_element(at + ahead + 1, elements),
                b'}' | b']' => depth -= 1,
                _ => {}
            }
        }
        self.state = State::Nested(depth);
        bytes.len()
    }

    /// Reads up to the end of a string.
    fn string(
        &mut self,
        bytes: &[u8],
        at: usize,
        depth: usize,
        escaped: bool,
        elements: &mut Vec<Element>,
    ) -> usize {
        let mut at = at + usize::from(escaped);
        while let Some(next) = bytes.get(at..).and_then(|rest| memchr::memchr2(b'"', b'\\', rest)) {
            at += next + 1;
            if bytes[at - 1] == b'\\' {
                at += 1;
            } else if depth == 0 {
                return self.end_element(at, elements);
            } else {
                self.state = State::Nested(depth);
                return at;
            }
        }
        self.state = State::String { depth, escaped: at > bytes.len() };
        bytes.len()
    }

    /// Reads up to the end of a number or word.
    fn word(&mut self, bytes: &[u8], at: usize, elements: &mut Vec<Element>) -> usize {
        let ends = |byte: &u8| matches!(byte, b',' | b']' | b' ' | b'\t' | b'\n' | b'\r');
        match bytes[at..].iter().position(ends) {
            Some(ahead) => self.end_element(at + ahead, elements),
            None => bytes.len(),
        }
    }
}
