//! URLs, read strictly: what two programs could read in two ways is refused, not mended.

use super::error::CallError;
use std::fmt;
use std::net::{Ipv4Addr, Ipv6Addr};

/// Where a URL leads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    /// Whether the URL begins with `https`.
    pub https: bool,
    /// The host in lower case; an IPv6 address stands in brackets.
    pub host: String,
    /// The port, the usual one of the scheme if none is given.
    pub port: u16,
    /// The path and the query, beginning with `/`.
    pub rest: String,
}

impl Target {
    /// Reads a whole URL.
    pub fn of(url: &str) -> Result<Self, CallError> {
        parse(url).map_err(|reason| CallError::BadUrl { url: shown(url), reason })
    }

    /// The URL in its one spelling.
    #[must_use]
    pub fn url(&self) -> String {
        let scheme = if self.https { "https" } else { "http" };
        format!("{scheme}://{}{}", self.authority(), self.rest)
    }

    /// The host, with the port where that is not the usual one.
    #[must_use]
    pub fn authority(&self) -> String {
        let usual = if self.https { 443 } else { 80 };
        if self.port == usual { self.host.clone() } else { format!("{}:{}", self.host, self.port) }
    }

    /// Whether the host is spelled as this machine: `localhost`, an address in 127/8, or `[::1]`.
    #[must_use]
    pub fn names_loopback(&self) -> bool {
        let is_loopback = |address: Ipv4Addr| address.is_loopback();
        self.host == "localhost" || self.host == "[::1]" || self.host.parse().is_ok_and(is_loopback)
    }
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&shown(&self.url()))
    }
}

/// The `host[:port]` that a URL or the template of one calls, as [`super::Guard`] lists it.
///
/// Only what stands before the path is read, so the rest may still hold places to fill in.
pub fn host_of(url: &str) -> Result<String, CallError> {
    let path = url.find("://").and_then(|colon| Some(colon + 3 + url[colon + 3..].find(['/', '?'])?));
    Target::of(&url[..path.unwrap_or(url.len())]).map(|target| target.authority())
}

/// A URL that may be shown: only whom it calls, since keys may stand in its path as well as in its query.
pub(super) fn shown(url: &str) -> String {
    let start = url.find("://").map_or(0, |colon| colon + 3);
    let end = url[start..].find(['/', '?', '#', '\\']).map_or(url.len(), |end| start + end);
    let user = url[start..end].rfind('@').map_or("", |at| &url[start..start + at]);
    let hidden = if user.is_empty() { "" } else { "…" };
    let host: String = url[start + user.len()..end].chars().take(100).collect();
    let rest = if url[end..].len() > 1 { "/…" } else { &url[end..] };
    format!("{}{hidden}{host}{rest}", &url[..start])
}

fn parse(url: &str) -> Result<Target, String> {
    if let Some(odd) = url.chars().find(|next| !next.is_ascii_graphic()) {
        return Err(format!(
            "{odd:?} can't stand in a URL; percent-encode it, or write the host in its `xn--` form"
        ));
    }
    let (scheme, rest) = url.split_once("://").ok_or("it has no scheme; write https://…")?;
    let https = match scheme.to_ascii_lowercase().as_str() {
        "https" => true,
        "http" => false,
        _ => return Err(format!("`{scheme}` is no scheme for a call; write https")),
    };
    let end = rest.find(['/', '?', '#', '\\']).unwrap_or(rest.len());
    let (authority, rest) = rest.split_at(end);
    if authority.contains('@') {
        return Err("a user name or password stands before the host; send it in a secret header".into());
    }
    let (host, port) = split_port(authority)?;
    let usual = if https { 443 } else { 80 };
    let port = port.map_or(Ok(usual), parse_port)?;
    let rest = check_rest(rest)?;
    Ok(Target { https, host: parse_host(host)?, port, rest })
}

fn split_port(authority: &str) -> Result<(&str, Option<&str>), String> {
    let Some(inner) = authority.strip_prefix('[') else {
        return Ok(authority.split_once(':').map_or((authority, None), |(host, port)| (host, Some(port))));
    };
    let close = inner.find(']').ok_or("the bracket of its address is not closed")? + 2;
    match (&authority[..close], &authority[close..]) {
        (host, "") => Ok((host, None)),
        (host, port) => {
            Ok((host, Some(port.strip_prefix(':').ok_or("something stands behind the bracket")?)))
        }
    }
}

