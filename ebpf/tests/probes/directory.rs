//! `chdir`.

use crate::harness::record;

#[test]
fn chdir_tells_the_path_as_given() {
    let action = || assert!(nix::unistd::chdir("/no/such/../place").is_err());
    let Some(seen) = record(&["chdir"], action) else { return };

    let [event] = &seen[..] else { panic!("{seen:?}") };
    assert_eq!((event.number("res"), event.text("path")), (-2, "/no/such/../place".to_owned()));
    assert_eq!(event.show(), r#"ChdirX res=-2 path="/no/such/../place\x00""#);
}
