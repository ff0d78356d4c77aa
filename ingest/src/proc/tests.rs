//! The scan on this machine and on trees made by hand.

mod container;
mod live;
mod parsers;
mod tree;
