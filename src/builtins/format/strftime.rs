//! Formats of dates as Python and SQL write them: `%m/%d/%Y`.

/// Whether a format has codes of `strftime`.
pub(in crate::builtins) fn has_codes(format: &str) -> bool {
    format.split('%').skip(1).any(|code| code.starts_with(|next: char| next.is_ascii_alphabetic()))
}

/// The format of a date in the codes of `strftime`, in the codes of formulas; nothing if one has none.
#[must_use]
pub fn from_strftime(format: &str) -> Option<String> {
    let codes = [
        ("%Y", "YYYY"),
        ("%y", "YY"),
        ("%m", "MM"),
        ("%d", "DD"),
        ("%H", "HH"),
        ("%M", "mm"),
        ("%S", "ss"),
        ("%b", "MMM"),
        ("%B", "MMMM"),
    ];
    let mut written = format.to_owned();
    codes.iter().for_each(|(code, own)| written = written.replace(code, own));
    (!written.contains('%')).then_some(written)
}
