//! Runtime security beside Falco or alone.

fn main() {}
