//! Values from JSON text that has been checked already, taking what strict parsing refuses: half surrogate pairs and
//! numbers of any size.

use super::{ErrorValue, Record, Text, Value, is_long_whole};

/// Decodes a value of the column `column`. What it makes of text that is no JSON is unspecified.
pub(crate) fn value<'r>(checked: &'r str, column: &str) -> Value<'r> {
    Cursor { rest: checked, column }.value()
}

/// Decodes a string with its quotes.
pub(crate) fn string(checked: &str) -> Text<'_> {
    Cursor { rest: checked, column: "" }.string()
}

/// What a JSON string with its quotes says.
#[must_use]
pub fn text_of_json(checked: &str) -> std::borrow::Cow<'_, str> {
    match string(checked) {
        Text::Borrowed(text) => text.into(),
        Text::Shared(text) => text.to_string().into(),
    }
}

/// What is left to decode. It recurses as deep as the value is nested, which the check of depth has bounded.
struct Cursor<'r, 'c> {
    rest: &'r str,
    column: &'c str,
}

impl<'r> Cursor<'r, '_> {
    fn value(&mut self) -> Value<'r> {
        self.skip_to_token();
        match self.rest.as_bytes().first() {
            Some(b'"') => Value::Text(self.string()),
            Some(b'[') => self.list(),
            Some(b'{') => self.record(),
            Some(_) => self.word(),
            None => Value::Blank,
        }
    }

    fn list(&mut self) -> Value<'r> {
        self.take(1);
        let mut items = Vec::new();
        while !self.closes() {
            items.push(self.value());
        }
        self.take(1);
        Value::list(items)
    }

    fn record(&mut self) -> Value<'r> {
        self.take(1);
        let mut members = Vec::new();
        while !self.closes() {
            let name = self.string();
            members.push((name, self.value()));
        }
        self.take(1);
        Value::Record(Record::new(members).into())
    }

    /// A number, `true`, `false` or `null`.
    fn word(&mut self) -> Value<'r> {
        let ends = |next: char| ",]} \t\r\n".contains(next);
        // At least one byte, so that every step gets nearer to the end.
        let word = self.take(self.rest.find(ends).unwrap_or(self.rest.len()).max(1));
        match word {
            "null" => Value::Blank,
            "true" => Value::Boolean(true),
            "false" => Value::Boolean(false),
            _ if is_long_whole(word) => Value::Digits(Text::Borrowed(word)),
            _ => match word.parse::<f64>() {
                Ok(number) if number.is_finite() => Value::Number(number),
                _ => too_large(word, self.column).into(),
            },
        }
    }

    fn string(&mut self) -> Text<'r> {
        self.take(1);
        let mut end = 0;
        let mut escaped = false;
        while let Some(next) =
            memchr::memchr2(b'"', b'\\', self.rest.as_bytes().get(end..).unwrap_or_default())
        {
            end += next;
            if self.rest.as_bytes()[end] == b'"' {
                break;
            }
            escaped = true;
            end += 2;
        }
        let inside = self.take(end);
        self.take(1);
        if escaped { Text::from(unescape(inside)) } else { Text::Borrowed(inside) }
    }

    /// Whether the list or record ends here.
    fn closes(&mut self) -> bool {
        self.skip_to_token();
        self.rest.is_empty() || self.rest.starts_with([']', '}'])
    }

    fn skip_to_token(&mut self) {
        self.rest = self.rest.trim_start_matches([' ', '\t', '\n', '\r', ',', ':']);
    }

    /// Takes the next `count` bytes, or all there is.
    fn take(&mut self, count: usize) -> &'r str {
        let (taken, rest) = self.rest.split_at_checked(count).unwrap_or((self.rest, ""));
        self.rest = rest;
        taken
    }
}

fn too_large(number: &str, column: &str) -> ErrorValue {
    const SHOWN: usize = 40;
    let shown = number.get(..SHOWN).map_or_else(|| number.to_owned(), |start| format!("{start}…"));
    ErrorValue::number(format!("{shown} in column `{column}` is too large for a number"))
}

/// The text of a string between its quotes.
fn unescape(inside: &str) -> String {
    let mut text = String::with_capacity(inside.len());
    let mut rest = inside;
    while let Some((plain, escape)) = rest.split_once('\\') {
        text.push_str(plain);
        let mut letters = escape.chars();
        let letter = match letters.next() {
            Some('b') => '\u{8}',
            Some('f') => '\u{c}',
            Some('n') => '\n',
            Some('r') => '\r',
            Some('t') => '\t',
            Some('u') => {
                let (letter, behind) = unicode_escape(letters.as_str());
                text.push(letter);
                rest = behind;
                continue;
            }
            Some(other) => other,
            None => char::REPLACEMENT_CHARACTER,
        };
        text.push(letter);
        rest = letters.as_str();
    }
    text + rest
}

/// The character behind `\u`, and what follows it. Half of a surrogate pair is U+FFFD.
fn unicode_escape(digits: &str) -> (char, &str) {
    let (unit, behind) = code_unit(digits);
    if let Some(letter) = char::from_u32(unit) {
        return (letter, behind);
    }
    if let (0xD800..=0xDBFF, Some(second)) = (unit, behind.strip_prefix("\\u")) {
        let (low, behind) = code_unit(second);
        if (0xDC00..=0xDFFF).contains(&low) {
            let letter = char::from_u32(0x1_0000 + ((unit - 0xD800) << 10) + (low - 0xDC00));
            return (letter.unwrap_or(char::REPLACEMENT_CHARACTER), behind);
        }
    }
    (char::REPLACEMENT_CHARACTER, behind)
}

/// Four hexadecimal digits, and what follows them.
fn code_unit(digits: &str) -> (u32, &str) {
    let (digits, behind) = digits.split_at_checked(4).unwrap_or((digits, ""));
    (u32::from_str_radix(digits, 16).unwrap_or(0xFFFD), behind)
}

#[cfg(test)]
mod tests {
    use super::unescape;

    #[test]
    fn escapes_are_decoded() {
        let cases = [
            (r"a\nb\t\\\/\u0022", "a\nb\t\\/\""),
            (r"\ud83d\ude00!", "😀!"),
            (r"\ud83d!", "\u{fffd}!"),
            (r"\ude00\ud83d", "\u{fffd}\u{fffd}"),
            (r"\ud83d\ud83d\ude00", "\u{fffd}😀"),
            (r"\ud83d\n", "\u{fffd}\n"),
            (r"\u", "\u{fffd}"),
            ("\\", "\u{fffd}"),
        ];
        for (inside, text) in cases {
            assert_eq!(unescape(inside), text, "{inside}");
        }
    }
}
