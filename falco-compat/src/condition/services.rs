//! Names of network services, as `getservbyname` knows them on a Debian host.
//!
//! Built in, so that the same rules mean the same on every host.

/// `port name…` a line.
const SERVICES: &str = include_str!("services.txt");

/// The port of a service.
pub(super) fn port_of(service: &str) -> Option<u16> {
    SERVICES.lines().find_map(|line| {
        let (port, names) = line.split_once(' ')?;
        names.split(' ').any(|name| name == service).then(|| port.parse().ok())?
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_aliases_have_ports() {
        assert_eq!(port_of("http"), Some(80));
        assert_eq!(port_of("www"), Some(80));
        assert_eq!(port_of("domain"), Some(53));
        assert_eq!(port_of("tcp"), None);
    }
}
