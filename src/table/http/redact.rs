//! Takes the secrets of a run out of any text, in whatever form they got into it.

mod spelled;

use super::error::CallError;
use super::secret::Secret;
use spelled::end_of_spelling;
use std::borrow::Cow;
use std::fmt;

/// What stands in the place of a secret.
const HIDDEN: &str = "***";
/// Pieces of base64 shorter than this may stand anywhere by chance.
const SHORTEST_PIECE: usize = 6;
const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// Knows all secrets of a run: as they are, percent-encoded, escaped as in JSON, and within base64.
#[derive(Clone, Default)]
pub struct Redactor {
    needles: Vec<Needle>,
    /// Of each byte, whether some spelling of a needle begins with it.
    begins: Vec<bool>,
}

#[derive(Clone)]
struct Needle {
    text: String,
    /// Whether the characters beside it tell of the secret, too.
    is_base64: bool,
}

impl Redactor {
    /// Hides `secrets`; empty ones are passed over.
    pub fn new<'a>(secrets: impl IntoIterator<Item = &'a Secret>) -> Self {
        let mut needles = Vec::new();
        for secret in secrets.into_iter().map(Secret::expose).filter(|secret| !secret.is_empty()) {
            needles.push(Needle { text: secret.to_owned(), is_base64: false });
            let others = other_spellings(secret).into_iter().filter(|text| text.len() >= SHORTEST_PIECE);
            needles.extend(others.map(|text| Needle { text, is_base64: false }));
            let pieces = (0..3).map(|before| base64_piece(secret.as_bytes(), before));
            for piece in pieces.filter(|piece| piece.len() >= SHORTEST_PIECE) {
                needles.push(Needle { text: piece.replace('+', "-").replace('/', "_"), is_base64: true });
                needles.push(Needle { text: piece, is_base64: true });
            }
        }
        // Of two secrets that begin alike the longer one is hidden whole.
        needles.sort_by(|one, other| {
            other.text.len().cmp(&one.text.len()).then_with(|| one.text.cmp(&other.text))
        });
        needles.dedup_by(|one, other| one.text == other.text);
        let mut begins = vec![false; 256];
        let first = needles.iter().filter_map(|needle| needle.text.bytes().next());
        let encoded = if needles.is_empty() { &b""[..] } else { &b"%\\+"[..] };
        first.chain(encoded.iter().copied()).for_each(|byte| begins[usize::from(byte)] = true);
        Self { needles, begins }
    }

    /// `text` with `***` for each secret.
    #[must_use]
    pub fn redact<'t>(&self, text: &'t str) -> Cow<'t, str> {
        let mut kept = String::new();
        let (mut at, mut copied) = (0, 0);
        while at < text.len() {
            let may_begin = self.begins.get(usize::from(text.as_bytes()[at])) == Some(&true);
            let needles = if may_begin { self.needles.as_slice() } else { &[] };
            let found = needles.iter().find_map(|needle| needle.found_at(text, at, copied));
            if let Some((start, end)) = found {
                kept.push_str(&text[copied..start]);
                kept.push_str(HIDDEN);
                (at, copied) = (end, end);
            } else {
                at += text[at..].chars().next().map_or(1, char::len_utf8);
            }
        }
        if copied == 0 {
            return Cow::Borrowed(text);
        }
        kept.push_str(&text[copied..]);
        Cow::Owned(kept)
    }

    /// The message of `error`, as it may be written anywhere.
    #[must_use]
    pub fn message(&self, error: &CallError) -> String {
        self.redact(&error.to_string()).into_owned()
    }
}

/// A secret in one letter case, in hexadecimal digits, and as it stands in HTML.
fn other_spellings(secret: &str) -> Vec<String> {
    let mut hex = String::new();
    secret.bytes().for_each(|byte| hex.push_str(&format!("{byte:02x}")));
    let html = secret.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    let (double, single) = (html.replace('"', "&quot;"), html.replace('"', "&quot;").replace('\'', "&#39;"));
    vec![secret.to_lowercase(), secret.to_uppercase(), hex.to_uppercase(), hex, html, double, single]
}