fn parse_port(port: &str) -> Result<u16, String> {
    let is_plain = port.bytes().all(|next| next.is_ascii_digit()) && !port.starts_with('0');
    let number = if is_plain { port.parse().ok() } else { None };
    number.ok_or_else(|| format!("`{port}` is no port; write a number from 1 to 65535"))
}

fn parse_host(host: &str) -> Result<String, String> {
    if let Some(address) = host.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
        let address: Ipv6Addr = address.parse().map_err(|_| format!("`{host}` is no IPv6 address"))?;
        return Ok(format!("[{address}]"));
    }
    let host = host.to_ascii_lowercase();
    if let Ok(address) = host.parse::<Ipv4Addr>() {
        return Ok(address.to_string());
    }
    let last = host.rsplit('.').next().unwrap_or_default();
    if host.is_empty() {
        return Err("it has no host".into());
    }
    if host.ends_with('.') {
        return Err("its host ends with a dot; leave the dot out".into());
    }
    // Some programs read such hosts as numbers: octal, hexadecimal, shortened.
    if last.bytes().all(|next| next.is_ascii_digit()) || last.starts_with("0x") {
        return Err("its host looks like an address; write four decimal numbers without leading zeros".into());
    }
    if host.len() > 253 || !host.split('.').all(is_label) {
        return Err("its host is no name; a name is letters, digits and inner hyphens, joined by dots".into());
    }
    Ok(host)
}

fn is_label(label: &str) -> bool {
    let is_word = label.bytes().all(|next| next.is_ascii_alphanumeric() || next == b'-');
    is_word && (1..=63).contains(&label.len()) && !label.starts_with('-') && !label.ends_with('-')
}

/// The path and query, begun with `/`, or what is odd about them.
fn check_rest(rest: &str) -> Result<String, String> {
    if let Some(odd) = rest.chars().find(|next| r#"\"<>^`{}#"#.contains(*next)) {
        return Err(format!("`{odd}` can't stand in a URL; write {}", percent(odd)));
    }
    for (at, _) in rest.match_indices('%') {
        let digits = rest.get(at + 1..at + 3).unwrap_or_default();
        if digits.len() < 2 || !digits.bytes().all(|next| next.is_ascii_hexdigit()) {
            return Err("`%` stands without two hexadecimal digits; write %25 for the sign itself".into());
        }
    }
    let path = rest.split('?').next().unwrap_or_default();
    let mut steps = path.split('/').map(|step| step.replace("%2e", ".").replace("%2E", "."));
    if steps.any(|step| step == "." || step == "..") {
        return Err(
            "`.` or `..` stands as a step of its path, which leads elsewhere; write the path it leads to"
                .into(),
        );
    }
    Ok(if rest.starts_with('/') { rest.to_owned() } else { format!("/{rest}") })
}

fn percent(odd: char) -> String {
    format!("%{:02X}", odd as u32)
}

#[cfg(test)]
mod tests {
    use super::{Target, host_of, shown};

    #[test]
    fn a_url_has_one_spelling() {
        let url = |url| Target::of(url).map(|target| target.url());
        assert_eq!(url("HTTPS://API.Example.com:443?a=b"), Ok("https://api.example.com/?a=b".into()));
        assert_eq!(url("https://[2606:4700:0::1111]:8443/x"), Ok("https://[2606:4700::1111]:8443/x".into()));
        assert_eq!(url("http://127.0.0.1:8080/a%20b"), Ok("http://127.0.0.1:8080/a%20b".into()));
    }

    #[test]
    fn the_host_of_a_template_is_read_without_the_rest() {
        assert_eq!(host_of("https://api.hunter.io/v2/{{Domain}}?a={{b}}"), Ok("api.hunter.io".into()));
        assert_eq!(host_of("http://localhost:9/{x}"), Ok("localhost:9".into()));
        assert!(host_of("https://{{host}}/v2").is_err());
    }

    #[test]
    fn what_is_shown_holds_no_secret() {
        assert_eq!(shown("https://user:canary@host/canary?b=canary"), "https://…@host/…");
        assert_eq!(shown("https://host?canary"), "https://host/…");
        assert_eq!(shown("https://host/"), "https://host/");
        assert_eq!(shown("host\\canary"), "host/…");
    }
}
