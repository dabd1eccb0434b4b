//! Where a piece of a file can be cut between two rows.

/// How far a piece has been searched for ends of rows. The piece begins with a row, and may grow at its end.
#[derive(Clone, Debug, Default)]
pub(super) struct Cut {
    searched: usize,
    in_quotes: bool,
}

impl Cut {
    /// The bytes that have not been searched yet; they count as searched from now on.
    pub(super) fn new_bytes<'p>(&mut self, piece: &'p [u8]) -> &'p [u8] {
        let new = piece.get(self.searched..).unwrap_or_default();
        self.searched = piece.len();
        new
    }

    /// Goes on with a piece that begins `by` bytes later.
    pub(super) fn move_start(&mut self, by: usize) {
        self.searched = self.searched.saturating_sub(by);
    }

    /// How many bytes of JSON lines are whole lines.
    pub(super) fn behind_lines(&mut self, piece: &[u8]) -> usize {
        let start = self.searched;
        memchr::memrchr(b'\n', self.new_bytes(piece)).map_or(0, |newline| start + newline + 1)
    }

    /// How many bytes of CSV are whole records.
    pub(super) fn behind_records(&mut self, piece: &[u8]) -> usize {
        let mut whole = 0;
        while let Some(rest) = piece.get(self.searched..).filter(|rest| !rest.is_empty()) {
            let quote = memchr::memchr(b'"', rest).map(|ahead| self.searched + ahead);
            if self.in_quotes {
                let Some(quote) = quote else {
                    self.searched = piece.len();
                    break;
                };
                self.searched = match piece.get(quote + 1) {
                    // What this quote means depends on the byte behind it, which has not been read.
                    None => {
                        self.searched = quote;
                        break;
                    }
                    Some(b'"') => quote + 2,
                    Some(_) => {
                        self.in_quotes = false;
                        quote + 1
                    }
                };
            } else {
                let end = quote.unwrap_or(piece.len());
                whole = last_record_end(piece, self.searched, end).unwrap_or(whole);
                self.in_quotes = quote.is_some_and(|quote| starts_field(piece, quote));
                self.searched = quote.map_or(piece.len(), |quote| quote + 1);
            }
        }
        whole
    }
}

/// The byte behind the last line end in `start..end`, which is outside quotes.
fn last_record_end(piece: &[u8], start: usize, end: usize) -> Option<usize> {
    // A `\r` at the very end may be half of a `\r\n`.
    let cut_off = end == piece.len() && piece.last() == Some(&b'\r');
    let sure = if cut_off { end - 1 } else { end };
    let stretch = piece.get(start..sure)?;
    memchr::memrchr2(b'\n', b'\r', stretch).map(|at| start + at + 1)
}

/// Whether a quote stands at the start of a field and so opens one.
fn starts_field(piece: &[u8], quote: usize) -> bool {
    quote
        .checked_sub(1)
        .and_then(|before| piece.get(before))
        .is_none_or(|before| matches!(before, b',' | b'\n' | b'\r'))
}
