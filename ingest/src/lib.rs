//! Sources beside the probes: what `/proc`, container runtimes and Kubernetes know about this host.
