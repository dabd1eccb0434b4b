//! A JSON row written again with new columns, every other byte as it was.

use super::json_row::JsonRow;

#[cfg(test)]
mod tests;

/// The new columns of one row, rendered as JSON.
#[derive(Clone, Copy, Debug)]
pub struct NewColumns<'c> {
    /// The name of each column as a JSON string, with its quotes.
    pub names: &'c [String],
    /// All values one behind the other.
    pub values: &'c str,
    /// Where in `values` the value of each column ends.
    pub ends: &'c [usize],
}

impl<'c> NewColumns<'c> {
    /// The value of a column as JSON; `null` for a column there is no value of.
    #[must_use]
    pub fn value(&self, column: usize) -> &'c str {
        let start = column.checked_sub(1).map_or(Some(0), |before| self.ends.get(before).copied());
        let range = start.and_then(|start| self.ends.get(column).map(|end| start..*end));
        range.and_then(|range| self.values.get(range)).unwrap_or("null")
    }
}

/// Appends the object that `row` was read from, with the new columns in the order of the wanted outputs.
///
/// A column that the row has already is replaced where it stands; if it stands several times, only the last is kept.
/// The others follow the last member. White space around the object is dropped.
pub fn splice(text: &str, row: &JsonRow<'_>, new: &NewColumns<'_>, out: &mut Vec<u8>) {
    let mut kept = row.object().start;
    for place in row.places() {
        if row.last_place(place.output) == Some(place) {
            push(out, text, kept, place.value.start);
            out.extend_from_slice(new.value(place.output).as_bytes());
            kept = place.value.end;
        } else {
            push(out, text, kept, place.member.start);
            kept = behind_comma(text, place.value.end);
        }
    }
    push(out, text, kept, row.members_end());
    append_missing(row, new, out);
    push(out, text, row.members_end(), row.object().end);
}

/// Like [`splice`], on one line: line ends inside the object become blanks.
pub fn splice_on_one_line(text: &str, row: &JsonRow<'_>, new: &NewColumns<'_>, out: &mut Vec<u8>) {
    let start = out.len();
    splice(text, row, new, out);
    // A string can't hold a bare line end, so all of them stand between tokens.
    for byte in &mut out[start..] {
        if matches!(byte, b'\n' | b'\r') {
            *byte = b' ';
        }
    }
}

fn append_missing(row: &JsonRow<'_>, new: &NewColumns<'_>, out: &mut Vec<u8>) {
    let mut needs_comma = !row.is_empty();
    for (column, name) in new.names.iter().enumerate() {
        if row.last_place(column).is_some() {
            continue;
        }
        if needs_comma {
            out.push(b',');
        }
        needs_comma = true;
        out.extend_from_slice(name.as_bytes());
        out.push(b':');
        out.extend_from_slice(new.value(column).as_bytes());
    }
}

/// Where the next member begins, given where one that is not the last ends.
fn behind_comma(text: &str, end: usize) -> usize {
    let rest = text.get(end..).unwrap_or_default();
    text.len() - rest.trim_start_matches([' ', '\t', '\n', '\r', ',']).len()
}

fn push(out: &mut Vec<u8>, text: &str, from: usize, to: usize) {
    out.extend_from_slice(text.as_bytes().get(from..to).unwrap_or_default());
}
