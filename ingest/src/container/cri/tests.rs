//! Tests of cri.
