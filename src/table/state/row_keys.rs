//! Rows of one key, told apart by a number that no key can spell.

use std::borrow::Cow;

/// Stands between a key and its number. What a row says never holds it, so that no row can say another one's key.
const BEFORE_NUMBER: char = '\u{1f}';

/// What a row says its key is, as a key.
#[must_use]
pub fn said_key(said: &str) -> String {
    said.replace(BEFORE_NUMBER, "")
}

/// The key of the row that is the `number`th of those that say `key`.
#[must_use]
pub fn numbered_key(key: String, number: u32) -> String {
    if number == 1 { key } else { format!("{key}{BEFORE_NUMBER}{number}") }
}

/// A key as people are shown it: `Acme (2)` for the second row of `Acme`.
#[must_use]
pub fn shown_key(key: &str) -> Cow<'_, str> {
    match key.split_once(BEFORE_NUMBER) {
        Some((said, number)) => Cow::Owned(format!("{said} ({number})")),
        None => Cow::Borrowed(key),
    }
}

/// The key that is shown as this, if it is that of a row with a number.
pub(super) fn key_of_shown(shown: &str) -> Option<String> {
    let (said, number) = shown.strip_suffix(')')?.rsplit_once(" (")?;
    let number: u32 = number.parse().ok()?;
    (number > 1).then(|| numbered_key(said_key(said), number))
}

#[cfg(test)]
mod tests {
    use super::{key_of_shown, numbered_key, said_key, shown_key};

    #[test]
    fn a_number_is_no_part_of_what_a_row_says() {
        let second = numbered_key(said_key("Acme"), 2);
        assert_eq!(numbered_key(said_key("Acme"), 1), "Acme");
        assert_ne!(second, "Acme (2)");
        assert_ne!(said_key(&second), second);
        assert_eq!(shown_key(&second), "Acme (2)");
        assert_eq!(key_of_shown("Acme (2)"), Some(second));
        assert_eq!(key_of_shown("Acme (HQ)"), None);
        assert_eq!(key_of_shown("Acme (1)"), None);
    }
}
