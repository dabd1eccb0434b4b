//! The host of an address, and its registered part.

/// The most bytes that a domain name can have.
const LONGEST: usize = 253;

/// The host of a web address, e-mail address or bare domain, in lower case and without `www.`.
pub(super) fn host(text: &str) -> Option<String> {
    let text = text.trim();
    let rest = text.split_once("://").map_or(text, |(_, rest)| rest);
    let rest = rest.trim_start_matches('/');
    let authority = rest.split(['/', '?', '#', '\\']).next()?;
    let host = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
    let host = match host.rsplit_once(':') {
        Some((host, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => host,
        _ => host,
    };
    let host = host.trim_end_matches('.').to_lowercase();
    let mut bare = host.as_str();
    while let Some(rest) = bare.strip_prefix("www.").filter(|rest| rest.contains('.')) {
        bare = rest;
    }
    is_domain(bare).then(|| bare.to_owned())
}

/// Whether the text is labels with dots between, the last of them no number.
pub(super) fn is_domain(text: &str) -> bool {
    let is_label = |label: &str| {
        (1..=63).contains(&label.len())
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.chars().all(|next| next.is_alphanumeric() || matches!(next, '-' | '_') || is_mark(next))
    };
    let Some((_, last)) = text.rsplit_once('.') else { return false };
    text.len() <= LONGEST
        && text.split('.').all(is_label)
        && last.chars().count() > 1
        && last.chars().any(char::is_alphabetic)
}

/// Vowel signs of Indian and other scripts are no letters to Unicode, but stand in domains.
fn is_mark(next: char) -> bool {
    unicode_normalization::char::is_combining_mark(next)
}

/// The registered part of a host.
pub(super) fn root(host: &str) -> Option<&str> {
    psl::domain_str(host)
}
