//! Tests of containerd.
