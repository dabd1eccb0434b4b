//! Finds a text where it is spelled in other ways: percent-encoded, escaped as in JSON, or both by turns.

/// Where the spelling of `needle` ends that begins at byte `at` of `text`, if one does.
pub(super) fn end_of_spelling(needle: &str, text: &str, at: usize) -> Option<usize> {
    if text.get(at..)?.starts_with(needle) {
        return Some(at + needle.len());
    }
    needle.chars().try_fold(at, |at, wanted| end_of_char(wanted, text, at))
}

fn end_of_char(wanted: char, text: &str, at: usize) -> Option<usize> {
    let rest = text.get(at..)?;
    let length = match rest.as_bytes().first()? {
        b'+' if wanted == ' ' => Some(1),
        b'%' => percent_encoded(wanted, rest),
        b'\\' if wanted != '\\' => escaped(wanted, rest),
        _ => None,
    };
    let plain = || rest.starts_with(wanted).then(|| wanted.len_utf8());
    length.or_else(plain).map(|length| at + length)
}

/// The length of `wanted` percent-encoded at the start of `text`, even if the sign itself is encoded once more.
fn percent_encoded(wanted: char, text: &str) -> Option<usize> {
    let mut buffer = [0; 4];
    let bytes = wanted.encode_utf8(&mut buffer).bytes();
    let mut at = 0;
    for byte in bytes {
        let rest = text.get(at..)?.strip_prefix('%')?;
        let deeper = rest.len() - rest.trim_start_matches("25").len();
        // A percent sign is spelled `25` itself, so there any number of them ends it.
        let digits = if byte == b'%' && deeper > 0 { deeper } else { deeper + 2 };
        let value = rest.get(digits - 2..digits)?;
        if u8::from_str_radix(value, 16) != Ok(byte) {
            return None;
        }
        at += 1 + digits;
    }
    Some(at)
}

/// The length of `wanted` behind backslashes at the start of `text`; JSON within JSON has several.
fn escaped(wanted: char, text: &str) -> Option<usize> {
    let slashes = text.len() - text.trim_start_matches('\\').len();
    let rest = &text[slashes..];
    let short = match wanted {
        '\n' => 'n',
        '\r' => 'r',
        '\t' => 't',
        other => other,
    };
    if rest.starts_with(short) {
        return Some(slashes + short.len_utf8());
    }
    let mut units = [0; 2];
    let mut length = 0;
    for unit in wanted.encode_utf16(&mut units) {
        let rest = text.get(length..)?;
        let digits = rest.trim_start_matches('\\').strip_prefix('u')?.get(..4)?;
        if u16::from_str_radix(digits, 16) != Ok(*unit) {
            return None;
        }
        length += rest.len() - rest.trim_start_matches('\\').len() + 5;
    }
    Some(length)
}
