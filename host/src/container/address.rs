//! Addresses of containers, so that whether one is theirs is known without asking all of them.

use std::net::Ipv4Addr;

use hashbrown::HashMap;

/// How many containers with metadata have each IPv4 address.
#[derive(Debug, Default)]
pub(super) struct Addresses(HashMap<Ipv4Addr, u32>);

impl Addresses {
    /// A container has the address `ip`; texts that are none are ignored.
    pub(super) fn add(&mut self, ip: &str) {
        if let Ok(ip) = ip.parse() {
            *self.0.entry(ip).or_default() += 1;
        }
    }

    /// A container that had been added with `ip` is gone.
    pub(super) fn remove(&mut self, ip: &str) {
        if let Ok(ip) = ip.parse::<Ipv4Addr>()
            && let Some(count) = self.0.get_mut(&ip)
        {
            *count -= 1;
            if *count == 0 {
                self.0.remove(&ip);
            }
        }
    }

    pub(super) fn contains(&self, ip: Ipv4Addr) -> bool {
        self.0.contains_key(&ip)
    }
}