impl Needle {
    /// Where the needle stands in `text` at `at`, with what must go beside it, but from `floor` on.
    fn found_at(&self, text: &str, at: usize, floor: usize) -> Option<(usize, usize)> {
        let mut end = end_of_spelling(&self.text, text, at)?;
        let mut start = at;
        if self.is_base64 {
            let is_digit = |next: &u8| next.is_ascii_alphanumeric() || b"+/-_".contains(next);
            // One character on either side holds bits of the secret and of its neighbour.
            let before = start.checked_sub(1).filter(|before| *before >= floor);
            start = before.filter(|before| is_digit(&text.as_bytes()[*before])).unwrap_or(start);
            end += usize::from(text.as_bytes().get(end).is_some_and(is_digit));
            end += text.as_bytes()[end..].iter().take(2).take_while(|next| **next == b'=').count();
        }
        Some((start, end))
    }
}

/// The base64 characters that depend on nothing but `bytes`, where `before` bytes of something else stand before them.
fn base64_piece(bytes: &[u8], before: usize) -> String {
    let bits = bytes.len() * 8;
    let bit = |at: usize| (bytes[at / 8] >> (7 - at % 8)) & 1;
    // The first character that begins within the bytes begins after so many of their bits.
    let first = (6 - before * 8 % 6) % 6;
    let whole = bits.saturating_sub(first) / 6;
    let digit = |index: usize| (0..6).fold(0, |digit, next| digit << 1 | bit(first + index * 6 + next));
    (0..whole).map(|index| char::from(ALPHABET[usize::from(digit(index))])).collect()
}

impl fmt::Debug for Redactor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Redactor").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::{Redactor, Secret, base64_piece};

    fn check(secret: &str, text: &str, expected: &str) {
        assert_eq!(Redactor::new([&Secret::new(secret)]).redact(text), expected, "{text}");
    }

    #[test]
    fn every_form_is_hidden() {
        check("a+b/c d", "x=a+b/c d&y", "x=***&y");
        check("a+b/c d", "x=a%2Bb%2fc%20d&y", "x=***&y");
        check("a+b/c d", "x=a%2Bb/c+d&y", "x=***&y");
        check("a\"b\\c\u{e9}", r#"{"k": "a\"b\\c\u00E9"}"#, r#"{"k": "***"}"#);
        check("a\"b", r#"{"k": "{\"k\": \"a\\\"b\"}"}"#, r#"{"k": "{\"k\": \"***\"}"}"#);
        check("a/b", r"a\/b", "***");
        check("p%q", "p%25q p%2525q p%q", "*** *** ***");
        check("\u{e9}t\u{e9}", "%C3%A9t%c3%a9", "***");
    }

    #[test]
    fn base64_is_hidden_wherever_it_begins() {
        // `canary-secret`, alone and behind one and two bytes.
        check("canary-secret", "Basic Y2FuYXJ5LXNlY3JldA==!", "Basic ***!");
        check("canary-secret", "Basic OmNhbmFyeS1zZWNyZXQ=!", "Basic O***!");
        check("canary-secret", "Basic YTpjYW5hcnktc2VjcmV0Og!", "Basic YT***g!");
        assert_eq!(base64_piece(b"canary-secret", 0), "Y2FuYXJ5LXNlY3Jld");
    }

    #[test]
    fn longer_secrets_go_first_and_nothing_else_changes() {
        let secrets = [Secret::new("key"), Secret::new("key-long"), Secret::new("")];
        let redactor = Redactor::new(&secrets);
        assert_eq!(redactor.redact("key-long key \u{1f511} k"), "*** *** \u{1f511} k");
        assert!(matches!(redactor.redact("nothing here"), std::borrow::Cow::Borrowed(_)));
        assert!(!format!("{redactor:?}").contains("key"));
    }
}
