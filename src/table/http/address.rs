//! Which addresses a public provider can have: all others are told by their kind and refused.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// What an address is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AddressKind {
    /// One that anyone on the internet can reach.
    Public,
    /// This machine.
    Loopback,
    /// A network of one's own: 10/8, 172.16/12, 192.168/16, the shared 100.64/10, `fc00::/7`.
    Private,
    /// The wire one sits on, where clouds keep their metadata: 169.254/16, `fe80::/10`.
    LinkLocal,
    /// Many machines at once: 224/4, `ff00::/8`, and 255.255.255.255.
    Multicast,
    /// None at all: 0/8 and `::`.
    Unspecified,
    /// For documents and benchmarks alone.
    Documentation,
    /// Kept for other uses than calling somebody.
    Reserved,
}

impl AddressKind {
    /// Whether a table may ask for addresses of this kind by allowing private ones.
    #[must_use]
    pub fn can_be_allowed(self) -> bool {
        self == Self::Private
    }
}

impl fmt::Display for AddressKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Public => "a public address",
            Self::Loopback => "this machine",
            Self::Private => "a private network",
            Self::LinkLocal => "a link-local address",
            Self::Multicast => "a multicast or broadcast address",
            Self::Unspecified => "no address at all",
            Self::Documentation => "an address for documents and benchmarks",
            Self::Reserved => "a reserved address",
        })
    }
}

/// What `address` is for. An IPv6 address that carries an IPv4 one is of the kind of the latter.
#[must_use]
pub fn kind_of_address(address: IpAddr) -> AddressKind {
    match address {
        IpAddr::V4(address) => kind_of_v4(address),
        IpAddr::V6(address) => kind_of_v6(address),
    }
}

/// By the registry of special-purpose addresses (RFC 6890 and those after it).
fn kind_of_v4(address: Ipv4Addr) -> AddressKind {
    match address.octets() {
        [0, ..] => AddressKind::Unspecified,
        [127, ..] => AddressKind::Loopback,
        [10, ..] | [172, 16..=31, ..] | [192, 168, ..] | [100, 64..=127, ..] => AddressKind::Private,
        [169, 254, ..] => AddressKind::LinkLocal,
        [192, 0, 2, _] | [198, 51, 100, _] | [203, 0, 113, _] | [198, 18..=19, ..] => {
            AddressKind::Documentation
        }
        [224..=239, ..] | [255, 255, 255, 255] => AddressKind::Multicast,
        [192, 0, 0, _] | [192, 88, 99, _] | [240..=255, ..] => AddressKind::Reserved,
        _ => AddressKind::Public,
    }
}

/// Of IPv6 only `2000::/3` is given to the public, and parts of that are not.
fn kind_of_v6(address: Ipv6Addr) -> AddressKind {
    let segments = address.segments();
    match segments {
        [0, 0, 0, 0, 0, 0, 0, 0] => AddressKind::Unspecified,
        [0, 0, 0, 0, 0, 0, 0, 1] => AddressKind::Loopback,
        // Mapped, and translated by a NAT64: what is reached is the IPv4 address within.
        [0, 0, 0, 0, 0, 0xffff, high, low] | [0x64, 0xff9b, 0, 0, 0, 0, high, low] => {
            kind_of_v4(joined(high, low))
        }
        // Compatible: a form that no one routes, so a public one within is no reason to call it.
        [0, 0, 0, 0, 0, 0, high, low] => at_best_reserved(kind_of_v4(joined(high, low))),
        [0x2002, high, low, ..] => kind_of_v4(joined(high, low)),
        // Teredo holds its server, and its client with every bit turned.
        [0x2001, 0, high, low, _, _, client_high, client_low] => {
            let client = kind_of_v4(joined(!client_high, !client_low));
            let server = kind_of_v4(joined(high, low));
            at_best_reserved(if client == AddressKind::Public { server } else { client })
        }
        [0x2001, 0xdb8, ..] | [0x2001, 2, 0, ..] | [0x3fff, 0..=0x0fff, ..] => AddressKind::Documentation,
        [0x2001, 0..=0x01ff, ..] => AddressKind::Reserved,
        [0x2000..=0x3fff, ..] => AddressKind::Public,
        [0xfc00..=0xfdff, ..] | [0x64, 0xff9b, 1, ..] => AddressKind::Private,
        [0xfe80..=0xfebf, ..] => AddressKind::LinkLocal,
        [0xff00..=0xffff, ..] => AddressKind::Multicast,
        _ => AddressKind::Reserved,
    }
}

fn joined(high: u16, low: u16) -> Ipv4Addr {
    Ipv4Addr::from((u32::from(high) << 16) | u32::from(low))
}

fn at_best_reserved(kind: AddressKind) -> AddressKind {
    if kind == AddressKind::Public { AddressKind::Reserved } else { kind }
}

#[cfg(test)]
mod tests {
    use super::{AddressKind, kind_of_address};

    #[test]
    fn kinds_end_where_the_registries_say() {
        let check = |address: &str, kind| {
            assert_eq!(kind_of_address(address.parse().expect("an address")), kind, "{address}");
        };
        check("100.63.255.255", AddressKind::Public);
        check("100.64.0.0", AddressKind::Private);
        check("172.15.255.255", AddressKind::Public);
        check("172.32.0.0", AddressKind::Public);
        check("223.255.255.255", AddressKind::Public);
        check("::ffff:169.254.169.254", AddressKind::LinkLocal);
        check("64:ff9b::10.0.0.1", AddressKind::Private);
        check("64:ff9b::8.8.8.8", AddressKind::Public);
        check("2002:7f00:1::", AddressKind::Loopback);
        check("2001:0:808:808::80ff:fffe", AddressKind::Loopback);
        check("2606:4700::1111", AddressKind::Public);
        check("fec0::1", AddressKind::Reserved);
    }
}
