//! Who may be called: the hosts that a table names, over https, at addresses that such hosts can have.

use super::address::{AddressKind, kind_of_address};
use super::error::CallError;
use super::url::Target;
use std::collections::BTreeSet;
use std::net::IpAddr;

/// A list of the hosts that may be called, and whether they may be on a private network.
#[derive(Clone, Debug)]
pub struct Guard {
    hosts: BTreeSet<String>,
    allow_private: bool,
}

impl Guard {
    /// Lets calls through to `hosts`, each spelled exactly: `api.hunter.io`, `api.example.com:8443`, `localhost:8080`.
    ///
    /// `allow_private` lets these hosts lead to private networks (10/8, `fc00::/7` and the like), never to link-local,
    /// multicast or reserved addresses.
    pub fn new<S: AsRef<str>>(
        hosts: impl IntoIterator<Item = S>,
        allow_private: bool,
    ) -> Result<Self, CallError> {
        let listed = |host: S| {
            let target = Target::of(&format!("https://{}", host.as_ref()))?;
            let is_bare = target.rest == "/" && !host.as_ref().ends_with(['/', '?']);
            let reason = "only a host and a port can be listed, without a path".to_owned();
            is_bare
                .then(|| target.authority())
                .ok_or(CallError::BadUrl { url: host.as_ref().to_owned(), reason })
        };
        Ok(Self { hosts: hosts.into_iter().map(listed).collect::<Result<_, _>>()?, allow_private })
    }

    /// Where `url` leads, if it may be called at all. Its addresses are checked when a connection is made.
    pub fn check(&self, url: &str) -> Result<Target, CallError> {
        let target = Target::of(url)?;
        if !self.lists(&target) {
            return Err(CallError::RefusedHost { host: target.authority(), listed: self.in_words() });
        }
        if !target.https && !target.names_loopback() {
            let reason = "only this machine is called without encryption; write https".to_owned();
            return Err(CallError::BadUrl { url: super::url::shown(url), reason });
        }
        match literal(&target.host) {
            Some(address) => self.admit(&target.host, &[address]).map(|()| target),
            None => Ok(target),
        }
    }

    /// Refuses `host`, as a URL names it, if any of the addresses that it leads to is not one to call.
    ///
    /// One bad address among good ones is enough: a public provider has none.
    pub fn admit(&self, host: &str, addresses: &[IpAddr]) -> Result<(), CallError> {
        let refused = addresses.iter().find(|address| !self.may_be_reached(host, **address));
        match refused {
            Some(address) => {
                let kind = kind_of_address(*address);
                Err(CallError::RefusedAddress { host: host.to_owned(), address: *address, kind })
            }
            None => Ok(()),
        }
    }

    fn may_be_reached(&self, host: &str, address: IpAddr) -> bool {
        match kind_of_address(address) {
            AddressKind::Public => true,
            AddressKind::Private => self.allow_private,
            // Only where the table itself says so: by the word, or by the very address.
            AddressKind::Loopback => {
                address.is_loopback() && (host == "localhost" || literal(host) == Some(address))
            }
            _ => false,
        }
    }

    /// A listed host without a port is listed at the usual port of the scheme.
    fn lists(&self, target: &Target) -> bool {
        let with_port = format!("{}:{}", target.host, target.port);
        self.hosts.contains(&target.authority()) || self.hosts.contains(&with_port)
    }

    fn in_words(&self) -> String {
        let hosts: Vec<_> = self.hosts.iter().take(8).map(|host| format!("`{host}`")).collect();
        match self.hosts.len() {
            0 => "no host".to_owned(),
            count if count > 8 => format!("{} and {} more", hosts.join(", "), count - 8),
            _ => hosts.join(", "),
        }
    }
}

/// The address that a host spells, if it is not a name.
pub(super) fn literal(host: &str) -> Option<IpAddr> {
    host.trim_start_matches('[').trim_end_matches(']').parse().ok()
}

#[cfg(test)]
mod tests {
    use super::{CallError, Guard};

    fn guard() -> Guard {
        Guard::new(["API.example.com", "api.example.com:8443", "127.0.0.1:8080", "localhost"], false)
            .expect("a guard")
    }

    #[test]
    fn hosts_and_ports_are_listed_exactly() {
        let class = |url: &str| guard().check(url).err().map_or("fine", |error| error.class());
        assert_eq!(class("https://api.example.com/v1"), "fine");
        assert_eq!(class("https://api.example.com:8443/v1"), "fine");
        assert_eq!(class("https://api.example.com:8444/v1"), "refused_host");
        assert_eq!(class("https://evil.api.example.com/"), "refused_host");
        assert_eq!(class("http://api.example.com/"), "bad_url");
        assert_eq!(class("http://127.0.0.1:8080/"), "fine");
        assert_eq!(class("http://127.0.0.1:8081/"), "refused_host");
        assert_eq!(class("http://localhost/"), "fine");
    }

    #[test]
    fn a_name_that_turns_to_another_address_is_caught() {
        let public = ["93.184.215.14".parse().expect("an address")];
        let turned = ["93.184.215.14".parse().expect("an address"), "127.0.0.1".parse().expect("an address")];
        assert_eq!(guard().admit("api.example.com", &public), Ok(()));
        let error = guard().admit("api.example.com", &turned).expect_err("this machine");
        assert!(matches!(&error, CallError::RefusedAddress { .. }), "{error}");
        assert_eq!(
            error.to_string(),
            "the host `api.example.com` is refused: it leads to 127.0.0.1, this machine"
        );
    }

    #[test]
    fn private_networks_can_be_allowed_and_nothing_else() {
        let guard = Guard::new(["intern.example.com"], true).expect("a guard");
        let admits = |address: &str| {
            guard.admit("intern.example.com", &[address.parse().expect("an address")]).is_ok()
        };
        assert!(admits("10.1.2.3") && admits("fd00::1") && admits("100.64.0.1"));
        assert!(!admits("127.0.0.1") && !admits("169.254.169.254") && !admits("::ffff:127.0.0.1"));
    }
}
