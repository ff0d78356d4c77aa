//! Probes of our own: the running kernel's system calls as events of the scap schema.
