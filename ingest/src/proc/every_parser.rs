//! All parsers of `/proc` text on one text, for property tests and fuzz targets.

use super::{
    account, cgroup,
    cursor::lines,
    descriptor, machine, mount,
    socket::{parse_ip, parse_netlink, parse_unix},
    stat, status, thread,
};

/// Gives `text` to every parser of `/proc` and says how much they found in it. Of use to fuzz targets only: a
/// text is of one file.
pub fn parse(text: &[u8]) -> usize {
    let mut found = usize::from(stat::parse(text).is_some());
    found += usize::from(status::parse(text).is_some());
    found += usize::from(descriptor::parse_info(text) != descriptor::Info::default());
    found += usize::from(machine::parse(text) != (0, 0));
    found += usize::from(thread::open_files(text) != u64::MAX);
    for line in lines(text) {
        found += usize::from(parse_ip(line).is_some());
        found += usize::from(parse_unix(line).is_some());
        found += usize::from(parse_netlink(line).is_some());
        found += usize::from(mount::parse(line).is_some());
        found += usize::from(mount::root_kind(line).is_some());
        found += usize::from(account::parse_user(line).is_some());
        found += usize::from(account::parse_group(line).is_some());
        if let Some((_, path)) = cgroup::parse(line) {
            found += cgroup::absolute(path, Some(line)).len();
        }
    }
    found
}
