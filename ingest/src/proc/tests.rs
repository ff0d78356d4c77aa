//! The scan on this machine and on trees made by hand.

mod live;
