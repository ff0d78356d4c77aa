//! Tests of alerts as text and JSON.
