//! From a host to the addresses to connect to, each checked before anything connects.

use super::error::CallError;
use super::guard::{Guard, literal};
use std::collections::HashMap;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, ToSocketAddrs};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};
use std::{fmt, io, thread};
use ureq::config::Config;
use ureq::http::Uri;
use ureq::unversioned::resolver::{ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::NextTimeout;

/// As many addresses of one host are tried.
const MOST_ADDRESSES: usize = 16;

/// Knows the addresses of names.
pub trait Lookup: Send + Sync + 'static {
    /// The addresses of `name`, which is neither `localhost` nor an address itself; blocks as long as that takes.
    fn addresses(&self, name: &str) -> io::Result<Vec<IpAddr>>;
}

/// Asks the system.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemLookup;

impl Lookup for SystemLookup {
    fn addresses(&self, name: &str) -> io::Result<Vec<IpAddr>> {
        Ok((name, 0).to_socket_addrs()?.map(|address| address.ip()).collect())
    }
}

/// The addresses of names that were admitted, each with the moment of its lookup.
type Known = HashMap<String, (Instant, Vec<IpAddr>)>;

/// Looks names up, and gives out only addresses that the guard admits. Clones remember together.
#[derive(Clone)]
pub(super) struct GuardedResolver {
    guard: Guard,
    lookup: Arc<dyn Lookup>,
    keep: Duration,
    known: Arc<Mutex<Known>>,
}

impl GuardedResolver {
    /// Remembers admitted addresses for as long as `keep`, so that a call need not wait for a lookup each time.
    pub(super) fn new(guard: Guard, lookup: Arc<dyn Lookup>, keep: Duration) -> Self {
        Self { guard, lookup, keep, known: Arc::default() }
    }

    fn admitted(&self, host: &str, timeout: Duration) -> Result<Vec<IpAddr>, CallError> {
        let addresses = match literal(host) {
            Some(address) => vec![address],
            // The word means this machine wherever it is asked.
            None if host == "localhost" => vec![Ipv4Addr::LOCALHOST.into(), Ipv6Addr::LOCALHOST.into()],
            None => return self.of_name(host, timeout),
        };
        self.guard.admit(host, &addresses).map(|()| addresses)
    }

    fn of_name(&self, host: &str, timeout: Duration) -> Result<Vec<IpAddr>, CallError> {
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner).get(host).cloned();
        if let Some((since, addresses)) = known
            && since.elapsed() < self.keep
        {
            return Ok(addresses);
        }
        let addresses = self.look_up(host, timeout)?;
        self.guard.admit(host, &addresses)?;
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        known.insert(host.to_owned(), (Instant::now(), addresses.clone()));
        Ok(addresses)
    }

    /// Asks on a thread of its own, since systems give no way to end a lookup early.
    fn look_up(&self, host: &str, timeout: Duration) -> Result<Vec<IpAddr>, CallError> {
        let (sender, receiver) = mpsc::sync_channel(1);
        let (lookup, name) = (Arc::clone(&self.lookup), host.to_owned());
        let asked = thread::Builder::new().name("lookup".into()).spawn(move || {
            // The asker may have gone, then nobody wants the answer.
            let _ = sender.send(lookup.addresses(&name));
        });
        let failed = |reason: String| CallError::NoSuchHost { host: host.to_owned(), reason };
        asked.map_err(|error| failed(error.to_string()))?;
        match receiver.recv_timeout(timeout) {
            Ok(Ok(addresses)) if addresses.is_empty() => Err(failed("the name has none".into())),
            Ok(answer) => answer.map_err(|error| failed(error.to_string())),
            Err(RecvTimeoutError::Timeout) => {
                Err(CallError::TimedOut { host: host.to_owned(), after: timeout, sent: false })
            }
            Err(RecvTimeoutError::Disconnected) => Err(failed("the lookup broke off".into())),
        }
    }
}

impl Resolver for GuardedResolver {
    fn resolve(
        &self,
        uri: &Uri,
        _: &Config,
        timeout: NextTimeout,
    ) -> Result<ResolvedSocketAddrs, ureq::Error> {
        let host = uri.host().ok_or(ureq::Error::HostNotFound)?;
        let usual = if uri.scheme_str() == Some("http") { 80 } else { 443 };
        let port = uri.port_u16().unwrap_or(usual);
        let addresses =
            self.admitted(host, *timeout.after).map_err(|refused| ureq::Error::Other(Box::new(refused)))?;
        let mut resolved = self.empty();
        for address in addresses.into_iter().take(MOST_ADDRESSES) {
            resolved.push(SocketAddr::new(address, port));
        }
        Ok(resolved)
    }
}

impl fmt::Debug for GuardedResolver {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("GuardedResolver").field("guard", &self.guard).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::{GuardedResolver, Lookup};
    use crate::table::http::Guard;
    use std::io;
    use std::net::IpAddr;
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::time::Duration;

    /// A name that is public at first, and then this machine.
    #[derive(Default)]
    struct Turning(AtomicUsize);

    impl Lookup for Turning {
        fn addresses(&self, _: &str) -> io::Result<Vec<IpAddr>> {
            let first = self.0.fetch_add(1, Ordering::SeqCst) == 0;
            Ok(vec![(if first { "93.184.215.14" } else { "127.0.0.1" }).parse().expect("an address")])
        }
    }

    fn resolver(keep: Duration) -> GuardedResolver {
        let guard = Guard::new(["turning.example.com"], false).expect("a guard");
        GuardedResolver::new(guard, Arc::new(Turning::default()), keep)
    }

    #[test]
    fn a_rebinding_name_is_refused_at_the_second_lookup() {
        let resolver = resolver(Duration::ZERO);
        let second = Duration::from_secs(1);
        assert!(resolver.admitted("turning.example.com", second).is_ok());
        let error = resolver.admitted("turning.example.com", second).expect_err("this machine");
        assert_eq!(error.class(), "refused_address");
    }

    #[test]
    fn only_admitted_addresses_are_remembered() {
        let resolver = resolver(Duration::from_secs(60));
        let ask =
            || resolver.admitted("turning.example.com", Duration::from_secs(1)).expect("the first answer");
        assert_eq!(ask(), ask());
    }
}
