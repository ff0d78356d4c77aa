//! Real container runtimes, started for the test, against what they say of their containers themselves.
//!
//! They need root and the packages that `test.sh` installs. Without them a test says why it skips; in
//! CI as root a skip is a failure.

mod containerd;
mod daemon;
mod docker;
mod inspected;
mod podman;
mod rootfs;
mod watched;
