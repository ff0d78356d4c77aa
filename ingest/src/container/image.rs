//! Names of images and other short texts of runtimes.

use std::net::Ipv4Addr;

use jiff::Timestamp;

/// Repository and tag of an image reference; the tag is empty where there is none.
///
/// The port of a registry is not taken for a tag, a digest is left out.
pub(super) fn repo_and_tag(image: &str) -> (&str, &str) {
    let name = image.split('@').next().unwrap_or_default();
    let after_slash = name.rfind('/').map_or(0, |slash| slash + 1);
    match name.rfind(':').filter(|colon| *colon >= after_slash) {
        Some(colon) => name
            .split_at_checked(colon)
            .map_or((name, ""), |(repo, tag)| (repo, tag.strip_prefix(':').unwrap_or_default())),
        None => (name, ""),
    }
}

/// How many CPUs a list such as `0-3,7` has; 0 when it is empty or malformed.
pub(super) fn count_cpus(cpus: &str) -> i64 {
    if cpus.is_empty() {
        return 0;
    }
    let count = |part: &str| match part.split_once('-') {
        None => Some(1),
        Some((first, last)) => {
            let (first, last) = (first.parse::<i64>().ok()?, last.parse::<i64>().ok()?);
            last.checked_sub(first)?.checked_add(1)
        }
    };
    let mut counts = cpus.split(',').map(count);
    counts.try_fold(0i64, |sum, count| sum.checked_add(count?)).unwrap_or_default()
}

/// An IPv4 address as a number whose highest byte is the first; `None` for any other text.
pub(super) fn host_ip(text: &str) -> Option<u32> {
    text.parse::<Ipv4Addr>().ok().map(u32::from)
}

/// Seconds since the epoch of an RFC 3339 time; 0 when it is none, as when a runtime never set it.
pub(super) fn unix_seconds(time: &str) -> i64 {
    time.parse::<Timestamp>().map_or(0, Timestamp::as_second)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[track_caller]
    fn check(image: &str, repo: &str, tag: &str) {
        assert_eq!(repo_and_tag(image), (repo, tag), "{image}");
    }

    #[test]
    fn the_port_of_a_registry_is_no_tag() {
        check("registry.example.com:5000/foo/bar", "registry.example.com:5000/foo/bar", "");
        check("registry.example.com:5000/foo/bar:1", "registry.example.com:5000/foo/bar", "1");
        check("registry.example.com:5000/a@sha256:9", "registry.example.com:5000/a", "");
        check("registry.example.com:5000/a:1@sha256:9", "registry.example.com:5000/a", "1");
        check("foo/bar:latest", "foo/bar", "latest");
        check("foo:latest", "foo", "latest");
        check("foo", "foo", "");
        check("", "", "");
    }

    #[test]
    fn cpus_of_a_list_are_counted() {
        let counts = ["", "1,7", "1-4,7", "1-4,7-10,12", "3-x", "1-2-3", "0-9223372036854775807"];
        assert_eq!(counts.map(count_cpus), [0, 2, 5, 9, 0, 0, 0]);
    }

    #[test]
    fn times_are_seconds_since_the_epoch() {
        let times = [
            "1970-01-01T00:00:00Z",
            "2024-11-07T11:30:03.123456789Z",
            "2024-11-07T12:30:03+01:00",
            "2000-02-29T23:59:59.5-00:30",
            "0001-01-01T00:00:00Z",
            "yesterday",
        ];
        let expected = [0, 1_730_979_003, 1_730_979_003, 951_870_599, -62_135_596_800, 0];
        assert_eq!(times.map(unix_seconds), expected);
    }

    proptest! {
        #[test]
        fn never_panics(text in "\\PC{0,40}", time in "[0-9T:Z.+ -]{0,30}") {
            repo_and_tag(&text);
            count_cpus(&text);
            host_ip(&text);
            unix_seconds(&text);
            unix_seconds(&time);
        }
    }
}
