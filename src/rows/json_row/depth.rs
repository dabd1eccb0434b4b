//! How deep lists and records may stand in each other.

use crate::rows::bad_row::BadRow;

/// How deep lists and records may stand in each other; the row itself is the first level.
pub const MAX_DEPTH: usize = 128;

/// Refuses a row that is nested too deep, before anything recurses into it.
pub(super) fn check(text: &str) -> Result<(), BadRow> {
    if text.len() <= MAX_DEPTH || count_openings(text.as_bytes()) <= MAX_DEPTH {
        return Ok(());
    }
    match first_too_deep(text.as_bytes()) {
        Some(at) => Err(BadRow::too_deep(text, at)),
        None => Ok(()),
    }
}

/// How many `{` and `[` there are, in texts or not.
fn count_openings(bytes: &[u8]) -> usize {
    // Sums of bytes, kept short enough not to overflow, are what the compiler turns into vector code.
    let count = |chunk: &[u8]| chunk.iter().map(|byte| u8::from(byte | 0x20 == b'{')).sum::<u8>();
    bytes.chunks(192).map(|chunk| usize::from(count(chunk))).sum()
}

/// The byte of the first `{` or `[` outside texts that is one level too deep.
fn first_too_deep(bytes: &[u8]) -> Option<usize> {
    let mut depth = 0_usize;
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'"' => at = string_end(bytes, at),
            b'{' | b'[' if depth == MAX_DEPTH => return Some(at),
            b'{' | b'[' => depth += 1,
            b'}' | b']' => depth = depth.saturating_sub(1),
            _ => {}
        }
        at += 1;
    }
    None
}

/// The byte of the quote that closes the string opened at `open`, or the end.
fn string_end(bytes: &[u8], open: usize) -> usize {
    let mut at = open + 1;
    while let Some(next) = bytes.get(at..).and_then(|rest| memchr::memchr2(b'"', b'\\', rest)) {
        if bytes[at + next] == b'"' {
            return at + next;
        }
        at += next + 2;
    }
    bytes.len()
}

#[cfg(test)]
mod tests {
    use super::{MAX_DEPTH, check};

    fn nested(depth: usize) -> String {
        format!("{{\"a\":{}{}}}", "[".repeat(depth - 1), "]".repeat(depth - 1))
    }

    #[test]
    fn only_real_nesting_counts() {
        assert_eq!(check(&nested(MAX_DEPTH)), Ok(()));
        assert_eq!(check(&format!(r#"{{"a":"{} \" {}"}}"#, "[".repeat(200), "{".repeat(200))), Ok(()));
        assert_eq!(check(&format!(r#"{{"a":[{}1]}}"#, "[],".repeat(200))), Ok(()));
    }

    #[test]
    fn the_level_too_deep_is_named() {
        let bad = check(&nested(MAX_DEPTH + 1)).expect_err("too deep");
        assert_eq!(bad.column, "{\"a\":".len() + MAX_DEPTH);
        assert_eq!(bad.problem, "nested more than 128 levels deep");
        assert!(check(&nested(100_000)).is_err());
    }
}
