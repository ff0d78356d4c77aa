//! Tests of live settings.
