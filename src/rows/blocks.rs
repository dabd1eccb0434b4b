//! A file read in blocks of whole rows.

mod block;
mod cut;
#[cfg(test)]
mod tests;

use super::array::{ArrayError, Element, Splitter};
use cut::Cut;
use std::io::{self, ErrorKind, Read};

pub use block::{Block, Format, RowTooLarge};

/// The blocks of a file.
#[derive(Debug)]
pub struct Blocks<R> {
    reader: R,
    format: Format,
    sizes: Sizes,
    /// The start of a row whose end has not been read.
    rest: Vec<u8>,
    /// The line of the file on which `rest` begins; a JSON array counts its lines itself.
    line: usize,
    /// The byte of the file, without its byte order mark, at which `rest` begins.
    offset: usize,
    cut: Cut,
    splitter: Splitter,
    /// What was found behind rows that had to be handed over first.
    failed: Option<ArrayError>,
    /// Whether the first row has begun.
    started: bool,
    ended: bool,
    had_bom: bool,
}

/// Sizes in bytes.
#[derive(Clone, Copy, Debug)]
struct Sizes {
    /// How much is asked for at a time.
    block: usize,
    largest_row: usize,
}

const BOM: &[u8] = b"\xEF\xBB\xBF";

impl<R: Read> Blocks<R> {
    /// The blocks of what `reader` reads, of about 256 KiB each; a row may have up to 1 GiB.
    pub fn new(reader: R, format: Format) -> Self {
        Self::with_sizes(reader, format, Sizes { block: 1 << 18, largest_row: 1 << 30 })
    }

    fn with_sizes(reader: R, format: Format, sizes: Sizes) -> Self {
        Self {
            reader,
            format,
            sizes,
            rest: Vec::new(),
            line: 1,
            offset: 0,
            cut: Cut::default(),
            splitter: Splitter::default(),
            failed: None,
            started: false,
            ended: false,
            had_bom: false,
        }
    }

    /// Whether the file began with a UTF-8 byte order mark, which is no part of the first row. Known once the first
    /// block has been read.
    #[must_use]
    pub fn had_bom(&self) -> bool {
        self.had_bom
    }

    /// Reads the next block into `block`; `false` at the end of the file. From a slow source it takes what whole rows
    /// there are instead of waiting for more.
    ///
    /// An error holds an [`ArrayError`] or a [`RowTooLarge`] unless it comes from the reader. Rows before it have been
    /// handed over.
    pub fn read_block(&mut self, block: &mut Block) -> io::Result<bool> {
        block.elements.clear();
        if let Some(error) = self.failed.take() {
            return Err(invalid(error));
        }
        let mut filled = self.take_rest(&mut block.bytes);
        while !self.ended {
            filled += self.read_more(&mut block.bytes, filled)?;
            if !self.started {
                filled = self.start(&mut block.bytes, filled);
            }
            let whole = self.find_whole(&block.bytes[..filled], &mut block.elements)?;
            if whole > 0 {
                self.hand_over(block, whole, filled);
                return Ok(true);
            }
            if self.started && self.format == Format::Json && self.splitter.pending_start().is_none() {
                self.offset += filled;
                self.cut.move_start(filled);
                filled = 0;
            }
        }
        block.bytes.clear();
        Ok(false)
    }

    /// Puts the start of the first row into `bytes`, with space behind it.
    fn take_rest(&mut self, bytes: &mut Vec<u8>) -> usize {
        let filled = self.rest.len();
        if bytes.capacity() > 8 * self.sizes.block {
            // One huge row must not keep its memory for good.
            *bytes = Vec::new();
        }
        bytes.resize((filled + 1).max(self.sizes.block), 0);
        bytes[..filled].copy_from_slice(&self.rest);
        self.rest.clear();
        filled
    }

    /// Reads once, into the space behind the `filled` bytes, and makes space before if there is none.
    fn read_more(&mut self, bytes: &mut Vec<u8>, filled: usize) -> io::Result<usize> {
        if filled == bytes.len() {
            if filled >= self.sizes.largest_row {
                self.ended = true;
                let line = self.splitter.pending_line().unwrap_or(self.line);
                return Err(invalid(RowTooLarge { line, limit: self.sizes.largest_row }));
            }
            bytes.resize((2 * filled).min(self.sizes.largest_row), 0);
        }
        loop {
            match self.reader.read(&mut bytes[filled..]) {
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => {
                    self.ended = true;
                    return Err(error);
                }
                Ok(read) => {
                    self.ended = read == 0;
                    return Ok(read);
                }
            }
        }
    }

    /// Removes a byte order mark once there are enough bytes to know.
    fn start(&mut self, bytes: &mut [u8], filled: usize) -> usize {
        let read = &bytes[..filled];
        if read.len() < BOM.len() && BOM.starts_with(read) && !self.ended {
            return filled;
        }
        self.started = true;
        self.had_bom = read.starts_with(BOM);
        if self.had_bom {
            bytes.copy_within(BOM.len()..filled, 0);
        }
        filled - if self.had_bom { BOM.len() } else { 0 }
    }

    /// How many of the bytes are whole rows.
    fn find_whole(&mut self, bytes: &[u8], elements: &mut Vec<Element>) -> io::Result<usize> {
        match self.format {
            _ if !self.started => Ok(0),
            Format::Json => self.find_elements(bytes, elements),
            _ if self.ended => Ok(bytes.len()),
            Format::JsonLines => Ok(self.cut.behind_lines(bytes)),
            Format::Csv => Ok(self.cut.behind_records(bytes)),
        }
    }

    fn find_elements(&mut self, bytes: &[u8], elements: &mut Vec<Element>) -> io::Result<usize> {
        let mut found = self.splitter.feed(self.cut.new_bytes(bytes), elements);
        if found.is_ok() && self.ended {
            found = self.splitter.finish();
        }
        if let Err(error) = found {
            self.ended = true;
            if elements.is_empty() {
                return Err(invalid(error));
            }
            self.failed = Some(error);
        }
        Ok(elements.last().map_or(0, |last| last.range.end - self.offset))
    }

    /// Leaves the `whole` first bytes in the block and keeps the start of the row behind them.
    fn hand_over(&mut self, block: &mut Block, whole: usize, filled: usize) {
        let mut kept = whole;
        block.first_line = self.line;
        if self.format == Format::Json {
            kept = self.splitter.pending_start().map_or(filled, |start| start - self.offset);
            block.first_line = block.elements.first().map_or(1, |element| element.line);
            for element in &mut block.elements {
                element.range = element.range.start - self.offset..element.range.end - self.offset;
            }
        } else {
            self.line += memchr::memchr_iter(b'\n', &block.bytes[..whole]).count();
        }
        self.rest.extend_from_slice(&block.bytes[kept..filled]);
        self.offset += kept;
        self.cut.move_start(kept);
        block.bytes.truncate(whole);
    }
}

fn invalid(error: impl std::error::Error + Send + Sync + 'static) -> io::Error {
    io::Error::new(ErrorKind::InvalidData, error)
}
