//! The TCP sockets that listen in this network namespace, from `/proc/net/tcp` and `tcp6` (Linux,
//! Documentation/networking/proc_net_tcp.rst). Says nothing of who listens.

use std::collections::BTreeSet;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

const LISTEN: &str = "0A";

/// Docker's resolver inside user-defined networks; it is the engine's, not the app's.
const ENGINE_RESOLVER: IpAddr = IpAddr::V4(Ipv4Addr::new(127, 0, 0, 11));

/// Listening addresses, sorted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Listening(pub BTreeSet<(u16, IpAddr)>);

impl Listening {
    /// As it is now.
    pub fn now() -> Self {
        let read = |path| std::fs::read_to_string(path).unwrap_or_default();
        Self::parse(&read("/proc/net/tcp"), &read("/proc/net/tcp6"))
    }

    /// From the two tables' text; lines that do not parse are skipped.
    pub fn parse(tcp: &str, tcp6: &str) -> Self {
        let sockets = tcp.lines().chain(tcp6.lines()).filter_map(listener);
        Self(sockets.filter(|(_, address)| *address != ENGINE_RESOLVER).collect())
    }

    /// Ports reachable from outside.
    pub fn ports(&self) -> Vec<u16> {
        let ports: BTreeSet<u16> = self.0.iter().filter(|(_, ip)| !is_loopback(*ip)).map(|(port, _)| *port).collect();
        ports.into_iter().collect()
    }

    /// Ports bound to loopback addresses only.
    pub fn loopback_ports(&self) -> Vec<u16> {
        let open = self.ports();
        let all: BTreeSet<u16> = self.0.iter().map(|(port, _)| *port).collect();
        all.into_iter().filter(|port| !open.contains(port)).collect()
    }

    /// Where to connect for a port, best first.
    pub fn targets(&self, port: u16) -> Vec<IpAddr> {
        let bound = self.0.iter().filter(|(bound, _)| *bound == port).map(|(_, ip)| *ip);
        let own: Vec<IpAddr> = bound.filter(|ip| !ip.is_unspecified()).collect();
        let mut targets = vec![IpAddr::V4(Ipv4Addr::LOCALHOST)];
        targets.extend(own.into_iter().filter(|ip| *ip != IpAddr::V4(Ipv4Addr::LOCALHOST)));
        targets.push(IpAddr::V6(Ipv6Addr::LOCALHOST));
        targets
    }
}

fn is_loopback(ip: IpAddr) -> bool {
    match ip {
        IpAddr::V6(ip) => ip.to_ipv4_mapped().map_or(ip.is_loopback(), |ip| ip.is_loopback()),
        IpAddr::V4(ip) => ip.is_loopback(),
    }
}

fn listener(line: &str) -> Option<(u16, IpAddr)> {
    let mut columns = line.split_whitespace();
    let local = columns.nth(1)?;
    (columns.nth(1)? == LISTEN).then_some(())?;
    let (address, port) = local.split_once(':')?;
    Some((u16::from_str_radix(port, 16).ok()?, address_of(address)?))
}

/// The kernel prints each 32-bit word of the address, which is in network order, as a number of the host's.
fn address_of(hex: &str) -> Option<IpAddr> {
    let word = |at: usize| Some(u32::from_str_radix(hex.get(at * 8..at * 8 + 8)?, 16).ok()?.to_ne_bytes());
    match hex.len() {
        8 => Some(IpAddr::from(word(0)?)),
        32 => {
            let mut bytes = [0; 16];
            for (index, part) in bytes.chunks_mut(4).enumerate() {
                part.copy_from_slice(&word(index)?);
            }
            Some(IpAddr::from(bytes))
        }
        _ => None,
    }
}

/// The namespace's own addresses other than loopback, from `/proc/net/fib_trie` and `/proc/net/if_inet6`.
pub fn own_addresses() -> Vec<String> {
    let read = |path| std::fs::read_to_string(path).unwrap_or_default();
    local_addresses(&read("/proc/net/fib_trie"))
}

/// `/32 host LOCAL` entries of a FIB dump: the line before names the address.
fn local_addresses(trie: &str) -> Vec<String> {
    let mut found = BTreeSet::new();
    let mut last = "";
    for line in trie.lines().map(str::trim) {
        if let Some(address) = line.strip_prefix("|-- ") {
            last = address;
        } else if line == "/32 host LOCAL" && last.parse::<Ipv4Addr>().is_ok_and(|ip| !ip.is_loopback()) {
            found.insert(last.to_owned());
        }
    }
    found.into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const TCP: &str = "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 00000000:1F40 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 1 1 0 100 0 0 10 0
   1: 0100007F:0016 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 2 1 0 100 0 0 10 0
   2: 0B00007F:9C41 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 3 1 0 100 0 0 10 0
   3: 0200A8C0:1F91 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 4 1 0 100 0 0 10 0
   4: 0100007F:1F40 0100007F:D431 01 00000000:00000000 00:00000000 00000000     0        0 5 1 0 100 0 0 10 0";
    const TCP6: &str = "  sl  local_address                         remote_address                        st
   0: 00000000000000000000000000000000:0BB8 00000000000000000000000000000000:0000 0A 0:0 0:0 0
   1: 00000000000000000000000001000000:0FA0 00000000000000000000000000000000:0000 0A 0:0 0:0 0
   2: 0000000000000000FFFF00000100007F:0FA1 00000000000000000000000000000000:0000 0A 0:0 0:0 0";

    #[test]
    fn listeners_are_told_from_connections_and_loopback_from_open() {
        let listening = Listening::parse(TCP, TCP6);
        assert_eq!(listening.ports(), [3000, 8000, 8081]);
        assert_eq!(listening.loopback_ports(), [22, 4000, 4001]);
    }

    #[test]
    fn an_app_bound_to_its_own_address_is_asked_there() {
        let listening = Listening::parse(TCP, TCP6);
        assert!(listening.targets(8081).contains(&"192.168.0.2".parse().unwrap()));
        assert_eq!(listening.targets(8000).first(), Some(&"127.0.0.1".parse().unwrap()));
    }

    #[test]
    fn broken_lines_are_skipped() {
        assert_eq!(
            Listening::parse("x\n 0: :: :: 0A\n 0: 00:99999 0 0A\n 0: éééé:1F40 0 0A", ""),
            Listening::default()
        );
    }

    #[test]
    fn own_addresses_are_those_the_kernel_calls_local() {
        let trie = "Local:\n  +-- 0.0.0.0/0 3 0 5\n     |-- 127.0.0.1\n        /32 host LOCAL\n     |-- 172.18.0.0\n        \
                    /16 link UNICAST\n     |-- 172.18.0.2\n        /32 host LOCAL\n";
        assert_eq!(local_addresses(trie), ["172.18.0.2"]);
    }
}
